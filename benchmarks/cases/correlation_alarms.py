"""False alarms of compared correlations, on unchanged data with tails of any length, and their power."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import tidegauge as tg
from benchmarks.figure import Figure, Target

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[[np.random.Generator, int, float], np.ndarray]

COLUMNS = 4
RATE = 0.05
CORRELATIONS = (0.0, 0.5, 0.9)
SIZES = (100, 1_000, 10_000)


def normal(random: np.random.Generator, rows: int, r: float) -> np.ndarray:
    """Columns of which every two have the same correlation."""
    common = random.normal(size=rows) * np.sqrt(r)
    return common + np.sqrt(1 - r) * random.normal(size=(COLUMNS, rows))


def student(freedom: float) -> Make:
    """Tails in common: the same rows are far out in all columns."""

    def make(random: np.random.Generator, rows: int, r: float) -> np.ndarray:
        return normal(random, rows, r) * np.sqrt(freedom / random.chisquare(freedom, rows))

    return make


def lognormal(random: np.random.Generator, rows: int, r: float) -> np.ndarray:
    """Skewed columns of positive numbers, as amounts and times are."""
    return np.exp(normal(random, rows, r))


def apart(random: np.random.Generator, rows: int, r: float) -> np.ndarray:
    """Tails of each column by itself: Student's t with 5 degrees of freedom, added up."""
    common = random.standard_t(5, rows) * np.sqrt(r)
    return common + np.sqrt(1 - r) * random.standard_t(5, (COLUMNS, rows))


def spoiled(random: np.random.Generator, rows: int, r: float) -> np.ndarray:
    """One row of a hundred is ten times as far out."""
    return normal(random, rows, r) * np.where(random.random(rows) < 0.01, 10.0, 1.0)


def counts(random: np.random.Generator, rows: int, r: float) -> np.ndarray:
    """Small whole numbers, mostly 0."""
    return np.floor(np.exp(normal(random, rows, r) - 1.0))


POPULATIONS: dict[str, Make] = {
    "normal": normal,
    "t with 10 degrees, in common": student(10),
    "t with 5 degrees, in common": student(5),
    "t with 3 degrees, in common": student(3),
    "t with 5 degrees, apart": apart,
    "lognormal": lognormal,
    "one row of 100 ten times as far": spoiled,
    "counts": counts,
}


def run(*, quick: bool) -> list[Figure]:
    """Compare pairs of samples of one population; count comparisons in which any pair is said to drift."""
    trials = 100 if quick else 1_000
    allowed = RATE + 2 * np.sqrt(RATE * (1 - RATE) / trials)
    figures = []
    for number, (label, make) in enumerate(POPULATIONS.items()):
        shares = {
            (rows, r): _alarms(make, (number, rows, int(100 * r)), rows, (r, r), trials)
            for rows in SIZES
            for r in CORRELATIONS
        }
        worst = max(shares, key=lambda cell: shares[cell])
        note = f"worst of {len(shares)} cells at {worst[0]:,} rows, r {worst[1]:g}; {trials:,} trials each"
        target = Target("ours", "at most", float(allowed))
        figures.append(Figure(f"false alarms, {label}", "", [shares[worst]], target=target, note=note))
    for label in ("normal", "t with 5 degrees, in common"):
        power = _alarms(POPULATIONS[label], (99, 0, 0), 1_000, (0.5, 0.3), trials)
        figures.append(Figure(f"found, {label}: 0.5 becomes 0.3 in 1,000 rows", "", [power]))
    return figures


def _alarms(make: Make, seed: tuple[int, ...], rows: int, r: tuple[float, float], trials: int) -> float:
    """The share of comparisons that find a change; any change, however small, would matter."""
    random = np.random.default_rng(seed)
    found = 0
    for _ in range(trials):
        then, now = (tg.log({f"c{n}": row for n, row in enumerate(make(random, rows, each))}) for each in r)
        report = tg.compare(now, then, thresholds={"correlation": 1e-9}, false_discovery_rate=RATE)
        found += any(change.verdict == "drift" for change in report.correlations)
    return found / trials
