//! Distinct count and frequent values of one column while they are made.

use super::frequent::FrequentBuilder;
use crate::hash::{Hash, canonical_bits, hash_bytes, hash_i64, hash_u64};
use crate::privacy::{Settings, keyed};
use crate::sketches::frequent::{FrequentItems, MAX_TEXT, shorten};
use crate::sketches::hll::Hll;
use std::sync::Arc;

/// Distinct count and frequent values, as far as they are wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Items {
    pub(super) cardinality: Option<Hll>,
    wants_frequent: bool,
    privacy: Option<Arc<Settings>>,
    frequent: Option<Box<FrequentBuilder>>,
}

impl Items {
    pub(super) fn new(cardinality: bool, frequent: bool) -> Self {
        Self {
            cardinality: cardinality.then(Hll::new),
            wants_frequent: frequent,
            ..Self::default()
        }
    }

    /// The same, as private as the column is.
    pub(super) fn with_privacy(mut self, privacy: Option<Arc<Settings>>) -> Self {
        if let Some(settings) = &privacy {
            self.wants_frequent &= settings.has_items();
            self.cardinality = self.cardinality.filter(|_| settings.has_cardinality());
        }
        self.privacy = privacy;
        self
    }

    /// Whether anything is wanted that needs hashes.
    pub(super) fn wants_hashes(&self) -> bool {
        self.cardinality.is_some() || self.wants_frequent
    }

    pub(super) fn add_hash(&mut self, hash: Hash) {
        if let Some(cardinality) = &mut self.cardinality {
            let secret = self
                .privacy
                .as_ref()
                .and_then(|privacy| privacy.counting_secret());
            cardinality.add(keyed(secret, hash));
        }
    }

    fn add_hashes(&mut self, hashes: &[Hash]) {
        let Some(cardinality) = &mut self.cardinality else {
            return;
        };
        match self
            .privacy
            .as_ref()
            .and_then(|privacy| privacy.counting_secret())
        {
            None => cardinality.add_all(hashes),
            secret => hashes
                .iter()
                .for_each(|&hash| cardinality.add(keyed(secret, hash))),
        }
    }

    /// The counters of frequent items, when wanted.
    pub(super) fn frequent(&mut self) -> Option<&mut FrequentBuilder> {
        self.wants_frequent
            .then(|| &mut **self.frequent.get_or_insert_default())
    }

    /// Counts how often false and true came.
    pub(super) fn add_booleans(&mut self, counts: [u64; 2]) {
        for (value, count) in counts.into_iter().enumerate().filter(|pair| pair.1 > 0) {
            self.add_hash(hash_u64(value as u64));
            if let Some(frequent) = self.frequent() {
                frequent.booleans[value] += count;
            }
        }
    }

    /// Counts whole numbers.
    pub(super) fn add_integers(&mut self, values: &[i64], hashes: &mut Vec<Hash>) {
        if !self.wants_hashes() {
            return;
        }
        hashes.clear();
        hashes.extend(values.iter().map(|&value| hash_i64(value)));
        self.add_hashes(hashes);
        if let Some(frequent) = self.frequent() {
            for (hash, &value) in hashes.iter().zip(values) {
                frequent.integers.add(hash.0, value as u64, 1);
            }
        }
    }

    /// Counts doubles.
    pub(super) fn add_floats(&mut self, values: &[f64], hashes: &mut Vec<Hash>) {
        if !self.wants_hashes() {
            return;
        }
        hashes.clear();
        hashes.extend(values.iter().map(|&value| hash_u64(canonical_bits(value))));
        self.add_hashes(hashes);
        if let Some(frequent) = self.frequent() {
            for (hash, &value) in hashes.iter().zip(values) {
                frequent.floats.add(hash.0, canonical_bits(value), 1);
            }
        }
    }

    /// Counts whole numbers that are not listed.
    pub(super) fn add_hashed(
        &mut self,
        identities: impl ExactSizeIterator<Item = i64>,
        hashes: &mut Vec<Hash>,
    ) {
        if self.cardinality.is_none() {
            return;
        }
        hashes.clear();
        hashes.extend(identities.map(hash_i64));
        self.add_hashes(hashes);
    }

    /// Counts texts.
    pub(super) fn add_texts(&mut self, texts: &[&str], hashes: &mut Vec<Hash>) {
        if !self.wants_hashes() {
            return;
        }
        hashes.clear();
        hashes.extend(texts.iter().map(|text| hash_bytes(text.as_bytes())));
        self.add_hashes(hashes);
        if let Some(frequent) = self.frequent() {
            for (hash, text) in hashes.iter().zip(texts) {
                if text.len() <= MAX_TEXT {
                    frequent.texts.add(hash.0, text.as_bytes(), 1);
                } else {
                    frequent.texts.add_text(&shorten(text), 1);
                }
            }
        }
    }

    /// Adds another part of the same column.
    pub(super) fn merge(&mut self, other: &Self) {
        if let (Some(mine), Some(theirs)) = (&mut self.cardinality, &other.cardinality) {
            mine.merge(theirs);
        }
        if let (Some(theirs), Some(mine)) = (&other.frequent, self.frequent()) {
            mine.merge(theirs);
        }
    }

    /// The frequent values as a profile keeps them, where they are wanted.
    pub(super) fn listed(&self) -> Option<FrequentItems> {
        self.wants_frequent.then(|| self.frozen())
    }

    fn frozen(&self) -> FrequentItems {
        let frequent = self.frequent.as_ref();
        let items = frequent.map(|frequent| frequent.freeze()).unwrap_or_default();
        match &self.privacy {
            Some(privacy) => privacy.shown(items),
            None => items,
        }
    }
}
