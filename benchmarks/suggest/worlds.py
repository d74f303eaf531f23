"""Simulated histories without a fault and without a trend: what fails in them fails wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

TIMESTAMP = "at"
_SECONDS = 86_400


@dataclass(frozen=True)
class World:
    """A way in which data can vary from day to day, for ever in the same way.

    Attributes:
        name: What it is called.
        history: How many days the suite is made from.
        make: Makes days of data from a generator.
        promised: Whether the promise is held to it.
    """

    name: str
    history: int
    make: Callable[[np.random.Generator, int], pd.DataFrame]
    promised: bool = True


@dataclass
class Days:
    """Days under construction: how many records each has, and what columns they have."""

    rng: np.random.Generator
    sizes: np.ndarray
    columns: dict[str, object]

    @property
    def day(self) -> np.ndarray:
        """The day of each record, counted from 0."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @property
    def rows(self) -> int:
        """How many records there are."""
        return int(self.sizes.sum())

    def frame(self) -> pd.DataFrame:
        """The table, with a timestamp."""
        seconds = self.day * _SECONDS + self.rng.integers(0, _SECONDS, self.rows)
        start = np.datetime64("2024-01-01T00:00:00", "us")
        return pd.DataFrame({TIMESTAMP: start + seconds.astype("timedelta64[s]"), **self.columns})


def _columns(
    rng: np.random.Generator,
    sizes: np.ndarray,
    *,
    effects: Callable[[int], np.ndarray],
    null_rates: np.ndarray | float = 0.05,
) -> pd.DataFrame:
    """Nine columns as tables have them; `effects(i)` moves column i of each day, in standard deviations."""
    days = Days(rng, sizes, {})
    day, rows = days.day, days.rows

    def effect(column: int) -> np.ndarray:
        return effects(column)[day]

    temperature = 20.0 + 4.0 * (rng.normal(size=rows) + effect(0))
    gone = rng.random(rows) < np.broadcast_to(null_rates, len(sizes))[day]
    ranks = np.arange(1, 41)
    weights = ranks**-1.2 / (ranks**-1.2).sum()
    few = np.array([0.5, 0.3, 0.15, 0.05])
    days.columns = {
        "id": np.arange(rows) + int(rng.integers(1, 10**9)),
        "amount": np.exp(3.0 + 0.6 * (rng.normal(size=rows) + effect(1))).round(2),
        "temperature": np.where(gone, np.nan, temperature),
        "count": rng.poisson(8.0 * np.exp(0.1 * effect(2))),
        "score": np.clip(0.5 + 0.15 * (rng.normal(size=rows) + effect(3)), 0.0, 1.0),
        "paid": rng.random(rows) < 1.0 / (1.0 + np.exp(-0.5 - 0.3 * effect(4))),
        "city": np.array([f"city-{rank:02d}" for rank in ranks])[rng.choice(40, rows, p=weights)],
        "kind": np.array(["walk-in", "web", "phone", "partner"])[rng.choice(4, rows, p=few)],
        "user": np.array([f"user-{k}" for k in rng.integers(0, 5_000, rows)]),
    }
    frame = days.frame()
    frame["city"] = frame["city"].mask(rng.random(rows) < 0.02)
    return frame


def _independent(size: int, spread: float) -> Callable[[np.random.Generator, int], pd.DataFrame]:
    def make(rng: np.random.Generator, days: int) -> pd.DataFrame:
        sizes = rng.poisson(size, days)
        return _columns(rng, sizes, effects=lambda _: spread * rng.normal(size=days))

    return make


def _autocorrelated(rng: np.random.Generator, days: int) -> pd.DataFrame:
    def effects(_: int) -> np.ndarray:
        values = np.empty(days)
        values[0] = rng.normal()
        for day in range(1, days):
            values[day] = 0.8 * values[day - 1] + 0.6 * rng.normal()
        return 0.3 * values

    return _columns(rng, rng.poisson(400, days), effects=effects)


def _seasonal(rng: np.random.Generator, days: int) -> pd.DataFrame:
    weekday = np.arange(days) % 7
    sizes = rng.poisson(np.array([500, 480, 470, 480, 520, 250, 200])[weekday])
    pattern = np.array([0.0, 0.1, 0.1, 0.0, -0.1, 0.8, 1.0])
    return _columns(rng, sizes, effects=lambda _: pattern[weekday] + 0.1 * rng.normal(size=days))


def _heavy(rng: np.random.Generator, days: int) -> pd.DataFrame:
    shared = rng.standard_t(3, days)

    def effects(_: int) -> np.ndarray:
        return 0.15 * (shared + rng.standard_t(3, days))

    rates = np.clip(0.03 * np.exp(0.5 * rng.standard_t(4, days)), 0.0, 0.9)
    return _columns(rng, rng.poisson(400, days), effects=effects, null_rates=rates)


def _uneven(rng: np.random.Generator, days: int) -> pd.DataFrame:
    sizes = np.clip(np.exp(rng.normal(5.7, 0.9, days)), 40, 4_000).astype(int)
    return _columns(rng, sizes, effects=lambda _: 0.05 * rng.normal(size=days))


def _wide(rng: np.random.Generator, days: int) -> pd.DataFrame:
    made = Days(rng, rng.poisson(300, days), {})
    for number in range(60):
        moves = (0.2 * rng.normal(size=days))[made.day]
        values = rng.normal(size=made.rows) + moves
        made.columns[f"x{number:02d}"] = np.exp(values) if number % 3 == 0 else 10.0 + values
    return made.frame()


def _bursting(rng: np.random.Generator, days: int) -> pd.DataFrame:
    rates = np.where(rng.random(days) < 0.02, 0.4, 0.02)
    return _columns(
        rng, rng.poisson(400, days), effects=lambda _: 0.1 * rng.normal(size=days), null_rates=rates
    )


WORLDS = (
    World("independent days, 60", 60, _independent(400, 0.0)),
    World("days that differ, 30", 30, _independent(400, 0.2)),
    World("days that differ, 14", 14, _independent(400, 0.2)),
    World("days that differ, 200", 200, _independent(200, 0.2)),
    World("autocorrelated days, 60", 60, _autocorrelated),
    World("weekdays, 56", 56, _seasonal),
    World("heavy tails, 60", 60, _heavy),
    World("heavy tails, 200", 200, _heavy),
    World("sizes from 40 to 4,000, 60", 60, _uneven),
    World("60 columns, 30", 30, _wide),
    World("bursts of nulls, 1 day in 50; 60", 60, _bursting, promised=False),
)
