//! Values of records, kept until the record is complete.

use super::rows::{Notes, Row, scalar};
use super::scalar::Scalar;
use super::tree::Expression;
use crate::columns::Value;

/// One value; the memory of a text is used again for the next one.
#[derive(Debug, Clone)]
pub struct Cell {
    plain: Option<Scalar<'static>>,
    text: String,
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            plain: Some(Scalar::Null),
            text: String::new(),
        }
    }
}

impl Cell {
    /// Keeps a value.
    #[inline]
    pub fn set(&mut self, value: Value<'_>) {
        if let Value::Text(text) = value {
            self.text.clear();
            self.text.push_str(text);
            self.plain = None;
        } else {
            self.plain = plain(Scalar::of(value));
        }
    }

    /// Keeps a value of another record.
    pub(super) fn keep(&mut self, value: Scalar<'_>) {
        if let Scalar::Text(text) = value {
            self.text.clear();
            self.text.push_str(text);
        }
        self.plain = plain(value);
    }

    /// Hands the value on as one of a record.
    pub fn hand_on(&self, take: impl FnOnce(Value<'_>)) {
        self.value().hand_on(take);
    }

    /// The value is missing.
    pub fn clear(&mut self) {
        self.plain = Some(Scalar::Null);
    }

    /// The value.
    pub fn value(&self) -> Scalar<'_> {
        self.plain.unwrap_or(Scalar::Text(&self.text))
    }
}

/// A value without what it borrows.
fn plain(value: Scalar<'_>) -> Option<Scalar<'static>> {
    Some(match value {
        Scalar::Text(_) => return None,
        Scalar::Null => Scalar::Null,
        Scalar::Boolean(value) => Scalar::Boolean(value),
        Scalar::Number(value) => Scalar::Number(value),
        Scalar::Binary(value) => Scalar::Binary(value),
        Scalar::Timestamp(value) => Scalar::Timestamp(value),
        Scalar::Date(value) => Scalar::Date(value),
        Scalar::Time(value) => Scalar::Time(value),
        Scalar::Duration(value) => Scalar::Duration(value),
        Scalar::List(value) => Scalar::List(value),
        Scalar::Struct => Scalar::Struct,
        Scalar::Other => Scalar::Other,
    })
}

/// The values of one record, by the numbers of columns.
#[derive(Debug, Clone, Default)]
pub struct Cells(Vec<Cell>);

impl Cells {
    /// Room for so many columns, all missing.
    pub fn new(columns: usize) -> Self {
        Self(vec![Cell::default(); columns])
    }

    /// Keeps the value of a column.
    #[inline]
    pub fn set(&mut self, column: usize, value: Value<'_>) {
        if let Some(cell) = self.0.get_mut(column) {
            cell.set(value);
        }
    }

    /// Keeps what an expression is for the values that are there.
    pub(crate) fn compute(&mut self, column: usize, expression: &Expression) {
        let mut cell = std::mem::take(&mut self.0[column]);
        cell.keep(scalar(expression, self, &mut Notes::default()));
        self.0[column] = cell;
    }

    /// The value of a column.
    pub fn get(&self, column: usize) -> Option<&Cell> {
        self.0.get(column)
    }

    /// Forgets all values.
    pub fn clear(&mut self) {
        self.0.iter_mut().for_each(Cell::clear);
    }
}

impl Row for Cells {
    fn value(&self, column: usize) -> Scalar<'_> {
        self.0.get(column).map_or(Scalar::Null, Cell::value)
    }
}
