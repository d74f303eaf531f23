"""Freshness: how old the newest record is."""

from __future__ import annotations

from dataclasses import KW_ONLY, field
from typing import TYPE_CHECKING

from tidegauge.constraints import fields
from tidegauge.constraints.bounded import Limited, coarsely
from tidegauge.constraints.constraint import constraint
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.estimate import Estimate, exactly
from tidegauge.constraints.units import SPAN, Unit
from tidegauge.metrics.scale import Scale
from tidegauge.quoting import quoted

if TYPE_CHECKING:
    from datetime import datetime

    from tidegauge.constraints.context import Context

_DAY = 86_400.0


@constraint
class Freshness(Limited):
    """The age of the latest time in a column: how long before a given moment it lies.

    The moment is the ``now`` that the suite is checked with; by default the end of the profile's window, or
    for a profile without a window, the time when it was made. Times without a zone are taken as UTC, a date
    as its midnight.

    Attributes:
        column: The column's name.
        at_least: The least age: ``0s`` refuses times after the moment, ``-5m`` allows some.
        at_most: The greatest age, such as ``2h``.

    Example:
        >>> Freshness("pickup", at_most="2h").label
        'age of the newest pickup at most 2h'
    """

    column: str = field(metadata=fields.COLUMN)
    _: KW_ONLY
    at_least: str | None = field(default=None, metadata=fields.SPAN)
    at_most: str | None = field(default=None, metadata=fields.SPAN)

    @property
    def subject(self) -> str:
        """What is bounded, in words."""
        return f"age of the newest {self.column}"

    @property
    def unit(self) -> Unit:
        """Ages are lengths of time."""
        return SPAN

    def measure(self, context: Context) -> Estimate:
        """Find the age; it is exact, unless times were rounded."""
        column = context.column(self.column)
        values = column.values
        if values is None or values.kind not in ("timestamp", "date"):
            raise CannotJudgeError(
                f"column {quoted(self.column)} holds {column.type} values; times are needed"
            )
        newest = values.max
        if newest is None:
            raise CannotJudgeError(f"column {quoted(self.column)} has no values")
        if not isinstance(newest, int | float):
            newest = Scale(values.kind).number(newest)
        greatest = coarsely(exactly(newest), column)
        unit = _DAY if values.kind == "date" else 1e-6
        now = Scale("timestamp").number(_moment(context)) / 1e6
        # The later the newest record, the younger: so the greatest moment gives the least age.
        oldest, age, youngest = (now - each * unit for each in (greatest.low, newest, greatest.high))
        return Estimate(age, youngest, oldest, SPAN)


def _moment(context: Context) -> datetime:
    if context.now is not None:
        return context.now
    window = context.profile.window
    return context.profile.created if window is None else window.end
