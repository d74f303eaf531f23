//! Column names and their numbers, shared by all windows of a collector.

use crate::columns::{Schema, children};
use crate::{Error, Result};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A copy costs nothing until one of the two learns a name.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(Arc<Numbered>);

#[derive(Debug, Clone, Default)]
struct Numbered {
    names: Vec<Arc<str>>,
    numbers: HashMap<String, usize>,
}

impl Names {
    /// The number of a column, a new one when the name is new.
    pub(super) fn number(&mut self, name: &str) -> usize {
        if let Some(&number) = self.0.numbers.get(name) {
            return number;
        }
        let numbered = Arc::make_mut(&mut self.0);
        let number = numbered.names.len();
        numbered.names.push(name.into());
        numbered.numbers.insert(name.to_owned(), number);
        number
    }

    /// The number of a column that has one.
    pub(super) fn known(&self, name: &str) -> Option<usize> {
        self.0.numbers.get(name).copied()
    }

    pub(super) fn name(&self, number: usize) -> &Arc<str> {
        &self.0.names[number]
    }

    /// All names in the order of their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.names.iter().map(AsRef::as_ref)
    }

    /// Numbers all columns of a batch, nested ones included; the number of columns.
    pub(super) fn register<'a>(
        &mut self,
        schema: &Schema,
        fields: impl Iterator<Item = &'a Field>,
    ) -> Result<usize> {
        let mut seen = HashSet::new();
        for field in fields.filter(|field| schema.wants(field.name())) {
            self.register_path(schema, field.name(), field.data_type(), &mut seen)?;
        }
        Ok(seen.len())
    }

    fn register_path(
        &mut self,
        schema: &Schema,
        path: &str,
        data_type: &DataType,
        seen: &mut HashSet<usize>,
    ) -> Result<()> {
        if !schema.shows(path) {
            return Ok(());
        }
        if !seen.insert(self.number(path)) {
            return Err(Error::data(format!(
                "column {path:?} occurs more than once; rename the columns so that every name is there once"
            )));
        }
        match data_type {
            DataType::Struct(fields) => fields.iter().try_for_each(|field| {
                let path = format!("{path}.{}", field.name());
                self.register_path(schema, &path, field.data_type(), seen)
            }),
            DataType::List(item)
            | DataType::LargeList(item)
            | DataType::FixedSizeList(item, _)
            | DataType::ListView(item)
            | DataType::LargeListView(item)
            | DataType::Map(item, _) => {
                self.register_path(schema, &format!("{path}[]"), item.data_type(), seen)
            }
            _ => Ok(()),
        }
    }

    /// All columns of batches that are registered, nested ones taken apart.
    pub(super) fn flatten(
        &self,
        schema: &Schema,
        batches: &[RecordBatch],
    ) -> Result<Vec<(usize, Vec<ArrayRef>)>> {
        let mut flat = Vec::new();
        for batch in batches {
            let fields = batch.schema_ref().fields().iter().zip(batch.columns());
            for (field, array) in fields.filter(|(field, _)| schema.wants(field.name())) {
                self.flatten_path(field.name(), array, &mut flat)?;
            }
        }
        // Batches may differ in the order of their columns.
        flat.sort_by_key(|column| column.0);
        Ok(group(flat))
    }

    /// One column given as chunks, taken apart.
    pub(super) fn flatten_column(
        &self,
        name: &str,
        chunks: &[ArrayRef],
    ) -> Result<Vec<(usize, Vec<ArrayRef>)>> {
        let mut flat = Vec::new();
        chunks
            .iter()
            .try_for_each(|chunk| self.flatten_path(name, chunk, &mut flat))?;
        flat.sort_by_key(|column| column.0);
        Ok(group(flat))
    }

    fn flatten_path(&self, path: &str, array: &ArrayRef, flat: &mut Vec<(usize, ArrayRef)>) -> Result<()> {
        if let Some(&number) = self.0.numbers.get(path) {
            flat.push((number, array.clone()));
        }
        for (path, child) in children(path, array)? {
            self.flatten_path(&path, &child, flat)?;
        }
        Ok(())
    }
}

fn group(sorted: Vec<(usize, ArrayRef)>) -> Vec<(usize, Vec<ArrayRef>)> {
    let mut groups: Vec<(usize, Vec<ArrayRef>)> = Vec::with_capacity(sorted.len());
    for (number, array) in sorted {
        match groups.last_mut().filter(|group| group.0 == number) {
            Some(group) => group.1.push(array),
            None => groups.push((number, vec![array])),
        }
    }
    groups
}
