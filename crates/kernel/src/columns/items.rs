//! Distinct count and frequent values of one column while they are made.
//!
//! Values of small batches wait, as they do for the quantiles, and are counted some hundreds at a time; what a
//! small column has is counted when somebody asks. So ten thousand segments of a few records each cost little
//! more than their values.

use super::frequent::FrequentBuilder;
use crate::hash::{Hash, canonical_bits, hash_bytes, hash_i64, hash_u64};
use crate::privacy::{Settings, keyed};
use crate::sketches::frequent::{FrequentItems, MAX_TEXT, shorten};
use crate::sketches::hll::Hll;
use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// Values that wait at most, of each kind.
const WAITING: usize = 256;

/// Bytes of texts that wait at most.
const WAITING_BYTES: usize = 1 << 13;

/// Distinct count and frequent values, as far as they are wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Items {
    pub(super) cardinality: Option<Hll>,
    wants_frequent: bool,
    privacy: Option<Arc<Settings>>,
    frequent: Option<Box<FrequentBuilder>>,
    waiting: Waiting,
}

#[derive(Debug, Clone, Default)]
struct Waiting {
    /// How often false and true came.
    booleans: [u64; 2],
    integers: Vec<i64>,
    floats: Vec<f64>,
    /// Whole numbers that are hashed and not listed.
    hashed: Vec<i64>,
    text: String,
    ends: Vec<u32>,
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
        for (waiting, count) in self.waiting.booleans.iter_mut().zip(counts) {
            *waiting += count;
        }
    }

    /// Counts whole numbers.
    pub(super) fn add_integers(&mut self, values: &[i64], hashes: &mut Vec<Hash>) {
        if !self.wants_hashes() {
            return;
        }
        if values.len() < WAITING {
            if self.waiting.integers.len() + values.len() > WAITING {
                self.settle();
            }
            self.waiting.integers.extend_from_slice(values);
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
        if values.len() < WAITING {
            if self.waiting.floats.len() + values.len() > WAITING {
                self.settle();
            }
            self.waiting.floats.extend_from_slice(values);
            return;
        }
        self.count_floats(values, hashes);
    }

    fn count_floats(&mut self, values: &[f64], hashes: &mut Vec<Hash>) {
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
        if identities.len() < WAITING {
            if self.waiting.hashed.len() + identities.len() > WAITING {
                self.settle();
            }
            self.waiting.hashed.extend(identities);
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
        let bytes = texts.iter().map(|text| text.len()).sum::<usize>();
        if texts.len() < WAITING && bytes < WAITING_BYTES {
            self.make_room(texts.len(), bytes);
            let Waiting { text, ends, .. } = &mut self.waiting;
            ends.extend(texts.iter().map(|one| {
                text.push_str(one);
                text.len() as u32
            }));
            return;
        }
        self.count_texts(texts, hashes);
    }

    /// Counts ASCII texts that stand behind each other, by where each ends.
    pub(super) fn add_ascii(&mut self, bytes: &[u8], ends: impl ExactSizeIterator<Item = usize>) {
        let Ok(added) = std::str::from_utf8(bytes) else {
            return;
        };
        if !self.wants_hashes() {
            return;
        }
        if ends.len() < WAITING && bytes.len() < WAITING_BYTES {
            self.make_room(ends.len(), bytes.len());
            let Waiting { text, ends: mine, .. } = &mut self.waiting;
            let start = text.len();
            text.push_str(added);
            mine.extend(ends.map(|end| (start + end) as u32));
            return;
        }
        let mut start = 0;
        let texts = ends.map(|end| &added[std::mem::replace(&mut start, end)..end]);
        self.count_texts(&texts.collect::<Vec<&str>>(), &mut Vec::new());
    }

    /// Makes room for some more texts that wait.
    fn make_room(&mut self, texts: usize, bytes: usize) {
        let waiting = &self.waiting;
        if waiting.ends.len() + texts > WAITING || waiting.text.len() + bytes > WAITING_BYTES {
            self.settle();
        }
        self.waiting.text.reserve(bytes);
    }

    fn count_texts(&mut self, texts: &[&str], hashes: &mut Vec<Hash>) {
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

    /// Counts what waits.
    #[cold]
    fn settle(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let mut hashes = Vec::with_capacity(WAITING);
        for (value, count) in waiting.booleans.into_iter().enumerate().filter(|pair| pair.1 > 0) {
            self.add_hash(hash_u64(value as u64));
            if let Some(frequent) = self.frequent() {
                frequent.booleans[value] += count;
            }
        }
        if !waiting.integers.is_empty() {
            hashes.extend(waiting.integers.iter().map(|&value| hash_i64(value)));
            self.add_hashes(&hashes);
            if let Some(frequent) = self.frequent() {
                for (hash, &value) in hashes.iter().zip(&waiting.integers) {
                    frequent.integers.add(hash.0, value as u64, 1);
                }
            }
        }
        if !waiting.floats.is_empty() {
            self.count_floats(&waiting.floats, &mut hashes);
        }
        waiting
            .hashed
            .iter()
            .for_each(|&value| self.add_hash(hash_i64(value)));
        if !waiting.ends.is_empty() {
            let starts = std::iter::once(0).chain(waiting.ends.iter().copied());
            let texts = starts.zip(&waiting.ends);
            let texts: Vec<&str> = texts
                .map(|(start, &end)| &waiting.text[start as usize..end as usize])
                .collect();
            self.count_texts(&texts, &mut hashes);
        }
    }

    /// Adds another part of the same column.
    pub(super) fn merge(&mut self, other: &Self) {
        self.settle();
        let mut theirs = Cow::Borrowed(other);
        if !other.waiting.is_empty() {
            theirs.to_mut().settle();
        }
        if let (Some(mine), Some(theirs)) = (&mut self.cardinality, &theirs.cardinality) {
            mine.merge(theirs);
        }
        if let (Some(theirs), Some(mine)) = (&theirs.frequent, self.frequent()) {
            mine.merge(theirs);
        }
    }

    /// What a profile keeps: of a small column what it takes to work it out when somebody asks.
    pub(super) fn freeze(items: Cow<'_, Self>, scalars: bool, listed: bool) -> Frozen {
        let (scalars, listed) = (
            scalars && items.cardinality.is_some(),
            listed && items.wants_frequent,
        );
        if !scalars && !listed {
            return (None, None);
        }
        // A profile of private values does not carry them along until somebody asks.
        let open = items
            .privacy
            .as_ref()
            .is_none_or(|privacy| !privacy.hides_values());
        if open && items.frequent.as_ref().is_none_or(|frequent| frequent.is_small()) {
            let later = Arc::new(Later {
                items: items.into_owned(),
                counted: OnceLock::new(),
            });
            return (
                scalars.then(|| Lazy::Later(later.clone(), |counted| &counted.0)),
                listed.then(|| Lazy::Later(later, |counted| &counted.1)),
            );
        }
        let mut settled = items;
        if !settled.waiting.is_empty() {
            settled.to_mut().settle();
        }
        let frequent = listed.then(|| settled.frozen().into());
        let cardinality = match settled {
            Cow::Borrowed(items) => items.cardinality.clone(),
            Cow::Owned(items) => items.cardinality,
        };
        (cardinality.filter(|_| scalars).map(Lazy::from), frequent)
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

impl Waiting {
    fn is_empty(&self) -> bool {
        let numbers = self.integers.is_empty() && self.floats.is_empty() && self.hashed.is_empty();
        numbers && self.ends.is_empty() && self.booleans == [0, 0]
    }
}

type Counted = (Hll, FrequentItems);

/// Distinct count and frequent values as a profile keeps them, as far as they are wanted.
pub(super) type Frozen = (Option<Lazy<Hll>>, Option<Lazy<FrequentItems>>);

/// A small column's values, and what they come to.
#[derive(Debug)]
pub struct Later {
    items: Items,
    counted: OnceLock<Counted>,
}

impl Later {
    fn counted(&self) -> &Counted {
        self.counted.get_or_init(|| {
            let mut items = self.items.clone();
            items.settle();
            (items.cardinality.clone().unwrap_or_default(), items.frozen())
        })
    }
}

/// A sketch of a profile, perhaps worked out only when it is asked for. Copies share the work.
#[derive(Clone)]
pub enum Lazy<T> {
    /// There already.
    Ready(T),
    /// Worked out with others when first asked for.
    Later(Arc<Later>, fn(&Counted) -> &T),
}

impl<T> Deref for Lazy<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Ready(value) => value,
            Self::Later(later, get) => get(later.counted()),
        }
    }
}

impl<T> From<T> for Lazy<T> {
    fn from(value: T) -> Self {
        Self::Ready(value)
    }
}

impl<T: PartialEq> PartialEq for Lazy<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: fmt::Debug> fmt::Debug for Lazy<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}
