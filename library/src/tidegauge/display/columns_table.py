"""The table of columns in the terminal: one line a column, fitted to the width at hand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tidegauge.display import numbers, phrases
from tidegauge.display.blocks import spark
from tidegauge.display.cells import clean, cut, name_of, pad, width
from tidegauge.display.colour import Paint
from tidegauge.display.facts import Bins, Column

_GAP = "  "
_NARROW = ("min", "median", "max")
_WIDE = ("min", "median", "max", "mean", "sd")
_ALARMING_NULLS = 0.5


@dataclass(frozen=True, slots=True)
class _Widths:
    name: int
    type: int
    nulls: int
    distinct: int
    values: int
    spark: int


@dataclass(frozen=True, slots=True)
class _Figures:
    kind: str
    values: tuple[float | None, ...]
    estimated: int | None

    def text(self, index: int, cells: int) -> str:
        value = self.values[index]
        if value is None:
            return numbers.DASH
        mark = "≈" if index == self.estimated else ""
        room = cells - len(mark)
        return mark + (
            numbers.fitted(value, room)
            if self.kind == "number"
            else cut(numbers.moment(value, self.kind), room)
        )


def columns_table(columns: Sequence[Column], cells: int, paint: Paint) -> list[str]:
    """Draw the columns as an aligned table.

    Args:
        columns: What to draw, in order.
        cells: Width of the terminal; no line is longer.
        paint: Styles to use.

    Returns:
        The lines, the header line first.
    """
    if not columns:
        return []
    wide = cells >= 110
    headers = _WIDE if wide else _NARROW
    widths = _fit(columns, cells, wide=wide)
    figures = [_figures(column, headers) for column in columns]
    figure_widths = _figure_widths(figures, headers, widths.values)
    widths = _narrowed(columns, widths, figure_widths, 64 if wide else 28)
    lines = [_header(headers, widths, figure_widths, paint)]
    for column, row in zip(columns, figures, strict=True):
        lines.append(_line(column, row, widths, figure_widths, paint))
    return [line.rstrip() for line in lines]


def _fit(columns: Sequence[Column], cells: int, *, wide: bool) -> _Widths:
    type_width = max(4, *(width(column.type) for column in columns)) if cells >= 72 else 0
    nulls = max(5, *(width(numbers.share(column.nulls, column.records)) for column in columns))
    distinct = max(8, *(width(phrases.distinct(column.distinct)) for column in columns)) if cells >= 44 else 0
    spark_cells = 24 if wide else 8 if cells >= 60 else 0
    shown = [size for size in (type_width, nulls, distinct, spark_cells) if size]
    room = cells - sum(shown) - len(_GAP) * (len(shown) + 1)
    longest = max(6, *(width(name_of(column.name)) for column in columns))
    name = max(6, min(longest, max(10, room // 2 if wide else room - 21)))
    return _Widths(name, type_width, nulls, distinct, max(0, room - name), spark_cells)


def _narrowed(
    columns: Sequence[Column], widths: _Widths, figure_widths: tuple[int, ...], most: int
) -> _Widths:
    """Give the values no more room than they need, so that the histograms stand close by."""
    needed = sum(figure_widths) + len(_GAP) * (len(figure_widths) - 1)
    for column in columns:
        if column.values is None or column.values.kind not in ("number", "duration"):
            needed = max(needed, width(described(column, min(widths.values, most))))
    return replace(widths, values=min(widths.values, needed))


def _figures(column: Column, headers: tuple[str, ...]) -> _Figures | None:
    """The numbers of a column of numbers or durations; None for what shows other things there."""
    values = column.values
    if values is None or values.kind not in ("number", "duration") or not values.count:
        return None
    known = {
        "min": values.minimum if values.bounded else None,
        "median": values.median,
        "max": values.maximum if values.bounded else None,
        "mean": values.mean,
        "sd": values.deviation,
    }
    estimated = None if values.exact else headers.index("median")
    return _Figures(values.kind, tuple(known[header] for header in headers), estimated)


def _figure_widths(
    figures: Sequence[_Figures | None], headers: tuple[str, ...], room: int
) -> tuple[int, ...]:
    present = [row for row in figures if row is not None]
    wanted = [
        max(width(header), *(width(row.text(i, 99)) for row in present), 0)
        for i, header in enumerate(headers)
    ]
    while sum(wanted) + len(wanted) - 1 > room and max(wanted) > 3:
        wanted[wanted.index(max(wanted))] -= 1
    return tuple(wanted)


def _header(headers: tuple[str, ...], widths: _Widths, figure_widths: tuple[int, ...], paint: Paint) -> str:
    cut_headers = [cut(header, cells) for header, cells in zip(headers, figure_widths, strict=True)]
    values = _joined(cut_headers, figure_widths, widths.values)
    return _row(("column", "type", "nulls", "distinct", values, ""), widths, paint, ("dim",) * 6)


def _joined(texts: Sequence[str], figure_widths: tuple[int, ...], room: int) -> str:
    gap = _GAP if sum(figure_widths) + len(_GAP) * (len(texts) - 1) <= room else " "
    return cut(
        gap.join(pad(text, cells, "right") for text, cells in zip(texts, figure_widths, strict=True)), room
    )


def _row(
    texts: tuple[str, str, str, str, str, str], widths: _Widths, paint: Paint, styles: tuple[str, ...]
) -> str:
    sizes = (widths.name, widths.type, widths.nulls, widths.distinct, widths.values, widths.spark)
    aligned = ("left", "left", "right", "right", "left", "left")
    parts = []
    for text, size, align, style in zip(texts, sizes, aligned, styles, strict=True):
        if size:
            part = pad(cut(text, size), size, align)
            parts.append(paint(part, style) if style else part)
    return _GAP.join(parts)


def _line(
    column: Column, figures: _Figures | None, widths: _Widths, figure_widths: tuple[int, ...], paint: Paint
) -> str:
    if figures is None:
        values = described(column, widths.values)
    else:
        texts = [figures.text(i, cells) for i, cells in enumerate(figure_widths)]
        values = _joined(texts, figure_widths, widths.values)
    alarming = column.records and column.nulls >= _ALARMING_NULLS * column.records
    cells = (
        name_of(column.name),
        column.type,
        numbers.share(column.nulls, column.records),
        phrases.distinct(column.distinct),
        values,
        mini_histogram(column, widths.spark) if widths.spark else "",
    )
    return _row(cells, widths, paint, ("bold", "", "warn" if alarming else "", "", "", "bars"))


def described(column: Column, room: int) -> str:
    """Say in so many cells what a column without plain numbers holds: its range, or its top values.

    Args:
        column: A column of text, booleans, times, or of nothing.
        room: Cells at most.
    """
    values = column.values
    if values is not None and values.count and values.kind in ("timestamp", "date", "time"):
        return _range(phrases.least(values), phrases.greatest(values), room)
    if column.items:
        return _top(column, room)
    if not column.present:
        return cut("no records" if not column.records else "all null", room)
    if column.lengths is not None and column.lengths.count:
        return cut(phrases.lengths_range(column.lengths), room)
    return ""


def _range(first: str, last: str, room: int) -> str:
    if first == last:
        return cut(first, room)
    if width(first) + width(last) + 3 <= room:
        return f"{first} … {last}"
    if width(first) + width(last) + 1 <= room:
        return f"{first}…{last}"
    if first[:10] == last[:10] and len(last) > 10:
        return cut(f"{first}…{last[11:]}", room)
    return cut(f"{first[:10]}…{last[:10]}", room)


def _top(column: Column, room: int) -> str:
    if column.items[0].high <= 1 and column.present > 1:
        return cut("every value is unique" if column.items_exact else "no frequent values", room)
    text = ""
    for item in column.items:
        label = cut(clean(item.text), 14) or "''"
        part = f"{label} {phrases.item_share(item, column.present)}"
        longer = f"{text}, {part}" if text else part
        if width(longer) > room:
            break
        text = longer
    if text:
        return text
    figure = phrases.item_share(column.items[0], column.present)
    return cut(f"{cut(clean(column.items[0].text), max(1, room - width(figure) - 1))} {figure}", room)


def mini_histogram(column: Column, cells: int) -> str:
    """Draw a column's distribution in so many cells: a histogram, or the shares of its top values."""
    values = column.values
    if values is not None and values.bins is not None:
        return spark(rebinned(values.bins, cells))
    if column.items and not (column.items[0].high <= 1 and column.present > 1):
        return spark([item.count for item in column.items[:cells]])
    return ""


def rebinned(bins: Bins, cells: int) -> list[float]:
    """Draw bins together until at most so many are left, sharing a bin between two cells by its width.

    Example:
        >>> rebinned(Bins((0, 1, 2, 3, 4), (1, 2, 3, 4)), 2), rebinned(Bins((0, 1, 2, 3), (2, 2, 2)), 2)
        ([3.0, 7.0], [3.0, 3.0])
    """
    counts = bins.counts
    if len(counts) <= cells:
        return list(counts)
    joined = [0.0] * cells
    for index, count in enumerate(counts):
        first, last = index * cells / len(counts), (index + 1) * cells / len(counts)
        cell = int(first)
        if last <= cell + 1 + 1e-9:
            joined[cell] += count
        else:
            part = (cell + 1 - first) / (last - first)
            joined[cell] += count * part
            joined[cell + 1] += count * (1 - part)
    return joined
