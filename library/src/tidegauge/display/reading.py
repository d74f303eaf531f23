"""From profiles to the plain values that are drawn: the only module here that knows a profile's interface."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from tidegauge.display.cells import clean, name_of
from tidegauge.display.facts import (
    QUANTILE_RANKS,
    Column,
    Custom,
    Distinct,
    Heading,
    Item,
    Numbers,
    SegmentRow,
    Series,
    Windows,
)
from tidegauge.display.histogram import draw_bins
from tidegauge.errors import MergeError, MissingMetricError
from tidegauge.metrics.conditions import Condition, by_key
from tidegauge.metrics.scale import Scale
from tidegauge.segments import key_of, segment_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from tidegauge.column import ColumnProfile
    from tidegauge.metrics.custom import CustomMetric
    from tidegauge.metrics.numbers import Numbers as NumbersMetric
    from tidegauge.metrics.scale import Value
    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet
    from tidegauge.segments import Key

_TOP_ITEMS = 24
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(when: datetime | None) -> int | None:
    """Turn a time into microseconds since the epoch; one without a zone is UTC."""
    if when is None:
        return None
    span = (when if when.tzinfo else when.replace(tzinfo=UTC)) - _EPOCH
    return whole_microseconds(span)


def whole_microseconds(span: timedelta) -> int:
    """Turn a stretch of time into microseconds, exactly."""
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def heading_of(profile: Profile) -> Heading:
    """Read whose profile it is."""
    start, end = profile.window or (None, None)
    return Heading(
        profile.dataset,
        profile.records,
        len(profile.columns),
        created=microseconds(profile.created),
        late=profile.late_records,
        early=profile.early_records,
        start=microseconds(start),
        end=microseconds(end),
        segment=tuple(dict(profile.segment).items()),
        tags=dict(profile.tags),
    )


def read_column(column: ColumnProfile) -> Column:
    """Read all that is drawn of one column."""
    counts = column.counts
    kept = column.metrics
    lengths = _lengths_of(column)
    items = column.frequent_items if "frequent_items" in kept else None
    return Column(
        column.name,
        column.type,
        counts.records,
        counts.nulls,
        arrow_type=column.arrow_type,
        role=column.role,
        counts=counts._asdict(),
        types=column.types._asdict(),
        distinct=_read_distinct(column) if "cardinality" in kept else None,
        values=None
        if column.values is None
        else _read_numbers(column.values, whole=column.type == "integer"),
        lengths=None if lengths is None else _read_numbers(lengths, whole=True),
        items=()
        if items is None
        else tuple(Item(_text(i.value), i.lower, i.upper) for i in items.top(_TOP_ITEMS)),
        items_exact=items is None or items.exact,
        custom=tuple(map(_read_custom, column.custom_metrics.values())),
        privacy=column.privacy,
    )


def _read_custom(metric: CustomMetric) -> Custom:
    summary = metric.to_dict()["summary"]
    return Custom(metric.name, summary, metric.records, metric.errors, metric.reason)


def _lengths_of(column: ColumnProfile) -> NumbersMetric | None:
    try:
        return column.lengths
    except MissingMetricError:
        return None


def _read_distinct(column: ColumnProfile) -> Distinct:
    cardinality = column.cardinality
    low, high = cardinality.interval(0.95)
    return Distinct(cardinality.estimate, low, high, cardinality.exact)


def _read_numbers(metric: NumbersMetric, *, whole: bool) -> Numbers:
    scale = Scale(metric.kind)
    least, greatest = (metric.min, metric.max) if metric.has_extremes else (None, None)
    low, high = as_number(least, scale), as_number(greatest, scale)
    quantiles = None
    if metric.has_quantiles and metric.n:
        quantiles = tuple(as_number(value, scale) for value in metric.quantile(QUANTILE_RANKS))
    moments = metric.has_moments and metric.n > 0
    return Numbers(
        metric.kind,
        metric.n,
        low,
        high,
        minimum_text=_exact_text(least),
        maximum_text=_exact_text(greatest),
        mean=_finite(as_number(metric.mean, scale)) if moments else None,
        deviation=_deviation(metric.stddev) if moments else None,
        skewness=_finite(metric.skewness) if moments else None,
        quantiles=quantiles,
        exact=low == high or not metric.has_quantiles or metric.quantiles.exact,
        rank_error=metric.quantiles.rank_error if metric.has_quantiles else 0.0,
        bins=draw_bins(metric, low, high, quantiles, whole=whole),
    )


def as_number(value: Value, scale: Scale) -> float:
    """Turn a value of a column into the number that stands for it; None becomes NaN.

    Example:
        >>> as_number(datetime(1970, 1, 2), Scale("date"))
        1.0
    """
    if value is None:
        return math.nan
    return float(value) if isinstance(value, int | float) else scale.number(value)


def _deviation(spread: Value) -> float | None:
    if spread is None:
        return None
    return float(whole_microseconds(spread)) if hasattr(spread, "total_seconds") else _finite(float(spread))


def _exact_text(value: Value) -> str | None:
    """Write an integer or a decimal with all its digits; other values have no exact text."""
    return str(value) if isinstance(value, int | Decimal) else None


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def windows_of(profiles: ProfileSet) -> Windows:
    """Read the windows of a profile set: when and how much."""
    segments = segments_of(profiles)
    profiles = shown_of(profiles)
    every = list(profiles)
    bounds = [profile.window or (None, None) for profile in every]
    starts = tuple(microseconds(start) for start, _ in bounds)
    ends = tuple(microseconds(end) for _, end in bounds)
    records = tuple(profile.records for profile in every)
    heading = Heading(
        profiles.dataset,
        sum(records),
        len(profiles.columns),
        start=min((start for start in starts if start is not None), default=None),
        end=max((end for end in ends if end is not None), default=None),
        windows=sum(start is not None for start in starts) if segments else len(every),
        segments=segments,
        segment=_common_segment(every),
    )
    return Windows(heading, starts, ends, records)


def shown_of(profiles: ProfileSet) -> ProfileSet:
    """Choose what is drawn over time: all records, or one partition where there is no total."""
    try:
        return profiles.totals()
    except MergeError:
        return profiles.select(profiles.partitions[0]).totals()


def conditions_over(profiles: ProfileSet) -> Mapping[str, Condition]:
    """Add up the conditions that were counted in whatever is drawn over time, by name."""
    counted: dict[tuple[str, str], list[Condition]] = {}
    for profile in shown_of(profiles):
        for one in profile.conditions.values():
            counted.setdefault((one.name, one.expression), []).append(one)
    return by_key(
        [
            Condition(
                *named,
                passed=sum(one.passed for one in parts),
                failed=sum(one.failed for one in parts),
                unknown=sum(one.unknown for one in parts),
                reason=next((one.reason for one in parts if one.reason), None),
            )
            for named, parts in counted.items()
        ]
    )


def segments_of(profiles: ProfileSet) -> tuple[tuple[str, int], ...]:
    """Count the segments of each partition, by its name; nothing when the set is of one segment alone."""
    if not profiles.partitions or _common_segment(list(profiles)):
        return ()
    found = Counter(", ".join(map(name_of, segment.values)) for segment in profiles.segments())
    return tuple(found.items())


def _common_segment(profiles: Sequence[Profile]) -> tuple[tuple[str, str | None], ...]:
    segments = {tuple(profile.segment.items()) for profile in profiles}
    return segments.pop() if len(segments) == 1 else ()


def segment_rows(profiles: ProfileSet, most: int) -> dict[str, list[SegmentRow]]:
    """Read the segments of each partition, the largest first.

    Args:
        profiles: The profile set.
        most: Segments of a partition that are read at most.
    """
    if not segments_of(profiles):
        return {}
    rows: dict[str, list[tuple[SegmentRow, Counter[str]]]] = {}
    nulls: dict[Key, Counter[str]] = {}
    for segment in profiles.segments():
        name = ", ".join(map(name_of, segment.values))
        if len(rows.setdefault(name, [])) < most:
            label = label_of(segment.values, is_other=segment.is_other)
            counts: Counter[str] = Counter()
            nulls[frozenset(segment.values.items()), segment.is_other] = counts
            rows[name].append((SegmentRow(label, segment.records, segment.share), counts))
    for profile in profiles:
        if (found := nulls.get(key_of(profile))) is not None:
            found.update({column.name: column.nulls for column in profile if column.nulls})
    return {
        name: [replace(row, nulls=_emptiest(counts, row.records, name)) for row, counts in kept]
        for name, kept in rows.items()
    }


def label_of(values: Mapping[str, str | None], *, is_other: bool = False) -> str:
    """Write the values of a segment so that it is safe to print; see `tidegauge.segments.segment_label`.

    Example:
        >>> label_of({"carrier": "UA", "origin": None})
        'UA, null'
    """
    return clean(segment_label(values, is_other=is_other))


def _emptiest(nulls: Counter[str], records: int, partition: str) -> tuple[str, float] | None:
    counts = [(count, name) for name, count in nulls.items() if name not in partition.split(", ")]
    count, name = max(counts, default=(0, ""))
    return (name, count / records) if count and records else None


def series_over_windows(profiles: ProfileSet, most: int) -> list[Series]:
    """Read the columns of a profile set over its windows.

    Args:
        profiles: The profile set.
        most: Columns to read at most.
    """
    profiles = shown_of(profiles)
    present = [set(profile.columns) for profile in profiles]
    return [one_series(profiles, name, present) for name in profiles.columns[:most]]


def one_series(profiles: ProfileSet, name: str, present: Sequence[set[str]] | None = None) -> Series:
    """Read one column of a profile set over its windows.

    Args:
        profiles: The profile set.
        name: The column's name.
        present: The columns of each profile, when they have been looked up already.
    """
    profiles = profiles if present else shown_of(profiles)
    known = present or [set(profile.columns) for profile in profiles]
    columns = [
        profile[name] if name in names else None for profile, names in zip(profiles, known, strict=True)
    ]
    return _read_series(name, columns)


def _read_series(name: str, columns: Sequence[ColumnProfile | None]) -> Series:
    types = [column.type for column in columns if column is not None and column.type != "null"]
    main = max(set(types), key=types.count, default="null")
    rates = tuple(None if column is None or not column.records else column.null_rate for column in columns)
    levels = [None if column is None else _level(column) for column in columns]
    words = [(level.word, level.kind) for level in levels if level is not None]
    shown = max(set(words), key=words.count, default=("", "number"))
    same = [level if level is not None and (level.word, level.kind) == shown else None for level in levels]
    return Series(
        name,
        main,
        rates,
        *shown,
        levels=tuple(None if level is None else level.value for level in same),
        exact=all(level.exact for level in same if level is not None),
    )


class _Level(NamedTuple):
    value: float
    word: str
    kind: str
    exact: bool


def _level(column: ColumnProfile) -> _Level | None:
    """What is shown of a column over time: its median, the share of true, or the distinct count."""
    values = column.values
    if values is not None and values.n and values.has_quantiles:
        median = as_number(values.median, Scale(values.kind))
        return _Level(median, "median", values.kind, values.quantiles.exact)
    counts = column.counts
    if column.type == "boolean" and counts.present:
        return _Level(100.0 * counts.trues / counts.present, "% true", "number", exact=True)
    if counts.present and "cardinality" in column.metrics:
        cardinality = column.cardinality
        return _Level(float(round(cardinality.estimate)), "distinct", "number", cardinality.exact)
    return None
