//! What each kind of sampler does.

use super::failing::Failing;
use super::item::Kept;
use super::outliers::Outliers;
use super::pool::Ledger;
use super::rare::Rare;
use super::reservoir::Reservoir;
use super::spec::Spec;
use super::stratified::Stratified;
use super::weighted::Weighted;
use crate::expressions::Inputs;
use crate::random::Random;
use std::fmt::Debug;

/// Records that a sampler is shown.
#[derive(Debug)]
pub(super) struct Offer<'a> {
    /// The columns that it decides by.
    pub(super) inputs: &'a Inputs,
    /// The place of the first in the order of arrival.
    pub(super) first: u64,
}

impl Offer<'_> {
    pub(super) fn rows(&self) -> usize {
        self.inputs.rows()
    }
}

/// Decides which records to keep.
pub(super) trait Sampler: Debug + Send {
    /// The columns that it decides by.
    fn columns(&self) -> &[String];

    /// Whether it is settled already that the next record does not enter, whatever it holds.
    fn passes_next(&self) -> bool {
        false
    }

    /// Looks at records, and tells the ledger which enter and which leave.
    fn offer(&mut self, offer: &Offer<'_>, random: &mut Random, ledger: &mut Ledger);

    /// What it knows, and what it keeps.
    fn kept(&self) -> Kept;

    /// Takes in what another of its kind, for other records, kept.
    fn merge(&mut self, kept: Kept, ledger: &mut Ledger);
}

/// A sampler that has seen nothing.
pub(super) fn sampler(spec: &Spec) -> Box<dyn Sampler> {
    match spec {
        Spec::Reservoir { size } => Box::new(Reservoir::new(*size)),
        Spec::Stratified {
            columns,
            size,
            strata,
        } => Box::new(Stratified::new(columns, *size, *strata)),
        Spec::Weighted { weight, size } => Box::new(Weighted::new(weight, *size)),
        Spec::Outliers {
            value,
            low,
            high,
            size,
        } => Box::new(Outliers::new(value, (*low, *high), *size)),
        Spec::Rare { column, share, size } => Box::new(Rare::new(column, *share, *size)),
        Spec::Failing {
            condition,
            unknown,
            size,
        } => Box::new(Failing::new(condition, *unknown, *size)),
    }
}
