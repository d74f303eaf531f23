//! The profile itself.

use super::conditions::Condition;
use super::correlation::Correlation;
use crate::columns::{Numbers, Slot, TypeTag};
use crate::metrics::{Counts, Extension, Types};
use crate::privacy::Statement;
use crate::sketches::frequent::FrequentItems;
use crate::sketches::hll::Hll;
use arrow_array::ArrayRef;
use arrow_schema::FieldRef;
use once_cell::race::OnceBox;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// What a profile says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata {
    /// Name of the dataset.
    pub dataset: Option<String>,
    /// Start and end of the window, half-open, in microseconds since the epoch.
    pub window: Option<(i64, i64)>,
    /// Columns and values that all records share; a null is a value.
    pub segment: Vec<(String, Option<String>)>,
    /// Whether these are the records of all segments beyond the limit on their number.
    pub other: bool,
    /// When the profile was made, in microseconds since the epoch.
    pub created: i64,
    /// Free tags.
    pub tags: BTreeMap<String, String>,
    /// Library and version that made the profile.
    pub writer: String,
    /// Records that came too late for a window of theirs while this one was open: counted, and nothing else.
    pub late_records: u64,
    /// The same of records from too far in the future.
    pub early_records: u64,
}

/// A column of a file that this version does not know, kept for rewriting: one row of it.
pub type Unknown = (FieldRef, ArrayRef);

/// One column of a profile: what it is, and its metrics, which it gives as if they were its own.
///
/// Those of a column of a few values are worked out when they are first asked for: of ten thousand segments
/// nobody looks at most.
#[derive(Debug)]
pub struct Column {
    /// Name; `parent.child` and `parent[]` inside nested columns.
    pub name: Arc<str>,
    /// What the column is to the dataset.
    pub role: Option<String>,
    /// Where the column stood when first seen.
    pub position: u32,
    state: State,
}

#[derive(Debug)]
enum State {
    Worked(Box<ColumnMetrics>),
    /// What the metrics are to be worked out of, and they.
    ///
    /// Nobody waits for another to do it, for after a fork there is no other: should two threads work at once, the
    /// first one's result stays.
    Waiting(Box<Slot>, OnceBox<ColumnMetrics>),
}

/// The metrics of one column, frozen.
#[derive(Debug, Clone)]
pub struct ColumnMetrics {
    /// The type over all batches.
    pub tag: TypeTag,
    /// Arrow types as seen, sorted, joined by ` | `.
    pub arrow_type: Cow<'static, str>,
    /// Counts of records and special values.
    pub counts: Counts,
    /// Counts of values by observed type.
    pub types: Types,
    /// Numbers and temporal values.
    pub values: Option<Box<Numbers>>,
    /// Lengths of texts, byte strings and lists.
    pub lengths: Option<Box<Numbers>>,
    /// Distinct count.
    pub cardinality: Option<Hll>,
    /// Most frequent values.
    pub frequent_items: Option<FrequentItems>,
    /// What was done so that single values cannot be read from the metrics.
    pub privacy: Statement,
    /// Metrics of plug-ins, by name.
    pub extensions: BTreeMap<String, Extension>,
    /// What a newer version wrote beside.
    pub unknown: Vec<Unknown>,
}

impl Column {
    /// A column whose metrics are there.
    pub fn new(name: Arc<str>, role: Option<String>, position: u32, metrics: ColumnMetrics) -> Self {
        Self {
            name,
            role,
            position,
            state: State::Worked(Box::new(metrics)),
        }
    }

    /// A column of what was gathered.
    pub(super) fn of_slot(name: Arc<str>, role: Option<String>, position: u32, mut slot: Box<Slot>) -> Self {
        if !slot.is_unfolded() {
            return Self::new(name, role, position, slot.freeze());
        }
        Self {
            name,
            role,
            position,
            state: State::Waiting(slot, OnceBox::new()),
        }
    }

    /// Works the metrics out, if they wait.
    pub fn work_out(&self) {
        let _ = &**self;
    }

    /// The distinct count where it is known exactly: every value is listed, each once.
    pub fn exact_cardinality(&self) -> Option<u64> {
        let items = self.frequent_items.as_ref().filter(|items| items.is_exact())?;
        let values: u64 = self.types.values().iter().sum();
        let cut = items
            .items()
            .any(|(item, _)| crate::sketches::frequent::is_cut(item));
        (self.types.distinct() <= 1 && values == items.total() && !cut).then_some(items.len() as u64)
    }
}

impl Deref for Column {
    type Target = ColumnMetrics;

    fn deref(&self) -> &ColumnMetrics {
        match &self.state {
            State::Worked(metrics) => metrics,
            State::Waiting(slot, metrics) => metrics.get_or_init(|| Box::new(Slot::clone(slot).freeze())),
        }
    }
}

impl DerefMut for Column {
    fn deref_mut(&mut self) -> &mut ColumnMetrics {
        if let State::Waiting(..) = self.state {
            self.state = State::Worked(Box::new((**self).clone()));
        }
        match &mut self.state {
            State::Worked(metrics) => metrics,
            State::Waiting(..) => unreachable!("it was just worked out"),
        }
    }
}

impl Clone for Column {
    fn clone(&self) -> Self {
        Self::new(
            self.name.clone(),
            self.role.clone(),
            self.position,
            (**self).clone(),
        )
    }
}

/// The metrics of one dataset, one segment, one window.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// What the profile says of itself.
    pub metadata: Metadata,
    /// How many records it summarises.
    pub records: u64,
    /// Columns in order of position.
    pub columns: Vec<Arc<Column>>,
    /// Conditions that were counted; no two of one name and one expression.
    pub conditions: Vec<Condition>,
    /// Correlation of the numeric columns, where it was kept.
    pub correlation: Option<Correlation>,
}

impl Profile {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Arc<Column>> {
        self.columns.iter().find(|column| *column.name == *name)
    }

    /// Whether nothing was ever logged: the identity of merging.
    pub fn is_empty(&self) -> bool {
        let beyond = self.metadata.late_records + self.metadata.early_records;
        self.records == 0 && beyond == 0 && self.columns.is_empty()
    }
}
