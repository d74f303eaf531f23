//! Derived columns: functions written in Python, and records whose derived columns are to be computed.

use crate::arrays::{KernelArray, array_of};
use crate::calling::Owner;
use crate::collector::IMPOSSIBLE;
use crate::conditions::Rows;
use crate::errors::{argument_error, passing, raise, with_python};
use crate::objects::{Sink, as_dict, push_object};
use crate::records::Intake;
use arrow_array::{Array, ArrayRef, NullArray};
use arrow_schema::Field;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use std::sync::Arc;
use tidegauge_kernel::Result;
use tidegauge_kernel::columns::{Value, plain_array};
use tidegauge_kernel::expressions::{Cells, Expression, Input, resolve};
use tidegauge_kernel::guard::guarded;
use tidegauge_kernel::profile::{Derived, DerivedRow, Formula, Function};

/// Records that wait until a function is called for all of them.
const WAITING: usize = 1_024;

/// A function of whole columns.
#[derive(Debug)]
struct PyFunction {
    owner: Owner,
    name: String,
    function: Py<PyAny>,
}

impl Function for PyFunction {
    fn call(&self, columns: &[ArrayRef], _rows: usize) -> Result<ArrayRef> {
        with_python(|py| {
            let columns = columns
                .iter()
                .map(|column| KernelArray::new(plain_array(column, false)));
            let columns: Vec<Bound<'_, KernelArray>> = columns
                .map(|column| Bound::new(py, column))
                .collect::<PyResult<_>>()?;
            let columns = PyTuple::new(py, columns)?;
            let values = self.owner.call(|| self.function.bind(py).call1(columns))?;
            array_of(&self.name, &values)
        })
        .map_err(|error| passing(error, &format!("in the derived column {:?}", self.name)))
    }
}

/// Derived columns: name, and the text of an expression or `(columns, function)`.
pub(crate) fn read(derived: Vec<(String, Bound<'_, PyAny>)>, owner: Owner) -> PyResult<Derived> {
    let formulas = derived.into_iter().map(|(name, formula)| {
        if let Ok(text) = formula.cast::<PyString>() {
            let parsed = Expression::parse(text.to_str()?);
            let parsed = parsed.map_err(|error| raise(error.at(format!("derived column {name:?}"))))?;
            return Ok((name, Formula::Expression(parsed)));
        }
        let (columns, function): (Vec<String>, Py<PyAny>) = formula.extract().map_err(|_| {
            argument_error(format!(
                "derived column {name:?} is computed by an expression or by (columns, function)"
            ))
        })?;
        let function = PyFunction {
            owner,
            name: name.clone(),
            function,
        };
        Ok((name, Formula::Function(columns, Arc::new(function))))
    });
    Derived::new(formulas.collect::<PyResult<_>>()?).map_err(raise)
}

/// Adds the derived columns to columns that came one by one.
pub(crate) fn add_columns(
    derived: &Derived,
    arrays: &mut Vec<(Field, Vec<ArrayRef>)>,
    objects: &[(&String, Bound<'_, PyAny>)],
    rows: usize,
    nan_is_null: bool,
) -> PyResult<()> {
    let present = arrays.iter().map(|column| column.0.name());
    let mut present = present.chain(objects.iter().map(|column| column.0));
    present
        .try_for_each(|name| derived.check_name(name))
        .map_err(raise)?;
    let needed: Vec<_> = arrays
        .iter()
        .filter(|column| derived.needs(column.0.name()))
        .collect();
    let batch = crate::conditions::block(&needed, 0, rows).map_err(raise)?;
    let mut iterators = Vec::new();
    for (name, column) in objects.iter().filter(|column| derived.needs(column.0)) {
        iterators.push((*name, column.try_iter()?));
    }
    let mut cells = Rows::new(derived.columns().to_vec(), nan_is_null);
    cells.read(&mut iterators, rows)?;
    let inputs = derived.columns().iter().enumerate().map(|(slot, name)| {
        let array = resolve(&batch, name).map(Input::Array);
        array.or_else(|| cells.input(slot)).unwrap_or(Input::Missing)
    });
    let computed = compute(derived, inputs.collect(), rows, nan_is_null)?;
    for (name, array) in derived.names().zip(computed) {
        arrays.push((Field::new(name, array.data_type().clone(), true), vec![array]));
    }
    Ok(())
}

/// Computes with the interpreter released; functions take it when they are called.
fn compute(derived: &Derived, inputs: Vec<Input>, rows: usize, nan_is_null: bool) -> PyResult<Vec<ArrayRef>> {
    let work = || derived.compute(inputs, rows, nan_is_null);
    // What the work holds is unwound with it.
    with_python(|py| py.detach(|| guarded(IMPOSSIBLE, work)).map_err(raise))
}

/// The value of a record at a path: of a column, or of a field in a dict.
fn inside<'py>(record: &Bound<'py, PyDict>, path: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    if let Some(value) = record.get_item(path)? {
        return Ok(Some(value));
    }
    for (at, _) in path.match_indices('.') {
        let Some(parent) = record.get_item(&path[..at])? else {
            continue;
        };
        if let Some(parent) = as_dict(&parent)?
            && let Some(value) = inside(&parent, &path[at + 1..])?
        {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// How a record is taken in with its derived columns.
type Take = fn(&mut Intake, &Bound<'_, PyDict>, Option<DerivedRow<'_>>) -> PyResult<()>;

/// The number under which a value itself comes, as against what is inside of it.
const OWN: usize = 0;

/// Keeps one value.
struct Slot<'a> {
    cells: &'a mut Cells,
    slot: usize,
    nan_is_null: bool,
}

impl Sink for Slot<'_> {
    fn nested(&mut self, _: usize, _: &str) -> PyResult<usize> {
        Ok(OWN + 1)
    }

    fn note_arrow_type(&mut self, _: usize, _: &str) {}

    fn push(&mut self, column: usize, value: Value<'_>) {
        let missing = matches!(value, Value::Float(number) if self.nan_is_null && number.is_nan());
        if column == OWN && !missing {
            self.cells.set(self.slot, value);
        }
    }
}

impl Intake {
    /// Takes one record in, now or when there are enough to call functions for.
    pub(crate) fn record(&mut self, record: &Bound<'_, PyDict>) -> PyResult<()> {
        self.receive(record, Self::take)
    }

    /// The same as far as it goes: what comes next is a record of its own in any case.
    pub(crate) fn offer(&mut self, record: &Bound<'_, PyDict>) -> PyResult<()> {
        self.receive(record, Self::take_offered)
    }

    #[inline]
    fn receive(&mut self, record: &Bound<'_, PyDict>, take: Take) -> PyResult<()> {
        if self.kernel.derived().is_empty() {
            take(self, record, None)
        } else {
            self.receive_deriving(record, take)
        }
    }

    fn receive_deriving(&mut self, record: &Bound<'_, PyDict>, take: Take) -> PyResult<()> {
        let derived = self.kernel.derived();
        for name in derived.names() {
            if record.contains(name)? {
                derived.check_name(name).map_err(raise)?;
            }
        }
        if !derived.has_functions() {
            return self.derive_one(record, take);
        }
        self.waiting
            .push((record.copy()?.unbind(), self.kernel.arrival()));
        if self.waiting.len() >= WAITING {
            self.settle(record.py())?;
        }
        Ok(())
    }

    /// Takes one record in with its derived columns, of which none is computed by a function.
    fn derive_one(&mut self, record: &Bound<'_, PyDict>, take: Take) -> PyResult<()> {
        let derived = self.kernel.derived().clone();
        let mut cells = std::mem::take(&mut self.cells);
        cells.clear();
        let mut read = || -> PyResult<()> {
            for (slot, path) in derived.columns().iter().enumerate() {
                if let Some(value) = inside(record, path)? {
                    let mut sink = Slot {
                        cells: &mut cells,
                        slot,
                        nan_is_null: self.nan_is_null,
                    };
                    push_object(&mut sink, OWN, &value)?;
                }
            }
            derived.compute_record(&mut cells);
            Ok(())
        };
        let done = read();
        let done = done.and_then(|()| take(self, record, Some(DerivedRow::Record(&cells))));
        self.cells = cells;
        done
    }

    /// Takes the records in that wait. The first error is given when all are in.
    pub(crate) fn settle(&mut self, py: Python<'_>) -> PyResult<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let waiting = std::mem::take(&mut self.waiting);
        let (records, arrivals): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .map(|(record, arrival)| (record.into_bound(py), arrival))
            .unzip();
        let (arrays, mut failure) = match self.derived_columns(&records) {
            Ok(arrays) => (arrays, Ok(())),
            // The records themselves are none the worse for it.
            Err(error) => (self.nulls(records.len()), Err(error)),
        };
        let now = self.kernel.arrival();
        for (row, (record, arrival)) in records.iter().zip(arrivals).enumerate() {
            if let Some(arrival) = arrival {
                self.kernel.set_arrival(arrival);
            }
            let done = self.take_offered(record, Some(DerivedRow::Of(&arrays, row)));
            failure = failure.and(done);
        }
        if let Some(now) = now {
            self.kernel.set_arrival(now);
        }
        failure
    }

    fn nulls(&self, rows: usize) -> Vec<ArrayRef> {
        let nulls = |_| Arc::new(NullArray::new(rows)) as ArrayRef;
        self.kernel.derived().names().map(nulls).collect()
    }

    fn derived_columns(&self, records: &[Bound<'_, PyDict>]) -> PyResult<Vec<ArrayRef>> {
        let derived = self.kernel.derived();
        let mut cells = Rows::new(derived.columns().to_vec(), self.nan_is_null);
        for (row, record) in records.iter().enumerate() {
            for (key, value) in record {
                let name = key.str()?;
                let name = name.to_str()?;
                if derived.needs(name) {
                    cells.read_value(row, name, &value)?;
                }
            }
        }
        let inputs = (0..derived.columns().len())
            .map(|slot| cells.padded_input(slot, records.len()).unwrap_or(Input::Missing));
        compute(derived, inputs.collect(), records.len(), self.nan_is_null)
    }
}
