"""A map of correlations: a square for every two columns, one colour for each sign, the stronger the deeper.

Half of a matrix says it all. The name of a column stands where its row ends and its column begins, so that
no word is turned; the picture keeps its size, as the words in it must, and scrolls where it is wider than the
page.
"""

from __future__ import annotations

from html import escape
from math import isnan
from typing import TYPE_CHECKING

from tidegauge.display.cells import clean, cut, name_of, width
from tidegauge.reports.charts.canvas import short

if TYPE_CHECKING:
    from collections.abc import Sequence

EDGES = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Where a colour becomes deeper; below the first there is none."""

DEEP = 4
"""The step from which on text stands light on dark."""

MOST = 100
"""Columns that a map has at most."""

_NAME = 22
_LETTER = 7.0
_SIZES = ((10, 42), (20, 32))
_SMALL = 15
_SMALLEST_WITH_TEXT = 32


def heat_map(columns: Sequence[str], matrix: Sequence[Sequence[float]]) -> str:
    """Draw the correlations of columns.

    Args:
        columns: Their names.
        matrix: A row a column, -1 to 1; NaN where there is no correlation.

    Returns:
        An ``<svg>`` element.

    Example:
        >>> drawn = heat_map(["x", "y"], [[1.0, -0.84], [-0.84, 1.0]])
        >>> "m4" in drawn, "−.84" in drawn
        (True, True)
    """
    size = side(len(columns))
    names = [cut(name_of(name[:200]), _NAME) for name in columns]
    reach = [place * size + 6 + width(name) * _LETTER for place, name in enumerate(names)]
    across, down = max(reach), len(columns) * size
    shapes = "".join(_squares(matrix, size)) + "".join(_names(columns, names, size))
    if size >= _SMALLEST_WITH_TEXT:
        shapes += "".join(_numbers(matrix, size))
    label = f"correlations of {len(columns)} columns, each with every other"
    box = f'width="{short(across)}" height="{short(down)}" viewBox="0 0 {short(across)} {short(down)}"'
    return f'<svg class="heat-map" {box} role="img" aria-label="{label}">{shapes}</svg>'


def side(columns: int) -> int:
    """Tell how wide a square is: with room for a number where there are few."""
    return next((size for most, size in _SIZES if columns <= most), _SMALL)


def step(r: float) -> str:
    """Name the class of a correlation: ``p1`` to ``p5``, ``m1`` to ``m5`` below zero, ``zero`` or ``none``.

    Example:
        >>> step(0.95), step(-0.2), step(0.0), step(float("nan"))
        ('p5', 'm1', 'zero', 'none')
    """
    if isnan(r):
        return "none"
    deep = sum(abs(r) >= edge for edge in EDGES)
    return f"{'p' if r > 0 else 'm'}{deep}" if deep else "zero"


def _squares(matrix: Sequence[Sequence[float]], size: int) -> list[str]:
    """One path for all squares of a colour."""
    paths: dict[str, list[str]] = {}
    inner = size - 1
    for row in range(1, len(matrix)):
        for column in range(row):
            commands = f"M{column * size} {row * size}h{inner}v{inner}h-{inner}z"
            paths.setdefault(step(matrix[row][column]), []).append(commands)
    return [f'<path class="{style}" d="{"".join(paths[style])}"/>' for style in sorted(paths)]


def _numbers(matrix: Sequence[Sequence[float]], size: int) -> list[str]:
    texts = []
    for row in range(1, len(matrix)):
        for column in range(row):
            r = matrix[row][column]
            x, y = column * size + (size - 1) / 2, row * size + size / 2 + 3.5
            texts.append(f'<text{_style(r)} x="{short(x)}" y="{short(y)}">{_two_digits(r)}</text>')
    return texts


def _style(r: float) -> str:
    """What lies on a deep colour is light, and what is next to nothing is soft."""
    if isnan(r) or abs(r) < EDGES[0]:
        return ' class="soft"'
    return ' class="deep"' if abs(r) >= EDGES[DEEP - 1] else ""


def _two_digits(r: float) -> str:
    if isnan(r):
        return "–"
    text = f"{abs(r):.2f}".removeprefix("0")
    return f"−{text}" if r < 0 and text != ".00" else text


def _names(columns: Sequence[str], names: Sequence[str], size: int) -> list[str]:
    drawn = []
    for place, (whole, name) in enumerate(zip(columns, names, strict=True)):
        x, y = place * size + 4, place * size + size / 2 + 3.5
        title = f"<title>{escape(clean(whole[:200]))}</title>" if name != whole else ""
        drawn.append(f'<text class="name" x="{x}" y="{short(y)}">{escape(clean(name))}{title}</text>')
    return drawn
