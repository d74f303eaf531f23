"""Reports as HTML: of a profile, a comparison and a set over time; seconds and size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

import tidegauge as tg
from benchmarks import measure, wide_data
from benchmarks.figure import Figure, Target

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNS, ROWS = 50, 20_000
DAYS, DAY_ROWS, DAY_COLUMNS = 365, 500, 20
SECONDS, SIZE = Target("ours", "at most", 0.5), Target("ours", "at most", 1.0)


def run(*, quick: bool) -> list[Figure]:
    """Draw each kind, each time from values that have drawn nothing yet."""
    rounds = 3 if quick else 11
    sides = [tg.log(pa.table(wide_data.columns(COLUMNS, ROWS, seed))).to_bytes() for seed in (0, 1, 2)]
    moved = tg.log(pa.table(_moved(wide_data.columns(COLUMNS, ROWS, 1)))).to_bytes()

    def compared(file: bytes) -> tg.DriftReport:
        return tg.compare(tg.Profile.from_bytes(file), tg.Profile.from_bytes(sides[0]))

    days = _days(40 if quick else DAYS)
    figures = _figures(f"profile, {COLUMNS} columns", lambda: tg.Profile.from_bytes(sides[0]), rounds)
    figures += _figures(f"comparison, {COLUMNS} columns, none drifts", lambda: compared(sides[1]), rounds)
    figures += _figures(f"comparison, {COLUMNS} columns, most drift", lambda: compared(moved), rounds)
    what = f"set over time, {len(days)} windows x {DAY_COLUMNS} columns"
    file = days.to_bytes()
    return figures + _figures(what, lambda: tg.ProfileSet.from_bytes(file), min(rounds, 5), promised=False)


def _figures(what: str, make: Callable[[], object], rounds: int, *, promised: bool = True) -> list[Figure]:
    seconds, page = [], ""
    tg.report(make()).html()
    for _ in range(rounds):
        value, pages = make(), []
        seconds.append(measure.timed(lambda value=value, pages=pages: pages.append(tg.report(value).html())))
        page = pages[0]
    targets = (SECONDS, SIZE) if promised else (None, None)
    size = len(page.encode()) / 1e6
    return [Figure(what, "s", seconds, target=targets[0]), Figure(what, "MB", [size], target=targets[1])]


def _moved(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Change most columns: numbers by half a deviation, every third text or boolean."""
    rng = np.random.default_rng(0)
    moved = {}
    for name, values in columns.items():
        number = values.dtype.kind in "if"
        moved[name] = (
            values + 0.5 * values.std()
            if number
            else np.where(rng.random(len(values)) < 1 / 3, values[0], values)
        )
    return moved


def _days(count: int) -> tg.ProfileSet:
    columns = wide_data.columns(DAY_COLUMNS, count * DAY_ROWS, 0)
    start = np.datetime64("2025-01-01", "us")
    step = np.timedelta64(86_400_000_000 // DAY_ROWS, "us")
    at = start + step * np.arange(count * DAY_ROWS)
    return tg.log(pa.table({"at": at, **columns}), timestamp="at", window="1d")
