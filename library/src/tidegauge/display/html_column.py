"""One column in full, for the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.display.cells import name_of
from tidegauge.display.facts import QUANTILE_RANKS
from tidegauge.display.html_parts import definitions, deviation, fragment, header, histogram, safe, top_values

if TYPE_CHECKING:
    from tidegauge.display.facts import Column, Numbers

_MOST_TOP = 10


def column_card_html(column: Column) -> str:
    """Draw a column that has been read already; see `column_html`."""
    facts = [column.type]
    if column.arrow_type and column.arrow_type != column.type:
        facts.append(column.arrow_type)
    if column.role:
        facts.append(f"role {column.role}")
    parts = [header(name_of(column.name), facts + phrases.notes(column)), definitions(_counts(column))]
    for heading, values in (("values", column.values), ("lengths", column.lengths)):
        if values is not None and values.count:
            if values.constant:
                parts.append(f"<p>{heading}: all {safe(phrases.least(values, precise=True))}</p>")
                continue
            if values.bins is not None:
                drawn = histogram(column.name, values, width=560, height=110)
                parts.append(f'<div class="wide"><h4>{heading}</h4>{drawn}</div>')
            parts.append(definitions(_number_facts(values)))
            if not values.exact:
                error = f"{100 * values.rank_error:.2g}%"
                parts.append(f"<p>Quantiles are estimates: rank ±{error} at 99%.</p>")
    if column.items and not (column.items[0].high <= 1 and column.present > 1):
        parts.append(
            f'<div class="wide"><h4>top values</h4>{top_values(column.items[:_MOST_TOP], column)}</div>'
        )
    if column.custom:
        told = [(safe(metric.name), phrases.custom(metric, column.records)) for metric in column.custom]
        parts.append(definitions(told))
    return fragment(parts)


def _counts(column: Column) -> list[tuple[str, str]]:
    nulls = f"{numbers.grouped(column.nulls)} ({numbers.share(column.nulls, column.records)})"
    facts = [("records", numbers.grouped(column.records)), ("nulls", nulls)]
    if column.distinct is not None:
        facts.append(("distinct", phrases.distinct(column.distinct)))
    for key, word in (("zeros", "zeros"), ("negatives", "negatives"), ("trues", "true")):
        if count := column.counts.get(key, 0):
            facts.append((word, f"{numbers.grouped(count)} ({numbers.share(count, column.present)})"))
    return facts


def _number_facts(values: Numbers) -> list[tuple[str, str]]:
    facts = []
    if values.mean is not None:
        facts.append(("mean", phrases.mean(values)))
    if values.deviation is not None:
        facts.append(("standard deviation", deviation(values)))
    if values.bounded:
        facts.append(("min", phrases.least(values, precise=True)))
    for rank, value in zip(QUANTILE_RANKS, values.quantiles or (), strict=False):
        shown = phrases.approximate(values, numbers.moment(value, values.kind, precise=True))
        facts.append(("median" if rank == 0.5 else f"{100 * rank:g}%", shown))
    if values.bounded:
        facts.append(("max", phrases.greatest(values, precise=True)))
    return facts
