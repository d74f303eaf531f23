"""Conditions are counted while logging, and alike whichever way the data comes in."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet
import pytest

import tidegauge as tg
from tidegauge import col

ROWS = 300


def table() -> dict[str, list[object]]:
    cities = ["Oslo", "Rome", None, "Lima", "Aarhus Å"]
    start = dt.datetime(2024, 1, 1)
    return {
        "fare": [None if row % 7 == 3 else (row % 23) - 2.5 for row in range(ROWS)],
        "passengers": [row % 6 for row in range(ROWS)],
        "city": [cities[row % 5] for row in range(ROWS)],
        "paid": [None if row % 11 == 0 else row % 3 == 0 for row in range(ROWS)],
        "at": [start + dt.timedelta(hours=row) for row in range(ROWS)],
    }


CONDITIONS = {
    "positive": col("fare") > 0,
    "known": col("fare").is_not_null(),
    "per head": col("fare") / col("passengers") < 4,
    "nordic": col("city").is_in(["Oslo", "Aarhus Å"]),
    "short": col("city").length() <= 4,
    "shape": col("city").matches("^[A-Z][a-z]+$"),
    "paid or cheap": col("paid") | (col("fare") < 5),
    "not paid": ~col("paid"),
    "first week": (col("at") >= "2024-01-01") & (col("at") < "2024-01-08"),
    "remainder": (col("passengers") - 3) % 4 == 1,
    "mismatch": col("city") > 3,
}


def expected() -> dict[str, tuple[int, int, int]]:
    def divided(fare, passengers):
        return None if fare is None or passengers == 0 else fare / passengers < 4

    def both(paid, fare):
        cheap = None if fare is None else fare < 5
        return True if True in (paid, cheap) else None if None in (paid, cheap) else False

    rows = [dict(zip(table(), values, strict=True)) for values in zip(*table().values(), strict=True)]
    known = {
        "positive": [None if r["fare"] is None else r["fare"] > 0 for r in rows],
        "known": [r["fare"] is not None for r in rows],
        "per head": [divided(r["fare"], r["passengers"]) for r in rows],
        "nordic": [None if r["city"] is None else r["city"] in ("Oslo", "Aarhus Å") for r in rows],
        "short": [None if r["city"] is None else len(r["city"]) <= 4 for r in rows],
        "shape": [None if r["city"] is None else r["city"] in ("Oslo", "Rome", "Lima") for r in rows],
        "paid or cheap": [both(r["paid"], r["fare"]) for r in rows],
        "not paid": [None if r["paid"] is None else not r["paid"] for r in rows],
        "first week": [r["at"] < dt.datetime(2024, 1, 8) for r in rows],
        "remainder": [(r["passengers"] - 3) % 4 == 1 for r in rows],
        "mismatch": [None for _ in rows],
    }
    return {name: tuple(map(values.count, (True, False, None))) for name, values in known.items()}


def counts(profile) -> dict[str, tuple[int, int, int]]:
    return {name: (c.passed, c.failed, c.unknown) for name, c in profile.conditions.items()}


def records():
    data = table()
    return [dict(zip(data, values, strict=True)) for values in zip(*data.values(), strict=True)]


def arrow() -> pa.Table:
    return pa.table(table())


def dictionary() -> pa.Table:
    data = arrow()
    return data.set_column(2, "city", data["city"].dictionary_encode())


def numpy_columns():
    """NumPy knows no null: objects where there are some."""
    data = table()
    return {
        "fare": np.array(data["fare"], dtype=object),
        "passengers": np.array(data["passengers"], dtype=np.int8),
        "city": np.array(data["city"], dtype=object),
        "paid": np.array(data["paid"], dtype=object),
        "at": np.array(data["at"], dtype="M8[s]"),
    }


IN_MEMORY = {
    "dict of lists": table,
    "records": records,
    "iterator of records": lambda: iter(records()),
    "arrow": arrow,
    "arrow in batches": lambda: arrow().to_batches(max_chunksize=7),
    "arrow dictionary": dictionary,
    "arrow large": lambda: arrow().cast(
        pa.schema([("fare", "f8"), ("passengers", "u8"), ("city", pa.large_string()), ("paid", "bool"),
                   ("at", pa.timestamp("ns", "UTC"))])
    ),
    "arrow views": lambda: arrow().set_column(2, "city", arrow()["city"].cast(pa.string_view())),
    "pandas": lambda: pd.DataFrame(table()),
    "pandas objects": lambda: pd.DataFrame(table(), dtype=object),
    "pandas categories": lambda: pd.DataFrame(table()).astype({"city": "category"}),
    "pandas nullable": lambda: pd.DataFrame(table()).convert_dtypes(),
    "pandas of arrow": lambda: pd.DataFrame(table()).convert_dtypes(dtype_backend="pyarrow"),
    "polars": lambda: pl.DataFrame(table()),
    "polars lazy": lambda: pl.DataFrame(table()).lazy(),
    "numpy": numpy_columns,
}  # fmt: skip


@pytest.mark.parametrize("way", IN_MEMORY)
def test_all_ways_in_count_alike(way):
    profile = tg.log(IN_MEMORY[way](), conditions=CONDITIONS)
    assert counts(profile) == expected()


def write_parquet(path):
    pyarrow.parquet.write_table(arrow(), path, row_group_size=64)


def write_plain_parquet(path):
    pyarrow.parquet.write_table(arrow(), path, row_group_size=64, use_dictionary=False)


def write_csv(path):
    pyarrow.csv.write_csv(arrow(), path)


def write_ndjson(path):
    lines = [json.dumps(record, default=dt.datetime.isoformat) for record in records()]
    path.write_text("\n".join(lines))


FILES = {
    "dictionary.parquet": write_parquet,
    "plain.parquet": write_plain_parquet,
    "data.csv": write_csv,
    "data.ndjson": write_ndjson,
    "data.arrow": lambda path: pyarrow.feather.write_feather(arrow(), path),
}


@pytest.mark.parametrize("window", [None, "1d"])
@pytest.mark.parametrize("name", FILES)
def test_files_count_alike(tmp_path, name, window):
    FILES[name](tmp_path / name)
    logged = tg.log(
        tmp_path / name, conditions=CONDITIONS, window=window, timestamp=None if window is None else "at"
    )
    profile = logged if window is None else tg.merge(logged)
    assert profile.records == ROWS
    assert counts(profile) == expected()


@pytest.mark.parametrize("way", ["dict of lists", "records", "arrow", "pandas", "pandas objects", "polars"])
def test_windows_count_their_own_records(way):
    days = tg.log(IN_MEMORY[way](), timestamp="at", window="1d", conditions=CONDITIONS)
    assert counts(tg.merge(days)) == expected()
    assert [sum(counts(day)["positive"]) for day in days] == [day.records for day in days]
    assert [counts(day)["first week"][0] for day in days[:8]] == [24] * 7 + [0]


@pytest.mark.parametrize("way", ["dict of lists", "records", "arrow", "pandas", "pandas objects"])
def test_conditions_see_columns_that_are_not_profiled(way):
    profile = tg.log(IN_MEMORY[way](), schema=tg.Schema(only=["fare"]), conditions=CONDITIONS)
    assert profile.columns == ("fare",)
    assert counts(profile) == expected()


def test_files_of_which_not_all_columns_are_profiled(tmp_path):
    for name, write in FILES.items():
        write(tmp_path / name)
        profile = tg.log(tmp_path / name, schema=tg.Schema(only=["fare"]), conditions=CONDITIONS)
        assert (profile.columns, counts(profile)) == (("fare",), expected()), name


def test_fields_of_nested_columns(tmp_path):
    nested = [{"a": {"b": 1, "c": {"d": "x"}}}, {"a": None}, {"a": {"b": -1, "c": None}}, {}]
    conditions = {"b": col("a.b") > 0, "d": col("a.c.d") == "x", "a": col("a").is_null()}
    expected = {"b": (1, 1, 2), "d": (1, 0, 3), "a": (2, 2, 0)}
    schema = pa.schema([("a", pa.struct([("b", pa.int64()), ("c", pa.struct([("d", pa.string())]))]))])
    data = pa.Table.from_pylist(nested, schema)
    pyarrow.parquet.write_table(data, tmp_path / "nested.parquet")
    ways = [
        nested,
        data,
        pl.from_arrow(data),
        tmp_path / "nested.parquet",
        {"a": [r.get("a") for r in nested]},
    ]
    for way in ways:
        assert counts(tg.log(way, conditions=conditions)) == expected
    assert counts(tg.log(nested, conditions=conditions, schema=tg.Schema(only=["z"]))) == expected


def test_reasons_are_given_and_hold_no_data():
    profile = tg.log(table(), conditions={"a": col("city") > 3, "b": col("city") >= col("at")})
    assert profile.conditions["a"].reason == "city > 3: a text cannot be compared with a number"
    assert profile.conditions["b"].reason == "city >= at: a text that is not a time in ISO 8601"


def test_a_missing_column_of_a_table_is_an_error_with_the_nearest_name(tmp_path):
    write_csv(tmp_path / "data.csv")
    for data in (table(), arrow(), pd.DataFrame(table()), pl.DataFrame(table()), tmp_path / "data.csv"):
        with pytest.raises(tg.errors.ArgumentError, match=r'"cheap" names the column "fair".*mean "fare"'):
            tg.log(data, conditions={"cheap": col("fair") < 5})


def test_a_column_that_vanishes_later_is_no_error():
    profiler = tg.Profiler(conditions={"cheap": col("fare") < 5})
    profiler.log({"fare": [1, 9]})
    profiler.log({"tip": [1]})
    profiler.log(pa.table({"tip": [1]}))
    condition = profiler.profile().conditions["cheap"]
    assert (condition.passed, condition.failed, condition.unknown) == (1, 1, 2)
    assert condition.reason == 'no column "fare"'


def test_a_missing_key_is_null_and_a_key_that_never_comes_is_told():
    conditions = {"cheap": col("fare") < 5, "typo": col("fair") < 5}
    profiler = tg.Profiler(conditions=conditions)
    for record in ({"fare": 1}, {"tip": 1}):
        profiler.record(record)
    profile = profiler.profile()
    assert counts(profile) == {"cheap": (1, 0, 1), "typo": (0, 0, 2)}
    assert profile.conditions["cheap"].reason is None
    assert profile.conditions["typo"].reason == 'no column "fair"'


def test_no_records_count_nothing():
    profile = tg.log(pa.table({"x": pa.array([], "i8")}), conditions={"c": col("x") > 0})
    assert counts(profile) == {"c": (0, 0, 0)}
    assert profile.conditions["c"].pass_rate != profile.conditions["c"].pass_rate


def test_they_merge_and_survive_files(tmp_path):
    def part(*values):
        return tg.log({"x": list(values)}, "d", conditions={"small": col("x") < 3})

    merged = tg.merge(part(1, 2, 5), part(7, None))
    merged.write(tmp_path / "p.parquet")
    again = tg.Profile.read(tmp_path / "p.parquet")
    assert counts(again) == {"small": (2, 2, 1)}
    assert again == merged
    assert merged == tg.merge(part(7, None), part(1, 2, 5))
    assert merged.to_dict()["conditions"]["small"]["failed"] == 2
    assert part(1) != tg.log({"x": [1]}, "d")
    assert tg.merge(part(1), tg.log({"x": [1]}, "d")).conditions["small"].records == 1


def test_one_name_for_two_expressions_keeps_both():
    def part(limit):
        return tg.log({"x": [1, 2, 3]}, conditions={"small": col("x") < limit, "known": "x is not null"})

    merged = tg.merge(part(2), part(3), part(2))
    assert counts(merged) == {"small [x < 2]": (2, 4, 0), "small [x < 3]": (2, 1, 0), "known": (9, 0, 0)}
    assert tg.Profile.from_bytes(merged.to_bytes()) == merged


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ([col("x") > 1], "takes a dict"),
        ({1: col("x") > 1}, "names of text"),
        ({"c": True}, "must be an expression"),
        ({"c": "x >"}, 'condition "c": expression "x >"'),
        ({"c": col("x") + 1}, "not true or false"),
        ({f"c{n}": "x" for n in range(1001)}, "1001 conditions"),
    ],
)
def test_what_is_no_condition_is_refused(conditions, message):
    with pytest.raises(tg.errors.ArgumentError, match=message):
        tg.log({"x": [1]}, conditions=conditions)
    with pytest.raises(tg.errors.ArgumentError, match=message):
        tg.Profiler(conditions=conditions)


def test_objects_of_several_types_count_one_by_one():
    values = [
        1,
        "a",
        None,
        2.5,
        dt.date(2024, 1, 1),
        True,
        [1, 2],
        {"k": 5},
        b"x",
        10**30,
        dt.datetime(2024, 1, 2),
    ]
    conditions = {
        "more": col("x") > 2,
        "text": col("x") == "a",
        "later": col("x") >= "2024-01-02",
        "long": col("x").length() == 2,
        "inside": col("x.k") == 5,
    }
    expected = {
        "more": (2, 1, 8),
        "text": (1, 0, 10),
        "later": (2, 1, 8),  # the text is compared as a text
        "long": (1, 2, 8),
        "inside": (1, 0, 10),
    }
    assert counts(tg.log([{"x": value} for value in values], conditions=conditions)) == expected
    assert counts(tg.log({"x": values}, conditions=conditions)) == expected
    objects = np.empty(len(values), dtype=object)
    objects[:] = values
    assert counts(tg.log({"x": objects}, conditions=conditions)) == expected
    many = tg.log({"x": values * 2000}, conditions=conditions)
    assert counts(many) == {name: tuple(2000 * n for n in each) for name, each in expected.items()}


def test_a_condition_of_no_column_is_counted(tmp_path):
    write_parquet(tmp_path / "data.parquet")
    for data in (table(), records(), tmp_path / "data.parquet"):
        assert counts(tg.log(data, conditions={"all": "true"})) == {"all": (ROWS, 0, 0)}


def test_threads_may_log_to_one_profiler():
    profiler = tg.Profiler(conditions=CONDITIONS)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(profiler.log, [records(), table(), arrow(), records(), arrow(), table()]))
    assert counts(profiler.profile()) == {
        name: tuple(6 * n for n in each) for name, each in expected().items()
    }


def test_a_reader_of_the_file_sees_them(tmp_path):
    tg.log({"x": [1, 2], "y": [1, 2]}, conditions={"c": col("x") > 1}).write(tmp_path / "p.parquet")
    field = pyarrow.parquet.read_table(tmp_path / "p.parquet")["conditions"].to_pylist()
    told = {"name": "c", "expression": "x > 1", "reason": None, "passed": 1, "failed": 1, "unknown": 0}
    assert field == [[told], None]
