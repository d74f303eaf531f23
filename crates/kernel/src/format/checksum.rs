//! A checksum over the whole file, which stands inside the file itself.
//!
//! It is taken with its own 32 digits as zeros, so no byte of the file is left out. MurmurHash3
//! finds every accident; it is no protection against a forger, nor meant to be.

use super::CHECKSUM_KEY;
use crate::hash::hash_bytes;
use crate::{Error, Result};

/// What stands in the file until the checksum is known, and while it is taken.
pub(super) const BLANK: &str = "00000000000000000000000000000000";

/// Thrift writes the key, a field header, the length 32 as one byte, then the value.
const BETWEEN: usize = 2;

fn digits_of(bytes: &[u8]) -> String {
    let (low, high) = hash_bytes(bytes);
    format!("{low:016x}{high:016x}")
}

/// Where the digits stand: behind the last mention of the key.
fn place(bytes: &[u8]) -> Option<std::ops::Range<usize>> {
    let key = CHECKSUM_KEY.as_bytes();
    let at = bytes.windows(key.len()).rposition(|window| window == key)?;
    let start = at + key.len() + BETWEEN;
    let range = start..start + BLANK.len();
    bytes.get(range.clone())?.is_ascii().then_some(range)
}

/// Puts the checksum into a file that was written with [`BLANK`] for it.
pub(super) fn seal(bytes: &mut [u8]) -> Result<()> {
    let range = place(bytes).filter(|range| &bytes[range.clone()] == BLANK.as_bytes());
    let range = range.ok_or_else(|| Error::format("the checksum has no place in the file"))?;
    let digits = digits_of(bytes);
    bytes[range].copy_from_slice(digits.as_bytes());
    Ok(())
}

/// Whether the checksum is right.
pub(super) fn verify(bytes: &[u8]) -> bool {
    let Some(range) = place(bytes) else { return false };
    let mut blanked = bytes.to_vec();
    blanked[range.clone()].copy_from_slice(BLANK.as_bytes());
    digits_of(&blanked).as_bytes() == &bytes[range]
}
