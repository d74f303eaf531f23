"""A suggested suite as text for a terminal: what it says, and what it would have done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import phrases
from tidegauge.display.cells import clean, cut, pad, width
from tidegauge.display.colour import Paint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidegauge.constraints.suggestion.suggest import Backtest, Suggestion
    from tidegauge.profile import Window

_LABEL_CELLS = 60
_LINE_CELLS = 150
_MOST_FLAGGED = 10
_MOST_LISTED = 8


def suggestion_text(found: Suggestion, *, colour: bool = False, every: bool = True) -> str:
    """Draw a suggestion.

    Args:
        found: The suggestion.
        colour: Whether to colour it.
        every: List the constraints, with their reasons.
    """
    paint = Paint(on=colour)
    lines = [_headline(found, paint)]
    if every:
        lines += ["", *_constraints(found, paint)]
    lines += ["", *_notes(found, paint)]
    lines += _backtest(found.backtest, found.false_positive_rate, paint)
    return "\n".join(line.rstrip() for line in lines).rstrip()


def _headline(found: Suggestion, paint: Paint) -> str:
    source = phrases.counted(found.windows, "window") if found.windows > 1 else "one profile"
    count = paint(f"{phrases.counted(len(found.suite), 'constraint')} suggested", "bold")
    promise = f"at most {found.false_positive_rate:.2%} of windows without a fault fail"
    if found.windows == 1:
        promise = "how windows differ is not known, so bounds are wide"
    return f"{count} · from {source} · {promise}"


def _constraints(found: Suggestion, paint: Paint) -> Iterator[str]:
    labels = [clean(constraint.label) for constraint in found.suite]
    wide = min(max(map(width, labels), default=0), _LABEL_CELLS)
    for constraint, label in zip(found.suite, labels, strict=True):
        reason = cut(clean(constraint.reason or ""), _LINE_CELLS - wide)
        yield f"{pad(cut(label, wide), wide)}  {paint(reason, 'dim')}"


def _notes(found: Suggestion, paint: Paint) -> Iterator[str]:
    if found.events:
        days = ", ".join(_when(window) for window in found.events)
        yield f"{paint('not learnt from', 'bold')}, for they stand apart in many columns: {days}"
    for text in found.unused:
        yield f"{paint('not used', 'bold')}: {clean(text)}"
    for name, reason in found.left_out.items():
        yield f"{paint('values not bounded', 'bold')}: {clean(name)}: {reason}"
    for label, reason in list(found.dropped.items())[:_MOST_LISTED]:
        yield f"{paint('left out', 'bold')}: {clean(label)}: {reason}"
    if len(found.dropped) > _MOST_LISTED:
        yield f"  and {len(found.dropped) - _MOST_LISTED} more"
    if found.unseen:
        shown = [clean(text) for text in found.unseen[:_MOST_LISTED]]
        more = len(found.unseen) - len(shown)
        yield paint("would not show in most windows:", "bold")
        yield from (f"  {text}" for text in shown)
        if more > 0:
            yield f"  and {more} more"


def _backtest(test: Backtest | None, rate: float, paint: Paint) -> Iterator[str]:
    yield ""
    if test is None:
        yield "no back-test: too few windows to hold some out"
        return
    judged = phrases.counted(test.judged, "later window")
    yield (
        f"{paint('back-test', 'bold')}: a suite made from the first {phrases.counted(test.learnt, 'window')} "
        f"judged {judged}, and flagged {len(test.flagged)} ({test.flagged_rate:.1%}; promised {rate:.2%})"
    )
    for one in test.flagged[:_MOST_FLAGGED]:
        first = clean(one.results[0].why)
        more = f" (and {len(one.results) - 1} more)" if len(one.results) > 1 else ""
        yield f"  {paint(_when(one.window), 'warn')}  {cut(first, _LINE_CELLS - 24)}{more}"
    if len(test.flagged) > _MOST_FLAGGED:
        yield f"  and {len(test.flagged) - _MOST_FLAGGED} more"
    if test.caught:
        yield f"{paint('faults', 'bold')} put into the numbers of the later windows, and caught:"
        wide = max(len(kind.description) for kind in test.caught)
        for kind in test.caught:
            yield f"  {kind.description.ljust(wide)}  {kind.share:6.1%}  of {kind.tried:,}"


def _when(window: Window | None) -> str:
    if window is None:
        return "no window"
    text = window.start.strftime("%Y-%m-%d %H:%M")
    return text.removesuffix(" 00:00")
