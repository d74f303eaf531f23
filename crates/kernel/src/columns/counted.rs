//! Counters of small whole numbers: a column of few near values costs an increment a value.

/// Widest range that is counted directly.
pub(super) const SPAN: usize = 1024;

/// Counts of the whole numbers from `low` on.
pub(super) struct Dense {
    low: i64,
    /// A box of fixed size, so that no index needs a check; none until there is a range.
    counts: Option<Box<[u64; SPAN]>>,
}

impl Dense {
    /// No counters yet.
    pub(super) fn new() -> Self {
        Self { low: 0, counts: None }
    }

    /// Whether there is a range.
    pub(super) fn is_open(&self) -> bool {
        self.counts.is_some()
    }

    /// Whether a range can be counted without moving the counters.
    pub(super) fn covers(&self, min: i64, max: i64) -> bool {
        self.counts.is_some()
            && min >= self.low
            && max.checked_sub(self.low).is_some_and(|range| range < SPAN as i64)
    }

    /// Starts anew around a range that fits.
    pub(super) fn centre(&mut self, min: i64, max: i64) {
        let spare = SPAN as i64 - 1 - (max - min);
        self.low = min.saturating_sub(spare / 2);
        self.counts = Some(Box::new([0; SPAN]));
    }

    /// Counts one value inside the range.
    #[inline(always)]
    pub(super) fn add(&mut self, value: i64) {
        self.add_times(value, 1);
    }

    /// Counts values inside the range.
    #[inline(always)]
    pub(super) fn add_all(&mut self, values: &[i64]) {
        let Some(counts) = &mut self.counts else { return };
        for value in values {
            counts[value.wrapping_sub(self.low) as usize & (SPAN - 1)] += 1;
        }
    }

    /// Counts one value inside the range many times.
    #[inline(always)]
    pub(super) fn add_times(&mut self, value: i64, count: u64) {
        if let Some(counts) = &mut self.counts {
            counts[value.wrapping_sub(self.low) as usize & (SPAN - 1)] += count;
        }
    }

    /// The counted values in ascending order; the counters are empty afterwards.
    pub(super) fn take(&mut self) -> Vec<(i64, u64)> {
        let low = self.low;
        let Some(counts) = self.counts.take() else {
            return Vec::new();
        };
        let pairs = counts.into_iter().enumerate().filter(|pair| pair.1 > 0);
        pairs
            .map(|(at, count)| (low.wrapping_add(at as i64), count))
            .collect()
    }
}
