# ruff: noqa: S301 - our own pickles

from __future__ import annotations

import datetime as dt
import json
import pickle

import numpy as np
import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError, MissingColumnError, MissingWindowError

UTC = dt.UTC


def day(number: int) -> dt.datetime:
    return dt.datetime(2013, 2, number, tzinfo=UTC)


def test_windows_in_order_with_the_one_without_first(days):
    assert days.windows == (None, (day(7), day(8)), (day(8), day(9)), (day(9), day(10)))
    assert [profile.records for profile in days] == [1, 2, 1, 1]
    assert days.records == 5
    assert days.dataset == "flights"
    assert days.columns == ("at", "delay")
    assert len(days) == 4


def test_constructor_sorts_and_refuses_others(days):
    assert tg.ProfileSet(reversed(days)) == days
    with pytest.raises(ArgumentError, match="expected a Profile, not int"):
        tg.ProfileSet([1])


@pytest.mark.parametrize(
    "when",
    ["2013-02-08", "2013-02-08T23:59:59", dt.date(2013, 2, 8), dt.datetime(2013, 2, 8, 12), day(8),
     dt.datetime(2013, 2, 9, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))],
    ids=str,
)  # fmt: skip
def test_index_by_time(days, when):
    assert days[when].window == (day(8), day(9))


def test_index_by_position_and_slice(days):
    assert days[0].window is None
    assert days[-1].window == (day(9), day(10))
    assert isinstance(days[1:3], tg.ProfileSet)
    assert days[1:3].windows == days.windows[1:3]
    with pytest.raises(IndexError):
        days[4]


def test_index_by_a_time_of_several_profiles_merges_them(days):
    both = tg.ProfileSet([*days, days[1]])
    assert both["2013-02-07"].records == 4


def test_index_by_a_time_that_is_not_there(days):
    with pytest.raises(MissingWindowError, match=r"reach from 2013-02-07T00:00:00.* to 2013-02-10"):
        days["2013-02-10"]
    with pytest.raises(KeyError, match="has no windows"):
        tg.ProfileSet([tg.log({"a": [1]})])["2013-02-10"]
    with pytest.raises(ArgumentError, match="'delay' is no time"):
        days["delay"]


@pytest.mark.parametrize(("given", "told"), [("soon", "since='soon' is no time"), (5, "since=5 is no time")])
def test_select_by_what_is_no_time_says_what_was_given(days, given, told):
    with pytest.raises(ArgumentError, match=told):
        days.select(since=given)


def test_series_follows_a_metric(days):
    assert days.series("delay") == [(None, 0.0), (day(7), 0.0), (day(8), 1.0), (day(9), 0.0)]
    assert days[1:].series("delay", "max") == [(day(7), 3.0), (day(8), None), (day(9), 8.0)]
    assert days[1:].series("at", "cardinality.estimate") == [(day(7), 2.0), (day(8), 1.0), (day(9), 1.0)]
    assert days[1:2].series("delay", lambda column: column.mean * 2) == [(day(7), 4.0)]
    assert days[1:2].series("at", "mean") == [(day(7), None)]


def test_series_of_what_is_not_there(days):
    with pytest.raises(MissingColumnError, match="did you mean 'delay'"):
        days.series("dealy")
    with pytest.raises(ArgumentError, match="no such metric"):
        days.series("delay", "null_rat")


def test_series_of_a_column_that_comes_later():
    parts = tg.Profiler(timestamp="t", window="1d")
    parts.record({"t": "2013-02-07", "a": 1})
    parts.record({"t": "2013-02-08", "a": 1, "b": 2})
    assert parts.profile().series("b", "mean") == [(day(7), None), (day(8), 2.0)]


def test_merge_gives_the_profile_of_all(days):
    merged = days.merge()
    assert merged.records == 5
    assert merged["delay"].mean == 3.5
    assert merged["delay"].nulls == 1
    assert tg.ProfileSet([]).merge() == tg.log([])


def test_merge_windows_is_window_by_window(days):
    merged = days.merge_windows(days, [days[1]])
    assert merged.windows == days.windows
    assert [profile.records for profile in merged] == [2, 6, 2, 2]


def test_round_trips(days, tmp_path):
    path = tmp_path / "days.parquet"
    days.write(path)
    for back in (
        tg.ProfileSet.from_bytes(days.to_bytes()),
        pickle.loads(pickle.dumps(days)),
        tg.ProfileSet.read(path),
        tg.read(path),
    ):
        assert isinstance(back, tg.ProfileSet)
        assert back == days
        assert hash(back) == hash(days)
    assert days != tg.ProfileSet(days[1:])


def test_one_window_written_comes_back_as_a_set(days, tmp_path):
    days[1:2].write(tmp_path / "day.parquet")
    assert isinstance(tg.read(tmp_path / "day.parquet"), tg.ProfileSet)


def test_empty_set_round_trips(tmp_path):
    empty = tg.log({"t": [], "x": []}, timestamp="t", window="1d")
    assert len(empty) == 0
    assert tg.ProfileSet.from_bytes(empty.to_bytes()) == empty
    assert (empty.dataset, empty.records, empty.columns, empty.windows) == (None, 0, (), ())
    assert empty.to_pandas().empty


def test_to_dict_and_summary(days):
    plain = json.loads(json.dumps(days.to_dict()))
    assert [profile["records"] for profile in plain["profiles"]] == [1, 2, 1, 1]
    assert plain["profiles"][1]["window"] == {
        "start": "2013-02-07T00:00:00+00:00",
        "end": "2013-02-08T00:00:00+00:00",
    }
    assert days.summary()[1]["mean"] == 3.5


def test_repr_draws(days):
    assert "flights" in repr(days)
    assert "flights" in days._repr_html_()


@pytest.mark.parametrize(
    ("window", "starts"),
    [
        ("1h", ["2013-01-31T23:00", "2013-02-01T00:00", "2013-03-01T05:00"]),
        ("6h", ["2013-01-31T18:00", "2013-02-01T00:00", "2013-03-01T00:00"]),
        (dt.timedelta(hours=6), ["2013-01-31T18:00", "2013-02-01T00:00", "2013-03-01T00:00"]),
        (dt.timedelta(days=1), ["2013-01-31T00:00", "2013-02-01T00:00", "2013-03-01T00:00"]),
        ("1mo", ["2013-01-01T00:00", "2013-02-01T00:00", "2013-03-01T00:00"]),
        ("30s", ["2013-01-31T23:59:30", "2013-02-01T00:00:00", "2013-03-01T05:06:00"]),
    ],
    ids=str,
)
def test_lengths_of_windows(window, starts):
    data = {
        "t": [dt.datetime(2013, 1, 31, 23, 59, 59), dt.datetime(2013, 2, 1), dt.datetime(2013, 3, 1, 5, 6, 7)]
    }
    profiles = tg.log(data, timestamp="t", window=window)
    expected = [dt.datetime.fromisoformat(start).replace(tzinfo=UTC) for start in starts]
    assert [found.start for found in profiles.windows] == expected


@pytest.mark.parametrize(
    "window",
    [
        "",
        "1",
        "d",
        "0d",
        "-1d",
        "1 day",
        "1.5h",
        "1y",
        dt.timedelta(0),
        dt.timedelta(milliseconds=1500),
        3600,
    ],
)
def test_window_that_is_none(window):
    with pytest.raises(ArgumentError, match="window"):
        tg.log({"t": []}, timestamp="t", window=window)


def test_window_needs_a_timestamp():
    with pytest.raises(ArgumentError, match="needs timestamp="):
        tg.log({"t": []}, window="1d")


def test_timestamp_before_1970_and_of_all_kinds():
    for stamps in (
        [dt.datetime(1969, 12, 31, 23, 59, 59, 999999)],
        [dt.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)],
        [dt.date(1969, 12, 31)],
        ["1969-12-31T23:59:59.999999"],
        ["1969-12-31"],
    ):
        profiles = tg.log({"t": stamps}, timestamp="t", window="1d")
        assert profiles.windows == (
            (dt.datetime(1969, 12, 31, tzinfo=UTC), dt.datetime(1970, 1, 1, tzinfo=UTC)),
        )


def test_windows_beyond_what_a_datetime_holds():
    years = [dt.datetime.min, dt.datetime(2020, 1, 1), dt.datetime.max]
    days = tg.log({"t": years}, timestamp="t", window="1d")
    assert [day.records for day in days] == [1, 1, 1]
    assert days[-1].window.end == dt.datetime.max.replace(tzinfo=UTC)
    assert str(days[0].window.start) == "0001-01-01 00:00:00+00:00"
    assert repr(days)
    assert days._repr_html_()
    seconds = np.array([-(2**62) // 10**6, 2**61 // 10**6, 2**62 // 10**6], "M8[s]")
    far = tg.log({"t": seconds}, timestamp="t", window="1mo")
    assert [day.records for day in far] == [1, 1, 1]
    assert far[1] != far[2]
    assert len(far.merge_windows(far)) == 3
    assert tg.ProfileSet.from_bytes(far.to_bytes()) == far
    assert repr(far)
    assert far.to_dict()
    assert far.summary()
    assert far._repr_html_()
