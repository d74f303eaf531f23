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

/// An item while items are sorted.
struct Item {
    count: u64,
    /// Decides most comparisons: where counts are small, nearly all tie.
    beginning: u64,
    start: usize,
    end: usize,
}

/// The first eight bytes of a text, in the order of texts.
fn beginning(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    let len = bytes.len().min(8);
    word[..len].copy_from_slice(&bytes[..len]);
    u64::from_be_bytes(word)
}

impl FrequentItems {
    /// A sketch from its parts, in any order.
    pub fn new(items: impl IntoIterator<Item = (impl AsRef<str>, u64)>, offset: u64, total: u64) -> Self {
        Self::written(items, |text, out| out.push_str(text.as_ref()), offset, total)
    }

    /// A sketch from its parts, in any order; `write` appends the text of an item.
    pub(super) fn written<T>(
        items: impl IntoIterator<Item = (T, u64)>,
        write: impl Fn(T, &mut String),
        offset: u64,
        total: u64,
    ) -> Self {
        let mut unsorted = String::new();
        let mut order: Vec<Item> = Vec::new();
        for (item, count) in items {
            let start = unsorted.len();
            write(item, &mut unsorted);
            order.push(Item {
                count,
                beginning: beginning(&unsorted.as_bytes()[start..]),
                start,
                end: unsorted.len(),
            });
        }
        let text = |item: &Item| &unsorted[item.start..item.end];
        order.sort_unstable_by(|a, b| {
            (b.count, a.beginning)
                .cmp(&(a.count, b.beginning))
                .then_with(|| text(a).cmp(text(b)))
        });
        let mut texts = String::with_capacity(unsorted.len());
        let ends = order
            .iter()
            .map(|item| {
                texts.push_str(text(item));
                texts.len() as u32
            })
            .collect();
        let counts = order.iter().map(|item| item.count).collect();
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

    /// The same without values that are not sure to have occurred so often: what is left out may have
    /// occurred once less, and so the bounds of all are that much wider.
    pub fn at_least(&self, count: u64) -> Self {
        if self.counts.iter().all(|&counted| counted >= count) {
            return self.clone();
        }
        let amount = count - 1;
        let kept = self.items().filter(|item| item.1 >= count);
        Self::new(
            kept.map(|(item, counted)| (item, counted - amount)),
            self.offset.saturating_add(amount).min(self.total),
            self.total,
        )
    }

    /// The same under other names.
    pub fn renamed(&self, name: impl Fn(&str) -> String) -> Self {
        Self::new(
            self.items().map(|(item, count)| (name(item), count)),
            self.offset,
            self.total,
        )
    }

    /// Merges sketches.
    pub fn merge_all<'a>(sketches: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut table = CountTable::<TextKeys>::default();
        sketches.into_iter().for_each(|sketch| table.add_frozen(sketch));
        table.freeze_texts()
    }
}
