"""What the report of compared segments shows."""

from dataclasses import dataclass

from tidegauge.reports.facts.changes import ColumnChange, FindingFacts, MoverFacts

CARDS_EACH = 6
"""Columns of one segment that are drawn in full at most."""


@dataclass(frozen=True, slots=True)
class SegmentChange:
    """One segment compared: its column that matters most, and those that drift in full while there is room.

    `columns` is how many were compared, `drifted` how many of them drift.
    """

    label: str
    records: int
    past_records: int
    verdict: str
    why: str
    columns: int
    drifted: int
    strongest: ColumnChange | None
    cards: tuple[ColumnChange, ...] = ()


@dataclass(frozen=True, slots=True)
class MixFacts:
    """Whether records are shared out among segments as they were, and the shares that moved most."""

    verdict: str
    why: str
    finding: FindingFacts | None
    movers: tuple[MoverFacts, ...]


@dataclass(frozen=True, slots=True)
class LoneSegment:
    """A segment that only one side has."""

    label: str
    records: int
    share: float


@dataclass(frozen=True, slots=True)
class SegmentChangesFacts:
    """Segments compared, the strangest first, and what became of the segments themselves."""

    by: tuple[str, ...]
    verdict: str
    why: str
    segments: tuple[SegmentChange, ...]
    mix: MixFacts
    appeared: tuple[LoneSegment, ...]
    vanished: tuple[LoneSegment, ...]
    notes: tuple[str, ...]
    rate: float

    def of(self, verdict: str) -> tuple[SegmentChange, ...]:
        """The segments of a verdict, the strangest first."""
        return tuple(segment for segment in self.segments if segment.verdict == verdict)
