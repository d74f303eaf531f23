//! True, false or unknown of many records: two bitmaps.

use arrow_array::BooleanArray;
use arrow_buffer::{BooleanBuffer, NullBuffer};

/// For each record whether something is known to be true, and whether it is known to be false; neither
/// is unknown.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    yes: BooleanBuffer,
    no: BooleanBuffer,
}

impl Truth {
    /// From values and where they are known.
    pub(super) fn new(values: BooleanBuffer, known: Option<&NullBuffer>) -> Self {
        match known.filter(|known| known.null_count() > 0) {
            None => Self {
                no: !&values,
                yes: values,
            },
            Some(known) => {
                let yes = &values & known.inner();
                Self {
                    no: &(!&values) & known.inner(),
                    yes,
                }
            }
        }
    }

    /// The same for all records.
    pub(super) fn all(value: Option<bool>, rows: usize) -> Self {
        let fill = |full: bool| {
            if full {
                BooleanBuffer::new_set(rows)
            } else {
                BooleanBuffer::new_unset(rows)
            }
        };
        Self {
            yes: fill(value == Some(true)),
            no: fill(value == Some(false)),
        }
    }

    /// One by one.
    pub(super) fn collect(rows: usize, mut outcome: impl FnMut(usize) -> Option<bool>) -> Self {
        let mut no = Vec::with_capacity(rows);
        let yes = BooleanBuffer::collect_bool(rows, |row| {
            let value = outcome(row);
            no.push(value == Some(false));
            value == Some(true)
        });
        Self {
            yes,
            no: BooleanBuffer::from(no),
        }
    }

    /// The records to which the given numbers point; a null points to none, which is unknown.
    pub(super) fn take(&self, rows: usize, nulls: Option<&NullBuffer>, at: impl Fn(usize) -> usize) -> Self {
        let mut outcomes: Vec<u8> = vec![0; self.len() + 1];
        for (row, outcome) in outcomes.iter_mut().take(self.len()).enumerate() {
            *outcome = u8::from(self.yes.value(row)) | u8::from(self.no.value(row)) << 1;
        }
        // The codes of nulls may point anywhere.
        let outcome = |row: usize| outcomes[at(row).min(self.len())];
        let yes = BooleanBuffer::collect_bool(rows, |row| outcome(row) & 1 != 0);
        let no = BooleanBuffer::collect_bool(rows, |row| outcome(row) & 2 != 0);
        match nulls.filter(|nulls| nulls.null_count() > 0) {
            None => Self { yes, no },
            Some(nulls) => Self {
                yes: &yes & nulls.inner(),
                no: &no & nulls.inner(),
            },
        }
    }

    pub(super) fn and(self, other: &Self) -> Self {
        Self {
            yes: &self.yes & &other.yes,
            no: &self.no | &other.no,
        }
    }

    pub(super) fn or(self, other: &Self) -> Self {
        Self {
            yes: &self.yes | &other.yes,
            no: &self.no & &other.no,
        }
    }

    pub(super) fn not(self) -> Self {
        Self {
            yes: self.no,
            no: self.yes,
        }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.yes.len()
    }

    /// Whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.yes.is_empty()
    }

    /// Of how many of some records it is true, and false.
    pub fn count(&self, start: usize, records: usize) -> (u64, u64) {
        let count = |bits: &BooleanBuffer| bits.slice(start, records).count_set_bits() as u64;
        (count(&self.yes), count(&self.no))
    }

    /// What is known of one record.
    pub fn value(&self, row: usize) -> Option<bool> {
        match (self.yes.value(row), self.no.value(row)) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }

    /// An array in which unknown is null.
    pub fn into_array(self) -> BooleanArray {
        let known = NullBuffer::new(&self.yes | &self.no);
        BooleanArray::new(self.yes, Some(known).filter(|known| known.null_count() > 0))
    }
}
