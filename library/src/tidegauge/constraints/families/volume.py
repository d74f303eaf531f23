"""Volume: how many records there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tidegauge.constraints.bounded import BoundedCount
from tidegauge.constraints.constraint import constraint
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.estimate import Estimate, exactly

if TYPE_CHECKING:
    from tidegauge.constraints.context import Context


@constraint
class Records(BoundedCount):
    """The number of records. A change from a history is counted from the mean of its windows.

    Example:
        >>> Records(at_least=1000).label
        'number of records at least 1,000'
    """

    noun: ClassVar[str] = "number of records"

    def measure(self, context: Context) -> Estimate:
        """Count the records; even an empty profile has a count."""
        return exactly(context.profile.records)

    def _usual(self, context: Context) -> float:
        if context.history is None:
            return float(context.of_reference().profile.records)
        if not len(context.history):
            raise CannotJudgeError("the reference has no windows")
        return context.history.records / len(context.history)
