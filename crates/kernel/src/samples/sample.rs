//! A sample: rows, what is known of each, and of all the records out of which it was drawn.

use super::item::{Facts, Item, Kept};
use super::pool::Ledger;
use super::sampler::sampler;
use super::shape;
use super::spec::Spec;
use crate::expressions::{Expression, Inputs, Notes, truth};
use crate::{Error, Result};
use arrow_array::{BooleanArray, RecordBatch};
use arrow_select::filter::filter_record_batch;
use std::collections::{HashMap, HashSet};

/// Records that a sampler kept.
#[derive(Debug, Clone)]
pub struct Sample {
    spec: Spec,
    /// All that is kept, also what is spare.
    kept: Kept,
    kept_rows: RecordBatch,
    /// What is not spare.
    items: Vec<Item>,
    rows: RecordBatch,
}

/// What a sample says of all records.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The sum, of records or of weights.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

impl Sample {
    /// A sample of items and the rows beside them.
    ///
    /// # Errors
    /// When there are not as many rows as items.
    pub(super) fn new(spec: Spec, kept: Kept, kept_rows: RecordBatch) -> Result<Self> {
        if kept_rows.num_rows() != kept.items.len() {
            return Err(Error::data("a sample of other rows than its items"));
        }
        let items: Vec<Item> = kept.items.iter().filter(|item| !item.spare).copied().collect();
        let rows = if items.len() == kept.items.len() {
            kept_rows.clone()
        } else {
            let shown: BooleanArray = kept.items.iter().map(|item| Some(!item.spare)).collect();
            filter_record_batch(&kept_rows, &shown).map_err(|error| Error::data(error.to_string()))?
        };
        Ok(Self {
            spec,
            kept,
            kept_rows,
            items,
            rows,
        })
    }

    /// All that is kept, also what is spare, and the rows of it.
    pub(super) fn kept(&self) -> (&[Item], &RecordBatch) {
        (&self.kept.items, &self.kept_rows)
    }

    /// The sampler.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// What is known of all the records.
    pub fn facts(&self) -> &Facts {
        &self.kept.facts
    }

    /// What is known of each record that is kept, in order of arrival.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The records, in the same order.
    pub fn rows(&self) -> &RecordBatch {
        &self.rows
    }

    /// For how much of all each record stands: so many records, or so much weight. `None` where chance had no
    /// part in the choice, so that a record stands for itself alone.
    pub fn weights(&self) -> Option<Vec<f64>> {
        let items = self.items();
        let facts = self.facts();
        match self.spec {
            Spec::Outliers { .. } | Spec::Rare { .. } => None,
            Spec::Weighted { .. } => Some(items.iter().map(|item| item.weight).collect()),
            Spec::Reservoir { .. } | Spec::Failing { .. } => {
                Some(vec![facts.eligible as f64 / items.len() as f64; items.len()])
            }
            Spec::Stratified { .. } => {
                let sizes = self.strata();
                let weight = |item: &Item| {
                    let seen = facts
                        .groups
                        .get(item.group as usize)
                        .map_or(0, |group| group.seen);
                    seen as f64 / sizes.get(&item.group).copied().unwrap_or(1) as f64
                };
                Some(items.iter().map(weight).collect())
            }
        }
    }

    /// How many records are kept of each stratum.
    fn strata(&self) -> HashMap<u32, usize> {
        let mut sizes = HashMap::new();
        for item in self.items() {
            *sizes.entry(item.group).or_insert(0) += 1;
        }
        sizes
    }

    /// Of how many records of those that the sample was drawn from (of a weighted one: how much of their weight)
    /// a condition is true. Without bias, whatever the condition.
    ///
    /// # Errors
    /// When chance had no part in the choice, or the condition is none.
    pub fn estimate(&self, condition: Option<&Expression>) -> Result<Estimate> {
        let Some(weights) = self.weights() else {
            return Err(Error::argument(format!(
                "a sample of {} says nothing of other records: its records were not chosen by chance",
                self.spec.kind()
            )));
        };
        let counted = match condition {
            Some(condition) => self.truths(condition)?,
            None => vec![true; weights.len()],
        };
        let value = weights
            .iter()
            .zip(&counted)
            .filter(|pair| *pair.1)
            .map(|pair| pair.0)
            .sum();
        let variance = match self.spec {
            Spec::Weighted { .. } => self.weighted_variance(&counted),
            _ => self.counted_variance(&counted),
        };
        Ok(Estimate {
            value,
            standard_error: variance.max(0.0).sqrt(),
        })
    }

    fn truths(&self, condition: &Expression) -> Result<Vec<bool>> {
        if !condition.is_condition() {
            return Err(Error::argument(format!(
                "{condition} is not true or false; compare it with something"
            )));
        }
        let mut columns = Vec::new();
        let condition = condition.over(&mut columns);
        let inputs = Inputs::of_batch(&self.rows, &columns, false)?;
        if let Some(missing) = (0..columns.len()).find(|&column| !inputs.has(column)) {
            return Err(Error::argument(format!(
                "the sample has no column {:?}",
                columns[missing]
            )));
        }
        let mut notes = Notes::default();
        let truth = truth(&condition, &inputs, &mut notes);
        let (passed, failed) = truth.count(0, truth.len());
        if let (0, Some(reason)) = (passed + failed, notes.reason) {
            return Err(Error::argument(format!(
                "{condition} is true or false of no record: {reason}"
            )));
        }
        Ok((0..truth.len())
            .map(|row| truth.value(row) == Some(true))
            .collect())
    }

    /// Of each stratum a sample without replacement (Cochran, "Sampling techniques", 1977, 3.2 and 5.3).
    fn counted_variance(&self, counted: &[bool]) -> f64 {
        let mut by_group: HashMap<u32, (f64, f64)> = HashMap::new();
        for (item, &counted) in self.items().iter().zip(counted) {
            let (size, hits) = by_group.entry(item.group).or_default();
            *size += 1.0;
            *hits += f64::from(counted);
        }
        let facts = self.facts();
        let variance = |(group, (size, hits)): (&u32, &(f64, f64))| {
            let stratum = facts.groups.get(*group as usize);
            let all = stratum.map_or(facts.eligible, |stratum| stratum.seen) as f64;
            let share = hits / size;
            if *size >= all {
                0.0
            } else if *size < 2.0 {
                // One record of many says nothing of how they differ: as different as they can be.
                all * all / 4.0
            } else {
                all * all * (1.0 - size / all) * share * (1.0 - share) / (size - 1.0)
            }
        };
        by_group.iter().map(variance).sum()
    }

    /// Horvitz & Thompson's estimate as if records were kept independently of each other; in a VarOpt sample no
    /// two are kept together more often than that, so that the variance is at most this (Cohen et al., 2011).
    fn weighted_variance(&self, counted: &[bool]) -> f64 {
        let items = self.items().iter().zip(counted).filter(|pair| *pair.1);
        items
            .map(|(item, _)| item.weight * (item.weight - item.value))
            .sum()
    }

    /// The sample of all records that any of some samples was drawn from.
    ///
    /// # Errors
    /// When the samplers differ, or two samples are drawn by the same random numbers.
    pub fn merge(parts: &[&Self]) -> Result<Self> {
        let Some(first) = parts.first() else {
            return Err(Error::merge("there is no sample to merge"));
        };
        if let Some(other) = parts.iter().find(|part| part.spec != first.spec) {
            return Err(Error::merge(format!(
                "samples of different samplers do not merge: {} and {}",
                first.spec, other.spec
            )));
        }
        check_apart(parts)?;
        let mut sampler = sampler(&first.spec);
        let mut ledger = Ledger::default();
        let mut places: HashMap<u64, (usize, usize)> = HashMap::new();
        let mut before: u64 = 0;
        for (number, part) in parts.iter().enumerate() {
            let mut kept = part.kept.clone();
            for (row, item) in kept.items.iter_mut().enumerate() {
                item.order = item.order.saturating_add(before);
                places.insert(item.order, (number, row));
            }
            before = before.saturating_add(part.facts().seen);
            sampler.merge(kept, &mut ledger);
        }
        let kept = sampler.kept();
        let places: Vec<(usize, usize)> = kept
            .items
            .iter()
            .filter_map(|item| places.get(&item.order).copied())
            .collect();
        let batches: Vec<RecordBatch> = parts.iter().map(|part| part.kept_rows.clone()).collect();
        let rows = shape::gather(&batches, &places)?;
        Self::new(first.spec.clone(), kept, rows)
    }
}

/// Two samples with the same random numbers are not independent: perhaps they are the very same.
fn check_apart(parts: &[&Sample]) -> Result<()> {
    let mut seen: HashSet<u64> = HashSet::new();
    for part in parts {
        let mine: Vec<u64> = part
            .kept
            .items
            .iter()
            .map(|item| item.priority.to_bits())
            .collect();
        if mine.iter().any(|priority| seen.contains(priority)) {
            return Err(Error::merge(
                "two of the samples were drawn by the same random numbers: either one is there twice, or both \
                 samplings had the same seed=; give each part a seed of its own, or none",
            ));
        }
        seen.extend(mine);
    }
    Ok(())
}
