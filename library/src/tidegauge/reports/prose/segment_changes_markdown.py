"""The report of compared segments as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.display.cells import name_of
from tidegauge.display.drift_text import SIGNS, p_text
from tidegauge.reports.facts.changes import DRIFT
from tidegauge.reports.prose.markdown import plain, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidegauge.reports.facts.segment_changes import LoneSegment, SegmentChange, SegmentChangesFacts

_TITLES = ("", "segment", "records", "verdict", "column", "measure", "effect", "matters", "adjusted p")
_RIGHT = ("records", "effect", "matters", "adjusted p")


def segment_changes_markdown(facts: SegmentChangesFacts, title: str) -> str:
    """Write the report of compared segments as Markdown.

    Args:
        facts: What it shows.
        title: Its title.
    """
    named = ", ".join(plain(name_of(name)) for name in facts.by)
    parts = [f"# {plain(title)}: {SIGNS[facts.verdict]} {facts.verdict}", plain(facts.why)]
    parts.append(f"- segments by {named}\n- shares of segments: {facts.mix.verdict}. {plain(facts.mix.why)}")
    parts += [plain(note) for note in facts.notes]
    drifted = facts.of(DRIFT)
    if drifted:
        whys = "\n".join(f"- **{plain(each.label)}**: {plain(_why(each))}" for each in drifted)
        parts += ["## Drifted segments", whys]
    for word, segments in (("appeared", facts.appeared), ("vanished", facts.vanished)):
        if segments:
            parts += [f"## Segments that {word}", _lone(segments)]
    if facts.segments:
        parts += ["## Segments", table(_TITLES, map(_row, facts.segments), right=_RIGHT)]
    return "\n\n".join(parts) + "\n"


def _why(segment: SegmentChange) -> str:
    column = segment.strongest
    if column is None:
        return segment.why
    more = segment.drifted - 1
    rest = f" And {phrases.counted(more, 'column')} more." if more else ""
    return f"{name_of(column.name)}: {column.why}{rest}"


def _lone(segments: Iterable[LoneSegment]) -> str:
    return "\n".join(
        f"- {plain(one.label)}: {phrases.counted(one.records, 'record')}, {numbers.share(one.share, 1)}"
        for one in segments
    )


def _row(segment: SegmentChange) -> list[str]:
    column = segment.strongest
    start = [SIGNS[segment.verdict], plain(segment.label), numbers.grouped(segment.records), segment.verdict]
    if column is None or column.main is None:
        return [*start, "", "", "", "", ""]
    main = column.main
    value, matters = (numbers.number(each, 3) for each in (main.value, main.matters))
    return [*start, plain(name_of(column.name)), plain(main.measure), value, matters, p_text(main.adjusted)]
