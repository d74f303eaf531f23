//! Correlation of the numeric columns of a profile: the value, and how it merges.

mod gathering;
mod rows;

pub use gathering::FEW;
pub(in crate::profile) use gathering::{Correlator, Rows, number_of};

use super::value::{Column, Profile};
use crate::metrics::CoMoments;
use std::collections::{BTreeMap, BTreeSet};

/// Columns that a merged profile correlates at most: those first by name. Only profiles of very many different
/// columns have more, and the pairs of these would fill the memory.
pub const MOST: usize = 1024;

/// Second moments of the numeric columns of a profile.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Correlation {
    /// Names of the columns, each with at least one finite value.
    pub columns: Vec<String>,
    /// Their moments.
    pub moments: CoMoments,
}

/// The correlation of all records that some profiles summarise. A column stays where every part that has numbers
/// of it correlates it: what lacks a part of the data says nothing of the whole.
pub(in crate::profile) fn merge(parts: &[&Profile]) -> Option<Correlation> {
    if parts.iter().all(|part| part.correlation.is_none()) {
        return None;
    }
    let mut covered: BTreeMap<&str, u32> = BTreeMap::new();
    let mut lacking: BTreeSet<&str> = BTreeSet::new();
    for part in parts {
        let mine: BTreeSet<&str> = names(part).collect();
        let numeric = part.columns.iter().filter(|column| finite_numbers(column) > 0);
        lacking.extend(
            numeric
                .map(|column| &*column.name)
                .filter(|name| !mine.contains(name)),
        );
        for name in mine {
            let position = part.column(name).map_or(u32::MAX, |column| column.position);
            let first = covered.entry(name).or_insert(position);
            *first = position.min(*first);
        }
    }
    let kept = covered.into_iter().filter(|(name, _)| !lacking.contains(name));
    let mut kept: Vec<(u32, &str)> = kept.take(MOST).map(|(name, position)| (position, name)).collect();
    kept.sort_unstable();
    let mut moments = CoMoments::empty(kept.len());
    for part in parts {
        let Some(correlation) = &part.correlation else {
            continue;
        };
        let theirs = names(part).enumerate();
        let places: BTreeMap<&str, usize> = theirs.map(|(at, name)| (name, at)).collect();
        let order: Vec<Option<usize>> = kept.iter().map(|(_, name)| places.get(name).copied()).collect();
        moments.merge(&correlation.moments.arranged(&order));
    }
    (!kept.is_empty()).then(|| Correlation {
        columns: kept.into_iter().map(|(_, name)| name.to_owned()).collect(),
        moments,
    })
}

fn names(profile: &Profile) -> impl Iterator<Item = &str> {
    let columns = profile
        .correlation
        .iter()
        .flat_map(|correlation| &correlation.columns);
    columns.map(String::as_str)
}

/// How many finite numbers a column holds.
fn finite_numbers(column: &Column) -> u64 {
    let types = column.types.values();
    let counts = &column.counts;
    (types[1] + types[2])
        .saturating_sub(counts.nans)
        .saturating_sub(counts.positive_infinities)
        .saturating_sub(counts.negative_infinities)
}
