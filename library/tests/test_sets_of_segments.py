"""Sets with segments: what is asked of the whole, chosen from it, and merged."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import tidegauge as tg
from tidegauge.constraints import Range, Suite
from tidegauge.errors import ArgumentError

if TYPE_CHECKING:
    from pathlib import Path

TIMES = [dt.datetime(2013, 2, 7 + row // 3, 10 + row) for row in range(8)]
DATA: dict[str, list[Any]] = {
    "city": ["Oslo", "Rome", None, "Oslo", "Bern", None, "Rome", "Oslo"],
    "fare": [5.0, 7.5, None, 2.5, -1.0, 4.0, 7.5, 0.0],
    "at": TIMES,
}


def test_a_series_is_of_all_records_and_not_of_segments_between_them() -> None:
    days = tg.log(DATA, "rides", timestamp="at", window="1d", segments=["city"])
    assert days.series("fare", "counts.records") == [
        (day.window.start, day.records) for day in days.select({}) if day.window
    ]
    oslo = days.select({"city": "Oslo"})
    assert [records for _, records in oslo.series("fare", "counts.records")] == [p.records for p in oslo]
    alone = tg.log(DATA, "rides", timestamp="at", window="1d", segments=["city"], total=False)
    assert alone.series("fare", "max") == days.series("fare", "max")


def test_the_time_in_a_selection_is_read_as_in_read() -> None:
    days = tg.log(DATA, "rides", timestamp="at", window="1d", segments=["city"])
    with pytest.raises(ArgumentError, match="until='soon' is no time; expected a date"):
        days.select(until="soon")
    with pytest.raises(ArgumentError, match="since=1360281600 is no time"):
        days.select(since=1360281600)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="there is no time between"):
        days.select(since="2013-02-09", until="2013-02-08")
    day = days.select({}, since="2013-02-08", until=dt.date(2013, 2, 9))
    assert [profile.window and profile.window.start.day for profile in day] == [8]
    first = tg.log({"at": ["1969-12-31"]}, timestamp="at", window="1d")
    second = tg.log({"at": ["1970-01-01"]}, timestamp="at", window="1d")
    assert (len(first.select(since="1969-12-31")), len(first.select(since="1970-01-01"))) == (1, 0)
    assert len(second.select(until="2000-01-01")) == 1


def test_scalars_of_numpy_choose_what_pythons_own_do() -> None:
    kinds = tg.log({"paid": [True, False], "at": [TIMES[0], TIMES[1]]}, segments=[["paid"], ["at"]])
    assert kinds.select({"paid": np.bool_(True)}) == kinds.select({"paid": True})  # noqa: FBT003
    for unit in ("s", "us", "ns"):
        assert kinds.select({"at": np.datetime64(TIMES[0], unit)}) == kinds.select({"at": TIMES[0]})


def test_whether_there_is_a_total_is_true_or_false() -> None:
    for make in (tg.log, lambda data, **given: tg.Profiler(**given), _logger):
        with pytest.raises(ArgumentError, match="total='no'; expected True, or False"):
            make(DATA, segments=["city"], total="no")  # type: ignore[call-overload, operator]


def _logger(_: object, **given: Any) -> tg.Logger:
    return tg.Logger("rides", writers=lambda profiles, id: None, **given)  # noqa: A006


def test_lists_of_sets_merge_as_sets_do() -> None:
    days = tg.log(DATA, "rides", timestamp="at", window="1d", segments=["city"])
    assert tg.merge([days, days]) == tg.merge(days, days)
    assert days.merge_windows([days, days]) == days.merge_windows(days, days)
    assert days.merge_windows(days[0]) == days.merge_windows([days[0]])
    with pytest.raises(ArgumentError, match=r"merge_windows\(\) takes profiles, profile sets .* not int"):
        days.merge_windows(3)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match=r"merge\(\) takes profiles, profile sets .* not str"):
        tg.merge([days, "days.parquet"])  # type: ignore[list-item]


def test_a_null_and_the_text_of_it_are_told_apart_wherever_a_segment_is_named() -> None:
    cities = [None, "null", "", " ", "Oslo"]
    rides = tg.log(
        {"city": cities * 20, "fare": [float(row) for row in range(100)]}, "rides", segments=["city"]
    )
    suite = Suite([Range("fare", at_least=50)])
    written = {"null": None, "'null'": "null", "''": "", "' '": " ", "Oslo": "Oslo"}
    for label, city in written.items():
        profile = rides.select({"city": city})[0]
        assert f"city={label} · 20 records" in repr(profile)
        report = tg.compare(profile, profile)
        assert f"current    city={label} · " in str(report)
        result = suite.check(profile)
        assert f"city={label} · " in str(result)
        for page in (report.html(), result.html(), tg.report(profile).html()):
            assert f"city = {escape(label)}<" in page
        assert f'name="segment city" value="{label}"' in result.junit()


def test_suggestions_of_a_set_with_segments_are_asked_for_one_of_them() -> None:
    days = tg.log(DATA, "rides", timestamp="at", window="1d", segments=["city"])
    with pytest.raises(ArgumentError, match=r"give those of all records, history\.totals\(\), or"):
        tg.constraints.suggest(days)
    assert tg.constraints.suggest(days.totals()).suite


def test_records_without_the_column_of_segments_are_told_as_tables_are(tmp_path: Path) -> None:
    records = [{"city": city, "fare": fare} for city, fare in zip(DATA["city"], DATA["fare"], strict=True)]
    lines = tmp_path / "rides.ndjson"
    lines.write_text("\n".join(map(json.dumps, records)))
    for data in (records, iter(records), lines):
        with pytest.raises(
            ArgumentError, match='names the column "citi", which the data does not have; did you mean "city"'
        ):
            tg.log(data, segments=[["city"], ["citi"]])
    some = tg.log([{"fare": 1.0}, {"city": "Oslo"}], segments=["city"])
    assert [profile.segment for profile in some] == [{}, {"city": None}, {"city": "Oslo"}]
    derived = tg.log(records, segments=["dear"], derived={"dear": "fare > 5"}, total=False)
    assert [profile.segment["dear"] for profile in derived] == [None, "false", "true"]
    hidden = tg.log(records, segments=["city"], schema=tg.Schema(only=["fare"]))
    assert len(hidden.select(["city"])) == 4
    service = tg.Profiler(segments=["city"])
    service.record({"fare": 1.0})  # another may have it
    assert service.profile().select({"city": None})[0].records == 1


def test_what_is_of_one_process_says_so_when_it_is_pickled() -> None:
    with (
        tg.Logger("rides", writers=lambda profiles, id: None) as logger,  # noqa: A006
        pytest.raises(
            TypeError, match="a Logger is of its process and cannot be pickled or copied; make one in"
        ),
    ):
        pickle.dumps(logger)
    with pytest.raises(TypeError, match=r"a Profiler is of its process .* send what it has made"):
        copy.copy(tg.Profiler())


def test_windows_in_which_one_segment_stands_alone_are_of_all_records() -> None:
    data = {"day": ["2024-03-01", "2024-03-01", "2024-03-02", "2024-03-02", "2024-03-03"]}
    data["city"] = ["Oslo", "Rome", "Oslo", "Oslo", "Rome"]
    for most in (10, 1):  # with one segment at most, the third day has none but that of all others
        days = tg.log(data, timestamp="day", window="1d", segments=["city"], total=False, max_segments=most)
        totals = days.totals()
        assert [(p.segment, p.is_other_segment, p.records) for p in totals] == [
            ({}, False, 2),
            ({}, False, 2),
            ({}, False, 1),
        ]
        assert totals.merge().records == days.merge().records == 5
        assert days["2024-03-02"] == totals[1]
    # A set of one segment stays known by it.
    oslo = days.select({"city": "Oslo"})
    assert [p.segment for p in oslo.totals()] == [{"city": "Oslo"}] * 2
    assert oslo["2024-03-02"].segment == {"city": "Oslo"}
