//! A batch given column by column: arrays of whatever library, or plain Python objects.

use crate::arrays::with_nulls;
use crate::collector::IMPOSSIBLE;
use crate::conditions;
use crate::derived;
use crate::errors::{data_error, raise, with_python};
use crate::objects::{push_object, time_of};
use crate::records::{Intake, forgiven};
use crate::sampled::Columns;
use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Int64Array, RecordBatch, RecordBatchOptions,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{ArrowError, DataType, Field, Schema, TimeUnit};
use pyo3::buffer::{ElementType, PyBuffer};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use pyo3_arrow::buffer::AnyBufferProtocol;
use pyo3_arrow::input::AnyArray;
use std::cell::RefCell;
use std::sync::Arc;
use tidegauge_kernel::guard::guarded;

/// Python objects of a column that wait to be folded.
const OBJECTS_AT_ONCE: usize = 1 << 16;

/// A column as it can be folded.
enum Source<'py> {
    /// Chunks of one Arrow type.
    Chunks(Vec<ArrayRef>),
    /// Python objects, one a record.
    Objects(Bound<'py, PyAny>),
}

pub(crate) fn wrong(name: &str, what: impl std::fmt::Display) -> PyErr {
    data_error(format!("column {name:?}: {what}"))
}

/// Adds a batch of `rows` records to the intake.
pub(crate) fn log(
    intake: &mut Intake,
    names: &[String],
    columns: &[Bound<'_, PyAny>],
    rows: u64,
    nan_is_null: bool,
) -> PyResult<()> {
    if names.len() != columns.len() {
        return Err(data_error(format!(
            "{} names for {} columns",
            names.len(),
            columns.len()
        )));
    }
    let (mut arrays, objects) = sorted_out(names, columns, rows)?;
    check_names(names)?;
    check_conditions(intake, names, &arrays)?;
    if let (Some(samples), Some(first)) = (intake.kernel.samples(), columns.first()) {
        let shown = Columns {
            py: first.py(),
            names,
            arrays: &arrays,
            objects: &objects,
            rows: rows as usize,
            nan_is_null,
            raised: RefCell::default(),
        };
        shown.show(samples)?;
    }
    let derived = intake.kernel.derived().clone();
    if !derived.is_empty() {
        derived::add_columns(&derived, &mut arrays, &objects, rows as usize, nan_is_null)?;
    }
    // Positions follow the order of the batch, whatever kind a column is.
    for name in names.iter().map(String::as_str).chain(derived.names()) {
        if let Some(number) = intake.column(name)? {
            intake.kernel.touch(number);
        }
    }
    intake.nan_is_null = nan_is_null;
    intake.kernel.set_nan_is_null(nan_is_null);
    // Values come column by column: conditions are counted behind them.
    intake.kernel.set_watching(false);
    intake.kernel.begin_columns();
    let done = if intake.kernel.is_whole() {
        log_whole(intake, &arrays, &objects, rows)
    } else {
        log_placed(intake, arrays, &objects, rows)
    };
    intake.kernel.abandon_columns();
    intake.kernel.end_batch();
    intake.kernel.set_watching(true);
    intake.nan_is_null = false;
    intake.kernel.set_nan_is_null(false);
    done
}

/// Columns that came as arrays, and those of Python objects.
type SortedOut<'a, 'py> = (Vec<(Field, Vec<ArrayRef>)>, Vec<(&'a String, Bound<'py, PyAny>)>);

fn sorted_out<'a, 'py>(
    names: &'a [String],
    columns: &[Bound<'py, PyAny>],
    rows: u64,
) -> PyResult<SortedOut<'a, 'py>> {
    let mut arrays = Vec::new();
    let mut objects = Vec::new();
    for (name, column) in names.iter().zip(columns) {
        let (length, source) = read(name, column)?;
        if length as u64 != rows {
            return Err(wrong(
                name,
                format!("it has {length} values, the others {rows}; all columns need one length"),
            ));
        }
        match source {
            Source::Chunks(chunks) => {
                let data_type = chunks
                    .first()
                    .map_or(DataType::Null, |chunk| chunk.data_type().clone());
                arrays.push((Field::new(name, data_type, true), chunks));
            }
            Source::Objects(column) => objects.push((name, column)),
        }
    }
    Ok((arrays, objects))
}

fn check_names(names: &[String]) -> PyResult<()> {
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(data_error(format!(
            "column {:?} occurs more than once; rename the columns so that every name is there once",
            pair[0]
        ))),
        None => Ok(()),
    }
}

/// Python objects have no type before they are looked at; arrays have.
fn check_conditions(
    intake: &mut Intake,
    names: &[String],
    arrays: &[(Field, Vec<ArrayRef>)],
) -> PyResult<()> {
    let plain: Vec<Field> = names
        .iter()
        .filter(|name| arrays.iter().all(|column| column.0.name() != *name))
        .map(|name| Field::new(name, DataType::Null, true))
        .collect();
    let fields = arrays.iter().map(|column| &column.0).chain(&plain);
    intake.kernel.check_columns(fields).map_err(raise)
}

fn log_whole(
    intake: &mut Intake,
    arrays: &[(Field, Vec<ArrayRef>)],
    objects: &[(&String, Bound<'_, PyAny>)],
    rows: u64,
) -> PyResult<()> {
    for (name, column) in objects {
        let Some(number) = intake.column(name)? else {
            continue;
        };
        for (row, value) in column.try_iter()?.enumerate() {
            intake.kernel.set_row(row);
            push_object(intake, number, &value?)?;
            rest(intake, row, column.py())?;
        }
    }
    let kernel = &mut intake.kernel;
    let log = || {
        kernel.log_columns(arrays, rows)?;
        kernel.end_columns(arrays, rows as usize, None)
    };
    with_python(|py| py.detach(|| guarded(IMPOSSIBLE, log)).map_err(raise))?;
    conditions::count(intake, arrays, objects, rows as usize, None)
}

/// For windows and segments: finds the profiles of each record first.
fn log_placed(
    intake: &mut Intake,
    arrays: Vec<(Field, Vec<ArrayRef>)>,
    objects: &[(&String, Bound<'_, PyAny>)],
    rows: u64,
) -> PyResult<()> {
    let rows = rows as usize;
    let times = match intake.kernel.window() {
        Some(_) => Some(times(intake, &arrays, objects, rows)?),
        None => None,
    };
    let keys = object_keys(intake, objects)?;
    let chunks = arrays.clone();
    let batch = joined(arrays, rows)?;
    let kernel = &mut intake.kernel;
    let column = |name: &str| {
        let array = batch.column_by_name(name).cloned();
        array.or_else(|| keys.iter().find(|key| key.0 == name).map(|key| key.1.clone()))
    };
    let place = || kernel.place(rows, times.as_deref(), column);
    let placement = guarded(IMPOSSIBLE, place).map_err(raise)?;
    conditions::count(intake, &chunks, objects, rows, Some(&placement))?;
    let mut numbered = Vec::new();
    for (name, column) in objects {
        numbered.push((intake.column(name)?, column.try_iter()?));
    }
    if batch.num_columns() > 0 {
        let kernel = &mut intake.kernel;
        let log = || kernel.log_placed(&batch, &placement);
        with_python(|py| py.detach(|| guarded(IMPOSSIBLE, log)).map_err(raise))?;
    }
    for row in 0..if objects.is_empty() { 0 } else { rows } {
        intake.kernel.begin_placed(&placement, row);
        intake.kernel.set_row(row);
        for (number, values) in &mut numbered {
            let Some(value) = values.next() else { continue };
            if let Some(number) = number {
                push_object(intake, *number, &value?)?;
            }
        }
        if batch.num_columns() == 0 {
            intake.kernel.add_records(1);
        }
        if let Some((_, column)) = objects.first() {
            rest(intake, row, column.py())?;
        }
    }
    let kernel = &mut intake.kernel;
    let correlate = || kernel.end_columns(&chunks, rows, Some(&placement));
    with_python(|py| py.detach(|| guarded(IMPOSSIBLE, correlate)).map_err(raise))
}

/// Columns of chunks as one batch.
fn joined(arrays: Vec<(Field, Vec<ArrayRef>)>, rows: usize) -> PyResult<RecordBatch> {
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    for (field, chunks) in arrays {
        let chunks: Vec<&dyn Array> = chunks.iter().map(|chunk| &**chunk).collect();
        columns.push(arrow_select::concat::concat(&chunks).map_err(|error| wrong(field.name(), error))?);
        fields.push(field);
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)
        .map_err(|error| data_error(error.to_string()))
}

/// Columns of Python objects by which records are grouped, as texts.
fn object_keys(
    intake: &mut Intake,
    objects: &[(&String, Bound<'_, PyAny>)],
) -> PyResult<Vec<(String, ArrayRef)>> {
    let mut keys = Vec::new();
    for (at, name) in intake
        .kernel
        .segments()
        .columns()
        .to_vec()
        .into_iter()
        .enumerate()
    {
        let Some((_, column)) = objects.iter().find(|column| *column.0 == name) else {
            continue;
        };
        let mut texts = StringBuilder::new();
        for value in column.try_iter()? {
            intake.set_key(at, &value?)?;
            texts.append_option(intake.kernel.key_text(at));
        }
        let texts: ArrayRef = Arc::new(texts.finish());
        keys.push((name, texts));
    }
    Ok(keys)
}

/// When the records of a batch happened.
fn times(
    intake: &Intake,
    arrays: &[(Field, Vec<ArrayRef>)],
    objects: &[(&String, Bound<'_, PyAny>)],
    rows: usize,
) -> PyResult<Vec<Option<i64>>> {
    if let Some(arrival) = intake.kernel.arrival() {
        return Ok(vec![Some(arrival); rows]);
    }
    let name = intake.kernel.timestamp().unwrap_or_default();
    if let Some((_, chunks)) = arrays.iter().find(|column| column.0.name() == name) {
        let times = chunks.iter().map(|chunk| intake.kernel.times_of(chunk));
        let times: tidegauge_kernel::Result<Vec<_>> = times.collect();
        return times.map(|times| times.concat()).map_err(raise);
    }
    match objects.iter().find(|column| column.0 == name) {
        Some((_, column)) => {
            let times = column.try_iter()?.map(|value| time_of(&value?));
            times.map(|time| forgiven(&intake.kernel, time)).collect()
        }
        None if intake.kernel.is_forgiving() => Ok(vec![None; rows]),
        None => Err(crate::errors::argument_error(format!(
            "there is no timestamp column {name:?} in the data"
        ))),
    }
}

/// Now and then folds what waits, and asks whether the user wants us to stop.
fn rest(intake: &mut Intake, row: usize, py: Python<'_>) -> PyResult<()> {
    if row % OBJECTS_AT_ONCE == OBJECTS_AT_ONCE - 1 || intake.kernel.is_heavy() {
        intake.kernel.flush();
        py.check_signals()?;
    }
    Ok(())
}

/// A column and its length.
fn read<'py>(name: &str, column: &Bound<'py, PyAny>) -> PyResult<(usize, Source<'py>)> {
    if let Some(chunks) = chunks(name, column)? {
        return Ok((
            chunks.iter().map(|chunk| chunk.len()).sum(),
            Source::Chunks(chunks),
        ));
    }
    let length = column
        .len()
        .map_err(|_| wrong(name, format!("a {} is not a column", column.get_type())))?;
    Ok((length, Source::Objects(column.clone())))
}

/// The column as Arrow chunks; `None` when it holds Python objects.
pub(crate) fn chunks(name: &str, column: &Bound<'_, PyAny>) -> PyResult<Option<Vec<ArrayRef>>> {
    if let Ok(tuple) = column.cast_exact::<PyTuple>()
        && let Some(array) = tagged(name, tuple)?
    {
        return Ok(Some(vec![array]));
    }
    if column.hasattr("__arrow_c_array__")? || column.hasattr("__arrow_c_stream__")? {
        let array: AnyArray = column.extract()?;
        let chunked = array
            .into_chunked_array()
            .map_err(|error| wrong(name, PyErr::from(error)))?;
        let (chunks, field) = chunked.into_inner();
        let empty = arrow_array::new_empty_array(field.data_type());
        return Ok(Some(if chunks.is_empty() { vec![empty] } else { chunks }));
    }
    Ok(buffer(name, column)?.map(|array| vec![array]))
}

/// `("timestamp[ns]", int64)`, `("dictionary", codes, categories)`, `("masked", column, mask)`.
fn tagged(name: &str, tuple: &Bound<'_, PyTuple>) -> PyResult<Option<ArrayRef>> {
    let Some(tag) = tuple
        .iter()
        .next()
        .and_then(|first| first.cast_into::<PyString>().ok())
    else {
        return Ok(None);
    };
    let tag = tag.to_str()?.to_owned();
    let part = |at: usize| tuple.get_item(at).and_then(|item| array(name, &item));
    let arrow = |error: ArrowError| wrong(name, error);
    Ok(Some(match (tag.as_str(), tuple.len()) {
        ("dictionary", 3) => dictionary(name, &part(1)?, part(2)?)?,
        ("masked", 3) => {
            let mask = part(2)?;
            let missing = match mask.as_boolean_opt() {
                Some(mask) => mask.values().clone(),
                None => arrow_cast::cast(&mask, &DataType::Boolean)
                    .map_err(arrow)?
                    .as_boolean()
                    .values()
                    .clone(),
            };
            with_nulls(&part(1)?, NullBuffer::new(!&missing)).map_err(arrow)?
        }
        (temporal, 2) => {
            let Some(target) = temporal_type(temporal) else {
                return Ok(None);
            };
            let numbers = part(1)?;
            let Some(values) = numbers.as_primitive_opt::<arrow_array::types::Int64Type>() else {
                return Ok(None);
            };
            let valid: NullBuffer = values.values().iter().map(|&value| value != i64::MIN).collect();
            let nulls = (valid.null_count() > 0).then_some(valid);
            let numbers: ArrayRef = Arc::new(Int64Array::new(values.values().clone(), nulls));
            let source = if target == DataType::Date32 {
                arrow_cast::cast(&numbers, &DataType::Int32).map_err(arrow)?
            } else {
                numbers
            };
            arrow_cast::cast(&source, &target).map_err(arrow)?
        }
        _ => return Ok(None),
    }))
}

/// `timestamp[us]`, `timestamp[ns, Europe/Paris]`, `duration[ms]`, `date[D]`.
fn temporal_type(text: &str) -> Option<DataType> {
    let (kind, rest) = text.strip_suffix(']')?.split_once('[')?;
    let (unit, zone) = rest
        .split_once(',')
        .map_or((rest, None), |(unit, zone)| (unit, Some(zone.trim())));
    let unit = match unit {
        "s" => TimeUnit::Second,
        "ms" => TimeUnit::Millisecond,
        "us" => TimeUnit::Microsecond,
        "ns" => TimeUnit::Nanosecond,
        "D" => return (kind == "date").then_some(DataType::Date32),
        _ => return None,
    };
    match kind {
        "timestamp" => Some(DataType::Timestamp(unit, zone.map(Into::into))),
        "duration" => Some(DataType::Duration(unit)),
        _ => None,
    }
}

fn array(name: &str, column: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    match chunks(name, column)? {
        Some(chunks) => {
            let chunks: Vec<&dyn Array> = chunks.iter().map(|chunk| &**chunk).collect();
            arrow_select::concat::concat(&chunks).map_err(|error| wrong(name, error))
        }
        None => {
            let texts = column.extract::<Vec<Option<String>>>();
            let texts = texts.map_err(|_| wrong(name, "its parts are neither arrays nor texts"))?;
            Ok(Arc::new(arrow_array::StringArray::from(texts)))
        }
    }
}

fn dictionary(name: &str, codes: &ArrayRef, categories: ArrayRef) -> PyResult<ArrayRef> {
    let codes = arrow_cast::cast(codes, &DataType::Int64).map_err(|error| wrong(name, error))?;
    let codes = codes.as_primitive::<arrow_array::types::Int64Type>().values();
    let valid: NullBuffer = codes.iter().map(|&code| code >= 0).collect();
    let keys = Int64Array::new(codes.clone(), (valid.null_count() > 0).then_some(valid));
    let dictionary = DictionaryArray::try_new(keys, categories).map_err(|error| wrong(name, error))?;
    Ok(Arc::new(dictionary))
}

/// A buffer of numbers as an array, without copying; `None` when it is not one.
fn buffer(name: &str, column: &Bound<'_, PyAny>) -> PyResult<Option<ArrayRef>> {
    use AnyBufferProtocol as Any;
    use ElementType::{Bool, Float, SignedInteger, UnsignedInteger};
    let Some((element, dimensions)) = element_type(column) else {
        return Ok(None);
    };
    if dimensions != 1 {
        return Err(wrong(
            name,
            format!("an array of {dimensions} dimensions is not a column"),
        ));
    }
    let any = match element {
        Bool => return Ok(Some(booleans(column)?)),
        SignedInteger { bytes: 1 } => Any::Int8(column.extract()?),
        SignedInteger { bytes: 2 } => Any::Int16(column.extract()?),
        SignedInteger { bytes: 4 } => Any::Int32(column.extract()?),
        SignedInteger { bytes: 8 } => Any::Int64(column.extract()?),
        UnsignedInteger { bytes: 1 } => Any::UInt8(column.extract()?),
        UnsignedInteger { bytes: 2 } => Any::UInt16(column.extract()?),
        UnsignedInteger { bytes: 4 } => Any::UInt32(column.extract()?),
        UnsignedInteger { bytes: 8 } => Any::UInt64(column.extract()?),
        Float { bytes: 4 } => Any::Float32(column.extract()?),
        Float { bytes: 8 } => Any::Float64(column.extract()?),
        _ => return Ok(None),
    };
    let array = any
        .into_arrow_array()
        .map_err(|error| wrong(name, PyErr::from(error)))?;
    Ok(Some(array))
}

/// What a buffer holds and its dimensions; `None` when the object has no buffer, or one of objects.
fn element_type(column: &Bound<'_, PyAny>) -> Option<(ElementType, usize)> {
    if column.is_instance_of::<pyo3::types::PyList>() || column.is_instance_of::<PyTuple>() {
        return None;
    }
    let view = pyo3::types::PyMemoryView::from(column).ok()?;
    let format: String = view.getattr("format").ok()?.extract().ok()?;
    let dimensions = view.getattr("ndim").ok()?.extract().ok()?;
    let format = std::ffi::CString::new(format).ok()?;
    Some((ElementType::from_format(&format), dimensions))
}

fn booleans(column: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let bytes = pyo3::types::PyMemoryView::from(column)?.call_method1("cast", ("B",))?;
    let bytes: PyBuffer<u8> = bytes.extract()?;
    let values: BooleanArray = bytes
        .to_vec(column.py())?
        .into_iter()
        .map(|byte| Some(byte != 0))
        .collect();
    Ok(Arc::new(values))
}
