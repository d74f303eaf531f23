//! Files that were altered on purpose, checksum and all: an error or something that can be used.

use crate::allocations::watch;
use crate::rewritten::{rows, seal, with, write};
use crate::samples::{self, encode};
use crate::support::Dice;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, BinaryArray, Float64Array, Int64Array, RecordBatch};
use arrow_schema::DataType;
use std::sync::Arc;
use tidegauge_kernel::format::{VERSION, decode};
use tidegauge_kernel::profile::merge;

/// Most bytes that one allocation may take: what the reader calls beyond reason, and some.
const MOST: usize = 1 << 26;

/// Reads, and if that succeeds, does with the profiles what people do.
fn use_file(bytes: &[u8]) -> bool {
    let Ok(profiles) = decode(bytes) else { return false };
    for profile in &profiles {
        for column in &profile.columns {
            for numbers in [&column.values, &column.lengths].into_iter().flatten() {
                if let Some(quantiles) = &numbers.quantiles {
                    let view = quantiles.view();
                    let _ = (view.quantile(0.5), view.rank(1.0), view.weights());
                }
            }
            if let Some(cardinality) = &column.cardinality {
                let _ = (cardinality.estimate(), cardinality.interval(2));
            }
            let _ = column.exact_cardinality();
        }
    }
    let twice: Vec<_> = profiles.iter().chain(&profiles).collect();
    if let Ok(merged) = merge(&twice) {
        let _ = tidegauge_kernel::format::encode(&[&merged]);
    }
    true
}

fn survive(bytes: &[u8], what: impl Fn() -> String) -> bool {
    let (done, largest) = watch(|| use_file(bytes));
    assert!(largest <= MOST, "{}: {largest} bytes at once", what());
    done.unwrap_or_else(|_| {
        println!("{}: a panic:", what());
        use_file(bytes)
    })
}

#[test]
fn altered_bytes_under_a_right_checksum_never_panic() {
    for (seed, profiles) in [
        samples::small(),
        samples::types(),
        samples::empty(),
        samples::segments(),
        samples::conditions(),
    ]
    .into_iter()
    .enumerate()
    {
        let bytes = encode(&profiles);
        let mut dice = Dice::new(seed as u64);
        let mut sealed = 0;
        for round in 0..3000 {
            let mut altered = bytes.clone();
            for _ in 0..=dice.below(3) {
                // The footer, at the end, is where structure is.
                let from = if round % 2 == 0 {
                    4
                } else {
                    bytes.len() - bytes.len() / 3
                };
                let at = from + dice.below((bytes.len() - from) as u64) as usize;
                altered[at] = match dice.below(3) {
                    0 => altered[at] ^ 1 << dice.below(8),
                    1 => dice.bits() as u8,
                    _ => [0, 1, 0x7f, 0x80, 0xff][dice.below(5) as usize],
                };
            }
            if seal(&mut altered) {
                sealed += 1;
                survive(&altered, || format!("sample {seed}, round {round}"));
            }
        }
        assert!(sealed > 2000, "only {sealed} files were tried");
    }
}

/// Another value of a field: extreme, or a little damaged.
fn mutate(array: &ArrayRef, dice: &mut Dice) -> Option<ArrayRef> {
    const LONGS: [i64; 8] = [0, 1, -1, i64::MAX, i64::MIN, i64::MAX - 1, 1 << 53, 1 << 32];
    const DOUBLES: [f64; 8] = [
        0.0,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN,
        5e-324,
        -1.0,
    ];
    let pick = |dice: &mut Dice| dice.below(8) as usize;
    Some(match array.data_type() {
        DataType::Int64 => {
            let values = array.as_primitive::<Int64Type>().iter();
            Arc::new(
                values
                    .map(|value| {
                        if dice.below(2) == 0 {
                            Some(LONGS[pick(dice)])
                        } else {
                            value
                        }
                    })
                    .collect::<Int64Array>(),
            )
        }
        DataType::Float64 => {
            let values = array.as_primitive::<Float64Type>().iter();
            Arc::new(
                values
                    .map(|value| {
                        if dice.below(2) == 0 {
                            Some(DOUBLES[pick(dice)])
                        } else {
                            value
                        }
                    })
                    .collect::<Float64Array>(),
            )
        }
        DataType::Binary => {
            let values = array.as_binary::<i32>().iter();
            let mut damage = |value: &[u8]| {
                let mut value = value.to_vec();
                if !value.is_empty() {
                    let at = dice.below(value.len().min(64) as u64) as usize;
                    value[at] = dice.bits() as u8;
                }
                value
            };
            let damaged: Vec<Option<Vec<u8>>> = values.map(|value| value.map(&mut damage)).collect();
            Arc::new(damaged.iter().map(Option::as_deref).collect::<BinaryArray>())
        }
        _ => return None,
    })
}

#[test]
fn impossible_values_under_a_right_checksum_never_panic() {
    let (mut tried, mut accepted) = (0, 0);
    for (seed, profiles) in [samples::types(), samples::windows(), samples::large()]
        .into_iter()
        .enumerate()
    {
        let batch = rows(&encode(&profiles));
        let mut dice = Dice::new(seed as u64);
        for round in 0..250 {
            let mut altered: RecordBatch = batch.clone();
            let at = dice.below(batch.num_columns() as u64) as usize;
            for at in [at, (at + dice.below(3) as usize) % batch.num_columns()] {
                if let Some(array) = mutate(batch.column(at), &mut dice) {
                    altered = with(&altered, batch.schema().field(at).name(), array);
                }
            }
            tried += 1;
            let name = || {
                format!(
                    "sample {seed}, round {round}, field {}",
                    batch.schema().field(at).name()
                )
            };
            accepted += u32::from(survive(&write(&altered, Some(VERSION)), name));
        }
    }
    assert!(
        accepted > 50 && accepted < tried,
        "{accepted} of {tried} were accepted"
    );
}
