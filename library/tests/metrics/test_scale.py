from __future__ import annotations

import datetime as dt
import math

import pyarrow as pa
import pytest

import tidegauge as tg
from tidegauge.metrics.scale import Scale

VALUES = [
    (Scale("number"), 1.5, 1.5),
    (Scale("number", whole=True), 3.0, 3),
    (Scale("timestamp"), -1.0, dt.datetime(1969, 12, 31, 23, 59, 59, 999999)),
    (Scale("timestamp", zoned=True), 1e15, dt.datetime(2001, 9, 9, 1, 46, 40, tzinfo=dt.UTC)),
    (Scale("date"), -1.0, dt.date(1969, 12, 31)),
    (Scale("time"), 1.0, dt.time(0, 0, 0, 1)),
    (Scale("duration"), -1e6, dt.timedelta(seconds=-1)),
]


@pytest.mark.parametrize(("scale", "number", "value"), VALUES)
def test_there_and_back(scale, number, value):
    assert scale.value(number) == value
    assert type(scale.value(number)) is type(value)
    assert scale.number(value) == number


def test_what_no_datetime_can_say_stays_a_number():
    assert Scale("timestamp").value(1e20) == 1e20
    assert Scale("date").value(-1e9) == -1e9
    assert Scale("number", whole=True).value(2.0**60) == 2.0**60
    assert isinstance(Scale("number", whole=True).value(2.0**60), float)


def test_nothing():
    assert Scale("date").value(math.nan) is None
    assert Scale("duration").spread(math.nan) is None
    assert Scale("timestamp").extreme(math.nan, None) is None
    assert math.isnan(Scale("number").value(math.nan))


def test_texts_and_zones():
    assert Scale("date").number("1970-01-03") == 2.0
    assert Scale("date").number(dt.datetime(1970, 1, 2, 12)) == 1.5
    assert Scale("time").number("00:00:01") == 1e6
    eastern = dt.timezone(dt.timedelta(hours=-5))
    assert Scale("timestamp").number(dt.datetime(1969, 12, 31, 19, tzinfo=eastern)) == 0.0


@pytest.mark.parametrize("kind", ["timestamp", "date", "duration"])
def test_a_spread_that_no_timedelta_can_say_is_the_longest(kind):
    assert Scale(kind).spread(1e30) == dt.timedelta.max
    assert Scale(kind).spread(math.inf) == dt.timedelta.max
    assert Scale(kind).spread(-1e30) == dt.timedelta.min


@pytest.mark.parametrize("kind", ["timestamp", "duration"])
def test_times_at_the_ends_of_what_arrow_holds_are_drawn(kind):
    numbers = pa.array([2**63 - 1, -(2**63) + 1, 0], pa.int64())
    profile = tg.log(pa.table({"x": numbers.cast(getattr(pa, kind)("s"))}))
    report = tg.report(profile)
    assert profile["x"].moments.stddev == dt.timedelta.max
    for text in (report.html(), report.markdown(), report.json(), report.text(), repr(profile)):
        assert "x" in text
