//! Records with a rare value: the long tail of a column.

use super::bottom::Bottom;
use super::item::{Facts, Group, Item, Kept};
use super::pool::Ledger;
use super::sampler::{Offer, Sampler};
use super::stratified::text_of;
use crate::random::Random;
use crate::sketches::frequent::{self, FrequentItems, shorten};
use std::collections::{HashMap, HashSet};

/// Values that are counted at a time: a count lacks at most a few in so many of the records, which is well
/// below the smallest share that can be asked for.
const COUNTED: usize = 8_192;

/// Texts of records that are not kept any more: so many, and as many again as are kept, may be there.
const SLACK: usize = 64;

/// Counters of values, exact until there are more than [`COUNTED`] of them (Misra & Gries, 1982; purged by the
/// median, as in Anderson et al., "A high-performance algorithm for identifying frequent items", IMC 2017).
#[derive(Debug, Clone, Default)]
struct Counters {
    counts: HashMap<Box<str>, u64>,
    /// What a count may lack.
    offset: u64,
    total: u64,
}

impl Counters {
    fn add(&mut self, text: &str, times: u64) -> u64 {
        self.total = self.total.saturating_add(times);
        if let Some(count) = self.counts.get_mut(text) {
            *count = count.saturating_add(times);
            return count.saturating_add(self.offset);
        }
        self.counts.insert(text.into(), times);
        if self.counts.len() > COUNTED {
            self.purge();
        }
        self.count(text)
    }

    fn purge(&mut self) {
        let mut counts: Vec<u64> = self.counts.values().copied().collect();
        let middle = counts.len() / 2;
        let median = *counts.select_nth_unstable(middle).1;
        self.offset = self.offset.saturating_add(median);
        self.counts.retain(|_, count| {
            *count = count.saturating_sub(median);
            *count > 0
        });
    }

    /// The most that a value may have been counted.
    fn count(&self, text: &str) -> u64 {
        let count = self.counts.get(text).copied().unwrap_or(0);
        count.saturating_add(self.offset)
    }

    fn merge(&mut self, sketch: &FrequentItems) {
        let total = self.total.saturating_add(sketch.total());
        for (text, count) in sketch.items() {
            self.add(text, count);
        }
        self.offset = self.offset.saturating_add(sketch.offset());
        self.total = total;
    }
}

/// A sample of the records whose value has at most a share of all records.
#[derive(Debug, Clone)]
pub(super) struct Rare {
    columns: Vec<String>,
    share: f64,
    size: usize,
    seen: u64,
    counters: Counters,
    /// Values of the records that are kept, by their place in the order of arrival.
    texts: HashMap<u64, Box<str>>,
    bottom: Bottom,
    /// How many values had been seen when it was last tidied.
    tidied: u64,
}

impl Rare {
    pub(super) fn new(column: &str, share: f64, size: usize) -> Self {
        Self {
            columns: vec![column.to_owned()],
            share,
            size,
            seen: 0,
            counters: Counters::default(),
            texts: HashMap::new(),
            bottom: Bottom::new(size),
            tidied: 0,
        }
    }
}

impl Rare {
    /// The most records that a rare value has among so many.
    fn limit(&self) -> u64 {
        // Without a first one there would never be any.
        ((self.share * self.counters.total as f64) as u64).max(1)
    }

    /// Forgets the values of records that are no longer kept, and records whose value is no longer rare.
    fn tidy(&mut self, ledger: &mut Ledger) {
        self.tidied = self.counters.total;
        let limit = self.limit();
        let (texts, counters) = (&self.texts, &self.counters);
        self.bottom.retain(ledger, |item| {
            texts
                .get(&item.order)
                .is_some_and(|text| counters.count(text) <= limit)
        });
        let kept: HashSet<u64> = self.bottom.items().map(|item| item.order).collect();
        self.texts.retain(|order, _| kept.contains(order));
    }

    fn sketch(&self) -> FrequentItems {
        let items = self.counters.counts.iter().map(|(text, count)| (text, *count));
        let whole = FrequentItems::new(items, self.counters.offset, self.counters.total);
        FrequentItems::merge_all([&whole])
    }
}

impl Sampler for Rare {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn offer(&mut self, offer: &Offer<'_>, random: &mut Random, ledger: &mut Ledger) {
        self.seen += offer.rows() as u64;
        let mut buffer = String::new();
        for row in 0..offer.rows() {
            let value = offer.inputs.scalar(0, row);
            let Some(text) = text_of(&value, &mut buffer) else {
                continue;
            };
            let text = shorten(text);
            if self.counters.add(&text, 1) > self.limit() {
                continue;
            }
            // What was rare at first and is frequent by now must not take the room.
            if self.bottom.is_full() && self.counters.total > self.tidied.saturating_add(self.tidied / 16) {
                self.tidy(ledger);
            }
            let item = Item::plain(offer.first + row as u64);
            if self.bottom.wants_next() {
                self.texts.insert(item.order, text.as_ref().into());
            }
            self.bottom.offer(1, random, ledger, |_| item);
            if self.texts.len() > 2 * self.size + SLACK {
                self.tidy(ledger);
            }
        }
    }

    fn kept(&self) -> Kept {
        let limit = self.limit();
        let mut items: Vec<Item> = self.bottom.items().collect();
        items.sort_unstable_by_key(|item| item.order);
        let mut groups: Vec<Group> = Vec::new();
        let mut numbers: HashMap<&str, u32> = HashMap::new();
        items.retain_mut(|item| {
            let Some(text) = self.texts.get(&item.order) else {
                return false;
            };
            let count = self.counters.count(text);
            item.group = *numbers.entry(text).or_insert_with(|| {
                groups.push(Group {
                    key: Some(vec![Some(text.to_string())]),
                    seen: count,
                });
                groups.len() as u32 - 1
            });
            count <= limit
        });
        let used: HashSet<u32> = items.iter().map(|item| item.group).collect();
        let kept: Vec<u32> = (0..groups.len() as u32)
            .filter(|group| used.contains(group))
            .collect();
        for item in &mut items {
            item.group = kept.partition_point(|&group| group < item.group) as u32;
        }
        let mut number = 0..;
        groups.retain(|_| number.next().is_some_and(|group| used.contains(&group)));
        let facts = Facts {
            seen: self.seen,
            eligible: self.counters.total,
            groups,
            sketch: frequent::encode(&self.sketch()),
        };
        Kept { facts, items }
    }

    fn merge(&mut self, kept: Kept, ledger: &mut Ledger) {
        self.seen = self.seen.saturating_add(kept.facts.seen);
        if let Ok(sketch) = frequent::decode(&kept.facts.sketch) {
            self.counters.merge(&sketch);
        }
        // What is frequent in the whole must not push out what is rare.
        self.tidy(ledger);
        let texts = kept.items.iter().filter_map(|item| {
            let group = kept.facts.groups.get(item.group as usize)?;
            let text = group.key.as_ref()?.first()?.as_deref()?;
            Some((*item, text))
        });
        let limit = self.limit();
        let rare: Vec<Item> = texts
            .filter(|(_, text)| self.counters.count(text) <= limit)
            .map(|(item, text)| {
                self.texts.insert(item.order, text.into());
                item
            })
            .collect();
        self.bottom.merge(rare.into_iter(), kept.facts.seen, ledger);
    }
}
