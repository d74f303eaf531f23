//! Every record with the same chance.

use super::bottom::Bottom;
use super::item::{Facts, Item, Kept};
use super::pool::Ledger;
use super::sampler::{Offer, Sampler};
use crate::random::Random;

/// A uniform sample of all records.
#[derive(Debug, Clone)]
pub(super) struct Reservoir {
    bottom: Bottom,
}

impl Reservoir {
    pub(super) fn new(size: usize) -> Self {
        Self {
            bottom: Bottom::new(size),
        }
    }
}

impl Sampler for Reservoir {
    fn columns(&self) -> &[String] {
        &[]
    }

    fn passes_next(&self) -> bool {
        !self.bottom.wants_next()
    }

    fn offer(&mut self, offer: &Offer<'_>, random: &mut Random, ledger: &mut Ledger) {
        self.bottom.offer(offer.rows() as u64, random, ledger, |at| {
            Item::plain(offer.first + at)
        });
    }

    fn kept(&self) -> Kept {
        let facts = Facts {
            seen: self.bottom.seen(),
            eligible: self.bottom.seen(),
            ..Facts::default()
        };
        Kept::sorted(facts, self.bottom.items().collect())
    }

    fn merge(&mut self, kept: Kept, ledger: &mut Ledger) {
        self.bottom.merge(kept.items.into_iter(), kept.facts.seen, ledger);
    }
}
