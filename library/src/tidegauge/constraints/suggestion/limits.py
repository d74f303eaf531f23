"""How far the next windows may reach, from how far the past ones did.

The interval is one of prediction: between the centre and its end lie the spread between windows, the
uncertainty of the centre, the sampling error of the smallest window, an allowance for tails heavier than
normal, and one for levels that wander. All are measured on the history.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from tidegauge.constraints.suggestion.student import student_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.constraints.suggestion.tracks import Track

LEAST_WINDOWS = 3
"""With fewer windows nothing is known of how they differ."""
_BEYOND_SEEN = 1.25
_OWN_SIDES = 40
_LEAST_TAIL = 3.0
_SPLITS = (0.4, 0.5, 0.6, 0.7)
_HORIZON = 0.3


@dataclass(frozen=True, slots=True)
class Limits:
    """Where the number of the next window is expected, in the scale of its track.

    Attributes:
        low: Lower end.
        high: Upper end.
        low_centre: The centre; with seasons, the lowest of theirs.
        high_centre: The centre; with seasons, the highest of theirs.
        wandering: How far the level moved between stretches of the history.
        spread: Standard deviation between windows, about their seasonal centres.
    """

    low: float
    high: float
    low_centre: float
    high_centre: float
    wandering: float
    spread: float

    def outside(self, value: float) -> bool:
        """Tell whether a value lies beyond the limits."""
        return value < self.low or value > self.high


@dataclass(frozen=True, slots=True)
class Residuals:
    """What is left of a track without its seasonal centres."""

    values: tuple[float, ...]
    centres: tuple[float, ...]
    sizes: tuple[int, ...]
    seasons: tuple[int, ...]

    @property
    def freedom(self) -> int:
        """Degrees of freedom."""
        return len(self.values) - len(self.centres)


def remove_seasons(values: Sequence[float], seasons: Sequence[int]) -> Residuals:
    """Subtract from each value the mean of its season."""
    count = max(seasons) + 1
    sums, sizes = [0.0] * count, [0] * count
    for value, season in zip(values, seasons, strict=True):
        sums[season] += value
        sizes[season] += 1
    centres = tuple(total / size for total, size in zip(sums, sizes, strict=True))
    left = tuple(value - centres[season] for value, season in zip(values, seasons, strict=True))
    return Residuals(left, centres, tuple(sizes), tuple(seasons))


def predict(track: Track, seasons: Sequence[int], *, tail: float, widening: float = 1.0) -> Limits:
    """Find the limits that the next window stays within.

    Args:
        track: The number over the history, or of a single window: then the spread between windows is
            not known, and sampling error alone tells how far the next may reach.
        seasons: The season of each window, counted from 0.
        tail: The chance, on each side, that the next window may go beyond.
        widening: Factor on the distance from the centre to the limits.

    Returns:
        The limits; of a season that differs from others, those that hold in all seasons.
    """
    if len(track.values) < LEAST_WINDOWS:
        return _predict_alone(track, tail=tail, widening=widening)
    rest = remove_seasons(track.values, seasons)
    wandering = find_wandering(rest.values)
    extra = sampling_extra(track.errors)
    apart = wandering + track.blur
    below = widening * reach(rest, track.errors, extra, tail=tail, sign=-1.0) + apart
    above = widening * reach(rest, track.errors, extra, tail=tail, sign=1.0) + apart
    return Limits(
        low=min(rest.centres) - below,
        high=max(rest.centres) + above,
        low_centre=min(rest.centres),
        high_centre=max(rest.centres),
        wandering=wandering,
        spread=sqrt(_mean_square(rest.values) * len(rest.values) / max(rest.freedom, 1)),
    )


def _predict_alone(track: Track, *, tail: float, widening: float) -> Limits:
    centre, error = track.values[0], track.errors[0]
    # The next window has an error of its own, beside that of this one.
    away = widening * error * sqrt(2.0) * NormalDist().inv_cdf(1.0 - tail) + track.blur
    return Limits(centre - away, centre + away, centre, centre, 0.0, error)


def sampling_extra(errors: Sequence[float]) -> float:
    """How much more sampling variance the smallest window has than the usual one."""
    return max(error * error for error in errors) - _mean_square(errors)


def reach(rest: Residuals, errors: Sequence[float], extra: float, *, tail: float, sign: float) -> float:
    """How far the next value may lie from its centre, to one side.

    Args:
        rest: The history about its centres.
        errors: The sampling errors of the windows.
        extra: Sampling variance to add, for a window smaller than usual.
        tail: The chance of a value farther out.
        sign: 1.0 for above, -1.0 for below.
    """
    freedom = rest.freedom
    if freedom < 1:
        return inf
    residuals = rest.values
    variance = sum(r * r for r in residuals) / freedom
    side: Sequence[float] = [r for r in residuals if r * sign > 0.0]
    if len(side) * 2 >= _OWN_SIDES:
        # A skewed number has its own spread on each side.
        variance = sum(r * r for r in side) / len(side) * len(residuals) / freedom
    else:
        side = residuals
    known = _mean_square(errors)
    scale = sqrt(max(variance, known) * (1.0 + 1.0 / min(rest.sizes)) + extra)
    farthest = max((r * sign for r in residuals), default=0.0)
    return max(scale * _multiple(side, freedom, tail), _BEYOND_SEEN * farthest)


def _multiple(side: Sequence[float], freedom: float, tail: float) -> float:
    """How many standard deviations to go, given how heavy the tail looks."""
    plain = student_quantile(tail, freedom)
    square = _mean_square(side)
    if not square > 0.0 or len(side) < 8:
        return plain
    kurtosis = sum(r**4 for r in side) / len(side) / (square * square)
    if kurtosis <= 3.0:
        return plain
    # Student's t of this kurtosis, scaled to a variance of 1.
    shape = max((4.0 * kurtosis - 6.0) / (kurtosis - 3.0), _LEAST_TAIL)
    return max(plain, student_quantile(tail, shape) * sqrt((shape - 2.0) / shape))


def find_wandering(values: Sequence[float]) -> float:
    """How far the level of a later stretch of the history lay from that of all before it, at most.

    Of independent windows that is a fraction of their spread; of a level that wanders, or rises, it is
    what a suite made today will have to bear tomorrow.
    """
    count = len(values)
    length = max(int(count * _HORIZON), 1)
    moves = [0.0]
    for split in _SPLITS:
        start = int(count * split)
        after = values[start : start + length]
        if start and after:
            moves.append(abs(sum(after) / len(after) - sum(values[:start]) / start))
    return max(moves)


def _mean_square(values: Sequence[float]) -> float:
    return sum(value * value for value in values) / len(values) if values else 0.0
