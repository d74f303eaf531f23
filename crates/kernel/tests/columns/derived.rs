//! Derived columns: the same whether the data comes as batches, records, texts or objects.

use crate::expected::{batch, fingerprint};
use crate::support::Folder;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, NullArray, StringArray};
use std::fmt::Write;
use std::sync::Arc;
use tidegauge_kernel::columns::{Schema, TypeTag};
use tidegauge_kernel::expressions::{Expression, Input};
use tidegauge_kernel::files;
use tidegauge_kernel::profile::{
    Collector, Conditions, Derived, Formula, Function, Metadata, Profile, Segments, Window,
};
use tidegauge_kernel::{Error, ErrorKind, Result};

/// Whole numbers, doubled.
#[derive(Debug)]
struct Doubled;

impl Function for Doubled {
    fn call(&self, columns: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        let Some(numbers) = columns[0].as_primitive_opt::<Int64Type>() else {
            return Ok(Arc::new(NullArray::new(rows)));
        };
        let doubled: Int64Array = numbers
            .iter()
            .map(|number| number.map(|number| 2 * number))
            .collect();
        Ok(Arc::new(doubled))
    }
}

#[derive(Debug)]
struct Faulty(Option<usize>);

impl Function for Faulty {
    fn call(&self, _: &[ArrayRef], _: usize) -> Result<ArrayRef> {
        match self.0 {
            Some(rows) => Ok(Arc::new(NullArray::new(rows))),
            None => Err(Error::data("no luck")),
        }
    }
}

fn expression(text: &str) -> Formula {
    Formula::Expression(Expression::parse(text).unwrap())
}

fn function(columns: &[&str], function: impl Function + 'static) -> Formula {
    let columns = columns.iter().map(|&name| name.to_owned()).collect();
    Formula::Function(columns, Arc::new(function))
}

fn derived(list: Vec<(&str, Formula)>) -> Result<Derived> {
    Derived::new(
        list.into_iter()
            .map(|(name, formula)| (name.to_owned(), formula))
            .collect(),
    )
}

fn everything() -> Derived {
    derived(vec![
        ("sum", expression("whole + half")),
        ("next", expression("whole + 1")),
        ("large", expression("sum > 3")),
        ("twice", function(&["next"], Doubled)),
        ("size", expression("length(text)")),
    ])
    .unwrap()
}

fn collector(window: bool) -> Collector {
    let conditions = [("is_large", "large"), ("even", "twice % 4 == 0")];
    let conditions = conditions.map(|(name, text)| (name.to_owned(), Expression::parse(text).unwrap()));
    let timestamp = window.then(|| "at".to_owned());
    let window = window.then(|| Window::parse("1d").unwrap());
    Collector::new(Schema::default(), timestamp, window)
        .unwrap()
        .with_derived(everything())
        .with_conditions(Conditions::new(conditions.to_vec()).unwrap())
}

fn wholes() -> Vec<Option<i64>> {
    (0..40).map(|at| (at % 7 != 3).then_some(at)).collect()
}

fn data() -> Vec<(&'static str, ArrayRef)> {
    let wholes = wholes();
    let halves: Vec<f64> = (0..40).map(|at| f64::from(at) / 2.0 + 0.25).collect();
    let texts: Vec<String> = (0..40).map(|at| "abcdef"[..1 + at % 5].to_owned()).collect();
    let times: Vec<String> = (0..40).map(|at| format!("2013-02-{:02}", 1 + at % 3)).collect();
    vec![
        ("at", Arc::new(StringArray::from(times))),
        ("whole", Arc::new(Int64Array::from(wholes))),
        ("half", Arc::new(Float64Array::from(halves))),
        ("text", Arc::new(StringArray::from(texts))),
    ]
}

fn cell(array: &ArrayRef, row: usize, quoted: bool) -> String {
    if array.is_null(row) {
        return if quoted { "null" } else { "" }.to_owned();
    }
    match array.as_string_opt::<i32>() {
        Some(texts) if quoted => format!("{:?}", texts.value(row)),
        Some(texts) => texts.value(row).to_owned(),
        None => arrow_cast::display::array_value_to_string(array, row).unwrap(),
    }
}

/// The data as lines of CSV or NDJSON.
fn lines(objects: bool) -> String {
    let data = data();
    let mut text = String::new();
    if !objects {
        text.push_str("at,whole,half,text\n");
    }
    for row in 0..40 {
        let cells: Vec<String> = data
            .iter()
            .map(|(name, array)| match objects {
                true => format!("{name:?}: {}", cell(array, row, true)),
                false => cell(array, row, false),
            })
            .collect();
        match objects {
            true => writeln!(text, "{{{}}}", cells.join(", ")).unwrap(),
            false => writeln!(text, "{}", cells.join(",")).unwrap(),
        }
    }
    text
}

fn told(mut collector: Collector) -> Vec<String> {
    let profiles = collector.profiles(&Metadata::default());
    let told = |profile: &Profile| {
        let mut columns = String::new();
        for name in ["sum", "next", "large", "twice", "size"] {
            let column = profile.column(name).unwrap_or_else(|| panic!("no column {name}"));
            write!(columns, "{name} {:?} ", column.tag).unwrap();
            columns.push_str(&fingerprint_of(profile, name));
        }
        format!("{} {columns} {:?}", profile.records, profile.conditions)
    };
    profiles.iter().map(told).collect()
}

fn fingerprint_of(profile: &Profile, name: &str) -> String {
    let mut column = (**profile.column(name).unwrap()).clone();
    column.arrow_type = "".into();
    column.position = 0;
    fingerprint(&column)
}

fn of_batches(window: bool) -> Vec<String> {
    let mut collector = collector(window);
    collector.log_batches(&[batch(&data())]).unwrap();
    told(collector)
}

#[test]
fn batches_get_their_derived_columns() {
    let mut collector = collector(false);
    collector.log_batches(&[batch(&data())]).unwrap();
    let profile = collector.profiles(&Metadata::default()).remove(0);
    let column = |name: &str| profile.column(name).unwrap();
    let mean = |name: &str| column(name).values.as_ref().unwrap().moments.unwrap().mean.high;
    let present: Vec<i64> = wholes().into_iter().flatten().collect();
    let expected = present.iter().sum::<i64>() as f64 / present.len() as f64;
    assert_eq!(mean("next"), expected + 1.0);
    assert_eq!(mean("twice"), 2.0 * (expected + 1.0));
    assert_eq!(column("next").tag, TypeTag::Integer);
    assert_eq!(column("sum").tag, TypeTag::Fractional);
    assert_eq!(column("large").tag, TypeTag::Boolean);
    assert_eq!(column("next").counts.nulls, 40 - present.len() as u64);
    assert_eq!(column("sum").counts.records, 40);
    assert_eq!(column("size").counts.nulls, 0);
    let large = &profile.conditions[0].tally;
    assert_eq!(
        (large.passed, large.failed + large.passed),
        (32, present.len() as u64)
    );
}

#[test]
fn files_of_all_kinds_give_the_same() {
    let folder = Folder::new();
    for window in [false, true] {
        let expected = of_batches(window);
        let paths = [
            folder.write("data.csv", lines(false)),
            folder.write("data.ndjson", lines(true)),
        ];
        for path in paths {
            let mut collector = collector(window);
            let records = files::log_file(&mut collector, &path, None, &mut |_, _| Ok(())).unwrap();
            assert_eq!(records, 40);
            assert_eq!(told(collector), expected, "{path}, windows {window}");
        }
    }
}

#[test]
fn a_derived_column_may_tell_the_time() {
    let folder = Folder::new();
    let path = folder.write("times.ndjson", lines(true));
    let csv = folder.write("times.csv", lines(false));
    for path in [path, csv] {
        let derived = derived(vec![("when", expression("at"))]).unwrap();
        let mut collector = Collector::new(
            Schema::default(),
            Some("when".to_owned()),
            Some(Window::parse("1d").unwrap()),
        )
        .unwrap()
        .with_derived(derived);
        files::log_file(&mut collector, &path, None, &mut |_, _| Ok(())).unwrap();
        let records: Vec<u64> = collector
            .profiles(&Metadata::default())
            .iter()
            .map(|profile| profile.records)
            .collect();
        assert_eq!(records, [14, 13, 13], "{path}");
    }
}

#[test]
fn a_derived_column_may_be_what_records_are_grouped_by() {
    let folder = Folder::new();
    let segmented = || {
        let derived = derived(vec![
            ("even", expression("whole % 2 == 0")),
            ("twice", function(&["whole"], Doubled)),
        ]);
        let segments = [vec!["even".to_owned()], vec!["twice".to_owned()]];
        Collector::new(Schema::default(), None, None)
            .unwrap()
            .with_derived(derived.unwrap())
            .with_segments(Segments::new(&segments, 100, true).unwrap())
    };
    let told = |mut collector: Collector| -> Vec<String> {
        let profiles = collector.profiles(&Metadata::default());
        let told = |profile: &Profile| format!("{:?} {}", profile.metadata.segment, profile.records);
        profiles.iter().map(told).collect()
    };
    let mut batches = segmented();
    batches.log_batches(&[batch(&data())]).unwrap();
    let expected = told(batches);
    let present = wholes().into_iter().flatten().count();
    assert_eq!(
        expected.len(),
        1 + 3 + present + 1,
        "the total, and each partition with a null"
    );
    for path in [
        folder.write("segments.ndjson", lines(true)),
        folder.write("segments.csv", lines(false)),
    ] {
        let mut collector = segmented();
        files::log_file(&mut collector, &path, None, &mut |_, _| Ok(())).unwrap();
        assert_eq!(told(collector), expected, "{path}");
    }
}

#[test]
fn a_derived_column_is_wanted_also_when_only_some_are() {
    let schema = Schema {
        only: Some(["half".to_owned()].into()),
        ..Schema::default()
    };
    let mut collector = Collector::new(schema, None, None)
        .unwrap()
        .with_derived(everything());
    collector.log_batches(&[batch(&data())]).unwrap();
    let profile = collector.profiles(&Metadata::default()).remove(0);
    let names: Vec<&str> = profile.columns.iter().map(|column| &*column.name).collect();
    assert_eq!(names, ["half", "sum", "next", "large", "twice", "size"]);
}

#[test]
fn columns_that_vanish_leave_nulls() {
    let mut collector = collector(false);
    collector.log_batches(&[batch(&data())]).unwrap();
    collector.log_batches(&[batch(&data()[..1])]).unwrap();
    let profile = collector.profiles(&Metadata::default()).remove(0);
    assert_eq!(profile.column("sum").unwrap().counts.records, 80);
    assert_eq!(profile.column("size").unwrap().counts.nulls, 40);
    assert_eq!(profile.column("twice").unwrap().tag, TypeTag::Integer);
}

#[test]
fn what_cannot_be_is_an_error() {
    let fail = |derived: Derived| {
        let mut collector = Collector::new(Schema::default(), None, None)
            .unwrap()
            .with_derived(derived);
        collector.log_batches(&[batch(&data())]).unwrap_err()
    };
    let one = |name, formula| derived(vec![(name, formula)]).unwrap();
    for (derived, kind, message) in [
        (
            one("half", expression("whole")),
            ErrorKind::Data,
            "the data has a column \"half\" already",
        ),
        (
            one("x", expression("hole + 1")),
            ErrorKind::Argument,
            "\"x\" uses the column \"hole\", which the data does not have; did you mean \"whole\"",
        ),
        (
            one("x", function(&["whole"], Faulty(None))),
            ErrorKind::Data,
            "\"x\": no luck",
        ),
        (
            one("x", function(&["whole"], Faulty(Some(3)))),
            ErrorKind::Data,
            "gave 3 values for 40 records",
        ),
    ] {
        let error = fail(derived);
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.message().contains(message), "{error}");
    }
    for (list, message) in [
        (
            vec![("a", expression("b")), ("b", expression("whole"))],
            "which is computed after it",
        ),
        (vec![("a", expression("a + 1"))], "computed after it"),
        (
            vec![("a", expression("whole")), ("a", expression("half"))],
            "two derived columns",
        ),
    ] {
        let error = derived(list).unwrap_err();
        assert!(error.message().contains(message), "{error}");
    }
}

#[test]
fn values_of_several_types_are_refused_by_name() {
    let cells = arrow_cells();
    let error = derived(vec![("x", expression("whole"))])
        .unwrap()
        .compute(vec![cells], 2, false)
        .unwrap_err();
    assert!(
        error
            .message()
            .contains("derived column \"x\": the expression gives"),
        "{error}"
    );
}

fn arrow_cells() -> Input {
    use tidegauge_kernel::columns::Value;
    use tidegauge_kernel::expressions::Gathered;
    let mut gathered = Gathered::default();
    gathered.push(Value::Text("one"));
    gathered.push(Value::Integer(1));
    gathered.finish()
}
