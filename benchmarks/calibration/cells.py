"""The grid: which populations, changes, sizes, shards, and how often each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Literal

from benchmarks.calibration.data import NONE, POPULATIONS, Change, Population

if TYPE_CHECKING:
    from collections.abc import Iterator

MILLION = 1_000_000
REFERENCES = (500, 5_000, 50_000, MILLION)
CURRENTS = (50, 500, 5_000, 50_000, MILLION)
# Shards of the reference and of the current side: none, both sides, the current side alone.
SHARDS = ((1, 1), (7, 7), (64, 64), (1, 7), (1, 64))
POWER_SIZES = (
    (500, 50),
    (500, 500),
    (5_000, 50),
    (5_000, 500),
    (5_000, 5_000),
    (50_000, 500),
    (50_000, 5_000),
    (50_000, 50_000),
    (MILLION, 50),
    (MILLION, 5_000),
    (MILLION, MILLION),
)
SHARDED_POWER_SIZES = ((5_000, 5_000), (50_000, 50_000))
SHIFTS, MOVED = (0.05, 0.1, 0.2, 0.5), (0.02, 0.05, 0.1)
SCALE = 1.2


@dataclass(frozen=True)
class Cell:
    """One place of the grid.

    Attributes:
        population: Of both sides.
        change: Of the current side; `NONE` for a cell of false alarms.
        reference: Size.
        current: Size.
        shards: From how many each side is merged, the reference first.
        repetitions: How often.
        promised: Whether the promise covers it, or it is there to show where power ends.
    """

    population: Population
    change: Change
    reference: int
    current: int
    shards: tuple[int, int]
    repetitions: int
    promised: bool = True

    @property
    def kind(self) -> Literal["null", "power"]:
        """Whether there is a change to be found."""
        return "null" if self.change == NONE else "power"

    @property
    def aspect(self) -> Literal["distribution", "nulls"]:
        """Which finding has to show the change."""
        moved = self.population.shape == "nulls" and self.change.moved
        return "nulls" if moved else "distribution"

    @property
    def name(self) -> str:
        """Kind, population, change, sizes and shards, for people and for patterns."""
        change = [self.change.name] if self.change != NONE else []
        sizes = f"{self.reference}x{self.current}"
        shards = f"{self.shards[0]}+{self.shards[1]} shards"
        return "/".join([self.kind, self.population.name, *change, sizes, shards])


def grid(*, quick: bool, pattern: str = "*", share: float = 1.0) -> list[Cell]:
    """Return the cells whose names match a shell pattern, with a share of their repetitions."""
    cells = [*_null_cells(quick=quick), *_power_cells(quick=quick)]
    chosen = [cell for cell in cells if fnmatch(cell.name, f"*{pattern}*")]
    return [replace(cell, repetitions=max(1, round(cell.repetitions * share))) for cell in chosen]


def batches(cells: list[Cell]) -> Iterator[list[Cell]]:
    """Yield the cells by kind, size and population, the small ones first: what is done can be kept."""
    for least, most in ((0, 5_000), (5_001, MILLION - 1), (MILLION, MILLION)):
        for kind in ("null", "power"):
            chosen = [
                cell
                for cell in cells
                if cell.kind == kind and least <= max(cell.reference, cell.current) <= most
            ]
            for population in dict.fromkeys(cell.population for cell in chosen):
                yield [cell for cell in chosen if cell.population == population]


def _null_cells(*, quick: bool) -> Iterator[Cell]:
    for population in POPULATIONS:
        for reference in REFERENCES:
            for current in CURRENTS:
                largest = max(reference, current)
                for shards in SHARDS:
                    if quick and (largest > 5_000 or shards not in {(1, 1), (64, 64)}):
                        continue
                    if shards[1] <= current:
                        repetitions = _null_repetitions(largest, shards, quick=quick)
                        yield Cell(population, NONE, reference, current, shards, repetitions)


def _null_repetitions(largest: int, shards: tuple[int, int], *, quick: bool) -> int:
    if quick:
        return 300
    if largest >= MILLION:
        return 100 if shards == (1, 1) else 40
    if largest > 5_000:
        return 300 if shards == (1, 1) else 100
    return 2_000 if shards == (1, 1) else 1_000


def _power_cells(*, quick: bool) -> Iterator[Cell]:
    for population in POPULATIONS:
        for change in changes(population):
            for sizes in POWER_SIZES:
                # Beyond, permuting raw data that are tied and yet of many values takes minutes a time.
                most = 5_000 if quick or population.shape == "zeros" else MILLION
                if max(sizes) > most or _certain(change, sizes):
                    continue
                repetitions = _power_repetitions(population, max(sizes), quick=quick)
                yield Cell(population, change, *sizes, (1, 1), repetitions)
                if sizes in SHARDED_POWER_SIZES and not quick:
                    yield Cell(population, change, *sizes, (64, 64), repetitions // 2)
        if population.shape == "normal" and not quick:
            for sizes in ((50_000, 50_000), (MILLION, 50_000), (MILLION, MILLION)):
                repetitions = _power_repetitions(population, max(sizes), quick=quick)
                yield Cell(population, Change(shift=0.01), *sizes, (1, 1), repetitions, promised=False)


def _certain(change: Change, sizes: tuple[int, int]) -> bool:
    """Whether any test finds so large a change in so many values: the smallest stands for the others."""
    smallest = change.shift == SHIFTS[0] or change.moved == MOVED[0]
    return min(sizes) >= 50_000 and not smallest


def _power_repetitions(population: Population, largest: int, *, quick: bool) -> int:
    if quick:
        return 50
    if largest >= MILLION:
        return 40
    if population.shape == "zeros" or population.categories == 1_000:
        # The exact test permutes raw data, which takes most of the time.
        return 100 if largest <= 5_000 else 50
    return 250 if largest <= 5_000 else 100


def changes(population: Population) -> list[Change]:
    """Return the changes that the power is measured for."""
    if population.categories:
        spreads = (False,) if population.categories == 2 else (False, True)
        return [Change(moved=moved, spread=spread) for spread in spreads for moved in MOVED]
    moved = [Change(moved=moved) for moved in MOVED] if population.shape in {"nulls", "zeros"} else []
    scale = [] if population.shape == "poisson" else [Change(scale=SCALE)]
    return [*(Change(shift=shift) for shift in SHIFTS), *scale, *moved]
