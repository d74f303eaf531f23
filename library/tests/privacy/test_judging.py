"""Constraints and comparisons of private columns: what cannot be told is unknown, and nothing else."""

from __future__ import annotations

import datetime as dt
import random

import pytest

import tidegauge as tg
from tidegauge import constraints as c
from tidegauge.drift import measures
from tidegauge.errors import ArgumentError, MissingMetricError

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
CITIES = ["Oslo"] * 60 + ["Rome"] * 30 + ["Vik"] * 2


def data(seed: int = 1, size: int = 2000) -> dict[str, list]:
    rng = random.Random(seed)
    start = dt.datetime(2024, 1, 1)
    return {
        "fare": [round(rng.uniform(0.4, 499.4), 2) for _ in range(size)],
        "seats": [rng.randrange(1, 7) for _ in range(size)],
        "city": [rng.choice(CITIES) for _ in range(size)],
        "at": [start + dt.timedelta(seconds=rng.randrange(86_400)) for _ in range(size)],
        "paid": [rng.random() < 0.5 for _ in range(size)],
    }


def outcome(constraint: c.Constraint, privacy: tg.Privacy | None, **more: object) -> str:
    schema = None if privacy is None else tg.Schema(default_privacy=privacy)
    (result,) = c.Suite([constraint]).check(tg.log(data(), schema=schema), **more).results
    assert result.why
    return result.outcome


HASHED = tg.Privacy(key=KEY)
OFF = tg.Privacy(items="off")
CUT = tg.Privacy(min_count=100)
MOMENTS = tg.Privacy(numbers="moments")
TENS = tg.Privacy(round_to=10)
DIGITS = tg.Privacy(round_to="1 digit")


@pytest.mark.parametrize(
    ("constraint", "privacy", "expected"),
    [
        (c.ValueSet("city", ["Oslo", "Rome", "Vik"]), None, "passed"),
        (c.ValueSet("city", ["Oslo", "Rome", "Vik"]), HASHED, "unknown"),
        (c.ValueSet("city", ["Oslo"]), HASHED, "unknown"),
        (c.ValueSet("city", ["Oslo", "Rome", "Vik"]), OFF, "unknown"),
        (c.ValueSet("city", ["Oslo", "Rome", "Vik"]), CUT, "unknown"),
        (c.ValueSet("city", ["Oslo"]), CUT, "failed"),
        (c.ValueSet("city", ["Oslo", "Rome"], at_most_outside=0.2), CUT, "passed"),
        (c.ValueSet("seats", [1, 2, 3, 4, 5, 6]), TENS, "unknown"),
        (c.ValueSet("city", ["Oslo", "Rome", "Vik"]), TENS, "passed"),
        (c.RequiredValues("city", ["Oslo"]), None, "passed"),
        (c.RequiredValues("city", ["Oslo"]), HASHED, "unknown"),
        (c.RequiredValues("city", ["Vik"]), CUT, "unknown"),
        (c.RequiredValues("city", ["Oslo"]), CUT, "passed"),
        (c.ValueRate("city", "Oslo", at_least=0.5), HASHED, "unknown"),
        (c.ValueRate("city", "Oslo", at_least=0.5), CUT, "passed"),
        (c.ValueRate("city", "Vik", at_most=0.01), CUT, "unknown"),
        (c.DistinctCount("city", at_most=3), HASHED, "passed"),
        (c.DistinctCount("city", at_most=3), OFF, "unknown"),
        (c.DistinctCount("city", at_most=3), CUT, "unknown"),
        (c.DistinctCount("fare", at_least=40), TENS, "passed"),
        (c.DistinctCount("fare", at_most=60), TENS, "unknown"),
        (c.Unique("city"), HASHED, "failed"),
        (c.Unique("fare"), TENS, "unknown"),
        (c.Range("fare", at_least=0, at_most=500), None, "passed"),
        (c.Range("fare", at_least=0, at_most=500), TENS, "unknown"),
        (c.Range("fare", at_least=-5, at_most=505), TENS, "passed"),
        (c.Range("fare", at_least=0, at_most=490), TENS, "failed"),
        (c.Range("fare", at_least=0, at_most=500), DIGITS, "unknown"),
        (c.Range("fare", at_least=0, at_most=600), DIGITS, "passed"),
        (c.Range("fare", at_least=0, at_most=500), MOMENTS, "unknown"),
        (c.Range("fare", at_least=0, at_most=500), OFF, "unknown"),
        (c.Min("fare", at_most=20), TENS, "passed"),
        (c.Max("fare", at_most=500), TENS, "unknown"),
        (c.Max("fare", at_most=500), MOMENTS, "unknown"),
        (c.Mean("fare", at_least=200, at_most=300), MOMENTS, "passed"),
        (c.Mean("fare", at_least=200, at_most=300), TENS, "passed"),
        (c.Mean("fare", at_least=0, at_most=200), TENS, "failed"),
        (c.Mean("fare", at_most=252), TENS, "unknown"),
        (c.Mean("fare", at_least=200, at_most=300), OFF, "unknown"),
        (c.Median("fare", at_least=200, at_most=300), TENS, "passed"),
        (c.Median("fare", at_least=200, at_most=300), MOMENTS, "unknown"),
        (c.Stddev("fare", at_least=100, at_most=200), TENS, "passed"),
        (c.Stddev("fare", at_most=144), TENS, "unknown"),
        (c.Skewness("fare", at_most=3), TENS, "unknown"),
        (c.Skewness("fare", at_most=3), MOMENTS, "passed"),
        (c.Sum("seats", at_least=1), TENS, "unknown"),
        (c.ZeroRate("fare", at_most=0.5), None, "passed"),
        (c.ZeroRate("fare", at_most=0.5), TENS, "unknown"),
        (c.NegativeRate("fare", at_most=0), TENS, "unknown"),
        (c.TrueRate("paid", at_least=0.1), HASHED, "passed"),
        (c.LengthRange("city", at_least=3, at_most=4), HASHED, "passed"),
        (c.LengthRange("city", at_least=3, at_most=4), tg.Privacy(lengths="off"), "unknown"),
        (c.NullRate("city", at_most=0), HASHED, "passed"),
    ],
)
def test_a_constraint_is_judged_by_what_is_known(constraint, privacy, expected):
    assert outcome(constraint, privacy) == expected


def test_the_age_of_rounded_times_is_known_as_far_as_they_are():
    now = dt.datetime(2024, 1, 2, 1, tzinfo=dt.UTC)
    hours = tg.Privacy(round_to="1h")
    assert outcome(c.Freshness("at", at_most="2h"), None, now=now) == "passed"
    assert outcome(c.Freshness("at", at_most="2h"), hours, now=now) == "passed"
    assert outcome(c.Freshness("at", at_most="65m"), hours, now=now) == "unknown"
    assert outcome(c.Freshness("at", at_most="10m"), hours, now=now) == "failed"


@pytest.mark.parametrize("name", ["cut", "hashed", "rounded", "moments", "off"])
def test_the_same_privacy_on_both_sides_sees_what_is_left(name):
    privacy = {"cut": CUT, "hashed": HASHED, "rounded": TENS, "moments": MOMENTS, "off": OFF}[name]
    schema = tg.Schema(default_privacy=privacy)
    same = tg.compare(tg.log(data(1), schema=schema), tg.log(data(2), schema=schema))
    assert not [column for column in same.columns if same[column].verdict == "drift"]
    moved = data(3)
    moved["city"] = ["Rome" if city == "Oslo" else "Oslo" for city in moved["city"]]
    moved["fare"] = [fare + 200 for fare in moved["fare"]]
    other = tg.compare(tg.log(moved, schema=schema), tg.log(data(2), schema=schema))
    assert (other["city"].verdict == "drift") == (name in {"cut", "hashed", "rounded"})
    assert (other["fare"].verdict == "drift") == (name == "rounded")
    assert tg.report(other).html()
    assert "Oslo" not in tg.report(other).html() or name not in {"hashed", "off", "moments"}


PAIRS = [
    (HASHED, None, "city", "hashed with key"),
    (HASHED, tg.Privacy(key=OTHER), "city", "hashed with key"),
    (TENS, None, "fare", "rounded"),
    (TENS, tg.Privacy(round_to=50), "fare", "rounded"),
]


@pytest.mark.parametrize(("one", "other", "name", "why"), PAIRS)
def test_what_was_made_private_in_two_ways_is_not_compared(one, other, name, why):
    profiles = [
        tg.log({name: data(1)[name]}, schema=None if each is None else tg.Schema(default_privacy=each))
        for each in (one, other)
    ]
    for current, reference in (profiles, profiles[::-1]):
        found = tg.compare(current, reference)[name]
        assert found.verdict != "drift"
        assert not [finding for finding in found.findings if finding.aspect == "distribution"]
        assert why in found.why or found.findings
        measure = measures.get("total_variation")
        with pytest.raises((ArgumentError, MissingMetricError)):
            measure.compute(current[name], reference[name])
        (result,) = c.Suite([c.Drift(name, measure="psi", at_most=0.2)]).check(current, reference).results
        assert result.outcome == "unknown"


def test_a_history_is_compared_by_its_windows_of_the_same_key():
    rng = random.Random(5)
    windows = []
    for day in range(20):
        schema = tg.Schema(privacy={"city": tg.Privacy(key=KEY if day != 3 else OTHER)})
        rows = {
            "at": [f"2024-01-{day + 1:02}T12:00"] * 500,
            "city": rng.choices(["Oslo", "Rome"], [3, 1], k=500),
        }
        windows.append(tg.log(rows, "trips", timestamp="at", window="1d", schema=schema)[0])
    history, current = tg.ProfileSet(windows[:-1]), windows[-1]
    found = tg.compare(current, history)
    assert found["city"].verdict != "drift"
    flipped = {"at": ["2024-01-20T12:00"] * 500, "city": rng.choices(["Oslo", "Rome"], [1, 3], k=500)}
    schema = tg.Schema(privacy={"city": tg.Privacy(key=KEY)})
    moved = tg.log(flipped, "trips", timestamp="at", window="1d", schema=schema)[0]
    assert tg.compare(moved, history)["city"].verdict == "drift"
    assert tg.report(tg.ProfileSet(windows)).html()


def test_suggestions_name_no_value_that_is_private():
    for privacy in (HASHED, TENS, OFF, MOMENTS):
        schema = tg.Schema(default_privacy=privacy)
        suggested = c.suggest(tg.log(data(), schema=schema)).suite
        text = suggested.to_yaml()
        if privacy is not TENS:
            assert "Oslo" not in text
        assert "#" not in "".join(line for line in text.splitlines() if "values" in line)
        checked = suggested.check(tg.log(data(), schema=schema))
        assert {result.outcome for result in checked.results} <= {"passed"}


def test_segments_are_not_made_by_private_columns():
    schema = tg.Schema(privacy={"city": HASHED})
    with pytest.raises(ArgumentError, match=r"segments= would write the values of column \"city\""):
        tg.log(data(), segments=["city"], schema=schema)
    profiles = tg.log(data(), segments=["seats"], schema=schema)
    assert {profile["city"].privacy for profile in profiles} == {
        tg.log(data(), schema=schema)["city"].privacy
    }
