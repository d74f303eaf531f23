"""Mean, variance, skewness and kurtosis against NumPy in extended precision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

import tidegauge as tg
from benchmarks.figure import Figure, Target

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = tg.Schema(default_metrics=["moments"])
ROWS = 100_000
NAMES = ("mean", "variance", "skewness", "kurtosis")
DATA: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    "normal": lambda rng: rng.normal(size=ROWS),
    "lognormal": lambda rng: rng.lognormal(2.5, 0.6, ROWS),
    "1e9 + noise of 1": lambda rng: 1e9 + rng.normal(size=ROWS),
    "1e-9 x exponential": lambda rng: 1e-9 * rng.exponential(size=ROWS),
    "Cauchy": lambda rng: rng.standard_cauchy(ROWS),
    "1e9 + noise of 0.001": lambda rng: 1e9 + 1e-3 * rng.normal(size=ROWS),
}
HARD = "1e9 + noise of 0.001"  # the mean as a double is off by 1e-4 standard deviations: for information


def run(*, quick: bool) -> list[Figure]:
    """Take the worst error over the trials, in one pass and merged from 64 parts."""
    trials = 10 if quick else 1000
    figures = []
    for number, (label, make) in enumerate(DATA.items()):
        for parts in (1, 64):
            rng = np.random.default_rng([number, parts])
            count = trials if parts == 1 else trials // 4
            worst = np.max([errors(make(rng), parts) for _ in range(count)], axis=0)
            each = ", ".join(f"{name} {error:.1e}" for name, error in zip(NAMES, worst, strict=True))
            what = label + (f", {parts} parts merged" if parts > 1 else "")
            target = None if label == HARD else Target("ours", "at most", 1e-9)
            note = f"{count:,} trials; worst of {each}"
            figures.append(Figure(what, "", [float(worst.max())], target=target, note=note))
    return figures


def errors(values: np.ndarray, parts: int) -> list[float]:
    """Errors relative to the true quantity; where that is near 0, relative to the data's spread."""
    profiles = [tg.log(pa.table({"x": part}), schema=SCHEMA) for part in np.array_split(values, parts)]
    moments = (profiles[0] if parts == 1 else tg.merge(profiles))["x"].moments
    true = exact(values)
    mean, variance, skewness, kurtosis = (abs(float(value)) for value in true)
    scales = [max(mean, variance**0.5), variance, max(1.0, skewness), max(1.0, kurtosis)]
    return [
        float(abs(np.longdouble(getattr(moments, name)) - value) / scale)
        for name, value, scale in zip(NAMES, true, scales, strict=True)
    ]


def exact(values: np.ndarray) -> list[np.floating]:
    """The same estimates by two passes in extended precision, about the first value so nothing cancels."""
    shifted = values.astype(np.longdouble) - np.longdouble(values[0])
    n, mean = np.longdouble(len(values)), shifted.mean()
    deviations = shifted - mean
    squares = deviations * deviations
    m2, m3, m4 = (np.sum(powers) / n for powers in (squares, squares * deviations, squares * squares))
    skewness = m3 / m2 ** np.longdouble(1.5) * np.sqrt(n * (n - 1)) / (n - 2)
    kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)
    return [mean + np.longdouble(values[0]), m2 * n / (n - 1), skewness, kurtosis]
