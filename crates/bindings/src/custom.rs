//! Metrics written in Python, as the kernel takes them.

use crate::arrays::KernelArray;
use crate::calling::Owner;
use crate::errors::argument_error;
use arrow_array::ArrayRef;
use pyo3::exceptions::{PyException, PyKeyboardInterrupt};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tidegauge_kernel::columns::{CustomMetric, CustomMetrics, Failure, State, TypeTag};

/// A metric written in Python. It is called once for each array, never for each value.
#[derive(Debug)]
struct PyMetric {
    owner: Owner,
    object: Py<PyAny>,
    name: String,
    version: u32,
    /// Types that it takes; `None` for all.
    types: Option<Vec<TypeTag>>,
    /// Whether a failure was told to the user: one is enough.
    told: AtomicBool,
}

impl PyMetric {
    fn read(object: &Bound<'_, PyAny>, owner: Owner) -> PyResult<Self> {
        let types: Option<Vec<String>> = object.getattr("types")?.extract()?;
        let parse = |name: &String| {
            TypeTag::parse(name).ok_or_else(|| argument_error(format!("{name:?} is no type of columns")))
        };
        let types = types.map(|types| types.iter().map(parse).collect::<PyResult<_>>());
        Ok(Self {
            owner,
            name: object.getattr("name")?.extract()?,
            version: object.getattr("version")?.extract()?,
            types: types.transpose()?,
            object: object.clone().unbind(),
            told: AtomicBool::new(false),
        })
    }

    /// Calls a method with the interpreter attached. An exception becomes its class.
    fn call<T>(
        &self,
        method: &str,
        work: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<T>,
    ) -> Result<T, Failure> {
        let done = Python::try_attach(|py| {
            let done = self.owner.call(|| work(self.object.bind(py)));
            done.map_err(|error| self.failed(py, method, &error))
        });
        done.unwrap_or_else(|| Err("InterpreterEnding".to_owned()))
    }

    fn failed(&self, py: Python<'_>, method: &str, error: &PyErr) -> Failure {
        if error.is_instance_of::<PyKeyboardInterrupt>(py) {
            // Not the metric's failure: whoever asks next whether to stop is told so.
            let marked = py
                .import("_thread")
                .and_then(|thread| thread.call_method0("interrupt_main"));
            if let Err(error) = marked {
                error.write_unraisable(py, None);
            }
        } else if error.is_instance_of::<PyException>(py) && !self.told.swap(true, Ordering::Relaxed) {
            // The text of the exception stays here: it may tell of the data.
            if let Err(error) = self.tell(py, method, error) {
                error.write_unraisable(py, None);
            }
        }
        let class = error.get_type(py).name();
        class.map_or_else(|_| "Exception".to_owned(), |name| name.to_string())
    }

    fn tell(&self, py: Python<'_>, method: &str, error: &PyErr) -> PyResult<()> {
        let logger = py.import("logging")?.call_method1("getLogger", ("tidegauge",))?;
        let keywords = PyDict::new(py);
        keywords.set_item("exc_info", error.value(py))?;
        let message = "metric %s failed in %s(); failures are counted in the profile and not told again";
        logger.call_method("warning", (message, &self.name, method), Some(&keywords))?;
        Ok(())
    }
}

fn inner<'py>(py: Python<'py>, state: &State) -> PyResult<Bound<'py, PyAny>> {
    match state.downcast_ref::<Py<PyAny>>() {
        Some(state) => Ok(state.bind(py).clone()),
        None => Err(argument_error("a state of another metric")),
    }
}

fn outer(state: Bound<'_, PyAny>) -> State {
    Arc::new(state.unbind())
}

fn bytes_of(metric: &Bound<'_, PyAny>, state: &State) -> PyResult<Vec<u8>> {
    let bytes = metric.call_method1("to_bytes", (inner(metric.py(), state)?,))?;
    Ok(bytes.cast::<PyBytes>()?.as_bytes().to_vec())
}

impl CustomMetric for PyMetric {
    fn name(&self) -> &str {
        &self.name
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn takes(&self, tag: TypeTag) -> bool {
        let types = self.types.as_ref();
        tag == TypeTag::Null || types.is_none_or(|types| types.contains(&tag))
    }

    fn zero(&self) -> Result<State, Failure> {
        self.call("zero", |metric| metric.call_method0("zero").map(outer))
    }

    fn update(&self, state: &State, values: &ArrayRef) -> Result<State, Failure> {
        self.call("update", |metric| {
            let state = inner(metric.py(), state)?;
            let values = KernelArray::new(values.clone());
            metric.call_method1("update", (state, values)).map(outer)
        })
    }

    fn merge(&self, mine: &State, theirs: &State) -> Result<State, Failure> {
        self.call("merge", |metric| {
            let states = (inner(metric.py(), mine)?, inner(metric.py(), theirs)?);
            metric.call_method1("merge", states).map(outer)
        })
    }

    fn to_bytes(&self, state: &State) -> Result<Vec<u8>, Failure> {
        self.call("to_bytes", |metric| bytes_of(metric, state))
    }

    fn copy(&self, state: &State) -> Result<State, Failure> {
        self.call("from_bytes", |metric| {
            let bytes = PyBytes::new(metric.py(), &bytes_of(metric, state)?);
            metric
                .call_method1("from_bytes", (bytes, self.version))
                .map(outer)
        })
    }
}

/// Metrics with the columns that they are wanted of; `None` for all that fit.
pub(crate) fn read(
    metrics: Vec<(Option<String>, Bound<'_, PyAny>)>,
    owner: Owner,
) -> PyResult<CustomMetrics> {
    let mut wanted = CustomMetrics::default();
    for (column, metric) in metrics {
        let metric: Arc<dyn CustomMetric> = Arc::new(PyMetric::read(&metric, owner)?);
        match column {
            Some(column) => wanted.by_column.entry(column).or_default().push(metric),
            None => wanted.everywhere.push(metric),
        }
    }
    Ok(wanted)
}
