"""Lengths of windows, as people write them."""

from __future__ import annotations

import re
from datetime import timedelta

from tidegauge.errors import ArgumentError

_LENGTH = re.compile(r"[1-9][0-9]{0,8}(s|m|h|d|w|mo)")


def window_text(window: object) -> str:
    """Read the length of a window.

    Args:
        window: A number and one of ``s m h d w mo``, or a timedelta of whole seconds.

    Raises:
        ArgumentError: It is no length of time.

    Example:
        >>> window_text("5m"), window_text(timedelta(days=2)), window_text(timedelta(seconds=90))
        ('5m', '2d', '90s')
    """
    if isinstance(window, timedelta):
        seconds = window.total_seconds()
        if seconds < 1 or not seconds.is_integer():
            raise ArgumentError(f"a window lasts whole seconds, at least one, not {window!r}")
        return f"{int(seconds) // 86400}d" if seconds % 86400 == 0 else f"{int(seconds)}s"
    if not isinstance(window, str) or not _LENGTH.fullmatch(window):
        raise ArgumentError(
            f"window={window!r} is no length of time; give a number and a unit out of s, m (minutes), "
            "h, d, w, mo (months), such as '1h' or '1d', or a timedelta"
        )
    return window
