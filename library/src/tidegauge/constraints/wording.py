"""How numbers, names and lists are written in the sentences of results: plain, and never rounded away."""

from __future__ import annotations

from datetime import timedelta
from math import floor, isfinite, log10
from typing import TYPE_CHECKING, Any

from tidegauge.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

_FEWEST_DIGITS = 4
_MOST_DIGITS = 17
_LISTED = 5
_UNITS = ((86_400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))
_SHORT = 10_000.0


def number(value: Any, digits: int = 15) -> str:
    """Write a number with at most so many significant digits, whole ones with separators.

    Example:
        >>> number(1234567), number(0.05), number(193402.7, 4), number(float("inf"))
        ('1,234,567', '0.05', '193,403', '∞')
    """
    if isinstance(value, int):
        return f"{value:,}"
    size = float(value)
    if not isfinite(size):
        return "NaN" if size != size else "∞" if size > 0 else "-∞"
    if size == 0:
        return "0"
    if not 1e-4 <= abs(size) < 1e15:
        return f"{size:.{digits}g}"
    whole = len(f"{abs(size):.0f}") if abs(size) >= 1 else floor(log10(abs(size))) + 1
    text = f"{size:,.{max(digits - whole, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(value: Any, digits: int = 15) -> str:
    """Write a share in percent.

    Example:
        >>> share(0.05), share(0.12345, 3), share(1.0)
        ('5%', '12.3%', '100%')
    """
    return f"{number(round(float(value) * 100, 12), digits)}%"


def duration(seconds: float, digits: int = 6) -> str:
    """Write a stretch of time in the greatest unit in which it is short, else in its greatest with digits.

    Example:
        >>> duration(7200), duration(90), duration(91), duration(-0.5), duration(0), duration(100_000, 4)
        ('2h', '1.5min', '91s', '-0.5s', '0s', '1.157d')
    """
    fitting = [(size, unit) for size, unit in _UNITS if abs(seconds) >= size or unit == "s"]
    for size, unit in fitting:
        short = round(seconds / size, 2)
        if short * size == seconds and abs(short) < _SHORT:
            return f"{number(short)}{unit}"
    size, unit = fitting[0]
    return f"{number(seconds / size, digits)}{unit}"


def value(given: Any, digits: int = 15) -> str:
    """Write a value of a column: a time in ISO 8601, a text in quotes, a number as `number` does.

    Example:
        >>> value("Oslo"), value(12.5), value(True), value(None)
        ("'Oslo'", '12.5', 'true', 'nothing')
    """
    if given is None:
        return "nothing"
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, str):
        return quoted(given)
    if isinstance(given, timedelta):
        return duration(given.total_seconds(), digits)
    if hasattr(given, "isoformat"):
        return str(given.isoformat())
    return number(given, digits)


def listed(names: Iterable[object], conjunction: str = "and") -> str:
    """List names, at most five of them, the last joined by a word.

    Example:
        >>> listed(["a", "b", "c"]), listed(range(9), "or")
        ('a, b and c', '0, 1, 2, 3, 4 or 4 more')
    """
    texts = [str(name) for name in names]
    if len(texts) > _LISTED + 1:
        texts = [*texts[:_LISTED], f"{len(texts) - _LISTED} more"]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {conjunction} {texts[-1]}"


def counted(count: int, noun: str) -> str:
    """Write a count with its noun.

    Example:
        >>> counted(1, "record"), counted(1200, "record")
        ('1 record', '1,200 records')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def enough_digits(given: float, bounds: Iterable[float]) -> int:
    """Find how many digits show on which side of bounds a number lies, or that it is one of them.

    Example:
        >>> enough_digits(0.0500001, [0.05]), enough_digits(0.12345, [0.05]), enough_digits(1.2345, [1.2345])
        (6, 4, 5)
    """
    others = list(bounds)
    for digits in range(_FEWEST_DIGITS, _MOST_DIGITS):
        rounded = float(f"{given:.{digits}g}")
        if all((rounded < other, rounded > other) == (given < other, given > other) for other in others):
            return digits
    return _MOST_DIGITS
