"""The populations of the grid, and samples of them; needs NumPy alone, so that every peer draws the same.

A sample depends on the population, the change, the side, its size and the number of the repetition, and on
nothing else: cells that share a side and a size share their samples, and so do all the tools.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

import numpy as np

Side = Literal["reference", "current"]

POISSON_MEAN = 10.0
LOGNORMAL_DEVIATION = float(np.sqrt((np.e - 1) * np.e))
NULL_RATE, ZERO_RATE = 0.05, 0.4
TIED_LEVELS = 6
EXPONENT = 1.2


@dataclass(frozen=True)
class Change:
    """How the current data differ from the reference.

    Attributes:
        shift: Of the location, in standard deviations.
        scale: Of the spread, a factor.
        moved: The share of the mass that goes elsewhere.
        spread: Whether it goes from every second category to its neighbours, or all onto one.
    """

    shift: float = 0.0
    scale: float = 1.0
    moved: float = 0.0
    spread: bool = False

    @property
    def name(self) -> str:
        """The change in words; empty when there is none."""
        parts = (
            f"shift {self.shift:g} sd" if self.shift else "",
            f"spread x {self.scale:g}" if self.scale != 1 else "",
            f"{self.moved:.0%} moved{', from many to many' if self.spread else ''}" if self.moved else "",
        )
        return ", ".join(part for part in parts if part)


NONE = Change()


@dataclass(frozen=True)
class Population:
    """Where samples come from.

    Attributes:
        name: In words; the first of them name the family.
        shape: What `draw` makes.
        categories: How many there are, when it is categorical.
        zipf: Whether their shares fall by Zipf's law.
    """

    name: str
    shape: str
    categories: int = 0
    zipf: bool = False

    @property
    def labels(self) -> tuple[str, ...] | tuple[bool, bool] | None:
        """The categories' names; None when it is numeric."""
        if not self.categories:
            return None
        if self.shape == "booleans":
            return (True, False)
        return tuple(f"value-{number:04}" for number in range(self.categories))


POPULATIONS = (
    Population("normal", "normal"),
    Population("lognormal", "lognormal"),
    Population("integers (Poisson 10)", "poisson"),
    Population("normal with 5 % nulls", "nulls"),
    Population("6 tied levels", "ties"),
    Population("40 % zeros, lognormal", "zeros"),
    Population("2 categories", "categories", 2),
    Population("2 categories, Zipf, as booleans", "booleans", 2, zipf=True),
    Population("10 categories", "categories", 10),
    Population("10 categories, Zipf", "categories", 10, zipf=True),
    Population("50 categories", "categories", 50),
    Population("50 categories, Zipf", "categories", 50, zipf=True),
    Population("1000 categories", "categories", 1000),
    Population("1000 categories, Zipf", "categories", 1000, zipf=True),
)
BY_NAME = {population.name: population for population in POPULATIONS}


class Sample(NamedTuple):
    """Drawn values: numbers, or codes of the population's labels."""

    values: np.ndarray
    nulls: np.ndarray | None = None

    @property
    def present(self) -> np.ndarray:
        """The values that are no nulls."""
        return self.values if self.nulls is None else self.values[~self.nulls]


def draw(population: Population, side: Side, size: int, repetition: int, change: Change = NONE) -> Sample:
    """Draw a sample, the same for the same arguments.

    Args:
        population: What from.
        side: The current side changes; the reference never does.
        size: How many values.
        repetition: Its number.
        change: Of the current side.
    """
    changed = change if side == "current" else NONE
    label = f"{population.name}|{side}|{changed.name}"
    rng = np.random.default_rng([zlib.crc32(label.encode()), size, repetition])
    if population.categories:
        return Sample(_codes(population, changed, size, rng))
    return _numbers(population.shape, changed, size, rng)


def _numbers(shape: str, change: Change, size: int, rng: np.random.Generator) -> Sample:
    if shape == "poisson":
        mean = POISSON_MEAN + change.shift * np.sqrt(POISSON_MEAN)
        return Sample(rng.poisson(mean, size).astype(np.int64))
    standard = rng.standard_normal(size)
    moved = standard * change.scale + change.shift
    if shape == "normal":
        return Sample(moved)
    if shape == "nulls":
        return Sample(moved, rng.random(size) < NULL_RATE + change.moved)
    if shape == "ties":
        return Sample(np.clip(np.floor(moved + TIED_LEVELS / 2), 0, TIED_LEVELS - 1))
    if shape == "zeros":
        zero = rng.random(size) < ZERO_RATE + change.moved
        return Sample(np.where(zero, 0.0, np.exp(moved)))
    return Sample(np.exp(standard * change.scale) + change.shift * LOGNORMAL_DEVIATION)


def _codes(population: Population, change: Change, size: int, rng: np.random.Generator) -> np.ndarray:
    probability, alias = _alias(population, change)
    picked = rng.integers(population.categories, size=size, dtype=np.int32)
    return np.where(rng.random(size) < probability[picked], picked, alias[picked])


def shares(population: Population, change: Change = NONE) -> np.ndarray:
    """Return the probability of each category."""
    ranks = np.arange(1, population.categories + 1, dtype=float)
    weights = ranks**-EXPONENT if population.zipf else np.ones_like(ranks)
    before: np.ndarray = weights / weights.sum()
    if not change.moved:
        return before
    if not change.spread:
        after: np.ndarray = before * (1 - change.moved / (1 - before[-1]))
        after[-1] = before[-1] + change.moved
        return after
    signs = np.where(np.arange(population.categories) % 2 == 0, -1.0, 1.0)
    gains = np.where(signs > 0, before / before[signs > 0].sum(), -before / before[signs < 0].sum())
    spread: np.ndarray = before + change.moved * gains
    return spread


@cache
def _alias(population: Population, change: Change) -> tuple[np.ndarray, np.ndarray]:
    """Tables of Walker's alias method, by Vose's construction (1991)."""
    count = population.categories
    probability = shares(population, change) * count
    alias = np.arange(count, dtype=np.int32)
    small = [code for code in range(count) if probability[code] < 1]
    large = [code for code in range(count) if probability[code] >= 1]
    while small and large:
        low, high = small.pop(), large.pop()
        alias[low] = high
        probability[high] -= 1 - probability[low]
        (small if probability[high] < 1 else large).append(high)
    probability[small + large] = 1.0
    return probability, alias
