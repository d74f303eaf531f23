"""The profile of taxi(1M) as a file: size, write, read, merge; and a thousand such profiles merged."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import tidegauge as tg
from benchmarks import environments, measure, taxi
from benchmarks.figure import Figure, Target

if TYPE_CHECKING:
    import pyarrow as pa


def run(*, quick: bool) -> list[Figure]:
    """Measure single profiles, alternating; then merge many."""
    table = taxi.load(10 * taxi.MILLION if not quick else taxi.MILLION)
    million = table.slice(0, taxi.MILLION)
    profile, other = tg.log(million, dataset="taxi"), tg.log(million, dataset="taxi")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "profile.parquet"
        functions = {
            "write": lambda: profile.write(path),
            "read": lambda: tg.read(path),
            "merge": lambda: profile.merge(other),
        }
        spent = measure.alternate(functions, 20 if quick else 100)
        size = path.stat().st_size / 1000
    short = Target("ours", "at most", 5e-3)
    peer = _whylogs_size(quick=quick)
    figures = [
        Figure("file of the profile", "kB", [size], "whylogs", peer, Target("ours", "at most", 100.0)),
        *(Figure(f"{name} the profile", "s", seconds, target=short) for name, seconds in spent.items()),
    ]
    return [*figures, _thousand(table, 100 if quick else 1000)]


def _whylogs_size(*, quick: bool) -> list[float]:
    if quick:
        return []
    path = str(taxi.parquet_file(taxi.MILLION))
    sizes = measure.ask(environments.prepare("whylogs"), "whylogs_log.py", path)["bytes"]
    return [size / 1000 for size in sizes]


def _thousand(table: pa.Table, count: int) -> Figure:
    """Merge profiles of a million rows each, from slices that begin at random."""
    rng = np.random.default_rng(7)
    rows = min(taxi.MILLION, table.num_rows // 2)
    starts = rng.integers(0, table.num_rows - rows, count)
    parts = [tg.log(table.slice(int(start), rows), dataset="taxi") for start in starts]
    seconds = [measure.timed(lambda: tg.merge(parts)) for _ in range(5)]
    target = Target("ours", "at most", 1.5)
    return Figure(f"merge of {count:,} such profiles", "s", seconds, target=target)
