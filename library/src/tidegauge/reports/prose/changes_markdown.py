"""The report of a comparison as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.display.cells import name_of
from tidegauge.display.drift_text import SIGNS, p_text
from tidegauge.reports.facts.changes import DRIFT
from tidegauge.reports.prose.markdown import plain, table

if TYPE_CHECKING:
    from tidegauge.display.facts import Heading
    from tidegauge.reports.facts.changes import ChangesFacts, ColumnChange

_TITLES = ("", "column", "verdict", "measure", "effect", "95 %", "matters", "adjusted p")
_RIGHT = ("effect", "95 %", "matters", "adjusted p")


def changes_markdown(facts: ChangesFacts, title: str) -> str:
    """Write the report of a comparison as Markdown.

    Args:
        facts: What it shows.
        title: Its title.
    """
    parts = [f"# {plain(title)}: {SIGNS[facts.verdict]} {facts.verdict}", plain(facts.why), _sides(facts)]
    changes = [f"- added: {plain(name_of(name))}" for name, _ in facts.added]
    changes += [f"- removed: {plain(name_of(name))}" for name, _ in facts.removed]
    changes += [
        f"- type changed: {plain(name_of(name))}, {plain(was)} → {plain(now)}"
        for name, was, now in facts.retyped
    ]
    if changes:
        parts += ["## Schema changes", "\n".join(changes)]
    drifted = facts.of(DRIFT)
    if drifted:
        whys = "\n".join(f"- **{plain(name_of(column.name))}**: {plain(column.why)}" for column in drifted)
        parts += ["## Drifted columns", whys]
    changed = [change for change in facts.correlations if change.verdict == DRIFT]
    if changed:
        whys = "\n".join(
            f"- **{plain(name_of(change.x))}** and **{plain(name_of(change.y))}**: {plain(change.why)}"
            for change in changed
        )
        parts += ["## Changed correlations", whys]
    if facts.columns:
        parts += ["## Columns", table(_TITLES, map(_row, facts.columns), right=_RIGHT)]
    return "\n\n".join(parts) + "\n"


def change_markdown(column: ColumnChange, title: str) -> str:
    """Write one column that was compared.

    Args:
        column: What it shows.
        title: Its title.
    """
    rows = [
        [
            plain(one.aspect),
            plain(one.measure),
            *(numbers.number(each, 3) for each in (one.value, one.low, one.high, one.matters)),
            p_text(one.adjusted),
            one.verdict,
        ]
        for one in column.findings
    ]
    titles = ("aspect", "measure", "effect", "from", "to", "matters", "adjusted p", "verdict")
    parts = [f"# {plain(title)}: {SIGNS[column.verdict]} {column.verdict}", plain(column.why)]
    if rows:
        parts.append(table(titles, rows, right=titles[2:7]))
    return "\n\n".join(parts) + "\n"


def _sides(facts: ChangesFacts) -> str:
    was = f"reference, {phrases.counted(facts.history, 'window')}" if facts.history else "reference"
    return "\n".join(
        f"- {word}: {_side(heading)}" for word, heading in (("current", facts.now), (was, facts.was))
    )


def _side(heading: Heading) -> str:
    parts = [phrases.dataset(heading), phrases.stretch(heading.start, heading.end), *phrases.segment(heading)]
    parts += [phrases.counted(heading.records, "record"), phrases.counted(heading.columns, "column")]
    return " · ".join(plain(part) for part in parts if part)


def _row(column: ColumnChange) -> list[str]:
    main = column.main
    name = [SIGNS[column.verdict], plain(name_of(column.name)), column.verdict]
    if main is None:
        return [*name, plain(column.why), "", "", "", ""]
    value, low, high, matters = (
        numbers.number(each, 3) for each in (main.value, main.low, main.high, main.matters)
    )
    return [*name, plain(main.measure), value, f"{low} to {high}", matters, p_text(main.adjusted)]
