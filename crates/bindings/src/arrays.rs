//! An Arrow array for Python code that computes with it: metrics and functions of the user's own.

use crate::columns::{chunks, wrong};
use crate::conditions::Rows;
use arrow_array::{Array, ArrayRef, make_array};
use arrow_buffer::NullBuffer;
use arrow_schema::ArrowError;
use pyo3::prelude::*;
use pyo3::types::PyList;
use pyo3_arrow::PyArray;
use std::sync::Arc;
use tidegauge_kernel::columns::plain_array;
use tidegauge_kernel::expressions::{Input, cells_array};

/// Values of one column, which any Arrow library takes over without a copy.
#[pyclass(frozen, module = "tidegauge._kernel")]
pub(crate) struct KernelArray(ArrayRef);

impl KernelArray {
    pub(crate) fn new(array: ArrayRef) -> Self {
        Self(array)
    }

    /// The same for the library that does the conversions; it imports nothing.
    fn wrapped<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(Bound::new(py, PyArray::from_array_ref(self.0.clone()))?.into_any())
    }
}

#[pymethods]
impl KernelArray {
    #[new]
    fn of(column: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self(plain_array(&array_of("values", column)?, false)))
    }

    #[getter]
    fn r#type(&self) -> String {
        self.0.data_type().to_string()
    }

    #[getter]
    fn null_count(&self) -> usize {
        self.0.logical_null_count()
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __repr__(&self) -> String {
        format!(
            "KernelArray(type={}, length={})",
            self.0.data_type(),
            self.0.len()
        )
    }

    /// Some of the values.
    fn slice(&self, offset: usize, length: usize) -> Self {
        let offset = offset.min(self.0.len());
        Self(self.0.slice(offset, length.min(self.0.len() - offset)))
    }

    /// The values as Python objects.
    fn to_pylist<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if *self.0.data_type() == arrow_schema::DataType::Null {
            return Ok(PyList::new(py, (0..self.0.len()).map(|_| py.None()))?.into_any());
        }
        self.wrapped(py)?.call_method0("to_pylist")
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.wrapped(py)?
            .call_method1("__arrow_c_array__", (requested_schema,))
    }

    /// Numbers as such, nulls among doubles as NaN; everything else as objects, nulls as None.
    #[pyo3(signature = (dtype=None, copy=None))]
    fn __array__<'py>(
        &self,
        py: Python<'py>,
        dtype: Option<Bound<'py, PyAny>>,
        copy: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let _ = copy;
        let numpy = py.import("numpy")?;
        let kind = self.0.data_type();
        let array = if (kind.is_integer() || kind.is_floating()) && self.0.null_count() == 0 {
            self.wrapped(py)?.call_method0("__array__")?
        } else {
            let dtype = if kind.is_floating() { "float64" } else { "object" };
            numpy.call_method1("array", (self.to_pylist(py)?, dtype))?
        };
        match dtype {
            Some(dtype) => array.call_method1("astype", (dtype,)),
            None => Ok(array),
        }
    }
}

/// A column of whatever library, or of Python objects, as one array.
pub(crate) fn array_of(name: &str, column: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    if let Some(chunks) = chunks(name, column)? {
        let chunks: Vec<&dyn Array> = chunks.iter().map(|chunk| &**chunk).collect();
        return arrow_select::concat::concat(&chunks).map_err(|error| wrong(name, error));
    }
    let length = column
        .len()
        .map_err(|_| wrong(name, format!("a {} is not a column", column.get_type())))?;
    let mut rows = Rows::new(vec![name.to_owned()], false);
    for (row, value) in column.try_iter()?.enumerate() {
        rows.read_value(row, name, &value?)?;
    }
    match rows.padded_input(0, length) {
        Some(Input::Array(array)) => Ok(array),
        Some(Input::Cells(cells)) => cells_array(&cells).map_err(|error| wrong(name, error)),
        _ => Ok(Arc::new(arrow_array::NullArray::new(length))),
    }
}

/// The array with further nulls.
pub(crate) fn with_nulls(array: &ArrayRef, nulls: NullBuffer) -> Result<ArrayRef, ArrowError> {
    if nulls.len() != array.len() {
        return Err(ArrowError::InvalidArgumentError(format!(
            "a mask of {} for {} values",
            nulls.len(),
            array.len()
        )));
    }
    let both = NullBuffer::union(array.nulls(), Some(&nulls));
    let data = array.to_data().into_builder().nulls(both).build()?;
    Ok(make_array(data))
}
