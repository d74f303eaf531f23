"""The same values give the same profile, whatever library and width they come in."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import tidegauge as tg


@pytest.fixture
def expected(columns):
    return tg.log(pa.table(columns))


def test_the_expected_is_what_it_should_be(expected):
    assert expected.records == 6
    assert {column.name: column.type for column in expected} == {
        "whole": "integer", "part": "fractional", "text": "string", "flag": "boolean",
        "day": "date", "when": "timestamp", "span": "duration",
    }  # fmt: skip
    assert {column.nulls for column in expected} == {1}


def test_python(columns, records, expected):
    assert tg.log(columns) == expected
    assert tg.log({name: tuple(values) for name, values in columns.items()}) == expected
    assert tg.log(records) == expected
    assert tg.log(tuple(records)) == expected
    assert tg.log(iter(records)) == expected
    assert tg.log(record for record in records) == expected
    assert tg.log(batch for batch in [columns]) == expected


@pytest.mark.filterwarnings("default")
def test_arrow(columns, expected, same_in_parts):
    table = pa.table(columns)
    batches = table.to_batches(max_chunksize=4)
    assert tg.log(table) == expected
    assert tg.log(table.to_batches()[0]) == expected
    assert same_in_parts(tg.log(pa.Table.from_batches(batches)), expected)
    assert same_in_parts(tg.log(pa.RecordBatchReader.from_batches(table.schema, batches)), expected)
    assert same_in_parts(tg.log(batches), expected)
    assert same_in_parts(tg.log(iter(batches)), expected)
    assert not same_in_parts(tg.log(batches[:1]), expected)
    assert not same_in_parts(tg.log({**columns, "part": [0.5, -2.5, None, 0.0, 1e9, 0.5]}), expected)
    assert tg.log(table.to_struct_array()) == expected
    assert tg.log(dict(zip(table.column_names, table.columns, strict=True))) == expected


def test_arrow_dataset(columns, expected, tmp_path):
    import pyarrow.dataset as ds
    import pyarrow.parquet as pq

    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    assert tg.log(ds.dataset(tmp_path)) == expected
    assert tg.log(ds.dataset(tmp_path).scanner()) == expected


def test_sliced_arrow_with_offsets_into_bitmaps(columns, expected, same_in_parts):
    table = pa.table(columns)
    padded = pa.concat_tables([table.slice(0, 3), table, table.slice(1, 2)]).combine_chunks()
    assert tg.log(padded.slice(3, 6)) == expected
    parts = pa.concat_tables([table.slice(0, 1), table.slice(1, 4), table.slice(5)])
    assert same_in_parts(tg.log(parts), expected)


def test_polars(columns, expected, same_in_parts):
    frame = pl.DataFrame(columns)
    assert tg.log(frame) == expected
    assert tg.log(frame.lazy()) == expected
    assert tg.log(frame.lazy().select(pl.all())) == expected
    assert same_in_parts(tg.log(iter([frame.head(2), frame.tail(4)])), expected)
    assert tg.log({series.name: series for series in frame}) == expected
    chunks = pl.concat([frame.slice(0, 3), frame.slice(3)], rechunk=False)
    assert same_in_parts(tg.log(chunks), expected)
    assert tg.log(frame["text"])["text"] == expected["text"]
    # Texts that are counted by code add up in another order.
    categories = frame.select(pl.col("text").cast(pl.Categorical))
    assert same_in_parts(tg.log(categories), tg.log(frame.select("text")))


def test_duckdb(columns, expected):
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.from_arrow(pa.table(columns))
    assert set(relation.columns) == set(columns)
    profile = tg.log(relation)
    for name in ("whole", "part", "text", "flag", "day", "when"):
        assert profile[name] == expected[name], name
    assert tg.log(relation) == profile


def frames(columns):
    """The same table in every way that pandas can hold it."""
    objects = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    nullable = pd.DataFrame(
        {
            "whole": pd.array(columns["whole"], dtype="Int64"),
            "part": pd.array(columns["part"], dtype="Float64"),
            "text": pd.array(columns["text"], dtype="string[python]"),
            "flag": pd.array(columns["flag"], dtype="boolean"),
            "day": pd.Series(columns["day"], dtype=object),
            "when": pd.Series(columns["when"], dtype="datetime64[us]"),
            "span": pd.Series(columns["span"], dtype="timedelta64[us]"),
        }
    )
    yield "object", objects
    yield "nullable", nullable
    yield "narrow", nullable.astype({"whole": "Int8"})
    yield "pyarrow text", nullable.astype({"text": "string[pyarrow]"})
    yield "categories", nullable.astype({"text": "category", "whole": "category", "flag": "category"})
    yield "nanoseconds", nullable.astype({"when": "datetime64[ns]", "span": "timedelta64[ns]"})
    yield "arrow", pa.table(columns).to_pandas(types_mapper=pd.ArrowDtype)
    yield "strided", pd.concat([nullable, nullable], ignore_index=True)[6:]
    yield "default", pd.DataFrame(columns).astype({"whole": "Int64"})


def test_pandas(columns, expected, same_in_parts):
    for name, frame in frames(columns):
        assert len(frame) == 6
        profile = tg.log(frame)
        # Categories come with their counts, and sums of counted values round in another way.
        assert same_in_parts(profile, expected) if name == "categories" else profile == expected, name
        assert same_in_parts(tg.log(iter([frame[:2], frame[2:]])), expected), name
        assert tg.log({label: frame[label] for label in frame}) == profile, name


INTEGERS = [0, 1, 2, 2, 100, 127]


@pytest.mark.parametrize(
    "kind", ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">i2", ">i4", ">i8", ">u8", "<i4"]
)
def test_integers_of_any_width(kind):
    expected = tg.log({"x": INTEGERS})
    array = np.array(INTEGERS, dtype=kind)
    assert tg.log({"x": array}) == expected
    assert tg.log(array, columns=["x"]) == expected
    assert tg.log(array[:, None], columns=["x"]) == expected
    assert tg.log(pd.DataFrame({"x": array.astype(array.dtype.newbyteorder("="))})) == expected
    native = array.astype(array.dtype.newbyteorder("="))
    assert tg.log(pl.DataFrame({"x": native})) == expected
    assert tg.log(pa.table({"x": native})) == expected


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", ">f4", ">f8", "longdouble"])
def test_floats_of_any_width(kind):
    values = [0.5, -0.25, 0.0, -0.0, 1024.0, float("inf"), float("nan")]
    expected = tg.log({"x": values})
    assert expected["x"].counts.nans == 1
    array = np.array(values, dtype=kind)
    assert tg.log({"x": array}) == expected
    assert tg.log(np.stack([array, array], axis=1), columns=["x", "y"])["x"] == expected["x"]
    if kind in ("f4", "f8"):
        assert tg.log(pa.table({"x": array})) == expected
        assert tg.log(pl.DataFrame({"x": array})) == expected


def test_nan_is_null_in_pandas_only():
    values = np.array([1.0, np.nan])
    assert tg.log({"x": values})["x"].counts[:3] == (2, 0, 1)
    assert tg.log(pd.DataFrame({"x": values}))["x"].counts[:3] == (2, 1, 0)
    assert tg.log({"x": pd.Series(values)})["x"].counts[:3] == (2, 1, 0)
    assert (
        tg.log(pd.DataFrame({"x": pd.Series([1.0, np.nan, None, pd.NA, pd.NaT, "a"], dtype=object)}))[
            "x"
        ].nulls
        == 4
    )


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_of_any_unit(unit):
    moments = [dt.datetime(1969, 12, 31, 12), None, dt.datetime(2013, 2, 8)]
    expected = tg.log({"x": moments})["x"]
    array = np.array(moments, dtype=f"M8[{unit}]")
    assert tg.log({"x": array})["x"] == expected
    assert tg.log({"x": array.astype(f">M8[{unit}]")})["x"] == expected
    assert tg.log({"x": pd.Series(array)})["x"] == expected
    assert tg.log({"x": pa.array(moments, pa.timestamp(unit))})["x"] == expected
    spans = [dt.timedelta(seconds=-3), None, dt.timedelta(days=1)]
    expected = tg.log({"x": spans})["x"]
    assert tg.log({"x": np.array(spans, dtype=f"m8[{unit}]")})["x"] == expected
    assert tg.log({"x": pa.array(spans, pa.duration(unit))})["x"] == expected


def test_zoned_times():
    moments = pd.Series(pd.to_datetime(["2013-02-08 00:00", None, "2013-07-01 12:00"])).dt.tz_localize(
        "Europe/Paris"
    )
    column = tg.log(pd.DataFrame({"x": moments}))["x"]
    assert column.min == dt.datetime(2013, 2, 7, 23, tzinfo=dt.UTC)
    assert column.max == dt.datetime(2013, 7, 1, 10, tzinfo=dt.UTC)
    assert "Europe/Paris" in column.arrow_type
    assert column == tg.log(pa.table({"x": pa.array(moments)}))["x"]
    assert column == tg.log(pl.from_arrow(pa.table({"x": pa.array(moments)})))["x"]
