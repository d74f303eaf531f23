use crate::expected::{Plain, batch, check, check_array, column_of, fingerprint, profile};
use crate::support::Dice;
use arrow_array::{
    ArrayRef, BinaryArray, BinaryViewArray, FixedSizeBinaryArray, LargeBinaryArray, LargeStringArray,
    StringArray, StringViewArray,
};
use std::sync::Arc;
use tidegauge_kernel::columns::TypeTag;

fn layouts(values: &[Option<String>]) -> Vec<ArrayRef> {
    let texts = || values.iter().map(|value| value.as_deref());
    vec![
        Arc::new(texts().collect::<StringArray>()),
        Arc::new(texts().collect::<LargeStringArray>()),
        Arc::new(texts().collect::<StringViewArray>()),
    ]
}

fn plain(values: &[Option<String>]) -> Vec<Plain> {
    values
        .iter()
        .map(|value| value.clone().map_or(Plain::Null, Plain::Text))
        .collect()
}

fn check_layouts(values: &[Option<String>]) {
    let prints: Vec<String> = layouts(values)
        .into_iter()
        .map(|array| {
            check_array(array.clone(), TypeTag::String, &plain(values));
            fingerprint(&column_of(&array))
        })
        .collect();
    assert!(prints.iter().all(|print| *print == prints[0]), "layouts differ");
}

#[test]
fn texts_of_every_layout_are_measured_alike() {
    let words = [
        "",
        "a",
        "Ünïcode",
        "日本",
        "🌊🌊",
        "a\0b",
        "\0",
        "twelve bytes",
        "thirteen byte",
        "sixteen bytes ..",
        "seventeen bytes .",
        "",
        "a",
    ];
    let mut values: Vec<Option<String>> = words.iter().map(|word| Some((*word).to_owned())).collect();
    values.extend([
        None,
        Some("x".repeat(128)),
        Some("x".repeat(129)),
        Some("x".repeat(130)),
        Some("é".repeat(100)),
        None,
    ]);
    check_layouts(&values);
    check_layouts(&vec![None; 6]);
    check_layouts(&vec![Some(String::new()); 6]);
}

#[test]
fn long_text_columns_are_measured_right_whether_values_repeat_or_not() {
    let mut dice = Dice::new(1);
    for distinct in [3, 700, 1500, 1_000_000] {
        let values: Vec<Option<String>> = (0..12_000)
            .map(|_| {
                let value = dice.below(distinct);
                let long = if value.is_multiple_of(5) {
                    "a longer text than fits a cache place"
                } else {
                    ""
                };
                (dice.below(50) > 0)
                    .then(|| format!("{value}{long}{}", if value.is_multiple_of(7) { "é" } else { "" }))
            })
            .collect();
        for array in layouts(&values) {
            check(&column_of(&array), TypeTag::String, &plain(&values));
        }
    }
}

#[test]
fn texts_that_differ_only_in_nul_bytes_are_different() {
    let values: Vec<Option<String>> = (0..17).map(|zeros| Some("\0".repeat(zeros))).collect();
    // Enough rows that the cache of repeated texts is in use.
    let many: Vec<Option<String>> = (0..4000).flat_map(|_| values.clone()).collect();
    let column = column_of(&layouts(&many)[0]);
    let items = column.frequent_items.as_ref().unwrap();
    assert_eq!(items.len(), 17);
    assert!(items.items().all(|item| item.1 == 4000));
    assert_eq!(column.counts.empty_strings, 4000);
}

#[test]
fn a_text_of_ten_megabytes_is_one_value() {
    let huge = "0123456789".repeat(1 << 20);
    let values = vec![
        Some(huge.clone()),
        Some("small".to_owned()),
        Some(huge.clone()),
        Some(format!("{huge}!")),
        None,
    ];
    for array in layouts(&values) {
        let column = column_of(&array);
        check(&column, TypeTag::String, &plain(&values));
        let profile = profile(&[batch(&[("x", array)])]);
        let bytes = tidegauge_kernel::format::encode(&[&profile]).unwrap();
        assert!(bytes.len() < 100_000, "{} bytes", bytes.len());
        assert_eq!(column.exact_cardinality(), None, "cut texts cannot be told apart");
    }
}

#[test]
fn binaries_of_every_layout_are_measured_alike() {
    let values: Vec<Option<Vec<u8>>> = vec![
        Some(vec![]),
        Some(vec![0]),
        None,
        Some(vec![255, 0, 254]),
        Some(vec![0]),
        Some(vec![7; 3000]),
        None,
    ];
    let plain = |values: &[Option<Vec<u8>>]| -> Vec<Plain> {
        values
            .iter()
            .map(|value| value.clone().map_or(Plain::Null, Plain::Binary))
            .collect()
    };
    let bytes = || values.iter().map(|value| value.as_deref());
    let arrays: [ArrayRef; 3] = [
        Arc::new(bytes().collect::<BinaryArray>()),
        Arc::new(bytes().collect::<LargeBinaryArray>()),
        Arc::new(bytes().collect::<BinaryViewArray>()),
    ];
    for array in &arrays {
        check_array(array.clone(), TypeTag::Binary, &plain(&values));
        assert_eq!(
            fingerprint(&column_of(array)),
            fingerprint(&column_of(&arrays[0]))
        );
    }
    let fixed: Vec<Option<Vec<u8>>> = vec![Some(vec![1, 2]), None, Some(vec![0, 0]), Some(vec![1, 2])];
    let array = FixedSizeBinaryArray::try_from_sparse_iter_with_size(fixed.clone().into_iter(), 2).unwrap();
    check_array(Arc::new(array), TypeTag::Binary, &plain(&fixed));
}
