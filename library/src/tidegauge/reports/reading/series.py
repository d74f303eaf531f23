"""From windows compared with those before them to the facts of their report."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from tidegauge.display import phrases
from tidegauge.display.cells import name_of
from tidegauge.display.reading import microseconds
from tidegauge.reports.facts.history import Strange
from tidegauge.reports.reading.history import read_history

if TYPE_CHECKING:
    from tidegauge.drift.result import DriftReport
    from tidegauge.drift.series import DriftSeries
    from tidegauge.reports.facts.history import HistoryFacts, Steps


def read_series(series: DriftSeries) -> HistoryFacts:
    """Read all that the report of compared windows shows: their profiles over time, and the ranking.

    Args:
        series: The windows compared.

    Raises:
        ArgumentError: The set holds several segments or datasets.
    """
    facts = read_history(series.profiles)
    ranking = tuple(_read(report, facts.steps) for report in series.ranking())
    return replace(facts, ranking=ranking, judged=True)


def _read(report: DriftReport, steps: Steps) -> Strange:
    start, end = (microseconds(each) for each in report.current.window or (None, None))
    step = None
    if start is not None and len(steps) and steps.times[0] <= start < steps.times[-1]:
        step = bisect_right(steps.times, start) - 1
    drifted = sorted(
        ((name, report.columns[name].excess) for name in report.drifted), key=lambda pair: -pair[1]
    )
    return Strange(
        start,
        end,
        phrases.stretch(start, end) or "no time",
        report.verdict,
        report.why,
        tuple(drifted),
        len(report.columns),
        report.current.records,
        sum(times for _, times in drifted),
        f"{name_of(drifted[0][0])}: {report.columns[drifted[0][0]].why}" if drifted else report.why,
        step,
    )
