"""Bounds of frequent items against true counts: a bound is certain, so no trial may violate one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

import tidegauge as tg
from benchmarks.figure import Figure, Target

if TYPE_CHECKING:
    from tidegauge.metrics.frequent_items import FrequentItems

SCHEMA = tg.Schema(default_metrics=["frequent_items"])
ROWS = 100_000
KINDS = ("Zipf 1.1 over 20,000", "Zipf 1.5 over 5,000", "uniform over 2,000", "all distinct but one")


def run(*, quick: bool) -> list[Figure]:
    """Count violations over trials, as strings and as integers, in one pass and merged."""
    trials = 20 if quick else 1000
    cases = [(kind, ROWS, parts, trials // cost) for kind in KINDS for parts, cost in ((1, 1), (64, 4))]
    cases += [(kind, 5 * ROWS, 1, trials // 20) for kind in KINDS]  # long enough for all that sets in late
    return [_figure(number, *case) for number, case in enumerate(cases)]


def _figure(number: int, kind: str, rows: int, parts: int, trials: int) -> Figure:
    rng = np.random.default_rng(number)
    outcomes = np.array([trial(kind, rows, parts, rng) for _ in range(trials)])
    label = f"{kind}, {rows:,} rows" + (f", {parts} parts merged" if parts > 1 else "")
    note = f"{trials:,} trials x 2 types; greatest error {outcomes[:, 1].max() / rows:.3%} of the rows"
    found = [float(outcomes[:, 0].sum())]
    return Figure(f"{label}: violations", "", found, target=Target("ours", "at most", 0), note=note)


def trial(kind: str, rows: int, parts: int, rng: np.random.Generator) -> tuple[int, int]:
    """Violated bounds in one data set, and the error that its profile states."""
    codes = _codes(kind, rows, rng)
    counts = dict(zip(*(part.tolist() for part in np.unique(codes, return_counts=True)), strict=True))
    table = pa.table({"number": codes, "text": pa.array(codes).cast(pa.string())})
    step = -(-rows // parts)
    profiles = [tg.log(table.slice(start, step), schema=SCHEMA) for start in range(0, rows, step)]
    merged = profiles[0] if parts == 1 else tg.merge(profiles)
    violations = sum(_violations(merged[name].frequent_items, counts) for name in ("number", "text"))
    return violations, max(merged[name].frequent_items.error for name in ("number", "text"))


def _violations(items: FrequentItems, counts: dict[int, int]) -> int:
    """Items outside their bounds, and common values that are missing."""
    listed = {int(str(item.value)): item for item in items}
    outside = sum(1 for code, item in listed.items() if not item.lower <= counts.get(code, 0) <= item.upper)
    missing = sum(1 for code, count in counts.items() if count > items.error and code not in listed)
    return outside + missing


def _codes(kind: str, rows: int, rng: np.random.Generator) -> np.ndarray:
    if kind.startswith("Zipf"):
        exponent, values = float(kind.split()[1]), int(kind.rsplit(" ", 1)[1].replace(",", ""))
        weights = 1.0 / np.arange(1, values + 1) ** exponent
        return np.searchsorted(np.cumsum(weights / weights.sum())[:-1], rng.random(rows)).astype(np.int64)
    if kind.startswith("uniform"):
        return rng.integers(0, 2000, rows)
    codes = rng.permutation(rows) + 1
    codes[rng.random(rows) < 0.03] = 0
    return codes
