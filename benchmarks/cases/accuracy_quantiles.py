"""Rank errors of quantiles against the bound that the profile states, over trials and a grid of ranks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

import tidegauge as tg
from benchmarks.figure import Figure, Target

RANKS = np.arange(0.01, 1.0, 0.01)
SCHEMA = tg.Schema(default_metrics=["quantiles"])

Order = Callable[[np.random.Generator, int], np.ndarray]


def shuffled(rng: np.random.Generator, count: int) -> np.ndarray:
    """The values 0 … count - 1 in random order."""
    return rng.permutation(count).astype(np.float64)


def ascending(rng: np.random.Generator, count: int) -> np.ndarray:
    """The values in order; their number varies, or all trials would be one."""
    return np.arange(count + int(rng.integers(count // 10)), dtype=np.float64)


def sawtooth(rng: np.random.Generator, count: int) -> np.ndarray:
    """Rising runs whose length is that of a sampling block, or close to it."""
    length = max(2, int(2 ** rng.integers(1, 12)) + int(rng.integers(-1, 2)))
    turns, rest = divmod(count, length)
    turn, height = np.divmod(np.arange(count), length)
    return (height * turns + np.minimum(height, rest) + turn).astype(np.float64)


def run(*, quick: bool) -> list[Figure]:
    """Run the trials: one pass over data in several orders, and merges of parts."""
    trials = 50 if quick else 1000
    cases: list[tuple[str, Order, int, int]] = [
        ("1,000,000 values in one pass", shuffled, 1_000_000, 1),
        ("20,000 values in one pass", shuffled, 20_000, 1),
        ("ascending, 1,000,000 values", ascending, 1_000_000, 1),
        ("sawtooth, 1,000,000 values", sawtooth, 1_000_000, 1),
        ("2 parts of 500,000 merged", shuffled, 1_000_000, 2),
        ("64 parts of 20,000 merged", shuffled, 1_280_000, 64),
        ("1,000 parts of 2,000 merged", shuffled, 2_000_000, 1000),
    ]
    figures = []
    for number, (label, order, count, parts) in enumerate(cases):
        errors = [trial(order, count, parts, np.random.default_rng([number, seed])) for seed in range(trials)]
        figures += _figures(label, np.array(errors), trials)
    return figures


def trial(order: Order, count: int, parts: int, rng: np.random.Generator) -> np.ndarray:
    """Errors of the quantiles of one data set, at each rank, as shares of the stated bound."""
    values = order(rng, count)
    profiles = [tg.log(pa.table({"x": part}), schema=SCHEMA) for part in np.array_split(values, parts)]
    merged = profiles[0] if parts == 1 else tg.merge(profiles)
    column = merged["x"]
    found = np.asarray(column.quantile(RANKS.tolist()))
    bound = column.quantiles.rank_error
    return np.abs((found + 1) / len(values) - RANKS) / bound


def _figures(label: str, errors: np.ndarray, trials: int) -> list[Figure]:
    within = errors <= 1.0
    note = f"{trials:,} trials x {len(RANKS)} ranks; worst error {errors.max():.2f} of the bound"
    at_least = Target("ours", "at least", 99.0)
    worst = float(within.mean(axis=0).min()) * 100
    return [
        Figure(f"{label}: within the bound", "%", [float(within.mean()) * 100], target=at_least, note=note),
        Figure(f"{label}: at the worst rank", "%", [worst], target=at_least),
    ]
