"""The two-sample Cramér–von Mises statistic."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, ClassVar

from tidegauge.drift.measures.measure import OrderedMeasure

if TYPE_CHECKING:
    from tidegauge._kernel import KernelNumbers
    from tidegauge.drift.measures.pair import Distances


@dataclass(frozen=True, slots=True)
class CramerVonMises(OrderedMeasure):
    """The two-sample Cramér–von Mises statistic T: the squared difference, averaged over all the values.

    It is a statistic rather than a distance: without change it is near 1/6 whatever the sizes, and with a
    change it grows as they do. Only the order of the values counts; tied values take their mean rank,
    so that with many ties and unequal sizes T is large without any change.

    Equal to `scipy.stats.cramervonmises_2samp` while the sketches are exact. A larger sketch gives each
    value that it keeps the weight of many: one that it keeps once is taken to have had no ties. With D the
    KS distance and e the sum of both rank errors, T is then off by at most n·m/N · e·(6·D + 5·e), and
    by more where values are tied; `interval` takes account of both.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.drift import measures
        >>> now, then = tg.log({"x": [1, 2]}), tg.log({"x": [3, 4]})
        >>> measures.get("cramer_von_mises").compute(now["x"], then["x"])
        0.375
    """

    name: ClassVar[str] = "cramer_von_mises"
    title: ClassVar[str] = "Cramér–von Mises statistic T"
    formula: ClassVar[str] = "n·m/N² · Σ (F(z) − G(z))², z over all N values; with mean ranks when tied"
    symmetric: ClassVar[bool] = True
    bounds: ClassVar[tuple[float, float]] = (0.0, inf)
    unit: ClassVar[str] = "none; near 1/6 without change"
    source: ClassVar[str] = (
        "Anderson (1962), On the distribution of the two-sample Cramér–von Mises criterion, "
        "Annals of Mathematical Statistics 33"
    )

    def _value(self, distances: Distances) -> float:
        return max(distances.cramer_von_mises - _excess(distances), 0.0)

    def _around(self, distances: Distances) -> tuple[float, float]:
        now, then = distances.current, distances.reference
        error = sum(distances.errors)
        apart = error * (6 * distances.ks + 5 * error)
        mine, yours = _greatest_tie(now, then), _greatest_tie(then, now)
        tied = 0.0
        if mine or yours:
            tied += distances.errors[0] * (now.n / then.n) ** 2 * (mine + 2 * distances.errors[0])
            tied += distances.errors[1] * (then.n / now.n) ** 2 * (yours + 2 * distances.errors[1])
            tied += error * (max(mine, yours) + 2 * error)
        slack = now.n * then.n / (now.n + then.n) * (apart + tied / 2)
        value = self._value(distances)
        return value - slack, value + slack


def _excess(distances: Distances) -> float:
    """What T has too much because the weights of sketches that are not exact look like ties."""
    if not any(distances.errors):
        return 0.0
    now, then = distances.current, distances.reference
    mine, yours = now.points(), then.points()
    found = 0.0
    if distances.errors[0]:
        found += _cubes(*mine, yours[0]) / then.n
    if distances.errors[1]:
        found += _cubes(*yours, mine[0]) / now.n
    return found / (12 * (now.n + then.n))


def _cubes(points: list[float], weights: list[int], others: list[float]) -> float:
    kept = Counter(points)
    shared = set(others)
    return sum(
        weight * (weight * weight - 1)
        for point, weight in zip(points, weights, strict=True)
        if weight > 1 and kept[point] == 1 and point not in shared
    )


def _greatest_tie(numbers: KernelNumbers, others: KernelNumbers) -> float:
    """The greatest share of a value that the sketches have kept more than once; 0 if there is none."""
    points, weights = numbers.points()
    kept: Counter[float] = Counter()
    tied = set(others.points()[0])
    for point, weight in zip(points, weights, strict=True):
        if point in kept:
            tied.add(point)
        kept[point] += weight
    return max((kept[point] for point in tied), default=0) / numbers.n


MEASURE = CramerVonMises()
