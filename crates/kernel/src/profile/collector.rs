//! Where data goes in and profiles come out: one profile, or one a window.

use super::builder::ProfileBuilder;
use super::derived::Derived;
use super::names::Names;
use super::value::{Metadata, Profile};
use super::watch::{OBSERVED, Watch};
use super::window::{self, Window};
use crate::columns::{Schema, Value};
use crate::{Error, Result, cores};
use arrow_array::{ArrayRef, RecordBatch, UInt32Array};
use arrow_schema::{Field, Schema as ArrowSchema};
use arrow_select::take::take_record_batch;
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// Folds batches and records into profiles.
#[derive(Debug, Clone)]
pub struct Collector {
    pub(super) schema: Arc<Schema>,
    pub(super) derived: Arc<Derived>,
    timestamp: Option<String>,
    window: Option<Window>,
    nan_is_null: bool,
    names: Names,
    pub(super) watch: Watch,
    /// Without windows: all records. With windows: those whose timestamp is null.
    pub(super) whole: ProfileBuilder,
    windows: Vec<(i64, ProfileBuilder)>,
    positions: HashMap<i64, usize>,
    /// The window that the record under way belongs to.
    target: Option<usize>,
    expected: u64,
}

impl Collector {
    /// A collector; `window` needs a timestamp column, whose role is `timestamp` unless the schema gives another.
    pub fn new(mut schema: Schema, timestamp: Option<String>, window: Option<Window>) -> Result<Self> {
        if window.is_some() && timestamp.is_none() {
            return Err(Error::argument(
                "window= needs timestamp=, the column that says when a record was",
            ));
        }
        if let Some(name) = &timestamp {
            let role = &mut schema.columns.entry(name.clone()).or_default().role;
            role.get_or_insert_with(|| "timestamp".to_owned());
        }
        Ok(Self {
            schema: Arc::new(schema),
            derived: Arc::default(),
            timestamp,
            window,
            nan_is_null: false,
            names: Names::default(),
            watch: Watch::default(),
            whole: ProfileBuilder::default(),
            windows: Vec::new(),
            positions: HashMap::new(),
            target: None,
            expected: 0,
        })
    }

    /// An empty collector with the same wishes, for part `number` of a source that holds `expected`
    /// records altogether. See [`Self::merge_part`].
    pub fn part(&self, expected: u64, number: u64) -> Self {
        Self {
            schema: self.schema.clone(),
            derived: self.derived.clone(),
            timestamp: self.timestamp.clone(),
            window: self.window,
            nan_is_null: self.nan_is_null,
            names: Names::default(),
            watch: self.watch.part(),
            whole: ProfileBuilder::expecting(if self.window.is_some() { 0 } else { expected }, number),
            windows: Vec::new(),
            positions: HashMap::new(),
            target: None,
            expected,
        }
    }

    /// The profile without windows, and what it needs to know to take columns in.
    pub(super) fn whole_parts(&mut self) -> (&mut ProfileBuilder, &Names, &Schema) {
        (&mut self.whole, &self.names, &self.schema)
    }

    /// What is wanted of the columns.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The column that says when a record was.
    pub fn timestamp(&self) -> Option<&str> {
        self.timestamp.as_deref()
    }

    /// The length of windows.
    pub fn window(&self) -> Option<Window> {
        self.window
    }

    /// Whether NaN marks missing values in what is added from now on.
    pub fn set_nan_is_null(&mut self, nan_is_null: bool) {
        self.nan_is_null = nan_is_null;
    }

    pub(super) fn nan_is_null(&self) -> bool {
        self.nan_is_null
    }

    /// How many records were added.
    pub fn records(&self) -> u64 {
        self.whole.records() + self.windows.iter().map(|window| window.1.records()).sum::<u64>()
    }

    /// Numbers the columns of a source in its order, before parts of it arrive in any other.
    pub fn register(&mut self, schema: &ArrowSchema) -> Result<usize> {
        let fields = schema.fields().iter().map(AsRef::<Field>::as_ref);
        self.check_conditions(fields.clone())?;
        self.names.register(&self.schema, fields)
    }

    /// Adds batches.
    pub fn log_batches(&mut self, batches: &[RecordBatch]) -> Result<()> {
        let extended = self.extended(batches)?;
        self.fold_batches(&extended)
    }

    /// Adds batches whose derived columns are there.
    fn fold_batches(&mut self, batches: &[RecordBatch]) -> Result<()> {
        for batch in batches {
            self.register(batch.schema_ref())?;
        }
        if let Some(window) = self.window {
            return batches.iter().try_for_each(|batch| {
                let times = self.times(batch)?;
                self.fold_windows(split(batch, &times, window)?)
            });
        }
        let columns = self.names.flatten(&self.schema, batches)?;
        let rows = batches.iter().map(|batch| batch.num_rows() as u64).sum();
        self.whole
            .fold(columns, rows, self.nan_is_null, (&self.names, &self.schema))?;
        if let Some(conditions) = self.watch.active() {
            for batch in batches {
                let tallies = conditions.count_batch(batch, self.nan_is_null)?;
                self.whole.add_tallies(&tallies);
            }
        }
        Ok(())
    }

    /// Adds a batch, whose derived columns are there, and whose records happened at the given times,
    /// wherever those come from.
    pub fn log_batch_at(&mut self, batch: &RecordBatch, times: &[Option<i64>]) -> Result<()> {
        self.register(batch.schema_ref())?;
        match self.window {
            Some(window) => self.fold_windows(split(batch, times, window)?),
            None => self.fold_batches(std::slice::from_ref(batch)),
        }
    }

    /// Adds columns given each for itself, in chunks; not for windows.
    pub fn log_columns(&mut self, columns: &[(Field, Vec<ArrayRef>)], rows: u64) -> Result<()> {
        self.names
            .register(&self.schema, columns.iter().map(|column| &column.0))?;
        let wanted = columns.iter().filter(|column| self.schema.wants(column.0.name()));
        let mut flat = Vec::new();
        for (field, chunks) in wanted {
            flat.extend(self.names.flatten_column(field.name(), chunks)?);
        }
        self.whole
            .fold(flat, rows, self.nan_is_null, (&self.names, &self.schema))
    }

    /// When the records of a batch happened.
    fn times(&self, batch: &RecordBatch) -> Result<Vec<Option<i64>>> {
        let name = self.timestamp.as_deref().unwrap_or_default();
        let column = batch
            .column_by_name(name)
            .ok_or_else(|| self.no_timestamp(batch))?;
        window::times(name, column)
    }

    /// The points in time of a timestamp column.
    pub fn times_of(&self, column: &ArrayRef) -> Result<Vec<Option<i64>>> {
        window::times(self.timestamp.as_deref().unwrap_or_default(), column)
    }

    fn no_timestamp(&self, batch: &RecordBatch) -> Error {
        let fields = batch.schema_ref().fields().iter();
        no_timestamp(
            self.timestamp.as_deref().unwrap_or_default(),
            fields.map(|field| field.name().as_str()),
        )
    }

    fn fold_windows(&mut self, parts: Vec<(Option<i64>, RecordBatch)>) -> Result<()> {
        let mut by_target: HashMap<Option<usize>, Vec<RecordBatch>> = HashMap::new();
        for (start, part) in parts {
            by_target
                .entry(start.map(|start| self.position(start)))
                .or_default()
                .push(part);
        }
        let mut work: Vec<(Option<usize>, ProfileBuilder, Vec<RecordBatch>)> = by_target
            .into_iter()
            .map(|(target, parts)| (target, std::mem::take(self.at(target)), parts))
            .collect();
        let (names, schema) = (&self.names, &*self.schema);
        let conditions = self.watch.active();
        let nan_is_null = self.nan_is_null;
        let fold = |(_, builder, parts): &mut (Option<usize>, ProfileBuilder, Vec<RecordBatch>)| {
            parts.iter().try_for_each(|part| {
                let columns = names.flatten(schema, std::slice::from_ref(part))?;
                builder.fold(columns, part.num_rows() as u64, nan_is_null, (names, schema))?;
                if let Some(conditions) = conditions {
                    builder.add_tallies(&conditions.count_batch(part, nan_is_null)?);
                }
                Ok(())
            })
        };
        let done = match &mut work[..] {
            [only] => fold(only),
            many => cores::run(|| many.par_iter_mut().try_for_each(fold)),
        };
        for (target, builder, _) in work {
            *self.at(target) = builder;
        }
        done
    }

    pub(super) fn position(&mut self, start: i64) -> usize {
        *self.positions.entry(start).or_insert_with(|| {
            self.windows.push((start, ProfileBuilder::default()));
            self.windows.len() - 1
        })
    }

    pub(super) fn at(&mut self, target: Option<usize>) -> &mut ProfileBuilder {
        match target {
            Some(position) => &mut self.windows[position].1,
            None => &mut self.whole,
        }
    }

    /// The number under which values of a column are pushed; `None` when nothing wants them.
    pub fn column_number(&mut self, name: &str) -> Option<usize> {
        if !self.schema.wants(name) {
            return self.watch.observed(name);
        }
        let number = self.names.number(name);
        self.watch.notice(name, number);
        Some(number)
    }

    /// Makes a column part of the profile before it has a value.
    pub fn touch(&mut self, number: usize) {
        if self.window.is_none() && number < OBSERVED {
            self.whole.touch(number, &self.names, &self.schema);
        }
    }

    /// Notes the Arrow type that values of a column would have.
    pub fn note_arrow_type(&mut self, number: usize, name: &str) {
        if number >= OBSERVED {
            return;
        }
        let builder = match self.target {
            Some(position) => &mut self.windows[position].1,
            None => &mut self.whole,
        };
        builder.note_arrow_type(number, name, &self.names, &self.schema);
    }

    /// The number of a column inside another one, `parent.child` or `parent[]`.
    pub fn nested_number(&mut self, parent: usize, path: &str) -> usize {
        if parent >= OBSERVED {
            return self.watch.observed_inside(path);
        }
        let number = self.names.number(path);
        self.watch.notice(path, number);
        number
    }

    /// Begins a record that happened at that time (of no account without windows).
    pub fn begin_record(&mut self, time: Option<i64>) {
        if let Some(window) = self.window {
            self.target = time.map(|time| self.position(window.start(time)));
        }
    }

    /// Adds one value of the record.
    #[inline]
    pub fn push(&mut self, number: usize, value: Value<'_>) {
        self.watch.push(number, value);
        if number >= OBSERVED {
            return;
        }
        let builder = match self.target {
            Some(position) => &mut self.windows[position].1,
            None => &mut self.whole,
        };
        builder.push(number, value, &self.names, &self.schema);
    }

    /// Ends the record.
    #[inline]
    pub fn end_record(&mut self) {
        let nan_is_null = self.nan_is_null;
        let builder = match self.target {
            Some(position) => &mut self.windows[position].1,
            None => &mut self.whole,
        };
        if let Some((conditions, record)) = self.watch.record() {
            builder.count_record(conditions, record);
            record.clear();
        }
        if builder.end_record() {
            builder.flush(nan_is_null);
        }
    }

    /// Counts records whose columns were, or will be, added one by one.
    pub fn add_records(&mut self, count: u64) {
        let target = self.target;
        self.at(target).add_records(count);
    }

    /// Whether the values pushed for the record under way take so much memory that it is time to
    /// [`Self::flush`].
    pub fn is_heavy(&self) -> bool {
        match self.target {
            Some(position) => self.windows[position].1.is_heavy(),
            None => self.whole.is_heavy(),
        }
    }

    /// Folds all that waits.
    pub fn flush(&mut self) {
        let nan_is_null = self.nan_is_null;
        self.whole.flush(nan_is_null);
        self.windows
            .iter_mut()
            .for_each(|window| window.1.flush(nan_is_null));
    }

    /// Adds what another collector gathered; `counts` says whether its records are to be counted
    /// (not when it holds some columns of records that are counted already).
    pub fn merge_part(&mut self, part: Self, counts: bool) {
        let numbers: Vec<usize> = part.names.iter().map(|name| self.names.number(name)).collect();
        let nan_is_null = part.nan_is_null;
        self.watch.merge(&part.watch);
        self.whole.merge(part.whole, &numbers, counts, nan_is_null);
        for (start, builder) in part.windows {
            let position = self.position(start);
            self.windows[position]
                .1
                .merge(builder, &numbers, counts, nan_is_null);
        }
    }

    /// Records that the whole source holds, when this is a part of it; else 0.
    pub fn expected(&self) -> u64 {
        self.expected
    }

    /// The profiles of all that was added so far: one, or one a window in order of time, before
    /// them one of the records without a timestamp, if there are any.
    pub fn profiles(&mut self, metadata: &Metadata) -> Vec<Profile> {
        self.flush();
        let freeze = |builder: &ProfileBuilder, window: Option<(i64, i64)>| {
            let metadata = Metadata {
                window,
                ..metadata.clone()
            };
            let mut profile = builder.freeze(metadata, &self.names, &self.schema);
            profile.conditions = self.watch.counted(builder.tallies());
            profile
        };
        let Some(length) = self.window else {
            return vec![freeze(&self.whole, None)];
        };
        let mut order: Vec<&(i64, ProfileBuilder)> = self.windows.iter().collect();
        order.sort_by_key(|window| window.0);
        let windowed: Vec<Profile> = cores::run(|| {
            order
                .par_iter()
                .map(|(start, builder)| freeze(builder, Some((*start, length.end(*start)))))
                .collect()
        });
        let undated = (!self.whole.is_empty()).then(|| freeze(&self.whole, None));
        undated.into_iter().chain(windowed).collect()
    }

    /// A timestamp column that never came is probably misspelt.
    ///
    /// # Errors
    /// When there are windows and records, but none of them had the timestamp column.
    pub fn check_timestamp(&self) -> Result<()> {
        let name = self.timestamp.as_deref().unwrap_or_default();
        let missing = self.window.is_some() && self.windows.is_empty() && self.whole.records() > 0;
        if !missing || !self.schema.wants(name) || self.names.iter().any(|known| known == name) {
            return Ok(());
        }
        Err(no_timestamp(name, self.names.iter()))
    }
}

/// The error of a timestamp column that is not among the columns.
pub(super) fn no_timestamp<'a>(name: &str, columns: impl Iterator<Item = &'a str>) -> Error {
    let there: Vec<&str> = columns.take(20).collect();
    Error::argument(format!(
        "there is no timestamp column {name:?}; the columns are {}",
        there.join(", ")
    ))
}

/// The rows of a batch by window.
fn split(
    batch: &RecordBatch,
    times: &[Option<i64>],
    window: Window,
) -> Result<Vec<(Option<i64>, RecordBatch)>> {
    let starts: Vec<Option<i64>> = times
        .iter()
        .map(|time| time.map(|time| window.start(time)))
        .collect();
    let runs = starts.chunk_by(|a, b| a == b).count();
    if runs <= 1 + starts.len() / 64 {
        return Ok(slices(batch, &starts));
    }
    let mut order: Vec<u32> = (0..starts.len() as u32).collect();
    order.sort_by_key(|&row| starts[row as usize]);
    let sorted: Vec<Option<i64>> = order.iter().map(|&row| starts[row as usize]).collect();
    let batch = take_record_batch(batch, &UInt32Array::from(order))
        .map_err(|error| Error::data(format!("cannot sort a batch by window: {error}")))?;
    Ok(slices(&batch, &sorted))
}

/// Cuts a batch where the window changes.
fn slices(batch: &RecordBatch, starts: &[Option<i64>]) -> Vec<(Option<i64>, RecordBatch)> {
    let mut at = 0;
    let runs = starts.chunk_by(|a, b| a == b);
    runs.map(|run| {
        let slice = batch.slice(at, run.len());
        at += run.len();
        (run[0], slice)
    })
    .collect()
}
