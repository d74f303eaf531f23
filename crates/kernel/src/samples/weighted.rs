//! Records by their weight.

use super::item::{Facts, Item, Kept};
use super::pool::Ledger;
use super::sampler::{Offer, Sampler};
use super::varopt::VarOpt;
use crate::expressions::{Expression, numbers};
use crate::random::Random;

/// A VarOpt sample; records whose weight is not a positive number have no chance.
#[derive(Debug, Clone)]
pub(super) struct Weighted {
    weight: Expression,
    columns: Vec<String>,
    seen: u64,
    weighed: u64,
    sample: VarOpt,
    random: Random,
}

impl Weighted {
    pub(super) fn new(weight: &Expression, size: usize) -> Self {
        let mut columns = Vec::new();
        Self {
            weight: weight.over(&mut columns),
            columns,
            seen: 0,
            weighed: 0,
            sample: VarOpt::new(size),
            random: Random::new(0x7e11),
        }
    }
}

impl Sampler for Weighted {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn offer(&mut self, offer: &Offer<'_>, random: &mut Random, ledger: &mut Ledger) {
        self.seen += offer.rows() as u64;
        for (row, weight) in numbers(&self.weight, offer.inputs).into_iter().enumerate() {
            if !(weight > 0.0 && weight.is_finite()) {
                continue;
            }
            self.weighed += 1;
            let item = Item {
                value: weight,
                weight,
                ..Item::plain(offer.first + row as u64)
            };
            self.sample.add(item, random, ledger);
        }
    }

    fn kept(&self) -> Kept {
        let facts = Facts {
            seen: self.seen,
            eligible: self.weighed,
            ..Facts::default()
        };
        Kept::sorted(facts, self.sample.items())
    }

    fn merge(&mut self, kept: Kept, ledger: &mut Ledger) {
        self.seen = self.seen.saturating_add(kept.facts.seen);
        self.weighed = self.weighed.saturating_add(kept.facts.eligible);
        for item in kept.items {
            // Of the same samples comes the same merged sample.
            self.random.stir(item.priority.to_bits());
            let mut random = self.random.clone();
            self.sample.add(item, &mut random, ledger);
        }
    }
}
