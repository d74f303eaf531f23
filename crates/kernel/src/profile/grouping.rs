//! Batches whose records belong to several profiles: sorted by profile once, then folded slice by slice.

use super::Collector;
use super::builder::ProfileBuilder;
use super::conditions::{Conditions, Outcomes};
use super::names::Names;
use super::placing::{Level, Placement};
use super::segments::OTHER_NUMBER;
use super::taking::{Run, Taking};
use super::targets::Group;
use crate::columns::Schema;
use crate::expressions::Inputs;
use crate::{Result, cores};
use arrow_array::{ArrayRef, RecordBatch, UInt32Array};
use rayon::prelude::*;
use std::collections::HashMap;

/// Values from which work is spread over the cores.
const PARALLEL_FROM: usize = 100_000;

/// Records of a slice, on average, from which its conditions are evaluated by themselves.
const LONG: usize = 4096;

/// Records that are sorted and folded together at least.
const CHUNK: usize = 1 << 13;

/// A profile, taken out of the collector, and the slices of a batch that belong to it.
type Work = (usize, ProfileBuilder, Vec<(usize, usize)>);

/// Some of the records of a batch in order of their profiles.
#[derive(Default)]
struct Chunk {
    /// Where it begins in that order.
    start: usize,
    rows: usize,
    runs: Vec<Run>,
    work: Vec<Work>,
}

impl Collector {
    /// Adds a batch, whose columns are numbered, to the profiles of its records.
    pub fn log_placed(&mut self, batch: &RecordBatch, placement: &Placement) -> Result<()> {
        self.register(batch.schema_ref())?;
        for level in &placement.levels {
            match level {
                Level::One(target) => self.fold_whole(batch, *target)?,
                Level::Each(targets) => self.fold_each(batch, targets)?,
            }
        }
        Ok(())
    }

    fn fold_whole(&mut self, batch: &RecordBatch, target: usize) -> Result<()> {
        let columns = self.names.flatten(&self.schema, std::slice::from_ref(batch))?;
        let (nan_is_null, correlates) = (self.nan_is_null(), self.correlates());
        let builder = self.targets.at(target);
        if correlates {
            builder.correlate(&columns, batch.num_rows(), (&self.names, &self.schema))?;
        }
        builder.fold(
            columns,
            batch.num_rows() as u64,
            nan_is_null,
            (&self.names, &self.schema),
        )?;
        if let Some(conditions) = self.watch.active() {
            builder.add_tallies(&conditions.count_batch(batch, nan_is_null)?);
        }
        Ok(())
    }

    fn fold_each(&mut self, batch: &RecordBatch, targets: &[u32]) -> Result<()> {
        if is_nearly_sorted(targets) {
            let mut work: Vec<Work> = slices(targets)
                .into_iter()
                .map(|(target, slices)| (target, std::mem::take(self.targets.at(target)), slices))
                .collect();
            let done = self.fold_work(batch, &mut work);
            self.give_back(work);
            return done;
        }
        let order = order(targets);
        let mut chunks = self.chunks(&order, targets);
        let order = UInt32Array::from(order);
        let taking = Taking::of(batch, &self.columns_of_segments(targets));
        let fold = |chunk: &mut Chunk| {
            let sorted = taking.take(&order.slice(chunk.start, chunk.rows), &chunk.runs)?;
            self.fold_work(&sorted, &mut chunk.work)
        };
        let done = match &mut chunks[..] {
            [only] => fold(only),
            many => cores::run(|| many.par_iter_mut().with_max_len(1).try_for_each(fold)),
        };
        chunks.into_iter().for_each(|chunk| self.give_back(chunk.work));
        done
    }

    /// The records of some profiles after each other, in parts that fit a core's memory: sorted and folded by one.
    fn chunks(&mut self, order: &[u32], targets: &[u32]) -> Vec<Chunk> {
        let sorted: Vec<u32> = order.iter().map(|&row| targets[row as usize]).collect();
        let mut chunks: Vec<Chunk> = Vec::new();
        let mut start = 0;
        for run in sorted.chunk_by(|a, b| a == b) {
            let (target, rows) = (run[0] as usize, run.len());
            let is_alike = self.is_one_segment(target);
            let builder = std::mem::take(self.targets.at(target));
            if chunks.last().is_none_or(|chunk| chunk.rows >= CHUNK) {
                chunks.push(Chunk {
                    start,
                    ..Chunk::default()
                });
            }
            if let Some(chunk) = chunks.last_mut() {
                chunk.work.push((target, builder, vec![(chunk.rows, rows)]));
                chunk.runs.push(Run { rows, is_alike });
                chunk.rows += rows;
            }
            start += rows;
        }
        chunks
    }

    fn give_back(&mut self, work: Vec<Work>) {
        for (target, builder, _) in work {
            *self.targets.at(target) = builder;
        }
    }

    /// The columns by which the records were grouped that go to some profiles.
    fn columns_of_segments(&self, targets: &[u32]) -> Vec<&str> {
        let mut groups = targets
            .iter()
            .map(|&target| self.targets.place(target as usize).group);
        let partition = groups.find_map(|group| match group {
            Group::Segment { partition, .. } => Some(partition as usize),
            _ => None,
        });
        partition.map_or_else(Vec::new, |partition| self.segments.names_of(partition).collect())
    }

    /// Whether all records of a profile have the same values in these columns.
    fn is_one_segment(&self, target: usize) -> bool {
        let group = self.targets.place(target).group;
        matches!(group, Group::Segment { number, .. } if number != OTHER_NUMBER)
    }

    fn fold_work(&self, batch: &RecordBatch, work: &mut [Work]) -> Result<()> {
        let (nan_is_null, correlates) = (self.nan_is_null(), self.correlates());
        let columns = Columns::of(batch, &self.names, &self.schema);
        let judged = Judged::of(self.watch.active(), batch, work.len(), nan_is_null)?;
        let fold = |(_, builder, slices): &mut Work| {
            slices.iter().try_for_each(|&(start, rows)| {
                if correlates && builder.may_correlate(&self.schema) {
                    columns.correlate(builder, (start, rows), (&self.names, &self.schema))?;
                }
                columns.fold(builder, (start, rows), nan_is_null, (&self.names, &self.schema))?;
                match &judged {
                    Judged::Nothing => {}
                    Judged::Rows(outcomes) => builder.add_tallies(&outcomes.count(start, rows)),
                    Judged::Later(conditions) => {
                        let slice = batch.slice(start, rows);
                        builder.add_tallies(&conditions.count_batch(&slice, nan_is_null)?);
                    }
                }
                Ok(())
            })
        };
        if work.len() < 2 || batch.num_rows() * batch.num_columns() < PARALLEL_FROM {
            return work.iter_mut().try_for_each(fold);
        }
        cores::run(|| work.par_iter_mut().try_for_each(fold))
    }
}

/// What conditions are for the rows of a batch.
enum Judged<'a> {
    Nothing,
    /// Known for each row.
    Rows(Outcomes),
    /// Evaluated slice by slice: there are few, and they are spread over the cores.
    Later(&'a Conditions),
}

impl<'a> Judged<'a> {
    fn of(
        conditions: Option<&'a Conditions>,
        batch: &RecordBatch,
        slices: usize,
        nan_is_null: bool,
    ) -> Result<Self> {
        let Some(conditions) = conditions else {
            return Ok(Self::Nothing);
        };
        if batch.num_rows() >= LONG * slices {
            return Ok(Self::Later(conditions));
        }
        let inputs = Inputs::of_batch(batch, conditions.columns(), nan_is_null)?;
        let mut outcomes = conditions.outcomes(&inputs);
        outcomes.explain(conditions, &inputs);
        Ok(Self::Rows(outcomes))
    }
}

/// The wanted columns of a batch: those that can be sliced as they are, and those that are taken apart.
struct Columns {
    plain: Vec<(usize, ArrayRef)>,
    nested: Vec<(String, ArrayRef)>,
}

impl Columns {
    fn of(batch: &RecordBatch, names: &Names, schema: &Schema) -> Self {
        let mut columns = Self {
            plain: Vec::new(),
            nested: Vec::new(),
        };
        for (field, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            match names.known(field.name()) {
                Some(number) if schema.wants(field.name()) && !array.data_type().is_nested() => {
                    columns.plain.push((number, array.clone()));
                }
                Some(_) if schema.wants(field.name()) => {
                    columns.nested.push((field.name().clone(), array.clone()));
                }
                _ => {}
            }
        }
        columns
    }

    fn correlate(
        &self,
        builder: &mut ProfileBuilder,
        (start, rows): (usize, usize),
        known: (&Names, &Schema),
    ) -> Result<()> {
        let slices = self.plain.iter();
        let mut columns: Vec<(usize, Vec<ArrayRef>)> = slices
            .map(|(number, array)| (*number, vec![array.slice(start, rows)]))
            .collect();
        for (name, array) in &self.nested {
            columns.extend(known.0.flatten_column(name, &[array.slice(start, rows)])?);
        }
        builder.correlate(&columns, rows, known)
    }

    fn fold(
        &self,
        builder: &mut ProfileBuilder,
        (start, rows): (usize, usize),
        nan_is_null: bool,
        known: (&Names, &Schema),
    ) -> Result<()> {
        let slices = self
            .plain
            .iter()
            .map(|(number, array)| (*number, array.slice(start, rows)));
        let mut columns: Vec<(usize, Vec<ArrayRef>)> = Vec::new();
        for (name, array) in &self.nested {
            columns.extend(known.0.flatten_column(name, &[array.slice(start, rows)])?);
        }
        if rows * self.plain.len() >= PARALLEL_FROM {
            columns.extend(slices.map(|(number, slice)| (number, vec![slice])));
        } else {
            builder.fold_slices(slices, nan_is_null, known)?;
        }
        builder.fold(columns, rows as u64, nan_is_null, known)
    }
}

/// The batch with the records of one profile behind each other, and where those of each are.
#[allow(clippy::type_complexity)]
pub(super) fn sort(
    batch: &RecordBatch,
    targets: &[u32],
) -> Result<(RecordBatch, Vec<(usize, Vec<(usize, usize)>)>)> {
    if is_nearly_sorted(targets) {
        return Ok((batch.clone(), slices(targets)));
    }
    let order = order(targets);
    let sorted: Vec<u32> = order.iter().map(|&row| targets[row as usize]).collect();
    let taken = Taking::of(batch, &[]).take(&UInt32Array::from(order), &[])?;
    Ok((taken, slices(&sorted)))
}

/// Whether the records of a profile stand behind each other already, by and large.
fn is_nearly_sorted(targets: &[u32]) -> bool {
    targets.chunk_by(|a, b| a == b).count() <= 1 + targets.len() / 64
}

/// The rows in order of their targets, and of the batch among those of one.
fn order(targets: &[u32]) -> Vec<u32> {
    let least = targets.iter().copied().min().unwrap_or(0) as usize;
    let most = targets.iter().copied().max().unwrap_or(0) as usize;
    if most - least > 4 * targets.len() {
        let mut order: Vec<u32> = (0..targets.len() as u32).collect();
        order.sort_by_key(|&row| targets[row as usize]);
        return order;
    }
    let mut places = vec![0u32; most - least + 2];
    targets
        .iter()
        .for_each(|&target| places[target as usize - least + 1] += 1);
    (1..places.len()).for_each(|at| places[at] += places[at - 1]);
    let mut order = vec![0; targets.len()];
    for (row, &target) in targets.iter().enumerate() {
        let place = &mut places[target as usize - least];
        order[*place as usize] = row as u32;
        *place += 1;
    }
    order
}

/// Where the target stays the same.
fn slices(targets: &[u32]) -> Vec<(usize, Vec<(usize, usize)>)> {
    let mut places: HashMap<u32, usize> = HashMap::new();
    let mut slices: Vec<(usize, Vec<(usize, usize)>)> = Vec::new();
    let mut start = 0;
    for run in targets.chunk_by(|a, b| a == b) {
        let place = *places.entry(run[0]).or_insert_with(|| {
            slices.push((run[0] as usize, Vec::new()));
            slices.len() - 1
        });
        slices[place].1.push((start, run.len()));
        start += run.len();
    }
    slices
}
