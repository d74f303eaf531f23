//! One folder a sketch: what it estimates, how it merges, its bytes.

pub mod frequent;
pub mod hll;
pub mod kll;
