//! The most extreme values of a column, as far as they are beyond two of its quantiles.

use super::item::{Facts, Item, Kept, Ranked};
use super::pool::Ledger;
use super::sampler::{Offer, Sampler};
use crate::expressions::{Expression, numbers};
use crate::random::Random;
use crate::sketches::kll::{self, Kll};
use std::collections::{BinaryHeap, HashSet};

/// Values of which the most extreme are found at once.
const BLOCK: usize = 1 << 16;

/// The records with the smallest and the largest values.
///
/// Both ends are kept whatever the quantiles are, and what is not beyond them is left out when the sample is
/// read. So early records are judged as late ones are: by all that were seen.
#[derive(Debug, Clone)]
pub(super) struct Outliers {
    value: Expression,
    columns: Vec<String>,
    low: f64,
    high: f64,
    size: usize,
    seen: u64,
    /// Of the values, and the largest on top: the least extreme below.
    below: BinaryHeap<Ranked>,
    /// Of the negated values, so that the least extreme is on top here, too.
    above: BinaryHeap<Ranked>,
    sketch: Kll,
}

impl Outliers {
    pub(super) fn new(value: &Expression, (low, high): (f64, f64), size: usize) -> Self {
        let mut columns = Vec::new();
        Self {
            value: value.over(&mut columns),
            columns,
            low,
            high,
            size,
            seen: 0,
            below: BinaryHeap::new(),
            above: BinaryHeap::new(),
            sketch: Kll::new(),
        }
    }

    /// The ends that are wanted, each with what makes a value a key that is the smaller the more extreme it is.
    fn ends(&mut self) -> [(bool, f64, &mut BinaryHeap<Ranked>); 2] {
        [
            (self.low > 0.0, 1.0, &mut self.below),
            (self.high < 1.0, -1.0, &mut self.above),
        ]
    }

    /// All items of both ends; those that are not beyond the quantiles, or for which there is no room, are spare.
    ///
    /// Half of the room is for each side, more for one where the other has fewer.
    fn items(&self) -> Vec<Item> {
        let view = self.sketch.view();
        let beyond = |heap: &BinaryHeap<Ranked>, limit: f64| -> Vec<Item> {
            let sorted = heap.clone().into_sorted_vec();
            let beyond = sorted.into_iter().take_while(|ranked| ranked.key < limit);
            beyond.map(|ranked| ranked.item).collect()
        };
        let mut below = beyond(&self.below, view.quantile(self.low));
        let mut above = beyond(&self.above, -view.quantile(self.high));
        let half = self.size.div_ceil(2);
        let lows = below.len().min(half.max(self.size.saturating_sub(above.len())));
        below.truncate(lows);
        above.truncate(self.size - lows);
        let mut items: Vec<Item> = below.into_iter().chain(above).collect();
        // Of few records, each may be at both ends.
        let mut listed: HashSet<u64> = items.iter().map(|item| item.order).collect();
        for ranked in self.below.iter().chain(&self.above) {
            if listed.insert(ranked.item.order) {
                items.push(Item {
                    spare: true,
                    ..ranked.item
                });
            }
        }
        items
    }
}

/// What no key can be above that is among the `size` smallest of many: in data that is in order each record would
/// enter, and leave again.
fn worst(values: &[f64], sign: f64, size: usize, limit: f64) -> f64 {
    let may_enter = |key: &f64| *key <= limit && key.is_finite();
    if values.len() <= 4 * size {
        return f64::INFINITY;
    }
    let mut keys: Vec<f64> = values
        .iter()
        .map(|value| sign * value)
        .filter(may_enter)
        .collect();
    if keys.len() <= 4 * size {
        return f64::INFINITY;
    }
    *keys.select_nth_unstable_by(size - 1, f64::total_cmp).1
}

/// Keeps an item if it is among the most extreme.
fn keep(heap: &mut BinaryHeap<Ranked>, size: usize, ranked: Ranked, ledger: &mut Ledger) {
    if heap.len() >= size {
        let Some(last) = heap.peek().copied().filter(|last| ranked < *last) else {
            return;
        };
        heap.pop();
        ledger.leave(last.item.order);
    }
    ledger.enter(ranked.item.order);
    heap.push(ranked);
}

impl Sampler for Outliers {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn offer(&mut self, offer: &Offer<'_>, random: &mut Random, ledger: &mut Ledger) {
        self.seen += offer.rows() as u64;
        let size = self.size;
        let values = numbers(&self.value, offer.inputs);
        for (group, (wanted, sign, heap)) in self.ends().into_iter().enumerate() {
            if !wanted {
                continue;
            }
            let limit = |heap: &BinaryHeap<Ranked>| match heap.peek() {
                Some(last) if heap.len() >= size => last.key,
                _ => f64::INFINITY,
            };
            for (number, block) in values.chunks(BLOCK).enumerate() {
                let mut least = limit(heap).min(worst(block, sign, size, limit(heap)));
                for (row, &value) in block.iter().enumerate() {
                    let key = sign * value;
                    // Also false of NaN.
                    if !(key <= least && value.is_finite()) {
                        continue;
                    }
                    let item = Item {
                        priority: random.open(),
                        value,
                        group: group as u32,
                        ..Item::plain(offer.first + (number * BLOCK + row) as u64)
                    };
                    keep(heap, size, Ranked { key, item }, ledger);
                    least = least.min(limit(heap));
                }
            }
        }
        let mut finite = values;
        if !finite.iter().all(|value| value.is_finite()) {
            finite.retain(|value| value.is_finite());
        }
        self.sketch.extend(&finite);
    }

    fn kept(&self) -> Kept {
        let facts = Facts {
            seen: self.seen,
            eligible: self.sketch.n(),
            sketch: kll::encode(&self.sketch.freeze()),
            ..Facts::default()
        };
        Kept::sorted(facts, self.items())
    }

    fn merge(&mut self, kept: Kept, ledger: &mut Ledger) {
        self.seen = self.seen.saturating_add(kept.facts.seen);
        if let Ok(sketch) = kll::decode(&kept.facts.sketch) {
            self.sketch.merge(&sketch);
        }
        let size = self.size;
        for item in kept.items {
            for (group, (wanted, sign, heap)) in self.ends().into_iter().enumerate() {
                if wanted {
                    let item = Item {
                        group: group as u32,
                        spare: false,
                        ..item
                    };
                    let key = sign * item.value;
                    keep(heap, size, Ranked { key, item }, ledger);
                }
            }
        }
    }
}
