"""The G statistic of homogeneity."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log
from typing import TYPE_CHECKING, ClassVar

from tidegauge.drift.measures.measure import ShareMeasure

if TYPE_CHECKING:
    from tidegauge.drift.measures.measure import Part
    from tidegauge.drift.measures.shares import Shares


@dataclass(frozen=True, slots=True)
class GTest(ShareMeasure):
    """The likelihood-ratio statistic G of the 2 × B table of counts: a statistic, not a p-value.

    Both sides are taken as samples, neither as the truth. Without change it is near B − 1; with a change it
    grows as the sizes do. Equal to `scipy.stats.chi2_contingency` with ``correction=False`` and
    ``lambda_="log-likelihood"``.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.drift import measures
        >>> now, then = tg.log({"x": ["a"] * 30 + ["b"] * 10}), tg.log({"x": ["a"] * 20 + ["b"] * 20})
        >>> round(measures.get("g_test").compute(now["x"], then["x"]), 4)
        5.4115
    """

    name: ClassVar[str] = "g_test"
    title: ClassVar[str] = "G statistic of homogeneity"
    formula: ClassVar[str] = "2 Σ (a·ln(a/(n·h)) + b·ln(b/(m·h))), h = (a + b)/N"
    symmetric: ClassVar[bool] = True
    bounds: ClassVar[tuple[float, float]] = (0.0, inf)
    unit: ClassVar[str] = "none; near B − 1 without change"
    source: ClassVar[str] = (
        "Wilks (1935), The likelihood test of independence in contingency tables, "
        "Annals of Mathematical Statistics 6"
    )

    def _part_of(self, shares: Shares) -> Part:
        n, m = shares.current.n, shares.reference.n

        def part(p: float, q: float) -> float:
            together = (n * p + m * q) / (n + m)
            found = n * p * log(p / together) if p else 0.0
            if q:
                found += m * q * log(q / together)
            return max(2 * found, 0.0) if p != q else 0.0

        return part


MEASURE = GTest()
