"""Suites suggested from profiles."""

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

import tidegauge as tg
from tidegauge.constraints import Suite, suggest
from tidegauge.errors import ArgumentError

START = datetime(2024, 1, 1, tzinfo=UTC)


def rows_of(day, rng, size=120, *, level=0.0):
    """A day of orders."""
    at = START + timedelta(days=day)
    return [
        {
            "at": at + timedelta(seconds=rng.randrange(86_400)),
            "order": day * 1000 + number,
            "fare": rng.gauss(20.0 + level, 5.0),
            "tip": rng.gauss(2.0, 0.5) if rng.random() > 0.05 else None,
            "city": rng.choices(["Oslo", "Rome", "Lima"], [5, 3, 2])[0],
            "user": f"user-{rng.randrange(10_000)}",
            "month": at.month,
            "paid": rng.random() < 0.7,
        }
        for number in range(size)
    ]


def log_days(days, seed=1, **options):
    rng = random.Random(seed)
    rows = [row for day in days for row in rows_of(day, rng, **options)]
    return tg.log(rows, "orders", timestamp="at", window="1d")


@pytest.fixture(scope="module")
def history():
    return log_days(range(40))


@pytest.fixture(scope="module")
def found(history):
    return suggest(history, name="orders")


def broken(seed, change):
    """A later day with every record changed."""
    rows = [change(dict(row)) for row in rows_of(50, random.Random(seed))]
    (profile,) = tg.log(rows, "orders", timestamp="at", window="1d")
    return profile


def failed_columns(found, profile):
    return {name for each in found.suite.check(profile).failed for name in each.constraint.reads}


def test_later_days_like_the_history_pass(found):
    later = log_days(range(40, 80), seed=2)
    assert [result.outcome for result in found.suite.check_windows(later)] == ["passed"] * 40


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("fare", lambda row: row | {"fare": row["fare"] * 100}),
        ("fare", lambda row: row | {"fare": row["fare"] + 5.0}),
        ("fare", lambda row: row | {"fare": row["fare"] - 5.0}),
        ("fare", lambda row: row | {"fare": 20.0}),
        ("tip", lambda row: row | {"tip": row["tip"] if row["at"].second % 10 >= 3 else None}),
        ("tip", lambda row: row | {"tip": str(row["tip"])}),
        ("city", lambda row: row | {"city": row["city"][:2]}),
        ("city", lambda row: row | {"city": "Rome" if row["city"] == "Lima" else row["city"]}),
        ("user", lambda row: row | {"user": row["user"][:4]}),
        ("user", lambda row: row | {"user": "user-1"}),
        ("month", lambda row: row | {"month": row["month"] * 100}),
    ],
)
def test_a_fault_is_caught_in_its_column(found, column, change):
    assert found.suite.check(broken(3, dict)).outcome == "passed"
    assert column in failed_columns(found, broken(3, change))


def test_rows_that_come_twice_are_caught(found):
    rows = rows_of(50, random.Random(4))
    (twice,) = tg.log(rows + rows, "orders", timestamp="at", window="1d")
    assert found.suite.check(twice).outcome == "failed"


def test_every_constraint_has_a_reason(found):
    assert all(constraint.reason for constraint in found.suite)


def test_the_calendar_and_what_rises_are_not_bounded(found):
    assert set(found.left_out) == {"month", "order"}
    bounded = {type(each).__name__ for each in found.suite if each.reads == ("order",)}
    assert not bounded & {"Median", "Quantile", "Range"}
    (size,) = (each for each in found.suite if each.reads == ("order",) and type(each).__name__ == "Mean")
    assert (size.at_least, size.at_most) == (-390_000.0, 390_000.0)
    (month,) = (each for each in found.suite if type(each).__name__ == "Range")
    assert (month.column, month.at_least, month.at_most) == ("month", 1, 12)


def test_the_suite_goes_through_yaml(found):
    assert Suite.from_yaml(found.suite.to_yaml()) == found.suite


def test_the_backtest_counts_and_draws(found):
    test = found.backtest
    assert (test.learnt, test.judged) == (28, 12)
    assert test.flagged_rate == len(test.flagged) / 12
    shares = {one.kind: one.share for one in test.caught}
    assert shares["unit"] == shares["nulls"] == 1.0
    text = repr(found)
    assert "back-test" in text
    assert "28 windows" in text
    assert "month of the window" in text


def test_the_backtest_reports_what_was_flagged():
    rng = random.Random(6)
    rows = [row for day in range(40) for row in rows_of(day, rng)]
    spoilt = [
        row | {"fare": row["fare"] * 100} if row["at"].date().isoformat() == "2024-02-05" else row
        for row in rows
    ]
    found = suggest(tg.log(spoilt, timestamp="at", window="1d"))
    (flagged,) = found.backtest.flagged
    assert flagged.window.start.date().isoformat() == "2024-02-05"
    assert all("fare" in each.constraint.reads for each in flagged.results)
    assert "2024-02-05" in repr(found)


def test_seasons_widen_what_differs_between_weekdays_only():
    rng = random.Random(7)
    rows = []
    for day in range(56):
        level = 30.0 if day % 7 >= 5 else 0.0
        rows += rows_of(day, rng, level=level)
    suite = suggest(tg.log(rows, timestamp="at", window="1d")).suite
    (bound,) = (
        each
        for each in suite
        if each.reads == ("fare",) and type(each).__name__ in {"Mean", "Median", "Quantile"} and each.at_least
    )
    assert bound.at_least < 20.0
    assert bound.at_most > 50.0


def test_columns_that_are_null_together_are_held_to_each_other():
    rng = random.Random(8)
    rows = []
    for day in range(40):
        lost = rng.choice([0.05, 0.05, 0.1, 0.5])
        for row in rows_of(day, rng):
            gone = rng.random() < lost
            rows.append(
                row | {"left": None if gone else rng.gauss(9, 1), "came": None if gone else rng.gauss(12, 1)}
            )
    suite = suggest(tg.log(rows, timestamp="at", window="1d")).suite
    formulas = [each.formula for each in suite if type(each).__name__ == "Relation"]
    assert any(text.startswith("null_rate(left) <= null_rate(came) + ") for text in formulas)


def test_a_single_profile_gives_fewer_and_wider_bounds(history):
    one = suggest(history[0])
    assert one.backtest is None
    assert one.windows == 1
    assert all(result.outcome == "passed" for result in one.suite.check_windows(history[1:20]))
    assert one.suite.check(broken(3, lambda row: row | {"fare": row["fare"] * 100})).outcome == "failed"
    assert "no back-test" in repr(one)


def test_a_single_profile_for_batches_of_another_size():
    rng = random.Random(11)
    rows = [{"fare": row["fare"], "city": row["city"]} for day in range(40) for row in rows_of(day, rng)]
    suite = suggest(tg.log(rows), records=120).suite
    assert not any(type(each).__name__ in {"Records", "DistinctCount", "DistinctRate"} for each in suite)
    assert suite.check(tg.log(rows[:120])).outcome == "passed"


@pytest.mark.parametrize("count", [1, 2, 3, 5, 9])
def test_short_histories_work_and_have_no_backtest(history, count):
    found = suggest(history[:count])
    assert found.backtest is None
    assert found.windows == (count if count > 2 else 1)
    assert all(result.outcome == "passed" for result in found.suite.check_windows(history[10:]))


def test_hostile_profiles():
    nan, infinity = float("nan"), float("inf")
    data = {
        "": [1, 2, 3],
        "a`b <script>": [nan, infinity, -infinity],
        "none": [None, None, None],
        "mixed": [1, "x", None],
        "list": [[1], [2, 3], []],
        "constant": [7, 7, 7],
    }
    found = suggest(tg.log(data))
    assert Suite.from_yaml(found.suite.to_yaml()) == found.suite
    assert found.suite.check(tg.log(data)).failed == ()


def test_an_empty_column_name_and_quotes_in_relations():
    rng = random.Random(9)
    rows = []
    for day in range(30):
        lost = rng.choice([0.05, 0.1, 0.6])
        for row in rows_of(day, rng, size=60):
            gone = rng.random() < lost
            rows.append({"at": row["at"], "a`b": None if gone else 1.5, "c d": None if gone else 2.5})
    found = suggest(tg.log(rows, timestamp="at", window="1d"))
    assert Suite.from_yaml(found.suite.to_yaml()) == found.suite
    assert any("`a``b`" in each.formula for each in found.suite if type(each).__name__ == "Relation")


def test_records_without_a_time_are_not_learnt_from(history):
    rows = [row | {"at": None, "fare": 1e9} for row in rows_of(0, random.Random(1), size=5)]
    untimed = tg.log(rows, "orders", timestamp="at", window="1d")
    assert suggest(tg.ProfileSet([*history, *untimed])).windows == 40


@pytest.mark.parametrize(
    ("given", "options", "message"),
    [
        ("not a profile", {}, "takes a Profile or a ProfileSet, not str"),
        (tg.log({"x": []}), {}, "nothing to learn from"),
        (tg.ProfileSet([]), {}, "nothing to learn from"),
        (tg.log({"x": [1]}), {"false_positive_rate": 0}, "between 0 and 0.5, not 0"),
        (tg.log({"x": [1]}), {"false_positive_rate": True}, "not True"),
        (tg.log({"x": [1]}), {"records": 0}, "1 or more, not 0"),
    ],
)
def test_what_cannot_be_meant_is_refused(given, options, message):
    with pytest.raises(ArgumentError, match=message):
        suggest(given, **options)


def test_records_are_for_a_single_profile(history):
    with pytest.raises(ArgumentError, match="single profile"):
        suggest(history, records=10)


def test_several_datasets_are_refused(history):
    others = [profile.replace(dataset="other") for profile in history]
    with pytest.raises(ArgumentError, match="2 datasets"):
        suggest(tg.ProfileSet([*history, *others]))


def test_numbers_of_numpys_are_numbers():
    profile = tg.log({"x": [float(each) for each in range(200)]})
    found = suggest(profile, false_positive_rate=np.float32(0.25), records=np.int64(50))
    assert found.false_positive_rate == 0.25
