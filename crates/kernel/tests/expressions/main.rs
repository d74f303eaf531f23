//! Expressions: their text, their meaning, and whole batches against single records.

#[path = "../support/mod.rs"]
mod support;

mod batches;
mod generated;
mod meaning;
mod texts;
