from __future__ import annotations

import datetime as dt
import decimal
import importlib.util
import subprocess
import sys
import textwrap

import numpy as np
import pandas as pd
import pytest

import tidegauge as tg
from tidegauge.errors import DataError


def test_index_is_not_a_column():
    frame = pd.DataFrame({"a": [1, 2]}, index=pd.Index(["x", "y"], name="key"))
    assert tg.log(frame).columns == ("a",)
    assert tg.log(frame.reset_index()).columns == ("key", "a")


def test_series_and_index():
    assert tg.log(pd.Series([1, 2], name="a")) == tg.log({"a": [1, 2]})
    assert tg.log(pd.Series([1, 2])).columns == ("column_0",)
    assert tg.log(pd.Index([1, 2], name="a")) == tg.log({"a": [1, 2]})
    assert tg.log(pd.date_range("2013-02-08", periods=3))["column_0"].max == dt.datetime(2013, 2, 10)
    levels = pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["a", "b"])
    assert tg.log(levels) == tg.log({"a": ["x", "y"], "b": [1, 2]})


def test_labels_that_are_no_text():
    frame = pd.DataFrame([[1, 2, 3]], columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y"), ("b", "")]))
    assert tg.log(frame).columns == ("a.x", "a.y", "b")
    assert tg.log(pd.DataFrame([[1, 2]])).columns == ("0", "1")
    assert tg.log(pd.DataFrame([[1, 2]], columns=[None, dt.date(2013, 2, 8)])).columns[1] == "2013-02-08"


def test_duplicate_labels():
    with pytest.raises(DataError, match="occurs more than once; rename"):
        tg.log(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def test_categories():
    series = pd.Series(["x", None, "y", "x"], dtype=pd.CategoricalDtype(["y", "x", "unused"]))
    column = tg.log({"a": series})["a"]
    assert (column.nulls, column.cardinality.estimate, column.type) == (1, 2, "string")
    assert [item[:2] for item in column.frequent_items.top()] == [("x", 2), ("y", 1)]
    numbers = tg.log({"a": pd.Series([3, 1, 3], dtype="category")})["a"]
    assert (numbers.type, numbers.mean) == ("integer", pytest.approx(7 / 3))
    days = pd.Series(pd.to_datetime(["2013-02-08", "2013-02-09"])).astype("category")
    assert tg.log({"a": days})["a"].max == dt.datetime(2013, 2, 9)
    assert tg.log({"a": pd.Series([], dtype="category")}).records == 0


def test_other_extension_types():
    periods = pd.Series(pd.period_range("2013-01", periods=3, freq="M"))
    assert tg.log({"a": periods})["a"].max == dt.datetime(2013, 3, 1)
    intervals = pd.Series(pd.arrays.IntervalArray.from_tuples([(0, 1), None, (0, 1)]))
    column = tg.log({"a": intervals})["a"]
    assert (column.nulls, column.frequent_items.top(1)[0].value) == (1, "(0.0, 1.0]")
    sparse = pd.Series(pd.arrays.SparseArray([0, 0, 5]))
    assert tg.log({"a": sparse})["a"].max == 5
    assert tg.log({"a": pd.Series([decimal.Decimal("1.5"), None])})["a"].max == decimal.Decimal("1.5")


@pytest.mark.parametrize("kind", ["Int8", "Int16", "Int32", "Int64", "UInt8", "UInt64", "Float32", "Float64"])
def test_nullable_numbers(kind):
    column = tg.log({"a": pd.array([1, None, 3], dtype=kind)})["a"]
    assert (column.nulls, column.min, column.max, column.mean) == (1, 1, 3, 2)
    assert column.types.integer == (0 if kind.startswith("F") else 2)
    assert column.counts.zeros == 0


def test_nullable_flags():
    column = tg.log(pd.DataFrame({"a": pd.array([True, None, False], dtype="boolean")}))["a"]
    assert (column.nulls, column.counts.trues, column.type) == (1, 1, "boolean")


def test_texts_of_every_kind():
    values = ["a", None, "", "日本"]
    kinds = [object, "string[python]", "str"]
    if importlib.util.find_spec("pyarrow"):
        kinds.append("string[pyarrow]")
    for kind in kinds:
        column = tg.log(pd.DataFrame({"a": pd.Series(values, dtype=kind)}))["a"]
        assert (column.type, column.nulls, column.counts.empty_strings, column.lengths.max) == (
            "string",
            1,
            1,
            2,
        ), kind


def test_copy_on_write_views_are_read_only():
    frame = pd.DataFrame({"a": np.arange(5), "b": np.arange(5.0)})
    assert not frame["a"].to_numpy().flags.writeable or pd.__version__ < "3"
    assert tg.log(frame[1:4])["a"].mean == 2


def test_frame_of_an_array_by_rows_comes_in_parts(monkeypatch):
    from tidegauge.frames import pandas

    monkeypatch.setattr(pandas, "VALUES_AT_ONCE", 1000)
    frame = pd.DataFrame(np.random.default_rng(3).normal(size=(2000, 3)))
    parts = list(pandas._parts(frame))
    profile = tg.log(frame)
    assert profile.records == 2000
    assert profile[2].mean == pytest.approx(frame[2].mean())
    if not frame[0].to_numpy().flags.c_contiguous:
        assert len(parts) > 3


def test_empty_frames():
    assert tg.log(pd.DataFrame()).columns == ()
    assert tg.log(pd.DataFrame({"a": []})).columns == ("a",)
    assert tg.log(pd.DataFrame(index=range(3))).columns == ()


def test_without_pyarrow():
    code = """
        import sys
        sys.modules["pyarrow"] = None
        import pandas as pd, datetime as dt
        import tidegauge as tg
        frame = pd.DataFrame({
            "text": ["a", None, ""], "whole": pd.array([1, None, 3], dtype="Int64"), "part": [0.5, None, 1.5],
            "when": pd.to_datetime(["2013-02-08", None, "2013-02-09"], utc=True),
            "kind": pd.Categorical(["x", None, "y"]),
            "any": pd.Series([1, "a", None], dtype=object),
        })
        profile = tg.log(frame)
        assert [column.nulls for column in profile] == [1] * 6, profile.to_dict()
        assert profile["text"].type == "string", profile["text"].type
        assert profile["when"].max == dt.datetime(2013, 2, 9, tzinfo=dt.UTC)
        profile.to_pandas()
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)
