"""A suggested suite passes its own history, and says what it was not made from."""

import random
from datetime import UTC, datetime, timedelta

import pytest

import tidegauge as tg
from tidegauge.constraints import suggest

START = datetime(2024, 1, 1, tzinfo=UTC)
NAN, INFINITY = float("nan"), float("inf")


def log_windows(values, *, windows=30, size=100, seed=1):
    """Windows of a day, with the values that a function of a random generator gives."""
    rng = random.Random(seed)
    days = [START + timedelta(days=day) for day in range(windows) for _ in range(size)]
    rows = [{"at": at, "x": values(rng, number)} for number, at in enumerate(days)]
    return tg.log(rows, timestamp="at", window="1d")


def types_for(found, column="x"):
    return {type(each).__name__: each for each in found.suite if each.reads == (column,)}


@pytest.mark.parametrize(
    "values",
    [
        lambda rng, _: NAN if rng.random() < 0.05 else 1.0,
        lambda _, number: INFINITY if number % 100 == 7 else 1.0,
        lambda _, number: -INFINITY if number % 100 == 7 else float(number // 100),
        lambda rng, _: "bad" if rng.random() < 0.01 else rng.gauss(10, 2),
        lambda rng, _: "bad" if rng.random() < 0.0005 else rng.gauss(10, 2),
        lambda _, number: "s" if number % 3 == 0 else number % 2,
        lambda _, number: NAN if number % 100 == 7 else (START + timedelta(days=number // 100)).day,
        lambda rng, _: rng.choice([True, 1, 1.5, "x", None, NAN]),
        lambda rng, _: rng.choice([5e-324, 0.0, -0.0]),
        lambda rng, _: rng.choice([1e308, -1e308, 1.0]),
    ],
)
@pytest.mark.parametrize("windows", [1, 2, 4, 30])
def test_a_suite_passes_the_windows_it_was_made_from(values, windows):
    history = log_windows(values, windows=windows)
    found = suggest(history)
    poor = [result for result in found.suite.check_windows(history) if result.outcome != "passed"]
    assert [each.why for result in poor for each in result.results if each.outcome != "passed"] == []


@pytest.mark.parametrize("tiny", [5e-324, 1e-310])
def test_the_tiniest_numbers_can_be_bounded(tiny):
    profile = tg.log({"x": [tiny, 0.0, -0.0] * 50})
    assert suggest(profile).suite.check(profile).outcome == "passed"


def test_what_a_window_of_the_history_does_not_pass_is_left_out_and_said():
    rng = random.Random(2)
    rows = [{"at": START, "x": rng.gauss(0.0, 1.0)} for _ in range(10)]
    rows += [{"at": START + timedelta(days=1), "x": rng.gauss(100.0, 1.0)} for _ in range(990)]
    history = tg.log(rows, timestamp="at", window="1d")
    found = suggest(history)
    assert [result.outcome for result in found.suite.check_windows(history)] == ["passed", "passed"]
    assert any("median of x" in label for label in found.dropped)
    assert "1 of the 2 windows themselves did not pass it" in found.dropped.values()
    assert found.to_dict()["dropped"] == dict(found.dropped)
    for drawn in (repr(found), tg.report(found).markdown(), tg.report(found).html()):
        assert "median of x" in drawn


def test_values_among_which_are_others_are_named_as_not_bounded():
    found = suggest(log_windows(lambda rng, _: "bad" if rng.random() < 0.01 else rng.gauss(10, 2)))
    assert "types: fractional and string" in found.left_out["x"]
    assert not set(types_for(found)) & {"Median", "Mean", "Stddev", "Quantile"}


@pytest.mark.parametrize(("value", "other"), [(1, 3), (2024, 1999)])
@pytest.mark.parametrize("windows", [1, 25, 40])
def test_constants_are_no_parts_of_the_calendar(value, other, windows):
    found = suggest(log_windows(lambda *_: value, windows=windows))
    assert "x" not in found.left_out
    assert "Range" not in types_for(found)
    later = log_windows(lambda rng, _: rng.choice([other, value]), windows=3)
    assert {result.outcome for result in found.suite.check_windows(later)} == {"failed"}
    assert "calendar" in types_for(found)["ValueSet"].reason


def test_a_constant_fraction_is_held_near_itself():
    found = suggest(log_windows(lambda *_: 1.0, windows=40))
    assert "x" not in found.left_out
    (later,) = log_windows(lambda *_: 4.0, windows=1)
    assert found.suite.check(later).outcome == "failed"


def test_a_part_of_the_calendar_is_known_by_its_change_or_its_name():
    def month(_, number):
        return (START + timedelta(days=number // 100)).month

    assert "month" in suggest(log_windows(month, windows=40)).left_out["x"]
    rows = [{"at": START + timedelta(days=day), "trip_month": 1} for day in range(25) for _ in range(20)]
    named = suggest(tg.log(rows, timestamp="at", window="1d"))
    assert "month" in named.left_out["trip_month"]


@pytest.mark.parametrize(("windows", "size", "most"), [(40, 2000, 0.02), (40, 200, 0.03), (1, 5000, 0.03)])
def test_a_column_that_was_never_null_is_held_tightly(windows, size, most):
    found = suggest(log_windows(lambda rng, _: rng.random(), windows=windows, size=size))
    assert types_for(found)["NullRate"].at_most <= most


def test_a_column_of_short_windows_that_was_never_null_has_what_sampling_needs():
    history = log_windows(lambda rng, _: rng.random(), windows=40, size=10)
    assert types_for(suggest(history))["NullRate"].at_most > 0.1


def test_nulls_that_come_sometimes_leave_room():
    history = log_windows(lambda rng, _: None if rng.random() < 0.03 else 1.5, windows=40, size=200)
    assert types_for(suggest(history))["NullRate"].at_most > 0.08


@pytest.mark.parametrize(("before", "after"), [(0.2, 0.8), (0.8, 0.2), (0.5, 0.9), (0.0, 0.5), (1.0, 0.5)])
@pytest.mark.parametrize("windows", [1, 40])
def test_another_share_of_trues_is_caught(before, after, windows):
    history = log_windows(lambda rng, _: rng.random() < before, windows=windows, size=200)
    found = suggest(history)
    later = log_windows(lambda rng, _: rng.random() < after, windows=6, size=200, seed=3)
    assert [result.outcome for result in found.suite.check_windows(later)] == ["failed"] * 6
    assert "TrueRate" in types_for(found)
    same = log_windows(lambda rng, _: rng.random() < before, windows=30, size=200, seed=4)
    assert {result.outcome for result in found.suite.check_windows(same)} == {"passed"}


def test_a_share_of_trues_that_varies_by_much_is_named_as_unseen():
    levels = [random.Random(day).random() for day in range(40)]
    found = suggest(log_windows(lambda rng, number: rng.random() < levels[number // 50], windows=40, size=50))
    assert any(text.startswith("x: trues become") for text in found.unseen)


def test_booleans_are_rehearsed_in_the_backtest():
    found = suggest(log_windows(lambda rng, _: rng.random() < 0.3, windows=40, size=200))
    shares = {one.kind: one.share for one in found.backtest.caught}
    assert shares["more trues"] == shares["fewer trues"] == 1.0


def test_windows_that_were_not_used_are_named():
    (dated,) = log_windows(lambda rng, _: rng.random(), windows=1)
    undated = [tg.log({"at": [None] * 5, "x": [1.0] * 5}) for _ in range(2)]
    undated = [profile.replace(dataset=dated.dataset) for profile in undated]
    found = suggest(tg.ProfileSet([dated, *undated]))
    assert found.windows == 1
    assert found.unused == ("2 profiles of 10 records have no time, and belong to no window",)
    for drawn in (repr(found), tg.report(found).markdown(), tg.report(found).html()):
        assert "2 profiles of 10 records have no time" in drawn
    assert found.to_dict()["unused"] == list(found.unused)
    assert suggest(dated).unused == ()


def test_profiles_without_records_are_named():
    history = log_windows(lambda rng, _: rng.random(), windows=12)
    empty = tg.log({"at": [], "x": []}).replace(dataset=history[0].dataset)
    found = suggest(tg.ProfileSet([*history, empty]))
    assert found.windows == 12
    assert found.unused == ("1 profile has no records",)
