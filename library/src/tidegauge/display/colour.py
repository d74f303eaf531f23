"""Colour for the terminal: only where somebody sees it, and never against their will."""

import os
from typing import TextIO

_CODES = {"bold": "1", "dim": "2", "bars": "36", "warn": "33", "fail": "31"}


class Paint:
    """Writes styles as ANSI sequences, or leaves text alone.

    Example:
        >>> Paint(on=False)("fare", "bold")
        'fare'
    """

    __slots__ = ("on",)

    def __init__(self, *, on: bool) -> None:
        self.on = on

    def __call__(self, text: str, style: str) -> str:
        """Give text a style: ``bold``, ``dim``, ``bars``, ``warn`` or ``fail``."""
        if not self.on or not text.strip():
            return text
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


def wants_colour(stream: TextIO | None) -> bool:
    """Tell whether to colour what goes to a stream.

    Args:
        stream: Where the text goes; None means it is not known.

    Returns:
        True for a terminal, unless ``NO_COLOR`` is set or ``TERM`` is ``dumb``.
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False
