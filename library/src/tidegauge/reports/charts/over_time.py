"""Pictures over time, a step a unit across: a fan of quantiles, a line, bars from zero, cells by level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tidegauge.display.numbers import part_between
from tidegauge.reports.charts.canvas import dot, path, picture, polyline, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEIGHT = 100
_LEAST_SHARE = 1e-9
_COARSE = 24
_CURVE = 0.72


def fan(quantiles: Sequence[tuple[float, ...] | None], low: float, high: float, label: str) -> str:
    """Draw five quantiles over time: two nested bands and the median as a line.

    Args:
        quantiles: At 5, 25, 50, 75 and 95 % for each step, None where there is nothing.
        low: The value at the foot of the picture.
        high: The value at its head.
        label: What it shows, in words.

    Example:
        >>> fan([(1, 2, 3, 4, 5), (2, 3, 4, 5, 6)], 1, 6, "two steps").count("<path")
        3
    """
    outer = inner = middle = ""
    for start, run in runs(quantiles):
        levels = [[_height(value, low, high) for value in step] for step in run]
        outer += _band([step[0] for step in levels], [step[4] for step in levels], start)
        inner += _band([step[1] for step in levels], [step[3] for step in levels], start)
        middle += polyline(_centred([step[2] for step in levels], start))
    shapes = path(outer, "outer") + path(inner, "inner") + path(middle, "mid")
    return picture(shapes, label, width=max(1, len(quantiles)), height=HEIGHT, style="fan")


def line(values: Sequence[float | None], low: float, high: float, label: str, *, style: str = "low") -> str:
    """Draw one value over time; where it is missing the line breaks.

    Args:
        values: One a step.
        low: The value at the foot of the picture.
        high: The value at its head.
        label: What it shows, in words.
        style: The class that gives its height on the page.

    Example:
        >>> line([1.0, None, 2.0], 0.0, 2.0, "with a gap").count("M")
        2
    """
    commands = ""
    for start, run in runs(values):
        commands += polyline(_centred([_height(value, low, high) for value in run], start))
    return picture(path(commands, "soft-line"), label, width=max(1, len(values)), height=HEIGHT, style=style)


def bars(values: Sequence[float | None], high: float, label: str, *, style: str, fill: str) -> str:
    """Draw values as bars from zero up, side by side without gaps.

    Args:
        values: One a step, None where there is nothing.
        high: The value that fills the picture.
        label: What it shows, in words.
        style: The class that gives its height on the page.
        fill: The class that gives their colour.
    """
    commands = ""
    for start, run in runs(values):
        levels = [
            round(HEIGHT - min(1.0, value / high) * HEIGHT, 1) if value and high > 0 else 100.0
            for value in run
        ]
        commands += f"M{start} {HEIGHT}" + _stairs(levels) + f"V{HEIGHT}z"
    shapes = path(commands, fill) + path(f"M0 {HEIGHT}h{max(1, len(values))}", "grid")
    return picture(shapes, label, width=max(1, len(values)), height=HEIGHT, style=style)


def _stairs(levels: Sequence[float]) -> str:
    commands, before, length = "", None, 0
    for level in levels:
        if level != before:
            commands += (f"h{length}" if length else "") + f"V{short(level)}"
            before, length = level, 0
        length += 1
    return commands + f"h{length}"


def cells(
    rows: Sequence[Sequence[float | None]],
    peak: float,
    steps: int,
    label: str,
    *,
    family: str = "s",
    style: str,
) -> str:
    """Draw shares as cells by level, the first row at the foot; what is zero or missing is left blank.

    Levels grow slower than the share, so that thin tails show too.

    Args:
        rows: Shares over time, a row each.
        peak: The share of the strongest level; greater ones look the same.
        steps: How many levels there are.
        label: What it shows, in words.
        family: The classes of the levels: this letter and a number from 0.
        style: The class that gives its height on the page.

    Example:
        >>> drawn = cells([[1.0, 1.0, None], [0.01, 0.0, 0.0]], 1.0, 9, "two rows", style="heat")
        >>> 'class="s8" d="M0 1.5h2"' in drawn, 'class="s0" d="M0 .5h1"' in drawn
        (True, True)
    """
    drawn: list[list[str]] = [[] for _ in range(steps)]
    ends = [(0, 0)] * steps
    width = max((len(row) for row in rows), default=1)
    for row, shares in enumerate(reversed(rows)):
        place, before = 0, -1
        for step, share in enumerate((*shares, None)):
            now = level(share, peak, steps)
            if now != before:
                if before >= 0:
                    drawn[before].append(_cell(place, row, ends[before], step - place, drawn[before]))
                    ends[before] = step, row
                place, before = step, now
    shapes = "".join(path("".join(each), f"{family}{number}") for number, each in enumerate(drawn))
    return picture(shapes, label, width=max(1, width), height=max(1, len(rows)), style=f"{style} cells")


def _cell(place: int, row: int, end: tuple[int, int], length: int, drawn: Sequence[str]) -> str:
    """Go from where the last cell ended, as that takes the fewest letters, and draw."""
    if not drawn:
        return f"M{place} {short(row + 0.5)}h{length}"
    across, down = place - end[0], row - end[1]
    return f"m{across} {down}h{length}"


def area(values: Sequence[float | None], high: float, label: str) -> str:
    """Draw a share as an area from zero up, coarsely: for rows of small height, one under the other.

    Args:
        values: One a step, None where there is nothing.
        high: The value that fills the picture.
        label: What it shows, in words.
    """
    commands = ""
    for start, run in runs(values):
        levels = [_COARSE - round(_COARSE * min(1.0, value / high)) if high > 0 else _COARSE for value in run]
        commands += f"M{start} {_COARSE}" + _stairs(levels) + f"V{_COARSE}z"
    shapes = path(commands, "inner") + path(f"M0 {_COARSE}h{max(1, len(values))}", "grid")
    return picture(shapes, label, width=max(1, len(values)), height=_COARSE, style="share")


def level(share: float | None, peak: float, steps: int) -> int:
    """Tell which level a share has: from 0 up, -1 for none.

    Example:
        >>> level(0.0, 1.0, 9), level(0.001, 1.0, 9), level(2.0, 1.0, 9)
        (-1, 0, 8)
    """
    if share is None or share < _LEAST_SHARE or not peak > 0:
        return -1
    return min(steps - 1, int(steps * (share / peak) ** _CURVE))


def mark(place: float, count: int, label: str, *, style: str) -> str:
    """Draw one dot at a step, for strips of a single row."""
    return picture(dot(place, 0.5, "alarm-dot"), label, width=count, height=1, style=style)


def runs(values: Sequence[object]) -> Iterator[tuple[int, list[Any]]]:
    """Go through the stretches without a gap: where each begins, and its values.

    Example:
        >>> list(runs([1, None, 2, 3]))
        [(0, [1]), (2, [2, 3])]
    """
    start = 0
    run: list[Any] = []
    for place, value in enumerate(values):
        if value is None:
            if run:
                yield start, run
            run = []
            continue
        if not run:
            start = place
        run.append(value)
    if run:
        yield start, run


def _height(value: float, low: float, high: float) -> float:
    return round(HEIGHT * (1.0 - part_between(value, low, high)), 1)


def _centred(levels: Sequence[float], start: int) -> list[tuple[float, float]]:
    """Put a value at the middle of its step; a single one takes the whole step."""
    if len(levels) == 1:
        return [(start, levels[0]), (start + 1, levels[0])]
    return [(start + place + 0.5, level) for place, level in enumerate(levels)]


def _band(lower: Sequence[float], upper: Sequence[float], start: int) -> str:
    points = _centred(upper, start) + _centred(lower, start)[::-1]
    return polyline(points) + "z"
