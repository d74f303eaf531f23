"""Conditions, as profiles and profile sets show them: how many records passed, and when they did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers
from tidegauge.display.html_parts import safe
from tidegauge.reports.charts import over_time
from tidegauge.reports.facts.history import greatest
from tidegauge.reports.pages.document import section
from tidegauge.reports.pages.parts import column_name, sentence, table
from tidegauge.reports.pages.timeline import row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.metrics.conditions import Condition
    from tidegauge.reports.facts.history import ConditionHistory


def conditions_table(conditions: Sequence[Condition]) -> str:
    """Draw what was counted of each condition."""
    titles = ("condition", "expression", "passed", "failed", "unknown", "")
    rows = map(_row, conditions)
    right = ("passed", "failed", "unknown")
    return table(titles, rows, right=right, caption="conditions", style="conditions stack")


def _row(one: Condition) -> str:
    split = "".join(
        f'<i{style} style="flex:{count} 0 0"></i>'
        for count, style in ((one.passed, ""), (one.failed, ' class="b"'), (one.unknown, ' class="c"'))
        if count
    )
    expression = f"<code>{safe(one.expression)}</code>"
    if one.unknown and one.reason:
        expression += f"<br><small>{sentence(one.reason)}</small>"
    cells = "".join(
        f'<td class="n">{numbers.grouped(count)} <small>{numbers.share(count, one.records)}</small></td>'
        for count in (one.passed, one.failed, one.unknown)
    )
    return (
        f'<tr><th scope="row">{safe(one.name)}</th><td>{expression}</td>{cells}'
        f'<td class="draw"><div class="split">{split}</div></td></tr>'
    )


def conditions_over_time(conditions: Sequence[ConditionHistory], axis_of_time: str) -> str:
    """Draw each condition that failed over time, below what was counted of all of them.

    Args:
        conditions: What is drawn; at least one.
        axis_of_time: The axis under the pictures.
    """
    drawn = [conditions_table([one.whole for one in conditions])]
    failing = [one for one in conditions if one.whole.failed]
    if failing:
        frame = "".join(map(_failing, failing)) + row("", axis_of_time)
        drawn.append(f'<div class="framed">{frame}</div>')
    return section("Conditions", drawn, anchor="conditions")


def _failing(one: ConditionHistory) -> str:
    highest = greatest(one.failing)
    shown = numbers.share(highest, 1)
    label = f"share of records over time that failed {one.key[:80]}, at most {shown}"
    bars = over_time.bars(one.failing, max(highest, 0.02), label, style="low", fill="alarm")
    return row(f'<div class="name">{column_name(one.key)}<br>≤ {shown} failed</div>', bars)
