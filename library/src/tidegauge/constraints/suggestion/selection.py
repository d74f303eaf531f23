"""Which candidates make the suite: as few as show the faults, within the promised rate of false alarms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tidegauge.constraints.suggestion.candidates import Candidate, make_candidate
from tidegauge.constraints.suggestion.limits import LEAST_WINDOWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from tidegauge.constraints.suggestion.calendar import Seasons
    from tidegauge.constraints.suggestion.faults import Fault
    from tidegauge.constraints.suggestion.readings import Key
    from tidegauge.constraints.suggestion.tracks import Track

SURE = 0.99
HELPFUL = 0.5
_ROUNDS = 4
_WIDER = 1.3
_MOST_WIDENINGS = 8
_COST_OF_CLEAR_SIDE = 0.1


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
    tracks: Iterable[Track],
    seasons: Seasons,
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
        tracks: The numbers that may be bounded.
        seasons: Gives the seasons by which a number is judged.
        rate: The promised share of windows that fail without a fault.
        widenings: Factors on the reach of single numbers.
        sure: Faults that show without any bound.
        caution: Factor on what matters.
    """
    known = list(tracks)
    sides = 2.0 * len({track.key.column for track in known})
    chosen = Choice((), {}, rate / sides if known else rate)
    for _ in range(_ROUNDS):
        made = [
            make_candidate(
                track,
                seasons(track),
                tail=chosen.tail,
                widening=widenings.get(track.key, 1.0),
                caution=caution,
            )
            for track in known
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
    tracks: Iterable[Track],
    seasons: Seasons,
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
        tracks: The numbers that may be bounded.
        seasons: Gives the seasons by which a number is judged.
        rate: The promised share of windows that fail without a fault.
        sure: Faults that show without any bound.
        caution: Factor on what matters.

    Returns:
        The choice, and how many windows of the history fail when they are left out.
    """
    known = list(tracks)
    widenings: dict[Key, float] = {}
    chosen = choose(known, seasons, rate=rate, widenings=widenings, sure=sure, caution=caution)
    failing: dict[int, list[Candidate]] = {}
    for _ in range(_MOST_WIDENINGS):
        failing = _fail_when_left_out(chosen, seasons, widenings=widenings, caution=caution)
        windows = max((len(candidate.track.values) for candidate in chosen.candidates), default=0)
        if len(failing) <= int(rate * (windows + 1)):
            break
        for candidates in failing.values():
            for candidate in candidates:
                widenings[candidate.key] = widenings.get(candidate.key, 1.0) * _WIDER
        chosen = choose(known, seasons, rate=rate, widenings=widenings, sure=sure, caution=caution)
    return chosen, len(failing)


def _fail_when_left_out(
    chosen: Choice, seasons: Seasons, *, widenings: Mapping[Key, float], caution: float
) -> dict[int, list[Candidate]]:
    """Find the windows that a suite made without them would fail, and by which candidates.

    Bounds reach beyond all that was seen, so only the least and the greatest value of a number can lie
    outside when they are left out.
    """
    failing: dict[int, list[Candidate]] = {}
    for candidate in chosen.candidates:
        track, labels = candidate.track, list(seasons(candidate.track))
        count = len(track.values)
        if count <= LEAST_WINDOWS:
            continue
        for index in {
            min(range(count), key=track.values.__getitem__),
            max(range(count), key=track.values.__getitem__),
        }:
            less = labels[:index] + labels[index + 1 :]
            if len(set(less)) <= max(less):
                continue
            made = make_candidate(
                track.without(index),
                less,
                tail=chosen.tail,
                widening=widenings.get(track.key, 1.0),
                caution=caution,
            )
            if made.fails(track.values[index]):
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
    taken = []
    for candidate in candidates:
        for fault in candidate.power:
            reached.setdefault(fault, 0.0)
    for enough in (SURE, HELPFUL):
        while left:
            best = max(left, key=lambda candidate: _worth(candidate, reached, enough))
            if not _gain(best, reached, enough):
                break
            left.remove(best)
            taken.append(best)
            for fault, share in best.power.items():
                reached[fault] = max(reached[fault], share)
    return taken


def _gain(candidate: Candidate, reached: Mapping[Fault, float], enough: float) -> int:
    return sum(share >= enough > reached[fault] for fault, share in candidate.power.items())


def _worth(candidate: Candidate, reached: Mapping[Fault, float], enough: float) -> tuple[float, ...]:
    """Order candidates: how many faults they add, how clearly they show them, how plain they are."""
    clarity = int(min(candidate.margin, 1.0) * 4.0)
    return _gain(candidate, reached, enough), clarity, -candidate.preference
