"""Where an axis has its marks, and what stands there: round numbers, the starts of months, full hours."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from tidegauge.display import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000
_MINUTE, _HOUR, _DAY = 60 * _SECOND, 3_600 * _SECOND, 86_400 * _SECOND
_CLOCK_STEPS = tuple(n * _SECOND for n in (1, 2, 5, 10, 15, 30)) + tuple(
    n * unit for unit, counts in ((_MINUTE, (1, 2, 5, 10, 15, 30)), (_HOUR, (1, 2, 3, 6, 12))) for n in counts
)
_DAY_STEPS = (1, 2, 7, 14)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
_FINEST = 1e-300
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Tick(NamedTuple):
    """One mark of an axis: its value and what stands there."""

    value: float
    label: str


def ticks(low: float, high: float, kind: str, *, most: int = 6) -> list[Tick]:
    """Choose the marks of an axis.

    Args:
        low: Where the axis begins, in the unit of the kind.
        high: Where it ends.
        kind: ``number``, ``timestamp``, ``date``, ``time`` or ``duration``.
        most: Marks at most.

    Returns:
        Marks in ascending order; none when there is no room between the ends.

    Example:
        >>> [tick.label for tick in ticks(-3.0, 27.0, "number", most=5)]
        ['0', '10', '20']
        >>> [tick.label for tick in ticks(15706.0, 16071.0, "date", most=5)]
        ['2013', 'Apr', 'Jul', 'Oct', '2014']
    """
    if not (math.isfinite(low) and math.isfinite(high) and high > low):
        return []
    if kind == "date":
        return [Tick(t.value / _DAY, t.label) for t in _of_times(low * _DAY, high * _DAY, most)]
    if kind == "timestamp":
        return _of_times(low, high, most)
    if kind in ("time", "duration"):
        return _of_clock(low, high, kind, most)
    return _of_numbers(low, high, most)


def _of_numbers(low: float, high: float, most: int) -> list[Tick]:
    span = high - low
    if not _FINEST < span < math.inf:
        return []
    rough = span / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((n * power for n in (1, 2, 5, 10) if span / (n * power) <= most), 10 * power)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    if last - first > 2 * most or abs(first) > 2**50:
        return []
    return [Tick(index * step, _number(index * step, step)) for index in range(first, last + 1)]


def _number(value: float, step: float) -> str:
    size = abs(value)
    if size >= 1e5:
        return numbers.compact(value).replace("-", "−") if size < 1e15 else numbers.number(value, 3)
    if not size and step < 1e-3:
        return "0"
    if size and size < 1e-3:
        return numbers.number(value, 2)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{value + 0.0:,.{decimals}f}".replace("-", "−")


def _of_clock(low: float, high: float, kind: str, most: int) -> list[Tick]:
    span = high - low
    step = next((step for step in _CLOCK_STEPS if span / step <= most), None)
    if step is None or span < _SECOND:
        unit = float(_DAY) if step is None else 1.0
        return [
            Tick(tick.value * unit, numbers.duration(tick.value * unit))
            for tick in _of_numbers(low / unit, high / unit, most)
        ]
    found = range(math.ceil(low / step), math.floor(high / step) + 1)
    label = numbers.duration if kind == "duration" else _time_of_day
    return [Tick(index * step, label(index * step)) for index in found]


def _time_of_day(microseconds: float) -> str:
    return numbers.moment(microseconds, "time")


def _of_times(low: float, high: float, most: int) -> list[Tick]:
    span = high - low
    if span < 2 * _SECOND or abs(low) > 2.5e17 or abs(high) > 2.5e17:
        return []
    for step in _CLOCK_STEPS:
        if span / step <= most:
            found = range(math.ceil(low / step), math.floor(high / step) + 1)
            return [Tick(index * step, _clock_label(index * step)) for index in found]
    for days in _DAY_STEPS:
        if span / (days * _DAY) <= most:
            return [Tick(at, _day_label(at)) for at in _days(low, high, days)]
    for months in _MONTH_STEPS:
        if span / (months * 30.44 * _DAY) <= most:
            return [Tick(at, _month_label(at)) for at in _months(low, high, months)]
    return []


def _days(low: float, high: float, step: int) -> Iterator[float]:
    """Go through days; steps of a week are Mondays."""
    shift = 3 if step % 7 == 0 else 0
    first = math.ceil(low / _DAY)
    first += -(first + shift) % step
    yield from (float(day * _DAY) for day in range(first, math.floor(high / _DAY) + 1, step))


def _months(low: float, high: float, step: int) -> Iterator[float]:
    start = moment(low)
    index = start.year * 12 + start.month - 1
    index -= index % step
    while True:
        year, month = divmod(index, 12)
        if not 1 <= year <= 9999:
            return
        at = float((datetime(year, month + 1, 1, tzinfo=UTC) - _EPOCH) / timedelta(microseconds=1))
        if at > high:
            return
        if at >= low:
            yield at
        index += step


def moment(microseconds: float) -> datetime:
    """Turn microseconds since the epoch into a time in UTC.

    Example:
        >>> moment(0).isoformat()
        '1970-01-01T00:00:00+00:00'
    """
    return _EPOCH + timedelta(microseconds=round(microseconds))


def _clock_label(at: float) -> str:
    if not at % _DAY:
        return _day_label(at)
    return moment(at).strftime("%H:%M:%S" if at % _MINUTE else "%H:%M")


def _day_label(at: float) -> str:
    when = moment(at)
    return f"{when.day} {MONTHS[when.month - 1]}"


def _month_label(at: float) -> str:
    when = moment(at)
    return f"{when.year:04d}" if when.month == 1 else MONTHS[when.month - 1]
