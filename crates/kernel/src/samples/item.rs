//! What a sampler knows of a record that it keeps, and of those that it saw.

use std::cmp::Ordering;

/// A record that a sampler keeps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item {
    /// Its place in the order of arrival: also its name in the pool of rows.
    pub order: u64,
    /// A random number between 0 and 1.
    pub priority: f64,
    /// What it was chosen by: its own weight, or the value that is extreme; NaN when nothing is.
    pub value: f64,
    /// The weight that it stands for in a weighted sample; NaN in others.
    pub weight: f64,
    /// Its stratum; for an extreme value 0 below and 1 above.
    pub group: u32,
    /// Whether it is kept for merging only: not beyond the quantiles here, but perhaps beyond those of a whole.
    pub spare: bool,
}

impl Item {
    /// A record without a weight or a value.
    pub(super) fn plain(order: u64) -> Self {
        Self {
            order,
            priority: f64::NAN,
            value: f64::NAN,
            weight: f64::NAN,
            group: 0,
            spare: false,
        }
    }
}

/// A stratum: its values as texts, and how many records it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The values of the columns; `None` as a whole for the records of all strata beyond the limit.
    pub key: Option<Vec<Option<String>>>,
    /// How many records were seen.
    pub seen: u64,
}

/// What a sampler knows of all the records that it saw.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Records that were seen.
    pub seen: u64,
    /// Those out of which the sample was drawn: that fail, that have a weight, that have a value.
    pub eligible: u64,
    /// Strata.
    pub groups: Vec<Group>,
    /// The serial form of a sketch of what was seen, where the sampler judges by one.
    pub sketch: Vec<u8>,
}

/// A sampler's state without the rows: what merges, and what a file holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kept {
    /// Of all records.
    pub facts: Facts,
    /// Of those that are kept, in order of arrival.
    pub items: Vec<Item>,
}

impl Kept {
    pub(super) fn sorted(facts: Facts, mut items: Vec<Item>) -> Self {
        items.sort_unstable_by_key(|item| item.order);
        Self { facts, items }
    }
}

/// An item in a heap whose top is the largest by a key, then by priority.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ranked {
    pub(super) key: f64,
    pub(super) item: Item,
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_key = self.key.total_cmp(&other.key);
        let by_priority = || self.item.priority.total_cmp(&other.item.priority);
        by_key
            .then_with(by_priority)
            .then_with(|| self.item.order.cmp(&other.item.order))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}
