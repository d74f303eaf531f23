"""What the fields of constraints may hold: one kind for each sort of value.

The same kinds check what a program gives and what a YAML file says, and describe both in the reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite, isnan
from typing import Any

from tidegauge.errors import nearest

_SPAN = re.compile(r"(-?\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_LONGEST_SHOWN = 60


class MisfitError(ValueError):
    """A value that does not fit a field; the message is the tail of one: what else was expected."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of value that a field may hold.

    Attributes:
        name: A word for the reference.
        expected: What may be given, for messages and for the reference.
        read: Turns what was given into the form in which it is kept; raises `MisfitError`.
    """

    name: str
    expected: str
    read: Callable[[Any], Any]

    def accept(self, given: object) -> Any:
        """Turn what was given into the form in which it is kept.

        Raises:
            MisfitError: It does not fit; the message says what was given and what is expected.
        """
        try:
            return self.read(given)
        except MisfitError as error:
            reason = str(error)
            raise MisfitError(f"{shown(given)} is not {self.expected}{reason}") from None


def shown(given: object) -> str:
    """Write what somebody gave, with its type and cut short."""
    try:
        text = repr(given)
    except ValueError:  # a whole number of so many digits that Python does not write it
        text = "a number of thousands of digits"
    if len(text) > _LONGEST_SHOWN:
        text = text[:_LONGEST_SHOWN] + "…"
    return f"{text} ({type(given).__name__})" if not isinstance(given, str | type(None)) else text


def kind_of(metadata: Mapping[Any, Any]) -> Kind:
    """Return the kind that a dataclass's field carries."""
    kind: Kind = metadata["kind"]
    return kind


def _field(name: str, expected: str, read: Callable[[Any], Any]) -> Mapping[str, Kind]:
    return {"kind": Kind(name, expected, read)}


def one_of(*choices: str) -> Mapping[str, Kind]:
    """Make the kind of a field that holds one of a few words."""

    def read(given: object) -> str:
        if isinstance(given, str) and given in choices:
            return given
        hint = nearest(given, choices) if isinstance(given, str) else ""
        raise MisfitError(hint if "did you mean" in hint else "")

    return _field("word", f"one of {', '.join(choices)}", read)


# How each kind is read


def _text(given: object) -> str:
    if isinstance(given, str) and given:
        return given
    raise MisfitError(_quotes(given))


def _column(given: object) -> str:
    if isinstance(given, str):
        return given
    raise MisfitError(_quotes(given))


def _quotes(given: object) -> str:
    return "; put it in quotes" if isinstance(given, bool | int | float) else ""


def _columns(given: object) -> tuple[str, ...]:
    if isinstance(given, str) or not isinstance(given, Iterable) or isinstance(given, Mapping):
        raise MisfitError(f"; for one give [{given}]" if isinstance(given, str) else "")
    names = tuple(given)
    for name in names:
        if not isinstance(name, str):
            raise MisfitError(f": {shown(name)} is no name{_quotes(name)}")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise MisfitError(f": {twice!r} is there twice")
    if not names:
        raise MisfitError(": it is empty")
    return names


def _number(given: object) -> float:
    """Plain numbers, of NumPy too: whatever Python can count with."""
    if isinstance(given, Decimal):
        given = float(given)
    if not isinstance(given, bool | str | bytes) and given is not None:
        if hasattr(given, "__index__"):
            return _whole(int(given.__index__()))
        if hasattr(given, "__float__") and _is_read(float, given) and isfinite(float(given)):
            return float(given)
    raise MisfitError("; write it without quotes" if _looks_like_number(given) else "")


def _whole(number: int) -> int:
    """No number of a profile is as great as what no double holds."""
    if not _is_read(float, number):
        raise MisfitError("; it is too great for any number of a profile")
    return number


def _looks_like_number(given: object) -> bool:
    try:
        return isinstance(given, str) and isfinite(float(given))
    except ValueError:
        return False


def _share(given: object) -> float:
    number = _number(given)
    if not 0 <= number <= 1:
        raise MisfitError(f"; for {number:g} % give {number / 100:g}" if 1 < number <= 100 else "")
    return float(number)


def _rank(given: object) -> float:
    return _share(given)


def _positive(given: object) -> float:
    number = _number(given)
    if number < 0:
        raise MisfitError("")
    return number


def _count(given: object) -> int:
    number = _number(given)
    if number < 0 or number != int(number):
        raise MisfitError("")
    return int(number)


def _value(given: object) -> float | str:
    """A number, or the text of a time: kept as text so that a suite in a file is the same suite."""
    if type(given).__name__ in ("datetime64", "timedelta64"):
        given = _of_numpy(given)
    if given is not None and given != given:  # NaT is a datetime, and no time
        raise MisfitError("")
    if isinstance(given, datetime | date | time):
        return given.isoformat()
    if isinstance(given, timedelta):
        return f"{_plain_number(given.total_seconds())}s"
    if isinstance(given, Decimal):
        return _decimal(given)
    if isinstance(given, str):
        if not _is_value(given):
            raise MisfitError("")
        return given
    return _number(given)


def _of_numpy(given: Any) -> object:
    """Turn a time or a length of time of NumPy's into Python's, down to microseconds."""
    unit = "datetime64[us]" if type(given).__name__ == "datetime64" else "timedelta64[us]"
    return given.astype(unit).item()


def _is_value(text: str) -> bool:
    """Whether a text is a time, a length of time, or the digits of a number."""
    if _SPAN.fullmatch(text):
        return True
    if _is_read(datetime.fromisoformat, text) or _is_read(time.fromisoformat, text):
        return True
    return _is_read(Decimal, text) and Decimal(text).is_finite()


def _is_read(read: Callable[[Any], object], given: Any) -> bool:
    try:
        read(given)
    except (ValueError, TypeError, OverflowError, InvalidOperation):
        return False
    return True


def _decimal(given: Decimal) -> float | str:
    """A float where that says the same, else the digits."""
    if not given.is_finite():
        raise MisfitError("")
    if given == given.to_integral_value() and abs(given) < Decimal(10) ** 30:
        return int(given)
    near = float(given)
    return near if Decimal(repr(near)) == given else str(given)


def _plain_number(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else repr(float(number))


def _values(given: object) -> tuple[Any, ...]:
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise MisfitError(f"; for one give [{given}]" if isinstance(given, str) else "")
    items = tuple(
        _item(item) for item in (sorted(given, key=repr) if isinstance(given, set | frozenset) else given)
    )
    if not items:
        raise MisfitError(": it is empty")
    return items


def _item(given: object) -> Any:
    if isinstance(given, bool | str):
        return given
    if isinstance(given, date | Decimal) or type(given).__name__ == "datetime64":
        return _value(given)
    if isinstance(given, float) and isnan(given):
        raise MisfitError(": NaN equals no value; use nan_rate")
    try:
        return _number(given)
    except MisfitError:
        raise MisfitError(f": {shown(given)} is no text, number or boolean") from None


def _span(given: object) -> str:
    if isinstance(given, timedelta):
        given = f"{_plain_number(given.total_seconds())}s"
    if isinstance(given, str) and _SPAN.fullmatch(given.strip()):
        return given.strip()
    raise MisfitError("")


def _flag(given: object) -> bool:
    if isinstance(given, bool):
        return given
    raise MisfitError("")


def seconds_of(span: str) -> float:
    """Return how many seconds a length of time is.

    Example:
        >>> seconds_of("1.5h"), seconds_of("-5m")
        (5400.0, -300.0)
    """
    match = _SPAN.fullmatch(span)
    if match is None:
        raise MisfitError("")
    return float(match[1]) * _UNITS[match[2]]


TYPES = (
    "null", "boolean", "integer", "fractional", "decimal", "string", "binary", "date", "timestamp", "time",
    "duration", "list", "struct", "other", "mixed",
)  # fmt: skip
"""The types of columns, as `ColumnProfile.type` says them."""

VALUE_TYPES = (
    "boolean", "integer", "fractional", "string", "binary", "temporal", "list", "struct", "other",
)  # fmt: skip
"""The types of single values, as `ColumnProfile.types` counts them."""


def _types(given: object) -> tuple[str, ...]:
    names = (given,) if isinstance(given, str) else _columns(given)
    for name in names:
        if name not in TYPES:
            raise MisfitError(f": {name!r} is none{nearest(name, TYPES)}")
    return names


def _confidence(given: object) -> float:
    number = _number(given)
    if not 0 < number < 1:
        raise MisfitError(f"; for {number:g} % give {number / 100:g}" if 1 < number < 100 else "")
    return number


def _measure(given: object) -> str:
    from tidegauge.drift import measures

    names = [measure.name for measure in measures.all()]
    if isinstance(given, str) and given in names:
        return given
    raise MisfitError(nearest(given, names) if isinstance(given, str) else "")


COLUMN = _field("column", "a column's name", _column)
COLUMNS = _field("columns", "a list of columns' names, each once", _columns)
TEXT = _field("text", "a text", _text)
SHARE = _field("share", "a share from 0 to 1", _share)
RANK = _field("rank", "a rank from 0 to 1, such as 0.95", _rank)
COUNT = _field("count", "a whole number, 0 or more", _count)
NUMBER = _field("number", "a finite number", _number)
POSITIVE = _field("positive", "a finite number, 0 or more", _positive)
VALUE = _field("value", "a finite number, a time in ISO 8601, or a length of time such as 90s", _value)
VALUES = _field("values", "a list of values, at least one", _values)
ITEM = _field("item", "a text, a number or a boolean", _item)
CONFIDENCE = _field("confidence", "a confidence between 0 and 1, such as 0.95", _confidence)
MEASURE = _field("measure", "the name of a drift measure, such as psi", _measure)
TYPE = _field("type", f"a type or a list of types, of {', '.join(TYPES)}", _types)
VALUE_TYPE = one_of(*VALUE_TYPES)
SPAN = _field("span", "a length of time, such as 30s, 15m, 2h, 1d or 1w", _span)
FLAG = _field("flag", "true or false", _flag)
SEVERITY = one_of("fail", "warn")
CHANGE = _field("change", "a share of the reference's value, 0 or more: 0.1 is 10 %", _positive)
