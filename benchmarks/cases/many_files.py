"""10,000 profile files of 20 columns: read, filtered to a week, merged by day; beside DuckDB.

Twice: in the layout of writers, whose names tell what to open, and flat, with names that tell nothing.
DuckDB sums and takes extremes of plain fields by day and column; it merges no sketches, so it does a part of
the work.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

import tidegauge as tg
from benchmarks import measure
from benchmarks.figure import Figure, Target
from tidegauge.writers.writer import files_of

FILES = 10_000
RECORDS = 500  # in each window
FIRST = datetime(2026, 11, 1, tzinfo=UTC)
WINDOW = timedelta(minutes=5)
SINCE, UNTIL = FIRST + timedelta(days=7), FIRST + timedelta(days=14)


def run(*, quick: bool) -> list[Figure]:
    """Write the files once, then read them in turn."""
    files = FILES // 10 if quick else FILES
    every = WINDOW * (FILES // files)
    with tempfile.TemporaryDirectory() as folder:
        layout, flat = Path(folder) / "layout", Path(folder) / "flat"
        _write(layout, files, every)
        _flatten(layout, flat)
        asked = {
            "layout": lambda: _week_by_day(layout),
            "flat": lambda: _week_by_day(flat),
            "layout, DuckDB": lambda: _by_duckdb(layout),
            "flat, DuckDB": lambda: _by_duckdb(flat),
            "all": lambda: len(tg.readers.read(flat)),
        }
        seconds = measure.alternate(asked, 2 if quick else 5)
    target = Target("ours", "at most", 5.0)
    return [
        Figure(
            f"{files:,} files in the layout of writers: a week, merged by day",
            "s",
            seconds["layout"],
            "DuckDB, plain fields",
            seconds["layout, DuckDB"],
            target,
        ),
        Figure(
            f"{files:,} files of any names: a week, merged by day",
            "s",
            seconds["flat"],
            "DuckDB, plain fields",
            seconds["flat, DuckDB"],
            target,
        ),
        Figure(f"{files:,} files, all read", "s", seconds["all"]),
    ]


def _write(folder: Path, files: int, every: timedelta) -> None:
    rng = np.random.default_rng(3)
    cities = np.array(["Oslo", "Rome", "Paris", "Lima", "Quito"])
    for number in range(files):
        moment = np.datetime64((FIRST + number * every).replace(tzinfo=None), "us")
        columns: dict[str, object] = {"at": np.full(RECORDS, moment)}
        columns |= {f"number{i}": rng.lognormal(2, 1, RECORDS) for i in range(9)}
        columns |= {f"count{i}": rng.integers(0, 100, RECORDS) for i in range(5)}
        columns |= {f"text{i}": rng.choice(cities, RECORDS) for i in range(5)}
        profiles = tg.log(columns, "trips", timestamp="at", window="5m")
        # What is measured is reading: the files need not last a loss of power, as a writer sees to.
        for name, part in files_of(profiles, uuid.uuid4().hex):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write(path)


def _flatten(layout: Path, flat: Path) -> None:
    flat.mkdir()
    for number, path in enumerate(sorted(layout.rglob("*.parquet"))):
        shutil.copy(path, flat / f"{number:05}.parquet")


def _week_by_day(folder: Path) -> int:
    week = tg.readers.read(folder, dataset="trips", since=SINCE, until=UNTIL)
    days = week.rollup("1d")
    if len(days) != 7:
        raise AssertionError(f"{len(days)} days, expected 7")
    return days.records


def _by_duckdb(folder: Path) -> int:
    import duckdb

    query = f"""
        SELECT epoch_us(window_start) // 86400000000 AS day, "column",
            sum(records), sum(nulls), min(min), max(max),
            sum(n * mean) / sum(n)
        FROM read_parquet('{folder}/**/*.parquet')
        WHERE dataset = 'trips' AND window_start >= '{SINCE.isoformat()}'
            AND window_start < '{UNTIL.isoformat()}'
        GROUP BY ALL
    """
    rows = duckdb.connect().execute(query).fetchall()
    if len(rows) != 7 * 20:
        raise AssertionError(f"{len(rows)} rows, expected {7 * 20}")
    return len(rows)
