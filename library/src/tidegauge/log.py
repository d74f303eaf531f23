"""log(): profile data that is all there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from tidegauge.profiler import Profiler
from tidegauge.segments import MAX_SEGMENTS, check_seen

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
    """Profile data, in one pass and in bounded memory.

    What the data may be:

    - a pandas DataFrame, Series or Index (NaN counts as null, as in pandas);
    - a polars DataFrame, LazyFrame (streamed) or Series;
    - anything that exports Arrow data: pyarrow tables, batches, readers and datasets, DuckDB relations;
    - a NumPy array of shape (rows,) or (rows, columns), or with fields;
    - a dict of columns (all values sequences of one length), a dict as one record (any other dict),
      or a list of dicts as records;
    - the path of a file (Parquet, CSV, NDJSON, Arrow IPC; also .gz), of a folder of them, or a
      pattern such as ``"2013/*.parquet"``;
    - an iterator, a generator or a list of any of these.

    Args:
        data: The data.
        dataset: Its name; profiles of different datasets do not merge.
        timestamp: The column that tells when a record happened (temporal, or ISO 8601 text).
        window: Make a profile for each window of this length: a number and one of ``s m h d w mo``
            (``"5m"``, ``"1d"``), or a timedelta. Needs `timestamp`. They begin at multiples of it in UTC.
        timezone: The place, such as ``"Europe/Oslo"``, at whose midnight windows of days, weeks and months
            begin. Timestamps without a zone are taken as UTC all the same, and so are times by which
            windows are chosen.
        tags: Names and values to keep with the profile, all text.
        schema: Roles of columns, and which metrics to keep.
        columns: Names for the columns of a NumPy array; ``column_0`` … when None.
        conditions: Name → expression over the columns of a record, such as ``col("fare") > 0`` or its
            text; of how many records each is true is counted in `Profile.conditions`.
        segments: Make a profile for each segment, beside that of all records: the columns by whose values
            records are grouped together (``["carrier", "origin"]``), or several lists of columns, each a
            partition of all records (``[["carrier"], ["origin", "dest"]]``). A null is a value.
        max_segments: How many segments a partition has at most; the records of further ones are profiled
            together, in one that says so (`Profile.is_other_segment`).
        total: Whether there is a profile of all records beside those of the segments.
        derived: Name → expression such as ``col("fare") + col("tip")``, its text, or `tidegauge.derive` of a
            function: columns to compute, and to log like any other.
        metrics: Metrics of your own: a dict from columns to lists of them, or a list for all columns whose
            type they take; see `tidegauge.Metric`.
        samplers: A `tidegauge.samplers.Sampling`, which keeps records for you to look at: those that its
            samplers choose. They are read from it; the profile holds none.

    Returns:
        A Profile; with `window` or `segments` a ProfileSet, with one profile for each window and segment
        that has records: in order of time, the total first, then the segments by partition and value.

    Raises:
        UnsupportedDataError: The data is of a kind that cannot be logged.
        DataError: The data is broken: columns of different lengths or of the same name, a truncated
            file, CSV rows of uneven length.
        MissingFileError: A path names no file.
        ArgumentError: Another argument cannot be meant so.
        Exception: Whatever a function of a derived column raises.

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
    if segments is not None and schema is None:  # one that a schema leaves out is in no profile either
        check_seen(result)  # type: ignore[arg-type]
    return result
