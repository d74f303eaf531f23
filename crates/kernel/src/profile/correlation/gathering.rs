//! How the correlation of numeric columns is gathered while profiles are made.
//!
//! The values of one record belong together, so whole rows of all numeric columns are needed here, where the
//! other metrics take one column after the other.

use super::super::builder::ProfileBuilder;
use super::super::collector::Collector;
use super::super::grouping::sort;
use super::super::names::Names;
use super::super::placing::{Level, Placement};
use super::super::targets::{Group, WHOLE};
use super::Correlation;
use super::rows::{BLOCK, Chunks, holds_numbers, is_numeric, sum};
use crate::columns::{Correlated, Schema, Value};
use crate::metrics::{CoMoments, Products};
use crate::{Error, Result};
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, RecordBatchOptions};
use arrow_schema::{ArrowError, Field, Schema as ArrowSchema};
use arrow_select::concat::concat;
use std::sync::Arc;

/// Numeric columns up to which they are correlated unasked: the work grows with their square.
pub const FEW: usize = 64;

/// Where a column stands among those that are correlated.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Place {
    #[default]
    Unknown,
    Excluded,
    At(usize),
}

/// Second moments while they are gathered.
#[derive(Debug, Clone, Default)]
pub(in crate::profile) struct Correlator {
    /// By the number of the column.
    places: Vec<Place>,
    /// The numbers of the columns, by their place.
    numbers: Vec<usize>,
    moments: CoMoments,
    /// Values of records that wait, by place; where a column is shorter, its values are missing.
    waiting: Vec<Vec<f64>>,
    /// The record under way among those that wait.
    row: usize,
    /// Columns that there may be.
    limit: Option<usize>,
    too_many: bool,
    /// Whether the records are those of a segment: there may be many, so these are correlated when asked for.
    of_segment: bool,
}

impl Correlator {
    /// The place of a column of numbers; `None` when it takes no part.
    fn place(&mut self, number: usize, names: &Names, schema: &Schema) -> Option<usize> {
        match self.places.get(number) {
            Some(Place::At(place)) => return Some(*place),
            Some(Place::Excluded) => return None,
            _ if self.too_many => return None,
            _ if self.of_segment && schema.correlation == Correlated::Few => {
                self.give_up();
                return None;
            }
            _ => {}
        }
        if schema.correlation == Correlated::Few {
            self.limit = Some(FEW);
        }
        self.settle(number, schema.correlates(names.name(number)))
    }

    fn settle(&mut self, number: usize, takes_part: bool) -> Option<usize> {
        if self.places.len() <= number {
            self.places.resize(number + 1, Place::Unknown);
        }
        if !takes_part {
            self.places[number] = Place::Excluded;
            return None;
        }
        if self.limit.is_some_and(|limit| self.numbers.len() >= limit) {
            self.give_up();
            return None;
        }
        let place = self.numbers.len();
        self.places[number] = Place::At(place);
        self.numbers.push(number);
        self.waiting.push(Vec::new());
        Some(place)
    }

    /// Forgets all: there are more columns than are correlated unasked.
    pub(in crate::profile) fn give_up(&mut self) {
        *self = Self {
            limit: self.limit,
            too_many: true,
            of_segment: self.of_segment,
            ..Self::default()
        };
    }

    /// Adds one value of the record under way.
    #[inline]
    fn push(&mut self, number: usize, value: Value<'_>, names: &Names, schema: &Schema) {
        let value = number_of(value);
        if !value.is_finite() {
            return;
        }
        let Some(place) = self.place(number, names, schema) else {
            return;
        };
        let column = &mut self.waiting[place];
        if column.len() < self.row {
            column.resize(self.row, f64::NAN);
        }
        if column.len() == self.row {
            column.push(value);
        }
    }

    #[inline]
    pub(in crate::profile) fn end_record(&mut self) {
        self.row += 1;
    }

    /// Adds the records that wait.
    pub(in crate::profile) fn flush(&mut self) {
        let rows = std::mem::take(&mut self.row);
        if self.waiting.iter().all(Vec::is_empty) {
            return;
        }
        for column in &mut self.waiting {
            column.resize(rows, f64::NAN);
        }
        let mut products = Products::default();
        for start in (0..rows).step_by(BLOCK) {
            let end = rows.min(start + BLOCK);
            let columns: Vec<&[f64]> = self.waiting.iter().map(|column| &column[start..end]).collect();
            self.moments.add_rows(&columns, &mut products);
        }
        self.waiting.iter_mut().for_each(Vec::clear);
    }

    /// Adds columns of `rows` records.
    fn fold(
        &mut self,
        columns: &[(usize, Vec<ArrayRef>)],
        rows: usize,
        (names, schema): (&Names, &Schema),
    ) -> Result<()> {
        if self.too_many || schema.correlation == Correlated::Nothing {
            return Ok(());
        }
        let mut parts = Vec::new();
        let mut places = Vec::new();
        for (number, chunks) in columns {
            if !chunks.first().is_some_and(|chunk| is_numeric(chunk.data_type())) {
                continue;
            }
            if let Some(place) = self.place(*number, names, schema) {
                places.push(place);
                parts.push(Chunks::new(chunks));
            }
        }
        if self.too_many || parts.is_empty() || rows == 0 {
            return Ok(());
        }
        let sum = sum(&parts, rows)?;
        self.moments.widen(self.numbers.len());
        let straight = places.iter().copied().eq(0..self.numbers.len());
        if straight {
            self.moments.merge(&sum);
        } else {
            let mut order = vec![None; self.numbers.len()];
            places
                .iter()
                .enumerate()
                .for_each(|(at, &place)| order[place] = Some(at));
            self.moments.merge(&sum.arranged(&order));
        }
        Ok(())
    }

    /// Adds what another part gathered; `numbers` are its columns' numbers here. Nothing of it may wait.
    pub(in crate::profile) fn merge(&mut self, part: &Self, numbers: &[usize]) {
        self.limit = self.limit.or(part.limit);
        if part.too_many {
            self.give_up();
        }
        for &number in part.numbers.iter().filter_map(|&theirs| numbers.get(theirs)) {
            if !self.too_many && !matches!(self.places.get(number), Some(Place::At(_))) {
                self.settle(number, true);
            }
        }
        if self.too_many || part.numbers.is_empty() {
            return;
        }
        let mut order = vec![None; self.numbers.len()];
        for (at, &theirs) in part.numbers.iter().enumerate().take(part.moments.columns()) {
            if let Some(Place::At(place)) = numbers.get(theirs).and_then(|&number| self.places.get(number)) {
                order[*place] = Some(at);
            }
        }
        self.moments.merge(&part.moments.arranged(&order));
    }

    /// The correlation of all that was added. Nothing may wait.
    pub(in crate::profile) fn freeze(&self, names: &Names) -> Option<Correlation> {
        let singles = self.moments.singles().iter().enumerate();
        let mut there: Vec<usize> = singles
            .filter(|(_, single)| single.n > 0)
            .map(|(place, _)| place)
            .collect();
        there.sort_unstable_by_key(|&place| self.numbers[place]);
        let order: Vec<Option<usize>> = there.iter().copied().map(Some).collect();
        (!there.is_empty()).then(|| Correlation {
            columns: there
                .iter()
                .map(|&place| names.name(self.numbers[place]).to_string())
                .collect(),
            moments: self.moments.arranged(&order),
        })
    }
}

impl ProfileBuilder {
    /// A profile of the records of a group.
    pub(in crate::profile) fn of_group(group: Group) -> Self {
        let mut builder = Self::default();
        builder.correlator.of_segment = group != Group::Total;
        builder
    }

    /// Whether columns would be correlated.
    pub(in crate::profile) fn may_correlate(&self, schema: &Schema) -> bool {
        match schema.correlation {
            Correlated::Nothing => false,
            Correlated::Few => !self.correlator.too_many && !self.correlator.of_segment,
            Correlated::All | Correlated::Only(_) => !self.correlator.too_many,
        }
    }

    /// Adds columns of one batch to the correlation.
    pub(in crate::profile) fn correlate(
        &mut self,
        columns: &[(usize, Vec<ArrayRef>)],
        rows: usize,
        known: (&Names, &Schema),
    ) -> Result<()> {
        self.correlator.fold(columns, rows, known)
    }
}

/// How the values that are pushed belong together.
#[derive(Debug, Clone, Default)]
pub(in crate::profile) enum Rows {
    /// Record by record.
    #[default]
    Records,
    /// Column by column: kept until all are there.
    Columns(Box<Correlator>),
    /// They do not: a part sees some of the columns only.
    Apart,
}

impl Rows {
    /// Takes a value of the record under way.
    #[inline]
    pub(in crate::profile) fn push(
        &mut self,
        builder: &mut ProfileBuilder,
        number: usize,
        value: Value<'_>,
        known: (&Names, &Schema),
    ) {
        match self {
            Self::Records => builder.correlator.push(number, value, known.0, known.1),
            Self::Columns(gathered) => gathered.push(number, value, known.0, known.1),
            Self::Apart => {}
        }
    }
}

impl Collector {
    /// The same, correlating nothing: for parts that see some columns only.
    #[must_use]
    pub fn without_correlation(mut self) -> Self {
        self.rows = Rows::Apart;
        self
    }

    /// Whether a top-level column has numbers to correlate, as far as its type says.
    pub fn may_correlate(&self, field: &Field) -> bool {
        let open = self.correlates() && !self.gave_up();
        open && self.schema().wants(field.name())
            && holds_numbers(field.name(), field.data_type(), self.schema())
    }

    fn gave_up(&self) -> bool {
        self.targets.whole().correlator.too_many
    }

    /// Whether whole records come in, whose values are correlated.
    pub(in crate::profile) fn correlates(&self) -> bool {
        matches!(self.rows, Rows::Records) && self.schema().correlation != Correlated::Nothing
    }

    /// Adds batches to the correlation, whose columns are added otherwise; not for windows.
    pub fn correlate_batches(&mut self, batches: &[RecordBatch]) -> Result<()> {
        for alike in batches.chunk_by(|a, b| a.schema_ref() == b.schema_ref()) {
            let rows = alike.iter().map(RecordBatch::num_rows).sum();
            let known = (&self.names, &*self.schema);
            let columns = known.0.flatten(known.1, alike)?;
            self.targets.at(WHOLE).correlate(&columns, rows, known)?;
        }
        Ok(())
    }

    /// Says that values are pushed column by column from now on, until [`Self::end_columns`].
    pub fn begin_columns(&mut self) {
        if self.correlates() {
            self.rows = Rows::Columns(Box::default());
        }
    }

    /// The row that values are pushed for.
    pub fn set_row(&mut self, row: usize) {
        if let Rows::Columns(gathered) = &mut self.rows {
            gathered.row = row;
        }
    }

    /// Correlates what was pushed column by column with arrays of the same `rows` records, of the
    /// profiles where they were placed.
    pub fn end_columns(
        &mut self,
        arrays: &[(Field, Vec<ArrayRef>)],
        rows: usize,
        placement: Option<&Placement>,
    ) -> Result<()> {
        let Rows::Columns(gathered) = std::mem::take(&mut self.rows) else {
            return Ok(());
        };
        if gathered.too_many {
            self.give_up_at(rows, placement);
            return Ok(());
        }
        let mut columns = Vec::new();
        for (field, chunks) in arrays
            .iter()
            .filter(|column| self.schema().wants(column.0.name()))
        {
            columns.extend(self.names.flatten_column(field.name(), chunks)?);
        }
        for (number, mut values) in gathered.numbers.into_iter().zip(gathered.waiting) {
            values.resize(rows, f64::NAN);
            let array: ArrayRef = Arc::new(Float64Array::from(values));
            columns.push((number, vec![array]));
        }
        columns.sort_by_key(|column| column.0);
        match placement {
            None => {
                let known = (&self.names, &*self.schema);
                self.targets.at(WHOLE).correlate(&columns, rows, known)
            }
            Some(placement) => self.correlate_placed(columns, rows, placement),
        }
    }

    /// Correlates columns of records that belong to several profiles.
    fn correlate_placed(
        &mut self,
        columns: Vec<(usize, Vec<ArrayRef>)>,
        rows: usize,
        placement: &Placement,
    ) -> Result<()> {
        let broken = |error: ArrowError| Error::data(format!("columns do not make a batch: {error}"));
        let (mut fields, mut arrays, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for (number, chunks) in columns {
            if !chunks.first().is_some_and(|chunk| is_numeric(chunk.data_type())) {
                continue;
            }
            let chunks: Vec<&dyn Array> = chunks.iter().map(|chunk| &**chunk).collect();
            let array = concat(&chunks).map_err(broken)?;
            fields.push(Field::new(number.to_string(), array.data_type().clone(), true));
            arrays.push(array);
            numbers.push(number);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(Arc::new(ArrowSchema::new(fields)), arrays, &options);
        let batch = batch.map_err(broken)?;
        let known = (&self.names, &*self.schema);
        for level in &placement.levels {
            let (sorted, slices) = match level {
                Level::One(target) => (batch.clone(), vec![(*target, vec![(0, rows)])]),
                Level::Each(targets)
                    if self
                        .targets
                        .any(targets, |builder| builder.may_correlate(known.1)) =>
                {
                    sort(&batch, targets)?
                }
                Level::Each(_) => continue,
            };
            for (target, slices) in slices {
                for (start, length) in slices {
                    let part = sorted.slice(start, length);
                    let arrays = part.columns().iter().map(|array| vec![array.clone()]);
                    let columns: Vec<(usize, Vec<ArrayRef>)> = numbers.iter().copied().zip(arrays).collect();
                    self.targets.at(target).correlate(&columns, length, known)?;
                }
            }
        }
        Ok(())
    }

    /// Correlates nothing in the profiles of some records.
    fn give_up_at(&mut self, rows: usize, placement: Option<&Placement>) {
        let Some(placement) = placement else {
            return self.targets.at(WHOLE).correlator.give_up();
        };
        for level in &placement.levels {
            (0..rows).for_each(|row| self.targets.at(level.at(row)).correlator.give_up());
        }
    }

    /// Ends what [`Self::begin_columns`] began, should something have gone wrong between.
    pub fn abandon_columns(&mut self) {
        if matches!(self.rows, Rows::Columns(_)) {
            self.rows = Rows::Records;
        }
    }
}

/// The numbers that texts of a column stand for, NaN where they stand for none.
pub(in crate::profile) fn number_of(value: Value<'_>) -> f64 {
    match value {
        Value::Integer(value) => value as f64,
        Value::Float(value) | Value::Decimal(_, value) => value,
        Value::BigInteger(text) => text.parse().unwrap_or(f64::NAN),
        _ => f64::NAN,
    }
}
