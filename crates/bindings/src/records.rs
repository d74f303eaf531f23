//! Records: dicts whose values are collected as typed columns.

use crate::errors::{data_error, raise};
use crate::objects::{Sink, as_dict, push_object, time_of};
use crate::sampled;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use std::collections::{HashMap, HashSet};
use tidegauge_kernel::Result;
use tidegauge_kernel::columns::Value;
use tidegauge_kernel::expressions::Cells;
use tidegauge_kernel::profile::{Collector as Kernel, DerivedRow};

/// The kernel's collector with what makes records quick to take in.
pub(crate) struct Intake {
    pub(crate) kernel: Kernel,
    /// The keys of the last record in order: the next one probably has the very same objects.
    keys: Vec<(Py<PyAny>, Option<usize>)>,
    paths: Paths,
    pub(crate) nan_is_null: bool,
    /// The values of one record that derived columns are computed of.
    pub(crate) cells: Cells,
    /// Records whose derived columns are not computed yet, and when each arrived if that is its time.
    pub(crate) waiting: Vec<(Py<PyDict>, Option<i64>)>,
}

/// Columns inside other columns, by the number of the outer one.
#[derive(Default)]
struct Paths {
    names: HashMap<usize, String>,
    /// Columns of records themselves, and columns inside of those.
    top: HashSet<usize>,
    inner: HashSet<usize>,
    children: HashMap<(usize, String), usize>,
}

/// The error of a path that is a column by itself and one inside another.
fn twice(path: &str) -> PyErr {
    data_error(format!(
        "column {path:?} is there by itself and inside another column, whose parts are named so; rename one"
    ))
}

/// Takes the value of a record by which it is grouped.
struct KeySink<'a> {
    kernel: &'a mut Kernel,
    nan_is_null: bool,
    done: Result<()>,
}

/// What is inside of a value is no key.
const INSIDE: usize = usize::MAX;

impl Sink for KeySink<'_> {
    fn nested(&mut self, _: usize, _: &str) -> PyResult<usize> {
        Ok(INSIDE)
    }

    fn note_arrow_type(&mut self, _: usize, _: &str) {}

    fn push(&mut self, column: usize, value: Value<'_>) {
        let value = match value {
            Value::Float(number) if self.nan_is_null && number.is_nan() => Value::Null,
            value => value,
        };
        if column != INSIDE && self.done.is_ok() {
            self.done = self.kernel.set_key(column, value);
        }
    }
}

/// A time as it was read, or as a null if the collector forgives that it could not be.
pub(crate) fn forgiven(kernel: &Kernel, time: PyResult<Option<i64>>) -> PyResult<Option<i64>> {
    match time {
        Err(_) if kernel.is_forgiving() => Ok(None),
        time => time,
    }
}

impl Sink for Intake {
    fn nested(&mut self, parent: usize, part: &str) -> PyResult<usize> {
        // A field's name may be anything but "[]" here: lists and structs do not share a path.
        if let Some(&number) = self.paths.children.get(&(parent, part.to_owned())) {
            return Ok(number);
        }
        let prefix = self.paths.names.get(&parent).cloned().unwrap_or_default();
        let path = if part == "[]" {
            format!("{prefix}[]")
        } else {
            format!("{prefix}.{part}")
        };
        let number = self.kernel.nested_number(parent, &path);
        if self.paths.top.contains(&number) {
            return Err(twice(&path));
        }
        self.paths.names.insert(number, path);
        self.paths.inner.insert(number);
        self.paths.children.insert((parent, part.to_owned()), number);
        Ok(number)
    }

    fn note_arrow_type(&mut self, column: usize, name: &str) {
        self.kernel.note_arrow_type(column, name);
    }

    #[inline]
    fn push(&mut self, column: usize, value: Value<'_>) {
        let value = match value {
            Value::Float(number) if self.nan_is_null && number.is_nan() => Value::Null,
            value => value,
        };
        self.kernel.push(column, value);
    }
}

impl Intake {
    pub(crate) fn new(kernel: Kernel) -> Self {
        Self {
            cells: kernel.derived().cells(),
            kernel,
            keys: Vec::new(),
            paths: Paths::default(),
            nan_is_null: false,
            waiting: Vec::new(),
        }
    }

    /// The number of a top-level column; `None` when it is not profiled.
    pub(crate) fn column(&mut self, name: &str) -> PyResult<Option<usize>> {
        let Some(number) = self.kernel.column_number(name) else {
            return Ok(None);
        };
        if self.paths.top.insert(number) {
            if self.paths.inner.contains(&number) {
                self.paths.top.remove(&number);
                return Err(twice(name));
            }
            self.paths.names.insert(number, name.to_owned());
        }
        Ok(Some(number))
    }

    /// Takes one record in, with its derived columns.
    pub(crate) fn take(
        &mut self,
        record: &Bound<'_, PyDict>,
        derived: Option<DerivedRow<'_>>,
    ) -> PyResult<()> {
        self.begin_record(record, derived)?;
        self.push_values(record, derived)?;
        self.kernel.end_record();
        Ok(())
    }

    /// Takes one record in as far as it goes: what comes next is a record of its own in any case.
    pub(crate) fn take_offered(
        &mut self,
        record: &Bound<'_, PyDict>,
        derived: Option<DerivedRow<'_>>,
    ) -> PyResult<()> {
        self.begin_record(record, derived)?;
        let done = self.push_values(record, derived);
        self.kernel.end_record();
        done
    }

    fn push_values(&mut self, record: &Bound<'_, PyDict>, derived: Option<DerivedRow<'_>>) -> PyResult<()> {
        for (position, (key, value)) in record.iter().enumerate() {
            let number = match self.keys.get(position) {
                Some((known, number)) if known.as_ptr() == key.as_ptr() => *number,
                _ => self.new_key(position, &key)?,
            };
            if let Some(number) = number {
                push_object(self, number, &value)?;
            }
        }
        if let Some(row) = derived {
            self.kernel.push_derived(row);
        }
        match self.kernel.samples() {
            Some(samples) => sampled::record(samples, record),
            None => Ok(()),
        }
    }

    /// Gives the record that begins next its value of a column by which records are grouped.
    pub(crate) fn set_key(&mut self, key: usize, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let mut sink = KeySink {
            kernel: &mut self.kernel,
            nan_is_null: self.nan_is_null,
            done: Ok(()),
        };
        push_object(&mut sink, key, value)?;
        sink.done.map_err(raise)
    }

    /// Finds the profiles that a record belongs to.
    fn begin_record(&mut self, record: &Bound<'_, PyDict>, derived: Option<DerivedRow<'_>>) -> PyResult<()> {
        if self.kernel.is_whole() {
            return Ok(());
        }
        let time = self.time(record, derived)?;
        self.kernel.clear_key();
        for key in 0..self.kernel.segments().columns().len() {
            if let Some(value) = record.get_item(&self.kernel.segments().columns()[key])? {
                self.set_key(key, &value)?;
            }
        }
        if let Some(row) = derived {
            self.kernel.set_derived_keys(row).map_err(raise)?;
        }
        self.kernel.begin_record(time);
        Ok(())
    }

    /// When a record happened; of no account without windows.
    fn time(&self, record: &Bound<'_, PyDict>, derived: Option<DerivedRow<'_>>) -> PyResult<Option<i64>> {
        if !self.kernel.needs_times() {
            return Ok(None);
        }
        if let Some(row) = derived
            && let Some(time) = self.kernel.derived_time(row).map_err(raise)?
        {
            return Ok(time);
        }
        let name = self.kernel.timestamp().unwrap_or_default();
        let value = record.get_item(name)?;
        value.map_or(Ok(None), |value| forgiven(&self.kernel, time_of(&value)))
    }

    #[cold]
    fn new_key(&mut self, position: usize, key: &Bound<'_, PyAny>) -> PyResult<Option<usize>> {
        let number = match key.cast::<PyString>() {
            Ok(name) => self.column(&name.to_string_lossy())?,
            Err(_) => self.column(&key.str()?.to_string_lossy())?,
        };
        let known = (key.clone().unbind(), number);
        if position < self.keys.len() {
            self.keys[position] = known;
        } else if self.keys.len() == position {
            self.keys.push(known);
        }
        Ok(number)
    }
}

pub(crate) fn dict_of<'py>(record: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    if let Ok(dict) = record.cast::<PyDict>() {
        return Ok(dict.clone());
    }
    let class = record.get_type().name()?;
    as_dict(record)?.ok_or_else(|| {
        data_error(format!(
            "a record is a {class}; expected a dict from columns to values"
        ))
    })
}
