"""The report of a suggested suite: what it promises, what it would have done, and the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.display.html_parts import safe
from tidegauge.display.reading import microseconds
from tidegauge.reports.pages.document import section
from tidegauge.reports.pages.marks import sign
from tidegauge.reports.pages.parts import column_name, counts, figure, masthead, sentence, table

if TYPE_CHECKING:
    from tidegauge.constraints.suggestion.suggest import Backtest, Suggestion
    from tidegauge.profile import Window

_MOST_FLAGGED = 40


def suggestion_parts(found: Suggestion, title: str) -> list[str]:
    """Draw a suggestion.

    Args:
        found: The suggestion.
        title: Its title.

    Returns:
        HTML, part by part.
    """
    source = phrases.counted(found.windows, "window") if found.windows > 1 else "one profile"
    parts = [masthead("Suggested constraints", title, [f"learnt from {source}"]), _promise(found)]
    test = found.backtest
    if test is not None:
        parts.append(section("Back-test", [_backtest(test, found.false_positive_rate)], anchor="backtest"))
    rows = [
        f'<tr><th scope="row">{figure(constraint.subject)}</th><td>{figure(constraint.expected)}</td>'
        f"<td>{sentence(constraint.reason or '')}</td></tr>"
        for constraint in found.suite
    ]
    drawn = table(("constraint", "expected", "reason"), rows, caption="constraints", style="stack")
    parts.append(section("Constraints", [drawn], anchor="constraints"))
    return parts + _limits(found)


def _promise(found: Suggestion) -> str:
    said = f"{phrases.counted(len(found.suite), 'constraint')} suggested"
    if found.windows > 1:
        share = f"{100 * found.false_positive_rate:g} %"
        said += f"; of windows without a fault, at most {share} fail any of them."
    else:
        said += "; from one profile it is not known how windows differ, so bounds are wide."
    return f'<p class="verdict">{sign("stable")}<span>{said}</span></p>'


def _backtest(test: Backtest, promised: float) -> str:
    drawn = counts(
        (
            ("windows learnt from", numbers.grouped(test.learnt)),
            ("later windows judged", numbers.grouped(test.judged)),
            (
                "flagged",
                f"{len(test.flagged)} <small>{numbers.share(len(test.flagged), test.judged)}</small>",
            ),
            ("promised", f"≤ {100 * promised:g}%"),
        )
    )
    if test.caught:
        rows = [
            f'<tr><th scope="row">{safe(one.description)}</th><td class="n">{numbers.grouped(one.tried)}</td>'
            f'<td class="n">{numbers.share(one.caught, one.tried)}</td>'
            f'<td class="draw"><div class="split"><i style="flex:{one.caught} 0 0"></i>'
            f'<i class="c" style="flex:{one.tried - one.caught} 0 0"></i></div></td></tr>'
            for one in test.caught
        ]
        titles = ("fault put in", "tried", "caught", "")
        drawn += f'<div class="apart after">{table(titles, rows, right=titles[1:3], caption="faults")}</div>'
    if test.flagged:
        rows = []
        for flagged in test.flagged[:_MOST_FLAGGED]:
            why = "; ".join(result.why for result in flagged.results[:2])
            more = f" (and {len(flagged.results) - 2} more)" if len(flagged.results) > 2 else ""
            name = f'<th scope="row" class="t">{window_name(flagged.window)}</th>'
            rows.append(f"<tr>{name}<td>{sentence(why)}{more}</td></tr>")
        drawn += (
            f'<div class="after">{table(("window flagged", "why"), rows, caption="flagged windows")}</div>'
        )
    return drawn


def window_name(window: Window | None) -> str:
    """Name a window; one without times says so."""
    start, end = (microseconds(each) for each in window or (None, None))
    return phrases.stretch(start, end) or "no time"


def _limits(found: Suggestion) -> list[str]:
    rows = [
        f'<tr><th scope="row">{column_name(name)}</th><td>{sentence(reason)}</td></tr>'
        for name, reason in found.left_out.items()
    ]
    parts = []
    if rows:
        drawn = table(("column", "why its values are not bounded"), rows, caption="columns left out")
        parts.append(section("Values not bounded", [drawn], anchor="left-out"))
    if found.dropped:
        listed = "".join(
            f"<li>{sentence(f'{label}: {reason}')}</li>" for label, reason in found.dropped.items()
        )
        drawn = f'<ul class="list">{listed}</ul>'
        parts.append(section("Left out, for windows of the history did not pass", [drawn], anchor="dropped"))
    if found.unseen:
        listed = "".join(f"<li>{sentence(text)}</li>" for text in found.unseen)
        drawn = (
            f'<details><summary>{len(found.unseen)} of them</summary><ul class="list">{listed}</ul></details>'
        )
        parts.append(section("Faults that would not show in most windows", [drawn], anchor="unseen"))
    if found.events:
        days = ", ".join(window_name(window) for window in found.events)
        parts.append(f'<p class="note">Not learnt from, for they stand apart in many columns: {days}.</p>')
    parts += [f'<p class="note">Not used: {sentence(text)}.</p>' for text in found.unused]
    return parts
