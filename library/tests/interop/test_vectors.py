"""Golden files of every version: what they held when they were written is what is read today."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

import tidegauge as tg

FILES = sorted((Path(__file__).parents[3] / "contracts/vectors").glob("*/*.parquet"))

CONDITION = ("name", "expression", "passed", "failed", "unknown", "reason")


def double(value):
    return float(value)


def profiles(path):
    return list(tg.ProfileSet.read(path))


def check_numbers(found, told):
    assert (found is None) == (told is None)
    if told is None:
        return
    assert found.kind == told["domain"]
    if "n" in told:
        assert found.n == told["n"]
    for name in ("min", "max"):
        if name in told and told["exact"] is None:
            # No number where a schema keeps extremes out of the profile.
            assert repr(getattr(found, name)) == repr(double(told[name]))
    if "quantiles" in told:
        ranks = [rank for rank, _ in told["quantiles"]]
        values = [double(value) for _, value in told["quantiles"]]
        assert found.quantile(ranks) == pytest.approx(values, rel=1e-12)


def test_there_are_golden_files():
    assert {path.stem for path in FILES} >= {
        "conditions",
        "empty",
        "large",
        "newer_minor",
        "segments",
        "sparse",
        "types",
        "windows",
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_golden_file_says_what_it_said(path):
    told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    found = profiles(path)
    assert len(found) == len(told)
    # A set is in order of time and segment; the file need not be.
    key = lambda one: json.dumps(one, sort_keys=True, default=str)  # noqa: E731
    left = {
        key([profile.dataset, dict(profile.segment), window_of(profile), profile.records]): profile
        for profile in found
    }
    right = {key([one["dataset"], dict(one["segment"]), one["window"], one["records"]]): one for one in told}
    assert left.keys() == right.keys()
    for name, profile in left.items():
        check_profile(profile, right[name])


def window_of(profile):
    if profile.window is None:
        return None
    return [round(moment.timestamp() * 1_000_000) for moment in profile.window]


def check_profile(profile, told):
    assert round(profile.created.timestamp() * 1_000_000) == told["created"]
    assert profile.tags == told["tags"]
    assert profile.writer == told["writer"]
    assert list(profile.columns) == [column["name"] for column in told["columns"]]
    conditions = [
        dict(zip(CONDITION, (*texts, *counts, reason), strict=True))
        for *texts, counts, reason in profile._kernel.conditions
    ]
    assert conditions == told.get("conditions", [])
    check_correlation(profile._kernel.correlation, told.get("correlation"))
    for column in told["columns"]:
        check_column(profile[column["name"]], column)


def check_correlation(found, told):
    assert (found is None) == (told is None)
    if found is None:
        return
    names, counts, pairs = found
    assert names == told["columns"]
    assert counts == [single[0] for single in told["singles"]]
    for (n, r, _), (rows, _, _, m2_x, m2_y, c) in zip(pairs, told["pairs"], strict=True):
        assert n == rows
        if n > 1 and m2_x and m2_y:
            assert r == pytest.approx(c / math.sqrt(m2_x) / math.sqrt(m2_y), abs=1e-12)


def check_column(column, told):
    assert (column.type, column.arrow_type) == (told["type"], told["arrow_type"])
    assert (column.role, column.position) == (told["role"], told["position"])
    for name, kinds in (("counts", column.counts), ("types", column.types)):
        assert {kind: count for kind, count in kinds._asdict().items() if count} == told[name]
    kernel = column._column
    check_numbers(kernel.values, told["values"])
    check_numbers(kernel.lengths, told["lengths"])
    if told["distinct"] is not None and not column.cardinality.exact:
        assert column.cardinality.estimate == pytest.approx(told["distinct"])
    if told["frequent_items"] is not None:
        items = column.frequent_items
        assert (items.total, items.error, len(items)) == tuple(
            told["frequent_items"][key] for key in ("total", "offset", "count")
        )
        # What is listed under a least count has occurred so often, whatever its counter says.
        counters = [count for _, count in told["frequent_items"]["top"]]
        assert [item.lower for item in items.top(20)] == [max(count, items.min_count) for count in counters]
