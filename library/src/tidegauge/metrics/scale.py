"""Between the doubles that sketches keep and the Python values that a column holds.

Times are kept as numbers of their unit (see the table in `Scale`) and shown as times.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from math import isnan
from typing import Any, TypeAlias

from tidegauge.errors import ArgumentError

Value: TypeAlias = Any
"""An int, float, Decimal, datetime, date, time, timedelta or None, as fits the column.

Not a union: whoever knows the column knows which one it is, and would have to cast at every use.
"""

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - columns without a zone have such times
_MICROSECOND = timedelta(microseconds=1)
_EXACT_INTEGERS = 2.0**53


class Scale:
    """How the numbers of one column read as values.

    | kind      | number                       | value, and what a value may be given as     |
    |-----------|------------------------------|---------------------------------------------|
    | number    | itself                       | int, float (Decimal for a decimal's extremes) |
    | timestamp | microseconds since 1970      | datetime (aware if the column has a zone)   |
    | date      | days since 1970              | date                                        |
    | time      | microseconds since midnight  | time                                        |
    | duration  | microseconds                 | timedelta                                   |

    Args:
        kind: One of the kinds of the table.
        whole: Whether all values of the column are integers.
        decimal: Whether they are decimals.
        zoned: Whether the timestamps are instants, of a column with a time zone.
    """

    __slots__ = ("decimal", "kind", "whole", "zoned")

    def __init__(self, kind: str, *, whole: bool = False, decimal: bool = False, zoned: bool = False) -> None:
        self.kind = kind
        self.whole = whole
        self.decimal = decimal
        self.zoned = zoned

    @property
    def temporal(self) -> bool:
        """Whether values are times or stretches of time."""
        return self.kind != "number"

    def value(self, number: float) -> Value:
        """Turn a number that stands for one value of the column into that value.

        Args:
            number: In the unit of the kind; NaN for "none".

        Returns:
            The value; for times, None for NaN, and the number itself where Python's datetime has no
            such time (years before 1 and after 9999).

        Example:
            >>> Scale("date").value(15_000.0)
            datetime.date(2011, 1, 26)
        """
        if self.kind == "number":
            if self.whole and number.is_integer() and abs(number) < _EXACT_INTEGERS:
                return int(number)
            return number
        if isnan(number):
            return None
        try:
            return self._time(number)
        except (OverflowError, ValueError):
            return number

    def _time(self, number: float) -> Value:
        if self.kind == "date":
            return (EPOCH + timedelta(days=number)).date()
        span = timedelta(microseconds=round(number))
        if self.kind == "timestamp":
            moment = EPOCH + span
            return moment.replace(tzinfo=UTC) if self.zoned else moment
        if self.kind == "time":
            return (EPOCH + span).time()
        return span

    def extreme(self, number: float, exact: str | None) -> Value:
        """Turn a smallest or greatest value into a value, from its exact text where there is one."""
        if isnan(number):
            return None
        if exact is not None and self.whole:
            return int(exact)
        if exact is not None and self.decimal:
            from decimal import Decimal

            return Decimal(exact)
        return self.value(number)

    def average(self, number: float) -> Value:
        """Turn a mean into a value: like `value`, but never rounded to whole numbers or days."""
        if self.kind == "number":
            return number
        if self.kind == "date":
            return Scale("timestamp").value(number * 86_400_000_000.0)
        return self.value(number)

    def spread(self, number: float) -> Value:
        """Turn a difference of values, such as a standard deviation, into one: for times a timedelta.

        What is longer than any timedelta, 2.7 million years, is the longest.
        """
        if self.kind == "number":
            return number
        if isnan(number):
            return None
        try:
            return timedelta(microseconds=round(number * self._microseconds))
        except OverflowError:
            return timedelta.max if number > 0 else timedelta.min

    @property
    def seconds(self) -> float:
        """How many seconds a unit of the numbers is; 1.0 for plain numbers."""
        return 1.0 if self.kind == "number" else self._microseconds / 1e6

    @property
    def _microseconds(self) -> float:
        return 86_400_000_000.0 if self.kind == "date" else 1.0

    def number(self, value: object) -> float:
        """Turn a value, as a person would give it, into the number that stands for it.

        Args:
            value: A number, or for times a datetime, date, time, timedelta or ISO 8601 text. A
                datetime without a zone is taken as UTC.

        Returns:
            The number in the unit of the kind.

        Raises:
            ArgumentError: The value does not fit the column.

        Example:
            >>> Scale("timestamp").number("1970-01-02")
            86400000000.0
        """
        try:
            if self.kind == "number":
                return float(value)  # type: ignore[arg-type]
            if self.kind == "duration":
                return _microseconds(value)
            if self.kind == "time":
                moment = time.fromisoformat(value) if isinstance(value, str) else value
                return _microseconds(datetime.combine(EPOCH, moment) - EPOCH)  # type: ignore[arg-type]
            microseconds = _microseconds(_moment(value) - EPOCH)
        except (TypeError, ValueError, OverflowError):
            raise ArgumentError(
                f"{value!r} ({type(value).__name__}) is no value of this column; "
                f"expected {_EXPECTED[self.kind]}"
            ) from None
        return microseconds / self._microseconds


_EXPECTED = {
    "number": "a number",
    "timestamp": "a datetime or its ISO 8601 text",
    "date": "a date or its ISO 8601 text",
    "time": "a time of day or its ISO 8601 text",
    "duration": "a timedelta",
}


def _microseconds(value: object) -> float:
    if isinstance(value, timedelta):
        return value / _MICROSECOND
    raise TypeError


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    if isinstance(moment, date):
        return datetime.combine(moment, time())
    raise TypeError
