"""The report of a profile set over time: each column as pictures over one axis of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers
from tidegauge.display.html_parts import safe
from tidegauge.reports.charts import axis, over_time
from tidegauge.reports.charts.ticks import ticks
from tidegauge.reports.facts.history import greatest, medians, single
from tidegauge.reports.pages.conditions_part import conditions_over_time
from tidegauge.reports.pages.document import section
from tidegauge.reports.pages.palette import SEA_STEPS
from tidegauge.reports.pages.parts import (
    column_name,
    counts,
    figure,
    heading_facts,
    left_out,
    masthead,
    table,
)
from tidegauge.reports.pages.profile_page import profile_parts
from tidegauge.reports.pages.segments_part import segments_parts
from tidegauge.reports.pages.strange import strange_parts
from tidegauge.reports.pages.timeline import row, step_name, time_axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.reports.facts.history import ColumnHistory, Heat, HistoryFacts, Steps

MOST_COLUMNS = 150
"""Columns that a page draws at most."""

_PEAK_RANK = 0.995
_REMARKABLE = 0.05


def history_parts(facts: HistoryFacts, title: str) -> list[str]:
    """Draw the report of a profile set.

    Args:
        facts: What it shows.
        title: Its title.

    Returns:
        HTML, part by part.
    """
    if facts.whole is not None:
        head, *rest = profile_parts(facts.whole, title)
        return [head, *segments_parts(facts.segments), *rest]
    kicker = "Windows compared with those before them" if facts.judged else "Profiles over time"
    parts = [masthead(kicker, title, heading_facts(facts.heading))]
    judged = strange_parts(facts) if facts.judged else []
    parts += [*judged[:1], _sizes(facts), *judged[1:]]
    if not len(facts.steps):
        return parts
    axis_of_time = time_axis(facts.steps)
    parts.append(section("Records", [_records(facts.steps, axis_of_time)], anchor="records"))
    if facts.conditions:
        parts.append(conditions_over_time(facts.conditions, axis_of_time))
    parts += segments_parts(facts.segments)
    drawn = [column for column in facts.columns if not column.quiet]
    quiet = [column for column in facts.columns if column.quiet]
    if len(facts.columns) > 1:
        parts.append(_contents(drawn[:MOST_COLUMNS]))
    cards = "".join(history_card(column, facts.steps, axis_of_time) for column in drawn[:MOST_COLUMNS])
    more = left_out(len(drawn) - MOST_COLUMNS, "column")
    if cards:
        lead = (
            "Bands reach from the 5 to the 95 % and from the 25 to the 75 % quantile, the line is the median."
        )
        parts.append(
            section("Columns", [f'<div class="cards long">{cards}</div>{more}'], anchor="columns", lead=lead)
        )
    if quiet:
        parts.append(_quiet(quiet))
    return parts


def _sizes(facts: HistoryFacts) -> str:
    heading, steps = facts.heading, facts.steps
    pairs = [
        ("windows", numbers.grouped(heading.windows or 0)),
        ("records", numbers.grouped(heading.records)),
        ("columns", numbers.grouped(heading.columns)),
    ]
    known = [count for count in steps.records if count is not None]
    if missing := len(steps) - len(known):
        pairs.append(("windows without records", numbers.grouped(missing)))
    if steps.untimed:
        pairs.append(("records without a time", numbers.grouped(steps.untimed)))
    return counts(pairs)


def _records(steps: Steps, axis_of_time: str) -> str:
    known = [(count, place) for place, count in enumerate(steps.records) if count is not None]
    most, least = max(known, key=lambda pair: pair[0]), min(known, key=lambda pair: pair[0])
    each = "" if steps.windows_each == 1 else f", {steps.windows_each} windows a step"
    label = f"records by window{each}: "
    label += (
        f"{numbers.grouped(most[0])} in each"
        if most[0] == least[0]
        else f"least {numbers.grouped(least[0])} ({step_name(steps, least[1])}), "
        f"most {numbers.grouped(most[0])} ({step_name(steps, most[1])})"
    )
    values = [None if count is None else float(count) for count in steps.records]
    drawn = over_time.bars(values, float(most[0]) or 1.0, label, style="gap", fill="bar")
    side = axis.upright(ticks(0.0, float(most[0]), "number", most=3), 0.0, float(most[0]))
    frame = row(side, drawn) + row("", axis_of_time)
    return f'<p class="note">{safe(label)}</p><div class="framed">{frame}</div>'


def _contents(drawn: Sequence[ColumnHistory]) -> str:
    links = "".join(f'<a href="#c{column.position}">{column_name(column.name)}</a>' for column in drawn)
    return f'<nav class="contents no-print" aria-label="columns">{links}</nav>'


def history_card(column: ColumnHistory, steps: Steps, axis_of_time: str) -> str:
    """Draw one column over time."""
    name = column.name[:80]
    head = (
        f'<header><span class="no">{column.position}</span><h3>{column_name(column.name)}</h3>'
        f"<small>{safe(column.type)}</small>{_remark(column, steps)}</header>"
    )
    frame = ""
    if column.fan and not column.constant:
        frame += _fan(column.fan, name, column.kind, single=column.single)
    if column.heat is not None and not column.constant and not column.single:
        frame += _heat(column.heat, name, column.kind, steps.windows_each)
    if column.top is not None and not column.constant:
        frame += _top(column, name)
    if column.lengths and not column.constant:
        frame += _lengths(column.lengths, name)
    if any(column.nulls):
        frame += _nulls(column, name)
    known = [count for count in column.distinct if count is not None]
    if known and not column.constant and max(known) > 1:
        frame += _distinct(column, name)
    frame += row("", axis_of_time)
    constant = f"<p>always {figure(column.constant[:80])}</p>" if column.constant is not None else ""
    body = f'{head}{constant}<div class="framed">{frame}</div>'
    return f'<article class="card" id="c{column.position}">{body}</article>'


def _remark(column: ColumnHistory, steps: Steps) -> str:
    rates = sorted((rate, place) for place, rate in enumerate(column.nulls) if rate is not None)
    if not rates or rates[-1][0] - rates[len(rates) // 2][0] < _REMARKABLE:
        return ""
    rate, place = rates[-1]
    text = f"{numbers.share(rate, 1)} null on {step_name(steps, place)}"
    return f'<span class="end mark bad"><small class="bad-text">▲ {safe(text)}</small></span>'


def _fan(fan: Sequence[tuple[float, ...] | None], name: str, kind: str, *, single: bool) -> str:
    low, high = _ends(fan)
    shown = f"{numbers.moment(low, kind)} to {numbers.moment(high, kind)}"
    if single:
        label = f"{name} over time, one value in each window, {shown}"
        drawn = over_time.line(medians(fan), low, high, label, style="low")
    else:
        label = f"quantiles of {name} over time, 5 to 95 %: {shown}"
        drawn = over_time.fan(fan, low, high, label)
    side = axis.upright(ticks(low, high, kind, most=4), low, high)
    return row(side, drawn)


def _ends(fan: Sequence[tuple[float, ...] | None]) -> tuple[float, float]:
    known = [step for step in fan if step is not None]
    return min(step[0] for step in known), max(step[-1] for step in known)


def _lengths(fan: Sequence[tuple[float, ...] | None], name: str) -> str:
    """Draw the lengths of values as a fan under their name; where all are alike, a strip says so."""
    low, high = _ends(fan)
    if low < high:
        return row("", "<h4>lengths</h4>", tight=True) + _fan(
            fan, f"lengths of {name}", "number", single=single(fan)
        )
    shown = numbers.number(low)
    label = f"lengths of {name} over time: nearly all {shown}"
    drawn = over_time.line(medians(fan), low, high, label, style="strip")
    return row(f'<div class="name">length<br>{shown}</div>', drawn)


def _heat(heat: Heat, name: str, kind: str, windows_each: int) -> str:
    peak = _peak(heat.rows)
    low, high = heat.edges[0], heat.edges[-1]
    windows = windows_each * heat.steps_each
    each = "" if windows == 1 else f", {windows} windows a cell"
    reach = f"darker cells hold more values, up to {numbers.share(peak, 1)}"
    label = f"distribution of {name} over time{each}: {reach}"
    drawn = over_time.cells(heat.rows, peak, SEA_STEPS, label, ends=heat.ends, style="heat")
    side = axis.upright(ticks(low, high, kind, most=4), low, high)
    return row(side, drawn, tight=True) + row("", _ramp(peak, each))


def _peak(rows: Sequence[Sequence[float | None]]) -> float:
    shares = sorted(share for cells in rows for share in cells if share)
    return shares[int(_PEAK_RANK * (len(shares) - 1))] if shares else 1.0


def _ramp(peak: float, each: str) -> str:
    swatches = "".join(f'<i class="s{step}"></i>' for step in range(SEA_STEPS))
    return f'<div class="ramp" aria-hidden="true">0 {swatches} {numbers.share(peak, 1)} of values{each}</div>'


def _top(column: ColumnHistory, name: str) -> str:
    top = column.top
    if top is None:
        return ""
    pairs = list(zip(top.names, top.rows, strict=True))
    if any(top.others):
        pairs.append(("others", top.others))
    peak = max(greatest(shares) for _, shares in pairs) or 1.0
    frame = ""
    for text, shares in pairs:
        shown = safe(text) or repr("")
        known = [share for share in shares if share is not None]
        reach = f"{numbers.share(min(known), 1)} to {numbers.share(max(known), 1)}"
        drawn = over_time.area(shares, peak, f"share of {text[:60]} in {name} over time: {reach}")
        frame += row(f'<div class="name" title="{shown}">{shown}</div>', drawn, tight=True)
    return frame + row("", f'<div class="ramp">full height: {numbers.share(peak, 1)}</div>')


def _nulls(column: ColumnHistory, name: str) -> str:
    highest = greatest(column.nulls)
    shown = numbers.share(highest, 1)
    drawn = over_time.bars(
        column.nulls,
        max(highest, 0.02),
        f"null rate of {name} over time, at most {shown}",
        style="low",
        fill="alarm",
    )
    return row(f'<div class="name">nulls<br>≤ {shown}</div>', drawn)


def _distinct(column: ColumnHistory, name: str) -> str:
    known = [count for count in column.distinct if count is not None]
    low, high = min(known), max(known)
    shown = numbers.compact(low) if low == high else f"{numbers.compact(low)}–{numbers.compact(high)}"
    drawn = over_time.line(
        column.distinct, low, high, f"distinct values of {name} over time: {shown}", style="strip"
    )
    return row(f'<div class="name">distinct<br>{shown}</div>', drawn)


def _quiet(columns: Sequence[ColumnHistory]) -> str:
    rows = []
    for column in columns:
        said = f"always {figure((column.constant or '')[:80])}"
        if column.advances:
            first, last = (step for step in (column.fan[0], column.fan[-1]))
            ends = [numbers.moment(step[2], column.kind) for step in (first, last) if step is not None]
            said = f"moves on with the windows: median {safe(' → '.join(ends))}"
        rows.append(
            f'<tr id="c{column.position}"><th scope="row">{column_name(column.name)}</th>'
            f"<td>{safe(column.type)}</td><td>{said}</td></tr>"
        )
    drawn = table(("column", "type", "values"), rows, caption="columns with nothing to draw")
    return section("Columns with nothing to draw", [drawn], anchor="quiet")
