"""Repetitions: draw, profile, compare, count. Cells of one population share samples and profiles."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.calibration import oracle, ours
from benchmarks.calibration.data import NONE, Change, Population, Sample, Side, draw
from benchmarks.calibration.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    import tidegauge as tg
    from benchmarks.calibration.cells import Cell

STRETCH = 50
Tallies = dict[str, Tally]


class Task(NamedTuple):
    """A stretch of repetitions of cells of one population."""

    batch: int
    cells: tuple[Cell, ...]
    first: int
    last: int


def run(batches: list[list[Cell]], *, workers: int) -> Iterator[tuple[list[Cell], Tallies]]:
    """Run all cells, in this process or in several; yield each batch when it is done."""
    tasks = [task for number, cells in enumerate(batches) for task in _tasks(number, cells)]
    waiting = Counter(task.batch for task in tasks)
    tallies: list[Tallies] = [defaultdict(Tally) for _ in batches]
    for number, part in _progress(_results(tasks, workers), len(tasks)):
        for name, tally in part.items():
            tallies[number][name].add(tally)
        waiting[number] -= 1
        if not waiting[number]:
            yield batches[number], tallies[number]


def _results(tasks: list[Task], workers: int) -> Iterator[tuple[int, Tallies]]:
    if workers == 1:
        yield from map(_simulate, tasks)
        return
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        yield from pool.imap_unordered(_simulate, tasks)


def _tasks(number: int, cells: list[Cell]) -> Iterator[Task]:
    for first in range(0, max(cell.repetitions for cell in cells), STRETCH):
        active = tuple(cell for cell in cells if cell.repetitions > first)
        yield Task(number, active, first, first + STRETCH)


def _progress(results: Iterator[tuple[int, Tallies]], count: int) -> Iterator[tuple[int, Tallies]]:
    start = time.monotonic()
    for number, result in enumerate(results, start=1):
        yield result
        spent = time.monotonic() - start
        print(f"\r{number} of {count} stretches, {spent:.0f} s ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def _simulate(task: Task) -> tuple[int, Tallies]:
    tallies: Tallies = defaultdict(Tally)
    for repetition in range(task.first, task.last):
        shelf = Shelf(task.cells[0].population, repetition)
        for cell in task.cells:
            if cell.repetitions > repetition:
                _repeat(cell, shelf, tallies[cell.name])
    return task.batch, dict(tallies)


def _repeat(cell: Cell, shelf: Shelf, tally: Tally) -> None:
    reference = shelf.profile("reference", cell.reference, cell.shards[0], NONE)
    current = shelf.profile("current", cell.current, cell.shards[1], cell.change)
    tally.count(cell, ours.compare(current, reference), exact=cell.kind == "power" and shelf.exact(cell))


class Shelf:
    """The samples, profiles and exact verdicts of one repetition, each made once."""

    def __init__(self, population: Population, repetition: int) -> None:
        self._population = population
        self._repetition = repetition
        self._samples: dict[tuple[Side, int, Change], Sample] = {}
        self._profiles: dict[tuple[Side, int, int, Change], tg.Profile] = {}
        self._exact: dict[tuple[int, int, Change], bool] = {}

    def sample(self, side: Side, size: int, change: Change) -> Sample:
        """Return the sample."""
        key = (side, size, change)
        if key not in self._samples:
            self._samples[key] = draw(self._population, side, size, self._repetition, change)
        return self._samples[key]

    def profile(self, side: Side, size: int, shards: int, change: Change) -> tg.Profile:
        """Return the profile of the sample, merged from so many shards."""
        key = (side, size, shards, change)
        if key not in self._profiles:
            self._profiles[key] = ours.profile(self.sample(side, size, change), self._population, shards)
        return self._profiles[key]

    def exact(self, cell: Cell) -> bool:
        """Tell whether the exact test sees the change in the raw samples."""
        key = (cell.reference, cell.current, cell.change)
        if key not in self._exact:
            current = self.sample("current", cell.current, cell.change)
            reference = self.sample("reference", cell.reference, NONE)
            rng = np.random.default_rng([self._repetition, cell.reference, cell.current])
            self._exact[key] = (
                oracle.rejects_nulls(current, reference)
                if cell.aspect == "nulls"
                else oracle.rejects(self._population, current, reference, rng)
            )
        return self._exact[key]
