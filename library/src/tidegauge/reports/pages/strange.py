"""Which windows are unlike those before them: a calendar, columns by window, and a ranked list."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.display.cells import name_of
from tidegauge.display.html_parts import safe
from tidegauge.reports.charts import axis, calendar, over_time
from tidegauge.reports.facts.changes import DRIFT, STABLE, UNTOLD
from tidegauge.reports.pages.document import section
from tidegauge.reports.pages.marks import sign, verdict
from tidegauge.reports.pages.palette import EMBER_STEPS
from tidegauge.reports.pages.parts import column_name, sentence, table
from tidegauge.reports.pages.timeline import row, time_axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.reports.facts.history import HistoryFacts, Steps, Strange

_LISTED = 12
_LISTED_IN_ALL = 100
_ROWS = 40
_NAMED = 3
_FULL = 10.0
"""An effect of so many times what matters, or more, has the strongest colour."""
_LEAST_DAYS = 21


def strange_parts(facts: HistoryFacts) -> list[str]:
    """Draw the windows that were judged.

    Args:
        facts: What is shown.
    """
    ranking = facts.ranking
    drifted = [one for one in ranking if one.verdict == DRIFT]
    said = f"{numbers.grouped(len(drifted))} of {phrases.counted(len(ranking), 'window')} drifted"
    if drifted:
        said += f", above all {' and '.join(one.label for one in drifted[:2])}"
    untold = sum(1 for one in ranking if one.verdict == UNTOLD)
    if untold:
        said += f"; of {numbers.grouped(untold)} there is not enough data to tell"
    word = DRIFT if drifted else UNTOLD if untold == len(ranking) else STABLE
    parts = [f'<p class="verdict">{sign(word)}<span>{safe(said)}.</span></p>']
    drawn = _when(facts) + _by_column(facts)
    if drawn:
        lead = (
            "Each window is judged by those before it. Strangeness is how far its columns lie beyond "
            "the usual, in units of the smallest effect that matters, summed over those that drift."
        )
        parts.append(section("Drift over time", [drawn], anchor="drift", lead=lead))
    if ranking:
        parts.append(section("Strangest windows", [_ranked(ranking)], anchor="strangest"))
    return parts


def _when(facts: HistoryFacts) -> str:
    times = facts.steps.times
    daily = len(times) > _LEAST_DAYS and all(
        later - sooner == calendar.DAY and not sooner % calendar.DAY for sooner, later in pairwise(times)
    )
    return _calendar(facts) if daily else _strip(facts)


def _calendar(facts: HistoryFacts) -> str:
    most = max((one.score for one in facts.ranking), default=0.0)
    judged = {one.start: one for one in facts.ranking if one.start is not None}
    cells = [
        calendar.Cell(start, _level(judged.get(start), most))
        for start, records in zip(facts.steps.times, facts.steps.records, strict=False)
        if records is not None
    ]
    label = f"a calendar of {phrases.counted(len(cells), 'day')}; a full square is a day that drifted"
    drawn, weeks = calendar.days(cells, label)
    marks = axis.across(calendar.month_marks(cells[0].start, cells[-1].start), -0.5, weeks - 0.5)
    names = "".join(f"<span>{day}</span>" for day in ("Mon", "", "Wed", "", "Fri", "", "Sun"))
    width = f' style="max-width:{weeks * 19 + 40}px"'
    return (
        f'<div class="calendar"{width}><div class="weekdays" aria-hidden="true">{names}</div>'
        f'<div style="aspect-ratio:{weeks}/7">{drawn}</div><div></div>{marks}</div>{_key(most)}'
    )


def _level(one: Strange | None, most: float) -> int:
    if one is None or one.verdict == UNTOLD:
        return -2
    return -1 if one.verdict != DRIFT else max(0, over_time.level(one.score, most, EMBER_STEPS))


def _key(most: float) -> str:
    swatches = "".join(f'<i class="e{step}"></i>' for step in range(EMBER_STEPS))
    return (
        f'<div class="legend ramp-key" aria-hidden="true"><span><i class="dot-usual"></i>stable</span>'
        f'<span><i class="dot-unjudged"></i>not judged, or not enough data</span>'
        f'<span>drift, strangeness 0 <span class="ramp">{swatches}</span> '
        f"{numbers.number(most, 2)}</span></div>"
    )


def _strip(facts: HistoryFacts) -> str:
    if not len(facts.steps):
        return ""
    counts: list[float | None] = [None] * len(facts.steps)
    for one in facts.ranking:
        if one.step is not None:
            counts[one.step] = max(counts[one.step] or 0.0, float(len(one.drifted)))
    most = max((count for count in counts if count is not None), default=0.0)
    label = f"columns that drifted, by window: at most {most:.0f}"
    drawn = over_time.bars(counts, most or 1.0, label, style="low", fill="alarm")
    side = f'<div class="name">columns<br>≤ {most:.0f}</div>'
    return f'<div class="framed">{row(side, drawn)}{row("", time_axis(facts.steps))}</div>'


def _by_column(facts: HistoryFacts) -> str:
    """Draw which columns drifted when: a row a column, a cell a step."""
    effects: dict[str, list[float | None]] = {}
    for one in facts.ranking:
        for name, times in one.drifted:
            if one.step is not None:
                cells = effects.setdefault(name, [None] * len(facts.steps))
                cells[one.step] = max(times, cells[one.step] or 0.0)
    if not effects:
        return ""
    counted = sorted(effects, key=lambda name: -sum(1 for each in effects[name] if each))
    rows = "".join(_column_row(name, effects[name], facts.steps) for name in counted[:_ROWS])
    more = len(counted) - _ROWS
    note = f'<p class="note">… {phrases.counted(more, "more column")}</p>' if more > 0 else ""
    frame = f'<div class="framed">{rows}{row("", time_axis(facts.steps))}</div>'
    return f'<h4 class="apart-head">which columns drifted</h4>{frame}{note}'


def _column_row(name: str, cells: Sequence[float | None], steps: Steps) -> str:
    times = sum(1 for each in cells if each)
    label = f"{name[:80]} drifted in {phrases.counted(times, 'window')} of {len(steps)}"
    drawn = over_time.cells([cells], _FULL, EMBER_STEPS, label, family="e", style="mini")
    return row(
        f'<div class="name" title="{safe(name_of(name))}">{column_name(name)}</div>', drawn, tight=True
    )


def _ranked(ranking: Sequence[Strange]) -> str:
    shown = [one for one in ranking[:_LISTED] if one.verdict == DRIFT or one is ranking[0]]
    rest = ranking[len(shown) : _LISTED_IN_ALL]
    drawn = _table(shown)
    if rest:
        more = phrases.counted(len(rest), "more window")
        left_out = len(ranking) - len(shown) - len(rest)
        note = ""
        if left_out:
            words = f"{phrases.counted(left_out, 'window')}, the least strange, not listed here"
            note = f'<p class="note">… {words}; the report as JSON has every one.</p>'
        drawn += (
            f"<details><summary>{more}, in the order of strangeness</summary>{_table(rest)}{note}</details>"
        )
    return drawn


def _table(ranking: Sequence[Strange]) -> str:
    titles = ("window", "verdict", "strangeness", "columns drifted", "why")
    return table(
        titles,
        [_row(one) for one in ranking],
        right=("strangeness",),
        caption="windows",
        style="stack windows",
    )


def _row(one: Strange) -> str:
    names = ", ".join(column_name(name) for name, _ in one.drifted[:_NAMED])
    if len(one.drifted) > _NAMED:
        names += f" and {len(one.drifted) - _NAMED} more"
    score = numbers.number(one.score, 2) if one.drifted else ""
    size = phrases.counted(one.records, "record")
    return (
        f'<tr><th scope="row" class="t">{one.label}<br><small>{size}</small></th>'
        f'<td class="t">{verdict(one.verdict)}</td><td class="n">{score}</td>'
        f"<td>{names}</td><td>{sentence(one.reason)}</td></tr>"
    )
