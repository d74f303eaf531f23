//! Collectors compute derived columns: of batches by themselves, of records and texts with whoever has them.

use super::Derived;
use crate::calendar::DAY;
use crate::columns::{Value, parse_timestamp};
use crate::expressions::{Cells, each_value};
use crate::profile::Collector;
use crate::{Error, Result};
use arrow_array::{ArrayRef, RecordBatch};
use std::borrow::Cow;
use std::sync::Arc;

impl Collector {
    /// The same, computing these columns.
    #[must_use]
    pub fn with_derived(mut self, derived: Derived) -> Self {
        derived.add_to(Arc::make_mut(&mut self.schema));
        self.derived = Arc::new(derived);
        self
    }

    /// The columns that are computed.
    pub fn derived(&self) -> &Arc<Derived> {
        &self.derived
    }

    /// Batches with their derived columns.
    pub(in crate::profile) fn extended<'a>(
        &self,
        batches: &'a [RecordBatch],
    ) -> Result<Cow<'a, [RecordBatch]>> {
        if self.derived.is_empty() {
            return Ok(Cow::Borrowed(batches));
        }
        let extend = |batch| self.derived.extend(batch, self.nan_is_null());
        batches
            .iter()
            .map(extend)
            .collect::<Result<Vec<_>>>()
            .map(Cow::Owned)
    }

    /// When a record happened, if a derived column tells; of no account without windows.
    ///
    /// # Errors
    /// When the value is no point in time.
    pub fn derived_time(&self, row: DerivedRow<'_>) -> Result<Option<Option<i64>>> {
        let Some(name) = self.timestamp().filter(|_| self.needs_times()) else {
            return Ok(None);
        };
        let Some(at) = self.derived.names().position(|derived| derived == name) else {
            return Ok(None);
        };
        let mut time = Ok(None);
        row.each(&self.derived, at, |value| time = time_of(name, value));
        self.forgive(time).map(Some)
    }

    /// Gives the record that begins next its derived values by which records are grouped.
    ///
    /// # Errors
    /// See [`Self::set_key`].
    pub fn set_derived_keys(&mut self, row: DerivedRow<'_>) -> Result<()> {
        let derived = self.derived.clone();
        for (at, name) in derived.names().enumerate() {
            let key = self.segments().columns().iter().position(|column| column == name);
            let Some(key) = key else { continue };
            let mut done = Ok(());
            row.each(&derived, at, |value| done = self.set_key(key, value));
            done?;
        }
        Ok(())
    }

    /// Whether records are grouped by a derived column.
    pub(crate) fn has_derived_segments(&self) -> bool {
        let mut columns = self.segments().columns().iter();
        columns.any(|column| self.derived.names().any(|name| name == column))
    }

    /// Adds the derived values of the record under way.
    pub fn push_derived(&mut self, row: DerivedRow<'_>) {
        let derived = self.derived.clone();
        for (at, name) in derived.names().enumerate() {
            if let Some(number) = self.column_number(name) {
                row.each(&derived, at, |value| self.push(number, value));
            }
        }
    }
}

/// The derived values of one record.
#[derive(Debug, Clone, Copy)]
pub enum DerivedRow<'a> {
    /// One row of what [`Derived::compute`] gave.
    Of(&'a [ArrayRef], usize),
    /// What [`Derived::compute_record`] left.
    Record(&'a Cells),
}

impl DerivedRow<'_> {
    fn each(self, derived: &Derived, at: usize, take: impl FnOnce(Value<'_>)) {
        match self {
            Self::Of(arrays, row) => each_value(&arrays[at], row, take),
            Self::Record(cells) => {
                if let Some(cell) = cells.get(derived.columns().len() + at) {
                    cell.hand_on(take);
                }
            }
        }
    }
}

fn time_of(name: &str, value: Value<'_>) -> Result<Option<i64>> {
    match value {
        Value::Null => Ok(None),
        Value::Timestamp(microseconds) => Ok(Some(microseconds)),
        Value::Date(days) => Ok(Some(days.saturating_mul(DAY))),
        Value::Text("") => Ok(None),
        Value::Text(text) if parse_timestamp(text).is_some() => Ok(parse_timestamp(text)),
        _ => Err(Error::data(format!(
            "the derived timestamp column {name:?} holds a value that is no time; windows need timestamps, dates or ISO 8601 texts"
        ))),
    }
}
