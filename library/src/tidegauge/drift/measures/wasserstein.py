"""The Wasserstein-1 distance."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, ClassVar

from tidegauge.drift.measures.measure import OrderedMeasure

if TYPE_CHECKING:
    from tidegauge.drift.measures.pair import Distances


@dataclass(frozen=True, slots=True)
class Wasserstein(OrderedMeasure):
    """How far values must be moved, on average, to turn one distribution into the other.

    In the unit of the column, seconds for times: a shift of all values by d gives d. Equal to
    `scipy.stats.wasserstein_distance` while the sketches are exact; after that off by at most the
    sum of rank error times range of both columns, which is far more than it usually is.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.drift import measures
        >>> now, then = tg.log({"x": [3, 4, 5]}), tg.log({"x": [1, 2, 3]})
        >>> measures.get("wasserstein").compute(now["x"], then["x"])
        2.0
    """

    name: ClassVar[str] = "wasserstein"
    title: ClassVar[str] = "Wasserstein-1 distance, or earth mover's distance"
    formula: ClassVar[str] = "∫ |F(x) − G(x)| dx"
    symmetric: ClassVar[bool] = True
    bounds: ClassVar[tuple[float, float]] = (0.0, inf)
    unit: ClassVar[str] = "the column's unit; seconds for times"
    source: ClassVar[str] = (
        "Vallender (1974), Calculation of the Wasserstein distance between probability distributions on "
        "the line, Theory of Probability and Its Applications 18"
    )

    def _value(self, distances: Distances) -> float:
        return distances.wasserstein * distances.seconds

    def _around(self, distances: Distances) -> tuple[float, float]:
        sides = zip(distances.errors, (distances.current, distances.reference), strict=True)
        error = sum(error * (side.max - side.min) for error, side in sides if error) * distances.seconds
        value = self._value(distances)
        return value - error, value + error


MEASURE = Wasserstein()
