"""The report of a profile as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.display.blocks import spark
from tidegauge.display.cells import name_of
from tidegauge.display.columns_table import rebinned
from tidegauge.display.html_parts import deviation
from tidegauge.reports.prose.markdown import plain, table

if TYPE_CHECKING:
    from tidegauge.display.facts import Column, Heading
    from tidegauge.metrics.conditions import Condition
    from tidegauge.reports.facts.profile import ProfileFacts

_TITLES = ("column", "type", "nulls", "distinct", "median", "mean", "sd", "distribution")
_RIGHT = ("nulls", "distinct", "median", "mean", "sd")
_CELLS = 16
_TOP = 3


CONDITION_TITLES = ("condition", "expression", "passed", "failed", "unknown")


def profile_markdown(facts: ProfileFacts, title: str) -> str:
    """Write the report of a profile as Markdown.

    Args:
        facts: What it shows.
        title: Its title.
    """
    parts = [f"# {plain(title)}", facts_line(facts.heading)]
    if facts.conditions:
        rows = [condition_row(one) for one in facts.conditions]
        parts += ["## Conditions", table(CONDITION_TITLES, rows, right=CONDITION_TITLES[2:])]
    if facts.columns:
        parts += ["## Columns", table(_TITLES, map(_row, facts.columns), right=_RIGHT)]
    if facts.correlation is not None and facts.correlation.strongest:
        rows = [
            [
                plain(name_of(pair.x)),
                plain(name_of(pair.y)),
                f"{pair.r:.2f}",
                f"{pair.low:.2f} to {pair.high:.2f}",
                numbers.grouped(pair.records),
            ]
            for pair in facts.correlation.strongest
        ]
        titles = ("column", "column", "correlation", "95 %", "records")
        parts += ["## Correlation", table(titles, rows, right=titles[2:])]
    remarks = [
        f"- {plain(name_of(column.name))}: {plain('; '.join(found))}"
        for column in facts.columns
        if (found := phrases.notes(column))
    ]
    if remarks:
        parts += ["## Remarks", "\n".join(remarks)]
    return "\n\n".join(parts) + "\n"


def facts_line(heading: Heading) -> str:
    """Write whose it is in one line."""
    return " · ".join(plain(part) for part in [phrases.dataset(heading), *phrases.heading_parts(heading)])


def _row(column: Column) -> list[str]:
    values = column.values if column.values is not None and column.values.count else None
    median = mean = spread = ""
    if values is not None and values.median is not None:
        median = phrases.approximate(values, numbers.moment(values.median, values.kind))
    if values is not None and values.mean is not None:
        mean = numbers.moment(values.mean, values.kind)
        spread = "" if values.deviation is None else deviation(values)
    return [
        plain(name_of(column.name)),
        plain(column.type),
        numbers.share(column.nulls, column.records),
        phrases.distinct(column.distinct),
        median,
        mean,
        spread,
        _distribution(column),
    ]


def _distribution(column: Column) -> str:
    values = column.values
    if values is not None and values.count and values.constant:
        return f"always {plain(phrases.least(values))}"
    if values is not None and values.bins is not None:
        return f"`{spark(rebinned(values.bins, _CELLS))}`"
    if not column.present:
        return "all null" if column.records else "no records"
    if column.items and column.items[0].high <= 1 < column.present:
        return "every value is unique" if column.items_exact else "no frequent values"
    shown = (
        f"{plain(item.text[:40])} {phrases.item_share(item, column.present)}" for item in column.items[:_TOP]
    )
    return ", ".join(shown)


def condition_row(one: Condition) -> list[str]:
    """Write what was counted of a condition, cell by cell."""
    counted = map(numbers.grouped, (one.passed, one.failed, one.unknown))
    return [plain(one.name), plain(one.expression), *counted]
