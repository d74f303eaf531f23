"""Validity: which values there may be."""

from __future__ import annotations

from dataclasses import KW_ONLY, field
from typing import TYPE_CHECKING, Any

from tidegauge.constraints import fields, wording
from tidegauge.constraints.bounded import numbers_of
from tidegauge.constraints.constraint import Constraint, constraint
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.estimate import Bounds
from tidegauge.constraints.result import ConstraintResult
from tidegauge.constraints.units import EXACT, Moment, Unit, unit_of

if TYPE_CHECKING:
    from tidegauge.column import ColumnProfile
    from tidegauge.constraints.context import Context


@constraint
class Range(Constraint):
    """All values of a column lie between bounds: numbers or times, by the exact least and greatest.

    Nulls are no values; infinities are, and NaN lies in no range.

    Attributes:
        column: The column's name.
        at_least: The least value that passes; of times in ISO 8601.
        at_most: The greatest value that passes.
        above: A value that all must exceed.
        below: A value that all must stay under.

    Example:
        >>> Range("fare", at_least=0, at_most=500).label
        'values of fare from 0 to 500'
    """

    column: str = field(metadata=fields.COLUMN)
    _: KW_ONLY
    at_least: Any = field(default=None, metadata=fields.VALUE)
    at_most: Any = field(default=None, metadata=fields.VALUE)
    above: Any = field(default=None, metadata=fields.VALUE)
    below: Any = field(default=None, metadata=fields.VALUE)

    def _complaint(self) -> str:
        low, high = self._low, self._high
        if low is None and high is None:
            return "it bounds nothing; give at_least, at_most, above or below"
        if self.at_least is not None and self.above is not None:
            return "give at_least or above, not both"
        if self.at_most is not None and self.below is not None:
            return "give at_most or below, not both"
        if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
            return f"the least, {low!r}, is more than the greatest, {high!r}"
        return ""

    @property
    def _low(self) -> Any:
        return self.above if self.at_least is None else self.at_least

    @property
    def _high(self) -> Any:
        return self.below if self.at_most is None else self.at_most

    @property
    def subject(self) -> str:
        """What is bounded, in words."""
        return f"values of {self.column}"

    @property
    def expected(self) -> str:
        """Between what they must lie, in words."""
        low = self._low if isinstance(self._low, str) else wording.value(self._low)
        high = self._high if isinstance(self._high, str) else wording.value(self._high)
        if self._high is None:
            return f"{'at least' if self.above is None else 'above'} {low}"
        if self._low is None:
            return f"{'at most' if self.below is None else 'below'} {high}"
        first = "from" if self.above is None else "above"
        return f"{first} {low} {'to' if self.below is None else 'and below'} {high}"

    def _judge(self, context: Context) -> ConstraintResult:
        column = context.column(self.column)
        values = column.values
        if values is None:
            numbers_of(column)  # says why there are none
            raise CannotJudgeError(f"column {self.column!r} holds no numbers")
        unit = EXACT if column.type == "decimal" else unit_of(column)
        bounds = Bounds(
            None if self._low is None else unit.number(self._low),
            None if self._high is None else unit.number(self._high),
            self.expected,
            open_low=self.above is not None,
            open_high=self.below is not None,
        )
        failed = self._outside(column, bounds, unit)
        if not failed:
            numbers_of(column)  # what is no number cannot be judged
        low, high = values.min, values.max
        text = f"{wording.value(low)} to {wording.value(high)}" if values.n else "no finite values"
        why = (
            f"the values of {self.column} {failed}, expected {self.expected}"
            if failed
            else f"the values of {self.column} lie from {text}, as expected: {self.expected}"
        )
        accepted = tuple(None if each is None else unit.shown(each) for each in bounds[:2])
        return ConstraintResult(
            self,
            "failed" if failed else "passed",
            observed=(low, high),
            bounds=accepted,  # type: ignore[arg-type]
            observed_text=text,
            expected=self.expected,
            why=why,
        )

    def _outside(self, column: ColumnProfile, bounds: Bounds, unit: Unit) -> str:
        """Say what lies outside; nothing when all that is known lies inside."""
        counts = column.counts
        values = column.values
        found = []
        if values is not None and values.n:
            least, greatest = (comparable(each, unit) for each in (values.min, values.max))
            if bounds.below(least):
                found.append(f"reach down to {wording.value(values.min)}")
            if bounds.above(greatest):
                found.append(f"reach up to {wording.value(values.max)}")
        if counts.nans:
            found.append(f"have {counts.nans:,} NaN")
        if counts.negative_infinities and bounds.low is not None:
            found.append(f"have {counts.negative_infinities:,} -∞")
        if counts.positive_infinities and bounds.high is not None:
            found.append(f"have {counts.positive_infinities:,} ∞")
        return wording.listed(found)


def comparable(value: Any, unit: Unit) -> Any:
    """Turn the least or greatest value of a column into the number that is compared."""
    if isinstance(unit, Moment) and not isinstance(value, int | float):
        return unit.scale.number(value)
    return value
