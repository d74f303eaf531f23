"""The report of a profile set over time as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.display.blocks import spark, squeeze, trend
from tidegauge.display.cells import name_of
from tidegauge.display.drift_text import SIGNS
from tidegauge.display.reading import label_of
from tidegauge.reports.facts.history import greatest
from tidegauge.reports.prose.markdown import plain, table
from tidegauge.reports.prose.profile_markdown import (
    CONDITION_TITLES,
    condition_row,
    facts_line,
    profile_markdown,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.reports.facts.history import ColumnHistory, ConditionHistory, HistoryFacts
    from tidegauge.reports.facts.segments import PartitionFacts

_CELLS = 32
_MOST_STRANGE = 20
_MOST_SEGMENTS = 20


def history_markdown(facts: HistoryFacts, title: str) -> str:
    """Write the report of a profile set as Markdown.

    Args:
        facts: What it shows.
        title: Its title.
    """
    parts = [f"# {plain(title)}", facts_line(facts.heading)]
    if facts.ranking:
        rows = [
            [
                SIGNS[one.verdict],
                plain(one.label),
                numbers.grouped(one.records),
                f"{len(one.drifted)} of {one.columns}",
                plain(one.why),
            ]
            for one in facts.ranking[:_MOST_STRANGE]
        ]
        titles: tuple[str, ...] = ("", "window", "records", "columns drifted", "why")
        parts += ["## Strangest windows", table(titles, rows, right=titles[2:4])]
    if len(facts.steps):
        counts: list[float | None] = [
            None if count is None else float(count) for count in facts.steps.records
        ]
        parts.append(f"Records by window: `{spark(squeeze(counts, 2 * _CELLS))}`")
    if facts.conditions:
        rows = [[*condition_row(one.whole), _failing(one)] for one in facts.conditions]
        titles = (*CONDITION_TITLES, "failed over time")
        parts += ["## Conditions", table(titles, rows, right=titles[2:5])]
    parts += [part for partition in facts.segments for part in _segments(partition)]
    if facts.whole is not None:
        parts += profile_markdown(facts.whole, title).split("\n\n")[2:]
    if facts.columns:
        titles = ("column", "type", "nulls", "at most", "level", "from", "to")
        parts += ["## Columns", table(titles, map(_row, facts.columns), right=("at most", "from", "to"))]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _failing(one: ConditionHistory) -> str:
    if not one.whole.failed:
        return "never"
    return f"`{spark(squeeze(one.failing, _CELLS), top=1.0)}` ≤ {numbers.share(greatest(one.failing), 1)}"


def _segments(partition: PartitionFacts) -> list[str]:
    rows = []
    for one in partition.segments[:_MOST_SEGMENTS]:
        nulls = "" if one.nulls is None else f"{name_of(one.nulls[0])} {numbers.share(one.nulls[1], 1)}"
        unlike = "" if one.unlike is None else f"{name_of(one.unlike.column)}: {one.unlike.how}"
        counts = [numbers.grouped(one.records), numbers.share(one.share, 1)]
        rows.append(
            [plain(label_of(dict(one.values), is_other=one.is_other)), *counts, plain(nulls), plain(unlike)]
        )
    named = plain(", ".join(partition.columns))
    titles = (named, "records", "share", "most nulls", "differs most in")
    parts = [f"## Segments by {named}", table(titles, rows, right=titles[1:3])]
    more = partition.count - len(rows)
    return [*parts, f"… {phrases.counted(more, 'more segment')}"] if more else parts


def _row(column: ColumnHistory) -> list[str]:
    name = [plain(name_of(column.name)), plain(column.type)]
    nulls = f"`{spark(squeeze(column.nulls, _CELLS), top=1.0)}`" if any(column.nulls) else "none"
    worst = numbers.share(greatest(column.nulls), 1)
    if column.constant is not None:
        return [*name, nulls, worst, f"always {plain(column.constant)}", "", ""]
    levels: Sequence[float | None] = column.medians or column.distinct
    known = [level for level in levels if level is not None]
    if not known:
        return [*name, nulls, worst, "", "", ""]
    kind = column.kind if column.fan else "number"
    word = "median" if column.fan else "distinct"
    drawn = f"{word} `{trend(squeeze(levels, _CELLS))}`"
    return [*name, nulls, worst, drawn, numbers.moment(min(known), kind), numbers.moment(max(known), kind)]
