"""A calendar: a column a week, a row a weekday; what stands out is a full square, the usual a small one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from tidegauge.reports.charts.canvas import path, picture, short
from tidegauge.reports.charts.ticks import MONTHS, moment
from tidegauge.windows import INTO_THE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidegauge.reports.charts.ticks import Tick

DAY = 86_400_000_000
_INTO_THE_DAY = INTO_THE_DAY // timedelta(microseconds=1)
_MONDAY = 3
"""1970-01-01 was a Thursday: so many days after a Monday."""
_FULL, _SMALL = 0.84, 0.3


class Cell(NamedTuple):
    """One day: when it begins, and its level from 0 up; -1 for a usual day, -2 for one not judged."""

    start: int
    level: int


def week_of(start: int) -> int:
    """Count weeks from the Monday before 1970.

    Example:
        >>> week_of(0), week_of(4 * 86_400_000_000)
        (0, 1)
    """
    return (day_of(start) + _MONDAY) // 7


def day_of(start: int) -> int:
    """Count days from 1970 on, of midnight in UTC or at any other place.

    Example:
        >>> day_of(0), day_of(-13 * 3_600_000_000), day_of(10 * 3_600_000_000)
        (0, 0, 0)
    """
    return (start + _INTO_THE_DAY) // DAY


def days(cells: Iterable[Cell], label: str) -> tuple[str, int]:
    """Draw days as squares.

    Args:
        cells: The days.
        label: What it shows, in words.

    Returns:
        The picture, and how many weeks it is wide.

    Example:
        >>> drawn, weeks = days([Cell(0, 2), Cell(7 * 86_400_000_000, -1)], "two days")
        >>> weeks, 'class="e2 cell-day"' in drawn
        (2, True)
    """
    known = list(cells)
    first = min((week_of(cell.start) for cell in known), default=0)
    weeks = max((week_of(cell.start) for cell in known), default=0) - first + 1
    drawn: dict[str, str] = {}
    for cell in known:
        size = _FULL if cell.level >= 0 else _SMALL
        edge = (1 - size) / 2
        x, y = week_of(cell.start) - first + edge, (day_of(cell.start) + _MONDAY) % 7 + edge
        style = f"e{cell.level} cell-day" if cell.level >= 0 else "usual" if cell.level == -1 else "unjudged"
        square = f"M{short(x)} {short(y)}h{short(size)}v{short(size)}h-{short(size)}z"
        drawn[style] = drawn.get(style, "") + square
    shapes = "".join(path(commands, style) for style, commands in sorted(drawn.items()))
    return picture(shapes, label, width=weeks, height=7, style="days"), weeks


def month_marks(first_start: int, last_start: int) -> list[Tick]:
    """Find the week in which each month begins, counted from the first.

    Example:
        >>> [(mark.value, mark.label) for mark in month_marks(0, 40 * 86_400_000_000)]
        [(0.0, '1970'), (4.0, 'Feb')]
    """
    from tidegauge.reports.charts.ticks import Tick

    first, marks, before = week_of(first_start), [], None
    for day in range(day_of(first_start), day_of(last_start) + 1):
        when = moment(day * DAY)
        if (when.year, when.month) != before and when.day == 1:
            label = f"{when.year:04d}" if when.month == 1 else MONTHS[when.month - 1]
            marks.append(Tick(float(week_of(day * DAY) - first), label))
        before = (when.year, when.month)
    return marks
