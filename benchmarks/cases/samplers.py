"""What samplers cost: `tg.log` of taxi(1M) with each kind, and `record`, beside the same without any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tidegauge as tg
from benchmarks import measure, taxi
from benchmarks.figure import Figure, Target
from tidegauge.samplers import Failing, Outliers, Rare, Reservoir, Sampler, Sampling, Stratified, Weighted

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLERS: dict[str, Sampler] = {
    "Reservoir(1000)": Reservoir(1000),
    "Outliers('fare', 1000)": Outliers("fare", 1000),
    "Failing('fare > 5', 1000)": Failing("fare > 5", 1000),
    "Stratified('city', 10)": Stratified("city", 10),
    "Weighted('fare', 1000)": Weighted("fare", 1000),
    "Rare('city', 1000)": Rare("city", 1000),
}
BOUNDS = {"Reservoir(1000)": 1.1, "Outliers('fare', 1000)": 1.25}
RECORDS = 20_000


def run(*, quick: bool) -> list[Figure]:
    """Time logging with and without each sampler, in turn."""
    table = taxi.load(taxi.MILLION)
    functions: dict[str, Callable[[], object]] = {"without": lambda: tg.log(table)}
    for name, sampler in SAMPLERS.items():
        functions[name] = lambda sampler=sampler: tg.log(table, samplers=Sampling({"kept": sampler}))
    seconds = measure.alternate(functions, 2 if quick else 9)
    records = table.slice(0, RECORDS).to_pylist()
    by_record = measure.alternate(
        {"with": lambda: _record(records, Reservoir(1000)), "without": lambda: _record(records, None)},
        2 if quick else 9,
    )
    figures = [
        Figure(
            f"taxi(1M), {name}",
            "s",
            seconds[name],
            "without a sampler",
            seconds["without"],
            Target("ratio", "at most", BOUNDS[name]) if name in BOUNDS else None,
            "ours / peer",
        )
        for name in SAMPLERS
    ]
    what = f"{RECORDS:,} calls of record, Reservoir(1000)"
    ours, theirs = by_record["with"], by_record["without"]
    return [*figures, Figure(what, "s", ours, "without a sampler", theirs, None, "ours / peer")]


def _record(records: list[dict[str, object]], sampler: Sampler | None) -> None:
    profiler = tg.Profiler(samplers=None if sampler is None else Sampling({"kept": sampler}))
    for record in records:
        profiler.record(record)
