//! What is wanted of each column, and what each column turned out to be.

use super::custom::CustomMetrics;
use crate::privacy::Settings;
use crate::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which of the optional metrics are kept. Counts and types always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetricSet {
    /// Mean and central moments.
    pub moments: bool,
    /// KLL sketch.
    pub quantiles: bool,
    /// HLL sketch.
    pub cardinality: bool,
    /// Frequent-items sketch.
    pub frequent_items: bool,
}

impl MetricSet {
    /// Every metric.
    pub const ALL: Self = Self {
        moments: true,
        quantiles: true,
        cardinality: true,
        frequent_items: true,
    };

    /// No metric but counts and types.
    pub const NONE: Self = Self {
        moments: false,
        quantiles: false,
        cardinality: false,
        frequent_items: false,
    };

    /// Switches a metric on by its name; false when there is none of that name.
    pub fn switch_on(&mut self, name: &str) -> bool {
        match name {
            "moments" => self.moments = true,
            "quantiles" => self.quantiles = true,
            "cardinality" => self.cardinality = true,
            "frequent_items" => self.frequent_items = true,
            "counts" | "types" => {}
            _ => return false,
        }
        true
    }
}

/// What a column is to the dataset.
pub type Role = String;

/// What is wanted of one column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ColumnSpec {
    /// What the column is.
    pub role: Option<Role>,
    /// Metrics, when they differ from the default.
    pub metrics: Option<MetricSet>,
    /// How private it is, when it differs from the default.
    pub privacy: Option<Arc<Settings>>,
}

/// Which numeric columns are correlated with each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Correlated {
    /// All, when they are few.
    #[default]
    Few,
    /// All, however many.
    All,
    /// None.
    Nothing,
    /// These.
    Only(BTreeSet<String>),
}

/// What is wanted of all columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// Metrics of columns that are not listed.
    pub metrics: MetricSet,
    /// How private columns are that are not listed.
    pub privacy: Option<Arc<Settings>>,
    /// When given, no other columns are profiled.
    pub only: Option<BTreeSet<String>>,
    /// Columns with wishes of their own.
    pub columns: BTreeMap<String, ColumnSpec>,
    /// Metrics that the kernel does not know.
    pub custom: CustomMetrics,
    /// Columns that are correlated.
    pub correlation: Correlated,
}

impl Default for Schema {
    fn default() -> Self {
        Self {
            metrics: MetricSet::ALL,
            privacy: None,
            only: None,
            columns: BTreeMap::new(),
            custom: CustomMetrics::default(),
            correlation: Correlated::Few,
        }
    }
}

impl Schema {
    /// Whether a top-level column is profiled.
    pub fn wants(&self, column: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(column)) && self.shows(column)
    }

    /// Whether a column, or one inside another, may be profiled at all.
    pub fn shows(&self, path: &str) -> bool {
        self.privacy_of(path).is_none_or(|privacy| !privacy.off)
    }

    /// Looks whether a column that is to be private is there under a name that is written otherwise: a slip
    /// must not lay its values open.
    ///
    /// # Errors
    /// When the data has no such column, but one of the same letters and digits that no wish names.
    pub fn check_private<'a>(&self, names: impl Iterator<Item = &'a str> + Clone) -> Result<()> {
        let named = |name: &str| self.columns.get(name).is_some_and(|spec| spec.privacy.is_some());
        let hides = |name: &str| {
            self.privacy_of(name)
                .is_some_and(|privacy| privacy.hides_values())
        };
        let lies_open = |name: &str| self.wants(name) && !named(name) && !hides(name);
        let hidden = |spec: &ColumnSpec| {
            spec.privacy
                .as_ref()
                .is_some_and(|privacy| privacy.hides_values())
        };
        for (name, _) in self.columns.iter().filter(|(_, spec)| hidden(spec)) {
            let holds = |there: &str| {
                let rest = name.strip_prefix(there);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            if names.clone().any(holds) {
                continue;
            }
            let letters = letters_of(name);
            let mut others = names
                .clone()
                .filter(|other| !letters.is_empty() && lies_open(other));
            if let Some(other) = others.find(|other| letters_of(other) == letters) {
                return Err(Error::argument(format!(
                    "the schema keeps the column {name:?} private, which the data does not have; it has {other:?}: \
                     name that in privacy=, or both if they differ"
                )));
            }
        }
        Ok(())
    }

    /// Looks whether segments may be made by the values of some columns: these stand in the profile as they are.
    ///
    /// # Errors
    /// When one of the columns is private.
    pub fn check_segments(&self, columns: &[String]) -> Result<()> {
        for name in columns {
            if let Some(privacy) = self.privacy_of(name).filter(|privacy| privacy.hides_values()) {
                let how = if privacy.off {
                    "off".to_owned()
                } else {
                    privacy.stated.to_string()
                };
                return Err(Error::argument(format!(
                    "segments= would write the values of column {name:?} into profiles, and the schema keeps them \
                     private ({how}); group by a column that may be read, or allow it: privacy={{{name:?}: \"kept\"}}"
                )));
            }
        }
        Ok(())
    }

    /// How private a column is: as it says itself, or as what it is inside of does, or as all are.
    pub fn privacy_of(&self, path: &str) -> Option<&Arc<Settings>> {
        let mut around = Some(path);
        while let Some(path) = around {
            if let Some(privacy) = self.columns.get(path).and_then(|spec| spec.privacy.as_ref()) {
                return Some(privacy);
            }
            around = path.strip_suffix("[]").or_else(|| Some(path.rsplit_once('.')?.0));
        }
        self.privacy.as_ref()
    }

    /// The metrics of a column.
    pub fn metrics_of(&self, column: &str) -> MetricSet {
        self.columns
            .get(column)
            .and_then(|spec| spec.metrics)
            .unwrap_or(self.metrics)
    }

    /// Whether a column is correlated with others, when it is one of numbers. Those inside of lists have no rows
    /// in common with others; those whose single values may not be seen as they are would show some of them, where
    /// few records have both values.
    pub fn correlates(&self, column: &str) -> bool {
        let chosen = match &self.correlation {
            Correlated::Few | Correlated::All => !column.contains("[]"),
            Correlated::Nothing => false,
            Correlated::Only(only) => only.contains(column),
        };
        let private = |column| {
            self.privacy_of(column)
                .is_some_and(|privacy| privacy.hides_numbers())
        };
        chosen && !private(column)
    }

    /// The role of a column.
    pub fn role_of(&self, column: &str) -> Option<&str> {
        self.columns.get(column).and_then(|spec| spec.role.as_deref())
    }
}

macro_rules! named {
    ($(#[$head:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$head])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// The name in files and APIs.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The member of that name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

named! {
    /// The type of a column, over all batches.
    TypeTag {
        /// Nothing but nulls so far.
        Null = "null",
        /// Booleans.
        Boolean = "boolean",
        /// Whole numbers.
        Integer = "integer",
        /// Decimals, or decimals and whole numbers.
        Decimal = "decimal",
        /// Floating-point numbers, perhaps with other numbers.
        Fractional = "fractional",
        /// Texts.
        String = "string",
        /// Bytes.
        Binary = "binary",
        /// Calendar dates.
        Date = "date",
        /// Points in time.
        Timestamp = "timestamp",
        /// Times of day.
        Time = "time",
        /// Lengths of time.
        Duration = "duration",
        /// Lists and maps.
        List = "list",
        /// Structs.
        Struct = "struct",
        /// Anything else.
        Other = "other",
        /// Types that do not go together.
        Mixed = "mixed",
    }
}

impl TypeTag {
    /// The type of a column that held both: associative, commutative, null is neutral.
    pub fn join(self, other: Self) -> Self {
        let is_number = |tag| matches!(tag, Self::Integer | Self::Decimal | Self::Fractional);
        match (self, other) {
            (Self::Null, tag) | (tag, Self::Null) => tag,
            (mine, theirs) if mine == theirs => mine,
            (mine, theirs) if is_number(mine) && is_number(theirs) => mine.max(theirs),
            _ => Self::Mixed,
        }
    }
}

named! {
    /// What the numbers of a column measure; when a column held several, the first here is kept.
    Domain {
        /// Plain numbers.
        Number = "number",
        /// Microseconds since the epoch.
        Timestamp = "timestamp",
        /// Days since the epoch.
        Date = "date",
        /// Microseconds.
        Duration = "duration",
        /// Microseconds since midnight.
        Time = "time",
    }
}

/// What two ways of writing a name have in common.
fn letters_of(name: &str) -> String {
    let letters = name.chars().filter(|character| character.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
