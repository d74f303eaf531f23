"""The Hellinger distance."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

from tidegauge.drift.measures.measure import CellMeasure


@dataclass(frozen=True, slots=True)
class Hellinger(CellMeasure):
    """The Euclidean distance between the roots of the shares, over √2: a metric, 1 when no cell is shared.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.drift import measures
        >>> now, then = tg.log({"x": ["a", "a"]}), tg.log({"x": ["a", "b"]})
        >>> round(measures.get("hellinger").compute(now["x"], then["x"]), 4)
        0.5412
    """

    name: ClassVar[str] = "hellinger"
    title: ClassVar[str] = "Hellinger distance"
    formula: ClassVar[str] = "√(½ Σ (√p − √q)²)"
    symmetric: ClassVar[bool] = True
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    unit: ClassVar[str] = "none, 0 to 1"
    source: ClassVar[str] = (
        "Hellinger (1909), Neue Begründung der Theorie quadratischer Formen von unendlichvielen "
        "Veränderlichen, Journal für die reine und angewandte Mathematik 136"
    )

    def _part(self, p: float, q: float) -> float:
        apart = sqrt(p) - sqrt(q)
        return apart * apart / 2

    def _whole(self, gathered: float) -> float:
        return sqrt(gathered)


MEASURE = Hellinger()
