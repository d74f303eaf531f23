"""Distribution: how far columns have moved from a reference."""

from __future__ import annotations

from dataclasses import KW_ONLY, field
from typing import TYPE_CHECKING

from tidegauge.constraints import fields, wording
from tidegauge.constraints.bounded import between
from tidegauge.constraints.constraint import Constraint, constraint
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.estimate import Bounds, Estimate, hold
from tidegauge.constraints.units import PLAIN
from tidegauge.errors import ArgumentError, nearest
from tidegauge.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidegauge.constraints.context import Context
    from tidegauge.constraints.result import ConstraintResult

_TOLD = 3  # columns of which a result tells how they drifted


@constraint
class Drift(Constraint):
    """The distance of a column from the reference, by a measure of your choice.

    A distance also grows by chance, the more so the fewer records there are: `NoDrift` takes that into
    account and needs no threshold.

    Attributes:
        column: The column's name.
        measure: The measure's name, such as ``psi``, ``ks`` or ``jensen_shannon``.
        at_most: The greatest distance that passes.

    Example:
        >>> Drift("fare", measure="psi", at_most=0.2).label
        'psi of fare from the reference at most 0.2'
    """

    column: str = field(metadata=fields.COLUMN)
    _: KW_ONLY
    measure: str = field(metadata=fields.MEASURE)
    at_most: float = field(metadata=fields.POSITIVE)

    @property
    def subject(self) -> str:
        """What is bounded, in words."""
        return f"{self.measure} of {self.column} from the reference"

    @property
    def expected(self) -> str:
        """What is expected of it, in words."""
        return between(None, self.at_most, PLAIN)

    def _judge(self, context: Context) -> ConstraintResult:
        from tidegauge.drift import measures

        measure = measures.get(self.measure)
        current = context.column(self.column)
        try:
            reference = context.of_reference().column(self.column)
        except CannotJudgeError as error:
            text = str(error)
            raise CannotJudgeError(text if "reference" in text else f"in the reference, {text}") from None
        try:
            value = measure.compute(current, reference)
            low, high = measure.interval(current, reference)
        except ArgumentError as error:
            raise CannotJudgeError(str(error)) from None
        estimate = Estimate(value, min(low, value), max(high, value))
        return hold(self, estimate, Bounds(None, self.at_most, self.expected))


@constraint
class NoDrift(Constraint):
    """No column has drifted from the reference, according to `tidegauge.compare`.

    Passes if all columns are stable, fails if one has drifted, and is unknown if there is not enough data to
    tell, or a column of the reference is gone or has another type.

    Attributes:
        columns: The columns to judge; all that both profiles have when None. False discoveries are controlled
            over the columns that are judged together.

    Example:
        >>> NoDrift().label, NoDrift(["fare"]).label
        ('drift of all columns none', 'drift of fare none')
    """

    columns: tuple[str, ...] | None = field(default=None, metadata=fields.COLUMNS)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that it reads; none stands for all."""
        return self.columns or ()

    @property
    def subject(self) -> str:
        """What is bounded, in words."""
        return f"drift of {wording.listed(self.columns) if self.columns else 'all columns'}"

    @property
    def expected(self) -> str:
        """What is expected of it, in words."""
        return "none"

    def _judge(self, context: Context) -> ConstraintResult:
        context.require_records()
        for place in (context, context.of_reference()):
            for name in self.columns or ():
                if name not in place.profile:
                    where = "the profile" if place is context else "the reference"
                    raise CannotJudgeError(
                        f"{where} has no column {quoted(name)}{nearest(name, place.profile.columns)}"
                    )
        report = context.drift(self.columns)
        judged = {name: report[name] for name in self.columns or report.columns}
        if not judged:
            raise CannotJudgeError("profile and reference have no column in common")
        moved = [name for name, each in judged.items() if each.verdict == "drift"]
        if moved:
            whys = _sentences(f"{name} has drifted: {judged[name].why}" for name in moved)
            text = f"drift of {wording.listed(moved)}"
            return self._result(passed=False, observed=tuple(moved), text=text, why=whys)
        retyped = {name for name, *_ in report.schema.retyped}
        # Columns that are not compared on purpose, such as times and identifiers, are left out.
        asked = self.columns or ()
        unclear = [
            f"{name}: {each.why}"
            for name, each in judged.items()
            if each.verdict != "stable" and (each.findings or name in retyped or name in asked)
        ]
        if self.columns is None:
            unclear += [f"{name}: the profile does not have it any more" for name in report.schema.removed]
        if not unclear and not any(each.findings for each in judged.values()):
            unclear = ["no column holds what could be compared"]
        if unclear:
            raise CannotJudgeError(f"it cannot be told whether all is as it was; {_sentences(unclear)}")
        return self._result(passed=True, observed=(), text="none")


def _sentences(whys: Iterable[str]) -> str:
    """Join sentences about columns, at most three of them."""
    told = [each.removesuffix(".") for each in whys]
    more = f"; and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
    return "; ".join(told[:_TOLD]) + more
