"""SuiteResult: the result of a whole suite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tidegauge.drawn import Drawn

if TYPE_CHECKING:
    from tidegauge.constraints.result import ConstraintResult, Outcome
    from tidegauge.profile import Window


@dataclass(frozen=True, slots=True, repr=False)
class SuiteResult(Drawn):
    """The result of a suite, constraint by constraint.

    It is true if, and only if, the outcome is ``passed``: what cannot be judged does not pass.

    Attributes:
        results: A result for each constraint, in the order of the suite.
        name: The suite's name.
        dataset: The name of the dataset that was checked.
        window: The stretch of time that the profile covers; None when it has none.
        segment: Columns and values that select the records; empty for all.
        records: How many records the profile covers.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.constraints import NullRate, Range, Suite
        >>> suite = Suite([NullRate("fare", at_most=0.05), Range("far", at_least=0)])
        >>> result = suite.check(tg.log({"fare": [5.0, None]}))
        >>> result.outcome, bool(result), [each.constraint.label for each in result.failed]
        ('failed', False, ['null rate of fare at most 5%'])
        >>> result.unknown[0].why
        "the profile has no column 'far'; did you mean 'fare'?"
    """

    results: tuple[ConstraintResult, ...]
    name: str | None = None
    dataset: str | None = None
    window: Window | None = None
    segment: tuple[tuple[str, str | None], ...] = ()
    records: int = 0

    @property
    def outcome(self) -> Outcome:
        """The worst outcome of the constraints of severity ``fail``.

        ``failed`` if one failed, else ``unknown`` if one could not be judged, else ``passed``. Constraints of
        severity ``warn`` do not count.
        """
        outcomes = {result.outcome for result in self.results if result.severity == "fail"}
        if "failed" in outcomes:
            return "failed"
        return "unknown" if "unknown" in outcomes else "passed"

    @property
    def passed(self) -> tuple[ConstraintResult, ...]:
        """The results that passed."""
        return tuple(result for result in self.results if result.outcome == "passed")

    @property
    def failed(self) -> tuple[ConstraintResult, ...]:
        """The results of severity ``fail`` that failed."""
        return self._of("failed", "fail")

    @property
    def unknown(self) -> tuple[ConstraintResult, ...]:
        """The results of severity ``fail`` that could not be judged."""
        return self._of("unknown", "fail")

    @property
    def warnings(self) -> tuple[ConstraintResult, ...]:
        """The results of severity ``warn`` that failed or could not be judged."""
        return self._of("failed", "warn") + self._of("unknown", "warn")

    def _of(self, outcome: str, severity: str) -> tuple[ConstraintResult, ...]:
        return tuple(each for each in self.results if each.outcome == outcome and each.severity == severity)

    def ranked(self) -> tuple[ConstraintResult, ...]:
        """List the results for reading: failed, unknown, warnings, then those that passed."""
        return self.failed + self.unknown + self.warnings + self.passed

    def __bool__(self) -> bool:
        """Return whether the outcome is ``passed``."""
        return self.outcome == "passed"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dicts and lists that ``json.dumps`` accepts."""
        window = self.window
        return {
            "suite": self.name,
            "outcome": self.outcome,
            "dataset": self.dataset,
            "window": window and {"start": window.start.isoformat(), "end": window.end.isoformat()},
            "segment": dict(self.segment),
            "records": self.records,
            "counts": {
                "passed": len(self.passed),
                "failed": len(self.failed),
                "unknown": len(self.unknown),
                "warnings": len(self.warnings),
            },
            "results": [result.to_dict() for result in self.results],
        }

    def json(self) -> str:
        """Return `to_dict` as JSON text."""
        import json

        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False, indent=2)

    def markdown(self) -> str:
        """Return the results as Markdown: a table, with what needs attention first."""
        from tidegauge.reports.suite_markdown import suite_markdown

        return suite_markdown(self)

    def junit(self) -> str:
        """Return the results as JUnit XML for CI servers; each constraint is a test case."""
        from tidegauge.reports.junit import junit

        return junit([self])

    def __repr__(self) -> str:
        """Draw the results for a terminal."""
        from tidegauge.display.suite_text import suite_text

        return suite_text(self)
