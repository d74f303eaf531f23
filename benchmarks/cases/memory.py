"""Peak memory of `tg.log` of an Arrow table, above what the table itself takes."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks import measure
from benchmarks.figure import Figure, Target

MILLION = 1_000_000


def run(*, quick: bool) -> list[Figure]:
    """Measure fresh processes: each loads the table, resets its high-water mark, then logs."""
    figures = []
    for label, rows in (("1M", MILLION), ("10M", 10 * MILLION)):
        if quick and rows > MILLION:
            continue
        above, idle = [], []
        for _ in range(1 if quick else 3):
            above.append(_growth(rows, "log"))
            idle.append(_growth(rows, "load"))
        ours = [max(log - load, 0.0) for log, load in zip(above, idle, strict=True)]
        target = Target("ours", "at most", 64.0)
        figures.append(Figure(f"{label} rows, peak above the table", "MB", ours, target=target))
    return figures


def _growth(rows: int, action: str) -> float:
    answer = measure.ask(Path(sys.executable), "load_and_log.py", str(rows), action)
    return answer["peak"][0] - answer["before"][0]
