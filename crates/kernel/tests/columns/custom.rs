//! Metrics that the kernel does not know: what they are shown, and what is kept when they fail.

use crate::expected::batch;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, NullArray, StringArray};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tidegauge_kernel::columns::{CustomMetric, CustomMetrics, Failure, Schema, State, TypeTag, Value};
use tidegauge_kernel::format;
use tidegauge_kernel::metrics::Extension;
use tidegauge_kernel::profile::{Collector, Metadata, Profile, Window, merge};

/// Counts values and nulls; fails where a number is negative.
#[derive(Debug, Default)]
struct Tally {
    calls: AtomicUsize,
}

type Counts = (u64, u64);

fn counts(state: &State) -> Counts {
    *state.downcast_ref::<Counts>().unwrap()
}

impl CustomMetric for Tally {
    fn name(&self) -> &str {
        "acme.tally"
    }

    fn version(&self) -> u32 {
        3
    }

    fn takes(&self, tag: TypeTag) -> bool {
        matches!(tag, TypeTag::Null | TypeTag::Integer | TypeTag::Fractional)
    }

    fn zero(&self) -> Result<State, Failure> {
        Ok(Arc::new((0u64, 0u64)))
    }

    fn update(&self, state: &State, values: &ArrayRef) -> Result<State, Failure> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let numbers = arrow_cast::cast(values, &arrow_schema::DataType::Float64).unwrap();
        if numbers
            .as_primitive::<Float64Type>()
            .iter()
            .flatten()
            .any(|value| value < 0.0)
        {
            return Err("NegativeError".to_owned());
        }
        let (values, nulls) = counts(state);
        let more = numbers.null_count() as u64;
        Ok(Arc::new((values + numbers.len() as u64 - more, nulls + more)))
    }

    fn merge(&self, mine: &State, theirs: &State) -> Result<State, Failure> {
        let (mine, theirs) = (counts(mine), counts(theirs));
        Ok(Arc::new((mine.0 + theirs.0, mine.1 + theirs.1)))
    }

    fn to_bytes(&self, state: &State) -> Result<Vec<u8>, Failure> {
        let (values, nulls) = counts(state);
        Ok([values.to_le_bytes(), nulls.to_le_bytes()].concat())
    }

    fn copy(&self, state: &State) -> Result<State, Failure> {
        Ok(state.clone())
    }
}

fn schema(columns: &[&str]) -> (Schema, Arc<Tally>) {
    let tally = Arc::new(Tally::default());
    let mut custom = CustomMetrics::default();
    if columns.is_empty() {
        custom.everywhere.push(tally.clone());
    }
    for column in columns {
        custom.by_column.insert((*column).to_owned(), vec![tally.clone()]);
    }
    let schema = Schema {
        custom,
        ..Schema::default()
    };
    (schema, tally)
}

fn collector(columns: &[&str]) -> (Collector, Arc<Tally>) {
    let (schema, tally) = schema(columns);
    (Collector::new(schema, None, None).unwrap(), tally)
}

fn kept<'a>(profile: &'a Profile, column: &str) -> Option<&'a Extension> {
    profile.column(column).unwrap().extensions.get("acme.tally")
}

fn read(extension: &Extension) -> Counts {
    let mut sum = (0, 0);
    for part in &extension.parts {
        let number = |at: usize| u64::from_le_bytes(part.bytes[at..at + 8].try_into().unwrap());
        sum = (sum.0 + number(0), sum.1 + number(8));
    }
    sum
}

fn only(mut collector: Collector) -> Profile {
    collector.profiles(&Metadata::default()).remove(0)
}

fn numbers(values: &[Option<f64>]) -> ArrayRef {
    Arc::new(Float64Array::from(values.to_vec()))
}

#[test]
fn every_way_in_shows_the_same() {
    let values = [Some(1.0), None, Some(2.5), Some(4.0)];
    let (mut batches, _) = collector(&[]);
    batches.log_batches(&[batch(&[("x", numbers(&values))])]).unwrap();
    let (mut columns, _) = collector(&[]);
    let array = numbers(&values);
    let field = arrow_schema::Field::new("x", array.data_type().clone(), true);
    columns.log_columns(&[(field, vec![array])], 4).unwrap();
    let (mut records, _) = collector(&[]);
    for value in values {
        let number = records.column_number("x").unwrap();
        records.begin_record(None);
        records.push(number, value.map_or(Value::Null, Value::Float));
        records.end_record();
    }
    for collector in [batches, columns, records] {
        let profile = only(collector);
        let kept = kept(&profile, "x").unwrap();
        assert_eq!((read(kept), kept.records, kept.failures), ((3, 1), 4, 0));
        assert_eq!(kept.parts[0].version, 3);
    }
}

#[test]
fn records_of_one_type_are_one_array() {
    let (mut collector, tally) = collector(&[]);
    let number = collector.column_number("x").unwrap();
    for value in 0..10_000 {
        collector.begin_record(None);
        collector.push(number, Value::Integer(value));
        collector.end_record();
    }
    assert_eq!(read(kept(&only(collector), "x").unwrap()), (10_000, 0));
    assert!(tally.calls.load(Ordering::Relaxed) <= 3);
}

#[test]
fn long_columns_are_shown_in_parts() {
    let (mut collector, tally) = collector(&[]);
    let values: ArrayRef = Arc::new(Int64Array::from_iter_values(0..1_000_000));
    collector.log_batches(&[batch(&[("x", values)])]).unwrap();
    let profile = only(collector);
    assert_eq!(read(kept(&profile, "x").unwrap()), (1_000_000, 0));
    assert_eq!(tally.calls.load(Ordering::Relaxed), 4);
    assert_eq!(kept(&profile, "x").unwrap().parts.len(), 1);
}

#[test]
fn a_metric_for_all_is_kept_where_it_fits() {
    let (mut collector, _) = collector(&[]);
    let columns = [
        ("text", Arc::new(StringArray::from(vec!["a", "b"])) as ArrayRef),
        ("null", Arc::new(NullArray::new(2)) as ArrayRef),
        ("x", numbers(&[Some(1.0), None])),
    ];
    collector.log_batches(&[batch(&columns)]).unwrap();
    collector
        .log_batches(&[batch(&[("null", numbers(&[Some(3.0)]))])])
        .unwrap();
    let profile = only(collector);
    assert!(kept(&profile, "text").is_none());
    assert_eq!(read(kept(&profile, "x").unwrap()), (1, 1));
    // Nulls that came before the type was known are not forgotten.
    assert_eq!(read(kept(&profile, "null").unwrap()), (1, 2));
    assert_eq!(kept(&profile, "null").unwrap().records, 3);
}

#[test]
fn a_metric_for_a_named_column_is_kept_whatever_it_holds() {
    let (mut collector, _) = collector(&["text"]);
    let text: ArrayRef = Arc::new(StringArray::from(vec!["a", "b"]));
    collector
        .log_batches(&[batch(&[("text", text), ("x", numbers(&[None, None]))])])
        .unwrap();
    let profile = only(collector);
    let kept_of_text = kept(&profile, "text").unwrap();
    assert_eq!((read(kept_of_text), kept_of_text.records), ((0, 0), 0));
    assert!(kept(&profile, "x").is_none());
}

#[test]
fn what_fails_is_left_out_and_counted() {
    let (mut collector, _) = collector(&[]);
    for values in [&[Some(1.0)][..], &[Some(-1.0), Some(2.0)], &[None]] {
        collector
            .log_batches(&[batch(&[("x", numbers(values))])])
            .unwrap();
    }
    let profile = only(collector);
    let extension = kept(&profile, "x").unwrap();
    assert_eq!(
        (read(extension), extension.records, extension.failures),
        ((1, 1), 2, 1)
    );
    assert_eq!(extension.reason.as_deref(), Some("NegativeError"));
    assert_eq!(
        profile
            .column("x")
            .unwrap()
            .values
            .as_ref()
            .unwrap()
            .moments
            .unwrap()
            .n,
        3
    );
    let again = format::decode(&format::encode(&[&profile]).unwrap())
        .unwrap()
        .remove(0);
    assert_eq!(kept(&again, "x"), Some(extension));
}

#[test]
fn windows_and_parts_have_states_of_their_own() {
    let (schema, _) = schema(&[]);
    let mut collector =
        Collector::new(schema, Some("at".to_owned()), Some(Window::parse("1d").unwrap())).unwrap();
    let days: ArrayRef = Arc::new(StringArray::from(vec!["2013-02-08", "2013-02-09", "2013-02-08"]));
    let values = numbers(&[Some(1.0), Some(2.0), None]);
    let both = batch(&[("at", days), ("x", values)]);
    collector.log_batches(std::slice::from_ref(&both)).unwrap();
    let mut part = collector.part(0, 1);
    part.log_batches(&[both]).unwrap();
    collector.merge_part(part, true);
    let copy = collector.clone();
    for mut collector in [collector, copy] {
        let profiles = collector.profiles(&Metadata::default());
        let found: Vec<Counts> = profiles
            .iter()
            .map(|profile| read(kept(profile, "x").unwrap()))
            .collect();
        assert_eq!(found, [(2, 2), (2, 0)]);
    }
}

#[test]
fn profiles_keep_the_states_of_all_parts_in_one_order() {
    let parts: Vec<Profile> = [&[Some(1.0)][..], &[None, None], &[Some(-1.0)], &[Some(1.0)]]
        .into_iter()
        .map(|values| {
            let (mut collector, _) = collector(&["x"]);
            collector
                .log_batches(&[batch(&[("x", numbers(values))])])
                .unwrap();
            only(collector)
        })
        .collect();
    let [a, b, c, d] = &parts[..] else { unreachable!() };
    let merged = |parts: &[&Profile]| kept(&merge(parts).unwrap(), "x").unwrap().clone();
    let all = merged(&[a, b, c, d]);
    assert_eq!(all, merged(&[d, c, b, a]));
    assert_eq!(all, merged(&[&merge(&[c, a]).unwrap(), &merge(&[d, b]).unwrap()]));
    assert_eq!(
        (all.parts.len(), read(&all), all.records, all.failures),
        (4, (2, 2), 4, 1)
    );
    let empty = Profile::default();
    assert_eq!(all, merged(&[&empty, a, b, c, d]));
}
