"""Correlation of 50 numeric columns: what it adds to the profile without it, and its error beside NumPy."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import tidegauge as tg
from benchmarks import measure, taxi
from benchmarks.figure import Figure, Target

COLUMNS = 50
WITHOUT = tg.Schema(correlation=False)
AT_MOST_TWICE = Target("ratio", "at most", 2.0)


def run(*, quick: bool) -> list[Figure]:
    """Time profiles with and without correlation, alternating; compare the numbers with NumPy's."""
    rows = taxi.MILLION // 10 if quick else taxi.MILLION
    values = data(rows)
    rounds = 3 if quick else 9
    figures = [
        _ratio(f"{COLUMNS} columns x {rows:,} rows", table(values), rounds, target=AT_MOST_TWICE),
        _ratio("the same, one value of twenty null", table(values, nulls=0.05), rounds),
        _ratio("taxi(1M), 10 columns", taxi.load(taxi.MILLION), rounds),
        _small(200 if quick else 2_000),
        _file(values, rounds),
    ]
    return figures + [_error(label, values + centre) for label, centre in CENTRES.items()]


CENTRES = {"error beside NumPy": 0.0, "error beside NumPy, 1e9 + noise": 1e9}


def data(rows: int) -> np.ndarray:
    """Columns that go together in groups, as those of real tables do."""
    rng = np.random.default_rng(rows)
    common = rng.normal(size=(5, rows))
    return np.stack([common[n % 5] * (n / COLUMNS) + rng.normal(size=rows) for n in range(COLUMNS)])


def table(values: np.ndarray, nulls: float = 0.0) -> pa.Table:
    """Make an Arrow table of rows that are its columns."""
    rng = np.random.default_rng(1)
    masks = [rng.random(len(column)) < nulls if nulls else None for column in values]
    arrays = [pa.array(column, mask=mask) for column, mask in zip(values, masks, strict=True)]
    return pa.table({f"c{number:02}": array for number, array in enumerate(arrays)})


def _ratio(what: str, rows: pa.Table, rounds: int, target: Target | None = None) -> Figure:
    functions = {"with": lambda: tg.log(rows), "without": lambda: tg.log(rows, schema=WITHOUT)}
    spent = measure.alternate(functions, rounds)
    return Figure(what, "s", spent["with"], "without correlation", spent["without"], target, "ours / peer")


def _small(calls: int) -> Figure:
    """Small batches, call by call in turn."""
    batch = taxi.load(taxi.MILLION).slice(0, 100).combine_chunks()
    with_, without = [], []
    for _ in range(5):
        with_.append(measure.per_call(lambda: tg.log(batch), calls))
        without.append(measure.per_call(lambda: tg.log(batch, schema=WITHOUT), calls))
    return Figure("100 rows x 10 columns", "s", with_, "without correlation", without, None, "ours / peer")


def _file(values: np.ndarray, rounds: int) -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "wide.parquet")
        pq.write_table(table(values), path)
        functions = {"with": lambda: tg.log(path), "without": lambda: tg.log(path, schema=WITHOUT)}
        spent = measure.alternate(functions, rounds)
    what = f"Parquet file of {COLUMNS} columns"
    return Figure(what, "s", spent["with"], "without correlation", spent["without"], None, "ours / peer")


def _error(what: str, values: np.ndarray) -> Figure:
    parts = [table(part) for part in np.array_split(values, 16, axis=1)]
    whole = np.array(tg.log(table(values)).correlation().matrix)
    merged = np.array(tg.merge([tg.log(part) for part in parts]).correlation().matrix)
    true = np.corrcoef(values)
    worst = float(max(np.abs(whole - true).max(), np.abs(merged - true).max()))
    note = "greatest difference of a correlation, in one pass and merged from 16 parts"
    return Figure(what, "", [worst], target=Target("ours", "at most", 1e-9), note=note)
