"""Segments: each is the profile of its records alone, whatever the data comes in."""

from __future__ import annotations

import datetime as dt
import json
import random
import threading
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

import tidegauge as tg
from tidegauge.errors import ArgumentError, DataError, MergeError, MissingSegmentError, MissingWindowError

CITIES = ["Oslo", "Rome", None, "Oslo", "Bern", None, "Rome", "Oslo"]
SIZES = [1, 2, 1, 1, None, 2, 2, 3]
FARES = [5.0, 7.5, None, 2.5, -1.0, 4.0, 7.5, 0.0]
TIMES = [dt.datetime(2013, 2, 7 + row // 3, 10 + row) for row in range(8)]
DATA: dict[str, list[Any]] = {"city": CITIES, "size": SIZES, "fare": FARES, "at": TIMES}


def rows(keep: list[bool], data: dict[str, list[Any]] = DATA) -> pa.Table:
    """Some of the records, as a table of the types of all."""
    return pa.table(data).filter(pa.array(keep))


def content(profile: tg.Profile) -> list[Any]:
    return [column._identity() for column in profile]


def keys(profiles: tg.ProfileSet) -> list[tuple[Any, int]]:
    return [(tuple(profile.segment.values()), profile.records) for profile in profiles]


def inputs(folder) -> dict[str, Any]:
    """The same records in everything that can be logged."""
    table = pa.table(DATA)
    pq.write_table(table, folder / "rides.parquet", row_group_size=3)
    with ipc.new_file(folder / "rides.arrow", table.schema) as writer:
        writer.write_table(table, 2)
    frame = table.to_pandas()
    frame["size"] = frame["size"].astype("Int64")
    records = table.to_pylist()
    texts = [{**record, "at": record["at"].isoformat()} for record in records]
    (folder / "rides.ndjson").write_text("".join(json.dumps(record) + "\n" for record in texts))
    lines = [",".join("" if value is None else str(value) for value in record.values()) for record in texts]
    (folder / "rides.csv").write_text("\n".join(["city,size,fare,at", *lines]) + "\n")
    return {
        "arrow": table,
        "batches": table.to_reader(max_chunksize=3),
        "dictionary": table.set_column(0, "city", table["city"].dictionary_encode()),
        "view": table.set_column(0, "city", table["city"].cast(pa.string_view())),
        "pandas": frame,
        "category": frame.astype({"city": "category"}),
        "objects": {name: np.array(values, object) for name, values in DATA.items()},
        "lists": DATA,
        "polars": pl.DataFrame(table),
        "lazy": pl.DataFrame(table).lazy(),
        "records": records,
        "parquet": folder / "rides.parquet",
        "ipc": folder / "rides.arrow",
        "csv": folder / "rides.csv",
        "ndjson": folder / "rides.ndjson",
    }


KINDS = sorted([
    "arrow", "batches", "dictionary", "view", "pandas", "category", "objects", "lists", "polars", "lazy",
    "records", "parquet", "ipc", "csv", "ndjson",
])  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_input_gives_the_same_segments(kind, tmp_path):
    found = tg.log(inputs(tmp_path)[kind], "rides", segments=[["city"], ["city", "size"]])
    assert keys(found) == [
        ((), 8),
        ((None,), 2),
        (("Bern",), 1),
        (("Oslo",), 3),
        (("Rome",), 2),
        ((None, "1"), 1),
        ((None, "2"), 1),
        (("Bern", None), 1),
        (("Oslo", "1"), 2),
        (("Oslo", "3"), 1),
        (("Rome", "2"), 2),
    ]
    for profile in found.select(["city"]):
        alone = tg.log(rows([city == profile.segment["city"] for city in CITIES]))
        fares, expected = profile["fare"], alone["fare"]
        assert (fares.counts, fares.types) == (expected.counts, expected.types)
        assert fares.frequent_items.top(9) == expected.frequent_items.top(9)
        assert fares.values.quantile([0, 0.5, 1]) == expected.values.quantile([0, 0.5, 1])
        assert fares.cardinality.estimate == expected.cardinality.estimate


@pytest.mark.parametrize("kind", KINDS)
def test_every_input_gives_the_same_windows_of_segments(kind, tmp_path):
    found = tg.log(inputs(tmp_path)[kind], timestamp="at", window="1d", segments=["city"])
    told = [(p.window.start.day, p.segment.get("city", "all"), p.records) for p in found if p.window]
    assert told == [
        (7, "all", 3), (7, None, 1), (7, "Oslo", 1), (7, "Rome", 1),
        (8, "all", 3), (8, None, 1), (8, "Bern", 1), (8, "Oslo", 1),
        (9, "all", 2), (9, "Oslo", 1), (9, "Rome", 1),
    ]  # fmt: skip


def test_a_segment_equals_the_profile_of_its_records():
    found = tg.log(pa.table(DATA), "rides", segments=["city"], tags={"k": "v"})
    assert found[0] == tg.log(pa.table(DATA), "rides", tags={"k": "v"})
    for profile in found[1:]:
        alone = tg.log(rows([city == profile.segment["city"] for city in CITIES]))
        assert content(profile) == content(alone)
        assert (profile.dataset, profile.tags) == ("rides", {"k": "v"})


def test_many_records_and_many_segments_match_a_group_by():
    random.seed(4)
    data = {
        "user": [f"user-{random.randrange(500)}" for _ in range(20_000)],
        "x": [random.choice([None, 1.5, 2.5, -3.0]) for _ in range(20_000)],
    }
    table = pa.table(data)
    found = tg.log(table, segments=["user"], total=False)
    frame = table.to_pandas()
    assert len(found) == frame["user"].nunique()
    grouped = frame.groupby("user")["x"]
    counts, sums = grouped.size(), grouped.sum()
    for profile in found:
        user = profile.segment["user"]
        assert profile.records == counts[user]
        column = profile["x"]
        total = column.mean * column.values.n if column.values and column.values.n else 0.0
        assert total == pytest.approx(sums[user])


def test_without_a_total():
    found = tg.log(DATA, segments=["size"], total=False)
    assert keys(found) == [((None,), 1), (("1",), 3), (("2",), 3), (("3",), 1)]
    assert found.records == 8
    assert found.merge().records == 8


def test_records_one_by_one_and_threads_add_up():
    profiler = tg.Profiler(segments=[["city"], ["size"]], max_segments=3)

    def work() -> None:
        for number in range(500):
            profiler.record({"city": CITIES[number % 8], "size": number % 5, "x": number})

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = profiler.profile()
    assert profiler.records == found.records == 2_000
    for partition in (["city"], ["size"]):
        assert sum(profile.records for profile in found.select(partition)) == 2_000
    assert len(found.select(["size"])) == 4  # three of five, and the others
    assert [p.records for p in found.select(["size"]) if p.is_other_segment] == [800]


def test_taking_out_keeps_the_segments_that_there_are():
    profiler = tg.Profiler(segments=["user"], max_segments=2)
    profiler.log({"user": ["a", "b", "c"]})
    first = profiler.take()
    assert (first.records, profiler.records) == (3, 0)
    profiler.log({"user": ["c", "a"]})
    second = profiler.take()
    assert keys(second) == [((), 2), (("a",), 1), (("(other)",), 1)]
    assert first.merge_windows(second).select({"user": "a"})[0].records == 2


def test_keys_are_written_as_frequent_items_are():
    keys = [True, 7, 1.5, 1e16, 1e-7, Decimal("2.50"), dt.date(2013, 2, 8), dt.time(10, 30), "x", ""]
    moments = [
        (dt.datetime(2013, 2, 8, 5), "2013-02-08T05:00:00Z"),
        (dt.datetime(2013, 2, 8, 5, tzinfo=dt.timezone(dt.timedelta(hours=2))), "2013-02-08T03:00:00Z"),
    ]
    texts = ["true", "7", "1.5", "1e16", "1e-7", "2.5", "2013-02-08", "10:30:00", "x", ""]
    for value, text in [*zip(keys, texts, strict=True), *moments]:
        for data in ({"key": pa.array([value, None])}, [{"key": value}, {"key": None}]):
            found = tg.log(pa.table(data) if isinstance(data, dict) else data, segments=["key"])
            assert [profile.segment["key"] for profile in found[1:]] == [None, text]
            assert found.select({"key": value})[0].records == 1


def test_nan_is_null_where_it_marks_missing_values():
    frame = pd.DataFrame({"key": [1.0, float("nan"), 1.0], "x": [1, 2, 3]})
    assert keys(tg.log(frame, segments=["key"]))[1:] == [((None,), 1), (("1",), 2)]
    assert keys(tg.log(pa.table({"key": [float("nan")]}), segments=["key"]))[1:] == [(("nan",), 1)]


def test_conditions_are_counted_per_segment():
    for data in (
        pa.table(DATA),
        pa.table(DATA).to_pylist(),
        {k: np.array(v, object) for k, v in DATA.items()},
    ):
        found = tg.log(data, segments=["city"], conditions={"dear": tg.col("fare") > 4})
        told = {profile.segment.get("city", "all"): profile.conditions["dear"].passed for profile in found}
        assert told == {"all": 3, None: 0, "Bern": 0, "Oslo": 1, "Rome": 2}


def test_a_column_outside_of_the_schema_still_groups():
    schema = tg.Schema(only=["fare"])
    for data in (DATA, pa.table(DATA), pa.table(DATA).to_pylist()):
        found = tg.log(data, segments=["city"], schema=schema)
        assert len(found) == 5
        assert {profile.columns for profile in found} == {("fare",)}


def test_a_missing_column_is_an_error_at_first_and_null_later():
    with pytest.raises(
        ArgumentError, match=r"'?\"?citi\"?'?, which the data does not have; did you mean \"city\""
    ):
        tg.log(DATA, segments=["citi"])
    profiler = tg.Profiler(segments=["city"])
    profiler.log(DATA)
    profiler.log({"fare": [1.0, 2.0]})
    profiler.record({"fare": 3.0})
    assert profiler.profile().select({"city": None})[0].records == 5


@pytest.mark.parametrize(
    "data",
    [pa.table({"tags": [[1], [2]]}), [{"tags": [1]}], [{"tags": {"a": 1}}], {"tags": [b"x", b"y"]}],
    ids=["table", "list", "dict", "bytes"],
)
def test_nested_values_and_bytes_are_no_keys(data):
    with pytest.raises(ArgumentError, match='segment column "tags" holds'):
        tg.log(data, segments=["tags"])


def test_a_record_with_a_wrong_key_leaves_nothing_behind():
    profiler = tg.Profiler(segments=["city"])
    profiler.record({"city": "Oslo", "fare": 1.0})
    with pytest.raises(ArgumentError):
        profiler.record({"fare": 2.0, "city": ["Oslo"]})
    assert [(p.records, p["fare"].values.n) for p in profiler.profile()] == [(1, 1), (1, 1)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"segments": "city"}, r"give segments=\['city'\]"),
        ({"segments": []}, "expected a list of columns"),
        ({"segments": [["city"], "size"]}, "either columns"),
        ({"segments": [[1]]}, "by text, not 1"),
        ({"segments": [[]]}, "each once"),
        ({"segments": ["city", "city"]}, "each once"),
        ({"segments": [["city"], ["city"]]}, "twice"),
        ({"segments": ["city"], "max_segments": 0}, "1 or more"),
        ({"segments": ["city"], "max_segments": True}, "1 or more"),
        ({"total": False}, "nothing to profile"),
    ],
)
def test_arguments_that_cannot_be_meant(arguments, said):
    with pytest.raises(ArgumentError, match=said):
        tg.log(DATA, **arguments)


def test_the_others_say_so(tmp_path):
    found = tg.log(DATA, segments=["city"], max_segments=1)
    assert keys(found) == [((), 8), (("Oslo",), 3), (("(other)",), 5)]
    assert [profile.is_other_segment for profile in found] == [False, False, True]
    found.write(tmp_path / "set.parquet")
    again = tg.ProfileSet.read(tmp_path / "set.parquet")
    assert again == found
    assert [profile.is_other_segment for profile in again] == [False, False, True]
    with pytest.raises(MissingSegmentError, match="beyond max_segments"):
        found.select({"city": "Rome"})


def test_row_groups_and_blocks_keep_the_limit_together(tmp_path):
    users = [f"u{number % 50}" for number in range(4_000)]
    table = pa.table({"user": users, "x": list(range(4_000))})
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=500)
    (tmp_path / "t.ndjson").write_text("".join(json.dumps(row) + "\n" for row in table.to_pylist()))
    expected = keys(tg.log(table, segments=["user"], max_segments=20))
    assert keys(tg.log(tmp_path / "t.parquet", segments=["user"], max_segments=20)) == expected
    assert keys(tg.log(tmp_path / "t.ndjson", segments=["user"], max_segments=20)) == expected
    assert expected[-1] == (("(other)",), 30 * 80)


def test_select_by_segment():
    found = tg.log(DATA, segments=[["city"], ["city", "size"], ["size"]])
    assert found.partitions == (("city",), ("city", "size"), ("size",))
    assert keys(found.select({"city": "Oslo"})) == [(("Oslo",), 3)]
    assert keys(found.select({"city": None})) == [((None,), 2)]
    assert keys(found.select({"size": 2})) == [(("2",), 3)]
    assert keys(found.select({"size": 1, "city": "Oslo"})) == [(("Oslo", "1"), 2)]
    assert keys(found.select({})) == [((), 8)]
    assert len(found.select(["city"])) == 4
    assert found.select() == found
    with pytest.raises(MissingSegmentError, match="did you mean 'Oslo'"):
        found.select({"city": "Olso"})
    with pytest.raises(
        MissingSegmentError, match=r"no profile is by \['fare'\].*\['city'\], \['city', 'size'\]"
    ):
        found.select({"fare": 1})
    with pytest.raises(ArgumentError, match="expected columns and values"):
        found.select("city")
    with pytest.raises(MissingSegmentError, match="log with segments="):
        tg.log(DATA, timestamp="at", window="1d").select({"city": "Oslo"})


def test_some_columns_of_a_partition_select_when_it_is_the_only_one():
    found = tg.log(DATA, segments=["city", "size"])
    assert keys(found.select({"city": "Oslo"})) == [(("Oslo", "1"), 2), (("Oslo", "3"), 1)]
    several = tg.log({**DATA, "day": list("abababab")}, segments=[["city", "size"], ["city", "day"]])
    with pytest.raises(ArgumentError, match="which several partitions have"):
        several.select({"city": "Oslo"})


def test_select_by_time():
    found = tg.log(DATA, timestamp="at", window="1d", segments=["city"])
    assert len(found.select(since="2013-02-08")) == 7
    assert len(found.select({}, since="2013-02-08", until="2013-02-09")) == 1
    assert len(found.select(until=dt.date(2013, 2, 8))) == 4
    assert found.select({"city": "Oslo"})["2013-02-09"].records == 1
    assert found["2013-02-08"].segment == {}
    assert found["2013-02-08"].records == 3
    with pytest.raises(MissingWindowError):
        found["2014-01-01"]


def test_a_time_without_a_total_merges_the_segments_of_one_partition():
    one = tg.log(DATA, timestamp="at", window="1d", segments=["city"], total=False)
    assert one["2013-02-08"].records == 3
    two = tg.log(DATA, timestamp="at", window="1d", segments=[["city"], ["size"]], total=False)
    with pytest.raises(MergeError, match=r"choose one with select\(\['city'\]\)"):
        two["2013-02-08"]
    with pytest.raises(MergeError, match="2 times"):
        two.merge()
    assert two.select(["size"]).merge().records == 8


def test_merging_counts_every_record_once():
    found = tg.log(DATA, segments=[["city"], ["size"]])
    assert found.records == 8
    assert found.merge() == tg.log(DATA)
    assert tg.merge(found, found).records == 16
    other = tg.log({**DATA, "city": ["Bern"] * 8}, segments=[["city"], ["size"]])
    both = found.merge_windows(other)
    assert both.select({"city": "Bern"})[0].records == 9
    assert both.records == 16
    # Segments of records that no total has.
    mixed = tg.ProfileSet([tg.log({"city": ["Oslo"]}), *found.select(["city"])])
    with pytest.raises(MergeError, match="not of the same records"):
        mixed.merge()


def test_rollup():
    hours = tg.log(DATA, "rides", timestamp="at", window="1h", segments=["city"])
    days = tg.log(DATA, "rides", timestamp="at", window="1d", segments=["city"])
    rolled = hours.rollup("1d")
    assert [(p.window, p.segment, p.records) for p in rolled] == [
        (p.window, p.segment, p.records) for p in days
    ]
    assert hours.rollup(dt.timedelta(days=1)) == rolled
    assert [profile.window.start.day for profile in rolled.select({}).rollup("1mo")] == [1]
    with pytest.raises(ArgumentError, match="does not fit into windows of 1h"):
        days.rollup("1h")
    with pytest.raises(ArgumentError, match="no length of time"):
        days.rollup("day")
    undated = tg.log({"at": [None, TIMES[0]], "x": [1, 2]}, timestamp="at", window="1h").rollup("1d")
    assert [profile.window is None for profile in undated] == [True, False]


def test_segments_are_listed_with_their_records():
    found = tg.log(DATA, timestamp="at", window="1d", segments=[["city"], ["size"]], max_segments=2)
    listed = found.segments()
    assert [(segment.values, segment.records, segment.is_other) for segment in listed] == [
        ({"city": "Oslo"}, 3, False),
        ({"city": "Rome"}, 2, False),
        ({"city": "(other)"}, 3, True),
        ({"size": "1"}, 3, False),
        ({"size": "2"}, 3, False),
        ({"size": "(other)"}, 2, True),
    ]
    assert sum(segment.share for segment in listed) == pytest.approx(2)
    assert tg.log(DATA, timestamp="at", window="1d").segments() == []


def test_order_survives_a_file():
    found = tg.log(DATA, timestamp="at", window="1d", segments=[["size"], ["city"]])
    assert tg.ProfileSet.from_bytes(found.to_bytes()) == found
    assert list(tg.ProfileSet(reversed(found))) == list(found)


def test_one_segment_reads_back_as_a_set(tmp_path):
    tg.log({"x": [1]}, segments=["x"], total=False).write(tmp_path / "one.parquet")
    assert isinstance(tg.read(tmp_path / "one.parquet"), tg.ProfileSet)


def test_broken_data_says_so_and_keeps_what_came_before(tmp_path):
    (tmp_path / "a.ndjson").write_text('{"city": "Oslo"}\n{"city": \n')
    profiler = tg.Profiler(segments=["city"])
    with pytest.raises(DataError, match="line 2"):
        profiler.log(tmp_path / "a.ndjson")
    profiler.log([{"city": "Rome"}])
    assert profiler.records == 1


def test_merge_by_segment():
    data = {
        "day": ["2013-02-07", "2013-02-07", "2013-02-08"],
        "city": ["Oslo", "Rome", "Oslo"],
        "fare": [1, 2, 3],
    }
    days = tg.log(data, "rides", timestamp="day", window="1d", segments=[["city"], ["fare"]])
    merged = days.merge_by_segment()
    whole = tg.log(data, "rides", segments=[["city"], ["fare"]])
    assert [(p.segment, p.records) for p in merged] == [(p.segment, p.records) for p in whole]
    # All are of one window, also those with records in a part of it only: so the totals hold their segments.
    assert {(p.window.start.day, p.window.end.day) for p in merged} == {(7, 9)}
    assert (merged.records, merged.merge().records, merged.dataset) == (3, 3, "rides")
    assert merged.select({"city": "Oslo"})[0]["fare"].mean == 2.0
    assert merged.merge_by_segment() == merged
    assert len(tg.ProfileSet([]).merge_by_segment()) == 0


def test_merge_by_segment_keeps_apart_what_does_not_belong_together():
    days = tg.log(
        {"day": ["2013-02-07", "2013-02-08", None], "city": ["Oslo", "Oslo", "Oslo"]},
        "rides",
        timestamp="day",
        window="1d",
        segments=["city"],
    )
    users = tg.log({"user": list("abcda")}, "users", segments=["user"], max_segments=2)
    merged = tg.ProfileSet([*days, *users, *users]).merge_by_segment()
    assert [p.records for p in merged if p.is_other_segment] == [4]
    totals = [(p.dataset, p.window is None, p.records) for p in merged if not p.segment]
    assert totals == [("rides", True, 1), ("users", True, 10), ("rides", False, 2)]


def test_days_of_a_place():
    place = ZoneInfo("Europe/Oslo")
    start = dt.datetime(2026, 3, 27, tzinfo=dt.UTC)
    moments = [
        start + dt.timedelta(minutes=30 * step) for step in range(5 * 48)
    ]  # the clocks change on the 29th
    data = {"at": moments, "x": [moment.hour for moment in moments], "part": ["a", "b"] * (5 * 24)}
    expected = {}
    for moment in moments:
        day = moment.astimezone(place).date()
        expected[day] = expected.get(day, 0) + 1
    wishes = {"timestamp": "at", "segments": ["part"]}
    days = tg.log(data, **wishes, window="1d", timezone="Europe/Oslo")
    found = {p.window.start.astimezone(place).date(): p.records for p in days.totals()}
    assert found == expected
    assert expected[dt.date(2026, 3, 29)] == 46
    hours = tg.log(data, **wishes, window="1h")
    rolled = hours.rollup("1d", timezone="Europe/Oslo")
    assert rolled.windows == days.windows
    assert [p.records for p in rolled] == [p.records for p in days]
    records = tg.Profiler(**wishes, window="1d", timezone="Europe/Oslo")
    for row in range(len(moments)):
        records.record({name: values[row] for name, values in data.items()})
    assert records.profile().windows == days.windows
    with pytest.raises(ArgumentError, match="does not fit into windows"):
        days.rollup("1w")


@pytest.mark.parametrize("wishes", [{"timezone": "Mars/Olympus"}, {"timezone": 5}])
def test_what_is_no_place(wishes):
    with pytest.raises(ArgumentError, match=r"Mars/Olympus|timezone= takes text"):
        tg.log({"at": ["2026-03-27"]}, timestamp="at", window="1d", **wishes)
    with pytest.raises(ArgumentError, match=r"Mars/Olympus|timezone= takes text"):
        tg.log({"at": ["2026-03-27"]}, timestamp="at", window="1h").rollup("1d", **wishes)
    with pytest.raises(ArgumentError, match="says where windows begin, and there are none"):
        tg.log({"at": ["2026-03-27"]}, timezone="Europe/Oslo")


def test_what_is_meant_for_select_says_so():
    rides = tg.log({"city": ["Oslo", None]}, segments=["city"])
    with pytest.raises(ArgumentError, match=r"select\({'city': 'Oslo'}\)\[0\] the first"):
        rides[{"city": "Oslo"}]


def test_a_missing_segment_tells_how_the_null_is_chosen():
    rides = tg.log({"city": ["Oslo", None]}, segments=["city"])
    with pytest.raises(MissingSegmentError) as caught:
        rides.select({"city": ""})
    assert str(caught.value) == "no segment city=''; there are: 'Oslo'; {'city': None} chooses the null"
    with pytest.raises(MissingSegmentError, match=r"no segment city=None; there are: 'Oslo'$"):
        tg.log({"city": ["Oslo"]}, segments=["city"]).select({"city": None})
