"""The data that the pages of the documentation speak of: taxi trips of one week."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy
import pyarrow
import pyarrow.csv
import pyarrow.parquet

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 7_000
DAYS = 7
PAYMENTS = ("card", "cash", "voucher")


def trips() -> pyarrow.Table:
    """Return the trips, in order of time; on the last day one fare of four is null."""
    random = numpy.random.default_rng(20260301)
    seconds = numpy.sort(random.integers(0, DAYS * 86_400, ROWS))
    start = datetime(2026, 3, 1)
    distance = numpy.round(random.gamma(2.0, 1.6, ROWS), 2)
    fare = numpy.round(3.0 + 2.4 * distance + random.normal(0.0, 1.0, ROWS), 2)
    lost = (seconds >= (DAYS - 1) * 86_400) & (random.random(ROWS) < 0.25)
    return pyarrow.table(
        {
            "pickup": pyarrow.array(
                [start + timedelta(seconds=int(each)) for each in seconds], pyarrow.timestamp("us")
            ),
            "passengers": pyarrow.array(random.integers(1, 6, ROWS)),
            "distance": pyarrow.array(distance),
            "fare": pyarrow.array(fare, mask=lost),
            "payment": pyarrow.array(random.choice(PAYMENTS, ROWS, p=(0.7, 0.25, 0.05))),
        }
    )


def write_sample(folder: Path) -> None:
    """Write `trips.parquet`, `trips.csv` and, a file a day, `lake/`."""
    table = trips()
    pyarrow.parquet.write_table(table, folder / "trips.parquet")
    pyarrow.csv.write_csv(table, folder / "trips.csv")
    (folder / "lake").mkdir()
    days = pyarrow.compute.day(table["pickup"])
    for day in range(1, DAYS + 1):
        pyarrow.parquet.write_table(
            table.filter(pyarrow.compute.equal(days, day)), folder / f"lake/2026-03-{day:02}.parquet"
        )
