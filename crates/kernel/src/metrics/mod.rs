//! The scalar metrics: counts, types and moments, exact and mergeable.

mod counts;
mod exact;
mod extension;
mod mean;
mod moments;

pub use counts::{Counts, Kind, Types};
pub use exact::Exact;
pub use extension::{Extension, Part};
pub use mean::Mean;
pub use moments::{Moments, Sums};
