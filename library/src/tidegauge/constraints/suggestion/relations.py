"""Columns that keep together: what one alone cannot show, its distance from what others foretell can.

On a day of storms many flights have no time of departure, and none of the same flights has a delay. No
bound on either null rate can tell that day from a fault; a bound on their difference can. And what rises
with the seasons has no level to be bounded at, but a sum goes on being the sum of its parts.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tidegauge.constraints.suggestion import faults
from tidegauge.constraints.suggestion.calendar import is_rising
from tidegauge.constraints.suggestion.readings import Key
from tidegauge.constraints.suggestion.tracks import Track

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tidegauge.constraints.suggestion.faults import Fault
    from tidegauge.constraints.suggestion.tracks import Terms

_PAIRED = {
    faults.NULLS: "null rate",
    faults.SHIFT_UP: "mean",
    faults.SHIFT_DOWN: "mean",
}
_CLOSER = 0.5
_LEAST_TO_RELATE = 20
_MOST_PARTNERS = 3
_UNEXPLAINED = 0.1
_MUCH_CLOSER = 0.25
_COLLINEAR = 1e-9
_DIGITS = 4


def pair_tracks(tracks: Mapping[Key, Track], blind: Iterable[Fault]) -> list[Track]:
    """Make tracks of distances for the columns whose own numbers do not show a fault.

    Args:
        tracks: The numbers of single columns.
        blind: The faults that they do not show.

    Returns:
        For each such column and number, its difference from that of the column it follows most
        closely, or of means, from a sum of multiples of others if that is closer by much; none where it
        follows no other to half its own spread, or where the distance itself goes with time.
    """
    wanted = dict.fromkeys(
        Key(fault.column, _PAIRED[fault.kind]) for fault in blind if fault.kind in _PAIRED and fault.column
    )
    known = [track for key in wanted if (track := tracks.get(key)) is not None]
    made: dict[Key, Track] = {}
    shown: set[str] = set()
    # Those of small spread first: what they are related to moves the distance by more than they do.
    for track in sorted(known, key=lambda track: track.spread):
        if track.key.metric == "mean" and (track.key.column in shown or not track.spread):
            continue
        distance = _nearest(track, tracks)
        if distance is not None:
            made[distance.key] = distance
            shown |= _moving(distance, tracks) if track.key.metric == "mean" else set()
    return list(made.values())


def _nearest(track: Track, tracks: Mapping[Key, Track]) -> Track | None:
    """The distance that varies least, of those that are worth having."""
    terms = [_closest(track, tracks)]
    if track.key.metric == "mean" and len(track.values) >= _LEAST_TO_RELATE:
        terms.append(_related(track, tracks))
    found = [_distance(track, one, tracks) for one in terms if one]
    found = [distance for distance in found if not is_rising(distance.values)]
    if len(found) > 1 and _variance(found[1].values) < _MUCH_CLOSER * _variance(found[0].values):
        return found[1]
    return found[0] if found else None


def _moving(distance: Track, tracks: Mapping[Key, Track]) -> set[str]:
    """The partners whose own shift moves the distance by as much as its owner's does."""
    return {
        name
        for name, factor in distance.terms
        if abs(factor) * tracks[Key(name, "mean")].spread >= distance.spread
    }


def _closest(track: Track, tracks: Mapping[Key, Track]) -> Terms:
    own = _variance(track.values)
    best, least = "", own * _CLOSER**2
    for other in _others(track, tracks):
        variance = _variance([a - b for a, b in zip(track.values, other.values, strict=True)])
        if variance < least:
            best, least = str(other.key.column), variance
    return ((best, 1.0),) if best else ()


def _others(track: Track, tracks: Mapping[Key, Track]) -> list[Track]:
    metric, column = track.key.metric, track.key.column
    return [other for key, other in tracks.items() if key.metric == metric and key.column != column]


def _related(track: Track, tracks: Mapping[Key, Track]) -> Terms:
    """Find a sum of multiples of other columns' means that goes where the column's goes.

    Moves from window to window tell which columns those are: two that rise through the year agree in their
    levels by no more than that. One partner after the other is taken, until little is left unexplained, and
    further as long as each leaves much less (Gram and Schmidt). Then the levels give the factors.
    """
    left = _moves(track)
    whole = _square(left)
    if not whole:
        return ()
    levels = {str(other.key.column): other.values for other in _others(track, tracks)}
    others = {str(other.key.column): _moves(other) for other in _others(track, tracks)}
    sizes = {name: _square(moves) for name, moves in others.items()}
    partners: list[str] = []
    while len(partners) < _MOST_PARTNERS:
        usable = [name for name in others if _square(others[name]) > _COLLINEAR * sizes[name]]
        if not usable:
            break
        best = max(usable, key=lambda name: _dot(left, others[name]) ** 2 / _square(others[name]))
        chosen = others.pop(best)
        rest = _without(left, chosen)
        if _is_enough(left, whole, len(partners)) and _square(rest) > _MUCH_CLOSER * _square(left):
            break
        left = rest
        partners.append(best)
        others = {name: _without(moves, chosen) for name, moves in others.items()}
    if not _is_enough(left, whole, len(partners)):
        return ()
    factors = _factors(track.values, [levels[name] for name in partners])
    return tuple((name, float(f"{each:.{_DIGITS}g}")) for name, each in zip(partners, factors, strict=True))


def _without(values: Sequence[float], part: Sequence[float]) -> list[float]:
    """What is left of numbers without their share in others."""
    share = _dot(values, part) / _square(part)
    return [a - share * b for a, b in zip(values, part, strict=True)]


def _factors(values: Sequence[float], parts: Sequence[Sequence[float]]) -> list[float]:
    """The factors of parts in the sum of them that is nearest to numbers, but for a constant."""
    left = _about_mean(values)
    straight: list[list[float]] = []
    for part in parts:
        alone = _about_mean(part)
        for other in straight:
            alone = _without(alone, other)
        straight.append(alone)
    factors: list[float] = []
    # From the last, which no other has a share in, back to the first.
    for part, alone in reversed(list(zip(parts, straight, strict=True))):
        size = _square(alone)
        factor = _dot(left, alone) / size if size else 0.0
        left = [a - factor * b for a, b in zip(left, _about_mean(part), strict=True)]
        factors.append(factor)
    return factors[::-1]


def _about_mean(values: Sequence[float]) -> list[float]:
    mean = sum(values) / len(values)
    return [value - mean for value in values]


def _is_enough(left: Sequence[float], whole: float, partners: int) -> bool:
    """Whether so little is left unexplained that it is no luck: of many columns some agree by chance."""
    return partners > 0 and _square(left) <= _UNEXPLAINED / partners * whole


def _moves(track: Track) -> list[float]:
    return _about_mean([later - earlier for earlier, later in pairwise(track.values)])


def _distance(track: Track, terms: Terms, tracks: Mapping[Key, Track]) -> Track:
    metric = track.key.metric
    partners = [(name, factor, tracks[Key(name, metric)]) for name, factor in terms]

    def less(values: Sequence[float], fault: Fault | None = None) -> tuple[float, ...]:
        left = list(values)
        for _, factor, other in partners:
            taken = other.values if fault is None else other.faulted.get(fault, other.values)
            left = [a - factor * b for a, b in zip(left, taken, strict=True)]
        return tuple(left)

    faulted = {fault: less(after, fault) for fault, after in track.faulted.items() if fault.kind in _PAIRED}
    if metric == "mean":
        for _, _, other in partners:
            faulted |= {fault: less(track.values, fault) for fault in other.faulted if fault.kind in _PAIRED}
    # All columns hold the same records, and what moves one by chance moves the others: the sampling
    # error of the distance is taken from the windows alone.
    key = Key(track.key.column, f"{metric} difference", ", ".join(name for name, _ in terms))
    values = less(track.values)
    return Track(
        key, values, (0.0,) * len(values), faulted, logarithmic=False, spread=track.spread, terms=terms
    )


def _square(values: Sequence[float]) -> float:
    return _dot(values, values)


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _variance(values: Sequence[float]) -> float:
    return _square(_about_mean(values)) / len(values)
