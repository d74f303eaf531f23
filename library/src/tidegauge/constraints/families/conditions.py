"""Conditions: expressions over a record, counted while logging."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from tidegauge.constraints import fields, wording
from tidegauge.constraints.bounded import BoundedShare
from tidegauge.constraints.constraint import constraint
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.estimate import Estimate, exactly
from tidegauge.constraints.units import SHARE
from tidegauge.errors import nearest

if TYPE_CHECKING:
    from tidegauge.constraints.context import Context
    from tidegauge.constraints.result import ConstraintResult


@constraint
class ConditionRate(BoundedShare):
    """The share of records in which a condition holds, of those in which it is true or false.

    A condition is counted while logging: hand `tidegauge.log` the suite's conditions, or any others,
    with ``conditions=``. Records in which it is null, because a column is, do not count: how many
    those may be is for `NullRate` to say.

    Attributes:
        condition: The condition's name.

    Example:
        >>> ConditionRate("fare_positive", at_least=0.99).label
        'share of records where fare_positive at least 99%'
    """

    condition: str = field(metadata=fields.TEXT)

    @property
    def subject(self) -> str:
        """What is bounded, in words."""
        return f"share of records where {self.condition}"

    def measure(self, context: Context) -> Estimate:
        """Find the share; it is exact."""
        found = self._condition(context)
        known = found.passed + found.failed
        if not known:
            raise CannotJudgeError(
                f"the condition {self.condition!r} is null in all {wording.counted(found.unknown, 'record')}"
            )
        return exactly(found.passed / known, SHARE)

    def _condition(self, context: Context) -> Any:
        context.require_records()
        conditions = getattr(context.profile, "conditions", {})
        if self.condition not in conditions:
            raise CannotJudgeError(
                f"the profile has not counted the condition {self.condition!r}"
                f"{nearest(self.condition, conditions)}; log the data with conditions="
            )
        return conditions[self.condition]

    def _judge(self, context: Context) -> ConstraintResult:
        result = BoundedShare._judge(self, context)  # noqa: SLF001 - super() does not work in dataclasses with slots
        found = self._condition(context)
        notes = [f"it failed in {wording.counted(found.failed, 'record')}"] if found.failed else []
        if found.unknown:
            notes.append(f"it is null in {wording.counted(found.unknown, 'record')}, which do not count")
        note = "".join(f"; {each}" for each in notes)
        return replace(result, why=f"{result.why} ({found.expression}){note}")
