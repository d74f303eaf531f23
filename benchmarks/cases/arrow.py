"""`tg.log` of the Arrow tables taxi(1M) and taxi(10M), all default metrics, beside the peers."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

import duckdb
import polars as pl

import tidegauge as tg
from benchmarks import environments, measure, taxi
from benchmarks.figure import Figure, Target

if TYPE_CHECKING:
    import pyarrow as pa

WHYLOGS = "whylogs 1.6.4"
AT_LEAST_POLARS, AT_MOST_FLOOR = Target("ratio", "at least", 1.0), Target("ratio", "at most", 4.0)


def run(*, quick: bool) -> list[Figure]:
    """Time one million and ten million rows, alternating with the peers."""
    figures, whylogs = _million(quick=quick)
    if not quick:
        figures += _figures("10M", _alternate(taxi.load(10 * taxi.MILLION), 5), [10 * s for s in whylogs])
        figures[-1] = _noted(figures[-1])
    return figures


def _million(*, quick: bool) -> tuple[list[Figure], list[float]]:
    table = taxi.load(taxi.MILLION)
    seconds = _alternate(table, 2 if quick else 9)
    python = environments.prepare("whylogs")
    path = str(taxi.parquet_file(taxi.MILLION))
    whylogs: list[float] = []
    ours: list[float] = []
    for _ in range(1 if quick else 3):  # a quarter of a minute each
        whylogs += measure.ask(python, "whylogs_log.py", path)["seconds"]
        ours.append(statistics.median(measure.timed(lambda: tg.log(table)) for _ in range(3)))
    return [*_figures("1M", seconds, whylogs, ours)], whylogs


def _alternate(table: pa.Table, rounds: int) -> measure.Rounds:
    frame = pl.DataFrame(table)
    connection = duckdb.connect(config={"threads": 2})
    connection.register("taxi", table)
    functions = {
        "tidegauge": lambda: tg.log(table),
        "duckdb": lambda: connection.execute("SUMMARIZE taxi").fetchall(),
        "describe": frame.describe,
        "approx": lambda: frame.select(pl.all().approx_n_unique()),
    }
    return measure.alternate(functions, rounds)


def _figures(
    size: str, seconds: measure.Rounds, whylogs: list[float], ours: list[float] | None = None
) -> list[Figure]:
    us = seconds["tidegauge"]
    duck, slow = Target("ratio", "at least", 8.0), Target("ratio", "at least", 200.0)
    return [
        Figure(f"{size} rows", "s", us, "DuckDB SUMMARIZE", seconds["duckdb"], duck),
        Figure(f"{size} rows", "s", us, "polars describe", seconds["describe"], AT_LEAST_POLARS),
        Figure(
            f"{size} rows", "s", us, "polars approx_n_unique", seconds["approx"], AT_MOST_FLOOR, "ours / peer"
        ),
        Figure(f"{size} rows", "s", ours or us, WHYLOGS, whylogs, slow),
    ]


def _noted(figure: Figure) -> Figure:
    note = "whylogs was measured on one million rows and multiplied by ten"
    return Figure(
        figure.what, figure.unit, figure.ours, WHYLOGS, figure.theirs, figure.target, figure.better, note
    )
