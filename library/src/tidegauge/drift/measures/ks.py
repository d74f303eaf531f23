"""The Kolmogorov–Smirnov distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tidegauge.drift.measures.measure import OrderedMeasure

if TYPE_CHECKING:
    from tidegauge.drift.measures.pair import Distances


@dataclass(frozen=True, slots=True)
class KolmogorovSmirnov(OrderedMeasure):
    """The greatest difference between the two distribution functions: the statistic, not a p-value.

    Only the order of the values counts, so any increasing change of unit leaves it unchanged. Equal to
    `scipy.stats.ks_2samp` while the sketches are exact; after that off by at most the sum of both rank
    errors.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.drift import measures
        >>> now, then = tg.log({"x": [1, 2, 3, 4]}), tg.log({"x": [1, 2, 9, 9]})
        >>> measures.get("ks").compute(now["x"], then["x"])
        0.5
    """

    name: ClassVar[str] = "ks"
    title: ClassVar[str] = "Kolmogorov–Smirnov distance"
    formula: ClassVar[str] = "sup |F(x) − G(x)|"
    symmetric: ClassVar[bool] = True
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    unit: ClassVar[str] = "share of the values, 0 to 1"
    source: ClassVar[str] = (
        "Smirnov (1939), On the estimation of the discrepancy between empirical curves of distribution "
        "for two independent samples, Bulletin Mathématique de l'Université de Moscou 2"
    )

    def _value(self, distances: Distances) -> float:
        return distances.ks

    def _around(self, distances: Distances) -> tuple[float, float]:
        error = sum(distances.errors)
        return distances.ks - error, distances.ks + error


MEASURE = KolmogorovSmirnov()
