//! A uniform sample: the records with the smallest of random priorities (bottom-k).
//!
//! Each record has a random number between 0 and 1, and those with the `size` smallest are kept, so of two samples
//! the smallest of both are the sample of both. Once the sample is full, how many records pass until the next
//! enters is drawn at once (Li, "Reservoir-sampling algorithms of time complexity O(n(1 + log(N/n)))", 1994):
//! those that pass cost nothing.

use super::item::{Item, Ranked};
use super::pool::Ledger;
use crate::random::Random;
use std::collections::BinaryHeap;

/// A uniform sample of what it is offered.
#[derive(Debug, Clone)]
pub(super) struct Bottom {
    size: usize,
    seen: u64,
    heap: BinaryHeap<Ranked>,
    /// Records that pass before the next one enters, once the sample is full.
    passing: u64,
}

impl Bottom {
    pub(super) fn new(size: usize) -> Self {
        Self {
            size,
            seen: 0,
            heap: BinaryHeap::new(),
            passing: 0,
        }
    }

    /// How many records were offered.
    pub(super) fn seen(&self) -> u64 {
        self.seen
    }

    pub(super) fn items(&self) -> impl Iterator<Item = Item> {
        self.heap.iter().map(|ranked| ranked.item)
    }

    /// Whether it has no room but for what has a smaller priority.
    pub(super) fn is_full(&self) -> bool {
        self.heap.len() >= self.size
    }

    /// Whether the next record enters.
    pub(super) fn wants_next(&self) -> bool {
        !self.is_full() || self.passing == 0
    }

    /// Offers records; `item` gives the one at a place among them.
    pub(super) fn offer(
        &mut self,
        count: u64,
        random: &mut Random,
        ledger: &mut Ledger,
        item: impl Fn(u64) -> Item,
    ) {
        self.seen += count;
        let mut at = 0;
        while at < count {
            if !self.is_full() {
                self.keep(item(at), random.open(), ledger);
                if self.is_full() {
                    self.draw(random);
                }
                at += 1;
                continue;
            }
            if self.passing >= count - at {
                self.passing -= count - at;
                return;
            }
            at += self.passing;
            let threshold = self.threshold();
            self.drop_last(ledger);
            self.keep(item(at), threshold * random.open(), ledger);
            self.draw(random);
            at += 1;
        }
    }

    /// Takes the items of another sample in, which saw so many records.
    pub(super) fn merge(&mut self, items: impl Iterator<Item = Item>, seen: u64, ledger: &mut Ledger) {
        self.seen = self.seen.saturating_add(seen);
        for item in items {
            if self.is_full() && item.priority >= self.threshold() {
                continue;
            }
            if self.is_full() {
                self.drop_last(ledger);
            }
            self.keep(item, item.priority, ledger);
        }
        // The time to the next that enters has no memory: it may be drawn anew.
        if self.is_full() {
            self.draw(&mut Random::new(self.seen));
        }
    }

    /// Drops what some records are not.
    pub(super) fn retain(&mut self, ledger: &mut Ledger, keep: impl Fn(&Item) -> bool) {
        self.heap.retain(|ranked| {
            let kept = keep(&ranked.item);
            if !kept {
                ledger.leave(ranked.item.order);
            }
            kept
        });
    }

    fn keep(&mut self, item: Item, priority: f64, ledger: &mut Ledger) {
        ledger.enter(item.order);
        let item = Item { priority, ..item };
        self.heap.push(Ranked { key: priority, item });
    }

    fn drop_last(&mut self, ledger: &mut Ledger) {
        if let Some(last) = self.heap.pop() {
            ledger.leave(last.item.order);
        }
    }

    fn threshold(&self) -> f64 {
        self.heap.peek().map_or(1.0, |last| last.key)
    }

    fn draw(&mut self, random: &mut Random) {
        // Of records with priorities below the threshold, one in 1/threshold: a geometric distribution.
        let passing = random.open().ln() / (-self.threshold()).ln_1p();
        self.passing = passing as u64;
    }
}
