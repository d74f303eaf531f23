//! Profiles: the immutable value, how it is made from batches and records, and how it merges.

mod builder;
mod collector;
mod merge;
mod names;
mod texts;
mod value;
mod window;

pub use collector::Collector;
pub use merge::merge;
pub use texts::TextColumn;
pub use value::{Column, Metadata, Profile, Unknown};
pub use window::Window;
