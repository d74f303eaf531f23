//! The plain dict that a `tidegauge.Schema` crosses the border as.

use crate::errors::argument_error;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyMapping};
use std::collections::BTreeSet;
use tidegauge_kernel::columns::{ColumnSpec, Correlated, MetricSet, Schema};

fn metric_set(names: &[String]) -> PyResult<MetricSet> {
    let mut metrics = MetricSet::NONE;
    for name in names {
        if !metrics.switch_on(name) {
            return Err(argument_error(format!(
                "there is no metric {name:?}; metrics are counts, types, moments, quantiles, cardinality, frequent_items"
            )));
        }
    }
    Ok(metrics)
}

/// What is not there, or is None, is the default.
fn entry<'py, T>(dict: &Bound<'py, PyMapping>, key: &str) -> PyResult<Option<T>>
where
    T: for<'a> FromPyObject<'a, 'py>,
    for<'a> <T as FromPyObject<'a, 'py>>::Error: Into<PyErr>,
{
    if !dict.contains(key)? {
        return Ok(None);
    }
    dict.get_item(key)?.extract::<Option<T>>().map_err(Into::into)
}

/// True, false, or the names of columns.
fn correlated(chosen: &Bound<'_, PyAny>) -> PyResult<Correlated> {
    Ok(match chosen.cast::<PyBool>() {
        Ok(all) if all.is_true() => Correlated::All,
        Ok(_) => Correlated::Nothing,
        Err(_) => Correlated::Only(chosen.extract::<Vec<String>>()?.into_iter().collect()),
    })
}

/// Reads the dict.
pub(crate) fn read(dict: Option<&Bound<'_, PyMapping>>) -> PyResult<Schema> {
    let mut schema = Schema::default();
    let Some(dict) = dict else { return Ok(schema) };
    let version: i64 = entry(dict, "version")?.unwrap_or(1);
    if version != 1 {
        return Err(argument_error(format!(
            "schema version {version} is not known to this kernel, which reads 1"
        )));
    }
    if let Some(names) = entry::<Vec<String>>(dict, "metrics")? {
        schema.metrics = metric_set(&names)?;
    }
    schema.only = entry::<Vec<String>>(dict, "only")?.map(|names| names.into_iter().collect::<BTreeSet<_>>());
    if let Some(chosen) = entry::<Bound<'_, PyAny>>(dict, "correlation")? {
        schema.correlation = correlated(&chosen)?;
    }
    if let Some(columns) = entry::<Bound<'_, PyMapping>>(dict, "columns")? {
        for item in columns.items()? {
            let (name, spec): (String, Bound<'_, PyMapping>) = item.extract()?;
            let metrics = entry::<Vec<String>>(&spec, "metrics")?
                .map(|names| metric_set(&names))
                .transpose()?;
            schema.columns.insert(
                name,
                ColumnSpec {
                    role: entry(&spec, "role")?,
                    metrics,
                },
            );
        }
    }
    Ok(schema)
}
