//! Texts in any layout.

use super::counted::{Dense, SPAN};
use super::{BLOCK, ColumnBuilder, TypeTag};
use crate::hash::{Hash, hash_bytes};
use crate::metrics::{Exact, Kind};
use crate::sketches::frequent::{MAX_TEXT, shorten};

/// Lengths of texts, lists or byte strings: small ones are counted directly.
pub(super) struct Lengths {
    dense: Dense,
    long: Vec<f64>,
}

impl Lengths {
    pub(super) fn new() -> Self {
        let mut dense = Dense::new();
        dense.centre(0, SPAN as i64 - 1);
        Self { dense, long: Vec::new() }
    }

    #[inline(always)]
    pub(super) fn add(&mut self, length: usize) {
        if length < SPAN {
            self.dense.add(length as i64);
        } else {
            self.long.push(length as f64);
        }
    }

    pub(super) fn add_times(&mut self, length: usize, count: u64) {
        if length < SPAN {
            self.dense.add_times(length as i64, count);
        } else {
            self.long.extend(std::iter::repeat_n(length as f64, count as usize));
        }
    }
}

/// Buffers that are reused from block to block.
pub(super) struct TextScratch<'a> {
    texts: Vec<&'a str>,
    hashes: Vec<Hash>,
    lengths: Lengths,
}

impl ColumnBuilder {
    /// Adds texts; `ascii` when all are known to be ASCII, which makes lengths cheap.
    pub fn fold_texts<'a>(&mut self, texts: impl Iterator<Item = &'a str>, ascii: bool) {
        let mut scratch = TextScratch { texts: Vec::new(), hashes: Vec::new(), lengths: Lengths::new() };
        self.note_type(TypeTag::String);
        for text in texts {
            scratch.texts.push(text);
            if scratch.texts.len() == BLOCK {
                self.fold_text_block(&mut scratch, ascii);
            }
        }
        self.fold_text_block(&mut scratch, ascii);
        self.finish_lengths(&mut scratch.lengths);
    }

    fn fold_text_block(&mut self, scratch: &mut TextScratch<'_>, ascii: bool) {
        let texts = &scratch.texts;
        self.observe(Kind::String, TypeTag::String, texts.len() as u64);
        self.counts.empty_strings += texts.iter().filter(|text| text.is_empty()).count() as u64;
        for text in texts {
            // `chars().count()` counts the bytes that begin a character.
            scratch.lengths.add(if ascii || text.is_ascii() { text.len() } else { text.chars().count() });
        }
        scratch.hashes.clear();
        scratch.hashes.extend(texts.iter().map(|text| hash_bytes(text.as_bytes())));
        self.add_hashes(&scratch.hashes);
        if let Some(frequent) = self.frequent() {
            for (hash, text) in scratch.hashes.iter().zip(texts) {
                if text.len() <= MAX_TEXT {
                    frequent.texts.add(hash.0, text.as_bytes(), 1);
                } else {
                    frequent.texts.add_text(&shorten(text), 1);
                }
            }
        }
        scratch.texts.clear();
    }

    /// Adds one text `count` times.
    pub(super) fn fold_text_times(&mut self, text: &str, count: u64, lengths: &mut Lengths) {
        self.observe(Kind::String, TypeTag::String, count);
        self.counts.empty_strings += if text.is_empty() { count } else { 0 };
        lengths.add_times(text.chars().count(), count);
        self.add_hash(hash_bytes(text.as_bytes()));
        if let Some(frequent) = self.frequent() {
            frequent.texts.add_text(&shorten(text), count);
        }
    }

    /// Folds the lengths that were collected.
    pub(super) fn finish_lengths(&mut self, lengths: &mut Lengths) {
        let pairs = lengths.dense.take();
        let long = std::mem::take(&mut lengths.long);
        let Some(numbers) = self.lengths() else { return };
        let whole = |length: i64| Exact::from(i128::from(length));
        if let (Some(first), Some(last)) = (pairs.first(), pairs.last()) {
            let exact = Some((whole(first.0), whole(last.0)));
            let floats: Vec<(f64, u64)> = pairs.iter().map(|&(value, count)| (value as f64, count)).collect();
            numbers.add_counted(&floats, exact);
        }
        let range = long.iter().map(|&length| length as i64);
        let exact = range.clone().min().zip(range.max()).map(|(low, high)| (whole(low), whole(high)));
        long.chunks(BLOCK).for_each(|block| numbers.add_block(block, exact, 0));
    }
}
