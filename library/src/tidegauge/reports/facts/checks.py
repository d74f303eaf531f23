"""What the report of a checked suite shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One constraint and what came of it; numbers are there where it bounds one."""

    name: str
    subject: str
    family: str
    severity: str
    outcome: str
    uncertain: bool
    observed: str
    expected: str
    why: str
    reason: str
    value: float | None = None
    ends: tuple[float, float] | None = None
    limits: tuple[float | None, float | None] | None = None

    @property
    def word(self) -> str:
        """What it is called on the page: a constraint of severity ``warn`` only warns."""
        return "warning" if self.severity == "warn" and self.outcome == "failed" else self.outcome


@dataclass(frozen=True, slots=True)
class ChecksFacts:
    """A suite that was checked: its outcome, and each constraint in the order of reading."""

    suite: str | None
    dataset: str | None
    start: int | None
    end: int | None
    segment: tuple[tuple[str, str | None], ...]
    records: int
    outcome: str
    checks: tuple[Check, ...]

    def of(self, outcome: str, severity: str) -> tuple[Check, ...]:
        """The checks of an outcome and a severity."""
        return tuple(one for one in self.checks if one.outcome == outcome and one.severity == severity)
