//! Samplers and samples as Python sees them.

use crate::errors::raise;
use crate::sampled::lock;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDict, PyList};
use pyo3_arrow::PyTable;
use std::sync::{Arc, Mutex, PoisonError};
use tidegauge_kernel::Result;
use tidegauge_kernel::expressions::Expression;
use tidegauge_kernel::samples::{self, Datum, Sample, Sampling, Spec};

/// Samplers, and what they keep. All methods are thread-safe.
#[pyclass(frozen, module = "tidegauge._kernel")]
pub(crate) struct KernelSampling(Arc<Mutex<Sampling>>);

impl KernelSampling {
    pub(crate) fn shared(&self) -> Arc<Mutex<Sampling>> {
        self.0.clone()
    }

    fn ask(
        &self,
        py: Python<'_>,
        ask: impl FnOnce(&mut Sampling) -> Result<Vec<(String, Sample)>> + Send,
    ) -> PyResult<Vec<(String, KernelSample)>> {
        let samples = py
            .detach(|| ask(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner)))
            .map_err(raise)?;
        let wrap = |(name, sample)| (name, KernelSample(Arc::new(sample)));
        Ok(samples.into_iter().map(wrap).collect())
    }
}

#[pymethods]
impl KernelSampling {
    #[new]
    #[pyo3(signature = (samplers, *, columns=None, seed=0))]
    fn new(samplers: Vec<(String, String)>, columns: Option<Vec<String>>, seed: u64) -> PyResult<Self> {
        let specs = samplers.into_iter().map(|(name, text)| {
            let spec = Spec::parse(&text).map_err(|error| error.at(format!("{name:?}")))?;
            Ok((name, spec))
        });
        let specs: Result<Vec<_>> = specs.collect();
        let sampling = specs
            .and_then(|specs| Sampling::new(specs, columns, seed))
            .map_err(raise)?;
        Ok(Self(Arc::new(Mutex::new(sampling))))
    }

    #[getter]
    fn seen(&self, py: Python<'_>) -> u64 {
        lock(py, &self.0).seen()
    }

    /// For the child of a fork, where no other thread will ever give the samplers back.
    fn reseed(&self, seed: u64) -> bool {
        let free = self.0.try_lock();
        free.is_ok_and(|mut sampling| {
            sampling.reseed(seed);
            true
        })
    }

    fn samples(&self, py: Python<'_>) -> PyResult<Vec<(String, KernelSample)>> {
        self.ask(py, |sampling| sampling.samples())
    }

    fn take(&self, py: Python<'_>) -> PyResult<Vec<(String, KernelSample)>> {
        self.ask(py, Sampling::take)
    }
}

/// One immutable sample.
#[pyclass(frozen, module = "tidegauge._kernel")]
#[derive(Clone)]
pub(crate) struct KernelSample(Arc<Sample>);

#[pymethods]
impl KernelSample {
    #[getter]
    fn sampler(&self) -> String {
        self.0.spec().to_string()
    }

    #[getter]
    fn seen(&self) -> u64 {
        self.0.facts().seen
    }

    #[getter]
    fn eligible(&self) -> u64 {
        self.0.facts().eligible
    }

    #[getter]
    fn groups(&self) -> Vec<(Option<Vec<Option<String>>>, u64)> {
        let groups = self.0.facts().groups.iter();
        groups.map(|group| (group.key.clone(), group.seen)).collect()
    }

    #[getter]
    fn columns(&self) -> Vec<String> {
        let schema = self.0.rows().schema();
        schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    #[getter]
    fn weights(&self) -> Option<Vec<f64>> {
        self.0.weights()
    }

    #[getter]
    fn orders(&self) -> Vec<u64> {
        self.0.items().iter().map(|item| item.order).collect()
    }

    #[getter]
    fn item_groups(&self) -> Vec<u32> {
        self.0.items().iter().map(|item| item.group).collect()
    }

    fn __len__(&self) -> usize {
        self.0.items().len()
    }

    #[pyo3(signature = (condition=None))]
    fn estimate(&self, condition: Option<&str>) -> PyResult<(f64, f64)> {
        let condition = condition.map(Expression::parse).transpose().map_err(raise)?;
        let estimate = self.0.estimate(condition.as_ref()).map_err(raise)?;
        Ok((estimate.value, estimate.standard_error))
    }

    fn rows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let makers = Makers::new(py)?;
        let batch = self.0.rows();
        let schema = batch.schema();
        let rows = PyList::empty(py);
        for row in 0..batch.num_rows() {
            let record = PyDict::new(py);
            for (field, array) in schema.fields().iter().zip(batch.columns()) {
                record.set_item(field.name(), makers.object(&Datum::of(array, row))?)?;
            }
            rows.append(record)?;
        }
        Ok(rows)
    }

    fn encode<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = py.detach(|| samples::encode(&self.0)).map_err(raise)?;
        Ok(PyBytes::new(py, &bytes))
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let rows = self.0.rows().clone();
        let schema = rows.schema();
        let table = PyTable::try_new(vec![rows], schema)?.into_pyobject(py)?;
        table.call_method1("__arrow_c_stream__", (requested_schema,))
    }
}

/// The sample of all records that any of some samples was drawn from.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)]
pub(crate) fn merge_samples(py: Python<'_>, samples: Vec<PyRef<'_, KernelSample>>) -> PyResult<KernelSample> {
    let samples: Vec<Arc<Sample>> = samples.iter().map(|sample| sample.0.clone()).collect();
    let merged = py.detach(|| Sample::merge(&samples.iter().map(|sample| &**sample).collect::<Vec<_>>()));
    Ok(KernelSample(Arc::new(merged.map_err(raise)?)))
}

/// The sample of the bytes of a file.
#[pyfunction]
pub(crate) fn decode_sample(py: Python<'_>, data: Vec<u8>) -> PyResult<KernelSample> {
    let sample = py.detach(|| samples::decode(data)).map_err(raise)?;
    Ok(KernelSample(Arc::new(sample)))
}

/// What makes Python's objects.
struct Makers<'py> {
    py: Python<'py>,
    epoch: Bound<'py, PyAny>,
    aware_epoch: Bound<'py, PyAny>,
    timedelta: Bound<'py, PyAny>,
    decimal: Bound<'py, PyAny>,
}

impl<'py> Makers<'py> {
    fn new(py: Python<'py>) -> PyResult<Self> {
        let module = py.import("datetime")?;
        let datetime = module.getattr("datetime")?;
        let utc = module.getattr("timezone")?.getattr("utc")?;
        let epoch = datetime.call1((1970, 1, 1))?;
        let zoned = PyDict::new(py);
        zoned.set_item("tzinfo", utc)?;
        Ok(Self {
            py,
            aware_epoch: epoch.call_method("replace", (), Some(&zoned))?,
            epoch,
            timedelta: module.getattr("timedelta")?,
            decimal: py.import("decimal")?.getattr("Decimal")?,
        })
    }

    fn after(&self, epoch: &Bound<'py, PyAny>, microseconds: i64) -> PyResult<Bound<'py, PyAny>> {
        epoch.call_method1("__add__", (self.timedelta.call1((0, 0, microseconds))?,))
    }

    fn object(&self, datum: &Datum) -> PyResult<Bound<'py, PyAny>> {
        let made = match datum {
            Datum::Null => return Ok(self.py.None().into_bound(self.py)),
            Datum::Boolean(value) => return value.into_bound_py_any(self.py),
            Datum::Integer(value) => return value.into_bound_py_any(self.py),
            Datum::Float(value) => return value.into_bound_py_any(self.py),
            Datum::Text(text) => return text.into_bound_py_any(self.py),
            Datum::Binary(bytes) => return Ok(PyBytes::new(self.py, bytes).into_any()),
            Datum::List(values) => {
                let list = PyList::empty(self.py);
                values
                    .iter()
                    .try_for_each(|value| list.append(self.object(value)?))?;
                return Ok(list.into_any());
            }
            Datum::Struct(fields) => {
                let dict = PyDict::new(self.py);
                for (name, value) in fields {
                    dict.set_item(&**name, self.object(value)?)?;
                }
                return Ok(dict.into_any());
            }
            Datum::BigInteger(text) => self.py.get_type::<pyo3::types::PyInt>().call1((&**text,)),
            Datum::Decimal(text) => self.decimal.call1((&**text,)),
            Datum::Timestamp(value, zoned) => {
                self.after(if *zoned { &self.aware_epoch } else { &self.epoch }, *value)
            }
            Datum::Date(days) => self
                .after(&self.epoch, days.saturating_mul(tidegauge_kernel::calendar::DAY))
                .and_then(|midnight| midnight.call_method0("date")),
            Datum::Time(value) => self
                .after(&self.epoch, *value)
                .and_then(|moment| moment.call_method0("time")),
            Datum::Duration(value) => self.timedelta.call1((0, 0, *value)),
        };
        // Beyond what Python's types hold: as a text.
        made.or_else(|_| datum.text().into_bound_py_any(self.py))
    }
}
