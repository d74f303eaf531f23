"""Data that several tests log."""

from __future__ import annotations

import datetime as dt
import math
import os
import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings

import tidegauge as tg
from library.tests.servers.fixtures import ingest_process, ingest_server, s3_bucket, s3_process

__all__ = ["ingest_process", "ingest_server", "s3_bucket", "s3_process"]

UTC = dt.UTC

# The same examples in every run, however slow the machine: a change is judged by what it changed.
# HYPOTHESIS_PROFILE=exploring looks for new ones.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("exploring", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def alike(one: Any, other: Any) -> bool:
    """Whether two contents of columns are the same but for the last bits of floating-point numbers."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, str) and isinstance(other, str) and one != other:
        try:
            return math.isclose(float(one), float(other), rel_tol=1e-9)
        except ValueError:
            return False
    return one == other


@pytest.fixture
def same_in_parts():
    """Tells whether two profiles are equal but for what rounding does when data comes in parts."""

    def same(one: tg.Profile, other: tg.Profile) -> bool:
        return alike(one._identity(), other._identity()) and all(
            alike(column._identity(), other[column.name]._identity()) for column in one
        )

    return same


@pytest.fixture
def columns() -> dict[str, list[Any]]:
    """A column of each common type, with nulls, ties, negatives and an empty string."""
    start = dt.datetime(2013, 2, 7, 22, 30)
    return {
        "whole": [3, -1, None, 0, 7, 7],
        "part": [0.5, -2.25, None, 0.0, 1e9, 0.5],
        "text": ["Oslo", "", None, "Rome", "Oslo", "日本"],
        "flag": [True, False, None, True, True, False],
        "day": [None if i == 2 else dt.date(1969, 12, 30) + dt.timedelta(days=i) for i in range(6)],
        "when": [None if i == 2 else start + dt.timedelta(minutes=17 * i) for i in range(6)],
        "span": [None if i == 2 else dt.timedelta(seconds=i - 1) for i in range(6)],
    }


@pytest.fixture
def records(columns) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


@pytest.fixture
def wide_range() -> tg.Profile:
    """100,000 lognormal values, 20,000 distinct texts, and a small integer."""
    random_ = random.Random(1)
    size = 100_000
    return tg.log(
        {
            "fare": [random_.lognormvariate(2, 1) for _ in range(size)],
            "user": [f"user-{random_.randrange(20_000)}" for _ in range(size)],
            "seats": [random_.randrange(1, 7) for _ in range(size)],
        },
        "rides",
    )


@pytest.fixture
def small() -> tg.Profile:
    """One profile with a column of most types."""
    return tg.log(
        {
            "fare": [5.0, 7.5, None, 40.0],
            "seats": [1, 2, 2, 6],
            "city": ["Oslo", "Rome", "Oslo", None],
            "paid": [True, True, False, None],
            "at": [dt.datetime(2013, 2, 8, hour, tzinfo=UTC) for hour in (1, 2, 3, 23)],
            "price": [Decimal("1.10"), Decimal("2.20"), Decimal("-3.30"), None],
            "nothing": [None, None, None, None],
        },
        "taxi",
        tags={"zone": "north"},
    )


@pytest.fixture
def days() -> tg.ProfileSet:
    """Three days, one without a timestamp, and the middle one all null."""
    data = {
        "at": ["2013-02-07T10:00", "2013-02-07T12:00", "2013-02-08T01:00", "2013-02-09T23:59", None],
        "delay": [1.0, 3.0, None, 8.0, 2.0],
    }
    return tg.log(data, "flights", timestamp="at", window="1d")
