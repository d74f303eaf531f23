//! Records as samplers are shown them.

use super::chunk::{Chunk, Record, find};
use super::shape;
use crate::expressions::{Gathered, Input, Inputs};
use crate::{Error, Result};
use arrow_array::{RecordBatch, UInt32Array};
use arrow_select::take::take_record_batch;

/// Records of which samplers read some columns, and of which only those that enter are copied.
pub trait Source {
    /// How many records there are.
    fn rows(&self) -> usize;

    /// The names of the columns, where they are the same for all records.
    fn names(&self) -> Option<Vec<&str>>;

    /// Some columns, or what is inside of them, to decide by.
    ///
    /// # Errors
    /// When a column cannot be read.
    fn inputs(&self, names: &[String]) -> Result<Inputs>;

    /// Copies of some records.
    ///
    /// # Errors
    /// When a column cannot be read.
    fn take(&self, rows: &[u32]) -> Result<Chunk>;
}

/// A batch, and whether NaN marks missing values in it.
impl Source for (&RecordBatch, bool) {
    fn rows(&self) -> usize {
        self.0.num_rows()
    }

    fn names(&self) -> Option<Vec<&str>> {
        let fields = self.0.schema_ref().fields().iter();
        Some(fields.map(|field| field.name().as_str()).collect())
    }

    fn inputs(&self, names: &[String]) -> Result<Inputs> {
        Inputs::of_batch(self.0, names, self.1)
    }

    fn take(&self, rows: &[u32]) -> Result<Chunk> {
        if self.0.num_columns() == 0 {
            return Ok(Chunk::Records(vec![Record::new(); rows.len()]));
        }
        let taken = take_record_batch(self.0, &UInt32Array::from(rows.to_vec()))
            .map_err(|error| Error::data(format!("cannot take records of a batch: {error}")))?;
        shape::plain_batch(&taken).map(Chunk::Batch)
    }
}

/// Records one by one.
impl Source for &[Record] {
    fn rows(&self) -> usize {
        self.len()
    }

    fn names(&self) -> Option<Vec<&str>> {
        None
    }

    fn inputs(&self, names: &[String]) -> Result<Inputs> {
        let input = |name: &String| {
            let mut gathered = Gathered::default();
            let mut there = false;
            for record in *self {
                let datum = find(record, name);
                there |= datum.is_some();
                gathered.push(datum.map_or(crate::columns::Value::Null, super::Datum::value));
            }
            if there { gathered.finish() } else { Input::Missing }
        };
        Inputs::new(names.iter().map(input).collect(), self.len(), false)
    }

    fn take(&self, rows: &[u32]) -> Result<Chunk> {
        let records = rows.iter().map(|&row| self[row as usize].clone());
        Ok(Chunk::Records(records.collect()))
    }
}
