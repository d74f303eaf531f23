//! The field `conditions` as a forger, or a careless program, would write it.

use crate::rewritten::{rows, with, write};
use crate::samples::{self, encode};
use arrow_array::builder::{Int64Builder, ListBuilder, StringBuilder, StructBuilder};
use arrow_array::{Array, ArrayRef, StringArray, new_null_array};
use arrow_schema::{DataType, Field};
use std::sync::Arc;
use tidegauge_kernel::ErrorKind;
use tidegauge_kernel::format::{VERSION, decode};
use tidegauge_kernel::profile::{Condition, Tally, merge};

type Cell<'a> = (Option<&'a str>, Option<&'a str>, [Option<i64>; 3]);

/// A list of conditions in the first row, nulls in the others.
fn field(cells: &[Cell<'_>], rows: usize) -> ArrayRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let count = |name: &str| Field::new(name, DataType::Int64, true);
    let fields = vec![
        text("name"),
        text("expression"),
        text("reason"),
        count("passed"),
        count("failed"),
        count("unknown"),
    ];
    let structs = StructBuilder::from_fields(fields, cells.len());
    let mut lists = ListBuilder::new(structs);
    for (name, expression, counts) in cells {
        let structs = lists.values();
        for (at, text) in [*name, *expression, None].into_iter().enumerate() {
            structs
                .field_builder::<StringBuilder>(at)
                .unwrap()
                .append_option(text);
        }
        for (at, count) in counts.iter().enumerate() {
            structs
                .field_builder::<Int64Builder>(3 + at)
                .unwrap()
                .append_option(*count);
        }
        structs.append(true);
    }
    lists.append(true);
    (1..rows).for_each(|_| lists.append_null());
    Arc::new(lists.finish())
}

fn error(field: ArrayRef) -> String {
    let batch = rows(&encode(&samples::small()));
    let error = decode(&write(&with(&batch, "conditions", field), Some(VERSION))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Format);
    error.message().to_owned()
}

fn height() -> usize {
    rows(&encode(&samples::small())).num_rows()
}

#[test]
fn what_another_program_writes_is_read() {
    let batch = rows(&encode(&samples::small()));
    let cells = [(
        Some("c"),
        Some("x > 0 of a later grammar"),
        [Some(1), Some(0), Some(0)],
    )];
    let batch = with(&batch, "conditions", field(&cells, batch.num_rows()));
    let profiles = decode(&write(&batch, Some(VERSION))).unwrap();
    let condition = &profiles[0].conditions[0];
    assert_eq!((condition.name.as_str(), condition.tally.passed), ("c", 1));
    assert_eq!(
        decode(&encode(&profiles)).unwrap()[0].conditions,
        profiles[0].conditions
    );
}

#[test]
fn impossible_conditions_are_errors_that_name_the_field() {
    let fine = [Some(1), Some(0), Some(0)];
    for (cells, expected) in [
        (
            vec![(Some("c"), Some("x"), [Some(1 << 40), Some(0), Some(0)])],
            "counts",
        ),
        (
            vec![(
                Some("c"),
                Some("x"),
                [Some(i64::MAX), Some(i64::MAX), Some(i64::MAX)],
            )],
            "counts",
        ),
        (
            vec![(Some("c"), Some("x"), [Some(-1), Some(0), Some(0)])],
            "passed is no count",
        ),
        (
            vec![(Some("c"), Some("x"), [Some(0), None, Some(0)])],
            "failed is no count",
        ),
        (vec![(None, Some("x"), fine)], "name is null"),
        (vec![(Some("c"), None, fine)], "expression is null"),
        (
            vec![(Some("c"), Some("x"), fine), (Some("c"), Some("x"), fine)],
            "is there twice",
        ),
    ] {
        let message = error(field(&cells, height()));
        assert!(message.contains("field conditions"), "{message}");
        assert!(message.contains(expected), "{message}");
    }
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["c"; height()]));
    assert!(error(texts).contains("field conditions: it is"));
    let wrong = Field::new_list_field(DataType::Int64, true);
    let lists: ArrayRef = {
        let mut lists = ListBuilder::new(Int64Builder::new()).with_field(wrong);
        (0..height()).for_each(|_| lists.append_value([Some(1)]));
        Arc::new(lists.finish())
    };
    assert!(error(lists).contains("field conditions: it is"));
}

#[test]
fn a_null_field_and_no_field_mean_none() {
    let batch = rows(&encode(&samples::small()));
    let data_type = field(&[], 1).data_type().clone();
    let batch = with(&batch, "conditions", new_null_array(&data_type, batch.num_rows()));
    assert!(
        decode(&write(&batch, Some("1.0"))).unwrap()[0]
            .conditions
            .is_empty()
    );
}

#[test]
fn conditions_merge_by_name_and_expression() {
    let tally = |passed, failed, unknown, reason: Option<&str>| Tally {
        passed,
        failed,
        unknown,
        reason: reason.map(Into::into),
    };
    let condition = |name: &str, expression: &str, tally| Condition {
        name: name.to_owned(),
        expression: expression.to_owned(),
        tally,
    };
    let part = |conditions: Vec<Condition>| {
        let mut profile = samples::small().remove(0);
        profile.conditions = conditions;
        profile
    };
    let parts = [
        part(vec![condition("a", "x", tally(1, 0, 0, None))]),
        part(vec![
            condition("a", "x", tally(0, 0, 2, Some("z"))),
            condition("a", "y", tally(0, 1, 0, None)),
        ]),
        part(vec![]),
        part(vec![condition("a", "x", tally(0, 1, 1, Some("b")))]),
    ];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
        let mut merged = merge(&order.map(|at| &parts[at])).unwrap().conditions;
        merged.sort_by(|a, b| a.expression.cmp(&b.expression));
        assert_eq!(
            merged,
            [
                condition("a", "x", tally(1, 1, 3, Some("b"))),
                condition("a", "y", tally(0, 1, 0, None)),
            ]
        );
    }
}
