"""The report of compared segments: the ranking, their shares, who came and went, and each that drifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers
from tidegauge.display.cells import name_of
from tidegauge.display.html_parts import safe
from tidegauge.reports.facts.changes import DRIFT, STABLE, UNTOLD, ColumnChange
from tidegauge.reports.pages.change_card import (
    change_card,
    effect_axis,
    effect_drawn,
    effect_number,
    findings,
    legend,
    probability,
    values_table,
)
from tidegauge.reports.pages.changes_page import verdict_line
from tidegauge.reports.pages.document import section
from tidegauge.reports.pages.marks import sign, verdict
from tidegauge.reports.pages.parts import column_name, counts, left_out, masthead, sentence, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.reports.facts.segment_changes import (
        LoneSegment,
        MixFacts,
        SegmentChange,
        SegmentChangesFacts,
    )

MOST_ROWS = 1000
"""Segments that the table lists at most."""
MOST_LONE = 40
"""Segments that appeared or vanished that a page lists at most, of each."""


def segment_changes_parts(facts: SegmentChangesFacts, title: str, *, most: int | None = None) -> list[str]:
    """Draw the report of compared segments.

    Args:
        facts: What it shows.
        title: Its title.
        most: Segments drawn in full at most; None for all that have been read in full.

    Returns:
        HTML, part by part.
    """
    named = ", ".join(map(name_of, facts.by))
    parts = [masthead("Comparison of segments", title, [f"segments by {named}"])]
    parts += [verdict_line(facts.verdict, facts.why), _sizes(facts), *map(_note, facts.notes)]
    shown = [segment for segment in facts.of(DRIFT) if segment.cards][:most]
    if facts.segments:
        parts.append(_ranking(facts, named, len(shown)))
    parts.append(_mix(facts.mix))
    for word, segments in (("appeared", facts.appeared), ("vanished", facts.vanished)):
        if segments:
            parts.append(_lone(word, segments, named))
    parts += [_segment(segment, f"s{place}") for place, segment in enumerate(shown, 1)]
    beyond = len(facts.of(DRIFT)) - len(shown)
    return [*parts, left_out(beyond, "changed segment")] if beyond else parts


def _sizes(facts: SegmentChangesFacts) -> str:
    of = f" <small>of {numbers.grouped(len(facts.segments))}</small>"
    pairs = [(verdict(word), numbers.grouped(len(facts.of(word))) + of) for word in (DRIFT, UNTOLD, STABLE)]
    for word, segments in (("appeared", facts.appeared), ("vanished", facts.vanished)):
        if segments:
            pairs.append((word, numbers.grouped(len(segments))))
    return counts(pairs)


def _note(text: str) -> str:
    return f'<p class="note">{sentence(text)}</p>'


def _ranking(facts: SegmentChangesFacts, named: str, drawn: int) -> str:
    """Draw all segments as a table, the strangest first; those that are drawn below are linked."""
    rows = [
        _row(segment, f"s{place}" if place <= drawn else "")
        for place, segment in enumerate(facts.segments[:MOST_ROWS], 1)
    ]
    effect = f"effect ÷ smallest that matters{effect_axis()}"
    titles = (safe(named), "verdict", "column that changed most", "effect", effect, "adjusted")
    listed = table(
        titles, rows, right=("effect", "adjusted"), caption="segments compared", style="stack changed"
    )
    more = left_out(len(facts.segments) - MOST_ROWS, "segment")
    lead = (
        f"The strangest first. All findings of all segments are one family: of those told as drift at most "
        f"{numbers.share(facts.rate, 1)} are expected to be false."
    )
    return section("Segments", [legend(), listed, more], anchor="segments", lead=lead)


def _row(segment: SegmentChange, anchor: str) -> str:
    label = safe(segment.label)
    shown = f'<a href="#{anchor}">{label}</a>' if anchor else label
    sizes = f"{numbers.grouped(segment.records)} against {numbers.grouped(segment.past_records)} records"
    name = f'<th scope="row">{shown}<br><small>{sizes}</small></th>'
    of = (
        f"<br><small>{numbers.grouped(segment.drifted)} of {numbers.grouped(segment.columns)} columns</small>"
    )
    said = (
        f'<td class="t" title="{sentence(segment.why)}">{verdict(segment.verdict)}'
        f"{of if segment.drifted else ''}</td>"
    )
    column = segment.strongest
    if column is None or column.main is None:
        return f'<tr>{name}{said}<td colspan="4"><small>{sentence(segment.why)}</small></td></tr>'
    main = column.main
    return (
        f"<tr>{name}{said}<td>{column_name(column.name)}<br><small>{safe(main.measure)}</small></td>"
        f'<td class="n">{effect_number(main.value)}</td><td class="draw">{effect_drawn(main)}</td>'
        f'<td class="n">{probability(main.adjusted)}</td></tr>'
    )


def _mix(mix: MixFacts) -> str:
    """Draw what became of the shares of segments, as a column is drawn whose values they are."""
    said = f'<p class="why">{sign(mix.verdict)} {sentence(mix.why)}</p>'
    if mix.finding is None:
        return section("Shares of segments", [said], anchor="shares")
    as_column = ColumnChange("", "", mix.verdict, mix.why, (mix.finding,), values=mix.movers)
    drawn = f'<div class="two"><div>{values_table(as_column)}</div><div>{findings(as_column)}</div></div>'
    return section("Shares of segments", [said, drawn], anchor="shares")


def _lone(word: str, segments: Sequence[LoneSegment], named: str) -> str:
    rows = [
        f'<tr><th scope="row">{safe(one.label)}</th><td class="n">{numbers.grouped(one.records)}</td>'
        f'<td class="n">{numbers.share(one.share, 1)}</td></tr>'
        for one in segments[:MOST_LONE]
    ]
    titles = (safe(named), "records", "share")
    drawn = table(titles, rows, right=titles[1:], caption=f"segments that {word}")
    more = left_out(len(segments) - MOST_LONE, "segment")
    return section(f"Segments that {word}", [f'<div class="apart">{drawn}</div>', more], anchor=word)


def _segment(segment: SegmentChange, anchor: str) -> str:
    cards = "".join(change_card(column, f"{anchor}-d{at}") for at, column in enumerate(segment.cards, 1))
    more = left_out(segment.drifted - len(segment.cards), "changed column")
    drawn = [legend(), f'<div class="cards long">{cards}</div>', more]
    return section(segment.label, drawn, anchor=anchor, lead=segment.why)
