"""Which candidates make the suite: as few as show the faults, within the promised rate of false alarms."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from tidegauge.constraints.suggestion import faults
from tidegauge.constraints.suggestion.candidates import SURE, Candidate, follow, loosen, make_candidate
from tidegauge.constraints.suggestion.faults import Fault
from tidegauge.constraints.suggestion.limits import LEAST_WINDOWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from tidegauge.constraints.suggestion.candidates import Course
    from tidegauge.constraints.suggestion.readings import Key

HELPFUL = 0.5
_ROUNDS = 4
_WIDER = 1.3
_MOST_WIDENINGS = 8
_HEAVY = 3.0
_COST_OF_CLEAR_SIDE = 0.1
_PART_FOR_BOUNDS = 0.8
"""The part of the promised rate that bounds share; the rest is for sets, types and values that must occur."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen.

    Attributes:
        candidates: The candidates of the suite.
        reached: For each fault, the greatest share of windows in which one of them would show it.
        tail: The chance that was given to each side of a bound.
    """

    candidates: tuple[Candidate, ...]
    reached: Mapping[Fault, float]
    tail: float

    @property
    def blind(self) -> tuple[Fault, ...]:
        """Faults that none of the candidates would show in nearly all windows."""
        return tuple(fault for fault, share in self.reached.items() if share < SURE)


def choose(
    courses: Sequence[Course],
    *,
    rate: float,
    widenings: Mapping[Key, float],
    sure: AbstractSet[Fault] = frozenset(),
    caution: float = 1.0,
) -> Choice:
    """Choose the candidates of a suite.

    The chance of a false alarm is shared out evenly among the sides of bounds that are tight. How many
    there will be is not known before they are chosen, and how wide they are depends on it: so the choice
    is repeated until it settles.

    Args:
        courses: The numbers that may be bounded.
        rate: The promised share of windows that fail without a fault.
        widenings: Factors on the reach of single numbers.
        sure: Faults that show without any bound.
        caution: Factor on what matters.
    """
    sides = 2.0 * len({course.track.key.column for course in courses})
    rate *= _PART_FOR_BOUNDS
    chosen = Choice((), {}, rate / sides if courses else rate)
    for _ in range(_ROUNDS):
        made = [
            make_candidate(
                course, tail=chosen.tail, widening=widenings.get(course.track.key, 1.0), caution=caution
            )
            for course in courses
        ]
        taken, reached = cover(made, sure)
        # A side that lies well beyond its prediction costs next to nothing of the rate.
        spent = sum(one.tight + _COST_OF_CLEAR_SIDE * (2 - one.tight) for one in taken)
        settled = abs(spent - sides) < 1.0
        sides = max(spent, 1.0)
        chosen = Choice(taken, reached, chosen.tail if settled else rate / sides)
        if settled:
            break
    return chosen


def settle(
    courses: Sequence[Course],
    *,
    rate: float,
    sure: AbstractSet[Fault] = frozenset(),
    caution: float = 1.0,
) -> tuple[Choice, int]:
    """Choose candidates whose suite, made without a window, passes that window often enough.

    Each window is left out in turn and judged by what the others say. While more windows fail than the
    promise allows, the numbers that failed are given more room; one that needs so much that it shows
    nothing any more is not chosen again.

    Args:
        courses: The numbers that may be bounded.
        rate: The promised share of windows that fail without a fault.
        sure: Faults that show without any bound.
        caution: Factor on what matters.

    Returns:
        The choice, and how many windows of the history fail when they are left out.
    """
    by_key = {course.track.key: course for course in courses}
    widenings: dict[Key, float] = {}
    chosen = choose(courses, rate=rate, widenings=widenings, sure=sure, caution=caution)
    failing: dict[int, list[Candidate]] = {}
    for _ in range(_MOST_WIDENINGS):
        windows = max((len(candidate.track.values) for candidate in chosen.candidates), default=0)
        # With too few windows to have met one in a hundred, those met are taken to lie farther out.
        farther = max((rate * (windows + 1)) ** (-1.0 / _HEAVY), 1.0) if windows else 1.0
        failing = _fail_when_left_out(chosen, by_key, widenings=widenings, caution=caution, farther=farther)
        if len(failing) <= int(rate * (windows + 1)):
            break
        for candidates in failing.values():
            for candidate in candidates:
                widenings[candidate.key] = widenings.get(candidate.key, 1.0) * _WIDER
        chosen = choose(courses, rate=rate, widenings=widenings, sure=sure, caution=caution)
    loose = tuple(loosen(candidate, by_key[candidate.key]) for candidate in chosen.candidates)
    return Choice(loose, chosen.reached, chosen.tail), len(failing)


def _fail_when_left_out(
    chosen: Choice,
    courses: Mapping[Key, Course],
    *,
    widenings: Mapping[Key, float],
    caution: float,
    farther: float,
) -> dict[int, list[Candidate]]:
    """Find the windows that a suite made without them would fail, and by which candidates.

    Bounds reach beyond all that was seen, so only the least and the greatest value of a number can lie
    outside when they are left out.
    """
    failing: dict[int, list[Candidate]] = {}
    for candidate in chosen.candidates:
        track, labels = candidate.track, list(courses[candidate.key].seasons)
        count = len(track.values)
        if count <= LEAST_WINDOWS or track.key.metric == "share":
            # Whether a value that must occur did occur is seen when the real suite is tried (`trial`).
            continue
        order = sorted(range(count), key=track.values.__getitem__)
        for index in {order[0], order[-1]}:
            less = labels[:index] + labels[index + 1 :]
            if len(set(less)) <= max(less):
                continue
            made = make_candidate(
                follow(track.without(index), less),
                tail=chosen.tail,
                widening=widenings.get(track.key, 1.0),
                caution=caution,
            )
            value = track.values[index]
            centre = min(max(value, made.limits.low_centre), made.limits.high_centre)
            odder = centre + farther * (value - centre)
            if made.fails(min(max(odder, track.edges[0]), track.edges[1])):
                failing.setdefault(index, []).append(candidate)
    return failing


def cover(
    candidates: Iterable[Candidate], sure: AbstractSet[Fault] = frozenset()
) -> tuple[tuple[Candidate, ...], dict[Fault, float]]:
    """Take, for each column, the fewest candidates that show all faults that can be shown.

    Example:
        >>> cover([])
        ((), {})
    """
    columns: dict[str | None, list[Candidate]] = {}
    for candidate in candidates:
        columns.setdefault(candidate.key.column, []).append(candidate)
    taken: list[Candidate] = []
    reached: dict[Fault, float] = dict.fromkeys(sorted(sure, key=str), 1.0)
    for column in (None, *(name for name in columns if name is not None)):
        taken += _cover_column(columns.get(column, []), reached)
    return tuple(taken), reached


def _cover_column(candidates: list[Candidate], reached: dict[Fault, float]) -> list[Candidate]:
    left = list(candidates)
    taken: list[Candidate] = []
    for candidate in candidates:
        for fault in candidate.power:
            reached.setdefault(fault, 0.0)
    for enough in (SURE, HELPFUL):
        taken += _take(left, dict(reached), enough, lambda one: one.power)
        _reach(reached, taken)
    # A value that must occur only in windows larger than most so far: that shows its loss once windows grow.
    taken += [one for one in left if one.key.metric == "share" and one.among < inf and one not in taken]
    _reach(reached, taken)
    # A number held to other columns has no bound of its own; one that shows only a full fault beats none.
    related = [one for one in left if one.track.terms]
    taken += _take(related, dict(reached), HELPFUL, lambda one: one.whole)
    return taken


def _take(
    left: list[Candidate],
    reached: dict[Fault, float],
    enough: float,
    power: Callable[[Candidate], Mapping[Fault, float]],
) -> list[Candidate]:
    """Take candidates out of those left, the most worthy first, as long as they show more faults."""
    taken = []
    while left:
        best = max(left, key=lambda one: _worth(one, _gain(power(one), reached, enough)))
        if not _gain(power(best), reached, enough):
            break
        left.remove(best)
        taken.append(best)
        for fault, share in power(best).items():
            reached[fault] = max(reached[fault], share)
    return taken


def _reach(reached: dict[Fault, float], taken: Sequence[Candidate]) -> None:
    """Note what candidates of one column show."""
    for candidate in taken:
        for fault, share in candidate.power.items():
            reached[fault] = max(reached[fault], share)
    occurring = sorted(max(one.power.values()) for one in taken if one.key.metric == "share")
    if len(occurring) > 1:
        # If one value filled every record, at least one of any two values that must occur would be missing.
        frozen = Fault(faults.FROZEN, taken[0].key.column)
        reached[frozen] = max(reached.get(frozen, 0.0), occurring[-2])


def _gain(power: Mapping[Fault, float], reached: Mapping[Fault, float], enough: float) -> int:
    return sum(share >= enough > reached[fault] for fault, share in power.items())


def _worth(candidate: Candidate, gain: int) -> tuple[float, ...]:
    """Order candidates: how many faults they add, how clearly they show them, how plain they are."""
    clarity = int(min(candidate.margin, 1.0) * 4.0)
    return gain, clarity, -candidate.preference
