"""Correlation of numeric columns, against NumPy and pandas, in every way that data comes in."""

from __future__ import annotations

import json
import math
import pickle
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tidegauge as tg
from tidegauge.correlation import Correlation, inflation_of
from tidegauge.errors import ArgumentError, MissingColumnError, MissingMetricError


def frame(rows=3000, seed=0):
    random = np.random.default_rng(seed)
    table = pd.DataFrame(random.normal(size=(rows, 4)), columns=list("abcd"))
    table["b"] += table["a"]
    table.loc[random.random(rows) < 0.2, "c"] = np.nan
    table.loc[random.random(rows) < 0.7, "d"] = np.nan
    table["k"] = random.integers(0, 9, rows)
    table["name"] = "text"
    table["at"] = pd.date_range("2020-01-01", periods=rows, freq="min")
    return table


def numbers(table):
    return table.select_dtypes("number").corr().to_numpy()


def difference(profile, table):
    return np.abs(np.array(profile.correlation().matrix) - numbers(table)).max()


FORMS = {
    "pandas": lambda table: table,
    "polars": pl.from_pandas,
    "arrow": pa.Table.from_pandas,
    "arrays": lambda table: {name: table[name].to_numpy() for name in table if name != "at"},
    "lists": lambda table: {name: table[name].tolist() for name in table},
    "arrays and lists": lambda table: {
        name: table[name].tolist() if name in "bd" else table[name].to_numpy() for name in "abcdk"
    },
    "records": lambda table: table.to_dict("records"),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_data_gives_the_correlations_of_pandas(form):
    table = frame()
    profile = tg.log(FORMS[form](table))
    assert profile.correlation().columns == ("a", "b", "c", "d", "k")
    assert difference(profile, table) < 1e-13
    counts = np.array(profile.correlation().counts)
    there = table[list("abcdk")].notna().to_numpy().astype(int)
    assert (counts == there.T @ there).all()


@pytest.mark.parametrize("form", ["pandas", "arrow", "lists", "records"])
def test_windows_merge_to_the_correlations_of_all(form):
    table = frame()
    days = tg.log(FORMS[form](table), timestamp="at", window="1d")
    assert len(days) == 3
    assert difference(days[0], table[table["at"] < "2020-01-02"]) < 1e-13
    assert difference(days.merge(), table) < 1e-12


@pytest.mark.parametrize("kind", ["csv", "parquet", "ndjson", "arrow"])
@pytest.mark.parametrize("window", [None, "1d"])
def test_files_are_correlated_too(kind, window, tmp_path):
    table = frame()
    path = tmp_path / f"table.{kind}"
    write = {
        "csv": lambda: table.to_csv(path, index=False),
        "parquet": lambda: table.to_parquet(path, row_group_size=700),
        "ndjson": lambda: table.to_json(path, orient="records", lines=True, date_format="iso"),
        "arrow": lambda: table.to_feather(path),
    }
    write[kind]()
    found = tg.log(str(path), timestamp="at" if window else None, window=window)
    profile = found.merge() if window else found
    assert difference(profile, table) < (1e-9 if kind == "ndjson" else 1e-12)


def exact(values, centre):
    """Correlations in extended precision; taking off the centre is exact."""
    about = (values - centre).astype(np.longdouble)
    about -= about.mean(axis=1, keepdims=True)
    products = about @ about.T
    scales = np.sqrt(np.diag(products))
    return (products / scales / scales[:, np.newaxis]).astype(float)


@pytest.mark.parametrize("centre", [0.0, 1e9, -1e12])
def test_far_from_zero_it_is_exact(centre):
    random = np.random.default_rng(5)
    values = centre + np.cumsum(random.normal(size=(6, 50_000)), axis=0)
    parts = np.array_split(values, 13, axis=1)
    merged = tg.merge([tg.log({f"c{n}": row for n, row in enumerate(part)}) for part in parts])
    whole = tg.log({f"c{n}": row for n, row in enumerate(values)})
    for profile in (whole, merged):
        found = np.array(profile.correlation().matrix)
        assert np.abs(found - exact(values, centre)).max() < 1e-12
        # NumPy itself loses digits where values lie farther from zero.
        assert np.abs(found - np.corrcoef(values)).max() < (1e-9 if centre > -1e12 else 1e-6)


# Of values that differ by less than rounding it is chance whether they are known to differ at all.
quarters = st.integers(-4_000, 4_000).map(lambda number: number / 4)
cells = st.one_of(st.none(), st.integers(-50, 50), quarters, st.just(math.nan), st.just("text"))


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys("xyz", cells)), max_size=40), st.data())
def test_parts_merge_in_any_order_to_the_whole(rows, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), min_size=2, max_size=2)))
    parts = [tg.log(rows[start:end]) for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    whole = tg.log(rows).correlation()
    left = parts[0].merge(parts[1]).merge(parts[2]).correlation()
    right = parts[2].merge(parts[1].merge(parts[0])).correlation()
    for merged in (left, right):
        assert set(merged.columns) == set(whole.columns)
        for pair in whole:
            found = merged.pair(pair.x, pair.y)
            assert found.n == pair.n
            assert found.r == pytest.approx(pair.r, abs=1e-6, nan_ok=True)


wide = st.one_of(
    st.none(), st.floats(allow_nan=True), st.sampled_from([0.1, 1e308, -1e308, 5e-324, 1e16, 1e16 + 2])
)


@given(
    st.lists(
        st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys("xyz", wide)), max_size=12), min_size=1
    )
)
def test_numbers_at_the_ends_of_the_range_are_written_and_read(parts):
    profiles = [tg.log(rows) for rows in parts]
    for profile in (*profiles, tg.merge(profiles)):
        again = tg.Profile.from_bytes(profile.to_bytes())
        assert again.correlation() == profile.correlation()
        assert all(math.isnan(pair.r) or -1 <= pair.r <= 1 for pair in again.correlation())


def test_a_part_without_correlation_leaves_none_of_its_columns():
    table = {"x": [1, 2, 4], "y": [3, 1, 2]}
    bare = tg.log(table, schema=tg.Schema(correlation=False))
    assert tg.log({"x": [1]}, schema=tg.Schema(correlation=False)).correlation().columns == ()
    other = tg.log({"y": [1, 5], "z": [2, 3]})
    with pytest.raises(MissingMetricError, match="of its 2 numeric columns"):
        tg.log(table).merge(bare).correlation()
    assert tg.log({"x": [1, 2]}, schema=tg.Schema(correlation=False)).merge(other).correlation().columns == (
        "y",
        "z",
    )


def test_columns_of_which_none_is_numeric_are_cut_into_windows():
    days = tg.log({"at": ["2020-01-01", "2020-01-02"], "name": ["a", "b"]}, timestamp="at", window="1d")
    assert [day.correlation().columns for day in days] == [(), ()]


def test_too_many_columns_of_objects_are_given_up_in_every_window():
    wide = {f"c{n}": [n, 1, 2, 5] for n in range(70)}
    days = tg.log({"at": ["2020-01-01", "2020-01-02"] * 2, **wide}, timestamp="at", window="1d")
    for profile in (*days, tg.log(wide)):
        with pytest.raises(MissingMetricError, match="of its 70 numeric columns"):
            profile.correlation()


@pytest.mark.parametrize("form", ["arrow", "lists", "records"])
def test_segments_are_correlated_when_asked(form):
    table = frame()
    table["k"] = table["k"].map("k{}".format)
    asked = tg.log(FORMS[form](table), segments=["k"], schema=tg.Schema(correlation=True))
    usual = tg.log(FORMS[form](table), segments=["k"])
    for profiles in (asked, usual):
        assert difference(profiles[0], table) < 1e-12
    for profile in list(asked)[1:]:
        of_segment = table[table["k"] == profile.segment["k"]]
        assert difference(profile, of_segment) < 1e-12
    for profile in list(usual)[1:]:
        with pytest.raises(MissingMetricError, match="of its 4 numeric columns"):
            profile.correlation()


def test_private_numbers_take_no_part():
    table = {name: [1.0, 5.0, 2.0, 8.0] for name in ("open", "rounded", "moments", "listed", "too")}
    schema = tg.Schema(
        privacy={
            "rounded": tg.Privacy(round_to=10),
            "moments": tg.Privacy(numbers="moments"),
            "listed": tg.Privacy(items="off"),
        },
        correlation=True,
    )
    assert tg.log(table, schema=schema).correlation().columns == ("open", "too")


def test_only_what_is_numeric_takes_part():
    profile = tg.log(
        {
            "price": [Decimal("1.5"), Decimal("2.5"), Decimal("9.5")],
            "flag": [True, False, True],
            "inner": [{"n": 1, "s": "a"}, {"n": 5, "s": "b"}, {"n": 2, "s": "c"}],
            "list": [[1, 2], [3], []],
            "infinite": [1.0, math.inf, 3.0],
            "nothing": [math.nan, None, math.nan],
            "text": ["1", "2", "3"],
        }
    )
    correlation = profile.correlation()
    assert set(correlation.columns) == {"price", "inner.n", "infinite"}
    assert correlation.pair("infinite", "price").n == 2
    assert correlation.pair("price", "inner.n").r == pytest.approx(
        np.corrcoef([1.5, 2.5, 9.5], [1, 5, 2])[0, 1]
    )


def test_more_columns_than_few_are_correlated_when_asked():
    wide = pa.table({f"c{n}": [1.0, float(n), n * n % 7] for n in range(70)})
    with pytest.raises(MissingMetricError, match="more than 64"):
        tg.log(wide).correlation()
    assert len(tg.log(wide, schema=tg.Schema(correlation=True)).correlation().columns) == 70
    some = tg.log(wide, schema=tg.Schema(correlation=["c3", "c69"])).correlation()
    assert some.columns == ("c3", "c69")


def test_schemas_say_what_is_correlated():
    for chosen in (None, True, False, ("a", "b")):
        schema = tg.Schema(correlation=chosen)
        assert schema.correlation == chosen
        assert tg.Schema.from_dict(json.loads(json.dumps(schema.to_dict()))) == schema
        assert pickle.loads(pickle.dumps(schema)) == schema  # noqa: S301 - our own
        assert eval(repr(schema), {"Schema": tg.Schema}) == schema  # noqa: S307 - our own
    with pytest.raises(ArgumentError, match="a correlation is of two"):
        tg.Schema(correlation=["a"])
    with pytest.raises(ArgumentError, match="several names"):
        tg.Schema(correlation="ab")


def test_it_survives_files_and_pickles():
    profile = tg.log(frame())
    again = tg.Profile.from_bytes(profile.to_bytes())
    assert again == profile
    assert again.correlation() == profile.correlation()
    restored = pickle.loads(pickle.dumps(profile.correlation()))  # noqa: S301 - our own
    assert restored == profile.correlation()
    assert hash(restored) == hash(profile.correlation())
    assert restored.pair("a", "b") == profile.correlation().pair("a", "b")
    assert tg.log({"x": [1, 2, 3], "y": [3, 2, 1]}) != tg.log({"x": [1, 2, 3], "y": [2, 3, 1]})


def test_it_becomes_tables():
    table = frame()
    correlation = tg.log(table).correlation()
    square = correlation.to_pandas()
    pd.testing.assert_frame_equal(square, table.select_dtypes("number").corr(), check_exact=False, rtol=1e-12)
    rows = correlation.to_arrow()
    assert rows.num_rows == len(correlation) == 10
    assert rows.column("x").to_pylist()[0] == "a"
    plain = json.loads(json.dumps(correlation.to_dict(), allow_nan=False))
    assert plain["columns"] == list("abcdk")
    assert tg.log(table).to_dict()["correlation"] == plain


def test_pairs_are_found_by_name():
    correlation = tg.log({"x": [1, 2, 3], "y": [3, 2, 2], "same": [1, 1, 1]}).correlation()
    assert correlation.pair("y", "x").r == correlation.pair("x", "y").r
    assert math.isnan(correlation.pair("x", "same").r)
    assert correlation.pair("x", "same").interval() == (-1.0, 1.0)
    assert [pair[:2] for pair in correlation.strongest()] == [("x", "y")]
    with pytest.raises(MissingColumnError, match="did you mean 'same'"):
        correlation.pair("x", "sane")
    with pytest.raises(MissingColumnError, match="given twice"):
        correlation.pair("x", "x")
    assert not tg.log({"x": [1]}).correlation()
    assert tg.log([]).correlation().columns == ()


SAMPLES = {
    "normal": lambda random, n: random.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n).T,
    "lognormal": lambda random, n: np.exp(random.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n).T),
    "t with 5 degrees": lambda random, n: (
        random.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n).T * np.sqrt(5 / random.chisquare(5, n))
    ),
}
TRUE = {"normal": 0.5, "lognormal": (math.exp(0.5) - 1) / (math.e - 1), "t with 5 degrees": 0.5}


@pytest.mark.parametrize("name", SAMPLES)
def test_intervals_hold_the_truth(name):
    random = np.random.default_rng(11)
    held = 0
    for _ in range(400):
        x, y = SAMPLES[name](random, 500)
        low, high = tg.log({"x": x, "y": y}).correlation().pair("x", "y").interval(0.9)
        held += low <= TRUE[name] <= high
    # Of 400 a share of 0.9, less three standard errors.
    assert held / 400 >= 0.9 - 3 * math.sqrt(0.09 / 400)


def test_long_tails_widen_the_interval():
    assert inflation_of(3.0, 3.0) == 1.0
    assert inflation_of(math.nan, 21.0) == 10.0
    correlation = Correlation((["x", "y"], [103, 103], [(103, 0.5, 1.0)]), {"x": 3.0, "y": 3.0})
    low, high = correlation.pair("x", "y").interval()
    # By hand: artanh 0.5 = 0.549306, 1.96 / sqrt(100) = 0.195996.
    assert (low, high) == pytest.approx((math.tanh(0.353310), math.tanh(0.745302)), abs=1e-5)


def test_a_segment_says_why_it_keeps_none():
    data = {"city": ["Oslo"] * 9, "fare": range(9), "tip": range(9)}
    (rides,) = tg.log(data, segments=["city"]).select(["city"])
    with pytest.raises(MissingMetricError, match="of a segment it is kept only when the schema asks for it"):
        rides.correlation()
    (asked,) = tg.log(data, segments=["city"], schema=tg.Schema(correlation=True)).select(["city"])
    assert asked.correlation().pair("fare", "tip").r == 1.0


def test_wrong_arguments_are_told():
    correlation = tg.log({"x": [1, 2, 3, 4, 5], "y": [2, 1, 4, 3, 5]}).correlation()
    for confidence in (95, 0, 1.0, math.nan):
        with pytest.raises(ArgumentError, match="a confidence is between 0 and 1"):
            correlation.pair("x", "y").interval(confidence)
    with pytest.raises(ArgumentError, match="expected how many pairs"):
        correlation.strongest(-1)
    assert repr(correlation) == "<Correlation of 2 columns, 1 pair, strongest: 'x' and 'y' 0.8>"
