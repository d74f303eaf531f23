//! Two columns compared from their sketches alone: distances, evidence and what could have been seen.
//!
//! * [`Steps`]: the distribution function of a column's numbers, from its exact items or its sketch.
//! * [`distances`]: the ordered distances between two of them, in one walk.
//! * [`ordered`]: the two-sample Kolmogorov–Smirnov test on them, right for both sizes, for ties and
//!   for the sketches' own error.
//! * [`counts`]: homogeneity of two vectors of counts, right also where most counts are tiny.
//! * [`items`]: such vectors from two sketches of frequent items, with their bounds.
//! * [`history`]: how far each of many windows lies from the others.

pub mod counts;
pub mod distances;
pub mod history;
pub mod items;
mod lattice;
pub mod ordered;
mod special;
mod steps;
mod ties;

pub use steps::Steps;
