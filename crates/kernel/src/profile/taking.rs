//! The rows of a batch in another order.
//!
//! For a text that stands anywhere one waits for memory three times: where it begins, where it ends and what it
//! is. So short texts that come again and again are numbered first: the numbers of all rows stay near.

use crate::hash::short_words;
use crate::{Error, Result, cores};
use arrow_array::builder::GenericStringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, BooleanArray, GenericStringArray, OffsetSizeTrait, RecordBatch, RecordBatchOptions,
    UInt32Array,
};
use arrow_buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType};
use arrow_select::take::take;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use std::sync::Arc;

/// Rows from which texts are numbered first; fewer are near each other anyway.
const MANY: usize = 1 << 16;

/// Longest text that is numbered: its length takes the last of sixteen bytes.
const SHORT: usize = 15;
const LENGTH_SHIFT: u32 = 56;

/// Logarithm of how many texts are found at once.
const LG_RECENT: u32 = 12;

/// Rows that come behind each other.
pub(super) struct Run {
    /// How many.
    pub(super) rows: usize,
    /// Whether all have the same values in the shared columns.
    pub(super) is_alike: bool,
}

/// How the rows of a batch are taken.
pub(super) struct Taking<'a> {
    batch: &'a RecordBatch,
    ways: Vec<Way>,
}

/// How the values of a column are taken.
enum Way {
    AsTheyAre,
    /// Texts, once for each run in which they are alike.
    OncePerRun,
    ByNumber(Numbered),
}

impl<'a> Taking<'a> {
    /// Looks at a batch once, from which rows will be taken as often as wished. The `shared` columns have one value
    /// in all rows of a run that are alike.
    pub(super) fn of(batch: &'a RecordBatch, shared: &[&str]) -> Self {
        let fields = batch.schema_ref().fields();
        let names = fields.iter().map(|field| field.name().as_str());
        let columns: Vec<(&str, &ArrayRef)> = names.zip(batch.columns()).collect();
        let way = |&(name, column): &(&str, &ArrayRef)| match column.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 if shared.contains(&name) => Way::OncePerRun,
            DataType::Utf8 if column.len() >= MANY => Way::of_texts(column.as_string::<i32>()),
            DataType::LargeUtf8 if column.len() >= MANY => Way::of_texts(column.as_string::<i64>()),
            _ => Way::AsTheyAre,
        };
        Self {
            batch,
            ways: cores::map(&columns, way),
        }
    }

    /// Rows in the order given, which is that of the runs.
    pub(super) fn take(&self, rows: &UInt32Array, runs: &[Run]) -> Result<RecordBatch> {
        let columns: Vec<(&Way, &ArrayRef)> = self.ways.iter().zip(self.batch.columns()).collect();
        let take = |&(way, column): &(&Way, &ArrayRef)| match column.data_type() {
            DataType::Utf8 => way.take_texts::<i32>(column, rows, runs),
            DataType::LargeUtf8 => way.take_texts::<i64>(column, rows, runs),
            _ => take(column, rows, None),
        };
        let taken: std::result::Result<Vec<ArrayRef>, ArrowError> = if rows.len() < MANY {
            columns.iter().map(take).collect()
        } else {
            cores::map(&columns, take).into_iter().collect()
        };
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        taken
            .and_then(|taken| RecordBatch::try_new_with_options(self.batch.schema(), taken, &options))
            .map_err(|error| Error::data(format!("cannot sort a batch: {error}")))
    }
}

impl Way {
    fn of_texts<O: OffsetSizeTrait>(texts: &GenericStringArray<O>) -> Self {
        Numbered::of(texts).map_or(Self::AsTheyAre, Self::ByNumber)
    }

    fn take_texts<O: OffsetSizeTrait>(
        &self,
        column: &ArrayRef,
        rows: &UInt32Array,
        runs: &[Run],
    ) -> std::result::Result<ArrayRef, ArrowError> {
        match self {
            Self::OncePerRun => Ok(repeat_texts::<O>(column.as_string(), rows, runs)),
            // Offsets of thirty-two bits must hold the texts.
            Self::ByNumber(numbered) if rows.len() < i32::MAX as usize / SHORT => {
                take_short::<O>(column.as_string(), numbered, rows)
            }
            _ => take(column, rows, None),
        }
    }
}

/// Texts in the order given, of which those of a run are looked up once where they are all the same.
fn repeat_texts<O: OffsetSizeTrait>(
    texts: &GenericStringArray<O>,
    rows: &UInt32Array,
    runs: &[Run],
) -> ArrayRef {
    let text = |row: u32| texts.is_valid(row as usize).then(|| texts.value(row as usize));
    let mut taken = GenericStringBuilder::<O>::with_capacity(rows.len(), byte_length(texts, rows));
    let mut start = 0;
    for run in runs {
        let rows = &rows.values()[start..start + run.rows];
        start += run.rows;
        match rows.first().filter(|_| run.is_alike) {
            Some(&first) => {
                let same = text(first);
                rows.iter().for_each(|_| taken.append_option(same));
            }
            None => rows.iter().for_each(|&row| taken.append_option(text(row))),
        }
    }
    Arc::new(taken.finish())
}

/// Bytes of some of the texts, roughly.
fn byte_length<O: OffsetSizeTrait>(texts: &GenericStringArray<O>, rows: &UInt32Array) -> usize {
    let offsets = texts.value_offsets();
    let all = offsets[texts.len()].as_usize() - offsets[0].as_usize();
    (all as f64 / texts.len().max(1) as f64 * rows.len() as f64) as usize
}

/// Numbered texts in the order given.
fn take_short<O: OffsetSizeTrait>(
    texts: &GenericStringArray<O>,
    numbered: &Numbered,
    rows: &UInt32Array,
) -> std::result::Result<ArrayRef, ArrowError> {
    let mut bytes: Vec<u8> = Vec::with_capacity(byte_length(texts, rows) + SHORT + 1);
    let mut ends = Vec::with_capacity(rows.len() + 1);
    ends.push(O::default());
    for &row in rows.values() {
        let (low, high) = numbered.texts[usize::from(numbered.numbers[row as usize])];
        let end = bytes.len() + (high >> LENGTH_SHIFT) as usize;
        // Always as many bytes: to write some too many is cheaper than to ask how many.
        bytes.extend_from_slice(&low.to_le_bytes());
        bytes.extend_from_slice(&high.to_le_bytes());
        bytes.truncate(end);
        ends.push(O::usize_as(end));
    }
    let present = texts
        .nulls()
        .map(|nulls| BooleanArray::new(nulls.inner().clone(), None));
    let present = present.map(|present| take(&present, rows, None)).transpose()?;
    let nulls = present.map(|present| NullBuffer::new(present.as_boolean().values().clone()));
    let ends = OffsetBuffer::new(ScalarBuffer::from(ends));
    let taken = GenericStringArray::<O>::try_new(ends, bytes.into(), nulls)?;
    Ok(Arc::new(taken))
}

/// A text of up to fifteen bytes, with its length in the sixteenth.
type Short = (u64, u64);

/// Texts by number.
struct Numbered {
    /// Of each row.
    numbers: Vec<u16>,
    texts: Vec<Short>,
}

impl Numbered {
    /// `None` when some are long, or there are too many different ones.
    fn of<O: OffsetSizeTrait>(array: &GenericStringArray<O>) -> Option<Self> {
        let (offsets, bytes) = (array.value_offsets(), array.value_data());
        let mut texts: Vec<Short> = Vec::new();
        let mut known: HashTable<(Short, u16)> = HashTable::new();
        let mut recent = vec![((u64::MAX, u64::MAX), 0u16); 1 << LG_RECENT];
        let number = |ends: &[O]| {
            let text = &bytes[ends[0].as_usize()..ends[1].as_usize()];
            if text.len() > SHORT {
                return None;
            }
            let (low, high) = short_words(text);
            let short = (low, high | (text.len() as u64) << LENGTH_SHIFT);
            let hash = hash_of(short);
            let place = &mut recent[(hash >> (u64::BITS - LG_RECENT)) as usize];
            if place.0 != short {
                let is_it = |entry: &(Short, u16)| entry.0 == short;
                let entry = known.entry(hash, is_it, |entry| hash_of(entry.0));
                let next = u16::try_from(texts.len()).ok();
                *place = match entry {
                    Entry::Occupied(entry) => *entry.get(),
                    Entry::Vacant(entry) => {
                        texts.push(short);
                        *entry.insert((short, next?)).get()
                    }
                };
            }
            Some(place.1)
        };
        let numbers = offsets.windows(2).map(number).collect::<Option<_>>()?;
        Some(Self { numbers, texts })
    }
}

fn hash_of((low, high): Short) -> u64 {
    let mixed = (low ^ high.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    // Tables look at the low bits and at the highest: all depend on the whole text.
    mixed ^ mixed >> 32
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::StringArray;

    /// Texts of all lengths up to a greatest, with nulls among them, and rows in an order without one.
    fn mixed<O: OffsetSizeTrait>(longest: usize) -> (ArrayRef, UInt32Array) {
        let mut builder = GenericStringBuilder::<O>::new();
        for row in 0..MANY + 100 {
            match row % 17 {
                3 => builder.append_null(),
                5 => builder.append_value("é".repeat(row % (longest / 2 + 1))),
                _ => builder.append_value("abcdefghijklmnopqrstuvwxyz".split_at(row % (longest + 1)).0),
            }
        }
        // A part of an array begins somewhere.
        let texts = builder.finish().slice(50, MANY + 50);
        let rows = (0..texts.len() as u32).map(|row| row * 7919 % texts.len() as u32);
        let rows = UInt32Array::from(rows.collect::<Vec<_>>());
        (Arc::new(texts), rows)
    }

    fn batch(texts: ArrayRef) -> RecordBatch {
        RecordBatch::try_from_iter([("texts", texts)]).unwrap()
    }

    fn check<O: OffsetSizeTrait>(longest: usize, short: bool) {
        let (texts, rows) = mixed::<O>(longest);
        let batch = batch(texts.clone());
        let taking = Taking::of(&batch, &[]);
        assert_eq!(matches!(taking.ways[0], Way::ByNumber(_)), short);
        let expected = take(&texts, &rows, None).unwrap();
        assert_eq!(taking.take(&rows, &[]).unwrap().column(0), &expected);
        let few = rows.slice(7, 100);
        let expected = take(&texts, &few, None).unwrap();
        assert_eq!(taking.take(&few, &[]).unwrap().column(0), &expected);
    }

    #[test]
    fn texts_are_taken_as_arrow_takes_them() {
        check::<i32>(SHORT, true);
        check::<i64>(SHORT, true);
        check::<i32>(SHORT + 1, false);
        check::<i64>(26, false);
    }

    #[test]
    fn texts_that_are_all_different_are_taken_by_arrow() {
        let all: StringArray = (0..MANY + 1).map(|row| Some(row.to_string())).collect();
        let rows = UInt32Array::from_iter_values((0..all.len() as u32).rev());
        let (most, all) = (batch(Arc::new(all.slice(1, MANY))), batch(Arc::new(all)));
        assert!(matches!(Taking::of(&all, &[]).ways[0], Way::AsTheyAre));
        assert!(matches!(Taking::of(&most, &[]).ways[0], Way::ByNumber(_)));
        let taken = Taking::of(&all, &[]).take(&rows, &[]).unwrap();
        assert_eq!(taken.column(0).as_string::<i32>().value(0), MANY.to_string());
    }

    #[test]
    fn texts_that_are_alike_in_a_run_are_looked_up_once() {
        let texts: StringArray = [Some("b"), None, Some("a"), Some("b"), None, Some("c")]
            .into_iter()
            .collect();
        let batch = batch(Arc::new(texts));
        let rows = UInt32Array::from(vec![0, 3, 1, 4, 5, 2]);
        let runs = [(2, true), (2, true), (2, false)].map(|(rows, is_alike)| Run { rows, is_alike });
        let taken = Taking::of(&batch, &["texts"]).take(&rows, &runs).unwrap();
        let taken: Vec<Option<&str>> = taken.column(0).as_string::<i32>().iter().collect();
        assert_eq!(taken, [Some("b"), Some("b"), None, None, Some("c"), Some("a")]);
    }
}
