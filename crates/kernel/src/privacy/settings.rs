//! What is wanted of one column.

use super::{Extent, Rounding, Secret, Showing, Statement};
use crate::hash::Hash;
use crate::sketches::frequent::FrequentItems;

/// How private a column is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// Whether the column is not profiled at all.
    pub off: bool,
    /// What its profile will say of it.
    pub stated: Statement,
    /// How numbers and times are rounded before they enter any metric.
    pub rounding: Option<Rounding>,
    /// The key, where something is hashed.
    pub secret: Option<Secret>,
}

impl Settings {
    /// The key with which values are counted as distinct, if they are hashed.
    pub(crate) fn counting_secret(&self) -> Option<&Secret> {
        self.secret
            .as_ref()
            .filter(|_| matches!(self.stated.cardinality, Showing::Hashed(_)))
    }

    /// Whether values of the column must not be seen as they are, wherever it be.
    pub fn hides_values(&self) -> bool {
        let open = Statement {
            lengths: self.stated.lengths,
            ..Statement::default()
        };
        self.off || self.stated != open
    }

    /// Whether a list of values may be seen, under whichever names: what is to be hashed needs a key.
    pub(crate) fn has_items(&self) -> bool {
        self.can_show(&self.stated.items)
    }

    /// Whether the number of distinct values may be kept.
    pub(crate) fn has_cardinality(&self) -> bool {
        self.can_show(&self.stated.cardinality)
    }

    fn can_show(&self, showing: &Showing) -> bool {
        match showing {
            Showing::Kept => true,
            Showing::Hashed(_) => self.secret.is_some(),
            Showing::Off => false,
        }
    }

    /// The frequent items that may be seen.
    pub(crate) fn shown(&self, items: FrequentItems) -> FrequentItems {
        let items = items.at_least(self.stated.min_count);
        match &self.secret {
            Some(secret) if self.stated.items != Showing::Kept => items.renamed(|item| secret.name(item)),
            _ => items,
        }
    }

    /// Whether moments of the values may be seen.
    pub(crate) fn has_moments(&self) -> bool {
        self.stated.numbers != Extent::Off
    }

    /// Whether single values may be seen: the least, the greatest, and those of the quantile sketch.
    pub(crate) fn has_extremes(&self) -> bool {
        self.stated.numbers == Extent::Kept
    }

    /// Whether single numbers may not be seen as they are.
    pub(crate) fn hides_numbers(&self) -> bool {
        self.off || self.rounding.is_some() || !self.has_extremes()
    }

    /// Whether anything of lengths may be seen.
    pub(crate) fn has_lengths(&self) -> bool {
        self.stated.lengths == Extent::Kept
    }
}

/// The hash under which a value is counted as distinct.
#[inline]
pub(crate) fn keyed(secret: Option<&Secret>, hash: Hash) -> Hash {
    secret.map_or(hash, |secret| secret.hash(hash))
}
