"""The frame of a report: one file that loads nothing, or a fragment for a notebook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zlib import crc32

from tidegauge._kernel import __version__
from tidegauge.display.html_parts import safe
from tidegauge.reports.pages.sheet import style_sheet

if TYPE_CHECKING:
    from collections.abc import Iterable


_ANCHOR = re.compile(r'(?:\bid|\bhref)="#?')
"""Where an anchor's name begins; quotes of the data are escaped, so that it is never within text."""


def document(title: str, parts: Iterable[str]) -> str:
    """Wrap parts as a whole page.

    Args:
        title: The title of the page; escaped here.
        parts: HTML.

    Example:
        >>> document("a & b", ["<p>x</p>"]).startswith("<!doctype html>")
        True
    """
    body = "".join(parts)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{safe(title)}</title>{style_sheet()}"
        "<style>html{background:#fff}@media(prefers-color-scheme:dark){html{background:#0f171c}}"
        "@media print{html{background:#fff}}</style></head>"
        f'<body class="tgr page"><main class="sheet" id="top">{body}'
        f"<footer><p>Drawn by Tidegauge {safe(__version__)} from profiles alone.</p></footer>"
        "</main></body></html>\n"
    )


def fragment(parts: Iterable[str]) -> str:
    """Wrap parts as what a notebook shows, with its styles; anchors are told from those of other cells.

    Example:
        >>> fragment(["<p>x</p>"]).startswith('<div class="tgr cell"><style>')
        True
    """
    body = "".join(parts)
    own = f"t{crc32(body.encode()):08x}-"
    body = _ANCHOR.sub(rf"\g<0>{own}", body)
    return f'<div class="tgr cell">{style_sheet()}{body}</div>'


def section(title: str, parts: Iterable[str], *, anchor: str, lead: str = "") -> str:
    """Write a section with its heading and a way back to the top.

    Args:
        title: Its heading, plain text.
        parts: HTML.
        anchor: Its id.
        lead: A sentence under the heading, plain text.
    """
    up = '<a href="#top" aria-label="back to the top">top ↑</a>'
    said = f"<p>{safe(lead)}</p>" if lead else ""
    return f'<section id="{anchor}"><h2>{safe(title)}{up}</h2>{said}{"".join(parts)}</section>'
