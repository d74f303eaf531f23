"""The χ² statistic of homogeneity."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, ClassVar

from tidegauge.drift.measures.measure import ShareMeasure

if TYPE_CHECKING:
    from tidegauge.drift.measures.measure import Part
    from tidegauge.drift.measures.shares import Shares


@dataclass(frozen=True, slots=True)
class ChiSquare(ShareMeasure):
    """Pearson's χ² of the 2 × B table of counts: a statistic, not a p-value.

    Both sides are taken as samples, neither as the truth. Without change it is near B − 1; with a change it
    grows as the sizes do. Equal to `scipy.stats.chi2_contingency` with ``correction=False``.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.drift import measures
        >>> now, then = tg.log({"x": ["a"] * 30 + ["b"] * 10}), tg.log({"x": ["a"] * 20 + ["b"] * 20})
        >>> round(measures.get("chi_square").compute(now["x"], then["x"]), 4)
        5.3333
    """

    name: ClassVar[str] = "chi_square"
    title: ClassVar[str] = "χ² statistic of homogeneity"
    formula: ClassVar[str] = "Σ (m·a − n·b)² / (n·m·(a + b))"
    symmetric: ClassVar[bool] = True
    bounds: ClassVar[tuple[float, float]] = (0.0, inf)
    unit: ClassVar[str] = "none; near B − 1 without change, at most N"
    source: ClassVar[str] = (
        "Pearson (1911), On the probability that two independent distributions of frequency are really "
        "samples from the same population, Biometrika 8"
    )

    def _part_of(self, shares: Shares) -> Part:
        n, m = shares.current.n, shares.reference.n

        def part(p: float, q: float) -> float:
            apart = p - q
            return n * m * apart * apart / (n * p + m * q) if apart else 0.0

        return part


MEASURE = ChiSquare()
