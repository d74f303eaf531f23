use crate::expected::{batch, profile};
use crate::support::Dice;
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use std::collections::HashMap;
use std::sync::Arc;
use tidegauge_kernel::ErrorKind;
use tidegauge_kernel::columns::{MetricSet, Schema};
use tidegauge_kernel::format;
use tidegauge_kernel::profile::{Collector, Column, Metadata, Profile, merge};
use tidegauge_kernel::sketches::{frequent::FrequentItems, hll};

/// The error of rank that a sketch of k = 1024 states.
const RANK_ERROR: f64 = 0.002_72;

fn table(rows: usize, seed: u64) -> RecordBatch {
    let mut dice = Dice::new(seed);
    let floats: ArrayRef = Arc::new(
        (0..rows)
            .map(|_| (dice.below(30) > 0).then(|| 1e6 + dice.unit().powi(2)))
            .collect::<Float64Array>(),
    );
    let whole: ArrayRef = Arc::new((0..rows).map(|_| dice.zipf() as i64 - 3).collect::<Int64Array>());
    let small: ArrayRef = Arc::new(
        (0..rows)
            .map(|_| Some(dice.below(40) as i64))
            .collect::<Int64Array>(),
    );
    let texts: ArrayRef = Arc::new(
        (0..rows)
            .map(|_| (dice.below(50) > 0).then(|| format!("v{}", dice.zipf())))
            .collect::<StringArray>(),
    );
    batch(&[("f", floats), ("i", whole), ("small", small), ("t", texts)])
}

fn near(one: f64, other: f64, what: &str) {
    assert!(
        (one - other).abs() <= 1e-9 * one.abs().max(other.abs()),
        "{what}: {one} and {other}"
    );
}

/// Bounds of one sketch must meet those of another over the same values.
fn check_items(one: &FrequentItems, other: &FrequentItems, what: &str) {
    assert_eq!(one.total(), other.total(), "{what}");
    let lower: HashMap<&str, u64> = other.items().collect();
    for (item, count) in one.items() {
        let theirs = lower.get(item).copied().unwrap_or(0);
        assert!(count <= theirs + other.offset(), "{what}: {item}");
        assert!(theirs <= count + one.offset(), "{what}: {item}");
    }
}

fn check_columns(one: &Column, other: &Column) {
    let name = &one.name;
    assert_eq!(name, &other.name);
    assert_eq!(
        (one.tag, one.counts, one.types, &one.arrow_type),
        (other.tag, other.counts, other.types, &other.arrow_type),
        "{name}"
    );
    assert_eq!(
        one.cardinality.as_ref().map(hll::encode),
        other.cardinality.as_ref().map(hll::encode),
        "{name}: registers do not depend on parts"
    );
    check_items(
        one.frequent_items.as_ref().unwrap(),
        other.frequent_items.as_ref().unwrap(),
        name,
    );
    for (mine, theirs) in [(&one.values, &other.values), (&one.lengths, &other.lengths)] {
        let (Some(mine), Some(theirs)) = (mine, theirs) else {
            assert!(mine.is_none() && theirs.is_none(), "{name}");
            continue;
        };
        let (left, right) = (mine.moments.unwrap(), theirs.moments.unwrap());
        assert_eq!(
            (left.n, left.min, left.max, left.exact),
            (right.n, right.min, right.max, right.exact),
            "{name}"
        );
        near(left.mean.high, right.mean.high, "mean");
        near(left.m2, right.m2, "m2");
        near(left.m3, right.m3, "m3");
        near(left.m4, right.m4, "m4");
        let (left, right) = (
            mine.quantiles.as_ref().unwrap(),
            theirs.quantiles.as_ref().unwrap(),
        );
        assert_eq!(left.n(), right.n());
        let (left, right) = (left.view(), right.view());
        for step in 1..40 {
            let point = left.quantile(f64::from(step) / 40.0);
            let apart = (left.rank(point) - right.rank(point)).abs();
            assert!(
                apart <= 2.0 * RANK_ERROR,
                "{name}: rank of {point} is apart by {apart}"
            );
        }
    }
}

fn check_profiles(one: &Profile, other: &Profile) {
    assert_eq!(
        (one.records, one.columns.len()),
        (other.records, other.columns.len())
    );
    one.columns
        .iter()
        .zip(&other.columns)
        .for_each(|(one, other)| check_columns(one, other));
}

#[test]
fn all_cores_and_one_core_give_the_same_within_the_stated_error() {
    // More than two parts of 2^18 rows on one side, pieces too small to spread on the other.
    let rows = 600_000;
    let table = table(rows, 1);
    let parallel = profile(std::slice::from_ref(&table));
    let pieces: Vec<RecordBatch> = (0..rows)
        .step_by(20_000)
        .map(|start| table.slice(start, 20_000))
        .collect();
    check_profiles(&parallel, &profile(&pieces));
    let mut chunked = Collector::new(Schema::default(), None, None).unwrap();
    chunked.log_batches(&pieces).unwrap();
    check_profiles(&parallel, &chunked.profiles(&Metadata::default())[0]);
}

#[test]
fn merged_parts_are_the_whole_within_the_stated_error() {
    let rows = 120_000;
    let table = table(rows, 2);
    let whole = profile(std::slice::from_ref(&table));
    for parts in [2, 64, 500] {
        let size = rows.div_ceil(parts);
        let profiles: Vec<Profile> = (0..rows)
            .step_by(size)
            .map(|start| profile(&[table.slice(start, size.min(rows - start))]))
            .collect();
        let merged = merge(&profiles.iter().collect::<Vec<_>>()).unwrap();
        check_profiles(&whole, &merged);
        let bytes = format::encode(&profiles.iter().collect::<Vec<_>>()).unwrap();
        let read = format::decode(&bytes).unwrap();
        let from_bytes = merge(&read.iter().collect::<Vec<_>>()).unwrap();
        check_profiles(&merged, &from_bytes);
    }
}

#[test]
fn merging_is_associative_and_commutative_and_has_an_identity() {
    let parts: Vec<Profile> = (0..3)
        .map(|seed| profile(&[table(9000 + 500 * seed as usize, seed)]))
        .collect();
    let [a, b, c] = [&parts[0], &parts[1], &parts[2]];
    let ab = merge(&[a, b]).unwrap();
    let bc = merge(&[b, c]).unwrap();
    check_profiles(&merge(&[&ab, c]).unwrap(), &merge(&[a, &bc]).unwrap());
    check_profiles(&merge(&[a, b, c]).unwrap(), &merge(&[a, &bc]).unwrap());
    check_profiles(&ab, &merge(&[b, a]).unwrap());
    let nothing = Profile::default();
    for same in [
        merge(&[a, &nothing]).unwrap(),
        merge(&[&nothing, a]).unwrap(),
        merge(&[a]).unwrap(),
    ] {
        assert!(format::encode(&[&same]).unwrap() == format::encode(&[a]).unwrap());
    }
    assert!(merge(&[]).unwrap().is_empty());
    assert!(merge(&[&nothing, &nothing]).unwrap().is_empty());
}

#[test]
fn exact_parts_merge_to_an_exact_whole() {
    let table = table(900, 3);
    let parts: Vec<Profile> = (0..9)
        .map(|part| profile(&[table.slice(part * 100, 100)]))
        .collect();
    let merged = merge(&parts.iter().collect::<Vec<_>>()).unwrap();
    let whole = profile(&[table]);
    for (one, other) in merged.columns.iter().zip(&whole.columns) {
        assert_eq!(one.frequent_items, other.frequent_items);
        assert_eq!(one.exact_cardinality(), other.exact_cardinality());
        if let (Some(one), Some(other)) = (&one.values, &other.values) {
            let (one, other) = (one.quantiles.as_ref().unwrap(), other.quantiles.as_ref().unwrap());
            assert!(one.is_exact() && other.is_exact());
            assert_eq!(one.view().values(), other.view().values());
        }
    }
}

#[test]
fn parts_with_different_columns_and_types_merge() {
    let whole: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let text: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
    let left = profile(&[batch(&[("x", whole.clone()), ("left", whole)])]);
    let right = profile(&[batch(&[("right", text.clone()), ("x", text)])]);
    let merged = merge(&[&left, &right]).unwrap();
    let names: Vec<&str> = merged.columns.iter().map(|column| &*column.name).collect();
    assert_eq!((merged.records, names), (3, vec!["right", "x", "left"]));
    let x = merged.column("x").unwrap();
    assert_eq!(
        (x.tag.name(), &*x.arrow_type, x.counts.records),
        ("mixed", "Int64 | Utf8", 3)
    );
    assert_eq!(merged.column("left").unwrap().counts.records, 2);
}

#[test]
fn different_datasets_do_not_merge() {
    let named = |name: Option<&str>| Profile {
        metadata: Metadata {
            dataset: name.map(str::to_owned),
            ..Metadata::default()
        },
        records: 1,
        ..Profile::default()
    };
    let error = merge(&[&named(Some("taxi")), &named(Some("flights"))]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Merge);
    assert!(
        error.message().contains("taxi") && error.message().contains("flights"),
        "{error}"
    );
    let merged = merge(&[&named(None), &named(Some("taxi")), &named(None)]).unwrap();
    assert_eq!(
        (merged.metadata.dataset.as_deref(), merged.records),
        (Some("taxi"), 3)
    );
}

#[test]
fn a_missing_metric_is_missing_in_the_whole() {
    let table = table(100, 4);
    let full = profile(std::slice::from_ref(&table));
    let schema = Schema {
        metrics: MetricSet::NONE,
        ..Schema::default()
    };
    let mut bare = Collector::new(schema, None, None).unwrap();
    bare.log_batches(&[table]).unwrap();
    let bare = bare.profiles(&Metadata::default()).remove(0);
    let merged = merge(&[&full, &bare]).unwrap();
    let column = merged.column("f").unwrap();
    assert_eq!(column.counts.records, 200);
    let measured = column
        .values
        .as_ref()
        .is_some_and(|numbers| numbers.moments.is_some() || numbers.quantiles.is_some());
    assert!(!measured && column.cardinality.is_none() && column.frequent_items.is_none());
}

#[test]
fn data_that_repeats_stays_within_the_stated_error() {
    // Copies of one table, as people make to have a large one: what the parts draw at random must
    // not be drawn alike in each.
    let period = 1 << 18;
    let (mut asked, mut beyond, mut worst) = (0, 0, 0.0f64);
    for seed in 0..5 {
        let mut dice = Dice::new(seed);
        let values: Vec<f64> = (0..period).map(|_| dice.unit()).collect();
        let tiled: ArrayRef = Arc::new(Float64Array::from_iter_values(
            (0..24 * period).map(|row| values[row % period]),
        ));
        let mut metrics = MetricSet::NONE;
        metrics.quantiles = true;
        let schema = Schema {
            metrics,
            ..Schema::default()
        };
        let mut collector = Collector::new(schema, None, None).unwrap();
        collector.log_batches(&[batch(&[("x", tiled)])]).unwrap();
        let profile = collector.profiles(&Metadata::default()).remove(0);
        let view = profile.columns[0]
            .values
            .as_ref()
            .unwrap()
            .quantiles
            .as_ref()
            .unwrap()
            .view();
        let mut sorted = values;
        sorted.sort_unstable_by(f64::total_cmp);
        for step in 1..40 {
            let point = sorted[period * step / 40];
            let error = (view.rank(point) - (period * step / 40 + 1) as f64 / period as f64).abs();
            asked += 1;
            beyond += u32::from(error > RANK_ERROR);
            worst = worst.max(error);
        }
    }
    assert!(
        beyond * 100 <= asked,
        "{beyond} of {asked} are beyond the stated error; the worst is {worst}"
    );
}
