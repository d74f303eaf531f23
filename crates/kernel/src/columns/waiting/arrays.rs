//! Short arrays among the values that wait: copied value by value, so that they keep nothing else alive.

use super::values::ValueBuffer;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type,
};
use arrow_array::{Array, ArrayRef, GenericStringArray, OffsetSizeTrait};
use arrow_schema::{DataType, TimeUnit};

/// Longest array that waits.
const SHORT: usize = 256;

/// Most bytes of texts in an array that waits.
const SHORT_BYTES: usize = 1 << 13;

/// Whole numbers up to here are exact as doubles: a time is the same whatever unit it came in.
const EXACT: i64 = 1 << 53;

impl ValueBuffer {
    /// Takes in the values of an array. False, and nothing taken in, when it is long or of a kind that does not
    /// wait: then it is to be folded as it is.
    pub(super) fn wait(&mut self, array: &ArrayRef) -> bool {
        array.len() <= SHORT && self.wait_for(array)
    }

    fn wait_for(&mut self, array: &ArrayRef) -> bool {
        let done = match array.data_type() {
            DataType::Boolean => {
                let trues = array.as_boolean().true_count();
                let falses = array.len() - array.null_count() - trues;
                self.booleans[0] += falses as u64;
                self.booleans[1] += trues as u64;
                true
            }
            DataType::Int8 => self.wait_integers::<Int8Type>(array),
            DataType::Int16 => self.wait_integers::<Int16Type>(array),
            DataType::Int32 => self.wait_integers::<Int32Type>(array),
            DataType::Int64 => self.wait_integers::<Int64Type>(array),
            DataType::UInt8 => self.wait_integers::<UInt8Type>(array),
            DataType::UInt16 => self.wait_integers::<UInt16Type>(array),
            DataType::UInt32 => self.wait_integers::<UInt32Type>(array),
            DataType::Float32 => self.wait_floats::<Float32Type>(array),
            DataType::Float64 => self.wait_floats::<Float64Type>(array),
            DataType::Utf8 => self.wait_texts(array.as_string::<i32>()),
            DataType::LargeUtf8 => self.wait_texts(array.as_string::<i64>()),
            DataType::Date32 => {
                let days = &mut self.rare.get_or_insert_default().dates;
                extend::<Date32Type, i64>(days, array, i64::from);
                true
            }
            DataType::Timestamp(unit, _) => self.wait_times(array, *unit),
            _ => false,
        };
        if done {
            self.nulls += array.null_count() as u64;
        }
        done
    }

    fn wait_integers<T: ArrowPrimitiveType<Native: Into<i64>>>(&mut self, array: &ArrayRef) -> bool {
        extend::<T, i64>(&mut self.integers, array, Into::into);
        true
    }

    /// Whether NaN is a missing value depends on where it came from, so it does not wait.
    fn wait_floats<T: ArrowPrimitiveType<Native: Into<f64>>>(&mut self, array: &ArrayRef) -> bool {
        let before = self.floats.len();
        extend::<T, f64>(&mut self.floats, array, Into::into);
        let finite = self.floats[before..].iter().all(|value| value.is_finite());
        if !finite {
            self.floats.truncate(before);
        }
        finite
    }

    fn wait_texts<O: OffsetSizeTrait>(&mut self, array: &GenericStringArray<O>) -> bool {
        let offsets = array.value_offsets();
        let (start, end) = (offsets[0].as_usize(), offsets[array.len()].as_usize());
        if end - start > SHORT_BYTES {
            return false;
        }
        // Whoever made the array may not have looked whether each is a text.
        let Ok(all) = std::str::from_utf8(&array.value_data()[start..end]) else {
            return false;
        };
        let place = |row: usize| offsets[row].as_usize() - start;
        if !(1..array.len()).all(|row| all.is_char_boundary(place(row))) {
            return false;
        }
        if array.null_count() == 0 {
            self.texts.push_all(all, (1..=array.len()).map(place));
        } else {
            let present = (0..array.len()).filter(|&row| array.is_valid(row));
            present.for_each(|row| self.texts.push(&all[place(row)..place(row + 1)]));
        }
        true
    }

    fn wait_times(&mut self, array: &ArrayRef, unit: TimeUnit) -> bool {
        match unit {
            TimeUnit::Second => self.wait_microseconds::<TimestampSecondType>(array, scaled::<1_000_000>),
            TimeUnit::Millisecond => {
                self.wait_microseconds::<TimestampMillisecondType>(array, scaled::<1_000>)
            }
            TimeUnit::Microsecond => self.wait_microseconds::<TimestampMicrosecondType>(array, Some),
            TimeUnit::Nanosecond => self.wait_microseconds::<TimestampNanosecondType>(array, |value| {
                (value % 1_000 == 0).then_some(value / 1_000)
            }),
        }
    }

    fn wait_microseconds<T: ArrowPrimitiveType<Native = i64>>(
        &mut self,
        array: &ArrayRef,
        microseconds: impl Fn(i64) -> Option<i64>,
    ) -> bool {
        let times = &mut self.rare.get_or_insert_default().timestamps;
        let before = times.len();
        for value in array.as_primitive::<T>().iter().flatten() {
            let Some(time) = microseconds(value) else {
                times.truncate(before);
                return false;
            };
            times.push(time);
        }
        true
    }
}

fn scaled<const FACTOR: i64>(value: i64) -> Option<i64> {
    value.checked_mul(FACTOR).filter(|time| time.abs() <= EXACT)
}

fn extend<T: ArrowPrimitiveType, V>(values: &mut Vec<V>, array: &ArrayRef, widen: impl Fn(T::Native) -> V) {
    let array = array.as_primitive::<T>();
    if array.null_count() == 0 {
        values.extend(array.values().iter().map(|&value| widen(value)));
    } else {
        values.extend(array.iter().flatten().map(widen));
    }
}
