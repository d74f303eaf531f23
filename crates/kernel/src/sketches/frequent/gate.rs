//! A gate in front of the buckets, which turns rare values away at the price of one byte each.
//!
//! Each value has a place by hash, shared with others. In a period, a place takes in the first
//! [`HEIGHT`] values that come; all further ones go through to the counters. So no value loses more
//! than [`HEIGHT`] of its count a period, and a period lasts until [`PERIOD`] values were taken in:
//! the offset grows by 0.011 % of n at most. Values that are all distinct never get through.

/// How many values a place takes in. With four a place on average, chance hardly ever fills one.
const HEIGHT: u8 = 14;

/// How many values all places take in until they are emptied.
const PERIOD: u32 = 1 << 17;

const PLACES: usize = 1 << 15;

#[derive(Debug, Clone)]
pub(super) struct Gate {
    taken: Box<[u8; PLACES]>,
    left: u32,
    offset: u64,
}

impl Gate {
    pub(super) fn new() -> Self {
        Self {
            taken: Box::new([0; PLACES]),
            left: PERIOD,
            offset: 0,
        }
    }

    /// Whether a value of this hash goes through to its counter.
    #[inline(always)]
    pub(super) fn lets_through(&mut self, hash: u32) -> bool {
        // The low bits: the buckets use the high ones.
        let taken = &mut self.taken[hash as usize % PLACES];
        if *taken >= HEIGHT {
            return true;
        }
        *taken += 1;
        self.left -= 1;
        if self.left == 0 {
            self.empty();
        }
        false
    }

    #[cold]
    fn empty(&mut self) {
        self.offset += u64::from(HEIGHT);
        self.taken.fill(0);
        self.left = PERIOD;
    }

    /// The most that any value has lost here.
    pub(super) fn offset(&self) -> u64 {
        self.offset + u64::from(self.taken.iter().copied().max().unwrap_or(0))
    }
}
