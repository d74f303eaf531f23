"""Verdicts and outcomes: always a sign and a word, never a colour alone."""

from __future__ import annotations

_SIGNS = {
    "drift": ("◆", "bad"),
    "stable": ("●", "good"),
    "not enough data": ("○", "open"),
    "failed": ("✗", "bad"),
    "passed": ("✓", "good"),
    "unknown": ("?", "open"),
    "warning": ("!", "warn"),
}


def sign(word: str) -> str:
    """Draw the sign of a verdict alone, for where the word stands beside it.

    Example:
        >>> sign("drift")
        '<span class="mark bad" aria-hidden="true">◆</span>'
    """
    drawn, style = _SIGNS.get(word, ("·", "open"))
    return f'<span class="mark {style}" aria-hidden="true">{drawn}</span>'


def verdict(word: str) -> str:
    """Draw a verdict: its sign and its word.

    Example:
        >>> verdict("stable")
        '<span class="mark good">● stable</span>'
    """
    drawn, style = _SIGNS.get(word, ("·", "open"))
    return f'<span class="mark {style}">{drawn} {word}</span>'
