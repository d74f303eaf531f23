"""The metric `cardinality`: how many distinct values there are, from a HyperLogLog sketch.

Flajolet, Fusy, Gandouet & Meunier (2007), "HyperLogLog: the analysis of a near-optimal cardinality
estimation algorithm", in the form of Apache DataSketches with 4,096 registers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.errors import ArgumentError

if TYPE_CHECKING:
    from tidegauge._kernel import KernelCardinality


class Cardinality:
    """The number of distinct values of a column; null does not count as one.

    Example:
        >>> import tidegauge as tg
        >>> cardinality = tg.log({"city": ["Rome", "Oslo", "Rome"]})["city"].cardinality
        >>> cardinality.estimate, cardinality.interval(0.95), cardinality.exact
        (2.0, (2.0, 2.0), True)
    """

    __slots__ = ("_sketch",)

    def __init__(self, sketch: KernelCardinality) -> None:
        self._sketch = sketch

    @property
    def estimate(self) -> float:
        """The estimated number; a whole number when `exact`."""
        return float(round(self._sketch.estimate)) if self.exact else self._sketch.estimate

    @property
    def exact(self) -> bool:
        """Whether so few values have been seen that the sketch can tell them all apart."""
        return self._sketch.exact

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Bound the true number.

        Args:
            confidence: The probability that the true number is within the bounds; between 0 and 1.

        Returns:
            The lower and the upper bound. The sketch gives bounds at 1, 2 and 3 standard deviations;
            others are interpolated.

        Raises:
            ArgumentError: The confidence is not between 0 and 1.
        """
        if not 0.0 < confidence < 1.0:
            raise ArgumentError(f"a confidence is between 0 and 1, not {confidence!r}; for 95 % give 0.95")
        if self.exact:
            return self.estimate, self.estimate
        from statistics import NormalDist

        deviations = NormalDist().inv_cdf((1.0 + confidence) / 2.0)
        step = min(max(int(deviations), 0), 2)
        below, above = self._offsets(step), self._offsets(step + 1)
        part = deviations - step
        lower, upper = (a + part * (b - a) for a, b in zip(below, above, strict=True))
        return max(self._sketch.estimate - lower, 0.0), self._sketch.estimate + upper

    def _offsets(self, deviations: int) -> tuple[float, float]:
        """How far the bounds at a whole number of standard deviations lie below and above the estimate."""
        if deviations == 0:
            return 0.0, 0.0
        lower, upper = self._sketch.interval(deviations)
        return self._sketch.estimate - lower, upper - self._sketch.estimate

    def to_bytes(self) -> bytes:
        """Return the sketch in the serial form of Apache DataSketches (HLL, compact)."""
        return self._sketch.to_bytes()

    def __repr__(self) -> str:
        """Show the estimate and its interval."""
        if self.exact:
            return f"Cardinality({self.estimate:.0f}, exact)"
        lower, upper = self.interval(0.95)
        return f"Cardinality({self.estimate:.0f}, 95 % within {lower:.0f} … {upper:.0f})"
