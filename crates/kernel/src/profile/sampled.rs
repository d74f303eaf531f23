//! Collectors that show the records to samplers as well.
//!
//! Samples are kept beside the profile and never get into it.

use super::Collector;
use super::texts::TextColumn;
use crate::Result;
use crate::columns::Value;
use crate::expressions::{Gathered, Input, Inputs};
use crate::samples::{Chunk, Datum, Record, Sampling, Source};
use arrow_array::RecordBatch;
use std::sync::{Arc, Mutex, PoisonError};

impl Collector {
    /// The same, showing whole records to samplers, which others may hold as well.
    #[must_use]
    pub fn with_samples(mut self, samples: Arc<Mutex<Sampling>>) -> Self {
        self.samples = Some(samples);
        self
    }

    /// The samplers.
    pub fn samples(&self) -> Option<&Arc<Mutex<Sampling>>> {
        self.samples.as_ref()
    }

    /// Shows records to the samplers, if there are any.
    ///
    /// # Errors
    /// When the first records lack a column that a sampler decides by, or one cannot be read.
    pub fn sample(&self, source: &dyn Source) -> Result<()> {
        let Some(samples) = &self.samples else {
            return Ok(());
        };
        let mut samples = samples.lock().unwrap_or_else(PoisonError::into_inner);
        samples.add(source)
    }

    pub(super) fn sample_batches(&self, batches: &[RecordBatch]) -> Result<()> {
        if self.samples.is_none() {
            return Ok(());
        }
        batches
            .iter()
            .try_for_each(|batch| self.sample(&(batch, self.nan_is_null())))
    }
}

/// Columns of texts that stand for other values.
impl Source for &[TextColumn] {
    fn rows(&self) -> usize {
        self.first().map_or(0, TextColumn::len)
    }

    fn names(&self) -> Option<Vec<&str>> {
        Some(self.iter().map(TextColumn::name).collect())
    }

    fn inputs(&self, names: &[String]) -> Result<Inputs> {
        let input = |name: &String| {
            let Some(column) = self.iter().find(|column| column.name() == name) else {
                return Input::Missing;
            };
            let mut gathered = Gathered::default();
            column
                .texts()
                .for_each(|text| gathered.push(column.kind.read(text)));
            gathered.finish()
        };
        Inputs::new(names.iter().map(input).collect(), self.rows(), false)
    }

    fn take(&self, rows: &[u32]) -> Result<Chunk> {
        let names: Vec<Arc<str>> = self.iter().map(|column| column.name().into()).collect();
        let record = |&row: &u32| -> Record {
            let value = |column: &TextColumn| match column.kind.read(column.text(row as usize)) {
                Value::Other => Datum::Text(column.text(row as usize).into()),
                value => Datum::of_value(value),
            };
            names.iter().cloned().zip(self.iter().map(value)).collect()
        };
        Ok(Chunk::Records(rows.iter().map(record).collect()))
    }
}
