"""Profiler: the incremental form of `tidegauge.log`, for data that arrives bit by bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, overload

from tidegauge import _kernel
from tidegauge.derived import formulas
from tidegauge.errors import ArgumentError, whole_characters
from tidegauge.expressions import condition_texts
from tidegauge.frames.feed import feed
from tidegauge.metrics.known import registered_metrics
from tidegauge.profile import Profile
from tidegauge.profile_set import ProfileSet
from tidegauge.schema import Schema, kernel_schema
from tidegauge.segments import MAX_SEGMENTS, checked_limit, checked_total, partitions_of
from tidegauge.windows import window_text
from tidegauge.windows.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import timedelta

    from tidegauge.derived import Derivation
    from tidegauge.expressions import Expression
    from tidegauge.metrics.custom import Metrics
    from tidegauge.samplers.sampling import Sampling
    from tidegauge.segments import Partitions

Result = TypeVar("Result", Profile, ProfileSet)


class Profiler(Generic[Result]):
    """Takes in data, batch by batch or record by record, and returns profiles of what it has seen.

    All methods may be called from any thread. Memory does not grow with the number of records.

    Args:
        dataset: The dataset's name.
        timestamp: The column that says when a record happened (temporal, or ISO 8601 text).
        window: Make a profile for each window of this length: a number and one of ``s m h d w mo``
            (``"5m"``, ``"1d"``), or a timedelta. Windows begin at multiples of their length in UTC.
        timezone: The time zone, such as ``"Europe/Oslo"``, at whose midnight windows of days, weeks and
            months begin. Timestamps without a zone are still taken as UTC.
        tags: Names and values to keep with the profile; all are text.
        schema: Roles of columns, and which metrics to keep.
        conditions: Name → expression over the columns of a record, such as ``col("fare") > 0`` or its text;
            how many records meet each is counted.
        segments: Make a profile for each segment: the columns whose values together group the records, or
            several lists of columns. See `tidegauge.log`.
        max_segments: The most segments that a partition may have, over all windows; the records of any
            further ones are profiled together.
        total: Whether to keep a profile of all records beside those of the segments.
        derived: Columns to compute and to log like any other: name → an expression, its text, or
            `tidegauge.derive` of a function. Records wait for functions, which are called for many records at
            a time.
        metrics: Metrics of your own: a dict from column to a list of them, or a list for every column whose
            type they accept; see `tidegauge.Metric`.
        samplers: A `tidegauge.samplers.Sampling`, which keeps the records that its samplers choose.

    Raises:
        ArgumentError: An argument is invalid.

    Example:
        >>> import tidegauge as tg
        >>> profiler = tg.Profiler("rides")
        >>> profiler.record({"fare": 7.5, "city": "Oslo"})
        >>> profiler.log([{"fare": 9.0}, {"fare": None}])
        2
        >>> profiler.profile()["fare"].null_rate
        0.3333333333333333
    """

    @overload
    def __init__(
        self: Profiler[Profile],
        dataset: str | None = None,
        *,
        timestamp: str | None = None,
        window: None = None,
        timezone: str | None = None,
        tags: Mapping[str, str] | None = None,
        schema: Schema | None = None,
        conditions: Mapping[str, Expression | str] | None = None,
        segments: None = None,
        max_segments: int = MAX_SEGMENTS,
        total: bool = True,
        derived: Mapping[str, Expression | str | Derivation] | None = None,
        metrics: Metrics | None = None,
        samplers: Sampling | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: Profiler[ProfileSet],
        dataset: str | None = None,
        *,
        timestamp: str | None = None,
        window: str | timedelta,
        timezone: str | None = None,
        tags: Mapping[str, str] | None = None,
        schema: Schema | None = None,
        conditions: Mapping[str, Expression | str] | None = None,
        segments: Partitions | None = None,
        max_segments: int = MAX_SEGMENTS,
        total: bool = True,
        derived: Mapping[str, Expression | str | Derivation] | None = None,
        metrics: Metrics | None = None,
        samplers: Sampling | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: Profiler[ProfileSet],
        dataset: str | None = None,
        *,
        timestamp: str | None = None,
        window: str | timedelta | None = None,
        timezone: str | None = None,
        tags: Mapping[str, str] | None = None,
        schema: Schema | None = None,
        conditions: Mapping[str, Expression | str] | None = None,
        segments: Partitions,
        max_segments: int = MAX_SEGMENTS,
        total: bool = True,
        derived: Mapping[str, Expression | str | Derivation] | None = None,
        metrics: Metrics | None = None,
        samplers: Sampling | None = None,
    ) -> None: ...
    @whole_characters()
    def __init__(
        self,
        dataset: str | None = None,
        *,
        timestamp: str | None = None,
        window: str | timedelta | None = None,
        timezone: str | None = None,
        tags: Mapping[str, str] | None = None,
        schema: Schema | None = None,
        conditions: Mapping[str, Expression | str] | None = None,
        segments: Partitions | None = None,
        max_segments: int = MAX_SEGMENTS,
        total: bool = True,
        derived: Mapping[str, Expression | str | Derivation] | None = None,
        metrics: Metrics | None = None,
        samplers: Sampling | None = None,
    ) -> None:
        partitions = partitions_of(segments)
        self._several = window is not None or partitions is not None
        self._dataset = checked_text(dataset, "dataset")
        stamp = timestamp_of(timestamp, schema)
        if window is not None and stamp is None:
            raise ArgumentError(
                "window= needs timestamp=, the name of the column that tells when a record happened"
            )
        if timezone is not None and window is None:
            raise ArgumentError(
                f"timezone={timezone!r} says where windows begin, and there are none; give window=, too"
            )
        self._collector = _kernel.Collector(
            dataset=dataset,
            tags=checked_tags(tags),
            timestamp=stamp,
            window=None if window is None else window_text(window),
            zone=zone_of(timezone),
            schema=None if schema is None else kernel_schema(schema),
            conditions=None if conditions is None else condition_texts(conditions),
            segments=partitions,
            max_segments=checked_limit(max_segments),
            total=checked_total(total),
            derived=None if derived is None else formulas(derived),
            metrics=None if metrics is None else registered_metrics(metrics),
            samplers=_kernel_of(samplers),
        )
        # The kernel's own method in place of ours: a call through Python would cost as much as the work.
        self.record = self._collector.record  # type: ignore[method-assign]

    @property
    def dataset(self) -> str | None:
        """The dataset's name."""
        return self._dataset

    @property
    def records(self) -> int:
        """How many records have been logged so far."""
        return self._collector.records

    def log(self, batch: Any, *, columns: Sequence[str] | None = None) -> int:
        """Take in data of any kind that `tidegauge.log` accepts.

        Args:
            batch: The data. Its columns may differ in order and in type from those of earlier batches.
            columns: Names for the columns of a NumPy array.

        Returns:
            The number of records taken in.

        Raises:
            UnsupportedDataError: The data is of a kind that cannot be logged.
            DataError: The data is broken. Whatever came before the broken part has been taken in.
        """
        return feed(self._collector, batch, columns)

    def log_file(
        self,
        path: str,
        *,
        format: str | None = None,  # noqa: A002 - the word
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Take in one file, or standard input.

        Args:
            path: The file's path, or ``"-"`` for standard input.
            format: One of ``parquet csv ndjson arrow``; detected from name and content when None.
            progress: Called now and then with the bytes done and the total bytes.

        Returns:
            The number of records taken in.

        Raises:
            MissingFileError: There is no such file.
            DataError: The file is broken, or is not of the format it is said to have.
        """
        return self._collector.log_file(path, format=format, progress=progress)

    def record(self, record: Mapping[str, object]) -> None:
        """Take in one record: a dict from columns to values, which may be nested.

        Nested dicts become columns ``parent.child``; of a list, the length is profiled, and its elements as
        ``parent[]``. Values of unknown types are counted as ``other``.

        Args:
            record: The record; columns may come and go from record to record.
        """
        self._collector.record(record)

    def profile(self) -> Result:
        """Return what has been seen so far: a Profile, or a ProfileSet when there are windows or segments.

        It does not start over: later data adds to what has been seen. The value returned does not change.
        """
        return self._result(self._collector.profiles())

    def take(self) -> Result:
        """Return what has been seen so far, as `profile` does, and start over.

        What has been learnt about the data stays: the order of the columns, and which segments there are, so
        that ``max_segments`` holds over everything that is ever taken. The results merge into the profile of
        the whole.

        Example:
            >>> import tidegauge as tg
            >>> profiler = tg.Profiler("rides")
            >>> profiler.log([{"fare": 9.0}, {"fare": None}])
            2
            >>> profiler.take().records, profiler.records
            (2, 0)
        """
        return self._result(self._collector.take())

    def _result(self, kernels: list[_kernel.KernelProfile]) -> Result:
        if self._several:
            return ProfileSet.of_kernels(kernels)  # type: ignore[return-value]
        return Profile(kernels[0])  # type: ignore[return-value]

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: it belongs to this process."""
        raise TypeError(
            "a Profiler is of its process and cannot be pickled or copied; send what it has made, "
            "profiler.profile(), which can be"
        )

    def __repr__(self) -> str:
        """Show the dataset and how much has been seen."""
        return f"Profiler(dataset={self._dataset!r}, records={self.records})"


def _kernel_of(samplers: object) -> _kernel.KernelSampling | None:
    if samplers is None:
        return None
    from tidegauge.samplers.sampling import kernel_of

    return kernel_of(samplers)


def timestamp_of(timestamp: str | None, schema: Schema | None) -> str | None:
    """Return the column that says when a record happened, given directly or by the schema.

    Raises:
        ArgumentError: It is invalid.
    """
    if schema is None:
        return checked_text(timestamp, "timestamp")
    if not isinstance(schema, Schema):
        raise ArgumentError(
            f"schema= takes a tidegauge.Schema, not {type(schema).__name__}; see Schema(roles=…, only=…)"
        )
    if timestamp is None:
        return schema.timestamp
    if schema.timestamp not in (None, timestamp):
        raise ArgumentError(
            f"timestamp={timestamp!r}, but the schema says it is {schema.timestamp!r}; give it once"
        )
    return checked_text(timestamp, "timestamp")


def checked_text(value: object, argument: str) -> str | None:
    """Return the text given for an argument, or None.

    Raises:
        ArgumentError: It is invalid.
    """
    if value is None or isinstance(value, str):
        return value
    raise ArgumentError(f"{argument}= takes text, not {type(value).__name__}")


def checked_tags(tags: Any) -> dict[str, str] | None:
    """Return the tags given, as a plain dict, or None.

    Raises:
        ArgumentError: It is invalid.
    """
    if tags is None:
        return None
    if not isinstance(tags, Mapping):
        raise ArgumentError(f"tags= takes a dict, not {type(tags).__name__}")
    for name, value in tags.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise ArgumentError(
                f"tags are text with text values; for {name!r}: {value!r} give {str(name)!r}: {str(value)!r}"
            )
    return dict(tags)
