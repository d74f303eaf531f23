use crate::expected::{Plain, batch, check, fingerprint, profile};
use arrow_array::{
    ArrayRef, Float64Array, Int64Array, RecordBatch, RecordBatchOptions, StringArray, StructArray,
};
use arrow_schema::{DataType, Field, Fields, Schema as ArrowSchema};
use std::collections::BTreeSet;
use std::sync::Arc;
use tidegauge_kernel::ErrorKind;
use tidegauge_kernel::columns::{ColumnSpec, MetricSet, Schema, TypeTag, Value};
use tidegauge_kernel::format;
use tidegauge_kernel::profile::{Collector, Metadata, Profile};

fn ints(values: &[i64]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn names(profile: &Profile) -> Vec<&str> {
    profile.columns.iter().map(|column| &*column.name).collect()
}

#[test]
fn columns_may_come_in_any_order_later_or_not_at_all() {
    let profile = profile(&[
        batch(&[("a", ints(&[1, 2])), ("b", texts(&["x", "y"]))]),
        batch(&[("b", texts(&["z"])), ("a", ints(&[3]))]),
        batch(&[("c", ints(&[9])), ("a", ints(&[4]))]),
        batch(&[("b", texts(&["x"]))]),
    ]);
    assert_eq!(profile.records, 5);
    assert_eq!(names(&profile), ["a", "b", "c"]);
    check(
        profile.column("a").unwrap(),
        TypeTag::Integer,
        &[1, 2, 3, 4].map(Plain::Whole),
    );
    check(
        profile.column("b").unwrap(),
        TypeTag::String,
        &["x", "y", "z", "x"].map(|text| Plain::Text(text.into())),
    );
    check(profile.column("c").unwrap(), TypeTag::Integer, &[Plain::Whole(9)]);
    let positions: Vec<u32> = profile.columns.iter().map(|column| column.position).collect();
    assert_eq!(positions, [0, 1, 2]);
}

#[test]
fn batches_in_one_call_may_differ_too() {
    let batches = [
        batch(&[("a", ints(&[1])), ("b", texts(&["x"]))]),
        batch(&[("b", texts(&["y"])), ("c", ints(&[2])), ("a", ints(&[3]))]),
    ];
    let mut collector = Collector::new(Schema::default(), None, None).unwrap();
    collector.log_batches(&batches).unwrap();
    let together = collector.profiles(&Metadata::default()).remove(0);
    let apart = profile(&batches);
    assert_eq!(names(&together), names(&apart));
    for (one, other) in together.columns.iter().zip(&apart.columns) {
        assert_eq!(
            (one.counts, one.types, &one.frequent_items),
            (other.counts, other.types, &other.frequent_items)
        );
    }
}

#[test]
fn a_type_that_changes_is_seen_in_the_types() {
    let floats: ArrayRef = Arc::new(Float64Array::from(vec![0.5, 2.0]));
    let numbers = profile(&[batch(&[("x", ints(&[1, 2]))]), batch(&[("x", floats)])]);
    let column = numbers.column("x").unwrap();
    let expected = [
        Plain::Whole(1),
        Plain::Whole(2),
        Plain::Float(0.5),
        Plain::Float(2.0),
    ];
    assert_eq!(
        (column.tag, &*column.arrow_type),
        (TypeTag::Fractional, "Float64 | Int64")
    );
    assert_eq!(column.types.values()[1..3], [2, 2]);
    assert_eq!(
        column.values.as_ref().unwrap().moments.unwrap().n,
        expected.len() as u64
    );
    let mixed = profile(&[batch(&[("x", ints(&[1, 2]))]), batch(&[("x", texts(&["a", ""]))])]);
    let column = mixed.column("x").unwrap();
    assert_eq!(column.tag, TypeTag::Mixed);
    assert_eq!((column.types.values()[1], column.types.values()[3]), (2, 2));
    assert_eq!(column.values.as_ref().unwrap().moments.unwrap().n, 2);
    assert_eq!(column.lengths.as_ref().unwrap().moments.unwrap().n, 2);
    assert_eq!(column.exact_cardinality(), None);
}

#[test]
fn columns_of_one_name_are_an_error_that_names_it() {
    let fields = vec![
        Field::new("twin", DataType::Int64, true),
        Field::new("twin", DataType::Int64, true),
    ];
    let twins =
        RecordBatch::try_new(Arc::new(ArrowSchema::new(fields)), vec![ints(&[1]), ints(&[2])]).unwrap();
    let mut collector = Collector::new(Schema::default(), None, None).unwrap();
    let error = collector.log_batches(&[twins]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Data);
    assert!(error.message().contains("\"twin\""), "{error}");
    assert_eq!(collector.records(), 0);
    let inner: ArrayRef = Arc::new(StructArray::new(
        Fields::from(vec![Field::new("b", DataType::Int64, true)]),
        vec![ints(&[1])],
        None,
    ));
    let error = collector
        .log_batches(&[batch(&[("a", inner), ("a.b", ints(&[2]))])])
        .unwrap_err();
    assert!(error.message().contains("\"a.b\""), "{error}");
    // The collector goes on after an error.
    collector.log_batches(&[batch(&[("a", ints(&[5]))])]).unwrap();
    let profile = collector.profiles(&Metadata::default()).remove(0);
    assert_eq!((profile.records, names(&profile)), (1, vec!["a"]));
}

#[test]
fn odd_names_are_names() {
    let long = "n".repeat(5000);
    let odd = [
        "",
        " ",
        "🌊",
        "a.b[]",
        "a\0b",
        "\u{202e}rtl",
        "\"quoted\"",
        long.as_str(),
    ];
    let columns: Vec<(&str, ArrayRef)> = odd.iter().map(|name| (*name, ints(&[1, 2]))).collect();
    let profile = profile(&[batch(&columns)]);
    assert_eq!(names(&profile), odd);
    let read = format::decode(&format::encode(&[&profile]).unwrap()).unwrap();
    assert_eq!(names(&read[0]), odd);
}

#[test]
fn zero_rows_and_zero_columns_are_profiles_too() {
    let no_rows = profile(&[batch(&[("a", ints(&[])), ("b", texts(&[]))])]);
    assert_eq!((no_rows.records, names(&no_rows)), (0, vec!["a", "b"]));
    check(no_rows.column("a").unwrap(), TypeTag::Integer, &[]);
    check(no_rows.column("b").unwrap(), TypeTag::String, &[]);
    let options = RecordBatchOptions::new().with_row_count(Some(7));
    let no_columns =
        RecordBatch::try_new_with_options(Arc::new(ArrowSchema::empty()), vec![], &options).unwrap();
    let profile_of_rows = profile(&[no_columns]);
    assert_eq!((profile_of_rows.records, profile_of_rows.columns.len()), (7, 0));
    let nothing = profile(&[]);
    assert!(nothing.is_empty());
}

#[test]
fn ten_thousand_columns_are_no_trouble() {
    let names: Vec<String> = (0..10_000).map(|number| format!("c{number}")).collect();
    let columns: Vec<(&str, ArrayRef)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| (name.as_str(), ints(&[at as i64, 1, 2])))
        .collect();
    let profile = profile(&[batch(&columns), batch(&columns)]);
    assert_eq!(profile.columns.len(), 10_000);
    for at in [0, 1, 5000, 9999] {
        let expected = [at, 1, 2, at, 1, 2].map(Plain::Whole);
        check(
            profile.column(&format!("c{at}")).unwrap(),
            TypeTag::Integer,
            &expected,
        );
    }
}

#[test]
fn only_what_is_wanted_is_profiled() {
    let mut schema = Schema {
        only: Some(BTreeSet::from(["a".to_owned(), "s".to_owned()])),
        ..Schema::default()
    };
    let mut metrics = MetricSet::NONE;
    assert!(metrics.switch_on("moments") && metrics.switch_on("counts") && !metrics.switch_on("nonsense"));
    let spec = ColumnSpec {
        role: Some("target".to_owned()),
        metrics: Some(metrics),
        ..ColumnSpec::default()
    };
    schema.columns.insert("a".to_owned(), spec);
    let mut collector = Collector::new(schema, None, None).unwrap();
    let columns = [
        ("a", ints(&[1, 1])),
        ("b", ints(&[2, 2])),
        ("s", texts(&["x", "y"])),
    ];
    collector.log_batches(&[batch(&columns)]).unwrap();
    let profile = collector.profiles(&Metadata::default()).remove(0);
    assert_eq!(names(&profile), ["a", "s"]);
    let column = profile.column("a").unwrap();
    assert_eq!(column.role.as_deref(), Some("target"));
    let numbers = column.values.as_ref().unwrap();
    assert!(numbers.moments.is_some() && numbers.quantiles.is_none());
    assert!(column.cardinality.is_none() && column.frequent_items.is_none());
    assert!(profile.column("s").unwrap().cardinality.is_some());
}

#[test]
fn records_are_measured_like_columns() {
    let mut collector = Collector::new(Schema::default(), None, None).unwrap();
    let numbers = ["i", "f", "t", "m"].map(|name| collector.column_number(name).unwrap());
    let rows = 10_000;
    for row in 0..rows {
        collector.begin_record(None);
        collector.push(
            numbers[0],
            if row % 9 == 0 {
                Value::Null
            } else {
                Value::Integer(row % 100)
            },
        );
        collector.push(numbers[1], Value::Float(row as f64 / 4.0));
        collector.push(numbers[2], Value::Text(["", "a", "bb", "日本"][row as usize % 4]));
        match row % 4 {
            0 => collector.push(numbers[3], Value::Boolean(row % 8 == 0)),
            1 => collector.push(numbers[3], Value::BigInteger("123456789012345678901234567890")),
            2 => collector.push(numbers[3], Value::Decimal("-1.50", -1.5)),
            _ => collector.push(numbers[3], Value::Binary(b"xyz")),
        }
        collector.end_record();
    }
    let profile = collector.profiles(&Metadata::default()).remove(0);
    assert_eq!(profile.records, rows as u64);
    let plain = |value: &dyn Fn(i64) -> Plain| -> Vec<Plain> { (0..rows).map(value).collect() };
    let whole = plain(&|row| {
        if row % 9 == 0 {
            Plain::Null
        } else {
            Plain::Whole((row % 100).into())
        }
    });
    check(profile.column("i").unwrap(), TypeTag::Integer, &whole);
    check(
        profile.column("f").unwrap(),
        TypeTag::Fractional,
        &plain(&|row| Plain::Float(row as f64 / 4.0)),
    );
    let texts = plain(&|row| Plain::Text(["", "a", "bb", "日本"][row as usize % 4].into()));
    check(profile.column("t").unwrap(), TypeTag::String, &texts);
    let mixed = profile.column("m").unwrap();
    assert_eq!(mixed.tag, TypeTag::Mixed);
    assert_eq!(mixed.types.values()[..5], [2500, 2500, 2500, 0, 2500]);
    assert_eq!(mixed.counts.trues, 1250);
    let items: Vec<(&str, u64)> = mixed.frequent_items.as_ref().unwrap().items().collect();
    assert_eq!(
        items,
        [
            ("-1.5", 2500),
            ("123456789012345678901234567890", 2500),
            ("false", 1250),
            ("true", 1250)
        ]
    );
}

#[test]
fn two_runs_give_equal_bytes() {
    let columns = || {
        let mut dice = crate::support::Dice::new(1);
        let floats: ArrayRef = Arc::new((0..700_000).map(|_| dice.unit()).collect::<Float64Array>());
        let whole: ArrayRef = Arc::new((0..700_000).map(|_| dice.bits() as i64).collect::<Int64Array>());
        let words: ArrayRef = Arc::new(
            (0..700_000)
                .map(|_| Some(format!("{}", dice.zipf())))
                .collect::<StringArray>(),
        );
        batch(&[("f", floats), ("i", whole), ("t", words)])
    };
    let batch = columns();
    let run = || format::encode(&[&profile(std::slice::from_ref(&batch))]).unwrap();
    assert!(run() == run(), "bytes differ");
    let windowed = || {
        let window = tidegauge_kernel::profile::Window::parse("1d").unwrap();
        let mut collector = Collector::new(Schema::default(), Some("i".to_owned()), Some(window)).unwrap();
        let times: Vec<Option<i64>> = (0..700_000)
            .map(|row| Some((row % 13) * 86_400_000_000))
            .collect();
        let placement = collector.place(batch.num_rows(), Some(&times), |_| None).unwrap();
        collector.log_placed(&batch, &placement).unwrap();
        let profiles = collector.profiles(&Metadata::default());
        assert_eq!(profiles.len(), 13);
        format::encode(&profiles.iter().collect::<Vec<_>>()).unwrap()
    };
    assert!(windowed() == windowed(), "bytes of windows differ");
}

#[test]
fn asking_for_profiles_changes_nothing() {
    let mut collector = Collector::new(Schema::default(), None, None).unwrap();
    collector
        .log_batches(&[batch(&[("a", ints(&[1, 2, 3]))])])
        .unwrap();
    let first = collector.profiles(&Metadata::default()).remove(0);
    let second = collector.profiles(&Metadata::default()).remove(0);
    assert_eq!(fingerprint(&first.columns[0]), fingerprint(&second.columns[0]));
    collector.log_batches(&[batch(&[("a", ints(&[4]))])]).unwrap();
    assert_eq!(collector.profiles(&Metadata::default())[0].records, 4);
    assert_eq!(first.records, 3);
}
