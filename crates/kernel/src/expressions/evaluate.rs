//! Expressions over batches: whole columns at a time where the shape is known, else row by row.

use super::arrays::{Inputs, Position};
use super::cells::Cell;
use super::numbers::Number;
use super::rows::{Notes, outcome, value};
use super::scalar::Scalar;
use super::tree::{Expression, Node};
use super::truth::Truth;
use super::{vector_numbers, vectors};
use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, DurationNanosecondArray, Float64Array,
    Int64Array, RecordBatch, StringArray, Time64NanosecondArray, TimestampNanosecondArray, new_null_array,
};
use arrow_buffer::ArrowNativeType;
use arrow_schema::DataType;
use std::sync::Arc;

/// The values of an expression for the records of a batch, as an array of one type: booleans, 64-bit
/// integers (decimals where those do not suffice), doubles, decimals, texts, dates or times in nanoseconds.
///
/// # Errors
/// When a column is not there, or the values are not of one type.
pub fn evaluate(expression: &Expression, batch: &RecordBatch) -> Result<ArrayRef> {
    for name in expression.columns() {
        if super::resolve(batch, name).is_none() {
            return Err(Error::argument(format!("there is no column {name:?}")));
        }
    }
    let inputs = Inputs::of_batch(batch, expression.columns(), false)?;
    evaluate_inputs(expression, &inputs, &mut Notes::default())
}

/// The same of columns wherever they come from; one that is missing holds nulls.
///
/// # Errors
/// When the values are not of one type.
pub fn evaluate_inputs(expression: &Expression, inputs: &Inputs, notes: &mut Notes) -> Result<ArrayRef> {
    if let Node::Column(column) = expression.root
        && let Some(array) = inputs.array(column)
    {
        return Ok(array.clone());
    }
    if expression.is_condition() && !matches!(expression.root, Node::Column(_)) {
        return Ok(Arc::new(truth(expression, inputs, notes).into_array()));
    }
    if let Some(numbers) = vector_numbers::numbers(&expression.root, inputs) {
        return Ok(numbers.into_array(inputs.rows));
    }
    let positions = (0..inputs.rows)
        .map(|row| Position { inputs, row })
        .collect::<Vec<_>>();
    let values: Vec<Scalar<'_>> = positions
        .iter()
        .map(|position| value(&expression.root, &expression.columns, position, notes))
        .collect();
    array_of(&values)
}

/// Cells as an array.
///
/// # Errors
/// When they are not of one type, or of one that has no values.
pub fn cells_array(cells: &[Cell]) -> Result<ArrayRef> {
    array_of(&cells.iter().map(Cell::value).collect::<Vec<_>>())
}

/// The numbers that an expression gives for some records; NaN where it gives none. Times count in seconds.
pub fn numbers(expression: &Expression, inputs: &Inputs) -> Vec<f64> {
    if let Some(numbers) = vector_numbers::numbers(&expression.root, inputs) {
        return numbers.into_floats(inputs.rows);
    }
    let mut notes = Notes::default();
    let number = |row| {
        let position = Position { inputs, row };
        match value(&expression.root, &expression.columns, &position, &mut notes) {
            Scalar::Number(number) => number.to_f64(),
            Scalar::Date(days) => days as f64 * 86_400.0,
            Scalar::Time(nanoseconds) => nanoseconds as f64 / 1e9,
            Scalar::Timestamp(nanoseconds) | Scalar::Duration(nanoseconds) => nanoseconds as f64 / 1e9,
            _ => f64::NAN,
        }
    };
    (0..inputs.rows).map(number).collect()
}

/// What a condition is for each of some records.
pub fn truth(expression: &Expression, inputs: &Inputs, notes: &mut Notes) -> Truth {
    Evaluator {
        inputs,
        columns: &expression.columns,
        notes,
    }
    .truth(&expression.root)
}

struct Evaluator<'a> {
    inputs: &'a Inputs,
    columns: &'a [String],
    notes: &'a mut Notes,
}

impl Evaluator<'_> {
    fn truth(&mut self, node: &Node) -> Truth {
        match node {
            Node::All(nodes) => {
                let start = Truth::all(Some(true), self.inputs.rows);
                nodes.iter().fold(start, |sum, node| sum.and(&self.truth(node)))
            }
            Node::Any(nodes) => {
                let start = Truth::all(Some(false), self.inputs.rows);
                nodes.iter().fold(start, |sum, node| sum.or(&self.truth(node)))
            }
            Node::Not(only) => self.truth(only).not(),
            _ => self.predicate(node),
        }
    }

    fn predicate(&mut self, node: &Node) -> Truth {
        if let Some(truth) = self.by_dictionary(node) {
            return truth;
        }
        if let Some(truth) = vectors::truth(node, self.inputs) {
            return truth;
        }
        let (inputs, columns) = (self.inputs, self.columns);
        Truth::collect(inputs.rows, |row| {
            outcome(node, columns, &Position { inputs, row }, self.notes)
        })
    }

    /// What depends on one dictionary alone is told once for each of its values.
    fn by_dictionary(&mut self, node: &Node) -> Option<Truth> {
        let [column] = node.columns()[..] else {
            return None;
        };
        let array = self.inputs.array(column)?;
        if !matches!(array.data_type(), DataType::Dictionary(..)) || matches!(node, Node::IsNull(_)) {
            return None;
        }
        let inputs = self.inputs.with(column, array_values(array));
        let values = Evaluator {
            inputs: &inputs,
            columns: self.columns,
            notes: self.notes,
        }
        .predicate(node);
        by_code(&values, array)
    }
}

fn array_values(array: &ArrayRef) -> ArrayRef {
    array.as_any_dictionary().values().clone()
}

/// What is told of the values of a dictionary, for each of its codes.
fn by_code(values: &Truth, array: &ArrayRef) -> Option<Truth> {
    fn typed<K: ArrowDictionaryKeyType>(values: &Truth, array: &ArrayRef) -> Truth {
        let keys = array.as_any_dictionary().keys().as_primitive::<K>();
        let codes = keys.values();
        values.take(keys.len(), keys.nulls(), |row| codes[row].as_usize())
    }
    let DataType::Dictionary(keys, _) = array.data_type() else {
        return None;
    };
    Some(match &**keys {
        DataType::Int8 => typed::<Int8Type>(values, array),
        DataType::Int16 => typed::<Int16Type>(values, array),
        DataType::Int32 => typed::<Int32Type>(values, array),
        DataType::Int64 => typed::<Int64Type>(values, array),
        DataType::UInt8 => typed::<UInt8Type>(values, array),
        DataType::UInt16 => typed::<UInt16Type>(values, array),
        DataType::UInt32 => typed::<UInt32Type>(values, array),
        DataType::UInt64 => typed::<UInt64Type>(values, array),
        _ => return None,
    })
}

/// Values as an array.
fn array_of(values: &[Scalar<'_>]) -> Result<ArrayRef> {
    let Some(first) = values.iter().find(|value| **value != Scalar::Null) else {
        return Ok(new_null_array(&DataType::Null, values.len()));
    };
    let narrow = |value: i128| i64::try_from(value).ok();
    macro_rules! collect {
        ($array:ty, $($pattern:pat => $value:expr),+) => {{
            let cells = values.iter().map(|value| match value {
                Scalar::Null => Ok(None),
                $($pattern => Ok($value),)+
                other => Err(mixed(first, other)),
            });
            let array: ArrayRef = Arc::new(cells.collect::<Result<$array>>()?);
            Ok(array)
        }};
    }
    match first {
        Scalar::Number(_) => numbers_of(values),
        Scalar::Boolean(_) => collect!(BooleanArray, Scalar::Boolean(value) => Some(*value)),
        Scalar::Text(_) => collect!(StringArray, Scalar::Text(value) => Some(*value)),
        Scalar::Date(_) => collect!(Date32Array, Scalar::Date(value) => i32::try_from(*value).ok()),
        Scalar::Time(_) => collect!(Time64NanosecondArray, Scalar::Time(value) => Some(*value)),
        Scalar::Timestamp(_) => {
            collect!(TimestampNanosecondArray, Scalar::Timestamp(value) => narrow(*value))
        }
        Scalar::Duration(_) => collect!(DurationNanosecondArray, Scalar::Duration(value) => narrow(*value)),
        other => Err(Error::data(format!(
            "the expression gives {}, which is no value",
            other.name()
        ))),
    }
}

fn mixed(first: &Scalar<'_>, other: &Scalar<'_>) -> Error {
    Error::data(format!(
        "the expression gives {} for some records and {} for others",
        first.name(),
        other.name()
    ))
}

/// Numbers as an array of the narrowest type that holds them all.
fn numbers_of(values: &[Scalar<'_>]) -> Result<ArrayRef> {
    let numbers: Vec<Option<Number>> = values
        .iter()
        .map(|value| match value {
            Scalar::Null => Ok(None),
            Scalar::Number(number) => Ok(Some(*number)),
            other => Err(mixed(&Scalar::float(0.0), other)),
        })
        .collect::<Result<_>>()?;
    let scale = numbers
        .iter()
        .flatten()
        .try_fold(0u8, |scale, number| match number {
            Number::Integer(_) => Some(scale),
            Number::Decimal(_, other) => Some(scale.max(*other)),
            _ => None,
        });
    if scale == Some(0) {
        let narrow = |number: &Option<Number>| match number {
            Some(Number::Integer(value)) => i64::try_from(*value).map(Some),
            _ => Ok(None),
        };
        if let Ok(whole) = numbers
            .iter()
            .map(narrow)
            .collect::<std::result::Result<Int64Array, _>>()
        {
            return Ok(Arc::new(whole));
        }
    }
    let exact = scale.and_then(|scale| {
        let widen = |number: &Option<Number>| match number {
            Some(Number::Integer(digits)) => Some(Some(widened(*digits, scale)?)),
            Some(Number::Decimal(digits, from)) => Some(Some(widened(*digits, scale - from)?)),
            _ => Some(None),
        };
        let digits: Option<Decimal128Array> = numbers.iter().map(widen).collect();
        digits?
            .with_precision_and_scale(38, i8::try_from(scale).ok()?)
            .ok()
    });
    Ok(match exact {
        Some(decimals) => Arc::new(decimals),
        None => Arc::new(
            numbers
                .iter()
                .map(|number| number.map(Number::to_f64))
                .collect::<Float64Array>(),
        ),
    })
}

fn widened(digits: i128, by: u8) -> Option<i128> {
    digits.checked_mul(10i128.checked_pow(u32::from(by))?)
}
