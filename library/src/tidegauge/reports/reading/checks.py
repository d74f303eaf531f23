"""From the result of a suite to the facts of its report."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tidegauge.display.reading import microseconds
from tidegauge.reports.facts.checks import Check, ChecksFacts

if TYPE_CHECKING:
    from tidegauge.constraints.result import ConstraintResult
    from tidegauge.constraints.suite_result import SuiteResult

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_checks(result: SuiteResult) -> ChecksFacts:
    """Read all that the report of a checked suite shows.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.constraints import NullRate, Suite
        >>> read_checks(Suite([NullRate("x", at_most=0.1)]).check(tg.log({"x": [1]}))).checks[0].value
        0.0
    """
    start, end = result.window or (None, None)
    return ChecksFacts(
        result.name,
        result.dataset,
        microseconds(start),
        microseconds(end),
        tuple(result.segment),
        result.records,
        result.outcome,
        tuple(_read(one) for one in result.ranked()),
    )


def _read(result: ConstraintResult) -> Check:
    constraint = result.constraint
    value = _number(result.observed)
    ends: tuple[float, float] | None = None
    limits = None
    if result.bounds is not None:
        limits = (_number(result.bounds[0]), _number(result.bounds[1]))
    if value is not None:
        low, high = (_number(each) for each in result.interval or (None, None))
        ends = (value if low is None else low, value if high is None else high)
    elif isinstance(result.observed, tuple) and len(result.observed) == 2:
        low, high = map(_number, result.observed)
        ends = None if low is None or high is None else (low, high)
    return Check(
        constraint.name or "",
        constraint.subject,
        constraint.family,
        constraint.severity,
        result.outcome,
        result.uncertain,
        result.observed_text,
        result.expected,
        result.why,
        constraint.reason or "",
        value,
        ends,
        limits,
    )


def _number(value: Any) -> float | None:
    """Turn a number or a time into a number; None when it is neither, or not finite."""
    if isinstance(value, datetime):
        value = ((value if value.tzinfo else value.replace(tzinfo=UTC)) - _EPOCH).total_seconds()
    elif isinstance(value, date):
        value = value.toordinal()
    elif isinstance(value, time):
        value = ((value.hour * 60 + value.minute) * 60 + value.second) + value.microsecond / 1e6
    elif isinstance(value, timedelta):
        value = value.total_seconds()
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
