"""The metric `moments`: mean, variance, skewness and kurtosis, with their standard errors.

The kernel keeps n, the mean and the sums of the 2nd to 4th powers of the deviations from it, over
finite values only, and merges them by the formulas of Pébay (2008), "Formulas for Robust, One-Pass
Parallel Computation of Covariances and Arbitrary-Order Statistical Moments", SAND2008-6212.
"""

from __future__ import annotations

from math import nan, sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tidegauge._kernel import KernelNumbers
    from tidegauge.metrics.scale import Scale, Value


class StandardErrors(NamedTuple):
    """How far estimates from a sample of this size typically lie from the truth.

    Those of the mean and the standard deviation are in the column's unit (timedelta for times).
    Those of skewness and kurtosis hold for normally distributed values (Joanes & Gill 1998,
    "Comparing measures of sample skewness and kurtosis", The Statistician 47).
    """

    mean: Value
    stddev: Value
    skewness: float
    kurtosis: float


class Moments:
    """Mean, variance, skewness and kurtosis of the finite values of a column, or of lengths.

    The estimates are those that pandas shows: `variance` divides by n - 1, `skewness` and `kurtosis` are the
    bias-corrected G1 and G2 of Joanes & Gill (1998), kurtosis in excess of the normal's. A quantity for which
    there are too few values or no spread is NaN (None for times).

    Example:
        >>> import tidegauge as tg
        >>> moments = tg.log({"fare": [1.0, 2.0, 3.0, 10.0]})["fare"].moments
        >>> moments.mean, round(moments.skewness, 4)
        (4.0, 1.7636)
    """

    __slots__ = ("_numbers", "_scale")

    def __init__(self, numbers: KernelNumbers, scale: Scale) -> None:
        self._numbers = numbers
        self._scale = scale

    @property
    def n(self) -> int:
        """How many finite values there are."""
        return self._numbers.n

    @property
    def mean(self) -> Value:
        """The arithmetic mean; a datetime for dates and timestamps."""
        return self._scale.average(self._numbers.mean)

    @property
    def variance(self) -> float:
        """The sample variance, Σ(x - mean)² / (n - 1), in the square of the unit; seconds² for times."""
        return self._variance * self._scale.seconds**2

    @property
    def stddev(self) -> Value:
        """The sample standard deviation, √variance; a timedelta for times."""
        return self._scale.spread(sqrt(self._variance))

    @property
    def skewness(self) -> float:
        """G1 = √(n(n - 1)) / (n - 2) · g1; positive when the right tail is longer."""
        n, m2 = self.n, self._numbers.m2
        if n < 3 or not m2 > 0:
            return nan
        g1 = sqrt(n) * self._numbers.m3 / (m2 * sqrt(m2))
        return float(sqrt(n * (n - 1)) / (n - 2) * g1)

    @property
    def kurtosis(self) -> float:
        """G2 = (n - 1) / ((n - 2)(n - 3)) · ((n + 1)·g2 + 6); 0 for a normal distribution."""
        n, m2 = self.n, self._numbers.m2
        if n < 4 or not m2 > 0:
            return nan
        g2 = n * self._numbers.m4 / m2**2 - 3
        return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6)

    @property
    def standard_errors(self) -> StandardErrors:
        """The standard errors of mean, standard deviation, skewness and kurtosis."""
        n = self.n
        error_of_mean = sqrt(self._variance / n) if n else nan
        skewness = sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3))) if n > 2 else nan
        kurtosis = 2 * skewness * sqrt((n * n - 1) / ((n - 3) * (n + 5))) if n > 3 else nan
        return StandardErrors(
            mean=self._scale.spread(error_of_mean),
            stddev=self._scale.spread(self._error_of_stddev()),
            skewness=skewness,
            kurtosis=kurtosis,
        )

    @property
    def _variance(self) -> float:
        return self._numbers.m2 / (self.n - 1) if self.n > 1 else nan

    def _error_of_stddev(self) -> float:
        """By the delta method from Var(s²) ≈ (μ4 - μ2²(n - 3)/(n - 1)) / n: no normality is assumed."""
        n, m2, m4 = self.n, self._numbers.m2, self._numbers.m4
        if n < 4 or not m2 > 0:
            return nan
        spread = m4 / n - (m2 / n) ** 2 * (n - 3) / (n - 1)
        return sqrt(max(spread, 0.0) / n) / (2 * sqrt(m2 / (n - 1)))

    def __repr__(self) -> str:
        """Show the main estimates."""
        return (
            f"Moments(n={self.n}, mean={self.mean!r}, stddev={self.stddev!r}, skewness={self.skewness:.4g})"
        )
