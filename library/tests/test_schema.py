# ruff: noqa: S301, S307 - our own pickles and texts

from __future__ import annotations

import pickle

import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError
from tidegauge.schema import METRICS, ROLES

DATA = {"a": [1, 2, 3], "b": ["x", "y", "z"], "c": [0.5, 0.6, 0.7]}


def test_without_schema_all_metrics_are_kept():
    profile = tg.log(DATA)
    assert profile["a"].metrics == (
        "counts",
        "types",
        "moments",
        "quantiles",
        "cardinality",
        "frequent_items",
    )
    assert profile["b"].metrics == profile["a"].metrics


@pytest.mark.parametrize("role", ROLES)
def test_role_is_kept(role):
    profile = tg.log({"a": ["2013-01-01"]}, schema=tg.Schema(roles={"a": role}))
    assert profile["a"].role == role


def test_metrics_of_a_column_and_of_all_others():
    schema = tg.Schema(metrics={"a": ["cardinality"], "b": []}, default_metrics=["moments"])
    profile = tg.log(DATA, schema=schema)
    assert profile["a"].metrics == ("counts", "types", "cardinality")
    assert profile["b"].metrics == ("counts", "types")
    assert profile["c"].metrics == ("counts", "types", "moments")
    assert profile["c"].mean == pytest.approx(0.6)


def test_only_leaves_other_columns_out():
    assert tg.log(DATA, schema=tg.Schema(only=["c", "a"])).columns == ("a", "c")


def test_only_without_the_timestamp_still_makes_windows():
    data = {"t": ["2013-01-01", "2013-01-02"], "x": [1, 2]}
    days = tg.log(data, timestamp="t", window="1d", schema=tg.Schema(only=["x"]))
    assert len(days) == 2
    assert days.columns == ("x",)


def test_role_timestamp_serves_for_the_argument():
    data = {"t": ["2013-01-01", "2013-01-02"], "x": [1, 2]}
    assert len(tg.log(data, window="1d", schema=tg.Schema(roles={"t": "timestamp"}))) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"roles": {"a": "predictoin"}}, "did you mean 'prediction'"),
        ({"roles": {"a": "timestamp", "b": "timestamp"}}, "one column can have the role 'timestamp', not 2"),
        ({"roles": ["a"]}, "roles is a dict"),
        ({"roles": {1: "id"}}, "takes names as text"),
        ({"metrics": {"a": ["quantile"]}}, "did you mean 'quantiles'"),
        ({"metrics": {"a": "quantiles"}}, r"for one give \['quantiles'\]"),
        ({"default_metrics": ["mean"]}, "names 'mean', which is no metric"),
        ({"only": "fare"}, r"for one give \['fare'\]"),
        ({"only": []}, "leaves no column"),
        ({"only": ["a"], "roles": {"b": "id"}}, "leaves it out; add it"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        tg.Schema(**arguments)


def test_it_is_a_value():
    schema = tg.Schema(roles={"a": "id"}, metrics={"b": ["moments", "cardinality"]}, only=["b", "a"])
    same = tg.Schema(roles={"a": "id"}, metrics={"b": ("cardinality", "moments")}, only=["a", "b"])
    assert schema == same
    assert hash(schema) == hash(same)
    assert schema != tg.Schema(roles={"a": "id"})
    assert schema != tg.Schema()
    assert pickle.loads(pickle.dumps(schema)) == schema
    assert tg.Schema.from_dict(schema.to_dict()) == schema
    assert eval(repr(schema), {"Schema": tg.Schema}) == schema


def test_it_cannot_be_changed_through_what_it_shows():
    schema = tg.Schema(roles={"a": "id"})
    schema.roles["a"] = "score"
    assert schema.role("a") == "id"
    with pytest.raises(AttributeError):
        schema.only = ("a",)


def test_from_dict_of_a_newer_version_is_refused():
    with pytest.raises(ArgumentError, match="version 1 or 2"):
        tg.Schema.from_dict({"version": 3})


def test_all_metrics_by_default():
    assert tg.Schema().metrics("any") == METRICS


@pytest.mark.parametrize("schema", [{"a": "id"}, "a", ["a"]])
def test_log_takes_nothing_else_for_a_schema(schema):
    with pytest.raises(ArgumentError, match=r"takes a tidegauge\.Schema"):
        tg.log(DATA, schema=schema)
