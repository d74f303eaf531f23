"""Small charts drawn with block characters: a line of bars, a bar, a chart with axes."""

from collections.abc import Sequence

from tidegauge.display.cells import pad, width
from tidegauge.display.numbers import part_between

LEVELS = "▁▂▃▄▅▆▇"
_EIGHTHS_UP = " ▁▂▃▄▅▆▇█"
_EIGHTHS_RIGHT = " ▏▎▍▌▋▊▉█"
_GAP = "·"


def spark(heights: Sequence[float | None], *, top: float | None = None) -> str:
    """Draw one line of bars, one cell a height.

    A zero is an empty cell, anything above zero at least the lowest bar, a missing height (None) a dot.

    Args:
        heights: Heights from zero up.
        top: The height that fills a cell; the greatest one when not given.

    Returns:
        As many cells as there are heights.

    Example:
        >>> spark([0, 1, 4, 7, None])
        ' ▁▄▇·'
    """
    known = [height for height in heights if height is not None]
    full = top if top is not None else max(known, default=0.0)
    if full <= 0:
        return "".join(_GAP if height is None else " " for height in heights)
    return "".join(_GAP if height is None else _level(height / full) for height in heights)


def _level(part: float) -> str:
    if part <= 0:
        return " "
    return LEVELS[min(len(LEVELS) - 1, max(0, round(part * len(LEVELS)) - 1))]


def trend(values: Sequence[float | None]) -> str:
    """Draw values over time between their own least and greatest, missing ones as dots.

    Example:
        >>> trend([10.0, 11.0, None, 12.0])
        '▁▄·▇'
    """
    known = [value for value in values if value is not None]
    if not known:
        return _GAP * len(values)
    low, high = min(known), max(known)
    if high <= low:
        return "".join(_GAP if value is None else LEVELS[3] for value in values)
    steps = len(LEVELS) - 1
    return "".join(
        _GAP if value is None else LEVELS[round(part_between(value, low, high) * steps)] for value in values
    )


def bar(part: float, cells: int) -> str:
    """Draw a horizontal bar of an eighth of a cell's precision.

    Args:
        part: Filled part, 0 to 1.
        cells: Cells of a full bar.

    Returns:
        The bar without trailing blanks; anything above zero shows.

    Example:
        >>> bar(0.5, 5), bar(0.001, 5), bar(0, 5)
        ('██▌', '▏', '')
    """
    eighths = round(min(1.0, max(0.0, part)) * cells * 8)
    if part > 0:
        eighths = max(1, eighths)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS_RIGHT[rest] if rest else "")


def squeeze(values: Sequence[float | None], cells: int) -> list[float | None]:
    """Shrink a series to at most so many cells, keeping what stands out.

    Each cell takes the value of its stretch that lies farthest from the median of the whole, so a
    single bad day in a year stays visible.

    Args:
        values: A series over time, None where there is nothing.
        cells: Most values to return.

    Returns:
        The series itself when it fits.

    Example:
        >>> squeeze([1, 1, 9, 1, 1, 1], 3)
        [1, 9, 1]
    """
    if len(values) <= cells:
        return list(values)
    known = sorted(value for value in values if value is not None)
    middle = known[len(known) // 2] if known else 0.0
    squeezed: list[float | None] = []
    for cell in range(cells):
        stretch = values[cell * len(values) // cells : (cell + 1) * len(values) // cells]
        present = [value for value in stretch if value is not None]
        squeezed.append(max(present, key=lambda value: abs(value - middle)) if present else None)
    return squeezed


def columns_chart(
    heights: Sequence[float], *, rows: int, labels: tuple[str, str], top_label: str
) -> list[str]:
    """Draw a chart of upright bars, one cell wide each, with its axis.

    Args:
        heights: Heights from zero up.
        rows: Height of the chart in lines.
        labels: What stands at the left and the right end of the axis.
        top_label: What the highest bar stands for.

    Returns:
        The lines of the chart, axis and labels last.

    Example:
        >>> for line in columns_chart([1, 2, 4], rows=2, labels=("0", "3"), top_label="4"):
        ...     print(line)
        4 ┤  █
          │▄██
          └───
           0 3
    """
    full = max(heights, default=0.0) or 1.0
    margin = width(top_label)
    lines = []
    for row in range(rows - 1, -1, -1):
        edge = f"{top_label} ┤" if row == rows - 1 else " " * margin + " │"
        cells = [min(8, max(0, round(height / full * rows * 8) - row * 8)) for height in heights]
        if row == 0:
            cells = [
                max(cell, 1) if height > 0 else cell for cell, height in zip(cells, heights, strict=True)
            ]
        lines.append(edge + "".join(_EIGHTHS_UP[cell] for cell in cells))
    lines.append(" " * margin + " └" + "─" * len(heights))
    left, right = labels
    inner = left + pad(right, max(len(heights) - width(left), width(right) + 1), "right")
    lines.append(" " * (margin + 2) + inner)
    return lines
