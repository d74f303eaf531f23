"""Suggested suites: false alarms on simulated and real windows, faults caught, beside Evidently's presets."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from statistics import stdev
from typing import TYPE_CHECKING

import numpy as np

import tidegauge as tg
from benchmarks import environments
from benchmarks.figure import Figure, Target
from benchmarks.suggest.judging import judge, split, windows_of
from benchmarks.suggest.sets import REAL_SETS
from benchmarks.suggest.spoiling import KINDS
from benchmarks.suggest.worlds import TIMESTAMP, WORLDS
from tidegauge.constraints import suggest

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from benchmarks.suggest.judging import Verdicts
    from benchmarks.suggest.sets import RealSet

HERE = Path(__file__).resolve().parent
PROMISE = 1.0
LATER = 50
SEED = 20_261_128
FLIGHTS_STORM = 0.05
PEER = "Evidently, summary preset, ±10 %"
WINDOW = "window of the row"


def run(*, quick: bool) -> list[Figure]:
    """Simulated worlds, then the real sets."""
    histories = 4 if quick else 30
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        figures = list(pool.map(simulated, range(len(WORLDS)), repeat(histories)))
    held = [figure.ours[0] for figure, world in zip(figures, WORLDS, strict=True) if world.promised]
    windows = len(held) * histories * LATER
    note = f"{windows:,} windows in {len(held)} worlds that the promise is held to"
    figures.append(
        Figure("simulated, all worlds", "%", [float(np.mean(held))], target=_most(PROMISE), note=note)
    )
    for one in REAL_SETS:
        figures += real(one, quick=quick)
    return figures


def simulated(number: int, histories: int) -> Figure:
    """The share of windows without a fault that fail, over many histories of one world."""
    world = WORLDS[number]
    shares = []
    for trial in range(histories):
        frame = world.make(np.random.default_rng([SEED, number, trial]), world.history + LATER)
        cut = np.datetime64("2024-01-01") + np.timedelta64(world.history, "D")
        past, later = frame[frame[TIMESTAMP] < cut], frame[frame[TIMESTAMP] >= cut]
        suite = suggest(tg.log(past, timestamp=TIMESTAMP, window="1d")).suite
        results = suite.check_windows(tg.log(later, timestamp=TIMESTAMP, window="1d"))
        shares.append(100.0 * sum(result.outcome != "passed" for result in results) / len(results))
    error = stdev(shares) / histories**0.5
    note = f"standard error {error:.2f}; {histories} histories x {LATER} windows"
    if not world.promised:
        note += "; no history of this length can foretell it: for information"
    target = _most(PROMISE) if world.promised else None
    return Figure(f"simulated: {world.name}", "%", [float(np.mean(shares))], target=target, note=note)


def real(one: RealSet, *, quick: bool) -> list[Figure]:
    """Later windows of a real set as they are, and with faults."""
    frame = one.load()
    windows = windows_of(frame, one.timestamp, one.window)
    first, rest = split(windows)
    past, later = frame[first], frame[rest]
    found = suggest(tg.log(past, timestamp=one.timestamp, window=one.window))
    verdicts = judge(
        found.suite, past, later, timestamp=one.timestamp, window=one.window, most=12 if quick else 60
    )
    return [
        _flagged(one, verdicts, frame.assign(**{WINDOW: windows}), (first, rest)),
        *_caught(one, verdicts),
    ]


def _flagged(
    one: RealSet, verdicts: Verdicts, frame: pd.DataFrame, parts: tuple[pd.Series, pd.Series]
) -> Figure:
    storms = _storms(one, frame[parts[1]])
    ordinary = verdicts.judged - len(storms)
    wrong = [day for day in verdicts.flagged if day.date() not in storms]
    whole, single, tests = _peer(frame[parts[0]], frame[parts[1]])
    days = "; ".join(f"{day:%Y-%m-%d}: {why}" for day, why in verdicts.flagged.items()) or "none"
    aside = f"{len(storms)} storm days aside (5 % or more cancelled); " if storms else ""
    return Figure(
        f"{one.name}: later windows flagged",
        "%",
        [100.0 * len(wrong) / ordinary],
        peer=PEER,
        theirs=[single] if wrong else (),
        target=_most(5.0),
        note=(
            f"{one.source}; {aside}{len(wrong)} of {ordinary} flagged; all flagged: {days}. "
            f"{PEER} ({tests} tests): {single:.0f} % with the history's last window as reference, "
            f"{whole:.0f} % with all of it"
        ),
    )


def _storms(one: RealSet, later: pd.DataFrame) -> set[dt.date]:
    """Days on which one flight in twenty or more was cancelled: events that should be told."""
    if one.name != "flights":
        return set()
    cancelled = later["dep_time"].isna().groupby(later[WINDOW]).mean()
    return {day.date() for day in cancelled.index[cancelled >= FLIGHTS_STORM]}


def _caught(one: RealSet, verdicts: Verdicts) -> list[Figure]:
    kinds = list(verdicts.tried)
    possible = float(np.mean([verdicts.possible(kind) for kind in kinds]))
    of_these = float(np.mean([verdicts.recall_of_possible(kind) for kind in kinds]))
    figures = [
        Figure(
            f"{one.name}: faults caught, all kinds alike",
            "%",
            [100.0 * float(np.mean([verdicts.recall(kind) for kind in kinds]))],
            target=Target("ours", "at least", 95.0),
            note=(
                f"mean of the kinds below; in hindsight, with the raw data, {100.0 * possible:.1f} % can be "
                f"seen; of what either sees, {100.0 * of_these:.1f} % is caught"
            ),
        )
    ]
    for kind, words in KINDS.items():
        if not verdicts.tried[kind]:
            continue
        missed = {column: count for (of, column), count in verdicts.missed.items() if of == kind and count}
        worst = sorted(missed.items(), key=lambda item: -item[1])[:6]
        names = ", ".join(f"{column} {count}" for column, count in worst) or "none"
        figures.append(
            Figure(
                f"{one.name}: {words}",
                "%",
                [100.0 * verdicts.recall(kind)],
                target=Target("ours", "at least", 95.0),
                note=(
                    f"of {verdicts.tried[kind]:,}; in hindsight {100.0 * verdicts.possible(kind):.1f} %; "
                    f"missed: {names}"
                ),
            )
        )
    return figures


def _peer(past: pd.DataFrame, later: pd.DataFrame) -> tuple[float, float, int]:
    """Share of later windows in which a test of the peer's fails, by its two references; and its tests."""
    python = environments.prepare("evidently")
    starts = sorted(later[WINDOW].unique())
    chosen = starts[:: max(len(starts) // 20, 1)]
    some = later[later[WINDOW].isin(chosen)]
    shares, tests = [], 0
    for reference in (past, past[past[WINDOW] == past[WINDOW].max()]):
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / name for name in ("history.parquet", "later.parquet")]
            reference.convert_dtypes(dtype_backend="numpy_nullable").to_parquet(paths[0])
            some.convert_dtypes(dtype_backend="numpy_nullable").to_parquet(paths[1])
            script = HERE.parent / "peers" / "evidently_suite.py"
            command = [str(python), str(script), *map(str, paths), WINDOW]
            output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        answer = json.loads(output.splitlines()[-1])
        shares.append(100.0 * float(np.mean([window["failed"] > 0 for window in answer])))
        tests = answer[0]["tests"]
    return shares[0], shares[1], tests


def _most(bound: float) -> Target:
    return Target("ours", "at most", bound)
