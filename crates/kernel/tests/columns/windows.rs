use crate::expected::{batch, fingerprint};
use crate::support::Dice;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, Date32Array, DictionaryArray, Float64Array, Int64Array, RecordBatch, StringArray,
    StringViewArray, TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray,
    TimestampSecondArray, UInt32Array,
};
use arrow_select::take::take_record_batch;
use std::collections::BTreeMap;
use std::sync::Arc;
use tidegauge_kernel::ErrorKind;
use tidegauge_kernel::columns::{Schema, Value};
use tidegauge_kernel::profile::{Collector, Metadata, Profile, Window};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

fn collector(window: &str) -> Collector {
    let window = Window::parse(window).unwrap();
    Collector::new(Schema::default(), Some("at".to_owned()), Some(window)).unwrap()
}

fn windowed(window: &str, batches: &[RecordBatch]) -> Vec<Profile> {
    let mut collector = collector(window);
    collector.log_batches(batches).unwrap();
    collector.profiles(&Metadata::default())
}

/// Times around 1970, in microseconds, some null.
fn times(rows: usize, seed: u64) -> Vec<Option<i64>> {
    let mut dice = Dice::new(seed);
    (0..rows)
        .map(|_| (dice.below(20) > 0).then(|| dice.below(40 * DAY as u64) as i64 - 20 * DAY))
        .collect()
}

fn data(times: &[Option<i64>]) -> RecordBatch {
    let at: ArrayRef = Arc::new(TimestampMicrosecondArray::from(times.to_vec()).with_timezone("UTC"));
    let n: ArrayRef = Arc::new(
        (0..times.len() as i64)
            .map(|row| (row % 7 > 0).then_some(row % 50))
            .collect::<Int64Array>(),
    );
    let text: ArrayRef = Arc::new(
        (0..times.len())
            .map(|row| Some(format!("t{}", row % 11)))
            .collect::<StringArray>(),
    );
    let part: ArrayRef = Arc::new(
        (0..times.len())
            .map(|row| row as f64 / 8.0)
            .collect::<Float64Array>(),
    );
    batch(&[("at", at), ("n", n), ("text", text), ("part", part)])
}

/// Days from a civil date by counting them one by one from 1970.
fn months_from_1970(day: i64) -> i64 {
    let length = |month: i64| {
        let year = 1970 + month.div_euclid(12);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        [31, 28 + i64::from(leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month.rem_euclid(12) as usize]
    };
    let (mut month, mut start) = (0, 0);
    while day >= start + length(month) {
        start += length(month);
        month += 1;
    }
    while day < start {
        month -= 1;
        start -= length(month);
    }
    month
}

/// Profiles each group of rows by itself and compares.
fn check_groups(
    profiles: &[Profile],
    batch: &RecordBatch,
    times: &[Option<i64>],
    group: impl Fn(i64) -> i64,
) {
    let mut rows: BTreeMap<Option<i64>, Vec<u32>> = BTreeMap::new();
    for (row, time) in times.iter().enumerate() {
        rows.entry(time.map(&group)).or_default().push(row as u32);
    }
    assert_eq!(profiles.len(), rows.len());
    for (profile, (start, rows)) in profiles.iter().zip(&rows) {
        assert_eq!(profile.records, rows.len() as u64);
        assert_eq!(
            profile.metadata.window.is_none(),
            start.is_none(),
            "the undated come first"
        );
        if let Some((from, to)) = profile.metadata.window {
            for &row in rows {
                let time = times[row as usize].unwrap();
                assert!(from <= time && time < to, "{time} in {from} … {to}");
            }
        }
        let mut alone = Collector::new(Schema::default(), None, None).unwrap();
        let taken = take_record_batch(batch, &UInt32Array::from(rows.clone())).unwrap();
        alone.log_batches(&[taken]).unwrap();
        let alone = alone.profiles(&Metadata::default()).remove(0);
        for column in &alone.columns {
            let found = profile.column(&column.name).unwrap();
            assert_eq!((found.counts, found.types), (column.counts, column.types));
            assert_eq!(found.frequent_items, column.frequent_items);
            if &*column.name == "text" {
                assert_eq!(fingerprint(found).len(), fingerprint(column).len());
            }
        }
    }
    let starts: Vec<i64> = profiles
        .iter()
        .filter_map(|profile| profile.metadata.window)
        .map(|window| window.0)
        .collect();
    assert!(starts.is_sorted_by(|a, b| a < b), "in order of time");
}

#[test]
fn each_row_is_in_its_day_week_or_month() {
    let times = times(5000, 1);
    let batch = data(&times);
    let batches = [batch.clone()];
    check_groups(&windowed("1h", &batches), &batch, &times, |time| {
        time.div_euclid(3600 * SECOND)
    });
    check_groups(&windowed("1d", &batches), &batch, &times, |time| {
        time.div_euclid(DAY)
    });
    check_groups(&windowed("7d", &batches), &batch, &times, |time| {
        time.div_euclid(7 * DAY)
    });
    // 1970-01-01 was a Thursday, so weeks begin three days before.
    check_groups(&windowed("1w", &batches), &batch, &times, |time| {
        (time.div_euclid(DAY) + 3).div_euclid(7)
    });
    check_groups(&windowed("1mo", &batches), &batch, &times, |time| {
        months_from_1970(time.div_euclid(DAY))
    });
    check_groups(&windowed("3mo", &batches), &batch, &times, |time| {
        months_from_1970(time.div_euclid(DAY)).div_euclid(3)
    });
}

#[test]
fn months_are_right_over_centuries() {
    let times: Vec<Option<i64>> = (-1200..1200).map(|step| Some(step * 53 * DAY + 5)).collect();
    let batch = data(&times);
    check_groups(
        &windowed("1mo", std::slice::from_ref(&batch)),
        &batch,
        &times,
        |time| months_from_1970(time.div_euclid(DAY)),
    );
    check_groups(
        &windowed("12mo", std::slice::from_ref(&batch)),
        &batch,
        &times,
        |time| months_from_1970(time.div_euclid(DAY)).div_euclid(12),
    );
}

#[test]
fn sorted_and_unsorted_batches_give_the_same_windows() {
    let times = times(20_000, 2);
    let whole = data(&times);
    let mut order: Vec<u32> = (0..times.len() as u32).collect();
    order.sort_by_key(|&row| times[row as usize]);
    let sorted = take_record_batch(&whole, &UInt32Array::from(order)).unwrap();
    let (one, other) = (
        windowed("1d", std::slice::from_ref(&whole)),
        windowed("1d", &[sorted]),
    );
    let in_parts: Vec<RecordBatch> = (0..20).map(|part| whole.slice(part * 1000, 1000)).collect();
    let parts = windowed("1d", &in_parts);
    assert_eq!((one.len(), one.len()), (other.len(), parts.len()));
    for ((one, other), part) in one.iter().zip(&other).zip(&parts) {
        for found in [other, part] {
            assert_eq!(
                (one.records, one.metadata.window),
                (found.records, found.metadata.window)
            );
            for column in &one.columns {
                let twin = found.column(&column.name).unwrap();
                assert_eq!(
                    (column.counts, &column.frequent_items),
                    (twin.counts, &twin.frequent_items)
                );
            }
        }
    }
}

#[test]
fn every_type_of_timestamp_gives_the_same_windows() {
    let seconds = [
        Some(5),
        None,
        Some(-3),
        Some(2 * 86_400),
        Some(86_399),
        Some(86_400),
    ];
    let of = |factor: i64| -> Vec<Option<i64>> {
        seconds
            .iter()
            .map(|value| value.map(|value| value * factor))
            .collect()
    };
    let texts = [
        Some("1970-01-01T00:00:05"),
        None,
        Some("1969-12-31T23:59:57Z"),
        Some("1970-01-03"),
        Some("1970-01-01 23:59:59"),
        Some("1970-01-02T02:00:00+02:00"),
    ];
    let days = Date32Array::from(vec![Some(0), None, Some(-1), Some(2), Some(0), Some(1)]);
    let coded: DictionaryArray<Int32Type> = texts.into_iter().collect();
    let columns: [ArrayRef; 9] = [
        Arc::new(TimestampSecondArray::from(of(1))),
        Arc::new(TimestampMillisecondArray::from(of(1000)).with_timezone("+05:00")),
        Arc::new(TimestampMicrosecondArray::from(of(SECOND))),
        Arc::new(TimestampNanosecondArray::from(of(1000 * SECOND))),
        Arc::new(StringArray::from(texts.to_vec())),
        Arc::new(StringViewArray::from(texts.to_vec())),
        arrow_cast::cast(&days, &arrow_schema::DataType::Date64).unwrap(),
        Arc::new(days),
        Arc::new(coded),
    ];
    for at in columns {
        let kind = at.data_type().clone();
        let n: ArrayRef = Arc::new(Int64Array::from(vec![0, 1, 2, 3, 4, 5]));
        let profiles = windowed("1d", &[batch(&[("n", n), ("at", at)])]);
        let found: Vec<(Option<(i64, i64)>, u64)> = profiles
            .iter()
            .map(|profile| (profile.metadata.window, profile.records))
            .collect();
        let expected = [
            (None, 1),
            (Some((-DAY, 0)), 1),
            (Some((0, DAY)), 2),
            (Some((DAY, 2 * DAY)), 1),
            (Some((2 * DAY, 3 * DAY)), 1),
        ];
        assert_eq!(found, expected, "{kind}");
    }
}

#[test]
fn a_timestamp_column_that_cannot_tell_the_time_is_named() {
    let fails = |batch: RecordBatch| collector("1d").log_batches(&[batch]).unwrap_err();
    let n: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let missing = fails(batch(&[("n", n.clone())]));
    assert_eq!(missing.kind(), ErrorKind::Argument);
    assert!(
        missing.message().contains("\"at\"") && missing.message().contains("n"),
        "{missing}"
    );
    let wrong = fails(batch(&[("at", n)]));
    assert!(wrong.message().contains("Int64"), "{wrong}");
    let text: ArrayRef = Arc::new(StringArray::from(vec!["2013-02-08", "yesterday"]));
    let unreadable = fails(batch(&[("at", text)]));
    assert_eq!(unreadable.kind(), ErrorKind::Data);
    assert!(unreadable.message().contains("\"yesterday\""), "{unreadable}");
    let error = Collector::new(Schema::default(), None, Some(Window::Months(1))).unwrap_err();
    assert!(error.message().contains("timestamp="), "{error}");
}

#[test]
fn records_and_batches_meet_in_their_windows() {
    let times = times(500, 3);
    let whole = data(&times);
    let mut by_record = collector("1d");
    let numbers: Vec<usize> = ["at", "n"]
        .iter()
        .map(|name| by_record.column_number(name).unwrap())
        .collect();
    for (row, time) in times.iter().enumerate() {
        by_record.begin_record(*time);
        by_record.push(numbers[0], time.map_or(Value::Null, Value::Timestamp));
        let n = (row % 7 > 0).then_some(row as i64 % 50);
        by_record.push(numbers[1], n.map_or(Value::Null, Value::Integer));
        by_record.end_record();
    }
    let (one, other) = (by_record.profiles(&Metadata::default()), windowed("1d", &[whole]));
    assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(
            (one.metadata.window, one.records),
            (other.metadata.window, other.records)
        );
        let column = one.column("n").unwrap();
        {
            assert_eq!(column.counts, other.column(&column.name).unwrap().counts);
            assert_eq!(
                column.frequent_items,
                other.column(&column.name).unwrap().frequent_items
            );
        }
    }
}

#[test]
fn the_extremes_of_time_have_a_window() {
    for window in ["1s", "1d", "1w", "1mo", "12mo"] {
        let times = vec![Some(i64::MIN), Some(i64::MAX), Some(0)];
        let profiles = windowed(window, &[data(&times)]);
        assert_eq!(profiles.iter().map(|profile| profile.records).sum::<u64>(), 3);
        for profile in profiles {
            let (start, end) = profile.metadata.window.unwrap();
            assert!(start <= end, "{window}: {start} … {end}");
        }
    }
}

#[test]
fn no_rows_give_no_windows() {
    assert!(windowed("1d", &[]).is_empty());
    assert!(windowed("1d", &[data(&[])]).is_empty());
}
