//! VarOpt: a sample by weight whose estimates of sums over any subset have the least variance.
//!
//! Cohen, Duffield, Kaplan, Lund & Thorup, "Efficient stream sampling for variance-optimal estimation of subset
//! sums", SIAM J. Comput. 40 (2011). Records whose weight is above a threshold τ are all kept and stand for
//! themselves; of the others each is kept with the chance `weight / τ` and stands for τ. By theorem 4 there, the
//! sample of two samples, each item with the weight that it stands for, is a sample of the whole: that is merging.

use super::item::{Item, Ranked};
use super::pool::Ledger;
use crate::random::Random;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A sample by weight.
#[derive(Debug, Clone)]
pub(super) struct VarOpt {
    size: usize,
    /// What stands for itself, the lightest on top.
    heavy: BinaryHeap<Reverse<Ranked>>,
    /// What stands for τ.
    light: Vec<Item>,
    /// The sum of what those stand for.
    light_weight: f64,
}

impl VarOpt {
    pub(super) fn new(size: usize) -> Self {
        Self {
            size,
            heavy: BinaryHeap::new(),
            light: Vec::new(),
            light_weight: 0.0,
        }
    }

    /// The weight that light items stand for.
    fn threshold(&self) -> f64 {
        self.light_weight / self.light.len() as f64
    }

    /// What is kept, each with the weight that it stands for.
    pub(super) fn items(&self) -> Vec<Item> {
        let light = self.light.iter().map(|item| Item {
            weight: self.threshold(),
            ..*item
        });
        let heavy = self.heavy.iter().map(|ranked| ranked.0.item);
        light.chain(heavy).collect()
    }

    /// Takes an item in whose `weight` is positive and finite; another one may leave.
    pub(super) fn add(&mut self, item: Item, random: &mut Random, ledger: &mut Ledger) {
        if self.heavy.len() + self.light.len() < self.size {
            ledger.enter(item.order);
            return self.push_heavy(drawn(item, random));
        }
        if !self.add_light(item, random, ledger) {
            ledger.enter(item.order);
            self.add_any(drawn(item, random), random, ledger);
        }
    }

    /// Takes a light item in that makes no heavy one light: by far the most common case. False when it is not one.
    #[inline]
    fn add_light(&mut self, item: Item, random: &mut Random, ledger: &mut Ledger) -> bool {
        let left = self.light.len() as f64;
        let sum = self.light_weight + item.weight;
        let threshold = sum / left;
        let becomes_light = |Reverse(lightest): &Reverse<Ranked>| lightest.key < threshold;
        if left == 0.0 || item.weight >= threshold || self.heavy.peek().is_some_and(becomes_light) {
            return false;
        }
        self.light_weight = sum;
        // One of them leaves: the new one with the chance that it has by its weight, or else any of the others.
        if random.open() >= item.weight / threshold {
            return true;
        }
        let position = random.below(self.light.len() as u64) as usize;
        ledger.leave(self.light[position].order);
        ledger.enter(item.order);
        self.light[position] = drawn(item, random);
        true
    }

    /// Takes in an item that has entered the ledger.
    fn add_any(&mut self, item: Item, random: &mut Random, ledger: &mut Ledger) {
        // Those that become light now, each still with the weight that it stood for.
        let mut candidates: Vec<Item> = Vec::new();
        if !self.light.is_empty() && item.weight < self.threshold() {
            self.light_weight += item.weight;
            candidates.push(item);
        } else {
            self.push_heavy(item);
        }
        // Without one of them, what is light shares the weight of all: what weighs less than that is light.
        loop {
            let left = (self.light.len() + candidates.len()).saturating_sub(1) as f64;
            match self.heavy.peek() {
                Some(Reverse(lightest)) if lightest.key * left < self.light_weight || left == 0.0 => {
                    self.light_weight += lightest.key;
                    candidates.push(lightest.item);
                    self.heavy.pop();
                }
                _ => break,
            }
        }
        let left = (self.light.len() + candidates.len() - 1) as f64;
        let threshold = self.light_weight / left;
        let mut chance = random.open();
        let unlucky = candidates.iter().position(|candidate| {
            chance -= 1.0 - candidate.weight / threshold;
            chance < 0.0
        });
        let dropped = match unlucky {
            Some(position) => candidates.swap_remove(position),
            None if self.light.is_empty() => candidates.swap_remove(0),
            None => {
                let position = random.below(self.light.len() as u64);
                self.light.swap_remove(position as usize)
            }
        };
        ledger.leave(dropped.order);
        self.light.append(&mut candidates);
    }

    fn push_heavy(&mut self, item: Item) {
        self.heavy.push(Reverse(Ranked {
            key: item.weight,
            item,
        }));
    }
}

/// The item with a random number of its own, unless it has one from the sample that it comes from.
fn drawn(item: Item, random: &mut Random) -> Item {
    if item.priority.is_nan() {
        let priority = random.open();
        return Item { priority, ..item };
    }
    item
}
