//! Expressions over the columns of a record, such as `fare > 0 and city in ["Oslo", "Rome"]`.
//!
//! The text form is the contract; its grammar and meaning are in `docs/reference/expressions.md`.
//! [`Expression::parse`] reads it, and writing an expression gives its canonical text. Truth has
//! three values: what touches a null is unknown, unless the rest decides.
//!
//! [`rows`] evaluates one record at a time and is the definition of what an expression means.
//! [`truth`] and [`evaluate`] take whole Arrow batches: [`vectors`] knows the common shapes, what it
//! does not know goes row by row, so both give the same.

mod arrays;
mod cells;
mod evaluate;
mod gathered;
mod kinds;
mod lexer;
mod numbers;
mod parser;
mod rows;
mod scalar;
mod text;
mod tree;
mod truth;
mod vector_numbers;
mod vectors;

pub use arrays::{Input, Inputs, each_value, resolve};
pub use cells::{Cell, Cells};
pub use evaluate::{cells_array, evaluate, evaluate_inputs, numbers, truth};
pub use gathered::Gathered;
pub use rows::{Notes, Row, outcome_of, scalar};
pub use scalar::Scalar;
pub use tree::Expression;
pub use truth::Truth;

/// Bytes that the text of an expression may have.
pub const LONGEST: usize = 1 << 18;

/// Values inside values that an expression may have, and values in all.
pub const DEEPEST: usize = 100;
/// See [`DEEPEST`].
pub const MOST_VALUES: usize = 1 << 16;
