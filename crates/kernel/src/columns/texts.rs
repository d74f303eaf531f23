//! Texts in any layout.

use super::counted::{Dense, SPAN};
use super::repeated::{Repeated, SHORT};
use super::{BLOCK, ColumnBuilder, TypeTag};
use crate::hash::{Hash, hash_bytes};
use crate::metrics::Kind;
use crate::sketches::frequent::{MAX_TEXT, shorten};

/// Texts of a batch up to which their lengths are measured one by one.
const FEW: usize = 256;

/// Lengths of texts, lists or byte strings: small ones are counted directly.
pub(super) struct Lengths {
    dense: Dense,
    long: Vec<f64>,
}

impl Lengths {
    pub(super) fn new() -> Self {
        Self {
            dense: Dense::new(),
            long: Vec::new(),
        }
    }

    /// Whether no length was added.
    fn is_unused(&self) -> bool {
        !self.dense.is_open() && self.long.is_empty()
    }

    /// The counters, which are not worth their memory before there is a length.
    #[inline(always)]
    fn open(&mut self) -> &mut Dense {
        if !self.dense.is_open() {
            self.dense.centre(0, SPAN as i64 - 1);
        }
        &mut self.dense
    }

    #[inline(always)]
    pub(super) fn add(&mut self, length: usize) {
        if length < SPAN {
            self.open().add(length as i64);
        } else {
            self.long.push(length as f64);
        }
    }

    pub(super) fn add_times(&mut self, length: usize, count: u64) {
        if length < SPAN {
            self.open().add_times(length as i64, count);
        } else {
            self.long
                .extend(std::iter::repeat_n(length as f64, count as usize));
        }
    }
}

/// Buffers that are reused from block to block.
struct TextScratch<'a> {
    texts: Vec<&'a str>,
    hashes: Vec<Hash>,
    lengths: Lengths,
    /// While enough texts repeat.
    repeated: Option<Repeated<'a>>,
    ascii: bool,
}

impl ColumnBuilder {
    /// Adds texts; `ascii` when all are known to be ASCII, which makes lengths cheap.
    pub fn fold_texts<'a>(&mut self, texts: impl Iterator<Item = &'a str>, ascii: bool) {
        let mut scratch = TextScratch {
            texts: Vec::new(),
            hashes: Vec::new(),
            lengths: Lengths::new(),
            repeated: None,
            ascii,
        };
        self.note_type(TypeTag::String);
        let mut first = true;
        texts.for_each(|text| {
            scratch.texts.push(text);
            if scratch.texts.len() == BLOCK {
                // A batch that fills a block may be worth a cache; a small one is not.
                if std::mem::take(&mut first) {
                    scratch.repeated = Some(Repeated::new());
                }
                self.fold_text_block(&mut scratch);
            }
        });
        self.fold_text_block(&mut scratch);
        self.forget_repeated(&mut scratch);
        self.finish_lengths(&mut scratch.lengths, true);
    }

    fn fold_text_block<'a>(&mut self, scratch: &mut TextScratch<'a>) {
        if let Some(repeated) = &mut scratch.repeated {
            let mut left: Vec<&'a str> = Vec::new();
            let mut displaced: Vec<(&'a str, u64)> = Vec::new();
            for text in scratch.texts.drain(..) {
                if text.len() <= SHORT {
                    displaced.extend(repeated.count(text));
                } else {
                    left.push(text);
                }
            }
            let misses = repeated.take_displaced() + left.len();
            for (text, count) in displaced {
                self.fold_text_times(text, count, &mut scratch.lengths);
            }
            scratch.texts = left;
            // The first block of a column of few values misses each of them once.
            if misses > BLOCK / 3 {
                self.forget_repeated(scratch);
            }
        }
        self.fold_hashed_texts(scratch);
    }

    fn forget_repeated(&mut self, scratch: &mut TextScratch<'_>) {
        let all = scratch.repeated.take().map(|mut repeated| repeated.take_all());
        for (text, count) in all.into_iter().flatten() {
            self.fold_text_times(text, count, &mut scratch.lengths);
        }
    }

    fn fold_hashed_texts(&mut self, scratch: &mut TextScratch<'_>) {
        let texts = &scratch.texts;
        self.observe(Kind::String, TypeTag::String, texts.len() as u64);
        if texts.len() < FEW && scratch.lengths.is_unused() {
            let lengths: Vec<f64> = texts
                .iter()
                .map(|text| characters(text, scratch.ascii) as f64)
                .collect();
            self.counts.empty_strings += lengths.iter().filter(|&&length| length == 0.0).count() as u64;
            self.add_lengths(&lengths);
        } else {
            for text in texts {
                scratch.lengths.add(characters(text, scratch.ascii));
            }
        }
        self.items.add_texts(texts, &mut scratch.hashes);
        scratch.texts.clear();
    }

    /// Adds one text `count` times.
    pub(super) fn fold_text_times(&mut self, text: &str, count: u64, lengths: &mut Lengths) {
        self.observe(Kind::String, TypeTag::String, count);
        lengths.add_times(characters(text, false), count);
        let hash = hash_bytes(text.as_bytes());
        self.add_hash(hash);
        if let Some(frequent) = self.frequent() {
            if text.len() <= MAX_TEXT {
                frequent.texts.add(hash.0, text.as_bytes(), count);
            } else {
                frequent.texts.add_text(&shorten(text), count);
            }
        }
    }

    /// Folds the lengths that were collected; empty `texts` are counted too.
    pub(super) fn finish_lengths(&mut self, lengths: &mut Lengths, texts: bool) {
        let pairs = lengths.dense.take();
        let long = std::mem::take(&mut lengths.long);
        if let Some((0, empty)) = pairs.first().filter(|_| texts) {
            self.counts.empty_strings += empty;
        }
        let Some(numbers) = self.lengths() else { return };
        if !pairs.is_empty() {
            let floats: Vec<(f64, u64)> = pairs
                .iter()
                .map(|&(value, count)| (value as f64, count))
                .collect();
            numbers.add_counted(&floats, None);
        }
        long.chunks(BLOCK)
            .for_each(|block| numbers.add_block(block, None, 0));
    }
}

/// How many characters a text has.
#[inline(always)]
fn characters(text: &str, ascii: bool) -> usize {
    if ascii || text.is_ascii() {
        text.len()
    } else {
        text.chars().count()
    }
}
