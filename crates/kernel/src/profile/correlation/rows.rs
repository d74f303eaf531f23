//! Rows of several columns of numbers: read as doubles, some at a time, and summed on all cores.

use crate::columns::Schema;
use crate::metrics::{CoMoments, Products};
use crate::{Error, Result, cores};
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array};
use arrow_schema::DataType;
use rayon::prelude::*;

/// Rows that are multiplied at a time, and that one task takes.
pub(super) const BLOCK: usize = 1024;
const PART: usize = 1 << 16;

/// Whether values of that type are numbers.
pub(super) fn is_numeric(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_numeric(values),
        DataType::RunEndEncoded(_, values) => is_numeric(values.data_type()),
        other => other.is_numeric(),
    }
}

/// Whether a column, or one inside of it, holds numbers that are to be correlated.
pub(super) fn holds_numbers(path: &str, data_type: &DataType, schema: &Schema) -> bool {
    match data_type {
        DataType::Struct(fields) => fields
            .iter()
            .any(|field| holds_numbers(&format!("{path}.{}", field.name()), field.data_type(), schema)),
        other => is_numeric(other) && schema.correlates(path),
    }
}

/// A column in chunks.
pub(super) struct Chunks<'a> {
    chunks: &'a [ArrayRef],
    ends: Vec<usize>,
}

impl<'a> Chunks<'a> {
    pub(super) fn new(chunks: &'a [ArrayRef]) -> Self {
        let ends = chunks.iter().scan(0, |end, chunk| {
            *end += chunk.len();
            Some(*end)
        });
        Self {
            chunks,
            ends: ends.collect(),
        }
    }

    /// Reads some rows, NaN where there is no value.
    fn read(&self, start: usize, end: usize, into: &mut Vec<f64>) -> Result<()> {
        into.clear();
        let mut at = self.ends.partition_point(|&end| end <= start);
        while start + into.len() < end && at < self.chunks.len() {
            let chunk = &self.chunks[at];
            let from = start + into.len() - (self.ends[at] - chunk.len());
            let length = (chunk.len() - from).min(end - start - into.len());
            read_doubles(chunk, from, length, into)?;
            at += 1;
        }
        into.resize(end - start, f64::NAN);
        Ok(())
    }
}

fn read_doubles(chunk: &ArrayRef, from: usize, length: usize, into: &mut Vec<f64>) -> Result<()> {
    let slice = chunk.slice(from, length);
    let slice = if *slice.data_type() == DataType::Float64 {
        slice
    } else {
        arrow_cast::cast(&slice, &DataType::Float64).map_err(|error| {
            Error::data(format!(
                "cannot read a {} column as numbers: {error}",
                chunk.data_type()
            ))
        })?
    };
    let doubles: &Float64Array = slice.as_primitive::<Float64Type>();
    let before = into.len();
    into.extend_from_slice(doubles.values());
    if let Some(nulls) = doubles.nulls().filter(|nulls| nulls.null_count() > 0) {
        for (value, valid) in into[before..].iter_mut().zip(nulls) {
            *value = if valid { *value } else { f64::NAN };
        }
    }
    Ok(())
}

/// The moments of columns of so many rows, on all cores.
pub(super) fn sum(columns: &[Chunks<'_>], rows: usize) -> Result<CoMoments> {
    if rows < 2 * PART {
        return sum_part(columns, 0, rows);
    }
    let starts: Vec<usize> = (0..rows).step_by(PART).collect();
    let parts: Result<Vec<CoMoments>> = cores::run(|| {
        let parts = starts.into_par_iter().with_max_len(1);
        parts
            .map(|start| sum_part(columns, start, rows.min(start + PART)))
            .collect()
    });
    let mut whole = CoMoments::empty(columns.len());
    parts?.iter().for_each(|part| whole.merge(part));
    Ok(whole)
}

fn sum_part(columns: &[Chunks<'_>], start: usize, end: usize) -> Result<CoMoments> {
    let mut moments = CoMoments::empty(columns.len());
    let mut products = Products::default();
    let mut buffers = vec![Vec::with_capacity(BLOCK.min(end - start)); columns.len()];
    for from in (start..end).step_by(BLOCK) {
        for (column, buffer) in columns.iter().zip(&mut buffers) {
            column.read(from, end.min(from + BLOCK), buffer)?;
        }
        let values: Vec<&[f64]> = buffers.iter().map(Vec::as_slice).collect();
        moments.add_rows(&values, &mut products);
    }
    Ok(moments)
}
