use crate::expected::{Plain, check, check_array, column_of};
use crate::support::Dice;
use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array,
    Int16Array, Int64Array, LargeStringArray, PrimitiveArray, StringArray, StringViewArray, UInt64Array,
};
use arrow_buffer::ArrowNativeType;
use std::sync::Arc;
use tidegauge_kernel::columns::TypeTag;

/// Codes into four values, of which the second is null and the last unused.
const CODES: [Option<usize>; 9] = [
    Some(0),
    Some(2),
    None,
    Some(0),
    Some(1),
    Some(2),
    Some(0),
    None,
    Some(1),
];

fn coded<K: ArrowDictionaryKeyType>(values: &ArrayRef) -> ArrayRef {
    let keys: PrimitiveArray<K> = CODES
        .iter()
        .map(|code| code.map(|code| K::Native::from_usize(code).unwrap()))
        .collect();
    Arc::new(DictionaryArray::try_new(keys, values.clone()).unwrap())
}

fn every_key(values: &ArrayRef) -> Vec<ArrayRef> {
    vec![
        coded::<Int8Type>(values),
        coded::<Int16Type>(values),
        coded::<Int32Type>(values),
        coded::<Int64Type>(values),
        coded::<UInt8Type>(values),
        coded::<UInt16Type>(values),
        coded::<UInt32Type>(values),
        coded::<UInt64Type>(values),
    ]
}

fn check_keys(values: ArrayRef, tag: TypeTag, plain: [Plain; 4]) {
    let expected: Vec<Plain> = CODES
        .iter()
        .map(|code| code.map_or(Plain::Null, |code| plain[code].clone()))
        .collect();
    for array in every_key(&values) {
        check_array(array, tag, &expected);
    }
}

#[test]
fn coded_texts_are_measured_like_plain_ones() {
    let texts = [Some("é"), None, Some(""), Some("unused")];
    let plain = || {
        [
            Plain::Text("é".into()),
            Plain::Null,
            Plain::Text(String::new()),
            Plain::Null,
        ]
    };
    check_keys(
        Arc::new(StringArray::from(texts.to_vec())),
        TypeTag::String,
        plain(),
    );
    check_keys(
        Arc::new(LargeStringArray::from(texts.to_vec())),
        TypeTag::String,
        plain(),
    );
    check_keys(
        Arc::new(StringViewArray::from(texts.to_vec())),
        TypeTag::String,
        plain(),
    );
}

#[test]
fn coded_numbers_are_measured_like_plain_ones() {
    let whole = [Plain::Whole(-3), Plain::Null, Plain::Whole(7), Plain::Null];
    check_keys(
        Arc::new(Int64Array::from(vec![Some(-3), None, Some(7), Some(9)])),
        TypeTag::Integer,
        whole.clone(),
    );
    check_keys(
        Arc::new(Int16Array::from(vec![Some(-3), None, Some(7), Some(9)])),
        TypeTag::Integer,
        whole,
    );
    let large = [
        Plain::Whole(u64::MAX.into()),
        Plain::Null,
        Plain::Whole(7),
        Plain::Null,
    ];
    check_keys(
        Arc::new(UInt64Array::from(vec![Some(u64::MAX), None, Some(7), Some(9)])),
        TypeTag::Integer,
        large,
    );
    let floats = [
        Plain::Float(f64::NAN),
        Plain::Null,
        Plain::Float(-0.5),
        Plain::Null,
    ];
    check_keys(
        Arc::new(Float64Array::from(vec![
            Some(f64::NAN),
            None,
            Some(-0.5),
            Some(9.0),
        ])),
        TypeTag::Fractional,
        floats,
    );
    let decimals = Decimal128Array::from(vec![Some(-15), None, Some(20), Some(9)])
        .with_precision_and_scale(9, 1)
        .unwrap();
    check_keys(
        Arc::new(decimals),
        TypeTag::Decimal,
        [
            Plain::Decimal("-1.5"),
            Plain::Null,
            Plain::Decimal("2"),
            Plain::Null,
        ],
    );
}

#[test]
fn coded_values_of_other_types_are_measured_like_plain_ones() {
    check_keys(
        Arc::new(BooleanArray::from(vec![
            Some(true),
            None,
            Some(false),
            Some(true),
        ])),
        TypeTag::Boolean,
        [
            Plain::Boolean(true),
            Plain::Null,
            Plain::Boolean(false),
            Plain::Null,
        ],
    );
    check_keys(
        Arc::new(BinaryArray::from(vec![
            Some(&b"ab"[..]),
            None,
            Some(&b""[..]),
            Some(&b"z"[..]),
        ])),
        TypeTag::Binary,
        [
            Plain::Binary(b"ab".to_vec()),
            Plain::Null,
            Plain::Binary(vec![]),
            Plain::Null,
        ],
    );
    check_keys(
        Arc::new(Date32Array::from(vec![Some(-1), None, Some(0), Some(9)])),
        TypeTag::Date,
        [
            Plain::Day(-1, "1969-12-31"),
            Plain::Null,
            Plain::Day(0, "1970-01-01"),
            Plain::Null,
        ],
    );
}

#[test]
fn values_that_occur_twice_in_a_dictionary_are_one_value() {
    let values: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "a", "b"]));
    let keys = PrimitiveArray::<Int32Type>::from(vec![0, 1, 2, 3, 2]);
    let expected = ["a", "b", "a", "b", "a"].map(|text| Plain::Text(text.into()));
    check_array(
        Arc::new(DictionaryArray::try_new(keys, values).unwrap()),
        TypeTag::String,
        &expected,
    );
    let values: ArrayRef = Arc::new(Int64Array::from(vec![9, 1, 9, 1]));
    let keys = PrimitiveArray::<Int32Type>::from(vec![0, 1, 2, 3, 2]);
    let expected = [9, 1, 9, 1, 9].map(Plain::Whole);
    check_array(
        Arc::new(DictionaryArray::try_new(keys, values).unwrap()),
        TypeTag::Integer,
        &expected,
    );
}

#[test]
fn a_few_rows_of_a_large_dictionary_are_measured_right() {
    let values: ArrayRef = Arc::new(
        (0..5000)
            .map(|at| Some(format!("v{at}")))
            .collect::<StringArray>(),
    );
    let keys = PrimitiveArray::<Int32Type>::from(vec![Some(4999), None, Some(0), Some(17)]);
    let expected = [
        Plain::Text("v4999".into()),
        Plain::Null,
        Plain::Text("v0".into()),
        Plain::Text("v17".into()),
    ];
    check_array(
        Arc::new(DictionaryArray::try_new(keys, values).unwrap()),
        TypeTag::String,
        &expected,
    );
}

#[test]
fn long_coded_columns_are_measured_right() {
    let mut dice = Dice::new(1);
    for distinct in [10, 600, 3000] {
        let codes: Vec<Option<i32>> = (0..30_000)
            .map(|_| (dice.below(9) > 0).then(|| dice.below(distinct) as i32))
            .collect();
        let texts: ArrayRef = Arc::new(
            (0..distinct)
                .map(|at| Some(format!("value {at}")))
                .collect::<StringArray>(),
        );
        let numbers: ArrayRef = Arc::new(
            (0..distinct)
                .map(|at| Some((at * at) as i64 - 50))
                .collect::<Int64Array>(),
        );
        for (values, tag) in [(texts, TypeTag::String), (numbers, TypeTag::Integer)] {
            let keys = PrimitiveArray::<Int32Type>::from(codes.clone());
            let array: ArrayRef = Arc::new(DictionaryArray::try_new(keys, values).unwrap());
            let expected: Vec<Plain> = codes
                .iter()
                .map(|code| match code {
                    None => Plain::Null,
                    Some(code) if tag == TypeTag::String => Plain::Text(format!("value {code}")),
                    Some(code) => Plain::Whole(i128::from(*code) * i128::from(*code) - 50),
                })
                .collect();
            check(&column_of(&array), tag, &expected);
        }
    }
}

#[test]
fn an_empty_dictionary_holds_nulls_only() {
    for values in [
        Arc::new(StringArray::from(Vec::<&str>::new())) as ArrayRef,
        Arc::new(Int64Array::from(Vec::<i64>::new())),
    ] {
        let keys = PrimitiveArray::<Int32Type>::from(vec![None::<i32>; 4]);
        let array: ArrayRef = Arc::new(DictionaryArray::try_new(keys, values).unwrap());
        let column = column_of(&array);
        assert_eq!((column.counts.records, column.counts.nulls), (4, 4));
        assert_eq!(column_of(&array.slice(0, 0)).counts.records, 0);
    }
}
