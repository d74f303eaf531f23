//! The sketch while values are added and sketches merged.

use super::{View, key_of, level_capacity, total_capacity, value_of};
use crate::random::{Random, mix};
use std::borrow::Cow;

/// Size parameter: 0.27 % of rank error, about 3,000 retained items.
pub const K: usize = 1024;

/// At least so many values of a longer column enter. Sampling then adds a standard deviation of
/// rank of at most `1 / (2 sqrt(SAMPLED))` = 0.10 %; the sketch's own is 0.04 %, and the published
/// bound (at 99 %) 0.27 %.
const SAMPLED: u64 = 1 << 18;

/// Largest level at which samples enter: one value of 1024.
const MAX_SAMPLE_LEVEL: usize = 10;

/// What the coins start from: the same input gives the same sketch.
const SEED: u64 = 0x7469_6465;

/// Room that every level has while logging, whatever its depth.
const LIVE_CAPACITY: usize = 256;

/// A KLL sketch of finite doubles.
#[derive(Debug, Clone)]
pub struct Kll {
    n: u64,
    min: f64,
    max: f64,
    /// Sorted keys; an item of level `h` stands for `2^h` values.
    levels: Vec<Vec<i64>>,
    /// Unsorted keys that belong to `buffer_level`.
    buffer: Vec<i64>,
    buffer_level: usize,
    /// Values of the sampling block that is not full yet.
    pending: Vec<f64>,
    random: Random,
}

impl Default for Kll {
    fn default() -> Self {
        Self::new()
    }
}

impl Kll {
    /// An empty sketch.
    pub fn new() -> Self {
        Self {
            n: 0,
            min: f64::NAN,
            max: f64::NAN,
            levels: Vec::new(),
            buffer: Vec::new(),
            buffer_level: 0,
            pending: Vec::new(),
            random: Random::new(SEED),
        }
    }

    /// An empty sketch that draws otherwise than those of other seeds: parts that sample for a whole
    /// (see [`Self::extend_run`]) must not all take the same places of data that repeats.
    pub fn seeded(seed: u64) -> Self {
        Self {
            random: Random::new(SEED ^ mix(seed)),
            ..Self::new()
        }
    }

    /// A sketch from its parts, as decoded from bytes: each level sorted, weights adding up to n.
    pub(super) fn from_parts(n: u64, min: f64, max: f64, levels: Vec<Vec<i64>>) -> Self {
        Self {
            n,
            min,
            max,
            levels,
            ..Self::new()
        }
    }

    /// How many values the sketch summarises.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Smallest value; NaN when empty.
    pub fn min(&self) -> f64 {
        self.min
    }

    /// Largest value; NaN when empty.
    pub fn max(&self) -> f64 {
        self.max
    }

    /// Sorted keys by level, of a frozen sketch.
    pub(super) fn levels(&self) -> Cow<'_, [Vec<i64>]> {
        if self.buffer.is_empty() {
            return Cow::Borrowed(&self.levels);
        }
        let mut sorted = self.clone();
        sorted.flush();
        Cow::Owned(sorted.levels)
    }

    /// Whether every value is retained, so that quantiles have no error.
    pub fn is_exact(&self) -> bool {
        self.levels.len() <= 1 && self.buffer_level == 0
    }

    /// How many items are retained.
    pub fn retained(&self) -> usize {
        self.levels.iter().map(Vec::len).sum::<usize>() + self.buffer.len() + self.pending.len()
    }

    /// Published bound of the normalised rank error of one query, at 99 %
    /// (`get_normalized_rank_error(false)` of Apache DataSketches).
    pub fn rank_error(&self) -> f64 {
        if self.is_exact() {
            0.0
        } else {
            2.296 / (K as f64).powf(0.9723)
        }
    }

    /// Adds finite values.
    pub fn extend(&mut self, values: &[f64]) {
        let min = values.iter().copied().fold(f64::NAN, f64::min);
        let max = values.iter().copied().fold(f64::NAN, f64::max);
        self.extend_run(values, (min, max), 0);
    }

    /// Adds values whose extremes are known. When the sketch is a part of one that will hold
    /// `expected` values, it samples as that one would; 0 when that is not known.
    pub fn extend_run(&mut self, values: &[f64], (min, max): (f64, f64), expected: u64) {
        if values.is_empty() {
            return;
        }
        let level = sample_level(expected.max(self.n + values.len() as u64));
        self.widen(min, max);
        self.n += values.len() as u64;
        if level > self.buffer_level {
            self.flush();
            self.buffer_level = level;
        }
        if self.buffer_level == 0 {
            self.push_all(values);
        } else {
            self.sample(values);
        }
    }

    /// Adds `(value, count)` pairs in ascending order of value.
    pub fn extend_counted(&mut self, pairs: &[(f64, u64)]) {
        let added: u64 = pairs.iter().map(|pair| pair.1).sum();
        let (Some(first), Some(last)) = (pairs.first(), pairs.last()) else {
            return;
        };
        self.widen(first.0, last.0);
        self.n += added;
        let top = (self.n / K as u64).checked_ilog2().unwrap_or(0) as usize;
        let mut levels = vec![Vec::new(); top + 1];
        for &(value, count) in pairs {
            let key = key_of(value);
            for (level, items) in levels.iter_mut().enumerate().take(top) {
                if count >> level & 1 == 1 {
                    items.push(key);
                }
            }
            levels[top].extend(std::iter::repeat_n(key, (count >> top) as usize));
        }
        self.absorb_levels(&levels);
    }

    /// Merges another sketch into this one.
    pub fn merge(&mut self, other: &Self) {
        if other.n == 0 {
            return;
        }
        if self.n == 0 {
            let random = self.random.clone();
            *self = other.clone();
            self.random = random;
            return;
        }
        self.widen(other.min, other.max);
        self.n += other.n;
        self.random.stir(other.n);
        self.flush();
        let mut theirs = other.clone();
        theirs.flush();
        self.absorb_levels(&theirs.levels);
    }

    /// The same sketch with Apache's capacities: what is kept in a profile.
    pub fn freeze(&self) -> Self {
        let mut frozen = self.clone();
        frozen.become_frozen();
        frozen
    }

    /// Becomes what is kept in a profile.
    pub fn become_frozen(&mut self) {
        // Few values are sorted when somebody asks for them.
        if self.levels.is_empty() && self.buffer_level == 0 && self.pending.is_empty() {
            self.buffer.shrink_to_fit();
            return;
        }
        self.flush();
        self.buffer_level = 0;
        self.compress(total_capacity, level_capacity);
        while self.levels.last().is_some_and(Vec::is_empty) {
            self.levels.pop();
        }
        self.levels.iter_mut().for_each(Vec::shrink_to_fit);
    }

    /// Sorted items with cumulative weights, to ask for quantiles and ranks.
    pub fn view(&self) -> View {
        let mut flushed = self.clone();
        flushed.flush();
        let items = flushed
            .levels
            .iter()
            .enumerate()
            .flat_map(|(level, keys)| keys.iter().map(move |&key| (value_of(key), 1u64 << level)));
        View::new(items.collect(), self.min, self.max)
    }

    fn widen(&mut self, min: f64, max: f64) {
        // `f64::min` takes the other side when one is NaN, as in an empty sketch.
        self.min = self.min.min(min);
        self.max = self.max.max(max);
    }

    fn push_all(&mut self, mut values: &[f64]) {
        while !values.is_empty() {
            let take = values.len().min(K - self.buffer.len());
            self.buffer
                .extend(values[..take].iter().map(|&value| key_of(value)));
            values = &values[take..];
            if self.buffer.len() == K {
                self.flush_buffer();
            }
        }
    }

    fn push(&mut self, value: f64) {
        self.buffer.push(key_of(value));
        if self.buffer.len() == K {
            self.flush_buffer();
        }
    }

    /// One value of every block of `2^buffer_level`, at random, enters the buffer.
    fn sample(&mut self, mut values: &[f64]) {
        let block = 1usize << self.buffer_level;
        if !self.pending.is_empty() {
            let take = values.len().min(block - self.pending.len());
            self.pending.extend_from_slice(&values[..take]);
            values = &values[take..];
            if self.pending.len() < block {
                return;
            }
            let pick = self.random.bits() as usize & (block - 1);
            let value = self.pending[pick];
            self.pending.clear();
            self.push(value);
        }
        let blocks = values.chunks_exact(block);
        self.pending.extend_from_slice(blocks.remainder());
        for chunk in blocks {
            let pick = self.random.bits() as usize & (block - 1);
            self.push(chunk[pick]);
        }
    }

    /// Everything that waits goes to its level.
    fn flush(&mut self) {
        self.flush_buffer();
        let pending = std::mem::take(&mut self.pending);
        let mut rest = pending.as_slice();
        let mut levels = vec![Vec::new(); self.buffer_level + 1];
        // A part block enters at the levels of the binary digits of its length.
        for level in (0..self.buffer_level).rev() {
            let block = 1usize << level;
            if rest.len() >= block {
                let pick = self.random.bits() as usize & (block - 1);
                levels[level].push(key_of(rest[pick]));
                rest = &rest[block..];
            }
        }
        self.absorb_levels(&levels);
    }

    fn flush_buffer(&mut self) {
        if self.buffer.is_empty() {
            return;
        }
        let mut run = std::mem::take(&mut self.buffer);
        run.sort_unstable();
        self.absorb(&run, self.buffer_level);
        run.clear();
        self.buffer = run;
        self.compress(live_total_capacity, live_capacity);
    }

    fn absorb_levels(&mut self, levels: &[Vec<i64>]) {
        for (level, items) in levels.iter().enumerate() {
            self.absorb(items, level);
        }
        self.compress(live_total_capacity, live_capacity);
    }

    fn absorb(&mut self, sorted: &[i64], level: usize) {
        if sorted.is_empty() {
            return;
        }
        if self.levels.len() <= level {
            self.levels.resize(level + 1, Vec::new());
        }
        let mine = &mut self.levels[level];
        if mine.last().is_none_or(|last| *last <= sorted[0]) {
            mine.extend_from_slice(sorted);
        } else {
            *mine = merge_sorted(mine, sorted);
        }
    }

    /// Halves the lowest full level until all fits.
    fn compress(&mut self, total: fn(usize) -> usize, capacity: fn(usize) -> usize) {
        let mut retained: usize = self.levels.iter().map(Vec::len).sum();
        while retained > total(self.levels.len()) {
            let levels = self.levels.len();
            let full = (0..levels).find(|&level| {
                let len = self.levels[level].len();
                len > 1 && len >= capacity(levels - 1 - level)
            });
            let Some(level) = full else { return };
            retained -= self.levels[level].len() / 2;
            self.halve(level);
        }
    }

    fn halve(&mut self, level: usize) {
        let mut items = std::mem::take(&mut self.levels[level]);
        let odd = items.len() % 2;
        self.random
            .stir(mix(items[0] as u64) ^ items[items.len() - 1] as u64);
        let coin = (self.random.bits() >> 63) as usize;
        let promoted: Vec<i64> = items[odd..].iter().skip(coin).step_by(2).copied().collect();
        items.truncate(odd); // An odd item stays where it was.
        self.levels[level] = items;
        self.absorb(&promoted, level + 1);
    }
}

/// The level at which samples enter once the sketch will hold n values.
fn sample_level(n: u64) -> usize {
    ((n / SAMPLED).checked_ilog2().unwrap_or(0) as usize).min(MAX_SAMPLE_LEVEL)
}

fn live_capacity(depth: usize) -> usize {
    level_capacity(depth).max(LIVE_CAPACITY)
}

fn live_total_capacity(levels: usize) -> usize {
    (0..levels).map(live_capacity).sum()
}

fn merge_sorted(left: &[i64], right: &[i64]) -> Vec<i64> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        let (a, b) = (left[i], right[j]);
        let from_left = a <= b;
        merged.push(if from_left { a } else { b });
        i += usize::from(from_left);
        j += usize::from(!from_left);
    }
    merged.extend_from_slice(&left[i..]);
    merged.extend_from_slice(&right[j..]);
    merged
}
