"""What the report of a profile set over time shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from tidegauge.display.facts import Heading
from tidegauge.metrics.conditions import Condition
from tidegauge.reports.facts.profile import ProfileFacts
from tidegauge.reports.facts.segments import PartitionFacts

FAN_RANKS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of time that are drawn, at even distances: one or more windows each, None for none.

    Times are microseconds since the epoch; one more than steps: the last is where the last step ends.
    """

    times: tuple[int, ...]
    records: tuple[int | None, ...]
    windows_each: int = 1
    untimed: int = 0

    def __len__(self) -> int:
        """Return how many steps there are."""
        return len(self.records)


@dataclass(frozen=True, slots=True)
class Heat:
    """How a column's values spread over bins, cell by cell: shares of the values of the cell's steps.

    ``rows[i][cell]`` is the share in bin i, from the least values up, None where there is no data. A cell
    reaches from the end of the one before to ``ends[cell]``, in steps: over `steps_each` of them, fewer at
    gaps and at the end.
    """

    edges: tuple[float, ...]
    rows: tuple[tuple[float | None, ...], ...]
    ends: tuple[int, ...]
    steps_each: int = 1
    whole: bool = False


@dataclass(frozen=True, slots=True)
class TopRows:
    """How the most frequent values of all time share each step; ``rows[i][step]`` belongs to ``names[i]``."""

    names: tuple[str, ...]
    rows: tuple[tuple[float | None, ...], ...]
    others: tuple[float | None, ...]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class ColumnHistory:
    """One column over time; None where the step has not got the column or the metric."""

    name: str
    type: str
    kind: str
    nulls: tuple[float | None, ...]
    distinct: tuple[float | None, ...]
    fan: tuple[tuple[float, ...] | None, ...] = ()
    lengths: tuple[tuple[float, ...] | None, ...] = ()
    """As the fan, of the lengths of its values: where neither these nor the most frequent tell anything."""
    heat: Heat | None = None
    top: TopRows | None = None
    constant: str | None = None
    advances: bool = False
    exact: bool = True
    position: int = 0

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to draw: one value all the time, or values that move on with time."""
        return not any(self.nulls) and (self.constant is not None or self.advances)

    @property
    def medians(self) -> list[float | None]:
        """The median of each step; empty when there are no quantiles."""
        return medians(self.fan)

    @property
    def single(self) -> bool:
        """Whether each step has one value only, as a column of dates has by day."""
        return single(self.fan)


@dataclass(frozen=True, slots=True)
class ConditionHistory:
    """One condition over time: the share of records that failed, of those of which it is known."""

    key: str
    """Its name, with its expression where another has the name too."""
    whole: Condition
    failing: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Strange:
    """One window judged against those before it; `drifted` has each column with its effect.

    Effects are what goes beyond the usual, in units of the smallest that matters; `score` is their sum,
    and `reason` says what became of the first of them.
    `step` is its place among the steps that are drawn.
    """

    start: int | None
    end: int | None
    label: str
    verdict: str
    why: str
    drifted: tuple[tuple[str, float], ...]
    columns: int
    records: int
    score: float = 0.0
    reason: str = ""
    step: int | None = None


@dataclass(frozen=True, slots=True)
class HistoryFacts:
    """A profile set over time, and, when its windows were compared, which of them are strange."""

    heading: Heading
    steps: Steps
    columns: tuple[ColumnHistory, ...]
    conditions: tuple[ConditionHistory, ...] = ()
    ranking: tuple[Strange, ...] = ()
    judged: bool = False
    segments: tuple[PartitionFacts, ...] = ()
    whole: ProfileFacts | None = None
    """All records, where segments have no windows."""


def medians(fan: Sequence[tuple[float, ...] | None]) -> list[float | None]:
    """Return the middle of each step's quantiles.

    Example:
        >>> medians([(1.0, 2.0, 3.0, 4.0, 5.0), None])
        [3.0, None]
    """
    return [None if step is None else step[2] for step in fan]


def single(fan: Sequence[tuple[float, ...] | None]) -> bool:
    """Tell whether each step has one value only.

    Example:
        >>> single([(1.0, 1.0, 1.0, 1.0, 1.0), None, (2.0, 2.0, 2.0, 2.0, 2.0)])
        True
    """
    return all(step is None or step[0] == step[-1] for step in fan)


def greatest(values: Sequence[float | None]) -> float:
    """Return the greatest of the values that are there; 0 when none is.

    Example:
        >>> greatest([None, 0.5])
        0.5
    """
    return max((value for value in values if value is not None), default=0.0)
