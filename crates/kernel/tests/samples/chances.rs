//! The chance of each record to be kept, over many seeds, against theory.

use super::{batch, floats, integers, only, orders, sampled};
use arrow_array::RecordBatch;
use std::sync::Arc;
use tidegauge_kernel::samples::{Datum, Record, Sample, Sampling, Spec};

const RECORDS: usize = 60;
const SIZE: usize = 12;
const RUNS: u64 = 20_000;
const RESERVOIR: &str = r#"{"kind": "reservoir", "size": 12}"#;

fn numbered(from: usize, to: usize) -> Vec<RecordBatch> {
    // Batches of several lengths, so that some records pass across their borders.
    let edges: Vec<usize> = (from..to).step_by(7).chain([to]).collect();
    edges
        .windows(2)
        .map(|pair| batch(vec![("n", integers(pair[0] as i64..pair[1] as i64))]))
        .collect()
}

/// How often each record was kept; each run gives the records that it kept.
fn frequencies(run: impl Fn(u64) -> Vec<u64>) -> (Vec<f64>, f64) {
    let mut kept = vec![0.0; RECORDS];
    let mut first_two = 0.0;
    for seed in 0..RUNS {
        let orders = run(seed);
        assert_eq!(orders.len(), SIZE);
        orders.iter().for_each(|&order| kept[order as usize] += 1.0);
        first_two += f64::from(u8::from(orders.starts_with(&[0, 1])));
    }
    (kept, first_two)
}

/// Pearson's statistic of counts that come of drawing `SIZE` out of `RECORDS`: chi-square with `RECORDS` − 1
/// degrees of freedom, of which 99.99 % are below 105, and 99.99 % above 26.
fn assert_uniform((kept, first_two): (Vec<f64>, f64)) {
    let chance = SIZE as f64 / RECORDS as f64;
    let expected = RUNS as f64 * chance;
    let squares: f64 = kept.iter().map(|count| (count - expected).powi(2)).sum();
    let statistic = squares / (expected * (1.0 - chance)) * (RECORDS as f64 - 1.0) / RECORDS as f64;
    assert!((26.0..105.0).contains(&statistic), "{statistic}");
    // Two records are kept together as often as in a sample without replacement.
    let pair = chance * (SIZE as f64 - 1.0) / (RECORDS as f64 - 1.0);
    let deviation = (RUNS as f64 * pair * (1.0 - pair)).sqrt();
    assert!(
        (first_two - RUNS as f64 * pair).abs() < 4.0 * deviation,
        "{first_two}"
    );
}

#[test]
fn every_record_has_the_same_chance() {
    let batches = numbered(0, RECORDS);
    assert_uniform(frequencies(|seed| orders(&sampled(RESERVOIR, seed, &batches))));
}

#[test]
fn every_record_has_the_same_chance_one_by_one() {
    let name: Arc<str> = "n".into();
    let spec = Spec::parse(RESERVOIR).unwrap();
    assert_uniform(frequencies(|seed| {
        let mut sampling = Sampling::new(vec![("one".into(), spec.clone())], None, seed).unwrap();
        for number in 0..RECORDS as i64 {
            if !sampling.pass() {
                let record: [Record; 1] = [vec![(name.clone(), Datum::Integer(number))]];
                sampling.add(&record.as_slice()).unwrap();
            }
        }
        assert_eq!(sampling.seen(), RECORDS as u64);
        orders(&only(&sampling))
    }));
}

#[test]
fn every_record_has_the_same_chance_in_merged_parts() {
    let parts = [numbered(0, 25), numbered(25, 30), numbered(30, RECORDS)];
    assert_uniform(frequencies(|seed| {
        let samples: Vec<Sample> = (0..3)
            .map(|part| sampled(RESERVOIR, 3 * seed + part, &parts[part as usize]))
            .collect();
        let merged = Sample::merge(&samples.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!(merged.facts().seen, RECORDS as u64);
        orders(&merged)
    }));
}

#[test]
fn every_record_that_fails_has_the_same_chance() {
    // Every other one of twice as many.
    let batches = numbered(0, 2 * RECORDS);
    let spec = r#"{"kind": "failing", "condition": "n % 2 == 0", "unknown": false, "size": 12}"#;
    assert_uniform(frequencies(|seed| {
        let sample = sampled(spec, seed, &batches);
        assert_eq!(sample.facts().eligible, RECORDS as u64);
        let places = orders(&sample);
        assert!(places.iter().all(|place| place % 2 == 1));
        places.iter().map(|place| place / 2).collect()
    }));
}

const WEIGHTED: &str = r#"{"kind": "weighted", "weight": "w", "size": 12}"#;

fn weights() -> Vec<f64> {
    // From light to very heavy, in no order.
    (0..RECORDS)
        .map(|n| 1.0 + ((n * 17) % 60) as f64 + if n % 20 == 7 { 900.0 } else { 0.0 })
        .collect()
}

/// The threshold at which chances of `min(1, w / threshold)` add up to the size.
fn threshold(weights: &[f64]) -> f64 {
    let (mut low, mut high) = (0.0, weights.iter().sum::<f64>());
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        let sum: f64 = weights.iter().map(|weight| (weight / middle).min(1.0)).sum();
        if sum > SIZE as f64 {
            low = middle
        } else {
            high = middle
        }
    }
    low
}

fn assert_var_opt(run: impl Fn(u64) -> Sample) {
    let weights = weights();
    let threshold = threshold(&weights);
    let total: f64 = weights.iter().sum();
    let subset = |order: u64| order.is_multiple_of(3);
    let truth: f64 = (0..RECORDS)
        .filter(|&n| subset(n as u64))
        .map(|n| weights[n])
        .sum();
    let mut kept = vec![0.0; RECORDS];
    let (mut sum, mut squares, mut claimed) = (0.0, 0.0, 0.0);
    for seed in 0..RUNS {
        let sample = run(seed);
        assert_eq!(sample.items().len(), SIZE);
        // The sum of all weights is known exactly, whatever is kept.
        let all: f64 = sample.items().iter().map(|item| item.weight).sum();
        assert!((all / total - 1.0).abs() < 1e-9, "{all} {total}");
        sample
            .items()
            .iter()
            .for_each(|item| kept[item.order as usize] += 1.0);
        let of_subset = sample.items().iter().filter(|item| subset(item.order));
        let estimate: f64 = of_subset.clone().map(|item| item.weight).sum();
        claimed += of_subset
            .map(|item| item.weight * (item.weight - item.value))
            .sum::<f64>();
        sum += estimate;
        squares += (estimate - truth).powi(2);
    }
    let runs = RUNS as f64;
    for (record, count) in kept.iter().enumerate() {
        let chance = (weights[record] / threshold).min(1.0);
        let deviation = (runs * chance * (1.0 - chance)).sqrt();
        assert!(
            (count - runs * chance).abs() <= 4.5 * deviation,
            "{record}: {count} {}",
            runs * chance
        );
    }
    let variance = squares / runs;
    assert!(
        (sum / runs - truth).abs() < 4.5 * (variance / runs).sqrt(),
        "{} {truth}",
        sum / runs
    );
    // Less than if records were kept independently of each other, and not more than is claimed.
    let independent: f64 = (0..RECORDS)
        .filter(|&n| subset(n as u64) && weights[n] < threshold)
        .map(|n| weights[n] * (threshold - weights[n]))
        .sum();
    assert!(variance < independent, "{variance} {independent}");
    assert!(
        (claimed / runs / independent - 1.0).abs() < 0.02,
        "{} {independent}",
        claimed / runs
    );
}

fn weighted_batch(from: usize, to: usize) -> [RecordBatch; 1] {
    [batch(vec![("w", floats(weights()[from..to].iter().copied()))])]
}

#[test]
fn weights_give_the_chances_and_estimates_have_no_bias() {
    let batches = weighted_batch(0, RECORDS);
    assert_var_opt(|seed| sampled(WEIGHTED, seed, &batches));
}

#[test]
fn weights_give_the_chances_in_merged_parts() {
    let parts = [
        weighted_batch(0, 20),
        weighted_batch(20, 45),
        weighted_batch(45, RECORDS),
    ];
    assert_var_opt(|seed| {
        let samples: Vec<Sample> = (0..3)
            .map(|part| sampled(WEIGHTED, 3 * seed + part, &parts[part as usize]))
            .collect();
        Sample::merge(&samples.iter().collect::<Vec<_>>()).unwrap()
    });
}

#[test]
fn estimates_of_a_reservoir_have_no_bias_and_the_error_that_they_say() {
    let batches = numbered(0, RECORDS);
    let condition = tidegauge_kernel::expressions::Expression::parse("n < 15").unwrap();
    let (mut sum, mut squares, mut claimed) = (0.0, 0.0, 0.0);
    for seed in 0..RUNS {
        let estimate = sampled(RESERVOIR, seed, &batches)
            .estimate(Some(&condition))
            .unwrap();
        sum += estimate.value;
        squares += (estimate.value - 15.0).powi(2);
        claimed += estimate.standard_error.powi(2);
    }
    let runs = RUNS as f64;
    let variance = squares / runs;
    assert!((sum / runs - 15.0).abs() < 4.0 * (variance / runs).sqrt());
    assert!(
        (claimed / runs / variance - 1.0).abs() < 0.05,
        "{} {variance}",
        claimed / runs
    );
}
