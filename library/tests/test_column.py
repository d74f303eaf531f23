# ruff: noqa: FBT003 - values in a row

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError, MissingMetricError

UTC = dt.UTC


def column(*values, **arguments):
    return tg.log({"x": list(values)}, **arguments)["x"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, None, 2**62], "integer"),
        ([1.5, 2.5], "fractional"),
        ([True, None], "boolean"),
        (["a", ""], "string"),
        ([b"a", b""], "binary"),
        ([dt.date(2013, 2, 8)], "date"),
        ([dt.datetime(2013, 2, 8)], "timestamp"),
        ([dt.time(23, 59)], "time"),
        ([dt.timedelta(1)], "duration"),
        ([Decimal("1.5")], "decimal"),
        ([None, None], "null"),
        ([[1], [2, 3]], "list"),
        ([1, "a"], "mixed"),
        ([object()], "other"),
    ],
)
def test_type(values, expected):
    assert column(*values).type == expected


def test_counts_and_types():
    found = column(0.0, -0.0, -1.5, math.nan, math.inf, -math.inf, None, 3.0)
    assert found.counts._asdict() == {
        "records": 8, "nulls": 1, "nans": 1, "positive_infinities": 1, "negative_infinities": 1,
        "zeros": 2, "negatives": 2, "trues": 0, "empty_strings": 0,
    }  # fmt: skip
    assert found.types.seen == ("fractional",)
    assert found.types.fractional == 7
    assert (found.records, found.nulls, found.null_rate) == (8, 1, 0.125)
    assert (found.min, found.max, found.mean) == (-1.5, 3.0, 0.375)


def test_booleans_and_empty_strings():
    assert column(True, False, None, True).counts.trues == 2
    assert column("", "a", None, "").counts.empty_strings == 2


def test_mixed_types_are_counted():
    types = column(1, "a", 2.5, None, True, b"x", dt.date(2013, 2, 8), [1], object()).types
    assert (types.integer, types.string, types.fractional, types.boolean) == (1, 1, 1, 1)
    assert (types.binary, types.temporal, types.list, types.other) == (1, 1, 1, 1)


def test_null_rate_of_nothing_is_nan():
    assert math.isnan(column().null_rate)
    assert column().records == 0


def test_integer_extremes_are_exact():
    found = column(-(2**63), 0, 2**63 - 1)
    assert (found.min, found.max) == (-(2**63), 2**63 - 1)
    assert isinstance(found.min, int)


def test_unsigned_beyond_63_bits():
    np = pytest.importorskip("numpy")
    found = tg.log({"x": np.array([2**64 - 1, 2**63, 5], dtype="u8")})["x"]
    assert (found.min, found.max) == (5, 2**64 - 1)


def test_integers_beyond_64_bits():
    found = column(1, 2**70, -(2**80))
    assert found.records == 3
    assert found.nulls == 0
    assert found.max == pytest.approx(2**70)
    assert found.min == pytest.approx(-(2**80))


def test_decimals_are_exact():
    found = column(Decimal("12345678901234567.89"), Decimal("-0.01"), None)
    assert (found.min, found.max) == (Decimal("-0.01"), Decimal("12345678901234567.89"))
    assert found.nulls == 1


def test_timestamps_are_shown_as_datetimes():
    found = column(
        dt.datetime(1969, 12, 31, 23), None, dt.datetime(1970, 1, 1, 1), dt.datetime(1970, 1, 1, 3)
    )
    assert found.min == dt.datetime(1969, 12, 31, 23)
    assert found.max == dt.datetime(1970, 1, 1, 3)
    assert found.median == dt.datetime(1970, 1, 1, 1)
    assert found.mean == dt.datetime(1970, 1, 1, 1)
    assert found.stddev == dt.timedelta(hours=2)
    assert found.variance == pytest.approx(7200.0**2)
    assert found.cdf(dt.datetime(1970, 1, 1, 2)) == pytest.approx(2 / 3)
    assert found.cdf("1970-01-01") == pytest.approx(1 / 3)
    histogram = found.histogram(4)
    assert histogram.edges[0] == dt.datetime(1969, 12, 31, 23)
    assert histogram.edges[1] == dt.datetime(1970, 1, 1)
    assert histogram.counts == (1, 0, 1, 1)


def test_zoned_timestamps_are_aware():
    zone = dt.timezone(dt.timedelta(hours=5, minutes=30))
    found = column(dt.datetime(2013, 2, 8, 5, 30, tzinfo=zone), dt.datetime(2013, 2, 8, tzinfo=UTC))
    assert found.min == found.max == dt.datetime(2013, 2, 8, tzinfo=UTC)
    assert found.max.tzinfo is UTC


def test_dates_times_and_durations():
    days = column(dt.date(2013, 2, 8), dt.date(2013, 2, 10), dt.date(2013, 2, 11))
    assert (days.min, days.median, days.max) == (
        dt.date(2013, 2, 8),
        dt.date(2013, 2, 10),
        dt.date(2013, 2, 11),
    )
    assert days.mean == dt.datetime(2013, 2, 9, 16)
    assert days.quantile([0.0, 1.0]) == [dt.date(2013, 2, 8), dt.date(2013, 2, 11)]
    assert days.frequent_items.top(1)[0].value == dt.date(2013, 2, 8)
    times = column(dt.time(1), dt.time(3, 0, 0, 1))
    assert (times.min, times.max, times.mean) == (dt.time(1), dt.time(3, 0, 0, 1), dt.time(2))
    assert times.cdf(dt.time(2)) == 0.5
    spans = column(dt.timedelta(seconds=-1), dt.timedelta(days=1))
    assert (spans.min, spans.max) == (dt.timedelta(seconds=-1), dt.timedelta(days=1))
    assert spans.mean == dt.timedelta(seconds=43199.5)
    assert spans.cdf(dt.timedelta(0)) == 0.5


@pytest.mark.parametrize("value", [dt.datetime(2013, 2, 8), "x", None])
def test_cdf_of_a_value_that_does_not_fit(value):
    with pytest.raises(ArgumentError, match="expected a number"):
        column(1, 2).cdf(value)
    with pytest.raises(ArgumentError, match="expected a timedelta"):
        column(dt.timedelta(1)).cdf(value)


def test_no_values_at_all():
    found = tg.log({"x": [1.5, None]}).merge(tg.log({"x": [None]}))["x"]
    assert found.mean == 1.5
    np = pytest.importorskip("numpy")
    empty = tg.log({"x": np.array([np.nan, np.inf])})["x"]
    assert empty.min is None
    assert empty.max is None
    assert math.isnan(empty.mean)
    assert math.isnan(empty.stddev)
    assert math.isnan(empty.quantile(0.5))
    assert math.isnan(empty.cdf(1.0))
    assert empty.histogram() == ((), ())
    times = tg.log({"x": np.array(["NaT"], dtype="M8[s]")})["x"]
    assert (times.nulls, times.min, times.mean, times.median, times.stddev) == (1, None, None, None, None)


def test_lengths_of_strings_binaries_and_lists():
    text = column("Oslo", "Reykjavík", "", None)
    assert (text.lengths.min, text.lengths.max, text.lengths.n) == (0, 9, 3)
    assert text.lengths.mean == pytest.approx(13 / 3)
    assert text.lengths.quantile([0.5, 1.0]) == [4, 9]
    assert column(b"\x00\xff", b"").lengths.max == 2
    lists = tg.log([{"x": [1, 2, 3]}, {"x": []}, {"x": None}])
    assert (lists["x"].lengths.min, lists["x"].lengths.max) == (0, 3)
    assert lists["x[]"].mean == 2


def test_missing_metric_says_why():
    text = tg.log({"city": ["Oslo"]})["city"]
    with pytest.raises(
        MissingMetricError,
        match=r"'city' holds strings: it has no quantiles; profile\['city'\]\.lengths has those of",
    ):
        text.quantile(0.5)
    for name in (
        "mean",
        "stddev",
        "variance",
        "skewness",
        "kurtosis",
        "min",
        "max",
        "median",
        "moments",
        "quantiles",
    ):
        with pytest.raises(MissingMetricError, match=f"it has no {name}"):
            getattr(text, name)
    with pytest.raises(AttributeError, match="all its values are null"):
        column(None).mean  # noqa: B018
    with pytest.raises(
        MissingMetricError, match=r"\(integer\) has no lengths: strings, binaries and lists have"
    ):
        column(1).lengths  # noqa: B018
    with pytest.raises(MissingMetricError, match="numbers and times have it"):
        column(True).mean  # noqa: B018
    schema = tg.Schema(metrics={"x": ["moments"]})
    with pytest.raises(MissingMetricError, match="column 'x' has no quantiles: the schema left them out"):
        column(1, schema=schema).median  # noqa: B018
    with pytest.raises(MissingMetricError, match="kept: counts, types, moments"):
        column(1, schema=schema).cardinality  # noqa: B018
    with pytest.raises(MissingMetricError, match="no frequent_items"):
        column(1, schema=schema).frequent_items  # noqa: B018
    assert getattr(text, "mean", None) is None


def test_values_is_none_for_strings_only():
    assert column("a").values is None
    assert column(1).values.mean == 1


def test_equality_is_of_content():
    assert column(1, 2) == column(1, 2)
    assert hash(column(1, 2)) == hash(column(1, 2))
    assert column(1, 2) != column(1, 3)
    assert column("a") != column("b")
    assert tg.log({"x": [1]})["x"] != tg.log({"y": [1]})["y"]
    assert column(1) != 1


def test_why_there_are_no_frequent_items():
    column = tg.log({"at": [dt.datetime(2020, 1, 1)]})["at"]
    with pytest.raises(MissingMetricError, match="strings, booleans, numbers and dates have them"):
        _ = column.frequent_items
