//! The sketches and moments against exact answers, and against Apache's own implementation.

mod comoments;
mod frequent;
mod hll;
mod kll;
mod moments;
#[path = "../support/mod.rs"]
mod support;
