//! Samplers: each record has the chance that it should have, parts merge into the whole, memory is bounded.

mod chances;
mod files;
mod kinds;
mod rows;
#[path = "../support/mod.rs"]
mod support;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use std::sync::Arc;
use tidegauge_kernel::samples::{Sample, Sampling, Spec};

/// A batch of columns.
fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .expect("a batch")
}

/// Whole numbers as a column.
fn integers(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

/// Numbers as a column.
fn floats(values: impl IntoIterator<Item = f64>) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(values))
}

/// Texts as a column.
fn texts<'a>(values: impl IntoIterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

/// The only sample of a sampler over batches.
fn sampled(spec: &str, seed: u64, batches: &[RecordBatch]) -> Sample {
    let spec = Spec::parse(spec).expect("a sampler");
    let mut sampling = Sampling::new(vec![("one".to_owned(), spec)], None, seed).expect("samplers");
    for batch in batches {
        sampling.add(&(batch, false)).expect("records");
    }
    only(&sampling)
}

fn only(sampling: &Sampling) -> Sample {
    sampling.samples().expect("samples").remove(0).1
}

/// Places in the order of arrival.
fn orders(sample: &Sample) -> Vec<u64> {
    sample.items().iter().map(|item| item.order).collect()
}
