"""A profile, a column, a profile set as HTML for a notebook: one fragment, no scripts, nothing loaded."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases, svg
from tidegauge.display.cells import clean, name_of
from tidegauge.display.columns_table import rebinned
from tidegauge.display.facts import QUANTILE_RANKS
from tidegauge.display.reading import heading_of, read_column, series_over_windows, windows_of
from tidegauge.display.style import style_sheet
from tidegauge.display.windows_table import remarkable_nulls, window_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.column import ColumnProfile
    from tidegauge.display.facts import Column, Heading, Item, Numbers, Series, Windows
    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet

MAX_COLUMNS = 100
_LONGEST_TEXT = 200
_TOP = 3
_MOST_TOP = 10
_BARS = 42


def profile_html(profile: Profile, *, max_columns: int = MAX_COLUMNS) -> str:
    """Draw a profile as an HTML fragment: a table of its columns with small histograms.

    Args:
        profile: What to draw.
        max_columns: Columns drawn at most; a last line says how many more there are.

    Returns:
        A ``<div>`` that brings its styles along; safe to put into any page.

    Example:
        >>> import tidegauge as tg
        >>> "&lt;b&gt;" in profile_html(tg.log({"<b>": [1, 2]}))
        True
    """
    columns = [read_column(profile[name]) for name in profile.columns[:max_columns]]
    return columns_html(heading_of(profile), columns)


def columns_html(heading: Heading, columns: Sequence[Column]) -> str:
    """Draw a profile that has been read already; see `profile_html`."""
    parts = [_header(phrases.dataset(heading), phrases.heading_parts(heading))]
    if columns:
        titles = ("column", "nulls", "distinct", "distribution", "median", "mean ± sd")
        right = {"nulls", "distinct", "median", "mean ± sd"}
        parts.append(_table(titles, right, [_row(column) for column in columns]))
    parts.append(_more(heading.columns - len(columns)))
    return _fragment(parts)


def _fragment(parts: list[str]) -> str:
    return f'<div class="tidegauge">{style_sheet()}{"".join(parts)}</div>'


def _text(text: str) -> str:
    """Escape text of the data, neutralised and of a sane length."""
    shown = clean(text[: _LONGEST_TEXT + 1])
    return escape(shown if len(text) <= _LONGEST_TEXT else shown[:_LONGEST_TEXT] + "…")


def _header(title: str, facts: Sequence[str]) -> str:
    spans = "".join(f"<span>{_text(fact)}</span>" for fact in facts)
    return f"<header><b>{_text(title)}</b>{spans}</header>"


def _more(count: int) -> str:
    return f"<p>… {phrases.counted(count, 'more column')}</p>" if count > 0 else ""


def _table(titles: Sequence[str], right: set[str], rows: Sequence[str]) -> str:
    cells = "".join(f'<th scope="col"{_aligned(title in right)}>{title}</th>' for title in titles)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _aligned(right: bool) -> str:  # noqa: FBT001
    return ' class="n"' if right else ""


def _row(column: Column) -> str:
    values = column.values if column.values is not None and column.values.count else None
    median = mean = ""
    if values is not None and values.median is not None:
        median = phrases.approximate(values, numbers.moment(values.median, values.kind))
    if values is not None and values.mean is not None:
        mean = numbers.moment(values.mean, values.kind)
        if values.deviation is not None:
            mean += f' <small>± {_deviation(values)}</small>'
    return (
        f"<tr>{_name_cell(column)}{_nulls_cell(column)}"
        f'<td class="n">{phrases.distinct(column.distinct)}</td><td>{_distribution(column)}</td>'
        f'<td class="n">{median}</td><td class="n">{mean}</td></tr>'
    )


def _deviation(values: Numbers) -> str:
    deviation = values.deviation or 0.0
    return numbers.number(deviation) if values.kind == "number" else numbers.duration(deviation)


def _name_cell(column: Column) -> str:
    name = _text(name_of(column.name))
    role = f'<small class="role">{_text(column.role)}</small>' if column.role else ""
    found = phrases.notes(column)
    noted = f" · {_text('; '.join(found))}" if found else ""
    return f'<th scope="row"><b title="{name}">{name}</b><small>{_text(column.type)}{noted}</small>{role}</th>'


def _nulls_cell(column: Column) -> str:
    text = numbers.share(column.nulls, column.records)
    if not column.nulls:
        return f'<td class="n"><small>{text}</small></td>'
    percent = 100 * column.nulls / column.records
    shown = f'<span class="w">{text}</span>' if percent >= 50 else text
    title = f"{numbers.grouped(column.nulls)} of {numbers.grouped(column.records)}"
    meter = f'<span class="meter"><i style="width:{max(2.0, percent):.0f}%"></i></span>'
    return f'<td class="n" title="{title}">{shown}{meter}</td>'


def _distribution(column: Column) -> str:
    values = column.values
    if values is not None and values.bins is not None:
        return _histogram(column.name, values)
    if column.items and not (column.items[0].high <= 1 and column.present > 1):
        return _top(column.items[:_TOP], column)
    if not column.present:
        return f"<small>{'all null' if column.records else 'no records'}</small>"
    if column.items:
        return f"<small>{'every value is unique' if column.items_exact else 'no frequent values'}</small>"
    if column.lengths is not None and column.lengths.count:
        lengths = column.lengths
        return f"<small>length {phrases.least(lengths)} to {phrases.greatest(lengths)}</small>"
    return ""


def _histogram(name: str, values: Numbers, *, width: int = svg.WIDTH, height: int = svg.HEIGHT) -> str:
    bins = values.bins
    if bins is None:
        return ""
    counts = rebinned(bins, _BARS if width <= svg.WIDTH else len(bins.counts))
    first, last = numbers.moment(bins.first, values.kind), numbers.moment(bins.last, values.kind)
    low = f"{phrases.least(values)} ⋯ {first}" if bins.below else first
    high = f"{last} ⋯ {phrases.greatest(values)}" if bins.above else last
    label = f"{clean(name[:80])}: {first} to {last}"
    total = sum(bins.counts) + bins.below + bins.above
    if bins.below or bins.above:
        label += f"; not drawn {numbers.share(bins.below, total)} below, {numbers.share(bins.above, total)} above"
    drawn = svg.histogram(counts, label, width=width, height=height)
    ends = f"<span>{low}</span>" if low == high else f"<span>{low}</span><span>{high}</span>"
    return _above_ends(drawn, ends, svg.bar_step(len(counts), width) * len(counts) if low != high else width)


def _above_ends(drawn: str, ends: str, width: float) -> str:
    return f'{drawn}<div class="ends" style="width:{width:.0f}px">{ends}</div>'


def _top(items: Sequence[Item], column: Column) -> str:
    highest = max(item.count for item in items) or 1.0
    lines = []
    for item in items:
        label = _text(item.text) or "''"
        width = max(1.0, 100 * item.count / highest)
        lines.append(
            f'<span title="{label}">{label}</span><i style="width:{width:.0f}%"></i>'
            f"<em>{phrases.item_share(item, column.present)}</em>"
        )
    return f'<div class="top">{"".join(lines)}</div>'


def column_html(column: ColumnProfile) -> str:
    """Draw one column in full as an HTML fragment: counts, moments, quantiles, histogram, top values.

    Args:
        column: What to draw.

    Returns:
        A ``<div>`` that brings its styles along; safe to put into any page.

    Example:
        >>> import tidegauge as tg
        >>> "<svg" in column_html(tg.log({"fare": [1.0, 2.0, 4.0]})["fare"])
        True
    """
    return column_card_html(read_column(column))


def column_card_html(column: Column) -> str:
    """Draw a column that has been read already; see `column_html`."""
    facts = [column.type]
    if column.arrow_type and column.arrow_type != column.type:
        facts.append(column.arrow_type)
    if column.role:
        facts.append(f"role {column.role}")
    parts = [_header(name_of(column.name), facts + phrases.notes(column)), _definitions(_counts(column))]
    for heading, values in (("values", column.values), ("lengths", column.lengths)):
        if values is not None and values.count:
            if values.bins is not None:
                drawn = _histogram(column.name, values, width=560, height=110)
                parts.append(f'<div class="wide"><h4>{heading}</h4>{drawn}</div>')
            parts.append(_definitions(_number_facts(values)))
            if not values.exact:
                error = f"{100 * values.rank_error:.2g}%"
                parts.append(f"<p>Quantiles are estimates: rank ±{error} at 99%.</p>")
    if column.items and not (column.items[0].high <= 1 and column.present > 1):
        parts.append(f'<div class="wide"><h4>top values</h4>{_top(column.items[:_MOST_TOP], column)}</div>')
    return _fragment(parts)


def _definitions(facts: Sequence[tuple[str, str]]) -> str:
    entries = "".join(f"<div><dt>{word}</dt><dd>{_text(text)}</dd></div>" for word, text in facts)
    return f"<dl>{entries}</dl>"


def _counts(column: Column) -> list[tuple[str, str]]:
    nulls = f"{numbers.grouped(column.nulls)} ({numbers.share(column.nulls, column.records)})"
    facts = [("records", numbers.grouped(column.records)), ("nulls", nulls)]
    if column.distinct is not None:
        facts.append(("distinct", phrases.distinct(column.distinct)))
    for key, word in (("zeros", "zeros"), ("negatives", "negatives"), ("trues", "true")):
        if count := column.counts.get(key, 0):
            facts.append((word, f"{numbers.grouped(count)} ({numbers.share(count, column.present)})"))
    return facts


def _number_facts(values: Numbers) -> list[tuple[str, str]]:
    facts = []
    if values.mean is not None:
        facts.append(("mean", numbers.moment(values.mean, values.kind, precise=True)))
    if values.deviation is not None:
        facts.append(("standard deviation", _deviation(values)))
    facts.append(("min", phrases.least(values, precise=True)))
    for rank, value in zip(QUANTILE_RANKS, values.quantiles or (), strict=False):
        shown = phrases.approximate(values, numbers.moment(value, values.kind, precise=True))
        facts.append(("median" if rank == 0.5 else f"{100 * rank:g}%", shown))
    facts.append(("max", phrases.greatest(values, precise=True)))
    return facts


def profile_set_html(profiles: ProfileSet, *, max_columns: int = MAX_COLUMNS) -> str:
    """Draw a profile set as an HTML fragment: its columns over time.

    Args:
        profiles: What to draw.
        max_columns: Columns drawn at most; a last line says how many more there are.

    Returns:
        A ``<div>`` that brings its styles along; safe to put into any page.

    Example:
        >>> import tidegauge as tg
        >>> days = tg.log({"day": ["2013-02-08"], "delay": [9]}, timestamp="day", window="1d")
        >>> "1 window" in profile_set_html(days)
        True
    """
    return windows_html(windows_of(profiles), series_over_windows(profiles, max_columns))


def windows_html(windows: Windows, series: Sequence[Series]) -> str:
    """Draw a profile set that has been read already; see `profile_set_html`."""
    heading = windows.heading
    parts = [_header(phrases.dataset(heading), phrases.heading_parts(heading))]
    if windows.records:
        most, least = max(windows.records), min(windows.records)
        label = f"records by window, {numbers.grouped(least)} to {numbers.grouped(most)}"
        drawn = svg.histogram([float(count) for count in windows.records], label, width=560, height=44)
        ends = f"<span>{window_label(windows, 0)}</span><span>{window_label(windows, len(windows.records) - 1)}</span>"
        width = svg.bar_step(len(windows.records), 560) * len(windows.records)
        parts.append(f'<div class="wide"><h4>{label}</h4>{_above_ends(drawn, ends, width)}</div>')
        rows = [_series_row(one, windows) for one in series]
        parts.append(_table(("column", "nulls over time", "most", "level over time", ""), set(), rows))
    parts.append(_more(heading.columns - len(series)))
    return _fragment(parts)


def _series_row(one: Series, windows: Windows) -> str:
    name = _text(name_of(one.name))
    nulls = [rate for rate in one.null_rates if rate is not None]
    drawn = svg.over_time(one.null_rates, f"null rate, at most {numbers.share(max(nulls, default=0), 1)}", style="area")
    text, when = remarkable_nulls(one, windows)
    worst = f'<span class="w">{text}</span> <small>{when}</small>' if when else text
    known = [level for level in one.levels if level is not None]
    level = "<td></td><td></td>"
    if known:
        low, high = numbers.moment(min(known), one.kind), numbers.moment(max(known), one.kind)
        line = svg.over_time(one.levels, f"{one.level_name}, {low} to {high}")
        level = f"<td>{line}</td><td><small>{one.level_name}</small> {low if low == high else f'{low} … {high}'}</td>"
    return (
        f'<tr><th scope="row"><b title="{name}">{name}</b><small>{_text(one.type)}</small></th>'
        f"<td>{drawn if any(nulls) else '<small>none</small>'}</td><td>{worst if any(nulls) else ''}</td>{level}</tr>"
    )
