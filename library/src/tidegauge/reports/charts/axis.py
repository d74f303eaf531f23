"""The words under a picture: marks at their places, as text of the page, never stretched."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tidegauge.display.numbers import part_between
from tidegauge.reports.charts.canvas import short
from tidegauge.reports.charts.ticks import Tick, ticks

if TYPE_CHECKING:
    from collections.abc import Iterable

_WIDE = 46
"""Characters that fit under the narrowest picture that has an axis."""


def fitting(low: float, high: float, kind: str, *, room: int = _WIDE, most: int = 8) -> list[Tick]:
    """Choose as many marks as their words have room.

    Example:
        >>> len(fitting(0.0, 1_000_000.0, "number")) > len(fitting(0.0, 1_000_000.0, "number", room=20))
        True
    """
    for count in range(most, 1, -1):
        found = ticks(low, high, kind, most=count)
        if sum(len(tick.label) + 3 for tick in found) <= room:
            return found
    return []


def across(marks: Iterable[Tick], low: float, high: float) -> str:
    """Write marks under a picture that reaches from low to high.

    Args:
        marks: Values and words.
        low: The value at the left end.
        high: The value at the right end.

    Example:
        >>> across([Tick(5.0, "5")], 0.0, 10.0)
        '<div class="axis" aria-hidden="true"><span style="left:50%">5</span></div>'
    """
    spans = ""
    for value, label in marks:
        part = 100 * part_between(value, low, high)
        edge = ' class="first"' if part < 3 else ' class="last"' if part > 97 else ""
        spans += f'<span{edge} style="left:{short(min(100.0, max(0.0, part)))}%">{escape(label)}</span>'
    return f'<div class="axis" aria-hidden="true">{spans}</div>'


def upright(marks: Iterable[Tick], low: float, high: float) -> str:
    """Write marks beside a picture, the low end at its foot."""
    spans = ""
    for value, label in marks:
        part = 100 - 100 * part_between(value, low, high)
        edge = ' class="first"' if part < 6 else ' class="last"' if part > 94 else ""
        spans += f'<span{edge} style="top:{short(part)}%">{escape(label)}</span>'
    return f'<div class="scale" aria-hidden="true">{spans}</div>'
