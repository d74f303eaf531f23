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
DAYS, DAY_ROWS = (90, 365), 500
SECONDS, SIZE = Target("ours", "at most", 0.5), Target("ours", "at most", 1.0)


def run(*, quick: bool) -> list[Figure]:
    """Draw each kind, each time from values that have drawn nothing yet."""
    rounds = 3 if quick else 11
    sides = [tg.log(pa.table(wide_data.columns(COLUMNS, ROWS, seed))).to_bytes() for seed in (0, 1, 2)]
    moved = tg.log(pa.table(_moved(wide_data.columns(COLUMNS, ROWS, 1)))).to_bytes()

    def compared(file: bytes) -> tg.DriftReport:
        return tg.compare(tg.Profile.from_bytes(file), tg.Profile.from_bytes(sides[0]))

    figures = _figures(f"profile, {COLUMNS} columns", lambda: tg.Profile.from_bytes(sides[0]), rounds)
    figures += _figures(f"comparison, {COLUMNS} columns, none drifts", lambda: compared(sides[1]), rounds)
    figures += _figures(f"comparison, {COLUMNS} columns, most drift", lambda: compared(moved), rounds)
    for count in (40,) if quick else DAYS:
        for kind, columns in (("numeric", _numbers), ("mixed", wide_data.columns)):
            file = _days(columns(COLUMNS, count * DAY_ROWS, 0)).to_bytes()
            what = f"set over time, {count} windows x {COLUMNS} {kind} columns"
            figures += _figures(what, lambda file=file: tg.ProfileSet.from_bytes(file), min(rounds, 5))
    return figures


def _figures(what: str, make: Callable[[], object], rounds: int) -> list[Figure]:
    seconds, page = [], ""
    tg.report(make()).html()
    for _ in range(rounds):
        value, pages = make(), []
        seconds.append(measure.timed(lambda value=value, pages=pages: pages.append(tg.report(value).html())))
        page = pages[0]
    size = len(page.encode()) / 1e6
    return [Figure(what, "s", seconds, target=SECONDS), Figure(what, "MB", [size], target=SIZE)]


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


def _numbers(count: int, rows: int, seed: int) -> dict[str, np.ndarray]:
    """Return columns that cost the most over time: every window of each differs."""
    rng = np.random.default_rng(seed)
    return {f"c{number:04}": rng.standard_normal(rows) for number in range(count)}


def _days(columns: dict[str, np.ndarray]) -> tg.ProfileSet:
    start = np.datetime64("2025-01-01", "us")
    step = np.timedelta64(86_400_000_000 // DAY_ROWS, "us")
    at = start + step * np.arange(len(next(iter(columns.values()))))
    return tg.log(pa.table({"at": at, **columns}), timestamp="at", window="1d")
