"""The pieces that pages are made of; everything that comes from data is escaped in them."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.display.cells import clean, name_of
from tidegauge.display.html_parts import safe
from tidegauge.segments import value_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tidegauge.display.facts import Column, Heading, Item

_LONGEST_SENTENCE = 1200
_EQUATION = re.compile(r"\bp (=|&lt;) (?=[\d.])")
_JOINT = re.compile(r"(?<=[^\W_])[_.]+(?=[^\W\d_])")
_PERCENT = re.compile(r"(?<=\d) %")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MINUS = re.compile(r"(?<![\w.)])-(?=[\d.∞])")


def figure(text: str) -> str:
    """Escape a number as text, its sign set as a minus.

    Example:
        >>> figure("-2.5"), figure("2013-02-08")
        ('−2.5', '2013-02-08')
    """
    return _MINUS.sub("−", safe(text))


def sentence(text: str) -> str:
    """Escape a sentence of ours that names columns and values of the data.

    Example:
        >>> sentence("median -2 → <b>")
        'median −2 → &lt;b&gt;'
    """
    shown = clean(text[: _LONGEST_SENTENCE + 1])
    if len(text) > _LONGEST_SENTENCE:
        shown = shown[:_LONGEST_SENTENCE] + "…"
    shown = _PERCENT.sub("\u00a0%", _MINUS.sub("−", escape(shown)))
    return _EQUATION.sub("p\u00a0\\1\u00a0", shown)


def column_name(name: str) -> str:
    """Escape the name of a column, an empty one as quotes."""
    return breakable(safe(name_of(name[:400])))


def breakable(html: str) -> str:
    """Let long names break after underscores and dots, and not in the middle of a word.

    Example:
        >>> breakable("wind_speed"), breakable("address.city &lt;b&gt;")
        ('wind_<wbr>speed', 'address.<wbr>city &lt;b&gt;')
    """
    return _JOINT.sub(r"\g<0><wbr>", html)


def masthead(kicker: str, title: str, facts: Sequence[str]) -> str:
    """Write the head of a report.

    Args:
        kicker: What kind of report it is.
        title: Its title, plain text.
        facts: What it is of, plain text each.
    """
    spans = "".join(f"<span>{safe(fact)}</span>" for fact in facts)
    line = f'<div class="facts-line">{spans}</div>' if facts else ""
    return f'<header><p class="kicker">{kicker}</p><h1>{safe(title)}</h1>{line}</header>'


def heading_facts(heading: Heading) -> list[str]:
    """List where, when and what of: window, segment, time of creation, tags; sizes stand elsewhere."""
    facts = []
    if when := phrases.stretch(heading.start, heading.end):
        facts.append(when)
    facts += [f"{name_of(key)} = {value_label(value)}" for key, value in heading.segment]
    facts += [f"{key}: {value}" for key, value in heading.tags.items()]
    if heading.created is not None:
        made = numbers.timestamp(heading.created - heading.created % 60_000_000)
        facts.append(f"profiled {made} UTC")
    return facts


def counts(pairs: Iterable[tuple[str, str]]) -> str:
    """Write a few great numbers: names over values; the values are HTML already."""
    entries = "".join(f"<div><dt>{word}</dt><dd>{text}</dd></div>" for word, text in pairs)
    return f'<dl class="counts">{entries}</dl>'


def facts_list(pairs: Iterable[tuple[str, str]], *, row: bool = False) -> str:
    """Write facts as names over values; plain text.

    Args:
        pairs: Names and values.
        row: Whether they are short and belong into one row where there is room.
    """
    known = list(pairs)
    entries = "".join(f"<div><dt>{safe(word)}</dt><dd>{figure(text)}</dd></div>" for word, text in known)
    times = any(_DATE.search(text) for _, text in known)
    style = "facts" if not row else "facts row times" if times else "facts row"
    return f'<dl class="{style}">{entries}</dl>' if entries else ""


def top_values(items: Sequence[Item], column: Column) -> str:
    """Draw the most frequent values as bars with counts and shares, and what is left over."""
    highest = max(item.count for item in items) or 1.0
    lines = ""
    for item in items:
        label = safe(item.text) or "''"
        count = numbers.grouped(round(item.count))
        mark = "" if item.low == item.high else "≈"
        width = max(0.5, 100 * item.count / highest)
        lines += (
            f'<span title="{label}">{label}</span><i style="width:{width:.1f}%"></i>'
            f'<em>{mark}{count}</em><em class="soft">{phrases.item_share(item, column.present)}</em>'
        )
    rest = column.present - sum(item.count for item in items)
    if rest > 0.5:
        mark = "" if column.items_exact else "≈"
        count, share = numbers.grouped(round(rest)), numbers.share(rest, column.present)
        width = min(100.0, 100 * rest / highest)
        lines += (
            f'<span class="soft">all others</span><i class="rest" style="width:{width:.1f}%"></i>'
            f'<em>{mark}{count}</em><em class="soft">{mark}{share}</em>'
        )
    return f'<div class="top">{lines}</div>'


def left_out(count: int, noun: str) -> str:
    """Say that a page draws only so many; JSON and Markdown have all."""
    return f'<p class="note">… and {phrases.counted(count, noun)} more</p>' if count > 0 else ""


def table(
    titles: Sequence[str],
    rows: Iterable[str],
    *,
    right: Sequence[str] = (),
    caption: str = "",
    style: str = "",
) -> str:
    """Write a table.

    Args:
        titles: Of the columns, HTML.
        rows: ``<tr>`` elements.
        right: The titles whose columns stand right.
        caption: What it is, for screen readers.
        style: Classes of the table.
    """
    cells = "".join(f'<th scope="col"{" class=n" if title in right else ""}>{title}</th>' for title in titles)
    named = f' aria-label="{safe(caption)}"' if caption else ""
    named += f' class="{style}"' if style else ""
    return (
        f'<div class="scroll"><table{named}><thead><tr>{cells}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
