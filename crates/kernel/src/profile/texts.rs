//! Columns of texts that stand for other values.

use super::Collector;
use super::builder::ProfileBuilder;
use super::collector::no_timestamp;
use super::conditions::OBSERVED;
use super::correlation::number_of;
use super::derived::DerivedRow;
use super::names::Names;
use super::targets::WHOLE;
use crate::columns::{Inference, Schema, Value, ValueBuffer, parse_timestamp};
use crate::expressions::{Gathered, Input};
use crate::{Error, Result};
use arrow_array::{ArrayRef, Float64Array};
use std::sync::{Arc, OnceLock};

/// Values of one column as texts, one behind the other.
#[derive(Debug, Clone)]
pub struct TextColumn {
    name: String,
    text: String,
    ends: Vec<usize>,
    /// What the texts stand for.
    pub kind: Inference,
}

impl TextColumn {
    /// An empty column.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            text: String::new(),
            ends: Vec::new(),
            kind: Inference::Unknown,
        }
    }

    /// Adds a value; bytes that are not UTF-8 become replacement characters.
    pub fn push(&mut self, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.text.push_str(text),
            Err(_) => self.text.push_str(&String::from_utf8_lossy(bytes)),
        }
        self.ends.push(self.text.len());
    }

    /// The column with its values read.
    pub(super) fn gather(&self) -> Input {
        let mut gathered = Gathered::default();
        self.texts().for_each(|text| gathered.push(self.kind.read(text)));
        gathered.finish()
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// One of the values.
    pub(super) fn text(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[row]]
    }

    /// The values.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.text[start..end])
    }
}

impl Collector {
    /// Adds columns of texts with `rows` values each.
    pub fn log_texts(&mut self, columns: &[TextColumn], rows: usize) -> Result<()> {
        self.sample(&columns)?;
        let mut numbered: Vec<(usize, &TextColumn)> = columns
            .iter()
            .filter_map(|column| Some((self.column_number(&column.name)?, column)))
            .collect();
        let derived = self.derive(columns, rows)?;
        if self.is_whole() && derived.is_none() {
            self.count_texts(&numbered, rows)?;
            numbered.retain(|(number, _)| *number < OBSERVED);
            let correlates = self.correlates();
            let known = (&self.names, &*self.schema);
            let builder = self.targets.at(WHOLE);
            let numbers = builder.fold_texts(&numbered, rows as u64, known, correlates);
            return builder.correlate(&numbers, rows, known);
        }
        let times = self.times_of_texts(columns, rows, derived.as_deref())?;
        let mut values: Vec<_> = numbered
            .iter()
            .map(|(number, column)| (*number, column.kind, column.texts()))
            .collect();
        let named = self.segments.columns().iter().enumerate();
        let keys =
            named.filter_map(|(key, name)| Some((key, columns.iter().find(|column| column.name == *name)?)));
        let mut keys: Vec<_> = keys
            .map(|(key, column)| (key, column.kind, column.texts()))
            .collect();
        self.clear_key();
        for (row, time) in times.into_iter().enumerate() {
            for (key, kind, texts) in &mut keys {
                if let Some(text) = texts.next() {
                    self.set_key(*key, kind.read(text))?;
                }
            }
            if let Some(arrays) = &derived {
                self.set_derived_keys(DerivedRow::Of(arrays, row))?;
            }
            self.begin_record(time);
            for (number, kind, texts) in &mut values {
                if let Some(text) = texts.next() {
                    self.push(*number, kind.read(text));
                }
            }
            if let Some(arrays) = &derived {
                self.push_derived(DerivedRow::Of(arrays, row));
            }
            self.end_record();
        }
        Ok(())
    }
}

impl Collector {
    /// The derived columns of texts; `None` when there are none.
    fn derive(&self, columns: &[TextColumn], rows: usize) -> Result<Option<Vec<ArrayRef>>> {
        let derived = self.derived();
        if derived.is_empty() {
            return Ok(None);
        }
        columns
            .iter()
            .try_for_each(|column| derived.check_name(&column.name))?;
        let input = |name: &String| match columns.iter().find(|column| column.name == *name) {
            Some(column) => column.gather(),
            None => Input::Missing,
        };
        let inputs = derived.columns().iter().map(input).collect();
        derived.compute(inputs, rows, false).map(Some)
    }

    /// When the records of columns of texts happened; of no account without windows.
    fn times_of_texts(
        &self,
        columns: &[TextColumn],
        rows: usize,
        derived: Option<&[ArrayRef]>,
    ) -> Result<Vec<Option<i64>>> {
        if !self.needs_times() {
            return Ok(vec![None; rows]);
        }
        let name = self.timestamp().unwrap_or_default();
        let at = self.derived().names().position(|derived| derived == name);
        if let Some(array) = at.zip(derived).map(|(at, arrays)| &arrays[at]) {
            return self.times_of(array);
        }
        match columns.iter().find(|column| column.name == name) {
            Some(timestamp) => {
                let times = timestamp.texts().map(|text| time_of(name, text));
                times.map(|time| self.forgive(time)).collect()
            }
            None => self.missing_times(rows, || {
                no_timestamp(name, columns.iter().map(|column| column.name.as_str()))
            }),
        }
    }
}

fn time_of(name: &str, text: &str) -> Result<Option<i64>> {
    if let Value::Null = Inference::Text.read(text) {
        return Ok(None);
    }
    parse_timestamp(text).map(Some).ok_or_else(|| {
        Error::data(format!(
            "timestamp column {name:?} holds {text:?}; expected ISO 8601 such as 2013-02-08 or 2013-02-08T05:00:00Z"
        ))
    })
}

/// A column of texts, and the numbers that they stand for once it was read.
struct Reading<'a> {
    texts: &'a TextColumn,
    wanted: bool,
    numbers: OnceLock<ArrayRef>,
}

impl Reading<'_> {
    /// Reads all values, and keeps those that are numbers where rows of numbers are wanted.
    fn read(&self, pending: &mut ValueBuffer) {
        let kind = self.texts.kind;
        if !self.wanted {
            self.texts.texts().for_each(|text| pending.push(kind.read(text)));
            return;
        }
        let read = |text| {
            let value = kind.read(text);
            pending.push(value);
            number_of(value)
        };
        let numbers: Vec<f64> = self.texts.texts().map(read).collect();
        if numbers.iter().any(|number| number.is_finite()) {
            self.numbers.get_or_init(|| Arc::new(Float64Array::from(numbers)));
        }
    }
}

impl ProfileBuilder {
    /// Adds whole columns of texts; gives back the numbers that they stand for.
    fn fold_texts(
        &mut self,
        columns: &[(usize, &TextColumn)],
        rows: u64,
        (names, schema): (&Names, &Schema),
        correlates: bool,
    ) -> Vec<(usize, Vec<ArrayRef>)> {
        let wanted = |number: usize, texts: &TextColumn| {
            correlates && texts.kind != Inference::Text && schema.correlates(names.name(number))
        };
        let readings: Vec<(usize, Reading<'_>)> = columns
            .iter()
            .map(|&(number, texts)| {
                let reading = Reading {
                    texts,
                    wanted: wanted(number, texts),
                    numbers: OnceLock::new(),
                };
                (number, reading)
            })
            .collect();
        let work: Vec<(usize, &Reading<'_>)> = readings
            .iter()
            .map(|(number, reading)| (*number, reading))
            .collect();
        self.fold_each(&work, rows, (names, schema), |slot, reading| {
            slot.fill(|values| reading.read(values));
        });
        readings
            .into_iter()
            .filter_map(|(number, reading)| Some((number, vec![reading.numbers.into_inner()?])))
            .collect()
    }
}
