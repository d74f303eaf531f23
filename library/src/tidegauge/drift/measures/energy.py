"""The energy distance."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from typing import TYPE_CHECKING, ClassVar

from tidegauge.drift.measures.measure import OrderedMeasure

if TYPE_CHECKING:
    from tidegauge.drift.measures.pair import Distances


@dataclass(frozen=True, slots=True)
class Energy(OrderedMeasure):
    """The energy distance, as the square root of 2·E|X − Y| − E|X − X′| − E|Y − Y′|.

    In the square root of the column's unit, of seconds for times. Equal to
    `scipy.stats.energy_distance` while the sketches are exact; after that off by at most the sum over
    both columns of rank error times √(2 · range), which is far more than it usually is.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.drift import measures
        >>> now, then = tg.log({"x": [0.0, 8.0]}), tg.log({"x": [0.0, 0.0]})
        >>> measures.get("energy").compute(now["x"], then["x"])
        2.0
    """

    name: ClassVar[str] = "energy"
    title: ClassVar[str] = "Energy distance"
    formula: ClassVar[str] = "√(2 ∫ (F(x) − G(x))² dx)"
    symmetric: ClassVar[bool] = True
    bounds: ClassVar[tuple[float, float]] = (0.0, inf)
    unit: ClassVar[str] = "the square root of the column's unit; of seconds for times"
    source: ClassVar[str] = (
        "Székely & Rizzo (2013), Energy statistics: a class of statistics based on distances, "
        "Journal of Statistical Planning and Inference 143"
    )

    def _value(self, distances: Distances) -> float:
        return distances.energy * sqrt(distances.seconds)

    def _around(self, distances: Distances) -> tuple[float, float]:
        sides = zip(distances.errors, (distances.current, distances.reference), strict=True)
        error = sum(error * sqrt(2 * (side.max - side.min)) for error, side in sides if error)
        value = self._value(distances)
        return value - error * sqrt(distances.seconds), value + error * sqrt(distances.seconds)


MEASURE = Energy()
