"""ConstraintResult: the result of one constraint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from tidegauge.constraints.constraint import Constraint

Outcome: TypeAlias = Literal["passed", "failed", "unknown"]


class CannotJudgeError(Exception):
    """Raised inside a constraint that cannot be judged; becomes the outcome ``unknown``, with its message."""


@dataclass(frozen=True, slots=True)
class ConstraintResult:
    """The result of one constraint: passed, failed, or unknown if the profile cannot tell.

    Attributes:
        constraint: The constraint that was checked.
        outcome: ``passed``, ``failed`` or ``unknown``.
        observed: What was found, as the profile shows it; None if there was nothing to find.
        interval: The values between which the truth lies, if `observed` is an estimate; else None.
        bounds: The least and the greatest value that pass, None for an open side; None if the constraint has
            another form. Bounds relative to a reference appear as computed.
        observed_text: `observed` in words, with its interval.
        expected: What was expected, in words.
        why: One sentence that explains the outcome.
        uncertain: Whether the outcome is unknown because a bound lies inside the interval.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.constraints import NullRate, Suite
        >>> suite = Suite([NullRate("fare", at_most=0.05)])
        >>> result = suite.check(tg.log({"fare": [5.0, None]})).results[0]
        >>> result.outcome, result.observed, result.expected
        ('failed', 0.5, 'at most 5%')
        >>> result.why
        'the null rate of fare is 50%, expected at most 5%'
    """

    constraint: Constraint
    outcome: Outcome
    observed: Any = None
    interval: tuple[Any, Any] | None = None
    bounds: tuple[Any, Any] | None = None
    observed_text: str = ""
    expected: str = ""
    why: str = ""
    uncertain: bool = False

    @property
    def severity(self) -> Literal["fail", "warn"]:
        """The constraint's severity: whether failing it fails the suite."""
        return self.constraint.severity

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values that ``json.dumps`` accepts."""
        from tidegauge.table import plain

        def pair(given: tuple[Any, Any] | None) -> list[Any] | None:
            return None if given is None else [plain(each) for each in given]

        observed = self.observed
        return {
            "name": self.constraint.label,
            "constraint": self.constraint.to_plain(),
            "family": self.constraint.family,
            "severity": self.severity,
            "outcome": self.outcome,
            "uncertain": self.uncertain,
            "observed": [plain(each) for each in observed]
            if isinstance(observed, tuple)
            else plain(observed),
            "interval": pair(self.interval),
            "bounds": pair(self.bounds),
            "observed_text": self.observed_text,
            "expected": self.expected,
            "why": self.why,
        }
