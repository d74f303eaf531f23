"""Time zones: how far clocks are ahead of UTC, in the form that the kernel expects."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from tidegauge.errors import ArgumentError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Before and after these, clocks are taken to stay as they were or will be then."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


def zone_of(timezone: object) -> tuple[tuple[int, int], ...] | None:
    """Read what ``timezone=`` was given; see `zone_offsets`.

    Raises:
        ArgumentError: It is not a name, or there is no such time zone.
    """
    if timezone is None:
        return None
    if not isinstance(timezone, str):
        raise ArgumentError(f"timezone= takes text such as 'Europe/Oslo', not {type(timezone).__name__}")
    return zone_offsets(timezone)


@cache
def zone_offsets(name: str) -> tuple[tuple[int, int], ...]:
    """List how far the clocks of a place are ahead of UTC, and from when on.

    Args:
        name: A name of the IANA database, such as ``"Europe/Oslo"``.

    Returns:
        Pairs of a moment and the offset that holds from then on, both in microseconds, in order of time.

    Raises:
        ArgumentError: There is no such time zone, or no database of time zones.

    Example:
        >>> [offset // 3_600_000_000 for _, offset in zone_offsets("Etc/GMT-2")]
        [2]
    """
    zone = _zone(name)
    last = datetime(LAST_YEAR, 1, 1, tzinfo=UTC)
    before = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    offset = _offset(zone, before)
    changes = [(_microseconds(before), offset)]
    while before < last:
        after = before + _STEP
        then = _offset(zone, after)
        if then != offset:
            changes.append((_change(zone, before, after, offset), then))
            offset = then
        before = after
    return tuple(changes)


def _zone(name: str) -> ZoneInfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        raise ArgumentError(
            f"timezone={name!r} is not known here; give a name of the IANA database such as 'Europe/Oslo' "
            "or 'UTC' (systems that have no database need the package tzdata)"
        ) from None


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    return int((moment.astimezone(zone).utcoffset() or timedelta()) / _MICROSECOND)


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _change(zone: ZoneInfo, before: datetime, after: datetime, offset: int) -> int:
    """Find the second at which the offset changes between two moments."""
    low, high = _microseconds(before) // 1_000_000, _microseconds(after) // 1_000_000
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, _EPOCH + timedelta(seconds=middle)) == offset:
            low = middle
        else:
            high = middle
    return high * 1_000_000
