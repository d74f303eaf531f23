"""What a suite does with windows: which it flags, and which faults it catches."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

import tidegauge as tg
from benchmarks.suggest.hindsight import Hindsight
from benchmarks.suggest.spoiling import spoil

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tidegauge.constraints import Suite

SHARE_LEARNT = 0.6


@dataclass
class Verdicts:
    """What a suite did.

    Attributes:
        judged: Later windows without a fault.
        flagged: Those that did not pass, with the first reason.
        tried: By kind of fault, windows times columns (or values).
        caught: Those in which a constraint failed that holds without the fault.
        missed: By kind and column, how many were missed.
        visible: By kind, those that bounds drawn in hindsight on the raw data see.
        unseen: By kind, those that even they do not see, and the suite does not catch either.
    """

    judged: int = 0
    flagged: dict[datetime, str] = field(default_factory=dict)
    tried: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    missed: dict[tuple[str, str | None], int] = field(default_factory=lambda: defaultdict(int))
    visible: Counter[str] = field(default_factory=Counter)
    unseen: Counter[str] = field(default_factory=Counter)

    def recall(self, kind: str | None = None) -> float:
        """The share caught: of one kind, or of all."""
        kinds = [kind] if kind else list(self.tried)
        return sum(self.caught[one] for one in kinds) / sum(self.tried[one] for one in kinds)

    def possible(self, kind: str) -> float:
        """The share that is seen in hindsight."""
        return self.visible[kind] / self.tried[kind]

    def recall_of_possible(self, kind: str) -> float:
        """The share caught of what can be seen, by the suite or in hindsight; 1 when nothing can be."""
        possible = self.tried[kind] - self.unseen[kind]
        return self.caught[kind] / possible if possible else 1.0


def windows_of(frame: pd.DataFrame, timestamp: str, window: str) -> pd.Series:
    """The start of each row's window, as `tg.log` cuts it: days, or weeks from Monday."""
    times = frame[timestamp].dt.floor("D")
    return times - pd.to_timedelta(times.dt.weekday, unit="D") if window == "1w" else times


def split(windows: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Masks of the rows of the first windows and of the rest."""
    starts = sorted(windows.unique())
    cut = starts[int(SHARE_LEARNT * len(starts))]
    return windows < cut, windows >= cut


def judge(
    suite: Suite,
    history: pd.DataFrame,
    later: pd.DataFrame,
    *,
    timestamp: str,
    window: str,
    most: int = 60,
) -> Verdicts:
    """Check the later windows, as they are and with each fault.

    Args:
        suite: The suite.
        history: The data that it was made from.
        later: The data after.
        timestamp: The column that tells the time.
        window: The length of a window.
        most: Into how many of the later windows, spread over all of them, faults are put; 0 for none.
    """
    verdicts = Verdicts()
    fine = _failures(suite, later, timestamp, window)
    verdicts.judged = len(fine)
    for start, results in fine.items():
        if results:
            verdicts.flagged[start] = next(iter(results.values()))
    if not most:
        return verdicts
    whole, own = later, windows_of(later, timestamp, window)
    starts = sorted(own.unique())
    if len(starts) > most:
        chosen = {starts[int(index * len(starts) / most)] for index in range(most)}
        later, own = later[own.isin(chosen)], own[own.isin(chosen)]
    past = windows_of(history, timestamp, window)
    clean = pd.concat([history, whole], ignore_index=True)
    hindsight = Hindsight(clean, windows_of(clean, timestamp, window))
    for spoilt in spoil(later, history, own, past, timestamp):
        found = _failures(suite, spoilt.frame, timestamp, window, only="failed")
        visible = hindsight.sees(spoilt, windows_of(spoilt.frame, timestamp, window))
        for start in spoilt.windows:
            verdicts.tried[spoilt.kind] += 1
            day = pd.Timestamp(start).tz_localize("UTC").to_pydatetime()
            new = found[day].keys() - fine[day].keys()
            verdicts.caught[spoilt.kind] += bool(new)
            verdicts.missed[spoilt.kind, spoilt.column] += not new
            verdicts.visible[spoilt.kind] += start in visible
            verdicts.unseen[spoilt.kind] += not new and start not in visible
    return verdicts


def _failures(
    suite: Suite, frame: pd.DataFrame, timestamp: str, window: str, only: str | None = None
) -> dict[datetime, dict[int, str]]:
    """By window, the positions of the constraints that did not pass, and why."""
    profiles: Sequence[tg.Profile] = tg.log(frame, timestamp=timestamp, window=window)
    found: dict[datetime, dict[int, str]] = defaultdict(dict)
    for profile, result in zip(profiles, suite.check_windows(profiles), strict=True):
        found[profile.window.start] |= {
            index: each.why
            for index, each in enumerate(result.results)
            if (each.outcome == only if only else each.outcome != "passed")
        }
    return found
