"""`tg.log` of taxi(1M) with 10,000 segments, beside none and beside a group-by that profiles each group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import tidegauge as tg
from benchmarks import measure, taxi
from benchmarks.figure import Figure, Target

if TYPE_CHECKING:
    import pandas as pd

SEGMENTS = 10_000


def run(*, quick: bool) -> list[Figure]:
    """Time the same table with and without segments, alternating; then the group-by, which takes long."""
    table = _table(SEGMENTS // 10 if quick else SEGMENTS, taxi.MILLION // 10 if quick else taxi.MILLION)
    functions = {
        "whole": lambda: tg.log(table),
        "segments": lambda: tg.log(table, segments=["user"], max_segments=SEGMENTS),
        "whole, to bytes": lambda: tg.log(table).to_bytes(),
        "segments, to bytes": lambda: tg.log(table, segments=["user"], max_segments=SEGMENTS).to_bytes(),
    }
    seconds = measure.alternate(functions, 3 if quick else 9)
    frame = table.to_pandas()
    grouped = [measure.timed(lambda: _by_group(frame)) for _ in range(1 if quick else 3)]
    what = f"{SEGMENTS // 10 if quick else SEGMENTS:,} segments of {len(table):,} rows"
    target = Target("ratio", "at most", 4.0)
    bytes_note = "columns of a few values are worked out when they are asked for, as writing does"
    return [
        Figure(what, "s", seconds["segments"], "no segments", seconds["whole"], target, "ours / peer"),
        Figure(what, "s", seconds["segments"], "pandas group-by, log of each group", grouped),
        Figure(
            f"{what}, to bytes",
            "s",
            seconds["segments, to bytes"],
            "no segments, to bytes",
            seconds["whole, to bytes"],
            better="ours / peer",
            note=bytes_note,
        ),
    ]


def _table(users: int, rows: int) -> pa.Table:
    """Make taxi(1M) with as many users as there are to be segments."""
    table = taxi.taxi(rows)
    numbers = pa.array(np.random.default_rng(1).integers(0, users, rows)).cast(pa.string())
    names = pc.binary_join_element_wise("user-", numbers, "")
    place = table.schema.get_field_index("user")
    return table.set_column(place, "user", names).combine_chunks()


def _by_group(frame: pd.DataFrame) -> list[tg.Profile]:
    return [tg.log(group) for _, group in frame.groupby("user", sort=False)]
