"""Quantiles as a rail under a histogram: thin from 5 to 95 %, thick from 25 to 75 %, a mark at the median."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display.facts import QUANTILE_RANKS
from tidegauge.display.numbers import part_between
from tidegauge.reports.charts.canvas import joined, path, picture

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH = 1000
_MIDDLE = 7


def rail(quantiles: Sequence[float], low: float, high: float) -> str:
    """Draw quantiles on the axis from low to high; what lies outside ends at its edge.

    Args:
        quantiles: At `QUANTILE_RANKS`.
        low: The value at the left end.
        high: The value at the right end.

    Example:
        >>> "M50 7h900" in rail([0.0, 5.0, 25.0, 50.0, 75.0, 95.0, 99.0], 0.0, 100.0)
        True
    """
    places = dict(zip(QUANTILE_RANKS, (_place(value, low, high) for value in quantiles), strict=False))
    if len(places) < len(QUANTILE_RANKS) or not high > low:
        return ""
    thin = _line(places[0.05], places[0.95])
    thick = _line(places[0.25], places[0.75])
    middle = f"M{joined((places[0.5], _MIDDLE - 5))}v10"
    shapes = path(thin, "thin") + path(thick, "thick") + path(middle, "tick")
    label = "quantiles: a line from 5 to 95 %, a bar from 25 to 75 %, a mark at the median"
    return picture(shapes, label, width=_WIDTH, height=2 * _MIDDLE, style="rail")


def _place(value: float, low: float, high: float) -> float:
    return round(part_between(value, low, high) * _WIDTH, 1)


def _line(start: float, end: float) -> str:
    return f"M{joined((start, _MIDDLE))}h{joined((max(end - start, 1.0),))}"
