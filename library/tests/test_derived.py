"""Derived columns: by expression and by function, of every kind of data."""

from __future__ import annotations

import datetime
import math

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

import tidegauge as tg
from library.tests.own_metrics import Entropy, FirstDigits
from tidegauge import col
from tidegauge.derived import formulas
from tidegauge.errors import ArgumentError

FARES = [12.5, 7.0, None, 130.0, 1.5, 9.0]
TIPS = [2, 0, 1, 30, None, 0]
TIMES = [
    "2013-02-07T10:00",
    "2013-02-08T11:30",
    "2013-02-08T23:59",
    "2013-02-07T00:01",
    None,
    "2013-02-08T11:00",
]
ROWS = len(FARES)


def hours(times):
    """The hour of texts or datetimes, as a list."""
    return [value and int(str(value)[11:13]) for value in times.to_pylist()]


DERIVED = {
    "total": col("fare") + col("tip"),
    "generous": col("tip") > col("total") / 10,
    "hour": tg.derive(hours, ["at"]),
    "next_hour": "hour + 1",
}
EXPECTED = {
    "total": [14.5, 7.0, None, 160.0, None, 9.0],
    "generous": [True, False, None, True, None, False],
    "hour": [10, 11, 23, 0, None, 11],
    "next_hour": [11, 12, 24, 1, None, 12],
}


def data():
    return {"fare": FARES, "tip": TIPS, "at": TIMES}


def records():
    return [dict(zip(data(), row, strict=True)) for row in zip(*data().values(), strict=True)]


def check(profile, expected=EXPECTED):
    assert profile.columns[-len(expected) :] == tuple(expected)
    for name, values in expected.items():
        whole = tg.log({name: values})[name]
        assert profile[name].counts == whole.counts, name
        assert profile[name].type == whole.type, name
        assert profile[name].cardinality.estimate == whole.cardinality.estimate, name
        assert set(profile[name].frequent_items.top(9)) == set(whole.frequent_items.top(9)), name
        if whole.values is not None:
            assert profile[name].mean == pytest.approx(whole.mean), name


@pytest.mark.parametrize(
    "kind", ["columns", "pandas", "polars", "arrow", "objects", "records", "iterator", "batches"]
)
def test_every_kind_of_data(kind):
    if kind == "pandas":
        given = pytest.importorskip("pandas").DataFrame(data()).astype({"tip": "Int64"})
    elif kind == "polars":
        given = pytest.importorskip("polars").DataFrame(data())
    elif kind == "objects":
        given = {"fare": pa.array(FARES), "tip": TIPS, "at": pa.array(TIMES).dictionary_encode()}
    else:
        table = pa.table(data())
        batches = iter(table.to_batches(2))
        given = {
            "columns": data(),
            "arrow": table,
            "records": records(),
            "iterator": iter(records()),
            "batches": batches,
        }[kind]
    check(tg.log(given, derived=DERIVED))


@pytest.mark.parametrize("window", [None, "1d"])
@pytest.mark.parametrize("suffix", ["parquet", "csv", "ndjson", "arrow"])
def test_files(tmp_path, suffix, window):
    path = str(tmp_path / f"trips.{suffix}")
    table = pa.table(data())
    if suffix == "parquet":
        pa.parquet.write_table(table, path, row_group_size=4)
    elif suffix == "csv":
        pa.csv.write_csv(table, path)
    elif suffix == "arrow":
        with pa.ipc.new_file(path, table.schema) as file:
            file.write_table(table, 4)
    else:
        pytest.importorskip("polars").from_arrow(table).write_ndjson(path)
    derived = {**DERIVED, "hour": tg.derive(hours_of_anything, ["at"])}
    found = tg.log(path, derived=derived, timestamp=window and "at", window=window)
    assert found.records == ROWS
    check(found.merge() if window else found)


def hours_of_anything(times):
    """CSV has datetimes where the others have texts."""
    return [value and int(str(value).replace("T", " ")[11:13]) for value in times.to_pylist()]


def test_a_profiler_takes_any_kind_in_turn():
    profiler = tg.Profiler(derived=DERIVED)
    for record in records():
        profiler.record(record)
    assert profiler.records == ROWS
    profiler.log(pa.table(data()))
    profiler.log(records())
    twice = {name: values * 3 for name, values in EXPECTED.items()}
    check(profiler.profile(), twice)
    assert profiler.profile().records == 3 * ROWS


def test_functions_of_records_are_called_for_many():
    calls = []

    def double(column):
        calls.append(len(column))
        return [2 * value for value in column.to_pylist()]

    profiler = tg.Profiler(derived={"double": tg.derive(double, ["x"])})
    record = {"x": 0}
    for number in range(5000):
        record["x"] = number  # the same dict, changed: what was logged stays
        profiler.record(record)
    assert profiler.profile()["double"].max == 9998
    assert profiler.profile()["double"].mean == 4999
    assert len(calls) <= 6


def test_conditions_windows_constraints_and_metrics_see_derived_columns():
    profiles = tg.log(
        data(),
        derived={**DERIVED, "when": tg.derive(lambda times: times.to_pylist(), ["at"])},
        timestamp="when",
        window="1d",
        conditions={"late": col("hour") >= 20, "known": col("total").is_not_null()},
        metrics={"total": [FirstDigits()], "generous": [Entropy()]},
    )
    assert [profile.records for profile in profiles] == [1, 2, 3]
    whole = profiles.merge()
    assert whole.conditions["late"].passed == 1
    assert whole.conditions["known"].passed == 4
    assert whole["total"].metric("acme.finance.first_digits")["counts"] == [2, 0, 0, 0, 0, 0, 1, 0, 1]
    assert whole["generous"].metric("acme.entropy")["bits"] == 1.0
    tg.constraints.Suite([tg.constraints.Range("hour", at_least=0, at_most=23)]).check(whole)
    windowed_records = tg.log(
        records(), derived={"when": "at"}, timestamp="when", window="1d", conditions={"any": "fare > 0"}
    )
    assert [profile.records for profile in windowed_records] == [1, 2, 3]


@pytest.mark.parametrize("kind", ["columns", "arrow", "records", "parquet"])
def test_segments_by_derived_columns_and_the_metrics_of_each(kind, tmp_path):
    table = pa.table(data())
    path = str(tmp_path / "data.parquet")
    pa.parquet.write_table(table, path, row_group_size=2)
    given = {"columns": data(), "arrow": table, "records": records(), "parquet": path}[kind]
    profiles = tg.log(
        given,
        derived=DERIVED,
        segments=[["generous"], ["hour"]],
        metrics={"fare": [FirstDigits()]},
    )
    found = {tuple(profile.segment.items()): profile for profile in profiles}
    counts = {key: profile.records for key, profile in found.items()}
    assert counts == {
        (): 6,
        (("generous", "true"),): 2,
        (("generous", "false"),): 2,
        (("generous", None),): 2,
        (("hour", "10"),): 1,
        (("hour", "11"),): 2,
        (("hour", "23"),): 1,
        (("hour", "0"),): 1,
        (("hour", None),): 1,
    }
    digits = found[("generous", "true"),]["fare"].metric("acme.finance.first_digits")["counts"]
    assert digits == [2, 0, 0, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("kind", ["numpy", "times", "pandas", "polars", "arrow", "chunked", "list"])
def test_what_a_function_may_return(kind):
    numpy, pandas, polars = map(pytest.importorskip, ["numpy", "pandas", "polars"])

    def function(column):
        values = numpy.asarray(column)
        return {
            "numpy": lambda: values * 2,
            "times": lambda: values.astype("datetime64[s]"),
            "pandas": lambda: pandas.Series(values) * 2,
            "polars": lambda: polars.Series(column) * 2,
            "arrow": lambda: pa.array(values * 2),
            "chunked": lambda: pa.chunked_array([values[:2] * 2, values[2:] * 2]),
            "list": lambda: [2 * value for value in values.tolist()],
        }[kind]()

    for given in ({"x": [1, 2, 3]}, [{"x": 1}, {"x": 2}, {"x": 3}]):
        column = tg.log(given, derived={"y": tg.derive(function, "x")})["y"]
        if kind == "times":
            assert column.max == datetime.datetime(1970, 1, 1, 0, 0, 3)
        else:
            assert (column.type, column.mean) == ("integer", 4.0)


def test_whole_numbers_stay_whole():
    profile = tg.log(
        {"a": [1, 2, None]},
        derived={"b": "a * 3 - 1", "c": "a / 2", "d": "a + 0.5", "e": "length(t)"} | {"e": "-a"},
    )
    assert {name: profile[name].type for name in "bcde"} == {
        "b": "integer",
        "c": "fractional",
        "d": "fractional",
        "e": "integer",
    }


def test_times_and_durations():
    early, late = datetime.datetime(2013, 2, 8, 10), datetime.datetime(2013, 2, 8, 12)
    for given in (
        {"a": [early], "b": [late]},
        [{"a": early, "b": late}],
        pa.table({"a": [early], "b": [late]}),
    ):
        profile = tg.log(given, derived={"took": col("b") - col("a")})
        assert profile["took"].mean == datetime.timedelta(hours=2)
        assert profile["took"].type == "duration"


def test_nested_columns():
    given = [{"trip": {"fare": 5.0, "tip": 1.0}}, {"trip": {"fare": 7.0, "tip": None}}, {"trip": None}]
    expected = {"total": [6.0, None, None]}
    derived = {"total": col("trip.fare") + col("trip.tip")}
    check(tg.log(given, derived=derived), expected)
    check(tg.log(pa.Table.from_pylist(given), derived=derived), expected)


def test_values_that_do_not_fit_are_null():
    profile = tg.log({"x": [1, "one", 2.5]}, derived={"y": col("x") * 2})
    check(profile, {"y": [2.0, None, 5.0]})


def test_pandas_nan_is_null_and_a_nan_of_others_is_not():
    numpy, pandas = map(pytest.importorskip, ["numpy", "pandas"])
    frame = pandas.DataFrame({"x": [1.0, numpy.nan]})
    assert tg.log(frame, derived={"y": col("x") + 1})["y"].nulls == 1
    assert tg.log({"x": [1.0, math.nan]}, derived={"y": col("x") + 1})["y"].counts.nans == 1


@pytest.mark.parametrize("kind", ["dict", "records", "arrow", "pandas", "polars"])
def test_nan_that_a_function_gives_is_a_missing_value_wherever_the_data_came_from(kind):
    numpy, pandas, polars = map(pytest.importorskip, ["numpy", "pandas", "polars"])
    given = {
        "dict": {"x": [1.0, 4.0]},
        "records": [{"x": 1.0}, {"x": 4.0}],
        "arrow": pa.table({"x": [1.0, 4.0]}),
        "pandas": pandas.DataFrame({"x": [1.0, 4.0]}),
        "polars": polars.DataFrame({"x": [1.0, 4.0]}),
    }[kind]

    def known(x):
        return numpy.where(numpy.asarray(x) > 2, numpy.asarray(x), numpy.nan)

    column = tg.log(given, derived={"y": tg.derive(known, "x")})["y"]
    assert (column.nulls, column.counts.nans, column.mean) == (1, 0, 4.0)


def test_no_data_at_all():
    for given in (pa.table({"x": pa.array([], pa.int64())}), {"x": []}):
        profile = tg.log(given, derived={"y": col("x") + 1, "z": tg.derive(_never, ["x"])})
        assert profile.columns == ("x", "y", "z")
        assert (profile["y"].records, profile["z"].type, profile["y"].arrow_type) == (0, "null", "")


def _never(*_):
    raise AssertionError("there is nothing to compute")


# Errors


def test_an_existing_column_is_not_overwritten():
    for given in (data(), pa.table(data()), records()):
        with pytest.raises(
            tg.errors.DataError, match=r'a column "fare" already; give the derived column another'
        ):
            tg.log(given, derived={"fare": col("tip") * 2})


def test_a_misspelt_column_is_named():
    with pytest.raises(tg.errors.ArgumentError, match='did you mean "fare"'):
        tg.log(data(), derived={"double": col("fair") * 2})


def failing(column):
    raise LookupError(f"no such thing among {len(column)}")


@pytest.mark.parametrize("kind", ["columns", "arrow", "records", "ndjson", "parquet"])
def test_an_exception_of_a_function_passes_on(kind, tmp_path):
    table = pa.table(data())
    path = str(tmp_path / f"data.{kind}")
    if kind == "ndjson":
        pytest.importorskip("polars").from_arrow(table).write_ndjson(path)
    elif kind == "parquet":
        pa.parquet.write_table(table, path)
    given = {"columns": data(), "arrow": table, "records": records()}.get(kind, path)
    with pytest.raises(LookupError, match="no such thing among 6") as caught:
        tg.log(given, derived={"bad": tg.derive(failing, ["fare"])})
    assert caught.value.__notes__ == ['in the derived column "bad"']


def test_a_failing_function_costs_no_records():
    profiler = tg.Profiler(derived={"bad": tg.derive(failing, ["fare"])})
    profiler.log(records()[:0])
    for record in records():
        profiler.record(record)
    with pytest.raises(LookupError):
        profiler.profile()
    profile = profiler.profile()
    assert (profile.records, profile["fare"].counts.present, profile["bad"].nulls) == (6, 5, 6)


def test_failures_may_be_counted_in_place():
    failures = {}
    made = formulas(
        {"bad": tg.derive(failing, ["fare"]), "short": tg.derive(lambda fare: [1], ["fare"])},
        failures=failures,
    )
    for _, (_, function) in made:
        assert function([1, 2, 3]) == [None] * 3
    assert failures == {"bad": 1, "short": 1}


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda fare: 7, "gave int; expected an array"),
        (lambda fare: "texts!", "gave str; expected an array"),
        (lambda fare: [1, 2], "gave 2 values for 6 records"),
        (lambda fare: ["one", 2, 3, 4, 5, 6], "a text for some records and a number for others"),
    ],
)
def test_what_a_function_may_not_return(function, message):
    for given in (data(), records()):
        with pytest.raises(tg.errors.DataError, match=message):
            tg.log(given, derived={"odd": tg.derive(function, ["fare"])})


@pytest.mark.parametrize(
    ("derived", "message"),
    [
        ([("a", "fare")], "takes a dict"),
        ({1: "fare"}, "names of text"),
        ({"a": 7}, "got int"),
        ({"a": len}, "derive"),
        ({"a": "fare +"}, 'derived column "a"'),
        ({"a": col("b"), "b": col("fare")}, "computed after it"),
    ],
)
def test_what_is_no_derived_column(derived, message):
    with pytest.raises(tg.errors.ArgumentError, match=message):
        tg.log(data(), derived=derived)


def test_derive_checks_its_arguments():
    with pytest.raises(tg.errors.ArgumentError, match="takes a function"):
        tg.derive("hour", ["at"])
    for columns in ([], [1]):
        with pytest.raises(tg.errors.ArgumentError, match="names of at least one column"):
            tg.derive(hours, columns)
    assert repr(tg.derive(hours, "at")) == "derive(hours, ['at'])"


def test_a_function_that_logs_to_its_own_profiler_is_told_so():
    profiler = tg.Profiler(derived={"x": tg.derive(lambda fare: [profiler.records] * len(fare), ["fare"])})
    with pytest.raises(tg.errors.ArgumentError, match="would wait for itself"):
        profiler.log(data())


def test_interruption_in_a_function_passes_on():
    def interrupted(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tg.log(data(), derived={"x": tg.derive(interrupted, ["fare"])})


@pytest.mark.parametrize("columns", [3, None, [], [1]])
def test_columns_that_are_no_names(columns):
    with pytest.raises(ArgumentError, match=r"derive\(\) takes the names of at least one column, not"):
        tg.derive(len, columns)
