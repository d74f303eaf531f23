"""Windows at the ends of a history that are not full: recording began, or ended, in the midst of them.

A week of which only the Sunday was recorded is no week like the others: with it, six weekdays may be missing,
and rates may be those of a handful of records.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.profile import Profile

_LEAST_WINDOWS = 5
_LEAST_PART = 0.1
_FARTHER = 2.0


def find_partial(profiles: Sequence[Profile]) -> tuple[int, ...]:
    """Find whether the first and the last window of a history are filled in part only.

    The column of times that lie inside their windows tells: the first window is not full when its first
    time comes a tenth of the window or more after its start, and twice as late as that of any other.

    Args:
        profiles: The windows, in order of time.

    Returns:
        Their positions: none, one or both of the first and the last.

    Example:
        >>> import tidegauge as tg
        >>> from datetime import datetime, timedelta
        >>> hours = [datetime(2024, 5, 4) + timedelta(hours=hour) for hour in range(6 * 7 * 24)]
        >>> find_partial(list(tg.log({"at": hours}, timestamp="at", window="1w")))
        (0, 6)
    """
    if len(profiles) < _LEAST_WINDOWS or not all(profile.window for profile in profiles):
        return ()
    names = [name for name in profiles[0].columns if all(span_inside(profile, name) for profile in profiles)]
    ends = (0, len(profiles) - 1)
    found = {at for name in names for at in ends if _is_late(_lateness(profiles, name, last=at > 0), at)}
    return tuple(sorted(found))


def _is_late(parts: Sequence[float], at: int) -> bool:
    others = (part for index, part in enumerate(parts) if index != at)
    return parts[at] >= _LEAST_PART and parts[at] > _FARTHER * max(others)


def _lateness(profiles: Sequence[Profile], name: str, *, last: bool) -> list[float]:
    """How much of each window lies before its first time, or after its last, as a part of its length."""
    parts = []
    for profile in profiles:
        span, window = span_inside(profile, name), profile.window
        if span is not None and window is not None:
            away = window.end - span[1] if last else span[0] - window.start
            parts.append(away / (window.end - window.start))
    return parts


def span_inside(profile: Profile, name: str) -> tuple[datetime, datetime] | None:
    """Find the first and the last time of a column; None when they are no times inside the window."""
    window = profile.window
    values = profile[name].values if name in profile else None
    if window is None or values is None or not values.n or not values.has_extremes:
        return None
    first, last = values.min, values.max
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return None
    first, last = (each if each.tzinfo else each.replace(tzinfo=UTC) for each in (first, last))
    return (first, last) if window.start <= first <= last < window.end else None
