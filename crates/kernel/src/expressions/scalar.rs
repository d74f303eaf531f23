//! Single values, and what they are to each other.

use super::numbers::Number;
use super::tree::{Literal, Operation};
use crate::calendar::{self, DAY};
use crate::columns::{Value, classify, parse_timestamp};
use std::cmp::Ordering;
use std::fmt::Write;

/// Nanoseconds of a day.
const DAY_NANOSECONDS: i128 = DAY as i128 * 1_000;

/// One value while an expression is evaluated. Times are in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'a> {
    /// Missing.
    Null,
    /// True or false.
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(&'a str),
    /// Bytes, of which only their number matters.
    Binary(usize),
    /// Nanoseconds since the epoch.
    Timestamp(i128),
    /// Days since the epoch.
    Date(i64),
    /// Nanoseconds since midnight.
    Time(i64),
    /// Nanoseconds.
    Duration(i128),
    /// A list of that many elements.
    List(usize),
    /// A struct.
    Struct,
    /// Anything else.
    Other,
}

use Scalar::{Boolean, Date, Duration, Null, Text, Time, Timestamp};

/// Two values that cannot be compared, or not be calculated with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mismatch;

impl<'a> Scalar<'a> {
    /// A whole number.
    pub fn integer(value: impl Into<i128>) -> Self {
        Self::Number(Number::Integer(value.into()))
    }

    /// A double.
    pub fn float(value: f64) -> Self {
        Self::Number(Number::Float(value))
    }

    /// A value of a record.
    pub fn of(value: Value<'a>) -> Self {
        match value {
            Value::Null => Null,
            Value::Boolean(value) => Boolean(value),
            Value::Integer(value) => Self::integer(value),
            Value::BigInteger(text) => Self::Number(big(text)),
            Value::Float(value) => Self::float(value),
            Value::Decimal(text, value) => Self::Number(decimal(text).unwrap_or(Number::Float(value))),
            Value::Text(text) => Text(text),
            Value::Binary(bytes) => Self::Binary(bytes.len()),
            Value::Timestamp(microseconds) => Timestamp(i128::from(microseconds) * 1_000),
            Value::Date(days) => Date(days),
            Value::Time(microseconds) => Time(microseconds.saturating_mul(1_000)),
            Value::Duration(microseconds) => Duration(i128::from(microseconds) * 1_000),
            Value::List(length) => Self::List(length),
            Value::Struct => Self::Struct,
            Value::BrokenText(_) | Value::Other => Self::Other,
        }
    }

    /// Hands on the value as one of a record; bytes, of which only the number is known, as something else.
    pub(super) fn hand_on(self, take: impl FnOnce(Value<'_>)) {
        let microseconds = |nanoseconds: i128| i64::try_from(nanoseconds.div_euclid(1_000));
        match self {
            Null => take(Value::Null),
            Boolean(value) => take(Value::Boolean(value)),
            Self::Number(Number::Integer(value)) => match i64::try_from(value) {
                Ok(value) => take(Value::Integer(value)),
                Err(_) => take(Value::BigInteger(&value.to_string())),
            },
            Self::Number(Number::Float(value)) => take(Value::Float(value)),
            Self::Number(number) => take(Value::Decimal(&number.digits(), number.to_f64())),
            Text(text) => take(Value::Text(text)),
            Timestamp(value) => take(microseconds(value).map_or(Value::Other, Value::Timestamp)),
            Duration(value) => take(microseconds(value).map_or(Value::Other, Value::Duration)),
            Date(days) => take(Value::Date(days)),
            Time(value) => take(Value::Time(value.div_euclid(1_000))),
            Self::List(length) => take(Value::List(length)),
            Self::Struct => take(Value::Struct),
            Self::Binary(_) | Self::Other => take(Value::Other),
        }
    }

    /// Appends the value as a text; false of what is missing.
    pub fn write(&self, text: &mut String) -> bool {
        // Writing to a text does not fail.
        let _ = match self {
            Null => return false,
            Boolean(value) => write!(text, "{value}"),
            Self::Number(Number::Integer(value)) => write!(text, "{value}"),
            Self::Number(number) => write!(text, "{}", number.to_f64()),
            Text(value) => write!(text, "{value}"),
            Date(days) => write!(text, "{}", calendar::date_text(*days)),
            Time(value) => write!(text, "{}", calendar::time_text(*value / 1_000)),
            Timestamp(value) => match i64::try_from(*value / 1_000) {
                Ok(value) => write!(text, "{}", calendar::timestamp_text(value)),
                Err(_) => write!(text, "{value} ns"),
            },
            Duration(value) => write!(text, "{} s", *value as f64 / 1e9),
            other => write!(text, "({})", other.name()),
        };
        true
    }

    pub(super) fn of_literal(literal: &'a Literal) -> Self {
        match literal {
            Literal::Boolean(value) => Boolean(*value),
            Literal::Integer(value) => Self::Number(Number::Integer(*value)),
            Literal::Decimal(digits, scale, value) => Self::Number(Number::Fraction(*digits, *scale, *value)),
            Literal::Float(value) => Self::float(*value),
            Literal::Text(text) => Text(text),
        }
    }

    /// What it is, in words.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Null => "null",
            Boolean(_) => "true or false",
            Self::Number(_) => "a number",
            Text(_) => "a text",
            Self::Binary(_) => "bytes",
            Timestamp(_) => "a time",
            Date(_) => "a date",
            Time(_) => "a time of day",
            Duration(_) => "a duration",
            Self::List(_) => "a list",
            Self::Struct => "a struct",
            Self::Other => "of a type that has no order",
        }
    }

    /// Nanoseconds since the epoch of what is a point in time.
    fn moment(&self) -> Option<i128> {
        match self {
            Timestamp(nanoseconds) => Some(*nanoseconds),
            Date(days) => Some(i128::from(*days) * DAY_NANOSECONDS),
            _ => None,
        }
    }

    /// A number; a duration is its seconds.
    fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            Duration(nanoseconds) => Some(Number::Decimal(*nanoseconds, 9)),
            _ => None,
        }
    }

    /// How two values compare; `None` when one is NaN. Neither is null.
    pub(super) fn compare(&self, other: &Self) -> Result<Option<Ordering>, Mismatch> {
        if let (Some(mine), Some(theirs)) = (self.number(), other.number()) {
            return Ok(mine.compare(theirs));
        }
        if let (Some(mine), Some(theirs)) = (self.moment(), other.moment()) {
            return Ok(Some(mine.cmp(&theirs)));
        }
        match (self, other) {
            (Boolean(mine), Boolean(theirs)) => Ok(Some(mine.cmp(theirs))),
            (Text(mine), Text(theirs)) => Ok(Some(mine.cmp(theirs))),
            (Time(mine), Time(theirs)) => Ok(Some(mine.cmp(theirs))),
            (Timestamp(_) | Date(_) | Time(_), Text(text)) => self.compare(&self.read_like(text)?),
            (Text(text), Timestamp(_) | Date(_) | Time(_)) => other.read_like(text)?.compare(other),
            _ => Err(Mismatch),
        }
    }

    /// A text as the kind of time that this is.
    fn read_like(&self, text: &str) -> Result<Self, Mismatch> {
        let read = match self {
            Time(_) => clock(text).map(Time),
            _ => parse_timestamp(text).map(|microseconds| Timestamp(i128::from(microseconds) * 1_000)),
        };
        read.ok_or(Mismatch)
    }

    /// The result of an operation. Neither value is null.
    pub(super) fn apply(&self, operation: Operation, other: &Self) -> Result<Self, Mismatch> {
        use Operation::{Add, Subtract};
        if let (Self::Number(mine), Self::Number(theirs)) = (self, other) {
            return Ok(mine.apply(operation, *theirs).map_or(Null, Self::Number));
        }
        match (operation, self.moment(), other.moment()) {
            (Subtract, Some(mine), Some(theirs)) => return Ok(Duration(mine.saturating_sub(theirs))),
            (Add | Subtract, Some(mine), None) => return self.shifted(mine, operation, other),
            (Add, None, Some(theirs)) => return other.shifted(theirs, Add, self),
            _ => {}
        }
        let (Some(mine), Some(theirs)) = (self.number(), other.number()) else {
            return Err(Mismatch);
        };
        Ok(mine.apply(operation, theirs).map_or(Null, Self::Number))
    }

    /// A point in time later or earlier by a duration.
    fn shifted(&self, moment: i128, operation: Operation, by: &Self) -> Result<Self, Mismatch> {
        let Duration(nanoseconds) = by else {
            return Err(Mismatch);
        };
        Ok(Timestamp(if operation == Operation::Add {
            moment.saturating_add(*nanoseconds)
        } else {
            moment.saturating_sub(*nanoseconds)
        }))
    }

    /// The value with the other sign, or without one.
    pub(super) fn signed(&self, change: fn(Number) -> Number) -> Result<Self, Mismatch> {
        self.number()
            .map(|number| Self::Number(change(number)))
            .ok_or(Mismatch)
    }

    /// Characters of a text, bytes, elements of a list.
    pub(super) fn length(&self) -> Result<Self, Mismatch> {
        match self {
            Text(text) => Ok(Self::integer(text.chars().count() as i128)),
            Self::Binary(length) | Self::List(length) => Ok(Self::integer(*length as i128)),
            _ => Err(Mismatch),
        }
    }

    pub(super) fn is_nan(&self) -> Result<Self, Mismatch> {
        match self {
            Self::Number(number) => Ok(Boolean(number.to_f64().is_nan())),
            _ => Err(Mismatch),
        }
    }

    pub(super) fn is_finite(&self) -> Result<Self, Mismatch> {
        match self {
            Self::Number(Number::Float(value)) => Ok(Boolean(value.is_finite())),
            Self::Number(_) => Ok(Boolean(true)),
            _ => Err(Mismatch),
        }
    }
}

/// Nanoseconds since midnight of `HH:MM`, `HH:MM:SS` or `HH:MM:SS.ffffff`.
pub(super) fn clock(text: &str) -> Option<i64> {
    match classify(text) {
        Value::Time(microseconds) => microseconds.checked_mul(1_000),
        _ => None,
    }
}

/// A whole number in digits; beyond 38 of them the nearest double.
pub(super) fn big(text: &str) -> Number {
    text.parse().map_or_else(
        |_| Number::Float(text.parse().unwrap_or(f64::NAN)),
        Number::Integer,
    )
}

/// A decimal in plain text.
pub(super) fn decimal(text: &str) -> Option<Number> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}").parse().ok()?;
    Some(Number::Decimal(digits, u8::try_from(fraction.len()).ok()?))
}
