"""Candidates: bounds on one number that would hold in the next window, and the faults they would show."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log, sqrt
from typing import TYPE_CHECKING

from tidegauge.constraints.suggestion import limits as _limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tidegauge.constraints.suggestion.faults import Fault
    from tidegauge.constraints.suggestion.limits import Limits
    from tidegauge.constraints.suggestion.readings import Key
    from tidegauge.constraints.suggestion.tracks import Track

SHIFT_THAT_MATTERS = 0.5
_PART_OF_FAULT = 0.8
_CLEAR = 1.25
_PREFERENCE = (
    "null rate", "null rate difference", "records", "distinct count", "distinct rate", "length mean",
    "quantile 0.5", "mean", "quantile 0.25", "quantile 0.75", "quantile 0.05", "quantile 0.95", "stddev",
    "mean difference", "share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """Bounds on one number.

    Attributes:
        track: The number over the history.
        low: The least it may be, in the track's scale; minus infinity for no bound.
        high: The most it may be.
        limits: Where the next window is expected.
        power: For each fault, the share of the history's windows in which four fifths of it would show.
        margin: How far, in half-widths, the weakest fault that shows lies beyond its bound.
        tight: How many of its sides lie where the prediction puts them; the others lie farther out,
            where a change begins to matter.
    """

    track: Track
    low: float
    high: float
    limits: Limits
    power: Mapping[Fault, float]
    margin: float
    tight: int

    @property
    def key(self) -> Key:
        """Which number it bounds."""
        return self.track.key

    @property
    def preference(self) -> int:
        """Where the number stands among numbers that show the same: those easy to explain come first."""
        name = self.key.metric
        if name == "quantile":
            name = f"quantile {self.key.argument}"
        return _PREFERENCE.index(name)

    def fails(self, value: float) -> bool:
        """Tell whether a value, in the track's scale, lies beyond the bounds."""
        return value < self.low or value > self.high


def tolerance(track: Track, centre: float) -> tuple[float, float]:
    """How far below and above its centre a number may be before it matters, in the track's scale.

    A bound nearer than that would catch changes that matter to nobody; infinity where the number has no
    bad side.
    """
    metric = track.key.metric
    if metric in {"mean", "quantile", "mean difference"}:
        apart = SHIFT_THAT_MATTERS * (track.spread or abs(centre))
        return apart, apart
    if metric == "null rate":
        return inf, max(0.02, 0.35 * sqrt(max(centre * (1.0 - centre), 0.0)))
    if metric == "null rate difference":
        return 0.1, 0.1
    if metric == "distinct rate":
        return 0.3 * centre, inf
    below, above = _RATIOS[metric]
    if track.logarithmic:
        return -log(below), log(above)
    return (1.0 - below) * centre, (above - 1.0) * centre


_RATIOS = {
    "records": (0.6, 1.6),
    "distinct count": (0.6, inf),
    "stddev": (0.5, 2.0),
    "length mean": (0.75, 1.33),
    "share": (0.5, inf),
}
"""The factors within which a change of these numbers does not matter."""


def make_candidate(
    track: Track, seasons: Sequence[int], *, tail: float, widening: float = 1.0, caution: float = 1.0
) -> Candidate:
    """Bound one number, so that the next window stays within and faults do not.

    Args:
        track: The number over the history.
        seasons: The season of each window.
        tail: The chance on each side that the next window may go beyond.
        widening: Factor on the reach of the prediction.
        caution: Factor on what matters, above 1 where the spread between windows is not known.
    """
    found = _limits.predict(track, seasons, tail=tail, widening=widening)
    below, _ = tolerance(track, found.low_centre)
    _, above = tolerance(track, found.high_centre)
    low = min(found.low, found.low_centre - caution * below)
    high = max(found.high, found.high_centre + caution * above)
    tight = sum(
        _CLEAR * predicted > caution * matters
        for predicted, matters in (
            (found.low_centre - found.low, below),
            (found.high - found.high_centre, above),
        )
    )
    low, high = _natural(track, low, high)
    power = {fault: _power(track, after, low, high) for fault, after in track.faulted.items()}
    if track.key.metric == "share":
        tight = 0
        if not _always_occurs(track, found, tail):
            power = dict.fromkeys(power, 0.0)
    return Candidate(track, low, high, found, power, _margin(track, low, high, power, found), tight)


def _always_occurs(track: Track, found: Limits, tail: float) -> bool:
    """Whether a value is common enough for its absence from a window to be no chance.

    The count of a value in a window is taken as Poisson about its share, which varies between windows.
    """
    if not track.logarithmic:
        return False
    sampling = sum(error * error for error in track.errors) / len(track.errors)
    varying = sqrt(max(found.spread**2 - sampling, 0.0))
    fewest = exp(-3.0 * varying - found.wandering) / max(track.errors) ** 2
    return fewest > -log(tail)


def _natural(track: Track, low: float, high: float) -> tuple[float, float]:
    """Leave out a bound that nothing can cross."""
    if track.key.metric in {"null rate", "distinct rate"}:
        return (low if low > 0.0 else -inf), (high if high < 1.0 else inf)
    return low, high


def _power(track: Track, after: Sequence[float], low: float, high: float) -> float:
    """The share of windows in which a part of the fault would show; only a part, as a margin."""
    shown = 0
    for value, changed in zip(track.values, after, strict=True):
        partly = value + _PART_OF_FAULT * (changed - value)
        shown += partly < low or partly > high
    return shown / len(after)


def _margin(track: Track, low: float, high: float, power: Mapping[Fault, float], found: Limits) -> float:
    least = inf
    for fault, share in power.items():
        if share < 0.5:
            continue
        after = sorted(track.faulted[fault])
        middle = after[len(after) // 2]
        beyond = (low - middle) / max(found.low_centre - low, 1e-300)
        if middle > high:
            beyond = (middle - high) / max(high - found.high_centre, 1e-300)
        least = min(least, beyond)
    return least
