//! Arrays as custom metrics get them: of few types, so that a metric need not know them all.

use super::waiting::{Rare, ValueBuffer};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, Date32Array, Decimal128Array,
    DurationMicrosecondArray, Float64Array, Int64Array, LargeBinaryArray, LargeStringArray, NullArray,
    PrimitiveArray, Time64MicrosecondArray, TimestampMicrosecondArray, new_null_array,
};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::DataType;
use arrow_select::concat::concat;
use std::sync::Arc;

/// The array without dictionaries, runs and views; texts and bytes are of the large kind.
pub fn plain(array: &ArrayRef, nan_is_null: bool) -> ArrayRef {
    let target = match array.data_type() {
        DataType::Dictionary(_, values) => plain_type(values),
        DataType::RunEndEncoded(_, values) => plain_type(values.data_type()),
        other => plain_type(other),
    };
    let array = if target == *array.data_type() {
        array.clone()
    } else {
        // What cannot be cast is shown as it is.
        arrow_cast::cast(array, &target).unwrap_or_else(|_| array.clone())
    };
    if nan_is_null { nan_as_null(array) } else { array }
}

fn plain_type(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Utf8 | DataType::Utf8View => DataType::LargeUtf8,
        DataType::Binary | DataType::BinaryView => DataType::LargeBinary,
        DataType::Float16 => DataType::Float32,
        other => other.clone(),
    }
}

/// The array with nulls in place of NaN.
pub(crate) fn nan_as_null(array: ArrayRef) -> ArrayRef {
    match array.data_type() {
        DataType::Float32 => without_nan::<Float32Type>(&array, f32::is_nan),
        DataType::Float64 => without_nan::<Float64Type>(&array, f64::is_nan),
        _ => array,
    }
}

fn without_nan<T: ArrowPrimitiveType>(array: &ArrayRef, is_nan: fn(T::Native) -> bool) -> ArrayRef {
    let numbers = array.as_primitive::<T>();
    let values: &[T::Native] = numbers.values();
    if !values.iter().any(|&value| is_nan(value)) {
        return array.clone();
    }
    let known = NullBuffer::new(BooleanBuffer::collect_bool(values.len(), |row| {
        !is_nan(values[row])
    }));
    let both = NullBuffer::union(array.nulls(), Some(&known));
    Arc::new(PrimitiveArray::<T>::new(numbers.values().clone(), both))
}

impl ValueBuffer {
    /// The values that wait, as arrays: one for each type that is among them, the nulls behind the first.
    /// Structs, lists and what has no type are not among them.
    pub(super) fn arrays(&self) -> Vec<ArrayRef> {
        let mut arrays: Vec<ArrayRef> = Vec::new();
        let mut add = |array: ArrayRef| {
            if !array.is_empty() {
                arrays.push(array);
            }
        };
        let [falses, trues] = self.booleans;
        add(Arc::new(BooleanArray::from_iter(
            (0..falses + trues).map(|at| Some(at >= falses)),
        )));
        add(Arc::new(Int64Array::from(self.integers.clone())));
        add(Arc::new(Float64Array::from(self.floats.clone())));
        add(Arc::new(LargeStringArray::from_iter_values(self.texts.iter())));
        if let Some(rare) = &self.rare {
            rare.arrays().into_iter().for_each(&mut add);
        }
        if self.nulls > 0 {
            let nulls = self.nulls as usize;
            match arrays.first_mut() {
                Some(first) => {
                    let nulls = new_null_array(first.data_type(), nulls);
                    if let Ok(both) = concat(&[&**first, &*nulls]) {
                        *first = both;
                    }
                }
                None => arrays.push(Arc::new(NullArray::new(nulls))),
            }
        }
        arrays
    }
}

impl Rare {
    fn arrays(&self) -> [ArrayRef; 7] {
        let decimals = self.decimals.iter().zip(self.decimal_values.iter().copied());
        let whole = self.big_integers.iter();
        let whole = whole.map(|text| (text, text.parse().unwrap_or(f64::NAN)));
        let binaries = self.broken_texts.iter().chain(self.binaries.iter());
        [
            exact_numbers(whole.collect()),
            exact_numbers(decimals.collect()),
            Arc::new(LargeBinaryArray::from_iter_values(binaries)),
            Arc::new(TimestampMicrosecondArray::from(self.timestamps.clone())),
            Arc::new(Date32Array::from_iter(
                self.dates.iter().map(|&days| i32::try_from(days).ok()),
            )),
            Arc::new(Time64MicrosecondArray::from(self.times.clone())),
            Arc::new(DurationMicrosecondArray::from(self.durations.clone())),
        ]
    }
}

/// Numbers in digits as decimals of one scale; where 38 digits do not suffice, as doubles.
fn exact_numbers(numbers: Vec<(&str, f64)>) -> ArrayRef {
    let scale = numbers
        .iter()
        .map(|(text, _)| text.split_once('.').map_or(0, |(_, fraction)| fraction.len()));
    let scale = scale.max().unwrap_or(0);
    let exact = || -> Option<Decimal128Array> {
        let digits = numbers.iter().map(|(text, _)| {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
            format!("{whole}{fraction:0<scale$}").parse::<i128>().ok()
        });
        let digits: Option<Vec<i128>> = digits.collect();
        let array = Decimal128Array::from(digits?).with_precision_and_scale(38, i8::try_from(scale).ok()?);
        array
            .ok()
            .filter(|array| array.validate_decimal_precision(38).is_ok())
    };
    match exact() {
        Some(exact) => Arc::new(exact),
        None => Arc::new(Float64Array::from_iter_values(
            numbers.iter().map(|number| number.1),
        )),
    }
}
