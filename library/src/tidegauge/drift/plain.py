"""Comparisons as plain dicts and lists."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tidegauge.drift.result import ColumnDrift, DriftReport, Effect, Finding
    from tidegauge.drift.segment_drift import SegmentDrift
    from tidegauge.profile import Profile
    from tidegauge.segments import Segment


def _number(value: float) -> float | None:
    return value if isfinite(value) else None


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "measure": effect.measure,
        "value": _number(effect.value),
        "low": _number(effect.low),
        "high": _number(effect.high),
        "matters": _number(effect.matters),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "aspect": finding.aspect,
        "verdict": finding.verdict,
        "test": finding.test,
        "p_value": _number(finding.p_value),
        "adjusted_p_value": _number(finding.adjusted),
        "effect": _effect(finding.effect),
        "detectable": _number(finding.detectable),
        "background": finding.background and finding.background._asdict(),
    }


def column_dict(column: ColumnDrift) -> dict[str, Any]:
    """One column's comparison."""
    return {
        "kind": column.kind,
        "verdict": column.verdict,
        "why": column.why,
        "findings": [_finding(finding) for finding in column.findings],
        "effects": [_effect(effect) for effect in column.effects],
        "measures": {name: _number(value) for name, value in column.measures.items()},
        "movers": [mover._asdict() for mover in column.movers],
    }


def _profile(profile: Profile) -> dict[str, Any]:
    window = profile.window
    return {
        "dataset": profile.dataset,
        "window": window and {"start": window.start.isoformat(), "end": window.end.isoformat()},
        "segment": dict(profile.segment),
        "records": profile.records,
    }


def report_dict(report: DriftReport) -> dict[str, Any]:
    """A dataset's comparison, columns in the order of importance."""
    return {
        "verdict": report.verdict,
        "why": report.why,
        "current": _profile(report.current),
        "reference": _profile(report.reference),
        "history_windows": None if report.history is None else len(report.history),
        "false_discovery_rate": report.false_discovery_rate,
        "drifted": list(report.drifted),
        "schema": {
            "added": list(report.schema.added),
            "removed": list(report.schema.removed),
            "retyped": [{"column": name, "was": was, "is": now} for name, was, now in report.schema.retyped],
        },
        "columns": {name: column_dict(report[name]) for name in report},
        "correlations": [change.to_dict() for change in report.correlations],
    }


def segments_dict(drift: SegmentDrift) -> dict[str, Any]:
    """A comparison of segments, the strangest first."""
    mix = drift.mix
    return {
        "verdict": drift.verdict,
        "why": drift.why,
        "dataset": drift.dataset,
        "by": list(drift.by),
        "false_discovery_rate": drift.false_discovery_rate,
        "drifted": [dict(report.current.segment) for report in drift.drifted],
        "mix": {
            "verdict": mix.verdict,
            "why": mix.why,
            "finding": mix.finding and _finding(mix.finding),
            "movers": [mover._asdict() for mover in mix.movers],
        },
        "appeared": [_segment(segment) for segment in drift.appeared],
        "vanished": [_segment(segment) for segment in drift.vanished],
        "notes": list(drift.notes),
        "segments": [report_dict(report) for report in drift.ranking()],
    }


def _segment(segment: Segment) -> dict[str, Any]:
    return {"values": segment.values, "records": segment.records, "share": segment.share}
