use crate::expected::{Plain, check_array, column_of, fingerprint};
use crate::support::Dice;
use arrow_array::types::{
    Date32Type, Date64Type, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType,
    DurationSecondType, Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray, TimestampMicrosecondArray, TimestampNanosecondArray};
use arrow_schema::{DataType, TimeUnit};
use std::sync::Arc;
use tidegauge_kernel::columns::{Domain, TypeTag};

/// Seconds, some before 1970.
const SECONDS: [Option<i64>; 7] = [
    Some(0),
    Some(-1),
    None,
    Some(1_700_000_000),
    Some(-5_000_000_000),
    Some(0),
    Some(59),
];

macro_rules! times {
    ($values:expr, $($kind:ty => $factor:expr),*) => {
        [$(Arc::new($values.iter().map(|value| value.map(|value| (value * $factor) as _)).collect::<PrimitiveArray<$kind>>()) as ArrayRef),*]
    };
}

fn plain(domain: Domain, seconds: &[Option<i64>]) -> Vec<Plain> {
    seconds
        .iter()
        .map(|value| value.map_or(Plain::Null, |value| Plain::Time(domain, value as f64 * 1e6)))
        .collect()
}

fn check_alike(arrays: &[ArrayRef], tag: TypeTag, expected: &[Plain]) {
    let first = fingerprint(&column_of(&arrays[0]));
    for array in arrays {
        check_array(array.clone(), tag, expected);
        assert_eq!(fingerprint(&column_of(array)), first, "{}", array.data_type());
    }
}

#[test]
fn timestamps_of_every_unit_and_zone_are_measured_alike() {
    let mut arrays = times!(SECONDS,
        TimestampSecondType => 1,
        TimestampMillisecondType => 1_000,
        TimestampMicrosecondType => 1_000_000,
        TimestampNanosecondType => 1_000_000_000)
    .to_vec();
    let micros: Vec<Option<i64>> = SECONDS
        .iter()
        .map(|value| value.map(|value| value * 1_000_000))
        .collect();
    arrays.push(Arc::new(
        TimestampMicrosecondArray::from(micros).with_timezone("Europe/Oslo"),
    ));
    check_alike(&arrays, TypeTag::Timestamp, &plain(Domain::Timestamp, &SECONDS));
}

#[test]
fn the_same_instants_in_micro_and_nanoseconds_give_the_same_profile() {
    let mut dice = Dice::new(1);
    let micros: Vec<i64> = (0..1000)
        .map(|_| 1_700_000_000_000_000 + dice.below(1 << 50) as i64)
        .collect();
    let nanos: Vec<i64> = micros.iter().map(|value| value * 1000).collect();
    let one: ArrayRef = Arc::new(TimestampMicrosecondArray::from(micros));
    let other: ArrayRef = Arc::new(TimestampNanosecondArray::from(nanos));
    assert!(
        fingerprint(&column_of(&one)) == fingerprint(&column_of(&other)),
        "profiles differ"
    );
}

#[test]
fn nanoseconds_count_for_distinct_values() {
    let nanos: Vec<i64> = (0..300).map(|at| 1_700_000_000_000_000_000 + at).collect();
    let column = column_of(&(Arc::new(TimestampNanosecondArray::from(nanos)) as ArrayRef));
    assert!((column.cardinality.as_ref().unwrap().estimate() - 300.0).abs() < 0.5);
}

#[test]
fn durations_of_every_unit_are_measured_alike() {
    let arrays = times!(SECONDS,
        DurationSecondType => 1,
        DurationMillisecondType => 1_000,
        DurationMicrosecondType => 1_000_000,
        DurationNanosecondType => 1_000_000_000);
    check_alike(&arrays, TypeTag::Duration, &plain(Domain::Duration, &SECONDS));
}

#[test]
fn times_of_day_of_every_unit_are_measured_alike() {
    let seconds = [Some(0), Some(86_399), None, Some(43_200), Some(0)];
    let arrays = times!(seconds,
        Time32SecondType => 1,
        Time32MillisecondType => 1_000,
        Time64MicrosecondType => 1_000_000,
        Time64NanosecondType => 1_000_000_000);
    check_alike(&arrays, TypeTag::Time, &plain(Domain::Time, &seconds));
}

#[test]
fn dates_of_both_widths_are_measured_alike() {
    let days = [
        Some(0),
        Some(-1),
        None,
        Some(15_744),
        Some(-719_162),
        Some(0),
        Some(11_016),
    ];
    let texts = [
        "1970-01-01",
        "1969-12-31",
        "",
        "2013-02-08",
        "0001-01-01",
        "1970-01-01",
        "2000-02-29",
    ];
    let expected: Vec<Plain> = days
        .iter()
        .zip(texts)
        .map(|(day, text)| day.map_or(Plain::Null, |day| Plain::Day(day as i32, text)))
        .collect();
    let arrays = times!(days, Date32Type => 1i64, Date64Type => 86_400_000);
    check_alike(&arrays, TypeTag::Date, &expected);
}

#[test]
fn extreme_instants_do_not_overflow() {
    for unit in [
        TimeUnit::Second,
        TimeUnit::Millisecond,
        TimeUnit::Microsecond,
        TimeUnit::Nanosecond,
    ] {
        let ticks = arrow_array::Int64Array::from(vec![i64::MIN, i64::MAX, 0]);
        let data = ticks
            .to_data()
            .into_builder()
            .data_type(DataType::Timestamp(unit, None))
            .build()
            .unwrap();
        let column = column_of(&arrow_array::make_array(data));
        let moments = column.values.as_ref().unwrap().moments.unwrap();
        assert_eq!(moments.n, 3);
        assert!(
            moments.min < -9e15 && moments.max > 9e15 && moments.m2 > 0.0,
            "{moments:?}"
        );
    }
    let dates: ArrayRef = Arc::new(PrimitiveArray::<Date32Type>::from(vec![i32::MIN, i32::MAX]));
    let column = column_of(&dates);
    let items: Vec<String> = column
        .frequent_items
        .as_ref()
        .unwrap()
        .items()
        .map(|item| item.0.to_owned())
        .collect();
    assert_eq!(items, ["+5881580-07-11", "-5877641-06-23"]);
}
