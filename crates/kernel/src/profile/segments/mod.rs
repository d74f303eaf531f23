//! Segments: which records belong together, by the values of given columns.

mod keys;

use super::nearest::nearest;
use crate::{Error, Result};
use arrow_schema::Field;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) use keys::{Coded, write_value};

/// Segments that a partition has at most, unless said otherwise.
pub const MAX_SEGMENTS: usize = 1_000;

/// What the values of a partition's last resort are shown as.
pub const OTHER: &str = "(other)";

/// The number of the segment that takes in what is beyond the limit.
pub(in crate::profile) const OTHER_NUMBER: u32 = u32::MAX;

/// The values of the columns of a partition, in their order; a null is a value.
pub(in crate::profile) type Key = Box<[Option<Box<str>>]>;

/// How records are grouped: each partition sorts every record into one of its segments.
#[derive(Debug, Clone)]
pub struct Segments {
    /// Every column that a partition names, once.
    columns: Vec<String>,
    partitions: Vec<Partition>,
    limit: usize,
    total: bool,
    /// Whether a table was looked at for the columns.
    checked: bool,
}

#[derive(Debug, Clone)]
struct Partition {
    /// Places in [`Segments::columns`].
    columns: Vec<usize>,
    /// Shared with the parts of a source, which number nothing themselves.
    known: Arc<Known>,
}

#[derive(Debug, Clone, Default)]
struct Known {
    numbers: HashMap<Box<[u8]>, u32>,
    keys: Vec<Key>,
}

impl Default for Segments {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            partitions: Vec::new(),
            limit: MAX_SEGMENTS,
            total: true,
            checked: false,
        }
    }
}

impl Segments {
    /// Partitions, each by some columns, with at most `limit` segments each; `total` says whether there is
    /// a profile of all records beside them.
    ///
    /// # Errors
    /// When a partition has no columns, one twice, or is there twice, or there is nothing to profile.
    pub fn new(partitions: &[Vec<String>], limit: usize, total: bool) -> Result<Self> {
        let mut segments = Self {
            limit,
            total,
            ..Self::default()
        };
        if limit == 0 || limit >= OTHER_NUMBER as usize {
            return Err(Error::argument(format!(
                "max_segments={limit}; expected a whole number of 1 or more"
            )));
        }
        if partitions.is_empty() && !total {
            return Err(Error::argument(
                "total=False without segments= leaves nothing to profile; give segments=",
            ));
        }
        for (at, names) in partitions.iter().enumerate() {
            let once = |name: &String| names.iter().filter(|other| *other == name).count() == 1;
            if names.is_empty() || !names.iter().all(once) {
                return Err(Error::argument(format!(
                    "segments={names:?}; expected the names of one column or more, each once"
                )));
            }
            if partitions[..at].contains(names) {
                return Err(Error::argument(format!(
                    "segments={names:?} is there twice; give it once"
                )));
            }
            let columns = names.iter().map(|name| segments.column(name)).collect();
            segments.partitions.push(Partition {
                columns,
                known: Arc::default(),
            });
        }
        Ok(segments)
    }

    fn column(&mut self, name: &str) -> usize {
        let known = self.columns.iter().position(|column| column == name);
        known.unwrap_or_else(|| {
            self.columns.push(name.to_owned());
            self.columns.len() - 1
        })
    }

    /// Whether records are not grouped at all.
    pub fn is_empty(&self) -> bool {
        self.partitions.is_empty()
    }

    /// Every column that a partition names, once.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Whether there is a profile of all records beside those of the segments.
    pub fn has_total(&self) -> bool {
        self.total
    }

    pub(in crate::profile) fn partitions(&self) -> usize {
        self.partitions.len()
    }

    /// Which of [`Self::columns`] a partition is by.
    pub(in crate::profile) fn columns_of(&self, partition: usize) -> &[usize] {
        &self.partitions[partition].columns
    }

    /// The names of the columns that a partition is by.
    pub(in crate::profile) fn names_of(&self, partition: usize) -> impl Iterator<Item = &str> {
        let columns = self.partitions[partition].columns.iter();
        columns.map(|&column| self.columns[column].as_str())
    }

    /// The same wishes, with no segment known.
    pub(in crate::profile) fn forgotten(&self) -> Self {
        let mut fresh = self.clone();
        fresh
            .partitions
            .iter_mut()
            .for_each(|partition| partition.known = Arc::default());
        fresh
    }

    /// For a part of a source, whose records were all numbered before.
    pub(in crate::profile) fn part(&self) -> Self {
        Self {
            checked: true,
            ..self.clone()
        }
    }

    /// The number of the segment with these values, a new one while the limit allows it.
    ///
    /// `value` gives the value of each of [`Self::columns`]; the buffer is only for speed.
    pub(in crate::profile) fn number<'a>(
        &mut self,
        partition: usize,
        value: impl Fn(usize) -> Option<&'a str>,
        buffer: &mut Vec<u8>,
    ) -> u32 {
        let partition = &mut self.partitions[partition];
        let values = || partition.columns.iter().map(|&column| value(column));
        write_key(values(), buffer);
        if let Some(&number) = partition.known.numbers.get(&buffer[..]) {
            return number;
        }
        if partition.known.keys.len() >= self.limit {
            return OTHER_NUMBER;
        }
        let key = values().map(|value| value.map(Box::from)).collect();
        let known = Arc::make_mut(&mut partition.known);
        let number = known.keys.len() as u32;
        known.numbers.insert(buffer.as_slice().into(), number);
        known.keys.push(key);
        number
    }

    /// The columns and values of a segment.
    pub(in crate::profile) fn named(&self, partition: usize, number: u32) -> Vec<(String, Option<String>)> {
        let partition = &self.partitions[partition];
        let names = partition
            .columns
            .iter()
            .map(|&column| self.columns[column].clone());
        match partition.known.keys.get(number as usize) {
            Some(key) => names
                .zip(key.iter().map(|value| value.as_deref().map(str::to_owned)))
                .collect(),
            None => names.map(|name| (name, Some(OTHER.to_owned()))).collect(),
        }
    }

    /// The values of a segment; `None` for the one of all others.
    pub(in crate::profile) fn key(&self, partition: usize, number: u32) -> Option<&Key> {
        self.partitions[partition].known.keys.get(number as usize)
    }

    /// One of the values of a key of a partition, by its place in [`Self::columns`].
    pub(in crate::profile) fn value<'a>(
        &self,
        partition: usize,
        key: &'a Key,
        column: usize,
    ) -> Option<&'a str> {
        let columns = &self.partitions[partition].columns;
        let place = columns.iter().position(|&other| other == column)?;
        key[place].as_deref()
    }

    /// The first table must have the columns: they are probably misspelt. In later ones they may be missing,
    /// as any column may, and count as null.
    pub(in crate::profile) fn check<'a>(
        &mut self,
        fields: impl Iterator<Item = &'a Field> + Clone,
        first: bool,
    ) -> Result<()> {
        if self.is_empty() || self.checked || !first {
            return Ok(());
        }
        let names = || fields.clone().map(|field| field.name().as_str());
        if let Some(missing) = self
            .columns
            .iter()
            .find(|column| names().all(|name| name != *column))
        {
            return Err(Error::argument(format!(
                "segments= names the column {missing:?}, which the data does not have{}",
                nearest(missing, names())
            )));
        }
        self.checked = true;
        Ok(())
    }
}

/// Values as bytes that no other values have.
fn write_key<'a>(values: impl Iterator<Item = Option<&'a str>>, out: &mut Vec<u8>) {
    out.clear();
    for value in values {
        match value {
            None => out.push(0),
            Some(text) => {
                out.push(1);
                out.extend_from_slice(&(text.len() as u64).to_le_bytes());
                out.extend_from_slice(text.as_bytes());
            }
        }
    }
}
