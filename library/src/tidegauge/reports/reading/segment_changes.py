"""From compared segments to the facts of their report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display.reading import label_of
from tidegauge.reports.facts.changes import DRIFT, MOST_CARDS, MoverFacts
from tidegauge.reports.facts.segment_changes import (
    CARDS_EACH,
    LoneSegment,
    MixFacts,
    SegmentChange,
    SegmentChangesFacts,
)
from tidegauge.reports.reading.changes import read_change, read_finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidegauge.drift.result import DriftReport
    from tidegauge.drift.segment_drift import SegmentDrift, SegmentMix
    from tidegauge.segments import Segment


def read_segment_changes(drift: SegmentDrift) -> SegmentChangesFacts:
    """Read all that the report of compared segments shows; columns that drift in full, while there is room.

    Args:
        drift: The segments.

    Example:
        >>> import tidegauge as tg
        >>> rides = tg.log({"city": ["Oslo", "Rome"], "fare": [5, 7]}, segments=["city"])
        >>> [one.label for one in read_segment_changes(tg.compare_segments(rides, rides)).segments]
        ['Oslo', 'Rome']
    """
    room = MOST_CARDS
    segments = []
    for report in drift.ranking():
        read = _segment(report, min(room, CARDS_EACH))
        room -= len(read.cards)
        segments.append(read)
    return SegmentChangesFacts(
        drift.by,
        drift.verdict,
        drift.why,
        tuple(segments),
        _mix(drift.mix),
        _lone(drift.appeared),
        _lone(drift.vanished),
        drift.notes,
        drift.false_discovery_rate,
    )


def _segment(report: DriftReport, room: int) -> SegmentChange:
    drifted = report.drifted
    strongest = next(iter(report.values()), None)
    return SegmentChange(
        label_of(report.current.segment, is_other=report.current.is_other_segment),
        report.current.records,
        report.reference.records,
        report.verdict,
        report.why,
        len(report),
        len(drifted),
        None if strongest is None else read_change(strongest, full=False),
        tuple(read_change(report[name]) for name in drifted[:room]) if report.verdict == DRIFT else (),
    )


def _mix(mix: SegmentMix) -> MixFacts:
    movers = tuple(MoverFacts(mover.value, mover.current, mover.reference) for mover in mix.movers)
    return MixFacts(mix.verdict, mix.why, read_finding(mix.finding) if mix.finding else None, movers)


def _lone(segments: Iterable[Segment]) -> tuple[LoneSegment, ...]:
    return tuple(LoneSegment(label_of(one.values), one.records, one.share) for one in segments)
