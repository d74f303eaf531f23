//! The field `correlation` as a forger, or a careless program, would write it.

use crate::rewritten::{rows, with, write};
use arrow_array::{ArrayRef, BinaryArray, Float64Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema as ArrowSchema};
use std::sync::Arc;
use tidegauge_kernel::columns::Schema;
use tidegauge_kernel::format::{VERSION, decode, encode};
use tidegauge_kernel::profile::{Collector, Metadata, Profile, merge};
use tidegauge_kernel::{ErrorKind, Result};

/// Three columns, of which the last lacks two values, each at another row than the first.
fn sample() -> Profile {
    let columns = [
        vec![Some(1.0), None, Some(4.0), Some(9.0), Some(2.5)],
        vec![Some(3.0), Some(5.0), Some(-1.0), Some(0.5), Some(7.0)],
        vec![Some(2.0), Some(8.0), None, None, Some(1.0)],
    ];
    let fields: Vec<Field> = ["x", "y", "z"]
        .map(|name| Field::new(name, DataType::Float64, true))
        .into();
    let arrays = columns.map(|values| Arc::new(Float64Array::from(values)) as ArrayRef);
    let batch = RecordBatch::try_new(Arc::new(ArrowSchema::new(fields)), arrays.into()).unwrap();
    let mut collector = Collector::new(Schema::default(), None, None).unwrap();
    collector.log_batches(&[batch]).unwrap();
    collector.profiles(&Metadata::default()).remove(0)
}

/// What the first row of the file holds.
fn bytes() -> Vec<u8> {
    let batch = rows(&encode(&[&sample()]).unwrap());
    let column = batch.column_by_name("correlation").unwrap();
    column
        .as_any()
        .downcast_ref::<BinaryArray>()
        .unwrap()
        .value(0)
        .to_vec()
}

fn read(bytes: &[u8]) -> Result<Vec<Profile>> {
    let batch = rows(&encode(&[&sample()]).unwrap());
    let cells = (0..batch.num_rows()).map(|row| (row == 0).then_some(bytes));
    let field: ArrayRef = Arc::new(cells.collect::<BinaryArray>());
    decode(&write(&with(&batch, "correlation", field), Some(VERSION)))
}

fn error(bytes: &[u8]) -> String {
    let error = read(bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Format);
    error.message().to_owned()
}

#[test]
fn bytes_round_trip() {
    let read = read(&bytes()).unwrap();
    assert_eq!(read[0].correlation, sample().correlation);
    let correlation = read[0].correlation.as_ref().unwrap();
    assert_eq!(correlation.columns, ["x", "y", "z"]);
    let counts: Vec<u64> = correlation.moments.pairs().iter().map(|pair| pair.n).collect();
    assert_eq!(counts, [4, 2, 3]);
}

#[test]
fn what_is_cut_off_or_too_long_is_an_error() {
    let whole = bytes();
    for length in 0..whole.len() {
        let message = error(&whole[..length]);
        assert!(message.contains("field correlation"), "{length}: {message}");
    }
    assert!(error(&[whole, vec![0]].concat()).contains("1 bytes are left over"));
}

#[test]
fn impossible_values_are_errors_that_say_what_is_wrong() {
    // Layout, count, then length, name, n, mean, rest of the mean and squares of the first column.
    let at = |position: usize, new: &[u8]| {
        let mut forged = bytes();
        forged[position..position + new.len()].copy_from_slice(new);
        error(&forged)
    };
    assert!(at(0, &[9]).contains("layout 9"));
    assert!(at(1, &u32::MAX.to_le_bytes()).contains("do not fit"));
    assert!(at(1, &3_000u32.to_le_bytes()).contains("do not fit"));
    assert!(at(5, &u32::MAX.to_le_bytes()).contains("cut off"));
    assert!(at(9, &[0xff]).contains("UTF-8"));
    assert!(at(9, b"y").contains("twice"));
    assert!(at(9, b"w").contains("no column of the profile"));
    assert!(at(10, &0u64.to_le_bytes()).contains("0 values"));
    assert!(at(10, &6u64.to_le_bytes()).contains("6 values in 5 records"));
    assert!(at(34, &(-1.0f64).to_le_bytes()).contains("impossible moments"));
    let pairs = 5 + 3 * 37;
    assert!(at(pairs, &[64]).contains("kind 64"));
    let last = bytes().len() - 8;
    assert!(at(last, &1e9f64.to_le_bytes()).contains("beyond 1"));
}

#[test]
fn no_byte_makes_the_reader_panic_or_the_merge_fail() {
    let whole = bytes();
    for position in 0..whole.len() {
        for value in [0u8, 1, 3, 7, 127, 128, 240, 255] {
            let mut forged = whole.clone();
            forged[position] = value;
            if let Ok(profiles) = read(&forged) {
                let merged = merge(&[&profiles[0], &sample(), &profiles[0]]).unwrap();
                let again = decode(&encode(&[&merged]).unwrap());
                assert!(again.is_ok(), "byte {position} as {value}: {again:?}");
            }
        }
    }
}
