"""`Profiler.record(dict)` with the ten fields of taxi, one thread, beside whylogs' `track(row=…)`."""

from __future__ import annotations

import time

import tidegauge as tg
from benchmarks import environments, measure, taxi
from benchmarks.figure import Better, Figure, Target

DISTINCT = 50_000
OURS: Better = "ours / peer"


def run(*, quick: bool) -> list[Figure]:
    """Measure the rate without a clock in the loop, then single calls with one."""
    table = taxi.load(taxi.MILLION)
    records = table.slice(0, DISTINCT).to_pylist()
    calls = 200_000 if quick else taxi.MILLION
    python, path = environments.prepare("whylogs"), str(taxi.parquet_file(taxi.MILLION))
    rates: list[float] = []
    track: dict[str, list[float]] = {}
    for _ in range(2 if quick else 5):
        answer = measure.ask(python, "whylogs_track.py", path, "2000" if quick else "10000")
        for name, values in answer.items():
            track.setdefault(name, []).extend(values)
        rates.append(_rate(records, calls))
    latency = [_latency(records, calls) for _ in range(2 if quick else 5)]
    return _figures(rates, latency, track)


def _figures(
    rates: list[float], latency: list[dict[str, float]], track: dict[str, list[float]]
) -> list[Figure]:
    peer, unit, better = "whylogs track(row)", "records/s", OURS
    floor, aim = Target("ratio", "at least", 60.0), Target("ours", "at least", 500_000.0, aim=True)
    figures = [
        Figure("records per second", unit, rates, peer, track["rate"], floor, better),
        Figure("records per second", unit, rates, target=aim),
    ]
    for name in ("p50", "p99", "p999", "max"):
        ours = [one[name] for one in latency]
        target = Target("ours", "at most", 50e-6) if name == "p999" else None
        figures.append(Figure(f"one call, {name}", "s", ours, peer, track[name], target))
    return figures


def _rate(records: list[dict[str, object]], calls: int) -> float:
    profiler = tg.Profiler()
    record = profiler.record
    rounds = calls // len(records)
    start = time.perf_counter()
    for _ in range(rounds):
        for one in records:
            record(one)
    profiler.profile()
    return rounds * len(records) / (time.perf_counter() - start)


def _latency(records: list[dict[str, object]], calls: int) -> dict[str, float]:
    profiler = tg.Profiler()
    record, clock = profiler.record, time.perf_counter_ns
    spent = []
    for _ in range(calls // len(records)):
        for one in records:
            start = clock()
            record(one)
            spent.append(clock() - start)
    spent.sort()
    shares = {"p50": 0.5, "p99": 0.99, "p999": 0.999}
    quantiles = {name: spent[int(len(spent) * share)] / 1e9 for name, share in shares.items()}
    return {**quantiles, "max": spent[-1] / 1e9}
