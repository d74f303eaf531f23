"""Pairs of columns of every kind, as raw values."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

RANDOM = np.random.default_rng(17)
START = dt.datetime(2013, 2, 7, 22, 30)


def few(values: Any, size: int) -> list[Any]:
    return RANDOM.choice(values, size).tolist()


NORMAL = RANDOM.normal(size=300).tolist(), RANDOM.normal(0.3, 1.2, size=200).tolist()
SPREAD = RANDOM.integers(-500, 500, 300).tolist(), RANDOM.integers(-300, 700, 200).tolist()
MIXED = [1, "a", 2.5, True, "a", 1], [1, 1, "b", False, 2.5]
DAYS = [[START.date() + dt.timedelta(days=value) for value in side] for side in SPREAD]
TIMES = [[START + dt.timedelta(hours=value) for value in side] for side in NORMAL]

ORDERED = {
    "floats": NORMAL,
    "floats with ties": tuple(np.round(side, 1).tolist() for side in NORMAL),
    "floats with nulls": ([*NORMAL[0], None, None], [None, *NORMAL[1]]),
    "not finite": ([*NORMAL[0], math.nan, math.inf, -math.inf], [math.nan, *NORMAL[1]]),
    "integers": SPREAD,
    "few integers": (few([1, 2, 3, 6], 300), few([1, 2, 2, 4], 200)),
    "integers and floats": (SPREAD[0], [value + 0.5 for value in SPREAD[1]]),
    "decimals": tuple([Decimal(value) / 4 for value in side] for side in SPREAD),
    "a constant": ([5.0] * 50, [5.0] * 30),
    "two constants": ([5.0] * 50, [7.0] * 30),
    "one value each": ([1.0], [2.0]),
    "dates": DAYS,
    "few dates": (few(DAYS[0][:5], 300), few(DAYS[0][2:6], 200)),
    "timestamps": TIMES,
    "times of day": tuple([moment.time() for moment in side] for side in TIMES),
    "durations": tuple([moment - START for moment in side] for side in TIMES),
}
COUNTED = {
    "strings": (few(["Oslo", "Rome", "日本", ""], 300), few(["Oslo", "Rome", "Rome", "Bonn"], 200)),
    "many strings": (
        few([f"user-{i}" for i in range(500)], 300),
        few([f"user-{i}" for i in range(400)], 200),
    ),
    "strings apart": (["a"] * 5, ["b"] * 7),
    "booleans": (few([True, True, False], 300), few([True, False], 200)),
    "all true": ([True] * 4, [True, False]),
    "mixed types": MIXED,
}


@pytest.fixture(params=[*ORDERED, *COUNTED])
def case(request) -> tuple[str, list[Any], list[Any]]:
    """The name of a kind of column, and its values now and in the reference."""
    now, then = {**ORDERED, **COUNTED}[request.param]
    return request.param, now, then


@pytest.fixture(params=list(ORDERED))
def ordered_case(request) -> tuple[str, list[Any], list[Any]]:
    now, then = ORDERED[request.param]
    return request.param, now, then


@pytest.fixture(params=list(COUNTED))
def counted_case(request) -> tuple[str, list[Any], list[Any]]:
    now, then = COUNTED[request.param]
    return request.param, now, then
