"""The pieces of Markdown: text of the data cannot break a table, nor become markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tidegauge.display.cells import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_LONGEST = 200
_LINK = re.compile(r"(?i)(https?|ftp|www)([:.])")


def plain(text: str) -> str:
    r"""Escape text of the data.

    Example:
        >>> plain("a|b <i>"), plain("two\nlines")
        ('a\\|b \\<i\\>', 'two␊lines')
    """
    shown = clean(text[: _LONGEST + 1])
    if len(text) > _LONGEST:
        shown = shown[:_LONGEST] + "…"
    return _LINK.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", shown))


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[str] = ()) -> str:
    """Write a table; the cells are Markdown already.

    Args:
        titles: Of the columns.
        rows: Cells, as many as titles.
        right: The titles whose columns stand right.

    Example:
        >>> print(table(["a", "b"], [["1", "2"]], right=["b"]))
        | a | b |
        | --- | ---: |
        | 1 | 2 |
    """
    ends = set(right)
    lines = [f"| {' | '.join(titles)} |"]
    lines.append(f"| {' | '.join('---:' if title in ends else '---' for title in titles)} |")
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines)
