"""From the profiles of a history to what its suite shall say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tidegauge.constraints import wording
from tidegauge.constraints.suggestion import calendar, certain, faults
from tidegauge.constraints.suggestion.apart import find_apart
from tidegauge.constraints.suggestion.candidates import follow
from tidegauge.constraints.suggestion.edges import mark_edges
from tidegauge.constraints.suggestion.faults import Fault
from tidegauge.constraints.suggestion.limits import LEAST_WINDOWS
from tidegauge.constraints.suggestion.readings import RANKS, Key, is_all_numbers
from tidegauge.constraints.suggestion.relations import pair_tracks
from tidegauge.constraints.suggestion.selection import settle
from tidegauge.constraints.suggestion.tracks import make_tracks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from tidegauge.column import ColumnProfile
    from tidegauge.constraints.suggestion.candidates import Candidate
    from tidegauge.constraints.suggestion.certain import Certain
    from tidegauge.constraints.suggestion.tracks import Track
    from tidegauge.profile import Profile

_CAUTION_ALONE = 1.5
_PLACES = frozenset({"mean", "quantile", "stddev", "share", "value rate"})
"""What moves with the window where the window decides a column's value."""

_LEAST_TO_SIZE = 8
_SIZED = frozenset({"records", "distinct count", "distinct rate"})
"""What cannot be foretold of data of another size."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What was learnt from a history.

    Attributes:
        windows: How many windows there were.
        apart: Positions of the windows that stood apart, and were not learnt from.
        columns: The columns that were there in every window.
        candidates: The bounds chosen.
        certain: What needs no bound.
        left_out: Columns whose values are not bounded, each with the reason.
        shown: For each fault that can be thought of, the share of windows in which it would show.
        failing: How many windows fail by a suite made without them.
    """

    windows: int
    apart: tuple[int, ...]
    columns: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    certain: tuple[Certain, ...]
    left_out: Mapping[str, str]
    shown: Mapping[Fault, float]
    failing: int


def fit(
    profiles: Sequence[Profile],
    merged: Profile,
    *,
    rate: float,
    growth: float = 1.0,
    without: AbstractSet[Key] = frozenset(),
) -> Fit:
    """Learn from the windows of a history what their suite shall say.

    Args:
        profiles: The windows, in order of time; or a single one.
        merged: All of them merged.
        rate: The promised share of windows that fail without a fault.
        growth: How many times fewer records the data to be checked will have than a single profile.
        without: What shall not be bounded, for it was tried and did not pass.
    """
    columns = tuple(name for name in merged.columns if all(name in profile for profile in profiles))
    # Two windows do not show how windows differ: they count as one profile, but for the calendar.
    learnt = profiles if len(profiles) >= LEAST_WINDOWS else [merged]
    every = make_tracks(learnt, certain.watched_values(merged))
    apart = find_apart(every.values(), calendar.seasons_by(learnt), most=int(rate * (len(learnt) + 1)))
    tracks = {key: track.without(*apart) for key, track in every.items()}
    if growth != 1.0:
        tracks = {key: track.resized(growth) for key, track in tracks.items() if key.metric not in _SIZED}
    profiles = [profile for index, profile in enumerate(profiles) if index not in apart]
    learnt = profiles if len(profiles) >= LEAST_WINDOWS else [merged]
    recognised, left_out = _recognise(columns, tracks, profiles, merged)
    known = tuple(one for one in recognised if one.key not in without)
    whole = tracks
    tracks = mark_edges({k: track for k, track in whole.items() if not _is_left_out(track, left_out)}, learnt)
    possible = _shown_by(recognised).union(*(track.faulted for track in tracks.values()))
    tracks = {key: track for key, track in tracks.items() if key not in without}
    seasons = calendar.seasons_by(learnt)
    caution = _CAUTION_ALONE if len(learnt) < LEAST_WINDOWS else 1.0
    sure = _shown_by(known)
    courses = [follow(track, seasons(track)) for track in tracks.values()]
    choice, failing = settle(courses, rate=rate, caution=caution, sure=sure)
    pairs = [] if len(learnt) < LEAST_WINDOWS else pair_tracks(whole, (*choice.blind, *_unplaced(left_out)))
    pairs = [track for track in pairs if track.key not in without]
    if pairs:
        courses += [follow(track, seasons(track)) for track in pairs]
        choice, failing = settle(courses, rate=rate, caution=caution, sure=sure)
    return Fit(
        windows=len(learnt) + len(apart),
        apart=apart,
        columns=columns,
        candidates=choice.candidates,
        certain=known,
        left_out=left_out,
        shown={**dict.fromkeys(sorted(possible, key=str), 0.0), **choice.reached},
        failing=failing,
    )


def _recognise(
    columns: Iterable[str], tracks: Mapping[Key, Track], profiles: Sequence[Profile], merged: Profile
) -> tuple[tuple[Certain, ...], dict[str, str]]:
    """Find what needs no bound, and what must have none."""
    found: list[Certain] = []
    left_out: dict[str, str] = {}
    for name in columns:
        kind = certain.find_type(name, profiles)
        found += [kind] if kind else []
        means = tracks.get(Key(name, "mean"))
        levels = [float(profile[name].mean) for profile in profiles] if means else []
        part = calendar.find_date_part(levels, profiles, name=name)
        if means and part:
            found.append(certain.date_range(name, part, means.values))
            left_out[name] = f"its values are the {part.name} of the window"
        elif means and (dated := calendar.find_part_of(name, profiles)):
            found.append(certain.part_of(name, *dated))
            left_out[name] = f"its values are the {dated[0].name} of {dated[1]}"
        elif means and (reason := _why_not(name, tracks, profiles)):
            left_out[name] = reason
            size = certain.find_magnitude(name, means.values)
            found += [size] if size and len(profiles) >= _LEAST_TO_SIZE else []
        else:
            left_out |= _others_among(merged[name])
            values = certain.find_value_set(name, profiles, merged[name])
            same = calendar.find_coincidence(levels, profiles)
            found += [certain.doubt(values, same) if same else values] if values else []
    return tuple(found), left_out


def _why_not(name: str, tracks: Mapping[Key, Track], profiles: Sequence[Profile]) -> str:
    means = tracks[Key(name, "mean")].values
    spreads = tracks[Key(name, "stddev")].numbers
    if calendar.is_fixed_by_window(spreads, means):
        return "it has one value in each window and another in the next: it tells the window"
    if calendar.is_running_number([profile[name] for profile in profiles]):
        return "it counts on from record to record"
    middles = tracks.get(Key(name, "quantile", RANKS[2]))
    if calendar.is_rising(means) or (middles and calendar.is_rising(middles.values)):
        return "its values go with time: what was usual is not what will be"
    return ""


def _others_among(column: ColumnProfile) -> dict[str, str]:
    values = column.values
    if values is None or not values.n or is_all_numbers(column):
        return {}
    types = wording.listed(column.types.seen)
    return {column.name: f"some of its values are numbers and some are not (types: {types})"}


def _is_left_out(track: Track, left_out: Mapping[str, str]) -> bool:
    key = track.key
    if key.column in left_out and key.metric in _PLACES:
        return True
    return calendar.is_rising(track.values)


def _unplaced(left_out: Iterable[str]) -> list[Fault]:
    """The shifts of columns that have no level: no number of their own can show them."""
    return [Fault(kind, name) for name in left_out for kind in (faults.SHIFT_UP, faults.SHIFT_DOWN)]


def _shown_by(known: Iterable[Certain]) -> frozenset[Fault]:
    return frozenset(fault for one in known for fault in one.shows)
