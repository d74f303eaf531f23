"""Relative standard error of distinct counts, in one pass and after merges."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa

import tidegauge as tg
from benchmarks.figure import Figure, Target

SCHEMA = tg.Schema(default_metrics=["cardinality"])
AT_ONCE = 20  # columns of one table: each is a trial


def run(*, quick: bool) -> list[Figure]:
    """Run the trials over several true counts and numbers of parts."""
    trials = 40 if quick else 1000
    figures = []
    for distinct in (100, 1_000, 10_000, 100_000, 1_000_000):
        for parts in (1, 2, 64):
            if parts > distinct // 100 or (quick and distinct > 100_000):
                continue
            figures += _figures(distinct, parts, trials)
    return figures


def _figures(distinct: int, parts: int, trials: int) -> list[Figure]:
    rng = np.random.default_rng([distinct, parts])
    columns = [one for _ in range(0, trials, AT_ONCE) for one in _trials(rng, distinct, parts)]
    estimates = np.array([column.cardinality.estimate for column in columns]) / distinct - 1
    covered = [low <= distinct <= high for low, high in (one.cardinality.interval(0.95) for one in columns)]
    label = f"{distinct:,} distinct" + (f", {parts} parts merged" if parts > 1 else "")
    bias, inside = f"bias {estimates.mean() * 100:+.3f} %", f"{np.mean(covered):.1%} inside interval(0.95)"
    note = f"{trials:,} trials; {bias}; {inside}"
    error = float(np.sqrt(np.mean(estimates**2))) * 100
    target = Target("ours", "at most", 1.7)
    return [Figure(f"{label}: standard error", "%", [error], target=target, note=note)]


def _trials(rng: np.random.Generator, distinct: int, parts: int) -> list[tg.ColumnProfile]:
    """Profiles of columns of so many distinct integers; neighbouring parts share a tenth of theirs."""
    bases = rng.integers(-(2**62), 2**62, AT_ONCE)
    edges = np.linspace(0, distinct, parts + 1).astype(int)
    overlap = distinct // parts // 10
    profiles = []
    for low, high in itertools.pairwise(edges):
        offsets = np.arange(max(low - overlap, 0), high)
        table = pa.table({str(number): base + offsets for number, base in enumerate(bases)})
        profiles.append(tg.log(table, schema=SCHEMA))
    return list(profiles[0] if parts == 1 else tg.merge(profiles))
