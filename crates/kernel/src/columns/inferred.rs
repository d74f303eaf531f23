//! Texts that stand for other values, as in CSV: what a column is, and what a value is.

use super::Value;
use crate::calendar::{self, DAY};

/// Texts that mean a missing value; pandas' list, less the exotic ones.
const MISSING: [&str; 11] = [
    "", "NA", "N/A", "n/a", "#N/A", "null", "NULL", "None", "NaN", "nan", "<NA>",
];

/// What the values of a text column stand for, told from its first values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Inference {
    /// Nothing but missing values yet.
    Unknown,
    /// `true` or `false`.
    Boolean,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Fractional,
    /// ISO dates.
    Date,
    /// ISO dates with times.
    Timestamp,
    /// Times of day.
    Time,
    /// Texts.
    Text,
}

impl Inference {
    /// What a column is that holds these texts.
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        texts.fold(Self::Unknown, |so_far, text| {
            match (so_far, Self::of_value(&classify(text))) {
                (Self::Unknown, other) | (other, Self::Unknown) => other,
                (mine, theirs) if mine == theirs => mine,
                (Self::Integer, Self::Fractional) | (Self::Fractional, Self::Integer) => Self::Fractional,
                (Self::Date, Self::Timestamp) | (Self::Timestamp, Self::Date) => Self::Timestamp,
                _ => Self::Text,
            }
        })
    }

    fn of_value(value: &Value<'_>) -> Self {
        match value {
            Value::Null => Self::Unknown,
            Value::Boolean(_) => Self::Boolean,
            Value::Integer(_) | Value::BigInteger(_) => Self::Integer,
            Value::Float(_) => Self::Fractional,
            Value::Date(_) => Self::Date,
            Value::Timestamp(_) => Self::Timestamp,
            Value::Time(_) => Self::Time,
            _ => Self::Text,
        }
    }

    /// The value that a text of such a column stands for. A text that does not fit is taken for
    /// what it looks like, so that the change shows in the counts by type.
    pub fn read(self, text: &str) -> Value<'_> {
        if is_missing(text) {
            return Value::Null;
        }
        match self {
            Self::Text => Value::Text(text),
            Self::Fractional => fractional(text).map_or_else(|| classify(text), Value::Float),
            Self::Timestamp => match classify(text) {
                Value::Date(days) => Value::Timestamp(days * DAY),
                value => value,
            },
            _ => classify(text),
        }
    }
}

const SECOND: i64 = 1_000_000;

fn is_missing(text: &str) -> bool {
    text.len() <= 4 && MISSING.contains(&text)
}

/// What a text looks like on its own.
pub fn classify(text: &str) -> Value<'_> {
    let bytes = text.as_bytes();
    if is_missing(text) {
        return Value::Null;
    }
    match text {
        "true" | "True" | "TRUE" => return Value::Boolean(true),
        "false" | "False" | "FALSE" => return Value::Boolean(false),
        _ => {}
    }
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let begins_as_number = digits
        .first()
        .is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'+' | b'i' | b'I'));
    if !begins_as_number {
        return Value::Text(text);
    }
    if digits.iter().all(u8::is_ascii_digit) {
        // 007 is a name, not a number.
        if digits.len() > 1 && digits[0] == b'0' {
            return Value::Text(text);
        }
        return text.parse().map_or(Value::BigInteger(text), Value::Integer);
    }
    if let Some(value) = fractional(text) {
        return Value::Float(value);
    }
    temporal(text).unwrap_or(Value::Text(text))
}

fn fractional(text: &str) -> Option<f64> {
    // Rust reads more spellings of infinity than people write.
    let plain = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E'));
    (plain || matches!(text, "inf" | "-inf" | "Infinity" | "-Infinity" | "Inf" | "-Inf"))
        .then(|| text.parse().ok())
        .flatten()
}

fn temporal(text: &str) -> Option<Value<'_>> {
    let bytes = text.as_bytes();
    if bytes.get(2) == Some(&b':') {
        return time(text).map(Value::Time);
    }
    if bytes.get(4) != Some(&b'-') || bytes.len() < 10 || !text.is_ascii() {
        return None;
    }
    let days = days(text.get(..10)?)?;
    match bytes.get(10) {
        None => Some(Value::Date(days)),
        Some(b'T' | b' ') => {
            let (clock, zone) = split_zone(&text[11..])?;
            Some(Value::Timestamp(days * DAY + time(clock)? - zone))
        }
        _ => None,
    }
}

/// Microseconds since the epoch of an ISO date or timestamp; without a zone, UTC.
pub fn parse_timestamp(text: &str) -> Option<i64> {
    match temporal(text)? {
        Value::Timestamp(microseconds) => Some(microseconds),
        Value::Date(days) => Some(days * DAY),
        _ => None,
    }
}

fn number(text: &str) -> Option<i64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

fn days(text: &str) -> Option<i64> {
    let (year, month, day) = (
        number(text.get(..4)?)?,
        number(text.get(5..7)?)?,
        number(text.get(8..10)?)?,
    );
    let valid = text.as_bytes()[7] == b'-' && (1..=calendar::month_length(year, month)?).contains(&day);
    valid.then(|| calendar::days(year, month, day))
}

/// Microseconds since midnight of `HH:MM`, `HH:MM:SS` or `HH:MM:SS.ffffff`.
fn time(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let (hours, minutes) = (number(text.get(..2)?)?, number(text.get(3..5)?)?);
    let rest = text.get(5..)?;
    let mut microseconds = 0;
    let mut seconds = 0;
    if !rest.is_empty() {
        seconds = number(text.get(6..8)?)?;
        let fraction = text.get(8..)?;
        if let Some(digits) = fraction.strip_prefix('.') {
            let kept = digits.get(..digits.len().min(6))?;
            number(digits.get(..digits.len().min(18))?)?;
            microseconds = number(kept)? * 10i64.pow(6 - kept.len() as u32);
        } else if !fraction.is_empty() {
            return None;
        }
    }
    let valid = bytes[2] == b':'
        && hours < 24
        && minutes < 60
        && seconds < 61
        && (rest.is_empty() || bytes[5] == b':');
    valid.then_some(((hours * 60 + minutes) * 60 + seconds) * SECOND + microseconds)
}

/// A clock reading and its offset from UTC in microseconds.
fn split_zone(text: &str) -> Option<(&str, i64)> {
    if let Some(clock) = text.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let Some(at) = text.rfind(['+', '-']) else {
        return Some((text, 0));
    };
    let (clock, zone) = text.split_at(at);
    let digits: String = zone[1..].chars().filter(|character| *character != ':').collect();
    let (hours, minutes) = match digits.len() {
        2 => (number(&digits)?, 0),
        4 => (number(&digits[..2])?, number(&digits[2..])?),
        _ => return None,
    };
    let offset = (hours * 60 + minutes) * 60 * SECOND;
    Some((clock, if zone.starts_with('-') { -offset } else { offset }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classifies_texts() {
        for (text, value) in [
            ("NA", Value::Null),
            ("true", Value::Boolean(true)),
            ("-42", Value::Integer(-42)),
            ("007", Value::Text("007")),
            ("99999999999999999999", Value::BigInteger("99999999999999999999")),
            ("1.50", Value::Float(1.5)),
            ("1e3", Value::Float(1000.0)),
            ("1-2", Value::Text("1-2")),
            ("1970-01-02", Value::Date(1)),
            ("1969-12-31T23:59:59.5Z", Value::Timestamp(-500_000)),
            ("1970-01-01 01:00:00+01:00", Value::Timestamp(0)),
            ("2013-02-30", Value::Text("2013-02-30")),
            ("10:30", Value::Time(37_800_000_000)),
            ("Ünïcode-é", Value::Text("Ünïcode-é")),
            ("1é34-0-0123", Value::Text("1é34-0-0123")),
        ] {
            assert_eq!(classify(text), value, "{text}");
        }
    }

    #[test]
    fn a_column_is_what_all_its_values_are() {
        assert_eq!(
            Inference::of(["1", "NA", "2.5"].into_iter()),
            Inference::Fractional
        );
        assert_eq!(Inference::of(["02134", "10001"].into_iter()), Inference::Text);
        assert_eq!(Inference::of(["", "NA"].into_iter()), Inference::Unknown);
        assert_eq!(Inference::Integer.read("x"), Value::Text("x"));
        assert_eq!(Inference::Text.read("1"), Value::Text("1"));
    }
}
