//! Conditions: expressions of which each record is counted while it is logged.

mod watch;

use crate::expressions::{Cells, Expression, Inputs, Notes, Truth, outcome_of, truth};
use crate::{Error, Result, cores};
use arrow_array::RecordBatch;
use rayon::prelude::*;
use std::collections::HashSet;

pub(super) use watch::{OBSERVED, Watch};

/// Rows that one task looks at.
const PART: usize = 1 << 16;

/// Conditions that one collector counts at most.
const MOST: usize = 1_000;

/// A condition as a profile keeps it: of how many records it was true, false, or unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Its name.
    pub name: String,
    /// The canonical text of its expression.
    pub expression: String,
    /// The counts.
    pub tally: Tally,
}

/// Of how many records a condition was true, false, or unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// True.
    pub passed: u64,
    /// False.
    pub failed: u64,
    /// Neither, because something was null or of a type that does not fit.
    pub unknown: u64,
    /// What did not fit, if anything did not.
    pub reason: Option<Box<str>>,
}

impl Tally {
    /// Adds the counts of other records.
    pub fn merge(&mut self, other: &Self) {
        self.passed = self.passed.saturating_add(other.passed);
        self.failed = self.failed.saturating_add(other.failed);
        self.unknown = self.unknown.saturating_add(other.unknown);
        // One of the reasons, whichever the order in which parts merge.
        self.reason = match (self.reason.take(), &other.reason) {
            (Some(mine), Some(theirs)) => Some(mine.min(theirs.clone())),
            (mine, theirs) => mine.or_else(|| theirs.clone()),
        };
    }

    fn add(&mut self, outcome: Option<bool>, notes: Notes) {
        match outcome {
            Some(true) => self.passed += 1,
            Some(false) => self.failed += 1,
            None => self.unknown += 1,
        }
        if self.reason.is_none() {
            self.reason = notes.reason;
        }
    }

    /// Records that were looked at.
    pub fn records(&self) -> u64 {
        self.passed
            .saturating_add(self.failed)
            .saturating_add(self.unknown)
    }
}

/// The conditions of a collector.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    list: Vec<(String, Expression)>,
    columns: Vec<String>,
}

impl Conditions {
    /// Conditions by name.
    ///
    /// # Errors
    /// When two have one name, one is no condition, or there are too many.
    pub fn new(conditions: Vec<(String, Expression)>) -> Result<Self> {
        let mut names = HashSet::new();
        let mut columns = Vec::new();
        let mut list = Vec::new();
        if conditions.len() > MOST {
            return Err(Error::argument(format!(
                "{} conditions; at most {MOST} are counted",
                conditions.len()
            )));
        }
        for (name, expression) in conditions {
            if !expression.is_condition() {
                return Err(Error::argument(format!(
                    "condition {name:?}: {expression} is not true or false; compare it with something"
                )));
            }
            if !names.insert(name.clone()) {
                return Err(Error::argument(format!(
                    "two conditions are called {name:?}; give each a name of its own"
                )));
            }
            list.push((name, expression.over(&mut columns)));
        }
        Ok(Self { list, columns })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The columns that they name.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Whether one names a top-level column, or something inside it.
    pub fn needs(&self, name: &str) -> bool {
        let inside = |column: &String| {
            let rest = column.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.columns.iter().any(inside)
    }

    /// The condition that names a column.
    pub(in crate::profile) fn naming(&self, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|name| name == column)?;
        let names = |expression: &Expression| expression.numbers().contains(&at);
        let found = self.list.iter().find(|(_, expression)| names(expression));
        found.map(|(name, _)| name.as_str())
    }

    /// Counts the rows of some columns, on all cores.
    pub(in crate::profile) fn count(&self, inputs: &Inputs) -> Vec<Tally> {
        if self.is_empty() || inputs.rows() < 2 * PART {
            return self.count_part(inputs);
        }
        let starts: Vec<usize> = (0..inputs.rows()).step_by(PART).collect();
        let parts: Vec<Vec<Tally>> = cores::run(|| {
            starts
                .into_par_iter()
                .with_max_len(1)
                .map(|start| self.count_part(&inputs.slice(start, PART.min(inputs.rows() - start))))
                .collect()
        });
        let mut sum = vec![Tally::default(); self.list.len()];
        parts.iter().for_each(|part| add_all(&mut sum, part));
        sum
    }

    fn count_part(&self, inputs: &Inputs) -> Vec<Tally> {
        self.outcomes(inputs).count(0, inputs.rows())
    }

    /// What each condition is for each row.
    pub(in crate::profile) fn outcomes(&self, inputs: &Inputs) -> Outcomes {
        let outcome = |(_, expression): &(String, Expression)| {
            let mut notes = Notes::default();
            (truth(expression, inputs, &mut notes), notes.reason)
        };
        Outcomes(self.list.iter().map(outcome).collect())
    }

    /// Counts the records of a batch.
    pub(in crate::profile) fn count_batch(
        &self,
        batch: &RecordBatch,
        nan_is_null: bool,
    ) -> Result<Vec<Tally>> {
        if self.is_empty() {
            return Ok(Vec::new());
        }
        let inputs = Inputs::of_batch(batch, &self.columns, nan_is_null)?;
        let mut tallies = self.count(&inputs);
        self.explain(&mut tallies, |column| inputs.has(column));
        Ok(tallies)
    }

    /// Counts one record.
    pub(in crate::profile) fn count_record(&self, record: &Cells, tallies: &mut Vec<Tally>) {
        tallies.resize(self.list.len(), Tally::default());
        for ((_, expression), tally) in self.list.iter().zip(tallies) {
            let mut notes = Notes::default();
            let outcome = outcome_of(expression, record, &mut notes);
            tally.add(outcome, notes);
        }
    }

    /// Says of what is unknown throughout that a column was never there.
    pub(in crate::profile) fn explain(&self, tallies: &mut [Tally], is_there: impl Fn(usize) -> bool) {
        for ((_, expression), tally) in self.list.iter().zip(tallies) {
            if tally.unknown == 0 || tally.reason.is_some() {
                continue;
            }
            tally.reason = self.missing(expression, &is_there);
        }
    }

    fn missing(&self, expression: &Expression, is_there: impl Fn(usize) -> bool) -> Option<Box<str>> {
        let missing = expression
            .numbers()
            .into_iter()
            .find(|&column| !is_there(column))?;
        Some(format!("no column {:?}", self.columns[missing]).into())
    }

    /// The conditions as a profile keeps them.
    pub(in crate::profile) fn counted(&self, tallies: &[Tally]) -> Vec<Condition> {
        let counted = |(at, (name, expression)): (usize, &(String, Expression))| Condition {
            name: name.clone(),
            expression: expression.to_string(),
            tally: tallies.get(at).cloned().unwrap_or_default(),
        };
        self.list.iter().enumerate().map(counted).collect()
    }
}

/// What each condition is for each of some rows, and why it is unknown.
#[derive(Debug)]
pub(in crate::profile) struct Outcomes(Vec<(Truth, Option<Box<str>>)>);

impl Outcomes {
    /// The counts of some of the rows.
    pub(in crate::profile) fn count(&self, start: usize, rows: usize) -> Vec<Tally> {
        let count = |(truth, reason): &(Truth, Option<Box<str>>)| {
            let (passed, failed) = truth.count(start, rows);
            let unknown = rows as u64 - passed - failed;
            Tally {
                passed,
                failed,
                unknown,
                reason: reason.clone().filter(|_| unknown > 0),
            }
        };
        self.0.iter().map(count).collect()
    }

    /// Says that a column is not there.
    pub(in crate::profile) fn explain(&mut self, conditions: &Conditions, inputs: &Inputs) {
        for ((_, reason), (_, expression)) in self.0.iter_mut().zip(&conditions.list) {
            if reason.is_none() {
                *reason = conditions.missing(expression, |column| inputs.has(column));
            }
        }
    }
}

/// Adds counts of the same conditions.
pub(in crate::profile) fn add_all(sum: &mut Vec<Tally>, part: &[Tally]) {
    if sum.len() < part.len() {
        sum.resize(part.len(), Tally::default());
    }
    for (mine, theirs) in sum.iter_mut().zip(part) {
        mine.merge(theirs);
    }
}

/// Adds conditions of another profile. Those of one name are one only if their expressions are.
pub(in crate::profile) fn merge(mine: &mut Vec<Condition>, theirs: &[Condition]) {
    for other in theirs {
        let same = |mine: &&mut Condition| mine.name == other.name && mine.expression == other.expression;
        match mine.iter_mut().find(same) {
            Some(known) => known.tally.merge(&other.tally),
            None => mine.push(other.clone()),
        }
    }
}
