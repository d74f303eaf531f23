//! Profiles: the immutable value, how it is made from batches and records, and how it merges.

mod builder;
mod collector;
mod conditions;
mod counting;
mod horizon;
mod merge;
mod moments;
mod names;
mod nearest;
mod take;
mod texts;
mod value;
mod watch;
mod window;
mod zone;

pub use collector::Collector;
pub use conditions::{Condition, Conditions, Tally};
pub use merge::{merge, merge_alike};
pub use texts::TextColumn;
pub use value::{Column, Metadata, Profile, Unknown};
pub use window::Window;
pub use zone::LocalWindow;
