"""Suite: constraints that are checked together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from tidegauge.constraints.constraint import Constraint
from tidegauge.constraints.context import Context
from tidegauge.constraints.references import References
from tidegauge.constraints.suite_result import SuiteResult
from tidegauge.errors import ArgumentError
from tidegauge.expressions import condition_texts, parse_expression
from tidegauge.profile import Profile

if TYPE_CHECKING:
    from datetime import datetime

    from tidegauge.expressions import Expression
    from tidegauge.paths import PathLike
    from tidegauge.profile_set import ProfileSet

VERSION = 1


class Suite(Sequence[Constraint]):
    """Constraints that are checked together: an immutable value, in Python or in a YAML file.

    Args:
        constraints: The constraints, in the order in which they are reported.
        name: What the suite is called in reports.
        conditions: Conditions to count while logging, by name: expressions or their text. Pass them to
            `tidegauge.log` as ``conditions=suite.conditions``.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.constraints import NullRate, Range, Suite
        >>> suite = Suite([NullRate("fare", at_most=0.4), Range("fare", at_least=0)], name="taxi")
        >>> result = suite.check(tg.log({"fare": [5.0, 7.5, None]}))
        >>> result.outcome, [each.outcome for each in result.results]
        ('passed', ['passed', 'passed'])
    """

    __slots__ = ("_conditions", "_constraints", "_name")

    def __init__(
        self,
        constraints: Iterable[Constraint],
        *,
        name: str | None = None,
        conditions: Mapping[str, Expression | str] | None = None,
    ) -> None:
        if name is not None and not isinstance(name, str):
            raise ArgumentError(f"a suite's name is a text, not {type(name).__name__}")
        self._constraints = tuple(_checked(constraints))
        self._name = name
        self._conditions = _condition_texts(conditions)

    # What it holds

    @property
    def name(self) -> str | None:
        """What the suite is called in reports."""
        return self._name

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """The constraints, in the order in which they are reported."""
        return self._constraints

    @property
    def conditions(self) -> dict[str, str]:
        """The conditions to count while logging: expressions as text, by name; a new dict."""
        return dict(self._conditions)

    def __len__(self) -> int:
        """Return how many constraints there are."""
        return len(self._constraints)

    @overload
    def __getitem__(self, index: int) -> Constraint: ...
    @overload
    def __getitem__(self, index: slice) -> Suite: ...
    def __getitem__(self, index: int | slice) -> Constraint | Suite:
        """Return one constraint, or a suite of several of them."""
        if isinstance(index, slice):
            return Suite(self._constraints[index], name=self._name, conditions=self._conditions)
        return self._constraints[index]

    # Checking

    def check(
        self, profile: Profile, reference: Profile | ProfileSet | None = None, *, now: datetime | None = None
    ) -> SuiteResult:
        """Check a profile.

        Args:
            profile: The profile under judgement.
            reference: What comparing constraints compare with: a profile, or a history of profiles; in a set
                with segments, those of the same segment.
            now: The moment from which ages are counted; when None, the end of the profile's window, or
                without a window, the moment when the profile was made.

        Returns:
            The results of all constraints; checking does not stop at the first failure.

        Raises:
            ArgumentError: What was given is not a profile.
            MergeError: The history is of several datasets, and a constraint compares with it merged.
        """
        return self._check(Context(profile, reference, now=now, conditions=self._conditions))

    def check_windows(
        self,
        profiles: Iterable[Profile],
        reference: Profile | ProfileSet | None = None,
        *,
        now: datetime | None = None,
    ) -> tuple[SuiteResult, ...]:
        """Check each profile of a set separately.

        A segment is compared with the same segment of the reference; if there is none, comparing constraints
        are ``unknown``.

        Args:
            profiles: A profile set, or another iterable of profiles.
            reference: As for `check`.
            now: As for `check`.

        Returns:
            A result for each profile, in the same order.

        Raises:
            ArgumentError: What was given are not profiles.

        Example:
            >>> import tidegauge as tg
            >>> from tidegauge.constraints import NullRate, Suite
            >>> data = {"day": ["2013-02-07", "2013-02-08"], "delay": [3.0, None]}
            >>> days = tg.log(data, timestamp="day", window="1d")
            >>> [result.outcome for result in Suite([NullRate("delay", at_most=0.1)]).check_windows(days)]
            ['passed', 'failed']
        """
        given: object = profiles
        if isinstance(given, Profile):
            raise ArgumentError("check_windows() takes several profiles; for one there is check()")
        references = References(reference)
        results = [
            self._check(Context(profile, references, now=now, conditions=self._conditions))
            for profile in profiles
        ]
        return tuple(results)

    def _check(self, context: Context) -> SuiteResult:
        profile = context.profile
        return SuiteResult(
            results=tuple(constraint.check(context) for constraint in self._constraints),
            name=self._name,
            dataset=profile.dataset,
            window=profile.window,
            segment=tuple(profile.segment.items()),
            records=profile.records,
        )

    # To text and files

    def to_plain(self) -> dict[str, Any]:
        """Return the suite as plain values, as a YAML file holds them."""
        plain: dict[str, Any] = {"version": VERSION}
        if self._name is not None:
            plain["name"] = self._name
        if self._conditions:
            plain["conditions"] = dict(self._conditions)
        plain["constraints"] = [constraint.to_plain() for constraint in self._constraints]
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Suite:
        """Make a suite from what `to_plain` returned.

        Raises:
            SuiteError: It is not of that form; the message names the constraint and the field.
        """
        from tidegauge.constraints.documents import suite_of

        return suite_of(plain)

    def to_yaml(self) -> str:
        """Return the suite as the text of a YAML file that `from_yaml` reads back as the same suite.

        Example:
            >>> from tidegauge.constraints import NullRate, Suite
            >>> print(Suite([NullRate("fare", at_most=0.05)], name="taxi").to_yaml(), end="")
            version: 1
            name: taxi
            constraints:
              - null_rate: {column: fare, at_most: 0.05}
        """
        from tidegauge.constraints.yaml_writing import suite_text

        return suite_text(self.to_plain())

    @classmethod
    def from_yaml(cls, text: str, *, source: str = "the suite") -> Suite:
        """Make a suite from the text of a YAML file.

        Nothing in it is ever executed: only texts, numbers, booleans, lists and mappings are read.

        Args:
            text: The text.
            source: What messages call it, usually the file's name.

        Raises:
            SuiteError: It is not a suite; the message names the line, the constraint and the field.
        """
        from tidegauge.constraints.yaml_reading import read_suite

        return read_suite(text, source)

    @classmethod
    def read(cls, path: PathLike) -> Suite:
        """Read a YAML file.

        Raises:
            MissingFileError: There is no such file.
            SuiteError: It is not a suite; the message names the file, the line, the constraint and the field.
        """
        from tidegauge.constraints.yaml_reading import read_file

        return read_file(path)

    def write(self, path: PathLike) -> None:
        """Write a YAML file, completely or not at all.

        Args:
            path: Where to write it; by custom the name ends in ``.yaml``. An existing file is replaced.

        Raises:
            MissingFileError: The folder does not exist.
        """
        from tidegauge.paths import write_text

        write_text(path, self.to_yaml())

    # As a value

    def __add__(self, other: Iterable[Constraint]) -> Suite:
        """Return a suite of the constraints of both, with this one's name and the conditions of both.

        What both say is there once.
        """
        conditions = dict(self._conditions)
        if isinstance(other, Suite):
            for name, text in other.conditions.items():
                if conditions.setdefault(name, text) != text:
                    raise ArgumentError(
                        f"both suites have a condition {name!r}, and they differ: "
                        f"{conditions[name]!r} and {text!r}; give one of them another name"
                    )
        own = set(self._constraints)
        more = [each for each in _checked(other) if each not in own]
        return Suite([*self._constraints, *more], name=self._name, conditions=conditions)

    def __eq__(self, other: object) -> bool:
        """Return whether constraints, name and conditions are the same."""
        return self._identity() == other._identity() if isinstance(other, Suite) else NotImplemented

    def __hash__(self) -> int:
        """Hash by what is compared."""
        return hash(self._identity())

    def _identity(self) -> tuple[object, ...]:
        return self._constraints, self._name, tuple(sorted(self._conditions.items()))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle as what it was made of."""
        return _restore, (self._constraints, self._name, self._conditions)

    def __repr__(self) -> str:
        """Show it as it would be written in Python."""
        parts = "".join(f"\n    {constraint!r}," for constraint in self._constraints)
        listed = f"[{parts}\n]" if parts else "[]"
        name = f", name={self._name!r}" if self._name is not None else ""
        conditions = f", conditions={self._conditions!r}" if self._conditions else ""
        return f"Suite({listed}{name}{conditions})"


def _restore(constraints: tuple[Constraint, ...], name: str | None, conditions: dict[str, str]) -> Suite:
    return Suite(constraints, name=name, conditions=conditions)


def _checked(constraints: Iterable[Constraint]) -> list[Constraint]:
    if not isinstance(constraints, Iterable):
        raise ArgumentError(
            f"a suite takes several constraints, not {type(constraints).__name__}; for one give it in a list"
        )
    found = list(constraints)
    names: set[str] = set()
    known: set[Constraint] = set()
    for each in found:
        if not isinstance(each, Constraint):
            raise ArgumentError(f"a suite holds constraints, not {type(each).__name__}: {each!r:.100}")
        if each.name in names:
            raise ArgumentError(f"two constraints have the name {each.name!r}; a name stands once in a suite")
        if each.name is not None:
            names.add(each.name)
        if each in known:
            raise ArgumentError(f"the constraint {each!r:.200} is there twice; leave one of them out")
        known.add(each)
    return found


def _condition_texts(conditions: Mapping[str, Expression | str] | None) -> dict[str, str]:
    """Check conditions and bring them into the form in which profiles keep them."""
    if conditions is None:
        return {}
    texts = condition_texts(conditions)
    for name, _ in texts:
        if not name:
            raise ArgumentError("a condition has the name ''; give it one")
    found = {}
    for name, text in texts:
        expression = parse_expression(text)
        try:
            check_condition(expression)
        except ArgumentError as error:
            raise ArgumentError(f"condition {name!r}: {error}") from None
        found[name] = str(expression)
    return found


def check_condition(expression: Expression) -> None:
    """Refuse an expression that is neither true nor false for a record.

    Raises:
        ArgumentError: It is a number, a text or a time.

    Example:
        >>> check_condition(parse_expression("fare + 1"))
        Traceback (most recent call last):
        tidegauge.errors.ArgumentError: fare + 1 is not true or false; compare it ..., such as: fare + 1 > 0
    """
    if not expression.is_condition:
        raise ArgumentError(
            f"{expression} is not true or false; compare it with something, such as: {expression} > 0"
        )
