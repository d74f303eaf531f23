"""The metric `quantiles`: any quantile, the distribution function and histograms, from a KLL sketch.

Karnin, Lang & Liberty (2016), "Optimal Quantile Approximation in Streams", FOCS. The sketch keeps
some of the values, each with a weight; while it keeps all of them its answers are exact.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise
from math import isinf
from typing import TYPE_CHECKING, NamedTuple, overload

from tidegauge.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidegauge._kernel import KernelNumbers
    from tidegauge.metrics.scale import Scale, Value

MOST_BINS = 100_000


class Histogram(NamedTuple):
    """Counts of values between edges.

    Bin i holds the values from ``edges[i]`` up to, and without, ``edges[i + 1]``; the last bin holds
    its upper edge too, as in `numpy.histogram`.
    """

    edges: tuple[Value, ...]
    """In ascending order, one more than there are bins; datetimes and the like for times."""
    counts: tuple[int, ...]
    """One for each bin, estimated with the sketch's error; they add up to n if the bins cover all values."""


class Quantiles:
    """Quantiles of the finite values of a column, or of lengths.

    Example:
        >>> import tidegauge as tg
        >>> quantiles = tg.log({"fare": [4.0, 1.0, 3.0, 2.0]})["fare"].quantiles
        >>> quantiles.quantile([0.0, 0.5, 1.0]), quantiles.cdf(3.0), quantiles.exact
        ([1.0, 2.0, 4.0], 0.75, True)
    """

    __slots__ = ("_numbers", "_scale")

    def __init__(self, numbers: KernelNumbers, scale: Scale) -> None:
        self._numbers = numbers
        self._scale = scale

    @property
    def n(self) -> int:
        """How many values the sketch has seen."""
        return self._numbers.n

    @property
    def exact(self) -> bool:
        """Whether the sketch still keeps every value, so that its answers have no error."""
        return self._numbers.quantiles_exact

    @property
    def rank_error(self) -> float:
        """The greatest error of a rank, as a share of n, at 99 % confidence; 0.0 when exact.

        With 0.01, the reported median lies between the true 0.49 and 0.51 quantiles.
        """
        return self._numbers.rank_error

    @overload
    def quantile(self, ranks: float) -> Value: ...
    @overload
    def quantile(self, ranks: Iterable[float]) -> list[Value]: ...
    def quantile(self, ranks: float | Iterable[float]) -> Value | list[Value]:
        """Find the values below or at which given shares of all values lie.

        Args:
            ranks: One share or several, each from 0 (the smallest value) to 1 (the largest).

        Returns:
            A value that occurs (nothing is interpolated), or a list of them. NaN, or None for times,
            when there are no values.

        Raises:
            ArgumentError: A share is not a number from 0 to 1.
        """
        if isinstance(ranks, int | float):
            return self._quantile([float(ranks)])[0]
        try:
            numbers = [float(rank) for rank in ranks]
        except (TypeError, ValueError):
            raise ArgumentError(
                f"a quantile's rank is a share from 0 to 1, or a list of them, not {ranks!r}"
            ) from None
        return self._quantile(numbers)

    def _quantile(self, ranks: list[float]) -> list[Value]:
        for rank in ranks:
            if not 0.0 <= rank <= 1.0:
                raise ArgumentError(
                    f"a quantile's rank is a share from 0 to 1, not {rank!r}; for 95 % give 0.95"
                )
        if not self.n:
            return [self._scale.value(float("nan")) for _ in ranks]
        return [self._scale.value(number) for number in self._numbers.quantile(ranks)]

    @property
    def median(self) -> Value:
        """The 0.5 quantile."""
        return self.quantile(0.5)

    def cdf(self, points: Value | Iterable[Value]) -> Value:
        """Estimate the share of values that are less than or equal to a value.

        Args:
            points: One value or several, as the column holds them (datetimes for timestamps).

        Returns:
            A share from 0 to 1, or a list of them; NaN when there are no values.

        Raises:
            ArgumentError: A value does not fit the column.
        """
        if isinstance(points, str) or not hasattr(points, "__iter__"):
            return self._rank([self._scale.number(points)])[0]
        return self._rank([self._scale.number(point) for point in points])

    def _rank(self, points: list[float]) -> list[float]:
        return self._numbers.rank(points) if self.n else [float("nan")] * len(points)

    def histogram(self, bins: int | Iterable[Value] = 30) -> Histogram:
        """Count values in bins.

        Args:
            bins: How many bins of equal width, from the smallest to the largest value (if these are equal,
                from half a unit below to half a unit above, as in NumPy); or the edges themselves, ascending,
                as values of the column.

        Returns:
            The histogram; without edges and counts when there are no values and no edges are given.

        Raises:
            ArgumentError: Fewer than one bin, more than 100,000, or edges that do not ascend.
        """
        if not isinstance(bins, int) and (isinstance(bins, str) or not hasattr(bins, "__iter__")):
            raise ArgumentError(f"bins is how many, a whole number, or a list of edges, not {bins!r}")
        edges = self._even_edges(bins) if isinstance(bins, int) else self._given_edges(bins)
        if not edges:
            return Histogram((), ())
        points, weights = self._numbers.points() if self.n else ([], [])
        sums = [0, *accumulate(weights)]
        below = [sums[bisect_left(points, edge)] for edge in edges]
        below[-1] = sums[bisect_right(points, edges[-1])]
        counts = tuple(upper - lower for lower, upper in pairwise(below))
        given = tuple(self._scale.average(edge) for edge in edges)
        return Histogram(given, counts)

    def _even_edges(self, bins: int) -> list[float]:
        if not 1 <= bins <= MOST_BINS:
            raise ArgumentError(f"a histogram has from 1 to {MOST_BINS:,} bins, not {bins}")
        if not self.n:
            return []
        low, high = self._numbers.min, self._numbers.max
        if low == high:
            # For large numbers half a unit is less than the step between doubles; then a step is taken.
            margin = max(0.5, abs(low) * 2.0**-52)
            low, high = low - margin, high + margin
        step = (high - low) / bins
        if isinf(step):
            return [low * (1 - index / bins) + high * (index / bins) for index in range(bins)] + [high]
        return [low + index * step for index in range(bins)] + [high]

    def _given_edges(self, bins: Iterable[Value]) -> list[float]:
        edges = [self._scale.number(edge) for edge in bins]
        if len(edges) < 2 or any(not a < b for a, b in pairwise(edges)):
            raise ArgumentError(f"a histogram's edges ascend and are at least two, not {edges[:5]}")
        return edges

    def __repr__(self) -> str:
        """Show five quantiles."""
        five = self.quantile([0.0, 0.25, 0.5, 0.75, 1.0])
        return f"Quantiles(n={self.n}, {', '.join(map(str, five))}, rank_error={self.rank_error:.3g})"
