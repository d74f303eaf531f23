//! A uniform sample of each stratum: the records with the same values of some columns.

use super::bottom::Bottom;
use super::item::{Facts, Group, Item, Kept};
use super::pool::Ledger;
use super::sampler::{Offer, Sampler};
use crate::expressions::Scalar;
use crate::random::Random;
use std::collections::HashMap;

/// Between the values of a key: no text has it in front of what it stands for here.
const BETWEEN: char = '\u{1f}';

/// A sample of each of the first strata, and one of all the others together.
#[derive(Debug, Clone)]
pub(super) struct Stratified {
    columns: Vec<String>,
    size: usize,
    most: usize,
    strata: Vec<(Vec<Option<String>>, Bottom)>,
    numbers: HashMap<String, usize>,
    other: Bottom,
}

impl Stratified {
    pub(super) fn new(columns: &[String], size: usize, most: usize) -> Self {
        Self {
            columns: columns.to_vec(),
            size,
            most,
            strata: Vec::new(),
            numbers: HashMap::new(),
            other: Bottom::new(size),
        }
    }

    /// The sample for a key; `values` gives the texts that it is made of.
    fn stratum(&mut self, key: &str, values: impl FnOnce() -> Vec<Option<String>>) -> (u32, &mut Bottom) {
        let number = match self.numbers.get(key) {
            Some(&number) => number,
            None if self.strata.len() < self.most => {
                self.strata.push((values(), Bottom::new(self.size)));
                self.numbers.insert(key.to_owned(), self.strata.len() - 1);
                self.strata.len() - 1
            }
            None => return (u32::MAX, &mut self.other),
        };
        (number as u32, &mut self.strata[number].1)
    }
}

fn write(value: Option<&str>, key: &mut String) {
    match value {
        Some(text) => {
            key.push('=');
            key.push_str(text);
        }
        None => key.push('-'),
    }
    key.push(BETWEEN);
}

impl Sampler for Stratified {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn offer(&mut self, offer: &Offer<'_>, random: &mut Random, ledger: &mut Ledger) {
        let (mut key, mut text) = (String::new(), String::new());
        let columns = self.columns.len();
        for row in 0..offer.rows() {
            key.clear();
            for column in 0..columns {
                let value = offer.inputs.scalar(column, row);
                write(text_of(&value, &mut text), &mut key);
            }
            let values = || {
                let value = |column| {
                    text_of(&offer.inputs.scalar(column, row), &mut String::new()).map(str::to_owned)
                };
                (0..columns).map(value).collect()
            };
            let (group, bottom) = self.stratum(&key, values);
            let item = Item {
                group,
                ..Item::plain(offer.first + row as u64)
            };
            bottom.offer(1, random, ledger, |_| item);
        }
    }

    fn kept(&self) -> Kept {
        let mut facts = Facts::default();
        let mut items = Vec::new();
        let named = self
            .strata
            .iter()
            .map(|(key, bottom)| (Some(key.clone()), bottom));
        for (key, bottom) in named.chain([(None, &self.other)]) {
            if bottom.seen() == 0 {
                continue;
            }
            let group = facts.groups.len() as u32;
            items.extend(bottom.items().map(|item| Item { group, ..item }));
            facts.seen = facts.seen.saturating_add(bottom.seen());
            facts.groups.push(Group {
                key,
                seen: bottom.seen(),
            });
        }
        facts.eligible = facts.seen;
        Kept::sorted(facts, items)
    }

    fn merge(&mut self, kept: Kept, ledger: &mut Ledger) {
        let mut by_group: HashMap<u32, Vec<Item>> = HashMap::new();
        for item in kept.items {
            by_group.entry(item.group).or_default().push(item);
        }
        for (number, group) in kept.facts.groups.into_iter().enumerate() {
            let items = by_group.remove(&(number as u32)).unwrap_or_default();
            match group.key {
                Some(values) => {
                    let mut key = String::new();
                    values.iter().for_each(|value| write(value.as_deref(), &mut key));
                    let (_, bottom) = self.stratum(&key, || values);
                    bottom.merge(items.into_iter(), group.seen, ledger);
                }
                None => self.other.merge(items.into_iter(), group.seen, ledger),
            }
        }
    }
}

/// The text of a value; `None` for a missing one.
pub(super) fn text_of<'a>(value: &Scalar<'a>, buffer: &'a mut String) -> Option<&'a str> {
    if let Scalar::Text(text) = value {
        return Some(text);
    }
    buffer.clear();
    value.write(buffer).then_some(buffer.as_str())
}
