"""The change of correlation between two profiles."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import tidegauge as tg


def table(rows, r, seed, tails=None):
    random = np.random.default_rng(seed)
    x, e, z = random.normal(size=(3, rows))
    scale = 1.0 if tails is None else np.sqrt(tails / random.chisquare(tails, rows))
    return {"x": x * scale, "y": (r * x + math.sqrt(1 - r * r) * e) * scale, "z": z * scale}


def changes(now, then, **options):
    return {
        change.columns: change for change in tg.compare(tg.log(now), tg.log(then), **options).correlations
    }


def test_a_change_is_found_and_the_rest_is_stable():
    found = changes(table(20_000, 0.2, 1), table(20_000, 0.7, 2))
    changed = found["x", "y"]
    assert changed.verdict == "drift"
    assert changed.effect.low < 0.2 - 0.7 < changed.effect.high < 0
    assert changed.records == (20_000, 20_000)
    assert changed.why.endswith("to 0.20 (p < 0.0001).")
    assert found["x", "z"].verdict == found["y", "z"].verdict == "stable"
    assert found["x", "z"].detectable < 0.1
    assert next(iter(found)) == ("x", "y")


def test_it_is_told_apart_from_the_columns():
    report = tg.compare(tg.log(table(20_000, 0.0, 1)), tg.log(table(20_000, 0.9, 2)))
    assert report.verdict == "stable"
    assert report.correlations[0].verdict == "drift"
    assert "correlations that changed\nx – y  0.90 → " in repr(report)
    plain = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert plain["correlations"][0]["columns"] == ["x", "y"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [(15, "15 records have both values; 20 are needed"), (200, "these sizes show a change of")],
)
def test_few_records_are_not_enough(rows, words):
    found = changes(table(rows, 0.0, 3), table(5000, 0.05, 4))
    assert {change.verdict for change in found.values()} == {"not enough data"}
    assert any(words in change.why for change in found.values())


def test_one_value_of_many_is_not_enough():
    spike = [0.0] * 999 + [1e6]
    change = changes({"x": spike, "y": spike}, {"x": spike, "y": list(range(1000))})["x", "y"]
    assert change.verdict == "not enough data"
    assert "tails so long" in change.why


def test_what_does_not_vary_has_no_verdict():
    change = changes({"x": [1.0] * 100, "y": range(100)}, {"x": range(100), "y": range(100)})["x", "y"]
    assert change.verdict == "not enough data"
    assert "does not vary in the current profile" in change.why
    assert change.to_dict()["current"] is None


def test_what_matters_can_be_told():
    now, then = table(50_000, 0.5, 1), table(50_000, 0.55, 2)
    assert changes(now, then)["x", "y"].verdict == "stable"
    assert "by less than matters (0.10)" in changes(now, then)["x", "y"].why
    assert changes(now, then, thresholds={"correlation": 0.02})["x", "y"].verdict == "drift"
    assert set(changes(now, then, columns=["x", "y"])) == {("x", "y")}


def test_identifiers_and_profiles_without_correlation_are_left_out():
    schema = tg.Schema(roles={"x": "id"})
    now, then = (tg.log(table(500, 0.5, seed), schema=schema) for seed in (1, 2))
    assert [change.columns for change in tg.compare(now, then).correlations] == [("y", "z")]
    bare = tg.log(table(500, 0.5, 1), schema=tg.Schema(correlation=False))
    assert tg.compare(bare, now).correlations == ()


@pytest.mark.parametrize(("tails", "rows"), [(None, 300), (None, 3000), (5, 300), (5, 3000), (3, 3000)])
@pytest.mark.parametrize("r", [0.0, 0.8])
def test_without_a_change_there_are_few_alarms(tails, rows, r):
    trials, alarms = 300, 0
    for trial in range(trials):
        now, then = (table(rows, r, [trial, side, rows], tails) for side in (0, 1))
        found = changes(now, then, thresholds={"correlation": 1e-6})
        alarms += any(change.verdict == "drift" for change in found.values())
    assert alarms / trials <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / trials)


def days(correlations, rows=400):
    parts = []
    for day, r in enumerate(correlations):
        values = table(rows, r, [day, 9])
        parts.append({"day": [f"2020-01-{day + 1:02}"] * rows, **values})
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return tg.log({name: list(column) for name, column in whole.items()}, timestamp="day", window="1d")


def test_a_history_tells_what_is_usual():
    usual = [0.3, 0.5, 0.7, 0.4, 0.6, 0.35, 0.65, 0.5, 0.45, 0.55]
    windows = days([*usual, 0.75, -0.6])
    past = tg.ProfileSet(list(windows)[:10])
    within, beyond = (
        {change.columns: change for change in tg.compare(window, past).correlations}["x", "y"]
        for window in list(windows)[10:]
    )
    assert within.verdict != "drift"
    assert beyond.verdict == "drift"
    assert beyond.windows == 10
    assert "in 10 windows" in beyond.why
    # Two profiles would have been told apart: the history knows better.
    assert tg.compare(windows[10], past.merge(), columns=["x", "y"]).correlations[0].verdict == "drift"
    few = tg.compare(windows[11], tg.ProfileSet(list(windows)[:8]), columns=["x", "y"]).correlations[0]
    assert few.windows == 8
