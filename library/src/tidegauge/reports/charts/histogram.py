"""Histograms: bars of one distribution, and two distributions over one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.reports.charts.canvas import path, picture, short

if TYPE_CHECKING:
    from collections.abc import Sequence

HEIGHT = 100
_GAP = 0.08


def bars(heights: Sequence[float], label: str, *, style: str = "plot") -> str:
    """Draw bins side by side.

    Args:
        heights: From zero up.
        label: What it shows, in words.
        style: The class that gives its height on the page.

    Example:
        >>> bars([1, 2], "two bins").count("M")
        3
    """
    full = max(heights, default=0.0) or 1.0
    commands = ""
    for place, height in enumerate(heights):
        if height > 0:
            top = HEIGHT - max(1.5, height / full * (HEIGHT - 2))
            commands += f"M{short(place + _GAP / 2)} {HEIGHT}V{short(top)}h{short(1 - _GAP)}V{HEIGHT}z"
    base = path(f"M0 {HEIGHT}h{len(heights)}", "base")
    shapes = path(commands, "bar") + base
    return picture(shapes, label, width=max(1, len(heights)), height=HEIGHT, style=style)


def overlay(current: Sequence[float], reference: Sequence[float], label: str, *, style: str = "plot") -> str:
    """Draw two distributions over the same bins: the reference filled, the current as a stepped line over it.

    Args:
        current: Shares of the bins.
        reference: Shares of the same bins.
        label: What it shows, in words.
        style: The class that gives its height on the page.

    Example:
        >>> drawn = overlay([0.5, 0.5], [0.2, 0.8], "two")
        >>> 'class="was"' in drawn, 'class="now"' in drawn
        (True, True)
    """
    full = max(max(current, default=0.0), max(reference, default=0.0)) or 1.0
    shapes = path(_steps(reference, full, closed=True), "was")
    shapes += path(_steps(current, full, closed=True), "under")
    shapes += path(_steps(current, full, closed=False), "now")
    shapes += path(f"M0 {HEIGHT}h{len(current)}", "base")
    return picture(shapes, label, width=max(1, len(current)), height=HEIGHT, style=style)


def _steps(shares: Sequence[float], full: float, *, closed: bool) -> str:
    if not shares:
        return ""
    commands, level = f"M0 {HEIGHT}", HEIGHT + 0.0
    for share in shares:
        to = round(HEIGHT - share / full * (HEIGHT - 3), 1)
        commands += "h1" if to == level else f"V{short(to)}h1"
        level = to
    return commands + (f"V{HEIGHT}z" if closed else f"V{HEIGHT}")
