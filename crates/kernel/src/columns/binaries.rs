//! Byte strings: distinct count and lengths.

use super::texts::Lengths;
use super::{ColumnBuilder, TypeTag};
use crate::hash::hash_bytes;
use crate::metrics::Kind;

impl ColumnBuilder {
    /// Adds byte strings.
    pub fn fold_binaries<'a>(&mut self, values: impl Iterator<Item = &'a [u8]>) {
        let mut lengths = Lengths::new();
        self.note_type(TypeTag::Binary);
        let mut count = 0;
        for value in values {
            count += 1;
            lengths.add(value.len());
            self.add_hash(hash_bytes(value));
        }
        self.observe(Kind::Binary, TypeTag::Binary, count);
        self.finish_lengths(&mut lengths, false);
    }

    /// Adds a text that is not valid UTF-8 (a lone surrogate of Python): hashed as its bytes are,
    /// listed with replacement characters.
    pub fn fold_broken_text(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        self.observe(Kind::String, TypeTag::String, 1);
        self.add_hash(hash_bytes(bytes));
        self.add_lengths(&[text.chars().count() as f64]);
        if let Some(frequent) = self.frequent() {
            frequent
                .texts
                .add_text(&crate::sketches::frequent::shorten(&text), 1);
        }
    }
}
