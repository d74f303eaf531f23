//! The kernel's errors as the exceptions that `tidegauge/errors.py` defines.

use pyo3::import_exception;
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use tidegauge_kernel::{Error, ErrorKind};

import_exception!(tidegauge.errors, ArgumentError);
import_exception!(tidegauge.errors, DataError);
import_exception!(tidegauge.errors, FormatError);
import_exception!(tidegauge.errors, MergeError);
import_exception!(tidegauge.errors, MissingFileError);

/// Exceptions of the user's code on their way through the kernel, which knows no Python, by number.
static PASSING: Mutex<(u64, BTreeMap<u64, PyErr>)> = Mutex::new((0, BTreeMap::new()));

/// What the message of an error ends with whose exception waits in [`PASSING`].
const TICKET: &str = "exception #";

/// Exceptions that may wait: of some, nobody ever asks.
const MOST_PASSING: usize = 1_000;

/// An error of the kernel for an exception, which [`raise`] gives back; `place` says where it was.
pub(crate) fn passing(error: PyErr, place: &str) -> Error {
    Python::try_attach(|py| {
        // An exception without notes is no reason to lose the exception.
        drop(error.value(py).call_method1("add_note", (place,)));
    });
    let mut held = PASSING.lock().unwrap_or_else(PoisonError::into_inner);
    held.0 += 1;
    let number = held.0;
    held.1.insert(number, error);
    while held.1.len() > MOST_PASSING {
        held.1.pop_first();
    }
    Error::new(ErrorKind::Data, format!("{TICKET}{number}"))
}

/// The exception that waits for an error.
fn passed(error: &Error) -> Option<PyErr> {
    let (_, number) = error.message().rsplit_once(TICKET)?;
    let mut held = PASSING.lock().unwrap_or_else(PoisonError::into_inner);
    held.1.remove(&number.parse().ok()?)
}

/// The exception of a kernel error.
pub(crate) fn raise(error: Error) -> PyErr {
    if let Some(exception) = passed(&error) {
        return exception;
    }
    let message = error.message().to_owned();
    match error.kind() {
        ErrorKind::Argument => ArgumentError::new_err(message),
        ErrorKind::Format => FormatError::new_err(message),
        ErrorKind::Merge => MergeError::new_err(message),
        ErrorKind::File => MissingFileError::new_err(message),
        // The interpreter knows what interrupted us: its own exception comes first.
        ErrorKind::Interrupted => Python::try_attach(|py| py.check_signals().err())
            .flatten()
            .unwrap_or_else(|| pyo3::exceptions::PyKeyboardInterrupt::new_err(())),
        _ => DataError::new_err(message),
    }
}

/// Works with the interpreter attached. It cannot be had any more once it ends: objects that log when they are
/// destroyed get an error then, not a panic.
pub(crate) fn with_python<T>(work: impl FnOnce(Python<'_>) -> PyResult<T>) -> PyResult<T> {
    Python::try_attach(work).unwrap_or_else(|| Err(data_error("the interpreter is ending")))
}

/// An exception of broken data.
pub(crate) fn data_error(message: impl Into<String>) -> PyErr {
    DataError::new_err(message.into())
}

/// An exception of an argument that makes no sense.
pub(crate) fn argument_error(message: impl Into<String>) -> PyErr {
    ArgumentError::new_err(message.into())
}
