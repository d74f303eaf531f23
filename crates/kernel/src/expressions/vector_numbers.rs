//! Numbers over whole columns: arithmetic and comparisons. What is not known here is `None`.

use super::arrays::Inputs;
use super::numbers::{compare_whole, double};
use super::rows::holds;
use super::tree::{Comparison, Function, Literal, Node, Operation};
use super::truth::Truth;
use arrow_array::cast::AsArray;
use arrow_array::types::*;
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, Float64Array, GenericStringArray, Int64Array, OffsetSizeTrait,
};
use arrow_buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow_schema::DataType;
use std::cmp::Ordering;
use std::sync::Arc;

/// Numbers of all rows, or one for all of them.
#[derive(Debug, Clone)]
pub(super) enum Numbers {
    Integers(ScalarBuffer<i64>, Option<NullBuffer>),
    Floats(ScalarBuffer<f64>, Option<NullBuffer>),
    Integer(i64),
    Float(f64),
}

impl Numbers {
    /// The numbers as an array.
    pub(super) fn into_array(self, rows: usize) -> ArrayRef {
        match self {
            Self::Integers(values, nulls) => Arc::new(Int64Array::new(values, nulls)),
            Self::Floats(values, nulls) => Arc::new(Float64Array::new(values, nulls)),
            Self::Integer(value) => Arc::new(Int64Array::from(vec![value; rows])),
            Self::Float(value) => Arc::new(Float64Array::from(vec![value; rows])),
        }
    }

    /// The numbers as doubles, nulls as NaN.
    pub(super) fn into_floats(self, rows: usize) -> Vec<f64> {
        match self.floats() {
            Self::Floats(values, None) => values.to_vec(),
            Self::Floats(values, Some(nulls)) => values
                .iter()
                .enumerate()
                .map(|(row, &value)| if nulls.is_valid(row) { value } else { f64::NAN })
                .collect(),
            Self::Float(value) => vec![value; rows],
            // There are no whole numbers any more.
            Self::Integers(..) | Self::Integer(_) => Vec::new(),
        }
    }

    pub(super) fn nulls(&self) -> Option<&NullBuffer> {
        match self {
            Self::Integers(_, nulls) | Self::Floats(_, nulls) => nulls.as_ref(),
            _ => None,
        }
    }

    /// Each as a double.
    fn floats(self) -> Self {
        match self {
            Self::Integers(values, nulls) => {
                Self::Floats(values.iter().map(|&value| value as f64).collect(), nulls)
            }
            Self::Integer(value) => Self::Float(value as f64),
            other => other,
        }
    }
}

pub(super) fn number_of(literal: &Literal) -> Option<Numbers> {
    match literal {
        Literal::Integer(value) => i64::try_from(*value).ok().map(Numbers::Integer),
        Literal::Decimal(_, _, value) | Literal::Float(value) => Some(Numbers::Float(*value)),
        _ => None,
    }
}

/// The numbers of a part of an expression.
pub(super) fn numbers(node: &Node, inputs: &Inputs) -> Option<Numbers> {
    match node {
        Node::Column(column) => column_numbers(inputs.array(*column)?),
        Node::Literal(literal) => number_of(literal),
        Node::Negate(only) => {
            let zero = Numbers::Integer(0);
            match numbers(only, inputs)? {
                Numbers::Floats(values, nulls) => Some(Numbers::Floats(
                    values.iter().map(|value| -value).collect(),
                    nulls,
                )),
                Numbers::Float(value) => Some(Numbers::Float(-value)),
                other => calculated(Operation::Subtract, zero, other),
            }
        }
        Node::Arithmetic(operation, left, right) => {
            calculated(*operation, numbers(left, inputs)?, numbers(right, inputs)?)
        }
        Node::Call(Function::Length, arguments) => {
            lengths(super::vectors::array_of(arguments.first()?, inputs)?)
        }
        Node::Call(Function::Abs, arguments) => absolute(numbers(arguments.first()?, inputs)?),
        _ => None,
    }
}

fn column_numbers(array: &ArrayRef) -> Option<Numbers> {
    match array.data_type() {
        DataType::Int64 => {
            let numbers = array.as_primitive::<Int64Type>();
            Some(Numbers::Integers(
                numbers.values().clone(),
                numbers.nulls().cloned(),
            ))
        }
        DataType::Float64 => {
            let numbers = array.as_primitive::<Float64Type>();
            Some(Numbers::Floats(
                numbers.values().clone(),
                numbers.nulls().cloned(),
            ))
        }
        DataType::Int8 => Some(widened::<Int8Type>(array)),
        DataType::Int16 => Some(widened::<Int16Type>(array)),
        DataType::Int32 => Some(widened::<Int32Type>(array)),
        DataType::UInt8 => Some(widened::<UInt8Type>(array)),
        DataType::UInt16 => Some(widened::<UInt16Type>(array)),
        DataType::UInt32 => Some(widened::<UInt32Type>(array)),
        DataType::UInt64 => {
            let numbers = array.as_primitive::<UInt64Type>();
            let values = numbers.values().iter().map(|&value| i64::try_from(value).ok());
            let values: Option<Vec<i64>> = values.collect();
            Some(Numbers::Integers(values?.into(), numbers.nulls().cloned()))
        }
        DataType::Float32 => {
            let numbers = array.as_primitive::<Float32Type>();
            let values = numbers.values().iter().map(|&value| f64::from(value));
            Some(Numbers::Floats(values.collect(), numbers.nulls().cloned()))
        }
        _ => None,
    }
}

fn widened<T: ArrowPrimitiveType<Native: Into<i64>>>(array: &ArrayRef) -> Numbers {
    let numbers = array.as_primitive::<T>();
    let values = numbers.values().iter().map(|&value| value.into());
    Numbers::Integers(values.collect(), numbers.nulls().cloned())
}

/// The lengths of texts in characters.
fn lengths(array: &ArrayRef) -> Option<Numbers> {
    fn of_offsets<O: OffsetSizeTrait>(texts: &GenericStringArray<O>) -> ScalarBuffer<i64> {
        let offsets = texts.value_offsets();
        let range = offsets[0].as_usize()..offsets[texts.len()].as_usize();
        if texts.value_data()[range].is_ascii() {
            let pairs = offsets.windows(2);
            return pairs.map(|pair| (pair[1] - pair[0]).as_usize() as i64).collect();
        }
        (0..texts.len()).map(|row| characters(texts.value(row))).collect()
    }
    let lengths = match array.data_type() {
        DataType::Utf8 => of_offsets(array.as_string::<i32>()),
        DataType::LargeUtf8 => of_offsets(array.as_string::<i64>()),
        DataType::Utf8View => {
            let texts = array.as_string_view();
            let known = |row: usize| texts.is_valid(row).then(|| characters(texts.value(row)));
            (0..texts.len()).map(|row| known(row).unwrap_or(0)).collect()
        }
        _ => return None,
    };
    Some(Numbers::Integers(lengths, array.nulls().cloned()))
}

fn characters(text: &str) -> i64 {
    if text.is_ascii() {
        text.len() as i64
    } else {
        text.chars().count() as i64
    }
}

fn absolute(numbers: Numbers) -> Option<Numbers> {
    Some(match numbers {
        Numbers::Integers(values, nulls) => {
            let values: Option<Vec<i64>> = values.iter().map(|value| value.checked_abs()).collect();
            Numbers::Integers(values?.into(), nulls)
        }
        Numbers::Floats(values, nulls) => {
            Numbers::Floats(values.iter().map(|value| value.abs()).collect(), nulls)
        }
        Numbers::Integer(value) => Numbers::Integer(value.checked_abs()?),
        Numbers::Float(value) => Numbers::Float(value.abs()),
    })
}

/// The result of an operation; `None` also where 64 bits do not hold it.
fn calculated(operation: Operation, left: Numbers, right: Numbers) -> Option<Numbers> {
    use Numbers::{Float, Floats, Integer, Integers};
    let rows = [&left, &right].into_iter().find_map(|side| match side {
        Integers(values, _) => Some(values.len()),
        Floats(values, _) => Some(values.len()),
        _ => None,
    })?;
    let nulls = NullBuffer::union(left.nulls(), right.nulls());
    let whole = matches!(left, Integer(_) | Integers(..)) && matches!(right, Integer(_) | Integers(..));
    if whole && operation != Operation::Divide {
        let operate = |a: i64, b: i64| whole_result(operation, a, b);
        let values: Option<Vec<i64>> = match (&left, &right) {
            (Integers(a, _), Integers(b, _)) => {
                a.iter().zip(b.iter()).map(|(&a, &b)| operate(a, b)).collect()
            }
            (Integers(a, _), Integer(b)) => a.iter().map(|&a| operate(a, *b)).collect(),
            (Integer(a), Integers(b, _)) => b.iter().map(|&b| operate(*a, b)).collect(),
            _ => None,
        };
        let divisors = zeros(operation, &right, rows);
        return Some(Integers(
            values?.into(),
            NullBuffer::union(nulls.as_ref(), divisors.as_ref()),
        ));
    }
    let divisors = zeros(operation, &right, rows);
    let operate = |a: f64, b: f64| double(operation, a, b);
    let values: ScalarBuffer<f64> = match (left.floats(), right.floats()) {
        (Floats(a, _), Floats(b, _)) => a.iter().zip(b.iter()).map(|(&a, &b)| operate(a, b)).collect(),
        (Floats(a, _), Float(b)) => a.iter().map(|&a| operate(a, b)).collect(),
        (Float(a), Floats(b, _)) => b.iter().map(|&b| operate(a, b)).collect(),
        _ => return None,
    };
    Some(Floats(
        values,
        NullBuffer::union(nulls.as_ref(), divisors.as_ref()),
    ))
}

/// Where a division is possible; `None` where it always is.
fn zeros(operation: Operation, divisor: &Numbers, rows: usize) -> Option<NullBuffer> {
    if !matches!(operation, Operation::Divide | Operation::Remainder) {
        return None;
    }
    let possible = match divisor {
        Numbers::Integers(values, _) => BooleanBuffer::collect_bool(rows, |row| values[row] != 0),
        Numbers::Floats(values, _) => BooleanBuffer::collect_bool(rows, |row| values[row] != 0.0),
        Numbers::Integer(0) => BooleanBuffer::new_unset(rows),
        Numbers::Float(value) if *value == 0.0 => BooleanBuffer::new_unset(rows),
        _ => return None,
    };
    Some(NullBuffer::new(possible))
}

#[inline]
fn whole_result(operation: Operation, a: i64, b: i64) -> Option<i64> {
    match operation {
        Operation::Add => a.checked_add(b),
        Operation::Subtract => a.checked_sub(b),
        Operation::Multiply => a.checked_mul(b),
        // Divisions by zero are null by another way.
        Operation::Remainder if b == 0 => Some(0),
        Operation::Remainder => {
            let rest = a.wrapping_rem(b);
            let other_side = rest != 0 && (rest < 0) != (b < 0);
            Some(if other_side { rest + b } else { rest })
        }
        Operation::Divide => None,
    }
}

/// How numbers compare.
pub(super) fn compared(
    comparison: Comparison,
    left: &Numbers,
    right: &Numbers,
    rows: usize,
) -> Option<Truth> {
    use Numbers::{Float, Floats, Integer, Integers};
    if matches!(left, Integer(_) | Float(_)) {
        return match right {
            Integer(_) | Float(_) => None,
            _ => compared(mirrored(comparison), right, left, rows),
        };
    }
    let values = match (left, right) {
        (Integers(a, _), Integer(b)) => each(comparison, rows, |row| Some(a[row].cmp(b))),
        (Integers(a, _), Integers(b, _)) => each(comparison, rows, |row| Some(a[row].cmp(&b[row]))),
        (Floats(a, _), Float(b)) => each(comparison, rows, |row| a[row].partial_cmp(b)),
        (Floats(a, _), Floats(b, _)) => each(comparison, rows, |row| a[row].partial_cmp(&b[row])),
        (Integers(a, _), Float(b)) => each(comparison, rows, |row| whole_with_double(a[row], *b)),
        (Integers(a, _), Floats(b, _)) => each(comparison, rows, |row| whole_with_double(a[row], b[row])),
        (Floats(a, _), Integer(b)) => each(comparison, rows, |row| {
            whole_with_double(*b, a[row]).map(Ordering::reverse)
        }),
        (Floats(a, _), Integers(b, _)) => each(comparison, rows, |row| {
            whole_with_double(b[row], a[row]).map(Ordering::reverse)
        }),
        _ => return None,
    };
    let nulls = NullBuffer::union(left.nulls(), right.nulls());
    Some(Truth::new(values, nulls.as_ref()))
}

/// Each comparison with a loop of its own: the choice is made once, not for every row.
#[inline(always)]
fn each(comparison: Comparison, rows: usize, order: impl Fn(usize) -> Option<Ordering>) -> BooleanBuffer {
    macro_rules! looped {
        ($($which:ident)|+) => {
            match comparison {
                $(Comparison::$which => BooleanBuffer::collect_bool(rows, |row| {
                    holds(Comparison::$which, order(row))
                }),)+
            }
        };
    }
    looped!(Equal | Unequal | Less | LessOrEqual | Greater | GreaterOrEqual)
}

#[inline]
fn whole_with_double(whole: i64, double: f64) -> Option<Ordering> {
    const EXACT: u64 = 1 << 53;
    if whole.unsigned_abs() <= EXACT {
        return (whole as f64).partial_cmp(&double);
    }
    compare_whole(whole.into(), double)
}

/// The comparison of the second with the first.
pub(super) fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}
