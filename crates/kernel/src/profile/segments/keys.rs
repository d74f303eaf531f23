//! Values by which records are grouped, as texts: in the form that frequent items have.

use crate::calendar::DAY;
use crate::columns::{Unit, Value};
use crate::hash::{canonical_bits, hash_bytes, hash_u64};
use crate::metrics::Exact;
use crate::{Error, Result, cores};
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use hashbrown::HashTable;
use std::fmt::Write;
use std::thread::available_parallelism;

/// From here on doubles are not next to each other any more, and what was meant is not known.
const WHOLE: f64 = 9_007_199_254_740_992.0;

const SECOND: i64 = 1_000_000;

/// Rows from which on they are looked at by several tasks.
const MANY: usize = 1 << 18;

/// A column of keys: a code for each record, and the text of each code.
#[derive(Debug, Default)]
pub(in crate::profile) struct Coded {
    pub(in crate::profile) codes: Vec<u32>,
    pub(in crate::profile) texts: Vec<Option<Box<str>>>,
}

impl Coded {
    /// A column of nothing but nulls.
    pub(in crate::profile) fn nulls(rows: usize) -> Self {
        Self {
            codes: vec![0; rows],
            texts: vec![None],
        }
    }

    /// Gives each record the code of its value.
    ///
    /// # Errors
    /// When the values are of a type that has no text of its own.
    pub(in crate::profile) fn of(name: &str, array: &ArrayRef, nan_is_null: bool) -> Result<Self> {
        if array.len() < MANY {
            return Self::of_part(name, array, nan_is_null);
        }
        // One for each core: what they find is put together by one alone.
        let part = array
            .len()
            .div_ceil(available_parallelism().map_or(1, usize::from));
        let starts = (0..array.len()).step_by(part);
        let parts: Vec<ArrayRef> = starts
            .map(|start| array.slice(start, part.min(array.len() - start)))
            .collect();
        let coded = cores::map(&parts, |part| Self::of_part(name, part, nan_is_null));
        Ok(Self::joined(coded.into_iter().collect::<Result<_>>()?))
    }

    /// Parts behind each other, with one code for one text.
    fn joined(parts: Vec<Self>) -> Self {
        let mut joined = Self::default();
        let mut seen: HashTable<u32> = HashTable::new();
        let hash = |text: &Option<Box<str>>| text.as_ref().map_or(0, |text| hash_bytes(text.as_bytes()).0);
        for part in parts {
            let Self { codes, texts } = &mut joined;
            let place = |text: Option<Box<str>>| {
                let hashed = hash(&text);
                let found = seen.find(hashed, |&code| texts[code as usize] == text).copied();
                found.unwrap_or_else(|| {
                    let code = texts.len() as u32;
                    texts.push(text);
                    seen.insert_unique(hashed, code, |&code| hash(&texts[code as usize]));
                    code
                })
            };
            let places: Vec<u32> = part.texts.into_iter().map(place).collect();
            codes.extend(part.codes.iter().map(|&code| places[code as usize]));
        }
        joined
    }

    fn of_part(name: &str, array: &ArrayRef, nan_is_null: bool) -> Result<Self> {
        let cast = |target: &DataType| cast(name, array, target);
        let of_cast = |target: &DataType| Self::of_part(name, &cast(target)?, nan_is_null);
        Ok(match array.data_type() {
            DataType::Null => Self::nulls(array.len()),
            DataType::Dictionary(_, values) if array.as_any_dictionary().values().len() > array.len() => {
                return of_cast(values);
            }
            DataType::Dictionary(..) => Self::of_dictionary(name, array, nan_is_null)?,
            DataType::RunEndEncoded(_, values) => return of_cast(values.data_type()),
            DataType::Utf8 => Self::texts(array.len(), |row| {
                let array = array.as_string::<i32>();
                array.is_valid(row).then(|| array.value(row))
            }),
            DataType::LargeUtf8 | DataType::Utf8View => {
                let array = cast(&DataType::Utf8View)?;
                let array = array.as_string_view();
                Self::texts(array.len(), |row| array.is_valid(row).then(|| array.value(row)))
            }
            DataType::Boolean => {
                let array = array.as_boolean();
                let bits = |row| array.is_valid(row).then(|| u64::from(array.value(row)));
                Self::numbers(array.len(), bits, |bits| Some((bits == 1).to_string()))
            }
            DataType::UInt64 => {
                let array = array.as_primitive::<UInt64Type>();
                let bits = |row| array.is_valid(row).then(|| array.value(row));
                Self::numbers(array.len(), bits, |bits| Some(bits.to_string()))
            }
            integer if integer.is_integer() => {
                Self::whole(&cast(&DataType::Int64)?, |value| value.to_string())
            }
            DataType::Float16 | DataType::Float32 | DataType::Float64 => {
                let text = match array.data_type() {
                    DataType::Float64 => float_text,
                    _ => single_text,
                };
                let array = cast(&DataType::Float64)?;
                let array = array.as_primitive::<Float64Type>();
                let bits = |row| array.is_valid(row).then(|| canonical_bits(array.value(row)));
                Self::numbers(array.len(), bits, |bits| {
                    let value = f64::from_bits(bits);
                    (!nan_is_null || !value.is_nan()).then(|| text(value))
                })
            }
            _ => return Self::of_rarer(name, array, nan_is_null),
        })
    }

    /// Dates, times and decimals.
    fn of_rarer(name: &str, array: &ArrayRef, nan_is_null: bool) -> Result<Self> {
        let cast = |target: &DataType| cast(name, array, target);
        let of_cast = |target: &DataType| Self::of_part(name, &cast(target)?, nan_is_null);
        Ok(match array.data_type() {
            DataType::Date32 => {
                let days = cast(&DataType::Int32).and_then(|days| {
                    arrow_cast::cast(&days, &DataType::Int64).map_err(|error| Error::data(error.to_string()))
                })?;
                Self::whole(&days, date_text)
            }
            DataType::Date64 => return of_cast(&DataType::Date32),
            DataType::Timestamp(unit, _) => {
                let unit = *unit;
                Self::whole(&cast(&DataType::Int64)?, move |value| timestamp_in(value, unit))
            }
            DataType::Time32(_) => return of_cast(&DataType::Time64(TimeUnit::Microsecond)),
            DataType::Time64(TimeUnit::Nanosecond) => Self::whole(&cast(&DataType::Int64)?, |value| {
                clock_text(value.div_euclid(1_000))
            }),
            DataType::Time64(_) => Self::whole(&cast(&DataType::Int64)?, clock_text),
            DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) => {
                return of_cast(&DataType::Decimal128(38, *scale));
            }
            DataType::Decimal128(_, scale) if *scale >= 0 => {
                let scale = *scale as u8;
                let array = array.as_primitive::<Decimal128Type>();
                let texts: Vec<Option<String>> = array
                    .iter()
                    .map(|value| value.map(|value| Exact::new(value, scale).to_string()))
                    .collect();
                Self::texts(array.len(), |row| texts[row].as_deref())
            }
            other => return Err(unfit(name, &other.to_string())),
        })
    }

    fn of_dictionary(name: &str, array: &ArrayRef, nan_is_null: bool) -> Result<Self> {
        let dictionary = array.as_any_dictionary();
        if dictionary.values().is_empty() {
            return Ok(Self::nulls(array.len()));
        }
        let mut values = Self::of_part(name, dictionary.values(), nan_is_null)?;
        let null = values.texts.len() as u32;
        values.texts.push(None);
        let keys = dictionary.normalized_keys();
        let nulls = dictionary.keys().nulls();
        let code = |(row, key): (usize, usize)| match nulls {
            Some(nulls) if nulls.is_null(row) => null,
            _ => values.codes.get(key).copied().unwrap_or(null),
        };
        Ok(Self {
            codes: keys.into_iter().enumerate().map(code).collect(),
            texts: values.texts,
        })
    }

    fn whole(array: &ArrayRef, text: impl Fn(i64) -> String) -> Self {
        let array = array.as_primitive::<Int64Type>();
        let bits = |row| array.is_valid(row).then(|| array.value(row) as u64);
        Self::numbers(array.len(), bits, |bits| Some(text(bits as i64)))
    }

    /// Values that are 64 bits; `text` writes one.
    fn numbers(
        rows: usize,
        bits: impl Fn(usize) -> Option<u64>,
        text: impl Fn(u64) -> Option<String>,
    ) -> Self {
        let mut coded = Self::default();
        let mut seen: HashTable<(u64, u32)> = HashTable::new();
        let (mut null, mut last) = (None, None);
        coded.codes.reserve_exact(rows);
        for row in 0..rows {
            let Some(bits) = bits(row) else {
                let code = *null.get_or_insert_with(|| coded.add(None));
                coded.codes.push(code);
                continue;
            };
            let code = match last {
                Some((same, code)) if same == bits => code,
                _ => {
                    let hash = |bits| hash_u64(bits).0;
                    seen.entry(hash(bits), |entry| entry.0 == bits, |entry| hash(entry.0))
                        .or_insert_with(|| (bits, coded.add(text(bits))))
                        .get()
                        .1
                }
            };
            last = Some((bits, code));
            coded.codes.push(code);
        }
        coded
    }

    fn texts<'a>(rows: usize, text: impl Fn(usize) -> Option<&'a str>) -> Self {
        let mut coded = Self::default();
        let mut seen: HashTable<(u64, &str, u32)> = HashTable::new();
        let (mut null, mut last) = (None, None);
        coded.codes.reserve_exact(rows);
        for row in 0..rows {
            let Some(text) = text(row) else {
                let code = *null.get_or_insert_with(|| coded.add(None));
                coded.codes.push(code);
                continue;
            };
            let code = match last {
                Some((same, code)) if same == text => code,
                _ => {
                    let hash = hash_bytes(text.as_bytes()).0;
                    let same = |entry: &(u64, &str, u32)| entry.0 == hash && entry.1 == text;
                    seen.entry(hash, same, |entry| entry.0)
                        .or_insert_with(|| {
                            // Whoever made the array may not have looked whether each is a text.
                            let checked = String::from_utf8_lossy(text.as_bytes()).into_owned();
                            (hash, text, coded.add(Some(checked)))
                        })
                        .get()
                        .2
                }
            };
            last = Some((text, code));
            coded.codes.push(code);
        }
        coded
    }

    fn add(&mut self, text: Option<String>) -> u32 {
        self.texts.push(text.map(String::into_boxed_str));
        self.texts.len() as u32 - 1
    }
}

/// Writes the key that a single value is; false for null.
///
/// # Errors
/// When the value is of a type that has no text of its own.
pub(in crate::profile) fn write_value(name: &str, value: Value<'_>, out: &mut String) -> Result<bool> {
    out.clear();
    let written = match value {
        Value::Null => return Ok(false),
        Value::Boolean(value) => write!(out, "{value}"),
        Value::Integer(value) => write!(out, "{value}"),
        Value::Float(value) => write!(out, "{}", float_text(value)),
        Value::BigInteger(text) | Value::Text(text) => write!(out, "{text}"),
        Value::Decimal(text, _) => match Exact::parse(text) {
            Some(exact) => write!(out, "{exact}"),
            None => write!(out, "{text}"),
        },
        Value::BrokenText(bytes) => write!(out, "{}", String::from_utf8_lossy(bytes)),
        Value::Timestamp(time) => write!(out, "{}", timestamp_in(time, TimeUnit::Microsecond)),
        Value::Date(days) => write!(out, "{}", date_text(days)),
        Value::Time(time) => write!(out, "{}", clock_text(time)),
        Value::Binary(_) => return Err(unfit(name, "bytes")),
        Value::Duration(_) => return Err(unfit(name, "a duration")),
        Value::List(_) => return Err(unfit(name, "a list")),
        Value::Struct => return Err(unfit(name, "a struct")),
        Value::Other => return Err(unfit(name, "a value of another type")),
    };
    // Writing to a string cannot fail.
    let _ = written;
    Ok(true)
}

fn unfit(name: &str, found: &str) -> Error {
    Error::argument(format!(
        "segment column {name:?} holds {found}; segments are made by texts, numbers, booleans, dates and times"
    ))
}

/// A whole number is written as one: whether integers come as floats depends on a null beside them.
fn float_text(value: f64) -> String {
    if value.is_nan() {
        "nan".to_owned()
    } else if value.fract() == 0.0 && value.abs() < WHOLE {
        (value as i64).to_string()
    } else {
        format!("{value:?}")
    }
}

/// The same of a number of single precision, in the fewest digits that tell it from others of that.
fn single_text(value: f64) -> String {
    if value.is_nan() || value.fract() == 0.0 {
        return float_text(value);
    }
    format!("{:?}", value as f32)
}

fn date_text(days: i64) -> String {
    crate::columns::date_text(days)
}

/// ISO 8601 in UTC, with as many digits of a second as it takes.
fn timestamp_in(value: i64, unit: TimeUnit) -> String {
    let (microseconds, nanoseconds) = match unit {
        TimeUnit::Second => (Unit::Second.microseconds(value), 0),
        TimeUnit::Millisecond => (Unit::Millisecond.microseconds(value), 0),
        TimeUnit::Microsecond => (value, 0),
        TimeUnit::Nanosecond => (value.div_euclid(1_000), value.rem_euclid(1_000)),
    };
    let date = date_text(microseconds.div_euclid(DAY));
    let clock = clock(microseconds.rem_euclid(DAY), nanoseconds);
    format!("{date}T{clock}Z")
}

fn clock_text(microseconds: i64) -> String {
    clock(microseconds, 0)
}

fn clock(microseconds: i64, nanoseconds: i64) -> String {
    let seconds = microseconds.div_euclid(SECOND);
    let whole = format!(
        "{:02}:{:02}:{:02}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    );
    match (microseconds.rem_euclid(SECOND), nanoseconds) {
        (0, 0) => whole,
        (fraction, 0) => format!("{whole}.{fraction:06}"),
        (fraction, rest) => format!("{whole}.{fraction:06}{rest:03}"),
    }
}

fn cast(name: &str, array: &ArrayRef, target: &DataType) -> Result<ArrayRef> {
    arrow_cast::cast(array, target).map_err(|error| Error::data(format!("segment column {name:?}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::parse_timestamp;

    #[test]
    fn times_are_written_as_they_are_read() {
        for text in ["2013-02-08T05:00:00Z", "1969-12-31T23:59:59.500000Z"] {
            let time = parse_timestamp(text).unwrap();
            assert_eq!(timestamp_in(time, TimeUnit::Microsecond), text);
        }
        assert_eq!(
            timestamp_in(1, TimeUnit::Nanosecond),
            "1970-01-01T00:00:00.000000001Z"
        );
        assert_eq!(clock_text(37_800_000_000), "10:30:00");
    }

    #[test]
    fn values_are_written_alike_whatever_type_they_came_as() {
        let mut out = String::new();
        for (value, text) in [
            (Value::Boolean(true), "true"),
            (Value::Integer(-3), "-3"),
            (Value::Float(-0.0), "0"),
            (Value::Float(7.0), "7"),
            (Value::Float(0.5), "0.5"),
            (Value::Float(1e300), "1e300"),
            (Value::Float(f64::INFINITY), "inf"),
            (Value::Float(f64::NAN), "nan"),
            (Value::Decimal("1.50", 1.5), "1.5"),
            (Value::Date(15_744), "2013-02-08"),
            (Value::Text(""), ""),
        ] {
            assert!(write_value("x", value, &mut out).unwrap());
            assert_eq!(out, text, "{value:?}");
        }
        assert!(!write_value("x", Value::Null, &mut out).unwrap());
        let error = write_value("x", Value::List(2), &mut out).unwrap_err();
        assert!(error.message().contains("\"x\" holds a list"), "{error:?}");
    }
}
