//! Records that are kept together: rows of a batch, or values that have no common type yet.

use super::datum::{self, Datum};
use crate::{Error, Result};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{Field, Schema};
use std::collections::HashMap;
use std::sync::Arc;

/// A record: its columns in their order, and their values.
pub type Record = Vec<(Arc<str>, Datum)>;

/// Some records.
#[derive(Debug, Clone)]
pub enum Chunk {
    /// As Arrow, in plain types: see [`super::shape`].
    Batch(RecordBatch),
    /// One by one.
    Records(Vec<Record>),
}

impl Chunk {
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Batch(batch) => batch.num_rows(),
            Self::Records(records) => records.len(),
        }
    }

    /// Only the columns of which it is true that they are wanted.
    pub(super) fn with_columns(self, wanted: impl Fn(&str) -> bool) -> Result<Self> {
        match self {
            Self::Records(mut records) => {
                records
                    .iter_mut()
                    .for_each(|record| record.retain(|(name, _)| wanted(name)));
                Ok(Self::Records(records))
            }
            Self::Batch(batch) => {
                let fields = batch.schema_ref().fields().iter().enumerate();
                let kept: Vec<usize> = fields
                    .filter(|(_, field)| wanted(field.name()))
                    .map(|(position, _)| position)
                    .collect();
                let batch = batch.project(&kept).map_err(broken)?;
                Ok(Self::Batch(batch))
            }
        }
    }

    /// The records as a batch.
    pub(super) fn to_batch(&self) -> Result<RecordBatch> {
        match self {
            Self::Batch(batch) => Ok(batch.clone()),
            Self::Records(records) => batch_of(records),
        }
    }
}

fn broken(error: arrow_schema::ArrowError) -> Error {
    Error::data(error.to_string())
}

/// A batch of columns that all have so many rows.
pub(super) fn batch(columns: Vec<(&str, ArrayRef)>, rows: usize) -> Result<RecordBatch> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let arrays = columns.into_iter().map(|column| column.1).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options).map_err(broken)
}

fn batch_of(records: &[Record]) -> Result<RecordBatch> {
    let mut names: Vec<&str> = Vec::new();
    let mut columns: HashMap<&str, Vec<&Datum>> = HashMap::new();
    for (row, record) in records.iter().enumerate() {
        for (name, value) in record {
            let column = columns.entry(name).or_insert_with(|| {
                names.push(name);
                Vec::new()
            });
            // One value a record, should a record have a column twice.
            if column.len() <= row {
                column.resize(row, &Datum::Null);
                column.push(value);
            }
        }
    }
    let arrays = names.iter().map(|&name| {
        let mut column = columns.remove(name).unwrap_or_default();
        column.resize(records.len(), &Datum::Null);
        (name, datum::column(&column))
    });
    batch(arrays.collect(), records.len())
}

/// The value of a column, or of `parent.child` inside of structs.
pub(super) fn find<'a>(record: &'a Record, path: &str) -> Option<&'a Datum> {
    let top = record.iter().find(|(name, _)| **name == *path);
    if let Some((_, value)) = top {
        return Some(value);
    }
    record.iter().find_map(|(name, value)| inside(name, value, path))
}

fn inside<'a>(name: &str, value: &'a Datum, path: &str) -> Option<&'a Datum> {
    let rest = path.strip_prefix(name)?;
    if rest.is_empty() {
        return Some(value);
    }
    let rest = rest.strip_prefix('.')?;
    let Datum::Struct(fields) = value else {
        return None;
    };
    fields.iter().find_map(|(name, value)| inside(name, value, rest))
}
