"""Constraints that bound one number: by a least, by a greatest, by its change from a reference."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import KW_ONLY, dataclass, field
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from tidegauge.column import stated_of
from tidegauge.constraints import fields, wording
from tidegauge.constraints.constraint import Constraint
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.estimate import Bounds, Estimate, hold
from tidegauge.constraints.units import PLAIN, SHARE, Moment, Unit, nothing_between, unit_of
from tidegauge.quoting import quoted

if TYPE_CHECKING:
    from tidegauge.column import ColumnProfile
    from tidegauge.constraints.context import Context
    from tidegauge.constraints.result import ConstraintResult
    from tidegauge.metrics.numbers import Numbers


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Limited(Constraint):
    """A constraint that bounds one number of a profile by a least and a greatest.

    Attributes:
        at_least: The least that passes.
        at_most: The greatest that passes.
    """

    _: KW_ONLY
    at_least: Any = field(default=None, metadata=fields.NUMBER)
    at_most: Any = field(default=None, metadata=fields.NUMBER)

    def _complaint(self) -> str:
        names = [name for name in ("at_least", "at_most", "at_most_change") if hasattr(self, name)]
        if all(getattr(self, name) is None for name in names):
            return f"it bounds nothing; give {wording.listed(names, 'or')}"
        if nothing_between(self.at_least, self.at_most):
            return f"at_least={self.at_least!r} is more than at_most={self.at_most!r}; nothing lies between"
        return ""

    @abstractmethod
    def measure(self, context: Context) -> Estimate:
        """Find the number that is bounded.

        Raises:
            CannotJudgeError: The profile does not have it.
        """

    @property
    def unit(self) -> Unit:
        """The unit of the bounds, as far as it is known without a profile."""
        return PLAIN

    @property
    def expected(self) -> str:
        """What is expected of the number, in words."""
        return between(self.at_least, self.at_most, self.unit)

    def _judge(self, context: Context) -> ConstraintResult:
        estimate = self.measure(context)
        return hold(self, estimate, self._bounds(context, estimate))

    def _bounds(self, context: Context, estimate: Estimate) -> Bounds:  # noqa: ARG002 - for those that compare
        """Work the bounds out in the unit of the estimate."""
        low, high = (
            None if bound is None else estimate.unit.number(bound) for bound in (self.at_least, self.at_most)
        )
        return Bounds(low, high, self.expected)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Bounded(Limited):
    """A constraint that bounds one number of a profile, or its change from a reference.

    Attributes:
        at_most_change: How far it may lie from the reference's number, as a share of that number.
    """

    _: KW_ONLY
    at_most_change: float | None = field(default=None, metadata=fields.CHANGE)

    @property
    def expected(self) -> str:
        """What is expected of the number, in words."""
        words = between(self.at_least, self.at_most, self.unit)
        if self.at_most_change is None:
            return words
        change = f"within {wording.share(self.at_most_change)} of the reference"
        return f"{words} and {change}" if words else change

    def _bounds(self, context: Context, estimate: Estimate) -> Bounds:
        """Work the bounds out in the unit of the estimate, those of the change by the reference."""
        given = Limited._bounds(self, context, estimate)  # noqa: SLF001 - super() fails in dataclasses with slots
        if self.at_most_change is None:
            return given
        unit = estimate.unit
        if isinstance(unit, Moment) and unit.scale.kind != "duration":
            raise CannotJudgeError("a moment has no change in percent; bound it by at_least and at_most")
        usual = self._usual(context)
        margin = abs(usual) * self.at_most_change
        first, last = usual - margin, usual + margin
        low = first if given.low is None else max(given.low, first)
        high = last if given.high is None else min(given.high, last)
        return Bounds(low, high, f"{self.expected}, which is {_span(first, usual, last, unit)}")

    def _usual(self, context: Context) -> float:
        """The reference's number, which changes are counted from."""
        try:
            return float(self.measure(context.of_reference()).value)
        except CannotJudgeError as error:
            text = str(error)
            raise CannotJudgeError(text if "reference" in text else f"in the reference, {text}") from None


def between(low: Any, high: Any, unit: Unit) -> str:
    """Write bounds in words; empty when there are none.

    Example:
        >>> between(0, None, PLAIN), between(0, 0.5, SHARE), between(2, 2, PLAIN)
        ('at least 0', 'from 0% to 50%', 'exactly 2')
    """
    words = [None if bound is None else _bound(bound, unit) for bound in (low, high)]
    if words[0] is not None and words[1] is not None:
        return f"exactly {words[0]}" if low == high else f"from {words[0]} to {words[1]}"
    if words[0] is not None:
        return f"at least {words[0]}"
    return "" if words[1] is None else f"at most {words[1]}"


def _span(first: float, usual: float, last: float, unit: Unit) -> str:
    """Write where a change ends, with enough digits to tell both ends from the middle."""
    if first == last:
        return f"exactly {unit.text(first, 6)}"
    digits = max(6, *(wording.enough_digits(end, [usual]) for end in (first, last)))
    return f"from {unit.text(first, digits)} to {unit.text(last, digits)}"


def _bound(bound: Any, unit: Unit) -> str:
    return bound if isinstance(bound, str) else unit.text(bound)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BoundedShare(Bounded):
    """A bounded share of records or values, 0 to 1."""

    _: KW_ONLY
    at_least: float | None = field(default=None, metadata=fields.SHARE)
    at_most: float | None = field(default=None, metadata=fields.SHARE)

    @property
    def unit(self) -> Unit:
        """Shares are written in percent."""
        return SHARE


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BoundedCount(Bounded):
    """A bounded count."""

    _: KW_ONLY
    at_least: int | None = field(default=None, metadata=fields.COUNT)
    at_most: int | None = field(default=None, metadata=fields.COUNT)


def is_rounded(column: ColumnProfile) -> bool:
    """Tell whether numbers or times of a column were rounded before they were counted."""
    return bool(stated_of(column).rounded) and column.types.seen not in (
        ("string",),
        ("boolean",),
        ("binary",),
    )


def coarsely(estimate: Estimate, column: ColumnProfile) -> Estimate:
    """Widen an estimate by how far values may lie from those that they were rounded to.

    Args:
        estimate: A number in the unit of the column's values: microseconds of times, days of dates.
        column: The column.

    Raises:
        CannotJudgeError: How they were rounded is not known here.
    """
    stated, values = stated_of(column), column.values
    if values is None or not stated.rounded:
        return estimate
    whole = column.type == "integer"

    def margin(number: Any) -> Any:
        found = stated.margin(float(number), values.kind, whole=whole)
        if not isfinite(found):
            require_unrounded(column, "them by an unknown amount")
        return Decimal(found) if isinstance(number, Decimal) else int(found) if found == int(found) else found

    return estimate._replace(
        low=estimate.low - margin(estimate.low), high=estimate.high + margin(estimate.high)
    )


def error_of_rounding(column: ColumnProfile) -> float:
    """Bound how far rounding can have moved any value of a column, and so their mean; in the column's unit.

    Raises:
        CannotJudgeError: The values were rounded to significant digits, and their extremes are not kept.
    """
    stated, values = stated_of(column), column.values
    if values is None or not stated.rounded:
        return 0.0
    unit = unit_of(column)
    ends: tuple[Any, ...] = (1.0,)
    if values.has_extremes:
        ends = (values.min, values.max)
    elif any(way.startswith("digits") for way in stated.rounded):
        require_unrounded(column, "them by an unknown amount")
    whole = column.type == "integer"
    most = max(
        stated.margin(
            float(
                unit.scale.number(end)
                if isinstance(unit, Moment) and not isinstance(end, int | float)
                else end
            ),
            values.kind,
            whole=whole,
        )
        for end in ends
    )
    if not isfinite(most):
        require_unrounded(column, "them by an unknown amount")
    return most


def require_unrounded(column: ColumnProfile, what: str) -> None:
    """Refuse to judge what rounding may have changed by any amount.

    Raises:
        CannotJudgeError: The values were rounded.
    """
    if is_rounded(column):
        raise CannotJudgeError(
            f"the values of column {quoted(column.name)} were rounded ({column.privacy}), "
            f"which changes {what}"
        )


def numbers_of(column: ColumnProfile) -> tuple[Numbers, Unit]:
    """Return the numbers of a column all of whose values are numbers or times.

    Raises:
        CannotJudgeError: It holds something else, wholly or in part, or nothing.
    """
    values = column.values
    if values is None:
        kind = f"holds {column.type} values" if column.counts.present else "has no values"
        if column.counts.present and stated_of(column).numbers == "off":
            raise CannotJudgeError(
                f"the numbers of column {quoted(column.name)} are kept private ({column.privacy})"
            )
        raise CannotJudgeError(f"column {quoted(column.name)} {kind}; numbers or times are needed")
    counts = column.counts
    others = counts.present - counts.nans - counts.positive_infinities - counts.negative_infinities - values.n
    if others > 0:
        raise CannotJudgeError(
            f"{others:,} of {counts.present:,} values of column {quoted(column.name)} are no numbers "
            f"(types: {wording.listed(column.types.seen)})"
        )
    if not counts.present:
        raise CannotJudgeError(f"column {quoted(column.name)} has no values")
    return values, unit_of(column)
