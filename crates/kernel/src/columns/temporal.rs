//! Dates, times, timestamps and durations, whatever their unit.
//!
//! All units meet in microseconds (dates in days), so that the same instants give the same profile
//! whether they came in seconds or nanoseconds. For distinct counts a value that is not a whole
//! number of microseconds is hashed as its nanoseconds.

use super::{BLOCK, ColumnBuilder, Domain, TypeTag};
use crate::hash::{Hash, hash_i64};
use crate::metrics::{Exact, Kind};

/// The unit of a temporal array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Second,
    /// Thousandths.
    Millisecond,
    /// Millionths.
    Microsecond,
    /// Thousand-millionths.
    Nanosecond,
}

impl Unit {
    /// The value as microseconds, to be measured.
    #[inline(always)]
    fn measure(self, value: i64) -> f64 {
        match self {
            Self::Second => value as f64 * 1e6,
            Self::Millisecond => value as f64 * 1e3,
            Self::Microsecond => value as f64,
            // Divided as a whole number first: a double does not hold the nanoseconds of today.
            Self::Nanosecond => value.div_euclid(1_000) as f64 + value.rem_euclid(1_000) as f64 / 1e3,
        }
    }

    /// The whole number under which the value is hashed.
    #[inline(always)]
    fn identity(self, value: i64) -> i64 {
        match self {
            Self::Second => value.wrapping_mul(1_000_000),
            Self::Millisecond => value.wrapping_mul(1_000),
            Self::Microsecond => value,
            Self::Nanosecond if value % 1_000 == 0 => value / 1_000,
            Self::Nanosecond => value,
        }
    }

    /// Whole microseconds, rounded down; saturating.
    pub fn microseconds(self, value: i64) -> i64 {
        match self {
            Self::Second => value.saturating_mul(1_000_000),
            Self::Millisecond => value.saturating_mul(1_000),
            Self::Microsecond => value,
            Self::Nanosecond => value.div_euclid(1_000),
        }
    }
}

impl ColumnBuilder {
    /// Adds timestamps, times of day or durations.
    pub fn fold_temporal(&mut self, values: &[i64], unit: Unit, domain: Domain) {
        let Some(rounding) = self.rounding() else {
            return self.fold_coarse_times(values, unit, domain);
        };
        let coarse = |&value: &i64| rounding.microseconds(unit.microseconds(value));
        let rounded: Vec<i64> = values.iter().map(coarse).collect();
        self.fold_coarse_times(&rounded, Unit::Microsecond, domain);
    }

    fn fold_coarse_times(&mut self, values: &[i64], unit: Unit, domain: Domain) {
        let tag = match domain {
            Domain::Timestamp => TypeTag::Timestamp,
            Domain::Time => TypeTag::Time,
            _ => TypeTag::Duration,
        };
        let mut floats = Vec::with_capacity(values.len().min(BLOCK));
        let mut hashes: Vec<Hash> = Vec::new();
        self.note_type(tag);
        for block in values.chunks(BLOCK) {
            self.observe(Kind::Temporal, tag, block.len() as u64);
            floats.clear();
            floats.extend(block.iter().map(|&value| unit.measure(value)));
            self.add_finite(&floats, domain);
            let identities = block.iter().map(|&value| unit.identity(value));
            self.items.add_hashed(identities, &mut hashes);
        }
    }

    /// Adds dates, in days since the epoch.
    pub fn fold_dates(&mut self, days: &[i64]) {
        let Some(rounding) = self.rounding() else {
            return self.fold_coarse_dates(days);
        };
        let rounded: Vec<i64> = days.iter().map(|&day| rounding.days(day)).collect();
        self.fold_coarse_dates(&rounded);
    }

    fn fold_coarse_dates(&mut self, days: &[i64]) {
        self.note_type(TypeTag::Date);
        for block in days.chunks(BLOCK) {
            self.observe(Kind::Temporal, TypeTag::Date, block.len() as u64);
            let floats: Vec<f64> = block.iter().map(|&day| day as f64).collect();
            let range = block.iter().copied().min().zip(block.iter().copied().max());
            let exact =
                range.map(|(low, high)| (Exact::from(i128::from(low)), Exact::from(i128::from(high))));
            let expected = self.expected;
            if let Some(numbers) = self.numbers(Domain::Date) {
                numbers.add_block(&floats, exact, expected);
            }
            for &day in block {
                let hash = hash_i64(day);
                self.add_hash(hash);
                if let Some(frequent) = self.frequent() {
                    frequent.dates.add(hash.0, day as u64, 1);
                }
            }
        }
    }
}

/// A date in ISO form.
pub(crate) fn date_text(days: i64) -> String {
    let (year, month, day) = crate::calendar::civil(days);
    if (0..=9999).contains(&year) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:+}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_dates() {
        assert_eq!(date_text(0), "1970-01-01");
        assert_eq!(date_text(-1), "1969-12-31");
        assert_eq!(date_text(15_744), "2013-02-08");
        assert_eq!(date_text(11_016), "2000-02-29");
    }

    #[test]
    fn units_meet() {
        assert_eq!(Unit::Second.identity(5), Unit::Nanosecond.identity(5_000_000_000));
        assert_eq!(Unit::Millisecond.measure(5), Unit::Microsecond.measure(5_000));
        assert_eq!(Unit::Nanosecond.microseconds(-1), -1);
    }
}
