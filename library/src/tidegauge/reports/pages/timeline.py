"""Time as the axis of pages: where its marks stand, and rows of pictures that share it."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from tidegauge.display import numbers
from tidegauge.reports.charts import axis
from tidegauge.reports.charts.ticks import Tick

if TYPE_CHECKING:
    from tidegauge.reports.facts.history import Steps

_ROOM = 64


def time_axis(steps: Steps) -> str:
    """Write the marks of time under pictures of steps."""
    if not len(steps):
        return ""
    low, high = float(steps.times[0]), float(steps.times[-1])
    marks = [
        Tick(float(bisect_left(steps.times, mark.value)), mark.label)
        for mark in axis.fitting(low, high, "timestamp", room=_ROOM, most=13)
    ]
    shown = [mark for mark in marks if mark.value < len(steps)]
    return axis.across(shown, 0.0, float(len(steps)))


def step_name(steps: Steps, place: int) -> str:
    """Name a step by when it begins."""
    return numbers.start_of_window(steps.times[place])


def row(beside: str, drawn: str, *, tight: bool = False) -> str:
    """Set a picture beside its scale or its name: one row of a frame.

    Args:
        beside: HTML of the left column.
        drawn: HTML of the right column.
        tight: Whether the next row follows closely.
    """
    style = " tight" if tight else ""
    return f'<div class="side{style}">{beside}</div><div class="row{style}">{drawn}</div>'
