//! The scalar metrics: counts, types and moments, exact and mergeable.

mod comoments;
mod counts;
mod exact;
mod extension;
mod mean;
mod moments;
mod products;

pub use comoments::{CoMoments, Pair, Single};
pub use counts::{Counts, Kind, Types};
pub use exact::Exact;
pub use extension::{Extension, Part};
pub use mean::Mean;
pub use moments::{Moments, Sums};
pub use products::Products;
