//! Python objects as values: what a record holds.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple, PyType};
use tidegauge_kernel::columns::{Value, parse_timestamp};

/// Lists and dicts inside each other beyond this are counted, not taken apart: perhaps a cycle.
const DEEPEST: usize = 64;

/// Microseconds of a day, and `date(1970, 1, 1).toordinal()`.
const DAY: i64 = 86_400_000_000;
const EPOCH_ORDINAL: i64 = 719_163;

/// What Arrow calls a datetime with a zone.
const AWARE: &str = "Timestamp(µs, \"UTC\")";

/// Where values go: a column is found by its path, then takes values.
pub(crate) trait Sink {
    /// The number of the column `parent.child` or `parent[]`.
    fn nested(&mut self, parent: usize, part: &str) -> PyResult<usize>;
    /// Notes the Arrow type that values of a column would have.
    fn note_arrow_type(&mut self, column: usize, name: &str);
    /// Takes one value.
    fn push(&mut self, column: usize, value: Value<'_>);
    /// Takes a point in time whose zone is known.
    fn aware(&mut self, column: usize, microseconds: i64) {
        self.note_arrow_type(column, AWARE);
        self.push(column, Value::Timestamp(microseconds));
    }
    /// Takes an object that is no value.
    fn foreign(&mut self, column: usize, _object: &Bound<'_, PyAny>) {
        self.push(column, Value::Other);
    }
}

struct Types {
    datetime: Py<PyType>,
    date: Py<PyType>,
    time: Py<PyType>,
    timedelta: Py<PyType>,
    decimal: Py<PyType>,
    mapping: Py<PyType>,
}

static TYPES: PyOnceLock<Types> = PyOnceLock::new();

fn types(py: Python<'_>) -> PyResult<&Types> {
    TYPES.get_or_try_init(py, || {
        let get = |module: &str, name: &str| -> PyResult<Py<PyType>> {
            Ok(py.import(module)?.getattr(name)?.cast_into::<PyType>()?.unbind())
        };
        Ok(Types {
            datetime: get("datetime", "datetime")?,
            date: get("datetime", "date")?,
            time: get("datetime", "time")?,
            timedelta: get("datetime", "timedelta")?,
            decimal: get("decimal", "Decimal")?,
            mapping: get("collections.abc", "Mapping")?,
        })
    })
}

/// Hands one object, and what is inside it, to the sink.
#[inline]
pub(crate) fn push_object(sink: &mut impl Sink, column: usize, object: &Bound<'_, PyAny>) -> PyResult<()> {
    // Exact types first, in order of how often records hold them: a pointer comparison each.
    if let Ok(value) = object.cast_exact::<PyFloat>() {
        sink.push(column, Value::Float(value.value()));
        Ok(())
    } else if let Ok(value) = object.cast_exact::<PyString>() {
        push_text(sink, column, value)
    } else if let Ok(value) = object.cast_exact::<PyInt>() {
        push_integer(sink, column, value)
    } else if object.is_none() {
        sink.push(column, Value::Null);
        Ok(())
    } else if let Ok(value) = object.cast_exact::<PyBool>() {
        sink.push(column, Value::Boolean(value.is_true()));
        Ok(())
    } else {
        push_other(sink, column, object, 0)
    }
}

fn push_text(sink: &mut impl Sink, column: usize, text: &Bound<'_, PyString>) -> PyResult<()> {
    if let Ok(text) = text.to_str() {
        sink.push(column, Value::Text(text));
        return Ok(());
    }
    // A lone surrogate has no UTF-8.
    let bytes = text.call_method1("encode", ("utf-8", "surrogatepass"))?;
    sink.push(column, Value::BrokenText(bytes.cast::<PyBytes>()?.as_bytes()));
    Ok(())
}

fn push_integer(sink: &mut impl Sink, column: usize, number: &Bound<'_, PyInt>) -> PyResult<()> {
    if let Ok(value) = number.extract::<i64>() {
        sink.push(column, Value::Integer(value));
        return Ok(());
    }
    // `str` of an int of thousands of digits is refused by Python itself; such a one is counted only.
    match number.call_method0("__str__") {
        Ok(text) => sink.push(column, Value::BigInteger(text.cast::<PyString>()?.to_str()?)),
        Err(_) => sink.foreign(column, number),
    }
    Ok(())
}

fn push_nested(sink: &mut impl Sink, column: usize, object: &Bound<'_, PyAny>, depth: usize) -> PyResult<()> {
    if depth >= DEEPEST {
        sink.foreign(column, object);
        return Ok(());
    }
    if object.is_exact_instance_of::<PyDict>()
        || object.is_instance_of::<PyList>()
        || object.is_instance_of::<PyTuple>()
    {
        push_other(sink, column, object, depth)
    } else {
        push_object(sink, column, object)
    }
}

fn push_other(sink: &mut impl Sink, column: usize, object: &Bound<'_, PyAny>, depth: usize) -> PyResult<()> {
    if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
        return push_list(sink, column, object, depth);
    }
    if let Ok(dict) = object.cast::<PyDict>() {
        sink.push(column, Value::Struct);
        for (key, value) in dict {
            let child = sink.nested(column, key.str()?.to_str()?)?;
            push_nested(sink, child, &value, depth + 1)?;
        }
        return Ok(());
    }
    if let Ok(value) = object.cast::<PyBool>() {
        sink.push(column, Value::Boolean(value.is_true()));
    } else if let Ok(value) = object.cast::<PyFloat>() {
        sink.push(column, Value::Float(value.value()));
    } else if let Ok(value) = object.cast::<PyInt>() {
        return push_integer(sink, column, value);
    } else if let Ok(value) = object.cast::<PyString>() {
        return push_text(sink, column, value);
    } else if let Ok(value) = object.cast::<PyBytes>() {
        sink.push(column, Value::Binary(value.as_bytes()));
    } else if let Ok(value) = object.cast::<PyByteArray>() {
        sink.push(column, Value::Binary(&value.to_vec()));
    } else if !push_temporal(sink, column, object)? {
        return push_foreign(sink, column, object, depth);
    }
    Ok(())
}

fn push_list(sink: &mut impl Sink, column: usize, list: &Bound<'_, PyAny>, depth: usize) -> PyResult<()> {
    sink.push(column, Value::List(list.len()?));
    let child = sink.nested(column, "[]")?;
    list.try_iter()?
        .try_for_each(|item| push_nested(sink, child, &item?, depth + 1))
}

/// Dates, times and decimals; false when the object is none of them.
fn push_temporal(sink: &mut impl Sink, column: usize, object: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = object.py();
    let types = types(py)?;
    let is = |class: &Py<PyType>| object.is_instance(class.bind(py));
    if is(&types.datetime)? {
        match microseconds(object)? {
            Some(time) => {
                if object.getattr("tzinfo")?.is_none() {
                    sink.push(column, Value::Timestamp(time));
                } else {
                    sink.aware(column, time);
                }
            }
            None => sink.push(column, Value::Null),
        }
    } else if is(&types.date)? {
        sink.push(
            column,
            Value::Date(object.call_method0("toordinal")?.extract::<i64>()? - EPOCH_ORDINAL),
        );
    } else if is(&types.time)? {
        sink.push(column, Value::Time(clock(object)?));
    } else if is(&types.timedelta)? {
        sink.push(column, Value::Duration(duration(object)?));
    } else if is(&types.decimal)? {
        push_decimal(sink, column, object)?;
    } else {
        return Ok(false);
    }
    Ok(true)
}

fn push_decimal(sink: &mut impl Sink, column: usize, object: &Bound<'_, PyAny>) -> PyResult<()> {
    let value: f64 = object
        .call_method0("__float__")
        .and_then(|value| value.extract())
        .unwrap_or(f64::NAN);
    if value.is_finite() {
        let text = object.call_method1("__format__", ("f",))?;
        sink.push(column, Value::Decimal(text.cast::<PyString>()?.to_str()?, value));
    } else {
        sink.push(column, Value::Float(value));
    }
    Ok(())
}

/// NumPy scalars and arrays, pandas' marks of missing values, other mappings; the rest is `other`.
fn push_foreign(
    sink: &mut impl Sink,
    column: usize,
    object: &Bound<'_, PyAny>,
    depth: usize,
) -> PyResult<()> {
    let class = object.get_type();
    let name = class.name()?;
    let name = name.to_str()?;
    let module = class
        .module()
        .and_then(|module| module.extract::<String>())
        .unwrap_or_default();
    let numpy = module == "numpy" || module.starts_with("numpy.");
    match name {
        "NAType" | "NaTType" => sink.push(column, Value::Null),
        "datetime64" | "timedelta64" if numpy => {
            let exact = object
                .call_method1("astype", (format!("{name}[us]"),))?
                .call_method0("item")?;
            push_object(sink, column, &exact)?;
        }
        "ndarray" if numpy => push_nested(sink, column, &object.call_method0("tolist")?, depth + 1)?,
        "str" | "longdouble" | "clongdouble" | "complex64" | "complex128" | "void" if numpy => {
            sink.foreign(column, object);
        }
        _ if numpy && object.hasattr("item")? => {
            let plain = object.call_method0("item")?;
            if plain.get_type().is(&class) {
                sink.foreign(column, object);
            } else {
                push_nested(sink, column, &plain, depth + 1)?;
            }
        }
        _ => match as_dict(object)? {
            Some(dict) => push_other(sink, column, dict.as_any(), depth)?,
            None => sink.foreign(column, object),
        },
    }
    Ok(())
}

/// A mapping of whatever class as a dict. Errors of the class's own code, and Ctrl-C in it, pass on.
pub(crate) fn as_dict<'py>(object: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyDict>>> {
    let py = object.py();
    if !object.is_instance(types(py)?.mapping.bind(py))? {
        return Ok(None);
    }
    let dict = PyDict::new(py);
    dict.as_any().call_method1("update", (object,))?;
    Ok(Some(dict))
}

fn field(object: &Bound<'_, PyAny>, name: &str) -> PyResult<i64> {
    object.getattr(name)?.extract()
}

fn clock(object: &Bound<'_, PyAny>) -> PyResult<i64> {
    let minutes = field(object, "hour")? * 60 + field(object, "minute")?;
    Ok((minutes * 60 + field(object, "second")?) * 1_000_000 + field(object, "microsecond")?)
}

fn duration(object: &Bound<'_, PyAny>) -> PyResult<i64> {
    let seconds = field(object, "days")? * 86_400 + field(object, "seconds")?;
    Ok(seconds
        .saturating_mul(1_000_000)
        .saturating_add(field(object, "microseconds")?))
}

/// Microseconds since the epoch of a datetime; without a zone it counts as UTC. `None` for NaT.
fn microseconds(object: &Bound<'_, PyAny>) -> PyResult<Option<i64>> {
    if object.get_type().name()? == "NaTType" {
        return Ok(None);
    }
    let days = object.call_method0("toordinal")?.extract::<i64>()? - EPOCH_ORDINAL;
    let local = days * DAY + clock(object)?;
    let offset = object.call_method0("utcoffset")?;
    Ok(Some(if offset.is_none() {
        local
    } else {
        local - duration(&offset)?
    }))
}

/// When a record happened: a datetime, a date or an ISO text; `None` for missing.
pub(crate) fn time_of(object: &Bound<'_, PyAny>) -> PyResult<Option<i64>> {
    let py = object.py();
    let types = types(py)?;
    if object.is_none() {
        return Ok(None);
    }
    if object.is_instance(types.datetime.bind(py))? {
        return microseconds(object);
    }
    if object.is_instance(types.date.bind(py))? {
        return Ok(Some(
            (object.call_method0("toordinal")?.extract::<i64>()? - EPOCH_ORDINAL) * DAY,
        ));
    }
    if let Ok(text) = object.cast::<PyString>() {
        let text = text.to_str()?;
        if text.is_empty() {
            return Ok(None);
        }
        return parse_timestamp(text).map(Some).ok_or_else(|| {
            crate::errors::data_error(format!(
                "timestamp {text:?} is not ISO 8601; expected such as 2013-02-08 or 2013-02-08T05:00:00Z"
            ))
        });
    }
    match object.get_type().name()?.to_str()? {
        "NAType" | "NaTType" => Ok(None),
        "datetime64" => time_of(
            &object
                .call_method1("astype", ("datetime64[us]",))?
                .call_method0("item")?,
        ),
        "float" if object.extract::<f64>()?.is_nan() => Ok(None),
        other => Err(crate::errors::data_error(format!(
            "a timestamp is a {other}; windows need datetimes, dates or ISO 8601 texts"
        ))),
    }
}
