//! Several samplers over the same records.

use super::item::Kept;
use super::pool::Pool;
use super::sample::Sample;
use super::sampler::{Offer, Sampler, sampler};
use super::source::Source;
use super::spec::Spec;
use crate::expressions::Inputs;
use crate::random::{Random, mix};
use crate::{Error, Result};
use std::collections::HashSet;

/// A sampler with its name and its own random numbers.
#[derive(Debug)]
struct Named {
    name: String,
    spec: Spec,
    sampler: Box<dyn Sampler>,
    random: Random,
}

/// Samplers, and the rows that they keep.
#[derive(Debug)]
pub struct Sampling {
    samplers: Vec<Named>,
    pool: Pool,
    seen: u64,
    checked: bool,
}

impl Sampling {
    /// Samplers by name. Of the records `columns` are kept, all when `None`. With the same seed and the same
    /// records in the same order come the same samples.
    ///
    /// # Errors
    /// When there is no sampler, or two have one name.
    pub fn new(samplers: Vec<(String, Spec)>, columns: Option<Vec<String>>, seed: u64) -> Result<Self> {
        if samplers.is_empty() {
            return Err(Error::argument("there is no sampler; give at least one, by name"));
        }
        let mut names = HashSet::new();
        if let Some((name, _)) = samplers.iter().find(|named| !names.insert(named.0.as_str())) {
            return Err(Error::argument(format!(
                "two samplers are called {name:?}; give each a name of its own"
            )));
        }
        let samplers = samplers.into_iter().map(|(name, spec)| Named {
            sampler: sampler(&spec),
            name,
            spec,
            random: Random::new(0),
        });
        let pool = Pool::new(columns.map(|columns| columns.into_iter().collect()));
        let mut sampling = Self {
            samplers: samplers.collect(),
            pool,
            seen: 0,
            checked: false,
        };
        sampling.reseed(seed);
        Ok(sampling)
    }

    /// Draws by other random numbers from now on.
    pub fn reseed(&mut self, seed: u64) {
        for (named, number) in self.samplers.iter_mut().zip(1..) {
            named.random = Random::new(mix(seed ^ mix(number)));
        }
    }

    /// How many records were shown.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// Shows records to the samplers.
    ///
    /// # Errors
    /// When the first records lack a column that a sampler decides by, or one cannot be read.
    pub fn add(&mut self, source: &dyn Source) -> Result<()> {
        self.check(source)?;
        let inputs = self
            .samplers
            .iter()
            .map(|named| source.inputs(named.sampler.columns()));
        let inputs: Vec<Inputs> = inputs.collect::<Result<_>>()?;
        self.offer(&inputs, source.rows());
        self.pool.settle(self.seen - source.rows() as u64, source)
    }

    /// Passes the next record by, if it is settled that it enters no sample, whatever it holds.
    pub fn pass(&mut self) -> bool {
        if !self.samplers.iter().all(|named| named.sampler.passes_next()) {
            return false;
        }
        let Ok(none) = Inputs::new(Vec::new(), 1, false) else {
            return false;
        };
        self.offer(&vec![none; self.samplers.len()], 1);
        true
    }

    fn offer(&mut self, inputs: &[Inputs], rows: usize) {
        for (named, inputs) in self.samplers.iter_mut().zip(inputs) {
            let offer = Offer {
                inputs,
                first: self.seen,
            };
            named
                .sampler
                .offer(&offer, &mut named.random, &mut self.pool.ledger);
        }
        self.seen += rows as u64;
    }

    /// A column that is not there at first is probably misspelt; later it may be missing, as any may.
    fn check(&mut self, source: &dyn Source) -> Result<()> {
        let Some(names) = source.names().filter(|_| !self.checked && self.seen == 0) else {
            return Ok(());
        };
        for named in &self.samplers {
            let there = |column: &&String| {
                let fits = |name: &&str| {
                    let rest = column.strip_prefix(*name);
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                };
                names.iter().any(fits)
            };
            if let Some(missing) = named.sampler.columns().iter().find(|column| !there(column)) {
                let shown: Vec<&str> = names.iter().copied().take(10).collect();
                return Err(Error::argument(format!(
                    "sampler {:?} decides by the column {missing:?}, which the data does not have; it has {}",
                    named.name,
                    shown.join(", ")
                )));
            }
        }
        self.checked = true;
        Ok(())
    }

    /// What the samplers keep now, by name.
    ///
    /// # Errors
    /// When rows cannot be put together.
    pub fn samples(&self) -> Result<Vec<(String, Sample)>> {
        let sample = |named: &Named| {
            let kept: Kept = named.sampler.kept();
            let orders: Vec<u64> = kept.items.iter().map(|item| item.order).collect();
            let rows = self.pool.rows(&orders)?;
            Ok((named.name.clone(), Sample::new(named.spec.clone(), kept, rows)?))
        };
        self.samplers.iter().map(sample).collect()
    }

    /// What the samplers keep, by name; they begin anew.
    ///
    /// # Errors
    /// When rows cannot be put together; nothing is lost then.
    pub fn take(&mut self) -> Result<Vec<(String, Sample)>> {
        let samples = self.samples()?;
        for named in &mut self.samplers {
            named.sampler = sampler(&named.spec);
        }
        self.pool = self.pool.emptied();
        self.seen = 0;
        Ok(samples)
    }
}
