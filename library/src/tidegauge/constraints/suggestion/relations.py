"""Two columns that keep their distance: what one alone cannot show, their difference can.

On a day of storms many flights have no time of departure, and none of the same flights has a delay. No
bound on either null rate can tell that day from a fault; a bound on their difference can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.constraints.suggestion import faults
from tidegauge.constraints.suggestion.readings import Key
from tidegauge.constraints.suggestion.tracks import Track

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tidegauge.constraints.suggestion.faults import Fault

_PAIRED = {
    faults.NULLS: "null rate",
    faults.SHIFT_UP: "mean",
    faults.SHIFT_DOWN: "mean",
}
_CLOSER = 0.5


def pair_tracks(tracks: Mapping[Key, Track], blind: Iterable[Fault]) -> list[Track]:
    """Make tracks of differences for the columns whose own numbers vary too much to show a fault.

    Args:
        tracks: The numbers of single columns.
        blind: The faults that they do not show.

    Returns:
        For each such column and number, its difference from that of the column it follows most
        closely; none where it follows no column to half its own spread.
    """
    wanted = dict.fromkeys(
        Key(fault.column, _PAIRED[fault.kind]) for fault in blind if fault.kind in _PAIRED and fault.column
    )
    made: dict[Key, Track] = {}
    for key in wanted:
        track = tracks.get(key)
        partner = None if track is None else _closest(track, tracks)
        if track is not None and partner is not None:
            difference = _difference(track, partner)
            made[difference.key] = difference
    return list(made.values())


def _closest(track: Track, tracks: Mapping[Key, Track]) -> Track | None:
    own = _variance(track.values)
    best, least = None, own * _CLOSER**2
    for key, other in tracks.items():
        if key.metric != track.key.metric or key.column == track.key.column:
            continue
        variance = _variance([a - b for a, b in zip(track.values, other.values, strict=True)])
        if variance < least:
            best, least = other, variance
    return best


def _difference(track: Track, other: Track) -> Track:
    values = tuple(a - b for a, b in zip(track.values, other.values, strict=True))
    faulted = {
        fault: tuple(a - b for a, b in zip(after, other.values, strict=True))
        for fault, after in track.faulted.items()
        if fault.kind in _PAIRED
    }
    # Both columns hold the same records, and what moves one by chance moves the other: the sampling
    # error of the difference is taken from the windows alone.
    key = Key(track.key.column, f"{track.key.metric} difference", other.key.column)
    return Track(key, values, (0.0,) * len(values), faulted, logarithmic=False, spread=track.spread)


def _variance(values: Iterable[float]) -> float:
    known = list(values)
    mean = sum(known) / len(known)
    return sum((value - mean) ** 2 for value in known) / len(known)
