//! Decimals: measured as doubles, remembered exactly.

use super::{ColumnBuilder, Domain, TypeTag};
use crate::hash::{Hash, hash_bytes, hash_i64};
use crate::metrics::{Exact, Kind};
use crate::sketches::frequent::shorten;

impl ColumnBuilder {
    /// Adds one decimal, `unscaled / 10^scale`.
    pub fn fold_decimal(&mut self, unscaled: i128, scale: i8) {
        if let Ok(scale) = u8::try_from(scale) {
            return self.fold_exact_decimal(Exact::new(unscaled, scale));
        }
        // A negative scale counts the zeros before the point.
        let zeros = scale.unsigned_abs();
        match 10i128
            .checked_pow(u32::from(zeros))
            .and_then(|factor| unscaled.checked_mul(factor))
        {
            Some(whole) => self.fold_exact_decimal(Exact::new(whole, 0)),
            None => {
                let text = format!("{unscaled}{}", "0".repeat(usize::from(zeros)));
                self.fold_decimal_text(&text, text.parse().unwrap_or(f64::NAN));
            }
        }
    }

    /// Adds one decimal.
    pub(super) fn fold_exact_decimal(&mut self, exact: Exact) {
        let text = exact.to_string();
        // A whole number is the same distinct value whether it came as a decimal or an integer.
        let hash = text
            .parse::<i64>()
            .map_or_else(|_| hash_bytes(text.as_bytes()), hash_i64);
        self.fold_exact(&text, exact.to_f64(), Some(exact), hash);
    }

    /// Adds a decimal of more than 128 bits as its text and nearest double.
    pub fn fold_decimal_text(&mut self, text: &str, value: f64) {
        self.fold_exact(text, value, None, hash_bytes(text.as_bytes()));
    }

    fn fold_exact(&mut self, text: &str, value: f64, exact: Option<Exact>, hash: Hash) {
        let Some(rounding) = self.rounding().filter(|_| value.is_finite()) else {
            return self.fold_coarse_decimal(text, value, exact, hash);
        };
        let text = rounding.digits(value);
        let value = text.parse().unwrap_or(value);
        let hash = text
            .parse::<i64>()
            .map_or_else(|_| hash_bytes(text.as_bytes()), hash_i64);
        self.fold_coarse_decimal(&text, value, Exact::parse(&text), hash);
    }

    fn fold_coarse_decimal(&mut self, text: &str, value: f64, exact: Option<Exact>, hash: Hash) {
        self.observe(Kind::Fractional, TypeTag::Decimal, 1);
        self.counts.zeros += u64::from(value == 0.0);
        self.counts.negatives += u64::from(value < 0.0);
        self.add_hash(hash);
        if let Some(frequent) = self.frequent() {
            frequent.texts.add_text(&shorten(text), 1);
        }
        let expected = self.expected;
        if let Some(numbers) = self.numbers(Domain::Number).filter(|_| value.is_finite()) {
            numbers.add_block(&[value], exact.map(|number| (number, number)), expected);
        }
    }
}
