//! Single values, collected as typed columns and folded in batches.

use crate::columns::{ColumnBuilder, Domain, TypeTag, Unit};
use crate::metrics::Kind;

/// One value of a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Missing.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number of 64 bits.
    Integer(i64),
    /// A larger whole number, in decimal text.
    BigInteger(&'a str),
    /// A double.
    Float(f64),
    /// A decimal in plain text (`-12.50`), and its nearest double.
    Decimal(&'a str, f64),
    /// A text.
    Text(&'a str),
    /// The bytes of a text that is not valid UTF-8.
    BrokenText(&'a [u8]),
    /// Bytes.
    Binary(&'a [u8]),
    /// Microseconds since the epoch.
    Timestamp(i64),
    /// Days since the epoch.
    Date(i64),
    /// Microseconds since midnight.
    Time(i64),
    /// Microseconds.
    Duration(i64),
    /// A list of that many elements; the elements are values of another column.
    List(usize),
    /// A struct; its fields are values of other columns.
    Struct,
    /// Anything else.
    Other,
}

/// Byte strings, one behind the other.
#[derive(Debug, Clone, Default)]
pub(in crate::columns) struct Strings {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Strings {
    fn push(&mut self, value: &[u8]) {
        self.bytes.extend_from_slice(value);
        self.ends.push(self.bytes.len());
    }

    pub(in crate::columns) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, &end)| &self.bytes[start..end])
    }
}

/// Texts, one behind the other.
#[derive(Debug, Clone, Default)]
pub(in crate::columns) struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    pub(in crate::columns) fn push(&mut self, value: &str) {
        self.text.push_str(value);
        self.ends.push(self.text.len());
    }

    /// Adds texts that stand behind each other, by where each ends.
    pub(in crate::columns) fn push_all(&mut self, texts: &str, ends: impl Iterator<Item = usize>) {
        let start = self.text.len();
        self.text.push_str(texts);
        self.ends.extend(ends.map(|end| start + end));
    }

    pub(in crate::columns) fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.text[start..end])
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }
}

/// Values of kinds that are too rare to have a column of their own.
#[derive(Debug, Clone, Default)]
pub(in crate::columns) struct Rare {
    pub(in crate::columns) big_integers: Texts,
    pub(in crate::columns) decimals: Texts,
    pub(in crate::columns) decimal_values: Vec<f64>,
    pub(in crate::columns) broken_texts: Strings,
    pub(in crate::columns) binaries: Strings,
    pub(in crate::columns) timestamps: Vec<i64>,
    pub(in crate::columns) dates: Vec<i64>,
    pub(in crate::columns) times: Vec<i64>,
    pub(in crate::columns) durations: Vec<i64>,
    lists: Vec<f64>,
    structs: u64,
    others: u64,
}

/// Values of one column that wait to be folded.
#[derive(Debug, Clone, Default)]
pub struct ValueBuffer {
    pub(in crate::columns) nulls: u64,
    pub(in crate::columns) booleans: [u64; 2],
    pub(in crate::columns) integers: Vec<i64>,
    pub(in crate::columns) floats: Vec<f64>,
    pub(in crate::columns) texts: Texts,
    pub(in crate::columns) rare: Option<Box<Rare>>,
}

impl ValueBuffer {
    /// Adds one value.
    #[inline]
    pub fn push(&mut self, value: Value<'_>) {
        match value {
            Value::Null => self.nulls += 1,
            Value::Boolean(value) => self.booleans[usize::from(value)] += 1,
            Value::Integer(value) => self.integers.push(value),
            Value::Float(value) => self.floats.push(value),
            Value::Text(value) => self.texts.push(value),
            _ => self.push_rare(value),
        }
    }

    fn push_rare(&mut self, value: Value<'_>) {
        let rare = self.rare.get_or_insert_default();
        match value {
            Value::BigInteger(text) => rare.big_integers.push(text),
            Value::Decimal(text, value) => {
                rare.decimals.push(text);
                rare.decimal_values.push(value);
            }
            Value::BrokenText(bytes) => rare.broken_texts.push(bytes),
            Value::Binary(bytes) => rare.binaries.push(bytes),
            Value::Timestamp(value) => rare.timestamps.push(value),
            Value::Date(value) => rare.dates.push(value),
            Value::Time(value) => rare.times.push(value),
            Value::Duration(value) => rare.durations.push(value),
            Value::List(length) => rare.lists.push(length as f64),
            Value::Struct => rare.structs += 1,
            _ => rare.others += 1,
        }
    }

    pub(in crate::columns) fn is_empty(&self) -> bool {
        self.len() == 0 && self.nulls == 0 && self.booleans == [0, 0] && self.rare.is_none()
    }

    /// How many values wait, of the kinds that come in arrays.
    pub(in crate::columns) fn len(&self) -> usize {
        let times = self
            .rare
            .as_ref()
            .map_or(0, |rare| rare.timestamps.len() + rare.dates.len());
        self.integers.len() + self.floats.len() + self.texts.ends.len() + times
    }

    /// Bytes that wait, roughly.
    pub fn weight(&self) -> usize {
        self.texts.text.len() + self.rare.as_ref().map_or(0, |rare| rare.binaries.bytes.len())
    }

    /// Folds all values into a column and forgets them. NaN among them is a value: whoever takes it for a missing
    /// one does not push it.
    pub fn fold_into(&mut self, column: &mut ColumnBuilder) {
        if column.has_custom() {
            self.arrays().iter().for_each(|array| column.show(array, false));
        }
        column.fold_nulls(std::mem::take(&mut self.nulls));
        let [falses, trues] = std::mem::take(&mut self.booleans);
        column.fold_booleans(trues, falses);
        if !self.integers.is_empty() {
            column.fold_integers(&self.integers);
            self.integers.clear();
        }
        if !self.floats.is_empty() {
            column.fold_floats(&self.floats, false);
            self.floats.clear();
        }
        if !self.texts.ends.is_empty() {
            column.fold_texts(self.texts.iter(), self.texts.text.is_ascii());
            self.texts.clear();
        }
        if let Some(mut rare) = self.rare.take() {
            rare.fold_into(column);
        }
    }
}

impl Rare {
    fn fold_into(&mut self, column: &mut ColumnBuilder) {
        self.big_integers
            .iter()
            .for_each(|text| column.fold_big_integer(text));
        for (text, &value) in self.decimals.iter().zip(&self.decimal_values) {
            column.fold_decimal_value(text, value);
        }
        self.broken_texts
            .iter()
            .for_each(|bytes| column.fold_broken_text(bytes));
        if !self.binaries.ends.is_empty() {
            column.fold_binaries(self.binaries.iter());
        }
        for (values, domain) in [
            (&self.timestamps, Domain::Timestamp),
            (&self.times, Domain::Time),
            (&self.durations, Domain::Duration),
        ] {
            if !values.is_empty() {
                column.fold_temporal(values, Unit::Microsecond, domain);
            }
        }
        if !self.dates.is_empty() {
            column.fold_dates(&self.dates);
        }
        if !self.lists.is_empty() {
            column.fold_list_lengths(&self.lists);
        }
        column.fold_opaque(Kind::Struct, TypeTag::Struct, self.structs);
        column.fold_opaque(Kind::Other, TypeTag::Other, self.others);
        *self = Self::default();
    }
}

impl ColumnBuilder {
    /// Adds a decimal in plain text.
    fn fold_decimal_value(&mut self, text: &str, value: f64) {
        match crate::metrics::Exact::parse(text) {
            Some(exact) => self.fold_exact_decimal(exact),
            None => self.fold_decimal_text(text, value),
        }
    }
}
