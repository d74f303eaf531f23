//! Whole numbers.

use super::counted::{Dense, SPAN};
use super::{BLOCK, ColumnBuilder, Domain, TypeTag};
use crate::hash::{Hash, hash_bytes, hash_i64, hash_u64};
use crate::metrics::{Exact, Kind};

/// Fewest values for which direct counters pay.
const DENSE_FROM: usize = 256;

/// Buffers that are reused from block to block.
pub(super) struct IntegerScratch {
    hashes: Vec<Hash>,
    floats: Vec<f64>,
    dense: Dense,
}

impl IntegerScratch {
    pub(super) fn new() -> Self {
        Self {
            hashes: Vec::new(),
            floats: Vec::new(),
            dense: Dense::new(),
        }
    }
}

impl ColumnBuilder {
    /// Adds whole numbers.
    pub fn fold_integers(&mut self, values: &[i64]) {
        let mut scratch = IntegerScratch::new();
        self.note_type(TypeTag::Integer);
        for block in values.chunks(BLOCK) {
            self.fold_integer_block(block, &mut scratch);
        }
        self.finish_integers(&mut scratch);
    }

    /// Adds a block; what is counted directly waits in the scratch until [`Self::finish_integers`].
    pub(super) fn fold_integer_block(&mut self, block: &[i64], scratch: &mut IntegerScratch) {
        match self.rounding() {
            None => self.fold_coarse_integers(block, scratch),
            Some(rounding) => {
                let rounded: Vec<i64> = block.iter().map(|&value| rounding.whole(value)).collect();
                self.fold_coarse_integers(&rounded, scratch);
            }
        }
    }

    fn fold_coarse_integers(&mut self, block: &[i64], scratch: &mut IntegerScratch) {
        let Some(&first) = block.first() else { return };
        let (min, max) = block.iter().fold((first, first), |(low, high), &value| {
            (low.min(value), high.max(value))
        });
        if !scratch.dense.covers(min, max) {
            if block.len() < DENSE_FROM || max.checked_sub(min).is_none_or(|range| range >= SPAN as i64 / 2) {
                return self.fold_spread_integers(block, (min, max), scratch);
            }
            self.finish_integers(scratch);
            scratch.dense.centre(min, max);
        }
        scratch.dense.add_all(block);
    }

    /// Folds what was counted directly.
    pub(super) fn finish_integers(&mut self, scratch: &mut IntegerScratch) {
        let pairs = scratch.dense.take();
        self.fold_counted_integers(&pairs);
    }

    /// Adds `(value, count)` pairs in ascending order of value.
    pub fn fold_counted_integers(&mut self, pairs: &[(i64, u64)]) {
        let Some(rounding) = self.rounding() else {
            return self.fold_coarse_counts(pairs);
        };
        let mut rounded: Vec<(i64, u64)> = Vec::with_capacity(pairs.len());
        for (value, count) in pairs.iter().map(|pair| (rounding.whole(pair.0), pair.1)) {
            match rounded.last_mut().filter(|last| last.0 == value) {
                Some(last) => last.1 += count,
                None => rounded.push((value, count)),
            }
        }
        self.fold_coarse_counts(&rounded);
    }

    fn fold_coarse_counts(&mut self, pairs: &[(i64, u64)]) {
        let (Some(first), Some(last)) = (pairs.first(), pairs.last()) else {
            return;
        };
        let exact = Some((Exact::from(i128::from(first.0)), Exact::from(i128::from(last.0))));
        self.observe(
            Kind::Integer,
            TypeTag::Integer,
            pairs.iter().map(|pair| pair.1).sum(),
        );
        self.counts.negatives += pairs
            .iter()
            .filter(|pair| pair.0 < 0)
            .map(|pair| pair.1)
            .sum::<u64>();
        self.counts.zeros += pairs.iter().find(|pair| pair.0 == 0).map_or(0, |pair| pair.1);
        for &(value, count) in pairs {
            let hash = hash_i64(value);
            self.add_hash(hash);
            if let Some(frequent) = self.frequent() {
                frequent.integers.add(hash.0, value as u64, count);
            }
        }
        let floats: Vec<(f64, u64)> = pairs
            .iter()
            .map(|&(value, count)| (value as f64, count))
            .collect();
        if let Some(numbers) = self.numbers(Domain::Number) {
            numbers.add_counted(&floats, exact);
        }
    }

    fn fold_spread_integers(&mut self, block: &[i64], (min, max): (i64, i64), scratch: &mut IntegerScratch) {
        self.observe(Kind::Integer, TypeTag::Integer, block.len() as u64);
        if min <= 0 {
            self.counts.zeros += block.iter().filter(|&&value| value == 0).count() as u64;
            self.counts.negatives += block.iter().filter(|&&value| value < 0).count() as u64;
        }
        let exact = Some((Exact::from(i128::from(min)), Exact::from(i128::from(max))));
        scratch.floats.clear();
        scratch.floats.extend(block.iter().map(|&value| value as f64));
        let expected = self.expected;
        if let Some(numbers) = self.numbers(Domain::Number) {
            numbers.add_block(&scratch.floats, exact, expected);
        }
        self.items.add_integers(block, &mut scratch.hashes);
    }

    /// Adds unsigned numbers; those below 2^63 are like signed ones.
    pub fn fold_unsigned(&mut self, values: &[u64]) {
        let (small, large): (Vec<u64>, Vec<u64>) =
            values.iter().partition(|&&value| value <= i64::MAX as u64);
        let small: Vec<i64> = small.into_iter().map(|value| value as i64).collect();
        self.fold_integers(&small);
        for value in large {
            self.fold_large_integer(&value.to_string(), Some(i128::from(value)), hash_u64(value));
        }
    }

    /// Adds a whole number of more than 64 bits, given as decimal text.
    pub fn fold_big_integer(&mut self, text: &str) {
        self.fold_large_integer(text, text.parse().ok(), hash_bytes(text.as_bytes()));
    }

    fn fold_large_integer(&mut self, text: &str, exact: Option<i128>, hash: Hash) {
        let Some(rounding) = self.rounding() else {
            return self.fold_coarse_large_integer(text, exact, hash);
        };
        let text = rounding.digits(text.parse().unwrap_or(f64::NAN));
        self.fold_coarse_large_integer(&text, text.parse().ok(), hash_bytes(text.as_bytes()));
    }

    fn fold_coarse_large_integer(&mut self, text: &str, exact: Option<i128>, hash: Hash) {
        self.observe(Kind::Integer, TypeTag::Integer, 1);
        self.counts.negatives += u64::from(text.starts_with('-'));
        self.add_hash(hash);
        if let Some(frequent) = self.frequent() {
            frequent
                .texts
                .add_text(&crate::sketches::frequent::shorten(text), 1);
        }
        // Beyond the range of doubles there is a count and a distinct value, but no moment.
        let value: f64 = text.parse().unwrap_or(f64::NAN);
        let exact = exact.map(|number| (Exact::from(number), Exact::from(number)));
        if let Some(numbers) = self.numbers(Domain::Number).filter(|_| value.is_finite()) {
            numbers.add_block(&[value], exact, 0);
        }
    }
}
