"""Laws of merging and of bytes, with data that hypothesis thinks up."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tidegauge as tg

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.binary(max_size=8),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.just(dt.UTC)),
    st.times(),
    st.timedeltas(),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
RECORDS = st.lists(st.dictionaries(st.sampled_from(["a", "b", "", "é🌊"]), VALUES, max_size=4), max_size=12)
SAME_TYPE = st.one_of(
    st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=30),
    st.lists(st.none() | st.floats(-1e100, 1e100), max_size=30),
    st.lists(st.none() | st.text(max_size=5), max_size=30),
    st.lists(st.none() | st.booleans(), max_size=30),
    st.lists(st.none() | st.dates(), max_size=30),
)
few = settings(max_examples=60)


def essence(profile: tg.Profile) -> object:
    """What must not depend on the order of merging: everything but the last bits of moments."""
    result = {}
    for column in profile:
        numbers = column.values or getattr(column, "lengths", None)
        result[column.name] = (
            column.type,
            column.counts,
            column.types,
            numbers and (numbers.n, repr(numbers.min), repr(numbers.max)),
            numbers and [repr(value) for value in numbers.quantile([0.0, 0.3, 0.5, 0.9, 1.0])],
            column.cardinality.estimate if "cardinality" in column.metrics else 0.0,
            repr(column.frequent_items.top(1000)) if "frequent_items" in column.metrics else "[]",
        )
    return profile.records, profile.dataset, result


@few
@given(RECORDS, RECORDS, RECORDS)
def test_merge_is_associative_and_commutative(a, b, c):
    x, y, z = tg.log(a), tg.log(b), tg.log(c)
    assert essence(x.merge(y).merge(z)) == essence(x.merge(y.merge(z)))
    assert essence(x.merge(y)) == essence(y.merge(x))
    assert essence(tg.merge(x, y, z)) == essence(tg.merge(z, x, y))


@few
@given(RECORDS)
def test_merge_has_an_identity(records):
    profile, nothing = tg.log(records), tg.log([])
    assert profile.merge(nothing) == profile
    assert nothing.merge(profile) == profile
    assert profile.merge() == profile


@few
@given(RECORDS, RECORDS)
def test_merge_of_parts_is_the_whole(a, b):
    assert essence(tg.log(a).merge(tg.log(b))) == essence(tg.log(a + b))


@few
@given(RECORDS)
def test_bytes_round_trip(records):
    profile = tg.log(records, "d", tags={"é": ""})
    back = tg.Profile.from_bytes(profile.to_bytes())
    assert back == profile
    assert back.to_bytes() == profile.to_bytes()


@few
@given(SAME_TYPE)
def test_every_value_is_accounted_for(values):
    column = tg.log({"x": values})["x"]
    present = [value for value in values if value is not None]
    assert column.records == len(values)
    assert column.nulls == len(values) - len(present)
    assert sum(column.types) == len(present)
    if present:
        assert column.cardinality.estimate == len(
            {value or abs(value) if isinstance(value, float) else value for value in present}
        )
        numbers = column.values if column.values is not None else getattr(column, "lengths", None)
        if numbers is not None:
            sizes = [len(value) if isinstance(value, str) else value for value in present]
            assert (numbers.min, numbers.max) == (min(sizes), max(sizes))


@few
@given(st.lists(st.text(max_size=2), max_size=200))
def test_small_columns_have_exact_items(texts):
    items = tg.log({"x": [*texts, "end"]})["x"].frequent_items
    assert {item.value: item.estimate for item in items} == Counter([*texts, "end"])


@few
@given(st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=200), st.integers(1, 5))
def test_moments_do_not_depend_on_the_parts(values, parts):
    whole = tg.log({"x": values})["x"]
    merged = tg.merge(tg.log({"x": values[i::parts]}) for i in range(parts))["x"]
    scale = max(map(abs, values)) or 1.0
    assert merged.mean == pytest.approx(math.fsum(values) / len(values), rel=1e-9, abs=1e-9 * scale)
    assert merged.variance == pytest.approx(whole.variance, rel=1e-9, abs=1e-12 * scale**2)
