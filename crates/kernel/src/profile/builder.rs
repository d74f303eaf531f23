//! One profile while it is made.

use super::conditions::{Conditions, Tally, add_all};
use super::correlation::Correlator;
use super::names::Names;
use super::value::{Column, Metadata, Profile};
use crate::columns::{ColumnBuilder, Schema, Slot, Value};
use crate::expressions::Cells;
use crate::{Result, cores};
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use rayon::prelude::*;
use std::sync::Arc;

/// Rows that one task folds; longer columns are folded in parts that merge.
const PART: usize = 1 << 18;

/// Parts of one column that are in memory at a time.
const PARTS_AT_ONCE: usize = 8;

/// From so many values on, work is spread over the cores.
const PARALLEL_FROM: usize = 100_000;

/// Records, and bytes of texts, that wait before they are folded.
const PENDING_RECORDS: u64 = 4096;
const PENDING_BYTES: usize = 1 << 20;

/// One profile while it is made; columns are known by their numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct ProfileBuilder {
    records: u64,
    /// Numbers that a column will hold when this is a part of a greater run, else 0.
    expected: u64,
    /// Which part of that run this is.
    number: u64,
    slots: Vec<Option<Box<Slot>>>,
    tallies: Vec<Tally>,
    pub(super) correlator: Correlator,
    pending_records: u64,
    pending_bytes: usize,
    /// Whether values may wait in the slots.
    waits: bool,
}

impl ProfileBuilder {
    pub(super) fn expecting(expected: u64, number: u64) -> Self {
        Self {
            expected,
            number,
            ..Self::default()
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.records == 0 && self.slots.is_empty()
    }

    pub(super) fn records(&self) -> u64 {
        self.records
    }

    /// Counts of the conditions so far; empty before the first.
    pub(super) fn tallies(&self) -> &[Tally] {
        &self.tallies
    }

    /// Adds counts of conditions.
    pub(super) fn add_tallies(&mut self, tallies: &[Tally]) {
        add_all(&mut self.tallies, tallies);
    }

    /// Counts a record.
    pub(super) fn count_record(&mut self, conditions: &Conditions, record: &Cells) {
        conditions.count_record(record, &mut self.tallies);
    }

    fn slot(&mut self, number: usize, names: &Names, schema: &Schema) -> &mut Slot {
        if self.slots.len() <= number {
            self.slots.resize(number + 1, None);
        }
        let (expected, part) = (self.expected, self.number);
        self.slots[number].get_or_insert_with(|| {
            let name = names.name(number);
            let privacy = schema.privacy_of(name);
            let hidden = privacy.is_some_and(|privacy| privacy.hides_values());
            let (metrics, custom) = (schema.metrics_of(name), schema.custom.of(name, hidden));
            Box::new(if privacy.is_none() && custom.is_empty() {
                Slot::new(metrics, expected, part)
            } else {
                let column = ColumnBuilder::new(metrics).with_custom(custom);
                Slot::of_column(column.with_privacy(privacy.cloned()).part(expected, part))
            })
        })
    }

    pub(super) fn touch(&mut self, number: usize, names: &Names, schema: &Schema) {
        self.slot(number, names, schema);
    }

    pub(super) fn note_arrow_type(&mut self, number: usize, name: &str, names: &Names, schema: &Schema) {
        self.slot(number, names, schema).note_arrow_type(name);
    }

    /// Adds whole columns of a batch of `rows` records.
    pub(super) fn fold(
        &mut self,
        columns: Vec<(usize, Vec<ArrayRef>)>,
        rows: u64,
        nan_is_null: bool,
        (names, schema): (&Names, &Schema),
    ) -> Result<()> {
        self.records += rows;
        let values: usize = columns
            .iter()
            .flat_map(|column| &column.1)
            .map(|array| array.len())
            .sum();
        if values < PARALLEL_FROM {
            self.waits = true;
            return columns.iter().try_for_each(|(number, arrays)| {
                let slot = self.slot(*number, names, schema);
                arrays
                    .iter()
                    .try_for_each(|array| slot.add_array(array, nan_is_null))
            });
        }
        for (number, _) in &columns {
            self.slot(*number, names, schema);
        }
        let mut work: Vec<(usize, Option<Box<Slot>>, Vec<ArrayRef>)> = columns
            .into_iter()
            .map(|(number, arrays)| (number, self.slots[number].take(), arrays))
            .collect();
        let done = cores::run(|| {
            work.par_iter_mut()
                .with_max_len(1)
                .try_for_each(|(_, slot, arrays)| {
                    let Some(slot) = slot else { return Ok(()) };
                    arrays
                        .iter()
                        .try_for_each(|array| fold_in_parts(slot.column(), array, nan_is_null))
                })
        });
        for (number, slot, _) in work {
            self.slots[number] = slot;
        }
        done
    }

    /// Adds columns of a few records, whose number is added otherwise.
    pub(super) fn fold_slices(
        &mut self,
        mut columns: impl Iterator<Item = (usize, ArrayRef)>,
        nan_is_null: bool,
        (names, schema): (&Names, &Schema),
    ) -> Result<()> {
        self.waits = true;
        columns
            .try_for_each(|(number, array)| self.slot(number, names, schema).add_array(&array, nan_is_null))
    }

    /// Adds columns of a batch of `rows` records, each by `fold`, on all cores.
    pub(super) fn fold_each<T: Sync>(
        &mut self,
        columns: &[(usize, &T)],
        rows: u64,
        (names, schema): (&Names, &Schema),
        fold: impl Fn(&mut Slot, &T) + Sync,
    ) {
        self.records += rows;
        self.waits = true;
        for (number, _) in columns {
            self.slot(*number, names, schema);
        }
        let mut work: Vec<(usize, Option<Box<Slot>>, &T)> = columns
            .iter()
            .map(|(number, column)| (*number, self.slots[*number].take(), *column))
            .collect();
        cores::run(|| {
            work.par_iter_mut().with_max_len(1).for_each(|(_, slot, column)| {
                if let Some(slot) = slot {
                    fold(slot, column);
                }
            });
        });
        for (number, slot, _) in work {
            self.slots[number] = slot;
        }
    }

    /// Adds one value of a record; gives the bytes of text that it is.
    #[inline]
    pub(super) fn push(&mut self, number: usize, value: Value<'_>, names: &Names, schema: &Schema) -> usize {
        let bytes = match value {
            Value::Text(text) => text.len(),
            Value::Binary(bytes) => bytes.len(),
            _ => 0,
        };
        self.pending_bytes += bytes;
        self.waits = true;
        if let Some(Some(slot)) = self.slots.get_mut(number) {
            slot.push(value);
        } else {
            self.slot(number, names, schema).push(value);
        }
        bytes
    }

    /// Ends a record; true when it is time to [`Self::flush`].
    #[inline]
    pub(super) fn end_record(&mut self) -> bool {
        self.records += 1;
        self.pending_records += 1;
        self.correlator.end_record();
        self.pending_records >= PENDING_RECORDS || self.is_heavy()
    }

    /// Whether the texts that wait take much memory.
    pub(super) fn is_heavy(&self) -> bool {
        self.pending_bytes >= PENDING_BYTES
    }

    /// Adds records whose values were pushed column by column.
    pub(super) fn add_records(&mut self, count: u64) {
        self.records += count;
    }

    /// Folds what waits.
    pub(super) fn flush(&mut self) {
        (self.pending_records, self.pending_bytes) = (0, 0);
        if std::mem::take(&mut self.waits) {
            for slot in self.slots.iter_mut().flatten() {
                slot.flush();
            }
        }
        self.correlator.flush();
    }

    /// Adds the columns of another part of the same profile, and its records if they are to count.
    pub(super) fn merge(&mut self, mut part: Self, numbers: &[usize], counts: bool) {
        part.flush();
        if counts {
            self.records += part.records;
        }
        self.add_tallies(&part.tallies);
        self.correlator.merge(&part.correlator, numbers);
        for (slot, &number) in part.slots.into_iter().zip(numbers) {
            let Some(theirs) = slot else { continue };
            if self.slots.len() <= number {
                self.slots.resize(number + 1, None);
            }
            match &mut self.slots[number] {
                Some(mine) => mine.merge(*theirs),
                mine => *mine = Some(theirs),
            }
        }
    }

    /// The profile of all that was added.
    pub(super) fn into_profile(mut self, metadata: Metadata, (names, schema): (&Names, &Schema)) -> Profile {
        self.correlator.flush();
        let filled: Vec<(usize, Box<Slot>)> = self
            .slots
            .into_iter()
            .enumerate()
            .filter_map(|(number, slot)| Some((number, slot?)))
            .collect();
        let finish = |(number, slot): (usize, Box<Slot>)| {
            let name = names.name(number);
            let role = schema.role_of(name).map(str::to_owned);
            Arc::new(Column::of_slot(name.clone(), role, number as u32, slot))
        };
        let columns = if self.records.saturating_mul(filled.len() as u64) < PARALLEL_FROM as u64 {
            filled.into_iter().map(finish).collect()
        } else {
            cores::run(|| filled.into_par_iter().map(finish).collect())
        };
        Profile {
            metadata,
            records: self.records,
            columns,
            conditions: Vec::new(),
            correlation: self.correlator.freeze(names),
        }
    }
}

fn fold_in_parts(column: &mut ColumnBuilder, array: &ArrayRef, nan_is_null: bool) -> Result<()> {
    let rows = array.len();
    if rows < 2 * PART {
        return column.fold_array(array, nan_is_null);
    }
    let expected = column.numbers_so_far() + count_numbers(array);
    for start in (0..rows).step_by(PART * PARTS_AT_ONCE) {
        let end = rows.min(start + PART * PARTS_AT_ONCE);
        let starts: Vec<usize> = (start..end).step_by(PART).collect();
        let parts: Result<Vec<ColumnBuilder>> = starts
            .into_par_iter()
            .with_max_len(1)
            .map(|start| {
                let mut part = column.part(expected, start as u64);
                part.fold_array(&array.slice(start, PART.min(end - start)), nan_is_null)?;
                Ok(part)
            })
            .collect();
        parts?.iter().for_each(|part| column.merge(part));
    }
    Ok(())
}

/// How many finite numbers an array holds, roughly from above.
fn count_numbers(array: &ArrayRef) -> u64 {
    let present = array.len() - array.null_count();
    if let DataType::Float64 = array.data_type() {
        let nans = array
            .as_primitive::<Float64Type>()
            .values()
            .iter()
            .filter(|value| !value.is_finite())
            .count();
        return present.saturating_sub(nans) as u64;
    }
    present as u64
}
