//! One column while it is made, and the values of it that wait.
//!
//! A few values cost more to fold than to keep: ten thousand segments of some records each are little more than
//! their values, until somebody asks or more come.

mod arrays;
mod values;

pub(super) use values::Rare;
pub use values::{Value, ValueBuffer};

use super::builder::Plan;
use super::{ColumnBuilder, MetricSet};
use crate::Result;
use crate::profile::ColumnMetrics;
use arrow_array::ArrayRef;

/// Values that wait at most.
const MOST: usize = 1024;

/// Bytes of texts that wait at most.
const MOST_BYTES: usize = 1 << 15;

/// One column while it is made.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    folded: Folded,
    pending: ValueBuffer,
}

#[derive(Debug, Clone)]
enum Folded {
    /// Nothing yet, only what it will be.
    Nothing(Plan),
    Some(Box<ColumnBuilder>),
}

impl Slot {
    /// A column of which these metrics are wanted, part `number` of one of `expected` numbers.
    pub(crate) fn new(metrics: MetricSet, expected: u64, number: u64) -> Self {
        Self {
            folded: Folded::Nothing(Plan::new(metrics, expected, number)),
            pending: ValueBuffer::default(),
        }
    }

    /// A column whose values do not wait longer than it takes: metrics of the user's are called, or values hidden.
    pub(crate) fn of_column(column: ColumnBuilder) -> Self {
        Self {
            folded: Folded::Some(Box::new(column)),
            pending: ValueBuffer::default(),
        }
    }

    /// What is folded.
    pub(crate) fn column(&mut self) -> &mut ColumnBuilder {
        if let Folded::Nothing(plan) = &mut self.folded {
            self.folded = Folded::Some(Box::new(plan.column()));
        }
        match &mut self.folded {
            Folded::Some(column) => column,
            Folded::Nothing(_) => unreachable!("it was just made"),
        }
    }

    /// Notes the Arrow type under which values came.
    pub(crate) fn note_arrow_type(&mut self, name: &str) {
        match &mut self.folded {
            Folded::Nothing(plan) => plan.note_arrow_type(name),
            Folded::Some(column) => column.note_arrow_type(name.to_owned()),
        }
    }

    /// Adds one value.
    #[inline(always)]
    pub(crate) fn push(&mut self, value: Value<'_>) {
        self.pending.push(value);
    }

    /// Adds values by pushing them.
    pub(crate) fn fill(&mut self, push: impl FnOnce(&mut ValueBuffer)) {
        push(&mut self.pending);
        self.flush();
    }

    /// Adds an array: a short one waits, where it can.
    ///
    /// # Errors
    /// When the array contradicts its own type.
    pub(crate) fn add_array(&mut self, array: &ArrayRef, nan_is_null: bool) -> Result<()> {
        let sees_all = matches!(&self.folded, Folded::Some(column) if column.has_custom());
        if sees_all || !self.pending.wait(array) {
            return self.column().fold_array(array, nan_is_null);
        }
        match &mut self.folded {
            Folded::Nothing(plan) => plan.note_type_of(array),
            Folded::Some(column) => column.note_type_of(array),
        }
        if self.pending.len() > MOST || self.pending.weight() > MOST_BYTES {
            self.flush();
        }
        Ok(())
    }

    /// Adds another part of the same column.
    pub(crate) fn merge(&mut self, mut other: Self) {
        other.flush();
        self.column().merge(other.column());
    }

    /// Folds what waits.
    pub(crate) fn flush(&mut self) {
        if !self.pending.is_empty() {
            let mut pending = std::mem::take(&mut self.pending);
            pending.fold_into(self.column());
            // Emptied, with room for the next.
            self.pending = pending;
        }
    }

    /// Whether what waits is all there is.
    pub(crate) fn is_unfolded(&self) -> bool {
        matches!(self.folded, Folded::Nothing(_))
    }

    /// The metrics of all values, leaving a column that is not needed any more.
    pub(crate) fn freeze(&mut self) -> ColumnMetrics {
        self.flush();
        self.column().freeze()
    }
}
