//! Which windows still take records in; the others' records are counted, and nothing else.

use super::collector::Collector;
use super::value::{Metadata, Profile};
use super::window::Window;

/// Where a record lies that is not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    /// Its window is over and done with.
    Late,
    /// Its window is too far in the future to be true.
    Early,
}

/// The windows that take records in, by where they start, and how many records were of others.
#[derive(Debug, Clone, Default)]
pub(super) struct Horizon {
    earliest: Option<i64>,
    latest: Option<i64>,
    /// A moment in the window whose profile tells of the records that were not taken in.
    now: Option<i64>,
    late: u64,
    early: u64,
}

impl Horizon {
    /// Whether a window that starts there is beyond the horizon.
    #[inline]
    pub(super) fn beyond(&self, start: i64) -> Option<Beyond> {
        if self.earliest.is_some_and(|earliest| start < earliest) {
            return Some(Beyond::Late);
        }
        self.latest
            .is_some_and(|latest| start > latest)
            .then_some(Beyond::Early)
    }

    pub(super) fn count(&mut self, beyond: Beyond, records: u64) {
        match beyond {
            Beyond::Late => self.late += records,
            Beyond::Early => self.early += records,
        }
    }

    /// The same limits, with nothing counted yet.
    pub(super) fn part(&self) -> Self {
        Self {
            late: 0,
            early: 0,
            ..self.clone()
        }
    }

    pub(super) fn merge(&mut self, part: &Self) {
        self.late += part.late;
        self.early += part.early;
    }

    /// Tells of the records that were not taken in: in the profile of all records of the window that is open
    /// now, which is made if it is missing, for none may be dropped in silence.
    pub(super) fn tell(&self, window: Option<&Window>, metadata: &Metadata, profiles: &mut Vec<Profile>) {
        if self.late + self.early == 0 {
            return;
        }
        let dated = profiles.iter().filter_map(|profile| profile.metadata.window);
        let open = match (self.now, window) {
            (Some(now), Some(window)) => {
                let start = window.start(now);
                Some((start, window.end(start)))
            }
            _ => dated.max(),
        };
        let total =
            |profile: &&mut Profile| profile.metadata.window == open && profile.metadata.segment.is_empty();
        if let Some(profile) = profiles.iter_mut().find(total) {
            profile.metadata.late_records = self.late;
            profile.metadata.early_records = self.early;
            return;
        }
        let metadata = Metadata {
            window: open,
            late_records: self.late,
            early_records: self.early,
            ..metadata.clone()
        };
        profiles.push(Profile {
            metadata,
            ..Profile::default()
        });
    }
}

impl Collector {
    /// From now on takes in only records whose windows start from `earliest` to `latest`, both included.
    ///
    /// Others are counted as late or early in the profile of the window that holds `now`; without `now`, in
    /// that of the last window there is.
    pub fn set_horizon(&mut self, earliest: Option<i64>, latest: Option<i64>, now: Option<i64>) {
        self.horizon.earliest = earliest;
        self.horizon.latest = latest;
        self.horizon.now = now;
    }
}
