//! Records of which a condition is false.

use super::bottom::Bottom;
use super::item::{Facts, Item, Kept};
use super::pool::Ledger;
use super::sampler::{Offer, Sampler};
use crate::expressions::{Expression, Notes, truth};
use crate::random::Random;

/// A uniform sample of the records that fail.
#[derive(Debug, Clone)]
pub(super) struct Failing {
    condition: Expression,
    columns: Vec<String>,
    /// Whether records of which it is not known count as failing.
    unknown: bool,
    seen: u64,
    bottom: Bottom,
}

impl Failing {
    pub(super) fn new(condition: &Expression, unknown: bool, size: usize) -> Self {
        let mut columns = Vec::new();
        Self {
            condition: condition.over(&mut columns),
            columns,
            unknown,
            seen: 0,
            bottom: Bottom::new(size),
        }
    }
}

impl Sampler for Failing {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn offer(&mut self, offer: &Offer<'_>, random: &mut Random, ledger: &mut Ledger) {
        let rows = offer.rows();
        self.seen += rows as u64;
        let truth = truth(&self.condition, offer.inputs, &mut Notes::default());
        let (passed, failed) = truth.count(0, rows);
        let unknown = rows as u64 - passed - failed;
        if failed + if self.unknown { unknown } else { 0 } == 0 {
            return;
        }
        let fails = |row: &usize| match truth.value(*row) {
            Some(value) => !value,
            None => self.unknown,
        };
        let failing: Vec<u64> = (0..rows).filter(fails).map(|row| row as u64).collect();
        self.bottom.offer(failing.len() as u64, random, ledger, |at| {
            Item::plain(offer.first + failing[at as usize])
        });
    }

    fn kept(&self) -> Kept {
        let facts = Facts {
            seen: self.seen,
            eligible: self.bottom.seen(),
            ..Facts::default()
        };
        Kept::sorted(facts, self.bottom.items().collect())
    }

    fn merge(&mut self, kept: Kept, ledger: &mut Ledger) {
        self.seen = self.seen.saturating_add(kept.facts.seen);
        self.bottom
            .merge(kept.items.into_iter(), kept.facts.eligible, ledger);
    }
}
