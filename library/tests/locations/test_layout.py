from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegauge.locations.layout import dataset_folder, date_may_hold, file_name, is_dataset_folder, may_hold

ID = "0123456789abcdef" * 2
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment):
    return (moment - EPOCH) // timedelta(microseconds=1)


def test_times_are_utc_whatever_the_zone():
    start = datetime(2026, 11, 28, 1, tzinfo=timezone(timedelta(hours=2)))
    name = file_name("taxi", (start, start + timedelta(hours=1)), ID)
    assert name == f"taxi/2026-11-27/20261127T230000Z_20261128T000000Z_{ID}.parquet"


def test_parts_of_seconds_are_rounded_outwards():
    start = datetime(2026, 11, 28, 1, 2, 3, 999_999, tzinfo=UTC)
    name = file_name("taxi", (start, start + timedelta(microseconds=2)), ID)
    assert name.endswith(f"20261128T010203Z_20261128T010205Z_{ID}.parquet")


def test_the_first_and_the_last_year():
    name = file_name("x", (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)), ID)
    assert name == f"x/0001-01-01/00010101T000000Z_99991231T235959Z_{ID}.parquet"


windows = st.tuples(
    st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)),
    st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(hours=20)),
)
moments = st.none() | st.datetimes(timezones=st.just(UTC))


@given(windows, moments, moments, st.none() | st.text())
def test_no_file_that_holds_what_is_wanted_is_passed_over(window, since, until, dataset):
    start, length = window
    name = file_name(dataset, (start, start + length), ID)
    first, last = (None if when is None else microseconds(when) for when in (since, until))
    wanted = (since is None or start + length > since) and (until is None or start < until)
    assert may_hold(f"root/{name}", first, last) >= wanted
    assert date_may_hold(name.split("/")[1], first, last) >= wanted


@given(windows, st.datetimes(timezones=st.just(UTC), max_value=datetime(9999, 12, 29)))
def test_files_of_another_time_are_passed_over(window, when):
    start, length = window
    name = file_name("taxi", (start, start + length), ID)
    if start + length + timedelta(seconds=1) < when:
        assert not may_hold(name, microseconds(when), None)
    if start > when + timedelta(seconds=1):
        assert not may_hold(name, None, microseconds(when))


def test_what_reaches_beyond_the_last_year_is_never_passed_over():
    name = file_name("x", (EPOCH, datetime.max.replace(tzinfo=UTC)), ID)
    assert may_hold(name, microseconds(datetime.max.replace(tzinfo=UTC)), None)


def test_undated_files_are_passed_over_when_time_is_asked_for():
    assert not may_hold(f"taxi/undated/{ID}.parquet", 0, None)
    assert may_hold(f"taxi/undated/{ID}.parquet", None, None)
    assert not date_may_hold("undated", None, 0)


@pytest.mark.parametrize(
    "name",
    [
        "mine.parquet",
        "undated/mine.parquet",
        f"20269999T000000Z_20261129T000000Z_{ID}.parquet",
        f"x_{ID}.parquet",
    ],
)
def test_other_names_may_hold_anything(name):
    assert may_hold(name, 0, 1)
    assert date_may_hold("2026-99-99", 0, 1)


@given(st.text(min_size=1))
def test_folders_are_safe_anywhere(dataset):
    folder = dataset_folder(dataset)
    assert folder.isascii()
    assert len(folder) <= 140
    assert not set(folder) & set('/\\:*?"<>| ')
    assert folder[0] not in "._"
    assert folder[-1] != "."


@given(st.text(min_size=1), st.text(min_size=1))
def test_folders_differ_as_names_do(one, other):
    assert (dataset_folder(one) == dataset_folder(other)) == (one == other)


def test_long_names_differ_too():
    assert dataset_folder("a" * 500) != dataset_folder("a" * 501)


def test_lone_surrogates_have_a_folder():
    assert dataset_folder("\ud800").isascii()


@pytest.mark.parametrize("folders", [[], ["2026"], ["2026-11-28", "other"], ["2026-11-28x"]])
def test_what_is_no_dataset_folder(folders):
    assert not is_dataset_folder(folders)
