//! Doubles, and whatever widens to them.

use super::{BLOCK, ColumnBuilder, Domain, TypeTag};
use crate::hash::Hash;
use crate::metrics::{Kind, Sums};

impl ColumnBuilder {
    /// Adds doubles; `nan_is_null` for sources whose mark of a missing value is NaN.
    pub fn fold_floats(&mut self, values: &[f64], nan_is_null: bool) {
        let mut hashes = Vec::new();
        self.note_type(TypeTag::Fractional);
        for block in values.chunks(BLOCK) {
            self.fold_float_block(block, nan_is_null, &mut hashes);
        }
    }

    pub(super) fn fold_float_block(&mut self, block: &[f64], nan_is_null: bool, hashes: &mut Vec<Hash>) {
        let Some(rounding) = self.rounding() else {
            return self.fold_coarse_floats(block, nan_is_null, hashes);
        };
        let coarse = |&value: &f64| {
            if value.is_finite() {
                rounding.number(value)
            } else {
                value
            }
        };
        let rounded: Vec<f64> = block.iter().map(coarse).collect();
        self.fold_coarse_floats(&rounded, nan_is_null, hashes);
    }

    fn fold_coarse_floats(&mut self, block: &[f64], nan_is_null: bool, hashes: &mut Vec<Hash>) {
        let sums = Sums::of(block);
        // A sum with NaN or infinities in it is not finite.
        if sums.sum.is_finite() {
            self.observe(Kind::Fractional, TypeTag::Fractional, block.len() as u64);
            self.count_signs(block, sums.min);
            let expected = self.expected;
            if let Some(numbers) = self.numbers(Domain::Number) {
                numbers.add_summed(block, sums, None, expected);
            }
            self.items.add_floats(block, hashes);
            return;
        }
        let present: Vec<f64> = block
            .iter()
            .copied()
            .filter(|value| !nan_is_null || !value.is_nan())
            .collect();
        self.fold_nulls((block.len() - present.len()) as u64);
        self.observe(Kind::Fractional, TypeTag::Fractional, present.len() as u64);
        self.count_signs(&present, f64::NEG_INFINITY);
        let count = |test: fn(f64) -> bool| present.iter().filter(|value| test(**value)).count() as u64;
        self.counts.nans += count(f64::is_nan);
        self.counts.positive_infinities += count(|value| value == f64::INFINITY);
        self.counts.negative_infinities += count(|value| value == f64::NEG_INFINITY);
        let finite: Vec<f64> = present
            .iter()
            .copied()
            .filter(|value| value.is_finite())
            .collect();
        self.add_finite(&finite, Domain::Number);
        self.items.add_floats(&present, hashes);
    }

    fn count_signs(&mut self, values: &[f64], min: f64) {
        if min <= 0.0 {
            self.counts.zeros += values.iter().map(|&value| u64::from(value == 0.0)).sum::<u64>();
            self.counts.negatives += values.iter().map(|&value| u64::from(value < 0.0)).sum::<u64>();
        }
    }

    /// Adds finite values to moments and quantiles.
    pub(super) fn add_finite(&mut self, values: &[f64], domain: Domain) {
        let expected = self.expected;
        if let Some(numbers) = self.numbers(domain) {
            numbers.add_block(values, None, expected);
        }
    }
}
