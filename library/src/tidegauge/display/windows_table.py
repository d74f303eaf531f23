"""A profile set in the terminal: columns over time, and windows line by line."""

from collections.abc import Sequence
from dataclasses import dataclass

from tidegauge.display import numbers, phrases
from tidegauge.display.blocks import bar, squeeze, trend
from tidegauge.display.blocks import spark as bars
from tidegauge.display.cells import cut, name_of, pad, width
from tidegauge.display.colour import Paint
from tidegauge.display.facts import SegmentRow, Series, Windows

_GAP = "  "
_REMARKABLE = 0.05


def window_label(windows: Windows, index: int) -> str:
    """Name a window by its start; the one for records without a time says so."""
    start = windows.starts[index]
    return "no time" if start is None else numbers.start_of_window(start)


def series_table(windows: Windows, series: Sequence[Series], cells: int, paint: Paint) -> list[str]:
    """Draw each column over time: its null rate and its level (median, distinct count, share of true).

    Args:
        windows: The windows, in time order.
        series: The columns to draw.
        cells: Width of the terminal; no line is longer.
        paint: Styles to use.

    Returns:
        The lines, the header first.
    """
    levels = [cut(level_text(one), max(10, cells * 22 // 100)) for one in series]
    widths = _series_widths(windows, series, levels, cells)
    times = max(1, widths.drawn // max(1, len(windows.records)))
    lines = _records_line(windows, cells, widths.name, paint)
    if series:
        header = ("column", "type", "nulls", "at most", "level", "")
        lines += ["", _joined(header, widths, paint, ("dim",) * 6)]
    for one, level in zip(series, levels, strict=True):
        nulls = bars(_spread(one.null_rates, widths.drawn, times), top=1.0)
        drawn = trend(_spread(one.levels, widths.drawn, times))
        texts = (name_of(one.name), one.type, nulls, _worst(one, windows), drawn, level)
        lines.append(_joined(texts, widths, paint, ("bold", "", "warn", "", "bars", "")))
    return [line.rstrip() for line in lines]


@dataclass(frozen=True, slots=True)
class _Widths:
    name: int
    type: int
    worst: int
    level: int
    drawn: int


def _series_widths(windows: Windows, series: Sequence[Series], levels: Sequence[str], cells: int) -> _Widths:
    """Share the room out; a narrow terminal goes without the types, a very narrow one without levels."""
    name = min(max((8, *(width(name_of(one.name)) for one in series))), max(8, cells // 5))
    kind = max((4, *(width(one.type) for one in series))) if cells >= 110 else 0
    worst = 14 if cells >= 40 else 0
    level = max((5, *(width(text) for text in levels))) if cells >= 60 else 0
    shown = [size for size in (name, kind, worst, level) if size]
    most = max(1, (cells - sum(shown) - len(_GAP) * (len(shown) + 1)) // 2)
    times = max(1, min(3, most // max(1, len(windows.records))))
    return _Widths(name, kind, worst, level, min(max(5, len(windows.records) * times), most))


def _joined(texts: Sequence[str], widths: _Widths, paint: Paint, styles: Sequence[str]) -> str:
    sizes = (widths.name, widths.type, widths.drawn, widths.worst, widths.drawn, widths.level)
    parts = []
    for text, size, style in zip(texts, sizes, styles, strict=True):
        if size:
            part = pad(cut(text, size), size)
            parts.append(paint(part, style) if style else part)
    return _GAP.join(parts)


def _spread(values: Sequence[float | None], cells: int, times: int) -> list[float | None]:
    """Fit a series into cells: shrunk when it is long, each value drawn several times when it is short."""
    return [value for value in squeeze(values, cells) for _ in range(times)]


def level_text(one: Series) -> str:
    """Write what the level of a series is, and between which values it moves."""
    known = [value for value in one.levels if value is not None]
    if not known:
        return ""
    low, high = numbers.moment(min(known), one.kind), numbers.moment(max(known), one.kind)
    mark = "" if one.exact else "≈"
    if one.kind == "timestamp" and low[:10] != high[:10]:
        return f"{mark}{low[:10]}…{high[:10]}"
    return f"{one.level_name} {mark}{low}" if low == high else f"{one.level_name} {mark}{low}…{high}"


def _records_line(windows: Windows, cells: int, name_width: int, paint: Paint) -> list[str]:
    least = min(range(len(windows.records)), key=windows.records.__getitem__)
    most = max(range(len(windows.records)), key=windows.records.__getitem__)
    drawn = bars(squeeze([float(count) for count in windows.records], max(4, cells - name_width - 2)))
    lines = [f"{pad('records', name_width)}{_GAP}{paint(drawn, 'bars')}"]
    if len(windows.records) > 1:
        text = f"least {numbers.grouped(windows.records[least])} ({window_label(windows, least)})"
        text += f", most {numbers.grouped(windows.records[most])} ({window_label(windows, most)})"
        lines.append(paint(cut(" " * (name_width + 2) + text, cells), "dim"))
    return lines


def _worst(one: Series, windows: Windows) -> str:
    text, when = remarkable_nulls(one, windows)
    return cut(f"{text} {when[5:] if len(when) == 10 else when}".rstrip(), 14)


def remarkable_nulls(one: Series, windows: Windows) -> tuple[str, str]:
    """Write the highest null rate of a column, and when it was if that is unlike its other windows.

    Returns:
        The rate and the window's name, which is empty when there is nothing to remark.
    """
    rates = [(rate, index) for index, rate in enumerate(one.null_rates) if rate is not None]
    if not rates:
        return "", ""
    rate, index = max(rates, key=lambda pair: (pair[0], -pair[1]))
    typical = sorted(rates)[len(rates) // 2][0]
    return numbers.share(rate, 1), window_label(windows, index) if rate - typical >= _REMARKABLE else ""


def windows_table(
    windows: Windows, series: Sequence[Series], cells: int, paint: Paint, most: int
) -> list[str]:
    """List the windows: records and the column with most nulls.

    Args:
        windows: The windows, in time order.
        series: Columns to look at for nulls.
        cells: Width of the terminal; no line is longer.
        paint: Styles to use.
        most: Windows drawn at most: the first and the last ones.

    Returns:
        The lines, the header first.
    """
    count = len(windows.records)
    head = count if count <= most else max(1, most // 2)
    tail = 0 if count <= most else most - head
    shown = [*range(head), *range(count - tail, count)]
    labels = {index: window_label(windows, index) for index in shown}
    label_width = max(6, *(width(label) for label in labels.values()))
    number_width = max(7, *(width(numbers.grouped(windows.records[index])) for index in shown))
    highest = max(windows.records) or 1
    bar_cells = max(0, min(24, (cells - label_width - number_width - 2 * len(_GAP)) // 3))
    header = (
        f"{pad('window', label_width)}{_GAP}{pad('records', number_width, 'right')}{_GAP}{pad('', bar_cells)}"
    )
    lines = [paint(cut(f"{header}{_GAP}most nulls", cells), "dim")]
    for index in shown:
        if index == count - tail and tail:
            lines.append(paint(cut(f"… {phrases.counted(count - head - tail, 'more window')}", cells), "dim"))
        line = pad(labels[index], label_width) + _GAP
        line += pad(numbers.grouped(windows.records[index]), number_width, "right") + _GAP
        rest = max(0, cells - width(line) - bar_cells - 2)
        drawn = pad(bar(windows.records[index] / highest, bar_cells), bar_cells)
        drawn = cut(drawn, max(0, cells - width(line)))
        lines.append((line + paint(drawn, "bars") + _GAP + cut(_emptiest(series, index), rest)).rstrip())
    return lines


def segments_table(partition: str, rows: Sequence[SegmentRow], cells: int, paint: Paint) -> list[str]:
    """List the segments of a partition: records, their share, and the column with most nulls.

    Args:
        partition: The columns that the partition is by.
        rows: Its segments.
        cells: Width of the terminal; no line is longer.
        paint: Styles to use.

    Returns:
        The lines, the header first.
    """
    most = max(8, cells // 3)
    labels = [cut(row.label, most) for row in rows]
    wide = min(most, max(width(cut(partition, most)), *map(width, labels)))
    counts = [numbers.grouped(row.records) for row in rows]
    number_width = max(7, *map(width, counts))
    bar_cells = max(0, min(24, (cells - wide - number_width - 6 - 3 * len(_GAP)) // 3))
    header = f"{pad(cut(partition, wide), wide)}{_GAP}{pad('records', number_width, 'right')}{_GAP}"
    lines = [
        paint(
            cut(f"{header}{pad('share', 6, 'right')}{_GAP}{pad('', bar_cells)}{_GAP}most nulls", cells), "dim"
        )
    ]
    for row, label, count in zip(rows, labels, counts, strict=True):
        line = f"{pad(label, wide)}{_GAP}{pad(count, number_width, 'right')}{_GAP}"
        line += f"{pad(numbers.share(row.share, 1), 6, 'right')}{_GAP}"
        drawn = cut(pad(bar(row.share, bar_cells), bar_cells), max(0, cells - width(line)))
        rest = max(0, cells - width(line) - bar_cells - 2)
        nulls = "" if row.nulls is None else f"{name_of(row.nulls[0])} {numbers.share(row.nulls[1], 1)}"
        lines.append((cut(line, cells) + paint(drawn, "bars") + _GAP + cut(nulls, rest)).rstrip())
    return lines


def _emptiest(series: Sequence[Series], index: int) -> str:
    rates = [(one.null_rates[index] or 0.0, one.name) for one in series]
    rate, name = max(rates, key=lambda pair: pair[0], default=(0.0, ""))
    return f"{name_of(name)} {numbers.share(rate, 1)}" if rate > 0 else ""
