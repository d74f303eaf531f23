//! Apache DataSketches' compact form of a KLL sketch of doubles.
//!
//! | byte | empty | one item | more |
//! |---|---|---|---|
//! | 0 | preamble ints 2 | 2 | 5 |
//! | 1 | serial version 1 | 2 | 1 |
//! | 2, 3 | family 15, flags | same | same |
//! | 4–7 | k (u16), m (u8), 0 | same | same |
//! | 8 | | the item (f64) | n (u64) |
//! | 16–19 | | | min k (u16), levels (u8), 0 |
//! | 20 | | | offset of each level (u32), min, max, items (f64) |

use super::{K, Kll, M, key_of, total_capacity, value_of};
use crate::error::{Error, Result};

const FAMILY: u8 = 15;
const EMPTY: u8 = 1;
const LEVEL_ZERO_SORTED: u8 = 2;
const SINGLE: u8 = 4;
const MAX_LEVELS: usize = 61;

/// The bytes of a frozen sketch.
pub fn encode(sketch: &Kll) -> Vec<u8> {
    debug_assert!(
        sketch.n() == 0 || !sketch.levels().is_empty(),
        "encode wants a frozen sketch"
    );
    let short = sketch.n() <= 1;
    let flags = match sketch.n() {
        0 => EMPTY,
        1 => SINGLE | LEVEL_ZERO_SORTED,
        _ => LEVEL_ZERO_SORTED,
    };
    let mut bytes = vec![
        if short { 2 } else { 5 },
        if sketch.n() == 1 { 2 } else { 1 },
        FAMILY,
        flags,
    ];
    bytes.extend((K as u16).to_le_bytes());
    bytes.extend([M as u8, 0]);
    if sketch.n() == 1 {
        bytes.extend(sketch.min().to_le_bytes());
    }
    if short {
        return bytes;
    }
    let levels = sketch.levels();
    bytes.extend(sketch.n().to_le_bytes());
    bytes.extend((K as u16).to_le_bytes());
    bytes.extend([levels.len() as u8, 0]);
    let mut offset = total_capacity(levels.len()) - levels.iter().map(Vec::len).sum::<usize>();
    for items in levels.iter() {
        bytes.extend((offset as u32).to_le_bytes());
        offset += items.len();
    }
    bytes.extend(sketch.min().to_le_bytes());
    bytes.extend(sketch.max().to_le_bytes());
    for &key in levels.iter().flatten() {
        bytes.extend(value_of(key).to_le_bytes());
    }
    bytes
}

fn bad(what: impl std::fmt::Display) -> Error {
    Error::format(format!("KLL sketch: {what}"))
}

fn take<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N]> {
    let slice = bytes
        .get(at..at + N)
        .ok_or_else(|| bad(format!("cut off at byte {}", bytes.len())))?;
    slice.try_into().map_err(|_| bad("cut off"))
}

fn finite(bytes: &[u8], at: usize) -> Result<f64> {
    let value = f64::from_le_bytes(take(bytes, at)?);
    // Adding 0 turns a −0 that another writer may have kept into 0.
    if value.is_finite() {
        Ok(value + 0.0)
    } else {
        Err(bad(format!("value {value} is not finite")))
    }
}

/// Reads a sketch; nothing is allocated that the bytes do not hold.
pub fn decode(bytes: &[u8]) -> Result<Kll> {
    let [preamble, version, family, flags, k_low, k_high, m, _]: [u8; 8] = take(bytes, 0)?;
    let k = u16::from_le_bytes([k_low, k_high]) as usize;
    if family != FAMILY {
        return Err(bad(format!("family {family}, expected {FAMILY}")));
    }
    if k != K || m as usize != M {
        return Err(bad(format!(
            "k = {k}, m = {m}; this version reads k = {K}, m = {M}"
        )));
    }
    match (preamble, version, flags & (EMPTY | SINGLE)) {
        (2, 1, EMPTY) if bytes.len() == 8 => Ok(Kll::new()),
        (2, 2, SINGLE) if bytes.len() == 16 => {
            let value = finite(bytes, 8)?;
            Ok(Kll::from_parts(1, value, value, vec![vec![key_of(value)]]))
        }
        (5, 1, 0) => decode_full(bytes, flags),
        _ => Err(bad(format!(
            "preamble {preamble}, version {version}, flags {flags} do not fit together"
        ))),
    }
}

fn decode_full(bytes: &[u8], flags: u8) -> Result<Kll> {
    let n = u64::from_le_bytes(take(bytes, 8)?);
    let [_, _, level_count, _]: [u8; 4] = take(bytes, 16)?;
    let level_count = level_count as usize;
    if level_count == 0 || level_count > MAX_LEVELS {
        return Err(bad(format!("{level_count} levels, expected 1 to {MAX_LEVELS}")));
    }
    let capacity = total_capacity(level_count);
    let mut offsets = Vec::with_capacity(level_count + 1);
    for level in 0..level_count {
        offsets.push(u32::from_le_bytes(take(bytes, 20 + 4 * level)?) as usize);
    }
    offsets.push(capacity);
    if offsets.windows(2).any(|pair| pair[0] > pair[1]) {
        return Err(bad("level offsets do not ascend"));
    }
    let start = 20 + 4 * level_count;
    let (min, max) = (finite(bytes, start)?, finite(bytes, start + 8)?);
    if bytes.len() != start + 16 + 8 * (capacity - offsets[0]) {
        return Err(bad(format!(
            "{} bytes do not fit {} items",
            bytes.len(),
            capacity - offsets[0]
        )));
    }
    let mut at = start + 16;
    let mut levels = Vec::with_capacity(level_count);
    let mut weight: u64 = 0;
    for (level, pair) in offsets.windows(2).enumerate() {
        let mut keys = Vec::with_capacity(pair[1] - pair[0]);
        for _ in pair[0]..pair[1] {
            let value = finite(bytes, at)?;
            if value < min || value > max {
                return Err(bad(format!("item {value} is outside {min} … {max}")));
            }
            keys.push(key_of(value));
            at += 8;
        }
        if level == 0 && flags & LEVEL_ZERO_SORTED == 0 {
            keys.sort_unstable();
        }
        if keys.windows(2).any(|pair| pair[0] > pair[1]) {
            return Err(bad(format!("level {level} is not sorted")));
        }
        let added = (keys.len() as u64).checked_mul(1 << level);
        weight = added
            .and_then(|added| weight.checked_add(added))
            .ok_or_else(|| bad("weights overflow"))?;
        levels.push(keys);
    }
    if weight != n {
        return Err(bad(format!("weights add up to {weight}, n is {n}")));
    }
    Ok(Kll::from_parts(n, min, max, levels))
}
