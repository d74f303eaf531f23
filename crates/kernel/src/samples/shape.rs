//! Batches of different columns and types as one.
//!
//! Rows are kept in *plain* types: dictionaries and runs as the values that they stand for, texts, bytes and lists
//! with large offsets. So a copied row keeps nothing else alive, and rows of several batches can stand together.
//! A column whose type changes keeps its values: in a type that holds them all exactly, or else as texts.

use super::chunk;
use super::datum::Datum;
use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, LargeListArray, LargeStringArray, RecordBatch, StructArray, new_null_array,
};
use arrow_cast::cast;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Fields, TimeUnit};
use arrow_select::interleave::interleave;
use std::collections::HashSet;
use std::sync::Arc;

fn broken(name: &str, error: impl std::fmt::Display) -> Error {
    Error::data(format!("column {name:?}: cannot keep a record: {error}"))
}

fn plain_field(field: &FieldRef) -> FieldRef {
    let plain = plain_type(field.data_type());
    Arc::new(Field::new(field.name(), plain, true))
}

/// The type in which values of a type are kept.
fn plain_type(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Dictionary(_, values) => plain_type(values),
        DataType::RunEndEncoded(_, values) => plain_type(values.data_type()),
        DataType::Utf8 | DataType::Utf8View => DataType::LargeUtf8,
        DataType::Binary | DataType::BinaryView => DataType::LargeBinary,
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => DataType::LargeList(item_field(plain_type(item.data_type()))),
        DataType::Struct(fields) if !fields.is_empty() => {
            DataType::Struct(fields.iter().map(plain_field).collect())
        }
        // No file has these, or not everybody's reader: texts.
        DataType::Struct(_) | DataType::Union(..) | DataType::Interval(_) | DataType::Map(..) => {
            DataType::LargeUtf8
        }
        other => other.clone(),
    }
}

pub(super) fn item_field(data_type: DataType) -> FieldRef {
    Arc::new(Field::new("item", data_type, true))
}

/// A batch in plain types.
pub(super) fn plain_batch(batch: &RecordBatch) -> Result<RecordBatch> {
    let mut seen = HashSet::new();
    let columns = batch.schema_ref().fields().iter().zip(batch.columns());
    let columns = columns.map(|(field, array)| {
        let name = field.name().as_str();
        if !seen.insert(name) {
            return Err(Error::data(format!(
                "column {name:?} occurs more than once; rename the columns so that every name is there once"
            )));
        }
        let plain = fit(array, &plain_type(array.data_type())).map_err(|error| broken(name, error))?;
        Ok((name, plain))
    });
    let columns: Vec<(&str, ArrayRef)> = columns.collect::<Result<_>>()?;
    chunk::batch(columns, batch.num_rows())
}

/// The values of an array in another type that holds them.
fn fit(array: &ArrayRef, target: &DataType) -> std::result::Result<ArrayRef, ArrowError> {
    match (array.data_type(), target) {
        (mine, target) if mine == target => Ok(array.clone()),
        (DataType::Null, _) => Ok(new_null_array(target, array.len())),
        (DataType::Dictionary(_, values), _) => fit(&cast(array, values)?, target),
        (DataType::RunEndEncoded(_, values), _) => fit(&cast(array, values.data_type())?, target),
        (DataType::Struct(_), DataType::Struct(fields)) => fit_struct(array.as_struct(), fields),
        (_, DataType::LargeList(item)) => {
            let list = as_large_list(array)?;
            let values = fit(list.values(), item.data_type())?;
            let (_, offsets, _, nulls) = list.into_parts();
            Ok(Arc::new(LargeListArray::try_new(
                item.clone(),
                offsets,
                values,
                nulls,
            )?))
        }
        (DataType::Utf8 | DataType::Utf8View, DataType::LargeUtf8) => cast(array, target),
        (_, DataType::LargeUtf8) => texts(array),
        _ => cast(array, target),
    }
}

fn as_large_list(array: &ArrayRef) -> std::result::Result<LargeListArray, ArrowError> {
    let target = match array.data_type() {
        DataType::LargeList(_) => return Ok(array.as_list::<i64>().clone()),
        DataType::List(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => DataType::LargeList(item.clone()),
        other => return Err(ArrowError::CastError(format!("{other} is no list"))),
    };
    Ok(cast(array, &target)?.as_list::<i64>().clone())
}

fn fit_struct(array: &StructArray, fields: &Fields) -> std::result::Result<ArrayRef, ArrowError> {
    let children = fields
        .iter()
        .map(|field| match array.column_by_name(field.name()) {
            Some(child) => fit(child, field.data_type()),
            None => Ok(new_null_array(field.data_type(), array.len())),
        });
    let children = children.collect::<std::result::Result<_, _>>()?;
    let array =
        StructArray::try_new_with_length(fields.clone(), children, array.nulls().cloned(), array.len())?;
    Ok(Arc::new(array))
}

/// Values as texts: JSON for nested ones.
fn texts(array: &ArrayRef) -> std::result::Result<ArrayRef, ArrowError> {
    let options = FormatOptions::default();
    let formatter = ArrayFormatter::try_new(array, &options)?;
    let nested = array.data_type().is_nested();
    let text = |row: usize| {
        if array.is_null(row) {
            return Ok(None);
        }
        Ok(Some(match Datum::of(array, row) {
            Datum::Null if nested => return Ok(None),
            datum if nested => datum.text(),
            _ => formatter.value(row).try_to_string()?,
        }))
    };
    let texts: std::result::Result<LargeStringArray, ArrowError> = (0..array.len()).map(text).collect();
    Ok(Arc::new(texts?))
}

/// A type that holds the values of all arrays exactly; texts when there is none.
fn common(arrays: &[&ArrayRef]) -> DataType {
    let mut types: Vec<&DataType> = Vec::new();
    for array in arrays {
        if !types.contains(&array.data_type()) && *array.data_type() != DataType::Null {
            types.push(array.data_type());
        }
    }
    match types[..] {
        [] => return DataType::Null,
        [only] => return only.clone(),
        _ => {}
    }
    let all = |fits: fn(&DataType) -> bool| types.iter().all(|data_type| fits(data_type));
    if all(|data_type| matches!(data_type, DataType::Struct(_))) {
        return common_struct(arrays);
    }
    if all(|data_type| matches!(data_type, DataType::LargeList(_))) {
        let values: Vec<&ArrayRef> = arrays
            .iter()
            .filter_map(|array| array.as_list_opt::<i64>())
            .map(LargeListArray::values)
            .collect();
        return DataType::LargeList(item_field(common(&values)));
    }
    let candidates = if all(DataType::is_numeric) {
        numeric(&types)
    } else {
        timestamps(&types)
    };
    let exact = |target: &DataType| arrays.iter().all(|array| holds(array, target));
    candidates.into_iter().find(exact).unwrap_or(DataType::LargeUtf8)
}

fn common_struct(arrays: &[&ArrayRef]) -> DataType {
    let structs: Vec<&StructArray> = arrays.iter().filter_map(|array| array.as_struct_opt()).collect();
    let mut names: Vec<&str> = Vec::new();
    let mut seen = HashSet::new();
    for name in structs.iter().flat_map(|one| one.column_names()) {
        if seen.insert(name) {
            names.push(name);
        }
    }
    let field = |name: &str| {
        let children: Vec<&ArrayRef> = structs
            .iter()
            .filter_map(|one| one.column_by_name(name))
            .collect();
        Field::new(name, common(&children), true)
    };
    DataType::Struct(names.into_iter().map(field).collect())
}

fn numeric(types: &[&DataType]) -> Vec<DataType> {
    let scale = types.iter().map(|data_type| match data_type {
        DataType::Decimal32(_, scale)
        | DataType::Decimal64(_, scale)
        | DataType::Decimal128(_, scale)
        | DataType::Decimal256(_, scale) => *scale,
        _ => 0,
    });
    let decimal = DataType::Decimal128(38, scale.max().unwrap_or(0));
    if types.iter().any(|data_type| data_type.is_floating()) {
        return vec![DataType::Float64];
    }
    if types.iter().any(|data_type| data_type.is_decimal()) {
        return vec![decimal];
    }
    vec![DataType::Int64, DataType::UInt64, decimal]
}

/// Points in time of one zone, in the finest of their units.
fn timestamps(types: &[&DataType]) -> Vec<DataType> {
    let parts = types.iter().map(|data_type| match data_type {
        DataType::Timestamp(unit, zone) => Some((*unit, zone)),
        _ => None,
    });
    let Some(parts) = parts.collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let units = [
        TimeUnit::Nanosecond,
        TimeUnit::Microsecond,
        TimeUnit::Millisecond,
        TimeUnit::Second,
    ];
    let finest = units
        .into_iter()
        .find(|unit| parts.iter().any(|part| part.0 == *unit));
    match (finest, parts.first()) {
        (Some(unit), Some((_, zone))) if parts.iter().all(|part| part.1 == *zone) => {
            vec![DataType::Timestamp(unit, (*zone).clone())]
        }
        _ => Vec::new(),
    }
}

/// Whether a type holds the values of an array exactly: they come back as they were.
fn holds(array: &ArrayRef, target: &DataType) -> bool {
    if *array.data_type() == DataType::Null || array.data_type() == target {
        return true;
    }
    let back = cast(array, target).and_then(|there| cast(&there, array.data_type()));
    back.is_ok_and(|back| back.to_data() == array.to_data())
}

/// Some rows of batches: each given by its batch and its place in there.
pub(super) fn gather(batches: &[RecordBatch], places: &[(usize, usize)]) -> Result<RecordBatch> {
    let mut names: Vec<&str> = Vec::new();
    let mut seen = HashSet::new();
    for batch in batches {
        for field in batch.schema_ref().fields() {
            if seen.insert(field.name().as_str()) {
                names.push(field.name());
            }
        }
    }
    let mut columns = Vec::with_capacity(names.len());
    for name in names {
        let column = gather_column(batches, name, places).map_err(|error| broken(name, error))?;
        columns.push((name, column));
    }
    chunk::batch(columns, places.len())
}

fn gather_column(
    batches: &[RecordBatch],
    name: &str,
    places: &[(usize, usize)],
) -> std::result::Result<ArrayRef, ArrowError> {
    let parts: Vec<Option<&ArrayRef>> = batches.iter().map(|batch| batch.column_by_name(name)).collect();
    let there: Vec<&ArrayRef> = parts.iter().flatten().copied().collect();
    let target = common(&there);
    let fitted = parts.iter().zip(batches).map(|(part, batch)| match part {
        Some(array) => fit(array, &target),
        None => Ok(new_null_array(&target, batch.num_rows())),
    });
    let fitted: Vec<ArrayRef> = fitted.collect::<std::result::Result<_, _>>()?;
    let arrays: Vec<&dyn Array> = fitted.iter().map(|array| &**array).collect();
    interleave(&arrays, places)
}
