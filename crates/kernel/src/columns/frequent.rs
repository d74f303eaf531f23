//! Counters of frequent values, one table a kind of value; texts only in the end.

use crate::hash::{hash_bytes, hash_i64, hash_u64};
use crate::sketches::frequent::{CountTable, FrequentItems, NumberKeys, TextKeys};
use std::fmt::Write;

#[derive(Debug, Clone, Default)]
pub(super) struct FrequentBuilder {
    pub(super) booleans: [u64; 2],
    pub(super) integers: CountTable<NumberKeys>,
    pub(super) floats: CountTable<NumberKeys>,
    /// Days since the epoch.
    pub(super) dates: CountTable<NumberKeys>,
    pub(super) texts: CountTable<TextKeys>,
}

impl FrequentBuilder {
    pub(super) fn merge(&mut self, other: &Self) {
        self.booleans
            .iter_mut()
            .zip(other.booleans)
            .for_each(|(mine, theirs)| *mine += theirs);
        self.integers.merge(&other.integers, |key| hash_i64(key as i64).0);
        self.floats.merge(&other.floats, |key| hash_u64(key).0);
        self.dates.merge(&other.dates, |key| hash_i64(key as i64).0);
        self.texts.merge(&other.texts, |bytes| hash_bytes(bytes).0);
    }

    pub(super) fn freeze(&self) -> FrequentItems {
        let named = ["false", "true"].into_iter().zip(self.booleans);
        let booleans = named.filter(|item| item.1 > 0);
        let parts = [
            FrequentItems::new(booleans, 0, self.booleans.iter().sum()),
            self.integers
                .freeze(|key, out| append(out, format_args!("{}", key as i64))),
            self.floats
                .freeze(|bits, out| append_float(out, f64::from_bits(bits))),
            self.dates
                .freeze(|days, out| out.push_str(&super::temporal::date_text(days as i64))),
            self.texts.freeze_texts(),
        ];
        let mut used = parts.iter().filter(|part| part.total() > 0);
        match (used.next(), used.next()) {
            (None, _) => FrequentItems::default(),
            (Some(only), None) => only.clone(),
            _ => FrequentItems::merge_all(&parts),
        }
    }
}

fn append(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(text);
}

/// The shortest text that reads back as the same double, always with a point or an exponent.
fn append_float(out: &mut String, value: f64) {
    if value.is_nan() {
        out.push_str("nan");
    } else {
        append(out, format_args!("{value:?}"));
    }
}
