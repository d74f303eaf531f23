"""Small pictures as inline SVG: a histogram, a series over time. No scripts, no styles of their own.

Colours come from the classes of `style.py`, so that a picture follows the theme of its page.
"""

from collections.abc import Sequence
from html import escape

from tidegauge.display.blocks import squeeze
from tidegauge.display.numbers import part_between

WIDTH = 168
HEIGHT = 34


def _coordinate(value: float) -> str:
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def picture(content: str, label: str, *, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Wrap shapes as an inline picture that says in words what it shows.

    Args:
        content: SVG elements.
        label: What it shows; becomes its title and its name for screen readers.
        width: In pixels.
        height: In pixels.
    """
    text = escape(label)
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f'<svg {size} role="img" aria-label="{text}"><title>{text}</title>{content}</svg>'


def bar_step(bars: int, width: int) -> float:
    """Tell how wide a bar is, gap included: all fill the picture, but a few become no walls."""
    return min(width / max(1, bars), width / 4)


def histogram(counts: Sequence[float], label: str, *, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Draw bins side by side, as one path.

    Args:
        counts: Heights from zero up.
        label: What it shows, in words.
        width: In pixels.
        height: In pixels.

    Returns:
        An ``<svg>`` element.

    Example:
        >>> histogram([1, 2], "two bins", width=10, height=4).count("M")
        3
    """
    full = max(counts, default=0.0) or 1.0
    step = bar_step(len(counts), width)
    gap = 1.0 if step > 3 else 0.5
    parts = []
    for index, count in enumerate(counts):
        if count > 0:
            tall = max(1.0, count / full * (height - 1))
            x, y = _coordinate(index * step), _coordinate(height - tall)
            parts.append(f"M{x} {height}V{y}h{_coordinate(step - gap)}V{height}z")
    shapes = f'<path class="bar" d="{"".join(parts)}"/>'
    shapes += f'<path class="axis" d="M0 {height - 0.5}H{_coordinate(step * len(counts))}"/>'
    return picture(shapes, label, width=width, height=height)


def over_time(values: Sequence[float | None], label: str, *, style: str = "line") -> str:
    """Draw a series between its own least and greatest value; where a value is missing the line breaks.

    Args:
        values: A series at even distances.
        label: What it shows, in words.
        style: ``line``, or ``area`` for values that are drawn from zero up.

    Returns:
        An ``<svg>`` element.
    """
    drawn = squeeze(values, WIDTH // 2 * 2)
    known = [value for value in drawn if value is not None]
    low = 0.0 if style == "area" else min(known, default=0.0)
    high = max(known, default=0.0)
    high = max(high, 0.01) if style == "area" else high
    points: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(drawn):
        if value is None:
            points.append([])
            continue
        x = 1 + index * (WIDTH - 2) / max(1, len(drawn) - 1)
        part = part_between(value, low, high)
        points[-1].append((x, HEIGHT - 2 - part * (HEIGHT - 4)))
    return picture("".join(_stroke(run, style) for run in points if run), label, width=WIDTH, height=HEIGHT)


def _stroke(run: list[tuple[float, float]], style: str) -> str:
    path = "L".join(f"{_coordinate(x)} {_coordinate(y)}" for x, y in run)
    if len(run) == 1:
        x, y = run[0]
        return f'<circle class="dot {style}" cx="{_coordinate(x)}" cy="{_coordinate(y)}" r="1.5"/>'
    if style == "area":
        base = HEIGHT - 1
        start, end = _coordinate(run[0][0]), _coordinate(run[-1][0])
        return f'<path class="area" d="M{start} {base}L{path}L{end} {base}z"/>'
    return f'<path class="line" d="M{path}"/>'
