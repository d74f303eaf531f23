//! The shapes of expressions that are common, over whole columns. What is not known here is `None`.
//!
//! Everything here must give what [`super::rows`] gives; the tests compare the two.

use super::arrays::{Inputs, nanoseconds, ticks};
use super::rows::{holds, search};
use super::tree::{Comparison, Function, Literal, Members, Node};
use super::truth::Truth;
use super::vector_numbers::{Numbers, compared, mirrored, number_of, numbers};
use crate::columns::parse_timestamp;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::{DataType, TimeUnit};

/// Comparisons that are quicker made one by one than looked up.
const FEW: usize = 16;

/// What a predicate is for each row.
pub(super) fn truth(node: &Node, inputs: &Inputs) -> Option<Truth> {
    match node {
        Node::Column(column) => {
            let values = inputs.array(*column)?.as_boolean_opt()?;
            Some(Truth::new(values.values().clone(), values.nulls()))
        }
        Node::Literal(Literal::Boolean(value)) => Some(Truth::all(Some(*value), inputs.rows)),
        Node::IsNull(only) => is_null(only, inputs),
        Node::Compare(comparison, left, right) => texts_compared(*comparison, (left, right), inputs)
            .or_else(|| moments_compared(*comparison, (left, right), inputs))
            .or_else(|| {
                compared(
                    *comparison,
                    &numbers(left, inputs)?,
                    &numbers(right, inputs)?,
                    inputs.rows,
                )
            }),
        Node::Between(value, low, high) => {
            let part = |comparison, bound: &Node| {
                let pair = (&**value, bound);
                moments_compared(comparison, pair, inputs)
                    .or_else(|| texts_compared(comparison, pair, inputs))
                    .or_else(|| {
                        compared(
                            comparison,
                            &numbers(value, inputs)?,
                            &numbers(bound, inputs)?,
                            inputs.rows,
                        )
                    })
            };
            let above = part(Comparison::GreaterOrEqual, low)?;
            Some(above.and(&part(Comparison::LessOrEqual, high)?))
        }
        Node::In(value, members) => is_member(value, members, inputs),
        Node::Matches(value, pattern) => {
            text_test(array_of(value, inputs)?, |text| pattern.regex.is_match(text))
        }
        Node::Call(function, arguments) => called(*function, arguments, inputs),
        _ => None,
    }
}

pub(super) fn array_of<'a>(node: &Node, inputs: &'a Inputs) -> Option<&'a ArrayRef> {
    match node {
        Node::Column(column) => inputs.array(*column),
        _ => None,
    }
}

fn is_null(node: &Node, inputs: &Inputs) -> Option<Truth> {
    let array = array_of(node, inputs)?;
    Some(match array.logical_nulls() {
        None => Truth::all(Some(false), inputs.rows),
        Some(nulls) => Truth::new(!nulls.inner(), None),
    })
}

fn called(function: Function, arguments: &[Node], inputs: &Inputs) -> Option<Truth> {
    match (function, arguments) {
        (Function::IsNan | Function::IsFinite, [only]) => {
            let numbers = numbers(only, inputs)?;
            let finite = function == Function::IsFinite;
            let values = match &numbers {
                Numbers::Floats(values, _) if finite => {
                    BooleanBuffer::collect_bool(inputs.rows, |row| values[row].is_finite())
                }
                Numbers::Floats(values, _) => {
                    BooleanBuffer::collect_bool(inputs.rows, |row| values[row].is_nan())
                }
                Numbers::Integers(..) if finite => BooleanBuffer::new_set(inputs.rows),
                Numbers::Integers(..) => BooleanBuffer::new_unset(inputs.rows),
                _ => return None,
            };
            Some(Truth::new(values, numbers.nulls()))
        }
        (_, [value, Node::Literal(Literal::Text(part))]) => {
            text_test(array_of(value, inputs)?, |text| search(function, text, part))
        }
        _ => None,
    }
}

// ---- texts

/// A test of each text; the texts of nulls are not looked at.
fn text_test(array: &ArrayRef, test: impl Fn(&str) -> bool) -> Option<Truth> {
    macro_rules! tested {
        ($texts:expr) => {{
            let texts = $texts;
            let values = match texts.nulls().filter(|nulls| nulls.null_count() > 0) {
                None => BooleanBuffer::collect_bool(texts.len(), |row| test(texts.value(row))),
                Some(nulls) => BooleanBuffer::collect_bool(texts.len(), |row| {
                    nulls.is_valid(row) && test(texts.value(row))
                }),
            };
            Some(Truth::new(values, texts.nulls()))
        }};
    }
    match array.data_type() {
        DataType::Utf8 => tested!(array.as_string::<i32>()),
        DataType::LargeUtf8 => tested!(array.as_string::<i64>()),
        DataType::Utf8View => tested!(array.as_string_view()),
        _ => None,
    }
}

fn texts_compared(comparison: Comparison, pair: (&Node, &Node), inputs: &Inputs) -> Option<Truth> {
    let (array, text, comparison) = match pair {
        (value, Node::Literal(Literal::Text(text))) => (array_of(value, inputs)?, text, comparison),
        (Node::Literal(Literal::Text(text)), value) => (array_of(value, inputs)?, text, mirrored(comparison)),
        _ => return None,
    };
    let text = text.as_str();
    match comparison {
        Comparison::Equal => text_test(array, |value| value == text),
        Comparison::Unequal => text_test(array, |value| value != text),
        other => text_test(array, |value| holds(other, Some(value.cmp(text)))),
    }
}

fn is_member(value: &Node, members: &Members, inputs: &Inputs) -> Option<Truth> {
    if !members.texts.is_empty() {
        let few: Vec<&str> = members.texts.iter().map(String::as_str).take(FEW).collect();
        let array = array_of(value, inputs)?;
        return if members.texts.len() < FEW {
            text_test(array, |text| few.contains(&text))
        } else {
            text_test(array, |text| members.texts.contains(text))
        };
    }
    let numbers = numbers(value, inputs)?;
    if let Numbers::Integers(values, nulls) = &numbers
        && members.integers.len() >= FEW
        && members
            .literals
            .iter()
            .all(|literal| matches!(literal, Literal::Integer(_)))
    {
        let found = |row: usize| members.integers.contains(&i128::from(values[row]));
        return Some(Truth::new(
            BooleanBuffer::collect_bool(inputs.rows, found),
            nulls.as_ref(),
        ));
    }
    if members.literals.len() > FEW {
        return None;
    }
    let start = Truth::all(Some(false), inputs.rows);
    members.literals.iter().try_fold(start, |sum, literal| {
        let member = number_of(literal)?;
        Some(sum.or(&compared(Comparison::Equal, &numbers, &member, inputs.rows)?))
    })
}

// ---- times

/// Times and dates against a text of the expression.
fn moments_compared(comparison: Comparison, pair: (&Node, &Node), inputs: &Inputs) -> Option<Truth> {
    let (array, text, comparison) = match pair {
        (value, Node::Literal(Literal::Text(text))) => (array_of(value, inputs)?, text, comparison),
        (Node::Literal(Literal::Text(text)), value) => (array_of(value, inputs)?, text, mirrored(comparison)),
        (left, right) => {
            return times_compared(comparison, array_of(left, inputs)?, array_of(right, inputs)?);
        }
    };
    let microseconds = i128::from(parse_timestamp(text)?);
    let unit = match array.data_type() {
        DataType::Timestamp(unit, _) => i128::from(nanoseconds(*unit)),
        DataType::Date32 => 86_400_000_000_000,
        _ => return None,
    };
    // A moment between two ticks of the column is left to the rows.
    let moment = microseconds * 1_000;
    let tick = (moment % unit == 0)
        .then(|| i64::try_from(moment / unit).ok())
        .flatten()?;
    let ticks = ticks(array)?;
    let values = BooleanBuffer::collect_bool(array.len(), |row| {
        holds(comparison, Some(ticks.get(row).cmp(&tick)))
    });
    Some(Truth::new(values, array.nulls()))
}

/// Two columns of times of one unit.
fn times_compared(comparison: Comparison, left: &ArrayRef, right: &ArrayRef) -> Option<Truth> {
    let unit = |array: &ArrayRef| -> Option<TimeUnit> {
        match array.data_type() {
            DataType::Timestamp(unit, _) => Some(*unit),
            _ => None,
        }
    };
    if unit(left)? != unit(right)? {
        return None;
    }
    let (mine, theirs) = (ticks(left)?, ticks(right)?);
    let values = BooleanBuffer::collect_bool(left.len(), |row| {
        holds(comparison, Some(mine.get(row).cmp(&theirs.get(row))))
    });
    let nulls = NullBuffer::union(left.nulls(), right.nulls());
    Some(Truth::new(values, nulls.as_ref()))
}
