from __future__ import annotations

import array
import datetime as dt

import numpy as np
import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError, DataError, UnsupportedDataError


def test_names_of_columns():
    assert tg.log(np.arange(3.0)).columns == ("column_0",)
    assert tg.log(np.zeros((3, 2))).columns == ("column_0", "column_1")
    assert tg.log(np.zeros((3, 2)), columns=["a", "b"]).columns == ("a", "b")
    assert tg.log(iter([np.zeros((3, 2))])).columns == ("column_0", "column_1")
    profiler = tg.Profiler()
    assert profiler.log(np.ones((3, 2)), columns=("a", "b")) == 3


@pytest.mark.parametrize("names", [["a"], ["a", "b", "c"], "ab", [1, 2]])
def test_names_that_do_not_fit(names):
    with pytest.raises(ArgumentError, match=r"must name the array's 2 column\(s\)"):
        tg.log(np.zeros((3, 2)), columns=names)


def test_names_for_data_that_has_some():
    with pytest.raises(ArgumentError, match="dict data has names of its own"):
        tg.log({"a": [1]}, columns=["b"])
    with pytest.raises(ArgumentError, match="fields with names"):
        tg.log(np.zeros(2, dtype=[("a", "i4")]), columns=["b"])


TABLE = np.arange(24.0).reshape(6, 4)


@pytest.mark.parametrize(
    "table",
    [
        TABLE,
        np.asfortranarray(TABLE),
        np.repeat(TABLE, 2, axis=0)[::2],
        np.repeat(TABLE, 3, axis=1)[:, ::3],
        TABLE[::-1][::-1],
        TABLE.astype(">f8"),
        TABLE.astype(int),
        TABLE.astype(object),
        np.ma.masked_array(TABLE),
        np.broadcast_to(TABLE, (6, 4)),
    ],
    ids=["c", "fortran", "rows", "columns", "reversed", "big-endian", "int", "object", "masked", "read-only"],
)
def test_layouts(table):
    profile = tg.log(table)
    assert profile.records == 6
    for index in range(4):
        column = profile[f"column_{index}"]
        assert (column.min, column.max, column.mean) == (index, index + 20, index + 10)


def test_backwards_and_strided_columns():
    assert tg.log({"x": np.arange(10)[::-3]}) == tg.log({"x": [9, 6, 3, 0]})


def test_large_table_by_rows_comes_in_batches(monkeypatch):
    from tidegauge.frames import arrays

    monkeypatch.setattr(arrays, "VALUES_AT_ONCE", 1000)
    table = np.random.default_rng(3).normal(size=(2000, 3))
    assert len(list(arrays.array_batches(table, None))) > 3
    profile = tg.log(table)
    assert profile.records == 2000
    assert profile["column_2"].mean == pytest.approx(table[:, 2].mean())
    assert len(list(arrays.array_batches(np.asfortranarray(table), None))) == 1


def test_fields():
    records = np.array(
        [(1, 0.5, "Oslo", (True, [1, 2])), (2, 1.5, "Rome", (False, [3, 4]))],
        dtype=[("n", ">i4"), ("x", "f4"), ("city", "U8"), ("in", [("flag", "?"), ("pair", "i8", 2)])],
    )
    profile = tg.log(records)
    assert profile["n"].max == 2
    assert profile["x"].mean == 1.0
    assert profile["city"].frequent_items.top(1)[0].value == "Oslo"
    assert profile["in.flag"].counts.trues == 1
    assert profile["in.pair"].lengths.max == 2
    assert profile["in.pair[]"].max == 4
    assert tg.log(records[::2]).records == 1
    assert tg.log(records.view(np.recarray))["n"].max == 2


def test_texts_bytes_and_objects():
    assert tg.log({"x": np.array(["a", "", "日本"])}) == tg.log({"x": ["a", "", "日本"]})
    assert tg.log({"x": np.array([b"a", b"\xff"])}) == tg.log({"x": [b"a", b"\xff"]})
    mixed = np.array([None, 1, "a", 2.5, dt.date(2013, 2, 8)], dtype=object)
    assert tg.log({"x": mixed}) == tg.log({"x": list(mixed)})
    assert tg.log({"x": mixed[::2]}) == tg.log({"x": list(mixed[::2])})


def test_string_dtype_of_numpy():
    words = np.array(["a", "b" * 100], dtype=np.dtypes.StringDType())
    assert tg.log({"x": words}) == tg.log({"x": ["a", "b" * 100]})


@pytest.mark.parametrize("unit", ["D", "h", "m", "W", "M", "Y", "25s"])
def test_times_of_units_that_arrow_has_not(unit):
    array_ = np.array(["2013-02-08", "NaT", "1969-07-20"], dtype="M8[D]").astype(f"M8[{unit}]")
    column = tg.log({"x": array_})["x"]
    assert (column.records, column.nulls) == (3, 1)
    true = array_[[2, 0]].astype("M8[us]").tolist()
    found = [column.min, column.max]
    assert [dt.datetime(*value.timetuple()[:6]) for value in found] == true
    if unit not in "YMWD":
        spans = np.array([2, -1], dtype=f"m8[{unit}]")
        assert tg.log({"x": spans})["x"].max == spans.astype("m8[us]").tolist()[0]
    if unit in "WD":
        assert tg.log({"x": np.array([2, -1], dtype=f"m8[{unit}]")})["x"].min == -dt.timedelta(
            7 if unit == "W" else 1
        )


def test_masks():
    data = np.ma.masked_array([1.0, 2.0, 999.0], mask=[False, False, True])
    column = tg.log({"x": data})["x"]
    assert (column.nulls, column.max, column.records) == (1, 2.0, 3)
    times = np.ma.masked_array(np.array(["2013-02-08", "2013-02-09"], dtype="M8[s]"), mask=[True, False])
    assert tg.log({"x": times})["x"].nulls == 1


def test_complex_numbers_are_other():
    assert tg.log({"x": np.array([1j, 2])})["x"].types.other == 2


@pytest.mark.parametrize("shape", [(), (2, 2, 2)])
def test_dimensions_that_are_no_table(shape):
    with pytest.raises(UnsupportedDataError):
        tg.log(np.zeros(shape))


def test_tables_of_no_rows_or_columns():
    assert tg.log(np.zeros((0, 3))).columns == ("column_0", "column_1", "column_2")
    assert tg.log(np.zeros((3, 0))).records in (0, 3)
    assert tg.log(np.zeros(0))["column_0"].records == 0


def test_columns_with_more_dimensions_are_lists():
    profile = tg.log({"pixel": np.zeros((5, 3)), "n": np.arange(5)})
    assert profile["pixel"].lengths.min == 3
    assert profile["pixel[]"].records == 15


def test_buffers_and_ranges():
    assert tg.log({"x": array.array("d", [1.5, 2.5])}) == tg.log({"x": [1.5, 2.5]})
    assert tg.log({"x": array.array("h", [1, -2])}) == tg.log({"x": [1, -2]})
    assert tg.log({"x": range(3)}) == tg.log({"x": [0, 1, 2]})
    assert tg.log({"x": memoryview(array.array("i", [1, 2]))}) == tg.log({"x": [1, 2]})


def test_what_makes_arrays_of_itself():
    class Tensor:
        ndim = 2

        def __array__(self, dtype=None, copy=None):
            return np.ones((3, 2))

        def __len__(self):
            return 3

    assert tg.log(Tensor()).columns == ("column_0", "column_1")
    assert tg.log({"x": Tensor()})["x"].lengths.max == 2


def test_numpy_scalars_in_records():
    record = {
        "a": np.int32(3),
        "b": np.float32(0.5),
        "c": np.bool_(1),
        "d": np.str_("x"),
        "e": np.datetime64("2013-02-08"),
    }
    profile = tg.log([record])
    assert [profile[name].type for name in "abcd"] == ["integer", "fractional", "boolean", "string"]
    assert profile["a"].max == 3


def test_columns_of_different_lengths():
    with pytest.raises(DataError, match=r"'a' has 2, 'b' has 1.*log it as \[record\]"):
        tg.log({"a": np.arange(2), "b": [1]})
