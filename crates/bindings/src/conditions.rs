//! Conditions of a batch that came column by column: arrays, Python objects, or both.

use crate::errors::{raise, with_python};
use crate::objects::{Sink, push_object};
use crate::records::Intake;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{Field, Schema};
use pyo3::prelude::*;
use pyo3::types::PyIterator;
use std::collections::HashMap;
use std::sync::Arc;
use tidegauge_kernel::columns::Value;
use tidegauge_kernel::expressions::{Expression, Gathered, Input, Inputs, resolve};
use tidegauge_kernel::guard::guarded;
use tidegauge_kernel::profile::{Conditions, Placement};
use tidegauge_kernel::{Error, Result};

/// Rows that are looked at together.
const ROWS: usize = 1 << 16;

/// The same where they are Python objects, of which copies are held.
const OBJECTS: usize = 1 << 13;

/// A name, what holds its values, and who goes through them.
type Objects<'a, 'py> = (&'a String, Bound<'py, PyAny>);

/// Reads an expression: its canonical text, its columns, whether it can be a condition.
#[pyfunction]
pub(crate) fn read_expression(text: &str) -> PyResult<(String, Vec<String>, bool)> {
    let expression = Expression::parse(text).map_err(raise)?;
    Ok((
        expression.to_string(),
        expression.columns().to_vec(),
        expression.is_condition(),
    ))
}

/// Reads conditions, given as names and texts of expressions.
pub(crate) fn read(conditions: Vec<(String, String)>) -> PyResult<Conditions> {
    let parsed = conditions.into_iter().map(|(name, text)| {
        let expression = Expression::parse(&text).map_err(|error| error.at(format!("condition {name:?}")))?;
        Ok((name, expression))
    });
    let parsed: Result<Vec<_>> = parsed.collect();
    parsed.and_then(Conditions::new).map_err(raise)
}

/// Counts the conditions of `rows` records.
pub(crate) fn count(
    intake: &mut Intake,
    arrays: &[(Field, Vec<ArrayRef>)],
    objects: &[Objects<'_, '_>],
    rows: usize,
    placement: Option<&Placement>,
) -> PyResult<()> {
    let conditions = intake.kernel.conditions();
    if conditions.is_empty() {
        return Ok(());
    }
    let arrays: Vec<_> = arrays
        .iter()
        .filter(|column| conditions.needs(column.0.name()))
        .collect();
    let columns = conditions.columns().to_vec();
    let mut iterators = Vec::new();
    for (name, column) in objects.iter().filter(|column| conditions.needs(column.0)) {
        iterators.push((*name, column.try_iter()?));
    }
    let step = if iterators.is_empty() { ROWS } else { OBJECTS };
    let mut cells = Rows::new(columns.clone(), intake.nan_is_null);
    let nan_is_null = intake.nan_is_null;
    for start in (0..rows).step_by(step) {
        let length = step.min(rows - start);
        cells.read(&mut iterators, length)?;
        let kernel = &mut intake.kernel;
        let placed = placement.map(|placement| (placement, start));
        let done = with_python(|py| {
            py.check_signals()?;
            py.detach(|| {
                guarded(crate::collector::IMPOSSIBLE, || {
                    let batch = block(&arrays, start, length)?;
                    let inputs = columns.iter().enumerate().map(|(slot, name)| {
                        let array = resolve(&batch, name).map(Input::Array);
                        array.or_else(|| cells.input(slot)).unwrap_or(Input::Missing)
                    });
                    let inputs = Inputs::new(inputs.collect(), length, nan_is_null)?;
                    kernel.count_conditions(&inputs, placed);
                    Ok(())
                })
            })
            .map_err(raise)
        });
        done?;
    }
    Ok(())
}

/// Some rows of columns that come in chunks.
pub(crate) fn block(columns: &[&(Field, Vec<ArrayRef>)], start: usize, length: usize) -> Result<RecordBatch> {
    let broken = |error: arrow_schema::ArrowError| Error::data(error.to_string());
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for (field, chunks) in columns {
        let mut parts: Vec<ArrayRef> = Vec::new();
        let mut at = 0;
        for chunk in chunks {
            let (from, to) = (start.max(at), (start + length).min(at + chunk.len()));
            if from < to {
                parts.push(chunk.slice(from - at, to - from));
            }
            at += chunk.len();
        }
        let array = match &parts[..] {
            [only] => only.clone(),
            many => {
                let many: Vec<&dyn Array> = many.iter().map(|part| &**part).collect();
                arrow_select::concat::concat(&many).map_err(broken)?
            }
        };
        fields.push(Field::new(field.name(), array.data_type().clone(), true));
        arrays.push(array);
    }
    let options = RecordBatchOptions::new().with_row_count(Some(length));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options).map_err(broken)
}

/// Values of Python objects by column of the conditions.
pub(crate) struct Rows {
    columns: Vec<String>,
    /// Paths that were met, and which column of the conditions each is.
    paths: Vec<(String, Option<usize>)>,
    numbers: HashMap<String, usize>,
    cells: Vec<Option<Gathered>>,
    row: usize,
    nan_is_null: bool,
}

impl Rows {
    pub(crate) fn new(columns: Vec<String>, nan_is_null: bool) -> Self {
        Self {
            cells: columns.iter().map(|_| None).collect(),
            columns,
            paths: Vec::new(),
            numbers: HashMap::new(),
            row: 0,
            nan_is_null,
        }
    }

    fn number(&mut self, path: String) -> usize {
        if let Some(&number) = self.numbers.get(&path) {
            return number;
        }
        let slot = self.columns.iter().position(|column| *column == path);
        self.paths.push((path.clone(), slot));
        self.numbers.insert(path, self.paths.len() - 1);
        self.paths.len() - 1
    }

    pub(crate) fn read(
        &mut self,
        iterators: &mut [(&String, Bound<'_, PyIterator>)],
        length: usize,
    ) -> PyResult<()> {
        for (name, iterator) in iterators {
            let number = self.number((*name).clone());
            for (row, value) in iterator.take(length).enumerate() {
                self.row = row;
                push_object(self, number, &value?)?;
            }
            // A column that was given is there, also when it holds nothing but nulls.
            if let Some(slot) = self.paths[number].1 {
                self.cells[slot].get_or_insert_default();
            }
        }
        self.cells
            .iter_mut()
            .flatten()
            .for_each(|cells| cells.pad(length));
        Ok(())
    }

    /// Reads one value of a record.
    pub(crate) fn read_value(&mut self, row: usize, name: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
        self.row = row;
        let number = self.number(name.to_owned());
        push_object(self, number, value)
    }

    /// A column with nulls behind what was read, to so many rows.
    pub(crate) fn padded_input(&mut self, slot: usize, rows: usize) -> Option<Input> {
        self.cells[slot].as_mut()?.pad(rows);
        self.input(slot)
    }

    pub(crate) fn input(&mut self, slot: usize) -> Option<Input> {
        self.cells[slot].as_mut().map(Gathered::finish)
    }
}

impl Sink for Rows {
    fn nested(&mut self, parent: usize, part: &str) -> PyResult<usize> {
        let parent = &self.paths[parent].0;
        let path = if part == "[]" {
            format!("{parent}[]")
        } else {
            format!("{parent}.{part}")
        };
        Ok(self.number(path))
    }

    fn note_arrow_type(&mut self, _: usize, _: &str) {}

    fn push(&mut self, column: usize, value: Value<'_>) {
        let Some(slot) = self.paths[column].1 else { return };
        let value = match value {
            Value::Float(number) if self.nan_is_null && number.is_nan() => Value::Null,
            value => value,
        };
        let cells = self.cells[slot].get_or_insert_default();
        // One value a record, whatever the objects hold twice.
        if cells.len() <= self.row {
            cells.pad(self.row);
            cells.push(value);
        }
    }
}
