//! What a collector needs that never rests: taking out, late and early records, times of arrival.

use crate::expected::batch;
use crate::support::Dice;
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use std::collections::BTreeMap;
use std::sync::Arc;
use tidegauge_kernel::columns::{Schema, Value};
use tidegauge_kernel::expressions::Expression;
use tidegauge_kernel::profile::{Collector, Conditions, Metadata, Profile, Window, merge, merge_alike};

const MINUTE: i64 = 60_000_000;

fn minutes() -> Collector {
    let window = Window::parse("1m").unwrap();
    Collector::new(Schema::default(), Some("at".to_owned()), Some(window)).unwrap()
}

fn data(times: &[i64]) -> RecordBatch {
    let at: ArrayRef = Arc::new(TimestampMicrosecondArray::from(times.to_vec()));
    let n: ArrayRef = Arc::new((0..times.len() as i64).map(|row| row % 5).collect::<Int64Array>());
    batch(&[("at", at), ("n", n)])
}

fn condition(text: &str) -> Conditions {
    Conditions::new(vec![("condition".to_owned(), Expression::parse(text).unwrap())]).unwrap()
}

fn push(collector: &mut Collector, time: Option<i64>, name: &str, value: i64) {
    collector.begin_record(time);
    let number = collector.column_number(name).unwrap();
    collector.push(number, Value::Integer(value));
    collector.end_record();
}

fn starts(profiles: &[Profile]) -> Vec<Option<i64>> {
    let start = |profile: &Profile| Some(profile.metadata.window?.0 / MINUTE);
    profiles.iter().map(start).collect()
}

fn beyond(profile: &Profile) -> (u64, u64) {
    (profile.metadata.late_records, profile.metadata.early_records)
}

#[test]
fn what_is_taken_bit_by_bit_merges_to_the_whole() {
    let (mut whole, mut bits) = (minutes(), minutes());
    let mut dice = Dice::new(4);
    let mut taken: Vec<Profile> = Vec::new();
    for round in 0..12 {
        let times: Vec<i64> = (0..700).map(|_| dice.below(5 * MINUTE as u64) as i64).collect();
        whole.log_batches(&[data(&times)]).unwrap();
        bits.log_batches(&[data(&times)]).unwrap();
        for step in 0..300 {
            let (time, value) = (dice.below(5 * MINUTE as u64) as i64, i64::from(step % 7));
            push(&mut whole, Some(time), "late comer", value);
            push(&mut bits, Some(time), "late comer", value);
        }
        if round % 3 > 0 {
            taken.extend(bits.take(false).profiles(&Metadata::default()));
            assert_eq!(bits.records(), 0);
        }
    }
    taken.extend(bits.take(false).profiles(&Metadata::default()));
    assert!(bits.take(false).profiles(&Metadata::default()).is_empty());

    let parts: Vec<&Profile> = taken.iter().collect();
    let mut merged = merge_alike(&parts).unwrap();
    merged.sort_by_key(|profile| profile.metadata.window);
    let expected = whole.profiles(&Metadata::default());
    assert_eq!(starts(&merged), starts(&expected));
    for (merged, expected) in merged.iter().zip(&expected) {
        assert_eq!(merged.records, expected.records);
        let names = |profile: &Profile| -> Vec<String> {
            profile
                .columns
                .iter()
                .map(|column| column.name.to_string())
                .collect()
        };
        assert_eq!(names(merged), names(expected));
        for (merged, expected) in merged.columns.iter().zip(&expected.columns) {
            assert_eq!((merged.counts, merged.types), (expected.counts, expected.types));
            assert_eq!(merged.frequent_items, expected.frequent_items);
        }
    }
}

#[test]
fn conditions_go_on_after_taking() {
    let mut collector = minutes().with_conditions(condition("n < 2"));
    let mut passed = Vec::new();
    for _ in 0..3 {
        collector.log_batches(&[data(&[0; 10])]).unwrap();
        push(&mut collector, Some(0), "n", 1);
        let profiles = collector.take(false).profiles(&Metadata::default());
        passed.push(profiles[0].conditions[0].tally.passed);
    }
    assert_eq!(passed, [5, 5, 5]);
}

#[test]
fn records_beyond_the_horizon_are_counted_in_the_open_window_and_nowhere_else() {
    let mut collector = minutes();
    collector.set_horizon(Some(2 * MINUTE), Some(4 * MINUTE), Some(3 * MINUTE + 1));
    let times: Vec<i64> = (0..10).map(|minute| minute * MINUTE + 5).collect();
    collector.log_batches(&[data(&times)]).unwrap();
    for minute in [0, 1, 2, 7] {
        push(&mut collector, Some(minute * MINUTE), "n", 1);
    }
    push(&mut collector, None, "n", 1);
    let none: Vec<Option<i64>> = times.iter().map(|&time| Some(time)).collect();
    let only: ArrayRef = Arc::new(Int64Array::from_iter_values(0..10));
    let undated = batch(&[("n", only)]);
    let placement = collector.place(10, Some(&none), |_| None).unwrap();
    collector.log_placed(&undated, &placement).unwrap();

    let profiles = collector.take(false).profiles(&Metadata::default());
    assert_eq!(starts(&profiles), [None, Some(2), Some(3), Some(4)]);
    let records: Vec<u64> = profiles.iter().map(|profile| profile.records).collect();
    assert_eq!(records, [1, 3, 2, 2]);
    assert_eq!(
        profiles.iter().map(beyond).collect::<Vec<_>>(),
        [(0, 0), (0, 0), (2 + 2 + 2, 5 + 1 + 5), (0, 0)]
    );
    // Nothing is counted twice, and the limits stay.
    push(&mut collector, Some(0), "n", 1);
    let profiles = collector.take(false).profiles(&Metadata::default());
    assert_eq!((profiles.len(), profiles[0].records), (1, 0));
    assert_eq!((starts(&profiles), beyond(&profiles[0])), (vec![Some(3)], (1, 0)));
    assert!(!profiles[0].is_empty(), "merging keeps it");
}

#[test]
fn conditions_are_not_counted_of_records_beyond_the_horizon() {
    let mut collector = minutes().with_conditions(condition("n >= 0"));
    collector.set_horizon(Some(0), Some(0), Some(0));
    collector.log_batches(&[data(&[1, MINUTE, 2, -1])]).unwrap();
    push(&mut collector, Some(MINUTE), "n", 1);
    push(&mut collector, Some(1), "n", 1);
    let profiles = collector.profiles(&Metadata::default());
    assert_eq!(profiles.len(), 1);
    assert_eq!(profiles[0].conditions[0].tally.passed, 3);
    assert_eq!(beyond(&profiles[0]), (1, 2));
}

#[test]
fn merging_adds_what_came_late() {
    let part = |late: i64| {
        let mut collector = minutes();
        collector.set_horizon(Some(0), None, Some(0));
        (0..late).for_each(|_| push(&mut collector, Some(-MINUTE), "n", 1));
        collector.profiles(&Metadata::default()).remove(0)
    };
    let (a, b) = (part(2), part(3));
    assert_eq!(beyond(&merge(&[&a, &b]).unwrap()), (5, 0));
}

#[test]
fn windows_of_arrival_need_no_column() {
    let window = Window::parse("1m").unwrap();
    let mut collector = Collector::by_arrival(Schema::default(), window, 0).unwrap();
    let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
    for (minute, rows) in [(0, 3), (0, 2), (7, 4), (1, 1)] {
        collector.set_arrival(minute * MINUTE + 17);
        collector.log_batches(&[data(&vec![99 * MINUTE; rows])]).unwrap();
        push(&mut collector, None, "n", 1);
        *counts.entry(minute).or_default() += rows as u64 + 1;
    }
    let profiles = collector.take(false).profiles(&Metadata::default());
    let found: BTreeMap<i64, u64> = profiles
        .iter()
        .map(|profile| (profile.metadata.window.unwrap().0 / MINUTE, profile.records))
        .collect();
    assert_eq!(found, counts);
}

#[test]
fn times_that_cannot_be_read_may_be_forgiven() {
    let texts: ArrayRef = Arc::new(StringArray::from(vec![
        "1970-01-01T00:00:01Z",
        "soon",
        "1970-01-01",
    ]));
    let with = batch(&[("at", texts)]);
    let without = batch(&[("n", Arc::new(Int64Array::from(vec![1, 2])) as ArrayRef)]);
    let mut strict = minutes();
    assert!(strict.log_batches(std::slice::from_ref(&with)).is_err());
    assert!(strict.log_batches(std::slice::from_ref(&without)).is_err());
    let mut forgiving = minutes();
    forgiving.set_forgiving(true);
    forgiving.log_batches(&[with, without]).unwrap();
    let profiles = forgiving.take(false).profiles(&Metadata::default());
    assert_eq!(starts(&profiles), [None, Some(0)]);
    assert_eq!((profiles[0].records, profiles[1].records), (3, 2));
}
