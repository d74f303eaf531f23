"""Units: how the numbers that are judged stand for what a profile shows and a person writes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from tidegauge.constraints import wording
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.fields import MisfitError, seconds_of
from tidegauge.errors import ArgumentError
from tidegauge.metrics.scale import Scale

if TYPE_CHECKING:
    from tidegauge.column import ColumnProfile


class Unit:
    """Plain numbers; the others build on it."""

    __slots__ = ()

    def number(self, bound: Any) -> Any:
        """Turn a bound, as somebody wrote it, into the number that is compared.

        Raises:
            CannotJudgeError: The bound is of another sort than the values.
        """
        if isinstance(bound, str):
            try:
                return float(bound)
            except ValueError:
                raise CannotJudgeError(f"the bound {bound!r} is no number, and the values are") from None
        return bound

    def shown(self, number: Any) -> Any:
        """Turn a number that was compared into the value that a profile shows."""
        return number

    def text(self, number: Any, digits: int = 15) -> str:
        """Write a number that was compared."""
        return wording.value(self.shown(number), digits)


class Share(Unit):
    """Shares from 0 to 1, written in percent."""

    __slots__ = ()

    def text(self, number: Any, digits: int = 15) -> str:
        """Write it in percent."""
        return wording.share(number, digits)


class Exact(Unit):
    """Decimals: a bound of 0.1 is the decimal 0.1, not the double next to it."""

    __slots__ = ()

    def number(self, bound: Any) -> Any:
        """Turn a bound into a decimal."""
        try:
            return Decimal(repr(bound) if isinstance(bound, float) else bound)
        except InvalidOperation:
            raise CannotJudgeError(f"the bound {bound!r} is no number, and the values are") from None


class Moment(Unit):
    """Times of a column: compared in its own unit, shown as times.

    Args:
        scale: How the column's numbers read as times.
        averaged: Whether they are averages: that of dates is shown as a moment of a day.
    """

    __slots__ = ("averaged", "scale")

    def __init__(self, scale: Scale, *, averaged: bool = False) -> None:
        self.scale = scale
        self.averaged = averaged

    def number(self, bound: Any) -> Any:
        """Turn an ISO 8601 text (or a length of time, for durations) into the column's number."""
        if self.scale.kind == "duration":
            return _span(bound) * 1e6
        if not isinstance(bound, str):
            raise CannotJudgeError(f"the bound {bound!r} is a number, and the values are times")
        try:
            return self.scale.number(bound)
        except ArgumentError as error:
            raise CannotJudgeError(f"the bound {error}") from None

    def shown(self, number: Any) -> Any:
        """Turn a number into a time."""
        read = self.scale.average if self.averaged else self.scale.value
        return read(float(number))


class Span(Unit):
    """Lengths of time in seconds, shown as timedeltas: ages, and the spread of times."""

    __slots__ = ()

    def number(self, bound: Any) -> Any:
        """Turn ``"2h"`` or a number of seconds into seconds."""
        return _span(bound)

    def shown(self, number: Any) -> Any:
        """Turn seconds into a timedelta, or leave them where none is so long."""
        try:
            return timedelta(seconds=number)
        except (OverflowError, ValueError):
            return number

    def text(self, number: Any, digits: int = 15) -> str:
        """Write it in its greatest fitting unit."""
        return wording.duration(number, digits)


def _span(bound: Any) -> float:
    if not isinstance(bound, str):
        return float(bound)
    try:
        return seconds_of(bound.strip())
    except MisfitError:
        raise CannotJudgeError(
            f"the bound {bound!r} is no length of time, and the values are; write it as 90s or 2h"
        ) from None


def nothing_between(low: Any, high: Any, *, open_ends: bool = False) -> bool:
    """Whether no value lies between two bounds as somebody wrote them, whatever the column holds.

    A text may be a number, a length of time, a moment or a time of day: each way in which both bounds can be
    read has to leave nothing.

    Args:
        low: The least.
        high: The greatest.
        open_ends: Whether one of them is outside itself.

    Example:
        >>> nothing_between("2024-02-01", "2024-01-01"), nothing_between("90s", "2m"), nothing_between("b", 1)
        (True, False, False)
    """
    if low is None or high is None:
        return False
    found = []
    for read in (EXACT.number, SPAN.number, Scale("timestamp").number, Scale("time").number):
        try:
            least, greatest = read(low), read(high)
        except (ArgumentError, CannotJudgeError):
            continue
        found.append(least > greatest or (open_ends and least == greatest))
    return bool(found) and all(found)


def unit_of(column: ColumnProfile) -> Unit:
    """Return the unit of a column's values."""
    values = column.values
    if values is None:
        return Unit()
    if values.kind != "number":
        return Moment(Scale(values.kind, zoned="," in column.arrow_type))
    return Unit()


PLAIN = Unit()
SHARE = Share()
EXACT = Exact()
SPAN = Span()
