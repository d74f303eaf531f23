//! Columns of every Arrow type, windows and merges, against naive recomputation.

mod collector;
mod correlation;
mod custom;
mod derived;
mod dictionary;
mod expected;
mod nested;
mod numbers;
mod others;
mod parts;
mod privacy;
mod segments;
mod service;
#[path = "../support/mod.rs"]
mod support;
mod temporal;
mod texts;
mod windows;
mod zones;
