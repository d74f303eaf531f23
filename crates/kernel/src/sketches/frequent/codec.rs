//! Apache DataSketches' form of `ItemsSketch<String>`.
//!
//! | byte | content |
//! |---|---|
//! | 0 | preamble longs: 1 empty, 4 else |
//! | 1, 2 | serial version 1, family 10 |
//! | 3, 4 | lg of the largest and of the current map |
//! | 5 | flags: 5 when empty |
//! | 8 | number of items (u32), 0 (u32) |
//! | 16 | sum of weights (u64), offset (u64) |
//! | 32 | counters (u64 each), then items: length (u32), UTF-8 |

use super::{FrequentItems, LG_MAX_MAP, MAX_EXACT, MAX_ITEMS};
use crate::error::{Error, Result};

const FAMILY: u8 = 10;
const EMPTY: u8 = 5;
const LG_MIN_MAP: u32 = 3;

/// The bytes of a sketch.
pub fn encode(sketch: &FrequentItems) -> Vec<u8> {
    let count = sketch.len();
    let slots = (count * 4).div_ceil(3).max(1).next_power_of_two();
    let lg_max = LG_MAX_MAP + u8::from(count > MAX_ITEMS);
    let lg_map = slots.ilog2().clamp(LG_MIN_MAP, u32::from(lg_max)) as u8;
    if sketch.total() == 0 {
        return vec![1, 1, FAMILY, lg_max, lg_map, EMPTY, 0, 0];
    }
    let mut bytes = vec![4, 1, FAMILY, lg_max, lg_map, 0, 0, 0];
    bytes.extend((count as u32).to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(sketch.total().to_le_bytes());
    bytes.extend(sketch.offset().to_le_bytes());
    for (_, counter) in sketch.items() {
        bytes.extend(counter.to_le_bytes());
    }
    for (item, _) in sketch.items() {
        bytes.extend((item.len() as u32).to_le_bytes());
        bytes.extend(item.as_bytes());
    }
    bytes
}

fn bad(what: impl std::fmt::Display) -> Error {
    Error::format(format!("frequent-items sketch: {what}"))
}

/// Cuts a number off the front of the bytes.
fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N]> {
    let (head, tail) = bytes.split_first_chunk::<N>().ok_or_else(|| bad("cut off"))?;
    *bytes = tail;
    Ok(*head)
}

/// Reads a sketch; nothing is allocated that the bytes do not hold.
pub fn decode(mut bytes: &[u8]) -> Result<FrequentItems> {
    let [preamble, version, family, _, _, flags, _, _]: [u8; 8] = take(&mut bytes)?;
    if family != FAMILY || version != 1 {
        return Err(bad(format!(
            "family {family}, version {version}; expected {FAMILY}, 1"
        )));
    }
    match (preamble & 63, flags & EMPTY != 0) {
        (1, true) if bytes.is_empty() => return Ok(FrequentItems::default()),
        (4, false) => {}
        _ => {
            return Err(bad(format!(
                "preamble {preamble} and flags {flags} do not fit together"
            )));
        }
    }
    let count = u32::from_le_bytes(take(&mut bytes)?) as usize;
    take::<4>(&mut bytes)?;
    let total = u64::from_le_bytes(take(&mut bytes)?);
    let offset = u64::from_le_bytes(take(&mut bytes)?);
    if count > bytes.len() / 12 {
        return Err(bad(format!("{count} items do not fit {} bytes", bytes.len())));
    }
    let mut counters = Vec::with_capacity(count);
    let mut sum: u64 = 0;
    for _ in 0..count {
        let counter = u64::from_le_bytes(take(&mut bytes)?);
        if counter == 0 {
            return Err(bad("a counter of 0"));
        }
        sum = sum.checked_add(counter).ok_or_else(|| bad("counters overflow"))?;
        counters.push(counter);
    }
    if sum > total || offset > total {
        return Err(bad(format!(
            "counters {sum} and offset {offset} exceed the total {total}"
        )));
    }
    let mut items = Vec::with_capacity(count);
    for counter in counters {
        let len = u32::from_le_bytes(take(&mut bytes)?) as usize;
        let text = bytes.split_off(..len).ok_or_else(|| bad("an item is cut off"))?;
        let text = std::str::from_utf8(text).map_err(|_| bad("an item is not UTF-8"))?;
        items.push((text, counter));
    }
    if !bytes.is_empty() {
        return Err(bad(format!("{} bytes too many", bytes.len())));
    }
    let sketch = FrequentItems::new(items, offset, total);
    // Another implementation's larger map is cut down to ours, with the bounds kept.
    let most = if offset == 0 { MAX_EXACT } else { MAX_ITEMS };
    Ok(if count > most {
        FrequentItems::merge_all([&sketch])
    } else {
        sketch
    })
}
