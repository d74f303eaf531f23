"""`tidegauge profile FILE.parquet` beside DuckDB's SUMMARIZE and pyarrow's mere decoding: whole processes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import measure
from benchmarks.figure import Figure, Target

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = measure.HERE / ".data"
PEERS = measure.HERE / "peers"


def run(*, quick: bool) -> list[Figure]:
    """Alternate the three commands on the file of ten million rows; then 40 million, for memory."""
    rows = 1 if quick else 10
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder) / "profile.parquet")
        timed = _alternate(_file(rows), output, 1 if quick else 5)
        figures = _figures(f"{rows}M rows", timed)
        if not quick:
            large = [measure.process(_ours(_file(40), output)) for _ in range(2)]
            figures += _large(large)
    return figures


def _file(millions: int) -> str:
    """The data file, made by another process: this one must stay small (see `measure.process`)."""
    path = DATA / f"taxi-{millions}M.parquet"
    if not path.exists():
        subprocess.run([sys.executable, str(measure.HERE / "taxi.py"), f"{millions}M"], check=True)
    return str(path)


def _ours(path: str, output: str) -> list[str]:
    return [sys.executable, "-m", "tidegauge", "profile", path, "-o", output]


def _alternate(path: str, output: str, rounds: int) -> dict[str, list[measure.Process]]:
    commands: dict[str, Callable[[], measure.Process]] = {
        "tidegauge": lambda: measure.process(_ours(path, output)),
        "duckdb": lambda: measure.process([sys.executable, str(PEERS / "duckdb_summarize.py"), path]),
        "pyarrow": lambda: measure.process([sys.executable, str(PEERS / "pyarrow_decode.py"), path]),
    }
    # Into the page cache, for all alike; by another process, since this one must stay small.
    subprocess.run(["cat", path], stdout=subprocess.DEVNULL, check=True)
    results: dict[str, list[measure.Process]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            results[name].append(command())
    return results


def _figures(label: str, timed: dict[str, list[measure.Process]]) -> list[Figure]:
    seconds = {name: [one.seconds for one in runs] for name, runs in timed.items()}
    peaks = {name: [one.peak_mb for one in runs] for name, runs in timed.items()}
    us, decode = seconds["tidegauge"], seconds["pyarrow"]
    summarize = Target("ratio", "at least", 2.5)
    floor, aim = Target("ratio", "at most", 1.6), Target("ratio", "at most", 1.0, aim=True)
    least = Target("ours", "at most", 400.0)
    return [
        Figure(f"{label}, time", "s", us, "DuckDB SUMMARIZE", seconds["duckdb"], summarize),
        Figure(f"{label}, time", "s", us, "pyarrow decode", decode, floor, "ours / peer"),
        Figure(f"{label}, time", "s", us, "pyarrow decode", decode, aim, "ours / peer"),
        Figure(f"{label}, peak memory", "MB", peaks["tidegauge"], "DuckDB", peaks["duckdb"], least),
        Figure(f"{label}, peak memory", "MB", peaks["tidegauge"], "pyarrow decode", peaks["pyarrow"], least),
    ]


def _large(runs: list[measure.Process]) -> list[Figure]:
    return [
        Figure("40M rows, time", "s", [one.seconds for one in runs]),
        Figure(
            "40M rows, peak memory",
            "MB",
            [one.peak_mb for one in runs],
            target=Target("ours", "at most", 400.0),
        ),
    ]
