"""What the report of a comparison shows."""

from dataclasses import dataclass

from tidegauge.display.facts import Column, Heading
from tidegauge.reports.facts.correlation import CorrelationChange

DRIFT = "drift"
STABLE = "stable"
UNTOLD = "not enough data"
MOST_CARDS = 60
"""Columns that are drawn in full at most."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """Two distributions over one axis: shares of the same bins, and the gap of their distribution functions.

    ``gaps[i]`` is the share at or below ``points[i]`` in current, less that in reference; the largest stands
    at `widest`.
    """

    kind: str
    edges: tuple[float, ...]
    now: tuple[float, ...]
    was: tuple[float, ...]
    points: tuple[float, ...] = ()
    gaps: tuple[float, ...] = ()
    of_lengths: bool = False
    outside_now: float = 0.0
    outside_was: float = 0.0

    @property
    def widest(self) -> int:
        """The place of the largest gap among the points."""
        return max(range(len(self.gaps)), key=lambda place: abs(self.gaps[place]), default=0)


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """One finding: evidence, effect with its interval, power and verdict."""

    aspect: str
    test: str
    p_value: float
    adjusted: float
    measure: str
    value: float
    low: float
    high: float
    matters: float
    detectable: float
    verdict: str
    history: str = ""

    @property
    def times(self) -> float:
        """The effect in units of the smallest that matters."""
        return self.value / self.matters if self.matters > 0 else 0.0


@dataclass(frozen=True, slots=True)
class MoverFacts:
    """A value and its share in current and in reference."""

    text: str
    now: float
    was: float


@dataclass(frozen=True, slots=True)
class EffectFacts:
    """One more way to say how large a change is, with its interval at 95 %."""

    measure: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """One column compared."""

    name: str
    kind: str
    verdict: str
    why: str
    findings: tuple[FindingFacts, ...]
    now: Column | None = None
    was: Column | None = None
    overlay: Overlay | None = None
    values: tuple[MoverFacts, ...] = ()
    effects: tuple[EffectFacts, ...] = ()

    @property
    def main(self) -> FindingFacts | None:
        """The finding that the verdict stands on: the farthest among those that agree with it."""
        agreeing = [one for one in self.findings if one.verdict == self.verdict] or list(self.findings)
        return max(agreeing, key=lambda one: one.times, default=None)


@dataclass(frozen=True, slots=True)
class ChangesFacts:
    """A comparison: of what with what, the verdict, and the columns in the order of importance.

    Columns that were added or removed come with their type, those of another type with both.
    """

    now: Heading
    was: Heading
    history: int | None
    verdict: str
    why: str
    columns: tuple[ColumnChange, ...]
    added: tuple[tuple[str, str], ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    retyped: tuple[tuple[str, str, str], ...] = ()
    correlations: tuple[CorrelationChange, ...] = ()

    def of(self, verdict: str) -> tuple[ColumnChange, ...]:
        """The columns of a verdict, in the order of importance."""
        return tuple(column for column in self.columns if column.verdict == verdict)
