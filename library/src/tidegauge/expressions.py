"""Expressions over the columns of a record, such as ``col("fare") > 0``: built here, evaluated by the kernel.

An expression is its text: that is what goes to the kernel, into profiles and into YAML. The language is
described in the reference, under Expressions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from tidegauge import _kernel
from tidegauge.errors import ArgumentError, whole_characters

if TYPE_CHECKING:
    from decimal import Decimal

    Value = bool | int | float | Decimal | str | date | time | timedelta


class Expression:
    """A value computed from the columns of a record: a condition, or what conditions are made of.

    Made with `col` or `parse_expression`, and combined with ``== != < <= > >= + - * / %``, with ``&``,
    ``|`` and ``~`` for *and*, *or* and *not*, and with methods. Comparing two expressions builds a third, so
    use `same_as` to tell whether they are the same.

    Example:
        >>> from tidegauge import col
        >>> print((col("fare") > 0) & col("city").is_in(["Oslo", "Rome"]))
        fare > 0 and city in ["Oslo", "Rome"]
        >>> print(~(col("fare") + col("tip") < 100) | col("note").is_null())
        not fare + tip < 100 or note is null
    """

    __slots__ = ("_columns", "_condition", "_text")

    def __init__(self, text: str) -> None:
        self._text, columns, self._condition = _kernel.read_expression(text)
        self._columns = tuple(columns)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names, in order of appearance."""
        return self._columns

    @property
    def is_condition(self) -> bool:
        """Whether it is true or false for a record; for a lone column only the data can tell."""
        return self._condition

    def same_as(self, other: object) -> bool:
        """Return whether another expression has the same text: ``==`` builds a comparison.

        Example:
            >>> from tidegauge import col
            >>> (col("x") > 1).same_as(col("x") > 1.0)
            False
        """
        return isinstance(other, Expression) and self._text == str(other)

    # Comparisons

    def __eq__(self, other: object) -> Expression:  # type: ignore[override]
        """Build ``self == other``."""
        return self._with("==", other)

    def __ne__(self, other: object) -> Expression:  # type: ignore[override]
        """Build ``self != other``."""
        return self._with("!=", other)

    def __lt__(self, other: object) -> Expression:
        """Build ``self < other``."""
        return self._with("<", other)

    def __le__(self, other: object) -> Expression:
        """Build ``self <= other``."""
        return self._with("<=", other)

    def __gt__(self, other: object) -> Expression:
        """Build ``self > other``."""
        return self._with(">", other)

    def __ge__(self, other: object) -> Expression:
        """Build ``self >= other``."""
        return self._with(">=", other)

    def between(self, low: object, high: object) -> Expression:
        """Build ``self between low and high``; both bounds are included.

        Example:
            >>> from tidegauge import col
            >>> print(col("distance").between(0, 100))
            distance between 0 and 100
        """
        return Expression(f"({self}) between ({_text(low)}) and ({_text(high)})")

    def is_in(self, values: Iterable[Value]) -> Expression:
        """Build ``self in [values]``.

        Args:
            values: One or more values of one kind.

        Raises:
            ArgumentError: There are none, they are of several kinds, or one is None.

        Example:
            >>> from tidegauge import col
            >>> print(~col("passengers").is_in([1, 2]))
            passengers not in [1, 2]
        """
        if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
            raise ArgumentError(f"is_in() takes a list of values, not {values!r}; for one value write ==")
        members = [_literal(value) for value in values]
        if not members:
            raise ArgumentError("is_in() needs at least one value: nothing is in an empty list")
        return Expression(f"({self}) in [{', '.join(members)}]")

    # Arithmetic

    def __add__(self, other: object) -> Expression:
        """Build ``self + other``."""
        return self._with("+", other)

    def __sub__(self, other: object) -> Expression:
        """Build ``self - other``."""
        return self._with("-", other)

    def __mul__(self, other: object) -> Expression:
        """Build ``self * other``."""
        return self._with("*", other)

    def __truediv__(self, other: object) -> Expression:
        """Build ``self / other``; dividing by zero gives null."""
        return self._with("/", other)

    def __mod__(self, other: object) -> Expression:
        """Build ``self % other``, with the sign of the divisor as in Python."""
        return self._with("%", other)

    def __radd__(self, other: object) -> Expression:
        """Build ``other + self``."""
        return self._after("+", other)

    def __rsub__(self, other: object) -> Expression:
        """Build ``other - self``."""
        return self._after("-", other)

    def __rmul__(self, other: object) -> Expression:
        """Build ``other * self``."""
        return self._after("*", other)

    def __rtruediv__(self, other: object) -> Expression:
        """Build ``other / self``."""
        return self._after("/", other)

    def __rmod__(self, other: object) -> Expression:
        """Build ``other % self``."""
        return self._after("%", other)

    def __neg__(self) -> Expression:
        """Build ``-self``."""
        return Expression(f"-({self})")

    def __abs__(self) -> Expression:
        """Build ``abs(self)``."""
        return Expression(f"abs({self})")

    # Truth

    def __and__(self, other: object) -> Expression:
        """Build ``self and other``."""
        return self._with("and", other)

    def __or__(self, other: object) -> Expression:
        """Build ``self or other``."""
        return self._with("or", other)

    def __rand__(self, other: object) -> Expression:
        """Build ``other and self``."""
        return self._after("and", other)

    def __ror__(self, other: object) -> Expression:
        """Build ``other or self``."""
        return self._after("or", other)

    def __invert__(self) -> Expression:
        """Build ``not self``."""
        return Expression(f"not ({self})")

    def __bool__(self) -> NoReturn:
        """Refuse: only data can tell whether it is true.

        Raises:
            ArgumentError: Always.
        """
        raise ArgumentError(
            f"the expression {self._text!r} has no truth of its own: join expressions with & | ~ in place of "
            "and, or, not, with brackets round each comparison; tell two apart with same_as()"
        )

    def __iter__(self) -> NoReturn:
        """Refuse: an expression is not iterable."""
        raise ArgumentError(f"the expression {self._text!r} is no collection; is_in() takes a list of values")

    # Tests

    def is_null(self) -> Expression:
        """Build ``self is null``.

        Example:
            >>> from tidegauge import col
            >>> print(col("note").is_null())
            note is null
        """
        return Expression(f"({self}) is null")

    def is_not_null(self) -> Expression:
        """Build ``self is not null``."""
        return Expression(f"({self}) is not null")

    def is_nan(self) -> Expression:
        """Build ``is_nan(self)``: the number is NaN. In data from pandas, NaN is null."""
        return Expression(f"is_nan({self})")

    def is_finite(self) -> Expression:
        """Build ``is_finite(self)``: the number is neither NaN nor infinite."""
        return Expression(f"is_finite({self})")

    def matches(self, pattern: str) -> Expression:
        """Build ``self matches "pattern"``: the regular expression occurs in the text.

        Args:
            pattern: In the syntax of Rust's regex crate: like Python's, without back-references and
                look-around. It may match anywhere; ``^`` and ``$`` anchor it to the ends.

        Example:
            >>> from tidegauge import col
            >>> print(col("code").matches("^[A-Z]{3}$"))
            code matches "^[A-Z]{3}$"
        """
        return Expression(f"({self}) matches {_pattern(pattern)}")

    def starts_with(self, part: str) -> Expression:
        """Build ``starts_with(self, "part")``."""
        return Expression(f"starts_with({self}, {_text(part)})")

    def ends_with(self, part: str) -> Expression:
        """Build ``ends_with(self, "part")``."""
        return Expression(f"ends_with({self}, {_text(part)})")

    def contains(self, part: str) -> Expression:
        """Build ``contains(self, "part")``."""
        return Expression(f"contains({self}, {_text(part)})")

    def length(self) -> Expression:
        """Build ``length(self)``: the characters of a text, the bytes of a binary, the elements of a list.

        Example:
            >>> from tidegauge import col
            >>> print(col("code").length() == 3)
            length(code) == 3
        """
        return Expression(f"length({self})")

    # As a value

    def __str__(self) -> str:
        """Return the text, the same for all ways to write one expression."""
        return self._text

    def __repr__(self) -> str:
        """Show the text."""
        return f"Expression({self._text!r})"

    def __hash__(self) -> int:
        """Hash by the text."""
        return hash(self._text)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by the text."""
        return Expression, (self._text,)

    def _with(self, sign: str, other: object) -> Expression:
        return Expression(f"({self}) {sign} ({_text(other)})")

    def _after(self, sign: str, other: object) -> Expression:
        return Expression(f"({_text(other)}) {sign} ({self})")


def col(name: str) -> Expression:
    """Name a column, to build an expression from it.

    Args:
        name: The column's name; ``parent.child`` for a field inside another column.

    Raises:
        ArgumentError: The name is not text.

    Example:
        >>> print(col("fare") > 0)
        fare > 0
        >>> print(col("trip distance") / col("hours") < 120.5)
        `trip distance` / hours < 120.5
    """
    if not isinstance(name, str):
        raise ArgumentError(f"col() takes the name of a column, not {type(name).__name__}; as in col('fare')")
    with whole_characters():
        name.encode()
    return Expression(f"`{name.replace('`', '``')}`")


def parse_expression(text: str) -> Expression:
    """Read an expression from its text.

    Args:
        text: The text, such as ``fare > 0 and city in ["Oslo", "Rome"]``; see the reference, under
            Expressions.

    Raises:
        ArgumentError: It is not an expression; the message says where, and what was expected.

    Example:
        >>> parse_expression("(fare>0) and not(city is null)")
        Expression('fare > 0 and city is not null')
    """
    if not isinstance(text, str):
        raise ArgumentError(f"an expression is text, such as 'fare > 0', not {type(text).__name__}")
    return Expression(text)


def condition_texts(conditions: Any) -> list[tuple[str, str]]:
    """Check what was given as ``conditions=``; return names and texts, as the kernel expects them.

    Raises:
        ArgumentError: It is not a dict from names to expressions or their texts.
    """
    if not isinstance(conditions, Mapping):
        raise ArgumentError(
            f"conditions= takes a dict from names to expressions, not {type(conditions).__name__}; "
            "as in {'fare_positive': col('fare') > 0}"
        )
    for name, expression in conditions.items():
        if not isinstance(name, str):
            raise ArgumentError(f"conditions have names of text, not {name!r}")
        if not isinstance(expression, Expression | str):
            raise ArgumentError(
                f"condition {name!r} must be an expression such as col('fare') > 0, or its text, "
                f"not {type(expression).__name__}"
            )
    return [(name, str(expression)) for name, expression in conditions.items()]


def _text(value: object) -> str:
    return str(value) if isinstance(value, Expression) else _literal(value)


def _literal(value: Any) -> str:
    """Write a value as an expression writes it."""
    from decimal import Decimal

    if hasattr(value, "item") and not isinstance(value, str) and type(value).__module__ == "numpy":
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, Decimal) and value.is_finite():
        text = format(value, "f")
        return text if "." in text else f"{text}.0"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, datetime | date | time):
        return _quoted(value.isoformat())
    if isinstance(value, timedelta):
        return _float(value.total_seconds())
    if value is None:
        raise ArgumentError("nothing equals None: ask with is_null() or is_not_null()")
    raise ArgumentError(
        f"an expression cannot hold a {type(value).__name__}; it takes columns, numbers, text, "
        "True and False, dates, times and durations"
    )


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise ArgumentError(f"an expression cannot hold {value}; ask with is_nan() or is_finite()")
    return float.__repr__(value)


def _quoted(text: str) -> str:
    import json

    with whole_characters():
        text.encode()
    return json.dumps(text, ensure_ascii=False)


def _pattern(pattern: object) -> str:
    if not isinstance(pattern, str):
        raise ArgumentError(f"matches() takes a regular expression as text, not {type(pattern).__name__}")
    return _quoted(pattern)
