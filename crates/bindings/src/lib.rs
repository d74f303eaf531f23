//! The Python face of the Tidegauge kernel: `tidegauge._kernel`.
//!
//! Extract, detach from the interpreter, call the kernel, wrap. Types and prose are in
//! `library/src/tidegauge/_kernel.pyi` and in the classes that wrap these.

mod collector;
mod columns;
mod errors;
mod metrics;
mod objects;
mod profile;
mod records;
mod schema;

use pyo3::prelude::*;

/// The compiled kernel of Tidegauge.
#[allow(non_upper_case_globals)]
#[pymodule(gil_used = false)]
mod _kernel {
    #[pymodule_export]
    use super::collector::Collector;
    #[pymodule_export]
    use super::metrics::{KernelCardinality, KernelFrequentItems, KernelNumbers};
    #[pymodule_export]
    use super::profile::{KernelColumn, KernelProfile, decode, encode, merge, read_file, write_file};

    #[pymodule_export]
    const __version__: &str = env!("CARGO_PKG_VERSION");
    #[pymodule_export]
    const FORMAT_VERSION: &str = tidegauge_kernel::format::VERSION;
    #[pymodule_export]
    const DEBUG_BUILD: bool = cfg!(debug_assertions);
}
