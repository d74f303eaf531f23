"""Constraint: what all constraints have in common, and how each is registered."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeVar, dataclass_transform

from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.fields import SEVERITY, TEXT, MisfitError, kind_of
from tidegauge.constraints.result import ConstraintResult
from tidegauge.errors import ArgumentError, MissingMetricError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tidegauge.constraints.context import Context
    from tidegauge.constraints.fields import Kind

C = TypeVar("C", bound="type[Constraint]")

_TYPES: dict[str, type[Constraint]] = {}
_COMMON = ("severity", "name", "reason")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Constraint(ABC):
    """A predicate on a profile: it passes, fails, or cannot be judged.

    Each constraint is a frozen dataclass in one of the families; `@constraint` makes it one, and registers it
    for suites and YAML files under its name in snake case.

    Attributes:
        severity: ``fail``, or ``warn`` for one that is reported but does not fail the suite.
        name: A name of its own, unique within a suite; by default it is called by what it says.
        reason: Why it is there, for people; shown with the result.

    Example:
        >>> from tidegauge.constraints import NullRate
        >>> constraint = NullRate("fare", at_most=0.05, severity="warn")
        >>> constraint.key, constraint.label, constraint.reads
        ('null_rate', 'null rate of fare at most 5%', ('fare',))
        >>> constraint.to_plain()
        {'null_rate': {'column': 'fare', 'at_most': 0.05, 'severity': 'warn'}}
    """

    key: ClassVar[str] = ""
    """What YAML files call it: the class's name in snake case."""
    family: ClassVar[str] = ""
    """The family it belongs to: the name of its module."""
    noun: ClassVar[str] = ""
    """What is bounded, in words, without the column: ``null rate``."""

    severity: Literal["fail", "warn"] = field(default="fail", metadata=SEVERITY)
    name: str | None = field(default=None, metadata=TEXT)
    reason: str | None = field(default=None, metadata=TEXT)

    def __post_init__(self) -> None:
        """Convert every field to the form in which it is kept.

        Raises:
            ArgumentError: A field is invalid, or the fields together say nothing.
        """
        for each, kind, default in _specification(type(self)):
            given = getattr(self, each)
            if given is None and default is None:
                continue
            try:
                object.__setattr__(self, each, kind.accept(given))
            except MisfitError as error:
                raise ArgumentError(f"{type(self).__name__}: {each}={error}") from None
        complaint = self._complaint()
        if complaint:
            raise ArgumentError(f"{type(self).__name__}: {complaint}")

    def _complaint(self) -> str:
        """Say what is wrong with the fields together; nothing when they fit."""
        return ""

    # What it says

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that it reads; empty for one about the whole profile."""
        column = getattr(self, "column", None)
        return () if column is None else (column,)

    @property
    def subject(self) -> str:
        """What is bounded, in words: ``null rate of fare``."""
        column = getattr(self, "column", None)
        return self.noun if column is None else f"{self.noun} of {column}"

    @property
    @abstractmethod
    def expected(self) -> str:
        """What is expected, in words: ``at most 5%``."""

    @property
    def label(self) -> str:
        """Its name, or else what it says."""
        return self.name or f"{self.subject} {self.expected}"

    # Judging

    def check(self, context: Context) -> ConstraintResult:
        """Judge a profile.

        Args:
            context: The profile, and whatever else there is to judge by.

        Returns:
            The result; ``unknown``, with the reason, if it cannot be judged.
        """
        try:
            return self._judge(context)
        except (CannotJudgeError, MissingMetricError) as error:
            return ConstraintResult(self, "unknown", expected=self.expected, why=str(error))

    @abstractmethod
    def _judge(self, context: Context) -> ConstraintResult:
        """Judge a profile; what cannot be judged is raised."""

    def _result(self, *, passed: bool, observed: Any, text: str, why: str = "") -> ConstraintResult:
        """Make the result of something that is known for certain and not bounded by numbers."""
        tail = "as expected" if passed else "expected"
        return ConstraintResult(
            self,
            "passed" if passed else "failed",
            observed=observed,
            observed_text=text,
            expected=self.expected,
            why=why or f"the {self.subject}: {text}; {tail}: {self.expected}",
        )

    # As plain values

    def to_plain(self) -> dict[str, dict[str, Any]]:
        """Return the constraint as plain values, without fields that are at their defaults."""
        given: dict[str, Any] = {}
        for each, _, default in _specification(type(self)):
            value = getattr(self, each)
            if value != default or type(value) is not type(default):
                given[each] = list(value) if isinstance(value, tuple) else value
        return {self.key: given}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Make a constraint from what `to_plain` returned.

        Raises:
            ArgumentError: It is not of that form.
        """
        from tidegauge.constraints.building import constraint_of

        made = constraint_of(plain)
        if not isinstance(made, cls):
            raise ArgumentError(f"{cls.__name__} is not what {plain!r:.100} says")
        return made

    def __eq__(self, other: object) -> bool:
        """Return whether both are of one kind and mean the same; true is not 1."""
        if not isinstance(other, Constraint):
            return NotImplemented
        return type(self) is type(other) and self._identity() == other._identity()

    def __hash__(self) -> int:
        """Hash by what is compared."""
        return hash((self.key, self._identity()))

    def _identity(self) -> tuple[object, ...]:
        return tuple(_told_apart(getattr(self, each.name)) for each in fields(self))

    def __repr__(self) -> str:
        """Show it as it would be written in Python."""
        by_position = {each.name for each in fields(self) if not each.kw_only}
        parts = []
        for each, _, default in _specification(type(self)):
            value = getattr(self, each)
            if value == default:
                continue
            shown = list(value) if isinstance(value, tuple) else value
            first = each in by_position and default is MISSING
            parts.append(f"{shown!r}" if first else f"{each}={shown!r}")
        return f"{type(self).__name__}({', '.join(parts)})"


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def constraint(cls: C) -> C:
    """Turn a class into a constraint: a frozen dataclass that suites and files know by its name.

    The class is a `Constraint` with ``noun`` or ``subject``, ``expected`` and ``_judge``; each field carries
    one of the kinds of `tidegauge.constraints.fields` as its metadata.

    Raises:
        ArgumentError: There is another constraint of that name.

    Example:
        >>> from tidegauge.constraints import NullRate
        >>> NullRate.key, NullRate.family
        ('null_rate', 'completeness')
    """
    made: Any = dataclass(frozen=True, slots=True, eq=False, repr=False)(cls)
    made.key = _HUMP.sub("_", made.__name__).lower()
    made.family = made.__module__.rpartition(".")[2]
    other = _TYPES.get(made.key)
    if other is not None and (other.__module__, other.__qualname__) != (made.__module__, made.__qualname__):
        raise ArgumentError(f"there are two constraints {made.key!r}; give one of them another name")
    _TYPES[made.key] = made
    return made  # type: ignore[no-any-return]


def _told_apart(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_told_apart, value))
    return (bool, value) if isinstance(value, bool) else value


def constraint_types() -> dict[str, type[Constraint]]:
    """Return the class of every constraint, by what YAML files call it.

    Example:
        >>> from tidegauge.constraints import constraint_types
        >>> constraint_types()["null_rate"].__name__
        'NullRate'
    """
    return dict(_TYPES)


def _specification(cls: type[Constraint]) -> Iterator[tuple[str, Kind, Any]]:
    """Yield the name, the kind and the default of each field: those of its own, then those that all have."""
    every = {each.name: each for each in fields(cls)}
    own = [name for name in every if name not in _COMMON]
    own.sort(key=lambda name: every[name].kw_only is True)  # what may be given by position comes first
    for name in (*own, *_COMMON):
        yield name, kind_of(every[name].metadata), every[name].default


def specification(cls: type[Constraint]) -> tuple[tuple[str, Kind, Any], ...]:
    """Return the name, the kind and the default (``dataclasses.MISSING`` when required) of each field."""
    return tuple(_specification(cls))
