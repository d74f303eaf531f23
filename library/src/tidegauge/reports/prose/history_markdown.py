"""The report of a profile set over time as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers
from tidegauge.display.blocks import spark, squeeze, trend
from tidegauge.display.cells import name_of
from tidegauge.display.drift_text import SIGNS
from tidegauge.reports.facts.history import greatest
from tidegauge.reports.prose.markdown import plain, table
from tidegauge.reports.prose.profile_markdown import facts_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.reports.facts.history import ColumnHistory, HistoryFacts

_CELLS = 32
_MOST_STRANGE = 20


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
    if facts.columns:
        titles = ("column", "type", "nulls", "at most", "level", "from", "to")
        parts += ["## Columns", table(titles, map(_row, facts.columns), right=("at most", "from", "to"))]
    return "\n\n".join(parts) + "\n"


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
