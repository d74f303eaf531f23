use crate::generated::Generator;
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray, StructArray,
};
use arrow_schema::{DataType, Field};
use std::sync::Arc;
use tidegauge_kernel::columns::Value;
use tidegauge_kernel::expressions::{Cells, Expression, Inputs, Notes, evaluate, outcome_of, resolve, truth};

/// Times in the units in which records hold them.
fn value_at(array: &ArrayRef, row: usize, set: impl FnOnce(Value<'_>)) {
    if array.is_null(row) {
        return set(Value::Null);
    }
    match array.data_type() {
        DataType::Boolean => set(Value::Boolean(array.as_boolean().value(row))),
        DataType::Date32 => set(Value::Date(whole(array, row).into())),
        DataType::Timestamp(..) => {
            let times = array.as_primitive::<arrow_array::types::TimestampMillisecondType>();
            set(Value::Timestamp(times.value(row) * 1000));
        }
        DataType::Int64 => set(Value::Integer(array.as_primitive::<Int64Type>().value(row))),
        DataType::Float32 | DataType::Float64 => {
            let cast = arrow_cast::cast(array, &DataType::Float64).unwrap();
            set(Value::Float(cast.as_primitive::<Float64Type>().value(row)));
        }
        DataType::Decimal128(..) => {
            let text = array.as_primitive::<Decimal128Type>().value_as_string(row);
            set(Value::Decimal(&text, text.parse().unwrap()));
        }
        DataType::Null => set(Value::Null),
        numeric if numeric.is_integer() => {
            let cast = arrow_cast::cast(array, &DataType::Utf8).unwrap();
            set(Value::BigInteger(cast.as_string::<i32>().value(row)));
        }
        _ => {
            let cast = arrow_cast::cast(array, &DataType::Utf8).unwrap();
            if cast.is_null(row) {
                set(Value::Null);
            } else {
                set(Value::Text(cast.as_string::<i32>().value(row)));
            }
        }
    }
}

fn whole(array: &ArrayRef, row: usize) -> i32 {
    array.as_primitive::<arrow_array::types::Date32Type>().value(row)
}

/// The records of a batch, one by one.
fn by_record(expression: &Expression, batch: &RecordBatch) -> Vec<Option<bool>> {
    (0..batch.num_rows())
        .map(|row| {
            let mut cells = Cells::new(expression.columns().len());
            for (number, name) in expression.columns().iter().enumerate() {
                if let Some(array) = resolve(batch, name) {
                    value_at(&array, row, |value| cells.set(number, value));
                }
            }
            outcome_of(expression, &cells, &mut Notes::default())
        })
        .collect()
}

#[test]
fn batches_give_what_their_records_give() {
    let mut generator = Generator::new(3);
    let mut decided = [0; 3];
    for round in 0..1500 {
        let rows = [0, 1, 7, 64, 130][round % 5];
        let batch = generator.batch(rows);
        let batch = if rows > 5 { batch.slice(3, rows - 4) } else { batch };
        let text = generator.condition(2);
        let expression = Expression::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let inputs = Inputs::of_batch(&batch, expression.columns(), false).unwrap();
        let mut notes = Notes::default();
        let found = truth(&expression, &inputs, &mut notes);
        let expected = by_record(&expression, &batch);
        let found: Vec<Option<bool>> = (0..batch.num_rows()).map(|row| found.value(row)).collect();
        assert_eq!(found, expected, "{text}\n{batch:?}");
        for outcome in expected {
            decided[outcome.map_or(2, usize::from)] += 1;
        }
    }
    assert!(decided.iter().all(|&count| count > 2000), "{decided:?}");
}

#[test]
fn counts_of_slices_are_those_of_their_rows() {
    let mut generator = Generator::new(5);
    let batch = generator.batch(200);
    let expression = Expression::parse("f > 0 and b").unwrap();
    let inputs = Inputs::of_batch(&batch, expression.columns(), false).unwrap();
    let all = truth(&expression, &inputs, &mut Notes::default());
    for (start, rows) in [(0, 200), (13, 64), (199, 1), (200, 0)] {
        let values: Vec<_> = (start..start + rows).map(|row| all.value(row)).collect();
        let count = |wanted: Option<bool>| values.iter().filter(|value| **value == wanted).count() as u64;
        assert_eq!(all.count(start, rows), (count(Some(true)), count(Some(false))));
        let part = truth(&expression, &inputs.slice(start, rows), &mut Notes::default());
        assert_eq!(part.count(0, rows), all.count(start, rows));
    }
}

#[test]
fn nan_stands_for_null_where_that_is_said() {
    let floats: ArrayRef = Arc::new(Float64Array::from(vec![1.0, f64::NAN, -1.0]));
    let batch = RecordBatch::try_from_iter([("f", floats)]).unwrap();
    let expression = Expression::parse("f > 0").unwrap();
    for (nan_is_null, expected) in [(false, (1, 2)), (true, (1, 1))] {
        let inputs = Inputs::of_batch(&batch, expression.columns(), nan_is_null).unwrap();
        let found = truth(&expression, &inputs, &mut Notes::default());
        assert_eq!(found.count(0, 3), expected);
    }
}

fn evaluated(text: &str, columns: Vec<(&str, ArrayRef)>) -> tidegauge_kernel::Result<ArrayRef> {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    evaluate(&Expression::parse(text).unwrap(), &batch)
}

#[test]
fn values_come_as_arrays_of_one_type() {
    let whole = || -> ArrayRef { Arc::new(Int64Array::from(vec![Some(7), None, Some(i64::MAX)])) };
    let text = || -> ArrayRef { Arc::new(StringArray::from(vec![Some("a"), None, Some("år")])) };
    let get = |text_of: &str| evaluated(text_of, vec![("i", whole()), ("s", text())]).unwrap();
    let small = get("i % 4");
    assert_eq!(
        small.as_primitive::<Int64Type>(),
        &Int64Array::from(vec![Some(3), None, Some(3)])
    );
    let halves = get("i / 2");
    assert_eq!(halves.as_primitive::<Float64Type>().value(0), 3.5);
    let great = get("i + i");
    assert_eq!(great.data_type(), &DataType::Decimal128(38, 0));
    assert_eq!(
        great.as_primitive::<Decimal128Type>().value(2),
        2 * i128::from(i64::MAX)
    );
    assert_eq!(get("length(s)").as_primitive::<Int64Type>().values()[2], 2);
    assert_eq!(get("s").as_string::<i32>().value(2), "år");
    let known = get("s is null or i > 7");
    assert_eq!(
        known.as_boolean().iter().collect::<Vec<_>>(),
        [Some(false), Some(true), Some(true)]
    );
    assert_eq!(get("i > 0").null_count(), 1);
    assert_eq!(get("i == s").null_count(), 3);
    let missing = evaluated("x > 0", vec![("i", whole())]).unwrap_err();
    assert!(missing.message().contains("no column \"x\""));
}

#[test]
fn times_give_durations() {
    let seconds = |values: Vec<i64>| -> ArrayRef {
        Arc::new(arrow_array::TimestampSecondArray::from(values).with_timezone("UTC"))
    };
    let columns = || vec![("a", seconds(vec![10, 20])), ("b", seconds(vec![4, 21]))];
    let spans = evaluated("a - b", columns()).unwrap();
    assert_eq!(
        spans.data_type(),
        &DataType::Duration(arrow_schema::TimeUnit::Nanosecond)
    );
    let long = evaluated("a - b > 5.5", columns()).unwrap();
    assert_eq!(
        long.as_boolean().iter().collect::<Vec<_>>(),
        [Some(true), Some(false)]
    );
}

#[test]
fn fields_of_structs_are_found() {
    let inner: ArrayRef = Arc::new(Int32Array::from(vec![1, 2, 3]));
    let middle: ArrayRef = Arc::new(StructArray::from(vec![(
        Arc::new(Field::new("c", DataType::Int32, true)),
        inner.clone(),
    )]));
    let outer = StructArray::new(
        vec![Field::new("b.x", middle.data_type().clone(), true)].into(),
        vec![middle],
        Some(vec![true, false, true].into()),
    );
    let columns = vec![("a", Arc::new(outer) as ArrayRef), ("a.y", inner)];
    let found = evaluated("a.b.x.c >= 2", columns.clone()).unwrap();
    assert_eq!(
        found.as_boolean().iter().collect::<Vec<_>>(),
        [Some(false), None, Some(true)]
    );
    // A column of that very name comes first.
    assert_eq!(
        evaluated("a.y == 2", columns).unwrap().as_boolean().true_count(),
        1
    );
}
