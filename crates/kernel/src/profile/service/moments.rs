//! When a record happened: what its timestamp column says, or when it arrived.

use crate::columns::Schema;
use crate::profile::collector::Collector;
use crate::profile::window::Window;
use crate::{Error, Result};

/// Where the times of records come from.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::profile) struct Moments {
    /// The time of all that is added from now on, whatever its columns say.
    pub(in crate::profile) arrival: Option<i64>,
    /// Whether a time that is missing or cannot be read is a null, and no error.
    pub(in crate::profile) forgiving: bool,
}

impl Collector {
    /// A collector for windows of the time at which records arrive, which [`Self::set_arrival`] tells.
    ///
    /// # Errors
    /// When the schema cannot be meant so.
    pub fn by_arrival(schema: Schema, window: Window, now: i64) -> Result<Self> {
        let mut collector = Self::new(schema, None, None)?;
        collector.window = Some(window);
        collector.set_arrival(now);
        Ok(collector)
    }

    /// What is added from now on arrived then, in microseconds since the epoch.
    pub fn set_arrival(&mut self, now: i64) {
        self.moments.arrival = Some(now);
    }

    /// When records arrive, if that is what windows are made by.
    pub fn arrival(&self) -> Option<i64> {
        self.moments.arrival
    }

    /// Whether windows are made by a timestamp column, which has to be looked for.
    pub fn needs_times(&self) -> bool {
        self.window.is_some() && self.moments.arrival.is_none()
    }

    /// From now on a timestamp that cannot be read is like one that is null, and so is a missing column.
    pub fn set_forgiving(&mut self, forgiving: bool) {
        self.moments.forgiving = forgiving;
    }

    /// Whether timestamps that cannot be read are like nulls.
    pub fn is_forgiving(&self) -> bool {
        self.moments.forgiving
    }

    /// A time as it was read, or as it is forgiven.
    ///
    /// # Errors
    /// That of reading it, unless it is forgiven.
    pub fn forgive(&self, time: Result<Option<i64>>) -> Result<Option<i64>> {
        if self.moments.forgiving {
            return Ok(time.unwrap_or(None));
        }
        time
    }

    /// Times of a batch of `rows` records that lacks the timestamp column.
    pub(in crate::profile) fn missing_times(
        &self,
        rows: usize,
        error: impl FnOnce() -> Error,
    ) -> Result<Vec<Option<i64>>> {
        if self.moments.forgiving {
            return Ok(vec![None; rows]);
        }
        Err(error())
    }
}
