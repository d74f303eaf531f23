//! Derived columns: computed of others before anything else looks at the data.

mod collecting;

pub use collecting::DerivedRow;

use crate::columns::{Schema, nan_as_null};
use crate::expressions::{Cells, Expression, Input, Inputs, Notes, evaluate_inputs};
use crate::{Error, Result};
use arrow_array::{Array, ArrayRef, NullArray, RecordBatch, RecordBatchOptions};
use arrow_schema::{Field, Schema as ArrowSchema};
use std::collections::HashSet;
use std::fmt::Debug;
use std::sync::Arc;

/// Derived columns that one collector computes at most.
const MOST: usize = 1_000;

/// A function of whole columns.
pub trait Function: Debug + Send + Sync {
    /// One value for each of so many records.
    fn call(&self, columns: &[ArrayRef], rows: usize) -> Result<ArrayRef>;
}

/// How a derived column is computed.
#[derive(Debug, Clone)]
pub enum Formula {
    /// By an expression.
    Expression(Expression),
    /// By a function of the columns of these names.
    Function(Vec<String>, Arc<dyn Function>),
}

impl Formula {
    fn columns(&self) -> &[String] {
        match self {
            Self::Expression(expression) => expression.columns(),
            Self::Function(columns, _) => columns,
        }
    }
}

/// The derived columns of a collector; each may use those before it.
#[derive(Debug, Clone, Default)]
pub struct Derived {
    list: Vec<(String, Formula)>,
    /// Columns of the data that are used.
    columns: Vec<String>,
    /// The expressions over those columns and the derived ones behind them, when there are no functions.
    by_record: Vec<Expression>,
}

impl Derived {
    /// Columns by name, in the order in which they are computed.
    ///
    /// # Errors
    /// When two have one name, one uses itself or one after it, or there are too many.
    pub fn new(list: Vec<(String, Formula)>) -> Result<Self> {
        if list.len() > MOST {
            return Err(Error::argument(format!(
                "{} derived columns; at most {MOST} are computed",
                list.len()
            )));
        }
        let all: HashSet<&String> = list.iter().map(|(name, _)| name).collect();
        let mut before: HashSet<&String> = HashSet::new();
        let mut columns: Vec<String> = Vec::new();
        for (name, formula) in &list {
            for column in formula.columns() {
                if before.contains(column) {
                    continue;
                }
                if all.contains(column) {
                    return Err(Error::argument(format!(
                        "derived column {name:?} uses {column:?}, which is computed after it; put that first"
                    )));
                }
                if !columns.contains(column) {
                    columns.push(column.clone());
                }
            }
            if !before.insert(name) {
                return Err(Error::argument(format!(
                    "two derived columns are called {name:?}; give each a name of its own"
                )));
            }
        }
        let mut known: Vec<String> = columns.clone();
        known.extend(list.iter().map(|(name, _)| name.clone()));
        let expression = |(_, formula): &(String, Formula)| match formula {
            Formula::Expression(expression) => Some(expression.over(&mut known.clone())),
            Formula::Function(..) => None,
        };
        let by_record: Option<Vec<Expression>> = list.iter().map(expression).collect();
        Ok(Self {
            by_record: by_record.unwrap_or_default(),
            list,
            columns,
        })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether one is computed by a function, which is called for many records at a time.
    pub fn has_functions(&self) -> bool {
        self.list
            .iter()
            .any(|(_, formula)| matches!(formula, Formula::Function(..)))
    }

    /// Their names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|(name, _)| name.as_str())
    }

    /// The columns of the data that are used.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Whether a top-level column, or something inside it, is used.
    pub fn needs(&self, name: &str) -> bool {
        let inside = |column: &String| {
            let rest = column.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.columns.iter().any(inside)
    }

    /// The derived column that uses a column of the data.
    pub(in crate::profile) fn using(&self, column: &str) -> Option<&str> {
        let uses = |(_, formula): &&(String, Formula)| formula.columns().iter().any(|name| name == column);
        self.list.iter().find(uses).map(|(name, _)| name.as_str())
    }

    /// Derived columns are wanted, whatever else is.
    fn add_to(&self, schema: &mut Schema) {
        if let Some(only) = &mut schema.only {
            only.extend(self.names().map(str::to_owned));
        }
    }

    /// Refuses a column of the data that has the name of a derived one.
    ///
    /// # Errors
    /// When there is one.
    pub fn check_name(&self, column: &str) -> Result<()> {
        if self.names().any(|name| name == column) {
            return Err(Error::data(format!(
                "the data has a column {column:?} already; give the derived column another name"
            )));
        }
        Ok(())
    }

    /// The derived columns of some records.
    ///
    /// `inputs` are the columns of [`Self::columns`], in that order.
    ///
    /// # Errors
    /// When a function fails, or the values of one column are of several types.
    pub fn compute(&self, inputs: Vec<Input>, rows: usize, nan_is_null: bool) -> Result<Vec<ArrayRef>> {
        let mut known: Vec<Input> = Inputs::new(inputs, rows, nan_is_null)?.into_columns();
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.list.len());
        for (at, (name, formula)) in self.list.iter().enumerate() {
            let find = |column: &String| match self.columns.iter().position(|name| name == column) {
                Some(slot) => known[slot].clone(),
                None => {
                    let before = self.list[..at].iter().position(|(name, _)| name == column);
                    before.map_or(Input::Missing, |slot| known[self.columns.len() + slot].clone())
                }
            };
            let inputs: Vec<Input> = formula.columns().iter().map(find).collect();
            let array = formula
                .values(inputs, rows)
                .map_err(|error| error.at(format!("derived column {name:?}")))?;
            known.push(Input::Array(array.clone()));
            arrays.push(array);
        }
        Ok(arrays)
    }

    /// Room for the values of one record: those of [`Self::columns`], and the derived ones behind them.
    pub fn cells(&self) -> Cells {
        Cells::new(self.columns.len() + self.list.len())
    }

    /// Computes the derived values of a record, whose own are in [`Self::cells`]; functions cannot take part.
    pub fn compute_record(&self, cells: &mut Cells) {
        for (at, expression) in self.by_record.iter().enumerate() {
            cells.compute(self.columns.len() + at, expression);
        }
    }

    /// A batch with its derived columns behind the others.
    ///
    /// # Errors
    /// See [`Self::compute`]; also when a column of that name is there.
    pub fn extend(&self, batch: &RecordBatch, nan_is_null: bool) -> Result<RecordBatch> {
        if self.is_empty() {
            return Ok(batch.clone());
        }
        let mut fields: Vec<Arc<Field>> = batch.schema_ref().fields().to_vec();
        fields
            .iter()
            .try_for_each(|field| self.check_name(field.name()))?;
        let found = self
            .columns
            .iter()
            .map(|name| crate::expressions::resolve(batch, name).map_or(Input::Missing, Input::Array));
        let computed = self.compute(found.collect(), batch.num_rows(), nan_is_null)?;
        let mut columns = batch.columns().to_vec();
        for (name, array) in self.names().zip(computed) {
            fields.push(Arc::new(Field::new(name, array.data_type().clone(), true)));
            columns.push(array);
        }
        let schema = Arc::new(ArrowSchema::new(fields));
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(schema, columns, &options)
            .map_err(|error| Error::data(error.to_string()))
    }
}

impl Formula {
    fn values(&self, inputs: Vec<Input>, rows: usize) -> Result<ArrayRef> {
        // Nothing can be told of no records, least of all their type.
        if rows == 0 {
            return Ok(Arc::new(NullArray::new(0)));
        }
        match self {
            Self::Expression(expression) => {
                // NaN is null already, where it is.
                let inputs = Inputs::new(inputs, rows, false)?;
                evaluate_inputs(expression, &inputs, &mut Notes::default())
            }
            Self::Function(names, function) => {
                let arrays = names.iter().zip(inputs).map(|(name, input)| match input {
                    Input::Array(array) => Ok(array),
                    Input::Missing => Ok(Arc::new(NullArray::new(rows)) as ArrayRef),
                    Input::Cells(cells) => crate::expressions::cells_array(&cells)
                        .map_err(|error| error.at(format!("column {name:?}"))),
                });
                let array = function.call(&arrays.collect::<Result<Vec<_>>>()?, rows)?;
                if array.len() == rows {
                    // Arrays of NumPy and pandas have no other mark of a missing value.
                    return Ok(nan_as_null(array));
                }
                Err(Error::data(format!(
                    "the function gave {} values for {rows} records; one a record is needed",
                    array.len()
                )))
            }
        }
    }
}
