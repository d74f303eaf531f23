//! Folding: Arrow arrays, slices of values and single values into the metrics of a column.
//!
//! Whole arrays at a time, without a branch on the type per value: each file takes one kind of
//! values from array to sketches in blocks that fit the first-level cache.

mod arrays;
mod binaries;
mod builder;
mod counted;
mod custom;
mod custom_arrays;
mod decimals;
mod dictionary;
mod floats;
mod frequent;
mod inferred;
mod integers;
mod items;
mod nested;
mod repeated;
mod schema;
mod temporal;
mod texts;
mod waiting;

pub use builder::{ColumnBuilder, Numbers};
pub(crate) use builder::{has_items, has_scalars};
pub use custom::{CustomMetric, CustomMetrics, Failure, Running, State};
pub(crate) use custom_arrays::nan_as_null;
pub use custom_arrays::plain as plain_array;
pub use inferred::{Inference, classify, parse_timestamp};
pub use nested::children;
pub use schema::{ColumnSpec, Correlated, Domain, MetricSet, Role, Schema, TypeTag};
pub use temporal::Unit;
pub(crate) use temporal::date_text;
pub(crate) use waiting::Slot;
pub use waiting::{Value, ValueBuffer};

/// Values folded at a time: 16 KB of doubles.
pub(crate) const BLOCK: usize = 2048;
