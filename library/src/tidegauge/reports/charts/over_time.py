"""Pictures over time, a step a unit across: a fan of quantiles, a line, bars from zero, cells by level."""

from __future__ import annotations

import math
from bisect import bisect_right
from functools import lru_cache
from itertools import groupby
from operator import sub
from typing import TYPE_CHECKING, Any

from tidegauge.display.numbers import part_between
from tidegauge.reports.charts.canvas import dot, path, picture, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEIGHT = 100
_FINE = 160
_STRIP = 32
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
        lowest, lower, median, upper, highest = (
            _fine(values, low, high, _FINE) for values in zip(*run, strict=True)
        )
        outer += _band(lowest, highest, start)
        inner += _band(lower, upper, start)
        middle += _along(median, start)
    shapes = path(outer, "outer") + path(inner, "inner") + path(middle, "mid")
    return picture(shapes, label, width=max(1, len(quantiles)), height=_FINE, style="fan")


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
    commands, height = "", _STRIP if style == "strip" else _FINE
    for start, run in runs(values):
        commands += _along(_fine(run, low, high, height), start)
    return picture(path(commands, "soft-line"), label, width=max(1, len(values)), height=height, style=style)


def bars(values: Sequence[float | None], high: float, label: str, *, style: str, fill: str) -> str:
    """Draw values as bars from zero up, side by side without gaps; what is not zero can be seen.

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
            HEIGHT - max(1, round(min(1.0, value / high) * HEIGHT)) if value and high > 0 else HEIGHT
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
    ends: Sequence[int] | None = None,
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
        ends: Where each cell of a row ends, in units across; each is one unit wide when None.
        family: The classes of the levels: this letter and a number from 0.
        style: The class that gives its height on the page.

    Example:
        >>> drawn = cells([[1.0, 1.0, None], [0.01, 0.0, 0.0]], 1.0, 9, "two rows", style="heat")
        >>> 'class="s8" d="M0 1.5h2"' in drawn, 'class="s0" d="M0 .5h1"' in drawn
        (True, True)
        >>> 'class="s8" d="M3 .5h2"' in cells([[None, 1.0]], 1.0, 9, "wide", ends=(3, 5), style="heat")
        True
    """
    drawn: list[list[str]] = [[] for _ in range(steps)]
    last = [(0, 0)] * steps
    if ends is None:
        ends = range(1, max((len(row) for row in rows), default=1) + 1)
    cuts = _cuts(peak, steps)
    for row, shares in enumerate(reversed(rows)):
        start = end = 0
        before = -1
        levels = [bisect_right(cuts, share or 0.0) - 1 for share in shares]
        for now, reach in (*zip(levels, ends, strict=False), (None, 0)):
            if now != before:
                if before >= 0:
                    drawn[before].append(_cell(start, row, last[before], end - start, drawn[before]))
                    last[before] = end, row
                start, before = end, -1 if now is None else now
            end = reach
    shapes = "".join(path("".join(each), f"{family}{number}") for number, each in enumerate(drawn))
    width = max(1, ends[-1] if ends else 0)
    return picture(shapes, label, width=width, height=max(1, len(rows)), style=f"{style} cells")


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
    return bisect_right(_cuts(peak, steps), share or 0.0) - 1


def _cuts(peak: float, steps: int) -> list[float]:
    """Where each level begins; no level begins when there is nothing that the shares could reach."""
    if not peak > 0:
        return []
    return [max(_LEAST_SHARE, peak * (number / steps) ** (1 / _CURVE)) for number in range(steps)]


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


def _fine(values: Sequence[float], low: float, high: float, height: int) -> list[int]:
    """Turn values into heights from the head down, in whole units that are finer than a pixel."""
    scale = height / (high - low) if high > low else math.inf
    if 0 < scale < math.inf and math.isfinite(sum(values)) and low <= min(values) and max(values) <= high:
        return [round((high - value) * scale) for value in values]  # as below, in a third of the time
    return [round(height * (1.0 - part_between(value, low, high))) for value in values]


def _along(levels: Sequence[int], start: int) -> str:
    """Draw a line through the middles of steps; a single one takes the whole step."""
    if len(levels) == 1:
        return f"M{start} {levels[0]}h1"
    return f"M{short(start + 0.5)} {levels[0]}l{_strides(levels, 1)}"


def _band(lower: Sequence[int], upper: Sequence[int], start: int) -> str:
    """Fill what lies between two lines: along the upper one, down, and back along the lower."""
    if len(lower) == 1:
        return f"M{start} {upper[0]}h1V{lower[0]}h-1z"
    return f"{_along(upper, start)}V{lower[-1]}l{_strides(lower[::-1], -1)}z"


def _strides(levels: Sequence[int], across: int) -> str:
    """Go from level to level, so many units across each time; strides of one slope are one stride."""
    text = ""
    for down, same in groupby(map(sub, levels[1:], levels)):
        count = len(list(same))
        text += _numbers(across * count, down * count)
    return text.lstrip()


@lru_cache(maxsize=4_096)
def _numbers(across: int, down: int) -> str:
    return "".join(f"{number}" if number < 0 else f" {number}" for number in (across, down))
