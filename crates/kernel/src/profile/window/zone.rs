//! Windows of whole days in the time of a place, where clocks change.

use super::Window;
use crate::calendar::DAY;
use crate::{Error, Result};

/// What clocks show at a place: how far they are ahead of UTC, from which moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::profile) struct Zone {
    /// In order; all in microseconds. The first holds since ever, the last for ever.
    offsets: Vec<(i64, i64)>,
}

impl Zone {
    /// How far clocks are ahead of UTC.
    fn offset(&self, time: i64) -> i64 {
        let after = self.offsets.partition_point(|change| change.0 <= time);
        self.offsets[after.saturating_sub(1)].1
    }

    /// What clocks show.
    fn local(&self, time: i64) -> i64 {
        time.saturating_add(self.offset(time))
    }

    /// The first moment at which clocks show that or more: also where they never show it, or show it twice.
    fn instant(&self, local: i64) -> i64 {
        let reached = |at: usize| match self.offsets.get(at + 1) {
            Some(next) => next.0.saturating_add(self.offsets[at].1) > local,
            None => true,
        };
        let (mut low, mut high) = (0, self.offsets.len() - 1);
        while low < high {
            let middle = usize::midpoint(low, high);
            if reached(middle) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        let (from, offset) = self.offsets[low];
        let time = local.saturating_sub(offset);
        if low == 0 { time } else { time.max(from) }
    }
}

/// Windows that start at midnight of a place: of days, weeks or months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalWindow {
    /// The same window in UTC, which is taken for what clocks show.
    civil: Window,
    zone: Zone,
}

impl LocalWindow {
    pub(in crate::profile) fn start(&self, time: i64) -> i64 {
        let mut start = self.civil.start(self.zone.local(time));
        // Where clocks were set back over midnight, it has been the next day before.
        loop {
            let next = self.civil.end(start);
            if next == start || self.zone.instant(next) > time {
                return self.zone.instant(start);
            }
            start = next;
        }
    }

    pub(in crate::profile) fn end(&self, start: i64) -> i64 {
        let mut next = self.civil.end(self.civil.start(self.zone.local(start)));
        loop {
            let end = self.zone.instant(next);
            let after = self.civil.end(next);
            if end > start || after == next {
                return end;
            }
            next = after;
        }
    }
}

impl Window {
    /// The same window in the time of a place, if it is one of whole days.
    ///
    /// Shorter windows are the same everywhere: stretches of time that passes, not of what clocks show.
    ///
    /// # Arguments
    /// - `offsets` — moments from which on clocks are how far ahead of UTC, in order, in microseconds; the
    ///   first one's moment does not matter.
    ///
    /// # Errors
    /// When there are no offsets, or they are out of order.
    pub fn in_zone(self, offsets: Vec<(i64, i64)>) -> Result<Self> {
        let ordered = offsets.windows(2).all(|pair| pair[0].0 < pair[1].0);
        if offsets.is_empty() || !ordered {
            return Err(Error::argument(
                "a time zone needs offsets from UTC in order of time, at least one",
            ));
        }
        match self {
            Self::Fixed { microseconds, .. } if microseconds % DAY != 0 => Ok(self),
            Self::Fixed { .. } | Self::Months(_) => Ok(Self::Local(Box::new(LocalWindow {
                civil: self,
                zone: Zone { offsets },
            }))),
            Self::Local(local) => local.civil.in_zone(offsets),
        }
    }
}
