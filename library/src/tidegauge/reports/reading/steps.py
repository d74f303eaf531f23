"""From the windows of a profile set to steps at even distances."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tidegauge.display.reading import microseconds
from tidegauge.errors import ArgumentError
from tidegauge.profile import merge_profiles
from tidegauge.reports.facts.history import Steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet

MOST_STEPS = 400
_SPARSE = 4


def steps_of(profiles: ProfileSet) -> tuple[Steps, list[Profile | None]]:
    """Put windows at their places in time; where there are very many, merge neighbours.

    Args:
        profiles: The profile set.

    Returns:
        The steps, and the profile of each; None where no window lies.

    Raises:
        ArgumentError: There are several profiles of one window, of several datasets.

    Example:
        >>> import tidegauge as tg
        >>> days = tg.log({"t": ["2013-02-07", "2013-02-09"]}, timestamp="t", window="1d")
        >>> steps_of(days)[0].records
        (1, None, 1)
    """
    timed = [profile for profile in profiles if profile.window is not None]
    untimed = sum(profile.records for profile in profiles if profile.window is None)
    windows = [_bounds(profile) for profile in timed]
    if len(set(windows)) < len(windows):
        if len({profile.dataset for profile in timed}) > 1:
            raise ArgumentError(
                "the profile set holds profiles of one window and several datasets; make a report of one of "
                "them: ProfileSet(p for p in profiles if p.dataset == …)"
            )
        return steps_of(profiles.merge_windows())
    times, placed = _placed(timed, windows)
    each = -(-len(placed) // MOST_STEPS)
    if each > 1:
        placed = [_merged(placed[start : start + each]) for start in range(0, len(placed), each)]
        times = [*times[:-1:each], times[-1]]
    records = tuple(None if profile is None else profile.records for profile in placed)
    return Steps(tuple(times), records, each, untimed), placed


def _bounds(profile: Profile) -> tuple[int, int]:
    start, end = profile.window or (None, None)
    return microseconds(start) or 0, microseconds(end) or 0


def _placed(
    timed: Sequence[Profile], windows: Sequence[tuple[int, int]]
) -> tuple[list[int], list[Profile | None]]:
    """Leave gaps where windows of one length are missing; windows of several lengths stand side by side."""
    if not timed:
        return [0], []
    length = Counter(end - start for start, end in windows).most_common(1)[0][0]
    first = windows[0][0]
    places = [(start - first) // length if length > 0 else 0 for start, _ in windows]
    even = length > 0 and all(
        end - start == length and not (start - first) % length for start, end in windows
    )
    count = places[-1] + 1
    if not even or count > max(_SPARSE * len(timed), 60):
        return [start for start, _ in windows] + [windows[-1][1]], list(timed)
    found: list[Profile | None] = [None] * count
    for place, profile in zip(places, timed, strict=True):
        found[place] = profile
    return [first + length * place for place in range(count + 1)], found


def _merged(profiles: Sequence[Profile | None]) -> Profile | None:
    present = [profile for profile in profiles if profile is not None]
    return merge_profiles(present) if present else None
