"""A wide table of mixed types: real numbers, integers, texts, booleans. By NumPy alone, for every peer."""

from __future__ import annotations

from typing import Any

import numpy as np

CATEGORIES = 30


def columns(count: int, rows: int, seed: int) -> dict[str, np.ndarray[Any, Any]]:
    """Return columns of values; the same for the same arguments.

    Args:
        count: How many columns.
        rows: How many values in each.
        seed: Two tables of different seeds are samples of the same populations.
    """
    return {f"c{number:04}": _column(number, rows, seed) for number in range(count)}


def _column(number: int, rows: int, seed: int) -> np.ndarray[Any, Any]:
    rng = np.random.default_rng([number, seed])
    kind = number % 10
    if kind < 3:
        return rng.standard_normal(rows)
    if kind < 5:
        return np.round(rng.lognormal(2.5, 0.6, rows), 2)
    if kind < 7:
        return rng.poisson(10, rows)
    if kind == 9:
        return rng.random(rows) < 0.3
    weights = 1.0 / np.arange(1, CATEGORIES + 1) ** 1.2
    codes = np.searchsorted(np.cumsum(weights / weights.sum())[:-1], rng.random(rows))
    return np.array([f"value-{code}" for code in range(CATEGORIES)], dtype=object)[codes]
