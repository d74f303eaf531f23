use crate::expected::batch;
use crate::support::Dice;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array,
    Int64Array, ListArray, NullArray, RecordBatch, StringArray, TimestampMicrosecondArray, UInt32Array,
    UInt64Array,
};
use arrow_select::take::take_record_batch;
use std::collections::BTreeMap;
use std::sync::Arc;
use tidegauge_kernel::ErrorKind;
use tidegauge_kernel::columns::{Correlated, Schema, Value};
use tidegauge_kernel::expressions::Expression;
use tidegauge_kernel::format::encode;
use tidegauge_kernel::profile::{Collector, Conditions, MAX_SEGMENTS, Metadata, Profile, Segments, Window};
use tidegauge_kernel::sketches::hll::Hll;

const HOUR: i64 = 3_600_000_000;

type Key = Vec<Option<String>>;

fn partitions(columns: &[&[&str]]) -> Vec<Vec<String>> {
    columns
        .iter()
        .map(|names| names.iter().map(|&name| name.to_owned()).collect())
        .collect()
}

/// Correlation of segments is kept when it is asked for, of totals always: asked for, all are alike.
fn asked() -> Schema {
    Schema {
        correlation: Correlated::All,
        ..Schema::default()
    }
}

fn segmented(columns: &[&[&str]], limit: usize, total: bool) -> Collector {
    let segments = Segments::new(&partitions(columns), limit, total).unwrap();
    Collector::new(asked(), None, None)
        .unwrap()
        .with_segments(segments)
}

fn logged(mut collector: Collector, batches: &[RecordBatch]) -> Vec<Profile> {
    collector.log_batches(batches).unwrap();
    collector.profiles(&Metadata::default())
}

fn key(profile: &Profile) -> Key {
    profile
        .metadata
        .segment
        .iter()
        .map(|pair| pair.1.clone())
        .collect()
}

/// City, size and the rest of some rides; some cities are null.
fn rides(rows: usize, seed: u64) -> (RecordBatch, Vec<Key>) {
    let mut dice = Dice::new(seed);
    let cities: Vec<Option<String>> = (0..rows)
        .map(|_| (dice.below(10) > 0).then(|| format!("city-{}", dice.below(7))))
        .collect();
    let sizes: Vec<i64> = (0..rows).map(|_| dice.below(3) as i64 - 1).collect();
    let fares: Float64Array = (0..rows)
        .map(|_| (dice.below(8) > 0).then(|| dice.below(90) as f64 / 4.0))
        .collect();
    let keys = cities
        .iter()
        .zip(&sizes)
        .map(|(city, size)| vec![city.clone(), Some(size.to_string())]);
    let keys = keys.collect();
    let columns: [(&str, ArrayRef); 3] = [
        ("city", Arc::new(StringArray::from(cities))),
        ("size", Arc::new(Int64Array::from(sizes))),
        ("fare", Arc::new(fares)),
    ];
    (batch(&columns), keys)
}

/// The bytes of the profile of some rows alone, said to be of that segment.
fn alone(batch: &RecordBatch, rows: Vec<u32>, metadata: &Metadata) -> Vec<u8> {
    let mut collector = Collector::new(asked(), None, None).unwrap();
    let taken = take_record_batch(batch, &UInt32Array::from(rows)).unwrap();
    collector.log_batches(&[taken]).unwrap();
    let profile = collector.profiles(metadata).remove(0);
    encode(&[&profile]).unwrap()
}

fn rows_by(keys: impl Iterator<Item = Key>) -> BTreeMap<Key, Vec<u32>> {
    let mut rows: BTreeMap<Key, Vec<u32>> = BTreeMap::new();
    keys.enumerate()
        .for_each(|(row, key)| rows.entry(key).or_default().push(row as u32));
    rows
}

#[test]
fn each_segment_is_the_profile_of_its_records() {
    let (batch, keys) = rides(3_000, 1);
    let profiles = logged(
        segmented(&[&["city"], &["city", "size"]], MAX_SEGMENTS, true),
        std::slice::from_ref(&batch),
    );
    let by_city = rows_by(keys.iter().map(|key| key[..1].to_vec()));
    let by_both = rows_by(keys.iter().cloned());
    assert_eq!(profiles.len(), 1 + by_city.len() + by_both.len());
    assert_eq!(profiles[0].records, 3_000);
    assert!(profiles[0].metadata.segment.is_empty(), "the total comes first");
    let expected = by_city.into_iter().chain(by_both);
    for (profile, (values, rows)) in profiles[1..].iter().zip(expected) {
        assert_eq!(
            key(profile),
            values,
            "in order of partition and values, null first"
        );
        assert!(!profile.metadata.other);
        assert_eq!(
            encode(&[profile]).unwrap(),
            alone(&batch, rows, &profile.metadata),
            "{values:?}"
        );
    }
}

#[test]
fn batches_and_parts_of_them_give_the_same_segments() {
    let (batch, _) = rides(2_000, 2);
    let whole = logged(
        segmented(&[&["city"]], MAX_SEGMENTS, true),
        std::slice::from_ref(&batch),
    );
    let cut: Vec<RecordBatch> = (0..8).map(|at| batch.slice(at * 250, 250)).collect();
    let together = logged(segmented(&[&["city"]], MAX_SEGMENTS, true), &cut);
    let mut one_by_one = segmented(&[&["city"]], MAX_SEGMENTS, true);
    for part in &cut {
        one_by_one.log_batches(std::slice::from_ref(part)).unwrap();
    }
    assert_eq!(one_by_one.records(), 2_000);
    for profiles in [together, one_by_one.profiles(&Metadata::default())] {
        assert_eq!(profiles.len(), whole.len());
        for (one, other) in profiles.iter().zip(&whole) {
            assert_eq!((key(one), one.records), (key(other), other.records));
            for (mine, theirs) in one.columns.iter().zip(&other.columns) {
                assert_eq!((mine.counts, mine.types), (theirs.counts, theirs.types));
                assert_eq!(mine.frequent_items, theirs.frequent_items);
                assert_eq!(
                    mine.cardinality.as_ref().map(Hll::estimate),
                    theirs.cardinality.as_ref().map(Hll::estimate)
                );
            }
        }
    }
}

#[test]
fn beyond_the_limit_records_go_to_one_segment_that_says_so() {
    let cities: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c", "a", "d", "(other)"]));
    let batch = batch(&[("city", cities)]);
    let mut collector = segmented(&[&["city"]], 2, true);
    collector.log_batches(std::slice::from_ref(&batch)).unwrap();
    // What was known stays known, what was not stays unknown.
    collector.log_batches(&[batch]).unwrap();
    let profiles = collector.profiles(&Metadata::default());
    let found: Vec<_> = profiles
        .iter()
        .map(|profile| (key(profile), profile.records, profile.metadata.other))
        .collect();
    let text = |text: &str| vec![Some(text.to_owned())];
    assert_eq!(
        found,
        [
            (vec![], 12, false),
            (text("a"), 4, false),
            (text("b"), 2, false),
            (text("(other)"), 6, true)
        ]
    );
    // A city that really is called so is none of the others.
    let real: ArrayRef = Arc::new(StringArray::from(vec!["(other)"]));
    let profiles = logged(
        segmented(&[&["city"]], 2, false),
        &[self::batch(&[("city", real)])],
    );
    assert_eq!((profiles.len(), profiles[0].metadata.other), (1, false));
}

#[test]
fn the_limit_is_over_all_windows() {
    let hours: Vec<i64> = (0..6).map(|hour| hour * HOUR).collect();
    let at: ArrayRef = Arc::new(TimestampMicrosecondArray::from(hours));
    let city: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c", "c", "b", "a"]));
    let segments = Segments::new(&partitions(&[&["city"]]), 2, true).unwrap();
    let window = Some(Window::parse("3h").unwrap());
    let mut collector = Collector::new(Schema::default(), Some("at".to_owned()), window)
        .unwrap()
        .with_segments(segments);
    collector
        .log_batches(&[batch(&[("at", at), ("city", city)])])
        .unwrap();
    let found: Vec<_> = collector
        .profiles(&Metadata::default())
        .iter()
        .map(|profile| {
            (
                profile.metadata.window.unwrap().0 / HOUR,
                key(profile),
                profile.records,
            )
        })
        .collect();
    let text = |text: &str| vec![Some(text.to_owned())];
    let expected = [
        (0, vec![], 3),
        (0, text("a"), 1),
        (0, text("b"), 1),
        (0, text("(other)"), 1),
        (3, vec![], 3),
        (3, text("a"), 1),
        (3, text("b"), 1),
        (3, text("(other)"), 1),
    ];
    assert_eq!(found, expected);
}

#[test]
fn values_of_every_type_have_a_text() {
    let dictionary: DictionaryArray<Int32Type> = vec![Some("x"), None].into_iter().collect();
    let decimals = Decimal128Array::from(vec![Some(1_250), None])
        .with_precision_and_scale(9, 2)
        .unwrap();
    let cases: [(ArrayRef, &str); 13] = [
        (Arc::new(StringArray::from(vec![Some("Oslo"), None])), "Oslo"),
        (Arc::new(Int64Array::from(vec![Some(-3), None])), "-3"),
        (
            Arc::new(UInt64Array::from(vec![Some(u64::MAX), None])),
            "18446744073709551615",
        ),
        (Arc::new(Float64Array::from(vec![Some(-0.0), None])), "0"),
        (Arc::new(Float64Array::from(vec![Some(0.1), None])), "0.1"),
        (Arc::new(Float32Array::from(vec![Some(0.1), None])), "0.1"),
        (Arc::new(Float32Array::from(vec![Some(7.0), None])), "7"),
        (Arc::new(Float64Array::from(vec![Some(f64::NAN), None])), "nan"),
        (Arc::new(BooleanArray::from(vec![Some(true), None])), "true"),
        (
            Arc::new(Date32Array::from(vec![Some(15_744), None])),
            "2013-02-08",
        ),
        (
            Arc::new(TimestampMicrosecondArray::from(vec![Some(HOUR), None])),
            "1970-01-01T01:00:00Z",
        ),
        (Arc::new(decimals), "12.5"),
        (Arc::new(dictionary), "x"),
    ];
    for (array, text) in cases {
        let name = array.data_type().to_string();
        let profiles = logged(segmented(&[&["key"]], 9, false), &[batch(&[("key", array)])]);
        let found: Vec<Key> = profiles.iter().map(key).collect();
        assert_eq!(found, [vec![None], vec![Some(text.to_owned())]], "{name}");
    }
    let nulls = logged(
        segmented(&[&["key"]], 9, false),
        &[batch(&[("key", Arc::new(NullArray::new(2)))])],
    );
    assert_eq!((nulls.len(), key(&nulls[0])), (1, vec![None]));
}

#[test]
fn a_column_that_cannot_be_a_key_is_named() {
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1)])]);
    let batch = batch(&[("tags", Arc::new(lists))]);
    let error = segmented(&[&["tags"]], 9, true)
        .log_batches(std::slice::from_ref(&batch))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert!(
        error.message().contains("segment column \"tags\" holds List"),
        "{error:?}"
    );
    let error = segmented(&[&["tag"]], 9, true).log_batches(&[batch]).unwrap_err();
    assert!(error.message().contains("\"tag\""), "{error:?}");
    assert!(error.message().contains("did you mean \"tags\"?"), "{error:?}");
}

#[test]
fn a_column_may_be_missing_later() {
    let mut collector = segmented(&[&["city"]], 9, true);
    collector.log_batches(&[rides(10, 3).0]).unwrap();
    let fares: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0]));
    collector.log_batches(&[batch(&[("fare", fares)])]).unwrap();
    let profiles = collector.profiles(&Metadata::default());
    let nulls = profiles.iter().find(|profile| key(profile) == [None]).unwrap();
    assert!(nulls.records >= 2);
    assert_eq!(profiles[0].records, 12);
}

#[test]
fn a_column_that_is_not_profiled_groups_all_the_same() {
    let only = Some(["fare".to_owned()].into());
    let schema = Schema {
        only,
        ..Schema::default()
    };
    let segments = Segments::new(&partitions(&[&["size"]]), 9, true).unwrap();
    let collector = Collector::new(schema, None, None)
        .unwrap()
        .with_segments(segments);
    let profiles = logged(collector, &[rides(100, 4).0]);
    assert_eq!(profiles.len(), 4);
    assert!(profiles.iter().all(|profile| profile.columns.len() == 1));
}

#[test]
fn records_and_batches_meet_in_their_segments() {
    let (batch, keys) = rides(500, 5);
    let of_batch = logged(
        segmented(&[&["city", "size"], &["size"]], MAX_SEGMENTS, true),
        std::slice::from_ref(&batch),
    );
    let mut collector = segmented(&[&["city", "size"], &["size"]], MAX_SEGMENTS, true);
    let fares = batch
        .column(2)
        .as_any()
        .downcast_ref::<Float64Array>()
        .unwrap()
        .clone();
    let numbers = ["city", "size", "fare"].map(|name| collector.column_number(name).unwrap());
    for (key, fare) in keys.iter().zip(&fares) {
        let city = key[0].as_deref().map_or(Value::Null, Value::Text);
        let size = Value::Integer(key[1].as_deref().unwrap().parse().unwrap());
        collector.clear_key();
        collector.set_key(0, city).unwrap();
        collector.set_key(1, size).unwrap();
        collector.begin_record(None);
        let values = [city, size, fare.map_or(Value::Null, Value::Float)];
        numbers
            .iter()
            .zip(values)
            .for_each(|(&number, value)| collector.push(number, value));
        collector.end_record();
    }
    let of_records = collector.profiles(&Metadata::default());
    assert_eq!(of_records.len(), of_batch.len());
    for (one, other) in of_records.iter().zip(&of_batch) {
        assert_eq!((key(one), one.records), (key(other), other.records));
        for (mine, theirs) in one.columns.iter().zip(&other.columns) {
            assert_eq!((mine.counts, mine.types), (theirs.counts, theirs.types));
            assert_eq!(mine.frequent_items, theirs.frequent_items);
        }
    }
}

#[test]
fn conditions_are_counted_for_each_segment() {
    let (batch, keys) = rides(1_000, 6);
    let dear = Expression::parse("fare > 10").unwrap();
    let conditions = Conditions::new(vec![("dear".to_owned(), dear)]).unwrap();
    let collector = segmented(&[&["city"]], MAX_SEGMENTS, true).with_conditions(conditions);
    let profiles = logged(collector, std::slice::from_ref(&batch));
    let fares = batch.column(2).as_any().downcast_ref::<Float64Array>().unwrap();
    for profile in &profiles[1..] {
        let mine = keys
            .iter()
            .zip(fares)
            .filter(|(values, _)| values[..1] == key(profile)[..]);
        let fares: Vec<Option<f64>> = mine.map(|(_, fare)| fare).collect();
        let tally = &profile.conditions[0].tally;
        let count = |test: fn(&f64) -> bool| fares.iter().flatten().filter(|fare| test(fare)).count() as u64;
        assert_eq!(tally.passed, count(|&fare| fare > 10.0));
        assert_eq!(tally.failed, count(|&fare| fare <= 10.0));
        assert_eq!(tally.records(), profile.records);
    }
}

#[test]
fn parts_of_a_source_keep_the_limit_together() {
    let (batch, _) = rides(900, 7);
    let whole = logged(segmented(&[&["city"]], 3, true), std::slice::from_ref(&batch));
    let mut collector = segmented(&[&["city"]], 3, true);
    collector.register(&batch.schema()).unwrap();
    let slices: Vec<RecordBatch> = (0..3).map(|at| batch.slice(at * 300, 300)).collect();
    for slice in &slices {
        collector.learn(slice).unwrap();
    }
    let parts: Vec<Collector> = slices
        .iter()
        .map(|slice| {
            let mut part = collector.part(0, 0);
            part.log_batches(std::slice::from_ref(slice)).unwrap();
            part
        })
        .collect();
    // In whatever order they come.
    parts
        .into_iter()
        .rev()
        .for_each(|part| collector.merge_part(part, true));
    let merged = collector.profiles(&Metadata::default());
    let told = |profiles: &[Profile]| -> Vec<(Key, u64, bool)> {
        let told = profiles
            .iter()
            .map(|profile| (key(profile), profile.records, profile.metadata.other));
        told.collect()
    };
    assert_eq!(told(&merged), told(&whole));
    assert!(merged.iter().any(|profile| profile.metadata.other));
}

#[test]
fn wishes_that_cannot_be_meant_are_refused() {
    for (columns, limit, total, said) in [
        (&[&["a", "a"][..]][..], 9, true, "each once"),
        (&[&[]], 9, true, "each once"),
        (&[&["a"], &["a"]], 9, true, "is there twice"),
        (&[&["a"]], 0, true, "max_segments=0"),
        (&[], 9, false, "nothing to profile"),
    ] {
        let error = Segments::new(&partitions(columns), limit, total).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert!(error.message().contains(said), "{error:?}");
    }
}

#[test]
fn nothing_logged_gives_the_total_of_nothing() {
    let mut collector = segmented(&[&["city"]], 9, true);
    assert_eq!(collector.profiles(&Metadata::default()).len(), 1);
    assert!(
        segmented(&[&["city"]], 9, false)
            .profiles(&Metadata::default())
            .is_empty()
    );
    collector.log_batches(&[rides(0, 1).0]).unwrap();
    let profiles = collector.profiles(&Metadata::default());
    assert_eq!((profiles.len(), profiles[0].columns.len()), (1, 3));
}
