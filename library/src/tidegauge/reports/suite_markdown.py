"""The results of a suite as Markdown: what a pull request or a job's summary shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display.suite_text import (
    SIGNS,
    counts_text,
    noun_of,
    place_text,
    segment_text,
    subject_parts,
    window_text,
)
from tidegauge.reports.prose.markdown import plain, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.constraints.result import ConstraintResult
    from tidegauge.constraints.suite_result import SuiteResult

_PLACES = (("window", window_text), ("segment", segment_text))
_NOWHERE = {"window": "without a window", "segment": "all records"}
_TITLES = ("", "constraint", "observed", "expected", "severity")


def suite_markdown(result: SuiteResult, title: str | None = None) -> str:
    """Write the results of a suite as Markdown.

    Args:
        result: The results.
        title: What stands at the head; the suite's name when None.

    Returns:
        A headline, sentences about what did not pass, and a table of everything.
    """
    name = title or result.name or result.dataset or "suite"
    facts = " · ".join(plain(part) for part in [*subject_parts(result), counts_text(result)])
    parts = [f"# {plain(name)}: {SIGNS[result.outcome]} {result.outcome}", facts, *_details(result)]
    return "\n\n".join(parts) + "\n"


def suites_markdown(results: Sequence[SuiteResult]) -> str:
    """Write the results of several windows or segments: a table of all, then each that did not pass."""
    good = sum(result.outcome == "passed" for result in results)
    name = next((result.name for result in results if result.name), "suite")
    places = [(word, tell) for word, tell in _PLACES if any(map(tell, results))]
    rows = [
        [
            SIGNS[result.outcome],
            *(plain(tell(result) or _NOWHERE[word]) for word, tell in places),
            plain(counts_text(result)),
        ]
        for result in results
    ]
    parts = [
        f"# {plain(name)}: {good:,} of {len(results):,} {noun_of(results)}s passed",
        table(("", *(word for word, _ in places), "constraints"), rows),
    ]
    for result in results:
        if result.outcome != "passed" or result.warnings:
            missing = _NOWHERE["segment" if noun_of(results) == "profile" else "window"]
            heading = plain(place_text(result) or missing)
            parts += [f"## {heading}: {SIGNS[result.outcome]} {result.outcome}", *_details(result)]
    return "\n\n".join(parts) + "\n"


def _details(result: SuiteResult) -> list[str]:
    wrong = [each for each in result.ranked() if each.outcome != "passed"]
    parts = ["\n".join(_sentence(each) for each in wrong)] if wrong else []
    if result.results:
        parts.append(table(_TITLES, [_row(each) for each in result.ranked()]))
    return parts


def _sentence(each: ConstraintResult) -> str:
    reason = f" – because {plain(each.constraint.reason)}" if each.constraint.reason else ""
    warning = " (warning)" if each.severity == "warn" else ""
    return f"- {SIGNS[each.outcome]} **{plain(each.constraint.label)}**{warning}: {plain(each.why)}{reason}"


def _row(each: ConstraintResult) -> list[str]:
    constraint = each.constraint
    shown = (constraint.label, each.observed_text or "–", each.expected, each.severity)
    return [SIGNS[each.outcome], *map(plain, shown)]
