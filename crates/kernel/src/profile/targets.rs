//! The profiles that a collector makes: one for each window and segment that has records.

use super::builder::ProfileBuilder;
use super::segments::{OTHER_NUMBER, Segments};
use crate::cores;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::collections::HashMap;

/// Profiles from which on they are sorted on all cores.
const MANY: usize = 1 << 12;

/// The records of one profile, beside their window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Group {
    /// All records.
    Total,
    /// Records that came too late; they are counted, and what they are is not looked at again.
    Late,
    /// The same of records from too far in the future.
    Early,
    /// Records that are counted elsewhere.
    Nowhere,
    /// Those of one segment of one partition.
    Segment {
        /// Which partition.
        partition: u32,
        /// Which of its segments; [`OTHER_NUMBER`] is the one of all others.
        number: u32,
    },
}

/// The records of one profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Place {
    /// Where their window starts; `None` without windows, and for records without a timestamp.
    pub(super) start: Option<i64>,
    pub(super) group: Group,
}

impl Place {
    /// All records that have no window.
    pub(super) const WHOLE: Self = Self {
        start: None,
        group: Group::Total,
    };
}

/// Where the profile of all records without a window always stands.
pub(super) const WHOLE: usize = 0;

/// The profiles under way.
#[derive(Debug, Clone)]
pub(super) struct Targets {
    list: Vec<(Place, ProfileBuilder)>,
    positions: HashMap<Place, usize>,
}

impl Default for Targets {
    fn default() -> Self {
        Self::new(ProfileBuilder::default())
    }
}

impl Targets {
    /// Nothing but a profile of all records without a window.
    pub(super) fn new(whole: ProfileBuilder) -> Self {
        Self {
            list: vec![(Place::WHOLE, whole)],
            positions: HashMap::from([(Place::WHOLE, WHOLE)]),
        }
    }

    /// Where a profile stands; it is begun when it is new.
    pub(super) fn position(&mut self, place: Place) -> usize {
        *self.positions.entry(place).or_insert_with(|| {
            self.list.push((place, ProfileBuilder::of_group(place.group)));
            self.list.len() - 1
        })
    }

    #[inline(always)]
    pub(super) fn at(&mut self, position: usize) -> &mut ProfileBuilder {
        &mut self.list[position].1
    }

    /// Whose profile stands there.
    pub(super) fn place(&self, position: usize) -> Place {
        self.list[position].0
    }

    /// The profile of all records without a window.
    pub(super) fn whole(&self) -> &ProfileBuilder {
        &self.list[WHOLE].1
    }

    /// Whether any of some profiles is so.
    pub(super) fn any(&self, positions: &[u32], is_so: impl Fn(&ProfileBuilder) -> bool) -> bool {
        let mut runs = positions.chunk_by(|a, b| a == b);
        runs.any(|run| is_so(&self.list[run[0] as usize].1))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(Place, ProfileBuilder)> {
        self.list.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut ProfileBuilder> {
        self.list.iter_mut().map(|target| &mut target.1)
    }

    pub(super) fn into_iter(self) -> impl Iterator<Item = (Place, ProfileBuilder)> {
        self.list.into_iter()
    }

    /// Records of the profiles of one group: every record is in exactly one of those of a partition.
    pub(super) fn records(&self, counts: impl Fn(Group) -> bool) -> u64 {
        let counted = self.list.iter().filter(|target| counts(target.0.group));
        counted.map(|target| target.1.records()).sum()
    }

    /// Profiles that hold something, in order: by window, the total before the partitions, those by
    /// their columns, segments by their values with the one of all others last.
    pub(super) fn into_ordered(self, segments: &Segments) -> Vec<(Place, ProfileBuilder)> {
        let mut order = self.list;
        order.retain(is_told);
        if order.len() < MANY {
            order.sort_unstable_by(|a, b| by_place(a.0, b.0, segments));
        } else {
            cores::run(|| order.par_sort_unstable_by(|a, b| by_place(a.0, b.0, segments)));
        }
        order
    }
}

/// Whether there is a profile of it: not of records that are only counted.
fn is_told((place, builder): &(Place, ProfileBuilder)) -> bool {
    matches!(place.group, Group::Total | Group::Segment { .. }) && !builder.is_empty()
}

fn by_place(a: Place, b: Place, segments: &Segments) -> Ordering {
    let windows = a.start.cmp(&b.start);
    windows.then_with(|| by_group(a.group, b.group, segments))
}

fn by_group(a: Group, b: Group, segments: &Segments) -> Ordering {
    let (
        Group::Segment {
            partition: mine,
            number: my_number,
        },
        Group::Segment {
            partition: theirs,
            number: their_number,
        },
    ) = (a, b)
    else {
        return a.cmp(&b);
    };
    let last = |number: u32| number == OTHER_NUMBER;
    let key = |partition: u32, number: u32| segments.key(partition as usize, number);
    let names = |partition: u32| segments.names_of(partition as usize);
    let partitions = if mine == theirs {
        Ordering::Equal
    } else {
        names(mine).cmp(names(theirs))
    };
    partitions
        .then_with(|| last(my_number).cmp(&last(their_number)))
        .then_with(|| key(mine, my_number).cmp(&key(theirs, their_number)))
}
