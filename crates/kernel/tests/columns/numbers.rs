use crate::expected::{Plain, batch, check, check_array, column_of, fingerprint, profile};
use crate::support::Dice;
use arrow_array::types::{
    Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Float16Type, Int8Type, Int16Type,
    Int32Type, UInt8Type, UInt16Type, UInt32Type,
};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, Float16Array, Float32Array, Float64Array, Int64Array,
    PrimitiveArray, UInt64Array,
};
use arrow_buffer::i256;
use arrow_schema::DataType;
use std::sync::Arc;
use tidegauge_kernel::columns::TypeTag;

fn whole(values: &[Option<i128>]) -> Vec<Plain> {
    values
        .iter()
        .map(|value| value.map_or(Plain::Null, Plain::Whole))
        .collect()
}

fn integers<T: ArrowPrimitiveType<Native: TryFrom<i128>>>(values: &[Option<i128>]) -> ArrayRef {
    let native = |value: i128| T::Native::try_from(value).ok().expect("the value fits");
    let array: PrimitiveArray<T> = values.iter().map(|value| value.map(native)).collect();
    Arc::new(array)
}

fn every_integer_array(values: &[Option<i128>]) -> Vec<ArrayRef> {
    let mut arrays = vec![
        integers::<Int8Type>(values),
        integers::<Int16Type>(values),
        integers::<Int32Type>(values),
        Arc::new(
            values
                .iter()
                .map(|value| value.map(|value| value as i64))
                .collect::<Int64Array>(),
        ) as ArrayRef,
    ];
    if values.iter().flatten().all(|&value| value >= 0) {
        arrays.extend([
            integers::<UInt8Type>(values),
            integers::<UInt16Type>(values),
            integers::<UInt32Type>(values),
            Arc::new(
                values
                    .iter()
                    .map(|value| value.map(|value| value as u64))
                    .collect::<UInt64Array>(),
            ),
        ]);
    }
    arrays
}

#[test]
fn integers_of_every_width_are_measured_alike() {
    let signed = [
        Some(-7),
        Some(0),
        None,
        Some(127),
        Some(-128),
        Some(0),
        Some(3),
        None,
    ];
    let natural = [Some(0), None, Some(127), Some(1), Some(1), Some(0), Some(99)];
    let full: Vec<Option<i128>> = (0..700).map(|at| Some(at * 31 % 128)).collect();
    for values in [&signed[..], &natural[..], &full[..]] {
        let prints: Vec<String> = every_integer_array(values)
            .into_iter()
            .map(|array| {
                check_array(array.clone(), TypeTag::Integer, &whole(values));
                fingerprint(&column_of(&array))
            })
            .collect();
        assert!(prints.iter().all(|print| *print == prints[0]), "widths differ");
    }
}

#[test]
fn long_integer_columns_are_the_same_in_32_and_64_bits() {
    let mut dice = Dice::new(1);
    for spread in [10, 400, 900, 1_000_000] {
        let values: Vec<Option<i128>> = (0..30_000)
            .map(|_| (dice.below(10) > 0).then(|| i128::from(dice.below(spread)) - 5))
            .collect();
        let narrow = integers::<Int32Type>(&values);
        let wide: ArrayRef = Arc::new(
            values
                .iter()
                .map(|value| value.map(|value| value as i64))
                .collect::<Int64Array>(),
        );
        check(&column_of(&narrow), TypeTag::Integer, &whole(&values));
        assert_eq!(fingerprint(&column_of(&narrow)), fingerprint(&column_of(&wide)));
    }
}

#[test]
fn extremes_of_64_bits_stay_exact() {
    let values = [i64::MIN, i64::MAX, 0, -1, i64::MAX - 1, i64::MIN + 1];
    let column = column_of(&(Arc::new(Int64Array::from(values.to_vec())) as ArrayRef));
    check(
        &column,
        TypeTag::Integer,
        &whole(&values.map(|value| Some(i128::from(value)))),
    );
    let exact = column.values.as_ref().unwrap().moments.unwrap().exact.unwrap();
    assert_eq!(
        (exact.0.to_string(), exact.1.to_string()),
        (i64::MIN.to_string(), i64::MAX.to_string())
    );
}

#[test]
fn a_sentinel_at_the_end_of_the_range_does_not_bend_what_follows() {
    // A whole block of the smallest integer (how NaT is stored), then ordinary values.
    for sentinel in [i64::MIN, i64::MIN + 3, i64::MAX, i64::MAX - 3] {
        for follow in [-1_000_000, -1, 0, 5, i64::MAX - 600, i64::MIN + 600] {
            let mut values = vec![sentinel; 4096];
            values.extend((0..4096).map(|at| follow + at % 100));
            values.extend(vec![sentinel; 500]);
            let expected: Vec<Option<i128>> = values.iter().map(|&value| Some(i128::from(value))).collect();
            let column = column_of(&(Arc::new(Int64Array::from(values)) as ArrayRef));
            let items: Vec<(String, u64)> = {
                let items = column.frequent_items.as_ref().unwrap();
                items
                    .items()
                    .map(|(item, count)| (item.to_owned(), count))
                    .collect()
            };
            assert_eq!(items.len(), 101, "{sentinel} then {follow}: {:?}", &items[..3]);
            assert_eq!(items[0], (sentinel.to_string(), 4596));
            let counts = column.counts;
            let negative = expected.iter().flatten().filter(|&&value| value < 0).count();
            assert_eq!(counts.negatives, negative as u64, "{sentinel} then {follow}");
        }
    }
}

#[test]
fn dense_counters_move_with_the_values() {
    let mut dice = Dice::new(2);
    let mut values = Vec::new();
    for start in [
        0,
        200,
        100_000,
        -40,
        99_900,
        i64::MAX - 500,
        i64::MIN,
        77,
        1 << 40,
    ] {
        values.extend((0..2048).map(|_| start.saturating_add(dice.below(300) as i64)));
    }
    let expected: Vec<Option<i128>> = values.iter().map(|&value| Some(i128::from(value))).collect();
    check(
        &column_of(&(Arc::new(Int64Array::from(values)) as ArrayRef)),
        TypeTag::Integer,
        &whole(&expected),
    );
}

#[test]
fn unsigned_integers_above_two_to_the_63_stay_exact() {
    let values = [u64::MAX, 0, 1 << 63, (1 << 63) + 1, (1 << 63) - 1, 42];
    let array: ArrayRef = Arc::new(UInt64Array::from(values.to_vec()));
    let expected: Vec<Plain> = values.iter().map(|&value| Plain::Whole(value.into())).collect();
    check_array(array.clone(), TypeTag::Integer, &expected);
    let exact = column_of(&array)
        .values
        .as_ref()
        .unwrap()
        .moments
        .unwrap()
        .exact
        .unwrap();
    assert_eq!(
        (exact.0.to_string(), exact.1.to_string()),
        ("0".to_owned(), u64::MAX.to_string())
    );
}

fn floats() -> Vec<Option<f64>> {
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, -f64::NAN];
    let plain = [1.5, -2.5, 0.25, 100.0, 1.5];
    let nulls = [None, None];
    odd.into_iter().chain(plain).map(Some).chain(nulls).collect()
}

fn fractions(values: &[Option<f64>]) -> Vec<Plain> {
    values
        .iter()
        .map(|value| value.map_or(Plain::Null, Plain::Float))
        .collect()
}

fn every_float_array(values: &[Option<f64>]) -> Vec<ArrayRef> {
    type Half = <Float16Type as ArrowPrimitiveType>::Native;
    vec![
        Arc::new(
            values
                .iter()
                .map(|value| value.map(Half::from_f64))
                .collect::<Float16Array>(),
        ),
        Arc::new(
            values
                .iter()
                .map(|value| value.map(|value| value as f32))
                .collect::<Float32Array>(),
        ),
        Arc::new(values.iter().copied().collect::<Float64Array>()),
    ]
}

#[test]
fn floats_of_every_width_are_measured_alike() {
    let finite: Vec<Option<f64>> = (0..900).map(|at| Some(f64::from(at % 37) / 4.0 - 3.0)).collect();
    for values in [floats(), finite, vec![Some(-0.0), Some(0.0), Some(-1.0)]] {
        let prints: Vec<String> = every_float_array(&values)
            .into_iter()
            .map(|array| {
                check_array(array.clone(), TypeTag::Fractional, &fractions(&values));
                fingerprint(&column_of(&array))
            })
            .collect();
        assert!(prints.iter().all(|print| *print == prints[0]), "widths differ");
    }
}

#[test]
fn negative_zero_is_zero_everywhere() {
    let column = column_of(&(Arc::new(Float64Array::from(vec![-0.0; 5])) as ArrayRef));
    let moments = column.values.as_ref().unwrap().moments.unwrap();
    assert!(moments.min.is_sign_positive() && moments.max.is_sign_positive());
    assert_eq!(column.counts.zeros, 5);
    assert_eq!(column.counts.negatives, 0);
    let items: Vec<_> = column.frequent_items.as_ref().unwrap().items().collect();
    assert_eq!(items, [("0.0", 5)]);
}

#[test]
fn nan_can_mean_null() {
    let values = vec![1.0, f64::NAN, f64::INFINITY, f64::NAN];
    let array: ArrayRef = Arc::new(Float64Array::from(values));
    let mut collector = tidegauge_kernel::profile::Collector::new(Default::default(), None, None).unwrap();
    collector.set_nan_is_null(true);
    collector.log_batches(&[batch(&[("x", array)])]).unwrap();
    let profile = collector.profiles(&Default::default()).remove(0);
    let expected = [
        Plain::Float(1.0),
        Plain::Null,
        Plain::Float(f64::INFINITY),
        Plain::Null,
    ];
    check(profile.column("x").unwrap(), TypeTag::Fractional, &expected);
}

#[test]
fn long_float_columns_with_a_few_odd_values_are_measured_right() {
    let mut dice = Dice::new(3);
    let values: Vec<Option<f64>> = (0..20_000)
        .map(|_| match dice.below(1000) {
            0 => None,
            1 => Some(f64::NAN),
            2 => Some(f64::NEG_INFINITY),
            3 => Some(0.0),
            _ => Some(dice.unit() * 200.0 - 50.0),
        })
        .collect();
    check(
        &column_of(&(Arc::new(values.iter().copied().collect::<Float64Array>()) as ArrayRef)),
        TypeTag::Fractional,
        &fractions(&values),
    );
}

#[test]
fn large_values_close_together_keep_their_variance() {
    let mut dice = Dice::new(4);
    let values: Vec<f64> = (0..600_000).map(|_| 1e9 + dice.unit()).collect();
    // The mean is close to 1e9 + 1/2; around that nothing cancels.
    let n = values.len() as f64;
    let shift = values.iter().map(|value| value - (1e9 + 0.5)).sum::<f64>() / n;
    let m2: f64 = values
        .iter()
        .map(|value| (value - (1e9 + 0.5) - shift).powi(2))
        .sum();
    let column = column_of(&(Arc::new(Float64Array::from(values)) as ArrayRef));
    let moments = column.values.as_ref().unwrap().moments.unwrap();
    assert!((moments.m2 / m2 - 1.0).abs() < 1e-9, "{} and {m2}", moments.m2);
    let mean = moments.mean.high - (1e9 + 0.5);
    assert!((mean - shift).abs() < 1e-6);
}

#[test]
fn booleans_are_counted() {
    let values = [Some(true), None, Some(false), Some(true), None, Some(true)];
    let expected: Vec<Plain> = values
        .iter()
        .map(|value| value.map_or(Plain::Null, Plain::Boolean))
        .collect();
    check_array(
        Arc::new(BooleanArray::from(values.to_vec())),
        TypeTag::Boolean,
        &expected,
    );
}

fn decimal_array(data_type: &DataType, unscaled: &[Option<i32>]) -> ArrayRef {
    match *data_type {
        DataType::Decimal32(precision, scale) => Arc::new(
            unscaled
                .iter()
                .copied()
                .collect::<PrimitiveArray<Decimal32Type>>()
                .with_precision_and_scale(precision, scale)
                .unwrap(),
        ),
        DataType::Decimal64(precision, scale) => Arc::new(
            unscaled
                .iter()
                .map(|value| value.map(i64::from))
                .collect::<PrimitiveArray<Decimal64Type>>()
                .with_precision_and_scale(precision, scale)
                .unwrap(),
        ),
        DataType::Decimal128(precision, scale) => Arc::new(
            unscaled
                .iter()
                .map(|value| value.map(i128::from))
                .collect::<PrimitiveArray<Decimal128Type>>()
                .with_precision_and_scale(precision, scale)
                .unwrap(),
        ),
        DataType::Decimal256(precision, scale) => Arc::new(
            unscaled
                .iter()
                .map(|value| value.map(|value| i256::from_i128(value.into())))
                .collect::<PrimitiveArray<Decimal256Type>>()
                .with_precision_and_scale(precision, scale)
                .unwrap(),
        ),
        _ => unreachable!("only decimals"),
    }
}

#[test]
fn decimals_of_every_width_are_measured_alike() {
    let unscaled = [
        Some(1250),
        Some(-5),
        None,
        Some(0),
        Some(1250),
        Some(99_999),
        Some(-1200),
        None,
    ];
    let texts = ["12.5", "-0.05", "", "0", "12.5", "999.99", "-12", ""];
    let expected: Vec<Plain> = texts
        .iter()
        .map(|text| {
            if text.is_empty() {
                Plain::Null
            } else {
                Plain::Decimal(text)
            }
        })
        .collect();
    for data_type in [
        DataType::Decimal32(9, 2),
        DataType::Decimal64(18, 2),
        DataType::Decimal128(38, 2),
        DataType::Decimal256(76, 2),
    ] {
        let array = decimal_array(&data_type, &unscaled);
        check_array(array.clone(), TypeTag::Decimal, &expected);
        let exact = column_of(&array)
            .values
            .as_ref()
            .unwrap()
            .moments
            .unwrap()
            .exact
            .unwrap();
        assert_eq!(
            (exact.0.to_string(), exact.1.to_string()),
            ("-12".to_owned(), "999.99".to_owned())
        );
    }
}

#[test]
fn decimals_with_a_negative_scale_are_multiples_of_ten() {
    let expected = [
        Plain::Decimal("1200"),
        Plain::Null,
        Plain::Decimal("-700"),
        Plain::Decimal("0"),
    ];
    let unscaled = [Some(12), None, Some(-7), Some(0)];
    for data_type in [
        DataType::Decimal32(9, -2),
        DataType::Decimal128(38, -2),
        DataType::Decimal256(76, -2),
    ] {
        check_array(decimal_array(&data_type, &unscaled), TypeTag::Decimal, &expected);
    }
}

#[test]
fn decimals_beyond_every_double_and_128_bits_are_counted_and_kept() {
    let digits = "9".repeat(70);
    let values = [
        i256::from_string(&digits),
        None,
        i256::from_string("-1"),
        i256::from_string("5"),
    ];
    for scale in [0, 10, 50, 70] {
        let array: PrimitiveArray<Decimal256Type> = values.iter().copied().collect();
        let array = array.with_precision_and_scale(76, scale).unwrap();
        let profile = profile(&[batch(&[("x", Arc::new(array) as ArrayRef)])]);
        let column = profile.column("x").unwrap();
        assert_eq!(
            (
                column.counts.records,
                column.counts.nulls,
                column.counts.negatives
            ),
            (4, 1, 1)
        );
        let moments = column.values.as_ref().unwrap().moments.unwrap();
        let large: f64 = format!("{digits}e-{scale}").parse().unwrap();
        let small: f64 = format!("-1e-{scale}").parse().unwrap();
        assert_eq!((moments.n, moments.min, moments.max), (3, small, large));
        let bytes = tidegauge_kernel::format::encode(&[&profile]).unwrap();
        let read =
            tidegauge_kernel::format::decode(&bytes).unwrap_or_else(|error| panic!("scale {scale}: {error}"));
        assert_eq!(
            fingerprint(read[0].column("x").unwrap()),
            fingerprint(column),
            "scale {scale}"
        );
    }
    for scale in [0, 20, 46, 60, 76] {
        let array: PrimitiveArray<Decimal256Type> = [-3, 12_345]
            .map(|value| Some(i256::from_i128(value)))
            .into_iter()
            .collect();
        let array = array.with_precision_and_scale(76, scale).unwrap();
        let profile = profile(&[batch(&[("x", Arc::new(array) as ArrayRef)])]);
        let bytes = tidegauge_kernel::format::encode(&[&profile]).unwrap();
        let read =
            tidegauge_kernel::format::decode(&bytes).unwrap_or_else(|error| panic!("scale {scale}: {error}"));
        assert_eq!(
            fingerprint(read[0].column("x").unwrap()),
            fingerprint(profile.column("x").unwrap()),
            "scale {scale}"
        );
    }
}

#[test]
fn columns_without_a_value_have_their_type_and_no_numbers() {
    for array in every_integer_array(&[None; 5])
        .into_iter()
        .chain(every_float_array(&[None; 5]))
    {
        let tag = if array.data_type().is_integer() {
            TypeTag::Integer
        } else {
            TypeTag::Fractional
        };
        check_array(array.clone(), tag, &vec![Plain::Null; 5]);
        check(&column_of(&array.slice(0, 0)), tag, &[]);
    }
}
