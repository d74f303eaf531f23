//! Collectors compute derived columns: of batches by themselves, of records and texts with whoever has them.

use super::Collector;
use super::derived::Derived;
use crate::Result;
use crate::expressions::each_value;
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
    pub(super) fn extended<'a>(&self, batches: &'a [RecordBatch]) -> Result<Cow<'a, [RecordBatch]>> {
        if self.derived.is_empty() {
            return Ok(Cow::Borrowed(batches));
        }
        let extend = |batch| self.derived.extend(batch, self.nan_is_null());
        batches.iter().map(extend).collect::<Result<Vec<_>>>().map(Cow::Owned)
    }

    /// The derived column that tells when records were, if it is a derived one.
    pub fn derived_timestamp<'a>(&self, arrays: &'a [ArrayRef]) -> Option<&'a ArrayRef> {
        let timestamp = self.timestamp()?;
        let at = self.derived.names().position(|name| name == timestamp)?;
        arrays.get(at)
    }

    /// Adds the derived values of the record under way: one row of what [`Derived::compute`] gave.
    pub fn push_derived(&mut self, arrays: &[ArrayRef], row: usize) {
        let derived = self.derived.clone();
        for (name, array) in derived.names().zip(arrays) {
            if let Some(number) = self.column_number(name) {
                each_value(array, row, |value| self.push(number, value));
            }
        }
    }
}
