//! Collectors count conditions: of whole records, of batches, of columns that come one by one.

use super::Collector;
use super::conditions::Conditions;
use super::conditions::Watch;
use super::placing::{Level, Placement};
use super::targets::WHOLE;
use super::texts::TextColumn;
use crate::expressions::{Input, Inputs};
use crate::{Result, cores};
use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field};
use rayon::prelude::*;

impl Collector {
    /// The same, counting these conditions.
    #[must_use]
    pub fn with_conditions(mut self, conditions: Conditions) -> Self {
        self.watch = Watch::new(conditions);
        self
    }

    /// The same, counting no conditions: for parts that see some columns only.
    #[must_use]
    pub fn without_conditions(mut self) -> Self {
        self.watch = Watch::default();
        self
    }

    /// The conditions that are counted.
    pub fn conditions(&self) -> &Conditions {
        self.watch.conditions()
    }

    /// Counts conditions of a batch whose columns are added otherwise; not for windows or segments.
    pub fn count_batch(&mut self, batch: &RecordBatch) -> Result<()> {
        let tallies = self.watch.conditions().count_batch(batch, self.nan_is_null())?;
        self.targets.at(WHOLE).add_tallies(&tallies);
        Ok(())
    }

    /// Counts conditions of texts that are folded column by column.
    pub(super) fn count_texts(&mut self, columns: &[(usize, &TextColumn)], rows: usize) -> Result<()> {
        if self.watch.active().is_none() {
            return Ok(());
        }
        let needed: Vec<(usize, &TextColumn)> = columns
            .iter()
            .filter_map(|(number, column)| Some((self.watch.slot_of(*number)?, *column)))
            .collect();
        let gathered: Vec<(usize, Input)> = cores::run(|| needed.par_iter().map(gather).collect());
        let mut inputs = vec![Input::Missing; self.conditions().columns().len()];
        for (slot, input) in gathered {
            inputs[slot] = input;
        }
        let tallies = self.watch.count(&Inputs::new(inputs, rows, false)?);
        self.targets.at(WHOLE).add_tallies(&tallies);
        Ok(())
    }

    /// Whether values that are pushed are those of whole records, of which conditions are counted.
    pub fn set_watching(&mut self, watching: bool) {
        self.watch.set_watching(watching);
    }

    /// Counts conditions of records that are added otherwise: those of a batch that was placed, from row
    /// `start` on, or of one that all goes to one profile.
    pub fn count_conditions(&mut self, inputs: &Inputs, placed: Option<(&Placement, usize)>) {
        let Some((placement, start)) = placed else {
            let tallies = self.watch.count(inputs);
            self.targets.at(WHOLE).add_tallies(&tallies);
            return;
        };
        let outcomes = self.watch.outcomes(inputs);
        for level in &placement.levels {
            let targets = match level {
                Level::One(target) => {
                    let tallies = outcomes.count(0, inputs.rows());
                    self.targets.at(*target).add_tallies(&tallies);
                    continue;
                }
                Level::Each(targets) => &targets[start..start + inputs.rows()],
            };
            let mut at = 0;
            for run in targets.chunk_by(|a, b| a == b) {
                let tallies = outcomes.count(at, run.len());
                self.targets.at(run[0] as usize).add_tallies(&tallies);
                at += run.len();
            }
        }
    }

    /// The first table must have the columns of the conditions, of the segments and of derived columns: they are
    /// probably misspelt. In later ones they may be missing, as any column may.
    pub fn check_columns<'a>(&mut self, fields: impl Iterator<Item = &'a Field> + Clone) -> Result<()> {
        self.check_asked(fields, self.records() == 0)
    }

    /// The same of the first records, which have columns of their own each: once they are there, some must
    /// have had each of them; if not, they are forgotten. A service takes what comes.
    pub fn check_came(&mut self) -> Result<()> {
        if self.records() == 0 || self.is_forgiving() {
            return Ok(());
        }
        let derived: Vec<&str> = self.derived.names().collect();
        let came = self.names.iter().chain(self.watch.came());
        let came = came.filter(|name| !derived.contains(name));
        // Of columns that are not profiled nothing is known, and records are not grouped by what is inside.
        let grouping = self.segments.columns();
        let inside = |name: &str| {
            name.rsplit_once('.')
                .is_some_and(|(outer, _)| self.names.known(outer).is_some())
        };
        let came = came.filter(|name| !(grouping.iter().any(|column| column == name) && inside(name)));
        let asked = grouping.iter().chain(self.derived.columns()).map(String::as_str);
        let unknown = asked.filter(|name| !self.schema.wants(name));
        let fields: Vec<Field> = came
            .chain(unknown)
            .map(|name| Field::new(name, DataType::Null, true))
            .collect();
        let checked = self.check_asked(fields.iter(), true);
        if checked.is_err() {
            drop(self.take(true));
        }
        checked
    }

    fn check_asked<'a>(
        &mut self,
        fields: impl Iterator<Item = &'a Field> + Clone,
        first: bool,
    ) -> Result<()> {
        self.watch.check_derived(fields.clone(), first, &self.derived)?;
        let derived = self.derived.names();
        let derived: Vec<Field> = derived
            .map(|name| Field::new(name, DataType::Null, true))
            .collect();
        let mut all: Vec<&Field> = fields.collect();
        all.extend(&derived);
        if first {
            let names = all.iter().map(|field| field.name().as_str());
            self.schema.check_private(names)?;
        }
        self.segments.check(all.iter().copied(), first)?;
        self.watch.check(all.into_iter(), first)
    }
}

fn gather(&(slot, column): &(usize, &TextColumn)) -> (usize, Input) {
    (slot, column.gather())
}
