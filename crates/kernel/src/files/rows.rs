//! Records of a Parquet file for samplers, beside the profile, which is made by column.
//!
//! Of each row group the columns that samplers decide by are read once more; of all columns only the records
//! that enter a sample, so that of most pages nothing but their encoding is looked at.

use super::parquet::{Layout, broken};
use crate::Result;
use crate::expressions::Inputs;
use crate::profile::Collector;
use crate::samples::{Chunk, Source};
use arrow_array::RecordBatch;
use arrow_select::concat::concat_batches;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReaderBuilder, RowSelection, RowSelector};
use std::fs::File;

/// Rows that are decoded at a time.
const ROWS: usize = 1 << 16;

/// Shows the records of a file to the samplers, in their order.
pub(super) fn sample(collector: &Collector, layout: &Layout) -> Result<()> {
    (0..layout.views.metadata().num_row_groups())
        .try_for_each(|group| collector.sample(&Group { layout, group }))
}

/// The records of a row group.
struct Group<'a> {
    layout: &'a Layout,
    group: usize,
}

impl Group<'_> {
    fn read(&self, mask: ProjectionMask, selection: Option<RowSelection>) -> Result<RecordBatch> {
        let path = &self.layout.path;
        let file = File::open(path).map_err(|error| super::unreadable(path, &error))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.layout.views.clone())
            .with_projection(mask)
            .with_row_groups(vec![self.group])
            .with_batch_size(ROWS);
        let builder = match selection {
            Some(selection) => builder.with_row_selection(selection),
            None => builder,
        };
        let reader = builder.build().map_err(broken)?;
        let schema = arrow_array::RecordBatchReader::schema(&reader);
        let batches: Vec<RecordBatch> = reader.collect::<std::result::Result<_, _>>().map_err(broken)?;
        match &batches[..] {
            [only] => Ok(only.clone()),
            many => concat_batches(&schema, many).map_err(broken),
        }
    }
}

impl Source for Group<'_> {
    fn rows(&self) -> usize {
        let rows = self.layout.views.metadata().row_group(self.group).num_rows();
        usize::try_from(rows).unwrap_or(0)
    }

    fn names(&self) -> Option<Vec<&str>> {
        let fields = self.layout.views.schema().fields().iter();
        Some(fields.map(|field| field.name().as_str()).collect())
    }

    fn inputs(&self, names: &[String]) -> Result<Inputs> {
        if names.is_empty() {
            return Inputs::new(Vec::new(), self.rows(), false);
        }
        let inside = |name: &String, root: &str| {
            let rest = name.strip_prefix(root);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let mask = self
            .layout
            .roots(|root| names.iter().any(|name| inside(name, root)));
        Inputs::of_batch(&self.read(mask, None)?, names, false)
    }

    fn take(&self, rows: &[u32]) -> Result<Chunk> {
        let mut selectors = Vec::new();
        let mut at = 0;
        for &row in rows {
            let row = row as usize;
            if row > at {
                selectors.push(RowSelector::skip(row - at));
            }
            selectors.push(RowSelector::select(1));
            at = row + 1;
        }
        let batch = self.read(ProjectionMask::all(), Some(RowSelection::from(selectors)))?;
        let all: Vec<u32> = (0..batch.num_rows() as u32).collect();
        (&batch, false).take(&all)
    }
}
