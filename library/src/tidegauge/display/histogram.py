"""Which bins to draw of a column's numbers, so that the shape shows whatever the outliers are."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from tidegauge.display.facts import Bins
from tidegauge.errors import ArgumentError
from tidegauge.metrics.scale import Scale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.metrics.numbers import Numbers

BINS = 48
_LAST_MICROSECOND_OF_A_DAY = 86_399_999_999.0


def draw_bins(
    metric: Numbers, low: float, high: float, quantiles: Sequence[float] | None, *, whole: bool
) -> Bins | None:
    """Count a column's values in the bins to draw.

    The bins reach from the least to the greatest value; a tail beyond the 1 % or the 99 % quantile that
    is longer than all that lies between them is counted, not drawn.

    Args:
        metric: The numbers of the column.
        low: The least of them.
        high: The greatest of them.
        quantiles: Some of their quantiles, the outermost first and last.
        whole: Whether all of them are whole numbers.

    Returns:
        The bins; None when no quantiles are kept or there is nothing to draw.
    """
    if quantiles is None or not metric.n or not (math.isfinite(low) and math.isfinite(high)):
        return None
    first, last = without_long_tails(low, high, quantiles[0], quantiles[-1])
    whole = whole or metric.kind == "date"
    edges, halved = even_edges(first, last, BINS if whole else bins_for(metric.n), whole=whole)
    if metric.kind == "time":
        edges = [min(edge, _LAST_MICROSECOND_OF_A_DAY) for edge in edges]
    if any(not a < b for a, b in pairwise(edges)):
        return Bins((low, high), (float(metric.n),))
    framed = [low] * (low < edges[0]) + edges + [math.nextafter(high, math.inf)] * (high > edges[-1])
    scale = Scale(metric.kind)
    try:
        given = framed if metric.kind == "number" else [scale.average(edge) for edge in framed]
        counts = [float(count) for count in metric.histogram(given).counts]
    except ArgumentError:
        return None  # Times that Python cannot name, or that lie closer than it can tell apart.
    below = counts.pop(0) if low < edges[0] else 0.0
    above = counts.pop() if high > edges[-1] else 0.0
    return Bins(tuple(edges), tuple(counts), below, above, whole=halved)


def bins_for(count: int) -> int:
    """Choose how many bins to draw so many values in: few values in many bins show only their gaps.

    Example:
        >>> bins_for(3), bins_for(100), bins_for(1_000_000)
        (4, 20, 48)
    """
    return min(BINS, 2 * math.ceil(math.sqrt(count)))


def without_long_tails(low: float, high: float, early: float, late: float) -> tuple[float, float]:
    """Choose the range to draw: all of it, or less where a tail is longer than the bulk.

    Example:
        >>> without_long_tails(0.0, 10.0, 1.0, 9.0), without_long_tails(0.0, 1000.0, 1.0, 9.0)
        ((0.0, 10.0), (0.0, 9.0))
    """
    bulk = late - early
    if not 0 < bulk < math.inf:
        return low, high
    return (early if early - low > bulk else low), (late if high - late > bulk else high)


def even_edges(low: float, high: float, most: int, *, whole: bool) -> tuple[list[float], bool]:
    """Divide a range into bins of one width; of whole numbers each bin holds equally many.

    Args:
        low: Where the first bin begins, or the first whole number.
        high: Where the last bin ends, or the last whole number.
        most: Bins at most.
        whole: Whether the values are whole numbers.

    Returns:
        The edges, ascending, and whether they lie half a unit off the whole numbers.

    Example:
        >>> even_edges(1, 4, 10, whole=True), even_edges(0.0, 1.0, 2, whole=False)
        (([0.5, 1.5, 2.5, 3.5, 4.5], True), ([0.0, 0.5, 1.0], False))
    """
    if whole and max(abs(low), abs(high)) < 2.0**51:
        step, bins = _whole_bins(int(high - low) + 1, most)
        return [low - 0.5 + step * index for index in range(bins + 1)], True
    if low == high:
        margin = max(0.5, abs(low) * 2.0**-50)
        return [low - margin, high + margin], False
    stride = high / most - low / most
    return [low + stride * index for index in range(most)] + [high], False


def _whole_bins(values: int, most: int) -> tuple[int, int]:
    """Choose step and number of bins so that the last bin is as full as the others, or nearly."""
    least = -(-values // most)
    steps = range(least, min(2 * least, least + 64) + 1)
    step = min(steps, key=lambda step: (-values % step, step))
    return step, -(-values // step)
