//! Windows by their length, in UTC or in the time of a place.

use crate::errors::raise;
use pyo3::prelude::*;
use tidegauge_kernel::profile::Window;

/// Start and end of the window of that length that holds a time, in microseconds since the epoch.
#[pyfunction]
#[pyo3(signature = (window, time, zone=None))]
pub(crate) fn window_bounds(window: &str, time: i64, zone: Option<Vec<(i64, i64)>>) -> PyResult<(i64, i64)> {
    let window = window_in(window, zone)?;
    let start = window.start(time);
    Ok((start, window.end(start)))
}

/// A window of that length, in the time of a place.
pub(crate) fn window_in(window: &str, zone: Option<Vec<(i64, i64)>>) -> PyResult<Window> {
    let window = Window::parse(window).map_err(raise)?;
    match zone {
        Some(zone) => window.in_zone(zone).map_err(raise),
        None => Ok(window),
    }
}
