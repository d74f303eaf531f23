//! Comparing columns: what Python's room `drift` is built on.

use crate::metrics::KernelNumbers;
use crate::profile::KernelColumn;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::Arc;
use tidegauge_kernel::compare::counts::{Homogeneity, homogeneity};
use tidegauge_kernel::compare::history::Table;
use tidegauge_kernel::compare::{Steps, distances as kernel, items, ordered};
use tidegauge_kernel::cores;
use tidegauge_kernel::profile::Column;

/// p-value, method, KS distance with its place and its sign, scale; Wasserstein distance, its standard
/// error and what chance alone would show.
type OrderedRow = (f64, &'static str, (f64, f64, f64, f64), (f64, f64, f64));

/// p-value, method, statistic, categories, sizes; share that moved and its interval; share of each that is
/// not listed by value.
type CountsRow = (
    f64,
    &'static str,
    f64,
    usize,
    (u64, u64),
    (f64, f64, f64),
    (f64, f64),
);

/// p-value; distance, typical distance, by chance, unusual distance; windows, whether by season.
type JudgementRow = (f64, (f64, f64, f64, f64), usize, bool);

/// Two columns, and which tests are wanted: of the values, of the lengths, of the items.
type Job<'py> = (
    PyRef<'py, KernelColumn>,
    PyRef<'py, KernelColumn>,
    bool,
    bool,
    bool,
);

/// What these tests say.
type JobRow = (Option<OrderedRow>, Option<OrderedRow>, Option<CountsRow>);

/// One category: its value, None for all others, and its count in each.
type PairRow = (Option<String>, u64, u64);

/// All ordered distances of two columns' numbers.
#[pyfunction]
pub(crate) fn distances<'py>(
    py: Python<'py>,
    a: &KernelNumbers,
    b: &KernelNumbers,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    let (Some(a), Some(b)) = (a.steps(), b.steps()) else {
        return Ok(None);
    };
    let Some(found) = py.detach(|| kernel::distances(&a, &b)) else {
        return Ok(None);
    };
    let dict = PyDict::new(py);
    for (name, value) in [
        ("ks", found.ks),
        ("ks_at", found.ks_at),
        ("wasserstein", found.wasserstein),
        ("energy", found.energy),
        ("cramer_von_mises", found.cramer_von_mises),
    ] {
        dict.set_item(name, value)?;
    }
    dict.set_item("exact", a.is_exact() && b.is_exact())?;
    Ok(Some(dict))
}

fn steps(column: &Column, lengths: bool) -> Option<Steps> {
    if lengths {
        Steps::of_lengths(column)
    } else {
        Steps::of_values(column)
    }
}

fn numbers_row(a: &Column, b: &Column, lengths: bool) -> Option<OrderedRow> {
    let found = ordered::ordered(&steps(a, lengths)?, &steps(b, lengths)?)?;
    let all = found.distances;
    Some((
        found.p_value,
        found.method.name(),
        (all.ks, all.ks_at, all.ks_signed, found.scale),
        (all.wasserstein, all.wasserstein_error, all.wasserstein_null),
    ))
}

/// The Kolmogorov–Smirnov test of two columns' values, or of their lengths.
#[pyfunction]
#[pyo3(signature = (a, b, *, lengths = false))]
pub(crate) fn compare_numbers(
    py: Python<'_>,
    a: &KernelColumn,
    b: &KernelColumn,
    lengths: bool,
) -> Option<OrderedRow> {
    py.detach(|| numbers_row(a.inner(), b.inner(), lengths))
}

/// Several columns at once, on all cores: for each the test of its numbers or of its lengths, and the one of its
/// items, as far as they are wanted.
#[pyfunction]
pub(crate) fn compare_columns(py: Python<'_>, jobs: Vec<Job<'_>>) -> Vec<JobRow> {
    let jobs: Vec<_> = jobs
        .into_iter()
        .map(|(a, b, values, lengths, items)| (a.inner().clone(), b.inner().clone(), values, lengths, items))
        .collect();
    let compare = |(a, b, values, lengths, items): &(Arc<Column>, Arc<Column>, bool, bool, bool)| {
        (
            values.then(|| numbers_row(a, b, false)).flatten(),
            lengths.then(|| numbers_row(a, b, true)).flatten(),
            items.then(|| items_row(a, b)).flatten(),
        )
    };
    py.detach(|| cores::map(&jobs, compare))
}

fn row(found: &Homogeneity, others: (u64, u64)) -> CountsRow {
    let moved = (found.moved, found.interval.0, found.interval.1);
    let share = |count: u64, total: u64| count as f64 / total as f64;
    let others = (share(others.0, found.n.0), share(others.1, found.n.1));
    (
        found.p_value,
        found.method.name(),
        found.statistic,
        found.categories,
        found.n,
        moved,
        others,
    )
}

fn item_counts(a: &Column, b: &Column) -> Option<Vec<items::Pair>> {
    Some(items::pairs(
        a.frequent_items.as_ref()?,
        b.frequent_items.as_ref()?,
    ))
}

/// The test of homogeneity of two columns' frequent items.
#[pyfunction]
pub(crate) fn compare_items(py: Python<'_>, a: &KernelColumn, b: &KernelColumn) -> Option<CountsRow> {
    py.detach(|| items_row(a.inner(), b.inner()))
}

fn items_row(a: &Column, b: &Column) -> Option<CountsRow> {
    let pairs = item_counts(a, b)?;
    let counts: Vec<(u64, u64)> = pairs.iter().map(|pair| pair.count).collect();
    let others = pairs
        .last()
        .filter(|pair| pair.item.is_none())
        .map_or((0, 0), |pair| pair.count);
    homogeneity(&counts).map(|found| row(&found, others))
}

/// The test of homogeneity of two vectors of counts.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
pub(crate) fn compare_counts(pairs: Vec<(u64, u64)>) -> Option<CountsRow> {
    homogeneity(&pairs).map(|found| row(&found, (0, 0)))
}

/// The counts of the same items in two columns, the most frequent first; None stands for all others.
#[pyfunction]
pub(crate) fn item_pairs(a: &KernelColumn, b: &KernelColumn) -> Option<Vec<PairRow>> {
    let pairs = item_counts(a.inner(), b.inner())?.into_iter();
    Some(
        pairs
            .map(|pair| (pair.item, pair.count.0, pair.count.1))
            .collect(),
    )
}

/// One aspect of one column in many windows.
#[pyclass(frozen, module = "tidegauge._kernel")]
pub(crate) struct WindowTable(Table);

#[pymethods]
impl WindowTable {
    /// Of the distributions of values, or of lengths; None where a window has not the column.
    #[staticmethod]
    #[pyo3(signature = (columns, *, lengths = false))]
    #[allow(clippy::needless_pass_by_value)]
    fn of_numbers(py: Python<'_>, columns: Vec<Option<PyRef<'_, KernelColumn>>>, lengths: bool) -> Self {
        let columns: Vec<_> = columns
            .iter()
            .map(|one| one.as_ref().map(|one| one.inner().clone()))
            .collect();
        Self(py.detach(|| {
            let windows: Vec<Option<Steps>> =
                columns.iter().map(|one| steps(one.as_ref()?, lengths)).collect();
            Table::of_steps(&windows)
        }))
    }

    /// Of the counts of frequent items: the most frequent of all windows, and the others together.
    #[staticmethod]
    #[allow(clippy::needless_pass_by_value)]
    fn of_items(py: Python<'_>, columns: Vec<Option<PyRef<'_, KernelColumn>>>) -> Self {
        let columns: Vec<_> = columns
            .iter()
            .map(|one| one.as_ref().map(|one| one.inner().clone()))
            .collect();
        Self(py.detach(|| {
            let sketches: Vec<_> = columns
                .iter()
                .map(|one| one.as_ref()?.frequent_items.as_ref())
                .collect();
            Table::of_counts(items::table(&sketches))
        }))
    }

    /// Of counts of the same categories.
    #[staticmethod]
    fn of_counts(rows: Vec<Option<Vec<f64>>>) -> Self {
        Self(Table::of_counts(rows))
    }

    /// Judges a window by those of its history.
    #[allow(clippy::needless_pass_by_value)]
    fn judge(
        &self,
        py: Python<'_>,
        current: usize,
        history: Vec<usize>,
        seasons: Vec<u32>,
    ) -> Option<JudgementRow> {
        let found = py.detach(|| cores::run(|| self.0.judge(current, &history, &seasons)))?;
        Some((
            found.p_value,
            (found.distance, found.typical, found.chance, found.unusual),
            found.windows,
            found.seasonal,
        ))
    }
}
