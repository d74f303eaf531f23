//! The frozen sketch: items as texts, largest counter first.

use super::{CountTable, TextKeys};

/// The most frequent items of a column; the texts stand one behind the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FrequentItems {
    texts: Box<str>,
    ends: Box<[u32]>,
    counts: Box<[u64]>,
    offset: u64,
    total: u64,
}

impl FrequentItems {
    /// A sketch from its parts, in any order.
    pub fn new(mut items: Vec<(String, u64)>, offset: u64, total: u64) -> Self {
        items.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut texts = String::new();
        let ends = items
            .iter()
            .map(|item| {
                texts.push_str(&item.0);
                texts.len() as u32
            })
            .collect();
        let counts = items.iter().map(|item| item.1).collect();
        Self {
            texts: texts.into_boxed_str(),
            ends,
            counts,
            offset,
            total,
        }
    }

    /// How many items are listed.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether no item is listed.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Items with their lower bounds, largest first; ties in order of text.
    pub fn items(&self) -> impl Iterator<Item = (&str, u64)> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let texts = starts
            .zip(&self.ends)
            .map(|(start, &end)| &self.texts[start as usize..end as usize]);
        texts.zip(self.counts.iter().copied())
    }

    /// What to add to a lower bound for the upper one; the most an absent item can have.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// How many values were counted.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Whether every value is listed with its exact count.
    pub fn is_exact(&self) -> bool {
        self.offset == 0
    }

    /// Merges sketches.
    pub fn merge_all<'a>(sketches: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut table = CountTable::<TextKeys>::default();
        sketches.into_iter().for_each(|sketch| table.add_frozen(sketch));
        table.freeze_texts()
    }
}
