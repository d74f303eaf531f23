"""Bounds: in what forms they may be given, what they are held against, and how they are written."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tidegauge as tg
from tidegauge.constraints import (
    Context,
    DistinctCount,
    Freshness,
    Max,
    Mean,
    Median,
    Min,
    NullCount,
    NullRate,
    Range,
    Stddev,
    Suite,
    Sum,
    ValueSet,
    wording,
)
from tidegauge.constraints.estimate import Bounds, Estimate
from tidegauge.errors import ArgumentError, SuiteError

UTC = dt.UTC


def outcome(constraint, values):
    return constraint.check(Context(tg.log({"x": values}))).outcome


@pytest.mark.parametrize(
    ("values", "bound"),
    [
        ([1, 2], 2),
        ([1.0, 2.5], 2.5),
        ([1, 2], np.int32(2)),
        ([1.0, 2.5], np.float32(2.5)),
        ([1, 2], Decimal(2)),
        ([1, 2], "2"),
        ([2**63 - 1], 2**63 - 1),
        ([Decimal("0.1"), Decimal("0.30")], 0.3),
        ([Decimal("12345678901234567890.1")], Decimal("12345678901234567890.1")),
        ([dt.date(2013, 2, 8)], dt.date(2013, 2, 8)),
        ([dt.date(2013, 2, 8)], "2013-02-08"),
        ([dt.datetime(2013, 2, 8, 12)], dt.datetime(2013, 2, 8, 12)),
        ([dt.datetime(2013, 2, 8, 12)], "2013-02-08 12:00"),
        ([dt.datetime(2013, 2, 8, 12, tzinfo=UTC)], "2013-02-08T13:00+01:00"),
        ([dt.time(12, 30)], dt.time(12, 30)),
        ([dt.time(12, 30)], "12:30"),
        ([dt.timedelta(hours=2)], dt.timedelta(hours=2)),
        ([dt.timedelta(hours=2)], "2h"),
        ([dt.timedelta(hours=2)], 7200),
        ([dt.timedelta(minutes=-5)], "-5m"),
    ],
)
@pytest.mark.parametrize("kind", [Range, Max])
def test_a_bound_that_is_reached_passes(kind, values, bound):
    assert outcome(kind("x", at_most=bound), values) == "passed"
    if kind is Range:
        assert outcome(Range("x", below=bound), values) == "failed"


def test_whole_numbers_are_compared_exactly():
    assert outcome(Range("x", at_most=2**62 - 1), [2**62]) == "failed"
    assert outcome(Range("x", at_most=2**62), [2**62]) == "passed"
    assert outcome(Min("x", at_least=2**62 + 1), [2**62]) == "failed"


@pytest.mark.parametrize(
    "given",
    [float("nan"), float("inf"), "", "soon", "nan", "inf", b"1", [1], True, 1j, Decimal("NaN"), object()],
)
def test_what_is_no_bound_is_refused_at_once(given):
    for kind in (Range, Mean):
        with pytest.raises(ArgumentError, match=f"{kind.__name__}: at_most=.* is not a finite number"):
            kind("x", at_most=given)


@pytest.mark.parametrize("given", [10**5000, -(10**400), np.datetime64("NaT"), pd.NaT], ids="abcd")
def test_what_no_number_of_a_profile_can_be_is_refused(given):
    with pytest.raises(ArgumentError, match=r"Range: at_most=.* is not a finite number"):
        Range("x", at_most=given)


def test_hexadecimal_digits_by_the_thousand_are_refused_with_their_line():
    text = f"constraints:\n- range:\n    column: x\n    at_most: 0x{'f' * 5000}\n"
    with pytest.raises(SuiteError, match=r"the suite:4: range: at_most: .*too great"):
        Suite.from_yaml(text)


@pytest.mark.parametrize(
    "given",
    [
        {"at_least": "2024-02-01", "at_most": "2024-01-01"},
        {"at_least": dt.date(2024, 2, 1), "at_most": dt.datetime(2024, 1, 31, 23, tzinfo=dt.UTC)},
        {"at_least": "10:00", "at_most": "09:00"},
        {"at_least": "2h", "at_most": "90s"},
        {"at_least": 60, "at_most": "30s"},
        {"at_least": 5, "at_most": 3},
        {"at_least": Decimal("0.30000000000000000001"), "at_most": Decimal("0.3")},
        {"above": 5, "below": 5},
        {"at_least": "2024-01-01", "below": "2024-01-01"},
    ],
)
def test_bounds_that_nothing_lies_between_are_refused_with_what_was_given(given):
    (low, _), (high, _) = given.items()
    with pytest.raises(ArgumentError, match=rf"no value lies between {low}=.* and {high}=.*; lower {low}"):
        Range("x", **given)


@pytest.mark.parametrize(
    "given",
    [
        {"at_least": "90s", "at_most": "2m"},
        {"at_least": 5, "at_most": 5},
        {"at_least": "2024-01-01T00:00+02:00", "at_most": "2023-12-31T22:00Z"},
        {"at_least": "9", "at_most": "10"},
        {"above": "2024-01-01", "below": "2024-01-02"},
    ],
)
def test_bounds_that_something_may_lie_between_are_taken(given):
    assert Range("x", **given).to_plain()["range"] == {"column": "x", **given}


def test_times_that_bound_a_number_of_a_profile_are_compared_as_times():
    with pytest.raises(ArgumentError, match="at_least='2024-02-01' is more than at_most='2024-01-01'"):
        Median("t", at_least="2024-02-01", at_most="2024-01-01")


def test_times_of_numpys_are_times():
    assert Range("x", at_least=np.datetime64("2013-02-08")).at_least == "2013-02-08T00:00:00"
    assert Range("x", at_least=np.datetime64("2013-02-08T10:30", "ns")).at_least == "2013-02-08T10:30:00"
    assert Range("x", at_most=np.timedelta64(90, "s")).at_most == "90s"


def test_extremes_are_told_with_as_many_digits_as_say_something():
    profile = tg.log({"x": [0.0487980473712437, 28.2481265642495]})
    (result,) = Suite([Range("x", at_least=0)]).check(profile).results
    assert result.observed_text == "0.04879805 to 28.24813"
    (result,) = Suite([Range("x", at_most=5)]).check(tg.log({"x": [1.0, 5.0000000001]})).results
    assert result.observed_text == "1 to 5.0000000001"


@pytest.mark.parametrize("given", [-0.1, 1.1, 50, "0.5", True, float("nan"), None])
def test_what_is_no_share_is_refused_at_once(given):
    with pytest.raises(ArgumentError):
        NullRate("x", at_most=given)


def test_bounds_of_another_sort_than_the_values_leave_it_open():
    assert outcome(Range("x", at_most="2013-02-08"), [1]) == "unknown"
    assert outcome(Range("x", at_most=3), [dt.date(2013, 2, 8)]) == "unknown"
    assert outcome(Range("x", at_most="12:30"), [dt.date(2013, 2, 8)]) == "unknown"
    assert outcome(Range("x", at_most="2h"), [dt.datetime(2013, 2, 8)]) == "unknown"
    assert outcome(Stddev("x", at_most="2013-02-08"), [dt.date(2013, 2, 8), dt.date(2013, 2, 9)]) == "unknown"


def test_dates_are_shown_as_dates_and_their_mean_as_a_moment():
    profile = tg.log({"x": [dt.date(2013, 2, 8), dt.date(2013, 2, 9)]})
    highest = Max("x", at_most="2013-02-10").check(Context(profile))
    assert (highest.observed, highest.bounds) == (dt.date(2013, 2, 9), (None, dt.date(2013, 2, 10)))
    mean = Mean("x", at_most="2013-02-10").check(Context(profile))
    assert mean.observed == dt.datetime(2013, 2, 8, 12)


@pytest.mark.parametrize(
    ("offset", "least", "result"), [(60, "0s", "passed"), (-60, "0s", "failed"), (-60, "-5m", "passed")]
)
def test_ages_may_be_negative(offset, least, result):
    now = dt.datetime(2013, 2, 8, 12, tzinfo=UTC)
    profile = tg.log({"x": [now - dt.timedelta(seconds=offset)]})
    assert Freshness("x", at_least=least, at_most="1h").check(Context(profile, now=now)).outcome == result


def test_the_end_of_the_window_is_the_moment_of_freshness():
    days = tg.log({"x": ["2013-02-08T20:00", "2013-02-07T01:00"]}, timestamp="x", window="1d")
    typed = tg.log({"x": [dt.datetime(2013, 2, 8, 20)]}, timestamp="x", window="1d")
    assert Freshness("x", at_most="4h").check(Context(typed[0])).outcome == "passed"
    assert Freshness("x", at_most="3h").check(Context(typed[0])).outcome == "failed"
    assert Freshness("x", at_most="4h").check(Context(days[0])).outcome == "unknown"  # a column of text


def test_texts_are_not_numbers_in_a_set():
    assert outcome(ValueSet("x", [1, 2]), ["1", "2"]) == "failed"
    assert outcome(ValueSet("x", ["1", "2"]), [1, 2]) == "failed"
    assert outcome(ValueSet("x", [1, 2]), [1.0, 2.0]) == "passed"
    assert (
        outcome(ValueSet("x", ["1", "true", "a"]), [1, True, "a"]) == "passed"
    )  # of mixed columns all is text


def test_texts_that_are_too_long_to_be_kept_whole():
    long, other = "x" * 500, "y" * 500
    assert outcome(ValueSet("x", [long, "a"]), [long, "a"]) == "unknown"
    assert outcome(ValueSet("x", [other, "a"]), [long, "a"]) == "failed"
    assert outcome(ValueSet("x", ["a…", "b"]), ["a…", "b"]) == "passed"


NUMBERS = st.integers(-50, 50)


@given(
    points=st.lists(NUMBERS, min_size=3, max_size=3),
    bounds=st.tuples(NUMBERS | st.none(), NUMBERS | st.none()),
)
def test_the_outcome_is_that_of_every_number_in_the_interval(points, bounds):
    low, value, high = sorted(points)
    held = Bounds(*bounds)
    each = {
        (bounds[0] is None or number >= bounds[0]) and (bounds[1] is None or number <= bounds[1])
        for number in range(low, high + 1)
    }
    result = held.outcome(Estimate(value, low, high))
    if result == "passed":
        assert each == {True}
    elif result == "failed":
        assert each == {False}
    else:
        assert low < high


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_enough_digits_tell_numbers_apart(number, bound):
    digits = wording.enough_digits(number, [bound])
    rounded = float(f"{number:.{digits}g}")
    assert (rounded < bound) == (number < bound)
    assert (rounded > bound) == (number > bound)


@given(st.floats(-1e300, 1e300))
def test_numbers_are_written_as_they_are(number):
    assert float(wording.number(number).replace(",", "")) == pytest.approx(number, rel=1e-14)


BETTER = {"failed": 0, "unknown": 1, "passed": 2}
BOUNDED = [Range, Max, Min, Mean, Median, Stddev, Sum, NullCount, DistinctCount]


@settings(max_examples=60)
@given(
    values=st.lists(st.floats(-100, 100) | st.none(), min_size=1, max_size=30),
    first=st.integers(0, 120),
    second=st.integers(0, 120),
)
@pytest.mark.parametrize("kind", BOUNDED)
def test_a_wider_bound_is_never_harder_to_pass(kind, values, first, second):
    context = Context(tg.log({"x": values}))
    low, high = sorted((first, second))
    narrow, wide = (kind("x", at_most=bound).check(context).outcome for bound in (low, high))
    assert BETTER[narrow] <= BETTER[wide]
    narrow, wide = (kind("x", at_least=bound).check(context).outcome for bound in (high, low))
    assert BETTER[narrow] <= BETTER[wide]


def test_a_wider_bound_passes_also_where_numbers_are_estimates():
    random_ = random.Random(5)
    profile = tg.log(
        {"x": [random_.gauss(0, 1) for _ in range(50_000)], "id": [str(n) for n in range(50_000)]}
    )
    context = Context(profile)
    for kind, column, bounds in (
        (Median, "x", [-0.1, -0.005, 0.0, 0.005, 0.1]),
        (DistinctCount, "id", [40_000, 49_000, 50_000, 51_000]),
    ):
        outcomes = [kind(column, at_most=bound).check(context).outcome for bound in bounds]
        assert [BETTER[each] for each in outcomes] == sorted(BETTER[each] for each in outcomes)
        assert (outcomes[0], outcomes[-1]) == ("failed", "passed")
        assert "unknown" in outcomes


@pytest.mark.parametrize(
    ("values", "bound", "words"),
    [
        ([0.1, 0.1 + 0.2], 0.3, "reach up to 0.30000000000000004, expected at most 0.3"),
        ([0.1, 0.1 + 0.2], "0.3", "reach up to 0.30000000000000004, expected at most 0.3"),
        ([1.5, 2.25], 2, "reach up to 2.25, expected at most 2"),
        ([dt.timedelta(seconds=91)], "90s", "reach up to 91s, expected at most 90s"),
        ([dt.timedelta(seconds=3661)], "1h", "reach up to 3,661s, expected at most 1h"),
        ([dt.timedelta(days=3, hours=12)], "2d", "reach up to 3.5d, expected at most 2d"),
    ],
)
def test_a_value_beyond_its_bound_is_told_from_it(values, bound, words):
    result = Range("x", at_most=bound).check(Context(tg.log({"x": values})))
    assert words in result.why


@pytest.mark.parametrize(
    ("usual", "change", "words"),
    [
        (0.0, 0.1, "which is exactly 0"),
        (5.0, 0, "which is exactly 5"),
        (5.0, 0.1, "which is from 4.5 to 5.5"),
        (1.0, 1e-9, "which is from 0.999999999 to 1.000000001"),
    ],
)
def test_where_a_change_ends_is_written_so_that_it_can_be_told_apart(usual, change, words):
    context = Context(tg.log({"x": [9.0]}), tg.log({"x": [usual]}))
    assert Mean("x", at_most_change=change).check(context).expected.endswith(words)


def test_a_condition_of_a_suite_must_be_true_or_false():
    for text in ("x + 1", tg.col("x") * 2):
        with pytest.raises(ArgumentError, match=r"condition 'zz': x .* is not true or false"):
            Suite([NullRate("x", at_most=0.5)], conditions={"zz": text})
    assert Suite([], conditions={"flag": "paid", "all": "true"}).conditions == {"flag": "paid", "all": "true"}
