"""The mix of segments: how the records of a partition are spread over its segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tidegauge import _kernel
from tidegauge.drift.evidence import items_moved
from tidegauge.drift.history import LEAST_WINDOWS, learnt, seasons_of
from tidegauge.drift.result import Mover
from tidegauge.profile import Window
from tidegauge.segments import segment_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tidegauge.drift.evidence import Evidence
    from tidegauge.drift.history import Season
    from tidegauge.drift.options import Options
    from tidegauge.profile import Profile
    from tidegauge.segments import Key

    Groups = Mapping[Key, Sequence[Profile]]

_MOST_MOVERS = 10
_MEASURE = "total_variation"


class Mix(NamedTuple):
    """The records of each segment on both sides; those that only one side can name are one category."""

    names: tuple[str, ...]
    places: Mapping[Key, int]
    now: tuple[int, ...]
    then: tuple[int, ...]

    @classmethod
    def of(cls, current: Groups, reference: Groups) -> Mix:
        """Count the records of each segment.

        If one side has a segment of all others, a segment that only the other side names may be part of it:
        such segments are counted together with the others on both sides.
        """
        every = dict.fromkeys((*current, *reference))
        others = any(is_other for _, is_other in every)
        named = [key for key in every if not key[1] and (not others or (key in current and key in reference))]
        places = {key: place for place, key in enumerate(named)}
        places |= {key: len(named) for key in every if key not in places}
        shown = [*named, *[key for key in every if key[1]][:1]]
        firsts = [(current.get(key) or reference[key])[0] for key in shown]
        names = [segment_label(first.segment, is_other=first.is_other_segment) for first in firsts]
        sides = (_counts(places, len(shown), side) for side in (current, reference))
        return cls(tuple(names), places, *map(tuple, sides))

    def movers(self) -> tuple[Mover, ...]:
        """The segments whose shares changed most."""
        totals = [max(1, sum(side)) for side in (self.now, self.then)]
        moved = [
            Mover(name, now / totals[0], then / totals[1])
            for name, now, then in zip(self.names, self.now, self.then, strict=True)
            if now * totals[1] != then * totals[0]
        ]
        return tuple(sorted(moved, key=lambda one: -abs(one.current - one.reference))[:_MOST_MOVERS])


def _counts(places: Mapping[Key, int], count: int, groups: Groups) -> list[int]:
    found = [0] * count
    for key, profiles in groups.items():
        found[places[key]] += sum(profile.records for profile in profiles)
    return found


def mix_evidence(
    mix: Mix,
    current: Groups,
    reference: Groups,
    season: Season,
    options: Options,
) -> Evidence | None:
    """Compare the shares of segments: with past windows if there are enough, else by counts.

    Args:
        mix: The records of each segment.
        current: The profiles of each segment.
        reference: Those of the reference.
        season: How windows are matched.
        options: What the comparison was told.

    Returns:
        The evidence; None when one side has no records.
    """
    past = _rows(mix, reference)
    if len(past) < LEAST_WINDOWS:
        row = _kernel.compare_counts(list(zip(mix.now, mix.then, strict=True)))
        return row and items_moved("", row, options)
    rows = [*past.values(), [float(count) for count in mix.now]]
    table = _kernel.WindowTable.of_counts(rows)
    seasons = seasons_of([*past, _hull(current)], season)
    matters = options.matters("", _MEASURE)
    return learnt(table, len(past), seasons, "distribution", (_MEASURE, matters))


def _rows(mix: Mix, groups: Groups) -> dict[Window, list[float]]:
    """The records of each segment in each window, in order of time; records without a time are left out."""
    rows: dict[Window, list[float]] = {}
    for key, profiles in groups.items():
        for profile in profiles:
            if profile.window is not None:
                row = rows.setdefault(profile.window, [0.0] * len(mix.names))
                row[mix.places[key]] += profile.records
    return dict(sorted(rows.items()))


def _hull(groups: Groups) -> Window | None:
    windows = [profile.window for profiles in groups.values() for profile in profiles if profile.window]
    if not windows:
        return None
    return Window(min(window.start for window in windows), max(window.end for window in windows))
