//! The field `conditions`: a list of structs in the first row of a profile, null in its other rows.

use super::write::Row;
use crate::profile::{Condition, Tally};
use crate::{Error, Result};
use arrow_array::builder::{ArrayBuilder, Int64Builder, ListBuilder, StringBuilder, StructBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, StructArray};
use arrow_schema::{DataType, Field};
use std::collections::HashSet;
use std::sync::Arc;

const TEXTS: [&str; 3] = ["name", "expression", "reason"];
const COUNTS: [&str; 3] = ["passed", "failed", "unknown"];

/// The conditions of each row.
pub(super) fn array(rows: &[Row<'_>]) -> ArrayRef {
    let texts = TEXTS.map(|name| Field::new(name, DataType::Utf8, name == "reason"));
    let counts = COUNTS.map(|name| Field::new(name, DataType::Int64, false));
    let builders: Vec<Box<dyn ArrayBuilder>> = vec![
        Box::new(StringBuilder::new()),
        Box::new(StringBuilder::new()),
        Box::new(StringBuilder::new()),
        Box::new(Int64Builder::new()),
        Box::new(Int64Builder::new()),
        Box::new(Int64Builder::new()),
    ];
    let fields: Vec<Field> = texts.into_iter().chain(counts).collect();
    let mut lists = ListBuilder::new(StructBuilder::new(fields, builders));
    let mut before = None;
    for (number, profile, _) in rows {
        let first = before != Some(*number);
        before = Some(*number);
        if !first || profile.conditions.is_empty() {
            lists.append_null();
            continue;
        }
        for condition in &profile.conditions {
            append(lists.values(), condition);
        }
        lists.append(true);
    }
    Arc::new(lists.finish())
}

fn append(structs: &mut StructBuilder, condition: &Condition) {
    let tally = &condition.tally;
    let texts = [
        Some(condition.name.as_str()),
        Some(condition.expression.as_str()),
        tally.reason.as_deref(),
    ];
    for (at, text) in texts.into_iter().enumerate() {
        if let Some(builder) = structs.field_builder::<StringBuilder>(at) {
            builder.append_option(text);
        }
    }
    for (at, count) in [tally.passed, tally.failed, tally.unknown]
        .into_iter()
        .enumerate()
    {
        if let Some(builder) = structs.field_builder::<Int64Builder>(TEXTS.len() + at) {
            builder.append_value(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }
    structs.append(true);
}

/// The conditions of a row; a reader trusts none of it.
pub(super) fn read(array: &ArrayRef, row: usize, records: u64) -> Result<Vec<Condition>> {
    let wrong = || Error::format(format!("it is {}", array.data_type()));
    let list = array.as_list_opt::<i32>().ok_or_else(wrong)?.value(row);
    let structs = list.as_struct_opt().ok_or_else(wrong)?;
    let mut names = HashSet::new();
    (0..structs.len())
        .map(|at| {
            let condition = condition(structs, at)?;
            let counted = u128::from(condition.tally.passed)
                + u128::from(condition.tally.failed)
                + u128::from(condition.tally.unknown);
            if counted > u128::from(records) {
                return Err(Error::format(format!(
                    "{:?} counts {counted} of {records} records",
                    condition.name
                )));
            }
            if !names.insert((condition.name.clone(), condition.expression.clone())) {
                return Err(Error::format(format!("{:?} is there twice", condition.name)));
            }
            Ok(condition)
        })
        .collect()
}

fn condition(structs: &StructArray, at: usize) -> Result<Condition> {
    let column = |name: &str| {
        let column = structs.column_by_name(name);
        column.ok_or_else(|| Error::format(format!("{name} is missing")))
    };
    let text = |name: &str| {
        let texts = column(name)?.as_string_opt::<i32>();
        let texts = texts.ok_or_else(|| Error::format(format!("{name} is no text")))?;
        Ok(texts.is_valid(at).then(|| texts.value(at)))
    };
    let required = |name: &str| {
        text(name)?
            .map(str::to_owned)
            .ok_or_else(|| Error::format(format!("{name} is null")))
    };
    let count = |name: &str| {
        let counts = column(name)?.as_primitive_opt::<Int64Type>();
        let counts = counts.ok_or_else(|| Error::format(format!("{name} is no int64")))?;
        let valid = counts.is_valid(at).then(|| u64::try_from(counts.value(at)).ok());
        valid
            .flatten()
            .ok_or_else(|| Error::format(format!("{name} is no count")))
    };
    Ok(Condition {
        name: required("name")?,
        expression: required("expression")?,
        tally: Tally {
            passed: count("passed")?,
            failed: count("failed")?,
            unknown: count("unknown")?,
            reason: text("reason")?.map(Into::into),
        },
    })
}
