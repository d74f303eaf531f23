"""The pieces that HTML is made of here; everything that comes from data is escaped in them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases, svg
from tidegauge.display.cells import clean
from tidegauge.display.columns_table import rebinned
from tidegauge.display.style import style_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.display.facts import Column, Item, Numbers

_LONGEST_TEXT = 200
_BARS = 48


def fragment(parts: list[str]) -> str:
    """Wrap parts as the fragment that a notebook shows, with its styles."""
    return f'<div class="tidegauge">{style_sheet()}{"".join(parts)}</div>'


def safe(text: str) -> str:
    """Escape text of the data, neutralised and of a sane length."""
    shown = clean(text[: _LONGEST_TEXT + 1])
    return escape(shown if len(text) <= _LONGEST_TEXT else shown[:_LONGEST_TEXT] + "…")


def header(title: str, facts: Sequence[str]) -> str:
    """Write the name and the facts that stand beside it."""
    spans = "".join(f"<span>{safe(fact)}</span>" for fact in facts)
    return f"<header><b>{safe(title)}</b>{spans}</header>"


def more_columns(count: int) -> str:
    """Say how many columns are not drawn."""
    return f"<p>… {phrases.counted(count, 'more column')}</p>" if count > 0 else ""


def table(titles: Sequence[str], right: set[str], rows: Sequence[str]) -> str:
    """Write a table: titles, which of them stand right, and rows of cells."""
    cells = "".join(f'<th scope="col"{_aligned(title in right)}>{title}</th>' for title in titles)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _aligned(right: bool) -> str:  # noqa: FBT001
    return ' class="n"' if right else ""


def histogram(name: str, values: Numbers, *, width: int = svg.WIDTH, height: int = svg.HEIGHT) -> str:
    """Draw the histogram of a column over its least and greatest value."""
    bins = values.bins
    if bins is None:
        return ""
    counts = rebinned(bins, _BARS if width <= svg.WIDTH else len(bins.counts))
    first, last = phrases.drawn_ends(values, bins)
    low = f"{phrases.least(values)} ⋯ {first}" if bins.below else first
    high = f"{last} ⋯ {phrases.greatest(values)}" if bins.above else last
    label = f"{clean(name[:80])}: {first} to {last}"
    if outside := phrases.not_drawn(bins):
        label += f"; {outside}"
    drawn = svg.histogram(counts, label, width=width, height=height)
    ends = f"<span>{low}</span>" if low == high else f"<span>{low}</span><span>{high}</span>"
    return above_ends(drawn, ends, svg.bar_step(len(counts), width) * len(counts) if low != high else width)


def above_ends(drawn: str, ends: str, width: float) -> str:
    """Set a picture above what stands at its left and its right end."""
    return f'{drawn}<div class="ends" style="width:{width:.0f}px">{ends}</div>'


def top_values(items: Sequence[Item], column: Column) -> str:
    """Draw the most frequent values as bars, with their shares."""
    highest = max(item.count for item in items) or 1.0
    lines = []
    for item in items:
        label = safe(item.text) or "''"
        width = max(1.0, 100 * item.count / highest)
        lines.append(
            f'<span title="{label}">{label}</span><i style="width:{width:.0f}%"></i>'
            f"<em>{phrases.item_share(item, column.present)}</em>"
        )
    return f'<div class="top">{"".join(lines)}</div>'


def definitions(facts: Sequence[tuple[str, str]]) -> str:
    """Write facts as names over values."""
    entries = "".join(f"<div><dt>{word}</dt><dd>{safe(text)}</dd></div>" for word, text in facts)
    return f"<dl>{entries}</dl>"


def deviation(values: Numbers) -> str:
    """Write the standard deviation, in the unit of the values."""
    deviation = values.deviation or 0.0
    return numbers.number(deviation) if values.kind == "number" else numbers.duration(deviation)
