"""Candidates: bounds on one number that would hold in the next window, and the faults they would show."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from math import inf, isinf, log, sqrt
from typing import TYPE_CHECKING

from tidegauge.constraints.suggestion.absence import enough_to_miss
from tidegauge.constraints.suggestion.limits import observe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tidegauge.constraints.suggestion.faults import Fault
    from tidegauge.constraints.suggestion.limits import Behaviour, Limits
    from tidegauge.constraints.suggestion.readings import Key
    from tidegauge.constraints.suggestion.tracks import Track

SHIFT_THAT_MATTERS = 0.5
_PART_OF_FAULT = 0.8
_PART_OF_WAY = 0.5
SURE = 0.99
"""The share of windows in which a fault must show for a bound to count on it."""
_CLEAR = 1.25
_PREFERENCE = (
    "null rate", "null rate difference", "records", "distinct count", "distinct rate", "length mean",
    "quantile 0.5", "mean", "quantile 0.25", "quantile 0.75", "quantile 0.05", "quantile 0.95", "stddev",
    "value rate", "true rate", "mean difference", "share",
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
        whole: The same when the whole of the fault would.
        margin: How far, in half-widths, the weakest fault that shows lies beyond its bound.
        tight: How many of its sides lie where the prediction puts them; the others lie farther out,
            where a change begins to matter.
        among: Of a value that must occur, the number of values from which on it must; infinity when
            its absence may always be chance.
    """

    track: Track
    low: float
    high: float
    limits: Limits
    power: Mapping[Fault, float]
    whole: Mapping[Fault, float]
    margin: float
    tight: int
    among: float = 0.0

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
    if metric in {"value rate", "true rate"}:
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


@dataclass(frozen=True, slots=True)
class Course:
    """A track with what was found out of it once, to be bounded again and again.

    Attributes:
        track: The number over the history.
        seasons: The season of each window.
        behaviour: How it varies.
        faulted: For each fault its values, and those when a part of the fault shows; sorted.
    """

    track: Track
    seasons: Sequence[int]
    behaviour: Behaviour
    faulted: Mapping[Fault, tuple[Sequence[float], Sequence[float]]]


def follow(track: Track, seasons: Sequence[int]) -> Course:
    """Find out of a track what bounds need to know."""
    faulted = {}
    for fault, after in track.faulted.items():
        partly = sorted(
            value + _PART_OF_FAULT * (changed - value)
            for value, changed in zip(track.values, after, strict=True)
        )
        faulted[fault] = sorted(after), partly
    return Course(track, seasons, observe(track, seasons), faulted)


def make_candidate(course: Course, *, tail: float, widening: float = 1.0, caution: float = 1.0) -> Candidate:
    """Bound one number, so that the next window stays within and faults do not.

    Args:
        course: The number over the history.
        tail: The chance on each side that the next window may go beyond.
        widening: Factor on the reach of the prediction.
        caution: Factor on what matters, above 1 where the spread between windows is not known.
    """
    track = course.track
    found = course.behaviour.limits(tail=tail, widening=widening)
    if track.key.metric == "share":
        return _must_occur(course, found, tail)
    below, _ = tolerance(track, found.low_centre)
    _, above = tolerance(track, found.high_centre)
    low = min(found.low, found.low_centre - caution * below)
    high = max(found.high, found.high_centre + caution * above)
    sides = ((found.low_centre - found.low, below), (found.high - found.high_centre, above))
    least, most = track.edges
    # A bound at an edge of the column costs nothing: only a fault crosses it.
    at_edge = (least > low, most < high)
    tight = sum(
        _CLEAR * predicted > caution * matters and not edge
        for (predicted, matters), edge in zip(sides, at_edge, strict=True)
    )
    low, high = _natural(track, max(low, least), min(high, most))
    power = {fault: _outside(partly, low, high) for fault, (_, partly) in course.faulted.items()}
    whole = {fault: _outside(after, low, high) for fault, (after, _) in course.faulted.items()}
    margin = _margin(course, low, high, power, found)
    return Candidate(track, low, high, found, power, whole, margin, tight)


def _outside(values: Sequence[float], low: float, high: float) -> float:
    """The share of sorted values that lie beyond bounds."""
    return (bisect_left(values, low) + len(values) - bisect_right(values, high)) / len(values)


def _must_occur(course: Course, found: Limits, tail: float) -> Candidate:
    """Ask that a value occurs, wherever there are so many values that its absence is no chance.

    No bound on its share is written: it need not be rare for long to be missing from a small window.
    """
    track = course.track
    enough = enough_to_miss(track, found, tail)
    # If the value is lost, only the records that held other values are left.
    left = [size * (1.0 - share) for size, share in zip(track.sizes, track.numbers, strict=True)]
    shown = sum(size >= enough for size in left) / len(left)
    power = dict.fromkeys(course.faulted, shown)
    return Candidate(track, -inf, inf, found, power, power, margin=0.0, tight=0, among=enough)


def loosen(candidate: Candidate, course: Course) -> Candidate:
    """Move bounds half-way to the faults that they show: room that costs nothing.

    A prediction may put a bound at twice the usual spread, and what it is to show is a spread a hundred
    times the usual. What never varied stays where it is: a column without a null, a constant.
    """
    if _is_settled(course.track):
        return candidate
    low, high = candidate.low, candidate.high
    above, below = [], []
    for fault, (_, partly) in course.faulted.items():
        # A fault seen only in some windows would be seen in fewer if the bound moved: it stays.
        sure = candidate.power[fault] >= SURE
        if partly[-1] > high:
            above.append(partly[bisect_right(partly, high)] if sure else high)
        if partly[0] < low:
            below.append(partly[bisect_left(partly, low) - 1] if sure else low)
    if above and not isinf(high):
        high += _PART_OF_WAY * (min(above) - high)
    if below and not isinf(low):
        # Zero has no logarithm: half of the number is taken as half of the way to zero.
        nothing = low - log(2.0) if course.track.logarithmic else -inf
        low = max(low + _PART_OF_WAY * (max(below) - low), nothing)
    return replace(candidate, low=low, high=high)


def _is_settled(track: Track) -> bool:
    """Whether a column was never null, or had one value in all records."""
    if track.key.metric == "true rate":
        return set(track.values) in ({0.0}, {1.0})
    if track.key.metric == "null rate":
        return not any(track.values)
    return track.key.metric in {"mean", "quantile"} and not track.spread and len(set(track.values)) == 1


def _natural(track: Track, low: float, high: float) -> tuple[float, float]:
    """Leave out a bound that nothing can cross."""
    if track.key.metric in {"null rate", "distinct rate", "value rate", "true rate"}:
        return (low if low > 0.0 else -inf), (high if high < 1.0 else inf)
    return low, high


def _margin(course: Course, low: float, high: float, power: Mapping[Fault, float], found: Limits) -> float:
    least = inf
    for fault, share in power.items():
        if share < 0.5:
            continue
        after, _ = course.faulted[fault]
        middle = after[len(after) // 2]
        beyond = (low - middle) / max(found.low_centre - low, 1e-300)
        if middle > high:
            beyond = (middle - high) / max(high - found.high_centre, 1e-300)
        least = min(least, beyond)
    return least
