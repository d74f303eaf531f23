"""`tg.compare` of wide profiles, and the classical measures: time, and error where sketches are not exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from scipy import stats

import tidegauge as tg
from benchmarks import measure, wide_data
from benchmarks.figure import Figure, Target
from tidegauge.drift import measures

if TYPE_CHECKING:
    from collections.abc import Callable

RAW: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "ks": lambda x, y: stats.ks_2samp(x, y, method="asymp").statistic,
    "wasserstein": stats.wasserstein_distance,
    "energy": stats.energy_distance,
    "cramer_von_mises": lambda x, y: stats.cramervonmises_2samp(x, y, method="asymptotic").statistic,
}
ROWS = 100_000


def run(*, quick: bool) -> list[Figure]:
    """Compare wide profiles, each pair new; then every measure."""
    rounds = 3 if quick else 11
    fast, wide = Target("ours", "at most", 0.1), Target("ours", "at most", 2.0)
    return [
        _wide(200, 20_000, 20_000, rounds, fast),
        _wide(200, 5_000, 200, rounds, fast),
        _wide(5_000, 2_000, 2_000, 2 if quick else 5, wide),
        _history(rounds),
        *_measures(rounds),
        *_errors(5 if quick else 50),
    ]


def _wide(count: int, reference: int, current: int, rounds: int, target: Target) -> Figure:
    sides = [
        tg.log(pa.table(wide_data.columns(count, rows, rows + seed)))
        for seed, rows in _sizes(reference, current)
    ]
    files = [side.to_bytes() for side in sides]
    seconds = [_fresh(files) for _ in range(rounds)]
    note = "mixed types; profiles are read anew for every round, and reading is not timed"
    return Figure(
        f"two profiles of {count:,} columns, {reference:,} x {current:,} rows",
        "s",
        seconds,
        target=target,
        note=note,
    )


def _sizes(reference: int, current: int) -> list[tuple[int, int]]:
    return [(0, reference), (1, current)]


def _fresh(files: list[bytes]) -> float:
    then, now = (tg.Profile.from_bytes(file) for file in files)
    return measure.timed(lambda: tg.compare(now, then).verdict)


def _history(rounds: int) -> Figure:
    days = [tg.log(pa.table(wide_data.columns(50, 2_000, day))) for day in range(61)]
    windows = tg.ProfileSet(days[:-1])
    seconds = [measure.timed(lambda: tg.compare(days[-1], windows).verdict) for _ in range(rounds)]
    return Figure("one profile with a history of 60, 50 columns x 2,000 rows", "s", seconds)


def _measures(rounds: int) -> list[Figure]:
    sides = [tg.log(pa.table(wide_data.columns(50, 20_000, seed))) for seed in (0, 1)]
    found = []
    for one in measures.all():
        names = [name for name in sides[0].columns if one.applies(sides[1][name], sides[0][name])]

        def every(one: measures.Measure = one, names: list[str] = names) -> None:
            for name in names:
                one.compute(sides[1][name], sides[0][name])

        seconds = [measure.timed(every) / len(names) for _ in range(rounds)]
        found.append(Figure(f"{one.name}, one column", "s", seconds))
    return found


def _errors(trials: int) -> list[Figure]:
    """The greatest differences from SciPy on raw data: none while sketches are exact."""
    figures = []
    for rows, word, target in (
        (1_000, "sketches exact", Target("ours", "at most", 1e-9)),
        (ROWS, f"{ROWS:,} values", None),
    ):
        errors: dict[str, list[float]] = {name: [] for name in RAW}
        for trial in range(trials):
            rng = np.random.default_rng([rows, trial])
            x, y = rng.standard_normal(rows) + 0.1, np.round(rng.standard_normal(rows), 3)
            now, then = tg.log({"x": x})["x"], tg.log({"x": y})["x"]
            for name, raw in RAW.items():
                exact = float(raw(x, y))
                # Of the value itself, but for the KS distance, whose error is a share of the records.
                scale = 1.0 if name == "ks" else exact
                errors[name].append(abs(measures.get(name).compute(now, then) - exact) / scale)
        figures += [_error(name, word, values, target) for name, values in errors.items()]
    return figures


def _error(name: str, word: str, errors: list[float], target: Target | None) -> Figure:
    kind = "error" if name == "ks" else "relative error"
    return Figure(f"{name}, {word}: greatest {kind}", "", [max(errors)], target=target, note="")
