//! The rows that samples keep, each once, however many samples keep it.

use super::chunk::Chunk;
use super::shape;
use super::source::Source;
use crate::{Error, Result};
use arrow_array::RecordBatch;
use std::collections::{BTreeSet, HashMap};

/// Chunks that are kept before their rows are put into one.
const MOST_CHUNKS: usize = 256;

/// Rows that no sample keeps any more are given room up to so many and the number of those that are kept.
const SLACK: usize = 256;

/// Where a row is: its chunk, and its place in there.
type Place = (u32, u32);

#[derive(Debug, Clone, Copy, Default)]
struct Held {
    samples: u32,
    place: Option<Place>,
}

/// Which records are kept, by their place in the order of arrival, and by how many samples.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger {
    held: HashMap<u64, Held>,
    /// Those that entered since their rows were last taken; some of them may have left again.
    fresh: Vec<u64>,
}

impl Ledger {
    /// A sample keeps a record.
    pub(super) fn enter(&mut self, order: u64) {
        let held = self.held.entry(order).or_default();
        held.samples += 1;
        if held.place.is_none() {
            self.fresh.push(order);
        }
    }

    /// A sample keeps a record no longer.
    pub(super) fn leave(&mut self, order: u64) {
        if let Some(held) = self.held.get_mut(&order) {
            held.samples -= 1;
            if held.samples == 0 {
                self.held.remove(&order);
            }
        }
    }

    /// The records whose rows are still to be taken, in order.
    fn entered(&mut self) -> Vec<u64> {
        let mut orders = std::mem::take(&mut self.fresh);
        orders.sort_unstable();
        orders.dedup();
        orders.retain(|order| self.held.get(order).is_some_and(|held| held.place.is_none()));
        orders
    }
}

/// The rows that samples keep.
#[derive(Debug, Clone, Default)]
pub(super) struct Pool {
    pub(super) ledger: Ledger,
    chunks: Vec<Chunk>,
    rows: usize,
    /// The columns that are kept; all when `None`.
    columns: Option<BTreeSet<String>>,
}

impl Pool {
    /// An empty pool that keeps some columns; all when `None`.
    pub(super) fn new(columns: Option<BTreeSet<String>>) -> Self {
        Self {
            columns,
            ..Self::default()
        }
    }

    /// The same with nothing in it.
    pub(super) fn emptied(&self) -> Self {
        Self::new(self.columns.clone())
    }

    /// Takes the rows that entered out of a source whose first record has a place in the order of arrival.
    pub(super) fn settle(&mut self, first: u64, source: &dyn Source) -> Result<()> {
        let orders = self.ledger.entered();
        if orders.is_empty() {
            return Ok(());
        }
        let rows: Vec<u32> = orders.iter().map(|order| (order - first) as u32).collect();
        let taken = source.take(&rows).and_then(|chunk| match &self.columns {
            _ if chunk.rows() != rows.len() => {
                Err(Error::data("the data ends before the records that it speaks of"))
            }
            Some(columns) => chunk.with_columns(|name| columns.contains(name)),
            None => Ok(chunk),
        });
        // The samplers have made up their minds: what cannot be copied is a row of nothing.
        let (chunk, failure) = match taken {
            Ok(chunk) => (chunk, None),
            Err(error) => (Chunk::Records(vec![Vec::new(); orders.len()]), Some(error)),
        };
        let (number, start) = self.push(chunk);
        for (row, order) in orders.iter().enumerate() {
            if let Some(held) = self.ledger.held.get_mut(order) {
                held.place = Some((number, start + row as u32));
            }
        }
        if self.chunks.len() > MOST_CHUNKS || self.rows > 2 * self.ledger.held.len() + SLACK {
            self.compact()?;
        }
        failure.map_or(Ok(()), Err)
    }

    /// Adds a chunk; gives its number, and the place of its first row.
    fn push(&mut self, chunk: Chunk) -> Place {
        self.rows += chunk.rows();
        if let (Some(Chunk::Records(last)), Chunk::Records(records)) = (self.chunks.last_mut(), &chunk) {
            let start = last.len() as u32;
            last.extend_from_slice(records);
            return (self.chunks.len() as u32 - 1, start);
        }
        self.chunks.push(chunk);
        (self.chunks.len() as u32 - 1, 0)
    }

    /// Puts the rows that are kept into one chunk, and forgets the others.
    fn compact(&mut self) -> Result<()> {
        let mut orders: Vec<u64> = self.ledger.held.keys().copied().collect();
        orders.sort_unstable();
        let batch = self.rows(&orders)?;
        for (row, order) in orders.iter().enumerate() {
            if let Some(held) = self.ledger.held.get_mut(order) {
                held.place = Some((0, row as u32));
            }
        }
        self.rows = orders.len();
        self.chunks = vec![Chunk::Batch(batch)];
        Ok(())
    }

    /// The rows of some records that are kept.
    pub(super) fn rows(&self, orders: &[u64]) -> Result<RecordBatch> {
        let places: Vec<(usize, usize)> = orders
            .iter()
            .filter_map(|order| self.ledger.held.get(order)?.place)
            .map(|(chunk, row)| (chunk as usize, row as usize))
            .collect();
        let batches: Vec<RecordBatch> = self.chunks.iter().map(Chunk::to_batch).collect::<Result<_>>()?;
        shape::gather(&batches, &places)
    }
}
