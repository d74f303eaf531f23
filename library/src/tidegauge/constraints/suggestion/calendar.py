"""Numbers that the calendar or the flow of time decides: they are recognised, and not bounded."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING, TypeAlias

from tidegauge.constraints.dates import DATE_PARTS, DAYS_AND_LONGER
from tidegauge.constraints.suggestion.partial import span_inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tidegauge.column import ColumnProfile
    from tidegauge.constraints.dates import DatePart
    from tidegauge.constraints.suggestion.tracks import Track
    from tidegauge.profile import Profile

_WORD = re.compile(r"[a-z]+")
_HOUR = 3600.0
_DAY = 24.0 * _HOUR
_LEAST_PER_SEASON = 4
_SEASONAL = 12.0
_RISING = 0.9
_LEAST_TO_RISE = 8
_LEAST_TO_COUNT = 20
_LEAST_STEPS = 2
_DENSE = 2.0


def find_date_part(means: Sequence[float], profiles: Sequence[Profile], *, name: str = "") -> DatePart | None:
    """Find the part of the window's date that a column holds, if it holds one.

    It must go with the date from one value to another: a column that is 1 in every day of January may
    hold the month, and may as well hold a version. Only its name can tell then: one called ``month``, or
    ``trip_month``, holds the month.

    Args:
        means: The column's mean in each window.
        profiles: The windows' profiles.
        name: The column's name.

    Returns:
        The part that equals the mean in all windows but a twentieth; None when there is none.
    """
    words = set(_WORD.findall(name.lower()))
    for part, changes in _matching(means, profiles):
        if changes or part.name.split()[0] in words:
            return part
    return None


def find_coincidence(means: Sequence[float], profiles: Sequence[Profile]) -> DatePart | None:
    """Find a part of the date that equals a column's mean in nearly all windows, even if it never changes."""
    return next((part for part, _ in _matching(means, profiles)), None)


def _matching(means: Sequence[float], profiles: Sequence[Profile]) -> Iterator[tuple[DatePart, bool]]:
    """The parts of dates that equal the means, each with whether they go from value to value with them."""
    windows = [profile.window for profile in profiles if profile.window]
    if not means or len(windows) < len(means):
        return
    starts = [window.start for window in windows]
    longest = max((window.end - window.start).total_seconds() for window in windows) / _DAY
    for part in DATE_PARTS:
        if longest > part.days:
            continue
        same = [mean for start, mean in zip(starts, means, strict=True) if part.of(start) == mean]
        if same and len(same) >= 0.95 * len(means):
            yield part, len(set(same)) > 1


def find_part_of(name: str, profiles: Sequence[Profile]) -> tuple[DatePart, str] | None:
    """Find the part of a date that a column holds of the times in another, where windows are longer than it.

    In a week there are seven days of the year: the column goes from that of the first time to that of the
    last, in all windows in which the calendar does not begin anew.

    Args:
        name: The column's name.
        profiles: The windows' profiles.

    Returns:
        The part and the column of times; None when there is none.
    """
    spans = [_whole_span(profile, name) for profile in profiles]
    if None in spans:
        return None
    for of in profiles[0].columns:
        times = [span_inside(profile, of) for profile in profiles] if of != name else []
        for part in DAYS_AND_LONGER if times and None not in times else ():
            parts = [(part.of(time[0]), part.of(time[1])) for time in times if time]
            known = [(span, (a, b)) for span, (a, b) in zip(spans, parts, strict=True) if a <= b]
            if len({b for _, (_, b) in known}) > 1 and all(span == ends for span, ends in known):
                return part, of
    return None


def _whole_span(profile: Profile, name: str) -> tuple[int, int] | None:
    if name not in profile or profile[name].type != "integer":
        return None
    values = profile[name].values
    if values is None or not values.n or not values.has_extremes:
        return None
    return int(values.min), int(values.max)


def is_fixed_by_window(spreads: Sequence[float], means: Sequence[float]) -> bool:
    """Whether a column has one value in a window and another in the next: a property of the window."""
    single = sum(spread == 0.0 for spread in spreads)
    return single >= 0.9 * len(spreads) and len(set(means)) > 1


def is_rising(values: Sequence[float]) -> bool:
    """Whether numbers go up, or down, with time, rather than about a level.

    Spearman's correlation of the number with its position; a number that goes with time above 0.9 has no
    level to be bounded at.
    """
    count = len(values)
    if count < _LEAST_TO_RISE or min(values) == max(values):
        return False
    order = sorted(range(count), key=values.__getitem__)
    ranks = [0.0] * count
    start = 0
    while start < count:
        end = start
        while end + 1 < count and values[order[end + 1]] == values[order[start]]:
            end += 1
        for index in order[start : end + 1]:
            ranks[index] = (start + end) / 2.0
        start = end + 1
    middle = (count - 1) / 2.0
    across = sum((rank - middle) * (index - middle) for index, rank in enumerate(ranks))
    squares = sum((rank - middle) ** 2 for rank in ranks) * sum((i - middle) ** 2 for i in range(count))
    return abs(across) / sqrt(squares) > _RISING


def is_running_number(columns: Sequence[ColumnProfile]) -> bool:
    """Whether a column counts on: whole numbers, hardly one left out, or ever higher from window to window.

    Args:
        columns: The column's profile in each window, in order of time.
    """
    values = [column.values for column in columns]
    known = [numbers for numbers in values if numbers is not None and numbers.n and numbers.has_extremes]
    if len(known) < len(values) or any(column.type != "integer" for column in columns):
        return False
    ranges = [(int(numbers.min), int(numbers.max)) for numbers in known]
    if all(
        numbers.n >= _LEAST_TO_COUNT and high - low < _DENSE * numbers.n and _all_differ(column)
        for column, numbers, (low, high) in zip(columns, known, ranges, strict=True)
    ):
        return True
    ups = [earlier[1] < later[0] for earlier, later in pairwise(ranges)]
    return len(ups) >= _LEAST_STEPS and all(ups)


def _all_differ(column: ColumnProfile) -> bool:
    present = column.counts.present
    return "cardinality" in column.metrics and column.cardinality.interval(0.99)[1] >= present


def season_of(profiles: Sequence[Profile]) -> list[int] | None:
    """Number the season of each window: the weekday of days, the hour of shorter windows.

    Returns:
        None when windows are longer than a day, or the history has too few windows of some season.
    """
    windows = [profile.window for profile in profiles]
    known = [window for window in windows if window is not None]
    if len(known) < len(windows) or not known:
        return None
    seconds = sorted((window.end - window.start).total_seconds() for window in known)[len(known) // 2]
    if seconds > _DAY:
        return None
    daily = seconds == _DAY
    labels = [window.start.weekday() if daily else window.start.hour for window in known]
    sizes: dict[int, int] = defaultdict(int)
    for label in labels:
        sizes[label] += 1
    if len(sizes) < 2 or min(sizes.values()) < _LEAST_PER_SEASON:
        return None
    numbers = {label: index for index, label in enumerate(sorted(sizes))}
    return [numbers[label] for label in labels]


def is_seasonal(track: Track, seasons: Sequence[int]) -> bool:
    """Whether the number differs between seasons by far more than chance (an F ratio above 12)."""
    groups: dict[int, list[float]] = defaultdict(list)
    for value, season in zip(track.values, seasons, strict=True):
        groups[season].append(value)
    count, kinds = len(track.values), len(groups)
    overall = sum(track.values) / count
    means = {season: sum(group) / len(group) for season, group in groups.items()}
    between = sum(len(group) * (means[season] - overall) ** 2 for season, group in groups.items())
    within = sum((value - means[season]) ** 2 for season, group in groups.items() for value in group)
    if within <= 0.0:
        return between > 0.0
    return between / (kinds - 1) / (within / (count - kinds)) > _SEASONAL


Seasons: TypeAlias = "Callable[[Track], Sequence[int]]"
"""Gives the season of each window, as far as it matters to a number."""


def seasons_by(profiles: Sequence[Profile]) -> Seasons:
    """Judge numbers by season: by the calendar where they differ between seasons, else one for all."""
    by_calendar = season_of(profiles)
    none = [0] * len(profiles)

    def seasons(track: Track) -> Sequence[int]:
        return by_calendar if by_calendar is not None and is_seasonal(track, by_calendar) else none

    return seasons
