//! One column while it is made, and the values of it that wait.
//!
//! A few values cost more to fold than to keep: ten thousand segments of some records each are little more than
//! their values, until somebody asks or more come.

use super::values::ValueBuffer;
use super::ColumnBuilder;
use super::builder::Plan;
use crate::profile::ColumnMetrics;
use arrow_array::ArrayRef;

/// Values that wait at most.
const MOST: usize = 1024;

/// Bytes of texts that wait at most.
const MOST_BYTES: usize = 1 << 15;

/// The metrics of one column while they are made, and values that are not in them yet.
#[derive(Debug, Clone)]
pub struct Slot {
    /// What is folded.
    pub column: ColumnBuilder,
    /// What waits.
    pub pending: ValueBuffer,
}

impl Slot {
    /// A slot of which nothing waits.
    pub fn new(column: ColumnBuilder) -> Self {
        Self {
            column,
            pending: ValueBuffer::default(),
        }
    }

    /// Adds an array: a short one waits, where it can.
    ///
    /// # Errors
    /// When the array contradicts its own type.
    pub fn add_array(&mut self, array: &ArrayRef, nan_is_null: bool) -> crate::Result<()> {
        if self.column.has_custom() || !self.pending.wait(array) {
            return self.column.fold_array(array, nan_is_null);
        }
        self.column.note_type_of(array);
        if self.pending.len() > MOST || self.pending.weight() > MOST_BYTES {
            self.flush();
        }
        Ok(())
    }

    /// Folds what waits.
    pub fn flush(&mut self) {
        self.pending.fold_into(&mut self.column);
    }

    /// The metrics of all values, or what they are to be worked out of.
    pub(crate) fn freeze(mut self) -> Result<ColumnMetrics, Few> {
        if let Some(plan) = self.column.plan() {
            return Err(Few {
                plan,
                values: self.pending,
            });
        }
        self.flush();
        Ok(self.column.freeze())
    }
}

/// A few values, and what is wanted of them.
#[derive(Debug)]
pub(crate) struct Few {
    plan: Plan,
    values: ValueBuffer,
}

impl Few {
    /// Works the metrics out.
    pub(crate) fn work_out(mut self) -> ColumnMetrics {
        let mut column = self.plan.column();
        self.values.fold_into(&mut column);
        column.freeze()
    }
}
