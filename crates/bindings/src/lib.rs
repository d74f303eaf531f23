//! The Python face of the Tidegauge kernel: `tidegauge._kernel`.
//!
//! Extract, detach from the interpreter, call the kernel, wrap. Types and prose are in
//! `library/src/tidegauge/_kernel.pyi` and in the classes that wrap these.

mod arrays;
mod calling;
mod collector;
mod columns;
mod compare;
mod conditions;
mod custom;
mod derived;
mod errors;
mod metrics;
mod objects;
mod offers;
mod profile;
mod records;
mod sampled;
mod samples;
mod schema;
mod windows;

use pyo3::prelude::*;
use pyo3::types::PyDict;

/// The compiled kernel of Tidegauge.
#[allow(non_upper_case_globals)]
#[pymodule(gil_used = false)]
mod _kernel {
    #[pymodule_export]
    use super::arrays::KernelArray;
    #[pymodule_export]
    use super::collector::{Collector, after_fork};
    #[pymodule_export]
    use super::compare::{
        WindowTable, compare_columns, compare_counts, compare_items, compare_numbers, distances, item_pairs,
    };
    #[pymodule_export]
    use super::conditions::read_expression;
    #[pymodule_export]
    use super::metrics::{KernelCardinality, KernelFrequentItems, KernelNumbers};
    #[pymodule_export]
    use super::profile::{
        KernelColumn, KernelProfile, decode, encode, merge, merge_alike, read_files, write_file,
    };
    #[pymodule_export]
    use super::samples::{KernelSample, KernelSampling, decode_sample, merge_samples};
    #[pymodule_export]
    use super::windows::window_bounds;
    use super::*;

    #[pymodule_export]
    const __version__: &str = env!("CARGO_PKG_VERSION");
    #[pymodule_export]
    const FORMAT_VERSION: &str = tidegauge_kernel::format::VERSION;
    #[pymodule_export]
    const DEBUG_BUILD: bool = cfg!(debug_assertions);

    /// Asks to be told of forks, where there are any.
    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let os = module.py().import("os")?;
        if !os.hasattr("register_at_fork")? {
            return Ok(());
        }
        let keywords = PyDict::new(module.py());
        keywords.set_item("after_in_child", module.getattr("after_fork")?)?;
        os.call_method("register_at_fork", (), Some(&keywords)).map(drop)
    }
}
