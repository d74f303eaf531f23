"""Every switch over every type of column: what is kept, what is said, and that all else goes on."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from itertools import pairwise

import pytest

import tidegauge as tg
from library.tests.privacy.attack import table
from tidegauge.errors import MissingMetricError
from tidegauge.metrics.stated import read_statement

KEY = bytes(range(32))

SWITCHES = {
    "": tg.Privacy(),
    "items=hashed:8c62c4199c99 cardinality=hashed:8c62c4199c99 numbers=off": tg.Privacy(key=KEY),
    "items=off cardinality=off numbers=off": tg.Privacy(items="off"),
    "items=off cardinality=hashed:8c62c4199c99 numbers=off": tg.Privacy(
        items="off", cardinality="hashed", key=KEY
    ),
    "min_count=5 cardinality=off numbers=off": tg.Privacy(min_count=5),
    "items=off cardinality=off numbers=moments": tg.Privacy(numbers="moments"),
    "min_count=2 numbers=moments": tg.Privacy(min_count=2, numbers="moments", cardinality="kept"),
    "lengths=off": tg.Privacy(lengths="off"),
    "rounded=step:10": tg.Privacy(round_to=10),
    "rounded=span:3600s": tg.Privacy(round_to="1h"),
    "rounded=digits:2": tg.Privacy(round_to="2 digits"),
    "items=off cardinality=off rounded=step:0.5": tg.Privacy(items="off", round_to=0.5),
}


@pytest.fixture(params=SWITCHES, ids=lambda text: text or "nothing")
def stated(request) -> str:
    return request.param


@pytest.fixture
def profile(stated) -> tg.Profile:
    return tg.log(table(), "all types", schema=tg.Schema(default_privacy=SWITCHES[stated]))


def test_a_profile_states_what_was_applied(profile, stated):
    assert {column.privacy for column in profile} == {stated or None}
    again = tg.Profile.from_bytes(profile.to_bytes())
    assert again == profile
    assert {column.privacy for column in again} == {stated or None}
    shown = {row["privacy"] for row in profile.rows()}
    assert shown == {stated or None}
    assert {column.get("privacy") for column in profile.to_dict()["columns"].values()} == {stated or None}


def test_what_is_kept_is_what_is_said(profile, stated):
    said = read_statement(stated)
    whole = tg.log(table(), "all types")
    for column in profile:
        plain = set(whole[column.name].metrics)
        kept = set(column.metrics)
        assert kept >= {"counts", "types"}
        assert kept <= plain
        assert ("frequent_items" in kept) == ("frequent_items" in plain and said.items != "off")
        assert ("cardinality" in kept) == ("cardinality" in plain and said.cardinality != "off")
        if whole[column.name].values is not None:
            assert (column.values is not None) == (said.numbers != "off")
        if column.values is not None:
            assert column.values.has_quantiles == column.values.has_extremes == (said.numbers == "kept")
        if said.lengths == "off":
            with pytest.raises(MissingMetricError):
                _ = column.lengths
        if not said.rounded:
            assert column.counts == whole[column.name].counts
        assert column.counts.present == whole[column.name].counts.present


def test_what_is_kept_of_numbers_alone_has_no_extremes():
    profile = tg.log(table(), schema=tg.Schema(default_privacy=tg.Privacy(numbers="moments")))
    plain = tg.log(table())
    for name in ("part", "whole", "when", "span", "day"):
        assert profile[name].mean == plain[name].mean
        assert profile[name].stddev == plain[name].stddev
        for which in ("min", "max"):
            with pytest.raises(MissingMetricError, match="private"):
                getattr(profile[name], which)
        with pytest.raises(MissingMetricError):
            profile[name].quantile(0.5)


def test_everything_draws_it(profile):
    text = str(profile) + "".join(str(column) + column._repr_html_() for column in profile)
    text += profile._repr_html_() + repr(profile.summary())
    report = tg.report(profile)
    text += report.html() + report.markdown() + report.text()
    json.loads(report.json())
    assert "nan" not in text.lower()
    pytest.importorskip("pandas")
    profile.to_pandas()
    profile.to_arrow()
    profile.to_polars()


def test_merging_parts_is_profiling_the_whole(stated):
    schema = tg.Schema(default_privacy=SWITCHES[stated])
    data = table()
    parts = [tg.log(data.slice(a, b - a), "all types", schema=schema) for a, b in pairwise((0, 7, 30, 60))]
    whole, merged = tg.log(data, "all types", schema=schema), tg.merge(parts)
    for column in merged:
        assert column.privacy == (stated or None)
        assert column.metrics == whole[column.name].metrics
        if "frequent_items" in column.metrics and column.frequent_items.min_count > 1:
            assert column.frequent_items.error >= whole[column.name].frequent_items.error
            assert column.frequent_items.total == whole[column.name].frequent_items.total
        if "min_count" not in stated:
            _assert_alike(column, whole[column.name])
    assert tg.merge([merged, tg.log({})]) == merged
    assert tg.Profile.from_bytes(merged.to_bytes()) == merged


def _assert_alike(column, whole):
    """The same but for what rounding does to moments when data comes in parts."""
    assert column.counts == whole.counts
    for metric in ("frequent_items", "cardinality"):
        if metric in column.metrics:
            assert getattr(column, metric).to_bytes() == getattr(whole, metric).to_bytes()
    if column.values is not None and column.values.has_quantiles:
        assert (column.min, column.max, column.median) == (whole.min, whole.max, whole.median)
    if column.values is not None and column.values.kind == "number":
        assert column.mean == pytest.approx(whole.mean, rel=1e-12)
        assert column.stddev == pytest.approx(whole.stddev, rel=1e-9)


def test_it_compares_with_itself(profile):
    report = tg.compare(profile, profile)
    assert not [name for name in report.columns if report[name].verdict == "drift"]
    assert tg.report(report).html()


def test_a_suite_can_be_suggested_and_checked(stated):
    schema = tg.Schema(default_privacy=SWITCHES[stated])
    data = table()
    profile = tg.log(data, "all types", schema=schema)
    suggestion = tg.constraints.suggest(profile)
    checked = suggestion.suite.check(profile)
    assert not [result for result in checked.results if result.outcome == "failed"]


ROUNDED = [
    ([12.3, -7.5, 0.2], 5, [10.0, -10.0, 0.0]),
    ([12, -7, 2**63 + 5], 5, [10, -5, 2**63]),
    ([0.33, 0.36], 0.1, [0.3, 0.4]),
    ([Decimal("12.34"), Decimal("-0.01")], 0.5, [Decimal("12.5"), Decimal(0)]),
    ([1234, -98765], None, [1200, -99000]),
    ([0.012345, 1e-300], None, [0.012, 1e-300]),
    ([dt.datetime(2024, 1, 1, 12, 31)], "1h", [dt.datetime(2024, 1, 1, 13)]),
    ([dt.timedelta(seconds=89)], dt.timedelta(minutes=1), [dt.timedelta(minutes=1)]),
    ([dt.time(12, 7, 59)], 900, [dt.time(12, 15)]),
    ([dt.date(1970, 1, 11)], "7d", [dt.date(1970, 1, 8)]),
]


@pytest.mark.parametrize(("values", "step", "rounded"), ROUNDED)
def test_rounding_is_as_if_the_column_had_been_rounded(values, step, rounded):
    privacy = tg.Privacy(round_to="2 digits") if step is None else tg.Privacy(round_to=step)
    column = tg.log({"x": values}, schema=tg.Schema(privacy={"x": privacy}))["x"]
    plain = tg.log({"x": rounded})["x"]
    assert (column.min, column.max, column.mean) == (min(rounded), max(rounded), plain.mean)
    assert column.quantile([0.0, 0.5, 1.0]) == plain.quantile([0.0, 0.5, 1.0])
    if "frequent_items" in plain.metrics:
        assert {item.value for item in column.frequent_items} == {item.value for item in plain.frequent_items}


def test_rounding_leaves_what_is_not_finite():
    data = {"x": [1.26, float("nan"), float("inf"), float("-inf"), None]}
    column = tg.log(data, schema=tg.Schema(privacy={"x": tg.Privacy(round_to=0.5)}))["x"]
    assert column.counts.nans == column.counts.positive_infinities == column.counts.negative_infinities == 1
    assert (column.nulls, column.min, column.max) == (1, 1.5, 1.5)


def test_records_and_batches_agree(stated, same_in_parts, columns, records):
    schema = tg.Schema(default_privacy=SWITCHES[stated])
    profiler = tg.Profiler(schema=schema)
    for record in records:
        profiler.record(record)
    assert same_in_parts(profiler.profile(), tg.log(columns, schema=schema))


def test_many_values_cut_stay_within_bounds():
    """Beyond what is counted exactly, over merges: bounds hold, and only what is common is listed."""
    values = [f"v{n}" for n in range(3000) for _ in range(1 + (n % 50 == 0) * n // 10)]
    counts = {f"v{n}": 1 + (n % 50 == 0) * n // 10 for n in range(3000)}
    schema = tg.Schema(privacy={"x": tg.Privacy(min_count=20)})
    parts = [tg.log({"x": values[start::3]}, schema=schema) for start in range(3)]
    for profile, times in ((tg.log({"x": values}, schema=schema), 1), (tg.merge(parts), 1)):
        items = profile["x"].frequent_items
        listed = {item.value: item for item in items}
        assert listed
        assert items.total == len(values)
        for name, truth in counts.items():
            if name in listed:
                assert listed[name].lower <= truth * times <= listed[name].upper
                assert truth >= 20
            else:
                assert truth <= items.error
        assert tg.Profile.from_bytes(profile.to_bytes()) == profile
