"""What is drawn of a profile, as plain values: the borderline between computing and drawing.

Text, HTML and JSON are all drawn from these, so that they cannot disagree. `reading.py` takes them
from a profile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isnan

QUANTILE_RANKS = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Bins:
    """A histogram: ``len(edges) == len(counts) + 1``; what lies outside is counted, not drawn.

    The edges of whole numbers and of dates lie half a unit off them, so that every bin holds equally many.
    """

    edges: tuple[float, ...]
    counts: tuple[float, ...]
    below: float = 0.0
    above: float = 0.0
    whole: bool = False

    @property
    def first(self) -> float:
        """The least value that is drawn."""
        return self.edges[0] + 0.5 if self.whole else self.edges[0]

    @property
    def last(self) -> float:
        """The greatest value that is drawn."""
        return self.edges[-1] - 0.5 if self.whole else self.edges[-1]


@dataclass(frozen=True, slots=True)
class Item:
    """A frequent value and the bounds of its count."""

    text: str
    low: int
    high: int

    @property
    def count(self) -> float:
        """The middle of the bounds; the count itself when it is exact."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Distinct:
    """A distinct count; low and high are its interval at 95 %."""

    estimate: float
    low: float
    high: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Numbers:
    """Moments and quantiles of a column's values, or of its lengths. What is not kept is None, or NaN.

    Numbers are in the unit of their kind (see `numbers.moment`); the deviation of times is in microseconds.
    """

    kind: str
    count: int
    minimum: float
    maximum: float
    minimum_text: str | None = None
    maximum_text: str | None = None
    mean: float | None = None
    deviation: float | None = None
    skewness: float | None = None
    quantiles: tuple[float, ...] | None = None
    exact: bool = True
    rank_error: float = 0.0
    bins: Bins | None = None

    @property
    def bounded(self) -> bool:
        """Whether the least and the greatest value are known."""
        return not isnan(self.minimum)

    @property
    def constant(self) -> bool:
        """Whether all values are the same; doubles can be equal where exact integers are not."""
        return self.minimum == self.maximum and self.minimum_text == self.maximum_text

    @property
    def median(self) -> float | None:
        """The middle one of `quantiles`, which stand at `QUANTILE_RANKS`."""
        return self.quantiles[len(self.quantiles) // 2] if self.quantiles else None


@dataclass(frozen=True, slots=True)
class Custom:
    """A metric of the user's own: its summary, None where it cannot be read, and what it has seen."""

    name: str
    summary: Mapping[str, object] | None
    records: int
    errors: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column, as it is drawn."""

    name: str
    type: str
    records: int
    nulls: int
    arrow_type: str = ""
    role: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    types: Mapping[str, int] = field(default_factory=dict)
    distinct: Distinct | None = None
    values: Numbers | None = None
    lengths: Numbers | None = None
    items: tuple[Item, ...] = ()
    items_exact: bool = True
    custom: tuple[Custom, ...] = ()
    privacy: str | None = None

    @property
    def present(self) -> int:
        """Records that have a value."""
        return self.records - self.nulls


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose profile it is: dataset, window, size, time of creation (microseconds since the epoch)."""

    dataset: str | None
    records: int
    columns: int
    created: int | None = None
    start: int | None = None
    end: int | None = None
    segment: tuple[tuple[str, str | None], ...] = ()
    segments: tuple[tuple[str, int], ...] = ()
    """Partitions by name, and how many segments each has."""
    tags: Mapping[str, str] = field(default_factory=dict)
    windows: int | None = None
    late: int = 0
    early: int = 0


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment of a profile set: its values, its records and their share, its column with most nulls."""

    label: str
    records: int
    share: float
    nulls: tuple[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One column over the windows of a profile set; None where the window has not got the column."""

    name: str
    type: str
    null_rates: tuple[float | None, ...]
    level_name: str
    kind: str
    levels: tuple[float | None, ...]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of a profile set, in time order; a window without times has start None."""

    heading: Heading
    starts: tuple[int | None, ...]
    ends: tuple[int | None, ...]
    records: tuple[int, ...]
