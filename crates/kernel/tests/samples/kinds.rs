//! What each kind keeps.

use super::support::Dice;
use super::{batch, floats, integers, orders, sampled, texts};
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Float64Array, RecordBatch};
use std::sync::Arc;
use tidegauge_kernel::ErrorKind;
use tidegauge_kernel::samples::{Sample, Sampling, Spec};

fn values(sample: &Sample) -> Vec<f64> {
    sample
        .rows()
        .column(0)
        .as_primitive::<Float64Type>()
        .values()
        .to_vec()
}

fn merged(samples: &[Sample]) -> Sample {
    Sample::merge(&samples.iter().collect::<Vec<_>>()).expect("merged")
}

#[test]
fn outliers_are_the_most_extreme_values_in_any_order_and_any_parts() {
    let mut dice = Dice::new(1);
    let mut numbers: Vec<f64> = (0..20_000).map(|_| dice.unit().ln()).collect();
    numbers[0] = -1e9; // the very first record, when nothing is known yet
    numbers[19_999] = 1e9;
    let spec = r#"{"kind": "outliers", "value": "x", "low": 0.01, "high": 0.99, "size": 20}"#;
    let batches: Vec<RecordBatch> = numbers
        .chunks(777)
        .map(|chunk| batch(vec![("x", floats(chunk.iter().copied()))]))
        .collect();
    let whole = sampled(spec, 1, &batches);
    let mut sorted = numbers.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let mut kept = values(&whole);
    kept.sort_unstable_by(f64::total_cmp);
    assert_eq!(kept, [&sorted[..10], &sorted[19_990..]].concat());

    let parts: Vec<Sample> = batches
        .chunks(9)
        .enumerate()
        .map(|(part, batches)| sampled(spec, 100 + part as u64, batches))
        .collect();
    let mut of_parts = values(&merged(&parts));
    of_parts.sort_unstable_by(f64::total_cmp);
    assert_eq!(of_parts, kept);
}

#[test]
fn one_side_of_outliers_gets_the_room_that_the_other_does_not_need() {
    let spec = r#"{"kind": "outliers", "value": "x", "low": 0.0, "high": 0.9, "size": 6}"#;
    let sample = sampled(spec, 1, &[batch(vec![("x", floats((0..1000).map(f64::from)))])]);
    assert_eq!(values(&sample), [994.0, 995.0, 996.0, 997.0, 998.0, 999.0]);
}

#[test]
fn a_column_without_outliers_has_none() {
    let spec = r#"{"kind": "outliers", "value": "x", "low": 0.01, "high": 0.99, "size": 6}"#;
    let constant = sampled(spec, 1, &[batch(vec![("x", floats([5.0; 1000]))])]);
    assert_eq!(constant.items(), []);
    let missing: Arc<Float64Array> =
        Arc::new([None, Some(f64::NAN), Some(f64::INFINITY)].into_iter().collect());
    let none = sampled(spec, 1, &[batch(vec![("x", missing)])]);
    assert_eq!(
        (none.items().len(), none.facts().seen, none.facts().eligible),
        (0, 3, 0)
    );
}

#[test]
fn strata_beyond_the_limit_are_one() {
    let cities: Vec<String> = (0..1000).map(|n| format!("city {}", n % 10)).collect();
    let spec = r#"{"kind": "stratified", "columns": ["city"], "size": 4, "strata": 3}"#;
    let sample = sampled(
        spec,
        1,
        &[batch(vec![("city", texts(cities.iter().map(String::as_str)))])],
    );
    let seen: Vec<u64> = sample.facts().groups.iter().map(|group| group.seen).collect();
    assert_eq!(seen, [100, 100, 100, 700]);
    assert!(sample.facts().groups[3].key.is_none());
    assert_eq!(sample.items().len(), 16);
    assert_eq!(sample.weights().unwrap().iter().sum::<f64>(), 1000.0);

    let other = sampled(spec, 2, &[batch(vec![("city", texts(["city 9"; 50]))])]);
    let both = merged(&[sample, other]);
    let seen: Vec<u64> = both.facts().groups.iter().map(|group| group.seen).collect();
    assert_eq!(seen, [100, 100, 100, 750]);
}

#[test]
fn rare_values_are_kept_and_frequent_ones_are_not() {
    let mut dice = Dice::new(3);
    let names: Vec<String> = (0..50_000)
        .map(|n| match n % 5_000 {
            17 => format!("typo {n}"),
            _ => format!("city {}", dice.below(50)),
        })
        .collect();
    let spec = r#"{"kind": "rare", "column": "city", "share": 0.001, "size": 20}"#;
    let batches: Vec<RecordBatch> = names
        .chunks(1_000)
        .map(|chunk| batch(vec![("city", texts(chunk.iter().map(String::as_str)))]))
        .collect();
    let typos: Vec<u64> = (0..10).map(|n| n * 5_000 + 17).collect();
    assert_eq!(orders(&sampled(spec, 1, &batches)), typos);
    let parts: Vec<Sample> = batches
        .chunks(10)
        .enumerate()
        .map(|(part, batches)| sampled(spec, part as u64 + 1, batches))
        .collect();
    assert_eq!(orders(&merged(&parts)), typos);
}

#[test]
fn nothing_is_rare_where_all_is_too_frequent_to_tell() {
    let spec = r#"{"kind": "rare", "column": "n", "share": 0.001, "size": 20}"#;
    // Each of 100 values has one record in a hundred.
    let sample = sampled(
        spec,
        1,
        &[batch(vec![("n", integers((0..100_000).map(|n| n % 100)))])],
    );
    assert_eq!(sample.items(), []);
}

#[test]
fn records_without_a_weight_have_no_chance() {
    let spec = r#"{"kind": "weighted", "weight": "w", "size": 10}"#;
    let weights: Arc<Float64Array> = Arc::new(
        [Some(1.0), None, Some(-1.0), Some(0.0), Some(f64::NAN), Some(2.0)]
            .into_iter()
            .collect(),
    );
    let sample = sampled(spec, 1, &[batch(vec![("w", weights)])]);
    assert_eq!(orders(&sample), [0, 5]);
    assert_eq!((sample.facts().seen, sample.facts().eligible), (6, 2));
    assert_eq!(sample.weights().unwrap(), [1.0, 2.0]);
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    for (spec, said) in [
        (
            r#"{"kind": "reservoir", "size": 0}"#,
            "size=0; expected a whole number from 1",
        ),
        (r#"{"kind": "reservoir", "size": 1e9}"#, "size="),
        (r#"{"kind": "nonsense", "size": 1}"#, "no kind \"nonsense\""),
        (
            r#"{"kind": "failing", "condition": "x + 1", "unknown": false, "size": 1}"#,
            "compare it with something",
        ),
        (
            r#"{"kind": "weighted", "weight": "x > 1", "size": 1}"#,
            "expected a number",
        ),
        (
            r#"{"kind": "outliers", "value": "x", "low": 0.9, "high": 0.1, "size": 1}"#,
            "low < high",
        ),
        (
            r#"{"kind": "rare", "column": "x", "share": 1e-9, "size": 1}"#,
            "share=",
        ),
        (
            r#"{"kind": "stratified", "columns": [], "size": 1, "strata": 1}"#,
            "one or more columns",
        ),
        (
            r#"{"kind": "stratified", "columns": ["x"], "size": 100000, "strata": 1000}"#,
            "ask for fewer",
        ),
        ("[]", "expected an object"),
    ] {
        let error = Spec::parse(spec).expect_err(spec);
        assert!(error.message().contains(said), "{error}");
    }
}

#[test]
fn a_column_that_is_not_there_at_first_is_an_error_and_later_is_missing() {
    let spec =
        Spec::parse(r#"{"kind": "failing", "condition": "far > 0", "unknown": false, "size": 5}"#).unwrap();
    let mut sampling = Sampling::new(vec![("bad".into(), spec)], None, 1).unwrap();
    let without = batch(vec![("fare", floats([1.0]))]);
    let error = sampling.add(&(&without, false)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert!(
        error
            .message()
            .contains("\"far\", which the data does not have; it has fare"),
        "{error}"
    );
    sampling
        .add(&(&batch(vec![("far", floats([-1.0]))]), false))
        .unwrap();
    sampling.add(&(&without, false)).unwrap();
    assert_eq!(orders(&super::only(&sampling)), [0]);
}

#[test]
fn samples_of_other_samplers_and_of_the_same_chances_do_not_merge() {
    let data = [batch(vec![("x", integers(0..100))])];
    let small = sampled(r#"{"kind": "reservoir", "size": 5}"#, 1, &data);
    let large = sampled(r#"{"kind": "reservoir", "size": 6}"#, 2, &data);
    let error = Sample::merge(&[&small, &large]).unwrap_err();
    assert!(error.message().contains("different samplers"), "{error}");
    for again in [
        small.clone(),
        sampled(
            r#"{"kind": "reservoir", "size": 5}"#,
            1,
            &[batch(vec![("x", integers(500..700))])],
        ),
    ] {
        let error = Sample::merge(&[&small, &again]).unwrap_err();
        assert!(error.message().contains("same random numbers"), "{error}");
    }
}
