//! Python's records as samplers see them: dicts, and columns of arrays or objects.

use crate::conditions::Rows;
use crate::errors::raise;
use crate::objects::{Sink, push_object};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, Schema};
use arrow_select::interleave::interleave;
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::PyDict;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tidegauge_kernel::columns::Value;
use tidegauge_kernel::expressions::{Input, Inputs, resolve};
use tidegauge_kernel::samples::{Chunk, Datum, Record, Sampling, Source, column};
use tidegauge_kernel::{Error, Result};

/// Characters of an object's own text that are kept of it.
const LONGEST: usize = 1_000;

/// The samplers, waiting for them with the interpreter released.
pub(crate) fn lock<'a>(py: Python<'_>, samples: &'a Mutex<Sampling>) -> MutexGuard<'a, Sampling> {
    samples
        .lock_py_attached(py)
        .unwrap_or_else(PoisonError::into_inner)
}

/// Shows one record to the samplers.
pub(crate) fn record(samples: &Mutex<Sampling>, record: &Bound<'_, PyDict>) -> PyResult<()> {
    if lock(record.py(), samples).pass() {
        return Ok(());
    }
    // Not under the lock: objects may be of classes whose methods log, too.
    let values = [values_of(record)?];
    lock(record.py(), samples).add(&values.as_slice()).map_err(raise)
}

fn values_of(record: &Bound<'_, PyDict>) -> PyResult<Record> {
    let mut assembler = Assembler::default();
    let mut values = Record::with_capacity(record.len());
    for (key, value) in record {
        let name = key.str()?.to_string_lossy().into_owned();
        values.push((name.into(), assembler.read(&value)?));
    }
    Ok(values)
}

/// Puts values together again that an object is taken apart into.
#[derive(Default)]
struct Assembler {
    /// Of each column its parent, and its name in there. The object itself is column 0.
    columns: Vec<(usize, Arc<str>)>,
    numbers: HashMap<(usize, String), usize>,
    /// Lists and structs that are not complete, each inside of the one before.
    open: Vec<(usize, Datum)>,
    /// The object, once it is complete.
    whole: Option<Datum>,
}

impl Assembler {
    fn read(&mut self, object: &Bound<'_, PyAny>) -> PyResult<Datum> {
        if self.columns.is_empty() {
            self.columns.push((usize::MAX, "".into()));
        }
        self.open.clear();
        self.whole = None;
        push_object(self, 0, object)?;
        while let Some((column, value)) = self.open.pop() {
            self.place(column, value);
        }
        Ok(self.whole.take().unwrap_or(Datum::Null))
    }

    /// Puts a complete value where it belongs.
    fn place(&mut self, column: usize, value: Datum) {
        match self.open.last_mut() {
            Some((_, Datum::List(values))) => values.push(value),
            Some((_, Datum::Struct(fields))) => fields.push((self.columns[column].1.clone(), value)),
            _ => self.whole = Some(value),
        }
    }

    fn add(&mut self, column: usize, value: Datum) {
        let parent = self.columns[column].0;
        while let Some((open, _)) = self.open.last() {
            if *open == parent {
                break;
            }
            if let Some((column, complete)) = self.open.pop() {
                self.place(column, complete);
            }
        }
        match value {
            Datum::List(_) | Datum::Struct(_) => self.open.push((column, value)),
            flat => self.place(column, flat),
        }
    }
}

impl Sink for Assembler {
    fn nested(&mut self, parent: usize, part: &str) -> PyResult<usize> {
        let next = self.columns.len();
        let number = *self.numbers.entry((parent, part.to_owned())).or_insert(next);
        if number == next {
            self.columns.push((parent, part.into()));
        }
        Ok(number)
    }

    fn note_arrow_type(&mut self, _: usize, _: &str) {}

    fn push(&mut self, column: usize, value: Value<'_>) {
        self.add(column, Datum::of_value(value));
    }

    fn aware(&mut self, column: usize, microseconds: i64) {
        self.add(column, Datum::Timestamp(microseconds, true));
    }

    fn foreign(&mut self, column: usize, object: &Bound<'_, PyAny>) {
        let text = object
            .str()
            .map(|text| text.to_string_lossy().chars().take(LONGEST).collect());
        self.add(
            column,
            Datum::Text(text.unwrap_or_else(|_| "?".to_owned()).into()),
        );
    }
}

/// A batch that came column by column.
pub(crate) struct Columns<'a, 'py> {
    pub(crate) py: Python<'py>,
    pub(crate) names: &'a [String],
    pub(crate) arrays: &'a [(Field, Vec<ArrayRef>)],
    pub(crate) objects: &'a [(&'a String, Bound<'py, PyAny>)],
    pub(crate) rows: usize,
    pub(crate) nan_is_null: bool,
    /// What a Python object raised while it was read.
    pub(crate) raised: RefCell<Option<PyErr>>,
}

impl<'py> Columns<'_, 'py> {
    /// Shows them to the samplers.
    pub(crate) fn show(&self, samples: &Mutex<Sampling>) -> PyResult<()> {
        let done = lock(self.py, samples).add(self);
        match self.raised.take() {
            Some(raised) => Err(raised),
            None => done.map_err(raise),
        }
    }

    /// Remembers what was raised, for which the kernel has no words.
    fn heard<T>(&self, result: PyResult<T>) -> Result<T> {
        result.map_err(|error| {
            let heard = Error::data(error.to_string());
            *self.raised.borrow_mut() = Some(error);
            heard
        })
    }

    fn taken(&self, name: &str, rows: &[u32]) -> Result<ArrayRef> {
        if let Some((_, chunks)) = self.arrays.iter().find(|column| column.0.name() == name) {
            return take(chunks, rows, self.nan_is_null)
                .map_err(|error| Error::data(format!("column {name:?}: {error}")));
        }
        let object = self.objects.iter().find(|column| column.0 == name);
        let mut assembler = Assembler::default();
        let mut values = Vec::with_capacity(rows.len());
        for &row in rows {
            let value = match object {
                Some((_, values)) => {
                    self.heard(values.get_item(row).and_then(|value| assembler.read(&value)))?
                }
                None => Datum::Null,
            };
            values.push(match value {
                Datum::Float(number) if self.nan_is_null && number.is_nan() => Datum::Null,
                value => value,
            });
        }
        Ok(column(&values.iter().collect::<Vec<_>>()))
    }
}

/// Some rows of a column that comes in chunks.
fn take(
    chunks: &[ArrayRef],
    rows: &[u32],
    nan_is_null: bool,
) -> std::result::Result<ArrayRef, arrow_schema::ArrowError> {
    let mut ends: Vec<usize> = Vec::with_capacity(chunks.len());
    for chunk in chunks {
        ends.push(ends.last().copied().unwrap_or(0) + chunk.len());
    }
    let place = |&row: &u32| {
        let row = row as usize;
        let chunk = ends.partition_point(|&end| end <= row);
        (chunk, row - chunk.checked_sub(1).map_or(0, |before| ends[before]))
    };
    let places: Vec<(usize, usize)> = rows.iter().map(place).collect();
    let arrays: Vec<&dyn Array> = chunks.iter().map(|chunk| &**chunk).collect();
    let taken = interleave(&arrays, &places)?;
    macro_rules! without_nan {
        ($kind:ty) => {{
            let numbers = taken.as_primitive::<$kind>().iter();
            let known = numbers.map(|number| number.filter(|number| !number.is_nan()));
            Arc::new(known.collect::<arrow_array::PrimitiveArray<$kind>>())
        }};
    }
    Ok(match taken.data_type() {
        DataType::Float32 if nan_is_null => without_nan!(Float32Type),
        DataType::Float64 if nan_is_null => without_nan!(Float64Type),
        _ => taken,
    })
}

fn batch(columns: Vec<(&str, ArrayRef)>, rows: usize) -> Result<RecordBatch> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let arrays = columns.into_iter().map(|column| column.1).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
        .map_err(|error| Error::data(error.to_string()))
}

impl Source for Columns<'_, '_> {
    fn rows(&self) -> usize {
        self.rows
    }

    fn names(&self) -> Option<Vec<&str>> {
        Some(self.names.iter().map(String::as_str).collect())
    }

    fn inputs(&self, names: &[String]) -> Result<Inputs> {
        let needed = |name: &str| {
            names.iter().any(|path| {
                let rest = path.strip_prefix(name);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        let mut arrays = Vec::new();
        for (field, chunks) in self.arrays.iter().filter(|column| needed(column.0.name())) {
            let chunks: Vec<&dyn Array> = chunks.iter().map(|chunk| &**chunk).collect();
            let array =
                arrow_select::concat::concat(&chunks).map_err(|error| Error::data(error.to_string()))?;
            arrays.push((field.name().as_str(), array));
        }
        let arrays = batch(arrays, self.rows)?;
        let mut iterators = Vec::new();
        for (name, column) in self.objects.iter().filter(|column| needed(column.0)) {
            iterators.push((*name, self.heard(column.try_iter())?));
        }
        let mut cells = Rows::new(names.to_vec(), self.nan_is_null);
        self.heard(cells.read(&mut iterators, self.rows))?;
        let inputs = names.iter().enumerate().map(|(slot, name)| {
            let array = resolve(&arrays, name).map(Input::Array);
            array.or_else(|| cells.input(slot)).unwrap_or(Input::Missing)
        });
        Inputs::new(inputs.collect(), self.rows, self.nan_is_null)
    }

    fn take(&self, rows: &[u32]) -> Result<Chunk> {
        let columns = self
            .names
            .iter()
            .map(|name| Ok((name.as_str(), self.taken(name, rows)?)));
        let batch = batch(columns.collect::<Result<_>>()?, rows.len())?;
        // What came as arrays may be of types that rows are not kept in.
        let all: Vec<u32> = (0..rows.len() as u32).collect();
        (&batch, false).take(&all)
    }
}
