"""The L∞ distance of shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tidegauge.drift.measures.measure import CellMeasure

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class LInfinity(CellMeasure):
    """The greatest difference between the shares of any one cell.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.drift import measures
        >>> now, then = tg.log({"x": ["a", "a", "b", "c"]}), tg.log({"x": ["b", "b", "b", "c"]})
        >>> measures.get("l_infinity").compute(now["x"], then["x"])
        0.5
    """

    name: ClassVar[str] = "l_infinity"
    title: ClassVar[str] = "L∞ distance, or Chebyshev distance"
    formula: ClassVar[str] = "max |p − q|"
    symmetric: ClassVar[bool] = True
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    unit: ClassVar[str] = "share of the values, 0 to 1"
    source: ClassVar[str] = (
        "Breck, Polyzotis, Roy, Whang & Zinkevich (2019), Data validation for machine learning, "
        "Proceedings of MLSys 1"
    )

    def _part(self, p: float, q: float) -> float:
        return abs(p - q)

    def _gather(self, parts: Sequence[float]) -> float:
        return max(parts)


MEASURE = LInfinity()
