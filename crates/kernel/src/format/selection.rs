//! Which profiles of a file are wanted, so that the others cost little.

use crate::profile::Metadata;
use parquet::basic::ConvertedType;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::statistics::Statistics;

/// What a profile must be of to be read; the default selects all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// The name of the dataset.
    pub dataset: Option<String>,
    /// Windows that start then or later, in microseconds since the epoch; a profile without a window is not among them.
    pub since: Option<i64>,
    /// Windows that start earlier; a profile without a window is not among them.
    pub until: Option<i64>,
    /// The columns and values of the segment, in any order; empty for profiles of all records.
    pub segment: Option<Vec<(String, Option<String>)>>,
}

impl Selection {
    /// Whether a profile is selected.
    pub fn wants(&self, metadata: &Metadata) -> bool {
        let start = metadata.window.map(|window| window.0);
        let named = self
            .dataset
            .as_ref()
            .is_none_or(|name| metadata.dataset.as_ref() == Some(name));
        let late_enough = self
            .since
            .is_none_or(|since| start.is_some_and(|start| start >= since));
        let early_enough = self
            .until
            .is_none_or(|until| start.is_some_and(|start| start < until));
        named && late_enough && early_enough && self.segment.as_ref().is_none_or(|pairs| same(pairs, &metadata.segment))
    }

    /// Whether a file may hold a profile that is selected, by what its footer says of windows.
    pub(super) fn may_be_in(&self, metadata: &ParquetMetaData) -> bool {
        (self.since.is_none() && self.until.is_none())
            || metadata.row_groups().iter().any(|group| self.may_be_in_group(group))
    }

    fn may_be_in_group(&self, group: &RowGroupMetaData) -> bool {
        let Some((first, last)) = window_starts(group) else {
            return true;
        };
        self.since.is_none_or(|since| last >= since) && self.until.is_none_or(|until| first < until)
    }
}

fn same(one: &[(String, Option<String>)], other: &[(String, Option<String>)]) -> bool {
    one.len() == other.len() && one.iter().all(|pair| other.contains(pair))
}

/// The first and the last start of a window in a row group, where the writer told.
fn window_starts(group: &RowGroupMetaData) -> Option<(i64, i64)> {
    let column = group
        .columns()
        .iter()
        .find(|column| column.column_path().string() == "window_start")
        .filter(|column| column.column_descr().converted_type() == ConvertedType::TIMESTAMP_MICROS)?;
    match column.statistics()? {
        Statistics::Int64(values) if values.min_is_exact() && values.max_is_exact() => {
            Some((*values.min_opt()?, *values.max_opt()?))
        }
        _ => None,
    }
}
