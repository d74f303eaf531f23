//! Metrics of plug-ins: what the kernel keeps and merges without understanding it.

use crate::{Error, Result};

/// One state of a metric, in the metric's own bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The version of the metric that wrote the bytes; 0 where nothing was said of it.
    pub version: u32,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What a profile keeps of one metric of a plug-in.
///
/// Only the plug-in can make one state of several. Until it does, the states stand beside each other,
/// in an order that does not depend on the order of merging.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extension {
    /// States of parts of the data, sorted.
    pub parts: Vec<Part>,
    /// Records that the states summarise.
    pub records: u64,
    /// How often the metric failed.
    pub failures: u64,
    /// What went wrong one of those times: the class of an exception, never its text.
    pub reason: Option<String>,
}

/// Bytes of all states of one metric and column together, at most.
const MOST_BYTES: usize = 1 << 28;

impl Extension {
    /// The state of which nothing is said but its bytes.
    pub fn bare(bytes: Vec<u8>, records: u64) -> Self {
        Self {
            parts: vec![Part { version: 0, bytes }],
            records,
            ..Self::default()
        }
    }

    /// The states of all parts of the data beside each other.
    pub fn merge(all: &[&Self]) -> Self {
        let mut merged = Self::default();
        for one in all {
            merged.parts.extend(one.parts.iter().cloned());
            merged.records = merged.records.saturating_add(one.records);
            merged.fail(one.failures, one.reason.as_deref());
        }
        merged.parts.sort_unstable();
        merged
    }

    /// Counts failures.
    pub fn fail(&mut self, failures: u64, reason: Option<&str>) {
        self.failures = self.failures.saturating_add(failures);
        // One of the reasons, whichever the order in which parts merge.
        self.reason = match (self.reason.take(), reason) {
            (Some(mine), Some(theirs)) if theirs < mine.as_str() => Some(theirs.to_owned()),
            (mine, theirs) => mine.or_else(|| theirs.map(str::to_owned)),
        };
    }

    /// Whether the states are too many to keep.
    pub(crate) fn check_size(&self, name: &str, column: &str) -> Result<()> {
        let bytes: usize = self.parts.iter().map(|part| part.bytes.len()).sum();
        if bytes <= MOST_BYTES {
            return Ok(());
        }
        Err(Error::merge(format!(
            "the states of metric {name:?} of column {column:?} take {bytes} bytes; at most {MOST_BYTES} are kept. \
             Install the package that knows the metric: it makes one state of them"
        )))
    }
}
