use tidegauge_kernel::columns::Value;
use tidegauge_kernel::expressions::{Cells, Expression, Notes, outcome_of};

/// The outcome for a record of one column `x`, and why it is unknown.
fn told(text: &str, value: Value<'_>) -> (Option<bool>, Option<String>) {
    let expression = Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let mut cells = Cells::new(expression.columns().len());
    for (number, name) in expression.columns().iter().enumerate() {
        if name == "x" {
            cells.set(number, value);
        }
    }
    let mut notes = Notes::default();
    let outcome = outcome_of(&expression, &cells, &mut notes);
    (outcome, notes.reason.map(String::from))
}

fn check(cases: &[(&str, Value<'_>, Option<bool>)]) {
    for (text, value, expected) in cases {
        let (outcome, reason) = told(text, *value);
        assert_eq!(outcome, *expected, "{text} with {value:?}");
        assert_eq!(reason, None, "{text} with {value:?}");
    }
}

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);

#[test]
fn truth_has_three_values() {
    // `y` is missing: unknown.
    for (x, and, or, not) in [
        (Value::Boolean(true), None, YES, NO),
        (Value::Boolean(false), NO, None, YES),
        (Value::Null, None, None, None),
    ] {
        check(&[
            ("x and y", x, and),
            ("y and x", x, and),
            ("x or y", x, or),
            ("y or x", x, or),
            ("not x", x, not),
            ("x and true", x, told("x", x).0),
            ("x or false", x, told("x", x).0),
            ("x and false", x, NO),
            ("x or true", x, YES),
        ]);
    }
}

#[test]
fn null_is_unknown_save_to_who_asks_for_it() {
    let null = Value::Null;
    check(&[
        ("x == 1", null, None),
        ("x != 1", null, None),
        ("x in [1]", null, None),
        ("x not in [1]", null, None),
        ("x between 1 and 2", null, None),
        ("x + 1 > 0", null, None),
        ("x matches \"a\"", null, None),
        ("length(x) == 0", null, None),
        ("is_nan(x)", null, None),
        ("x is null", null, YES),
        ("x is not null", null, NO),
        ("x + 1 is null", null, YES),
        ("1 / (x - 1) is null", Value::Integer(1), YES),
        ("1 / (x - 1) is null", Value::Integer(2), NO),
        ("(x > 0) is null", null, YES),
        // A bound that is known to fail decides.
        ("1 between 2 and x", null, NO),
        ("1 between x and 0", null, NO),
        ("1 between x and 2", null, None),
    ]);
}

#[test]
fn numbers_are_compared_by_value() {
    let large = Value::Integer(9_007_199_254_740_993);
    check(&[
        ("x > 9007199254740992.0", large, YES),
        ("x == 9007199254740993", large, YES),
        ("x == 9007199254740992", large, NO),
        ("x == 1", Value::Float(1.0), YES),
        ("x == 1.0", Value::Integer(1), YES),
        ("x == 0", Value::Float(-0.0), YES),
        ("x == 0.1", Value::Float(0.1), YES),
        ("x == 0.1", Value::Decimal("0.10", 0.1), YES),
        ("x + 0.2 == 0.3", Value::Decimal("0.1", 0.1), YES),
        ("x + 0.2 == 0.3", Value::Float(0.1), NO),
        (
            "x == 0.1",
            Value::Decimal("0.1000000000000000055511151231257827", 0.1),
            NO,
        ),
        (
            "x > 18446744073709551615",
            Value::BigInteger("18446744073709551616"),
            YES,
        ),
        ("x * x > 0", Value::Integer(i64::MAX), YES),
        ("x + 1 > x", Value::Integer(i64::MAX), YES),
        ("x - 1 < x", Value::Integer(i64::MIN), YES),
        ("-x > 0", Value::Integer(i64::MIN), YES),
        ("abs(x) > 0", Value::Integer(i64::MIN), YES),
        ("x / 2 == 3.5", Value::Integer(7), YES),
        ("x % 3 == 2", Value::Integer(-7), YES),
        ("x % -3 == -2", Value::Integer(7), YES),
        ("x % 0.5 == 0.25", Value::Float(-1.25), YES),
        ("x % 0 == 0", Value::Integer(1), None),
        ("x / 0 > 0", Value::Float(1.0), None),
        ("x in [1, 2.5]", Value::Float(2.5), YES),
        ("x in [1, 2.5]", Value::Integer(1), YES),
        ("x not in [1, 2]", Value::Float(2.0), NO),
    ]);
}

#[test]
fn nan_is_less_than_nothing_and_equal_to_nothing() {
    let nan = Value::Float(f64::NAN);
    check(&[
        ("x == x", nan, NO),
        ("x != x", nan, YES),
        ("x < 1", nan, NO),
        ("x >= 1", nan, NO),
        ("not x >= 1", nan, YES),
        ("x in [1]", nan, NO),
        ("x between 0 and 1", nan, NO),
        ("is_nan(x)", nan, YES),
        ("is_finite(x)", nan, NO),
        ("is_finite(x)", Value::Float(f64::INFINITY), NO),
        ("is_nan(x)", Value::Float(f64::INFINITY), NO),
        ("is_finite(x)", Value::Integer(1), YES),
        ("is_nan(x)", Value::Decimal("1.5", 1.5), NO),
    ]);
}

#[test]
fn texts_are_compared_by_code_points() {
    let text = Value::Text("Århus Z");
    check(&[
        ("x == \"Århus Z\"", text, YES),
        ("x > \"Zürich\"", text, YES),
        ("length(x) == 7", text, YES),
        ("length(x) == 3", Value::Binary(b"\xff\x00\x01"), YES),
        ("length(x) == 2", Value::List(2), YES),
        ("x matches \"hus\"", text, YES),
        ("x matches \"^hus\"", text, NO),
        ("x not matches \"^\\\\p{Lu}\"", text, NO),
        ("x matches \"(?i)z$\"", text, YES),
        ("starts_with(x, \"Å\")", text, YES),
        ("ends_with(x, \"\")", text, YES),
        ("contains(x, \"s Z\")", text, YES),
        ("contains(x, x)", text, YES),
        ("x in [\"a\", \"Århus Z\"]", text, YES),
        ("x == \"\"", Value::Text(""), YES),
    ]);
}

#[test]
fn times_meet_texts_in_iso_8601() {
    let noon = Value::Timestamp(43_200_000_000);
    check(&[
        ("x == \"1970-01-01T12:00:00Z\"", noon, YES),
        ("x == \"1970-01-01 13:00+01:00\"", noon, YES),
        ("x > \"1970-01-01\"", noon, YES),
        ("x < \"1970-01-02\"", noon, YES),
        ("x between \"1970-01-01\" and \"1970-01-02\"", noon, YES),
        ("x in [\"1970-01-01\", \"1970-01-01T12:00\"]", noon, YES),
        ("x == \"1970-01-02\"", Value::Date(1), YES),
        ("x < \"1970-01-02T00:00:01\"", Value::Date(1), YES),
        ("x >= \"10:30\"", Value::Time(37_800_000_000), YES),
        ("x < \"10:30\"", Value::Time(37_800_000_000), NO),
        ("x == 90", Value::Duration(90_000_000), YES),
        ("x > 89.5", Value::Duration(90_000_000), YES),
        ("x / 60 == 1.5", Value::Duration(90_000_000), YES),
        ("x - x == 0", noon, YES),
        // Two texts are texts.
        ("x > \"1970-01-01\"", Value::Text("1970-01-01T00:00:00Z"), YES),
    ]);
}

/// What does not fit, and what is said of it.
const MISFITS: &[(&str, Value<'static>, &str)] = &[
    (
        "x > 0",
        Value::Text("12"),
        "x > 0: a text cannot be compared with a number",
    ),
    (
        "x == \"a\"",
        Value::Integer(1),
        "a number cannot be compared with a text",
    ),
    (
        "x == true",
        Value::Integer(1),
        "a number cannot be compared with true or false",
    ),
    (
        "x in [1, 2]",
        Value::Text("1"),
        "a text cannot be compared with a number",
    ),
    (
        "x + 1 > 0",
        Value::Text("a"),
        "x + 1: not possible with a text and a number",
    ),
    ("x matches \"a\"", Value::Integer(1), "a number is no text"),
    (
        "length(x) > 1",
        Value::Integer(1),
        "length(x): not possible with a number",
    ),
    ("is_nan(x)", Value::Text("NaN"), "not possible with a text"),
    ("x", Value::Integer(1), "x: it is a number, not true or false"),
    (
        "x and true",
        Value::Text("true"),
        "it is a text, not true or false",
    ),
    (
        "x < \"soon\"",
        Value::Timestamp(0),
        "a text that is not a time in ISO 8601",
    ),
    (
        "x < \"2024-02-30\"",
        Value::Date(0),
        "a text that is not a date in ISO 8601",
    ),
    (
        "x < 5",
        Value::Timestamp(0),
        "a time cannot be compared with a number",
    ),
    ("x == x", Value::List(1), "a list cannot be compared with a list"),
    ("x == x", Value::Struct, "a struct"),
    ("x == \"a\"", Value::Other, "of a type that has no order"),
    (
        "x == \"a\"",
        Value::BrokenText(b"\xff"),
        "of a type that has no order",
    ),
];

#[test]
fn what_does_not_fit_is_unknown_and_explained() {
    for &(text, value, reason) in MISFITS {
        let (outcome, found) = told(text, value);
        assert_eq!(outcome, None, "{text}");
        let found = found.unwrap_or_else(|| panic!("{text} has no reason"));
        assert!(found.contains(reason), "{text}: {found}");
        // The rest may decide all the same.
        assert_eq!(told(&format!("{text} or true"), value).0, YES);
    }
}
