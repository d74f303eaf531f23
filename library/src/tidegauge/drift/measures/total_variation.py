"""The total variation distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tidegauge.drift.measures.measure import CellMeasure


@dataclass(frozen=True, slots=True)
class TotalVariation(CellMeasure):
    """The share of records that would have to move to another cell to make the two alike.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.drift import measures
        >>> now, then = tg.log({"x": ["a", "b", "b", "c"]}), tg.log({"x": ["a", "b", "a", "b"]})
        >>> measures.get("total_variation").compute(now["x"], then["x"])
        0.25
    """

    name: ClassVar[str] = "total_variation"
    title: ClassVar[str] = "Total variation distance"
    formula: ClassVar[str] = "½ Σ |p − q|"
    symmetric: ClassVar[bool] = True
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    unit: ClassVar[str] = "share of the values, 0 to 1"
    source: ClassVar[str] = (
        "Gibbs & Su (2002), On choosing and bounding probability metrics, International Statistical Review 70"
    )

    def _part(self, p: float, q: float) -> float:
        return abs(p - q) / 2


MEASURE = TotalVariation()
