"""The part of a page on correlations: a map and the closest pairs, or what has changed of them."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.reports.charts.heat_map import EDGES, MOST, heat_map
from tidegauge.reports.facts.changes import DRIFT, STABLE, UNTOLD
from tidegauge.reports.pages.change_card import probability
from tidegauge.reports.pages.document import section
from tidegauge.reports.pages.marks import verdict
from tidegauge.reports.pages.parts import column_name, left_out, sentence, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.reports.facts.correlation import CorrelationChange, CorrelationFacts, PairFacts

MOST_ROWS = 12
MOST_CHANGES = 60


def correlation_section(facts: CorrelationFacts) -> str:
    """Draw the correlations of a profile: as a map, and the strongest as a table."""
    parts = []
    if len(facts.columns) <= MOST:
        drawn = heat_map(facts.columns, facts.matrix)
        parts.append(f'{_key()}<div class="scroll">{drawn}</div>')
    if facts.strongest:
        rows = [_pair_row(pair) for pair in facts.strongest[:MOST_ROWS]]
        titles = ("columns", "correlation", "95 %", "records")
        drawn = table(titles, rows, right=titles[1:], caption="strongest correlations")
        parts.append(f'<h4 class="apart-head">the closest of {numbers.grouped(facts.pairs)} pairs</h4>')
        parts.append(f'<div class="apart">{drawn}</div>')
    else:
        parts.append('<p class="note">No two columns go together for certain.</p>')
    return section("Correlation", parts, anchor="correlation")


def _key() -> str:
    steps = [f'<i class="m{deep}"></i>' for deep in range(len(EDGES), 0, -1)]
    steps += ['<i class="zero"></i>', *(f'<i class="p{deep}"></i>' for deep in range(1, len(EDGES) + 1))]
    return f'<div class="ramp map-key">−1 {"".join(steps)} 1</div>'


def _pair_row(pair: PairFacts) -> str:
    return (
        f'<tr><th scope="row">{_names(pair.x, pair.y)}</th><td class="n">{coefficient(pair.r)}</td>'
        f'<td class="n">{coefficient(pair.low)} to {coefficient(pair.high)}</td>'
        f'<td class="n">{numbers.grouped(pair.records)}</td></tr>'
    )


def _names(x: str, y: str) -> str:
    return f"{column_name(x)} – {column_name(y)}"


def coefficient(value: float) -> str:
    """Write a correlation, or a difference of two, with a minus that is one.

    Example:
        >>> coefficient(-0.25), coefficient(float("nan"))
        ('−0.25', '–')
    """
    return numbers.DASH if isnan(value) else f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def changes_section(changes: Sequence[CorrelationChange]) -> str:
    """Draw what has changed of the correlations; in words only when nothing did."""
    drifted = [change for change in changes if change.verdict == DRIFT]
    said = f'<p class="why">{sentence(summary(changes))}</p>'
    if not drifted:
        return section("Correlations", [said], anchor="correlations")
    rows = [_change_row(change) for change in drifted[:MOST_CHANGES]]
    titles = ("columns", "verdict", "was", "is", "difference, 95 %", "adjusted p")
    drawn = table(titles, rows, right=titles[2:], caption="changed correlations")
    more = left_out(len(drifted) - MOST_CHANGES, "changed pair")
    return section("Correlations", [said, drawn, more], anchor="correlations")


def summary(changes: Sequence[CorrelationChange]) -> str:
    """Say in one sentence how many correlations have changed."""
    count = {word: sum(change.verdict == word for change in changes) for word in (DRIFT, STABLE, UNTOLD)}
    pairs = phrases.counted(len(changes), "pair")
    told = f"Of {pairs} of columns the correlation changed in {numbers.grouped(count[DRIFT])}"
    if count[UNTOLD]:
        told += f" and could not be judged in {numbers.grouped(count[UNTOLD])}"
    return told + "."


def _change_row(change: CorrelationChange) -> str:
    ends = f"{coefficient(change.low)} to {coefficient(change.high)}"
    return (
        f'<tr title="{sentence(change.why)}"><th scope="row">{_names(change.x, change.y)}</th>'
        f'<td class="t">{verdict(change.verdict)}</td>'
        f'<td class="n">{coefficient(change.was)}</td><td class="n">{coefficient(change.now)}</td>'
        f'<td class="n">{ends}</td><td class="n">{probability(change.adjusted)}</td></tr>'
    )
