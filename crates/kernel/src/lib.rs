//! The kernel of Tidegauge: sketches, column folding, merging, and the profile format.
//!
//! Pure Rust, no Python. Data comes in as Arrow arrays, slices or files; out go immutable
//! profiles and their bytes.

pub mod calendar;
pub mod columns;
pub mod compare;
pub mod cores;
pub mod error;
pub mod expressions;
pub mod files;
pub mod format;
pub mod guard;
pub mod hash;
pub mod metrics;
pub mod privacy;
pub mod profile;
pub mod random;
pub mod samples;
pub mod sketches;

pub use error::{Error, ErrorKind, Result};
