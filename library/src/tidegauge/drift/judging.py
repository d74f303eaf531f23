"""From evidence to findings and verdicts: all of it together, as one family of tests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tidegauge.drift.multiplicity import benjamini_hochberg
from tidegauge.drift.result import ColumnDrift, DriftReport, Finding
from tidegauge.drift.why import why_column, why_dataset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tidegauge.drift.evidence import Evidence
    from tidegauge.drift.gathering import Compared, Gathered
    from tidegauge.drift.options import Options
    from tidegauge.drift.result import Verdict


def judge(
    gathered: Sequence[Gathered], options: Options, *, beside: Sequence[Evidence] = ()
) -> tuple[list[DriftReport], list[Finding]]:
    """Judge any number of pairs of profiles together: one family of tests, with one false-discovery rate.

    Args:
        gathered: The pairs of profiles, and the evidence on their columns.
        options: What the comparison was told.
        beside: Evidence on what is no column, judged in the same family.

    Returns:
        A report for each pair, and a finding for each piece of evidence beside them.
    """
    rate = options.false_discovery_rate
    family = [each for pair in gathered for column in pair.columns for each in column.evidence]
    findings = _findings([*family, *beside], rate)
    reports = [_report(pair, findings, options) for pair in gathered]
    return reports, list(findings)


def _findings(family: Sequence[Evidence], rate: float) -> Iterator[Finding]:
    adjusted = benjamini_hochberg([evidence.p_value for evidence in family])
    return (_finding(evidence, p_value, rate) for evidence, p_value in zip(family, adjusted, strict=True))


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


def _report(pair: Gathered, findings: Iterator[Finding], options: Options) -> DriftReport:
    rate = options.false_discovery_rate
    judged = [_column(column, [next(findings) for _ in column.evidence], rate) for column in pair.columns]
    return DriftReport(
        pair.current,
        pair.reference,
        pair.windows,
        {column.name: column for column in judged},
        pair.schema,
        verdict_of(column.verdict for column in judged),
        why_dataset(judged, pair.schema),
        rate,
        options,
    )


def _column(compared: Compared, findings: Sequence[Finding], rate: float) -> ColumnDrift:
    name, kind, current, reference, _ = compared
    verdict = column_verdict(findings)
    column = ColumnDrift(name, kind, verdict, "", tuple(findings), current, reference)
    return replace(column, why=why_column(column, rate))


def column_verdict(findings: Sequence[Finding]) -> Verdict:
    """Drift if any aspect drifts, stable if all are."""
    verdicts = {finding.verdict for finding in findings}
    if "drift" in verdicts:
        return "drift"
    return "stable" if verdicts == {"stable"} else "not enough data"


def verdict_of(parts: Iterable[Verdict]) -> Verdict:
    """Drift if any part of a whole drifts, stable if some part is stable and none drifts.

    Example:
        >>> verdict_of(["stable", "not enough data"]), verdict_of(["stable", "drift"]), verdict_of([])
        ('stable', 'drift', 'not enough data')
    """
    verdicts = set(parts)
    if "drift" in verdicts:
        return "drift"
    return "stable" if "stable" in verdicts else "not enough data"
