"""`tg.log` of a batch of 100 rows and 10 columns, and memory over a million such calls."""

from __future__ import annotations

import polars as pl

import tidegauge as tg
from benchmarks import measure, taxi
from benchmarks.figure import Figure, Target

ROWS = 100
LIMITS = {"Arrow": 0.25e-3, "polars": 0.25e-3, "pandas": 1e-3}


def run(*, quick: bool) -> list[Figure]:
    """Time each kind of batch, alternating; then watch resident memory while logging on and on."""
    table = taxi.load(taxi.MILLION).slice(0, ROWS).combine_chunks()
    batches = {"Arrow": table, "polars": pl.DataFrame(table), "pandas": table.to_pandas()}
    seconds: dict[str, list[float]] = {name: [] for name in batches}
    for _ in range(3 if quick else 9):
        for name, batch in batches.items():
            tg.log(batch)
            seconds[name].append(measure.per_call(lambda data=batch: tg.log(data), 300))  # type: ignore[misc]
    figures = [
        Figure(
            f"100 rows x 10 columns from {name}", "s", spent, target=Target("ours", "at most", LIMITS[name])
        )
        for name, spent in seconds.items()
    ]
    return [*figures, _growth(batches, 20_000 if quick else 1_000_000)]


def _growth(batches: dict[str, object], calls: int) -> Figure:
    """Resident memory after the first tenth of the calls, and at the end: eight of ten from Arrow."""
    turns = [batches["Arrow"]] * 8 + [batches["polars"], batches["pandas"]]
    tenth = calls // 10
    start = 0.0
    for call in range(calls):
        if call == tenth:
            start = measure.resident_mb()
        tg.log(turns[call % 10])
    grown = measure.resident_mb() - start
    note = f"resident memory from call {tenth:,} to call {calls:,}; an allocator's noise is about 1 MB"
    target = Target("ours", "at most", 2.0)
    return Figure(f"growth over {calls:,} calls", "MB", [grown], target=target, note=note)
