//! 2,048 counters in buckets of eight: Misra–Gries in each.

use super::table::Keys;

const WIDTH: usize = 8;
const LG_BUCKETS: u32 = 8;

/// The lowest and the highest bit of each byte.
const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Eight counters that fit two cache lines and a bit.
#[derive(Debug, Clone, Copy, Default)]
struct Bucket {
    /// A byte of hash for each place; 0 is a free one.
    tags: u64,
    /// What was taken off every counter: the most that a value of this bucket can have beyond it.
    offset: u64,
    keys: [u64; WIDTH],
    counts: [u64; WIDTH],
}

/// Marks the bytes that are zero. The lowest mark is always right; a higher one may be wrong where
/// the byte below is zero, which whoever looks at more than the lowest has to bear.
#[inline(always)]
fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(LOW) & !word & HIGH
}

/// The place of the lowest mark.
#[inline(always)]
fn lowest(marks: u64) -> usize {
    (marks.trailing_zeros() as usize / 8) % WIDTH
}

impl Bucket {
    #[inline(always)]
    fn put(&mut self, place: usize, tag: u64, key: u64, count: u64) {
        self.tags |= tag << (8 * place);
        self.keys[place] = key;
        self.counts[place] = count;
    }

    /// Takes as much off all counters as leaves the least at 0, at most `weight`; gives the amount.
    #[inline(never)]
    fn lower(&mut self, weight: u64) -> u64 {
        // Every counter of a full bucket stands at one at least.
        let amount = if weight == 1 {
            1
        } else {
            self.counts.iter().copied().fold(weight, u64::min)
        };
        let mut kept = 0;
        for place in 0..WIDTH {
            self.counts[place] -= amount;
            kept |= (if self.counts[place] == 0 { 0 } else { 0xff }) << (8 * place);
        }
        self.tags &= kept;
        self.offset += amount;
        amount
    }
}

#[derive(Debug, Clone)]
pub(super) struct Buckets(Box<[Bucket; 1 << LG_BUCKETS]>);

impl Buckets {
    pub(super) fn new() -> Self {
        Self(Box::new([Bucket::default(); 1 << LG_BUCKETS]))
    }

    /// The bucket of a hash, and its tag there, which is not 0.
    #[inline(always)]
    fn find(&mut self, hash: u32) -> (&mut Bucket, u64) {
        let tag = u64::from(hash & 0xff).max(1);
        (&mut self.0[(hash >> (32 - LG_BUCKETS)) as usize], tag)
    }

    /// Adds to the counter of a value; true when a key was stored.
    #[inline(always)]
    pub(super) fn add<K: Keys>(&mut self, hash: u32, weight: u64, keys: &mut K, probe: K::Probe<'_>) -> bool {
        let (bucket, tag) = self.find(hash);
        let mut same = zero_bytes(bucket.tags ^ (tag * LOW));
        while same != 0 {
            let place = lowest(same);
            // A wrong mark, or another value of the same tag, is found out here. A free place may
            // still hold a key, but no tag that could mark it truly: its count is 0.
            if bucket.counts[place] > 0 && keys.matches(bucket.keys[place], probe) {
                bucket.counts[place] += weight;
                return false;
            }
            same &= same - 1;
        }
        let mut left = weight;
        let mut free = zero_bytes(bucket.tags);
        if free == 0 {
            left -= bucket.lower(weight);
            if left == 0 {
                return false;
            }
            free = zero_bytes(bucket.tags);
        }
        bucket.put(lowest(free), tag, keys.store(probe), left);
        true
    }

    /// Gives a value that has no counter here yet one.
    pub(super) fn place(&mut self, hash: u32, key: u64, mut count: u64) {
        let (bucket, tag) = self.find(hash);
        if zero_bytes(bucket.tags) == 0 {
            count -= bucket.lower(count);
        }
        if count > 0 {
            bucket.put(lowest(zero_bytes(bucket.tags)), tag, key, count);
        }
    }

    /// Keys and counts of all values.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        self.0.iter().flat_map(|bucket| {
            let counters = bucket.keys.into_iter().zip(bucket.counts);
            counters
                .enumerate()
                .filter(|(place, _)| bucket.tags >> (8 * place) & 0xff != 0)
                .map(|(_, counter)| counter)
        })
    }

    /// Lets all keys be changed.
    pub(super) fn for_each_key(&mut self, mut change: impl FnMut(&mut u64)) {
        for bucket in self.0.iter_mut() {
            for place in (0..WIDTH).filter(|place| bucket.tags >> (8 * place) & 0xff != 0) {
                change(&mut bucket.keys[place]);
            }
        }
    }

    /// Greatest count that a value may have beyond its counter.
    pub(super) fn offset(&self) -> u64 {
        self.0.iter().map(|bucket| bucket.offset).max().unwrap_or(0)
    }
}
