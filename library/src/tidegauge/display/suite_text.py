"""A suite's results as text for a terminal: what needs attention first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import phrases
from tidegauge.display.cells import clean, cut, name_of, pad, width
from tidegauge.display.colour import Paint
from tidegauge.display.numbers import start_of_window

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tidegauge.constraints.result import ConstraintResult
    from tidegauge.constraints.suite_result import SuiteResult

SIGNS = {"passed": "✓", "failed": "✗", "unknown": "?"}
_STYLES = {"passed": "bars", "failed": "fail", "unknown": "warn"}
_MAX_CELLS = 110
_LABEL_CELLS = 52


def suite_text(result: SuiteResult, *, colour: bool = False, every: bool = True) -> str:
    """Draw a suite's results.

    Args:
        result: The results.
        colour: Whether to colour them.
        every: List what passed too.

    Returns:
        A headline, then a line for each constraint; a second line says why one did not pass.
    """
    paint = Paint(on=colour)
    shown = [each for each in result.ranked() if every or each.outcome != "passed"]
    labels = [clean(each.constraint.label) for each in shown]
    wide = min(max(map(width, labels), default=0), _LABEL_CELLS)
    lines = [_headline(result, paint), ""]
    for each, label in zip(shown, labels, strict=True):
        lines += _entry(each, pad(cut(label, wide), wide), paint)
    left_out = len(result.results) - len(shown)
    if left_out:
        lines.append(paint(f"{SIGNS['passed']} {phrases.counted(left_out, 'constraint')} passed", "dim"))
    return "\n".join(line.rstrip() for line in lines).rstrip()


def _headline(result: SuiteResult, paint: Paint) -> str:
    parts = [paint(name_of(result.name), "bold")] if result.name else []
    parts.append(paint(f"{SIGNS[result.outcome]} {result.outcome}", _STYLES[result.outcome]))
    parts.append(counts_text(result))
    parts += [clean(part) for part in subject_parts(result)]
    return " · ".join(parts)


def counts_text(result: SuiteResult) -> str:
    """Say how many constraints came out how.

    Example:
        >>> from tidegauge.constraints import SuiteResult
        >>> counts_text(SuiteResult(()))
        'no constraints'
    """
    if not result.results:
        return "no constraints"
    counts = {
        "failed": len(result.failed),
        "unknown": len(result.unknown),
        "warnings": len(result.warnings),
        "passed": len(result.passed),
    }
    words = [f"{count:,} {name}" for name, count in counts.items() if count]
    return (
        ", ".join(words).replace("1 warnings", "1 warning") if counts["warnings"] == 1 else ", ".join(words)
    )


def subject_parts(result: SuiteResult) -> list[str]:
    """List what was checked: the dataset, the window, the segment, the records."""
    parts = [] if result.dataset is None else [name_of(result.dataset)]
    if result.window is not None:
        parts.append(phrases.stretch(*(_microseconds(each) for each in result.window)))
    parts += [f"{name}={'null' if value is None else value}" for name, value in result.segment]
    parts.append(phrases.counted(result.records, "record"))
    return parts


def _microseconds(moment: datetime) -> int:
    from datetime import UTC, datetime, timedelta

    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _entry(result: ConstraintResult, label: str, paint: Paint) -> list[str]:
    sign = paint(SIGNS[result.outcome], _STYLES[result.outcome])
    room = _MAX_CELLS - width(label) - 4
    warning = result.severity == "warn" and result.outcome != "passed"
    observed = clean(result.observed_text)
    line = f"{sign} {label}  {cut(observed, room)}" + (paint("  (warning)", "warn") if warning else "")
    if result.outcome == "passed":
        return [line]
    lines = [line, f"  {paint(cut(clean(result.why), 2 * _MAX_CELLS), 'dim')}"]
    if result.constraint.reason:
        lines.append(f"  {paint('because: ' + cut(clean(result.constraint.reason), _MAX_CELLS), 'dim')}")
    return lines


def suites_text(results: Sequence[SuiteResult], *, colour: bool = False) -> str:
    """Draw the results of several windows: a line for each that passed, in full what did not."""
    paint = Paint(on=colour)
    blocks: list[str] = []
    for result in results:
        if result.outcome == "passed" and not result.warnings:
            blocks.append(_headline(result, paint))
        else:
            blocks.append(suite_text(result, colour=colour, every=False) + "\n")
    good = sum(result.outcome == "passed" for result in results)
    blocks.append("" if not blocks or blocks[-1].endswith("\n") else "\n")
    return "\n".join(blocks) + f"{good:,} of {phrases.counted(len(results), 'window')} passed"


def window_text(result: SuiteResult) -> str:
    """Name the window that was checked; empty when there was none."""
    if result.window is None:
        return ""
    start, end = (_microseconds(each) for each in result.window)
    return phrases.stretch(start, end) or start_of_window(start)


def complaint_text(result: SuiteResult, *, allow_unknown: bool = False) -> str:
    """Say of each constraint that did not pass what was expected and observed; empty when all passed.

    Args:
        result: The results.
        allow_unknown: Whether what could not be judged counts as passed.
    """
    wrong = result.failed if allow_unknown else result.failed + result.unknown
    if not wrong:
        return ""
    name = f"{name_of(result.name)}: " if result.name else ""
    count = f"{len(wrong):,} of {phrases.counted(len(result.results), 'constraint')} did not pass"
    lines = [f"{name}{count} ({', '.join(clean(part) for part in subject_parts(result))})"]
    for each in wrong:
        constraint = each.constraint
        observed = clean(each.observed_text) or "nothing that could be judged"
        title = constraint.subject if constraint.name is None else f"{constraint.name}: {constraint.subject}"
        lines += [
            "",
            f"{SIGNS[each.outcome]} {clean(title)}",
            f"    expected  {clean(each.expected)}",
            f"    observed  {observed}",
            f"    why       {clean(each.why)}",
        ]
        if constraint.reason:
            lines.append(f"    because   {clean(constraint.reason)}")
    return "\n".join(lines)
