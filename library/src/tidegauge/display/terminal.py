"""A profile, a column, a profile set as text for the terminal."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tidegauge.display import phrases
from tidegauge.display.cells import cut, name_of, pad, width
from tidegauge.display.colour import Paint
from tidegauge.display.column_card import column_card
from tidegauge.display.columns_table import columns_table
from tidegauge.display.reading import (
    conditions_over,
    heading_of,
    one_series,
    read_column,
    segment_rows,
    series_over_windows,
    shown_of,
    windows_of,
)
from tidegauge.display.windows_table import segments_table, series_table, windows_table
from tidegauge.errors import MissingMetricError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.column import ColumnProfile
    from tidegauge.display.facts import Column, Heading
    from tidegauge.metrics.conditions import Condition
    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet

MAX_COLUMNS = 40
MAX_WINDOWS = 24
MAX_CONDITIONS = 20
MAX_PAIRS = 5

CLOSE = 0.5
"""Correlations that are worth a line."""

_NAME = 24
MAX_SEGMENTS = 10


def terminal_width() -> int:
    """Return the width to draw for: the terminal's, or 80 where there is none."""
    return max(20, shutil.get_terminal_size((80, 24)).columns)


def profile_text(
    profile: Profile, *, cells: int | None = None, colour: bool = False, max_columns: int = MAX_COLUMNS
) -> str:
    """Draw a profile as a table of its columns.

    Args:
        profile: What to draw.
        cells: Width in terminal cells; the terminal's own when not given.
        colour: Style the text with ANSI sequences.
        max_columns: Columns drawn at most; a last line says how many more there are.

    Returns:
        Lines joined by newlines, none of them longer than ``cells``.

    Example:
        >>> import tidegauge as tg
        >>> profile = tg.log({"city": ["Oslo", "Rome", "Oslo"]}, dataset="trips")
        >>> print(profile_text(profile, cells=80).split(" ·")[0])
        trips
    """
    names = profile.columns
    shown = [read_column(profile[name]) for name in names[:max_columns]]
    conditions = tuple(profile.conditions.values())
    text = profile_lines(heading_of(profile), shown, conditions, cells=cells, colour=colour)
    close = correlation_lines(profile, cells or terminal_width(), Paint(on=colour))
    return "\n".join((text, "", *close)) if close else text


def profile_lines(
    heading: Heading,
    columns: Sequence[Column],
    conditions: Sequence[Condition] = (),
    *,
    cells: int | None = None,
    colour: bool = False,
) -> str:
    """Draw a profile that has been read already; see `profile_text`."""
    room, paint = cells or terminal_width(), Paint(on=colour)
    lines = header_lines(heading, room, paint)
    if columns:
        lines += ["", *columns_table(columns, room, paint)]
    lines += _more(heading.columns - len(columns), "column", room, paint)
    remarks = _remarks(columns, room)
    if remarks:
        lines += ["", *(paint(line, "dim") for line in remarks)]
    if conditions:
        lines += ["", *condition_lines(conditions, room, paint)]
    return "\n".join(lines)


def condition_lines(conditions: Sequence[Condition], room: int, paint: Paint) -> list[str]:
    """Write a line for each condition: the share of records that passed, and what did not."""
    rows = [phrases.condition_parts(condition) for condition in conditions[:MAX_CONDITIONS]]
    rows = [(cut(row[0], max(8, room // 3)), *row[1:]) for row in rows]
    widths = [max(width(row[at]) for row in rows) for at in range(4)]
    widths[0] = max(widths[0], len("condition"))
    widths[1] = max(widths[1], len("passed"))
    header = f"{pad('condition', widths[0])}  {pad('passed', widths[1], 'right')}"
    lines = [paint(cut(header, room), "dim")]
    for name, passed, failed, unknown, expression in rows:
        line = f"{pad(name, widths[0])}  {pad(passed, widths[1], 'right')}"
        for text, cells in ((failed, widths[2]), (unknown, widths[3])):
            line += f"  {pad(text, cells, 'right')}" if cells else ""
        left = room - width(line) - 2
        line = f"{line}  {paint(cut(expression, left), 'dim')}" if left >= 8 else cut(line, room)
        lines.append(line.rstrip())
    return lines + _more(len(conditions) - len(rows), "condition", room, paint)


def correlation_lines(profile: Profile, room: int, paint: Paint) -> list[str]:
    """Write a line for each of the closest pairs; none where nothing goes together for certain."""
    try:
        correlation = profile.correlation()
    except MissingMetricError:
        return []
    close = [pair for pair in correlation.strongest(MAX_PAIRS) if _is_close(pair.interval())]
    if not close:
        return []
    names = [f"{cut(name_of(pair.x), _NAME)} – {cut(name_of(pair.y), _NAME)}" for pair in close]
    wide = max(map(width, names))
    lines = [paint(cut("correlation", room), "dim")]
    for name, pair in zip(names, close, strict=True):
        low, high = pair.interval()
        told = paint(f"({low:.2f} to {high:.2f} at 95 %)", "dim")
        lines.append(f"{pad(name, wide)}  {pair.r:5.2f}  {told}" if wide + 30 <= room else cut(name, room))
    return lines


def _is_close(interval: tuple[float, float]) -> bool:
    low, high = interval
    return low >= CLOSE or high <= -CLOSE


def header_lines(heading: Heading, room: int, paint: Paint) -> list[str]:
    """Write who, when and how much in one line, or in more where the terminal is narrow."""
    lines = [""]
    parts = [
        cut(phrases.dataset(heading), room),
        *(cut(part, room) for part in phrases.heading_parts(heading)),
    ]
    for part in parts:
        joined = f"{lines[-1]} · {part}" if lines[-1] else part
        if width(joined) <= room:
            lines[-1] = joined
        else:
            lines.append(part)
    name = parts[0]
    lines[0] = paint(name, "bold") + lines[0][len(name) :]
    return lines


def _more(count: int, noun: str, room: int, paint: Paint) -> list[str]:
    return [paint(cut(f"… {phrases.counted(count, f'more {noun}')}", room), "dim")] if count > 0 else []


def _remarks(columns: Sequence[Column], room: int) -> list[str]:
    remarks = []
    for column in columns:
        found = phrases.notes(column)
        if found:
            remarks.append(cut(f"{cut(name_of(column.name), 24)}: {'; '.join(found)}", room))
    if len(remarks) > 6:
        remarks = [*remarks[:5], cut(f"… remarks on {len(remarks) - 5} more columns", room)]
    return remarks


def column_text(column: ColumnProfile, *, cells: int | None = None, colour: bool = False) -> str:
    """Draw one column in full: counts, moments, quantiles, histogram, top values.

    Args:
        column: What to draw.
        cells: Width in terminal cells; the terminal's own when not given.
        colour: Style the text with ANSI sequences.

    Returns:
        Lines joined by newlines, none of them longer than ``cells``.

    Example:
        >>> import tidegauge as tg
        >>> profile = tg.log({"city": ["Oslo", "Rome", "Oslo"]})
        >>> print(column_text(profile["city"], cells=80).splitlines()[0])
        city · string
    """
    return "\n".join(column_card(read_column(column), cells or terminal_width(), Paint(on=colour)))


def profile_set_text(
    profiles: ProfileSet,
    *,
    cells: int | None = None,
    colour: bool = False,
    max_columns: int = MAX_COLUMNS,
    max_windows: int = 0,
) -> str:
    """Draw a profile set: its columns over time, and its windows line by line when asked for.

    Args:
        profiles: What to draw.
        cells: Width in terminal cells; the terminal's own when not given.
        colour: Style the text with ANSI sequences.
        max_columns: Columns drawn at most.
        max_windows: Windows listed at most; none by default.

    Returns:
        Lines joined by newlines, none of them longer than ``cells``.

    Example:
        >>> import tidegauge as tg
        >>> days = tg.log(
        ...     {"day": ["2013-02-08", "2013-02-09"], "delay": [90, None]}, timestamp="day", window="1d"
        ... )
        >>> "2 windows" in profile_set_text(days, cells=80)
        True
    """
    room, paint = cells or terminal_width(), Paint(on=colour)
    windows = windows_of(profiles)
    lines = header_lines(windows.heading, room, paint)
    series = series_over_windows(profiles, max_columns)
    segments = segment_rows(profiles, MAX_SEGMENTS)
    if windows.records and (windows.heading.windows or not segments):
        lines += ["", *series_table(windows, series, room, paint)]
    elif windows.records:
        shown = shown_of(profiles)[0]
        columns = [read_column(shown[name]) for name in shown.columns[:max_columns]]
        lines += ["", *columns_table(columns, room, paint)]
    lines += _more(windows.heading.columns - len(series), "column", room, paint)
    if conditions := conditions_over(profiles):
        lines += ["", *condition_lines(tuple(conditions.values()), room, paint)]
    for (name, rows), (_, count) in zip(segments.items(), windows.heading.segments, strict=True):
        lines += ["", *segments_table(name, rows, room, paint)]
        lines += _more(count - len(rows), "segment", room, paint)
    if max_windows and windows.heading.windows:
        lines += ["", *windows_table(windows, series, room, paint, max_windows)]
    return "\n".join(lines)


def series_text(profiles: ProfileSet, name: str, *, cells: int | None = None, colour: bool = False) -> str:
    """Draw one column of a profile set over time.

    Args:
        profiles: What to draw.
        name: The column's name.
        cells: Width in terminal cells; the terminal's own when not given.
        colour: Style the text with ANSI sequences.
    """
    series = [one_series(profiles, name)]
    return "\n".join(series_table(windows_of(profiles), series, cells or terminal_width(), Paint(on=colour)))
