"""The report of a comparison: the verdict, schema changes, what drifted, and the rest in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.display.html_parts import safe
from tidegauge.reports.facts.changes import DRIFT, MOST_CARDS, STABLE, UNTOLD
from tidegauge.reports.pages.change_card import (
    change_card,
    effect_axis,
    effect_drawn,
    effect_number,
    legend,
    probability,
)
from tidegauge.reports.pages.correlation_part import changes_section
from tidegauge.reports.pages.document import section
from tidegauge.reports.pages.marks import sign, verdict
from tidegauge.reports.pages.parts import column_name, counts, left_out, masthead, sentence, table
from tidegauge.segments import value_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.display.facts import Heading
    from tidegauge.reports.facts.changes import ChangesFacts, ColumnChange


MOST_ROWS = 1000
"""Columns that the table lists at most."""


def changes_parts(facts: ChangesFacts, title: str, *, most: int = MOST_CARDS) -> list[str]:
    """Draw the report of a comparison.

    Args:
        facts: What it shows.
        title: Its title.
        most: Columns drawn in full at most.

    Returns:
        HTML, part by part.
    """
    parts = [masthead("Comparison", title, []), verdict_line(facts.verdict, facts.why), _sizes(facts)]
    parts.append(_sides(facts))
    if facts.added or facts.removed or facts.retyped:
        parts.append(section("Schema changes", [_schema(facts)], anchor="schema"))
    drifted = facts.of(DRIFT)
    if drifted:
        shown = drifted[:most]
        cards = "".join(change_card(column, f"d{place}") for place, column in enumerate(shown, 1))
        parts.append(
            section("Drifted columns", [legend(), f'<div class="cards long">{cards}</div>'], anchor="drifted")
        )
    if facts.correlations:
        parts.append(changes_section(facts.correlations))
    rest = [*drifted[most:], *facts.of(UNTOLD), *facts.of(STABLE)]
    if rest:
        more = left_out(len(rest) - MOST_ROWS, "column")
        name = "Other columns" if drifted else "Columns"
        parts.append(section(name, [legend(), rest_table(rest[:MOST_ROWS]), more], anchor="rest"))
    return parts


def verdict_line(word: str, why: str) -> str:
    """Write the verdict in one sentence, with its sign."""
    return f'<p class="verdict">{sign(word)}<span>{sentence(why)}</span></p>'


def _sizes(facts: ChangesFacts) -> str:
    pairs = [
        (verdict(word), numbers.grouped(len(facts.of(word))) + f" <small>of {len(facts.columns)}</small>")
        for word in (DRIFT, UNTOLD, STABLE)
    ]
    changed = len(facts.added) + len(facts.removed) + len(facts.retyped)
    if changed:
        pairs.append(("schema changes", numbers.grouped(changed)))
    return counts(pairs)


def _sides(facts: ChangesFacts) -> str:
    was = f"reference, {phrases.counted(facts.history, 'window')}" if facts.history else "reference"
    rows = "".join(_side(word, heading) for word, heading in (("current", facts.now), (was, facts.was)))
    titles = ("", "dataset", "window", "records", "columns")
    return f'<div class="apart">{table(titles, [rows], right=titles[3:], caption="what was compared")}</div>'


def _side(word: str, heading: Heading) -> str:
    when = phrases.stretch(heading.start, heading.end) or numbers.DASH
    segment = "".join(
        f"<br><small>{safe(f'{key} = {value_label(value)}')}</small>" for key, value in heading.segment
    )
    return (
        f'<tr><th scope="row">{word}</th><td>{safe(phrases.dataset(heading))}{segment}</td><td>{when}</td>'
        f'<td class="n">{numbers.grouped(heading.records)}</td>'
        f'<td class="n">{numbers.grouped(heading.columns)}</td></tr>'
    )


def _schema(facts: ChangesFacts) -> str:
    rows = [_change("added", name, kind) for name, kind in facts.added]
    rows += [_change("removed", name, kind) for name, kind in facts.removed]
    rows += [_change("type changed", name, f"{was} → {now}") for name, was, now in facts.retyped]
    drawn = table(("change", "column", "type"), rows, caption="schema changes")
    return f'<div class="apart">{drawn}</div>'


def _change(word: str, name: str, types: str) -> str:
    return f'<tr><td>{word}</td><th scope="row">{column_name(name)}</th><td>{safe(types)}</td></tr>'


def rest_table(columns: Sequence[ColumnChange]) -> str:
    """Draw columns compactly: verdict, effect and its interval, evidence, and why.

    Args:
        columns: What to draw, in order.
    """
    drawn = f"effect ÷ smallest that matters{effect_axis()}"
    titles = ("column", "verdict", "effect", drawn, "could show", "adjusted")
    rows = [_rest_row(column) for column in columns]
    return table(
        titles,
        rows,
        right=("effect", "could show", "adjusted"),
        caption="columns compared",
        style="stack rest",
    )


def _rest_row(column: ColumnChange) -> str:
    main = column.main
    name = f'<th scope="row">{column_name(column.name)}<br><small>{safe(column.kind)}</small></th>'
    said = f'<td class="t" title="{sentence(column.why)}">{verdict(column.verdict)}</td>'
    if main is None:
        return f'<tr>{name}{said}<td colspan="4"><small>{sentence(column.why)}</small></td></tr>'
    effect = f"{effect_number(main.value)}<br><small>{safe(main.measure)}</small>"
    return (
        f'<tr>{name}{said}<td class="n">{effect}</td>'
        f'<td class="draw">{effect_drawn(main)}</td><td class="n">{effect_number(main.detectable)}</td>'
        f'<td class="n">{probability(main.adjusted)}</td></tr>'
    )
