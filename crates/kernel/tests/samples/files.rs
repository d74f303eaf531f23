//! Sample files: round trips, and what is wrong with some.

use super::support::Dice;
use super::{batch, floats, integers, sampled, texts};
use arrow_array::RecordBatch;
use tidegauge_kernel::ErrorKind;
use tidegauge_kernel::samples::{Sample, decode, encode};

const SPECS: [&str; 6] = [
    r#"{"kind": "reservoir", "size": 20}"#,
    r#"{"kind": "stratified", "columns": ["city", "n"], "size": 2, "strata": 5}"#,
    r#"{"kind": "weighted", "weight": "fare + 1", "size": 20}"#,
    r#"{"kind": "outliers", "value": "fare", "low": 0.05, "high": 0.95, "size": 20}"#,
    r#"{"kind": "rare", "column": "n", "share": 0.01, "size": 20}"#,
    r#"{"kind": "failing", "condition": "fare < 300", "unknown": false, "size": 20}"#,
];

fn data() -> RecordBatch {
    let fares = (0..500).map(f64::from);
    let numbers = (0..500).map(|n| if n % 100 == 3 { n } else { n % 5 });
    batch(vec![
        ("fare", floats(fares)),
        ("n", integers(numbers)),
        ("city", texts((0..500).map(|n| ["Oslo", "Rome"][n % 2]))),
    ])
}

fn same(one: &Sample, other: &Sample) -> bool {
    // NaN stands for what is not known, and is not equal to itself.
    one.spec() == other.spec()
        && one.facts() == other.facts()
        && one.rows() == other.rows()
        && format!("{:?}", one.items()) == format!("{:?}", other.items())
}

#[test]
fn every_kind_comes_back_as_it_was() {
    for spec in SPECS {
        let sample = sampled(spec, 1, &[data()]);
        assert!(!sample.items().is_empty(), "{spec}");
        let back = decode(encode(&sample).unwrap()).unwrap();
        assert!(same(&sample, &back), "{spec}\n{sample:?}\n{back:?}");
        // And is worth as much: it merges with others.
        let other = sampled(spec, 2, &[data()]);
        let merged = Sample::merge(&[&back, &other]).unwrap();
        assert!(
            same(&merged, &Sample::merge(&[&sample, &other]).unwrap()),
            "{spec}"
        );
    }
}

#[test]
fn a_sample_of_nothing_comes_back() {
    for spec in SPECS {
        let sample = sampled(spec, 1, &[data().slice(0, 0)]);
        let back = decode(encode(&sample).unwrap()).unwrap();
        assert!(same(&sample, &back), "{spec}\n{sample:?}\n{back:?}");
    }
}

#[test]
fn a_column_may_have_the_name_of_ours() {
    let taken = batch(vec![("_sample", integers(0..3)), ("_sample_", integers(0..3))]);
    let sample = sampled(SPECS[0], 1, &[taken]);
    assert!(same(&sample, &decode(encode(&sample).unwrap()).unwrap()));
}

#[test]
fn other_files_are_refused_with_what_they_are() {
    let profile = tidegauge_kernel::format::encode(&[]).unwrap();
    for (bytes, said) in [
        (b"hello".to_vec(), "not Parquet"),
        (profile, "not written by Samples.write"),
        (Vec::new(), "not Parquet"),
    ] {
        let error = decode(bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Format);
        assert!(error.message().contains(said), "{error}");
    }
}

#[test]
fn damaged_files_give_errors_or_sound_samples() {
    let mut dice = Dice::new(7);
    let mut refused = 0;
    for spec in SPECS {
        let bytes = encode(&sampled(spec, 1, &[data()])).unwrap();
        for _ in 0..300 {
            let mut damaged = bytes.clone();
            if dice.below(4) == 0 {
                damaged.truncate(dice.below(bytes.len() as u64) as usize);
            } else {
                for _ in 0..=dice.below(3) {
                    let at = dice.below(bytes.len() as u64) as usize;
                    damaged[at] ^= 1 << dice.below(8);
                }
            }
            match decode(damaged) {
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Format, "{error}");
                    refused += 1;
                }
                Ok(sample) => {
                    assert_eq!(sample.items().len(), sample.rows().num_rows());
                    let _ = (sample.weights(), sample.estimate(None));
                    let _ = Sample::merge(&[&sample, &sampled(spec, 3, &[data()])]);
                }
            }
        }
    }
    assert!(refused > 900, "{refused}");
}

/// The file with a text of its metadata replaced by another of the same length.
fn forged(sample: &Sample, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = encode(sample).unwrap();
    let at = bytes
        .windows(from.len())
        .position(|window| window == from.as_bytes())
        .expect(from);
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    bytes
}

#[test]
fn what_cannot_be_is_refused() {
    let reservoir = sampled(SPECS[0], 1, &[data()]);
    for (from, to, said) in [
        (r#""seen":500"#, r#""seen":012"#, "damaged"),
        (r#""seen":500"#, r#""seen":100"#, "drawn from than seen"),
        (r#""eligible":500"#, r#""eligible":100"#, "damaged"),
        (r#""size":20"#, r#""size":10"#, "more records than"),
        (r#""version":1"#, r#""version":9"#, "form 9"),
        ("reservoir", "reservois", "no kind"),
    ] {
        match decode(forged(&reservoir, from, to)) {
            Err(error) => assert!(error.message().contains(said), "{error}"),
            Ok(_) => assert!(from.contains("eligible"), "{from}"),
        }
    }
    let outliers = sampled(SPECS[3], 1, &[data()]);
    let error = decode(forged(&outliers, r#""eligible":500"#, r#""eligible":499"#)).unwrap_err();
    assert!(error.message().contains("sketch is of other records"), "{error}");
    let stratified = sampled(SPECS[1], 1, &[data()]);
    let error = decode(forged(&stratified, r#""strata":5"#, r#""strata":1"#)).unwrap_err();
    assert!(error.message().contains("damaged"), "{error}");
}
