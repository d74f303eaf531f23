"""The report of one profile: an overview of small pictures, then a card for each column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.display.columns_table import rebinned
from tidegauge.display.facts import QUANTILE_RANKS
from tidegauge.display.html_parts import deviation, safe
from tidegauge.reports.charts import axis, histogram
from tidegauge.reports.charts.canvas import path, picture
from tidegauge.reports.charts.rail import rail
from tidegauge.reports.pages.conditions_part import conditions_table
from tidegauge.reports.pages.correlation_part import correlation_section
from tidegauge.reports.pages.document import section
from tidegauge.reports.pages.parts import (
    column_name,
    counts,
    facts_list,
    figure,
    heading_facts,
    left_out,
    masthead,
    top_values,
)

if TYPE_CHECKING:
    from tidegauge.display.facts import Column, Numbers
    from tidegauge.reports.facts.profile import ProfileFacts

MOST_COLUMNS = 500
"""Columns that a page draws at most."""

_SPARK_BINS = 24
_MOST_TOP = 8
_ROW = 56
"""Characters of values that fit into one row."""


def profile_parts(facts: ProfileFacts, title: str) -> list[str]:
    """Draw the report of a profile.

    Args:
        facts: What it shows.
        title: Its title.

    Returns:
        HTML, part by part.
    """
    heading = facts.heading
    parts = [masthead("Profile", title, heading_facts(heading)), _sizes(facts)]
    if facts.conditions:
        parts.append(section("Conditions", [conditions_table(facts.conditions)], anchor="conditions"))
    if facts.columns:
        drawn_columns = list(enumerate(facts.columns[:MOST_COLUMNS], 1))
        more = left_out(len(facts.columns) - MOST_COLUMNS, "column")
        tiles = "".join(_tile(column, number) for number, column in drawn_columns)
        parts.append(section("Overview", [f'<ol class="tiles">{tiles}</ol>{more}'], anchor="overview"))
        if facts.correlation is not None:
            parts.append(correlation_section(facts.correlation))
        cards = "".join(column_card(column, number, heading.records) for number, column in drawn_columns)
        note = f'<p class="note">{said}</p>' if (said := _estimates(facts)) else ""
        parts.append(section("Columns", [f'<div class="cards">{cards}</div>{more}{note}'], anchor="columns"))
    return parts


def _sizes(facts: ProfileFacts) -> str:
    heading = facts.heading
    pairs = [("records", numbers.grouped(heading.records)), ("columns", numbers.grouped(heading.columns))]
    if facts.cells:
        pairs.append(("nulls", numbers.share(facts.nulls, facts.cells)))
        empty = sum(1 for column in facts.columns if column.nulls)
        pairs.append(("columns with nulls", numbers.grouped(empty)))
    return counts(pairs)


def _estimates(facts: ProfileFacts) -> str:
    if not facts.rank_error and all(
        column.distinct is None or column.distinct.exact for column in facts.columns
    ):
        return ""
    error = (
        f" Quantiles lie within ±{100 * facts.rank_error:.2g} % of their rank." if facts.rank_error else ""
    )
    return f"≈ marks an estimate; distinct counts carry their error at 95 %.{error}"


def _tile(column: Column, number: int) -> str:
    name = column_name(column.name)
    nulls = f"<span>{numbers.share(column.nulls, column.records)} null</span>" if column.nulls else ""
    return (
        f'<li><a href="#c{number}"><b title="{name}">{name}</b>'
        f"<small><span>{safe(column.type)}</span>{nulls}</small>{spark(column)}</a></li>"
    )


def spark(column: Column) -> str:
    """Draw a column in little: its histogram, its top values as bars, or a word where there is neither."""
    values = column.values
    if values is not None and values.bins is not None and not values.constant:
        drawn = rebinned(values.bins, _SPARK_BINS)
        return histogram.bars(drawn, f"distribution of {column.name[:80]}", style="spark")
    if word := plain_word(column):
        return f'<div class="plain">{word}</div>'
    shares = [item.count for item in column.items[:6]]
    commands = "".join(
        f"M0 {row * 6}h{max(0.5, 100 * share / shares[0]):.1f}v4.6H0z" for row, share in enumerate(shares)
    )
    label = f"shares of the most frequent values of {column.name[:80]}"
    return picture(path(commands, "bar"), label, width=100, height=36, style="spark")


def plain_word(column: Column) -> str:
    """Say in words what cannot be drawn; empty when it can."""
    values = column.values
    if not column.present:
        return "all null" if column.records else "no records"
    if values is not None and values.count and values.constant:
        return f"always {figure(phrases.least(values)[:20])}"
    if not column.items:
        if column.lengths is not None and column.lengths.count:
            return safe(phrases.lengths_range(column.lengths))
        return "kept private" if column.privacy else "not summarised"
    if column.items[0].high <= 1 and column.present > 1:
        return "every value is unique" if column.items_exact else "no frequent values"
    return ""


def column_card(column: Column, number: int, records: int) -> str:
    """Draw a column in full.

    Args:
        column: What to draw.
        number: Its position, from 1.
        records: Records of the profile: what differs from it is told.
    """
    kinds = [safe(column.type)]
    if column.arrow_type and column.arrow_type != column.type:
        kinds.append(safe(column.arrow_type))
    role = f'<span class="chip">{safe(column.role)}</span>' if column.role else ""
    noted = "".join(
        f'<span class="mark warn"><small>! {safe(note)}</small></span>' for note in phrases.notes(column)
    )
    head = (
        f'<header><span class="no">{number}</span><h3>{column_name(column.name)}</h3>'
        f"<small>{' · '.join(kinds)}</small>{role}{noted}</header>"
    )
    body = ""
    listed = bool(column.items) and not (column.items[0].high <= 1 and column.present > 1)
    if column.values is not None and column.values.count:
        body += _numbers(column.values, column.name)
    if listed and not _drawn(column.values):
        body += top_values(column.items[:_MOST_TOP], column)
    elif column.lengths is not None and column.lengths.count and not listed:
        body += f"<h4>length</h4>{_numbers(column.lengths, f'lengths of {column.name}')}"
    body += facts_list(_more_facts(column, records))
    return f'<article class="card" id="c{number}">{head}{body}</article>'


def _drawn(values: Numbers | None) -> bool:
    return values is not None and (values.bins is not None or values.constant)


def _numbers(values: Numbers, name: str) -> str:
    if values.constant:
        return f"<p>always {figure(phrases.least(values, precise=True))}</p>"
    chart = "" if values.bins is None else numbers_chart(values, name)
    quantiles = _quantiles(values)
    if sum(len(text) for _, text in quantiles) > _ROW:
        quantiles = quantiles[::2]
    return chart + facts_list(quantiles, row=True)


def numbers_chart(values: Numbers, name: str) -> str:
    """Draw a histogram over its axis, with the quantiles as a rail between."""
    bins = values.bins
    if bins is None:
        return ""
    first, last = phrases.drawn_ends(values, bins)
    outside = phrases.not_drawn(bins)
    label = f"histogram of {name[:80]}, {first} to {last}{f'; {outside}' if outside else ''}"
    low, high = bins.edges[0], bins.edges[-1]
    marks = axis.fitting(low, high, values.kind)
    side = " left" if bins.below > bins.above else ""
    note = f'<p class="aside{side}">{outside}</p>' if outside else ""
    quantiles = rail(values.quantiles, low, high) if values.quantiles and len(bins.counts) > 2 else ""
    few = f' style="max-width:{len(bins.counts) * 56}px"' if len(bins.counts) < 10 else ""
    drawn = histogram.bars(bins.counts, label)
    return f'<div class="drawn"{few}>{drawn}{quantiles}{axis.across(marks, low, high)}{note}</div>'


def _quantiles(values: Numbers) -> list[tuple[str, str]]:
    facts = [("min", phrases.least(values))] if values.bounded else []
    for rank, value in zip(QUANTILE_RANKS, values.quantiles or (), strict=False):
        shown = phrases.approximate(values, numbers.moment(value, values.kind))
        facts.append(("median" if rank == 0.5 else f"{100 * rank:g} %", shown))
    if values.bounded:
        facts.append(("max", phrases.greatest(values)))
    return facts


def _more_facts(column: Column, records: int) -> list[tuple[str, str]]:
    facts = []
    if column.records != records:
        facts.append(("records", numbers.grouped(column.records)))
    nulls = numbers.grouped(column.nulls)
    if column.nulls:
        nulls += f" ({numbers.share(column.nulls, column.records)})"
    facts.append(("nulls", nulls))
    if column.distinct is not None:
        facts.append(("distinct", phrases.distinct(column.distinct)))
    for key, word in (("zeros", "zeros"), ("negatives", "negative"), ("trues", "true")):
        if count := column.counts.get(key, 0):
            facts.append((word, f"{numbers.grouped(count)} ({numbers.share(count, column.present)})"))
    if column.lengths is not None and column.lengths.count and column.items:
        facts.append(("length", phrases.lengths_range(column.lengths).removeprefix("length ")))
    return facts + (_moments(column.values) if column.values is not None else [])


def _moments(values: Numbers) -> list[tuple[str, str]]:
    if values.constant:
        return []
    facts = []
    if values.mean is not None:
        short = numbers.number(values.mean, 5) if values.kind == "number" else phrases.mean(values)
        facts.append(("mean", short))
    if values.deviation is not None:
        facts.append(("std dev", deviation(values)))
    if values.skewness is not None:
        facts.append(("skewness", numbers.number(values.skewness, 3)))
    return facts
