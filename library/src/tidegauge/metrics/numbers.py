"""What is known about the numbers of a column, or the lengths of its strings and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from tidegauge.errors import MissingMetricError
from tidegauge.metrics.moments import Moments
from tidegauge.metrics.quantiles import Histogram, Quantiles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidegauge._kernel import KernelNumbers
    from tidegauge.metrics.scale import Scale, Value


class Numbers:
    """Moments, extremes and quantiles of numbers, times or lengths: finite ones only.

    Example:
        >>> import tidegauge as tg
        >>> lengths = tg.log({"city": ["Rome", "Reykjavík"]})["city"].lengths
        >>> lengths.min, lengths.mean, lengths.max
        (4, 6.5, 9)
    """

    __slots__ = ("_extremes", "_name", "_numbers", "_scale")

    def __init__(self, numbers: KernelNumbers, scale: Scale, name: str, *, extremes: bool = True) -> None:
        self._extremes = extremes
        self._numbers = numbers
        self._scale = scale
        self._name = name

    @property
    def kind(self) -> str:
        """What the numbers are: ``number``, ``timestamp``, ``date``, ``time`` or ``duration``."""
        return self._numbers.kind

    @property
    def n(self) -> int:
        """How many finite values there are."""
        return self._numbers.n

    @property
    def moments(self) -> Moments:
        """Mean, variance, skewness, kurtosis and their standard errors."""
        if not self._numbers.has_moments:
            raise MissingMetricError(
                f"{self._name} has no moments: the schema left them out, or no file kept them"
            )
        return Moments(self._numbers, self._scale)

    @property
    def quantiles(self) -> Quantiles:
        """Quantiles, distribution function and histogram."""
        if not self._numbers.has_quantiles:
            raise MissingMetricError(
                f"{self._name} has no quantiles: the schema left them out, or no file kept them"
            )
        return Quantiles(self._numbers, self._scale)

    @property
    def has_moments(self) -> bool:
        """Whether mean, variance and so on are kept."""
        return self._numbers.has_moments

    @property
    def has_quantiles(self) -> bool:
        """Whether quantiles are kept."""
        return self._numbers.has_quantiles

    @property
    def has_extremes(self) -> bool:
        """Whether the smallest and the largest value are kept."""
        return self._extremes

    def _require_extremes(self, which: str) -> None:
        if not self._extremes:
            raise MissingMetricError(
                f"{self._name} has no {which}: the schema keeps it private (numbers=moments)"
            )

    @property
    def min(self) -> Value:
        """The smallest value, exact; None when there is none."""
        self._require_extremes("min")
        return self._scale.extreme(self._numbers.min, self._numbers.min_exact)

    @property
    def max(self) -> Value:
        """The largest value, exact; None when there is none."""
        self._require_extremes("max")
        return self._scale.extreme(self._numbers.max, self._numbers.max_exact)

    @property
    def mean(self) -> Value:
        """The arithmetic mean; see `Moments.mean`."""
        return self.moments.mean

    @property
    def stddev(self) -> Value:
        """The sample standard deviation; see `Moments.stddev`."""
        return self.moments.stddev

    @property
    def variance(self) -> float:
        """The sample variance; see `Moments.variance`."""
        return self.moments.variance

    @property
    def skewness(self) -> float:
        """The bias-corrected skewness; see `Moments.skewness`."""
        return self.moments.skewness

    @property
    def kurtosis(self) -> float:
        """The bias-corrected excess kurtosis; see `Moments.kurtosis`."""
        return self.moments.kurtosis

    @property
    def median(self) -> Value:
        """The 0.5 quantile."""
        return self.quantiles.median

    @overload
    def quantile(self, ranks: float) -> Value: ...
    @overload
    def quantile(self, ranks: Iterable[float]) -> list[Value]: ...
    def quantile(self, ranks: float | Iterable[float]) -> Value | list[Value]:
        """Find quantiles; see `Quantiles.quantile`."""
        return self.quantiles.quantile(ranks)

    def cdf(self, points: Value | Iterable[Value]) -> Value:
        """Estimate the share of values at or below a value; see `Quantiles.cdf`."""
        return self.quantiles.cdf(points)

    def histogram(self, bins: int | Iterable[Value] = 30) -> Histogram:
        """Count values in bins; see `Quantiles.histogram`."""
        return self.quantiles.histogram(bins)

    def __repr__(self) -> str:
        """Show how many there are, and the extremes."""
        if not self._extremes:
            return f"Numbers(n={self.n})"
        return f"Numbers(n={self.n}, min={self.min!r}, max={self.max!r})"
