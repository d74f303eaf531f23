"""Conditions: expressions over a record, counted while logging."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from tidegauge.constraints import fields, wording
from tidegauge.constraints.bounded import BoundedShare
from tidegauge.constraints.constraint import constraint
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.estimate import Estimate
from tidegauge.constraints.units import SHARE
from tidegauge.errors import nearest
from tidegauge.expressions import parse_expression
from tidegauge.quoting import quoted

if TYPE_CHECKING:
    from tidegauge.constraints.context import Context
    from tidegauge.constraints.result import ConstraintResult
    from tidegauge.metrics.conditions import Condition


@constraint
class ConditionRate(BoundedShare):
    """The share of records for which a condition holds, out of those for which it is true or false.

    A condition is counted while logging: pass the suite's conditions, or any others, to `tidegauge.log` as
    ``conditions=``. Records for which it is null, because a column is, do not count; use `NullRate` to limit
    those. Records for which it could not be judged, because a type did not fit, may be either: if they could
    change the outcome, it is unknown.

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
        """Find the share: exact, unless the condition could not be judged for some records."""
        found = self._condition(context)
        known = found.passed + found.failed
        open_ = self._open(context, found)
        if not known:
            reason = f" ({found.reason})" if found.reason else ""
            raise CannotJudgeError(
                f"the condition {quoted(self.condition)} is null, or cannot be judged, in all "
                f"{wording.counted(context.profile.records, 'record')}{reason}"
            )
        low, high = found.passed / (known + open_), (found.passed + open_) / (known + open_)
        return Estimate(found.passed / known, low, high, SHARE)

    @staticmethod
    def _open(context: Context, found: Condition) -> int:
        """Of how many records the condition may be true or not, for another reason than a null in them."""
        unasked = max(context.profile.records - found.records, 0)
        return unasked + (found.unknown if found.reason else 0)

    def _condition(self, context: Context) -> Condition:
        context.require_records()
        conditions = context.profile.conditions
        if self.condition not in conditions:
            self._require_columns(context)
            raise CannotJudgeError(
                f"the profile has not counted the condition {quoted(self.condition)}: log the data with it"
                f"{nearest(self.condition, conditions)}"
            )
        found = conditions[self.condition]
        meant = context.conditions.get(self.condition, found.expression)
        if meant != found.expression:
            raise CannotJudgeError(
                f"by the condition {quoted(self.condition)} the suite means {quoted(meant)}, "
                f"and the profile has counted {quoted(found.expression)}; "
                "log the data with the suite's conditions"
            )
        return found

    def _require_columns(self, context: Context) -> None:
        """Say which column is missing, where the suite tells what the condition reads."""
        if self.condition in context.conditions:
            for name in parse_expression(context.conditions[self.condition]).columns:
                context.column(name)

    def _judge(self, context: Context) -> ConstraintResult:
        result = BoundedShare._judge(self, context)  # noqa: SLF001 - super() fails in dataclasses with slots
        found = self._condition(context)
        notes = [f"it failed in {wording.counted(found.failed, 'record')}"] if found.failed else []
        if found.unknown and found.reason:
            notes.append(f"in {wording.counted(found.unknown, 'record')} it cannot be judged: {found.reason}")
        elif found.unknown:
            notes.append(f"it is null in {wording.counted(found.unknown, 'record')}, which do not count")
        unasked = context.profile.records - found.records
        if unasked > 0:
            notes.append(f"of {wording.counted(unasked, 'record')} it was not asked")
        note = "".join(f"; {each}" for each in notes)
        return replace(result, why=f"{result.why} ({found.expression}){note}")
