//! The metrics of a column as Python sees them.

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::sync::{Arc, OnceLock};
use tidegauge_kernel::columns::Numbers;
use tidegauge_kernel::compare::Steps;
use tidegauge_kernel::metrics::Moments;
use tidegauge_kernel::profile::Column;
use tidegauge_kernel::sketches::kll::View;
use tidegauge_kernel::sketches::{frequent, hll, kll};

/// Which numbers of a column.
#[derive(Clone, Copy)]
pub(crate) enum Which {
    Values,
    Lengths,
}

/// Moments and quantiles.
#[pyclass(frozen, module = "tidegauge._kernel")]
pub(crate) struct KernelNumbers {
    column: Arc<Column>,
    which: Which,
    view: OnceLock<View>,
}

impl KernelNumbers {
    pub(crate) fn new(column: &Arc<Column>, which: Which) -> Option<Self> {
        let numbers = Self {
            column: column.clone(),
            which,
            view: OnceLock::new(),
        };
        numbers.find().is_some().then_some(numbers)
    }

    fn find(&self) -> Option<&Numbers> {
        match self.which {
            Which::Values => self.column.values.as_deref(),
            Which::Lengths => self.column.lengths.as_deref(),
        }
    }

    fn moments(&self) -> Option<&Moments> {
        self.find()?.moments.as_ref()
    }

    fn sketch(&self) -> Option<&kll::Kll> {
        self.find()?.quantiles.as_ref()
    }

    /// The distribution function.
    pub(crate) fn steps(&self) -> Option<Steps> {
        match self.which {
            Which::Values => Steps::of_values(&self.column),
            Which::Lengths => Steps::of_lengths(&self.column),
        }
    }

    fn view(&self) -> Option<&View> {
        let sketch = self.sketch()?;
        Some(self.view.get_or_init(|| sketch.view()))
    }

    /// A moment; NaN when there are none.
    fn moment(&self, get: fn(&Moments) -> f64) -> f64 {
        self.moments()
            .filter(|moments| moments.n > 0)
            .map_or(f64::NAN, get)
    }
}

#[pymethods]
impl KernelNumbers {
    #[getter]
    fn kind(&self) -> &'static str {
        self.find().map_or("number", |numbers| numbers.domain.name())
    }

    #[getter]
    fn n(&self) -> u64 {
        self.moments()
            .map(|moments| moments.n)
            .or(self.sketch().map(kll::Kll::n))
            .unwrap_or(0)
    }

    #[getter]
    fn mean(&self) -> f64 {
        self.moment(|moments| moments.mean.high)
    }

    #[getter]
    fn m2(&self) -> f64 {
        self.moment(|moments| moments.m2)
    }

    #[getter]
    fn m3(&self) -> f64 {
        self.moment(|moments| moments.m3)
    }

    #[getter]
    fn m4(&self) -> f64 {
        self.moment(|moments| moments.m4)
    }

    #[getter]
    fn min(&self) -> f64 {
        self.moments()
            .map(|moments| moments.min)
            .or(self.sketch().map(kll::Kll::min))
            .unwrap_or(f64::NAN)
    }

    #[getter]
    fn max(&self) -> f64 {
        self.moments()
            .map(|moments| moments.max)
            .or(self.sketch().map(kll::Kll::max))
            .unwrap_or(f64::NAN)
    }

    #[getter]
    fn min_exact(&self) -> Option<String> {
        Some(self.moments()?.exact?.0.to_string())
    }

    #[getter]
    fn max_exact(&self) -> Option<String> {
        Some(self.moments()?.exact?.1.to_string())
    }

    #[getter]
    fn has_moments(&self) -> bool {
        self.moments().is_some()
    }

    #[getter]
    fn has_quantiles(&self) -> bool {
        self.sketch().is_some()
    }

    #[getter]
    fn quantiles_exact(&self) -> bool {
        self.sketch().is_some_and(kll::Kll::is_exact)
    }

    #[getter]
    fn rank_error(&self) -> f64 {
        self.sketch().map_or(f64::NAN, kll::Kll::rank_error)
    }

    #[getter]
    fn retained(&self) -> usize {
        self.sketch().map_or(0, kll::Kll::retained)
    }

    #[allow(clippy::needless_pass_by_value)]
    fn quantile(&self, ranks: Vec<f64>) -> Vec<f64> {
        ranks
            .iter()
            .map(|&rank| self.view().map_or(f64::NAN, |view| view.quantile(rank)))
            .collect()
    }

    #[allow(clippy::needless_pass_by_value)]
    fn rank(&self, points: Vec<f64>) -> Vec<f64> {
        points
            .iter()
            .map(|&point| self.view().map_or(f64::NAN, |view| view.rank(point)))
            .collect()
    }

    fn points(&self) -> (Vec<f64>, Vec<u64>) {
        self.view()
            .map(|view| (view.values().to_vec(), view.weights()))
            .unwrap_or_default()
    }

    fn quantiles_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.sketch().map(kll::encode).unwrap_or_default())
    }
}

/// The HLL sketch.
#[pyclass(frozen, module = "tidegauge._kernel")]
pub(crate) struct KernelCardinality(Arc<Column>);

impl KernelCardinality {
    pub(crate) fn new(column: &Arc<Column>) -> Option<Self> {
        column.cardinality.is_some().then(|| Self(column.clone()))
    }

    fn sketch(&self) -> Option<&hll::Hll> {
        self.0.cardinality.as_ref()
    }
}

#[pymethods]
impl KernelCardinality {
    #[getter]
    fn estimate(&self) -> f64 {
        match self.0.exact_cardinality() {
            Some(count) => count as f64,
            None => self.sketch().map_or(f64::NAN, hll::Hll::estimate),
        }
    }

    #[getter]
    fn exact(&self) -> bool {
        self.0.exact_cardinality().is_some()
    }

    fn interval(&self, standard_deviations: u8) -> (f64, f64) {
        match self.0.exact_cardinality() {
            Some(count) => (count as f64, count as f64),
            None => self.sketch().map_or((f64::NAN, f64::NAN), |sketch| {
                sketch.interval(standard_deviations)
            }),
        }
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.sketch().map(hll::encode).unwrap_or_default())
    }
}

/// The frequent-items sketch.
#[pyclass(frozen, module = "tidegauge._kernel")]
pub(crate) struct KernelFrequentItems(Arc<Column>);

impl KernelFrequentItems {
    pub(crate) fn new(column: &Arc<Column>) -> Option<Self> {
        column.frequent_items.is_some().then(|| Self(column.clone()))
    }

    fn sketch(&self) -> Option<&frequent::FrequentItems> {
        self.0.frequent_items.as_ref()
    }
}

#[pymethods]
impl KernelFrequentItems {
    #[getter]
    fn items(&self) -> Vec<(String, u64, u64)> {
        let Some(sketch) = self.sketch() else {
            return Vec::new();
        };
        let bounded = sketch.items();
        bounded
            .map(|(item, count)| (item.to_owned(), count, count.saturating_add(sketch.offset())))
            .collect()
    }

    #[getter]
    fn error(&self) -> u64 {
        self.sketch().map_or(0, frequent::FrequentItems::offset)
    }

    #[getter]
    fn total(&self) -> u64 {
        self.sketch().map_or(0, frequent::FrequentItems::total)
    }

    #[getter]
    fn exact(&self) -> bool {
        // An item that stands for the beginning of longer texts may be several values.
        self.sketch()
            .is_some_and(|sketch| sketch.is_exact() && !sketch.items().any(|item| frequent::is_cut(item.0)))
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.sketch().map(frequent::encode).unwrap_or_default())
    }
}
