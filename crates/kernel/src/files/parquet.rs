//! Parquet, by column chunk: tasks of one column of one row group, on all cores.
//!
//! Text columns stay what they are in the file: chunks that are dictionary-encoded throughout are
//! counted by code, others are views into their pages. Nothing is kept but the partial sketches.

use super::Report;
use crate::format::VERSION_KEY;
use crate::guard::guarded;
use crate::profile::Collector;
use crate::{Error, Result, cores};
use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Encoding;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use rayon::prelude::*;
use std::fs::File;
use std::sync::Arc;

/// Rows that are decoded at a time.
const ROWS: usize = 1 << 16;

/// The same where rows are mere codes.
const CODES: usize = 1 << 18;

/// Tasks whose partial sketches are in memory at a time.
const TASKS_AT_ONCE: usize = 64;

const INCONSISTENT: &str = "the Parquet file is damaged: its structure is inconsistent";

fn broken(error: impl std::fmt::Display) -> Error {
    Error::data(format!("the Parquet file is damaged or cut off: {error}"))
}

/// A file with its metadata, read two ways.
struct Layout {
    path: String,
    views: ArrowReaderMetadata,
    codes: ArrowReaderMetadata,
}

/// What one task reads.
struct Task {
    group: usize,
    /// A top-level column, or all.
    column: Option<usize>,
    coded: bool,
    /// Numbers that the column holds in the whole file.
    expected: u64,
}

pub(super) fn log(collector: &mut Collector, path: &str, report: Report<'_>) -> Result<()> {
    if path == "-" {
        return Err(Error::data(
            "Parquet cannot be read from standard input: its end must be read first; name the file",
        ));
    }
    guarded(INCONSISTENT, || log_guarded(collector, path, report))
}

fn log_guarded(collector: &mut Collector, path: &str, report: Report<'_>) -> Result<()> {
    let layout = Layout::open(path)?;
    refuse_profiles(layout.views.metadata())?;
    // Columns in the order of the file; they are columns also when there is no row.
    collector.log_batches(&[RecordBatch::new_empty(layout.views.schema().clone())])?;
    let metadata = layout.views.metadata().clone();
    let total: i64 = metadata
        .row_groups()
        .iter()
        .map(RowGroupMetaData::compressed_size)
        .sum();
    let tasks = if collector.window().is_some() {
        layout.group_tasks()
    } else {
        layout.column_tasks(collector)
    };
    let mut done: i64 = 0;
    for wave in waves(&tasks) {
        let whole: &Collector = collector;
        let parts: Result<Vec<Collector>> = cores::run(|| {
            wave.par_iter()
                .with_max_len(1)
                .map(|task| guarded(INCONSISTENT, || layout.read(whole, task)))
                .collect()
        });
        for (task, part) in wave.iter().zip(parts?) {
            let group = metadata.row_group(task.group);
            done += task.column.map_or(group.compressed_size(), |column| {
                column_bytes(&metadata, group, column)
            });
            collector.merge_part(part, task.column.is_none());
        }
        report(done as u64, total.max(done) as u64)?;
    }
    if collector.window().is_none() {
        collector.add_records(metadata.file_metadata().num_rows().max(0) as u64);
    }
    report(total as u64, total as u64)
}

/// Profiles of profiles are never meant.
fn refuse_profiles(metadata: &ParquetMetaData) -> Result<()> {
    let pairs = metadata.file_metadata().key_value_metadata();
    if !pairs.is_some_and(|pairs| pairs.iter().any(|pair| pair.key == VERSION_KEY)) {
        return Ok(());
    }
    Err(Error::data(
        "this is a profile file, not data; read it with tidegauge.read or `tidegauge show`",
    ))
}

/// Whole row groups hold all their columns at once: fewer of them.
fn waves(tasks: &[Task]) -> impl Iterator<Item = &[Task]> {
    let whole = tasks.first().is_some_and(|task| task.column.is_none());
    tasks.chunks(if whole {
        2 * rayon::current_num_threads()
    } else {
        TASKS_AT_ONCE
    })
}

fn leaves(metadata: &ParquetMetaData, column: usize) -> Vec<usize> {
    let schema = metadata.file_metadata().schema_descr();
    (0..schema.num_columns())
        .filter(|&leaf| schema.get_column_root_idx(leaf) == column)
        .collect()
}

fn column_bytes(metadata: &ParquetMetaData, group: &RowGroupMetaData, column: usize) -> i64 {
    leaves(metadata, column)
        .iter()
        .map(|&leaf| group.column(leaf).compressed_size())
        .sum()
}

impl Layout {
    fn open(path: &str) -> Result<Self> {
        let file = File::open(path).map_err(|error| super::unreadable(path, &error))?;
        let plain = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(broken)?;
        let with = |text: &DataType| {
            let fields: Vec<Field> = plain
                .schema()
                .fields()
                .iter()
                .map(|field| retyped(field, text))
                .collect();
            let schema = Arc::new(Schema::new(fields));
            ArrowReaderMetadata::try_new(
                plain.metadata().clone(),
                ArrowReaderOptions::new().with_schema(schema),
            )
        };
        let coded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        // Where a hint does not fit the file's own idea of a column, that idea is good enough.
        Ok(Self {
            path: path.to_owned(),
            views: with(&DataType::Utf8View).unwrap_or_else(|_| plain.clone()),
            codes: with(&coded).unwrap_or(plain),
        })
    }

    fn group_tasks(&self) -> Vec<Task> {
        let groups = 0..self.views.metadata().num_row_groups();
        groups
            .map(|group| Task {
                group,
                column: None,
                coded: false,
                expected: 0,
            })
            .collect()
    }

    fn column_tasks(&self, collector: &Collector) -> Vec<Task> {
        let metadata = self.views.metadata();
        let fields = self.views.schema().fields();
        let wanted: Vec<usize> = (0..fields.len())
            .filter(|&column| collector.schema().wants(fields[column].name()))
            .collect();
        let expected: Vec<u64> = wanted.iter().map(|&column| self.numbers(column)).collect();
        let groups = 0..metadata.num_row_groups();
        let tasks = groups.flat_map(|group| {
            wanted.iter().zip(&expected).map(move |(&column, &expected)| {
                let coded = self.is_coded(group, column);
                Task {
                    group,
                    column: Some(column),
                    coded,
                    expected,
                }
            })
        });
        tasks.collect()
    }

    /// How many values a flat column holds, as far as the file says; 0 when it does not.
    fn numbers(&self, column: usize) -> u64 {
        let metadata = self.views.metadata();
        let [leaf] = leaves(metadata, column)[..] else {
            return 0;
        };
        let counts = metadata.row_groups().iter().map(|group| {
            let nulls = group.column(leaf).statistics()?.null_count_opt()?;
            Some((group.num_rows() as u64).saturating_sub(nulls))
        });
        counts.sum::<Option<u64>>().unwrap_or(0)
    }

    /// Whether all pages of a text column's chunk hold codes.
    fn is_coded(&self, group: usize, column: usize) -> bool {
        let metadata = self.views.metadata();
        let text = matches!(
            self.codes.schema().field(column).data_type(),
            DataType::Dictionary(..)
        );
        let [leaf] = leaves(metadata, column)[..] else {
            return false;
        };
        let pages = metadata.row_group(group).column(leaf).page_encoding_stats_mask();
        text && pages.is_some_and(|pages| {
            pages.is_only(Encoding::RLE_DICTIONARY) || pages.is_only(Encoding::PLAIN_DICTIONARY)
        })
    }

    fn read(&self, collector: &Collector, task: &Task) -> Result<Collector> {
        // A file of its own: readers of one file would move each other's position.
        let file = File::open(&self.path).map_err(|error| super::unreadable(&self.path, &error))?;
        let metadata = if task.coded { &self.codes } else { &self.views };
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone());
        let mask = match task.column {
            Some(column) => ProjectionMask::roots(builder.parquet_schema(), [column]),
            None => self.wanted(collector),
        };
        let rows = if task.coded { CODES } else { ROWS };
        let reader = builder
            .with_projection(mask)
            .with_row_groups(vec![task.group])
            .with_batch_size(rows);
        let mut part = collector.part(task.expected, task.group as u64);
        for batch in reader.build().map_err(broken)? {
            part.log_batches(&[batch.map_err(broken)?])?;
        }
        part.flush();
        Ok(part)
    }

    /// All wanted columns, and the one that tells the window.
    fn wanted(&self, collector: &Collector) -> ProjectionMask {
        let fields = self.views.schema().fields().iter().enumerate();
        let roots = fields
            .filter(|(_, field)| {
                collector.schema().wants(field.name()) || collector.timestamp() == Some(field.name())
            })
            .map(|(column, _)| column);
        ProjectionMask::roots(self.views.metadata().file_metadata().schema_descr(), roots)
    }
}

/// The field with texts read as the given type.
fn retyped(field: &Field, text: &DataType) -> Field {
    let data_type = match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => text.clone(),
        DataType::Dictionary(_, values) if matches!(**values, DataType::Utf8 | DataType::LargeUtf8) => {
            text.clone()
        }
        other => other.clone(),
    };
    field.clone().with_data_type(data_type)
}
