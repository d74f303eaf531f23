"""A suggested suite as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.reports.prose.markdown import plain, table

if TYPE_CHECKING:
    from tidegauge.constraints.suggestion.suggest import Backtest, Suggestion


def suggestion_markdown(found: Suggestion, title: str) -> str:
    """Write a suggestion as Markdown.

    Args:
        found: The suggestion.
        title: Its title.
    """
    source = phrases.counted(found.windows, "window") if found.windows > 1 else "one profile"
    said = f"{phrases.counted(len(found.suite), 'constraint')}, learnt from {source}"
    parts = [f"# {plain(title)}", said]
    if found.backtest is not None:
        parts += ["## Back-test", *_backtest(found.backtest, found.false_positive_rate)]
    rows = [[plain(one.subject), plain(one.expected), plain(one.reason or "")] for one in found.suite]
    parts += ["## Constraints", table(("constraint", "expected", "reason"), rows)]
    if found.unused:
        parts += ["## Not used", "\n".join(f"- {plain(text)}" for text in found.unused)]
    if found.left_out:
        listed = "\n".join(f"- {plain(name)}: {plain(reason)}" for name, reason in found.left_out.items())
        parts += ["## Values not bounded", listed]
    if found.dropped:
        listed = "\n".join(f"- {plain(label)}: {plain(reason)}" for label, reason in found.dropped.items())
        parts += ["## Left out, for windows of the history did not pass", listed]
    return "\n\n".join(parts) + "\n"


def _backtest(test: Backtest, promised: float) -> list[str]:
    share = numbers.share(len(test.flagged), test.judged)
    said = (
        f"A suite made from the first {phrases.counted(test.learnt, 'window')} judged "
        f"{phrases.counted(test.judged, 'later window')} and flagged {len(test.flagged)} ({share}; "
        f"promised at most {100 * promised:g} %)."
    )
    parts = [said]
    if test.caught:
        titles = ("fault put in", "tried", "caught")
        rows = [
            [plain(one.description), numbers.grouped(one.tried), numbers.share(one.caught, one.tried)]
            for one in test.caught
        ]
        parts.append(table(titles, rows, right=titles[1:]))
    return parts
