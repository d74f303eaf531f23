"""log(): profile data that is all there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from tidegauge.profiler import Profiler
from tidegauge.segments import MAX_SEGMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from tidegauge.derived import Derivation
    from tidegauge.expressions import Expression
    from tidegauge.metrics.custom import Metrics
    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet
    from tidegauge.samplers.sampling import Sampling
    from tidegauge.schema import Schema
    from tidegauge.segments import Partitions


@overload
def log(
    data: Any,
    dataset: str | None = None,
    *,
    timestamp: str | None = None,
    window: None = None,
    timezone: str | None = None,
    tags: Mapping[str, str] | None = None,
    schema: Schema | None = None,
    columns: Sequence[str] | None = None,
    conditions: Mapping[str, Expression | str] | None = None,
    segments: None = None,
    max_segments: int = MAX_SEGMENTS,
    total: bool = True,
    derived: Mapping[str, Expression | str | Derivation] | None = None,
    metrics: Metrics | None = None,
    samplers: Sampling | None = None,
) -> Profile: ...
@overload
def log(
    data: Any,
    dataset: str | None = None,
    *,
    timestamp: str | None = None,
    window: str | timedelta,
    timezone: str | None = None,
    tags: Mapping[str, str] | None = None,
    schema: Schema | None = None,
    columns: Sequence[str] | None = None,
    conditions: Mapping[str, Expression | str] | None = None,
    segments: Partitions | None = None,
    max_segments: int = MAX_SEGMENTS,
    total: bool = True,
    derived: Mapping[str, Expression | str | Derivation] | None = None,
    metrics: Metrics | None = None,
    samplers: Sampling | None = None,
) -> ProfileSet: ...
@overload
def log(
    data: Any,
    dataset: str | None = None,
    *,
    timestamp: str | None = None,
    window: str | timedelta | None = None,
    timezone: str | None = None,
    tags: Mapping[str, str] | None = None,
    schema: Schema | None = None,
    columns: Sequence[str] | None = None,
    conditions: Mapping[str, Expression | str] | None = None,
    segments: Partitions,
    max_segments: int = MAX_SEGMENTS,
    total: bool = True,
    derived: Mapping[str, Expression | str | Derivation] | None = None,
    metrics: Metrics | None = None,
    samplers: Sampling | None = None,
) -> ProfileSet: ...
def log(
    data: Any,
    dataset: str | None = None,
    *,
    timestamp: str | None = None,
    window: str | timedelta | None = None,
    timezone: str | None = None,
    tags: Mapping[str, str] | None = None,
    schema: Schema | None = None,
    columns: Sequence[str] | None = None,
    conditions: Mapping[str, Expression | str] | None = None,
    segments: Partitions | None = None,
    max_segments: int = MAX_SEGMENTS,
    total: bool = True,
    derived: Mapping[str, Expression | str | Derivation] | None = None,
    metrics: Metrics | None = None,
    samplers: Sampling | None = None,
) -> Profile | ProfileSet:
    """Profile data in one pass and in bounded memory.

    The data may be:

    - a pandas DataFrame, Series or Index (NaN counts as null, as in pandas);
    - a polars DataFrame, LazyFrame (streamed) or Series;
    - anything that exports Arrow data: pyarrow tables, batches, readers and datasets, DuckDB relations;
    - a NumPy array of shape (rows,) or (rows, columns), or with fields;
    - a dict of columns (all values sequences of one length), a dict as one record (any other dict),
      or a list of dicts, as records;
    - the path of a file (Parquet, CSV, NDJSON, Arrow IPC; also .gz), of a folder of them, or a
      pattern such as ``"2013/*.parquet"``;
    - an iterator, a generator or a list of any of these.

    Args:
        data: The data.
        dataset: The dataset's name; profiles of different datasets do not merge.
        timestamp: The column that says when a record happened (temporal, or ISO 8601 text).
        window: Make a profile for each window of this length: a number and one of ``s m h d w mo``
            (``"5m"``, ``"1d"``), or a timedelta. Needs `timestamp`. Windows begin at multiples of this length
            in UTC.
        timezone: The time zone, such as ``"Europe/Oslo"``, at whose midnight windows of days, weeks and
            months begin. Timestamps without a zone are still taken as UTC, and so are the times used to
            choose windows.
        tags: Names and values to keep with the profile; all are text.
        schema: Roles of columns, and which metrics to keep.
        columns: Names for the columns of a NumPy array; ``column_0`` … when None.
        conditions: Name → expression over the columns of a record, such as ``col("fare") > 0`` or its text;
            how many records meet each is counted in `Profile.conditions`.
        segments: Make a profile for each segment, beside the one of all records: the columns whose values
            together group the records (``["carrier", "origin"]``), or several lists of columns, each a
            partition of all records (``[["carrier"], ["origin", "dest"]]``). Null counts as a value.
        max_segments: The most segments that a partition may have; the records of any further ones are
            profiled together, in a segment marked as such (`Profile.is_other_segment`).
        total: Whether to keep a profile of all records beside those of the segments.
        derived: Columns to compute and to log like any other: name → an expression such as ``col("fare") +
            col("tip")``, its text, or `tidegauge.derive` of a function.
        metrics: Metrics of your own: a dict from column to a list of them, or a list for every column whose
            type they accept; see `tidegauge.Metric`.
        samplers: A `tidegauge.samplers.Sampling`, which keeps the records that its samplers choose, for you
            to look at. Read them from it; the profile holds none.

    Returns:
        A Profile; with `window` or `segments`, a ProfileSet with one profile for each window and segment that
        has records: in order of time, the total first, then the segments by partition and value.

    Raises:
        UnsupportedDataError: The data is of a kind that cannot be logged.
        DataError: The data is broken: columns of different lengths or of the same name, a truncated
            file, CSV rows of uneven length.
        MissingFileError: A path names no file.
        ArgumentError: Another argument is invalid.
        Exception: Whatever the function of a derived column raises.

    Example:
        >>> import tidegauge as tg
        >>> profile = tg.log({"fare": [5.0, 7.5, None], "city": ["Oslo", "Rome", "Oslo"]}, "taxi")
        >>> profile["fare"].mean, profile["city"].frequent_items.top(1)[0].value
        (6.25, 'Oslo')
    """
    # Which overload fits is known to the caller only.
    make: Any = Profiler
    profiler = make(
        dataset,
        timestamp=timestamp,
        window=window,
        timezone=timezone,
        tags=tags,
        schema=schema,
        conditions=conditions,
        segments=segments,
        max_segments=max_segments,
        total=total,
        derived=derived,
        metrics=metrics,
        samplers=samplers,
    )
    profiler.log(data, columns=columns)
    result: Profile | ProfileSet = profiler.take()
    return result
