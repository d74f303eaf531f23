"""Parts of dates: the month, the day of the year, and what else a column may hold of a calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

_LONGEST = 400


class DatePart(NamedTuple):
    """A part of a date that a column may hold, with the values it can take.

    Attributes:
        name: What it is called.
        of: Finds it.
        low: The least it can be.
        high: The most it can be.
        days: The longest window, in days, that can have one of it: weeks have no day of the week.
    """

    name: str
    of: Callable[[Any], int]
    low: int
    high: int
    days: float


DATE_PARTS = (
    DatePart("month", lambda when: when.month, 1, 12, 31),
    DatePart("day of the month", lambda when: when.day, 1, 31, 1),
    DatePart("year", lambda when: when.year, 1900, 2200, 366),
    DatePart("day of the week, counted from 0", lambda when: when.weekday(), 0, 7, 1),
    DatePart("day of the week", lambda when: when.isoweekday(), 0, 7, 1),
    DatePart("day of the week, Sunday first", lambda when: when.isoweekday() % 7, 0, 7, 1),
    DatePart("day of the week, Sunday as 1", lambda when: when.isoweekday() % 7 + 1, 0, 7, 1),
    DatePart("day of the year", lambda when: when.timetuple().tm_yday, 1, 366, 1),
    DatePart("week of the year", lambda when: when.isocalendar().week, 1, 53, 7),
    DatePart("quarter", lambda when: (when.month + 2) // 3, 1, 4, 92),
    DatePart("hour", lambda when: when.hour, 0, 24, 1 / 24),
)

DAYS_AND_LONGER = tuple(part for part in DATE_PARTS if part.days >= 1)


def parts_between(part: DatePart, first: date, last: date) -> frozenset[int]:
    """List what a part of the date is on the days from one to another.

    Example:
        >>> from datetime import date
        >>> (months,) = (part for part in DATE_PARTS if part.name == "month")
        >>> sorted(parts_between(months, date(2024, 12, 30), date(2025, 1, 2)))
        [1, 12]
    """
    days = (last - first).days + 1
    if part.name == "year":
        return frozenset(range(first.year, last.year + 1))
    if days > _LONGEST:
        return frozenset(range(part.low, part.high + 1))
    return frozenset(part.of(first + timedelta(days=day)) for day in range(days))
