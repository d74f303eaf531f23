//! A small deterministic generator (SplitMix64): the coin of the sketches.
//!
//! Sketches must flip coins that are independent between shards, and yet give the same result for
//! the same input: so each coin mixes the state with a value of the data at hand.

/// SplitMix64 (Steele, Lea & Flood, OOPSLA 2014).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Random(u64);

/// One well-mixed word of any word.
#[inline(always)]
pub fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

impl Random {
    /// A generator started from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Folds a value of the data into the state.
    #[inline(always)]
    pub fn stir(&mut self, word: u64) {
        self.0 = mix(self.0 ^ word);
    }

    /// The next 64 random bits.
    #[inline(always)]
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A random number below a bound (Lemire, 2019, without its rejection: the bias is below 2⁻³²
    /// for all that fits a profile).
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// A random number between 0 and 1, neither of them.
    #[inline]
    pub fn open(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }
}
