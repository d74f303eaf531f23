"""Validity: which values are allowed."""

from __future__ import annotations

from dataclasses import KW_ONLY, field
from typing import TYPE_CHECKING, Any, ClassVar

from tidegauge.constraints import fields, wording
from tidegauge.constraints.bounded import (
    Bounded,
    BoundedShare,
    between,
    coarsely,
    numbers_of,
    require_unrounded,
)
from tidegauge.constraints.constraint import Constraint, constraint
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.estimate import Bounds, Estimate, exactly
from tidegauge.constraints.result import ConstraintResult
from tidegauge.constraints.units import EXACT, PLAIN, SHARE, Moment, Unit, nothing_between, unit_of
from tidegauge.quoting import quoted

if TYPE_CHECKING:
    from tidegauge.column import ColumnProfile
    from tidegauge.constraints.context import Context
    from tidegauge.metrics.counts import Counts
    from tidegauge.metrics.numbers import Numbers

_DIGITS = 7
"""Digits that the least and the greatest value are told with, unless a bound is nearer."""


@constraint
class Range(Constraint):
    """All values of a column lie between bounds: numbers or times, by the exact least and greatest.

    Nulls do not count as values; infinities do, and NaN lies in no range.

    Attributes:
        column: The column's name.
        at_least: The least value that passes; for times in ISO 8601.
        at_most: The greatest value that passes.
        above: A value that all must exceed.
        below: A value that all must stay under.

    Example:
        >>> Range("fare", at_least=0, at_most=500).label
        'values of fare from 0 to 500'
    """

    noun: ClassVar[str] = "values"
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
        if nothing_between(low, high, open_ends=self.above is not None or self.below is not None):
            least = "at_least" if self.above is None else "above"
            greatest = "at_most" if self.below is None else "below"
            given = f"{least}={low!r} and {greatest}={high!r}"
            return f"no value lies between {given}; lower {least} or raise {greatest}"
        return ""

    @property
    def _low(self) -> Any:
        return self.above if self.at_least is None else self.at_least

    @property
    def _high(self) -> Any:
        return self.below if self.at_most is None else self.at_most

    @property
    def expected(self) -> str:
        """Between what they must lie, in words."""
        low = self._low if isinstance(self._low, str) else wording.value(self._low)
        high = self._high if isinstance(self._high, str) else wording.value(self._high)
        first = f"{'at least' if self.above is None else 'above'} {low}"
        last = f"{'at most' if self.below is None else 'below'} {high}"
        if self._high is None:
            return first
        if self._low is None:
            return last
        if self.above is None and self.below is None:
            return f"exactly {low}" if self._low == self._high else f"from {low} to {high}"
        return f"{first} and {last}"

    def _judge(self, context: Context) -> ConstraintResult:
        column = context.column(self.column)
        values = column.values
        if values is None:
            numbers_of(column)  # says why there are none
            raise CannotJudgeError(f"column {quoted(self.column)} holds no numbers")
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
            self._require_inside(column, bounds, unit)
        low, high = values.min, values.max
        first, last = (_beside(each, *bounds[:2]) for each in (low, high))
        text = f"{first} to {last}" if values.n else "no finite values"
        if values.n and low == high:
            text = f"all {first}"
        tail = (
            f"{failed}, expected {self.expected}" if failed else f"are {text}, as expected: {self.expected}"
        )
        why = f"the values of {self.column} {tail}"
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

    def _require_inside(self, column: ColumnProfile, bounds: Bounds, unit: Unit) -> None:
        """Refuse to judge values that rounding may have moved over a bound."""
        values = column.values
        if values is None or not values.n:
            return
        least, greatest = (_extent(each, column, unit) for each in (values.min, values.max))
        if bounds.below(least.low) or bounds.above(greatest.high):
            require_unrounded(column, f"whether they are {self.expected}")

    def _outside(self, column: ColumnProfile, bounds: Bounds, unit: Unit) -> str:
        """Say what lies outside; nothing when all that is known lies inside."""
        counts = column.counts
        values = column.values
        found = []
        if values is not None and values.n:
            least, greatest = (_extent(each, column, unit) for each in (values.min, values.max))
            if bounds.below(least.high):
                found.append(f"reach down to {_beside(values.min, bounds.low)}")
            if bounds.above(greatest.low):
                found.append(f"reach up to {_beside(values.max, bounds.high)}")
        if counts.nans:
            found.append(f"have {counts.nans:,} NaN")
        if counts.negative_infinities and bounds.low is not None:
            found.append(f"have {counts.negative_infinities:,} -∞")
        if counts.positive_infinities and bounds.high is not None:
            found.append(f"have {counts.positive_infinities:,} ∞")
        return wording.listed(found)


@constraint
class Finite(Constraint):
    """No value of a column is NaN or infinite.

    Attributes:
        column: The column's name.

    Example:
        >>> Finite("fare").label
        'values of fare all finite'
    """

    noun: ClassVar[str] = "values"
    column: str = field(metadata=fields.COLUMN)

    @property
    def expected(self) -> str:
        """What is expected of them, in words."""
        return "all finite"

    def _judge(self, context: Context) -> ConstraintResult:
        counts = _counts_of_numbers(context, self.column)
        there = {"NaN": counts.nans, "∞": counts.positive_infinities, "-∞": counts.negative_infinities}
        found = [f"{count:,} {name}" for name, count in there.items() if count]
        text = wording.listed(found) or "all finite"
        why = f"among the values of {self.column} are {text}, expected none" if found else ""
        return self._result(passed=not found, observed=sum(there.values()), text=text, why=why)


def _counts_of_numbers(context: Context, name: str) -> Counts:
    """The counts of a column that holds numbers or times alone."""
    column = context.column(name)
    numbers_of(column)
    return column.counts


def _share_of_values(count: int, counts: Counts) -> Estimate:
    return exactly(count / counts.present, SHARE)


@constraint
class NanRate(BoundedShare):
    """The share of a column's values that are NaN; NaN that stands for null is not counted.

    Attributes:
        column: The column's name.

    Example:
        >>> NanRate("score", at_most=0.01).label
        'share of NaN of score at most 1%'
    """

    noun: ClassVar[str] = "share of NaN"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the share; it is exact."""
        counts = _counts_of_numbers(context, self.column)
        return _share_of_values(counts.nans, counts)


@constraint
class InfiniteRate(BoundedShare):
    """The share of a column's values that are infinite, of either sign.

    Attributes:
        column: The column's name.

    Example:
        >>> InfiniteRate("ratio", at_most=0.01).label
        'share of infinite values of ratio at most 1%'
    """

    noun: ClassVar[str] = "share of infinite values"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the share; it is exact."""
        counts = _counts_of_numbers(context, self.column)
        return _share_of_values(counts.positive_infinities + counts.negative_infinities, counts)


@constraint
class ZeroRate(BoundedShare):
    """The share of a column's values that are zero.

    Attributes:
        column: The column's name.

    Example:
        >>> ZeroRate("fare", at_most=0.02).label
        'share of zeros of fare at most 2%'
    """

    noun: ClassVar[str] = "share of zeros"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the share; it is exact."""
        counts = _plain_numbers(context, self.column)
        return _share_of_values(counts.zeros, counts)


@constraint
class NegativeRate(BoundedShare):
    """The share of a column's values that are less than zero, including -∞.

    Attributes:
        column: The column's name.

    Example:
        >>> NegativeRate("fare", at_most=0).label
        'share of negative values of fare at most 0%'
    """

    noun: ClassVar[str] = "share of negative values"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the share; it is exact."""
        counts = _plain_numbers(context, self.column)
        return _share_of_values(counts.negatives, counts)


def _plain_numbers(context: Context, name: str) -> Counts:
    """The counts of a column of plain numbers: zeros and signs of times are not counted."""
    column = context.column(name)
    values, _ = numbers_of(column)
    require_unrounded(column, "which of them are zero or negative")
    if values.kind != "number":
        raise CannotJudgeError(f"column {quoted(name)} holds {column.type} values; plain numbers are needed")
    return column.counts


@constraint
class TrueRate(BoundedShare):
    """The share of a boolean column's values that are true.

    Attributes:
        column: The column's name.

    Example:
        >>> TrueRate("paid", at_least=0.9).label
        'share of true of paid at least 90%'
    """

    noun: ClassVar[str] = "share of true"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the share; it is exact."""
        column = context.column(self.column)
        if column.types.seen != ("boolean",):
            raise CannotJudgeError(_holds(column, "booleans"))
        return _share_of_values(column.counts.trues, column.counts)


@constraint
class EmptyStringRate(BoundedShare):
    """The share of a column's strings that are empty.

    Attributes:
        column: The column's name.

    Example:
        >>> EmptyStringRate("city", at_most=0).label
        'share of empty strings of city at most 0%'
    """

    noun: ClassVar[str] = "share of empty strings"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the share; it is exact."""
        column = context.column(self.column)
        if column.types.seen != ("string",):
            raise CannotJudgeError(_holds(column, "strings"))
        return _share_of_values(column.counts.empty_strings, column.counts)


def _holds(column: ColumnProfile, needed: str) -> str:
    seen = column.types.seen
    held = f"holds {wording.listed(seen)} values" if seen else "has no values"
    return f"column {quoted(column.name)} {held}; {needed} are needed"


def _lengths_of(context: Context, name: str) -> Numbers:
    """The lengths of a column all of whose values have one."""
    column = context.column(name)
    lengths = column.lengths
    others = column.counts.present - lengths.n
    if others > 0:
        raise CannotJudgeError(
            f"{others:,} of {column.counts.present:,} values of column {quoted(name)} have no length"
        )
    if not lengths.n:
        raise CannotJudgeError(f"column {quoted(name)} has no values")
    return lengths


@constraint
class LengthRange(Constraint):
    """All values have a length between bounds: strings in characters, binaries in bytes, lists in elements.

    Attributes:
        column: The column's name.
        at_least: The least length that passes.
        at_most: The greatest length that passes.

    Example:
        >>> LengthRange("country", at_least=2, at_most=2).label
        'lengths of country exactly 2'
    """

    noun: ClassVar[str] = "lengths"
    column: str = field(metadata=fields.COLUMN)
    _: KW_ONLY
    at_least: int | None = field(default=None, metadata=fields.COUNT)
    at_most: int | None = field(default=None, metadata=fields.COUNT)

    def _complaint(self) -> str:
        if self.at_least is None and self.at_most is None:
            return "it bounds nothing; give at_least or at_most"
        if nothing_between(self.at_least, self.at_most):
            return f"at_least={self.at_least!r} is more than at_most={self.at_most!r}; nothing lies between"
        return ""

    @property
    def expected(self) -> str:
        """Between what they must lie, in words."""
        return between(self.at_least, self.at_most, PLAIN)

    def _judge(self, context: Context) -> ConstraintResult:
        lengths = _lengths_of(context, self.column)
        low, high = lengths.min, lengths.max
        passed = (self.at_least is None or low >= self.at_least) and (
            self.at_most is None or high <= self.at_most
        )
        text = f"all {low:,}" if low == high else f"{low:,} to {high:,}"
        tail = f"as expected: {self.expected}" if passed else f"expected {self.expected}"
        return ConstraintResult(
            self,
            "passed" if passed else "failed",
            observed=(low, high),
            bounds=(self.at_least, self.at_most),
            observed_text=text,
            expected=self.expected,
            why=f"the lengths of {self.column} are {text}, {tail}",
        )


@constraint
class MeanLength(Bounded):
    """The mean length of a column's values.

    Attributes:
        column: The column's name.

    Example:
        >>> MeanLength("comment", at_least=20).label
        'mean length of comment at least 20'
    """

    noun: ClassVar[str] = "mean length"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the mean; it is exact."""
        return exactly(_lengths_of(context, self.column).mean)


def _extent(value: Any, column: ColumnProfile, unit: Unit) -> Estimate:
    """The least or greatest value, as far as it is known."""
    return coarsely(exactly(comparable(value, unit), unit), column)


def _beside(value: Any, *bounds: Any) -> str:
    """Write a value with enough digits to tell it from bounds that it does not equal."""
    if not isinstance(value, float):
        return wording.value(value)
    known = [float(bound) for bound in bounds if bound is not None]
    return wording.value(value, max(_DIGITS, wording.enough_digits(value, known)))


def comparable(value: Any, unit: Unit) -> Any:
    """Turn the least or greatest value of a column into the number that is compared."""
    if isinstance(unit, Moment) and not isinstance(value, int | float):
        return unit.scale.number(value)
    return value
