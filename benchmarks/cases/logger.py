"""`Logger.record` with windows, 100 segments, a checkpoint; calls while writers are down; a day's memory."""

from __future__ import annotations

import gc
import tempfile
import time
from typing import TYPE_CHECKING

import numpy as np

import tidegauge as tg
from benchmarks import measure, taxi
from benchmarks.figure import Figure, Target

if TYPE_CHECKING:
    from collections.abc import Sequence

DISTINCT = 50_000
SEGMENTS = 100
DAY = 24 * 3600
WINDOW = 300
ROWS = 10_000


def run(*, quick: bool) -> list[Figure]:
    """Measure the rate without a clock in the loop, then single calls with one, then a simulated day."""
    records = taxi.load(taxi.MILLION).slice(0, DISTINCT).to_pylist()
    for record in records:
        record["city"] = f"city-{int(record['city'][5:]) % SEGMENTS:03d}"
    rounds, calls = (2, 500_000) if quick else (5, 2 * taxi.MILLION)
    rates = [_rate(records, calls) for _ in range(rounds)]
    plain = [_rate(records, calls, segments=[]) for _ in range(rounds)]
    latency = [_latency(records, calls) for _ in range(rounds)]
    hours = _day(2 if quick else 24)
    return [
        Figure(
            "records/s, windows of 5 s, 100 segments, checkpoint",
            "records/s",
            [rate[0] for rate in rates],
            target=Target("ours", "at least", 250_000.0),
        ),
        Figure(
            "records per second of processor time of the thread that logs",
            "records/s",
            [rate[1] for rate in rates],
            note="what the host pays; the rest is on other cores",
        ),
        Figure("records/s, the same without segments", "records/s", [rate[0] for rate in plain]),
        *(
            Figure(
                f"one call while windows close and writers are down, {name}",
                "s",
                [one[name] for one in latency],
                target=Target("ours", "at most", 100e-6) if name == "p999" else None,
            )
            for name in ("p50", "p99", "p999", "max")
        ),
        Figure("memory after the first hour of 5-minute windows, 100 segments, 20 columns", "MB", [hours[0]]),
        Figure(
            f"growth from then to hour {len(hours)}",
            "MB",
            [hours[-1] - hours[0]],
            target=Target("ours", "at most", 0.1 * hours[0]),
        ),
    ]


def _down(profiles: tg.ProfileSet, id: str) -> None:  # noqa: A002 - the word
    raise ConnectionError(f"nobody is there for {id}, {len(profiles)} profiles")


def _logger(folder: str, segments: Sequence[str], window: str) -> tg.Logger:
    return tg.Logger(
        "taxi", window=window, segments=segments or None, writers=[_down, lambda *_: None], checkpoint=folder
    )


def _rate(
    records: list[dict[str, object]], calls: int, segments: Sequence[str] = ("city",)
) -> tuple[float, float]:
    """Records per second, and per second of processor time of this thread."""
    with tempfile.TemporaryDirectory() as folder:
        logger = _logger(folder, segments, "5s")
        record = logger.record
        rounds = calls // len(records)
        start, spent = time.perf_counter(), time.thread_time()
        for _ in range(rounds):
            for one in records:
                record(one)
        seconds, spent = time.perf_counter() - start, time.thread_time() - spent
        logger.close()
    count = rounds * len(records)
    return count / seconds, count / spent


def _latency(records: list[dict[str, object]], calls: int) -> dict[str, float]:
    """Single calls, with windows of a second, so that many close meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        logger = _logger(folder, ["city"], "1s")
        record, clock = logger.record, time.perf_counter_ns
        spent = []
        for _ in range(calls // len(records)):
            for one in records:
                start = clock()
                record(one)
                spent.append(clock() - start)
        logger.close()
    spent.sort()
    shares = {"p50": 0.5, "p99": 0.99, "p999": 0.999}
    quantiles = {name: spent[int(len(spent) * share)] / 1e9 for name, share in shares.items()}
    return {**quantiles, "max": spent[-1] / 1e9}


def _day(hours: int) -> list[float]:
    """Resident memory after each simulated hour, in MB."""
    now = float(taxi.START_US // 1_000_000 // DAY * DAY)
    rng = np.random.default_rng(0)
    resident = []
    with tempfile.TemporaryDirectory() as folder:
        logger = tg.Logger(
            "day",
            window=f"{WINDOW}s",
            segments=["segment"],
            writers=lambda *_: None,
            checkpoint=folder,
            checkpoint_seconds=0.2,
            clock=lambda: now,
        )
        for step in range(hours * 3600 // WINDOW):
            now += WINDOW
            logger.log(_batch(rng))
            logger.flush(60.0)
            if (step + 1) % (3600 // WINDOW) == 0:
                gc.collect()
                resident.append(measure.resident_mb())
        logger.close()
    return resident


def _batch(rng: np.random.Generator) -> dict[str, object]:
    numbers = {f"number {at}": rng.normal(size=ROWS) for at in range(10)}
    wholes = {f"whole {at}": rng.integers(0, 1000 ** (at + 1), ROWS) for at in range(5)}
    texts = {
        f"text {at}": [f"t{value}" for value in rng.integers(0, 10 ** (at + 1), ROWS)] for at in range(4)
    }
    segment = [f"s{value}" for value in rng.integers(0, SEGMENTS, ROWS)]
    return {**numbers, **wholes, **texts, "segment": segment}
