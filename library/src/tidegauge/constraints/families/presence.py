"""Presence and schema: which columns there are, in which order, of which type."""

from __future__ import annotations

from dataclasses import KW_ONLY, field
from typing import TYPE_CHECKING, ClassVar, Literal

from tidegauge.constraints import fields, wording
from tidegauge.constraints.bounded import BoundedCount, BoundedShare
from tidegauge.constraints.constraint import Constraint, constraint
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.estimate import Estimate, exactly
from tidegauge.constraints.units import SHARE
from tidegauge.errors import nearest
from tidegauge.quoting import quoted

if TYPE_CHECKING:
    from tidegauge.constraints.context import Context
    from tidegauge.constraints.result import ConstraintResult


def _columns_of(context: Context) -> tuple[str, ...]:
    """The columns there are; without records and columns nothing has been looked at."""
    if not context.profile.columns:
        context.require_records()
    return context.profile.columns


def _outermost(columns: tuple[str, ...], listed: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out fields and elements of listed columns: a struct brings its fields along."""
    parts = tuple(mark for name in listed for mark in (f"{name}.", f"{name}[]"))
    return tuple(name for name in columns if name in listed or not name.startswith(parts))


@constraint
class RequiredColumns(Constraint):
    """All of these columns are present; others may be too.

    Attributes:
        columns: The columns' names.

    Example:
        >>> RequiredColumns(["fare", "city"]).label
        'columns include fare and city'
    """

    noun: ClassVar[str] = "columns"
    columns: tuple[str, ...] = field(metadata=fields.COLUMNS)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return self.columns

    @property
    def expected(self) -> str:
        """Which are expected, in words."""
        return f"include {wording.listed(self.columns)}"

    def _judge(self, context: Context) -> ConstraintResult:
        there = _columns_of(context)
        absent = [name for name in self.columns if name not in there]
        if not absent:
            return self._result(passed=True, observed=there, text="all there")
        others = [name for name in there if name not in self.columns]
        named = wording.listed(map(quoted, absent), "or")
        why = f"there is no column {named}{nearest(absent[0], others) if len(absent) == 1 and others else ''}"
        return self._result(passed=False, observed=there, text=f"without {wording.listed(absent)}", why=why)


@constraint
class ExactColumns(Constraint):
    """These columns are present and no others; fields and elements of a listed column belong to it.

    Attributes:
        columns: The columns' names.
        ordered: Whether they must also come in this order.

    Example:
        >>> ExactColumns(["fare", "city"], ordered=True).label
        'columns are fare and city, in this order'
    """

    noun: ClassVar[str] = "columns"
    columns: tuple[str, ...] = field(metadata=fields.COLUMNS)
    _: KW_ONLY
    ordered: bool = field(default=False, metadata=fields.FLAG)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return self.columns

    @property
    def expected(self) -> str:
        """Which are expected, in words."""
        return f"are {wording.listed(self.columns)}{', in this order' if self.ordered else ''}"

    def _judge(self, context: Context) -> ConstraintResult:
        there = _outermost(_columns_of(context), self.columns)
        absent = [name for name in self.columns if name not in there]
        added = [name for name in there if name not in self.columns]
        found = []
        if absent:
            found.append(f"{wording.listed(map(repr, absent))} {'is' if len(absent) == 1 else 'are'} missing")
        if added:
            verb = "is" if len(added) == 1 else "are"
            found.append(f"{wording.listed(map(repr, added))} {verb} there that nobody expects")
        if self.ordered and not found and there != self.columns:
            found.append(_first_swap(there, self.columns))
        text = "; ".join(found) or "all there, and no others"
        why = f"of the columns, {text}" if found else ""
        return self._result(passed=not found, observed=there, text=text, why=why)


@constraint
class ColumnOrder(Constraint):
    """Columns come in this order; others may come between them.

    Attributes:
        columns: The columns' names, in order.

    Example:
        >>> ColumnOrder(["fare", "city"]).label
        'order of columns is fare, city'
    """

    noun: ClassVar[str] = "order of columns"
    columns: tuple[str, ...] = field(metadata=fields.COLUMNS)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return self.columns

    @property
    def expected(self) -> str:
        """Which order is expected, in words."""
        return f"is {', '.join(self.columns[:6])}{', …' if len(self.columns) > 6 else ''}"

    def _judge(self, context: Context) -> ConstraintResult:
        there = _columns_of(context)
        for name in self.columns:
            if name not in there:
                raise CannotJudgeError(f"the profile has no column {quoted(name)}{nearest(name, there)}")
        found = tuple(name for name in there if name in self.columns)
        if found == self.columns:
            return self._result(passed=True, observed=found, text="as listed")
        swap = _first_swap(found, self.columns)
        return self._result(passed=False, observed=found, text=swap, why=f"in the order of columns, {swap}")


def _first_swap(found: tuple[str, ...], listed: tuple[str, ...]) -> str:
    there, expected = next(pair for pair in zip(found, listed, strict=False) if pair[0] != pair[1])
    return f"{quoted(there)} stands where {quoted(expected)} is expected"


@constraint
class ColumnType(Constraint):
    """A column is of a type, or of one of several.

    Attributes:
        column: The column's name.
        type: The type, or a list of types, as `ColumnProfile.type` names them.

    Example:
        >>> ColumnType("fare", ["integer", "fractional"]).label
        'type of fare integer or fractional'
    """

    noun: ClassVar[str] = "type"
    column: str = field(metadata=fields.COLUMN)
    type: tuple[str, ...] = field(metadata=fields.TYPE)

    @property
    def expected(self) -> str:
        """Which type is expected, in words."""
        return wording.listed(self.type, "or")

    def _judge(self, context: Context) -> ConstraintResult:
        _columns_of(context)
        if self.column not in context.profile:
            context.column(self.column)  # says what is missing
        column = context.profile[self.column]
        if not column.counts.present and column.type not in self.type:
            raise CannotJudgeError(
                f"column {quoted(self.column)} has no values, so that its type is not known"
            )
        seen = column.types.seen
        mixed = f" ({wording.listed(seen)})" if len(seen) > 1 else ""
        text = f"{column.type}{mixed}"
        tail = "as expected" if column.type in self.type else f"expected {self.expected}"
        return self._result(
            passed=column.type in self.type,
            observed=column.type,
            text=text,
            why=f"the type of {self.column} is {text}, {tail}",
        )


@constraint
class ColumnCount(BoundedCount):
    """The number of columns, not counting fields and elements of nested ones.

    Example:
        >>> ColumnCount(at_least=3, at_most=3).label
        'number of columns exactly 3'
    """

    noun: ClassVar[str] = "number of columns"

    def measure(self, context: Context) -> Estimate:
        """Count the columns."""
        there = _columns_of(context)
        parts = tuple(mark for name in there for mark in (f"{name}.", f"{name}[]"))
        return exactly(sum(not name.startswith(parts) for name in there))


@constraint
class TypeRate(BoundedShare):
    """The share of a column's values that are of a type: for columns in which types are mixed.

    Attributes:
        column: The column's name.
        type: The type of single values, as `ColumnProfile.types` counts them.

    Example:
        >>> TypeRate("fare", "string", at_most=0.01).label
        'share of string values of fare at most 1%'
    """

    column: str = field(metadata=fields.COLUMN)
    type: Literal[
        "boolean", "integer", "fractional", "string", "binary", "temporal", "list", "struct", "other"
    ] = field(metadata=fields.VALUE_TYPE)

    @property
    def subject(self) -> str:
        """What is bounded, in words."""
        return f"share of {self.type} values of {self.column}"

    def measure(self, context: Context) -> Estimate:
        """Find the share; it is exact."""
        types = context.column(self.column).types
        total = sum(types)
        if not total:
            raise CannotJudgeError(f"column {quoted(self.column)} has no values")
        count: int = getattr(types, self.type)
        return exactly(count / total, SHARE)
