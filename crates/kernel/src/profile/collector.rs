//! Where data goes in and profiles come out: one profile, or one for each window and segment.

use super::builder::ProfileBuilder;
use super::conditions::Watch;
use super::correlation::Rows;
use super::derived::Derived;
use super::names::Names;
use super::placing::RecordKey;
use super::segments::{OTHER_NUMBER, Segments};
use super::service::{Horizon, Moments};
use super::targets::{Group, Place, Targets, WHOLE};
use super::value::{Metadata, Profile};
use super::window::{self, Window};
use crate::columns::Schema;
use crate::samples::Sampling;
use crate::{Error, Result, cores};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Field, Schema as ArrowSchema};
use arrow_select::concat::concat_batches;
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::{Arc, Mutex};

/// Rows up to which batches that come together are grouped together.
const JOINED_ROWS: usize = 1 << 20;

/// Folds batches and records into profiles.
#[derive(Debug, Clone)]
pub struct Collector {
    pub(super) schema: Arc<Schema>,
    pub(super) derived: Arc<Derived>,
    pub(super) timestamp: Option<String>,
    pub(super) window: Option<Window>,
    pub(super) nan_is_null: bool,
    pub(super) names: Names,
    pub(super) watch: Watch,
    pub(super) rows: Rows,
    pub(super) segments: Segments,
    pub(super) targets: Targets,
    /// The profiles that the record under way belongs to.
    pub(super) under_way: Vec<usize>,
    /// What the record under way is grouped by.
    pub(super) key: RecordKey,
    /// Records, and bytes of texts, that wait in all profiles together.
    pub(super) waiting: (usize, usize),
    pub(super) samples: Option<Arc<Mutex<Sampling>>>,
    pub(super) expected: u64,
    pub(super) moments: Moments,
    pub(super) horizon: Horizon,
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
            rows: Rows::default(),
            segments: Segments::default(),
            targets: Targets::default(),
            under_way: vec![WHOLE],
            key: RecordKey::default(),
            waiting: (0, 0),
            expected: 0,
            samples: None,
            moments: Moments::default(),
            horizon: Horizon::default(),
        })
    }

    /// The same, with a profile for each segment.
    #[must_use]
    pub fn with_segments(mut self, segments: Segments) -> Self {
        self.key = RecordKey::new(segments.columns().len());
        self.segments = segments;
        self
    }

    /// An empty collector with the same wishes, for part `number` of a source that holds `expected`
    /// records altogether. See [`Self::merge_part`]. Segments of the part must have been numbered here
    /// before ([`Self::learn`]): a limit on their number cannot be kept by each part for itself.
    pub fn part(&self, expected: u64, number: u64) -> Self {
        let expected_here = if self.is_whole() { expected } else { 0 };
        Self {
            schema: self.schema.clone(),
            derived: self.derived.clone(),
            timestamp: self.timestamp.clone(),
            window: self.window.clone(),
            nan_is_null: self.nan_is_null,
            names: Names::default(),
            watch: self.watch.part(),
            rows: Rows::default(),
            segments: self.segments.part(),
            targets: Targets::new(ProfileBuilder::expecting(expected_here, number)),
            under_way: vec![WHOLE],
            key: RecordKey::new(self.segments.columns().len()),
            waiting: (0, 0),
            expected,
            samples: None,
            moments: self.moments,
            horizon: self.horizon,
        }
    }

    /// Whether there is one profile, of all records.
    pub fn is_whole(&self) -> bool {
        self.window.is_none() && self.segments.is_empty()
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
    pub fn window(&self) -> Option<&Window> {
        self.window.as_ref()
    }

    /// How records are grouped.
    pub fn segments(&self) -> &Segments {
        &self.segments
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
        let total = self.segments.has_total();
        self.targets.records(|group| match group {
            Group::Total => total,
            Group::Segment { partition, .. } => !total && partition == 0,
            Group::Late | Group::Early | Group::Nowhere => false,
        })
    }

    /// Numbers the columns of a source in its order, before parts of it arrive in any other.
    pub fn register(&mut self, schema: &ArrowSchema) -> Result<usize> {
        let fields = schema.fields().iter().map(AsRef::<Field>::as_ref);
        self.check_columns(fields.clone())?;
        self.names.register(&self.schema, fields)
    }

    /// Adds batches.
    pub fn log_batches(&mut self, batches: &[RecordBatch]) -> Result<()> {
        // Samplers keep records as they come.
        self.sample_batches(batches)?;
        let batches = &*self.extended(batches)?;
        for batch in batches {
            self.register(batch.schema_ref())?;
        }
        if self.is_whole() {
            return self.log_whole(batches);
        }
        for batch in joined(batches).iter() {
            let times = self.window.as_ref().map(|_| self.times(batch)).transpose()?;
            let placement = self.place_batch(batch, times.as_deref())?;
            self.log_placed(batch, &placement)?;
        }
        Ok(())
    }

    fn log_whole(&mut self, batches: &[RecordBatch]) -> Result<()> {
        if self.correlates() {
            self.correlate_batches(batches)?;
        }
        let columns = self.names.flatten(&self.schema, batches)?;
        let rows = batches.iter().map(|batch| batch.num_rows() as u64).sum();
        let whole = self.targets.at(WHOLE);
        whole.fold(columns, rows, self.nan_is_null, (&self.names, &self.schema))?;
        if let Some(conditions) = self.watch.active() {
            for batch in batches {
                whole.add_tallies(&conditions.count_batch(batch, self.nan_is_null)?);
            }
        }
        Ok(())
    }

    /// Adds columns given each for itself, in chunks; not for windows or segments.
    pub fn log_columns(&mut self, columns: &[(Field, Vec<ArrayRef>)], rows: u64) -> Result<()> {
        self.names
            .register(&self.schema, columns.iter().map(|column| &column.0))?;
        let wanted = columns.iter().filter(|column| self.schema.wants(column.0.name()));
        let mut flat = Vec::new();
        for (field, chunks) in wanted {
            flat.extend(self.names.flatten_column(field.name(), chunks)?);
        }
        let known = (&self.names, &*self.schema);
        self.targets.at(WHOLE).fold(flat, rows, self.nan_is_null, known)
    }

    /// When the records of a batch happened.
    fn times(&self, batch: &RecordBatch) -> Result<Vec<Option<i64>>> {
        if let Some(arrival) = self.moments.arrival {
            return Ok(vec![Some(arrival); batch.num_rows()]);
        }
        let name = self.timestamp.as_deref().unwrap_or_default();
        match batch.column_by_name(name) {
            Some(column) => window::times(name, column, self.moments.forgiving),
            None => self.missing_times(batch.num_rows(), || self.no_timestamp(batch)),
        }
    }

    /// The points in time of a timestamp column.
    pub fn times_of(&self, column: &ArrayRef) -> Result<Vec<Option<i64>>> {
        let name = self.timestamp.as_deref().unwrap_or_default();
        window::times(name, column, self.moments.forgiving)
    }

    fn no_timestamp(&self, batch: &RecordBatch) -> Error {
        let fields = batch.schema_ref().fields().iter();
        no_timestamp(
            self.timestamp.as_deref().unwrap_or_default(),
            fields.map(|field| field.name().as_str()),
        )
    }

    /// Adds what another collector gathered; `counts` says whether its records are to be counted
    /// (not when it holds some columns of records that are counted already).
    pub fn merge_part(&mut self, part: Self, counts: bool) {
        let numbers: Vec<usize> = part.names.iter().map(|name| self.names.number(name)).collect();
        self.watch.merge(&part.watch);
        let mut buffer = Vec::new();
        for (place, builder) in part.targets.into_iter() {
            let group = match place.group {
                Group::Segment { partition, number } if number != OTHER_NUMBER => {
                    let key = part.segments.key(partition as usize, number);
                    let value = |column: usize| part.segments.value(partition as usize, key?, column);
                    let number = self.segments.number(partition as usize, value, &mut buffer);
                    Group::Segment { partition, number }
                }
                group => group,
            };
            let position = self.targets.position(Place { group, ..place });
            let target = self.targets.at(position);
            target.merge(builder, &numbers, counts);
        }
    }

    /// Records that the whole source holds, when this is a part of it; else 0.
    pub fn expected(&self) -> u64 {
        self.expected
    }

    /// The profiles of all that was added so far: one, or one for each window and segment that has records, in
    /// order of time; those of records without a timestamp come first, and a total before its segments.
    pub fn profiles(&mut self, metadata: &Metadata) -> Vec<Profile> {
        // What waits is folded once, not each time.
        self.flush();
        self.clone().into_profiles(metadata)
    }

    /// The same, of a collector that is not needed any more.
    pub fn into_profiles(mut self, metadata: &Metadata) -> Vec<Profile> {
        let beyond = self.beyond();
        let mut order = std::mem::take(&mut self.targets).into_ordered(&self.segments);
        if order.is_empty() && self.window.is_none() && self.segments.has_total() {
            order.push((Place::WHOLE, ProfileBuilder::default()));
        }
        let freeze = |(place, builder): (Place, ProfileBuilder)| {
            let conditions = self.watch.counted(builder.tallies());
            let known = (&self.names, &*self.schema);
            let mut profile = builder.into_profile(self.metadata(place, metadata), known);
            profile.conditions = conditions;
            profile
        };
        let mut profiles: Vec<Profile> = if order.len() < 2 {
            order.into_iter().map(freeze).collect()
        } else {
            cores::run(|| order.into_par_iter().map(freeze).collect())
        };
        self.tell_of_others(beyond, metadata, &mut profiles);
        profiles
    }

    /// What the profile of a place says of itself.
    fn metadata(&self, place: Place, metadata: &Metadata) -> Metadata {
        let mut metadata = metadata.clone();
        metadata.window = place
            .start
            .zip(self.window.as_ref())
            .map(|(start, window)| (start, window.end(start)));
        if let Group::Segment { partition, number } = place.group {
            metadata.segment = self.segments.named(partition as usize, number);
            metadata.other = number == OTHER_NUMBER;
        }
        metadata
    }

    /// A timestamp column that never came is probably misspelt.
    ///
    /// # Errors
    /// When there are windows and records, but none of them had the timestamp column.
    pub fn check_timestamp(&self) -> Result<()> {
        let name = self.timestamp.as_deref().unwrap_or_default();
        let undated = self.targets.iter().all(|target| target.0.start.is_none());
        let missing = self.window.is_some() && undated && self.records() > 0;
        if !missing || !self.schema.wants(name) || self.names.iter().any(|known| known == name) {
            return Ok(());
        }
        Err(no_timestamp(name, self.names.iter()))
    }
}

/// Batches of one schema as one, so that each segment takes its records in at once.
fn joined(batches: &[RecordBatch]) -> Cow<'_, [RecordBatch]> {
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    if batches.len() < 2 || rows > JOINED_ROWS {
        return Cow::Borrowed(batches);
    }
    // Batches of different schemas, or of types that do not join, are taken one by one.
    match concat_batches(&batches[0].schema(), batches) {
        Ok(joined) if batches.iter().all(|batch| batch.schema() == batches[0].schema()) => {
            Cow::Owned(vec![joined])
        }
        _ => Cow::Borrowed(batches),
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
