"""Uniqueness: how many distinct values there are, from the HyperLogLog sketch with its error."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, ClassVar

from tidegauge.constraints import fields, wording
from tidegauge.constraints.bounded import BoundedCount, BoundedShare, is_rounded
from tidegauge.constraints.constraint import Constraint, constraint
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.estimate import CONFIDENCE, Bounds, Estimate, hold
from tidegauge.constraints.units import SHARE
from tidegauge.quoting import quoted

if TYPE_CHECKING:
    from tidegauge.column import ColumnProfile
    from tidegauge.constraints.context import Context
    from tidegauge.constraints.result import ConstraintResult


def _distinct(column: ColumnProfile) -> Estimate:
    cardinality = column.cardinality
    present = column.counts.present
    if not present:
        raise CannotJudgeError(f"column {quoted(column.name)} has no values")
    if is_rounded(column):
        # Rounding may have made one value of several: there may be more than were counted.
        low = round(cardinality.estimate) if cardinality.exact else cardinality.interval(CONFIDENCE)[0]
        return Estimate(min(cardinality.estimate, present), min(low, present), present)
    if cardinality.exact:
        count = round(cardinality.estimate)
        return Estimate(count, count, count)
    low, high = cardinality.interval(CONFIDENCE)
    return Estimate(min(cardinality.estimate, present), min(low, present), min(high, present))


@constraint
class DistinctCount(BoundedCount):
    """The number of distinct values of a column. Nulls do not count as values.

    Attributes:
        column: The column's name.

    Example:
        >>> DistinctCount("carrier", at_most=20).label
        'number of distinct values of carrier at most 20'
    """

    noun: ClassVar[str] = "number of distinct values"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the number, with the sketch's interval at 99 %."""
        return _distinct(context.column(self.column))


@constraint
class DistinctRate(BoundedShare):
    """The number of distinct values of a column as a share of its values. Nulls do not count as values.

    Attributes:
        column: The column's name.

    Example:
        >>> DistinctRate("user", at_least=0.9).label
        'share of distinct values of user at least 90%'
    """

    noun: ClassVar[str] = "share of distinct values"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the share, with the sketch's interval at 99 %."""
        column = context.column(self.column)
        present = column.counts.present
        value, low, high, _ = _distinct(column)
        return Estimate(value / present, low / present, high / present, SHARE)


@constraint
class Unique(Constraint):
    """No value of a column occurs twice. Nulls do not count as values.

    While a column has few values, their number is known exactly, and so is the answer. For many values, a
    sketch can tell that some repeat, but never that none does: the result is then unknown. Use `DistinctRate`
    instead, with a bound that allows for the sketch's error.

    Attributes:
        column: The column's name.

    Example:
        >>> Unique("id").label
        'values of id all different'
    """

    noun: ClassVar[str] = "values"
    column: str = field(metadata=fields.COLUMN)

    @property
    def expected(self) -> str:
        """What is expected of them, in words."""
        return "all different"

    def _judge(self, context: Context) -> ConstraintResult:
        column = context.column(self.column)
        present = column.counts.present
        estimate = _distinct(column)
        twice = [item for item in column.frequent_items if item.lower > 1] if _has_items(column) else []
        if twice:
            first = twice[0]
            why = (
                f"the value {wording.value(first.value)} occurs at least {first.lower:,} times in "
                f"{self.column}, expected all different"
            )
            text = f"{estimate.text} distinct of {present:,}"
            return self._result(passed=False, observed=estimate.value, text=text, why=why)
        result = hold(self, estimate, Bounds(present, None, f"all {present:,} different"))
        return _about_the_count(result, self.column, present)


def _has_items(column: ColumnProfile) -> bool:
    return "frequent_items" in column.metrics and not is_rounded(column)


def _about_the_count(result: ConstraintResult, column: str, present: int) -> ConstraintResult:
    """Say the number of what: `hold` speaks of the constraint's subject, which are the values here."""
    from dataclasses import replace

    why = result.why.replace(f"the values of {column}", f"the number of distinct values of {column}", 1)
    return replace(
        result,
        expected="all different",
        observed_text=f"{result.observed_text} distinct of {present:,}",
        why=why,
    )
