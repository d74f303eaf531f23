"""Comparisons as text for a terminal: the verdict, then columns or windows, what matters most first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tidegauge.display import numbers, phrases
from tidegauge.display.blocks import bar
from tidegauge.display.cells import clean, cut, name_of, pad, width
from tidegauge.display.colour import Paint
from tidegauge.display.suite_text import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.drift.correlations import CorrelationDrift
    from tidegauge.drift.result import ColumnDrift, DriftReport, SchemaChanges
    from tidegauge.drift.segment_drift import SegmentDrift
    from tidegauge.drift.series import DriftSeries
    from tidegauge.segments import Segment

SIGNS = {"drift": "◆", "stable": "●", "not enough data": "○"}
_STYLES = {"drift": "fail", "stable": "bars", "not enough data": "dim"}
_GAP = "  "
_MOST = 40
_NAME = 24
_BAR = 12
_CAP = 6.0
_WINDOWS = 20
_PAIRS = 20
_SEGMENTS = 20
_LISTED = 5


def drift_text(
    report: DriftReport, *, cells: int | None = None, colour: bool = False, most: int = _MOST
) -> str:
    """Draw a comparison.

    Args:
        report: The comparison.
        cells: Width in terminal cells; the terminal's own when None.
        colour: Style the text with ANSI sequences.
        most: Columns drawn at most; a last line says how many more there are.

    Returns:
        Lines joined by newlines, none longer than `cells`.
    """
    from tidegauge.display.terminal import terminal_width

    room, paint = cells or terminal_width(), Paint(on=colour)
    sign = paint(SIGNS[report.verdict], _STYLES[report.verdict])
    title = cut(phrases.UNNAMED if report.dataset is None else name_of(report.dataset), room)
    lines = [paint(title, "bold"), *_told(sign, report.why, room), ""]
    lines += [paint(cut(line, room), "dim") for line in _sides(report)]
    columns = [report.columns[name] for name in report]
    if columns:
        lines += ["", *_table(columns[:most], room, paint)]
    if len(columns) > most:
        lines.append(paint(cut(f"… {phrases.counted(len(columns) - most, 'more column')}", room), "dim"))
    lines += [cut(line, room) for line in _schema(report.schema)]
    if changed := _changed(report.correlations, room, paint):
        lines += ["", *changed]
    return "\n".join(line.rstrip() for line in lines)


def _sides(report: DriftReport) -> list[str]:
    from tidegauge.display.reading import heading_of

    lines = []
    for word, profile in (("current", report.current), ("reference", report.reference)):
        heading = heading_of(profile)
        parts = [phrases.stretch(heading.start, heading.end), *phrases.segment(heading)]
        parts.append(phrases.counted(heading.records, "record"))
        if word == "reference" and report.history is not None:
            parts.append(phrases.counted(len(report.history), "window"))
        lines.append(f"{pad(word, 9)}  {' · '.join(part for part in parts if part)}")
    return lines


def _table(columns: Sequence[ColumnDrift], room: int, paint: Paint) -> list[str]:
    """Draw a line a column: sign, name, effect as a bar of how many times what matters, evidence, verdict."""
    name_width = min(_NAME, max(6, *(width(name_of(column.name)) for column in columns)))
    titles = (pad("effect", 7, "right"), pad("× what matters", _BAR + 7), pad("adjusted p", 10), "verdict")
    header = _GAP.join((f"  {pad('column', name_width)}", *titles))
    lines = [paint(cut(header, room), "dim")]
    for column in columns:
        name = pad(cut(name_of(column.name), name_width), name_width)
        text = f" {name}{_GAP}{_effect(column)}{_GAP}{column.verdict}"
        lines.append(paint(SIGNS[column.verdict], _STYLES[column.verdict]) + cut(text, room - 1))
        if column.verdict == "drift":
            lines += [paint(f"    {part}", "dim") for part in wrap(clean(column.why), room - 4)]
    return lines


def _told(sign: str, sentence: str, room: int) -> list[str]:
    """Write a sentence behind a sign, on as many lines as it takes."""
    first, *rest = wrap(clean(sentence), room - 2)
    return [f"{sign} {first}", *(f"  {line}" for line in rest)]


def _effect(column: ColumnDrift | None) -> str:
    main = None if column is None else column.main
    if main is None:
        return f"{pad(numbers.DASH, 7, 'right')}{_GAP}{pad('', _BAR + 7)}{_GAP}{pad('', 10)}"
    effect = main.effect
    times = effect.value / effect.matters if effect.matters > 0 else 0.0
    drawn = pad(bar(min(1.0, times / _CAP) if math.isfinite(times) else 0.0, _BAR), _BAR)
    number = pad(numbers.fitted(effect.value, 7), 7, "right")
    many = pad(numbers.fitted(times, 6), 6, "right")
    return f"{number}{_GAP}{drawn} {many}{_GAP}{pad(p_text(main.adjusted), 10)}"


def p_text(value: float) -> str:
    """Write a p-value: never as zero.

    Example:
        >>> p_text(0.0312), p_text(1e-30)
        ('0.031', '<0.0001')
    """
    if math.isnan(value):
        return numbers.DASH
    return "<0.0001" if value < 1e-4 else numbers.number(value, 2)


def _schema(schema: SchemaChanges) -> list[str]:
    lines = [f"added: {', '.join(map(name_of, schema.added))}"] if schema.added else []
    if schema.removed:
        lines.append(f"removed: {', '.join(map(name_of, schema.removed))}")
    lines += [
        f"type changed: {name_of(name)}, {clean(was)} → {clean(now)}" for name, was, now in schema.retyped
    ]
    return ["", *lines] if lines else []


def _changed(changes: Sequence[CorrelationDrift], room: int, paint: Paint) -> list[str]:
    """Write a line for each pair whose correlation has changed."""
    drifted = [change for change in changes if change.verdict == "drift"]
    lines = []
    for change in drifted[:_PAIRS]:
        x, y = (cut(name_of(name), _NAME) for name in change.columns)
        moved = f"{change.reference:.2f} → {change.current:.2f}"
        lines.append(cut(f"{x} – {y}  {moved}  p {p_text(change.adjusted)}", room))
    if len(drifted) > _PAIRS:
        lines.append(paint(cut(f"… {len(drifted) - _PAIRS} more changed pairs", room), "dim"))
    return [paint(cut("correlations that changed", room), "dim"), *lines] if lines else []


def series_text(series: DriftSeries, *, cells: int | None = None, colour: bool = False) -> str:
    """Draw windows compared with those before them: a line each, the strangest first, and why.

    Args:
        series: The windows.
        cells: Width in terminal cells; the terminal's own when None.
        colour: Style the text with ANSI sequences.

    Returns:
        Lines joined by newlines, none longer than `cells`.
    """
    from tidegauge.display.terminal import terminal_width

    room, paint = cells or terminal_width(), Paint(on=colour)
    ranking = series.ranking()
    dataset = series.profiles.dataset
    name = phrases.UNNAMED if dataset is None else name_of(dataset)
    drifted = numbers.grouped(len(series.drifted))
    lines = [paint(cut(name, room), "bold")]
    lines += [cut(f"{drifted} of {phrases.counted(len(ranking), 'window')} drifted", room), ""]
    shown = ranking[:_WINDOWS]
    labels = [window_name(report) for report in shown]
    scores = [report.strangeness for report in shown]
    wide, most = max(map(width, labels), default=0), max(scores, default=0.0)
    for report, label, score in zip(shown, labels, scores, strict=True):
        drawn = pad(bar(score / most if most > 0 else 0.0, _BAR), _BAR)
        count = f"{len(report.drifted)} of {phrases.counted(len(report), 'column')}"
        line = f" {pad(label, wide)}{_GAP}{drawn} {pad(numbers.fitted(score, 6), 6, 'right')}{_GAP}{count}"
        lines.append(paint(SIGNS[report.verdict], _STYLES[report.verdict]) + cut(line, room - 1))
        if report.drifted:
            lines += [paint(f"  {part}", "dim") for part in wrap(clean(report.why), room - 2)]
    if len(ranking) > _WINDOWS:
        lines.append(paint(cut(f"… {phrases.counted(len(ranking) - _WINDOWS, 'more window')}", room), "dim"))
    return "\n".join(line.rstrip() for line in lines)


def window_name(report: DriftReport) -> str:
    """Name the window of a comparison."""
    from tidegauge.display.reading import heading_of

    heading = heading_of(report.current)
    return phrases.stretch(heading.start, heading.end) or "no time"


def segments_text(
    drift: SegmentDrift, *, cells: int | None = None, colour: bool = False, most: int = _SEGMENTS
) -> str:
    """Draw segments compared: a line each, the strangest first, with the column that changed most.

    Args:
        drift: The segments.
        cells: Width in terminal cells; the terminal's own when None.
        colour: Style the text with ANSI sequences.
        most: Segments drawn at most; a last line says how many more there are.

    Returns:
        Lines joined by newlines, none longer than `cells`.
    """
    from tidegauge.display.terminal import terminal_width

    room, paint = cells or terminal_width(), Paint(on=colour)
    title = phrases.UNNAMED if drift.dataset is None else name_of(drift.dataset)
    title += f" · segments by {', '.join(map(name_of, drift.by))}"
    sign = paint(SIGNS[drift.verdict], _STYLES[drift.verdict])
    lines = [paint(cut(title, room), "bold"), *_told(sign, drift.why, room)]
    ranking = drift.ranking()
    if ranking:
        lines += ["", *_segments_table(drift, ranking[:most], room, paint)]
    if len(ranking) > most:
        more = phrases.counted(len(ranking) - most, "more segment")
        lines.append(paint(cut(f"… {more}", room), "dim"))
    sign = paint(SIGNS[drift.mix.verdict], _STYLES[drift.mix.verdict])
    lines += ["", *_told(sign, f"shares of segments: {drift.mix.why}", room)]
    lines += [
        cut(f"{word}: {_listed(segments)}", room)
        for word, segments in (("appeared", drift.appeared), ("vanished", drift.vanished))
        if segments
    ]
    for note in drift.notes:
        lines += ["", *(paint(line, "dim") for line in wrap(clean(note), room))]
    return "\n".join(line.rstrip() for line in lines)


def _segments_table(
    drift: SegmentDrift, reports: Sequence[DriftReport], room: int, paint: Paint
) -> list[str]:
    """Draw a line a segment: sign, values, records, its column that matters most, effect and evidence."""
    named = ", ".join(map(name_of, drift.by))
    labels = [cut(segment_name(report), _NAME) for report in reports]
    strongest = [next(iter(report.values()), None) for report in reports]
    columns = [cut(name_of(column.name), _NAME) if column else numbers.DASH for column in strongest]
    counts = [numbers.grouped(report.current.records) for report in reports]
    wide = max(width(cut(named, _NAME)), *map(width, labels))
    column_width, count_width = max(6, *map(width, columns)), max(7, *map(width, counts))
    titles = (pad(cut(named, wide), wide), pad("records", count_width, "right"), pad("column", column_width))
    effects = (pad("effect", 7, "right"), pad("× what matters", _BAR + 7), pad("adjusted p", 10), "verdict")
    lines = [paint(cut(f"  {_GAP.join((*titles, *effects))}", room), "dim")]
    for report, label, count, name, column in zip(reports, labels, counts, columns, strongest, strict=True):
        effect = _effect(column)
        cells = (pad(label, wide), pad(count, count_width, "right"), pad(name, column_width), effect)
        line = f" {_GAP.join((*cells, report.verdict))}"
        lines.append(paint(SIGNS[report.verdict], _STYLES[report.verdict]) + cut(line, room - 1))
        if report.verdict == "drift" and column is not None:
            lines += [paint(f"    {part}", "dim") for part in wrap(clean(column.why), room - 4)]
    return lines


def _listed(segments: Sequence[Segment]) -> str:
    from tidegauge.display.reading import label_of

    told = [
        f"{label_of(segment.values)} ({phrases.counted(segment.records, 'record')}, "
        f"{numbers.share(segment.share, 1)})"
        for segment in segments[:_LISTED]
    ]
    more = f" and {numbers.grouped(len(segments) - _LISTED)} more" if len(segments) > _LISTED else ""
    return "; ".join(told) + more


def segment_name(report: DriftReport) -> str:
    """Name the segment of a comparison."""
    from tidegauge.display.reading import label_of

    return label_of(report.current.segment, is_other=report.current.is_other_segment)
