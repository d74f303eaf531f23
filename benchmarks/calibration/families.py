"""Many columns of mixed types without change, compared at once: how often any of them is called drifted."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pyarrow as pa

import tidegauge as tg
from benchmarks.calibration import ours, tally
from benchmarks.calibration.data import NONE, POPULATIONS, Side, draw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.calibration.store import Row

COLUMNS, REPETITIONS = 500, 200
SIZES = ((5_000, 500), (5_000, 5_000))


def run(*, quick: bool, share: float) -> Iterator[Row]:
    """Compare 500 columns, drawn from all populations in turn, again and again."""
    repetitions = 10 if quick else max(1, round(REPETITIONS * share))
    for sizes in SIZES[:1] if quick else SIZES:
        yield _family(*sizes, repetitions)


def _family(reference: int, current: int, repetitions: int) -> Row:
    alarmed = called = 0
    for repetition in range(repetitions):
        sides = (_profile("current", current, repetition), _profile("reference", reference, repetition))
        drifted = len(tg.compare(*sides).drifted)
        alarmed += drifted > 0
        called += drifted
        print(f"\r{repetition + 1} of {repetitions} families ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return {
        "cell": f"{COLUMNS} columns, {reference:,} x {current:,}",
        "repetitions": repetitions,
        "rate": alarmed / repetitions,
        "standard_error": tally.standard_error(alarmed / repetitions, repetitions),
        "columns_called_drifted": called / repetitions / COLUMNS,
        "met": alarmed / repetitions <= 0.07,
    }


def _profile(side: Side, size: int, repetition: int) -> tg.Profile:
    columns = {}
    for number in range(COLUMNS):
        population = POPULATIONS[number % len(POPULATIONS)]
        # Far from the numbers of the grid's repetitions, and another for every column.
        sample = draw(population, side, size, 1_000_000 + repetition * COLUMNS + number, NONE)
        columns[f"{number:03} {population.name}"] = ours.column(sample, population)
    return tg.log(pa.table(columns))
