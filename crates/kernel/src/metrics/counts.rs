//! Counts of records, nulls and special values, and of values by observed type.

/// Counts of one column. Nulls are in `records` and `nulls` only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Records in which the column was present.
    pub records: u64,
    /// Missing values.
    pub nulls: u64,
    /// NaN values.
    pub nans: u64,
    /// +inf values.
    pub positive_infinities: u64,
    /// −inf values.
    pub negative_infinities: u64,
    /// Zeros, −0 included.
    pub zeros: u64,
    /// Values below zero, −inf included.
    pub negatives: u64,
    /// True booleans.
    pub trues: u64,
    /// Empty strings.
    pub empty_strings: u64,
}

impl Counts {
    /// Names of the counts, in the order of [`Counts::values`].
    pub const NAMES: [&str; 9] = [
        "records",
        "nulls",
        "nans",
        "positive_infinities",
        "negative_infinities",
        "zeros",
        "negatives",
        "trues",
        "empty_strings",
    ];

    /// All counts.
    pub fn values(&self) -> [u64; 9] {
        [
            self.records,
            self.nulls,
            self.nans,
            self.positive_infinities,
            self.negative_infinities,
            self.zeros,
            self.negatives,
            self.trues,
            self.empty_strings,
        ]
    }

    /// Counts from values in the order of [`Counts::NAMES`].
    pub fn from_values(values: [u64; 9]) -> Self {
        let [
            records,
            nulls,
            nans,
            positive_infinities,
            negative_infinities,
            zeros,
            negatives,
            trues,
            empty_strings,
        ] = values;
        Self {
            records,
            nulls,
            nans,
            positive_infinities,
            negative_infinities,
            zeros,
            negatives,
            trues,
            empty_strings,
        }
    }

    /// Adds the counts of another part of the column.
    pub fn merge(&mut self, other: &Self) {
        let (mine, theirs) = (self.values(), other.values());
        *self = Self::from_values(std::array::from_fn(|i| mine[i].saturating_add(theirs[i])));
    }
}

/// What a value was observed to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Boolean,
    /// A whole number, of any width.
    Integer,
    /// A floating-point number or decimal.
    Fractional,
    /// Text.
    String,
    /// Bytes.
    Binary,
    /// A date, time, timestamp or duration.
    Temporal,
    /// A list or map.
    List,
    /// A struct.
    Struct,
    /// Anything else.
    Other,
}

/// Counts of values by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Types([u64; 9]);

impl Types {
    /// Names of the kinds, in the order of [`Types::values`].
    pub const NAMES: [&str; 9] = [
        "boolean",
        "integer",
        "fractional",
        "string",
        "binary",
        "temporal",
        "list",
        "struct",
        "other",
    ];

    /// Counts by kind.
    pub fn values(&self) -> [u64; 9] {
        self.0
    }

    /// Counts from values in the order of [`Types::NAMES`].
    pub fn from_values(values: [u64; 9]) -> Self {
        Self(values)
    }

    /// Adds values of one kind.
    pub fn add(&mut self, kind: Kind, count: u64) {
        self.0[kind as usize] += count;
    }

    /// How many kinds were observed.
    pub fn distinct(&self) -> usize {
        self.0.iter().filter(|&&count| count > 0).count()
    }

    /// Adds the counts of another part of the column.
    pub fn merge(&mut self, other: &Self) {
        self.0
            .iter_mut()
            .zip(other.0)
            .for_each(|(mine, theirs)| *mine = mine.saturating_add(theirs));
    }
}
