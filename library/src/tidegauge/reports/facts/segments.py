"""What the report of a profile set shows of its segments."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unlike:
    """What of a segment is most unlike all records: a column, in words how, and by how much beyond chance."""

    column: str
    how: str
    amount: float


@dataclass(frozen=True, slots=True)
class SegmentFacts:
    """One segment, all windows together: ``nulls`` is its column with most of them, and their rate."""

    values: tuple[tuple[str, str | None], ...]
    records: int
    share: float
    nulls: tuple[str, float] | None = None
    unlike: Unlike | None = None
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class PartitionFacts:
    """The segments of one partition, those most unlike all records first; ``count`` is how many there are."""

    columns: tuple[str, ...]
    count: int
    segments: tuple[SegmentFacts, ...]
