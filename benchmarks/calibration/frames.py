"""Samples of the grid as pandas frames, a column a repetition: how the peers get them. Needs pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.calibration.data import BY_NAME, Population, Sample, Side, draw

if TYPE_CHECKING:
    from collections.abc import Iterator


def series(sample: Sample, population: Population) -> np.ndarray:
    """Return a sample as what a pandas user would have: NaN for null, text for categories."""
    if population.labels is not None:
        dtype = bool if population.shape == "booleans" else object
        return np.array(population.labels, dtype=dtype)[sample.values]
    return sample.values if sample.nulls is None else np.where(sample.nulls, np.nan, sample.values)


def frame(population: Population, side: Side, size: int, repetitions: int) -> pd.DataFrame:
    """Return as many samples as repetitions, side by side."""
    drawn = (draw(population, side, size, repetition) for repetition in range(repetitions))
    return pd.DataFrame({f"r{n}": series(sample, population) for n, sample in enumerate(drawn)})


def pairs(cells: list[dict[str, object]]) -> Iterator[tuple[str, Population, pd.DataFrame, pd.DataFrame]]:
    """Yield the name, the population, the reference and the current frame of each cell that is asked for."""
    for cell in cells:
        population = BY_NAME[str(cell["population"])]
        repetitions = int(str(cell["repetitions"]))
        reference, current = (
            frame(population, side, int(str(cell[side])), repetitions) for side in ("reference", "current")
        )
        yield str(cell["cell"]), population, reference, current
