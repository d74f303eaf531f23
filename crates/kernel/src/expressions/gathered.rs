//! A column made value by value: an array while all values are of one type, cells when they are not.

use super::arrays::{Input, at};
use super::cells::Cell;
use crate::columns::Value;
use arrow_array::ArrayRef;
use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int64Builder, LargeStringBuilder, TimestampMicrosecondBuilder,
};
use std::sync::Arc;

/// The values so far.
#[derive(Debug)]
enum Values {
    /// So many nulls and nothing else.
    Nulls(usize),
    Booleans(BooleanBuilder),
    Integers(Int64Builder),
    Floats(Float64Builder),
    Texts(LargeStringBuilder),
    Timestamps(TimestampMicrosecondBuilder),
    Cells(Vec<Cell>),
}

/// A column that is made value by value.
#[derive(Debug)]
pub struct Gathered {
    values: Values,
    rows: usize,
}

impl Default for Gathered {
    fn default() -> Self {
        Self {
            values: Values::Nulls(0),
            rows: 0,
        }
    }
}

impl Gathered {
    /// How many values there are.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Adds nulls until there are so many values.
    pub fn pad(&mut self, rows: usize) {
        while self.rows < rows {
            self.push(Value::Null);
        }
    }

    /// Adds a value.
    #[inline]
    pub fn push(&mut self, value: Value<'_>) {
        if let Values::Nulls(nulls) = self.values {
            self.begin(nulls, &value);
        }
        match (&mut self.values, value) {
            (Values::Nulls(nulls), _) => *nulls += 1,
            (Values::Booleans(values), Value::Boolean(value)) => values.append_value(value),
            (Values::Booleans(values), Value::Null) => values.append_null(),
            (Values::Integers(values), Value::Integer(value)) => values.append_value(value),
            (Values::Integers(values), Value::Null) => values.append_null(),
            (Values::Floats(values), Value::Float(value)) => values.append_value(value),
            (Values::Floats(values), Value::Null) => values.append_null(),
            (Values::Texts(values), Value::Text(value)) => values.append_value(value),
            (Values::Texts(values), Value::Null) => values.append_null(),
            (Values::Timestamps(values), Value::Timestamp(value)) => values.append_value(value),
            (Values::Timestamps(values), Value::Null) => values.append_null(),
            (Values::Cells(cells), value) => {
                cells.push(Cell::default());
                if let Some(cell) = cells.last_mut() {
                    cell.set(value);
                }
            }
            (_, value) => {
                self.mix();
                return self.push(value);
            }
        }
        self.rows += 1;
    }

    /// Chooses the type by the first value that is not null.
    fn begin(&mut self, nulls: usize, first: &Value<'_>) {
        macro_rules! typed {
            ($kind:ident, $builder:ident) => {{
                let mut builder = $builder::new();
                (0..nulls).for_each(|_| builder.append_null());
                self.values = Values::$kind(builder);
            }};
        }
        match first {
            Value::Null => {}
            Value::Boolean(_) => typed!(Booleans, BooleanBuilder),
            Value::Integer(_) => typed!(Integers, Int64Builder),
            Value::Float(_) => typed!(Floats, Float64Builder),
            Value::Text(_) => typed!(Texts, LargeStringBuilder),
            Value::Timestamp(_) => typed!(Timestamps, TimestampMicrosecondBuilder),
            _ => self.values = Values::Cells(vec![Cell::default(); nulls]),
        }
    }

    /// The values are of several types after all.
    fn mix(&mut self) {
        let cells = match self.array() {
            None => Vec::new(),
            Some(array) => (0..array.len())
                .map(|row| {
                    let mut cell = Cell::default();
                    cell.keep(at(&array, row));
                    cell
                })
                .collect(),
        };
        self.values = Values::Cells(cells);
    }

    fn array(&mut self) -> Option<ArrayRef> {
        Some(match &mut self.values {
            Values::Nulls(nulls) => Arc::new(arrow_array::NullArray::new(*nulls)),
            Values::Booleans(values) => Arc::new(values.finish()),
            Values::Integers(values) => Arc::new(values.finish()),
            Values::Floats(values) => Arc::new(values.finish()),
            Values::Texts(values) => Arc::new(values.finish()),
            Values::Timestamps(values) => Arc::new(values.finish()),
            Values::Cells(_) => return None,
        })
    }

    /// The column; nothing is left.
    pub fn finish(&mut self) -> Input {
        let input = match self.array() {
            Some(array) => Input::Array(array),
            None => match std::mem::replace(&mut self.values, Values::Nulls(0)) {
                Values::Cells(cells) => Input::Cells(cells),
                _ => Input::Missing,
            },
        };
        *self = Self::default();
        input
    }
}
