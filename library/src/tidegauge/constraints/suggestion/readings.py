"""What is read off the profile of one window: numbers, their errors, and what faults would make of them."""

from __future__ import annotations

from math import floor, isnan, sqrt
from typing import TYPE_CHECKING, NamedTuple

from tidegauge.column import stated_of
from tidegauge.constraints.bounded import error_of_rounding, is_rounded
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.estimate import CONFIDENCE
from tidegauge.constraints.suggestion import faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tidegauge.column import ColumnProfile
    from tidegauge.metrics.numbers import Numbers
    from tidegauge.metrics.scale import Value
    from tidegauge.profile import Profile

RANKS = (0.05, 0.25, 0.5, 0.75, 0.95)
_MARGIN = 3.0


class Key(NamedTuple):
    """Which number it is: the metric, of which column, with which argument (a rank, a value)."""

    column: str | None
    metric: str
    argument: Value = None


class Reading(NamedTuple):
    """One number of one window.

    Attributes:
        value: The number.
        error: Its standard error as the window's sample size alone explains it.
        faulted: What the number would be under each fault that changes it in a known way.
        blur: How far from the number a bound must lie for a check to tell on which side of it the
            number is; 0 when the number is exact.
        size: Of a share, how many values it is a share of.
    """

    value: float
    error: float
    faulted: Mapping[faults.Fault, float]
    blur: float = 0.0
    size: int = 0


def read_window(profile: Profile, watched: Mapping[str, tuple[Value, ...]]) -> dict[Key, Reading]:
    """Read all numbers of one window.

    Args:
        profile: The profile of the window.
        watched: The values of each column whose share is followed.

    Returns:
        The readings; a number that a column does not have is missing.
    """
    count = profile.records
    doubled = {faults.Fault(faults.DUPLICATES, None): 2.0 * count}
    found = {Key(None, "records"): Reading(float(count), sqrt(count), doubled)}
    for column in profile:
        found.update(_read_column(column, watched.get(column.name, ())))
    return found


def _read_column(column: ColumnProfile, watched: tuple[Value, ...]) -> Iterator[tuple[Key, Reading]]:
    counts = column.counts
    if not counts.records:
        return
    yield _null_rate(column)
    present = counts.present
    if not present:
        return
    rounded = is_rounded(column)
    if "cardinality" in column.metrics and not rounded:
        yield from _distinct(column, present)
    if column.type == "boolean":
        yield _true_rate(column, present)
    values = column.values
    if (
        values is not None
        and values.kind == "number"
        and values.n
        and values.has_moments
        and is_all_numbers(column)
    ):
        yield from _numbers(column, values)
    if column.type == "string" and "moments" in column.metrics:
        yield _length(column)
    if watched and "frequent_items" in column.metrics:
        yield from _shares(column, present, watched)
        if column.type == "integer" and values is not None and values.has_moments and values.n > 1:
            yield _value_rate(column, float(values.stddev), watched[0])


def is_all_numbers(column: ColumnProfile) -> bool:
    """Whether all values are numbers or times: constraints on numbers are not judged where some are not."""
    values, counts = column.values, column.counts
    other = counts.nans + counts.positive_infinities + counts.negative_infinities
    return values is not None and values.n + other == counts.present


def _null_rate(column: ColumnProfile) -> tuple[Key, Reading]:
    rate, records = column.null_rate, column.records
    # A rate of nothing in n is not known to be nothing: half a record more keeps its error above 0.
    smoothed = (column.nulls + 0.5) / (records + 1.0)
    error = sqrt(smoothed * (1.0 - smoothed) / records)
    after = {faults.Fault(faults.NULLS, column.name): rate + faults.NULL_SHARE * (1.0 - rate)}
    return Key(column.name, "null rate"), Reading(rate, error, after)


def _true_rate(column: ColumnProfile, present: int) -> tuple[Key, Reading]:
    rate = column.counts.trues / present
    smoothed = (column.counts.trues + 0.5) / (present + 1.0)
    error = sqrt(smoothed * (1.0 - smoothed) / present)
    after = {}
    if rate <= 1.0 - faults.TRUE_SHARE:
        after[faults.Fault(faults.MORE_TRUES, column.name)] = rate + faults.TRUE_SHARE
    if rate >= faults.TRUE_SHARE:
        after[faults.Fault(faults.FEWER_TRUES, column.name)] = rate - faults.TRUE_SHARE
    return Key(column.name, "true rate"), Reading(rate, error, after)


def _distinct(column: ColumnProfile, present: int) -> Iterator[tuple[Key, Reading]]:
    cardinality = column.cardinality
    count = min(cardinality.estimate, float(present))
    low, high = cardinality.interval(CONFIDENCE)
    blur = max(high - count, count - low)
    frozen = faults.Fault(faults.FROZEN, column.name)
    after = {frozen: 1.0} if count > 1.0 else {}
    yield Key(column.name, "distinct count"), Reading(count, 0.0, after, blur)
    rate = count / present
    halved = {faults.Fault(faults.DUPLICATES, None): rate / 2.0}
    if count > 1.0:
        halved[frozen] = 1.0 / present
    yield Key(column.name, "distinct rate"), Reading(rate, 0.0, halved, blur / present)


def _numbers(column: ColumnProfile, values: Numbers) -> Iterator[tuple[Key, Reading]]:
    name, moments = column.name, values.moments
    mean, n = float(moments.mean), values.n
    spread = float(moments.stddev) if n > 1 else 0.0
    errors = moments.standard_errors
    try:
        coarse = error_of_rounding(column)
    except CannotJudgeError:
        return  # by how much values were rounded is not known
    yield Key(name, "mean"), Reading(mean, _finite(errors.mean), _moved(name, mean, spread), coarse)
    after = {faults.Fault(faults.UNIT, name): faults.UNIT_FACTOR * spread}
    if spread > 0.0:
        after[faults.Fault(faults.FROZEN, name)] = 0.0
    reach = coarse * sqrt(n / max(n - 1, 1))
    yield Key(name, "stddev"), Reading(spread, _finite(errors.stddev), after, reach)
    if not values.has_quantiles:
        return
    # The error of a quantile is how far the values reach at three standard errors of its rank to both
    # sides: so a quantile that stands near a step of the distribution is known to be able to jump.
    points: list[float] = []
    blurred = values.quantiles.rank_error
    for rank in RANKS:
        reach = _MARGIN * sqrt(rank * (1.0 - rank) / n)
        points += (rank - reach, rank - blurred, rank, rank + blurred, rank + reach)
    # Of whole numbers that move by less than 1 some move by 1 and some by nothing: so may a quantile.
    moves = float(floor(spread)) if column.type == "integer" else spread
    found = [float(value) for value in values.quantile([min(max(point, 0.0), 1.0) for point in points])]
    for index, rank in enumerate(RANKS):
        low, under, middle, over, high = found[5 * index : 5 * index + 5]
        error = max(high - middle, middle - low) / _MARGIN
        blur = max(over - middle, middle - under) + stated_of(column).margin(middle, values.kind)
        yield Key(name, "quantile", rank), Reading(middle, error, _moved(name, middle, moves), blur)


def _moved(name: str, value: float, spread: float) -> dict[faults.Fault, float]:
    moved = {faults.Fault(faults.UNIT, name): faults.UNIT_FACTOR * value}
    if spread > 0.0:
        moved[faults.Fault(faults.SHIFT_UP, name)] = value + spread
        moved[faults.Fault(faults.SHIFT_DOWN, name)] = value - spread
    return moved


def _length(column: ColumnProfile) -> tuple[Key, Reading]:
    moments = column.lengths.moments
    mean = float(moments.mean)
    # Half of an odd length is rounded up.
    after = {faults.Fault(faults.TRUNCATION, column.name): (mean + 0.5) / 2.0} if mean >= 2.0 else {}
    return Key(column.name, "length mean"), Reading(mean, _finite(moments.standard_errors.mean), after)


def _shares(column: ColumnProfile, present: int, watched: tuple[Value, ...]) -> Iterator[tuple[Key, Reading]]:
    items = column.frequent_items
    counted = {item.value: item.lower for item in items}
    blur = items.error / present if items.min_count > 1 else 0.0
    for value in watched:
        # None at all is written as half a record: shares are judged by their logarithms.
        none = 0.5 / present
        share = max(counted.get(value, 0) / present, none)
        smoothed = (share * present + 0.5) / (present + 1.0)
        error = sqrt(smoothed * (1.0 - smoothed) / present)
        after = {faults.Fault(faults.LOST_VALUE, column.name, value): none}
        yield Key(column.name, "share", value), Reading(share, error, after, blur, size=present)


def _value_rate(column: ColumnProfile, spread: float, value: int) -> tuple[Key, Reading]:
    """The share of the most common of a few whole numbers, and what a shift would make of it.

    A shift of 1.3 moves some of the values by 1 and some by 2: the share becomes one of those of the values
    from which it is reached.
    """
    items = column.frequent_items
    shares = {item.value: item.lower / items.total for item in items}
    whole, part = int(spread), spread - int(spread)
    after = {}
    for kind, sign in ((faults.SHIFT_UP, -1), (faults.SHIFT_DOWN, 1)):
        near, far = (shares.get(value + sign * step, 0.0) for step in (whole, whole + 1))
        after[faults.Fault(kind, column.name)] = (1.0 - part) * near + part * far
    share = shares.get(value, 0.0)
    smoothed = (share * items.total + 0.5) / (items.total + 1.0)
    error = sqrt(smoothed * (1.0 - smoothed) / items.total)
    return Key(column.name, "value rate", value), Reading(share, error, after, items.error / items.total)


def _finite(error: float) -> float:
    return 0.0 if isnan(error) else float(error)
