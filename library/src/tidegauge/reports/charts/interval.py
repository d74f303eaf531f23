"""Intervals: an effect against the smallest that matters, a value against its bounds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tidegauge.display.numbers import part_between
from tidegauge.reports.charts.canvas import dot, joined, path, picture

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 1000
_HEIGHT = 18
_MIDDLE = 9
CAP = 6.0
"""Effects are drawn up to so many times the smallest that matters."""


def effect(value: float, low: float, high: float, label: str, *, alarm: bool) -> str:
    """Draw an effect with its interval, in units of the smallest that matters.

    The stretch from one unit on is shaded; what is farther than the picture reaches ends in an arrow.

    Args:
        value: The effect.
        low: The lower end of its interval; NaN where none is known.
        high: The upper end.
        label: What it shows, in words.
        alarm: Whether it counts as drift.

    Example:
        >>> effect(2.0, 1.5, 2.6, "twice", alarm=True).count("alarm-dot")
        1
    """
    gate = _place(1.0, CAP)
    shapes = path(f"M{joined((gate,))} 0H{WIDTH}V{_HEIGHT}H{joined((gate,))}z", "zone")
    shapes += path(f"M0 {_MIDDLE}H{WIDTH}", "grid") + path(f"M{joined((gate,))} 0v{_HEIGHT}", "gate")
    ends = [value if math.isnan(each) else each for each in (low, value, high)]
    shapes += _whisker([_place(each, CAP) for each in ends], alarm=alarm, open_end=value > CAP)
    return picture(shapes, label, width=WIDTH, height=_HEIGHT, style="line")


def bounds(
    value: float | None,
    ends: tuple[float, float],
    limits: tuple[float | None, float | None],
    label: str,
    *,
    bad: bool,
) -> str:
    """Draw a value, with its interval, against the bounds that it must keep.

    Args:
        value: What was found; None when that is a stretch of values.
        ends: The stretch, or the interval of what was found; both ends equal the value when it is exact.
        limits: The least and the greatest that pass, None for an open side.
        label: What it shows, in words.
        bad: Whether the value breaks the bounds.

    Example:
        >>> "allowed" in bounds(5.0, (5.0, 5.0), (0.0, 4.0), "too much", bad=True)
        True
    """
    axis = _axis(value, ends, limits)
    if axis is None:
        return ""
    low, high = axis

    def at(number: float) -> float:
        return round(part_between(number, low, high) * WIDTH, 1)

    first = 0.0 if limits[0] is None else at(limits[0])
    last = float(WIDTH) if limits[1] is None else at(limits[1])
    shapes = path(f"M0 {_MIDDLE}H{WIDTH}", "grid")
    shapes += path(f"M{joined((first, _MIDDLE - 6))}H{joined((last,))}v12H{joined((first,))}z", "allowed")
    for limit, place in zip(limits, (first, last), strict=True):
        if limit is not None:
            shapes += path(f"M{joined((place,))} 1v{_HEIGHT - 2}", "bound")
    if value is not None:
        shapes += _whisker([at(ends[0]), at(value), at(ends[1])], alarm=bad)
    else:
        kind = "alarm" if bad else "soft"
        shapes += path(f"M{joined((at(ends[0]), _MIDDLE))}H{joined((at(ends[1]),))}", f"{kind}-line")
        shapes += "".join(dot(at(end), _MIDDLE, f"{kind}-dot") for end in ends)
    return picture(shapes, label, width=WIDTH, height=_HEIGHT, style="line")


def _axis(
    value: float | None, ends: tuple[float, float], limits: tuple[float | None, float | None]
) -> tuple[float, float] | None:
    """Choose an axis on which all that is there can be seen, with a margin."""
    known = [each for each in (value, *ends, *limits) if each is not None and math.isfinite(each)]
    if not known or all(limit is None for limit in limits):
        return None
    low, high = min(known), max(known)
    span = high - low or abs(high) or 1.0
    if not math.isfinite(span):
        return None
    shares = low >= 0 and high <= 1
    return (max(0.0, low - 0.35 * span) if low >= 0 else low - 0.35 * span), (
        min(1.0, high + 0.35 * span) if shares and high < 1 else high + 0.35 * span
    )


def _whisker(places: Sequence[float], *, alarm: bool, open_end: bool = False) -> str:
    low, middle, high = places
    style = "alarm-line" if alarm else "soft-line"
    line = path(f"M{joined((low, _MIDDLE))}H{joined((high,))}", style)
    if open_end:
        start = path(f"M{WIDTH - 60} {_MIDDLE}h60", style) if low >= WIDTH else line
        return start + path(f"M{WIDTH - 14} {_MIDDLE - 5}l14 5-14 5", style)
    return line + dot(middle, _MIDDLE, "alarm-dot" if alarm else "soft-dot")


def _place(value: float, most: float) -> float:
    if not math.isfinite(value):
        return float(WIDTH) if value > 0 else 0.0
    return round(min(1.0, max(0.0, value / most)) * WIDTH, 1)
