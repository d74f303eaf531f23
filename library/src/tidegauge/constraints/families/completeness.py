"""Completeness: how many values are missing."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, ClassVar

from tidegauge.constraints import fields
from tidegauge.constraints.bounded import BoundedCount, BoundedShare
from tidegauge.constraints.constraint import constraint
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.estimate import Estimate, exactly
from tidegauge.constraints.units import SHARE
from tidegauge.quoting import quoted

if TYPE_CHECKING:
    from tidegauge.column import ColumnProfile
    from tidegauge.constraints.context import Context


def _with_records(context: Context, name: str) -> ColumnProfile:
    column = context.column(name)
    if not column.records:
        raise CannotJudgeError(f"column {quoted(name)} has no records")
    return column


@constraint
class NullRate(BoundedShare):
    """The share of records in which a column is null.

    Attributes:
        column: The column's name.

    Example:
        >>> NullRate("fare", at_most=0.05).label
        'null rate of fare at most 5%'
    """

    noun: ClassVar[str] = "null rate"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the share; it is exact."""
        return exactly(_with_records(context, self.column).null_rate, SHARE)


@constraint
class NullCount(BoundedCount):
    """The number of records in which a column is null.

    Attributes:
        column: The column's name.

    Example:
        >>> NullCount("fare", at_most=10).label
        'number of nulls of fare at most 10'
    """

    noun: ClassVar[str] = "number of nulls"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the number; it is exact."""
        return exactly(_with_records(context, self.column).nulls)


@constraint
class PresenceRate(BoundedShare):
    """The share of records in which a column is present at all, null or not.

    Columns of tables are always present; a key may be missing from some records given as dicts.

    Attributes:
        column: The column's name.

    Example:
        >>> PresenceRate("fare", at_least=1.0).label
        'share of records that have fare at least 100%'
    """

    column: str = field(metadata=fields.COLUMN)

    @property
    def subject(self) -> str:
        """What is bounded, in words."""
        return f"share of records that have {self.column}"

    def measure(self, context: Context) -> Estimate:
        """Find the share; it is exact."""
        column = context.column(self.column)
        if "[]" in self.column:
            raise CannotJudgeError(
                f"column {quoted(self.column)} is of a list's elements, of which a record has many"
            )
        return exactly(column.records / context.profile.records, SHARE)
