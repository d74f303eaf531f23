"""Values: which values are allowed, which are required, and how often one occurs, from the frequent items.

The counts of frequent items have certain bounds. Whatever these leave open is unknown: a list that has
dropped rare values never lets a constraint pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeAlias

from tidegauge.constraints import fields, wording
from tidegauge.constraints.bounded import BoundedShare, is_rounded
from tidegauge.constraints.constraint import Constraint, constraint
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.estimate import Bounds, Estimate, hold
from tidegauge.constraints.units import SHARE
from tidegauge.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidegauge.column import ColumnProfile
    from tidegauge.constraints.context import Context
    from tidegauge.constraints.result import ConstraintResult
    from tidegauge.metrics.frequent_items import FrequentItem, FrequentItems

Key: TypeAlias = Callable[[Any], Any]
_CUT = "…"
_LEAST_CUT = 100  # bytes: a text that ends with … and is shorter is a text that ends with …


class _Items(NamedTuple):
    """The frequent items of a column, with how to look values up among them."""

    items: FrequentItems
    total: int
    key: Key

    def split(self, values: Iterable[Any]) -> tuple[list[FrequentItem], list[FrequentItem]]:
        """Part the items into those among the values and those not; some are cut too short to tell."""
        wanted = {self.key(value) for value in values}
        texts = [value for value in values if isinstance(value, str)]
        inside: list[FrequentItem] = []
        outside: list[FrequentItem] = []
        for item in self.items:
            if _is_cut(item.value):
                if not any(text.startswith(item.value[:-1]) for text in texts):
                    outside.append(item)
            else:
                (inside if self.key(item.value) in wanted else outside).append(item)
        return inside, outside


def _is_cut(value: Any) -> bool:
    return isinstance(value, str) and value.endswith(_CUT) and len(value.encode()) > _LEAST_CUT


def _items_of(context: Context, name: str) -> _Items:
    column = context.column(name)
    items = column.frequent_items
    if not column.counts.present:
        raise CannotJudgeError(f"column {quoted(name)} has no values")
    if items.hashed:
        raise CannotJudgeError(
            f"the frequent items of column {quoted(name)} are hashed with a key: "
            "no value can be found among them"
        )
    if is_rounded(column):
        raise CannotJudgeError(f"the values of column {quoted(name)} were rounded ({column.privacy})")
    return _Items(items, column.counts.present, _key_of(column))


def _key_of(column: ColumnProfile) -> Key:
    """How values of a column are told apart: a number from a text, true from 1."""
    if column.type == "decimal":
        return _decimal_key
    if column.type == "mixed":
        return _text_key
    return _typed_key


def _typed_key(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return "text", value.isoformat()
    if isinstance(value, str | bool):
        return "text" if isinstance(value, str) else "boolean", value
    return "number", value


def _decimal_key(value: Any) -> Any:
    try:
        return Decimal(repr(value) if isinstance(value, float) else value)
    except (InvalidOperation, TypeError, ValueError):
        return str(value)


def _text_key(value: Any) -> str:
    """Items of a column of several types are text, whatever they were."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@constraint
class ValueSet(Constraint):
    """All values of a column, or all but a given share, are among those listed. Nulls do not count as values.

    Attributes:
        column: The column's name.
        values: The allowed values: texts, numbers, booleans, dates in ISO 8601.
        at_most_outside: The share of values that may be others.

    Example:
        >>> ValueSet("payment", ["cash", "card"]).label
        "values of payment among 'cash' and 'card'"
    """

    noun: ClassVar[str] = "values"
    column: str = field(metadata=fields.COLUMN)
    values: tuple[Any, ...] = field(metadata=fields.VALUES)
    _: KW_ONLY
    at_most_outside: float = field(default=0.0, metadata=fields.SHARE)

    @property
    def expected(self) -> str:
        """Which values are expected, in words."""
        but = f", all but {wording.share(self.at_most_outside)}" if self.at_most_outside else ""
        return f"among {wording.listed(map(wording.value, self.values))}{but}"

    def _judge(self, context: Context) -> ConstraintResult:
        found = _items_of(context, self.column)
        inside, outside = found.split(self.values)
        sure = sum(item.lower for item in outside) / found.total
        possible = (found.total - sum(item.lower for item in inside)) / found.total
        estimate = Estimate(sure, sure, max(sure, possible), SHARE)
        allowed = f"at most {wording.share(self.at_most_outside)}" if self.at_most_outside else "none"
        result = hold(self, estimate, Bounds(None, self.at_most_outside, allowed), _outsiders(outside))
        return _about_the_share(result, self)


def _outsiders(outside: list[FrequentItem]) -> str:
    known = [item for item in outside if item.lower]
    listed = wording.listed(f"{_short(item.value)} ({item.lower:,})" for item in known)
    return f"these are {listed}" if known else ""


def _short(value: Any) -> str:
    text = wording.value(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _about_the_share(result: ConstraintResult, owner: Constraint) -> ConstraintResult:
    """Say the share of what: `hold` speaks of the constraint's subject, which are the values here."""
    from dataclasses import replace

    share = f"the share of values of {getattr(owner, 'column', '')} outside the set"
    why = result.why.replace(f"the {owner.subject}", share, 1)
    if result.outcome == "passed":
        why = f"the values of {getattr(owner, 'column', '')} are {owner.expected}, as expected"
    text = (
        "none outside" if not result.observed and not result.uncertain else f"{result.observed_text} outside"
    )
    return replace(result, expected=owner.expected, observed_text=text, why=why)


@constraint
class RequiredValues(Constraint):
    """Each of these values occurs in a column.

    An uncommon value may be missing from a few records by chance: `among` says how many values there must be
    for its absence to mean something.

    Attributes:
        column: The column's name.
        values: The required values.
        among: The number of values, of any kind, from which on all of these must occur; with fewer, it
            passes.

    Example:
        >>> RequiredValues("carrier", ["UA", "AA"]).label
        "values of carrier include 'UA' and 'AA'"
        >>> RequiredValues("carrier", ["HA"], among=500).label
        "values of carrier include 'HA' where there are 500 or more"
    """

    noun: ClassVar[str] = "values"
    column: str = field(metadata=fields.COLUMN)
    values: tuple[Any, ...] = field(metadata=fields.VALUES)
    _: KW_ONLY
    among: int = field(default=0, metadata=fields.COUNT)

    @property
    def expected(self) -> str:
        """Which values are expected, in words."""
        where = f" where there are {self.among:,} or more" if self.among else ""
        return f"include {wording.listed(map(wording.value, self.values))}{where}"

    def _judge(self, context: Context) -> ConstraintResult:
        found = _items_of(context, self.column)
        if found.total < self.among:
            text = f"{found.total:,}, too few to miss any"
            return self._result(passed=True, observed=(), text=text)
        there = {found.key(item.value) for item in found.items if item.lower and not _is_cut(item.value)}
        absent = [value for value in self.values if found.key(value) not in there]
        listed = wording.listed(map(_short, absent), "or")
        if not absent:
            return self._result(passed=True, observed=(), text="all there")
        if found.items.exact or _complete(found):
            why = f"the values of {self.column} do not include {listed}"
            return self._result(passed=False, observed=tuple(absent), text=f"without {listed}", why=why)
        raise CannotJudgeError(
            f"the frequent items of column {quoted(self.column)} do not list {listed}, and leave out "
            f"values that occur up to {wording.counted(found.items.error, 'time')}"
        )


def _complete(found: _Items) -> bool:
    """Whether the items kept are all the values there are, though some may be cut short."""
    return sum(item.lower for item in found.items) == found.total and not any(
        _is_cut(item.value) for item in found.items
    )


@constraint
class ValueRate(BoundedShare):
    """The share of a column's values that are one given value. Nulls do not count as values.

    Attributes:
        column: The column's name.
        value: The value: a text, a number, a boolean, or a date in ISO 8601.

    Example:
        >>> ValueRate("payment", "cash", at_most=0.5).label
        "share of 'cash' among the values of payment at most 50%"
    """

    column: str = field(metadata=fields.COLUMN)
    value: Any = field(metadata=fields.ITEM)

    @property
    def subject(self) -> str:
        """What is bounded, in words."""
        return f"share of {_short(self.value)} among the values of {self.column}"

    def measure(self, context: Context) -> Estimate:
        """Find the share and its certain bounds."""
        found = _items_of(context, self.column)
        wanted = found.key(self.value)
        total = found.total
        for item in found.items:
            if not _is_cut(item.value) and found.key(item.value) == wanted:
                low, high = item.lower / total, item.upper / total
                return Estimate((low + high) / 2, low, high, SHARE)
        if any(_is_cut(item.value) and str(self.value).startswith(item.value[:-1]) for item in found.items):
            raise CannotJudgeError("the value is longer than the beginnings that frequent items keep")
        error = 0 if found.items.exact or _complete(found) else found.items.error
        return Estimate(0.0, 0.0, min(error, total) / total, SHARE)
