//! Taking out all that a collector gathered, so that it starts anew.

use super::builder::ProfileBuilder;
use super::collector::Collector;
use std::collections::HashMap;

impl Collector {
    /// Takes out all that was gathered, in a time that does not depend on how much it is.
    ///
    /// What stays are the wishes and what was learnt of the columns: their names, and so their order, and
    /// whether conditions found theirs. The profiles of all that was ever taken merge to the profiles of the
    /// whole. Call it between records.
    #[must_use]
    pub fn take(&mut self) -> Self {
        let fresh = Self {
            schema: self.schema.clone(),
            timestamp: self.timestamp.clone(),
            window: self.window.clone(),
            nan_is_null: self.nan_is_null,
            names: self.names.clone(),
            watch: self.watch.clone(),
            whole: ProfileBuilder::default(),
            windows: Vec::new(),
            positions: HashMap::new(),
            target: None,
            expected: self.expected,
            moments: self.moments,
            horizon: self.horizon.part(),
            beyond: None,
        };
        std::mem::replace(self, fresh)
    }
}
