"""Terms over the metrics of columns: ``sum(total) - sum(fare)``, read from text and estimated.

A small language of its own, so that a relation in a file is data and never a program.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.estimate import Estimate
from tidegauge.constraints.units import PLAIN, SHARE, SPAN, Moment, Unit
from tidegauge.errors import ArgumentError, nearest
from tidegauge.metrics.scale import Scale

if TYPE_CHECKING:
    from tidegauge.constraints.context import Context

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+)"
    r"|(?P<name>[^\W\d]\w*(?:\.\w+|\[\])*)"
    r"|`(?P<quoted>(?:[^`]|``)+)`"
    r"|(?P<sign><=|>=|==|!=|[-+*/(),<>]))"
)
MOST_CHARACTERS = 2000
MOST_DEPTH = 50
SIGNS = ("==", "<=", ">=", "<", ">")

Metric: TypeAlias = Callable[["Context", str | None, float | None], Estimate]


class Token(NamedTuple):
    """A word of a relation, and where it begins."""

    kind: str
    text: str
    at: int


class Term(ABC):
    """A number that can be found in a profile; the classes below are its forms."""

    __slots__ = ()

    @abstractmethod
    def estimate(self, context: Context) -> Estimate:
        """Find the number."""

    def reads(self) -> Iterator[str]:
        """Yield the columns that it reads."""
        yield from ()

    def compares(self) -> bool:
        """Tell whether it reads the reference."""
        return False


class Number(Term):
    """A number as it stands."""

    __slots__ = ("value",)

    def __init__(self, value: float) -> None:
        self.value = value

    def estimate(self, context: Context) -> Estimate:  # noqa: ARG002 - a number is the same everywhere
        """Return the number."""
        return Estimate(self.value, self.value, self.value)


class Call(Term):
    """A metric of a column, or of the profile."""

    __slots__ = ("column", "metric", "of_reference", "rank")

    def __init__(self, metric: str, column: str | None, rank: float | None, *, of_reference: bool) -> None:
        self.metric = metric
        self.column = column
        self.rank = rank
        self.of_reference = of_reference

    def estimate(self, context: Context) -> Estimate:
        """Find the metric."""
        from tidegauge.constraints.metric_names import METRICS

        if not self.of_reference:
            return METRICS[self.metric](context, self.column, self.rank)
        reference = context.of_reference()
        try:
            return METRICS[self.metric](reference, self.column, self.rank)
        except CannotJudgeError as error:
            raise CannotJudgeError(f"in the reference, {error}") from None

    def reads(self) -> Iterator[str]:
        """Yield the column."""
        if self.column is not None:
            yield self.column

    def compares(self) -> bool:
        """Tell whether it is of the reference."""
        return self.of_reference


class Operation(Term):
    """Two terms and a sign between them."""

    __slots__ = ("left", "right", "sign")

    def __init__(self, sign: str, left: Term, right: Term) -> None:
        self.sign = sign
        self.left = left
        self.right = right

    def estimate(self, context: Context) -> Estimate:
        """Combine the two, and their intervals."""
        a, b = common(self.left.estimate(context)), common(self.right.estimate(context))
        unit = _combined(self.sign, a.unit, b.unit)
        if self.sign == "/" and (b.low <= 0 <= b.high):
            raise CannotJudgeError("it divides by what is, or may be, zero")
        work = _WORK[self.sign]
        ends = [work(one, other) for one in (a.low, a.high) for other in (b.low, b.high)]
        found = Estimate(work(a.value, b.value), min(ends), max(ends), unit)
        if isinstance(a.unit, Moment):
            value, low, high = (each / 1e6 for each in found[:3])
            return Estimate(value, low, high, SPAN)
        return found

    def reads(self) -> Iterator[str]:
        """Yield the columns of both."""
        yield from self.left.reads()
        yield from self.right.reads()

    def compares(self) -> bool:
        """Tell whether one of them reads the reference."""
        return self.left.compares() or self.right.compares()


_WORK: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def common(estimate: Estimate) -> Estimate:
    """Bring numbers that columns count differently to one unit: dates to moments, decimals to doubles."""
    value, low, high = (float(each) if isinstance(each, Decimal) else each for each in estimate[:3])
    unit = estimate.unit
    if isinstance(unit, Moment) and unit.scale.kind == "duration":
        return Estimate(value / 1e6, low / 1e6, high / 1e6, SPAN)
    if isinstance(unit, Moment) and unit.scale.kind == "date":
        day = 86_400e6
        return Estimate(value * day, low * day, high * day, Moment(Scale("timestamp")))
    return Estimate(value, low, high, unit)


def _combined(sign: str, left: Unit, right: Unit) -> Unit:
    """The unit of what two terms come to; two moments have a difference and nothing else."""
    if isinstance(left, Moment) or isinstance(right, Moment):
        if sign == "-" and same_kind(left, right):
            return SPAN
        raise CannotJudgeError("two moments can be subtracted, and nothing else can be done with a moment")
    if sign in "+-":
        return SPAN if SPAN in (left, right) else SHARE if left is right is SHARE else PLAIN
    return PLAIN


def same_kind(left: Unit, right: Unit) -> bool:
    """Tell whether two units can be compared: moments with moments of their kind, numbers with numbers."""
    if isinstance(left, Moment) and isinstance(right, Moment):
        return left.scale.kind == right.scale.kind
    return not isinstance(left, Moment) and not isinstance(right, Moment)


def tokens_of(text: str) -> list[Token]:
    """Cut a text into words.

    Raises:
        ArgumentError: It holds a character that means nothing here, or is too long.
    """
    if len(text) > MOST_CHARACTERS:
        raise ArgumentError(f"a relation has at most {MOST_CHARACTERS:,} characters, not {len(text):,}")
    found = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            rest = text[at:].lstrip()
            raise ArgumentError(
                f"at character {len(text) - len(rest) + 1}, {rest[:10]!r} means nothing in a relation; "
                "a column whose name is no plain word stands in `backquotes`"
            )
        kind = match.lastgroup or ""
        word = match[kind]
        if kind == "quoted":
            kind, word = "column", word.replace("``", "`")
        found.append(Token(kind, word, match.start(match.lastgroup or 0) + 1))
        at = match.end()
    return found


class Reader:
    """Reads terms from words: the usual order of signs, brackets, and metrics as functions of columns.

    Args:
        text: The relation.
        metrics: What each metric takes: ``profile`` nothing, ``column`` a column, ``rank`` a rank too.
    """

    def __init__(self, text: str, metrics: dict[str, str]) -> None:
        self.words = tokens_of(text)
        self.metrics = metrics
        self.at = 0
        self.depth = 0

    def peek(self) -> str:
        """Return the sign that comes next; empty when it is something else, or nothing."""
        if self.at >= len(self.words) or self.words[self.at].kind != "sign":
            return ""
        return self.words[self.at].text

    def take(self) -> Token:
        """Take the next word."""
        if self.at >= len(self.words):
            raise ArgumentError("it ends too early")
        self.at += 1
        return self.words[self.at - 1]

    def expect(self, sign: str) -> None:
        """Take a sign."""
        word = self.take()
        if word.text != sign or word.kind != "sign":
            raise ArgumentError(f"at character {word.at}, expected {sign!r}, not {word.text!r}")

    def term(self) -> Term:
        """Read sums and differences."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise ArgumentError(f"its brackets are nested more than {MOST_DEPTH} deep")
        found = self._product()
        while self.peek() in ("+", "-"):
            found = Operation(self.take().text, found, self._product())
        self.depth -= 1
        return found

    def _product(self) -> Term:
        found = self._factor()
        while self.peek() in ("*", "/"):
            found = Operation(self.take().text, found, self._factor())
        return found

    def _factor(self) -> Term:
        negative = False
        while self.peek() == "-":
            self.take()
            negative = not negative
        found = self._atom()
        return Operation("-", Number(0), found) if negative else found

    def _atom(self) -> Term:
        word = self.take()
        if word.kind == "number":
            return Number(int(word.text) if word.text.isdigit() else float(word.text))
        if word.text == "(" and word.kind == "sign":
            found = self.term()
            self.expect(")")
            return found
        if word.kind == "name":
            return self._call(word)
        raise ArgumentError(f"at character {word.at}, expected a metric or a number, not {word.text!r}")

    def _call(self, word: Token) -> Term:
        name = word.text
        of_reference = name.startswith("reference.")
        name = name.removeprefix("reference.")
        if name not in self.metrics:
            hint = nearest(name, self.metrics)
            raise ArgumentError(f"at character {word.at}, there is no metric {name!r}{hint}")
        self.expect("(")
        column: str | None = None
        rank: float | None = None
        if self.metrics[name] != "profile" or self.peek() != ")":
            given = self.take()
            if given.kind not in ("name", "column"):
                raise ArgumentError(f"at character {given.at}, {name}() needs a column, not {given.text!r}")
            column = given.text
        if self.metrics[name] == "rank":
            self.expect(",")
            given = self.take()
            if given.kind != "number" or not 0 <= float(given.text) <= 1:
                raise ArgumentError(
                    f"at character {given.at}, {name}() needs a rank from 0 to 1, not {given.text!r}"
                )
            rank = float(given.text)
        self.expect(")")
        return Call(name, column, rank, of_reference=of_reference)


@lru_cache(maxsize=1000)
def read_relation(text: str) -> tuple[Term, str, Term]:
    """Read a relation: a term, a comparison, a term.

    Args:
        text: Such as ``sum(total) == sum(fare) + sum(tip)``.

    Raises:
        ArgumentError: It is not a relation; the message says where.
    """
    from tidegauge.constraints.metric_names import TAKES

    reader = Reader(text, TAKES)
    left = reader.term()
    if reader.at >= len(reader.words):
        raise ArgumentError(f"it compares nothing; expected one of {', '.join(SIGNS)} between two terms")
    sign = reader.take()
    if sign.text not in SIGNS:
        raise ArgumentError(f"at character {sign.at}, expected one of {', '.join(SIGNS)}, not {sign.text!r}")
    right = reader.term()
    if reader.at < len(reader.words):
        rest = reader.words[reader.at]
        raise ArgumentError(f"at character {rest.at}, it should end, but {rest.text!r} follows")
    return left, sign.text, right
