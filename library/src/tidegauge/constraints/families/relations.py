"""Relations: what must hold between the metrics of several columns, or of a profile and its reference."""

from __future__ import annotations

from dataclasses import KW_ONLY, field
from datetime import date, datetime
from math import isnan
from typing import TYPE_CHECKING, ClassVar

from tidegauge.constraints import fields, wording
from tidegauge.constraints.bounded import Limited, numbers_of
from tidegauge.constraints.constraint import Constraint, constraint
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.dates import DAYS_AND_LONGER, parts_between
from tidegauge.constraints.estimate import Bounds, Estimate
from tidegauge.constraints.metric_terms import common, read_relation, same_kind
from tidegauge.constraints.result import ConstraintResult
from tidegauge.constraints.units import Moment
from tidegauge.errors import ArgumentError, nearest
from tidegauge.quoting import quoted

if TYPE_CHECKING:
    from tidegauge.constraints.context import Context


@constraint
class Relation(Constraint):
    """A comparison between metrics of columns, such as ``sum(total) == sum(fare) + sum(tip)``.

    Metrics are written as functions of a column: ``distinct distinct_rate kurtosis max mean
    mean_length median min null_rate nulls quantile records skewness stddev sum true_rate values``;
    ``quantile(fare, 0.95)`` takes a rank and ``records()`` needs no column. A metric preceded by
    ``reference.`` is the reference's. Combine metrics with ``+ - * /`` and brackets, and compare with one of
    ``== <= >= < >``. A column whose name is not a plain word goes in backquotes.

    Attributes:
        formula: The comparison.
        tolerance: How far apart the two sides may be and still count as equal, as a share of the larger.

    Example:
        >>> Relation("max(dropoff) >= max(pickup)").label
        'relation max(dropoff) >= max(pickup)'
    """

    noun: ClassVar[str] = "relation"
    formula: str = field(metadata=fields.TEXT)
    _: KW_ONLY
    tolerance: float = field(default=1e-9, metadata=fields.POSITIVE)

    def _complaint(self) -> str:
        try:
            read_relation(self.formula)
        except ArgumentError as error:
            return f"formula: {self.formula!r:.200} is no relation: {error}"
        return ""

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that it reads."""
        left, _, right = read_relation(self.formula)
        return tuple(dict.fromkeys([*left.reads(), *right.reads()]))

    @property
    def expected(self) -> str:
        """What must hold."""
        return self.formula

    def _judge(self, context: Context) -> ConstraintResult:
        left, sign, right = read_relation(self.formula)
        one, other = common(left.estimate(context)), common(right.estimate(context))
        if not same_kind(one.unit, other.unit):
            raise CannotJudgeError("it compares a moment with something else")
        outcome = self._bounds(sign, one, other).outcome(_difference(one, other))
        sides = f"{one.text} on the left, {other.text} on the right"
        tails = {
            "passed": "as expected",
            "failed": "which does not hold",
            "unknown": "which does not tell whether it holds",
        }
        return ConstraintResult(
            self,
            outcome,
            observed=tuple(each.unit.shown(each.value) for each in (one, other)),
            observed_text=f"{one.text} {_opposite(sign, outcome)} {other.text}",
            expected=self.formula,
            why=f"{self.formula}: {sides}, {tails[outcome]}",
            uncertain=outcome == "unknown",
        )

    def _bounds(self, sign: str, one: Estimate, other: Estimate) -> Bounds:
        """Between what the difference of both sides must lie."""
        if isinstance(one.unit, Moment):
            margin = 0.0
        else:
            margin = self.tolerance * max(abs(one.value), abs(other.value))
        strict = sign in ("<", ">")
        low = None if sign in ("<", "<=") else 0.0 if strict else -margin
        high = None if sign in (">", ">=") else 0.0 if strict else margin
        return Bounds(low, high, open_low=strict, open_high=strict)


@constraint
class PartOfDate(Constraint):
    """A column holds a part of the date of the times in another: a month, a day of the year.

    Its least and its greatest value must be that part of some day between the first and the last of the
    times.

    Attributes:
        column: The column's name.
        part: The part: ``month``, ``day of the month``, ``year``, ``day of the year``, ``week of the year``,
            ``quarter``, ``day of the week`` (Monday is 1), or how else weekdays are counted.
        of: The column of times.

    Example:
        >>> PartOfDate("month", part="month", of="pickup").label
        'values of month the month of pickup'
    """

    noun: ClassVar[str] = "values"
    column: str = field(metadata=fields.COLUMN)
    _: KW_ONLY
    part: str = field(metadata=fields.TEXT)
    of: str = field(metadata=fields.COLUMN)

    def _complaint(self) -> str:
        if self.part in _PARTS:
            return ""
        return (
            f"part: there is no {self.part!r}{nearest(self.part, _PARTS)}; there are {wording.listed(_PARTS)}"
        )

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return self.column, self.of

    @property
    def expected(self) -> str:
        """What is expected of it, in words."""
        return f"the {self.part} of {self.of}"

    def _judge(self, context: Context) -> ConstraintResult:
        numbers, _ = numbers_of(context.column(self.column))
        if numbers.kind != "number" or not numbers.n:
            raise CannotJudgeError(f"column {quoted(self.column)} holds no numbers")
        times = context.column(self.of).values
        first, last = (None, None) if times is None else (times.min, times.max)
        if not isinstance(first, date) or not isinstance(last, date):
            raise CannotJudgeError(f"column {quoted(self.of)} holds no times of a calendar")
        possible = parts_between(_PARTS[self.part], _day(first), _day(last))
        ends = numbers.min, numbers.max
        first, last = map(wording.value, ends)
        text = f"all {first}" if ends[0] == ends[1] else f"{first} to {last}"
        parts = f"{self.expected}, which is {wording.listed(map(str, _some(possible)))}"
        passed = possible.issuperset(ends)
        why = f"the values of {self.column} are {text}, {'as expected' if passed else 'expected'}: {parts}"
        return self._result(passed=passed, observed=ends, text=text, why=why)


_PARTS = {part.name: part for part in DAYS_AND_LONGER}
_MOST_TOLD = 8


def _day(time: date) -> date:
    return time.date() if isinstance(time, datetime) else time


def _some(parts: frozenset[int]) -> list[object]:
    """A few parts as they are, of many the first and the last."""
    listed = sorted(parts)
    return [*listed] if len(listed) <= _MOST_TOLD else [f"{listed[0]} to {listed[-1]}"]


def _difference(one: Estimate, other: Estimate) -> Estimate:
    return Estimate(one.value - other.value, one.low - other.high, one.high - other.low)


def _opposite(sign: str, outcome: str) -> str:
    """The sign that stands between what was found."""
    if outcome == "unknown":
        return "?"
    if outcome == "passed":
        return sign
    return {"==": "≠", "<=": ">", ">=": "<", "<": "≥", ">": "≤"}[sign]


@constraint
class Correlation(Limited):
    """Pearson's correlation of two columns, over the records in which both have a finite value.

    Attributes:
        column: One column's name.
        other: The other column's name.
        at_least: The least that passes, -1 to 1.
        at_most: The greatest that passes.
        confidence: Judge by the interval that holds the truth behind the sample with this confidence;
            without it, by what was logged alone.

    Example:
        >>> Correlation("fare", "distance", at_least=0.7).label
        'correlation of fare with distance at least 0.7'
    """

    noun: ClassVar[str] = "correlation"
    column: str = field(metadata=fields.COLUMN)
    other: str = field(metadata=fields.COLUMN)
    _: KW_ONLY
    at_least: float | None = field(default=None, metadata=fields.NUMBER)
    at_most: float | None = field(default=None, metadata=fields.NUMBER)
    confidence: float | None = field(default=None, metadata=fields.CONFIDENCE)

    def _complaint(self) -> str:
        if self.column == self.other:
            return f"column={quoted(self.column)} and other={quoted(self.other)} are one column; give two"
        for name in ("at_least", "at_most"):
            bound = getattr(self, name)
            if bound is not None and not -1 <= bound <= 1:
                return f"{name}={bound!r} is no correlation; those lie between -1 and 1"
        return Limited._complaint(self)  # noqa: SLF001 - super() fails in dataclasses with slots

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return (self.column, self.other)

    @property
    def subject(self) -> str:
        """What is bounded, in words."""
        return f"correlation of {self.column} with {self.other}"

    def measure(self, context: Context) -> Estimate:
        """Find the correlation."""
        for name in self.reads:
            _, unit = numbers_of(context.column(name))
            if isinstance(unit, Moment):
                raise CannotJudgeError(f"column {quoted(name)} holds times, which are not correlated")
        correlation = context.profile.correlation()
        for name in self.reads:
            if name not in correlation.columns:
                raise CannotJudgeError(
                    f"the profile keeps no correlation of column {quoted(name)} with others"
                )
        pair = correlation.pair(self.column, self.other)
        if isnan(pair.r):
            raise CannotJudgeError(
                f"there is no correlation: in the {pair.n:,} records with both, one column does not vary"
            )
        if self.confidence is None:
            return Estimate(pair.r, pair.r, pair.r)
        if isnan(pair.standard_error):
            raise CannotJudgeError("there are too few values to tell the sampling error")
        return Estimate(pair.r, *pair.interval(self.confidence))
