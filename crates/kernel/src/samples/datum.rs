//! A value of a record, with all that is inside of it.

use super::shape::item_field;
use crate::calendar;
use crate::columns::Value;
use arrow_array::builder::{
    BooleanBuilder, Date32Builder, DurationMicrosecondBuilder, Float64Builder, Int64Builder,
    LargeBinaryBuilder, LargeStringBuilder, Time64MicrosecondBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::cast::AsArray;
use arrow_array::types::*;
use arrow_array::{Array, ArrayRef, Decimal128Array, LargeListArray, NullArray, StructArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_cast::cast;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{DataType, Field, TimeUnit};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};
use std::sync::Arc;

/// Doubles hold all whole numbers up to here.
const EXACT: i64 = 1 << 53;

/// Digits of a decimal.
const DIGITS: u8 = 38;

/// A value of a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    /// Missing.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number of 64 bits.
    Integer(i64),
    /// A larger whole number, in decimal text.
    BigInteger(Box<str>),
    /// A double.
    Float(f64),
    /// A decimal in plain text.
    Decimal(Box<str>),
    /// A text.
    Text(Box<str>),
    /// Bytes.
    Binary(Box<[u8]>),
    /// Microseconds since the epoch, and whether their zone is known, which then is UTC.
    Timestamp(i64, bool),
    /// Days since the epoch.
    Date(i64),
    /// Microseconds since midnight.
    Time(i64),
    /// Microseconds.
    Duration(i64),
    /// Values in their order.
    List(Vec<Datum>),
    /// Names and values in their order.
    Struct(Vec<(Arc<str>, Datum)>),
}

impl Datum {
    /// The value as conditions see it.
    pub(super) fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(value) => Value::Boolean(*value),
            Self::Integer(value) => Value::Integer(*value),
            Self::BigInteger(text) => Value::BigInteger(text),
            Self::Float(value) => Value::Float(*value),
            Self::Decimal(text) => Value::Decimal(text, text.parse().unwrap_or(f64::NAN)),
            Self::Text(text) => Value::Text(text),
            Self::Binary(bytes) => Value::Binary(bytes),
            Self::Timestamp(value, _) => Value::Timestamp(*value),
            Self::Date(value) => Value::Date(*value),
            Self::Time(value) => Value::Time(*value),
            Self::Duration(value) => Value::Duration(*value),
            Self::List(values) => Value::List(values.len()),
            Self::Struct(_) => Value::Struct,
        }
    }

    /// A value that has nothing inside of it; of a list or a struct an empty one.
    pub fn of_value(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Boolean(value) => Self::Boolean(value),
            Value::Integer(value) => Self::Integer(value),
            Value::BigInteger(text) => Self::BigInteger(text.into()),
            Value::Float(value) => Self::Float(value),
            Value::Decimal(text, _) => Self::Decimal(text.into()),
            Value::Text(text) => Self::Text(text.into()),
            Value::BrokenText(bytes) => Self::Text(String::from_utf8_lossy(bytes).into()),
            Value::Binary(bytes) => Self::Binary(bytes.into()),
            Value::Timestamp(value) => Self::Timestamp(value, false),
            Value::Date(value) => Self::Date(value),
            Value::Time(value) => Self::Time(value),
            Value::Duration(value) => Self::Duration(value),
            Value::List(_) => Self::List(Vec::new()),
            Value::Struct => Self::Struct(Vec::new()),
            Value::Other => Self::Text("?".into()),
        }
    }

    /// A value of parsed JSON.
    pub fn of_json(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Boolean(*value),
            Json::String(text) => Self::Text(text.as_str().into()),
            Json::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
                (Some(whole), _, _) => Self::Integer(whole),
                (None, Some(whole), _) => Self::BigInteger(whole.to_string().into()),
                (_, _, Some(fraction)) => Self::Float(fraction),
                _ => Self::Text(number.to_string().into()),
            },
            Json::Array(items) => Self::List(items.iter().map(Self::of_json).collect()),
            Json::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| (name.as_str().into(), Self::of_json(value)));
                Self::Struct(fields.collect())
            }
        }
    }

    /// A value of an array in plain types.
    pub fn of(array: &ArrayRef, row: usize) -> Self {
        if array.is_null(row) {
            return Self::Null;
        }
        match array.data_type() {
            DataType::Null => Self::Null,
            DataType::Boolean => Self::Boolean(array.as_boolean().value(row)),
            DataType::Float16 => Self::Float(array.as_primitive::<Float16Type>().value(row).to_f64()),
            DataType::Float32 => Self::Float(array.as_primitive::<Float32Type>().value(row).into()),
            DataType::Float64 => Self::Float(array.as_primitive::<Float64Type>().value(row)),
            DataType::LargeUtf8 => Self::Text(array.as_string::<i64>().value(row).into()),
            DataType::LargeBinary => Self::Binary(array.as_binary::<i64>().value(row).into()),
            DataType::FixedSizeBinary(_) => Self::Binary(array.as_fixed_size_binary().value(row).into()),
            DataType::LargeList(_) => list_of(&array.as_list::<i64>().value(row)),
            DataType::Map(..) => {
                let entries: ArrayRef = Arc::new(array.as_map().value(row));
                list_of(&entries)
            }
            DataType::Struct(_) => {
                let array = array.as_struct();
                let names = array.column_names().into_iter().zip(array.columns());
                Self::Struct(
                    names
                        .map(|(name, child)| (name.into(), Self::of(child, row)))
                        .collect(),
                )
            }
            integer if integer.is_integer() => whole_of(array, row),
            temporal if temporal.is_temporal() => temporal_of(array, row),
            decimal if decimal.is_decimal() => Self::Decimal(shown(array, row)),
            _ => Self::Text(shown(array, row)),
        }
    }

    /// The value as a text: JSON when something is inside of it.
    pub fn text(&self) -> String {
        match self {
            Self::List(_) | Self::Struct(_) => self.json().to_string(),
            flat => match flat.json() {
                Json::String(text) => text,
                json => json.to_string(),
            },
        }
    }

    fn json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Boolean(value) => Json::from(*value),
            Self::Integer(value) => Json::from(*value),
            Self::Float(value) if value.is_finite() => Json::from(*value),
            Self::Float(value) => Json::from(value.to_string()),
            Self::BigInteger(text) | Self::Decimal(text) | Self::Text(text) => Json::from(&**text),
            Self::Binary(bytes) => {
                Json::from(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
            }
            Self::Timestamp(value, zoned) => {
                let zone = if *zoned { "Z" } else { "" };
                Json::from(calendar::timestamp_text(*value) + zone)
            }
            Self::Date(value) => Json::from(calendar::date_text(*value)),
            Self::Time(value) => Json::from(calendar::time_text(*value)),
            Self::Duration(value) => Json::from(format!("{} s", *value as f64 / 1e6)),
            Self::List(values) => values.iter().map(Self::json).collect(),
            Self::Struct(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| (name.to_string(), value.json()));
                Json::Object(fields.collect())
            }
        }
    }
}

fn list_of(values: &ArrayRef) -> Datum {
    Datum::List((0..values.len()).map(|row| Datum::of(values, row)).collect())
}

/// What Arrow writes for a value.
fn shown(array: &ArrayRef, row: usize) -> Box<str> {
    let options = FormatOptions::default();
    let text = ArrayFormatter::try_new(array, &options).and_then(|values| values.value(row).try_to_string());
    text.unwrap_or_else(|_| "?".to_owned()).into()
}

fn whole_of(array: &ArrayRef, row: usize) -> Datum {
    let text = shown(array, row);
    text.parse().map_or(Datum::BigInteger(text), Datum::Integer)
}

/// A date, time or duration; finer than microseconds are cut off, as Python has none.
fn temporal_of(array: &ArrayRef, row: usize) -> Datum {
    let single = array.slice(row, 1);
    let as_integer = |target: &DataType| {
        let there = cast(&single, target)
            .and_then(|there| cast(&there, &DataType::Int64))
            .ok()?;
        there
            .is_valid(0)
            .then(|| there.as_primitive::<Int64Type>().value(0))
    };
    let micro = TimeUnit::Microsecond;
    let datum = match array.data_type() {
        DataType::Date32 | DataType::Date64 => as_integer(&DataType::Date32).map(Datum::Date),
        DataType::Timestamp(_, zone) => {
            let value = as_integer(&DataType::Timestamp(micro, zone.clone()));
            value.map(|value| Datum::Timestamp(value, zone.is_some()))
        }
        DataType::Time32(_) | DataType::Time64(_) => as_integer(&DataType::Time64(micro)).map(Datum::Time),
        DataType::Duration(_) => as_integer(&DataType::Duration(micro)).map(Datum::Duration),
        _ => None,
    };
    datum.unwrap_or_else(|| Datum::Text(shown(array, row)))
}

/// Values as a column of the one type that they have; of several types that no type holds exactly, as texts.
pub fn column(values: &[&Datum]) -> ArrayRef {
    let mut kinds: Vec<Discriminant<Datum>> = Vec::new();
    for value in values {
        let kind = discriminant(*value);
        if **value != Datum::Null && !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let typed = match kinds[..] {
        [] => Some(Arc::new(NullArray::new(values.len())) as ArrayRef),
        [_] => of_one_kind(values),
        _ => numbers(values),
    };
    typed.unwrap_or_else(|| texts(values))
}

fn texts(values: &[&Datum]) -> ArrayRef {
    let mut builder = LargeStringBuilder::new();
    for value in values {
        match value {
            Datum::Null => builder.append_null(),
            Datum::Text(text) => builder.append_value(text),
            other => builder.append_value(other.text()),
        }
    }
    Arc::new(builder.finish())
}

/// `None` when the values have no type together after all.
fn of_one_kind(values: &[&Datum]) -> Option<ArrayRef> {
    macro_rules! build {
        ($builder:expr, $($pattern:pat => $value:expr),+) => {{
            let mut builder = $builder;
            for value in values {
                match value {
                    $($pattern => builder.append_value($value),)+
                    _ => builder.append_null(),
                }
            }
            Some(Arc::new(builder.finish()) as ArrayRef)
        }};
    }
    match values.iter().find(|value| ***value != Datum::Null)? {
        Datum::Null => None,
        Datum::Boolean(_) => build!(BooleanBuilder::new(), Datum::Boolean(value) => *value),
        Datum::Integer(_) => build!(Int64Builder::new(), Datum::Integer(value) => *value),
        Datum::Float(_) => build!(Float64Builder::new(), Datum::Float(value) => *value),
        Datum::Text(_) => Some(texts(values)),
        Datum::Binary(_) => build!(LargeBinaryBuilder::new(), Datum::Binary(value) => value),
        Datum::BigInteger(_) | Datum::Decimal(_) => decimals(values),
        Datum::Date(_) => {
            let fits = |value: &&Datum| !matches!(value, Datum::Date(days) if i32::try_from(*days).is_err());
            if !values.iter().all(fits) {
                return None;
            }
            build!(Date32Builder::new(), Datum::Date(value) => *value as i32)
        }
        Datum::Time(_) => build!(Time64MicrosecondBuilder::new(), Datum::Time(value) => *value),
        Datum::Duration(_) => build!(DurationMicrosecondBuilder::new(), Datum::Duration(value) => *value),
        Datum::Timestamp(_, zoned) => {
            let other = |value: &&Datum| matches!(value, Datum::Timestamp(_, other) if other != zoned);
            if values.iter().any(other) {
                return None;
            }
            let builder = TimestampMicrosecondBuilder::new();
            let zone = zoned.then(|| "UTC".into());
            let builder = builder.with_data_type(DataType::Timestamp(TimeUnit::Microsecond, zone));
            build!(builder, Datum::Timestamp(value, _) => *value)
        }
        Datum::List(_) => Some(lists(values)),
        Datum::Struct(_) => structs(values),
    }
}

/// Whole numbers and doubles together as doubles, with large ones and decimals as decimals.
fn numbers(values: &[&Datum]) -> Option<ArrayRef> {
    let doubles = values.iter().any(|value| matches!(value, Datum::Float(_)));
    if !doubles {
        return decimals(values);
    }
    let mut builder = Float64Builder::new();
    for value in values {
        match value {
            Datum::Null => builder.append_null(),
            Datum::Float(value) => builder.append_value(*value),
            Datum::Integer(value) if (-EXACT..=EXACT).contains(value) => builder.append_value(*value as f64),
            _ => return None,
        }
    }
    Some(Arc::new(builder.finish()))
}

fn decimals(values: &[&Datum]) -> Option<ArrayRef> {
    let mut scale = 0;
    for value in values {
        if let Datum::Decimal(text) = value {
            let behind = text.split_once('.').map_or(0, |(_, behind)| behind.len());
            scale = scale.max(u8::try_from(behind).ok().filter(|behind| *behind <= DIGITS)?);
        }
    }
    let digits = |value: &&Datum| match value {
        Datum::Null => Some(None),
        Datum::Integer(value) => i128::from(*value)
            .checked_mul(10i128.checked_pow(scale.into())?)
            .map(Some),
        Datum::BigInteger(text) | Datum::Decimal(text) => {
            let (front, behind) = text.split_once('.').unwrap_or((text, ""));
            let padding = "0".repeat(usize::from(scale) - behind.len());
            format!("{front}{behind}{padding}").parse().ok().map(Some)
        }
        _ => None,
    };
    let digits: Vec<Option<i128>> = values.iter().map(digits).collect::<Option<_>>()?;
    let array = Decimal128Array::from(digits)
        .with_precision_and_scale(DIGITS, scale as i8)
        .ok()?;
    array.validate_decimal_precision(DIGITS).ok()?;
    Some(Arc::new(array))
}

fn lists(values: &[&Datum]) -> ArrayRef {
    let mut items: Vec<&Datum> = Vec::new();
    let mut lengths = Vec::with_capacity(values.len());
    for value in values {
        let before = items.len();
        if let Datum::List(list) = value {
            items.extend(list);
        }
        lengths.push(items.len() - before);
    }
    let items = column(&items);
    let known: NullBuffer = values.iter().map(|value| **value != Datum::Null).collect();
    let field = item_field(items.data_type().clone());
    Arc::new(LargeListArray::new(
        field,
        OffsetBuffer::from_lengths(lengths),
        items,
        Some(known),
    ))
}

/// `None` when there is no field at all, which no file has.
fn structs(values: &[&Datum]) -> Option<ArrayRef> {
    let mut names: Vec<&Arc<str>> = Vec::new();
    let mut columns: HashMap<&str, Vec<&Datum>> = HashMap::new();
    for (row, value) in values.iter().enumerate() {
        let Datum::Struct(fields) = value else { continue };
        for (name, value) in fields {
            let column = columns.entry(name).or_insert_with(|| {
                names.push(name);
                Vec::new()
            });
            if column.len() <= row {
                column.resize(row, &Datum::Null);
                column.push(value);
            }
        }
    }
    if names.is_empty() {
        return None;
    }
    let known: NullBuffer = values.iter().map(|value| **value != Datum::Null).collect();
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = names
        .iter()
        .map(|name| {
            let mut values_of = columns.remove(&***name).unwrap_or_default();
            values_of.resize(values.len(), &Datum::Null);
            let array = column(&values_of);
            (Field::new(&***name, array.data_type().clone(), true), array)
        })
        .unzip();
    let array = StructArray::try_new(fields.into(), arrays, Some(known)).ok()?;
    Some(Arc::new(array))
}
