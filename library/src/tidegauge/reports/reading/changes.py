"""From a comparison to the facts of its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.column import kernel_column
from tidegauge.display import numbers
from tidegauge.display.reading import heading_of, read_column
from tidegauge.drift.naming import measure_title
from tidegauge.reports.facts.changes import (
    DRIFT,
    MOST_CARDS,
    ChangesFacts,
    ColumnChange,
    EffectFacts,
    FindingFacts,
    MoverFacts,
    Overlay,
)
from tidegauge.reports.reading.correlation import read_correlation_change
from tidegauge.reports.reading.shapes import (
    common_edges,
    cuts_of,
    kernel_lengths,
    kernel_numbers,
    shares_between,
)

if TYPE_CHECKING:
    from tidegauge._kernel import KernelNumbers
    from tidegauge.column import ColumnProfile
    from tidegauge.display.facts import Column
    from tidegauge.drift.result import ColumnDrift, DriftReport, Finding

_BINS = 40
_POINTS = 120
_MOST_VALUES = 10


def read_changes(report: DriftReport) -> ChangesFacts:
    """Read all that the report of a comparison shows; the columns that drift in full.

    Args:
        report: The comparison.

    Example:
        >>> import tidegauge as tg
        >>> before, after = tg.log({"fare": range(1000)}), tg.log({"fare": range(500, 1500)})
        >>> read_changes(tg.compare(after, before)).columns[0].overlay.widest > 0
        True
    """
    columns = [report.columns[name] for name in report]
    drifted = sum(1 for column in columns if column.verdict == DRIFT)
    schema = report.schema
    return ChangesFacts(
        heading_of(report.current),
        heading_of(report.reference),
        None if report.history is None else len(report.history),
        report.verdict,
        report.why,
        tuple(
            read_change(column, full=place < min(drifted, MOST_CARDS)) for place, column in enumerate(columns)
        ),
        tuple((name, report.current[name].type) for name in schema.added),
        tuple((name, report.reference[name].type) for name in schema.removed),
        tuple((name, was, now) for name, was, now in schema.retyped),
        tuple(map(read_correlation_change, report.correlations)),
    )


def read_change(column: ColumnDrift, *, full: bool = True) -> ColumnChange:
    """Read one column that was compared.

    Args:
        column: The column.
        full: Whether also what a card needs: both distributions, both sides' values.
    """
    findings = tuple(read_finding(one) for one in column.findings)
    if not full:
        return ColumnChange(column.name, column.kind, column.verdict, column.why, findings)
    now, was = read_column(column.current), read_column(column.reference)
    return ColumnChange(
        column.name,
        column.kind,
        column.verdict,
        column.why,
        findings,
        now,
        was,
        overlay_of(column.current, column.reference),
        _values(column, now, was),
        tuple(EffectFacts(measure_title(e.measure), e.value, e.low, e.high) for e in column.effects),
    )


def read_finding(one: Finding) -> FindingFacts:
    """Read one finding, its measure named in words."""
    effect, background = one.effect, one.background
    history = ""
    if background is not None:
        season = " of the same season" if background.seasonal else ""
        history = (
            f"Learnt from {background.windows:,} windows{season}, "
            f"which lie {numbers.number(background.typical, 2)} apart"
        )
    return FindingFacts(
        one.aspect,
        one.test,
        one.p_value,
        one.adjusted,
        measure_title(effect.measure),
        effect.value,
        effect.low,
        effect.high,
        effect.matters,
        one.detectable,
        one.verdict,
        history,
    )


def overlay_of(now: ColumnProfile, was: ColumnProfile) -> Overlay | None:
    """Lay two columns' numbers, or the lengths of their values, over one axis; None when there are none."""
    here, there = kernel_numbers(now), kernel_numbers(was)
    of_lengths = False
    if here is None and there is None:
        if (items := kernel_column(now).frequent_items) is not None and items.exact:
            return None
        here, there, of_lengths = kernel_lengths(now), kernel_lengths(was), True
    if here is None or there is None or here.kind != there.kind:
        return None
    whole = of_lengths or (now.type == "integer" and was.type == "integer")
    found = common_edges([here, there], _BINS, whole=whole)
    if found is None:
        return None
    edges, _ = found
    cuts = cuts_of(edges)
    shares = [shares_between(side, cuts) for side in (here, there)]
    points = _points(here, there, edges)
    gaps = tuple(a - b for a, b in zip(here.rank(points), there.rank(points), strict=True))
    return Overlay(
        here.kind,
        edges,
        tuple(shares[0]),
        tuple(shares[1]),
        points,
        gaps,
        of_lengths=of_lengths,
        outside_now=max(0.0, 1.0 - sum(shares[0])),
        outside_was=max(0.0, 1.0 - sum(shares[1])),
    )


def _points(here: KernelNumbers, there: KernelNumbers, edges: tuple[float, ...]) -> tuple[float, ...]:
    """Choose where to compare the distribution functions: evenly by value and by rank of either side."""
    low, high = edges[0], edges[-1]
    ranks = [place / 48 for place in range(1, 48)]
    even = [low * (1 - place / _POINTS) + high * (place / _POINTS) for place in range(_POINTS + 1)]
    found = {*even, *here.quantile(ranks), *there.quantile(ranks)}
    return tuple(sorted(point for point in found if low <= point <= high))


def _values(column: ColumnDrift, now: Column, was: Column) -> tuple[MoverFacts, ...]:
    """List the values that moved most, then the most frequent, with their shares on both sides."""
    if kernel_numbers(column.current) is not None and kernel_numbers(column.reference) is not None:
        return ()
    found = {
        str(mover.value): MoverFacts(str(mover.value), mover.current, mover.reference)
        for mover in column.movers[:_MOST_VALUES]
    }
    sides = [_shares(side) for side in (now, was)]
    frequent = sorted(
        {*sides[0], *sides[1]}, key=lambda text: -max(sides[0].get(text, 0.0), sides[1].get(text, 0.0))
    )
    for text in frequent:
        if len(found) < _MOST_VALUES and text not in found:
            found[text] = MoverFacts(text, sides[0].get(text, 0.0), sides[1].get(text, 0.0))
    shown = sorted(found.values(), key=lambda one: -max(one.now, one.was))
    return tuple(one for one in shown if max(one.now, one.was) > 0)


def _shares(column: Column) -> dict[str, float]:
    return {item.text: item.count / column.present for item in column.items if item.high > 1}
