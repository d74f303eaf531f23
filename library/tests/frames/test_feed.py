from __future__ import annotations

import collections
import gzip
import io
import json
import random
import types

import polars as pl
import pyarrow as pa
import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError, DataError, MissingFileError, UnsupportedDataError


@pytest.mark.parametrize(
    "data",
    [
        3, None, 2.5,
        True, b"bytes", object(), {1, 2}, [1, 2], ["a", 1][1:], [[1, 2]], [None], iter([1, 2]), iter([[1]]),
        io.StringIO("a\n1"), memoryview(b"abc"), print, dict, iter([None]),
    ],
    ids=lambda data: type(data).__name__,
)  # fmt: skip
def test_what_cannot_be_logged(data):
    with pytest.raises(UnsupportedDataError) as caught:
        tg.log(data)
    assert "give" in str(caught.value)


def test_dict_of_columns_or_one_record():
    assert tg.log({"a": [1, 2], "b": ("x", "y")}).records == 2
    assert tg.log({"a": 1, "b": [1, 2]}).records == 1
    assert tg.log({"a": "text", "b": b"bytes"}).records == 1
    assert tg.log({"a": {"b": 1}}).columns == ("a", "a.b")
    assert tg.log({"a": None}).records == 1
    assert tg.log({}).records == 0
    for kind in (collections.OrderedDict, types.MappingProxyType, collections.UserDict):
        assert tg.log(kind({"a": [1, 2]})) == tg.log({"a": [1, 2]})
        assert tg.log(kind({"a": 1})) == tg.log({"a": 1})


def test_list_of_dicts_is_records_even_of_lists():
    profile = tg.log([{"a": [1, 2]}, {"a": []}])
    assert profile.records == 2
    assert profile["a"].lengths.max == 2
    assert tg.log([{}]).records == 1
    assert tg.log([types.MappingProxyType({"a": 1})]).records == 1


def test_list_and_iterator_of_batches():
    import numpy as np

    batch = {"a": np.arange(3)}
    assert tg.log([batch, batch]).records == 6
    assert tg.log(iter([batch, batch])).records == 6
    assert tg.log(iter([{"a": [1, 2]}, {"a": [3]}])).records == 3
    assert tg.log(iter([])).records == 0
    assert tg.log([]).records == 0
    assert tg.log(iter([{"a": 1}, {"a": [2]}])).records == 2


def test_iterator_of_both_is_refused():
    with pytest.raises(DataError, match=r"Profiler\.record"):
        tg.log(iter([{"a": [1, 2]}, {"a": 3}]))


def test_missing_keys_and_a_none_first():
    profile = tg.log([{"a": None}, {"a": 1}, {"b": "x"}])
    assert (profile.records, profile["a"].nulls, profile["a"].type, profile["b"].records) == (
        3,
        1,
        "integer",
        1,
    )


def test_names_that_are_empty_odd_or_many():
    names = ["", "🌊", "a.b", "a b", "'\"", "\n", "ä" * 1000]
    profile = tg.log({name: [1, None] for name in names})
    assert profile.columns == tuple(names)
    assert [column.nulls for column in tg.Profile.from_bytes(profile.to_bytes())] == [1] * len(names)
    wide = tg.log({f"c{i}": [i] for i in range(10_000)})
    assert len(wide) == 10_000
    assert wide["c9999"].mean == 9999
    assert len(tg.Profile.from_bytes(wide.to_bytes())) == 10_000


def test_duplicate_names():
    with pytest.raises(DataError, match='"a" occurs more than once'):
        tg.log(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]))
    with pytest.raises(DataError, match='"1" occurs more than once'):
        tg.log({1: [1], "1": [2]})


def test_strange_strings():
    profile = tg.log({"x": ["nul\0byte", "lone \ud800 surrogate", "", "e\u0301", "🌊" * 10, None]})
    assert (profile["x"].nulls, profile["x"].records, profile["x"].cardinality.estimate) == (1, 6, 5)
    assert tg.Profile.from_bytes(profile.to_bytes()) == profile
    assert tg.log([{"x": "lone \ud800 surrogate"}])["x"].types.string == 1
    assert tg.log([{"\ud800": 1}]).records == 1


def test_a_10_mb_string():
    profile = tg.log({"x": ["a" * 10_000_000, "a" * 9_999_999 + "b"]})
    assert profile["x"].lengths.max == 10_000_000
    assert round(profile["x"].cardinality.estimate) == 2
    assert len(profile.to_bytes()) < 100_000


def test_nested_arrow():
    table = pa.table({"a": pa.array([[{"b": 1, "c": ["x"]}, {"b": None, "c": []}], None, []])})
    profile = tg.log(table)
    assert (profile["a"].nulls, profile["a"].lengths.max) == (1, 2)
    assert (profile["a[].b"].nulls, profile["a[].b"].max) == (1, 1)
    assert profile["a[].c[]"].frequent_items.top(1)[0].value == "x"


def test_arrow_types_of_every_kind():
    import datetime as dt
    from decimal import Decimal

    table = pa.table(
        {
            "decimal": pa.array([Decimal("1.10"), None], pa.decimal128(38, 2)),
            "large": pa.array(["a", None], pa.large_string()),
            "view": pa.array(["a", None], pa.string_view()),
            "fixed": pa.array([b"ab", None], pa.binary(2)),
            "dictionary": pa.array(["a", None]).dictionary_encode(),
            "half": pa.array([1.5, None], pa.float16()),
            "null": pa.nulls(2),
            "time": pa.array([dt.time(1), None], pa.time32("s")),
            "date64": pa.array([dt.date(1969, 1, 1), None], pa.date64()),
            "unsigned": pa.array([2**64 - 1, None], pa.uint64()),
            "map": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())),
            "runs": pa.RunEndEncodedArray.from_arrays([1, 2], pa.array([7, None])),
        }
    )
    profile = tg.log(table)
    assert profile.records == 2
    for name in table.column_names:
        assert profile[name].nulls == (2 if name == "null" else 1), name
    assert profile["decimal"].max == Decimal("1.10")
    assert profile["unsigned"].max == 2**64 - 1
    assert profile["dictionary"].frequent_items.top(1)[0].value == "a"
    assert profile["date64"].min in (dt.date(1969, 1, 1), dt.datetime(1969, 1, 1))


def test_single_arrow_and_polars_columns():
    assert tg.log(pa.array([1, 2])).columns == ("column_0",)
    assert tg.log(pa.chunked_array([[1], [2]]))["column_0"].mean == 1.5
    assert tg.log(pa.chunked_array([[{"a": 1}], [{"a": 2}]]))["a"].mean == 1.5
    assert tg.log(pl.Series("a", [1, 2])).columns == ("a",)
    assert tg.log(pl.Series([1, 2])).columns == ("column_0",)


def test_arrow_of_an_unknown_library():
    class Foreign:
        def __init__(self, data):
            self.data = data

        def __arrow_c_stream__(self, requested_schema=None):
            return self.data.__arrow_c_stream__(requested_schema)

    class ForeignBatch:
        def __arrow_c_array__(self, requested_schema=None):
            return pa.record_batch({"a": [1, 2]}).__arrow_c_array__(requested_schema)

    expected = tg.log({"a": [1, 2]})
    assert tg.log(Foreign(pa.table({"a": [1, 2]}))) == expected
    assert tg.log(ForeignBatch()) == expected
    assert tg.log(iter([Foreign(pa.table({"a": [1, 2]}))])) == expected
    with pytest.raises((DataError, UnsupportedDataError)):
        tg.log(Foreign(pa.chunked_array([[1, 2]])))


def test_arrow_that_fails_half_way():
    def batches():
        yield pa.record_batch({"a": [1]})
        raise ValueError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(pa.schema({"a": pa.int64()}), batches())
    with pytest.raises(Exception, match="the disk is gone"):
        tg.log(reader)


def test_empty_tables():
    assert tg.log(pa.table({})).records == 0
    assert tg.log(pa.table({"a": pa.array([], pa.int64())}))["a"].records == 0
    assert tg.log(pl.DataFrame()).columns == ()
    assert tg.log(pl.DataFrame({"a": []}).lazy()).columns in ((), ("a",))


def test_polars_objects_and_large_integers():
    frame = pl.DataFrame({"o": pl.Series([object(), None], dtype=pl.Object), "n": [1, 2]})
    profile = tg.log(frame)
    assert (profile["o"].types.other, profile["o"].nulls, profile["n"].max) == (1, 1, 2)
    assert tg.log(pl.DataFrame({"a": [1, 2]}, schema={"a": pl.Int128}))["a"].max == 2
    assert tg.log(pl.DataFrame({"a": ["x", "y"]}, schema={"a": pl.Enum(["y", "x"])}))["a"].type == "string"


def test_polars_nulls_without_a_type():
    frame = pl.DataFrame({"n": [None, None], "a": [1, 2], "l": [[], [None]], "s": [{"x": None}] * 2})
    for data in (frame, frame.lazy(), frame.to_dict(), list(frame)):
        profile = tg.log(data)
        assert (profile["n"].type, profile["n"].nulls) == ("null", 2)
        assert profile["s.x"].nulls == 2
        assert profile["l"].lengths.max == 1
        assert profile["l[]"].nulls == 1
    assert tg.log(pl.DataFrame({"l": [[2**100]]}, schema={"l": pl.List(pl.Int128)}))["l[]"].max == 2**100


def test_lazy_frame_without_rows_keeps_its_columns():
    frame = pl.LazyFrame({"a": [1], "b": ["x"]}).filter(pl.col("a") > 1)
    profile = tg.log(frame)
    assert profile.records == 0
    assert [(column.name, column.type) for column in profile] == [("a", "integer"), ("b", "string")]


def test_lazy_frame_is_streamed():
    profile = tg.log(pl.LazyFrame({"a": range(300_000)}).with_columns(b=pl.col("a") * 2))
    assert profile.records == 300_000
    assert profile["b"].max == 599_998


@pytest.fixture
def lake(tmp_path):
    import pyarrow.parquet as pq
    from pyarrow import feather

    table = pa.table({"a": [1, 2, None], "b": ["x", None, "y"]})
    pq.write_table(table, tmp_path / "1.parquet")
    feather.write_feather(table, str(tmp_path / "2.arrow"), compression="uncompressed")
    (tmp_path / "3.csv").write_text("a,b\n1,x\n2,\n,y\n")
    (tmp_path / "4.csv.gz").write_bytes(gzip.compress(b"b,a\nx,1\n,2\ny,\n"))
    (tmp_path / "5.ndjson").write_text('{"a":1,"b":"x"}\n{"a":2,"b":null}\n{"a":null,"b":"y"}\n')
    return tmp_path


@pytest.mark.parametrize("name", ["1.parquet", "2.arrow", "3.csv", "4.csv.gz", "5.ndjson"])
def test_files(lake, name):
    expected = tg.log({"a": [1, 2, None], "b": ["x", None, "y"]})
    assert tg.log(lake / name) == expected
    assert tg.log(str(lake / name)) == expected
    assert tg.log([lake / name]) == expected


def test_folder_pattern_and_list_of_files(lake):
    assert tg.log(lake).records == 15
    assert tg.log(f"{lake}/*.csv*").records == 6
    assert tg.log([str(lake / "1.parquet"), str(lake / "3.csv")]).records == 6
    profile = tg.log(lake)
    assert (profile["a"].nulls, profile["b"].nulls) == (5, 5)


def test_files_that_are_not_there_or_not_what_they_say(lake):
    with pytest.raises(FileNotFoundError, match=r"did you mean '3\.csv'"):
        tg.log(lake / "3.csx")
    with pytest.raises(MissingFileError, match="taken for paths"):
        tg.log(["red", "blue"])
    (lake / "wrong.parquet").write_text("a,b\n1,2\n")
    (lake / "cut.parquet").write_bytes((lake / "1.parquet").read_bytes()[:-20])
    (lake / "uneven.csv").write_text("a,b\n1,2\n3\n")
    (lake / "half.csv.gz").write_bytes((lake / "4.csv.gz").read_bytes()[:-12])
    (lake / "broken.ndjson").write_text('{"a":1}\n{"a":\n')
    for name in ("wrong.parquet", "cut.parquet", "uneven.csv", "half.csv.gz", "broken.ndjson"):
        with pytest.raises(DataError, match=name.split(".")[0]):
            tg.log(lake / name)


@pytest.mark.parametrize(
    "asked",
    [{"segments": ["citty"]}, {"conditions": {"c": 'citty == "Oslo"'}}, {"derived": {"d": "length(citty)"}}],
)
def test_a_list_of_records_must_have_the_columns_that_are_asked_for_as_any_table(asked):
    with pytest.raises(ArgumentError, match='"citty", which the data does not have; did you mean "city"'):
        tg.log([{"fare": 1}, {"city": "Oslo"}], **asked)
    assert tg.log([{"fare": 1}, {"city": "Oslo"}, {"citty": "Rome"}], **asked).records == 3
    profiler = tg.Profiler(**asked)
    for record in ({"fare": 1}, {"city": "Oslo"}):
        profiler.record(record)
    assert profiler.log([{"fare": 1}]) == 1, "which is not the first any more"
    assert profiler.profile().records == 3


def test_a_logger_takes_lists_of_records_as_they_come():
    received = []
    with tg.Logger("d", writers=lambda profiles, _: received.append(profiles), segments=["city"]) as logger:
        logger.log([{"fare": 1}])
    assert received[0].records == 1
    assert received[0].select({"city": None}).merge().records == 1


def test_doubles_of_ndjson_are_read_to_the_last_digit(tmp_path):
    random_ = random.Random(3)
    values = [
        9007199254740991.0,
        *(random_.uniform(-1, 1) * 10.0 ** random_.randrange(-200, 200) for _ in range(300)),
    ]
    path = tmp_path / "x.ndjson"
    path.write_text("\n".join(json.dumps({"x": value}) for value in values))
    listed = tg.log(path)["x"].frequent_items.top(len(values))
    assert sorted(float(item.value) for item in listed) == sorted(values)
