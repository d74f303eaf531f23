"""A suite's results as text for a terminal: what needs attention first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tidegauge.display import phrases
from tidegauge.display.cells import clean, cut, name_of, pad, width
from tidegauge.display.colour import Paint
from tidegauge.display.numbers import start_of_window
from tidegauge.display.terminal import terminal_width
from tidegauge.segments import value_label

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tidegauge.constraints.result import ConstraintResult
    from tidegauge.constraints.suite_result import SuiteResult

_GLUED = re.compile(r"(?<=\d) (?=%)|(?<=\bp) (?=[<=] )|(?<=\bp [<=]) (?=\d)")
SIGNS = {"passed": "✓", "failed": "✗", "unknown": "?"}
_STYLES = {"passed": "bars", "failed": "fail", "unknown": "warn"}
_LEAST_CELLS = 20
_WARNING = "  (warning)"
_LABEL_SHARE = 0.6  # of the width: what a label may take, the rest is for what was observed


def suite_text(
    result: SuiteResult, *, cells: int | None = None, colour: bool = False, every: bool = True
) -> str:
    """Draw a suite's results.

    Args:
        result: The results.
        cells: Width in terminal cells; the terminal's own when not given.
        colour: Whether to colour them.
        every: List what passed too.

    Returns:
        A headline, then a line for each constraint; sentences below it say why one did not pass. No line
        is longer than ``cells``.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.constraints import NullRate, Suite
        >>> result = Suite([NullRate("fare", at_most=0.05)]).check(tg.log({"fare": [5.0]}))
        >>> print(suite_text(result, cells=80))
        ✓ passed · 1 passed · 1 record
        <BLANKLINE>
        ✓ null rate of fare at most 5%  0%
    """
    room, paint = max(_LEAST_CELLS, cells or terminal_width()), Paint(on=colour)
    shown = [each for each in result.ranked() if every or each.outcome != "passed"]
    labels = [clean(each.constraint.label) for each in shown]
    left = room - 4 - (width(_WARNING) if result.warnings else 0)
    wide = min(max(map(width, labels), default=0), int(room * _LABEL_SHARE), left)
    lines = [*_headline(result, room, paint), ""]
    for each, label in zip(shown, labels, strict=True):
        lines += _entry(each, pad(cut(label, wide), wide), room, paint)
    left_out = len(result.results) - len(shown)
    if left_out:
        passed = f"{SIGNS['passed']} {phrases.counted(left_out, 'constraint')} passed"
        lines.append(paint(cut(passed, room), "dim"))
    return "\n".join(line.rstrip() for line in lines).rstrip()


def _headline(result: SuiteResult, cells: int, paint: Paint) -> list[str]:
    """Draw the first line; painted, as it is not cut but wrapped between its parts."""
    parts = [(name_of(result.name), "bold")] if result.name else []
    parts.append((f"{SIGNS[result.outcome]} {result.outcome}", _STYLES[result.outcome]))
    parts += [(clean(part), "") for part in (counts_text(result), *subject_parts(result))]
    lines: list[str] = []
    used = 0
    for part, style in parts:
        text = cut(part, cells)
        painted = paint(text, style) if style else text
        if lines and used + 3 + width(text) <= cells:
            lines[-1] += f" · {painted}"
            used += 3 + width(text)
        else:
            lines.append(painted)
            used = width(text)
    return lines


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
    if result.segment:
        parts.append(segment_text(result))
    parts.append(phrases.counted(result.records, "record"))
    return parts


def segment_text(result: SuiteResult) -> str:
    """Name the segment that was checked; empty when all records were."""
    return ", ".join(f"{name}={value_label(value)}" for name, value in result.segment)


def place_text(result: SuiteResult) -> str:
    """Name the window and the segment that were checked; empty when there was neither."""
    return " ".join(part for part in (window_text(result), segment_text(result)) if part)


def noun_of(results: Sequence[SuiteResult]) -> str:
    """Say what several results are of.

    Example:
        >>> from tidegauge.constraints import SuiteResult
        >>> noun_of([SuiteResult(())]), noun_of([SuiteResult((), segment=(("city", "Oslo"),))])
        ('window', 'profile')
    """
    return "profile" if any(result.segment for result in results) else "window"


def _microseconds(moment: datetime) -> int:
    from datetime import UTC, datetime, timedelta

    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _entry(result: ConstraintResult, label: str, cells: int, paint: Paint) -> list[str]:
    sign = paint(SIGNS[result.outcome], _STYLES[result.outcome])
    warning = result.severity == "warn" and result.outcome != "passed"
    tail = _WARNING if warning else ""
    observed = cut(clean(result.observed_text), cells - width(label) - 4 - width(tail))
    lines = [f"{sign} {label}  {observed}" + (paint(tail, "warn") if warning else "")]
    if result.outcome == "passed":
        return lines
    told = wrap(clean(result.why), cells - 2)
    if result.constraint.reason:
        told += wrap(f"because: {clean(result.constraint.reason)}", cells - 2)
    return lines + [f"  {paint(line, 'dim')}" for line in told]


def wrap(text: str, cells: int) -> list[str]:
    """Break text between words so that no line takes more than so many cells.

    Example:
        >>> wrap("one two three", 8), wrap("up to 100 % of it", 10)
        (['one two', 'three'], ['up to', '100 % of', 'it'])
    """
    lines = [""]
    for word in _GLUED.sub("\u00a0", text).split(" "):
        shown = cut(word.replace("\u00a0", " "), cells)
        joined = f"{lines[-1]} {shown}" if lines[-1] else shown
        if width(joined) <= cells:
            lines[-1] = joined
        else:
            lines.append(shown)
    return [line.rstrip() for line in lines]


def suites_text(results: Sequence[SuiteResult], *, cells: int | None = None, colour: bool = False) -> str:
    """Draw the results of several windows or segments: a line for each that passed, in full what did not."""
    room, paint = max(_LEAST_CELLS, cells or terminal_width()), Paint(on=colour)
    blocks: list[str] = []
    for result in results:
        if result.outcome == "passed" and not result.warnings:
            blocks += _headline(result, room, paint)
        else:
            blocks.append(suite_text(result, cells=room, colour=colour, every=False) + "\n")
    good = sum(result.outcome == "passed" for result in results)
    blocks.append("" if not blocks or blocks[-1].endswith("\n") else "\n")
    last = cut(f"{good:,} of {phrases.counted(len(results), noun_of(results))} passed", room)
    return "\n".join(blocks) + last


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
