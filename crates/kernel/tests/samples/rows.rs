//! The rows that are kept: of all types, of batches with different columns, and no more than is needed.

use super::{batch, floats, integers, only, orders, sampled, texts};
use arrow_array::builder::{Int32Builder, ListBuilder, StringViewBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, NullArray, RecordBatch, StringArray, StructArray,
    TimestampMicrosecondArray, TimestampNanosecondArray,
};
use arrow_schema::{DataType, Field};
use std::sync::Arc;
use tidegauge_kernel::samples::{Datum, Sampling, Spec};

const ALL: &str = r#"{"kind": "reservoir", "size": 1000}"#;

fn column(batches: &[RecordBatch], name: &str) -> (DataType, Vec<Datum>) {
    let sample = sampled(ALL, 1, batches);
    let array = sample.rows().column_by_name(name).expect("a column").clone();
    (
        array.data_type().clone(),
        (0..array.len()).map(|row| Datum::of(&array, row)).collect(),
    )
}

fn text(text: &str) -> Datum {
    Datum::Text(text.into())
}

#[test]
fn all_records_are_kept_in_order_when_there_is_room() {
    let batches: Vec<RecordBatch> = (0..30)
        .map(|n| batch(vec![("n", integers(n * 10..n * 10 + 10))]))
        .collect();
    let sample = sampled(ALL, 9, &batches);
    assert_eq!(orders(&sample), (0..300).collect::<Vec<u64>>());
    assert_eq!(
        *sample.rows().column(0).as_primitive::<Int64Type>().values(),
        (0..300).collect::<Vec<i64>>()
    );
    assert_eq!(sample.weights().unwrap(), vec![1.0; 300]);
}

#[test]
fn rows_stand_beside_what_is_known_of_them_after_many_batches() {
    let batches: Vec<RecordBatch> = (0..2_000)
        .map(|n| {
            batch(vec![
                ("n", integers(n * 10..n * 10 + 10)),
                ("t", texts(["x"; 10])),
            ])
        })
        .collect();
    let sample = sampled(r#"{"kind": "reservoir", "size": 50}"#, 9, &batches);
    let rows: Vec<u64> = sample
        .rows()
        .column(0)
        .as_primitive::<Int64Type>()
        .values()
        .iter()
        .map(|&n| n as u64)
        .collect();
    assert_eq!(rows, orders(&sample));
}

#[test]
fn columns_come_and_go_and_change_their_types() {
    let one = batch(vec![("a", integers([1])), ("b", texts(["x"]))]);
    let two = batch(vec![
        ("b", integers([7])),
        ("c", floats([0.5])),
        ("a", floats([2.5])),
    ]);
    let three = batch(vec![("a", Arc::new(NullArray::new(1)))]);
    let batches = [one, two, three];
    assert_eq!(
        column(&batches, "a"),
        (
            DataType::Float64,
            vec![Datum::Float(1.0), Datum::Float(2.5), Datum::Null]
        )
    );
    assert_eq!(
        column(&batches, "b"),
        (DataType::LargeUtf8, vec![text("x"), text("7"), Datum::Null])
    );
    assert_eq!(
        column(&batches, "c"),
        (
            DataType::Float64,
            vec![Datum::Null, Datum::Float(0.5), Datum::Null]
        )
    );
}

#[test]
fn numbers_that_no_double_holds_are_not_made_doubles() {
    let large = 9_007_199_254_740_993;
    let batches = [
        batch(vec![("a", integers([large]))]),
        batch(vec![("a", floats([0.5]))]),
    ];
    assert_eq!(column(&batches, "a").1, [text("9007199254740993"), text("0.5")]);
}

#[test]
fn points_in_time_keep_the_finest_unit() {
    let micro: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![1]).with_timezone("UTC"));
    let nano: ArrayRef = Arc::new(TimestampNanosecondArray::from(vec![1_000]).with_timezone("UTC"));
    let batches = [batch(vec![("t", micro)]), batch(vec![("t", nano)])];
    let (kind, values) = column(&batches, "t");
    assert_eq!(
        kind,
        DataType::Timestamp(arrow_schema::TimeUnit::Nanosecond, Some("UTC".into()))
    );
    assert_eq!(values, [Datum::Timestamp(1, true), Datum::Timestamp(1, true)]);
}

fn nested() -> RecordBatch {
    let mut lists = ListBuilder::new(Int32Builder::new());
    lists.append_value([Some(1), None]);
    lists.append_null();
    let city: DictionaryArray<Int8Type> = ["Oslo", "Rome"].into_iter().collect();
    let fields = vec![Field::new("city", city.data_type().clone(), true)];
    let structs = StructArray::new(fields.into(), vec![Arc::new(city.clone())], None);
    batch(vec![
        ("list", Arc::new(lists.finish())),
        ("struct", Arc::new(structs)),
        ("coded", Arc::new(city)),
    ])
}

#[test]
fn nested_and_coded_values_are_kept_as_what_they_stand_for() {
    let batches = [nested(), nested()];
    let list = Datum::List(vec![Datum::Integer(1), Datum::Null]);
    assert_eq!(
        column(&batches, "list").1,
        [list.clone(), Datum::Null, list, Datum::Null]
    );
    assert_eq!(
        column(&batches, "coded"),
        (
            DataType::LargeUtf8,
            vec![text("Oslo"), text("Rome"), text("Oslo"), text("Rome")]
        )
    );
    assert_eq!(
        column(&batches, "struct").1[1],
        Datum::Struct(vec![("city".into(), text("Rome"))])
    );
}

#[test]
fn fields_of_structs_come_and_go() {
    let of = |name: &str, values: ArrayRef| -> ArrayRef {
        let fields = vec![Field::new(name, values.data_type().clone(), true)];
        Arc::new(StructArray::new(fields.into(), vec![values], None))
    };
    let batches = [
        batch(vec![("s", of("a", integers([1])))]),
        batch(vec![("s", of("b", texts(["x"])))]),
    ];
    let expected = [
        Datum::Struct(vec![("a".into(), Datum::Integer(1)), ("b".into(), Datum::Null)]),
        Datum::Struct(vec![("a".into(), Datum::Null), ("b".into(), text("x"))]),
    ];
    assert_eq!(column(&batches, "s").1, expected);
}

#[test]
fn kept_rows_keep_no_batch_alive() {
    let long = "a text that is too long to be kept inside of a view";
    let mut views = StringViewBuilder::new();
    (0..1_000).for_each(|n| views.append_value(format!("{long} {n}")));
    let views = views.finish();
    let codes: DictionaryArray<Int8Type> = (0..1_000).map(|n| ["x", "y"][n % 2]).collect();
    let plain = StringArray::from_iter_values((0..1_000).map(|n| format!("{long} {n}")));
    let mut sampling = Sampling::new(
        vec![(
            "few".into(),
            Spec::parse(r#"{"kind": "reservoir", "size": 3}"#).unwrap(),
        )],
        None,
        1,
    )
    .unwrap();
    let batch = batch(vec![
        ("v", Arc::new(views.clone())),
        ("d", Arc::new(codes.clone())),
        ("p", Arc::new(plain.clone())),
        ("n", integers(0..1_000)),
    ]);
    sampling.add(&(&batch, false)).unwrap();
    drop(batch);
    // Only this test holds the memory of the batch now.
    assert_eq!(views.data_buffers()[0].strong_count(), 1);
    assert_eq!(plain.values().strong_count(), 1);
    assert_eq!(codes.values().to_data().buffers()[1].strong_count(), 2);
    assert!(only(&sampling).rows().get_array_memory_size() < 10_000);
}

#[test]
fn memory_does_not_grow_with_the_records() {
    let spec = || Spec::parse(r#"{"kind": "reservoir", "size": 20}"#).unwrap();
    let mut sampling = Sampling::new(vec![("few".into(), spec())], None, 1).unwrap();
    let size = |sampling: &Sampling| format!("{sampling:?}").len();
    let mut largest = 0;
    for n in 0..3_000i64 {
        let batch = batch(vec![
            ("n", integers(n * 50..n * 50 + 50)),
            ("t", texts(["some text"; 50])),
        ]);
        sampling.add(&(&batch, false)).unwrap();
        if n == 100 {
            largest = size(&sampling);
        }
    }
    // What it holds, written out: the slack of rows that are not kept any more is bounded, too.
    assert!(
        size(&sampling) < 10 * largest.max(20_000),
        "{} {largest}",
        size(&sampling)
    );
}

#[test]
fn only_some_columns_are_kept() {
    let spec = Spec::parse(r#"{"kind": "failing", "condition": "secret > 1", "unknown": false, "size": 5}"#)
        .unwrap();
    let mut sampling = Sampling::new(vec![("bad".into(), spec)], Some(vec!["n".into()]), 1).unwrap();
    sampling
        .add(&(
            &batch(vec![("n", integers([1, 2])), ("secret", integers([1, 2]))]),
            false,
        ))
        .unwrap();
    let sample = only(&sampling);
    assert_eq!(sample.rows().num_columns(), 1);
    assert_eq!(orders(&sample), [0]);
}

#[test]
fn batches_without_rows_or_columns() {
    let empty = batch(vec![("n", integers([]))]);
    let sample = sampled(ALL, 1, &[empty]);
    assert_eq!((sample.items().len(), sample.facts().seen), (0, 0));
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(3));
    let bare =
        RecordBatch::try_new_with_options(Arc::new(arrow_schema::Schema::empty()), vec![], &options).unwrap();
    assert_eq!(sampled(ALL, 1, &[bare]).rows().num_rows(), 3);
}

#[test]
fn taking_begins_anew() {
    let mut sampling = Sampling::new(vec![("all".into(), Spec::parse(ALL).unwrap())], None, 1).unwrap();
    sampling
        .add(&(&batch(vec![("n", integers(0..10))]), false))
        .unwrap();
    assert_eq!(sampling.take().unwrap()[0].1.items().len(), 10);
    sampling
        .add(&(&batch(vec![("n", integers(10..12))]), false))
        .unwrap();
    let sample = only(&sampling);
    assert_eq!((orders(&sample), sample.facts().seen), (vec![0, 1], 2));
}
