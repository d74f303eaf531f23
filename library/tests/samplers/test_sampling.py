"""A sampling beside a profiler, and by itself; records from wherever they come."""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError, DataError
from tidegauge.samplers import Failing, Outliers, Reservoir, Samples, Sampling, Stratified, Weighted, sample

ROWS = 5_000
TABLE = pa.table(
    {
        "n": range(ROWS),
        "fare": pa.array([None if n % 97 == 5 else n % 50 + 0.25 for n in range(ROWS)]),
        "city": [("Oslo", "Rome", "Zürich")[n % 3] for n in range(ROWS)],
    }
)
SAMPLERS = {
    "any": Reservoir(20),
    "strata": Stratified("city", 4),
    "bad": Failing("fare < 40", 10),
    "heavy": Weighted("fare", 15),
    "far": Outliers("n", 8),
}


def taken(source, *, window=None, tmp_path=None):
    """What a seeded sampling keeps of a source, logged beside a profile."""
    sampling = Sampling(SAMPLERS, seed=5)
    options = {} if window is None else {"timestamp": "at", "window": window}
    profile = tg.log(source, samplers=sampling, **options)
    assert sampling.seen == (profile.records if window is None else sum(each.records for each in profile))
    return {name: samples.places for name, samples in sampling.items()}, sampling


WHOLE, _ = taken(TABLE)


def same_rows(sampling):
    expected = [dict(row) for row in TABLE.take(list(WHOLE["any"])).to_pylist()]
    return sampling["any"].rows() == expected


SOURCES = {
    "batches": lambda: TABLE.to_batches(max_chunksize=700),
    "reader": lambda: TABLE.to_reader(max_chunksize=999),
    "pandas": TABLE.to_pandas,
    "pandas objects": lambda: TABLE.to_pandas().astype({"city": object}),
    "polars": lambda: pl.DataFrame(TABLE),
    "polars lazy": lambda: pl.DataFrame(TABLE).lazy(),
    "dict of lists": TABLE.to_pydict,
    "records": TABLE.to_pylist,
    "iterator of records": lambda: iter(TABLE.to_pylist()),
    "chunked": lambda: pa.concat_tables([TABLE.slice(0, 1234), TABLE.slice(1234)]),
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_the_same_records_are_kept_wherever_they_come_from(source):
    places, sampling = taken(source())
    assert places == WHOLE
    assert same_rows(sampling)


@pytest.mark.parametrize("kind", ["parquet", "csv", "ndjson", "arrow"])
def test_the_same_of_files(kind, tmp_path):
    path = tmp_path / f"data.{kind}"
    if kind == "parquet":
        pq.write_table(TABLE, path, row_group_size=800)
    elif kind == "csv":
        TABLE.to_pandas().to_csv(path, index=False)
    elif kind == "ndjson":
        pl.DataFrame(TABLE).write_ndjson(path)
    else:
        pyarrow.feather.write_feather(TABLE, path, chunksize=800)
    places, sampling = taken(path)
    assert places == WHOLE
    assert same_rows(sampling)
    alone = Sampling(SAMPLERS, seed=5)
    assert alone.log(path) == ROWS
    assert alone["any"] == sampling["any"]


def test_windows_do_not_change_what_is_kept():
    at = pa.array([dt.datetime(2024, 1, 1) + dt.timedelta(minutes=n) for n in range(ROWS)])
    table = TABLE.append_column("at", at)
    for source in (table, table.to_pandas(), table.to_pylist()):
        assert taken(source, window="1h")[0] == WHOLE


def test_a_profile_is_the_same_with_samplers_and_without():
    plain = tg.log(TABLE, "rides", conditions={"paid": "fare > 0"})
    beside = tg.log(TABLE, "rides", conditions={"paid": "fare > 0"}, samplers=Sampling(SAMPLERS))
    assert beside == plain
    assert b"_sample" not in beside.to_bytes()


def test_several_profilers_share_a_sampling():
    sampling = Sampling({"all": Reservoir(100)})
    for part in range(3):
        tg.log({"part": [part] * 10}, samplers=sampling)
    profiler = tg.Profiler(samplers=sampling)
    profiler.record({"part": 3})
    sampling.record({"part": 4})
    assert [row["part"] for row in sampling["all"].rows()] == [0] * 10 + [1] * 10 + [2] * 10 + [3, 4]
    assert profiler.records == 1


def test_taking_begins_anew():
    sampling = Sampling({"all": Reservoir(5)})
    sampling.log({"n": range(100)})
    first = sampling.take()["all"]
    sampling.log({"n": range(100, 200)})
    second = sampling.take()["all"]
    assert (first.seen, second.seen, sampling.seen) == (100, 100, 0)
    assert first.merge(second).seen == 200
    assert len(sampling["all"]) == 0


def test_samples_do_not_change_afterwards():
    sampling = Sampling({"all": Reservoir(5)})
    sampling.record({"n": 1})
    before = sampling["all"]
    sampling.record({"n": 2})
    assert before.rows() == [{"n": 1}]
    assert len(sampling["all"]) == 2


RECORD = {
    "whole": 5,
    "big": 2**80,
    "money": Decimal("12.50"),
    "text": "naïve",
    "bytes": b"\x00\xff",
    "flag": True,
    "day": dt.date(2024, 2, 29),
    "naive": dt.datetime(2024, 1, 1, 12, 30, 0, 5),
    "aware": dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    "clock": dt.time(23, 59, 1),
    "span": dt.timedelta(days=1, microseconds=3),
    "list": [1, 2, 3],
    "nested": {"a": {"b": [{"c": 1}, {"c": None}]}, "e": []},
    "none": None,
}


def test_records_come_back_as_they_were():
    sampling = Sampling({"all": Reservoir(5)})
    sampling.record(RECORD)
    [row] = sampling["all"].rows()
    assert row == RECORD
    back = Samples.from_bytes(sampling["all"].to_bytes())
    assert back.rows() == [RECORD]
    assert sampling["all"].to_arrow().to_pylist()[0]["nested"] == RECORD["nested"]


class Odd:
    def __str__(self):
        return "an odd object"


def test_values_of_several_types_become_text_and_none_is_lost():
    values = [
        1,
        "x",
        2.5,
        None,
        [1, {"a": "é"}],
        {"k": [True, None]},
        dt.date(2024, 1, 2),
        Odd(),
        Decimal("1.10"),
    ]
    rows = sample([{"v": value} for value in values], Reservoir(50)).rows()
    assert [row["v"] for row in rows] == [
        "1",
        "x",
        "2.5",
        None,
        '[1,{"a":"é"}]',
        '{"k":[true,null]}',
        "2024-01-02",
        "an odd object",
        "1.10",
    ]


def test_numbers_of_several_types_stay_numbers_while_one_type_holds_them():
    def column(values):
        return [row["v"] for row in sample([{"v": value} for value in values], Reservoir(9)).rows()]

    assert column([1, 2.5]) == [1.0, 2.5]
    assert column([1, 2**70]) == [Decimal(1), Decimal(2**70)]
    assert column([Decimal("1.5"), Decimal("2.25"), 3]) == [Decimal("1.50"), Decimal("2.25"), Decimal("3.00")]
    assert column([2**53 + 1, 0.5]) == [str(2**53 + 1), "0.5"]


def test_keys_come_and_go():
    rows = sample([{"a": 1}, {"b": "x"}, {}, {"a": 2, "c": None}], Reservoir(9)).rows()
    assert rows == [
        {"a": 1, "b": None, "c": None},
        {"a": None, "b": "x", "c": None},
        {"a": None, "b": None, "c": None},
        {"a": 2, "b": None, "c": None},
    ]


def test_nan_of_pandas_is_null_and_of_arrow_is_not():
    frame = pd.DataFrame({"x": [1.0, np.nan], "o": np.array(["a", np.nan], dtype=object)})
    assert sample(frame, Reservoir(5)).rows() == [{"x": 1.0, "o": "a"}, {"x": None, "o": None}]
    assert str(sample(pa.table({"x": [np.nan]}), Reservoir(5)).rows()) == "[{'x': nan}]"


@pytest.mark.parametrize(
    "array",
    [
        pa.array(["x", "y", None] * 9).dictionary_encode(),
        pa.array(["a long text, too long for a view"] * 27, pa.string_view()),
        pa.array([[1], None, []] * 9, pa.list_(pa.int8())),
        pa.array([[1, 2], None, [3, 4]] * 9, pa.list_(pa.int8(), 2)),
        pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}] * 9),
        pa.array([b"ab", None, b"cd"] * 9, pa.binary(2)),
        pa.array([1, None, 3] * 9, pa.float16()) if hasattr(pa, "float16") else None,
        pa.array([dt.timedelta(1), None, dt.timedelta(2)] * 9),
        pa.array([dt.time(1), None, dt.time(2)] * 9, pa.time64("ns")),
        pa.array([dt.date(2024, 1, 1), None, dt.date(1, 1, 1)] * 9, pa.date64()),
        pa.array([2**63, None, 1] * 9, pa.uint64()),
        pa.array([Decimal("1.23"), None, Decimal("-4.50")] * 9, pa.decimal256(40, 2)),
        pa.nulls(27),
    ],
    ids=lambda array: str(array.type),
)
def test_arrow_types(array):
    samples = sample(pa.table({"v": array}), Reservoir(12), seed=2)
    expected = [array[place].as_py() for place in samples.places]
    assert samples.to_arrow()["v"].to_pylist() == expected
    assert [row["v"] for row in samples.rows()] == expected
    assert Samples.from_bytes(samples.to_bytes()).rows() == samples.rows()
    samples.to_pandas()
    if not pa.types.is_decimal256(array.type):  # polars has none so wide
        samples.to_polars()


def test_only_some_columns_are_kept():
    sampling = Sampling({"bad": Failing("fare < 0", 5)}, columns=["city"])
    tg.log(TABLE, samplers=sampling)
    assert set(sampling["bad"].columns) == {"city"}
    assert sampling["bad"].eligible > 0


def test_what_a_schema_leaves_out_is_kept_unless_said():
    sampling = Sampling({"any": Reservoir(5)})
    profile = tg.log({"a": [1], "b": [2]}, schema=tg.Schema(only=["a"]), samplers=sampling)
    assert profile.columns == ("a",)
    assert sampling["any"].columns == ("a", "b")


def test_a_misspelt_column_is_an_error_before_anything_is_logged():
    sampling = Sampling({"bad": Failing("far > 0", 5)})
    for source in (TABLE, TABLE.to_pydict(), TABLE.to_pandas()):
        with pytest.raises(ArgumentError, match=r'sampler "bad" decides by the column "far".*n, fare, city'):
            tg.log(source, samplers=sampling)
    assert sampling.seen == 0


def test_an_object_that_raises_is_heard():
    class Hostile(dt.tzinfo):
        def utcoffset(self, when):
            raise RuntimeError("no offset")

    with pytest.raises(RuntimeError, match="no offset"):
        sample({"at": [dt.datetime(2024, 1, 1, tzinfo=Hostile())]}, Reservoir(5))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Sampling({}), "no sampler"),
        (lambda: Sampling([Reservoir(1)]), "dict from names to samplers"),
        (lambda: Sampling({"a": "reservoir"}), "sampler 'a' must be one"),
        (lambda: Sampling({1: Reservoir(1)}), "names of text"),
        (lambda: Sampling({"a": Reservoir(1)}, columns="fare"), r"give \['fare'\]"),
        (lambda: Sampling({"a": Reservoir(1)}, columns=[1]), "list of names"),
        (lambda: Sampling({"a": Reservoir(1)}, seed=-1), "seed=-1"),
        (lambda: Sampling({"a": Reservoir(1)}, seed="x"), "seed='x'"),
        (lambda: tg.log(TABLE, samplers={"a": Reservoir(1)}), "samplers= takes a Sampling"),
        (lambda: tg.Profiler(samplers=Reservoir(1)), "samplers= takes a Sampling"),
        (lambda: sample(TABLE, "reservoir"), "takes a sampler"),
        (lambda: Samples(None), "not made by calling"),
        (lambda: Failing("fare >", 1), "expression"),
        (lambda: Failing(3, 1), "condition= takes an expression"),
        (lambda: Failing("fare > 0", 1, unknown=1), "unknown=1"),
        (lambda: Outliers("n", 1, low=0.9, high=0.2), "low < high"),
        (lambda: Outliers("n", 1, low=0, high=1), "no value is beyond"),
        (lambda: Outliers("n", 1, low="x"), "low='x'"),
        (lambda: Stratified([], 1), "columns="),
        (lambda: Stratified("a", 1, 0), "strata=0"),
        (lambda: tg.samplers.Rare(1, 1), "column=1"),
        (lambda: tg.samplers.Rare("a", 1, 1e-9), "share="),
    ],
)
def test_arguments_that_make_no_sense(make, said):
    with pytest.raises(ArgumentError, match=said):
        make()


def test_a_name_that_is_none():
    sampling = Sampling({"any": Reservoir(1)})
    with pytest.raises(KeyError, match="no sampler 'anny'; did you mean 'any'"):
        sampling["anny"]
    assert list(sampling) == ["any"]
    assert "seen=0" in repr(sampling)
    assert sampling.samplers == {"any": Reservoir(1)}


def test_two_columns_of_one_name():
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    with pytest.raises(DataError, match="more than once"):
        sample(table, Reservoir(5))


def test_other_libraries_take_samples_as_they_are():
    import duckdb

    samples = sample(TABLE, Reservoir(30), seed=1)
    table = pa.table(samples)
    assert table.to_pylist() == samples.rows()
    assert pl.DataFrame(samples).rows(named=True) == samples.rows()
    assert duckdb.sql("select count(*) from samples").fetchall() == [(30,)]
    assert samples.to_pandas().to_dict("list")["n"] == [row["n"] for row in samples.rows()]
    assert tg.log(samples).records == 30


def test_samples_are_drawn_safely():
    samples = sample(
        {"<b>": ["<script>", None, "x" * 5000], **{f"c{n}": [1, 2, 3] for n in range(50)}}, Reservoir(3)
    )
    html = samples._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "21 more columns" in html
    assert len(html) < 30_000


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_makes_its_own_choices():
    sampling, seeded = Sampling({"any": Reservoir(10)}), Sampling({"any": Reservoir(10)}, seed=1)

    def choose():
        for each in (sampling, seeded):
            each.log({"n": range(10_000)})
        return repr((sampling["any"].places, seeded["any"].places)).encode()

    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, choose())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = eval(os.read(read, 1 << 16))  # noqa: S307 - written above
    mine = eval(choose())  # noqa: S307 - the same
    assert theirs[0] != mine[0]
    assert theirs[1] == mine[1]
