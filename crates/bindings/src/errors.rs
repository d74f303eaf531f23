//! The kernel's errors as the exceptions that `tidegauge/errors.py` defines.

use pyo3::import_exception;
use pyo3::prelude::*;
use tidegauge_kernel::{Error, ErrorKind};

import_exception!(tidegauge.errors, ArgumentError);
import_exception!(tidegauge.errors, DataError);
import_exception!(tidegauge.errors, FormatError);
import_exception!(tidegauge.errors, MergeError);
import_exception!(tidegauge.errors, MissingFileError);

/// The exception of a kernel error.
pub(crate) fn raise(error: Error) -> PyErr {
    let message = error.message().to_owned();
    match error.kind() {
        ErrorKind::Argument => ArgumentError::new_err(message),
        ErrorKind::Format => FormatError::new_err(message),
        ErrorKind::Merge => MergeError::new_err(message),
        ErrorKind::File => MissingFileError::new_err(message),
        // The interpreter knows what interrupted us: its own exception comes first.
        ErrorKind::Interrupted => Python::attach(|py| py.check_signals().err())
            .unwrap_or_else(|| pyo3::exceptions::PyKeyboardInterrupt::new_err(())),
        _ => DataError::new_err(message),
    }
}

/// An exception of broken data.
pub(crate) fn data_error(message: impl Into<String>) -> PyErr {
    DataError::new_err(message.into())
}

/// An exception of an argument that makes no sense.
pub(crate) fn argument_error(message: impl Into<String>) -> PyErr {
    ArgumentError::new_err(message.into())
}
