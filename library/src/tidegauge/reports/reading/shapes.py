"""Which bins two or more distributions are drawn in, and how much lies in each."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from tidegauge.column import kernel_column
from tidegauge.display.histogram import even_edges, without_long_tails

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge._kernel import KernelNumbers
    from tidegauge.column import ColumnProfile

TAIL_RANKS = (0.01, 0.99)
"""What lies beyond is a tail, which is left out where it is long."""


def kernel_numbers(column: ColumnProfile) -> KernelNumbers | None:
    """Return the numbers of a column in the unit of their kind; None when it has no quantiles of values."""
    values = kernel_column(column).values
    return values if values is not None and values.has_quantiles and values.n else None


def kernel_lengths(column: ColumnProfile) -> KernelNumbers | None:
    """Return the lengths of a column's values; None when it has none."""
    lengths = kernel_column(column).lengths
    return lengths if lengths is not None and lengths.has_quantiles and lengths.n else None


def common_edges(
    sides: Sequence[KernelNumbers], bins: int, *, whole: bool
) -> tuple[tuple[float, ...], bool] | None:
    """Choose bins of one width for several distributions; a long tail of all of them is left out.

    Args:
        sides: The numbers of each.
        bins: How many at most.
        whole: Whether all values are whole numbers.

    Returns:
        The edges, ascending, and whether they lie half a unit off whole numbers; None when there is no room.
    """
    tails = [(least, greatest) for least, greatest in (side.quantile(TAIL_RANKS) for side in sides)]
    return edges_between(sides, tails, bins, whole=whole)


def edges_between(
    sides: Sequence[KernelNumbers], tails: Sequence[tuple[float, float]], bins: int, *, whole: bool
) -> tuple[tuple[float, ...], bool] | None:
    """Choose bins as `common_edges` does, where the quantiles at `TAIL_RANKS` have been read already.

    Args:
        sides: The numbers of each.
        tails: The two quantiles of each.
        bins: How many at most.
        whole: Whether all values are whole numbers.
    """
    low, high = min(side.min for side in sides), max(side.max for side in sides)
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    early, late = min(tail[0] for tail in tails), max(tail[1] for tail in tails)
    first, last = without_long_tails(low, high, early, late)
    whole = whole or all(side.kind == "date" for side in sides)
    edges, halved = even_edges(first, last, bins, whole=whole)
    if any(not a < b for a, b in pairwise(edges)):
        return None
    return tuple(edges), halved


def cuts_of(edges: Sequence[float]) -> list[float]:
    """Turn edges into where the kernel shall cut, so that a bin holds its lower edge and not its upper.

    Example:
        >>> cuts_of([0.0, 1.0])[1]
        1.0
    """
    return [math.nextafter(edge, -math.inf) for edge in edges[:-1]] + [edges[-1]]


def shares_between(numbers: KernelNumbers, cuts: Sequence[float]) -> list[float]:
    """Tell which share of the numbers lies in each bin; see `cuts_of`."""
    return [max(0.0, upper - lower) for lower, upper in pairwise(numbers.rank(cuts))]
