//! Profiles of every kind, made from fixed data.

use crate::support::Dice;
use arrow_array::builder::{Int64Builder, ListBuilder};
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, DurationMillisecondArray,
    Float64Array, Int64Array, NullArray, RecordBatch, StringArray, StructArray, Time32SecondArray,
    TimestampMicrosecondArray, UInt64Array,
};
use arrow_schema::{DataType, Field, Fields, Schema as ArrowSchema};
use std::sync::Arc;
use tidegauge_kernel::columns::{ColumnSpec, MetricSet, Schema};
use tidegauge_kernel::metrics::{Extension, Part};
use tidegauge_kernel::privacy::{Rounding, Secret, Settings, Statement};
use tidegauge_kernel::profile::{Collector, Column, Condition, Metadata, Profile, Tally, Window};

const DAY: i64 = 86_400_000_000;

pub fn metadata() -> Metadata {
    Metadata {
        dataset: Some("flights 🛫".to_owned()),
        created: 1_700_000_000_123_456,
        late_records: 3,
        early_records: 4,
        tags: [("env", "test"), ("empty", ""), ("ключ", "значение")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        writer: "tidegauge test".to_owned(),
        ..Metadata::default()
    }
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    RecordBatch::try_new(
        Arc::new(ArrowSchema::new(fields)),
        columns.into_iter().map(|column| column.1).collect(),
    )
    .unwrap()
}

fn profile(schema: Schema, batches: &[RecordBatch]) -> Profile {
    let mut collector = Collector::new(schema, None, None).unwrap();
    collector.log_batches(batches).unwrap();
    collector.profiles(&metadata()).remove(0)
}

#[allow(clippy::too_many_lines, reason = "one entry a type")]
fn all_types() -> RecordBatch {
    let mut lists = ListBuilder::new(Int64Builder::new());
    for row in [
        Some(vec![Some(1), None]),
        Some(vec![]),
        None,
        Some(vec![Some(7)]),
        None,
        Some(vec![Some(1)]),
    ] {
        lists.append_option(row);
    }
    let inner: ArrayRef = Arc::new(StringArray::from(vec![
        Some("x"),
        None,
        Some("y"),
        Some("x"),
        Some(""),
        None,
    ]));
    let fields = Fields::from(vec![Field::new("city", DataType::Utf8, true)]);
    let days = [Some(15_744), None, Some(-1), Some(0), Some(0), Some(11_016)];
    let micros = |factor: i64| days.map(|day| day.map(|day: i32| i64::from(day) * factor));
    let decimals = Decimal128Array::from(vec![
        Some(1250),
        Some(-5),
        None,
        Some(0),
        Some(10i128.pow(37)),
        Some(1),
    ]);
    batch(vec![
        (
            "flag",
            Arc::new(BooleanArray::from(vec![
                Some(true),
                None,
                Some(false),
                Some(true),
                Some(true),
                None,
            ])),
        ),
        (
            "whole",
            Arc::new(Int64Array::from(vec![
                Some(i64::MIN),
                Some(0),
                None,
                Some(7),
                Some(7),
                Some(i64::MAX),
            ])),
        ),
        (
            "unsigned",
            Arc::new(UInt64Array::from(vec![
                Some(u64::MAX),
                Some(0),
                None,
                Some(1 << 63),
                Some(7),
                Some(7),
            ])),
        ),
        (
            "part",
            Arc::new(Float64Array::from(vec![
                Some(-0.0),
                Some(f64::NAN),
                None,
                Some(f64::INFINITY),
                Some(-2.5),
                Some(f64::NEG_INFINITY),
            ])),
        ),
        (
            "price",
            Arc::new(decimals.with_precision_and_scale(38, 2).unwrap()),
        ),
        (
            "text",
            Arc::new(StringArray::from(vec![
                Some("Oslo"),
                Some(""),
                None,
                Some("日本"),
                Some("Oslo"),
                Some("a\0b"),
            ])),
        ),
        (
            "bytes",
            Arc::new(BinaryArray::from(vec![
                Some(&b"ab"[..]),
                Some(b""),
                None,
                Some(b"\xff\x00"),
                Some(b"ab"),
                Some(b"c"),
            ])),
        ),
        ("day", Arc::new(Date32Array::from(days.to_vec()))),
        (
            "at",
            Arc::new(TimestampMicrosecondArray::from(micros(DAY).to_vec()).with_timezone("UTC")),
        ),
        (
            "clock",
            Arc::new(Time32SecondArray::from(vec![
                Some(0),
                Some(86_399),
                None,
                Some(1),
                Some(1),
                Some(2),
            ])),
        ),
        (
            "took",
            Arc::new(DurationMillisecondArray::from(micros(1).to_vec())),
        ),
        ("list", Arc::new(lists.finish())),
        ("place", Arc::new(StructArray::new(fields, vec![inner], None))),
        ("nothing", Arc::new(NullArray::new(6))),
    ])
}

/// One column of each type.
pub fn types() -> Vec<Profile> {
    vec![profile(Schema::default(), &[all_types()])]
}

/// Few columns, for tests that look at every byte.
pub fn small() -> Vec<Profile> {
    let whole = batch(vec![
        ("n", Arc::new(Int64Array::from(vec![Some(3), None, Some(5)]))),
        (
            "t",
            Arc::new(StringArray::from(vec![Some("a"), Some("b"), Some("a")])),
        ),
    ]);
    vec![profile(Schema::default(), &[whole])]
}

/// Sketches that are past being exact.
pub fn large() -> Vec<Profile> {
    let rows = 40_000;
    let mut dice = Dice::new(7);
    let fare: Float64Array = (0..rows).map(|_| Some((dice.unit() * 6.0).exp())).collect();
    let user: StringArray = (0..rows).map(|_| Some(format!("user-{}", dice.zipf()))).collect();
    let user: ArrayRef = Arc::new(user);
    vec![profile(
        Schema::default(),
        &[batch(vec![("fare", Arc::new(fare)), ("user", user)])],
    )]
}

/// Windows, and the records without a timestamp.
pub fn windows() -> Vec<Profile> {
    let rows = 60i64;
    let at: TimestampMicrosecondArray = (0..rows)
        .map(|row| (row % 10 > 0).then_some((row - 20) * DAY / 10))
        .collect();
    let n: Int64Array = (0..rows).map(Some).collect();
    let window = Window::parse("1d").unwrap();
    let mut collector = Collector::new(Schema::default(), Some("at".to_owned()), Some(window)).unwrap();
    collector
        .log_batches(&[batch(vec![("at", Arc::new(at)), ("n", Arc::new(n))])])
        .unwrap();
    collector.profiles(&metadata())
}

/// Segments of which one has a null value; metrics of plug-ins.
pub fn segments() -> Vec<Profile> {
    let segment = |values: [Option<&str>; 2]| -> Vec<(String, Option<String>)> {
        ["country", "kind of car"]
            .into_iter()
            .zip(values)
            .map(|(name, value)| (name.to_owned(), value.map(str::to_owned)))
            .collect()
    };
    let mut profiles = Vec::new();
    for values in [[Some("NO"), Some("bus")], [None, Some("")], [Some("SE"), None]] {
        let mut profile = small().remove(0);
        profile.metadata.segment = segment(values);
        let column = Arc::make_mut(&mut profile.columns[0]);
        let records = column.counts.records;
        let part = |version, bytes: &[u8]| Part {
            version,
            bytes: bytes.to_vec(),
        };
        let entropy = Extension {
            parts: vec![part(1, &[0, 255, 7]), part(1, &[1]), part(2, &[])],
            records: 1,
            failures: 3,
            reason: Some("ValueError".to_owned()),
        };
        column.extensions.insert("acme.entropy".to_owned(), entropy);
        column
            .extensions
            .insert("acme.nothing".to_owned(), Extension::bare(vec![], records));
        profiles.push(profile);
    }
    profiles
}

/// No column; no row; nothing at all.
pub fn empty() -> Vec<Profile> {
    let no_rows = batch(vec![("n", Arc::new(Int64Array::from(Vec::<i64>::new())))]);
    let columnless = Profile {
        metadata: metadata(),
        records: 12,
        ..Profile::default()
    };
    vec![
        columnless,
        profile(Schema::default(), &[no_rows]),
        Profile::default(),
    ]
}

/// Metrics that were not wanted, and roles.
pub fn sparse() -> Vec<Profile> {
    let mut schema = Schema {
        metrics: MetricSet::NONE,
        ..Schema::default()
    };
    for (name, metric) in [
        ("whole", "moments"),
        ("part", "quantiles"),
        ("text", "cardinality"),
        ("flag", "frequent_items"),
    ] {
        let mut metrics = MetricSet::NONE;
        assert!(metrics.switch_on(metric));
        let spec = ColumnSpec {
            role: Some("score".to_owned()),
            metrics: Some(metrics),
            ..ColumnSpec::default()
        };
        schema.columns.insert(name.to_owned(), spec);
    }
    vec![profile(schema, &[all_types()])]
}

/// Conditions: in one profile, in one without columns, and in none.
pub fn conditions() -> Vec<Profile> {
    let condition = |name: &str, expression: &str, counts: [u64; 3], reason: Option<&str>| Condition {
        name: name.to_owned(),
        expression: expression.to_owned(),
        tally: Tally {
            passed: counts[0],
            failed: counts[1],
            unknown: counts[2],
            reason: reason.map(Into::into),
        },
    };
    let mut first = small().remove(0);
    first.conditions = vec![
        condition("positive", "n > 0", [1, 1, 0], None),
        condition("positive", "n >= 0", [1, 0, 0], None),
        condition("größer \"1\"", "`n 1` > 1", [0, 0, 2], Some("no column \"n 1\"")),
    ];
    let columnless = Profile {
        metadata: metadata(),
        records: 3,
        conditions: vec![condition("", "true", [3, 0, 0], None)],
        columns: Vec::new(),
        correlation: None,
    };
    let mut without = small().remove(0);
    without.metadata.segment = vec![("part".to_owned(), None)];
    vec![without, first, columnless]
}

/// Columns that are private in several ways.
pub fn private() -> Vec<Profile> {
    let settings = |stated: &str, rounding: Option<Rounding>| {
        Some(Arc::new(Settings {
            stated: Statement::parse(stated).expect("a statement"),
            rounding,
            secret: Some(Secret::new(&[7; 32])),
            off: false,
        }))
    };
    let mut schema = Schema {
        privacy: settings("items=off cardinality=off numbers=moments", None),
        ..Schema::default()
    };
    for (name, privacy) in [
        (
            "text",
            settings("items=hashed:3f9a cardinality=hashed:3f9a lengths=off", None),
        ),
        ("whole", settings("min_count=2", None)),
        ("part", settings("rounded=step:0.5", Some(Rounding::Step(0.5)))),
    ] {
        let spec = ColumnSpec {
            privacy,
            ..ColumnSpec::default()
        };
        schema.columns.insert(name.to_owned(), spec);
    }
    vec![profile(schema, &[all_types()])]
}

pub fn every_kind() -> Vec<(&'static str, Vec<Profile>)> {
    vec![
        ("types", types()),
        ("large", large()),
        ("windows", windows()),
        ("segments", segments()),
        ("empty", empty()),
        ("sparse", sparse()),
        ("conditions", conditions()),
        ("private", private()),
    ]
}

pub fn encode(profiles: &[Profile]) -> Vec<u8> {
    tidegauge_kernel::format::encode(&profiles.iter().collect::<Vec<_>>()).unwrap()
}

pub fn column<'a>(profile: &'a Profile, name: &str) -> &'a Column {
    profile.column(name).unwrap_or_else(|| panic!("no column {name}"))
}
