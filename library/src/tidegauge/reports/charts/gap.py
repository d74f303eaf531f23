"""The gap between two distribution functions, along the values, with its widest place marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display.numbers import part_between
from tidegauge.reports.charts.canvas import dot, joined, path, picture, polyline

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH = 1000
_HEIGHT = 100
_MARGIN = 7


def gap(
    points: Sequence[float], gaps: Sequence[float], widest: int, reach: tuple[float, float], label: str
) -> str:
    """Draw current less reference: above the middle where current has more at or below a value.

    Args:
        points: Values, ascending.
        gaps: Differences of shares at these values.
        widest: The place of the largest.
        reach: The values at the ends of the picture.
        label: What it shows, in words.

    Example:
        >>> "alarm-dot" in gap([0.0, 1.0, 2.0], [0.0, 0.4, 0.0], 1, (0.0, 2.0), "a gap")
        True
    """
    low, high = reach
    if not high > low or not points:
        return ""
    least, most = min(0.0, *gaps), max(0.0, *gaps)
    unit = (_HEIGHT - 2 * _MARGIN) / (most - least or 1.0)
    places = [round(part_between(point, low, high) * _WIDTH, 1) for point in points]
    heights = [round(_MARGIN + (most - each) * unit, 1) for each in gaps]
    middle = round(_MARGIN + most * unit, 1)
    line = polyline(zip(places, heights, strict=True))
    around = polyline([(places[0], middle), *zip(places, heights, strict=True), (places[-1], middle)])
    shapes = path(around + "z", "between") + path(f"M0 {joined((middle,))}H{_WIDTH}", "base")
    shapes += path(line, "thin")
    shapes += path(f"M{joined((places[widest], middle))}V{joined((heights[widest],))}", "alarm-line")
    shapes += dot(places[widest], heights[widest], "alarm-dot")
    return picture(shapes, label, width=_WIDTH, height=_HEIGHT, style="gap")
