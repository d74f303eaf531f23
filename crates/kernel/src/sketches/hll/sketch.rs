//! The sketch while hashes are added and sketches merged.

use super::codec;
use crate::error::Result;
use crate::hash::Hash;
use datasketches::common::NumStdDev;
use datasketches::hll::HllSketch;

/// Logarithm of the number of registers.
pub const LG_K: u8 = 12;

pub(super) const REGISTERS: usize = 1 << LG_K;

/// Most coupons that are kept as such (three quarters of a set of `k / 8`).
pub(super) const MAX_COUPONS: usize = REGISTERS / 8 / 4 * 3;

const KEY_BITS: u32 = 26;
const KEY_MASK: u32 = (1 << KEY_BITS) - 1;

/// A HyperLogLog sketch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hll {
    /// Few distinct values: their coupons, each once, in a table of a power of two slots (0 = free).
    Coupons {
        /// The table.
        slots: Vec<u32>,
        /// How many slots are taken.
        used: usize,
    },
    /// Many: one byte a register.
    Registers(Box<[u8; REGISTERS]>),
}

impl Default for Hll {
    fn default() -> Self {
        Self::new()
    }
}

impl Hll {
    /// An empty sketch.
    pub fn new() -> Self {
        Self::Coupons {
            slots: Vec::new(),
            used: 0,
        }
    }

    /// Adds one hash.
    #[inline]
    pub fn add(&mut self, hash: Hash) {
        match self {
            Self::Registers(registers) => raise(registers, hash),
            Self::Coupons { .. } => self.add_coupon(coupon_of(hash)),
        }
    }

    /// Adds a batch of hashes.
    pub fn add_all(&mut self, hashes: &[Hash]) {
        let mut rest = hashes;
        while let Self::Coupons { .. } = self {
            let Some((first, others)) = rest.split_first() else {
                return;
            };
            self.add_coupon(coupon_of(*first));
            rest = others;
        }
        if let Self::Registers(registers) = self {
            rest.iter().for_each(|&hash| raise(registers, hash));
        }
    }

    /// Merges another sketch into this one.
    pub fn merge(&mut self, other: &Self) {
        match other {
            Self::Coupons { slots, .. } => {
                slots
                    .iter()
                    .filter(|&&coupon| coupon != 0)
                    .for_each(|&coupon| self.add_coupon(coupon));
            }
            Self::Registers(theirs) => {
                if let Self::Coupons { .. } = self {
                    self.promote();
                }
                if let Self::Registers(mine) = self {
                    mine.iter_mut()
                        .zip(theirs.iter())
                        .for_each(|(mine, &their)| *mine = (*mine).max(their));
                }
            }
        }
    }

    /// How many distinct values were added, as every DataSketches library estimates it.
    pub fn estimate(&self) -> f64 {
        self.apache().map_or(f64::NAN, |sketch| sketch.estimate())
    }

    /// Bounds at one, two or three standard deviations.
    pub fn interval(&self, standard_deviations: u8) -> (f64, f64) {
        let deviations = match standard_deviations {
            1 => NumStdDev::One,
            2 => NumStdDev::Two,
            _ => NumStdDev::Three,
        };
        self.apache().map_or((f64::NAN, f64::NAN), |sketch| {
            (sketch.lower_bound(deviations), sketch.upper_bound(deviations))
        })
    }

    /// Whether no value was added.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Coupons { used: 0, .. })
    }

    /// Whether the sketch still holds one coupon a distinct value.
    pub fn is_sparse(&self) -> bool {
        matches!(self, Self::Coupons { .. })
    }

    fn apache(&self) -> Result<HllSketch> {
        HllSketch::deserialize(&codec::encode(self)).map_err(|error| crate::Error::format(error.to_string()))
    }

    pub(super) fn add_coupon(&mut self, coupon: u32) {
        let Self::Coupons { slots, used } = self else {
            if let Self::Registers(registers) = self {
                raise_coupon(registers, coupon);
            }
            return;
        };
        if (*used + 1) * 4 > slots.len() * 3 {
            let doubled = vec![0; (slots.len() * 2).max(8)];
            let old = std::mem::replace(slots, doubled);
            old.into_iter().filter(|&coupon| coupon != 0).for_each(|coupon| {
                insert_coupon(slots, coupon);
            });
        }
        *used += usize::from(insert_coupon(slots, coupon));
        if *used > MAX_COUPONS {
            self.promote();
        }
    }

    fn promote(&mut self) {
        let mut registers = Box::new([0; REGISTERS]);
        if let Self::Coupons { slots, .. } = self {
            slots
                .iter()
                .filter(|&&coupon| coupon != 0)
                .for_each(|&coupon| raise_coupon(&mut registers, coupon));
        }
        *self = Self::Registers(registers);
    }
}

#[inline(always)]
fn register_value(high: u64) -> u8 {
    (high.leading_zeros().min(62) + 1) as u8
}

fn coupon_of((low, high): Hash) -> u32 {
    u32::from(register_value(high)) << KEY_BITS | (low as u32 & KEY_MASK)
}

#[inline(always)]
fn raise(registers: &mut [u8; REGISTERS], (low, high): Hash) {
    let register = &mut registers[low as usize & (REGISTERS - 1)];
    let value = register_value(high);
    if value > *register {
        *register = value;
    }
}

fn raise_coupon(registers: &mut [u8; REGISTERS], coupon: u32) {
    let register = &mut registers[coupon as usize & (REGISTERS - 1)];
    *register = (*register).max((coupon >> KEY_BITS) as u8);
}

/// Whether the coupon was new. There is always a free slot.
fn insert_coupon(slots: &mut [u32], coupon: u32) -> bool {
    let mask = slots.len() - 1;
    let mut at = (coupon.wrapping_mul(0x9e37_79b9) >> 16) as usize & mask;
    loop {
        if slots[at] == 0 {
            slots[at] = coupon;
            return true;
        }
        if slots[at] == coupon {
            return false;
        }
        at = (at + 1) & mask;
    }
}
