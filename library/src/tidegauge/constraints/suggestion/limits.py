"""How far the next windows may reach, from how far the past ones did.

The interval is one of prediction: between the centre and its end lie the spread between windows, the
uncertainty of the centre, the sampling error of windows of all sizes, an allowance for tails heavier than
normal, and one for levels that wander. All are measured on the history.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from math import inf, isinf, sqrt
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
_LIGHTEST = 12.0
_LEAST_TO_SHAPE = 8
_SIZES = 10
_ALIKE = 0.85
_HALVINGS = 10
_STEPS = tuple(0.3010299956639812 + 0.25 * step for step in range(40))
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


@dataclass(frozen=True, slots=True)
class Side:
    """How a number varies to one side of its centre.

    Attributes:
        scales: Standard deviations of a prediction, each for as many windows as the others: small windows
            have a larger sampling error than large ones.
        freedom: Degrees of freedom of the scales; infinity when they are known.
        shape: Degrees of freedom of a Student distribution with tails as heavy as those seen.
        farthest: The greatest distance seen.
        windows: How many windows it was seen in.
    """

    scales: tuple[float, ...]
    freedom: float
    shape: float
    farthest: float
    windows: int = 0

    def reach(self, tail: float) -> float:
        """How far the next value may lie from its centre, but for a given chance."""
        if self.freedom < 1.0:
            return inf
        least, most = min(self.scales), max(self.scales)
        if least < _ALIKE * most:
            expected = self._reach_of_many(tail, least, most)
        else:
            expected = most * multiple(tail, self.freedom, self.shape)
        return max(expected, self._beyond_seen(tail) * self.farthest)

    def _beyond_seen(self, tail: float) -> float:
        """How many times the farthest is gone beyond with the given chance.

        One window in n + 1 lies beyond the farthest of n; how much farther the rarer ones lie, the power
        law of a heavy tail tells.
        """
        return float(max(_BEYOND_SEEN, (tail * (self.windows + 1)) ** (-1.0 / min(self.shape, _LIGHTEST))))

    def _reach_of_many(self, tail: float, least: float, most: float) -> float:
        """The distance that windows of all sizes together go beyond with the given chance."""
        far = multiple(tail, self.freedom, self.shape)
        low, high = least * far, most * far
        for _ in range(_HALVINGS):
            middle = (low + high) / 2.0
            chances = (chance(middle / scale, self.freedom, self.shape) for scale in self.scales if scale)
            if sum(chances) > tail * len(self.scales):
                low = middle
            else:
                high = middle
        return high


@lru_cache(maxsize=65_536)
def multiple(tail: float, freedom: float, shape: float) -> float:
    """How many standard deviations away a value lies with a given chance of one farther out.

    Args:
        tail: The chance.
        freedom: Degrees of freedom of the standard deviation; infinity when it is known.
        shape: Degrees of freedom of a Student distribution with the tails of the values.
    """
    plain = NormalDist().inv_cdf(1.0 - tail) if isinf(freedom) else student_quantile(tail, freedom)
    if isinf(shape):
        return plain
    # Student's t of that shape, scaled to a variance of 1.
    return max(plain, student_quantile(tail, shape) * sqrt((shape - 2.0) / shape))


@lru_cache(maxsize=4_096)
def _ladder(freedom: float, shape: float) -> tuple[float, ...]:
    return tuple(multiple(10.0**-step, freedom, shape) for step in _STEPS)


def chance(away: float, freedom: float, shape: float) -> float:
    """The chance of a value farther out than so many standard deviations; the inverse of `multiple`.

    Example:
        >>> round(chance(multiple(0.001, 20, inf), 20, inf), 4)
        0.001
    """
    rungs = _ladder(freedom, shape)
    index = bisect_left(rungs, away)
    if index == 0:
        return 0.5
    if index == len(rungs):
        return 0.0
    below, above = rungs[index - 1], rungs[index]
    part = (away - below) / (above - below)
    return float(10.0 ** -(_STEPS[index - 1] + part * (_STEPS[index] - _STEPS[index - 1])))


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a number varied over a history: all that limits are made from.

    Attributes:
        low_centre: The centre; with seasons, the lowest of theirs.
        high_centre: The centre; with seasons, the highest of theirs.
        below: How it varies below its centre.
        above: How it varies above.
        wandering: How far the level moved between stretches of the history.
        blur: How far from a value a bound must lie for a check to be sure.
        spread: Standard deviation between windows, about their seasonal centres.
    """

    low_centre: float
    high_centre: float
    below: Side
    above: Side
    wandering: float
    blur: float
    spread: float

    def limits(self, *, tail: float, widening: float = 1.0) -> Limits:
        """Find the limits that the next window stays within; with seasons, in all of them.

        Args:
            tail: The chance, on each side, that the next window may go beyond.
            widening: Factor on the reach of the prediction.
        """
        apart = self.wandering + self.blur
        return Limits(
            low=self.low_centre - widening * self.below.reach(tail) - apart,
            high=self.high_centre + widening * self.above.reach(tail) + apart,
            low_centre=self.low_centre,
            high_centre=self.high_centre,
            wandering=self.wandering,
            spread=self.spread,
        )


def observe(track: Track, seasons: Sequence[int]) -> Behaviour:
    """Find how a number varies.

    Args:
        track: The number over the history, or of a single window: then the spread between windows is
            not known, and sampling error alone tells how far the next may reach.
        seasons: The season of each window, counted from 0.
    """
    if len(track.values) < LEAST_WINDOWS:
        centre, error = track.values[0], track.errors[0]
        # The next window has an error of its own, beside that of this one.
        side = Side((error * sqrt(2.0),), inf, inf, 0.0)
        return Behaviour(centre, centre, side, side, 0.0, track.blur, error)
    rest = remove_seasons(track.values, seasons)
    return Behaviour(
        low_centre=min(rest.centres),
        high_centre=max(rest.centres),
        below=_side([-residual for residual in rest.values], track.errors, rest),
        above=_side(rest.values, track.errors, rest),
        wandering=find_wandering(rest.values),
        blur=track.blur,
        spread=sqrt(_mean_square(rest.values) * len(rest.values) / max(rest.freedom, 1)),
    )


def _side(residuals: Sequence[float], errors: Sequence[float], rest: Residuals) -> Side:
    """Measure the side on which residuals are positive."""
    freedom = rest.freedom
    if freedom < 1:
        return Side((0.0,), 0.0, inf, 0.0)
    side: Sequence[float] = [residual for residual in residuals if residual > 0.0]
    if len(side) * 2 < _OWN_SIDES:
        # With few windows, or few on this side, both sides together tell more than this one.
        side = residuals
    variance = _mean_square(side) * len(residuals) / freedom
    squares = sorted(error * error for error in errors)
    between = max(variance - sum(squares) / len(squares), 0.0)
    count = min(_SIZES, len(squares))
    groups = [squares[(number + 1) * len(squares) // count - 1] for number in range(count)]
    centre = max(variance, sum(squares) / len(squares)) / min(rest.sizes)
    scales = tuple(sqrt(between + square + centre) for square in groups)
    return Side(scales, freedom, _shape(side), max(residuals), len(residuals))


def _shape(side: Sequence[float]) -> float:
    """Degrees of freedom of Student's t with the kurtosis seen; infinite for tails no heavier than normal."""
    square = _mean_square(side)
    if not square > 0.0 or len(side) < _LEAST_TO_SHAPE:
        return inf
    kurtosis = sum(residual**4 for residual in side) / len(side) / (square * square)
    # Few windows understate a heavy tail more often than they overstate it, so a standard error is added.
    kurtosis *= 1.0 + sqrt(24.0 / len(side)) / 3.0
    return max((4.0 * kurtosis - 6.0) / (kurtosis - 3.0), _LEAST_TAIL) if kurtosis > 3.0 else inf


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
