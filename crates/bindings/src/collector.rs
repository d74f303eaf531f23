//! Where data goes in.

use crate::calling::Owner;
use crate::columns;
use crate::conditions;
use crate::custom;
use crate::derived;
use crate::errors::{argument_error, data_error, raise, with_python};
use crate::offers::Offers;
use crate::profile::KernelProfile;
use crate::records::{Intake, dict_of};
use crate::samples::KernelSampling;
use crate::schema;
use crate::windows::window_in;
use arrow_array::{RecordBatch, RecordBatchReader};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::{PyDict, PyMapping};
use pyo3_arrow::input::AnyRecordBatch;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tidegauge_kernel::columns::Schema;
use tidegauge_kernel::files;
use tidegauge_kernel::guard::guarded;
use tidegauge_kernel::profile::{Collector as Kernel, MAX_SEGMENTS, Metadata, Segments};
use tidegauge_kernel::{Error, Result};

/// Rows and batches that are folded at a time: enough to keep all cores at work.
const ROWS_AT_ONCE: usize = 1 << 18;
const BATCHES_AT_ONCE: usize = 256;

/// How often a long call asks the interpreter whether it was interrupted.
const ASK_MILLISECONDS: u128 = 50;

/// What the reader of arrays says when they contradict their own types.
pub(crate) const IMPOSSIBLE: &str = "the Arrow data contradicts its own description";

/// What a collector needs that never rests: a clock, and whom to tell that there is work. Windows are then made by
/// the time of arrival when there is no timestamp column.
type Service = (Option<Py<PyAny>>, Option<Py<PyAny>>);

const CLOSED: &str = "the logger is closed; make a new one, or close it later";

/// Forks between the first process and this one.
static FORKS: AtomicU64 = AtomicU64::new(0);

/// How many milliseconds a thread that has just taken the lock gets to say so.
const PATIENCE: u32 = 50;

/// Counts a fork; called in the child.
#[pyfunction]
pub(crate) fn after_fork() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}

/// Takes batches, records and files in, and gives profiles out. All methods are thread-safe.
#[pyclass(frozen, module = "tidegauge._kernel")]
pub(crate) struct Collector {
    intake: Mutex<Intake>,
    owner: Owner,
    /// How many forks there had been when the lock was last taken.
    forks: AtomicU64,
    dataset: Option<String>,
    tags: BTreeMap<String, String>,
    /// Gives the seconds since the epoch; the system's clock when `None`.
    clock: Option<Py<PyAny>>,
    offers: Offers,
    closed: AtomicBool,
    /// Threads that wait for the lock, or have it and wait for the interpreter.
    awaiting: AtomicU64,
    /// What profiles must keep to that are given out, where those taken from here do not yet.
    strict: Option<Arc<Schema>>,
}

impl Collector {
    /// Waits for the intake with the interpreter released.
    #[inline]
    fn intake(&self, py: Python<'_>) -> PyResult<MutexGuard<'_, Intake>> {
        let guard = match self.intake.try_lock() {
            Ok(guard) => guard,
            // A panic under the lock leaves complete columns behind: at worst some values are missing.
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) if self.owner.is_calling() => {
                return Err(argument_error(
                    "a metric or a function of a derived column asks the profiler that calls it, which would wait for itself for ever; use another profiler",
                ));
            }
            Err(TryLockError::WouldBlock) => {
                self.check_holder(py)?;
                self.awaiting.fetch_add(1, Ordering::SeqCst);
                let guard = self.intake.lock_py_attached(py);
                self.awaiting.fetch_sub(1, Ordering::SeqCst);
                guard.unwrap_or_else(PoisonError::into_inner)
            }
        };
        self.forks.store(FORKS.load(Ordering::Relaxed), Ordering::Relaxed);
        Ok(guard)
    }

    /// The same, for what arrives now.
    #[inline]
    fn receiving(&self, py: Python<'_>) -> PyResult<MutexGuard<'_, Intake>> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(argument_error(CLOSED));
        }
        // The clock may be the user's own: asked before anything is locked.
        let now = match &self.clock {
            Some(clock) => Some((clock.call0(py)?.extract::<f64>(py)? * 1e6) as i64),
            None => None,
        };
        let mut intake = self.intake(py)?;
        if intake.kernel.arrival().is_some() {
            intake.kernel.set_arrival(now.unwrap_or_else(microseconds_now));
        }
        Ok(intake)
    }

    fn metadata(&self) -> Metadata {
        Metadata {
            dataset: self.dataset.clone(),
            tags: self.tags.clone(),
            created: microseconds_now(),
            writer: concat!("tidegauge ", env!("CARGO_PKG_VERSION")).to_owned(),
            ..Metadata::default()
        }
    }

    fn take_in(&self, py: Python<'_>, record: &Bound<'_, PyAny>) -> PyResult<()> {
        let mut intake = self.receiving(py)?;
        match record.cast_exact::<PyDict>() {
            Ok(record) => intake.offer(record),
            Err(_) => intake.offer(&dict_of(record)?),
        }
    }

    /// The same, with all records taken in that waited.
    fn settled(&self, py: Python<'_>) -> PyResult<MutexGuard<'_, Intake>> {
        let mut intake = self.intake(py)?;
        intake.settle(py)?;
        Ok(intake)
    }

    /// After a fork, a lock that another thread of the parent held is never released here.
    fn check_holder(&self, py: Python<'_>) -> PyResult<()> {
        for _ in 0..PATIENCE {
            if self.forks.load(Ordering::Relaxed) == FORKS.load(Ordering::Relaxed) {
                return Ok(());
            }
            py.detach(|| std::thread::sleep(Duration::from_millis(1)));
        }
        Err(argument_error(
            "this profiler was in use by another thread when the process forked; make a new one in the child",
        ))
    }
}

#[pymethods]
impl Collector {
    #[new]
    #[pyo3(signature = (*, dataset=None, tags=None, timestamp=None, window=None, schema=None, conditions=None,
        segments=None, max_segments=MAX_SEGMENTS, total=true, derived=None, metrics=None, samplers=None, zone=None,
        service=None))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        dataset: Option<String>,
        tags: Option<BTreeMap<String, String>>,
        timestamp: Option<String>,
        window: Option<&str>,
        schema: Option<Bound<'_, PyMapping>>,
        conditions: Option<Vec<(String, String)>>,
        segments: Option<Vec<Vec<String>>>,
        max_segments: usize,
        total: bool,
        derived: Option<Vec<(String, Bound<'_, PyAny>)>>,
        metrics: Option<Vec<(Option<String>, Bound<'_, PyAny>)>>,
        samplers: Option<PyRef<'_, KernelSampling>>,
        zone: Option<Vec<(i64, i64)>>,
        service: Option<Service>,
    ) -> PyResult<Self> {
        let mut schema = schema::read(schema.as_ref())?;
        let owner = Owner::new();
        schema.custom = custom::read(metrics.unwrap_or_default(), owner)?;
        let window = window.map(|window| window_in(window, zone)).transpose()?;
        let mut kernel = match (window, &timestamp) {
            (Some(window), None) if service.is_some() => {
                Kernel::by_arrival(schema, window, microseconds_now())
            }
            (window, _) => Kernel::new(schema, timestamp, window),
        }
        .map_err(raise)?;
        kernel.set_forgiving(service.is_some());
        let is_service = service.is_some();
        let (clock, wake) = service.unwrap_or_default();
        let conditions = conditions::read(conditions.unwrap_or_default())?;
        let segments = Segments::new(&segments.unwrap_or_default(), max_segments, total).map_err(raise)?;
        kernel
            .schema()
            .check_segments(segments.columns())
            .map_err(raise)?;
        let mut kernel = kernel
            .with_derived(derived::read(derived.unwrap_or_default(), owner)?)
            .with_conditions(conditions)
            .with_segments(segments);
        let strict = is_service.then(|| kernel.list_rare_items());
        if let Some(samplers) = samplers {
            kernel = kernel.with_samples(samplers.shared());
        }
        Ok(Self {
            intake: Mutex::new(Intake::new(kernel)),
            owner,
            forks: AtomicU64::new(FORKS.load(Ordering::Relaxed)),
            dataset,
            tags: tags.unwrap_or_default(),
            clock: clock.filter(|clock| !clock.is_none(py)),
            offers: Offers::new(wake),
            closed: AtomicBool::new(false),
            awaiting: AtomicU64::new(0),
            strict,
        })
    }

    #[getter]
    fn records(&self, py: Python<'_>) -> PyResult<u64> {
        let intake = self.intake(py)?;
        Ok(intake.kernel.records() + intake.waiting.len() as u64)
    }

    fn log_arrow(&self, py: Python<'_>, data: Bound<'_, PyAny>) -> PyResult<u64> {
        let reader = tabular(&data)?.into_reader()?;
        let mut intake = self.receiving(py)?;
        intake.settle(py)?;
        let kernel = &mut intake.kernel;
        py.detach(|| guarded(IMPOSSIBLE, || log_reader(kernel, reader)))
            .map_err(raise)
    }

    #[pyo3(signature = (names, columns, rows, *, nan_is_null=false))]
    #[allow(clippy::needless_pass_by_value)]
    fn log_columns(
        &self,
        py: Python<'_>,
        names: Vec<String>,
        columns: Vec<Bound<'_, PyAny>>,
        rows: u64,
        nan_is_null: bool,
    ) -> PyResult<u64> {
        let mut intake = self.receiving(py)?;
        intake.settle(py)?;
        columns::log(&mut intake, &names, &columns, rows, nan_is_null)?;
        Ok(rows)
    }

    fn log_records(&self, py: Python<'_>, records: Bound<'_, PyAny>) -> PyResult<u64> {
        let mut count = 0;
        let is_first = self.records(py)? == 0;
        for record in records.try_iter()? {
            let record = record?;
            // Locked for each record: an iterator may log to the same collector.
            self.receiving(py)?.record(&dict_of(&record)?)?;
            count += 1;
            if count % 4_096 == 0 {
                py.check_signals()?;
            }
        }
        let mut intake = self.settled(py)?;
        if is_first {
            intake.kernel.check_came().map_err(raise)?;
        }
        Ok(count)
    }

    fn record(&self, py: Python<'_>, record: Bound<'_, PyAny>) -> PyResult<()> {
        let mut intake = self.receiving(py)?;
        match record.cast_exact::<PyDict>() {
            Ok(record) => intake.record(record),
            Err(_) => intake.record(&dict_of(&record)?),
        }
    }

    /// Takes one record in, and never fails: what is wrong with it is counted.
    fn offer(&self, py: Python<'_>, record: Bound<'_, PyAny>) -> PyResult<()> {
        if self.closed.load(Ordering::Relaxed) {
            // Cheaply: threads that go on recording must not hold up the end of the process.
            self.offers.count_refused(&format!("ArgumentError: {CLOSED}"));
            return Ok(());
        }
        let done = self.take_in(py, &record);
        self.offers.settle(py, done)
    }

    /// How many records that were offered had something wrong, and what it was with the last one.
    #[getter]
    fn refused(&self) -> (u64, Option<String>) {
        self.offers.refused()
    }

    /// Which windows take records in from now on, by where they start.
    #[pyo3(signature = (earliest=None, latest=None, now=None))]
    fn set_horizon(
        &self,
        py: Python<'_>,
        earliest: Option<i64>,
        latest: Option<i64>,
        now: Option<i64>,
    ) -> PyResult<()> {
        self.intake(py)?.kernel.set_horizon(earliest, latest, now);
        Ok(())
    }

    /// Start and end of the window that holds a time.
    fn window_of(&self, py: Python<'_>, time: i64) -> PyResult<Option<(i64, i64)>> {
        let intake = self.intake(py)?;
        Ok(intake.kernel.window().map(|window| {
            let start = window.start(time);
            (start, window.end(start))
        }))
    }

    /// Forgets all that was gathered; in a process that was forked off, by which nobody waits for anything yet.
    fn forget(&self, py: Python<'_>) -> PyResult<()> {
        self.offers.rest();
        self.awaiting.store(0, Ordering::SeqCst);
        let mut intake = self.intake(py)?;
        intake.waiting.clear();
        let gathered = intake.kernel.take(true);
        drop(intake);
        py.detach(move || drop(gathered));
        Ok(())
    }

    /// Whether a thread waits for the lock, or has it and waits for the interpreter: then it is no time to fork.
    #[getter]
    fn is_awaited(&self) -> bool {
        self.awaiting.load(Ordering::SeqCst) > 0
    }

    /// Takes nothing more in.
    fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    /// The profiles of all that was gathered, which is forgotten here.
    #[pyo3(signature = (*, forget_segments=false))]
    fn take(&self, py: Python<'_>, forget_segments: bool) -> PyResult<Vec<KernelProfile>> {
        self.offers.rest();
        // Swapped while the interpreter is held, so that no fork finds the lock taken.
        let mut intake = self.intake(py)?;
        if !intake.kernel.is_forgiving() {
            intake.kernel.check_timestamp().map_err(raise)?;
        }
        let done = intake.settle(py);
        let full = intake.kernel.take(forget_segments);
        drop(intake);
        if let Err(error) = done {
            self.offers.refuse(py, error)?;
        }
        let metadata = self.metadata();
        let profiles = py.detach(move || full.into_profiles(&metadata));
        Ok(profiles.into_iter().map(KernelProfile::from).collect())
    }

    #[pyo3(signature = (path, *, format=None, progress=None))]
    fn log_file(
        &self,
        py: Python<'_>,
        path: PathBuf,
        format: Option<&str>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<u64> {
        let format = format.map(files::Format::parse).transpose().map_err(raise)?;
        let path = path.to_str().ok_or_else(|| {
            data_error(format!(
                "the name of {} is not UTF-8; rename the file",
                path.display()
            ))
        })?;
        let mut intake = self.receiving(py)?;
        intake.settle(py)?;
        let kernel = &mut intake.kernel;
        let mut failure: Option<PyErr> = None;
        let mut asked = Instant::now();
        let done = py.detach(|| {
            let mut report = |done: u64, total: u64| -> Result<()> {
                if asked.elapsed().as_millis() < ASK_MILLISECONDS && done < total {
                    return Ok(());
                }
                asked = Instant::now();
                with_python(|py| {
                    py.check_signals()?;
                    progress
                        .as_ref()
                        .map_or(Ok(()), |progress| progress.call1(py, (done, total)).map(drop))
                })
                .map_err(|error| {
                    failure = Some(error);
                    Error::interrupted()
                })
            };
            files::log_file(kernel, path, format, &mut report)
        });
        match (failure, done) {
            (Some(failure), _) => Err(failure),
            (None, done) => done.map_err(raise),
        }
    }

    /// Profiles that were taken from here, as they may be given out.
    #[allow(clippy::needless_pass_by_value)]
    fn finished(&self, py: Python<'_>, profiles: Vec<PyRef<'_, KernelProfile>>) -> Vec<KernelProfile> {
        let profiles: Vec<_> = profiles.iter().map(|profile| profile.profile().clone()).collect();
        let Some(strict) = &self.strict else {
            return profiles.into_iter().map(KernelProfile::from).collect();
        };
        let finished = py.detach(|| {
            let finished = profiles.iter().map(|profile| profile.without_rare_items(strict));
            finished.collect::<Vec<_>>()
        });
        finished.into_iter().map(KernelProfile::from).collect()
    }

    fn profiles(&self, py: Python<'_>) -> PyResult<Vec<KernelProfile>> {
        let metadata = self.metadata();
        let mut intake = self.settled(py)?;
        let kernel = &mut intake.kernel;
        kernel.check_timestamp().map_err(raise)?;
        let profiles = py.detach(|| kernel.profiles(&metadata));
        Ok(profiles.into_iter().map(KernelProfile::from).collect())
    }
}

fn microseconds_now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_micros()).unwrap_or(i64::MAX)
}

fn tabular(data: &Bound<'_, PyAny>) -> PyResult<AnyRecordBatch> {
    let class = data.get_type().name()?;
    let refused = |error: PyErr| {
        if !error.is_instance_of::<PyException>(data.py()) {
            return error;
        }
        let columnar = error.to_string().to_lowercase().contains("struct");
        let hint = if columnar {
            "; a single column needs a name: pass {\"name\": column}"
        } else {
            ""
        };
        data_error(format!("{class} gives no Arrow table: {error}{hint}"))
    };
    let batch: AnyRecordBatch = data.extract().map_err(refused)?;
    match batch.schema() {
        Ok(_) => Ok(batch),
        Err(error) => Err(refused(error)),
    }
}

fn log_reader(kernel: &mut Kernel, reader: Box<dyn RecordBatchReader + Send>) -> Result<u64> {
    let mut waiting: Vec<RecordBatch> = Vec::new();
    let (mut waiting_rows, mut rows) = (0, 0);
    let mut asked = Instant::now();
    let schema = reader.schema();
    kernel.register(&schema)?;
    for batch in reader {
        let batch = batch.map_err(|error| Error::data(format!("the Arrow stream broke off: {error}")))?;
        waiting_rows += batch.num_rows();
        rows += batch.num_rows() as u64;
        waiting.push(batch);
        if waiting_rows >= ROWS_AT_ONCE || waiting.len() >= BATCHES_AT_ONCE {
            kernel.log_batches(&waiting)?;
            waiting.clear();
            waiting_rows = 0;
        }
        if asked.elapsed().as_millis() >= ASK_MILLISECONDS {
            asked = Instant::now();
            with_python(|py| py.check_signals()).map_err(|_| Error::interrupted())?;
        }
    }
    // Also without any batch: the columns of an empty table are columns.
    if waiting.is_empty() && rows == 0 {
        waiting.push(RecordBatch::new_empty(schema));
    }
    kernel.log_batches(&waiting)?;
    Ok(rows)
}
