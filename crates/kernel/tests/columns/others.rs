use crate::expected::{Plain, check, check_array, column_of, sliced};
use arrow_array::types::{Int16Type, Int32Type, Int64Type, RunEndIndexType};
use arrow_array::{
    Array, ArrayRef, Float64Array, Int64Array, IntervalDayTimeArray, IntervalMonthDayNanoArray,
    IntervalYearMonthArray, NullArray, PrimitiveArray, RunArray, StringArray, UnionArray,
};
use arrow_schema::{DataType, Field, UnionFields};
use std::sync::Arc;
use tidegauge_kernel::columns::TypeTag;

#[test]
fn a_column_of_nothing_but_nulls_is_of_type_null() {
    check_array(Arc::new(NullArray::new(7)), TypeTag::Null, &vec![Plain::Null; 7]);
    check(
        &column_of(&(Arc::new(NullArray::new(0)) as ArrayRef)),
        TypeTag::Null,
        &[],
    );
}

fn runs<R: RunEndIndexType>(ends: Vec<R::Native>, values: &ArrayRef) -> ArrayRef {
    Arc::new(RunArray::<R>::try_new(&PrimitiveArray::<R>::from_iter_values(ends), values).unwrap())
}

#[test]
fn run_end_encoded_values_are_measured_like_plain_ones() {
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(5), None, Some(-2)]));
    let expected = [5, 5, 0, 0, 0, -2].map(|value| {
        if value == 0 {
            Plain::Null
        } else {
            Plain::Whole(value)
        }
    });
    for array in [
        runs::<Int16Type>(vec![2, 5, 6], &numbers),
        runs::<Int32Type>(vec![2, 5, 6], &numbers),
        runs::<Int64Type>(vec![2, 5, 6], &numbers),
    ] {
        check(&column_of(&array), TypeTag::Integer, &expected);
        check(&column_of(&array.slice(1, 4)), TypeTag::Integer, &expected[1..5]);
    }
    let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some("")]));
    let expected = [
        Plain::Text("a".into()),
        Plain::Null,
        Plain::Null,
        Plain::Text(String::new()),
    ];
    check(
        &column_of(&runs::<Int32Type>(vec![1, 3, 4], &texts)),
        TypeTag::String,
        &expected,
    );
    let floats: ArrayRef = Arc::new(Float64Array::from(vec![f64::NAN, 1.0]));
    let expected = [Plain::Float(f64::NAN), Plain::Float(f64::NAN), Plain::Float(1.0)];
    check(
        &column_of(&runs::<Int32Type>(vec![2, 3], &floats)),
        TypeTag::Fractional,
        &expected,
    );
}

#[test]
fn unions_are_counted_with_the_nulls_of_their_children() {
    let fields = || {
        UnionFields::try_new(
            [0, 1],
            [
                Field::new("n", DataType::Int64, true),
                Field::new("t", DataType::Utf8, true),
            ],
        )
        .unwrap()
    };
    let ids = vec![0i8, 1, 0, 1, 0];
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None, None, Some(9), Some(3)]));
    let texts: ArrayRef = Arc::new(StringArray::from(vec![None, Some("a"), Some("x"), None, None]));
    let sparse = UnionArray::try_new(fields(), ids.clone().into(), None, vec![numbers, texts]).unwrap();
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None, Some(3)]));
    let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None]));
    let offsets = vec![0, 0, 1, 1, 2];
    let dense =
        UnionArray::try_new(fields(), ids.into(), Some(offsets.into()), vec![numbers, texts]).unwrap();
    let expected = [Plain::Other, Plain::Other, Plain::Null, Plain::Null, Plain::Other];
    for array in [Arc::new(sparse) as ArrayRef, Arc::new(dense)] {
        check(&column_of(&array), TypeTag::Other, &expected);
        check(&column_of(&array.slice(1, 3)), TypeTag::Other, &expected[1..4]);
    }
}

#[test]
fn intervals_are_counted() {
    let expected = [Plain::Other, Plain::Null, Plain::Other, Plain::Other];
    let day_time = |days| arrow_buffer::IntervalDayTime::new(days, 5);
    let nano = |days| arrow_buffer::IntervalMonthDayNano::new(1, days, 5);
    let arrays: [ArrayRef; 3] = [
        Arc::new(IntervalYearMonthArray::from(vec![
            Some(1),
            None,
            Some(2),
            Some(3),
        ])),
        Arc::new(IntervalDayTimeArray::from(vec![
            Some(day_time(1)),
            None,
            Some(day_time(2)),
            Some(day_time(3)),
        ])),
        Arc::new(IntervalMonthDayNanoArray::from(vec![
            Some(nano(1)),
            None,
            Some(nano(2)),
            Some(nano(3)),
        ])),
    ];
    for array in arrays {
        check_array(array, TypeTag::Other, &expected);
    }
}

#[test]
fn the_test_itself_slices_at_an_offset() {
    let array: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None, Some(3), Some(4)]));
    let other = sliced(&array);
    assert_eq!(&other, &array);
    assert_eq!(other.nulls().unwrap().offset(), 3);
}
