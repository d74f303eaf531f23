//! Profiles as Python sees them, and their files.

use crate::errors::raise;
use crate::metrics::{KernelCardinality, KernelFrequentItems, KernelNumbers, Which};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};
use tidegauge_kernel::format::Selection;
use tidegauge_kernel::metrics::{Counts, Extension, Part, Types};
use tidegauge_kernel::profile::{Column, Condition, Profile};
use tidegauge_kernel::{Error, format, profile};

/// A column and a value that select a segment.
type Pair = (String, Option<String>);

/// Name, expression, how many records passed, failed and were unknown, and why the last.
type ConditionTuple = (String, String, (u64, u64, u64), Option<String>);

/// Names of columns, how many values each has, and for each pair of them how many rows it has, its correlation and
/// its covariance.
type CorrelationTuple = (Vec<String>, Vec<u64>, Vec<(u64, f64, f64)>);

/// One immutable profile.
#[pyclass(frozen, module = "tidegauge._kernel")]
#[derive(Clone)]
pub(crate) struct KernelProfile(Arc<Profile>, Arc<OnceLock<HashMap<String, usize>>>);

impl From<Profile> for KernelProfile {
    fn from(profile: Profile) -> Self {
        Self(Arc::new(profile), Arc::default())
    }
}

impl From<Arc<Profile>> for KernelProfile {
    fn from(profile: Arc<Profile>) -> Self {
        Self(profile, Arc::default())
    }
}

impl KernelProfile {
    /// The kernel's profile.
    pub(crate) fn profile(&self) -> &Arc<Profile> {
        &self.0
    }

    /// Where each column stands.
    fn positions(&self) -> &HashMap<String, usize> {
        self.1.get_or_init(|| {
            let named = self.0.columns.iter().enumerate();
            named
                .map(|(position, column)| (column.name.to_string(), position))
                .collect()
        })
    }
}

#[pymethods]
impl KernelProfile {
    #[getter]
    fn dataset(&self) -> Option<&str> {
        self.0.metadata.dataset.as_deref()
    }

    #[getter]
    fn window_start(&self) -> Option<i64> {
        self.0.metadata.window.map(|window| window.0)
    }

    #[getter]
    fn window_end(&self) -> Option<i64> {
        self.0.metadata.window.map(|window| window.1)
    }

    #[getter]
    fn segment(&self) -> Vec<(String, Option<String>)> {
        self.0.metadata.segment.clone()
    }

    #[getter]
    fn is_other_segment(&self) -> bool {
        self.0.metadata.other
    }

    #[getter]
    fn records(&self) -> u64 {
        self.0.records
    }

    #[getter]
    fn created(&self) -> i64 {
        self.0.metadata.created
    }

    #[getter]
    fn tags(&self) -> BTreeMap<String, String> {
        self.0.metadata.tags.clone()
    }

    #[getter]
    fn writer(&self) -> &str {
        &self.0.metadata.writer
    }

    #[getter]
    fn late_records(&self) -> u64 {
        self.0.metadata.late_records
    }

    #[getter]
    fn early_records(&self) -> u64 {
        self.0.metadata.early_records
    }

    #[getter]
    fn conditions(&self) -> Vec<ConditionTuple> {
        let told = |condition: &Condition| {
            let tally = &condition.tally;
            let reason = tally.reason.as_deref().map(str::to_owned);
            let counts = (tally.passed, tally.failed, tally.unknown);
            (
                condition.name.clone(),
                condition.expression.clone(),
                counts,
                reason,
            )
        };
        self.0.conditions.iter().map(told).collect()
    }

    #[getter]
    fn correlation(&self) -> Option<CorrelationTuple> {
        let correlation = self.0.correlation.as_ref()?;
        let moments = &correlation.moments;
        Some((
            correlation.columns.clone(),
            moments.singles().iter().map(|single| single.n).collect(),
            moments
                .pairs()
                .iter()
                .map(|pair| (pair.n, pair.r(), pair.covariance()))
                .collect(),
        ))
    }

    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.0
            .columns
            .iter()
            .map(|column| column.name.to_string())
            .collect()
    }

    fn column(&self, name: &str) -> Option<KernelColumn> {
        let position = *self.positions().get(name)?;
        Some(KernelColumn(self.0.columns[position].clone()))
    }

    #[pyo3(signature = (*, dataset=None, tags=None, segment=None, window=None, created=None))]
    fn replace(
        &self,
        dataset: Option<String>,
        tags: Option<BTreeMap<String, String>>,
        segment: Option<Vec<(String, Option<String>)>>,
        window: Option<(i64, i64)>,
        created: Option<i64>,
    ) -> Self {
        let mut copy = (*self.0).clone();
        let metadata = &mut copy.metadata;
        metadata.dataset = dataset.or(metadata.dataset.take());
        metadata.tags = tags.unwrap_or(std::mem::take(&mut metadata.tags));
        if let Some(segment) = segment {
            metadata.segment = segment;
            metadata.other = false;
        }
        metadata.window = window.or(metadata.window);
        metadata.created = created.unwrap_or(metadata.created);
        Self::from(copy)
    }

    /// Column, metric and states of metrics that have several.
    #[getter]
    fn split_states<'py>(&self, py: Python<'py>) -> Vec<(&str, &str, States<'py>)> {
        let mut split = Vec::new();
        for column in &self.0.columns {
            for (name, extension) in column.extensions.iter().filter(|each| each.1.parts.len() > 1) {
                split.push((&*column.name, name.as_str(), states(py, extension)));
            }
        }
        split
    }

    /// The profile with one state in place of several: by column and metric its version and bytes.
    #[allow(clippy::needless_pass_by_value)]
    fn with_states(&self, states: BTreeMap<String, BTreeMap<String, (u32, Bound<'_, PyBytes>)>>) -> Self {
        let mut copy = (*self.0).clone();
        for column in &mut copy.columns {
            let Some(states) = states.get(&*column.name) else {
                continue;
            };
            for (name, (version, bytes)) in states {
                if let Some(extension) = Arc::make_mut(column).extensions.get_mut(name) {
                    extension.parts = vec![Part {
                        version: *version,
                        bytes: bytes.as_bytes().to_vec(),
                    }];
                }
            }
        }
        Self::from(copy)
    }
}

/// The metrics of one column.
#[pyclass(frozen, module = "tidegauge._kernel")]
pub(crate) struct KernelColumn(Arc<Column>);

impl KernelColumn {
    /// The kernel's column.
    pub(crate) fn inner(&self) -> &Arc<Column> {
        &self.0
    }
}

/// Versions and bytes of a metric's states.
type States<'py> = Vec<(u32, Bound<'py, PyBytes>)>;

fn states<'py>(py: Python<'py>, extension: &Extension) -> States<'py> {
    let parts = extension.parts.iter();
    parts
        .map(|part| (part.version, PyBytes::new(py, &part.bytes)))
        .collect()
}

fn named<'py>(py: Python<'py>, names: [&str; 9], values: [u64; 9]) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    names
        .into_iter()
        .zip(values)
        .try_for_each(|(name, value)| dict.set_item(name, value))?;
    Ok(dict)
}

#[pymethods]
impl KernelColumn {
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    #[getter]
    fn r#type(&self) -> &'static str {
        self.0.tag.name()
    }

    #[getter]
    fn arrow_type(&self) -> &str {
        &self.0.arrow_type
    }

    #[getter]
    fn role(&self) -> Option<&str> {
        self.0.role.as_deref()
    }

    #[getter]
    fn position(&self) -> u32 {
        self.0.position
    }

    #[getter]
    fn privacy(&self) -> String {
        self.0.privacy.to_string()
    }

    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        named(py, Counts::NAMES, self.0.counts.values())
    }

    #[getter]
    fn types<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        named(py, Types::NAMES, self.0.types.values())
    }

    #[getter]
    fn values(&self) -> Option<KernelNumbers> {
        KernelNumbers::new(&self.0, Which::Values)
    }

    #[getter]
    fn lengths(&self) -> Option<KernelNumbers> {
        KernelNumbers::new(&self.0, Which::Lengths)
    }

    #[getter]
    fn cardinality(&self) -> Option<KernelCardinality> {
        KernelCardinality::new(&self.0)
    }

    #[getter]
    fn frequent_items(&self) -> Option<KernelFrequentItems> {
        KernelFrequentItems::new(&self.0)
    }

    #[getter]
    fn extensions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (name, extension) in &self.0.extensions {
            let told = (extension.records, extension.failures, &extension.reason);
            dict.set_item(name, (states(py, extension), told))?;
        }
        Ok(dict)
    }
}

fn unwrap(profiles: &[PyRef<'_, KernelProfile>]) -> Vec<Arc<Profile>> {
    profiles.iter().map(|profile| profile.0.clone()).collect()
}

fn borrow(profiles: &[Arc<Profile>]) -> Vec<&Profile> {
    profiles.iter().map(AsRef::as_ref).collect()
}

/// The profile of all records that the given ones summarise.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
pub(crate) fn merge(py: Python<'_>, profiles: Vec<PyRef<'_, KernelProfile>>) -> PyResult<KernelProfile> {
    let profiles = unwrap(&profiles);
    py.detach(|| profile::merge(&borrow(&profiles)))
        .map(KernelProfile::from)
        .map_err(raise)
}

/// Profiles of one dataset, segment and window merged each with each.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
pub(crate) fn merge_alike(
    py: Python<'_>,
    profiles: Vec<PyRef<'_, KernelProfile>>,
) -> PyResult<Vec<KernelProfile>> {
    let profiles = unwrap(&profiles);
    let merged = py
        .detach(move || profile::merge_alike(&borrow(&profiles)))
        .map_err(raise)?;
    Ok(merged.into_iter().map(KernelProfile::from).collect())
}

/// The bytes of a profile file.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
pub(crate) fn encode<'py>(
    py: Python<'py>,
    profiles: Vec<PyRef<'_, KernelProfile>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let profiles = unwrap(&profiles);
    let bytes = py.detach(|| format::encode(&borrow(&profiles))).map_err(raise)?;
    Ok(PyBytes::new(py, &bytes))
}

/// The selected profiles of the bytes of a file.
#[pyfunction]
#[pyo3(signature = (data, *, dataset=None, since=None, until=None, segment=None))]
pub(crate) fn decode(
    py: Python<'_>,
    data: &[u8],
    dataset: Option<String>,
    since: Option<i64>,
    until: Option<i64>,
    segment: Option<Vec<Pair>>,
) -> PyResult<Vec<KernelProfile>> {
    let selection = Selection {
        dataset,
        since,
        until,
        segment,
    };
    let profiles = py
        .detach(|| format::decode_selected(data, &selection))
        .map_err(raise)?;
    Ok(profiles.into_iter().map(KernelProfile::from).collect())
}

/// Writes a profile file.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
pub(crate) fn write_file(
    py: Python<'_>,
    profiles: Vec<PyRef<'_, KernelProfile>>,
    path: &str,
) -> PyResult<()> {
    let profiles = unwrap(&profiles);
    py.detach(|| {
        let bytes = format::encode(&borrow(&profiles))?;
        std::fs::write(path, bytes).map_err(|error| Error::file(format!("cannot write {path}: {error}")))
    })
    .map_err(raise)
}

/// Reads profile files, on all cores: the selected profiles in the order of the files, and why files were passed over.
#[pyfunction]
#[pyo3(signature = (paths, *, dataset=None, since=None, until=None, segment=None, skip_damaged=false))]
#[allow(clippy::needless_pass_by_value)]
pub(crate) fn read_files(
    py: Python<'_>,
    paths: Vec<String>,
    dataset: Option<String>,
    since: Option<i64>,
    until: Option<i64>,
    segment: Option<Vec<Pair>>,
    skip_damaged: bool,
) -> PyResult<(Vec<KernelProfile>, Vec<String>)> {
    let selection = Selection {
        dataset,
        since,
        until,
        segment,
    };
    let mut profiles = Vec::new();
    let mut skipped = Vec::new();
    for file in py.detach(|| format::read_files(&paths, &selection)) {
        match file {
            Ok(found) => profiles.extend(found.into_iter().map(KernelProfile::from)),
            Err(error) if skip_damaged => skipped.push(error.message().to_owned()),
            Err(error) => return Err(raise(error)),
        }
    }
    Ok((profiles, skipped))
}
