"""Whether data has changed: evidence, effect and power, from profiles alone."""

from tidegauge.drift.compare import compare
from tidegauge.drift.correlations import CorrelationDrift
from tidegauge.drift.result import ColumnDrift, DriftReport, Effect, Finding, Mover, SchemaChanges
from tidegauge.drift.segment_drift import SegmentDrift, SegmentMix
from tidegauge.drift.segments import compare_segments
from tidegauge.drift.series import DriftSeries, compare_windows

__all__ = [
    "ColumnDrift",
    "CorrelationDrift",
    "DriftReport",
    "DriftSeries",
    "Effect",
    "Finding",
    "Mover",
    "SchemaChanges",
    "SegmentDrift",
    "SegmentMix",
    "compare",
    "compare_segments",
    "compare_windows",
]
