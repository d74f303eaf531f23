"""Windows that stand apart: days of storm in a history of ordinary ones."""

from __future__ import annotations

from math import hypot
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tidegauge.constraints.suggestion.calendar import Seasons
    from tidegauge.constraints.suggestion.tracks import Track

_FAR = 7.0
_FARTHEST = 50.0
_LEAST_COLUMNS = 3
_LEAST_SHARE = 0.2
_MAD = 1.4826


def find_apart(tracks: Iterable[Track], seasons: Seasons, *, most: int) -> tuple[int, ...]:
    """Find windows that lie far from all others in many columns at once.

    Such a window is an event, of which the suite shall not learn to be blind. There are at most as many
    as the promise allows to fail.

    Args:
        tracks: The numbers of the history.
        seasons: Gives the seasons by which a number is judged.
        most: How many windows to set apart at most.

    Returns:
        Their positions, in order.

    Example:
        >>> find_apart([], lambda track: [0] * len(track.values), most=1)
        ()
    """
    if most < 1:
        return ()
    columns: set[str | None] = set()
    odd: dict[int, dict[str | None, float]] = {}
    for track in tracks:
        name = track.key.column
        columns.add(name)
        for index, distance in _far_out(track, seasons(track)):
            found = odd.setdefault(index, {})
            found[name] = max(found.get(name, 0.0), min(distance, _FARTHEST))
    least = max(_LEAST_COLUMNS, _LEAST_SHARE * len(columns))
    events = [index for index, found in odd.items() if len(found) >= least]
    events.sort(key=lambda index: (-sum(odd[index].values()), index))
    return tuple(sorted(events[:most]))


def _far_out(track: Track, seasons: Sequence[int]) -> list[tuple[int, float]]:
    groups: dict[int, list[float]] = {}
    for value, season in zip(track.values, seasons, strict=True):
        groups.setdefault(season, []).append(value)
    centres = {season: median(group) for season, group in groups.items()}
    away = [abs(value - centres[season]) for value, season in zip(track.values, seasons, strict=True)]
    scale = hypot(_MAD * median(away), median(track.errors))
    return [(index, a / scale) for index, a in enumerate(away) if a > _FAR * scale > 0.0]
