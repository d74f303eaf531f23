"""Estimates compared with bounds: passed, failed, or unknown if the bound lies inside the interval."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple

from tidegauge.constraints import wording
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.result import ConstraintResult
from tidegauge.constraints.units import PLAIN, Unit

if TYPE_CHECKING:
    from tidegauge.constraints.constraint import Constraint
    from tidegauge.constraints.result import Outcome

CONFIDENCE = 0.99
"""The confidence of the intervals of estimates: that at which sketches state their errors."""


class Estimate(NamedTuple):
    """A number that a profile knows, and between which numbers the truth lies.

    Example:
        >>> Estimate(3, 3, 3).exact
        True
    """

    value: Any
    low: Any
    high: Any
    unit: Unit = PLAIN

    @property
    def exact(self) -> bool:
        """Whether the number is certain."""
        return bool(self.low == self.high)

    @property
    def text(self) -> str:
        """The number in words, with its interval."""
        return self.words(())

    def words(self, bounds: tuple[Any, ...]) -> str:
        """Write the number with enough digits to tell it from bounds that it does not equal."""
        known = [float(bound) for bound in bounds if bound is not None]
        if self.exact:
            return self.unit.text(self.value, wording.enough_digits(float(self.value), known))
        digits = max(wording.enough_digits(float(each), known) for each in (self.low, self.value, self.high))
        low, high = self.unit.text(self.low, digits), self.unit.text(self.high, digits)
        return f"{self.unit.text(self.value, digits)} ({low} to {high})"


def exactly(value: Any, unit: Unit = PLAIN) -> Estimate:
    """Make the estimate of something that is known for certain.

    Raises:
        CannotJudgeError: It is NaN or nothing.
    """
    if value is None or (isinstance(value, float) and isnan(value)):
        raise CannotJudgeError("there are too few values")
    return Estimate(value, value, value, unit)


class Bounds(NamedTuple):
    """What an estimate must lie between, in the numbers of its unit; None for an open side."""

    low: Any = None
    high: Any = None
    words: str = ""
    """What is expected, in words."""
    open_low: bool = False
    """Whether `low` itself is too low."""
    open_high: bool = False
    """Whether `high` itself is too high."""

    def outcome(self, estimate: Estimate) -> Outcome:
        """Hold an estimate against the bounds.

        Example:
            >>> Bounds(0, 10).outcome(Estimate(9, 8, 11)), Bounds(0, 10).outcome(Estimate(9, 8, 10))
            ('unknown', 'passed')
        """
        if self.below(estimate.high) or self.above(estimate.low):
            return "failed"
        return "unknown" if self.below(estimate.low) or self.above(estimate.high) else "passed"

    def below(self, number: Any) -> bool:
        """Tell whether a number is too low."""
        if self.low is None:
            return False
        return bool(number <= self.low if self.open_low else number < self.low)

    def above(self, number: Any) -> bool:
        """Tell whether a number is too high."""
        if self.high is None:
            return False
        return bool(number >= self.high if self.open_high else number > self.high)


def hold(constraint: Constraint, estimate: Estimate, bounds: Bounds, note: str = "") -> ConstraintResult:
    """Hold an estimate against bounds and put the outcome into words.

    Args:
        constraint: Whose estimate it is.
        estimate: What was found.
        bounds: What was expected.
        note: What else is worth knowing; added to the sentence.
    """
    outcome = bounds.outcome(estimate)
    unit = estimate.unit
    text = estimate.words((bounds.low, bounds.high))
    uncertain = outcome == "unknown"
    if outcome == "passed":
        why = f"the {constraint.subject} is {text}, as expected: {bounds.words}"
    elif uncertain:
        why = f"the {constraint.subject} is about {text}, which does not tell whether it is {bounds.words}"
    else:
        why = f"the {constraint.subject} is {text}, expected {bounds.words}"
    accepted = tuple(None if each is None else unit.shown(each) for each in (bounds.low, bounds.high))
    return ConstraintResult(
        constraint,
        outcome,
        observed=unit.shown(estimate.value),
        interval=None if estimate.exact else (unit.shown(estimate.low), unit.shown(estimate.high)),
        bounds=accepted,  # type: ignore[arg-type]
        observed_text=text,
        expected=bounds.words,
        why=f"{why}; {note}" if note else why,
        uncertain=uncertain,
    )
