//! Counters by value, while logging. The caller brings the hash.
//!
//! Up to 1,024 distinct values every one has its counter in a hash table, and all is exact. Beyond,
//! the counters move into 256 buckets of eight: a value that finds its bucket full takes one off
//! each counter there. A touch of one bucket a value, whatever the data.

use super::buckets::Buckets;
use super::gate::Gate;
use super::{FrequentItems, MAX_EXACT, MAX_ITEMS};
use crate::hash::hash_bytes;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// Values after which a gate in front of the buckets pays.
const GATE_FROM: u32 = 1 << 14;

/// Bytes of dead texts that wait to be cleared away.
const MAX_DEAD: usize = 1 << 18;

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

    /// Bytes that all keys take, dead ones included.
    fn weight(&self) -> usize;
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

    fn weight(&self) -> usize {
        0
    }
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

    fn weight(&self) -> usize {
        self.arena.len()
    }
}

#[derive(Debug, Clone, Copy)]
struct Counter {
    /// The upper half of the hash.
    tag: u32,
    key: u64,
    count: u64,
}

/// Counters of the most frequent values.
#[derive(Debug, Clone, Default)]
pub struct CountTable<K: Keys> {
    exact: HashTable<Counter>,
    buckets: Option<Box<Buckets>>,
    gate: Option<Gate>,
    /// Values that came to the buckets before there was a gate.
    ungated: u32,
    /// What merged sketches may have missed of any value.
    inherited: u64,
    total: u64,
    keys: K,
}

/// Whether a single value goes to its counter; makes the gate when it is time.
#[inline(always)]
fn passes(gate: &mut Option<Gate>, ungated: &mut u32, hash: u32) -> bool {
    match gate {
        Some(gate) => gate.lets_through(hash),
        None => {
            *ungated += 1;
            if *ungated == GATE_FROM {
                *gate = Some(Gate::new());
            }
            true
        }
    }
}

/// All 64 bits that the table wants, from the 32 that are kept.
#[inline(always)]
fn spread(tag: u32) -> u64 {
    u64::from(tag) << 32 | u64::from(tag)
}

impl<K: Keys> CountTable<K> {
    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// Whether every value still has a counter of its own.
    pub fn is_exact(&self) -> bool {
        self.buckets.is_none()
    }

    /// Adds a value `weight` times; `hash` is the first half of its hash.
    #[inline]
    pub fn add(&mut self, hash: u64, probe: K::Probe<'_>, weight: u64) {
        self.total += weight;
        let tag = (hash >> 32) as u32;
        let keys = &mut self.keys;
        if let Some(buckets) = &mut self.buckets {
            if weight == 1 && !passes(&mut self.gate, &mut self.ungated, tag) {
                return;
            }
            if buckets.add(tag, weight, keys, probe) && keys.weight() > MAX_DEAD {
                self.compact();
            }
            return;
        }
        let found = self.exact.entry(
            spread(tag),
            |counter| counter.tag == tag && keys.matches(counter.key, probe),
            |counter| spread(counter.tag),
        );
        match found {
            Entry::Occupied(mut counter) => counter.get_mut().count += weight,
            Entry::Vacant(place) => {
                place.insert(Counter {
                    tag,
                    key: self.keys.store(probe),
                    count: weight,
                });
                if self.exact.len() > MAX_EXACT {
                    self.move_to_buckets();
                }
            }
        }
    }

    #[cold]
    fn move_to_buckets(&mut self) {
        let mut buckets = Box::new(Buckets::new());
        let mut counters: Vec<Counter> = std::mem::take(&mut self.exact).into_iter().collect();
        // Large ones first, so that they find a place.
        counters.sort_unstable_by(|a, b| b.count.cmp(&a.count).then(a.tag.cmp(&b.tag)));
        counters
            .iter()
            .for_each(|counter| buckets.place(counter.tag, counter.key, counter.count));
        self.buckets = Some(buckets);
    }

    /// Clears texts away that lost their counter.
    #[cold]
    fn compact(&mut self) {
        let old = std::mem::take(&mut self.keys);
        if let Some(buckets) = &mut self.buckets {
            buckets.for_each_key(|key| *key = self.keys.store(old.probe(*key)));
        }
    }

    /// Adds all counters of another table.
    pub fn merge(&mut self, other: &Self, hash: impl Fn(K::Probe<'_>) -> u64) {
        let mut counted = 0;
        for (probe, count) in other.iter() {
            self.add(hash(probe), probe, count);
            counted += count;
        }
        self.total += other.total - counted;
        self.inherited += other.offset();
    }

    /// Values and their counters.
    pub fn iter(&self) -> impl Iterator<Item = (K::Probe<'_>, u64)> {
        let bucketed = self.buckets.iter().flat_map(|buckets| buckets.iter());
        let exact = self.exact.iter().map(|counter| (counter.key, counter.count));
        exact
            .chain(bucketed)
            .map(|(key, count)| (self.keys.probe(key), count))
    }

    /// Greatest count that a value may have beyond its counter.
    pub fn offset(&self) -> u64 {
        let buckets = self.buckets.as_ref().map_or(0, |buckets| buckets.offset());
        let gate = self.gate.as_ref().map_or(0, Gate::offset);
        self.inherited + buckets + gate
    }

    /// Sum of all weights added.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The largest counters, as texts: what a profile keeps. `write` appends the text of a value.
    pub fn freeze(&self, write: impl Fn(K::Probe<'_>, &mut String)) -> FrequentItems {
        let mut counts: Vec<u64> = self.iter().map(|item| item.1).collect();
        let offset = self.offset();
        let mut amount = 0;
        if counts.len() > if offset == 0 { MAX_EXACT } else { MAX_ITEMS } {
            let (_, cut, _) = counts.select_nth_unstable_by(MAX_ITEMS, |a, b| b.cmp(a));
            amount = *cut;
        } else if offset > 0 {
            // Values seen once since their bucket was last full tell nothing in a sketch that is
            // not exact, and are raw data that need not leave.
            amount = 1;
        }
        let kept = self
            .iter()
            .filter(|item| item.1 > amount)
            .map(|(probe, count)| (probe, count - amount));
        // No value occurred more often than there are values.
        let offset = offset.saturating_add(amount).min(self.total);
        FrequentItems::written(kept, write, offset, self.total)
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
            self.add_text(item, count);
            counted += count;
        }
        self.total += items.total().saturating_sub(counted);
        self.inherited += items.offset();
    }

    /// The frozen sketch of these texts.
    pub fn freeze_texts(&self) -> FrequentItems {
        self.freeze(|bytes, out| out.push_str(&String::from_utf8_lossy(bytes)))
    }
}
