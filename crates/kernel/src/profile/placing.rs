//! Which profiles the records of a batch belong to.

use super::Collector;
use super::segments::{Coded, write_value};
use super::targets::{Group, Place, WHOLE};
use crate::columns::Value;
use crate::{Error, Result};
use arrow_array::{ArrayRef, RecordBatch};
use std::collections::HashMap;

/// Combinations up to which codes are looked up in an array.
const DENSE: usize = 1 << 20;

/// Where the records of a batch go: for each way of grouping, the profile of each record.
#[derive(Debug, Clone, Default)]
pub struct Placement {
    pub(super) levels: Vec<Level>,
}

/// One way of grouping.
#[derive(Debug, Clone)]
pub(super) enum Level {
    /// All records go to one profile.
    One(usize),
    /// Each record goes to a profile of its own group.
    Each(Vec<u32>),
}

impl Level {
    pub(super) fn at(&self, row: usize) -> usize {
        match self {
            Self::One(target) => *target,
            Self::Each(targets) => targets[row] as usize,
        }
    }
}

/// The values of a record by which it is grouped.
#[derive(Debug, Clone, Default)]
pub(super) struct RecordKey {
    texts: Vec<(bool, String)>,
    buffer: Vec<u8>,
}

impl RecordKey {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            texts: vec![(false, String::new()); columns],
            buffer: Vec::new(),
        }
    }
}

impl Collector {
    /// Finds the profiles of the records of a batch: `times` when there are windows, and the column of each
    /// name by which records are grouped; one that is not there is null.
    pub fn place(
        &mut self,
        rows: usize,
        times: Option<&[Option<i64>]>,
        column: impl Fn(&str) -> Option<ArrayRef>,
    ) -> Result<Placement> {
        let starts = self.window().zip(times).map(|(window, times)| {
            let starts: Vec<Option<i64>> = times
                .iter()
                .map(|time| time.map(|time| window.start(time)))
                .collect();
            Starts::of(&starts)
        });
        let mut levels = Vec::new();
        if self.segments.has_total() {
            levels.push(match &starts {
                None => Level::One(WHOLE),
                Some(starts) => self.level(starts),
            });
        }
        let coded = self.coded(rows, column)?;
        for partition in 0..self.segments.partitions() {
            levels.push(self.partition_level(partition, &coded, starts.as_ref()));
        }
        Ok(Placement { levels })
    }

    fn coded(&self, rows: usize, column: impl Fn(&str) -> Option<ArrayRef>) -> Result<Vec<Coded>> {
        let coded = self.segments.columns().iter().map(|name| match column(name) {
            None => Ok(Coded::nulls(rows)),
            Some(array) if array.len() == rows => Coded::of(name, &array, self.nan_is_null()),
            Some(array) => Err(Error::data(format!(
                "segment column {name:?} has {} values for {rows} records",
                array.len()
            ))),
        });
        coded.collect()
    }

    /// Where records of a window and a group go. Those beyond the horizon are counted by the first way of
    /// grouping alone.
    fn target(&mut self, start: Option<i64>, group: Group) -> u32 {
        let first = match group {
            Group::Segment { partition, .. } => partition == 0 && !self.segments.has_total(),
            _ => true,
        };
        let place = match start.and_then(|start| self.horizon.beyond(start)) {
            None => Place { start, group },
            Some(beyond) => Place {
                start: None,
                group: if first { beyond } else { Group::Nowhere },
            },
        };
        self.targets.position(place) as u32
    }

    fn level(&mut self, starts: &Starts) -> Level {
        let targets: Vec<u32> = starts
            .distinct
            .iter()
            .map(|&start| self.target(start, Group::Total))
            .collect();
        match targets[..] {
            [only] => Level::One(only as usize),
            _ => Level::Each(starts.codes.iter().map(|&code| targets[code as usize]).collect()),
        }
    }

    fn partition_level(&mut self, partition: usize, coded: &[Coded], starts: Option<&Starts>) -> Level {
        let (codes, rows) = combine(self.segments.columns_of(partition), coded);
        let numbers = self.numbers(partition, coded, &rows);
        let group = |code: u32| Group::Segment {
            partition: partition as u32,
            number: numbers[code as usize],
        };
        let Some(starts) = starts else {
            let targets: Vec<u32> = (0..numbers.len() as u32)
                .map(|code| {
                    let group = group(code);
                    self.targets.position(Place { start: None, group }) as u32
                })
                .collect();
            return Level::Each(codes.iter().map(|&code| targets[code as usize]).collect());
        };
        let mut known: HashMap<(u32, u32), u32> = HashMap::new();
        let mut last = ((u32::MAX, u32::MAX), 0);
        let target = |(&window, &code): (&u32, &u32)| {
            if last.0 != (window, code) {
                let target = *known
                    .entry((window, code))
                    .or_insert_with(|| self.target(starts.distinct[window as usize], group(code)));
                last = ((window, code), target);
            }
            last.1
        };
        Level::Each(starts.codes.iter().zip(&codes).map(target).collect())
    }

    /// Where the records of a batch of whole columns go.
    pub(super) fn place_batch(
        &mut self,
        batch: &RecordBatch,
        times: Option<&[Option<i64>]>,
    ) -> Result<Placement> {
        self.place(batch.num_rows(), times, |name| {
            batch.column_by_name(name).cloned()
        })
    }

    /// Numbers the segments of a batch, before parts of it are taken in in any order.
    pub fn learn(&mut self, batch: &RecordBatch) -> Result<()> {
        if self.has_derived_segments() {
            let extended = self.derived().extend(batch, self.nan_is_null())?;
            return self.learn_columns(&extended);
        }
        self.learn_columns(batch)
    }

    fn learn_columns(&mut self, batch: &RecordBatch) -> Result<()> {
        let coded = self.coded(batch.num_rows(), |name| batch.column_by_name(name).cloned())?;
        for partition in 0..self.segments.partitions() {
            let (_, rows) = combine(self.segments.columns_of(partition), &coded);
            self.numbers(partition, &coded, &rows);
        }
        Ok(())
    }

    /// The numbers of the segments of some records.
    fn numbers(&mut self, partition: usize, coded: &[Coded], rows: &[usize]) -> Vec<u32> {
        let mut buffer = Vec::new();
        let number = |&row: &usize| {
            let value = |column: usize| {
                let coded: &Coded = &coded[column];
                coded.texts[coded.codes[row] as usize].as_deref()
            };
            self.segments.number(partition, value, &mut buffer)
        };
        rows.iter().map(number).collect()
    }

    /// Gives the record that begins next its value of one of the columns of [`Segments::columns`].
    ///
    /// [`Segments::columns`]: super::Segments::columns
    ///
    /// # Errors
    /// When the value is of a type by which records are not grouped.
    pub fn set_key(&mut self, column: usize, value: Value<'_>) -> Result<()> {
        let (there, text) = &mut self.key.texts[column];
        *there = write_value(&self.segments.columns()[column], value, text)?;
        Ok(())
    }

    /// Forgets the values that [`Self::set_key`] gave; those of a column without one are null.
    pub fn clear_key(&mut self) {
        self.key.texts.iter_mut().for_each(|text| text.0 = false);
    }

    /// The text of the value that [`Self::set_key`] gave last; `None` for null.
    pub fn key_text(&self, column: usize) -> Option<&str> {
        let (there, text) = &self.key.texts[column];
        there.then_some(text.as_str())
    }

    /// Numbers the segments of a record, whose values [`Self::set_key`] gave, before it is taken in.
    pub fn learn_record(&mut self) {
        for partition in 0..self.segments.partitions() {
            self.record_number(partition);
        }
    }

    fn record_number(&mut self, partition: usize) -> u32 {
        let RecordKey { texts, buffer } = &mut self.key;
        let value = |column: usize| {
            let (there, text): &(bool, String) = &texts[column];
            there.then_some(text.as_str())
        };
        self.segments.number(partition, value, buffer)
    }

    /// Begins a record that happened at that time (of no account without windows, and where records count by
    /// the time at which they arrive), with the values that [`Self::set_key`] gave.
    pub fn begin_record(&mut self, time: Option<i64>) {
        if self.window().is_none() && self.segments.is_empty() {
            return;
        }
        let time = self.moments.arrival.or(time);
        let start = self
            .window()
            .and_then(|window| time.map(|time| window.start(time)));
        self.under_way.clear();
        if let Some(beyond) = start.and_then(|start| self.horizon.beyond(start)) {
            let place = Place {
                start: None,
                group: beyond,
            };
            self.under_way.push(self.targets.position(place));
            return;
        }
        if self.segments.has_total() {
            let group = Group::Total;
            self.under_way.push(self.targets.position(Place { start, group }));
        }
        for partition in 0..self.segments.partitions() {
            let number = self.record_number(partition);
            let partition = partition as u32;
            let group = Group::Segment { partition, number };
            self.under_way.push(self.targets.position(Place { start, group }));
        }
    }

    /// Begins a record of a batch that was placed.
    pub fn begin_placed(&mut self, placement: &Placement, row: usize) {
        self.under_way.clear();
        self.under_way
            .extend(placement.levels.iter().map(|level| level.at(row)));
    }
}

/// The starts of windows of the records of a batch.
struct Starts {
    codes: Vec<u32>,
    distinct: Vec<Option<i64>>,
}

impl Starts {
    fn of(starts: &[Option<i64>]) -> Self {
        let mut distinct = Vec::new();
        let mut known: HashMap<Option<i64>, u32> = HashMap::new();
        let mut codes = Vec::with_capacity(starts.len());
        for run in starts.chunk_by(|a, b| a == b) {
            let code = *known.entry(run[0]).or_insert_with(|| {
                distinct.push(run[0]);
                distinct.len() as u32 - 1
            });
            codes.resize(codes.len() + run.len(), code);
        }
        Self { codes, distinct }
    }
}

/// One code for each combination of values that is there: those of the records, and for each code the first
/// record that has it.
fn combine(columns: &[usize], coded: &[Coded]) -> (Vec<u32>, Vec<usize>) {
    let Some((first, others)) = columns.split_first() else {
        return (Vec::new(), Vec::new());
    };
    let first = &coded[*first];
    let start = (vec![0; first.codes.len()], vec![0]);
    let (mut codes, mut rows) = join(start, first);
    for &column in others {
        (codes, rows) = join((codes, rows), &coded[column]);
    }
    (codes, rows)
}

/// Combines codes with those of one more column.
fn join((mut codes, rows): (Vec<u32>, Vec<usize>), next: &Coded) -> (Vec<u32>, Vec<usize>) {
    let width = next.texts.len();
    let mut firsts = Vec::new();
    let mut begin = |row: usize| {
        firsts.push(row);
        firsts.len() as u32 - 1
    };
    if rows.len().saturating_mul(width) <= DENSE.max(codes.len()) {
        let mut known = vec![u32::MAX; rows.len() * width];
        for (row, (code, &theirs)) in codes.iter_mut().zip(&next.codes).enumerate() {
            let place = &mut known[*code as usize * width + theirs as usize];
            if *place == u32::MAX {
                *place = begin(row);
            }
            *code = *place;
        }
    } else {
        let mut known: HashMap<(u32, u32), u32> = HashMap::new();
        for (row, (code, &theirs)) in codes.iter_mut().zip(&next.codes).enumerate() {
            *code = *known.entry((*code, theirs)).or_insert_with(|| begin(row));
        }
    }
    (codes, firsts)
}
