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
    /// Windows that end after then, in microseconds since the epoch; a profile without a window is not among them.
    pub since: Option<i64>,
    /// Windows that start earlier; a profile without a window is not among them.
    pub until: Option<i64>,
    /// Columns and values that the segment has, among others or not; empty for profiles of all records.
    pub segment: Option<Vec<(String, Option<String>)>>,
}

impl Selection {
    /// Whether a profile is selected.
    pub fn wants(&self, metadata: &Metadata) -> bool {
        let window = metadata.window;
        let named = self
            .dataset
            .as_ref()
            .is_none_or(|name| metadata.dataset.as_ref() == Some(name));
        let late_enough = self
            .since
            .is_none_or(|since| window.is_some_and(|window| window.1 > since));
        let early_enough = self
            .until
            .is_none_or(|until| window.is_some_and(|window| window.0 < until));
        named
            && late_enough
            && early_enough
            && self
                .segment
                .as_ref()
                .is_none_or(|pairs| has(&metadata.segment, pairs))
    }

    /// Whether a file may hold a profile that is selected, by what its footer says of windows.
    pub(super) fn may_be_in(&self, metadata: &ParquetMetaData) -> bool {
        (self.since.is_none() && self.until.is_none())
            || metadata
                .row_groups()
                .iter()
                .any(|group| self.may_be_in_group(group))
    }

    fn may_be_in_group(&self, group: &RowGroupMetaData) -> bool {
        let late_enough = self
            .since
            .is_none_or(|since| times(group, "window_end").is_none_or(|(_, last)| last > since));
        let early_enough = self
            .until
            .is_none_or(|until| times(group, "window_start").is_none_or(|(first, _)| first < until));
        late_enough && early_enough
    }
}

fn has(segment: &[(String, Option<String>)], pairs: &[(String, Option<String>)]) -> bool {
    if pairs.is_empty() {
        return segment.is_empty();
    }
    pairs.iter().all(|pair| segment.contains(pair))
}

/// The first and the last of the times in a field of a row group, where the writer told.
fn times(group: &RowGroupMetaData, field: &str) -> Option<(i64, i64)> {
    let column = group
        .columns()
        .iter()
        .find(|column| column.column_path().string() == field)
        .filter(|column| column.column_descr().converted_type() == ConvertedType::TIMESTAMP_MICROS)?;
    match column.statistics()? {
        Statistics::Int64(values) if values.min_is_exact() && values.max_is_exact() => {
            Some((*values.min_opt()?, *values.max_opt()?))
        }
        _ => None,
    }
}
