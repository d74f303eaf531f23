//! What is private while data is folded: rounding, keyed hashes, lists cut and renamed.

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use std::sync::Arc;
use tidegauge_kernel::columns::{ColumnBuilder, MetricSet, Schema};
use tidegauge_kernel::privacy::{Rounding, Secret, Settings, Statement};
use tidegauge_kernel::profile::{Collector, Column, Metadata, Profile, merge};
use tidegauge_kernel::sketches::{frequent, hll};

fn settings(stated: &str) -> Settings {
    Settings {
        stated: Statement::parse(stated).expect("a statement"),
        secret: Some(Secret::new(&[9; 32])),
        ..Settings::default()
    }
}

fn folded(settings: Settings, array: ArrayRef) -> Column {
    let builder = ColumnBuilder::new(MetricSet::ALL).with_privacy(Some(Arc::new(settings)));
    let mut part = builder.part(0, 3);
    part.fold_array(&array, false).expect("an array");
    Column::new("x".into(), None, 0, part.freeze())
}

fn texts(count: usize) -> ArrayRef {
    Arc::new(
        (0..count)
            .map(|row| Some(format!("text {}", row % 50)))
            .collect::<StringArray>(),
    )
}

#[test]
fn names_and_hashes_are_those_of_the_key() {
    let plain = folded(Settings::default(), texts(500));
    let hashed = folded(settings("items=hashed:a cardinality=hashed:a"), texts(500));
    let (items, names) = (
        plain.frequent_items.as_ref().unwrap(),
        hashed.frequent_items.as_ref().unwrap(),
    );
    let secret = Secret::new(&[9; 32]);
    let mut expected: Vec<String> = items.items().map(|item| secret.name(item.0)).collect();
    let mut found: Vec<String> = names.items().map(|item| item.0.to_owned()).collect();
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
    assert!(found.iter().all(|name| frequent::is_hashed(name)));
    assert_eq!(hashed.exact_cardinality(), Some(50));
    let registers = |column: &Column| hll::encode(column.cardinality.as_ref().unwrap());
    assert_ne!(
        registers(&hashed),
        hll::encode(plain.cardinality.as_ref().unwrap())
    );
    let estimate = hashed.cardinality.as_ref().unwrap().estimate();
    assert!((estimate - 50.0).abs() < 1.0, "{estimate}");
}

#[test]
fn what_is_to_be_hashed_without_a_key_is_off() {
    let column = folded(
        Settings {
            secret: None,
            ..settings("items=hashed:a cardinality=hashed:a")
        },
        texts(500),
    );
    assert!(column.frequent_items.is_none() && column.cardinality.is_none());
}

#[test]
fn a_list_that_nothing_is_cut_from_stays_exact() {
    for (count, exact) in [(10, true), (11, false)] {
        let column = folded(settings(&format!("min_count={count}")), texts(500));
        let items = column.frequent_items.as_ref().unwrap();
        assert_eq!((items.is_exact(), items.total()), (exact, 500));
        assert_eq!(items.is_empty(), !exact);
        assert_eq!(items.offset(), if exact { 0 } else { count - 1 });
    }
    // Fewer values than the least count: none of them can have occurred more often than there are.
    let column = folded(settings("min_count=1000"), texts(500));
    let items = column.frequent_items.as_ref().unwrap();
    assert_eq!((items.len(), items.offset(), items.total()), (0, 500, 500));
    assert_eq!(
        frequent::decode(&frequent::encode(items)).expect("a sketch"),
        *items
    );
}

#[test]
fn merged_lists_keep_to_what_their_bytes_can_say() {
    let parts: Vec<Column> = (0..9)
        .map(|_| folded(settings("min_count=1000"), texts(500)))
        .collect();
    let lists = parts.iter().map(|part| part.frequent_items.as_ref().unwrap());
    let merged = frequent::FrequentItems::merge_all(lists);
    assert_eq!((merged.offset(), merged.total()), (4500, 4500));
    assert!(frequent::decode(&frequent::encode(&merged)).is_ok());
}

#[test]
fn rounding_comes_before_everything() {
    let private = Settings {
        rounding: Some(Rounding::Step(10.0)),
        ..settings("rounded=step:10")
    };
    let values = || (0..5000).map(|row| (row * 37 % 1009) as f64 / 7.0);
    let rounded: Vec<f64> = values().map(|value| (value / 10.0).round() * 10.0).collect();
    let found = folded(private, Arc::new(values().map(Some).collect::<Float64Array>()));
    let expected = folded(Settings::default(), Arc::new(Float64Array::from(rounded)));
    assert_eq!(found.frequent_items, expected.frequent_items);
    assert_eq!(found.counts, expected.counts);
    let moments = |column: &Column| column.values.as_ref().unwrap().moments.unwrap();
    assert_eq!(moments(&found), moments(&expected));
    let sketch = |column: &Column| hll::encode(column.cardinality.as_ref().unwrap());
    assert_eq!(sketch(&found), sketch(&expected));
}

fn profile(schema: Schema) -> Profile {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("n", Arc::new((0..100).map(Some).collect::<Int64Array>())),
        ("t", texts(100)),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let mut collector = Collector::new(schema, None, None).expect("a collector");
    collector.log_batches(&[batch]).expect("a batch");
    collector.profiles(&Metadata::default()).remove(0)
}

#[test]
fn extremes_that_one_part_hides_are_not_known_of_the_whole() {
    let open = profile(Schema::default());
    let hidden = profile(Schema {
        privacy: Some(Arc::new(settings("numbers=moments"))),
        ..Schema::default()
    });
    for parts in [[&open, &hidden], [&hidden, &open]] {
        let merged = merge(&parts).expect("a profile");
        let values = merged
            .column("n")
            .and_then(|column| column.values.clone())
            .expect("numbers");
        let moments = values.moments.expect("moments");
        assert!(moments.min.is_nan() && moments.max.is_nan() && moments.exact.is_none());
        assert_eq!((moments.n, moments.mean.high), (200, 49.5));
        assert!(values.quantiles.is_none());
    }
}

#[test]
fn segments_are_not_made_by_private_values() {
    let schema = |stated: &str| Schema {
        privacy: Some(Arc::new(settings(stated))),
        ..Schema::default()
    };
    let columns = ["city".to_owned()];
    assert!(schema("").check_segments(&columns).is_ok());
    assert!(schema("lengths=off").check_segments(&columns).is_ok());
    for stated in [
        "items=off",
        "min_count=2",
        "rounded=step:1",
        "cardinality=off",
        "numbers=off",
    ] {
        let error = schema(stated).check_segments(&columns).expect_err("a refusal");
        assert!(
            error.message().contains(stated) && error.message().contains("city"),
            "{error}"
        );
    }
}
