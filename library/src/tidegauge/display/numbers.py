"""Numbers, shares, estimates and times written for people."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

DASH = "–"
_DAY_MICROSECONDS = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEPS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_UNITS = ((86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "min"), (1_000_000, "s"), (1_000, "ms"))


def grouped(count: int) -> str:
    """Write a count in full, thousands separated.

    Example:
        >>> grouped(336776)
        '336,776'
    """
    return f"{count:,}"


def number(value: float, digits: int = 4) -> str:
    """Write a value short: so many significant digits, and short whole numbers in full.

    Args:
        value: Any number; NaN and None-like gaps show as a dash.
        digits: Significant digits of what is not whole.

    Returns:
        At most about ten characters.

    Example:
        >>> number(12.639), number(2013.0), number(1234567.0), number(0.000012), number(math.nan)
        ('12.64', '2013', '1,234,567', '1.2e-5', '–')
    """
    if math.isnan(value):
        return DASH
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value == 0:
        return "0"
    size = abs(value)
    if value == int(value) and size < 1e8:
        return f"{value:.0f}" if size < 1e4 else f"{value:,.0f}"
    if size >= 1e8 or size < 1e-3:
        return _scientific(value, digits)
    value = float(f"{value:.{digits}g}")
    size = abs(value)
    decimals = max(0, digits - 1 - math.floor(math.log10(size)))
    text = f"{value:,.{decimals}f}" if size >= 1e4 else f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scientific(value: float, digits: int) -> str:
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(exponent)}"


def part_between(value: float, low: float, high: float) -> float:
    """Tell where a value lies between two others: 0 at the low one, 1 at the high one, never beyond.

    Halves are compared, so that it holds to the end of the doubles' range.

    Example:
        >>> part_between(5.0, 0.0, 10.0), part_between(1e308, -1e308, 1e308), part_between(3.0, 3.0, 3.0)
        (0.5, 1.0, 0.5)
    """
    if not high > low or math.isnan(value):
        return 0.5
    if value <= low or value >= high:
        return 0.0 if value <= low else 1.0
    return min(1.0, max(0.0, (value / 2 - low / 2) / (high / 2 - low / 2)))


def fitted(value: float, cells: int) -> str:
    """Write a value in so many cells: with fewer digits, never with some of them cut off.

    Args:
        value: Any number.
        cells: Cells at most.

    Returns:
        The most precise text that fits, or ``…`` when none does.

    Example:
        >>> fitted(-1234567.0, 10), fitted(-1234567.0, 6), fitted(0.000123456, 6), fitted(123.4, 2)
        ('-1,234,567', '-1.23M', '1.2e-4', '…')
    """
    return next((text for text in _ever_shorter(value) if len(text) <= cells), "…")


def _ever_shorter(value: float) -> Iterator[str]:
    yield number(value)
    yield number(value, 3)
    if math.isfinite(value) and value:
        if 1e3 <= abs(value) < 1e15:
            yield from (compact(value), compact(float(f"{value:.2g}")), compact(float(f"{value:.1g}")))
        yield from (_scientific(value, 3), _scientific(value, 2), _scientific(value, 1))
    yield from (number(value, 2), number(value, 1))


def compact(count: float) -> str:
    """Write a large count with three significant digits and a unit.

    Example:
        >>> compact(950), compact(45210.4), compact(1_318_000)
        ('950', '45.2k', '1.32M')
    """
    if not math.isfinite(count):
        return number(count)
    for step, unit in _STEPS:
        if abs(count) >= step * 0.9995:
            return f"{float(f'{count / step:.3g}'):g}{unit}"
    return f"{count:.0f}"


def share(part: float, whole: float) -> str:
    """Write a part of a whole in percent: ``0 %`` and ``100 %`` only when it is exactly that.

    Example:
        >>> share(0, 10), share(8255, 336776), share(1, 10**6), share(10, 10), share(0, 0)
        ('0%', '2.5%', '<0.1%', '100%', '–')
    """
    if not whole:
        return DASH
    percent = 100 * part / whole
    if part <= 0:
        return "0%"
    if part >= whole:
        return "100%"
    if percent < 0.1:
        return "<0.1%"
    if percent > 99.9:
        return ">99.9%"
    text = f"{percent:.1f}"
    return f"{text.removesuffix('.0')}%"


def estimate(value: float, low: float, high: float, *, exact: bool) -> str:
    """Write a count that may be an estimate: exact as it is, estimated as ``≈45,200 ±3%``.

    Args:
        value: The estimate.
        low: Lower end of its interval at 95 %.
        high: Upper end of its interval at 95 %.
        exact: Whether the count is known exactly.

    Returns:
        The count; an estimate is rounded to three significant digits and carries its error, unless that
        is less than 0.05 %.

    Example:
        >>> estimate(16, 16, 16, exact=True), estimate(45210.4, 43800, 46650, exact=False)
        ('16', '≈45,200 ±3%')
    """
    if exact:
        return grouped(round(value))
    if value <= 0 or not math.isfinite(value):
        return "≈" + number(value)
    error = 100 * max(high - value, value - low) / value
    rounded = float(f"{value:.3g}")
    text = f"{rounded:,.0f}" if rounded < 1e6 else compact(rounded)
    if error < 0.05:
        return f"≈{text}"
    return f"≈{text} ±{error:.0f}%" if error >= 1 else f"≈{text} ±{error:.1f}%"


def moment(value: float, kind: str, *, precise: bool = False) -> str:
    """Write a value of a column by its kind: a plain number, a time, a date or a duration.

    Args:
        value: Number; microseconds since the epoch for ``timestamp``, since midnight for ``time``,
            of length for ``duration``; days since the epoch for ``date``.
        kind: ``number``, ``timestamp``, ``date``, ``time`` or ``duration``.
        precise: Keep seconds and six significant digits.

    Returns:
        The text, in UTC where it is a time.

    Example:
        >>> moment(1357016400e6, "timestamp"), moment(15706, "date"), moment(90e6, "duration")
        ('2013-01-01 05:00', '2013-01-01', '1.5min')
    """
    if kind == "number" or not math.isfinite(value):
        return number(value, 6 if precise else 4)
    if kind == "duration":
        return duration(value)
    if kind == "date":
        return _when(value * _DAY_MICROSECONDS, "%Y-%m-%d")
    if kind == "time":
        return _when(value, "%H:%M:%S" if precise or value % 60e6 else "%H:%M")
    return timestamp(value, precise=precise)


def timestamp(microseconds: float, *, precise: bool = False) -> str:
    """Write microseconds since the epoch as a time in UTC; a midnight needs no clock.

    Args:
        microseconds: Since 1970-01-01, UTC.
        precise: Keep seconds, and what is below them.

    Example:
        >>> timestamp(0), timestamp(90_000_000), timestamp(90_000_000, precise=True)
        ('1970-01-01', '1970-01-01 00:01', '1970-01-01 00:01:30')
    """
    if not microseconds % _DAY_MICROSECONDS:
        return _when(microseconds, "%Y-%m-%d")
    if not precise:
        return _when(microseconds, "%Y-%m-%d %H:%M")
    return _when(microseconds, "%Y-%m-%d %H:%M:%S.%f" if microseconds % 1e6 else "%Y-%m-%d %H:%M:%S")


def start_of_window(microseconds: int) -> str:
    """Write the start or end of a window no finer than it is.

    Example:
        >>> start_of_window(86_400_000_000), start_of_window(3_600_000_000), start_of_window(30_000_000)
        ('1970-01-02', '1970-01-01 01:00', '1970-01-01 00:00:30')
    """
    return timestamp(microseconds, precise=bool(microseconds % 60_000_000))


def _when(microseconds: float, pattern: str) -> str:
    try:
        moment_in_time = _EPOCH + timedelta(microseconds=round(microseconds))
    except (OverflowError, ValueError):
        return number(microseconds)
    return moment_in_time.strftime(pattern.replace("%Y", f"{moment_in_time.year:04d}"))


def duration(microseconds: float) -> str:
    """Write a length of time in its greatest fitting unit.

    Example:
        >>> duration(86_400_000_000), duration(1500), duration(12), duration(0)
        ('1d', '1.5ms', '12µs', '0')
    """
    if not microseconds:
        return "0"
    for size, unit in _UNITS:
        if abs(microseconds) >= size:
            return f"{number(microseconds / size)}{unit}"
    return f"{number(microseconds)}µs"


def data_size(count: float) -> str:
    """Write a number of bytes.

    Example:
        >>> data_size(512), data_size(339_000_000)
        ('512 B', '339 MB')
    """
    for step, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= step:
            return f"{count / step:.3g} {unit}"
    return f"{count:.0f} B"
