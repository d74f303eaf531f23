//! Counters by value, built for batches: the caller brings the hash, probing touches a small table
//! of tags, and purging an all-distinct stretch is one clear.

use super::{FrequentItems, MAX_ITEMS};
use crate::hash::hash_bytes;

const FIRST_SLOTS: usize = 16;
const MAX_SLOTS: usize = 4096;

/// How values of one kind are kept and recognised.
pub trait Keys: Clone + Default {
    /// A value as it comes.
    type Probe<'a>: Copy;

    /// Whether a stored key is this value.
    fn matches(&self, key: u64, probe: Self::Probe<'_>) -> bool;

    /// Keeps a value; gives its key.
    fn store(&mut self, probe: Self::Probe<'_>) -> u64;

    /// The value of a key.
    fn probe(&self, key: u64) -> Self::Probe<'_>;

    /// Forgets all keys.
    fn clear(&mut self);
}

/// Values that are 64 bits themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NumberKeys;

impl Keys for NumberKeys {
    type Probe<'a> = u64;

    #[inline(always)]
    fn matches(&self, key: u64, probe: u64) -> bool {
        key == probe
    }

    #[inline(always)]
    fn store(&mut self, probe: u64) -> u64 {
        probe
    }

    fn probe(&self, key: u64) -> u64 {
        key
    }

    fn clear(&mut self) {}
}

/// Texts, one behind the other in an arena; a key is offset and length.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextKeys {
    arena: Vec<u8>,
}

impl Keys for TextKeys {
    type Probe<'a> = &'a [u8];

    #[inline(always)]
    fn matches(&self, key: u64, probe: &[u8]) -> bool {
        self.probe(key) == probe
    }

    #[inline(always)]
    fn store(&mut self, probe: &[u8]) -> u64 {
        let key = (self.arena.len() as u64) << 32 | probe.len() as u64;
        self.arena.extend_from_slice(probe);
        key
    }

    #[inline(always)]
    fn probe(&self, key: u64) -> &[u8] {
        let start = (key >> 32) as usize;
        &self.arena[start..start + (key & 0xffff_ffff) as usize]
    }

    fn clear(&mut self) {
        self.arena.clear();
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counter {
    key: u64,
    count: u64,
}

/// Counters of at most 2,048 values.
#[derive(Debug, Clone)]
pub struct CountTable<K: Keys> {
    /// Upper half of the hash, lowest bit set; 0 is a free slot. Its top bits are the slot.
    tags: Vec<u32>,
    counters: Vec<Counter>,
    used: usize,
    /// Counters that stand at one.
    ones: usize,
    offset: u64,
    total: u64,
    keys: K,
}

impl<K: Keys> Default for CountTable<K> {
    fn default() -> Self {
        Self {
            tags: Vec::new(),
            counters: Vec::new(),
            used: 0,
            ones: 0,
            offset: 0,
            total: 0,
            keys: K::default(),
        }
    }
}

impl<K: Keys> CountTable<K> {
    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// Adds a value `weight` times; `hash` is the first half of its hash.
    #[inline]
    pub fn add(&mut self, hash: u64, probe: K::Probe<'_>, weight: u64) {
        self.total += weight;
        let tag = (hash >> 32) as u32 | 1;
        // Half empty, so that the first probe nearly always decides.
        if self.used * 2 >= self.tags.len() {
            self.make_room();
        }
        let mask = self.tags.len() - 1;
        let mut at = self.home(tag);
        loop {
            // The mask keeps the index in range; `get` tells the compiler nothing it trusts, so index.
            let found = self.tags[at];
            if found == 0 {
                break;
            }
            if found == tag && self.keys.matches(self.counters[at].key, probe) {
                let counter = &mut self.counters[at];
                self.ones -= usize::from(counter.count == 1);
                counter.count += weight;
                return;
            }
            at = (at + 1) & mask;
        }
        self.tags[at] = tag;
        self.counters[at] = Counter { key: self.keys.store(probe), count: weight };
        self.used += 1;
        self.ones += usize::from(weight == 1);
    }

    /// Adds all counters of another table.
    pub fn merge(&mut self, other: &Self, hash: impl Fn(K::Probe<'_>) -> u64) {
        for (probe, count) in other.iter() {
            self.add(hash(probe), probe, count);
        }
        self.total += other.total - other.iter().map(|item| item.1).sum::<u64>();
        self.offset += other.offset;
    }

    /// Values and their counters.
    pub fn iter(&self) -> impl Iterator<Item = (K::Probe<'_>, u64)> {
        let taken = self.tags.iter().zip(&self.counters).filter(|(tag, _)| **tag != 0);
        taken.map(|(_, counter)| (self.keys.probe(counter.key), counter.count))
    }

    /// Greatest count that a value may have beyond its counter.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Sum of all weights added.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The largest counters, as texts: what a profile keeps.
    pub fn freeze(&self, text: impl Fn(K::Probe<'_>) -> String) -> FrequentItems {
        let mut counts: Vec<u64> = self.iter().map(|item| item.1).collect();
        let mut amount = 0;
        if counts.len() > MAX_ITEMS {
            let (_, cut, _) = counts.select_nth_unstable_by(MAX_ITEMS, |a, b| b.cmp(a));
            amount = *cut;
        } else if self.offset > 0 {
            // Values seen once since the last purge tell nothing in a sketch that has purged, and
            // are raw data that need not leave.
            amount = 1;
        }
        let kept = self.iter().filter(|item| item.1 > amount);
        let items = kept.map(|(probe, count)| (text(probe), count - amount)).collect();
        FrequentItems::new(items, self.offset + amount, self.total)
    }

    #[inline(always)]
    fn home(&self, tag: u32) -> usize {
        tag as usize >> (32 - self.tags.len().trailing_zeros())
    }

    #[cold]
    #[inline(never)]
    fn make_room(&mut self) {
        if self.tags.len() < MAX_SLOTS {
            self.rebuild((self.tags.len() * 4).max(FIRST_SLOTS), 0);
        } else {
            self.purge();
        }
    }

    fn purge(&mut self) {
        let keep = self.used / 4;
        if self.ones == self.used {
            self.tags.fill(0);
            self.keys.clear();
            (self.used, self.ones) = (0, 0);
            self.offset += 1;
        } else if self.ones >= self.used - keep {
            self.rebuild(MAX_SLOTS, 1);
        } else {
            let mut counts: Vec<u64> = self.iter().map(|item| item.1).collect();
            let (_, amount, _) = counts.select_nth_unstable_by(keep, |a, b| b.cmp(a));
            let amount = *amount;
            self.rebuild(MAX_SLOTS, amount);
        }
    }

    /// Takes `amount` off every counter and puts the survivors in a table of `slots`.
    fn rebuild(&mut self, slots: usize, amount: u64) {
        let tags = std::mem::replace(&mut self.tags, vec![0; slots]);
        let counters = std::mem::replace(&mut self.counters, vec![Counter::default(); slots]);
        let keys = std::mem::take(&mut self.keys);
        (self.used, self.ones) = (0, 0);
        self.offset += amount;
        let mask = slots - 1;
        for (tag, counter) in tags.into_iter().zip(counters) {
            if tag == 0 || counter.count <= amount {
                continue;
            }
            let mut at = self.home(tag);
            while self.tags[at] != 0 {
                at = (at + 1) & mask;
            }
            let count = counter.count - amount;
            self.tags[at] = tag;
            self.counters[at] = Counter { key: self.keys.store(keys.probe(counter.key)), count };
            self.used += 1;
            self.ones += usize::from(count == 1);
        }
    }
}

impl CountTable<TextKeys> {
    /// Adds a text, hashing it.
    pub fn add_text(&mut self, text: &str, weight: u64) {
        let bytes = text.as_bytes();
        self.add(hash_bytes(bytes).0, bytes, weight);
    }

    /// Adds a frozen sketch.
    pub fn add_frozen(&mut self, items: &FrequentItems) {
        let mut counted = 0;
        for (item, count) in items.items() {
            self.add_text(item, *count);
            counted += count;
        }
        self.total += items.total().saturating_sub(counted);
        self.offset += items.offset();
    }

    /// The frozen sketch of these texts.
    pub fn freeze_texts(&self) -> FrequentItems {
        self.freeze(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }
}
