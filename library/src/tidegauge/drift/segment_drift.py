"""What a comparison of segments found: a report for each, and how the segments themselves changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from tidegauge.drawn import Drawn
from tidegauge.drift.judging import verdict_of
from tidegauge.drift.plain import segments_dict
from tidegauge.drift.result import DriftReport
from tidegauge.drift.why import why_segments
from tidegauge.errors import MissingSegmentError, nearest
from tidegauge.segments import segment_label, segment_text

if TYPE_CHECKING:
    from tidegauge.drift.result import Finding, Mover, Verdict
    from tidegauge.segments import Segment


@dataclass(frozen=True, slots=True)
class SegmentMix:
    """Whether the records are spread over the segments as before.

    Example:
        >>> import tidegauge as tg
        >>> before = tg.log({"city": ["Oslo", "Rome"] * 500}, segments=["city"])
        >>> after = tg.log({"city": ["Oslo", "Rome", "Rome", "Rome"] * 250}, segments=["city"])
        >>> tg.compare_segments(after, before).mix.why
        "25 % of the records moved between segments: 'Oslo' 50 % → 25 %, 'Rome' 50 % → 75 % (p < 0.0001)."
    """

    verdict: Verdict
    why: str
    """One sentence that says what changed, or what could not be seen."""
    finding: Finding | None
    """Evidence, effect and power, in the family of all findings; None when one side has no records."""
    movers: tuple[Mover, ...]
    """The segments whose shares changed most, at most ten."""


@dataclass(frozen=True, eq=False, repr=False)
class SegmentDrift(Drawn, Sequence[DriftReport]):
    """Which segments have changed: a report for each one that both sides have, all judged as one family.

    A sequence in the order of `ProfileSet.segments`: the largest first, the segment of all others last; index
    it by a segment's values to get that report. You get one from `tidegauge.compare_segments`. (Correlations
    are judged separately within each report, as always.)

    Example:
        >>> import tidegauge as tg
        >>> before = tg.log({"city": ["Oslo", "Rome"] * 1000, "fare": range(2000)}, segments=["city"])
        >>> fares = [fare + 800 * (fare % 2) for fare in range(2000)]
        >>> after = tg.log({"city": ["Oslo", "Rome"] * 1000, "fare": fares}, segments=["city"])
        >>> drift = tg.compare_segments(after, before)
        >>> [report.current.segment for report in drift.drifted], drift[{"city": "Oslo"}].verdict
        ([{'city': 'Rome'}], 'stable')
    """

    by: tuple[str, ...]
    """The columns of the partition."""
    dataset: str | None
    """The name of the dataset."""
    reports: tuple[DriftReport, ...]
    """One for each segment that both sides have."""
    mix: SegmentMix
    """Whether records are spread over the segments as before."""
    appeared: tuple[Segment, ...]
    """Segments that only the current profiles have, the largest first; a fact, not a verdict."""
    vanished: tuple[Segment, ...]
    """Segments that only the reference has."""
    notes: tuple[str, ...]
    """What limits the answer, one sentence each: segments beyond ``max_segments``, short histories."""
    false_discovery_rate: float
    """The share of false ones among all reported drifts that was allowed."""

    @overload
    def __getitem__(self, index: int | Mapping[str, object]) -> DriftReport: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[DriftReport, ...]: ...
    def __getitem__(self, index: int | slice | Mapping[str, object]) -> DriftReport | tuple[DriftReport, ...]:
        """Return one report, by position or by the segment's columns and values, or several by a slice.

        Raises:
            MissingSegmentError: No segment that was compared has these values.
        """
        if isinstance(index, Mapping):
            return self._of(index)
        return self.reports[index]

    def _of(self, values: Mapping[str, object]) -> DriftReport:
        if set(values) != set(self.by):
            raise MissingSegmentError(f"segments are by {list(self.by)}, not by {list(values)}")
        texts = {name: segment_text(value) for name, value in values.items()}
        found = [report for report in self.reports if report.current.segment == texts]
        if found:
            return found[0]
        label = segment_label(texts)
        profiles = [report.current for report in self.reports]
        known = [segment_label(one.segment, is_other=one.is_other_segment) for one in profiles]
        for word, segments in (("appeared", self.appeared), ("vanished", self.vanished)):
            if any(segment.values == texts for segment in segments):
                raise MissingSegmentError(f"segment {label!r} {word}: there is nothing to compare it with")
        raise MissingSegmentError(f"no segment {label!r} was compared{nearest(label, known)}")

    def __len__(self) -> int:
        """Return how many segments were compared."""
        return len(self.reports)

    @cached_property
    def verdict(self) -> Verdict:
        """Drift if any segment or their mix drifts, stable if some segment is stable and nothing drifts."""
        if self.mix.verdict == "drift":
            return "drift"
        return verdict_of(report.verdict for report in self.reports)

    @cached_property
    def why(self) -> str:
        """One sentence on the overall result."""
        return why_segments(
            self.ranking(),
            mixed=self.mix.verdict == "drift",
            appeared=len(self.appeared),
            vanished=len(self.vanished),
        )

    @property
    def drifted(self) -> tuple[DriftReport, ...]:
        """The segments that drift, the strangest first."""
        return tuple(report for report in self.ranking() if report.verdict == "drift")

    def ranking(self) -> list[DriftReport]:
        """List the segments, the strangest first; see `DriftReport.strangeness`."""

        def key(report: DriftReport) -> tuple[float, float]:
            return (report.strangeness, max((column.excess for column in report.values()), default=0.0))

        return sorted(self.reports, key=key, reverse=True)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dicts and lists that ``json.dumps`` accepts, the strangest first."""
        return segments_dict(self)

    def __repr__(self) -> str:
        """Draw it for a terminal."""
        from tidegauge.display.drift_text import segments_text

        return segments_text(self)
