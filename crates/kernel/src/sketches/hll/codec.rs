//! Apache DataSketches' compact form of an HLL sketch.
//!
//! | byte | list, set of coupons | registers (`HLL_8`) |
//! |---|---|---|
//! | 0 | preamble ints 2 (list) or 3 (set) | 10 |
//! | 1, 2 | serial version 1, family 7 | same |
//! | 3, 4 | lg k, lg of the coupon table | lg k, 0 |
//! | 5 | flags: 4 empty, 8 compact, 16 out of order | 8, 16 |
//! | 6 | coupons in a list, else 0 | 0 |
//! | 7 | mode: 0 list, 1 set, 2 registers; plus 8 for `HLL_8` | 10 |
//! | 8 | set: count (u32); coupons (u32) | HIP accumulator, two sums of 2^−register (f64) |
//! | 32 | | registers at 0, exceptions (u32); 4,096 registers |

use super::sketch::{Hll, LG_K, MAX_COUPONS, REGISTERS};
use crate::error::{Error, Result};
use crate::guard::guarded;
use datasketches::hll::{HllSketch, HllType, HllUnion};

const FAMILY: u8 = 7;
const EMPTY: u8 = 4;
const COMPACT: u8 = 8;
const OUT_OF_ORDER: u8 = 16;
const TYPE_HLL_8: u8 = 2 << 2;
const LIST: u8 = 0;
const SET: u8 = 1;
const REGISTER_MODE: u8 = 2;
const LG_LIST: u8 = 3;
const LG_MIN_SET: u32 = 5;
const HEADER: usize = 40;

/// The bytes of a sketch.
pub fn encode(sketch: &Hll) -> Vec<u8> {
    match sketch {
        Hll::Coupons { slots, .. } => {
            let mut coupons: Vec<u32> = slots.iter().copied().filter(|&coupon| coupon != 0).collect();
            coupons.sort_unstable();
            encode_coupons(&coupons)
        }
        Hll::Registers(registers) => encode_registers(registers),
    }
}

fn encode_coupons(coupons: &[u32]) -> Vec<u8> {
    let count = coupons.len();
    let mut bytes;
    if count < 1 << LG_LIST {
        let flags = COMPACT | if count == 0 { EMPTY } else { 0 };
        bytes = vec![2, 1, FAMILY, LG_K, LG_LIST, flags, count as u8, LIST | TYPE_HLL_8];
    } else {
        let needed = (count * 4)
            .div_ceil(3)
            .next_power_of_two()
            .ilog2()
            .max(LG_MIN_SET);
        bytes = vec![3, 1, FAMILY, LG_K, needed as u8, COMPACT, 0, SET | TYPE_HLL_8];
        bytes.extend((count as u32).to_le_bytes());
    }
    bytes.extend(coupons.iter().flat_map(|coupon| coupon.to_le_bytes()));
    bytes
}

fn encode_registers(registers: &[u8; REGISTERS]) -> Vec<u8> {
    let mut histogram = [0u32; 64];
    registers
        .iter()
        .for_each(|&value| histogram[usize::from(value & 63)] += 1);
    let sum = |range: std::ops::Range<usize>| -> f64 {
        range
            .map(|value| f64::from(histogram[value]) * 0.5f64.powi(value as i32))
            .sum()
    };
    let mut bytes = Vec::with_capacity(HEADER + REGISTERS);
    bytes.extend([
        10,
        1,
        FAMILY,
        LG_K,
        0,
        COMPACT | OUT_OF_ORDER,
        0,
        REGISTER_MODE | TYPE_HLL_8,
    ]);
    bytes.extend(0f64.to_le_bytes());
    bytes.extend(sum(0..32).to_le_bytes());
    bytes.extend(sum(32..64).to_le_bytes());
    bytes.extend(histogram[0].to_le_bytes());
    bytes.extend(0u32.to_le_bytes());
    bytes.extend_from_slice(registers.as_slice());
    bytes
}

fn bad(what: impl std::fmt::Display) -> Error {
    Error::format(format!("HLL sketch: {what}"))
}

/// Reads a sketch; other register widths and greater lg k are brought to ours.
pub fn decode(bytes: &[u8]) -> Result<Hll> {
    if bytes.len() < 8 {
        return Err(bad(format!("{} bytes, expected at least 8", bytes.len())));
    }
    let [preamble, version, family, lg_k, mode] = [bytes[0], bytes[1], bytes[2], bytes[3], bytes[7]];
    if family != FAMILY || version != 1 {
        return Err(bad(format!(
            "family {family}, version {version}; expected {FAMILY}, 1"
        )));
    }
    match (preamble, mode & 3) {
        (2, LIST) | (3, SET) | (10, REGISTER_MODE) if (LG_K..=21).contains(&lg_k) => {
            own(bytes).unwrap_or_else(|| foreign(bytes))
        }
        _ => Err(bad(format!(
            "preamble {preamble}, mode {mode}, lg k {lg_k} are not supported"
        ))),
    }
}

/// Reads a sketch of our k in a form that needs no conversion; `None` when it is another.
fn own(bytes: &[u8]) -> Option<Result<Hll>> {
    let (lg_k, flags, list_count, mode) = (bytes[3], bytes[5], bytes[6], bytes[7]);
    // Only sparse forms are laid out differently when they are compact.
    let compact = flags & COMPACT != 0;
    match mode & 3 {
        _ if lg_k != LG_K => None,
        LIST if compact => Some(coupons(&bytes[8..], usize::from(list_count), 1 << LG_LIST)),
        SET if compact && bytes.len() >= 12 => {
            let count = u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]) as usize;
            Some(coupons(&bytes[12..], count, MAX_COUPONS))
        }
        REGISTER_MODE if mode >> 2 == 2 => Some(registers(bytes)),
        _ => None,
    }
}

fn coupons(bytes: &[u8], count: usize, most: usize) -> Result<Hll> {
    if count > most || bytes.len() != count * 4 {
        return Err(bad(format!(
            "{} bytes for {count} coupons (at most {most})",
            bytes.len()
        )));
    }
    let mut sketch = Hll::new();
    for chunk in bytes.chunks_exact(4) {
        let coupon = u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]);
        if coupon >> 26 == 0 {
            return Err(bad("a coupon of value 0"));
        }
        sketch.add_coupon(coupon);
    }
    Ok(sketch)
}

fn registers(bytes: &[u8]) -> Result<Hll> {
    let found: Box<[u8; REGISTERS]> = bytes
        .get(HEADER..)
        .and_then(|tail| tail.to_vec().into_boxed_slice().try_into().ok())
        .ok_or_else(|| bad(format!("{} bytes, expected {}", bytes.len(), HEADER + REGISTERS)))?;
    if let Some(value) = found.iter().find(|&&value| value > 63) {
        return Err(bad(format!("register value {value} is above 63")));
    }
    Ok(Hll::Registers(found))
}

/// Another implementation's choice of width or k: the Apache crate reads it, we take its registers.
fn foreign(bytes: &[u8]) -> Result<Hll> {
    let expected = 1usize << bytes[3];
    if bytes.len() > HEADER + 8 * expected || bytes[4] > bytes[3] {
        return Err(bad(format!("{} bytes do not fit lg k {}", bytes.len(), bytes[3])));
    }
    let converted = guarded("HLL sketch: damaged", || {
        let sketch = HllSketch::deserialize(bytes).map_err(|error| bad(error.to_string()))?;
        let mut union = HllUnion::new(LG_K).map_err(|error| bad(error.to_string()))?;
        union.update(&sketch);
        Ok(union.to_sketch(HllType::Hll8).serialize())
    });
    own(&converted.map_err(|error| Error::format(error.message()))?).unwrap_or_else(|| Err(bad("damaged")))
}
