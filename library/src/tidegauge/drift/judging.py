"""From the evidence on all columns to findings and verdicts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tidegauge.drift.multiplicity import benjamini_hochberg
from tidegauge.drift.result import ColumnDrift, Finding
from tidegauge.drift.why import why_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tidegauge.column import ColumnProfile
    from tidegauge.drift.evidence import Evidence
    from tidegauge.drift.result import Kind, Verdict


def judge(
    columns: Mapping[str, tuple[Kind, ColumnProfile, ColumnProfile, Sequence[Evidence]]], rate: float
) -> dict[str, ColumnDrift]:
    """Judge all columns together: one family of tests, with the rate of false discoveries held."""
    family = [evidence.p_value for *_, found in columns.values() for evidence in found]
    adjusted = iter(benjamini_hochberg(family))
    judged = {}
    for name, (kind, current, reference, found) in columns.items():
        findings = tuple(_finding(evidence, next(adjusted), rate) for evidence in found)
        column = ColumnDrift(name, kind, column_verdict(findings), "", findings, current, reference)
        judged[name] = replace(column, why=why_column(column, rate))
    return judged


def _finding(evidence: Evidence, adjusted: float, rate: float) -> Finding:
    effect = evidence.effect
    verdict: Verdict = "not enough data"
    if adjusted <= rate and effect.value >= effect.matters:
        verdict = "drift"
    elif evidence.seen and effect.value < effect.matters:
        verdict = "stable"
    return Finding(
        evidence.aspect,
        evidence.test,
        evidence.p_value,
        adjusted,
        effect,
        evidence.detectable,
        verdict,
        evidence.background,
        evidence.seen,
    )


def column_verdict(findings: Sequence[Finding]) -> Verdict:
    """Drift if any aspect drifts, stable if all are."""
    verdicts = {finding.verdict for finding in findings}
    if "drift" in verdicts:
        return "drift"
    return "stable" if verdicts == {"stable"} else "not enough data"


def dataset_verdict(columns: Iterable[ColumnDrift]) -> Verdict:
    """Drift if any column drifts, stable if some column is stable and none drifts."""
    verdicts = {column.verdict for column in columns}
    if "drift" in verdicts:
        return "drift"
    return "stable" if "stable" in verdicts else "not enough data"
