"""What reports show of the correlation of columns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PairFacts:
    """Two columns that go together: how closely, with the interval at 95 %, over how many records."""

    x: str
    y: str
    r: float
    low: float
    high: float
    records: int

    @property
    def is_certain(self) -> bool:
        """Whether it is more than chance."""
        return self.low > 0.0 or self.high < 0.0


@dataclass(frozen=True, slots=True)
class CorrelationFacts:
    """The correlation of every two numeric columns, in the order of the data; NaN where there is none.

    The strongest are those that are more than chance, the strongest first.
    """

    columns: tuple[str, ...]
    matrix: tuple[tuple[float, ...], ...]
    strongest: tuple[PairFacts, ...]
    pairs: int


@dataclass(frozen=True, slots=True)
class CorrelationChange:
    """The correlation of two columns compared."""

    x: str
    y: str
    verdict: str
    why: str
    now: float
    was: float
    low: float
    high: float
    detectable: float
    adjusted: float
