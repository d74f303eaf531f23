//! Metrics that the kernel does not know: whoever brings one says what to do with an array.

use super::TypeTag;
use super::arrays::type_tag;
use super::custom_arrays::plain;
use crate::metrics::{Extension, Part};
use arrow_array::{Array, ArrayRef};
use std::any::Any;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

/// A state of a metric, of which only the metric knows what it is.
pub type State = Arc<dyn Any + Send + Sync>;

/// Why a metric failed: the class of an exception, never its text, which may tell of the data.
pub type Failure = String;

/// A metric that the kernel does not know.
///
/// States are values: what gives a state leaves the given ones usable.
pub trait CustomMetric: Debug + Send + Sync {
    /// Its name, with a dot.
    fn name(&self) -> &str;
    /// The version that its bytes are marked with.
    fn version(&self) -> u32;
    /// Whether it takes values of a type; nulls belong to every type.
    fn takes(&self, tag: TypeTag) -> bool;
    /// The state of no data.
    fn zero(&self) -> Result<State, Failure>;
    /// The state with an array added.
    fn update(&self, state: &State, values: &ArrayRef) -> Result<State, Failure>;
    /// The state of two parts of the data.
    fn merge(&self, mine: &State, theirs: &State) -> Result<State, Failure>;
    /// The bytes of a state.
    fn to_bytes(&self, state: &State) -> Result<Vec<u8>, Failure>;
    /// A state that shares nothing with the given one.
    fn copy(&self, state: &State) -> Result<State, Failure>;
}

/// Which custom metrics are wanted of which columns.
#[derive(Debug, Clone, Default)]
pub struct CustomMetrics {
    /// Of every column whose type they take.
    pub everywhere: Vec<Arc<dyn CustomMetric>>,
    /// Of columns by name.
    pub by_column: BTreeMap<String, Vec<Arc<dyn CustomMetric>>>,
}

impl CustomMetrics {
    /// Whether none is wanted of any column.
    pub fn is_empty(&self) -> bool {
        self.everywhere.is_empty() && self.by_column.is_empty()
    }

    /// Those of one column, nothing in them yet. A column whose values are hidden is left to those that name it.
    pub fn of(&self, column: &str, hidden: bool) -> Vec<Running> {
        let named = self.by_column.get(column).into_iter().flatten();
        let mut running: Vec<Running> = named.map(|metric| Running::new(metric, true)).collect();
        for metric in self.everywhere.iter().filter(|_| !hidden) {
            if running.iter().all(|known| known.metric.name() != metric.name()) {
                running.push(Running::new(metric, false));
            }
        }
        running
    }
}

impl PartialEq for CustomMetrics {
    fn eq(&self, other: &Self) -> bool {
        let same = |mine: &[Arc<dyn CustomMetric>], theirs: &[Arc<dyn CustomMetric>]| {
            mine.len() == theirs.len()
                && mine
                    .iter()
                    .zip(theirs)
                    .all(|(mine, theirs)| Arc::ptr_eq(mine, theirs))
        };
        let pairs = self.by_column.iter().zip(&other.by_column);
        same(&self.everywhere, &other.everywhere)
            && self.by_column.len() == other.by_column.len()
            && pairs
                .into_iter()
                .all(|(mine, theirs)| mine.0 == theirs.0 && same(mine.1, theirs.1))
    }
}

impl Eq for CustomMetrics {}

/// One custom metric of one column while it is made.
#[derive(Debug)]
pub struct Running {
    metric: Arc<dyn CustomMetric>,
    /// Whether the column was named: then there is a state also of no data.
    named: bool,
    state: Option<State>,
    /// All but the states.
    told: Extension,
}

impl Running {
    fn new(metric: &Arc<dyn CustomMetric>, named: bool) -> Self {
        Self {
            metric: metric.clone(),
            named,
            state: None,
            told: Extension::default(),
        }
    }

    /// The same, nothing in it yet.
    pub(super) fn part(&self) -> Self {
        Self::new(&self.metric, self.named)
    }

    fn fail<T>(&mut self, outcome: Result<T, Failure>) -> Option<T> {
        outcome.map_err(|failure| self.told.fail(1, Some(&failure))).ok()
    }

    fn state(&mut self) -> Option<State> {
        if self.state.is_none() {
            let zero = self.metric.zero();
            self.state = self.fail(zero);
        }
        self.state.clone()
    }

    /// Adds values. When the metric fails, it is as if they had not been.
    fn update(&mut self, values: &ArrayRef) {
        let tag = type_tag(values.data_type());
        let records = values.len() as u64;
        if tag == TypeTag::Null && self.state.is_none() && !self.named {
            // Nulls alone do not tell whether the metric fits the column; they are added when it does.
            self.told.records += records;
            return;
        }
        if !self.metric.takes(tag) {
            return;
        }
        self.add_waiting_nulls();
        let Some(state) = self.state() else { return };
        let updated = self.metric.update(&state, values);
        if let Some(state) = self.fail(updated) {
            self.state = Some(state);
            self.told.records += records;
        }
    }

    /// Adds nulls that came before the first value.
    fn add_waiting_nulls(&mut self) {
        if self.state.is_some() || self.told.records == 0 {
            return;
        }
        let waiting = std::mem::take(&mut self.told.records);
        let Some(state) = self.state() else { return };
        let nulls: ArrayRef = Arc::new(arrow_array::NullArray::new(waiting as usize));
        let updated = self.metric.update(&state, &nulls);
        if let Some(state) = self.fail(updated) {
            self.state = Some(state);
            self.told.records += waiting;
        }
    }

    /// Adds what the same metric made of other values.
    pub(super) fn merge(&mut self, other: &Self) {
        if other.state.is_some() {
            self.add_waiting_nulls();
        }
        self.told.fail(other.told.failures, other.told.reason.as_deref());
        let merged = match (&self.state, &other.state) {
            (Some(mine), Some(theirs)) => self.metric.merge(mine, theirs),
            (None, Some(theirs)) => self.metric.copy(theirs),
            (Some(_), None) if other.told.records > 0 => {
                // Nulls of a part that had nothing else.
                let nulls: ArrayRef = Arc::new(arrow_array::NullArray::new(other.told.records as usize));
                return self.update(&nulls);
            }
            _ => {
                self.told.records += other.told.records;
                return;
            }
        };
        if let Some(state) = self.fail(merged) {
            self.state = Some(state);
            self.told.records += other.told.records;
        }
    }

    /// What a profile keeps of it; `None` when the metric does not fit the column.
    pub(super) fn freeze(&self) -> Option<(String, Extension)> {
        let mut told = self.told.clone();
        let fresh = || match self.named {
            true => Some(self.metric.zero()),
            false => None,
        };
        let state = self.state.clone().map(Ok).or_else(fresh);
        if state.is_none() && told.failures == 0 {
            return None;
        }
        match state.map(|state| self.metric.to_bytes(&state?)) {
            Some(Ok(bytes)) => told.parts.push(Part {
                version: self.metric.version(),
                bytes,
            }),
            Some(Err(failure)) => {
                told.fail(1, Some(&failure));
                told.records = 0;
            }
            None => {}
        }
        Some((self.metric.name().to_owned(), told))
    }
}

impl Clone for Running {
    fn clone(&self) -> Self {
        let mut copy = self.part();
        copy.told = self.told.clone();
        if let Some(state) = &self.state {
            let state = self.metric.copy(state);
            copy.state = copy.fail(state);
        }
        copy
    }
}

/// Shows some values to metrics.
pub(super) fn update(running: &mut [Running], values: &ArrayRef, nan_is_null: bool) {
    if running.is_empty() || values.is_empty() {
        return;
    }
    let values = plain(values, nan_is_null);
    running.iter_mut().for_each(|each| each.update(&values));
}
