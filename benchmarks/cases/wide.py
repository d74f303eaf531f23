"""5,000 float columns of 10,000 rows beside narrow tables: what a column costs besides its values."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

import tidegauge as tg
from benchmarks import measure
from benchmarks.figure import Figure, Target


def run(*, quick: bool) -> list[Figure]:
    """Time per value of tables with as many values, alternating."""
    columns, rows = (500, 10_000) if quick else (5_000, 10_000)
    values = columns * rows
    wide, narrow = _table(columns, rows), _table(50, values // 50)
    tens = [_table(10, rows, seed) for seed in range(10)]
    fifties = [_table(50, rows, seed) for seed in range(10)]

    functions = {
        "wide": lambda: tg.log(wide),
        "narrow": lambda: tg.log(narrow),
        "fifties": lambda: [tg.log(fifties[turn % 10]) for turn in range(columns // 50)],
        "tens": lambda: [tg.log(tens[turn % 10]) for turn in range(columns // 10)],
    }
    spent = measure.alternate(functions, 3 if quick else 7)
    per_value = {name: [one / values for one in seconds] for name, seconds in spent.items()}
    target = Target("ratio", "at most", 1.3)
    what = f"{columns:,} columns x {rows:,} rows, per value"
    peers = {
        "fifties": f"50 x {rows:,} rows, {columns // 50} times",
        "tens": f"10 x {rows:,} rows, {columns // 10} times",
        "narrow": f"50 x {values // 50:,} rows",
    }
    return [
        Figure(what, "s", per_value["wide"], label, per_value[name], target, "ours / peer")
        for name, label in peers.items()
    ]


def _table(columns: int, rows: int, seed: int = 0) -> pa.Table:
    rng = np.random.default_rng([seed, columns, rows])
    return pa.table({f"column_{number:04d}": rng.normal(size=rows) for number in range(columns)})
