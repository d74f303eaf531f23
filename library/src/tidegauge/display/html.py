"""A profile, a column, a profile set as HTML for a notebook: one fragment, no scripts, nothing loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases, svg
from tidegauge.display.cells import name_of
from tidegauge.display.html_column import column_card_html
from tidegauge.display.html_parts import (
    above_ends,
    deviation,
    fragment,
    header,
    histogram,
    more_columns,
    safe,
    table,
    top_values,
)
from tidegauge.display.reading import (
    conditions_over,
    heading_of,
    read_column,
    segment_rows,
    series_over_windows,
    shown_of,
    windows_of,
)
from tidegauge.display.windows_table import level_text, remarkable_nulls, window_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.column import ColumnProfile
    from tidegauge.display.facts import Column, Heading, SegmentRow, Series, Windows
    from tidegauge.metrics.conditions import Condition
    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet

MAX_COLUMNS = 100
MAX_SEGMENTS = 20
_TOP = 3


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
    return columns_html(heading_of(profile), columns, tuple(profile.conditions.values()))


def columns_html(heading: Heading, columns: Sequence[Column], conditions: Sequence[Condition] = ()) -> str:
    """Draw a profile that has been read already; see `profile_html`."""
    parts = _columns_parts(heading, columns)
    if conditions:
        parts.append(conditions_html(conditions))
    return fragment(parts)


def _columns_parts(heading: Heading, columns: Sequence[Column]) -> list[str]:
    parts = [header(phrases.dataset(heading), phrases.heading_parts(heading))]
    if columns:
        titles = ("column", "nulls", "distinct", "distribution", "median", "mean ± sd")
        right = {"nulls", "distinct", "median", "mean ± sd"}
        parts.append(table(titles, right, [_row(column) for column in columns]))
    return [*parts, more_columns(heading.columns - len(columns))]


def conditions_html(conditions: Sequence[Condition]) -> str:
    """Draw conditions as a table: the share of records that passed, and what did not."""
    rows = [_condition_row(condition) for condition in conditions[:MAX_COLUMNS]]
    drawn = table(("condition", "passed", "failed", "unknown"), {"passed", "failed", "unknown"}, rows)
    more = len(conditions) - len(rows)
    rest = f"<p>… {phrases.counted(more, 'more condition')}</p>" if more > 0 else ""
    return f'<h4 style="margin-top:16px">conditions</h4>{drawn}{rest}'


def _condition_row(condition: Condition) -> str:
    name, passed, failed, unknown, expression = phrases.condition_parts(condition)
    shown = f'<span class="w">{failed.removesuffix(" failed")}</span>' if failed else "<small>0</small>"
    reason = f' title="{safe(condition.reason)}"' if condition.reason else ""
    left = f"<span{reason}>{unknown.removesuffix(' unknown')}</span>" if unknown else "<small>0</small>"
    return (
        f'<tr><th scope="row"><b>{safe(name)}</b><small>{safe(expression)}</small></th>'
        f'<td class="n">{passed}</td><td class="n">{shown}</td><td class="n">{left}</td></tr>'
    )


def _row(column: Column) -> str:
    values = column.values if column.values is not None and column.values.count else None
    median = mean = ""
    if values is not None and values.median is not None:
        median = phrases.approximate(values, numbers.moment(values.median, values.kind))
    if values is not None and values.mean is not None:
        mean = numbers.moment(values.mean, values.kind)
        if values.deviation is not None:
            mean += f" <small>± {deviation(values)}</small>"
    return (
        f"<tr>{_name_cell(column)}{_nulls_cell(column)}"
        f'<td class="n">{phrases.distinct(column.distinct)}</td><td>{_distribution(column)}</td>'
        f'<td class="n">{median}</td><td class="n">{mean}</td></tr>'
    )


def _name_cell(column: Column) -> str:
    name = safe(name_of(column.name))
    role = f'<small class="role">{safe(column.role)}</small>' if column.role else ""
    found = phrases.notes(column)
    noted = f" · {safe('; '.join(found))}" if found else ""
    return f'<th scope="row"><b title="{name}">{name}</b><small>{safe(column.type)}{noted}</small>{role}</th>'


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
        return histogram(column.name, values)
    if column.items and not (column.items[0].high <= 1 and column.present > 1):
        return top_values(column.items[:_TOP], column)
    if not column.present:
        return f"<small>{'all null' if column.records else 'no records'}</small>"
    if column.items:
        return f"<small>{'every value is unique' if column.items_exact else 'no frequent values'}</small>"
    if column.lengths is not None and column.lengths.count:
        return f"<small>{phrases.lengths_range(column.lengths)}</small>"
    return ""


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


def profile_set_html(profiles: ProfileSet) -> str:
    """Draw a profile set as an HTML fragment: its columns, over time where it has windows, and its segments.

    Args:
        profiles: What to draw.

    Returns:
        A ``<div>`` that brings its styles along; safe to put into any page.

    Example:
        >>> import tidegauge as tg
        >>> days = tg.log({"day": ["2013-02-08"], "delay": [9]}, timestamp="day", window="1d")
        >>> "1 window" in profile_set_html(days)
        True
    """
    windows = windows_of(profiles)
    segments = segment_rows(profiles, MAX_SEGMENTS)
    if windows.records and segments and not windows.heading.windows:
        # Without windows there is nothing to draw over time: show the columns of all records.
        whole = shown_of(profiles)[0]
        columns = [read_column(whole[name]) for name in whole.columns[:MAX_COLUMNS]]
        parts = _columns_parts(windows.heading, columns)
    else:
        parts = _windows_parts(windows, series_over_windows(profiles, MAX_COLUMNS))
    if conditions := conditions_over(profiles):
        parts.append(conditions_html(tuple(conditions.values())))
    counts = dict(windows.heading.segments)
    parts += [segments_html(name, rows, counts[name]) for name, rows in segments.items()]
    return fragment(parts)


def segments_html(partition: str, rows: Sequence[SegmentRow], count: int) -> str:
    """Draw the segments of a partition as a table: records, their share, and the column with most nulls.

    Args:
        partition: The columns that the partition is by.
        rows: Its segments.
        count: How many there are, of which `rows` may be the largest.
    """
    drawn = table(
        (safe(partition), "records", "share", "most nulls"),
        {"records", "share"},
        [_segment_row(row) for row in rows],
    )
    rest = count - len(rows)
    more = f"<p>… {phrases.counted(rest, 'more segment')}</p>" if rest > 0 else ""
    return f'<h4 style="margin-top:16px">segments by {safe(partition)}</h4>{drawn}{more}'


def _segment_row(row: SegmentRow) -> str:
    nulls = ""
    if row.nulls is not None:
        nulls = f"{safe(name_of(row.nulls[0]))} {numbers.share(row.nulls[1], 1)}"
    return (
        f'<tr><th scope="row"><b title="{safe(row.label)}">{safe(row.label)}</b></th>'
        f'<td class="n">{numbers.grouped(row.records)}</td>'
        f'<td class="n">{numbers.share(row.share, 1)}</td><td>{nulls}</td></tr>'
    )


def _windows_parts(windows: Windows, series: Sequence[Series]) -> list[str]:
    heading = windows.heading
    parts = [header(phrases.dataset(heading), phrases.heading_parts(heading))]
    if windows.records:
        most, least = max(windows.records), min(windows.records)
        label = f"records by window, {numbers.grouped(least)} to {numbers.grouped(most)}"
        drawn = svg.histogram([float(count) for count in windows.records], label, width=560, height=44)
        first, final = window_label(windows, 0), window_label(windows, len(windows.records) - 1)
        ends = f"<span>{first}</span><span>{final}</span>"
        width = svg.bar_step(len(windows.records), 560) * len(windows.records)
        parts.append(f'<div class="wide"><h4>{label}</h4>{above_ends(drawn, ends, width)}</div>')
        rows = [_series_row(one, windows) for one in series]
        parts.append(table(("column", "nulls over time", "at most", "level over time", ""), set(), rows))
    return [*parts, more_columns(heading.columns - len(series))]


def _series_row(one: Series, windows: Windows) -> str:
    name = safe(name_of(one.name))
    nulls = [rate for rate in one.null_rates if rate is not None]
    drawn = svg.over_time(
        one.null_rates, f"null rate, at most {numbers.share(max(nulls, default=0), 1)}", style="area"
    )
    text, when = remarkable_nulls(one, windows)
    worst = f'<span class="w">{text}</span> <small>{when}</small>' if when else text
    known = [level for level in one.levels if level is not None]
    level = "<td></td><td></td>"
    if known:
        text = level_text(one)
        level = f"<td>{svg.over_time(one.levels, text)}</td><td>{text}</td>"
    rates = f"<td>{drawn}</td><td>{worst}</td>" if any(nulls) else "<td><small>none</small></td><td></td>"
    heading = f'<th scope="row"><b title="{name}">{name}</b><small>{safe(one.type)}</small></th>'
    return f"<tr>{heading}{rates}{level}</tr>"
