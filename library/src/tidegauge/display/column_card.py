"""One column in full, for the terminal."""

from tidegauge.display import numbers, phrases
from tidegauge.display.blocks import bar, columns_chart
from tidegauge.display.cells import clean, cut, name_of, pad, width
from tidegauge.display.colour import Paint
from tidegauge.display.columns_table import rebinned
from tidegauge.display.facts import QUANTILE_RANKS, Bins, Column, Item, Numbers

_CHART_ROWS = 6
_CHART_CELLS = 60
_TOP = 10
_LONG = 14
_INDENT = "  "


def column_card(column: Column, cells: int, paint: Paint) -> list[str]:
    """Draw everything that is known about one column.

    Args:
        column: What to draw.
        cells: Width of the terminal; no line is longer.
        paint: Styles to use.

    Returns:
        The lines.
    """
    parts = [name_of(column.name), column.type]
    if column.arrow_type and column.arrow_type != column.type:
        parts[1] += f" ({clean(column.arrow_type)})"
    if column.role:
        parts.append(f"role {clean(column.role)}")
    title = cut(" · ".join(parts), cells)
    name = cut(parts[0], cells)
    lines = [paint(name, "bold") + title[len(name) :] if title.startswith(name) else title, ""]
    lines += [cut(line, cells) for line in _counts(column)]
    if column.values is not None and column.values.count:
        lines += _numbers("values", column.values, cells, paint)
    if column.lengths is not None and column.lengths.count:
        lines += _numbers("lengths", column.lengths, cells, paint)
    if column.items and not (column.items[0].high <= 1 and column.present > 1):
        lines += _items(column, cells, paint)
    for metric in column.custom:
        lines += ["", paint(cut(clean(metric.name), cells), "dim")]
        lines.append(cut(f"{_INDENT}{phrases.custom(metric, column.records)}", cells))
    return [line.rstrip() for line in lines]


def _counts(column: Column) -> list[str]:
    facts = [("records", numbers.grouped(column.records))]
    nulls = numbers.grouped(column.nulls)
    facts.append(
        ("nulls", f"{nulls} ({numbers.share(column.nulls, column.records)})" if column.records else nulls)
    )
    if column.distinct is not None:
        facts.append(("distinct", phrases.distinct(column.distinct)))
    for key, word in (("zeros", "zeros"), ("negatives", "negatives"), ("trues", "true")):
        if count := column.counts.get(key, 0):
            facts.append((word, f"{numbers.grouped(count)} ({numbers.share(count, column.present)})"))
    lines = [f"{pad(word, 10)} {text}" for word, text in facts]
    return lines + [f"{pad('also', 10)} {note}" for note in phrases.notes(column)]


def _numbers(heading: str, values: Numbers, cells: int, paint: Paint) -> list[str]:
    def show(value: float | None) -> str:
        return numbers.DASH if value is None else numbers.moment(value, values.kind, precise=True)

    lines = ["", paint(heading, "dim")]
    if values.constant:
        return [*lines, cut(f"{_INDENT}all {phrases.least(values, precise=True)}", cells)]
    if values.mean is not None:
        sd = numbers.DASH if values.deviation is None else _deviation(values)
        line = f"{_INDENT}mean {phrases.mean(values)}   sd {sd}"
        if values.skewness is not None:
            line += f"   skewness {numbers.number(values.skewness, 3)}"
        lines.append(cut(line, cells))
    facts = [("min", phrases.least(values, precise=True))] if values.bounded else []
    if values.quantiles is not None:
        facts += [
            (f"{100 * rank:g}%", show(q)) for rank, q in zip(QUANTILE_RANKS, values.quantiles, strict=True)
        ]
    if values.bounded:
        facts.append(("max", phrases.greatest(values, precise=True)))
    lines += _grid(facts, cells) if facts else []
    if values.quantiles is not None and not values.exact:
        lines.append(
            cut(f"{_INDENT}quantiles are estimates: rank ±{_percent(values.rank_error)} at 99%", cells)
        )
    if values.bins is not None:
        lines += ["", *_histogram(values, values.bins, cells, paint)]
    return lines


def _deviation(values: Numbers) -> str:
    deviation = values.deviation or 0.0
    return numbers.number(deviation, 6) if values.kind == "number" else numbers.duration(deviation)


def _percent(part: float) -> str:
    return f"{100 * part:.2g}%"


def _grid(facts: list[tuple[str, str]], cells: int) -> list[str]:
    """Set facts side by side, names over values, in as many lines as it takes; long ones in a list."""
    widest = max(width(word) for word, _ in facts)
    if max(width(text) for _, text in facts) > _LONG:
        return [cut(f"{_INDENT}{pad(word, widest)}{_INDENT}{text}", cells) for word, text in facts]
    lines: list[str] = []
    above = below = _INDENT
    for word, text in facts:
        room = max(width(word), width(text))
        if len(above) > len(_INDENT) and width(below) + room > cells:
            lines += [above, below]
            above = below = _INDENT
        above += pad(word, room, "right") + _INDENT
        below += pad(text, room, "right") + _INDENT
    return [cut(line.rstrip(), cells) for line in [*lines, above, below]]


def _histogram(values: Numbers, bins: Bins, cells: int, paint: Paint) -> list[str]:
    total = sum(bins.counts) + bins.below + bins.above
    room = min(_CHART_CELLS, cells - 12)
    if room < 8 or not total:
        return []
    counts = rebinned(bins, room)
    if len(counts) * 2 <= room:
        times = min(4, room // len(counts))
        counts = [count for count in counts for _ in range(times)]
    highest = max(counts)
    first, last = phrases.drawn_ends(values, bins)
    labels = (first, "" if first == last else last)
    chart = columns_chart(
        counts, rows=_CHART_ROWS, labels=labels, top_label=pad(numbers.share(highest, total), 6, "right")
    )
    lines = [cut(line, cells) for line in chart]
    lines = [paint(line, "bars") if row < _CHART_ROWS else line for row, line in enumerate(lines)]
    if outside := phrases.not_drawn(bins):
        lines.append(cut(f"{_INDENT}{outside}", cells))
    return lines


def _items(column: Column, cells: int, paint: Paint) -> list[str]:
    shown = column.items[:_TOP]
    label_width = min(max(width(_label(item)) for item in shown), max(6, min(32, cells // 3)))
    count_width = max(width(_count(item)) for item in shown)
    share_width = max(width(phrases.item_share(item, column.present)) for item in shown)
    bar_cells = min(40, cells - label_width - count_width - share_width - 8)
    lines = ["", paint("top values", "dim")]
    for item in shown:
        line = f"{_INDENT}{pad(cut(_label(item), label_width), label_width)}{_INDENT}"
        line += pad(_count(item), count_width, "right") + _INDENT
        line += pad(phrases.item_share(item, column.present), share_width, "right")
        if bar_cells >= 4:
            lines.append(line + _INDENT + paint(bar(item.count / shown[0].count, bar_cells), "bars"))
        else:
            lines.append(cut(line, cells))
    if len(column.items) > _TOP:
        rest = column.present - sum(item.count for item in shown)
        mark = "" if column.items_exact else "≈"
        lines.append(cut(f"{_INDENT}all others: {mark}{numbers.share(rest, column.present)}", cells))
    return lines


def _label(item: Item) -> str:
    return clean(item.text) or "''"


def _count(item: Item) -> str:
    if item.low == item.high:
        return numbers.grouped(item.low)
    return f"{numbers.grouped(item.low)} to {numbers.grouped(item.high)}"
