//! Data files as they come: every format, and what is wrong with some.

mod arrow;
mod broken;
mod csv;
mod ndjson;
mod parquet;
mod read;
#[path = "../support/mod.rs"]
mod support;
