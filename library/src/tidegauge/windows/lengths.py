"""Lengths of windows, and stretches of time, as people write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from tidegauge.errors import ArgumentError

When = str | date | datetime
"""A time: a date, a datetime (without a zone it is UTC), or the ISO 8601 text of one."""

INTO_THE_DAY = timedelta(hours=13, minutes=50)
"""From midnight so far on, it is the same day in UTC as at the place: in every one whose clocks change
nowadays, summer and winter, from ten hours behind UTC to almost fourteen ahead."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LENGTH = re.compile(r"[1-9][0-9]{0,8}(s|m|h|d|w|mo)")


def window_text(window: object) -> str:
    """Read the length of a window.

    Args:
        window: A number and one of ``s m h d w mo``, or a timedelta of whole seconds.

    Raises:
        ArgumentError: It is not a length of time.

    Example:
        >>> window_text("5m"), window_text(timedelta(days=2)), window_text(timedelta(seconds=90))
        ('5m', '2d', '90s')
    """
    if isinstance(window, timedelta):
        seconds = window.total_seconds()
        if seconds < 1 or not seconds.is_integer():
            raise ArgumentError(f"a window lasts whole seconds, at least one, not {window!r}")
        return f"{int(seconds) // 86400}d" if seconds % 86400 == 0 else f"{int(seconds)}s"
    if not isinstance(window, str) or not _LENGTH.fullmatch(window):
        raise ArgumentError(
            f"window={window!r} is no length of time; give a number and a unit out of s, m (minutes), "
            "h, d, w, mo (months), such as '1h' or '1d', or a timedelta"
        )
    return window


def stretch(since: When | None, until: When | None) -> tuple[int | None, int | None]:
    """Read what `since` and `until` were given: microseconds since 1970, None for an open end.

    Raises:
        ArgumentError: One is not a time, or there is no time between them.

    Example:
        >>> stretch("1970-01-01T00:00:01", None)
        (1000000, None)
    """
    first, last = _microseconds("since", since), _microseconds("until", until)
    if first is not None and last is not None and first >= last:
        raise ArgumentError(f"since={since!r} is not before until={until!r}: there is no time in between")
    return first, last


def _microseconds(argument: str, when: When | None) -> int | None:
    return None if when is None else (moment(argument, when) - _EPOCH) // timedelta(microseconds=1)


def moment(argument: str, when: When) -> datetime:
    """Read the time that an argument was given; without a zone it is UTC.

    Raises:
        ArgumentError: It is not a time.

    Example:
        >>> moment("since", "2013-02-08").isoformat()
        '2013-02-08T00:00:00+00:00'
    """
    found = moment_of(when)
    if found is None:
        raise ArgumentError(
            f"{argument}={when!r} is no time; expected a date, a datetime or ISO 8601 text such as "
            "'2013-02-08' or '2013-02-08T14:00'"
        )
    return found


def moment_of(when: object) -> datetime | None:
    """Return the time that is meant, in UTC if it has no zone; None for anything that is not a time.

    Example:
        >>> moment_of("yesterday") is None
        True
    """
    if isinstance(when, str):
        try:
            when = datetime.fromisoformat(when)
        except ValueError:
            return None
    if not isinstance(when, date):
        return None
    found = when if isinstance(when, datetime) else datetime.combine(when, time())
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
