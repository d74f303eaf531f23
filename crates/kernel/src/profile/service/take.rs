//! Taking out all that a collector gathered, so that it starts anew.

use crate::profile::collector::Collector;
use crate::profile::correlation::Rows;
use crate::profile::placing::RecordKey;
use crate::profile::targets::{Targets, WHOLE};

impl Collector {
    /// Takes out all that was gathered, in a time that does not depend on how much it is.
    ///
    /// What stays are the wishes and what was learnt of the columns: their names, and so their order, and
    /// whether conditions found theirs; and, unless they are to be forgotten, which segments there are, whose
    /// number is limited. The profiles of all that was ever taken merge to the profiles of the whole. Call it
    /// between records.
    #[must_use]
    pub fn take(&mut self, forget_segments: bool) -> Self {
        let segments = if forget_segments {
            self.segments.forgotten()
        } else {
            self.segments.clone()
        };
        let fresh = Self {
            schema: self.schema.clone(),
            derived: self.derived.clone(),
            timestamp: self.timestamp.clone(),
            window: self.window.clone(),
            nan_is_null: self.nan_is_null,
            names: self.names.clone(),
            watch: self.watch.clone(),
            rows: Rows::default(),
            key: RecordKey::new(segments.columns().len()),
            segments,
            targets: Targets::default(),
            under_way: vec![WHOLE],
            waiting: (0, 0),
            expected: self.expected,
            moments: self.moments,
            horizon: self.horizon,
            samples: self.samples.clone(),
        };
        std::mem::replace(self, fresh)
    }
}
