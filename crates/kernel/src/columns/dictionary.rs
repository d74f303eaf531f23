//! Dictionary-encoded columns: codes are counted, each value is hashed once.

use super::arrays::blocks;
use super::texts::Lengths;
use super::{ColumnBuilder, TypeTag};
use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_buffer::ArrowNativeType;
use arrow_schema::DataType;

impl ColumnBuilder {
    pub(super) fn fold_dictionary(
        &mut self,
        array: &ArrayRef,
        values: &DataType,
        nan_is_null: bool,
    ) -> Result<()> {
        let dictionary = array.as_any_dictionary();
        let countable = matches!(
            values,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Int64
        );
        // A few rows of a large dictionary: cheaper row by row.
        if !countable || dictionary.values().len() > array.len() * 4 + 64 {
            return self.fold_cast(array, values, nan_is_null);
        }
        let counts = count_codes(dictionary.keys(), dictionary.values().len())?;
        self.fold_nulls(dictionary.keys().null_count() as u64);
        self.fold_counted_array(dictionary.values(), &counts);
        Ok(())
    }

    /// Adds each value of an array as often as its count says.
    fn fold_counted_array(&mut self, values: &ArrayRef, counts: &[u64]) {
        let used = || counts.iter().copied().enumerate().filter(|pair| pair.1 > 0);
        self.fold_nulls(
            used()
                .filter(|pair| values.is_null(pair.0))
                .map(|pair| pair.1)
                .sum(),
        );
        let valid = used().filter(|pair| values.is_valid(pair.0));
        if let DataType::Int64 = values.data_type() {
            let numbers = values.as_primitive::<Int64Type>().values();
            let mut pairs: Vec<(i64, u64)> = valid.map(|(row, count)| (numbers[row], count)).collect();
            pairs.sort_unstable();
            return self.fold_counted_integers(&pairs);
        }
        let mut lengths = Lengths::new();
        self.note_type(TypeTag::String);
        for (row, count) in valid {
            let text = match values.data_type() {
                DataType::Utf8 => values.as_string::<i32>().value(row),
                DataType::LargeUtf8 => values.as_string::<i64>().value(row),
                _ => values.as_string_view().value(row),
            };
            self.fold_text_times(text, count, &mut lengths);
        }
        self.finish_lengths(&mut lengths, true);
    }
}

/// How often each value is meant; an error when a code means none.
fn count_codes(keys: &dyn Array, values: usize) -> Result<Vec<u64>> {
    let mut counts = vec![0; values + 1];
    let keys = arrow_array::make_array(keys.to_data());
    match keys.data_type() {
        DataType::Int8 => count::<Int8Type>(&keys, &mut counts),
        DataType::Int16 => count::<Int16Type>(&keys, &mut counts),
        DataType::Int32 => count::<Int32Type>(&keys, &mut counts),
        DataType::Int64 => count::<Int64Type>(&keys, &mut counts),
        DataType::UInt8 => count::<UInt8Type>(&keys, &mut counts),
        DataType::UInt16 => count::<UInt16Type>(&keys, &mut counts),
        DataType::UInt32 => count::<UInt32Type>(&keys, &mut counts),
        _ => count::<UInt64Type>(&keys, &mut counts),
    }
    match counts.pop() {
        Some(0) => Ok(counts),
        _ => Err(Error::data(format!(
            "a dictionary of {values} values has a code beyond them"
        ))),
    }
}

fn count<T: ArrowDictionaryKeyType>(keys: &ArrayRef, counts: &mut [u64]) {
    // The last place takes in the codes that mean nothing.
    let beyond = counts.len() - 1;
    blocks::<T, usize>(keys, ArrowNativeType::as_usize, |codes| {
        codes.iter().for_each(|&code| counts[code.min(beyond)] += 1);
    });
}
