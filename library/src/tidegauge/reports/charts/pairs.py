"""Shares of values on two sides: a hollow mark for the reference, a full one for current, a line between."""

from __future__ import annotations

from tidegauge.reports.charts.canvas import dot, joined, path, picture

_WIDTH = 1000
_MIDDLE = 9


def pair(now: float, was: float, most: float, label: str) -> str:
    """Draw one value's share on both sides.

    Args:
        now: Its share in current.
        was: Its share in the reference.
        most: The share at the right end.
        label: What it shows, in words.

    Example:
        >>> pair(0.2, 0.1, 0.4, "more").count("<path")
        5
    """
    here, there = (round(0.97 * _WIDTH * (share / most if most > 0 else 0.0), 1) for share in (now, was))
    shapes = path(f"M0 {_MIDDLE}H{_WIDTH}", "grid")
    shapes += path(f"M{joined((there, _MIDDLE))}H{joined((here,))}", "thin")
    shapes += dot(there, _MIDDLE, "was-dot") + dot(there, _MIDDLE, "hole") + dot(here, _MIDDLE, "dot")
    return picture(shapes, label, width=_WIDTH, height=2 * _MIDDLE, style="line")
