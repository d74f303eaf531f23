//! Nested columns, taken apart: struct fields become `parent.child`, list elements `parent[]`.

use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, OffsetSizeTrait};
use arrow_schema::DataType;
use arrow_select::filter::filter;
use std::sync::Arc;

/// The lists of an array: where each valid one begins and ends among the elements.
struct Lists {
    ranges: Vec<(usize, usize)>,
    elements: ArrayRef,
}

impl Lists {
    fn of(array: &ArrayRef) -> Result<Self> {
        match array.data_type() {
            DataType::List(_) => {
                let lists = array.as_list::<i32>();
                Ok(Self::from_offsets(array, lists.value_offsets(), lists.values()))
            }
            DataType::LargeList(_) => {
                let lists = array.as_list::<i64>();
                Ok(Self::from_offsets(array, lists.value_offsets(), lists.values()))
            }
            DataType::Map(..) => {
                let maps = array.as_map();
                let entries: ArrayRef = Arc::new(maps.entries().clone());
                Ok(Self::from_offsets(array, maps.value_offsets(), &entries))
            }
            DataType::FixedSizeList(_, size) => {
                let size = *size as usize;
                let rows = (0..array.len()).filter(|&row| array.is_valid(row));
                let ranges = rows.map(|row| (row * size, (row + 1) * size)).collect();
                Ok(Self {
                    ranges,
                    elements: array.as_fixed_size_list().values().clone(),
                })
            }
            DataType::ListView(field) => Self::cast(array, &DataType::List(field.clone())),
            DataType::LargeListView(field) => Self::cast(array, &DataType::LargeList(field.clone())),
            other => Err(Error::data(format!("a {other} column is not a list"))),
        }
    }

    fn cast(array: &ArrayRef, target: &DataType) -> Result<Self> {
        let lists = arrow_cast::cast(array, target)
            .map_err(|error| Error::data(format!("cannot read a {} column: {error}", array.data_type())))?;
        Self::of(&lists)
    }

    fn from_offsets<O: OffsetSizeTrait>(array: &ArrayRef, offsets: &[O], elements: &ArrayRef) -> Self {
        let rows = (0..array.len()).filter(|&row| array.is_valid(row));
        let ranges = rows
            .map(|row| (offsets[row].as_usize(), offsets[row + 1].as_usize()))
            .collect();
        Self {
            ranges,
            elements: elements.clone(),
        }
    }

    /// The elements of the valid lists, and only those.
    fn elements(&self) -> Result<ArrayRef> {
        let total: usize = self.ranges.iter().map(|range| range.1 - range.0).sum();
        let start = self.ranges.first().map_or(0, |range| range.0);
        let end = self.ranges.last().map_or(0, |range| range.1);
        if end - start == total {
            return Ok(self.elements.slice(start, total));
        }
        let mut wanted = vec![false; self.elements.len()];
        self.ranges
            .iter()
            .for_each(|&(start, end)| wanted[start..end].fill(true));
        select(&self.elements, &BooleanArray::from(wanted))
    }
}

fn select(array: &ArrayRef, wanted: &BooleanArray) -> Result<ArrayRef> {
    filter(array, wanted).map_err(|error| Error::data(format!("cannot take values out of a column: {error}")))
}

/// The lengths of the lists that are not null.
pub(super) fn list_lengths(array: &ArrayRef) -> Result<Vec<f64>> {
    Ok(Lists::of(array)?
        .ranges
        .iter()
        .map(|range| (range.1 - range.0) as f64)
        .collect())
}

/// The columns inside a nested column, by path, one level down; none for a flat one.
pub fn children(path: &str, array: &ArrayRef) -> Result<Vec<(String, ArrayRef)>> {
    match array.data_type() {
        DataType::Struct(fields) => {
            let columns = array.as_struct().columns().iter();
            let valid = array
                .nulls()
                .map(|nulls| BooleanArray::new(nulls.inner().clone(), None));
            let present = |column: &ArrayRef| match &valid {
                Some(valid) => select(column, valid),
                None => Ok(column.clone()),
            };
            let named = fields.iter().zip(columns);
            named
                .map(|(field, column)| Ok((format!("{path}.{}", field.name()), present(column)?)))
                .collect()
        }
        list if list.is_nested()
            && !matches!(
                list,
                DataType::Union(..) | DataType::Dictionary(..) | DataType::RunEndEncoded(..)
            ) =>
        {
            Ok(vec![(format!("{path}[]"), Lists::of(array)?.elements()?)])
        }
        _ => Ok(Vec::new()),
    }
}
