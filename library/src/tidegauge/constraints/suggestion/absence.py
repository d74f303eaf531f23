"""Values that are missing: how many records it takes for that to be no chance.

Within a window the count of a value is taken as Poisson about its share. Between windows the share varies,
its logarithm as Student's t; so a value may be rare for a while, and missing from a window of that while.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from math import exp, inf, isinf, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from tidegauge.constraints.suggestion.student import student_quantile

if TYPE_CHECKING:
    from tidegauge.constraints.suggestion.limits import Limits
    from tidegauge.constraints.suggestion.tracks import Track

_MANY = 20
_STEPS = 80
_FARTHEST = 1e-9
_STEPS_OF_TEN = (10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30, 33, 36, 40, 45, 50, 55, 60, 65, 70, 80, 90)
_LADDER = tuple(step * 10**power for power in range(6) for step in _STEPS_OF_TEN)


def enough_to_miss(track: Track, found: Limits, tail: float) -> float:
    """Find from how many values on the absence of one of them is no chance.

    Args:
        track: The logarithms of its share in the windows of the history.
        found: Where its share is expected.
        tail: The chance of an absence that is taken for chance no more.

    Returns:
        A round number; 0 when even windows as small as those of the history always have it; infinity
        when no window of the history had so many.
    """
    if not track.logarithmic:
        return inf
    density, varying = _density(track, found)
    freedom = float(max(len(track.values) - 1, 1)) if len(track.values) > 1 else inf

    def chance(size: float) -> float:
        return _absence(size * density, varying, freedom)

    # In windows as small as those that lacked the value before, it may be missing again.
    counts = [(exp(value) * size, size) for value, size in zip(track.values, track.sizes, strict=True)]
    without = max((size for count, size in counts if count < 1.0), default=0)
    if without == max(track.sizes) or chance(max(track.sizes)) >= tail:
        return inf
    often = sum(count * chance(size) for size, count in Counter(track.sizes).items())
    if not without and often < tail * len(track.sizes):
        return 0.0
    return next((float(rung) for rung in _LADDER if rung > without and chance(rung) < tail), inf)


def _density(track: Track, found: Limits) -> tuple[float, float]:
    """How many of it there are in one value, at a level as low as may be; and how its logarithm varies.

    Of many windows in which it varied by less than by chance, as it does by plan, it is taken for as
    regular as it was.
    """
    squares = [error * error for error in track.errors]
    sampling = sum(squares) / len(squares)
    square = found.spread**2
    regular = 1.0
    if len(squares) >= _MANY and square < sampling / 2.0:
        regular = sampling / (2.0 * square) if square else inf
    # A level that moved has spread the windows too; it is allowed for by itself.
    moved = found.wandering**2 / 4.0
    varying = sqrt(max(square - sampling - moved, 0.0)) if len(squares) > 1 else 0.0
    return regular * exp(found.low_centre - found.wandering), varying


def _absence(expected: float, varying: float, freedom: float) -> float:
    """The chance that none is there of which so many are expected, when the expectation itself varies."""
    if isinf(expected):
        return 0.0
    if not varying:
        return exp(-expected)
    levels = _levels(freedom)
    return sum(weight * exp(-expected * exp(varying * level)) for level, weight in levels)


@lru_cache(maxsize=256)
def _levels(freedom: float) -> tuple[tuple[float, float], ...]:
    """Levels of Student's t with the chance of each, from far below to the middle; those above count as it.

    The chances go down evenly in their logarithms: what is rare is what matters here.
    """
    ratio = (0.5 / _FARTHEST) ** (1.0 / _STEPS)
    found = []
    chance = 0.5
    for _ in range(_STEPS):
        lower = chance / ratio
        middle = sqrt(chance * lower)
        level = NormalDist().inv_cdf(middle) if isinf(freedom) else -student_quantile(middle, freedom)
        found.append((level, chance - lower))
        chance = lower
    return (*found, (-inf, chance), (0.0, 0.5))
