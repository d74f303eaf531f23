use crate::expected::batch;
use crate::support::Dice;
use arrow_array::{
    ArrayRef, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray, StructArray,
    TimestampMicrosecondArray,
};
use arrow_schema::{DataType, Field};
use std::sync::Arc;
use tidegauge_kernel::columns::{Correlated, Schema, Value};
use tidegauge_kernel::format;
use tidegauge_kernel::metrics::Pair;
use tidegauge_kernel::profile::{Collector, FEW, Metadata, Profile, Window, merge};

fn floats(values: &[f64]) -> ArrayRef {
    Arc::new(Float64Array::from(values.to_vec()))
}

fn normal(dice: &mut Dice) -> f64 {
    (0..12).map(|_| dice.unit()).sum::<f64>() - 6.0
}

fn with(schema: Schema, batches: &[RecordBatch]) -> Profile {
    let mut collector = Collector::new(schema, None, None).unwrap();
    collector.log_batches(batches).unwrap();
    collector.profiles(&Metadata::default()).remove(0)
}

fn log(batches: &[RecordBatch]) -> Profile {
    with(Schema::default(), batches)
}

fn columns(profile: &Profile) -> Vec<&str> {
    let correlation = profile
        .correlation
        .iter()
        .flat_map(|correlation| &correlation.columns);
    correlation.map(String::as_str).collect()
}

fn pair(profile: &Profile, x: &str, y: &str) -> Pair {
    let correlation = profile.correlation.as_ref().unwrap();
    let at = |name: &str| {
        correlation
            .columns
            .iter()
            .position(|column| column == name)
            .unwrap()
    };
    correlation.moments.pair(at(x), at(y))
}

/// Pearson's correlation over the rows that both have, by the book.
fn expected(x: &[f64], y: &[f64]) -> f64 {
    let rows: Vec<(f64, f64)> = x
        .iter()
        .copied()
        .zip(y.iter().copied())
        .filter(|(x, y)| x.is_finite() && y.is_finite())
        .collect();
    let n = rows.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| rows.iter().map(of).sum::<f64>() / n;
    let (mx, my) = (mean(|row| row.0), mean(|row| row.1));
    let sum = |of: &dyn Fn(f64, f64) -> f64| rows.iter().map(|row| of(row.0 - mx, row.1 - my)).sum::<f64>();
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}

fn table(rows: usize) -> [Vec<f64>; 3] {
    let mut dice = Dice::new(rows as u64);
    let x: Vec<f64> = (0..rows).map(|_| normal(&mut dice)).collect();
    let y = x.iter().map(|x| x * 0.5 + normal(&mut dice)).collect();
    let z = x
        .iter()
        .map(|x| {
            if dice.below(5) == 0 {
                f64::NAN
            } else {
                (x * 100.0).round()
            }
        })
        .collect();
    [x, y, z]
}

/// The columns as a batch with a timestamp a second, and the one of whole numbers.
fn timed(x: &[f64], y: &[f64], z: &[f64]) -> (RecordBatch, ArrayRef) {
    let wholes: ArrayRef = Arc::new(Int64Array::from_iter(
        z.iter().map(|value| value.is_finite().then_some(*value as i64)),
    ));
    let times: ArrayRef = Arc::new(TimestampMicrosecondArray::from_iter_values(
        (0..5000).map(|row| row * 1_000_000),
    ));
    let columns = [
        ("x", floats(x)),
        ("y", floats(y)),
        ("z", wholes.clone()),
        ("at", times),
    ];
    (batch(&columns), wholes)
}

#[test]
fn batches_records_and_columns_agree() {
    let [x, y, z] = table(5000);
    let (whole, wholes) = timed(&x, &y, &z);
    let logged = log(std::slice::from_ref(&whole));
    assert_eq!(columns(&logged), ["x", "y", "z"]);
    for (name, a, b) in [("y", &x, &y), ("z", &x, &z)] {
        assert!((pair(&logged, "x", name).r() - expected(a, b)).abs() < 1e-12);
    }

    let mut collector = Collector::new(Schema::default(), None, None).unwrap();
    let numbers = ["x", "y", "z"].map(|name| collector.column_number(name).unwrap());
    for row in 0..5000 {
        collector.begin_record(None);
        collector.push(numbers[0], Value::Float(x[row]));
        collector.push(numbers[1], Value::Float(y[row]));
        if z[row].is_finite() {
            collector.push(numbers[2], Value::Integer(z[row] as i64));
        }
        collector.end_record();
    }
    let recorded = collector.profiles(&Metadata::default()).remove(0);
    assert_eq!(recorded.correlation, logged.correlation);

    let mut collector = Collector::new(Schema::default(), None, None).unwrap();
    let number = collector.column_number("y").unwrap();
    collector.begin_columns();
    for (row, value) in y.iter().enumerate() {
        collector.set_row(row);
        collector.push(number, Value::Float(*value));
    }
    let chunk = |from: usize, length: usize| wholes.slice(from, length);
    let chunks = [
        (Field::new("x", DataType::Float64, true), vec![floats(&x)]),
        (
            Field::new("z", DataType::Int64, true),
            vec![chunk(0, 3), chunk(3, 2000), chunk(2003, 2997)],
        ),
    ];
    collector.log_columns(&chunks, 5000).unwrap();
    collector.end_columns(&chunks, 5000, None).unwrap();
    let apart = collector.profiles(&Metadata::default()).remove(0);
    for (a, b) in [("x", "y"), ("x", "z"), ("y", "z")] {
        assert!(
            (pair(&apart, a, b).r() - pair(&logged, a, b).r()).abs() < 1e-12,
            "{a} {b}"
        );
        assert_eq!(pair(&apart, a, b).n, pair(&logged, a, b).n);
    }
}

#[test]
fn windows_agree() {
    let [x, y, z] = table(5000);
    let (whole, _) = timed(&x, &y, &z);
    let window = Window::parse("10m").unwrap();
    let mut collector = Collector::new(Schema::default(), Some("at".into()), Some(window)).unwrap();
    collector.log_batches(&[whole]).unwrap();
    let parts = collector.profiles(&Metadata::default());
    assert_eq!(parts.len(), 9);
    assert!((pair(&parts[0], "x", "y").r() - expected(&x[..600], &y[..600])).abs() < 1e-12);
    let merged = merge(&parts.iter().collect::<Vec<_>>()).unwrap();
    assert!((pair(&merged, "x", "z").r() - expected(&x, &z)).abs() < 1e-12);
}

#[test]
fn long_columns_are_correlated_on_all_cores_as_on_one() {
    let [x, y, z] = table(300_000);
    let long = batch(&[("x", floats(&x)), ("y", floats(&y)), ("z", floats(&z))]);
    let whole = log(std::slice::from_ref(&long));
    let pieces: Vec<RecordBatch> = (0..300).map(|at| long.slice(at * 1000, 1000)).collect();
    let pieced = log(&pieces);
    for (a, b, one, other) in [("x", "y", &x, &y), ("y", "z", &y, &z)] {
        assert!((pair(&whole, a, b).r() - expected(one, other)).abs() < 1e-12);
        assert!((pair(&pieced, a, b).r() - pair(&whole, a, b).r()).abs() < 1e-13);
        assert_eq!(pair(&pieced, a, b).n, pair(&whole, a, b).n);
    }
}

#[test]
fn every_kind_of_number_takes_part_and_nothing_else() {
    let decimals = Decimal128Array::from(vec![150, 250, 390])
        .with_precision_and_scale(5, 2)
        .unwrap();
    let inner: ArrayRef = floats(&[1.0, 5.0, 2.0]);
    let coded = arrow_cast_dictionary(&[4.0, 4.0, 7.0]);
    let nested = StructArray::from(vec![(Arc::new(Field::new("b", DataType::Float64, true)), inner)]);
    let profile = log(&[batch(&[
        ("d", Arc::new(decimals)),
        ("s", Arc::new(StringArray::from(vec!["1", "2", "3"]))),
        (
            "flag",
            Arc::new(arrow_array::BooleanArray::from(vec![true, false, true])),
        ),
        ("a", Arc::new(nested)),
        ("c", coded),
        ("empty", floats(&[f64::NAN; 3])),
    ])]);
    assert_eq!(columns(&profile), ["d", "a.b", "c"]);
    assert!((pair(&profile, "d", "c").r() - expected(&[1.5, 2.5, 3.9], &[4.0, 4.0, 7.0])).abs() < 1e-12);
    assert!((pair(&profile, "a.b", "d").r() - expected(&[1.0, 5.0, 2.0], &[1.5, 2.5, 3.9])).abs() < 1e-12);
}

fn arrow_cast_dictionary(values: &[f64]) -> ArrayRef {
    let target = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Float64));
    arrow_cast::cast(&floats(values), &target).unwrap()
}

#[test]
fn columns_and_types_may_change_half_way() {
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["a", "b"]));
    let profile = log(&[
        batch(&[("x", floats(&[1.0, 2.0, 4.0]))]),
        batch(&[("y", floats(&[3.0, 1.0, 9.0])), ("x", floats(&[2.0, 2.5, 0.0]))]),
        batch(&[("x", texts), ("y", floats(&[100.0, 200.0]))]),
    ]);
    assert_eq!(columns(&profile), ["x", "y"]);
    let both = pair(&profile, "x", "y");
    assert_eq!(both.n, 3);
    assert!((both.r() - expected(&[2.0, 2.5, 0.0], &[3.0, 1.0, 9.0])).abs() < 1e-12);
}

#[test]
fn many_columns_are_correlated_when_asked() {
    let wide = |count: usize| {
        let names: Vec<String> = (0..count).map(|at| format!("c{at}")).collect();
        let columns: Vec<(&str, ArrayRef)> = names
            .iter()
            .enumerate()
            .map(|(at, name)| (name.as_str(), floats(&[at as f64, 1.0, 2.0])))
            .collect();
        batch(&columns)
    };
    assert_eq!(columns(&log(&[wide(FEW)])).len(), FEW);
    assert_eq!(log(&[wide(FEW + 1)]).correlation, None);
    assert_eq!(log(&[wide(3), wide(FEW + 1), wide(3)]).correlation, None);
    let chosen = |correlation: Correlated| Schema {
        correlation,
        ..Schema::default()
    };
    assert_eq!(
        columns(&with(chosen(Correlated::All), &[wide(FEW + 1)])).len(),
        FEW + 1
    );
    assert_eq!(with(chosen(Correlated::Nothing), &[wide(3)]).correlation, None);
    let some = Correlated::Only(["c1".to_owned(), "c70".to_owned()].into());
    assert_eq!(columns(&with(chosen(some), &[wide(80)])), ["c1", "c70"]);
}

#[test]
fn a_merged_correlation_is_of_all_records_or_not_there() {
    let xy = log(&[batch(&[
        ("x", floats(&[1.0, 2.0, 5.0])),
        ("y", floats(&[0.0, 3.0, 1.0])),
    ])]);
    let yz = log(&[batch(&[("y", floats(&[7.0, 2.0])), ("z", floats(&[1.0, 1.5]))])]);
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
    let words = log(&[batch(&[("x", texts), ("y", floats(&[4.0]))])]);
    let bare = with(
        Schema {
            correlation: Correlated::Nothing,
            ..Schema::default()
        },
        &[batch(&[("x", floats(&[9.0]))])],
    );
    let of = |parts: &[&Profile]| merge(parts).unwrap();
    assert_eq!(columns(&of(&[&xy, &yz])), ["x", "y", "z"]);
    assert_eq!(pair(&of(&[&xy, &yz]), "x", "z").n, 0);
    assert_eq!(pair(&of(&[&xy, &yz]), "y", "z").n, 2);
    assert_eq!(pair(&of(&[&xy, &words]), "x", "y").r(), pair(&xy, "x", "y").r());
    // The ninth x is in no correlation: what is known of x is not known of all records.
    let parts = [&xy, &yz, &words, &bare];
    assert_eq!(columns(&of(&parts)), ["y", "z"]);
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
        let step = order
            .iter()
            .map(|&at| parts[at].clone())
            .reduce(|a, b| of(&[&a, &b]))
            .unwrap();
        assert_eq!(columns(&step), ["y", "z"], "{order:?}");
        assert_eq!(pair(&step, "y", "z").n, 2);
    }
    let read = format::decode(&format::encode(&[&xy, &of(&parts), &bare]).unwrap()).unwrap();
    assert_eq!(read[0].correlation, xy.correlation);
    assert_eq!(read[1].correlation, of(&parts).correlation);
    assert_eq!(read[2].correlation, None);
}
