"""Drift over time: each window of a set against the windows before it."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any, overload

from tidegauge.drawn import Drawn
from tidegauge.drift.compare import compare_in_history
from tidegauge.drift.history import LEAST_WINDOWS, History
from tidegauge.drift.options import Options
from tidegauge.drift.plain import report_dict
from tidegauge.drift.result import DriftReport
from tidegauge.errors import ArgumentError
from tidegauge.profile import merge_profiles
from tidegauge.profile_set import ProfileSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tidegauge.drift.history import Season


class DriftSeries(Drawn, Sequence[DriftReport]):
    """The windows of a dataset, each judged by those before it, in order of time.

    Example:
        >>> import tidegauge as tg
        >>> rows = [{"day": f"2013-01-{day:02}", "x": x} for day in range(1, 31) for x in range(200)]
        >>> rows += [{"day": "2013-01-31", "x": x + 100} for x in range(200)]
        >>> series = tg.compare_windows(tg.log(rows, timestamp="day", window="1d"))
        >>> [str(report.current.window.start.date()) for report in series.ranking() if report.drifted]
        ['2013-01-31']
    """

    __slots__ = ("_reports", "profiles")

    def __init__(self, reports: Iterable[DriftReport], profiles: ProfileSet) -> None:
        self._reports = tuple(reports)
        self.profiles = profiles
        """The set that was compared, as it was given: also the first windows, which only serve as history,
        and the segments beside them."""

    @overload
    def __getitem__(self, index: int) -> DriftReport: ...
    @overload
    def __getitem__(self, index: slice) -> DriftSeries: ...
    def __getitem__(self, index: int | slice) -> DriftReport | DriftSeries:
        """Return one report by position, or part of the series."""
        if isinstance(index, slice):
            return DriftSeries(self._reports[index], self.profiles)
        return self._reports[index]

    def __len__(self) -> int:
        """Return how many windows were judged."""
        return len(self._reports)

    @property
    def drifted(self) -> tuple[DriftReport, ...]:
        """The windows that drift, in order of time."""
        return tuple(report for report in self if report.verdict == "drift")

    def ranking(self) -> list[DriftReport]:
        """List the windows, the strangest first; see `DriftReport.strangeness`."""

        def key(report: DriftReport) -> tuple[float, float]:
            return (report.strangeness, max((column.excess for column in report.values()), default=0.0))

        return sorted(self, key=key, reverse=True)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dicts and lists that ``json.dumps`` accepts."""
        return {"windows": [report_dict(report) for report in self]}

    def __repr__(self) -> str:
        """Draw it for a terminal."""
        from tidegauge.display.drift_text import series_text

        return series_text(self)


def compare_windows(
    profiles: ProfileSet,
    *,
    least_history: int = 14,
    columns: Iterable[str] | None = None,
    thresholds: float | Mapping[str, float] | None = None,
    false_discovery_rate: float = 0.05,
    season: Season = "auto",
) -> DriftSeries:
    """Judge each window of a profile set by the windows before it.

    It works as `tidegauge.compare` does with a history, for every window that has one: nothing is learnt from
    the window under judgement or from later ones.

    Args:
        profiles: Profiles of windows. In a set with segments, all records of each window are compared; for
            one segment, give ``profiles.select({…})``.
        least_history: How many of the first windows serve only as history; at least 8.
        columns: The columns to compare; None for all.
        thresholds: The smallest change that matters; see `tidegauge.compare`.
        false_discovery_rate: See `tidegauge.compare`; it holds for each window separately.
        season: How windows are matched; see `tidegauge.compare`.

    Returns:
        A sequence of reports in order of time, with a ranking.

    Raises:
        ArgumentError: It is not a set, the set has too few windows, or an argument is invalid.

    Example:
        >>> import tidegauge as tg
        >>> rows = [{"day": f"2013-01-{day:02}", "x": x} for day in range(1, 31) for x in range(200)]
        >>> days = tg.log(rows, timestamp="day", window="1d")
        >>> len(tg.compare_windows(days)), tg.compare_windows(days).drifted
        (16, ())
    """
    if not isinstance(profiles, ProfileSet):
        raise ArgumentError(
            f"compare_windows() needs a ProfileSet, not {type(profiles).__name__}; "
            'log with timestamp= and window=, such as window="1d"'
        )
    whole = profiles.totals()
    windows = [profile for profile in whole if profile.window is not None]
    least: object = least_history
    if not isinstance(least, Integral) or int(least) < LEAST_WINDOWS:
        raise ArgumentError(
            f"least_history is a whole number, {LEAST_WINDOWS} or more, not {least_history!r}"
        )
    if len(windows) <= least_history:
        raise ArgumentError(
            f"{len(windows)} windows are too few: the first {least_history} only serve as history; "
            "give more, or a smaller least_history="
        )
    options = Options.of(
        whole.columns,
        columns=columns,
        measures=None,
        thresholds=thresholds,
        false_discovery_rate=false_discovery_rate,
    )
    past = History(windows, season)
    reference = merge_profiles(windows[:least_history])
    reports = []
    for at in range(least_history, len(windows)):
        if at > least_history:
            reference = merge_profiles([reference, windows[at - 1]])
        reports.append(compare_in_history(past, at, reference, ProfileSet(windows[:at]), options))
    return DriftSeries(reports, profiles)
