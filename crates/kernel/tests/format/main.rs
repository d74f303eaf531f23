//! The profile format: round trips, golden files, and bytes that somebody damaged or forged.

mod allocations;
mod conditions;
mod correlation;
mod damaged;
mod forged;
mod rewritten;
mod round_trip;
mod samples;
mod selection;
mod sketches;
#[path = "../support/mod.rs"]
mod support;
mod vectors;
