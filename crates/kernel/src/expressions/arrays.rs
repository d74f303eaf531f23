//! Columns of a batch, and single values out of Arrow arrays.

use super::cells::Cell;
use super::numbers::Number;
use super::rows::Row;
use super::scalar::Scalar;
use crate::columns::{Value, nan_as_null};
use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::*;
use arrow_array::{Array, ArrayRef, RecordBatch, make_array};
use arrow_buffer::{ArrowNativeType, NullBuffer};
use arrow_schema::{DataType, Fields, TimeUnit};

/// A column as an expression sees it.
#[derive(Debug, Clone)]
pub enum Input {
    /// An array.
    Array(ArrayRef),
    /// Values of any types.
    Cells(Vec<Cell>),
    /// The data has no such column.
    Missing,
}

/// The columns of some records, by the numbers of an expression's columns.
#[derive(Debug, Clone)]
pub struct Inputs {
    pub(super) columns: Vec<Input>,
    pub(super) rows: usize,
}

impl Inputs {
    /// Columns that all have so many rows.
    ///
    /// # Errors
    /// When an array cannot be read.
    pub fn new(columns: Vec<Input>, rows: usize, nan_is_null: bool) -> Result<Self> {
        let columns = columns.into_iter().map(|column| match column {
            Input::Array(array) => readable(array, nan_is_null).map(Input::Array),
            other => Ok(other),
        });
        Ok(Self {
            columns: columns.collect::<Result<_>>()?,
            rows,
        })
    }

    /// The columns of a batch, looked up by name.
    ///
    /// # Errors
    /// When an array cannot be read.
    pub fn of_batch(batch: &RecordBatch, names: &[String], nan_is_null: bool) -> Result<Self> {
        let columns = names
            .iter()
            .map(|name| resolve(batch, name).map_or(Input::Missing, Input::Array));
        Self::new(columns.collect(), batch.num_rows(), nan_is_null)
    }

    /// The columns, in forms that can be read value by value.
    pub fn into_columns(self) -> Vec<Input> {
        self.columns
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Whether the data has a column.
    pub fn has(&self, column: usize) -> bool {
        !matches!(self.columns[column], Input::Missing)
    }

    /// One value of a column.
    pub fn scalar(&self, column: usize, row: usize) -> Scalar<'_> {
        match &self.columns[column] {
            Input::Array(array) => at(array, row),
            Input::Cells(cells) => cells.get(row).map_or(Scalar::Null, Cell::value),
            Input::Missing => Scalar::Null,
        }
    }

    /// Some of the rows.
    #[must_use]
    pub fn slice(&self, start: usize, rows: usize) -> Self {
        let columns = self.columns.iter().map(|column| match column {
            Input::Array(array) => Input::Array(array.slice(start, rows)),
            Input::Cells(cells) => Input::Cells(cells[start..start + rows].to_vec()),
            Input::Missing => Input::Missing,
        });
        Self {
            columns: columns.collect(),
            rows,
        }
    }

    /// The same with one column put in the place of another, of another length.
    pub(super) fn with(&self, column: usize, array: ArrayRef) -> Self {
        let mut columns = vec![Input::Missing; self.columns.len()];
        let rows = array.len();
        columns[column] = Input::Array(array);
        Self { columns, rows }
    }

    pub(super) fn array(&self, column: usize) -> Option<&ArrayRef> {
        match &self.columns[column] {
            Input::Array(array) => Some(array),
            _ => None,
        }
    }
}

/// One row of some columns.
pub(super) struct Position<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) row: usize,
}

impl Row for Position<'_> {
    fn value(&self, column: usize) -> Scalar<'_> {
        self.inputs.scalar(column, self.row)
    }
}

/// The column of that name: a top-level one, or `parent.child` inside structs.
pub fn resolve(batch: &RecordBatch, name: &str) -> Option<ArrayRef> {
    if let Some(array) = batch.column_by_name(name) {
        return Some(array.clone());
    }
    inside(batch.schema_ref().fields(), batch.columns(), name)
}

fn inside(fields: &Fields, columns: &[ArrayRef], path: &str) -> Option<ArrayRef> {
    fields.iter().zip(columns).find_map(|(field, array)| {
        let rest = path.strip_prefix(field.name().as_str())?.strip_prefix('.')?;
        let parent = array.as_struct_opt()?;
        let child = match parent.column_by_name(rest) {
            Some(child) => child.clone(),
            None => inside(parent.fields(), parent.columns(), rest)?,
        };
        masked(&child, parent.nulls())
    })
}

/// What is inside a missing struct is missing.
fn masked(child: &ArrayRef, parent: Option<&NullBuffer>) -> Option<ArrayRef> {
    let Some(parent) = parent.filter(|parent| parent.null_count() > 0) else {
        return Some(child.clone());
    };
    if *child.data_type() == DataType::Null {
        return Some(child.clone());
    }
    let both = NullBuffer::union(child.nulls(), Some(parent));
    let data = child.to_data().into_builder().nulls(both).build().ok()?;
    Some(make_array(data))
}

/// The array in a form that can be read value by value.
fn readable(array: ArrayRef, nan_is_null: bool) -> Result<ArrayRef> {
    let cast = |target: &DataType| {
        arrow_cast::cast(&array, target)
            .map_err(|error| Error::data(format!("cannot read a {} column: {error}", array.data_type())))
    };
    let array = match array.data_type() {
        DataType::RunEndEncoded(_, values) => cast(values.data_type())?,
        DataType::Float16 => cast(&DataType::Float32)?,
        // A dictionary that is longer than its codes is no help.
        DataType::Dictionary(_, values) if array.as_any_dictionary().values().len() > array.len() => {
            cast(values)?
        }
        _ => array,
    };
    Ok(if nan_is_null { nan_as_null(array) } else { array })
}

/// One value of an array.
pub(super) fn at(array: &ArrayRef, row: usize) -> Scalar<'_> {
    if array.is_null(row) {
        return Scalar::Null;
    }
    match array.data_type() {
        DataType::Null => Scalar::Null,
        DataType::Boolean => Scalar::Boolean(array.as_boolean().value(row)),
        DataType::Utf8 => Scalar::Text(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => Scalar::Text(array.as_string::<i64>().value(row)),
        DataType::Utf8View => Scalar::Text(array.as_string_view().value(row)),
        DataType::Float32 => Scalar::float(array.as_primitive::<Float32Type>().value(row).into()),
        DataType::Float64 => Scalar::float(array.as_primitive::<Float64Type>().value(row)),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let key = key(array, row);
            key.map_or(Scalar::Null, |key| at(dictionary.values(), key))
        }
        DataType::Struct(_) => Scalar::Struct,
        integer if integer.is_integer() => whole(array, row),
        decimal if decimal.is_decimal() => Scalar::Number(decimal_at(array, row)),
        temporal if temporal.is_temporal() => temporal_at(array, row),
        other => sized(array, row, other),
    }
}

/// Hands on one value of an array as a value of a record.
pub fn each_value(array: &ArrayRef, row: usize, take: impl FnOnce(Value<'_>)) {
    match at(array, row) {
        Scalar::Binary(_) => match arrow_cast::cast(&array.slice(row, 1), &DataType::LargeBinary) {
            Ok(bytes) => take(Value::Binary(bytes.as_binary::<i64>().value(0))),
            Err(_) => take(Value::Other),
        },
        plain => plain.hand_on(take),
    }
}

/// Where a code points to in its dictionary.
fn key(array: &ArrayRef, row: usize) -> Option<usize> {
    let keys = array.as_any_dictionary().keys();
    match whole_at(keys, row) {
        Some(key) if keys.is_valid(row) => usize::try_from(key).ok(),
        _ => None,
    }
}

fn whole(array: &dyn Array, row: usize) -> Scalar<'static> {
    whole_at(array, row).map_or(Scalar::Other, |value| Scalar::Number(Number::Integer(value)))
}

fn whole_at(array: &dyn Array, row: usize) -> Option<i128> {
    Some(match array.data_type() {
        DataType::Int8 => array.as_primitive::<Int8Type>().value(row).into(),
        DataType::Int16 => array.as_primitive::<Int16Type>().value(row).into(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).into(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into(),
        DataType::UInt8 => array.as_primitive::<UInt8Type>().value(row).into(),
        DataType::UInt16 => array.as_primitive::<UInt16Type>().value(row).into(),
        DataType::UInt32 => array.as_primitive::<UInt32Type>().value(row).into(),
        DataType::UInt64 => array.as_primitive::<UInt64Type>().value(row).into(),
        _ => return None,
    })
}

fn decimal_at(array: &ArrayRef, row: usize) -> Number {
    let (digits, scale) = match array.data_type() {
        DataType::Decimal32(_, scale) => (array.as_primitive::<Decimal32Type>().value(row).into(), *scale),
        DataType::Decimal64(_, scale) => (array.as_primitive::<Decimal64Type>().value(row).into(), *scale),
        DataType::Decimal128(_, scale) => (array.as_primitive::<Decimal128Type>().value(row), *scale),
        DataType::Decimal256(_, scale) => {
            let array = array.as_primitive::<Decimal256Type>();
            match array.value(row).to_i128() {
                Some(digits) => (digits, *scale),
                None => return Number::Float(array.value_as_string(row).parse().unwrap_or(f64::NAN)),
            }
        }
        _ => return Number::Float(f64::NAN),
    };
    match u8::try_from(scale) {
        Ok(scale) => Number::Decimal(digits, scale),
        Err(_) => {
            let factor = 10i128.checked_pow(u32::from(scale.unsigned_abs()));
            let whole = factor.and_then(|factor| digits.checked_mul(factor));
            whole.map_or_else(
                || Number::Float(digits as f64 * 10f64.powi(-i32::from(scale))),
                Number::Integer,
            )
        }
    }
}

/// Nanoseconds in one of a unit.
pub(super) fn nanoseconds(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1_000_000_000,
        TimeUnit::Millisecond => 1_000_000,
        TimeUnit::Microsecond => 1_000,
        TimeUnit::Nanosecond => 1,
    }
}

fn temporal_at(array: &ArrayRef, row: usize) -> Scalar<'static> {
    let data_type = array.data_type();
    let Some(value) = ticks(array).map(|ticks| ticks.get(row)) else {
        return Scalar::Other;
    };
    match data_type {
        DataType::Date32 => Scalar::Date(value),
        DataType::Date64 => Scalar::Date(value.div_euclid(86_400_000)),
        DataType::Timestamp(unit, _) => Scalar::Timestamp(i128::from(value) * i128::from(nanoseconds(*unit))),
        DataType::Duration(unit) => Scalar::Duration(i128::from(value) * i128::from(nanoseconds(*unit))),
        DataType::Time32(unit) | DataType::Time64(unit) => {
            Scalar::Time(value.saturating_mul(nanoseconds(*unit)))
        }
        _ => Scalar::Other,
    }
}

/// The numbers behind times.
pub(super) enum Ticks<'a> {
    Narrow(&'a [i32]),
    Wide(&'a [i64]),
}

impl Ticks<'_> {
    #[inline]
    pub(super) fn get(&self, row: usize) -> i64 {
        match self {
            Self::Narrow(values) => values[row].into(),
            Self::Wide(values) => values[row],
        }
    }
}

/// The numbers behind times, in the unit of their type.
pub(super) fn ticks(array: &ArrayRef) -> Option<Ticks<'_>> {
    use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    Some(match array.data_type() {
        DataType::Date32 => Ticks::Narrow(array.as_primitive::<Date32Type>().values()),
        DataType::Time32(Second) => Ticks::Narrow(array.as_primitive::<Time32SecondType>().values()),
        DataType::Time32(_) => Ticks::Narrow(array.as_primitive::<Time32MillisecondType>().values()),
        DataType::Date64 => Ticks::Wide(array.as_primitive::<Date64Type>().values()),
        DataType::Timestamp(Second, _) => Ticks::Wide(array.as_primitive::<TimestampSecondType>().values()),
        DataType::Timestamp(Millisecond, _) => {
            Ticks::Wide(array.as_primitive::<TimestampMillisecondType>().values())
        }
        DataType::Timestamp(Microsecond, _) => {
            Ticks::Wide(array.as_primitive::<TimestampMicrosecondType>().values())
        }
        DataType::Timestamp(Nanosecond, _) => {
            Ticks::Wide(array.as_primitive::<TimestampNanosecondType>().values())
        }
        DataType::Duration(Second) => Ticks::Wide(array.as_primitive::<DurationSecondType>().values()),
        DataType::Duration(Millisecond) => {
            Ticks::Wide(array.as_primitive::<DurationMillisecondType>().values())
        }
        DataType::Duration(Microsecond) => {
            Ticks::Wide(array.as_primitive::<DurationMicrosecondType>().values())
        }
        DataType::Duration(Nanosecond) => {
            Ticks::Wide(array.as_primitive::<DurationNanosecondType>().values())
        }
        DataType::Time64(Nanosecond) => Ticks::Wide(array.as_primitive::<Time64NanosecondType>().values()),
        DataType::Time64(_) => Ticks::Wide(array.as_primitive::<Time64MicrosecondType>().values()),
        _ => return None,
    })
}

/// Bytes and lists, of which the length can be asked.
fn sized(array: &ArrayRef, row: usize, data_type: &DataType) -> Scalar<'static> {
    match data_type {
        DataType::Binary => Scalar::Binary(array.as_binary::<i32>().value(row).len()),
        DataType::LargeBinary => Scalar::Binary(array.as_binary::<i64>().value(row).len()),
        DataType::BinaryView => Scalar::Binary(array.as_binary_view().value(row).len()),
        DataType::FixedSizeBinary(size) => Scalar::Binary(size.as_usize()),
        DataType::List(_) => Scalar::List(array.as_list::<i32>().value_length(row).as_usize()),
        DataType::LargeList(_) => Scalar::List(array.as_list::<i64>().value_length(row).as_usize()),
        DataType::FixedSizeList(_, size) => Scalar::List(size.as_usize()),
        DataType::Map(..) => Scalar::List(array.as_map().value_length(row).as_usize()),
        DataType::ListView(_) => Scalar::List(array.as_list_view::<i32>().value_size(row).as_usize()),
        DataType::LargeListView(_) => Scalar::List(array.as_list_view::<i64>().value_size(row).as_usize()),
        _ => Scalar::Other,
    }
}
