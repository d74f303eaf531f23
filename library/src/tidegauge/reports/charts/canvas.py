"""The sheet that pictures are drawn on: it stretches to the width of its place, and lines keep their width.

Units across are what is drawn (bins, windows), so that coordinates are small whole numbers and a picture
needs few bytes. Words never stand in a picture, where they would be stretched: see `axis.py`.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tidegauge.display.cells import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_LABEL = 240


def picture(shapes: str, label: str, *, width: float, height: float, style: str) -> str:
    """Wrap shapes as a picture that says in words what it shows.

    Args:
        shapes: SVG elements.
        label: What it shows; its name for screen readers. Escaped here.
        width: Units across.
        height: Units down.
        style: The class that gives its height on the page.

    Returns:
        An ``<svg>`` element.

    Example:
        >>> picture("", "a < b", width=4, height=1, style="spark").partition("role")[2]
        '="img" aria-label="a &lt; b"></svg>'
    """
    text = escape(clean(label[:_LONGEST_LABEL]))
    return (
        f'<svg class="{style}" viewBox="0 0 {short(width)} {short(height)}" preserveAspectRatio="none" '
        f'role="img" aria-label="{text}">{shapes}</svg>'
    )


def path(commands: str, style: str) -> str:
    """Draw a path of one class; nothing when there is nothing to draw.

    Example:
        >>> path("M0 0h3", "axis"), path("", "axis")
        ('<path class="axis" d="M0 0h3"/>', '')
    """
    return f'<path class="{style}" d="{commands}"/>' if commands else ""


def short(value: float) -> str:
    """Write a coordinate with at most two decimals and no zeros that say nothing.

    Example:
        >>> short(3.0), short(0.256), short(-0.5), short(120)
        ('3', '.26', '-.5', '120')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    if text in ("", "-0", "-"):
        return "0"
    if text.startswith("0."):
        return text[1:]
    return "-" + text[2:] if text.startswith("-0.") else text


def joined(numbers: Iterable[float]) -> str:
    """Write coordinates one after the other; a minus sign needs no blank before it.

    Example:
        >>> joined([1, -2, 3.5])
        '1-2 3.5'
    """
    text = ""
    for number in numbers:
        written = short(number)
        text += written if not text or written.startswith("-") else f" {written}"
    return text


def polyline(points: Iterable[tuple[float, float]]) -> str:
    """Write a line through points, each after the first relative to the one before, which is shorter.

    Rounding does not add up: every step starts from where the line has come to.

    Example:
        >>> polyline([(0, 5), (1, 6.5), (2, 4)])
        'M0 5l1 1.5 1-2.5'
    """
    text, x, y = "", 0.0, 0.0
    for number, (to_x, to_y) in enumerate(points):
        if not number:
            x, y = round(to_x, 2), round(to_y, 2)
            text = f"M{joined((x, y))}"
            continue
        step_x, step_y = round(to_x - x, 2), round(to_y - y, 2)
        x, y = x + step_x, y + step_y
        written = joined((step_x, step_y))
        text += f"l{written}" if number == 1 else written if written.startswith("-") else f" {written}"
    return text


def dot(x: float, y: float, style: str) -> str:
    """Draw a dot that stays round however the picture is stretched: a line without length, with round ends.

    Example:
        >>> dot(2, 5, "dot")
        '<path class="dot" d="M2 5h0"/>'
    """
    return path(f"M{joined((x, y))}h0", style)
