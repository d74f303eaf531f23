//! Parquet, by column chunk: tasks of one column of one row group, on all cores.
//!
//! Text columns stay what they are in the file: chunks that are dictionary-encoded throughout are
//! counted by code, others are views into their pages. Nothing is kept but the partial sketches.

use super::{Report, rows};
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

pub(super) fn broken(error: impl std::fmt::Display) -> Error {
    Error::data(format!("the Parquet file is damaged or cut off: {error}"))
}

/// A file with its metadata, read two ways.
pub(super) struct Layout {
    pub(super) path: String,
    pub(super) views: ArrowReaderMetadata,
    codes: ArrowReaderMetadata,
}

/// What one task reads of a row group.
#[derive(Clone, Copy, PartialEq)]
enum What {
    /// A top-level column.
    Column(usize),
    /// All wanted columns, to cut them into windows and segments, or to compute others of them.
    All,
    /// The columns of conditions, to count those.
    Conditions,
    /// The numeric columns, to correlate them.
    Correlation,
}

/// What one task reads.
struct Task {
    group: usize,
    what: What,
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
    let by_column = collector.is_whole() && collector.derived().is_empty();
    let tasks = if by_column {
        layout.column_tasks(collector)
    } else {
        layout.group_tasks()
    };
    let mut done: i64 = 0;
    for wave in waves(&tasks) {
        layout.learn(collector, wave)?;
        let whole: &Collector = collector;
        let parts: Result<Vec<Collector>> = cores::run(|| {
            wave.par_iter()
                .with_max_len(1)
                .map(|task| guarded(INCONSISTENT, || layout.read(whole, task)))
                .collect()
        });
        for (task, part) in wave.iter().zip(parts?) {
            let group = metadata.row_group(task.group);
            done += match task.what {
                What::Column(column) => column_bytes(&metadata, group, column),
                What::All => group.compressed_size(),
                What::Conditions | What::Correlation => 0,
            };
            collector.merge_part(part, task.what == What::All);
        }
        report(done as u64, total.max(done) as u64)?;
    }
    if collector.samples().is_some() {
        rows::sample(collector, &layout)?;
    }
    if by_column {
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
    let whole = tasks.first().is_some_and(|task| task.what == What::All);
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
                what: What::All,
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
        let conditions = (!collector.conditions().is_empty()).then_some(What::Conditions);
        let correlates = fields
            .iter()
            .filter(|field| collector.may_correlate(field))
            .count()
            > 0;
        let tasks = groups.flat_map(|group| {
            let columns = wanted
                .iter()
                .zip(&expected)
                .map(move |(&column, &expected)| Task {
                    group,
                    what: What::Column(column),
                    coded: self.is_coded(group, column),
                    expected,
                });
            let conditions = conditions.map(|what| Task {
                group,
                what,
                coded: self.are_coded(group, collector),
                expected: 0,
            });
            let correlation = correlates.then_some(Task {
                group,
                what: What::Correlation,
                coded: false,
                expected: 0,
            });
            // The longest task goes first, and the shorter ones fill the other cores.
            correlation.into_iter().chain(columns).chain(conditions)
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

    /// Whether all text columns that conditions need hold codes in a row group.
    fn are_coded(&self, group: usize, collector: &Collector) -> bool {
        let fields = self.codes.schema().fields().iter().enumerate();
        let needed = fields.filter(|(_, field)| needs(collector, field.name()));
        let mut texts = needed
            .filter(|(_, field)| matches!(field.data_type(), DataType::Dictionary(..) | DataType::Utf8));
        texts.all(|(column, _)| self.is_coded(group, column))
    }

    /// Numbers the segments of some row groups, in order, before all are read at once.
    fn learn(&self, collector: &mut Collector, wave: &[Task]) -> Result<()> {
        let names = collector.segments().columns().to_vec();
        let derived = collector.has_derived_segments();
        for task in wave.iter().filter(|_| !names.is_empty()) {
            let file = File::open(&self.path).map_err(|error| super::unreadable(&self.path, &error))?;
            let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.views.clone())
                .with_projection(self.roots(|name| {
                    names.iter().any(|column| column == name) || (derived && collector.derived().needs(name))
                }))
                .with_row_groups(vec![task.group])
                .with_batch_size(ROWS);
            for batch in reader.build().map_err(broken)? {
                collector.learn(&batch.map_err(broken)?)?;
            }
        }
        Ok(())
    }

    fn read(&self, collector: &Collector, task: &Task) -> Result<Collector> {
        // A file of its own: readers of one file would move each other's position.
        let file = File::open(&self.path).map_err(|error| super::unreadable(&self.path, &error))?;
        let metadata = if task.coded { &self.codes } else { &self.views };
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone());
        let mask = match task.what {
            What::Column(column) => ProjectionMask::roots(builder.parquet_schema(), [column]),
            What::All => self.roots(|name| {
                collector.schema().wants(name)
                    || collector.timestamp() == Some(name)
                    || collector.segments().columns().iter().any(|column| column == name)
                    || needs(collector, name)
                    || collector.derived().needs(name)
            }),
            What::Conditions => self.roots(|name| needs(collector, name)),
            What::Correlation => self.roots(|name| {
                let field = self.views.schema().field_with_name(name);
                field.is_ok_and(|field| collector.may_correlate(field))
            }),
        };
        // Small batches would give each of many segments a few records at a time.
        let few = !task.coded && collector.segments().is_empty();
        let rows = if few { ROWS } else { CODES };
        let reader = builder
            .with_projection(mask)
            .with_row_groups(vec![task.group])
            .with_batch_size(rows);
        let mut part = collector.part(task.expected, task.group as u64);
        if let What::Column(_) = task.what {
            part = part.without_conditions().without_correlation();
        }
        for batch in reader.build().map_err(broken)? {
            let batch = batch.map_err(broken)?;
            match task.what {
                What::Conditions => part.count_batch(&batch)?,
                What::Correlation => {
                    part.register(batch.schema_ref())?;
                    part.correlate_batches(&[batch])?;
                }
                _ => part.log_batches(&[batch])?,
            }
        }
        part.flush();
        Ok(part)
    }

    /// The top-level columns of some names.
    pub(super) fn roots(&self, wanted: impl Fn(&str) -> bool) -> ProjectionMask {
        let fields = self.views.schema().fields().iter().enumerate();
        let roots = fields
            .filter(|(_, field)| wanted(field.name()))
            .map(|(column, _)| column);
        ProjectionMask::roots(self.views.metadata().file_metadata().schema_descr(), roots)
    }
}

/// Whether a condition needs a top-level column, or something inside it.
fn needs(collector: &Collector, name: &str) -> bool {
    collector.conditions().needs(name)
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
