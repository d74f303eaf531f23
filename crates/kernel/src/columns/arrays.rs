//! The one place that looks at an Arrow type: from array to the fold of its kind.

use super::integers::IntegerScratch;
use super::nested::list_lengths;
use super::temporal::Unit;
use super::{BLOCK, ColumnBuilder, Domain, TypeTag};
use crate::metrics::Kind;
use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType,
    Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayAccessor, ArrayRef, GenericStringArray, OffsetSizeTrait, StringViewArray};
use arrow_schema::{DataType, TimeUnit};
use std::borrow::Cow;

/// Milliseconds of a day.
const DAY_MILLISECONDS: i64 = 86_400_000;

impl ColumnBuilder {
    /// Adds an array of any type. Lists and structs add their own counts and lengths; their
    /// children are columns of their own.
    pub fn fold_array(&mut self, array: &ArrayRef, nan_is_null: bool) -> Result<()> {
        // Nothing is known of the type of what was computed of no records.
        if *array.data_type() == DataType::Null && array.is_empty() {
            return Ok(());
        }
        self.note_type_of(array);
        self.show(array, nan_is_null);
        match array.data_type() {
            DataType::Null => self.fold_nulls(array.len() as u64),
            DataType::Dictionary(_, values) => self.fold_dictionary(array, values, nan_is_null)?,
            DataType::RunEndEncoded(_, values) => self.fold_cast(array, values.data_type(), nan_is_null)?,
            DataType::Interval(_) | DataType::Union(..) => {
                let nulls = array.logical_null_count();
                self.fold_nulls(nulls as u64);
                self.fold_opaque(Kind::Other, TypeTag::Other, (array.len() - nulls) as u64);
            }
            _ => self.fold_plain(array, nan_is_null)?,
        }
        Ok(())
    }

    /// Notes the type of an array whose values are added otherwise.
    pub(super) fn note_type_of(&mut self, array: &ArrayRef) {
        self.note_arrow_type(arrow_name(array.data_type()));
        self.note_type(type_tag(array.data_type()));
    }

    /// Folds the array as another type.
    pub(super) fn fold_cast(&mut self, array: &ArrayRef, target: &DataType, nan_is_null: bool) -> Result<()> {
        let plain = arrow_cast::cast(array, target).map_err(|error| {
            Error::data(format!(
                "cannot read a {} column as {target}: {error}",
                array.data_type()
            ))
        })?;
        self.fold_plain(&plain, nan_is_null)
    }

    fn fold_plain(&mut self, array: &ArrayRef, nan_is_null: bool) -> Result<()> {
        self.fold_nulls(array.null_count() as u64);
        if array.null_count() < array.len() {
            self.fold_present(array, nan_is_null)
        } else {
            Ok(())
        }
    }

    fn fold_present(&mut self, array: &ArrayRef, nan_is_null: bool) -> Result<()> {
        match array.data_type() {
            DataType::Boolean => {
                let present = (array.len() - array.null_count()) as u64;
                let trues = array.as_boolean().true_count() as u64;
                self.fold_booleans(trues, present - trues);
            }
            DataType::Int8 => self.fold_signed::<Int8Type>(array, i64::from),
            DataType::Int16 => self.fold_signed::<Int16Type>(array, i64::from),
            DataType::Int32 => self.fold_signed::<Int32Type>(array, i64::from),
            DataType::Int64 if array.null_count() == 0 => {
                self.fold_integers(array.as_primitive::<Int64Type>().values());
            }
            DataType::Int64 => self.fold_signed::<Int64Type>(array, |value| value),
            DataType::UInt8 => self.fold_signed::<UInt8Type>(array, i64::from),
            DataType::UInt16 => self.fold_signed::<UInt16Type>(array, i64::from),
            DataType::UInt32 => self.fold_signed::<UInt32Type>(array, i64::from),
            DataType::UInt64 => {
                blocks::<UInt64Type, u64>(array, |value| value, |block| self.fold_unsigned(block));
            }
            DataType::Float16 => self.fold_fractional::<Float16Type>(array, nan_is_null, f64::from),
            DataType::Float32 => self.fold_fractional::<Float32Type>(array, nan_is_null, f64::from),
            DataType::Float64 if array.null_count() == 0 => {
                self.fold_floats(array.as_primitive::<Float64Type>().values(), nan_is_null);
            }
            DataType::Float64 => self.fold_fractional::<Float64Type>(array, nan_is_null, |value| value),
            DataType::Utf8 => self.fold_string_array::<i32>(array.as_string()),
            DataType::LargeUtf8 => self.fold_string_array::<i64>(array.as_string()),
            DataType::Utf8View => self.fold_string_views(array.as_string_view()),
            DataType::Binary => self.fold_binaries(present(array.as_binary::<i32>())),
            DataType::LargeBinary => self.fold_binaries(present(array.as_binary::<i64>())),
            DataType::BinaryView => self.fold_binaries(present(array.as_binary_view())),
            DataType::FixedSizeBinary(_) => self.fold_binaries(present(array.as_fixed_size_binary())),
            DataType::Struct(_) => {
                self.fold_opaque(
                    Kind::Struct,
                    TypeTag::Struct,
                    (array.len() - array.null_count()) as u64,
                );
            }
            DataType::List(_)
            | DataType::LargeList(_)
            | DataType::FixedSizeList(..)
            | DataType::Map(..)
            | DataType::ListView(_)
            | DataType::LargeListView(_) => self.fold_lists(array)?,
            DataType::Decimal32(..)
            | DataType::Decimal64(..)
            | DataType::Decimal128(..)
            | DataType::Decimal256(..) => self.fold_decimal_array(array),
            _ => self.fold_temporal_array(array),
        }
        Ok(())
    }

    fn fold_signed<T: ArrowPrimitiveType>(&mut self, array: &ArrayRef, widen: impl Fn(T::Native) -> i64) {
        let mut scratch = IntegerScratch::new();
        blocks::<T, i64>(array, widen, |block| self.fold_integer_block(block, &mut scratch));
        self.finish_integers(&mut scratch);
    }

    fn fold_fractional<T: ArrowPrimitiveType>(
        &mut self,
        array: &ArrayRef,
        nan_is_null: bool,
        widen: impl Fn(T::Native) -> f64,
    ) {
        let mut hashes = Vec::new();
        blocks::<T, f64>(array, widen, |block| {
            self.fold_float_block(block, nan_is_null, &mut hashes)
        });
    }

    fn fold_string_array<O: OffsetSizeTrait>(&mut self, array: &GenericStringArray<O>) {
        let offsets = array.value_offsets();
        let ends = (offsets[0].as_usize(), offsets[array.len()].as_usize());
        let ascii = array.value_data()[ends.0..ends.1].is_ascii();
        self.fold_texts(valid_rows(array).map(|row| array.value(row)), ascii);
    }

    fn fold_string_views(&mut self, array: &StringViewArray) {
        let ascii = array.is_ascii();
        self.fold_texts(valid_rows(array).map(|row| array.value(row)), ascii);
    }

    fn fold_lists(&mut self, array: &ArrayRef) -> Result<()> {
        let lengths = list_lengths(array)?;
        self.fold_list_lengths(&lengths);
        Ok(())
    }

    fn fold_decimal_array(&mut self, array: &ArrayRef) {
        match array.data_type() {
            DataType::Decimal32(_, scale) => {
                present(array.as_primitive::<Decimal32Type>())
                    .for_each(|value| self.fold_decimal(value.into(), *scale));
            }
            DataType::Decimal64(_, scale) => {
                present(array.as_primitive::<Decimal64Type>())
                    .for_each(|value| self.fold_decimal(value.into(), *scale));
            }
            DataType::Decimal128(_, scale) => {
                present(array.as_primitive::<Decimal128Type>())
                    .for_each(|value| self.fold_decimal(value, *scale));
            }
            DataType::Decimal256(_, scale) => {
                for row in (0..array.len()).filter(|&row| array.is_valid(row)) {
                    let array = array.as_primitive::<Decimal256Type>();
                    match array.value(row).to_i128() {
                        Some(value) => self.fold_decimal(value, *scale),
                        None => {
                            let text = array.value_as_string(row);
                            self.fold_decimal_text(&text, text.parse().unwrap_or(f64::NAN));
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn fold_temporal_array(&mut self, array: &ArrayRef) {
        use Domain::{Duration, Time, Timestamp};
        use Unit::{Microsecond, Millisecond, Nanosecond, Second};
        match array.data_type() {
            DataType::Date32 => blocks::<Date32Type, i64>(array, i64::from, |days| self.fold_dates(days)),
            DataType::Date64 => {
                let days = |value: i64| value.div_euclid(DAY_MILLISECONDS);
                blocks::<Date64Type, i64>(array, days, |days| self.fold_dates(days));
            }
            DataType::Timestamp(TimeUnit::Second, _) => {
                self.fold_times::<TimestampSecondType>(array, Second, Timestamp)
            }
            DataType::Timestamp(TimeUnit::Millisecond, _) => {
                self.fold_times::<TimestampMillisecondType>(array, Millisecond, Timestamp);
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                self.fold_times::<TimestampMicrosecondType>(array, Microsecond, Timestamp);
            }
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                self.fold_times::<TimestampNanosecondType>(array, Nanosecond, Timestamp);
            }
            DataType::Time32(TimeUnit::Second) => self.fold_times::<Time32SecondType>(array, Second, Time),
            DataType::Time32(_) => self.fold_times::<Time32MillisecondType>(array, Millisecond, Time),
            DataType::Time64(TimeUnit::Nanosecond) => {
                self.fold_times::<Time64NanosecondType>(array, Nanosecond, Time)
            }
            DataType::Time64(_) => self.fold_times::<Time64MicrosecondType>(array, Microsecond, Time),
            DataType::Duration(TimeUnit::Second) => {
                self.fold_times::<DurationSecondType>(array, Second, Duration)
            }
            DataType::Duration(TimeUnit::Millisecond) => {
                self.fold_times::<DurationMillisecondType>(array, Millisecond, Duration);
            }
            DataType::Duration(TimeUnit::Microsecond) => {
                self.fold_times::<DurationMicrosecondType>(array, Microsecond, Duration);
            }
            DataType::Duration(TimeUnit::Nanosecond) => {
                self.fold_times::<DurationNanosecondType>(array, Nanosecond, Duration);
            }
            // A type that Arrow gained after this was written.
            _ => self.fold_opaque(
                Kind::Other,
                TypeTag::Other,
                (array.len() - array.null_count()) as u64,
            ),
        }
    }

    fn fold_times<T: ArrowPrimitiveType<Native: Into<i64>>>(
        &mut self,
        array: &ArrayRef,
        unit: Unit,
        domain: Domain,
    ) {
        blocks::<T, i64>(array, Into::into, |block| self.fold_temporal(block, unit, domain));
    }
}

/// The name of an Arrow type, as it writes itself; common ones without writing.
pub(super) fn arrow_name(data_type: &DataType) -> Cow<'static, str> {
    let name = match data_type {
        DataType::Boolean => "Boolean",
        DataType::Int8 => "Int8",
        DataType::Int16 => "Int16",
        DataType::Int32 => "Int32",
        DataType::Int64 => "Int64",
        DataType::Float32 => "Float32",
        DataType::Float64 => "Float64",
        DataType::Utf8 => "Utf8",
        DataType::LargeUtf8 => "LargeUtf8",
        DataType::Utf8View => "Utf8View",
        DataType::Date32 => "Date32",
        DataType::Timestamp(TimeUnit::Microsecond, None) => "Timestamp(µs)",
        other => return other.to_string().into(),
    };
    name.into()
}

/// The rows that are not null, run by run.
fn valid_rows(array: &dyn Array) -> impl Iterator<Item = usize> {
    let rows = if array.null_count() == 0 {
        0..array.len()
    } else {
        0..0
    };
    let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
    rows.chain(
        nulls
            .into_iter()
            .flat_map(|nulls| nulls.valid_slices())
            .flat_map(|(start, end)| start..end),
    )
}

/// The values that are not null.
pub(super) fn present<'a, A: ArrayAccessor + Copy + 'a>(array: A) -> impl Iterator<Item = A::Item> + 'a
where
    A::Item: 'a,
{
    (0..array.len())
        .filter(move |&row| array.is_valid(row))
        .map(move |row| array.value(row))
}

/// Hands the values that are not null to `fold`, widened, some thousands at a time.
pub(super) fn blocks<T: ArrowPrimitiveType, W>(
    array: &ArrayRef,
    widen: impl Fn(T::Native) -> W,
    mut fold: impl FnMut(&[W]),
) {
    let array = array.as_primitive::<T>();
    let values: &[T::Native] = array.values();
    let mut buffer: Vec<W> = Vec::with_capacity(values.len().min(BLOCK));
    let mut add = |mut run: &[T::Native]| {
        while !run.is_empty() {
            let (now, later) = run.split_at(run.len().min(BLOCK - buffer.len()));
            buffer.extend(now.iter().map(|&value| widen(value)));
            run = later;
            if buffer.len() == BLOCK {
                fold(&buffer);
                buffer.clear();
            }
        }
    };
    match array.nulls().filter(|nulls| nulls.null_count() > 0) {
        None => add(values),
        Some(nulls) => nulls
            .valid_slices()
            .for_each(|(start, end)| add(&values[start..end])),
    }
    if !buffer.is_empty() {
        fold(&buffer);
    }
}

/// The type of a column that holds arrays of this type.
pub(super) fn type_tag(data_type: &DataType) -> TypeTag {
    match data_type {
        DataType::Null => TypeTag::Null,
        DataType::Boolean => TypeTag::Boolean,
        integer if integer.is_integer() => TypeTag::Integer,
        DataType::Float16 | DataType::Float32 | DataType::Float64 => TypeTag::Fractional,
        DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => TypeTag::Decimal,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => TypeTag::String,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            TypeTag::Binary
        }
        DataType::Date32 | DataType::Date64 => TypeTag::Date,
        DataType::Timestamp(..) => TypeTag::Timestamp,
        DataType::Time32(_) | DataType::Time64(_) => TypeTag::Time,
        DataType::Duration(_) => TypeTag::Duration,
        DataType::Struct(_) => TypeTag::Struct,
        DataType::Dictionary(_, values) => type_tag(values),
        DataType::RunEndEncoded(_, values) => type_tag(values.data_type()),
        DataType::Interval(_) | DataType::Union(..) => TypeTag::Other,
        nested if nested.is_nested() => TypeTag::List,
        _ => TypeTag::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_named_as_they_write_themselves() {
        for data_type in [
            DataType::Boolean,
            DataType::Int8,
            DataType::Int16,
            DataType::Int32,
            DataType::Int64,
            DataType::UInt8,
            DataType::Float32,
            DataType::Float64,
            DataType::Utf8,
            DataType::LargeUtf8,
            DataType::Utf8View,
            DataType::Date32,
            DataType::Timestamp(TimeUnit::Microsecond, None),
            DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())),
        ] {
            assert_eq!(arrow_name(&data_type), data_type.to_string());
        }
    }
}
