"""One column compared: why, both distributions over one axis, the gap between them, and each finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.display.html_parts import deviation, safe
from tidegauge.reports.charts import axis, histogram, interval, pairs
from tidegauge.reports.charts.gap import gap
from tidegauge.reports.charts.ticks import Tick
from tidegauge.reports.pages.marks import verdict
from tidegauge.reports.pages.parts import column_name, facts_list, figure, sentence, table

if TYPE_CHECKING:
    from tidegauge.display.facts import Column
    from tidegauge.reports.facts.changes import ColumnChange, FindingFacts, Overlay

_SAME = 1e-12
_FEW = 3
_GAP, _MOST_CHARACTERS = 1, 52


def change_card(column: ColumnChange, anchor: str) -> str:
    """Draw one column that was compared.

    Args:
        column: What to draw.
        anchor: The card's id.
    """
    head = (
        f"<header><h3>{column_name(column.name)}</h3><small>{safe(column.kind)}</small>"
        f'<span class="end">{verdict(column.verdict)}</span></header>'
    )
    left = values_table(column)
    if column.overlay is not None:
        left += _overlay(column.overlay, column.name[:80])
    left += _sides(column)
    right = findings(column) + _effects(column)
    body = f'<div class="two"><div>{left}</div><div>{right}</div></div>' if left else right
    why = f'<p class="why">{sentence(column.why)}</p>'
    return f'<article class="card" id="{anchor}">{head}{why}{body}</article>'


def legend() -> str:
    """Explain the two sides and the sign of what matters."""
    return (
        '<div class="legend" aria-hidden="true"><span><i class="k-now"></i>current</span>'
        '<span><i class="k-was"></i>reference</span>'
        '<span><i class="k-gate"></i>smallest effect that matters</span></div>'
    )


def _overlay(overlay: Overlay, name: str) -> str:
    low, high = overlay.edges[0], overlay.edges[-1]
    of = f"lengths of {name}" if overlay.of_lengths else name
    label = f"distribution of {of}: current as a line over the reference, which is filled"
    drawn = histogram.overlay(overlay.now, overlay.was, label, style="tall")
    outside = [
        f"{side} {numbers.share(share, 1)}"
        for side, share in (("current", overlay.outside_now), ("reference", overlay.outside_was))
        if share > 5e-4
    ]
    note = f'<p class="aside">not drawn: {", ".join(outside)}</p>' if outside else ""
    marks = axis.across(axis.fitting(low, high, overlay.kind), low, high)
    title = "<h4>lengths</h4>" if overlay.of_lengths else ""
    few = f' style="max-width:{len(overlay.now) * 72}px"' if len(overlay.now) < 7 else ""
    return f'{title}<div class="drawn"{few}>{drawn}{note}{marks}{_gap(overlay, of)}</div>'


def _gap(overlay: Overlay, of: str) -> str:
    widest = overlay.widest
    if not overlay.gaps or abs(overlay.gaps[widest]) < _SAME:
        return ""
    share, at = overlay.gaps[widest], numbers.moment(overlay.points[widest], overlay.kind)
    more = "more" if share > 0 else "fewer"
    words = f"{numbers.number(abs(100 * share), 3)} points {more} at or below {at}"
    label = f"current less reference, as shares at or below each value of {of}; at most {words}"
    drawn = gap(overlay.points, overlay.gaps, widest, (overlay.edges[0], overlay.edges[-1]), label)
    return f"<h4><span>largest gap: {figure(words)}</span></h4>{drawn}"


def values_table(column: ColumnChange) -> str:
    """Draw the shares of values on both sides, with the change of each."""
    if not column.values:
        return ""
    most = max(max(one.now, one.was) for one in column.values)
    rows = []
    for one in column.values:
        change = 100 * (one.now - one.was)
        text = f"{change:+.1f}" if abs(change) >= 0.05 else "0"
        was, now = (numbers.share(share, 1) for share in (one.was, one.now))
        drawn = pairs.pair(
            one.now, one.was, most, f"{one.text[:60]}: {was} in the reference, {now} in current"
        )
        rows.append(
            f'<tr><th scope="row" class="cut" title="{safe(one.text)}">{safe(one.text) or repr("")}</th>'
            f'<td class="draw">{drawn}</td><td class="n">{was}</td><td class="n">{now}</td>'
            f'<td class="n">{figure(text)}</td></tr>'
        )
    titles = ("value", "share", "reference", "current", "points")
    return table(titles, rows, right=titles[2:], caption="shares of values in reference and current")


def findings(column: ColumnChange) -> str:
    """Draw each finding: its effect with the interval, the evidence, and what could have been seen."""
    drawn = "".join(_finding(one, axis_below=not place) for place, one in enumerate(column.findings))
    return f'<div class="findings">{drawn}</div>' if drawn else ""


def effect_axis() -> str:
    """Write the axis of effects: how many times the smallest that matters."""
    marks = [Tick(0.0, "0"), Tick(1.0, "matters"), *(Tick(each, f"{each:g}×") for each in (2.0, 4.0, 6.0))]
    return axis.across(marks, 0.0, interval.CAP)


def _finding(one: FindingFacts, *, axis_below: bool) -> str:
    reach = (
        "" if one.low != one.low else f"<small>{effect_number(one.low)} to {effect_number(one.high)}</small>"
    )
    below = effect_axis() if axis_below else ""
    history = f" {sentence(one.history)}." if one.history else ""
    return (
        f'<div class="finding"><p><b>{safe(one.aspect)}</b> <small>{safe(one.measure)}</small>'
        f'<span class="end"><b>{effect_number(one.value)}</b> {reach}</span></p>{effect_drawn(one)}{below}'
        f'<p><small>{safe(one.test)}: <span class="t">{probability(one.p_value)}</span>, adjusted '
        f'<span class="t">{probability(one.adjusted)}</span>. '
        f"Matters from {effect_number(one.matters)}; could have been seen from "
        f"{effect_number(one.detectable)}.{history}</small></p></div>"
    )


def _effects(column: ColumnChange) -> str:
    """Write the change in other units; the first is that of the findings already."""
    known = {one.measure for one in column.findings}
    pairs = [
        (
            one.measure,
            f"{numbers.number(one.value, 3)} ({numbers.number(one.low, 3)} to {numbers.number(one.high, 3)})",
        )
        for one in column.effects
        if one.measure not in known
    ]
    return facts_list(pairs)


def effect_drawn(one: FindingFacts) -> str:
    """Draw an effect against the smallest that matters."""
    if not one.matters > 0:
        return ""
    value, low, high, matters = (
        numbers.number(each, 3) for each in (one.value, one.low, one.high, one.matters)
    )
    label = f"{one.measure}: {value}, {low} to {high}; matters from {matters}"
    value_drawn, low_drawn, high_drawn = (each / one.matters for each in (one.value, one.low, one.high))
    return interval.effect(value_drawn, low_drawn, high_drawn, label, alarm=one.verdict == "drift")


def effect_number(value: float) -> str:
    """Write an effect with three digits, its sign set as a minus.

    Example:
        >>> effect_number(0.12345), effect_number(-2.0)
        ('0.123', '−2')
    """
    return figure(numbers.number(value, 3))


def probability(value: float) -> str:
    """Write a p-value: never as zero.

    Example:
        >>> probability(0.0312), probability(1e-30), probability(0.8)
        ('p = 0.031', 'p &lt; 0.0001', 'p = 0.8')
    """
    if value != value:
        return "p not known"
    return "p &lt; 0.0001" if value < 1e-4 else f"p = {numbers.number(value, 2)}"


def _sides(column: ColumnChange) -> str:
    if column.now is None or column.was is None:
        return ""
    was, now = _facts(column.was), _facts(column.now)
    names = [name for name in was if name in now]
    if len(names) <= _FEW:
        told = ", ".join(f"{name} {figure(was[name])} → {figure(now[name])}" for name in names)
        return f'<p class="note">{told}</p>'
    rows = [
        f'<tr><th scope="row">{side}</th>'
        + "".join(f'<td class="n">{figure(facts[name])}</td>' for name in names)
        + "</tr>"
        for side, facts in (("reference", was), ("current", now))
    ]
    needed = sum(max(map(len, (name, was[name], now[name]))) + _GAP for name in names)
    style = "sides turned" if needed > _MOST_CHARACTERS else "sides"
    return table(("", *names), rows, right=names, caption="both sides", style=style)


def _facts(column: Column) -> dict[str, str]:
    facts = {
        "nulls": numbers.share(column.nulls, column.records),
        "distinct": phrases.distinct(column.distinct).split(" ±")[0],
    }
    values = column.values
    if values is not None and values.count:
        if values.quantiles:
            for name, place in (("5 %", 1), ("median", 3), ("95 %", 5)):
                text = numbers.moment(values.quantiles[place], values.kind)
                facts[name] = phrases.approximate(values, text)
        if values.mean is not None:
            facts["mean"] = numbers.moment(values.mean, values.kind)
        if values.deviation is not None:
            facts["std dev"] = deviation(values)
    elif column.lengths is not None and column.lengths.mean is not None:
        facts["mean length"] = numbers.number(column.lengths.mean, 3)
    return facts
