"""Logger: profiles of windows, made inside a service and delivered by themselves."""

from __future__ import annotations

import time
import weakref
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self

from tidegauge import _kernel
from tidegauge.derived import Derivation, formulas
from tidegauge.errors import whole_characters
from tidegauge.expressions import condition_texts
from tidegauge.frames.feed import feed
from tidegauge.logger import forks
from tidegauge.logger.arguments import (
    LOCKED,
    checked_clock,
    checked_dataset,
    checked_seconds,
    checked_timeout,
    folder,
    given,
    microseconds,
    opened,
    with_samples,
)
from tidegauge.logger.rounds import Wishes
from tidegauge.logger.sample_keeping import claim
from tidegauge.logger.status import LoggerStatus, OpenWindow
from tidegauge.logger.worker import Worker
from tidegauge.metrics.known import registered_metrics
from tidegauge.profile import window_of_span
from tidegauge.profiler import checked_tags, timestamp_of
from tidegauge.samplers.sampling import kernel_of as sampling_of
from tidegauge.schema import kernel_schema
from tidegauge.segments import MAX_SEGMENTS, checked_limit, checked_total, partitions_of
from tidegauge.windows import window_text
from tidegauge.windows.zones import zone_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import timedelta
    from types import TracebackType

    from tidegauge.expressions import Expression
    from tidegauge.logger.arguments import Target
    from tidegauge.metrics.custom import Metrics
    from tidegauge.samplers.sampling import Sampling
    from tidegauge.schema import Schema
    from tidegauge.segments import Partitions


class Logger:
    """Profiles what a service sees, window by window, and delivers the profiles on its own.

    `record` and `log` add to memory and return: they never wait for a disk, a network or a writer, and bad
    data never makes them raise. A thread of the logger's own closes windows and hands their profiles to the
    writers. A writer that fails is retried until it takes them; each profile set keeps one id, so that a
    receiver can tell what it already has.

    With `checkpoint`, everything that is open or waiting is on disk, at most a second old: after a crash or a
    ``kill -9`` the next logger with that directory and dataset takes it over and delivers it. Any number of
    processes may share a directory. Without `checkpoint`, it is kept in memory and dies with the process;
    when more than 256 MB are waiting for a writer, the oldest profile sets are given up and counted.

    It may be used from any number of threads and in coroutines. After a fork, the child's logger starts empty
    and is independent of the parent's.

    Args:
        dataset: The dataset's name.
        writers: Where profiles go: one target or several, each as `tidegauge.writers.open_writer` accepts it:
            folders, URLs, functions that take a `ProfileSet` and its id, or writers.
        timestamp: The column that says when a record happened (temporal, or ISO 8601 text). When None,
            records belong to the window in which they arrive.
        window: The length of windows: a number and one of ``s m h d w mo``, or a timedelta. Windows are
            half-open and begin at multiples of their length in UTC.
        timezone: The time zone, such as ``"Europe/Oslo"``, at whose midnight windows of days, weeks and
            months begin.
        lateness: Only when records are dated by timestamps: how long after its end a window still takes in
            records, such as ``"10m"`` or a timedelta. These are delivered as a further profile of the window.
            Records that come later are counted in `Profile.late_records` of the window that is open, and
            those too far in the future in `Profile.early_records`.
        checkpoint: A directory for what must survive the process.
        checkpoint_seconds: How old the state on disk may be, in seconds.
        tags: Names and values to keep with the profiles; all are text.
        schema: Roles of columns, and which metrics to keep.
        conditions: Name → expression; see `tidegauge.log`.
        segments: Make a profile for each segment: the columns whose values together group the records, or
            several lists of columns; see `tidegauge.log`.
        max_segments: The most segments that a partition may have in each window; the records of any further
            ones are profiled together.
        total: Whether to keep a profile of all records beside those of the segments.
        derived: Columns to compute, by expression or function; see `tidegauge.log`. Where a function raises,
            its column is null, and the error is counted in `LoggerStatus.derived_errors`.
        metrics: Metrics of your own; see `tidegauge.log`.
        samplers: A `tidegauge.samplers.Sampling`, which keeps records for you to look at, in the memory of
            this process; they are never delivered to writers.
        samples: A folder on this machine, apart from profiles, into which the samples of each window are
            written when it is over; see `tidegauge.samplers.read_samples`. The sampling then starts over; it
            must have no ``seed=`` and belong to this logger alone.
        samples_keep: How long files of samples are kept after the end of their window, such as ``"7d"`` or a
            timedelta; None keeps them for ever.
        clock: A function that returns seconds since the epoch, for tests; called for each record that is
            dated by its arrival.

    Raises:
        ArgumentError: An argument is invalid. Nothing raises later on: see `status`.

    Example:
        >>> import tidegauge as tg
        >>> received = []
        >>> with tg.Logger("rides", writers=lambda profiles, id: received.append(profiles)) as logger:
        ...     logger.record({"fare": 7.5, "city": "Oslo"})
        ...     logger.log([{"fare": 9.0}, {"fare": None}])
        2
        >>> received[0].records
        3
    """

    @whole_characters()
    def __init__(
        self,
        dataset: str,
        *,
        writers: Target | Iterable[Target],
        timestamp: str | None = None,
        window: str | timedelta = "5m",
        timezone: str | None = None,
        lateness: str | timedelta = "1h",
        checkpoint: str | os.PathLike[str] | None = None,
        checkpoint_seconds: float = 1.0,
        tags: Mapping[str, str] | None = None,
        schema: Schema | None = None,
        conditions: Mapping[str, Expression | str] | None = None,
        segments: Partitions | None = None,
        max_segments: int = MAX_SEGMENTS,
        total: bool = True,
        derived: Mapping[str, Expression | str | Derivation] | None = None,
        metrics: Metrics | None = None,
        samplers: Sampling | None = None,
        samples: str | os.PathLike[str] | None = None,
        samples_keep: str | timedelta | None = "30d",
        clock: Callable[[], float] = time.time,
    ) -> None:
        stamp = timestamp_of(timestamp, schema)
        wishes = Wishes(
            dataset=checked_dataset(dataset),
            writers=opened(writers),
            checkpoint=folder("checkpoint", checkpoint, LOCKED),
            checkpoint_seconds=checked_seconds(checkpoint_seconds),
            lateness=microseconds("lateness", lateness),
            clock=checked_clock(clock),
            by_timestamp=stamp is not None,
            calls_back=bool(metrics) or any(isinstance(one, Derivation) for one in (derived or {}).values()),
        )
        waker = _Waker()
        self._refusals = Refusals()
        self._derived_errors: dict[str, int] = {}
        collect = partial(
            _kernel.Collector,
            dataset=dataset,
            tags=checked_tags(tags),
            timestamp=stamp,
            window=window_text(given(window)),
            zone=zone_of(timezone),
            schema=None if schema is None else kernel_schema(schema),
            conditions=None if conditions is None else condition_texts(conditions),
            segments=partitions_of(segments),
            max_segments=checked_limit(max_segments),
            total=checked_total(total),
            samplers=None if samplers is None else sampling_of(samplers),
            derived=None if derived is None else formulas(derived, failures=self._derived_errors),
            metrics=None if metrics is None else registered_metrics(metrics),
            service=(None if clock is time.time else clock, waker),
        )
        wishes = with_samples(wishes, samplers, samples=samples, keep=samples_keep)
        self._worker = Worker(collect, wishes)
        waker.worker = weakref.ref(self._worker)
        self._begin()

    def _begin(self) -> None:
        if self._worker.wishes.samples is not None:
            claim(self._worker.wishes.samples.sampling, self._worker)
        self._finalizer = weakref.finalize(self, self._worker.abandon)
        self._finalizer.atexit = False  # `forks` sees to that
        if not self._worker.wishes.calls_back:
            # The kernel's own method in place of ours: a call through Python would cost as much as the work.
            # With functions to call it does not matter, and a fork may put another collector in its place.
            self.record = self._worker.collector.offer  # type: ignore[method-assign]
        self._worker.at_end = weakref.WeakMethod(self._end)
        forks.remember(self._worker)
        self._worker.start()

    def _end(self) -> None:
        # The kernel cannot be called any more when the interpreter destroys what is left.
        self.record = self._refuse  # type: ignore[method-assign]

    def _refuse(self, record: object) -> None:  # noqa: ARG002 - what it is does not matter
        self._refusals.add_closed()

    @property
    def dataset(self) -> str:
        """The dataset's name."""
        return self._worker.wishes.dataset

    def record(self, record: Mapping[str, object]) -> None:
        """Take in one record: a dict from columns to values, which may be nested; see `Profiler.record`.

        It takes about a microsecond per five fields, and does not raise: bad records are counted in `status`.
        A timestamp that cannot be read counts as null; such records form a profile without a window.

        Args:
            record: The record; columns may come and go from record to record.
        """
        self._worker.collector.offer(record)

    def log(self, batch: Any, *, columns: Sequence[str] | None = None) -> int:
        """Take in data of any kind that `tidegauge.log` accepts. It does not raise; see `status`.

        Args:
            batch: The data.
            columns: Names for the columns of a NumPy array.

        Returns:
            The number of records; 0 when the data could not be logged, or not completely.
        """
        if self._worker.is_over:
            self._refuse(batch)
            return 0
        with self._worker.gate:
            try:
                return feed(self._worker.collector, batch, columns)
            except Exception as error:  # noqa: BLE001 - a service must not fail because of what it logs
                self._refusals.add(error)
                return 0
            except BaseException as error:
                # A panic of the kernel is no Exception; Ctrl-C and sys.exit() are meant for the host.
                if type(error).__module__ != "pyo3_runtime":
                    raise
                self._refusals.add(error)
                return 0
            finally:
                self._worker.wake()

    def save(self, timeout: float = 10.0) -> bool:
        """Save everything logged so far to the checkpoint now, and wait until it is on disk.

        Windows stay open, and nothing is delivered. Use it where the records must be safe before you go on,
        such as in a stream consumer before it commits its offsets.

        Args:
            timeout: The longest time to wait, in seconds.

        Returns:
            Whether all of it is on disk; also false without `checkpoint`, and once the logger is closed.
        """
        return self._worker.save(checked_timeout(timeout))

    def flush(self, timeout: float = 10.0) -> bool:
        """Close all windows, and wait until each writer has taken everything or has failed again.

        Samples are written too, if their folder can be written to; see `status`.

        Records logged afterwards reopen their windows, which are delivered as further profiles.

        Args:
            timeout: The longest time to wait, in seconds.

        Returns:
            Whether everything is delivered. The rest is retried.
        """
        return self._worker.flush(checked_timeout(timeout))

    def close(self, timeout: float = 10.0) -> bool:
        """Flush, and stop. What is logged afterwards is not taken in, only counted in `status`.

        With `checkpoint`, what could not be delivered stays on disk for the next logger of the dataset.

        Args:
            timeout: The longest time to wait, in seconds.

        Returns:
            Whether everything is delivered.
        """
        seconds = checked_timeout(timeout)
        self._finalizer.detach()
        return self._worker.stop(seconds)

    def status(self) -> LoggerStatus:
        """Return what is open, what is waiting and what has failed."""
        worker, rounds = self._worker, self._worker.rounds
        tally = rounds.tally
        refused, last = worker.collector.refused
        return LoggerStatus(
            dataset=self.dataset,
            open_windows=tuple(
                OpenWindow(None if span is None else window_of_span(*span), id, records)
                for span, id, records in rounds.open_now  # noqa: A001 - the word
            ),
            fresh_records=worker.collector.records,
            writers=tuple(delivery.status() for delivery in rounds.deliveries),
            late_records=tally.late,
            early_records=tally.early,
            refused=refused + self._refusals.count,
            last_refusal=self._refusals.last or last,
            recovered=tally.recovered,
            set_aside=tally.damaged + sum(delivery.damaged for delivery in rounds.deliveries),
            rejected=sum(delivery.rejected for delivery in rounds.deliveries),
            dropped=sum(delivery.dropped for delivery in rounds.deliveries),
            checkpoint_error=tally.checkpoint_error,
            internal_error=tally.internal_error,
            derived_errors=dict(self._derived_errors),
            samples=None if rounds.samples is None else rounds.samples.status(),
        )

    def __enter__(self) -> Self:
        """Return the logger."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the logger."""
        self.close()

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: it belongs to this process."""
        raise TypeError(
            "a Logger is of its process and cannot be pickled or copied; make one in each process, with the "
            "same dataset, writers and checkpoint"
        )

    def __repr__(self) -> str:
        """Show the dataset and how the logger is doing."""
        status = self.status()
        return (
            f"Logger(dataset={self.dataset!r}, open_windows={len(status.open_windows)}, "
            f"waiting={status.waiting}, delivered={status.delivered}, is_well={status.is_well})"
        )


class _Waker:
    """What the kernel calls when there is work; it does not keep the worker alive."""

    worker: weakref.ref[Worker] | None = None

    def __call__(self) -> None:
        worker = None if self.worker is None else self.worker()
        if worker is not None:
            worker.wake()


@dataclass(slots=True)
class Refusals:
    """Batches that could not be logged."""

    closed: ClassVar = "ArgumentError: the logger is closed; make a new one, or close it later"

    count: int = 0
    last: str | None = None

    def add(self, error: BaseException) -> None:
        """Count one."""
        self.count += 1
        self.last = f"{type(error).__name__}: {error}"

    def add_closed(self) -> None:
        """Count one that came after the end, also when nothing is left of this module's names."""
        self.count += 1
        self.last = self.closed
