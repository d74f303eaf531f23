//! Records that are offered by code that must not fail because of them.

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// What became of records that were offered.
#[derive(Default)]
pub(crate) struct Offers {
    /// Called when there is work again.
    wake: Option<Py<PyAny>>,
    awake: AtomicBool,
    refused: Mutex<(u64, Option<String>)>,
}

impl Offers {
    pub(crate) fn new(wake: Option<Py<PyAny>>) -> Self {
        Self {
            wake,
            ..Self::default()
        }
    }

    /// Work has been taken away; the next offer wakes again.
    pub(crate) fn rest(&self) {
        self.awake.store(false, Ordering::Relaxed);
    }

    /// Counts what failed, and wakes whoever waits for work.
    ///
    /// # Errors
    /// What is no failure of the record: an interruption by the user.
    #[inline]
    pub(crate) fn settle(&self, py: Python<'_>, done: PyResult<()>) -> PyResult<()> {
        if let Err(error) = done {
            self.refuse(py, error)?;
        }
        if !self.awake.load(Ordering::Relaxed) {
            self.wake(py)?;
        }
        Ok(())
    }

    #[cold]
    fn wake(&self, py: Python<'_>) -> PyResult<()> {
        self.awake.store(true, Ordering::Relaxed);
        match &self.wake {
            Some(wake) => wake.call0(py).map(drop),
            None => Ok(()),
        }
    }

    /// Counts what failed.
    ///
    /// # Errors
    /// What is no failure of the record.
    #[cold]
    pub(crate) fn refuse(&self, py: Python<'_>, error: PyErr) -> PyResult<()> {
        if !error.is_instance_of::<PyException>(py) {
            return Err(error);
        }
        self.count_refused(&error.to_string());
        Ok(())
    }

    /// Counts a record that was refused, and why.
    pub(crate) fn count_refused(&self, why: &str) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.0 += 1;
        refused.1 = Some(why.to_owned());
    }

    pub(crate) fn refused(&self) -> (u64, Option<String>) {
        self.refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
