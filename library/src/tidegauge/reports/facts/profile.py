"""What the report of a profile shows."""

from dataclasses import dataclass

from tidegauge.display.facts import Column, Heading
from tidegauge.metrics.conditions import Condition
from tidegauge.reports.facts.correlation import CorrelationFacts


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """One profile: whose, its columns in the order of the data, its conditions."""

    heading: Heading
    columns: tuple[Column, ...]
    conditions: tuple[Condition, ...] = ()
    rank_error: float = 0.0
    correlation: CorrelationFacts | None = None

    @property
    def cells(self) -> int:
        """Values and nulls of all columns."""
        return sum(column.records for column in self.columns)

    @property
    def nulls(self) -> int:
        """Nulls of all columns."""
        return sum(column.nulls for column in self.columns)
