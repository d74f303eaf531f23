"""The Jensen–Shannon distance."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2, sqrt
from typing import ClassVar

from tidegauge.drift.measures.measure import CellMeasure


@dataclass(frozen=True, slots=True)
class JensenShannon(CellMeasure):
    """The square root of the Jensen–Shannon divergence in bits: a metric, 1 when no cell is shared.

    It is the *distance*, as `scipy.spatial.distance.jensenshannon` with base 2; squared it is the
    divergence, in bits.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.drift import measures
        >>> now, then = tg.log({"x": ["a", "a"]}), tg.log({"x": ["a", "b"]})
        >>> round(measures.get("jensen_shannon").compute(now["x"], then["x"]), 4)
        0.5579
    """

    name: ClassVar[str] = "jensen_shannon"
    title: ClassVar[str] = "Jensen–Shannon distance"
    formula: ClassVar[str] = "√(½ Σ (p·log₂(p/h) + q·log₂(q/h))), h = (p + q)/2"
    symmetric: ClassVar[bool] = True
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    unit: ClassVar[str] = "square root of bits, 0 to 1"
    source: ClassVar[str] = (
        "Lin (1991), Divergence measures based on the Shannon entropy, IEEE Transactions on Information "
        "Theory 37; that its root is a metric: Endres & Schindelin (2003), A new metric for probability "
        "distributions, ibid. 49"
    )

    def _part(self, p: float, q: float) -> float:
        middle = (p + q) / 2
        found = p * log2(p / middle) if p else 0.0
        if q:
            found += q * log2(q / middle)
        return max(found, 0.0) / 2

    def _whole(self, gathered: float) -> float:
        return sqrt(gathered)


MEASURE = JensenShannon()
