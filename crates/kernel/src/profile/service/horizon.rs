//! Which windows still take records in; the others' records are counted, and nothing else.

use crate::profile::collector::Collector;
use crate::profile::targets::Group;
use crate::profile::value::{Metadata, Profile};

/// The windows that take records in, by where they start.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::profile) struct Horizon {
    earliest: Option<i64>,
    latest: Option<i64>,
    /// A moment in the window whose profile tells of the records that were not taken in.
    now: Option<i64>,
}

impl Horizon {
    /// Where records of a window that starts there are counted, if it is beyond the horizon.
    #[inline]
    pub(in crate::profile) fn beyond(&self, start: i64) -> Option<Group> {
        if self.earliest.is_some_and(|earliest| start < earliest) {
            return Some(Group::Late);
        }
        self.latest
            .is_some_and(|latest| start > latest)
            .then_some(Group::Early)
    }
}

impl Collector {
    /// From now on takes in only records whose windows start from `earliest` to `latest`, both included.
    ///
    /// Others are counted as late or early in the profile of the window that holds `now`; without `now`, in
    /// that of the last window there is.
    pub fn set_horizon(&mut self, earliest: Option<i64>, latest: Option<i64>, now: Option<i64>) {
        self.horizon = Horizon {
            earliest,
            latest,
            now,
        };
    }

    /// How many records came too late, and how many too early.
    pub(in crate::profile) fn beyond(&self) -> (u64, u64) {
        let records = |beyond: Group| self.targets.records(|group| group == beyond);
        (records(Group::Late), records(Group::Early))
    }

    /// Tells of the records that were not taken in: in the profile of all records of the window that is open
    /// now, which is made if it is missing, for none may be dropped in silence.
    pub(in crate::profile) fn tell_of_others(
        &self,
        (late_records, early_records): (u64, u64),
        metadata: &Metadata,
        profiles: &mut Vec<Profile>,
    ) {
        if late_records + early_records == 0 {
            return;
        }
        let dated = profiles.iter().filter_map(|profile| profile.metadata.window);
        let open = match (self.horizon.now, self.window()) {
            (Some(now), Some(window)) => {
                let start = window.start(now);
                Some((start, window.end(start)))
            }
            _ => dated.max(),
        };
        let total = |profile: &&mut Profile| {
            let metadata = &profile.metadata;
            metadata.window == open && metadata.segment.is_empty() && !metadata.other
        };
        if let Some(profile) = profiles.iter_mut().find(total) {
            profile.metadata.late_records = late_records;
            profile.metadata.early_records = early_records;
            return;
        }
        let metadata = Metadata {
            window: open,
            late_records,
            early_records,
            ..metadata.clone()
        };
        let told = Profile {
            metadata,
            ..Profile::default()
        };
        let after = profiles.partition_point(|profile| profile.metadata.window < open);
        profiles.insert(after, told);
    }
}
