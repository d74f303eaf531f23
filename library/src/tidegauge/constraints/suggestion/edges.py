"""Edges: values that a column comes up to again and again, and never goes beyond.

A wind is calm or blows, and is never less than nothing; a humidity ends at 1, a code has three letters. How
far past windows lay from such an edge says nothing of windows beyond it: there are none.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf, isfinite, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tidegauge.column import ColumnProfile
    from tidegauge.constraints.suggestion.readings import Key
    from tidegauge.constraints.suggestion.tracks import Track
    from tidegauge.profile import Profile

_LEAST_WINDOWS = 8
_LEAST_OFTEN = 0.25
_LEAST_TIMES = 4
_CUT = 0.95
"""Part of the least length that a mean length may fall to: now and then a text is empty."""


def mark_edges(tracks: Mapping[Key, Track], profiles: Sequence[Profile]) -> dict[Key, Track]:
    """Tell the tracks of quantiles and of lengths what edges their columns have.

    Args:
        tracks: The numbers of the history.
        profiles: Its windows.
    """
    found: dict[tuple[str, str], tuple[float, float]] = {}
    marked = dict(tracks)
    for key, track in tracks.items():
        kind = _KINDS.get(key.metric)
        if kind is None or key.column is None or len(profiles) < _LEAST_WINDOWS:
            continue
        place = key.column, key.metric
        if place not in found:
            found[place] = _edges([kind(profile[key.column]) for profile in profiles])
        low, high = found[place]
        if key.metric == "length mean":
            low, high = (log(_CUT * low) if low > 0.0 else -inf), inf
        marked[key] = replace(track, edges=(low, high))
    return marked


def _extremes(column: ColumnProfile) -> tuple[float, float] | None:
    values = column.values
    if values is None or not values.n or not values.has_extremes:
        return None
    return float(values.min), float(values.max)


def _extreme_lengths(column: ColumnProfile) -> tuple[float, float] | None:
    lengths = column.lengths
    return (float(lengths.min), float(lengths.max)) if lengths.n else None


_KINDS: dict[str, Callable[[ColumnProfile], tuple[float, float] | None]] = {
    "quantile": _extremes,
    "length mean": _extreme_lengths,
}


def _edges(extremes: Sequence[tuple[float, float] | None]) -> tuple[float, float]:
    """The least and the greatest value of all, where they are those of many a window."""
    known = [pair for pair in extremes if pair is not None]
    if not known:
        return -inf, inf
    lows, highs = zip(*known, strict=True)
    least, most = min(lows), max(highs)
    often = max(_LEAST_TIMES, _LEAST_OFTEN * len(known))
    low = least if lows.count(least) >= often and isfinite(least) else -inf
    high = most if highs.count(most) >= often and isfinite(most) else inf
    return low, high
