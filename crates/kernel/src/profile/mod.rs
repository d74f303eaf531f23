//! Profiles: the immutable value, how it is made from batches and records, and how it merges.

mod builder;
mod collector;
mod conditions;
mod correlation;
mod counting;
mod derived;
mod grouping;
mod merge;
mod names;
mod nearest;
mod placing;
mod recording;
mod sampled;
mod segments;
mod service;
mod taking;
mod targets;
mod texts;
mod value;
mod window;

pub use collector::Collector;
pub use conditions::{Condition, Conditions, Tally};
pub use correlation::{Correlation, FEW, MOST};
pub use derived::{Derived, DerivedRow, Formula, Function};
pub use merge::{merge, merge_alike};
pub use placing::Placement;
pub use segments::{MAX_SEGMENTS, OTHER, Segments};
pub use texts::TextColumn;
pub use value::{Column, ColumnMetrics, Metadata, Profile, Unknown};
pub use window::{LocalWindow, Window};
