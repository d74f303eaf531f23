//! The plain dict that a `tidegauge.Schema` crosses the border as.

use crate::errors::argument_error;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyMapping};
use std::collections::BTreeSet;
use std::sync::Arc;
use tidegauge_kernel::columns::{ColumnSpec, Correlated, MetricSet, Schema};
use tidegauge_kernel::privacy::{Extent, Rounding, Secret, Settings, Showing, Statement};

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

fn showing(word: Option<String>, key_id: Option<&str>) -> PyResult<Showing> {
    match (word.as_deref(), key_id) {
        (None | Some("kept"), _) => Ok(Showing::Kept),
        (Some("off"), _) => Ok(Showing::Off),
        (Some("hashed"), Some(id)) => Ok(Showing::Hashed(id.to_owned())),
        (Some(other), _) => Err(argument_error(format!(
            "privacy shows values kept, hashed with a key, or off; not {other:?}"
        ))),
    }
}

fn extent(word: Option<String>) -> PyResult<Extent> {
    let word = word.unwrap_or_else(|| "kept".to_owned());
    Extent::parse(&word).ok_or_else(|| {
        argument_error(format!(
            "privacy keeps numbers kept, moments or off; not {word:?}"
        ))
    })
}

fn rounding(dict: &Bound<'_, PyMapping>) -> PyResult<Option<Rounding>> {
    let step = entry::<f64>(dict, "step")?.map(Rounding::Step);
    let span = entry::<i64>(dict, "microseconds")?.map(Rounding::Span);
    let digits = entry::<u8>(dict, "digits")?.map(Rounding::Digits);
    Ok(step.or(span).or(digits))
}

/// What a dict of privacy may hold. That of `Privacy.to_dict()`, which has no key, is another one.
const PRIVACY: [&str; 11] = [
    "off",
    "items",
    "min_count",
    "cardinality",
    "numbers",
    "lengths",
    "step",
    "microseconds",
    "digits",
    "key_id",
    "secret",
];

/// Reads how private a column is; what is not understood must not be passed over.
fn settings(dict: &Bound<'_, PyMapping>) -> PyResult<Arc<Settings>> {
    for key in dict.keys()?.iter() {
        let key: String = key.extract()?;
        if !PRIVACY.contains(&key.as_str()) {
            return Err(argument_error(format!(
                "privacy crosses to the kernel as tidegauge.schema.kernel_schema() writes it; {key:?} is not of it"
            )));
        }
    }
    let key_id = entry::<String>(dict, "key_id")?;
    let secret = entry::<[u8; 32]>(dict, "secret")?.map(|bytes| Secret::new(&bytes));
    let key_id = key_id.as_deref().filter(|_| secret.is_some());
    let rounding = rounding(dict)?;
    Ok(Arc::new(Settings {
        off: entry(dict, "off")?.unwrap_or(false),
        stated: Statement {
            items: showing(entry(dict, "items")?, key_id)?,
            min_count: entry(dict, "min_count")?.unwrap_or(1),
            cardinality: showing(entry(dict, "cardinality")?, key_id)?,
            numbers: extent(entry(dict, "numbers")?)?,
            lengths: extent(entry(dict, "lengths")?)?,
            rounded: rounding.iter().map(ToString::to_string).collect(),
            ..Statement::default()
        },
        rounding,
        secret,
    }))
}

fn privacy_in(dict: &Bound<'_, PyMapping>) -> PyResult<Option<Arc<Settings>>> {
    entry::<Bound<'_, PyMapping>>(dict, "privacy")?
        .map(|dict| settings(&dict))
        .transpose()
}

/// Reads the dict.
pub(crate) fn read(dict: Option<&Bound<'_, PyMapping>>) -> PyResult<Schema> {
    let mut schema = Schema::default();
    let Some(dict) = dict else { return Ok(schema) };
    let version: i64 = entry(dict, "version")?.unwrap_or(1);
    if !(1..=2).contains(&version) {
        return Err(argument_error(format!(
            "schema version {version} is not known to this kernel, which reads 1 and 2"
        )));
    }
    schema.privacy = privacy_in(dict)?;
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
                    privacy: privacy_in(&spec)?,
                },
            );
        }
    }
    Ok(schema)
}
