"""Relations between metrics: how they are read, counted and judged."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tidegauge as tg
from tidegauge.constraints import Context, Relation
from tidegauge.constraints.metric_names import METRICS, TAKES
from tidegauge.constraints.metric_terms import read_relation
from tidegauge.errors import ArgumentError

DATA = {
    "a": [1, 2, 3, 6],
    "b": [0.5, 1.5, 2.0, 8.0],
    "with space": [1, 1, 1, None],
    "tick`ed": [4, 4, 4, 4],
    "on": [True, True, False, True],
    "day": [dt.date(2013, 2, day) for day in (1, 2, 3, 4)],
    "when": [dt.datetime(2013, 2, day, 12) for day in (1, 2, 3, 4)],
    "clock": [dt.time(hour) for hour in (1, 2, 3, 4)],
    "span": [dt.timedelta(hours=hour) for hour in (1, 2, 3, 4)],
    "text": ["x", "yy", "x", ""],
}
PROFILE = tg.log(DATA)
REFERENCE = tg.log({name: values[:2] for name, values in DATA.items()})


def judged(formula, **keywords):
    return Relation(formula, **keywords).check(Context(PROFILE, REFERENCE))


@pytest.mark.parametrize(
    ("formula", "outcome"),
    [
        ("sum(a) == sum(b)", "passed"),
        ("sum(a) == sum(b) + 0", "passed"),
        ("sum(a) - sum(b) == 0", "passed"),
        ("2 + 3 * 4 == 14", "passed"),
        ("(2 + 3) * 4 == 20", "passed"),
        ("2 - 3 - 4 == -5", "passed"),
        ("24 / 4 / 2 == 3", "passed"),
        ("- - 3 == 3", "passed"),
        ("-2 * -3 == 6", "passed"),
        ("1e3 == 1000.0", "passed"),
        (".5 < 1", "passed"),
        ("max(a) > max(b)", "failed"),
        ("max(a) >= 6", "passed"),
        ("max(a) < 6", "failed"),
        ("max(a) <= 6", "passed"),
        ("null_rate(`with space`) == 0.25", "passed"),
        ("nulls(`with space`) == 1", "passed"),
        ("values(`with space`) + nulls(`with space`) == records(`with space`)", "passed"),
        ("mean(`tick``ed`) == 4", "passed"),
        ("records() == 4", "passed"),
        ("records() == 2 * reference.records()", "passed"),
        ("reference.max(a) == 2", "passed"),
        ("distinct(text) == 3", "passed"),
        ("distinct_rate(text) == 0.75", "passed"),
        ("mean_length(text) == 1", "passed"),
        ("true_rate(on) == 0.75", "passed"),
        ("median(a) <= quantile(a, 0.9)", "passed"),
        ("quantile(a, 1) == max(a)", "passed"),
        ("stddev(a) > 0", "passed"),
        ("skewness(b) > 0", "passed"),
        ("kurtosis(b) > 0", "passed"),
        ("min(day) < min(when)", "passed"),
        ("max(when) - min(when) == 3 * 86400", "passed"),
        ("max(when) - min(day) > max(span)", "passed"),
        ("max(clock) - min(clock) == 3 * 3600", "passed"),
        ("sum(span) == 36000", "passed"),
        ("sum(span) / 2 == 18000", "passed"),
        ("min(clock) < max(when)", "unknown"),
        ("min(when) > 3", "unknown"),
        ("min(when) + 3 > max(when)", "unknown"),
        ("min(when) * 2 > max(when)", "unknown"),
        ("sum(when) > 0", "unknown"),
        ("sum(a) / (sum(a) - sum(b)) > 0", "unknown"),
        ("sum(text) > 0", "unknown"),
        ("sum(c) > 0", "unknown"),
        ("reference.sum(c) > 0", "unknown"),
    ],
)
def test_what_holds(formula, outcome):
    result = judged(formula)
    assert result.outcome == outcome, result.why
    assert result.why


def test_every_metric_is_used_above_and_told_of():
    text = Relation.__doc__
    assert all(name in text for name in METRICS)
    assert set(TAKES) == set(METRICS)


def test_sides_may_differ_by_the_tolerance():
    assert judged("sum(a) == 12.0000000001").outcome == "passed"
    assert judged("sum(a) == 12.001").outcome == "failed"
    assert judged("sum(a) == 12.001", tolerance=1e-3).outcome == "passed"
    assert judged("sum(a) <= 11.999", tolerance=1e-3).outcome == "passed"
    assert judged("max(when) == min(when)", tolerance=0.5).outcome == "failed"


def test_what_was_found_is_shown():
    result = judged("max(a) < mean(b)")
    assert result.observed == (6, 3.0)
    assert result.observed_text == "6 ≥ 3"
    assert result.why == "max(a) < mean(b): 6 on the left, 3 on the right, which does not hold"
    assert judged("max(when) <= min(when)").observed == (max(DATA["when"]), min(DATA["when"]))


def test_a_reference_that_is_missing_is_asked_for():
    result = Relation("records() > reference.records()").check(Context(PROFILE))
    assert (result.outcome, result.why) == ("unknown", "it compares with a reference, and none was given")


def test_columns_that_are_read():
    assert Relation("sum(a) + sum(b) * max(a) == reference.min(`with space`)").reads == (
        "a",
        "b",
        "with space",
    )
    assert Relation("records() > 3").reads == ()


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("", "is not a text"),
        ("sum(a)", "it compares nothing"),
        ("sum(a) ==", "it ends too early"),
        ("== sum(a)", "at character 1, expected a metric or a number, not '=='"),
        ("sum(a) == 3 == 3", "at character 13, it should end, but '==' follows"),
        ("sum(a) != 3", "at character 8, expected one of =="),
        ("sum(a) = 3", "at character 8, '= 3' means nothing"),
        ("sum(a) > 'x'", "at character 10"),
        ("sum a > 3", "at character 5, expected '(', not 'a'"),
        ("sum() > 3", "at character 5, sum() needs a column, not ')'"),
        ("sum(3) > 3", "at character 5, sum() needs a column, not '3'"),
        ("sum(a, 3) > 3", "at character 6, expected ')', not ','"),
        ("quantile(a) > 3", "at character 11, expected ','"),
        ("quantile(a, 2) > 3", "at character 13, quantile() needs a rank from 0 to 1, not '2'"),
        ("summ(a) > 3", "there is no metric 'summ'; did you mean 'sum'"),
        ("a > 3", "there is no metric 'a'"),
        ("reference.summ(a) > 3", "there is no metric 'summ'"),
        ("__import__(os) > 3", "there is no metric '__import__'"),
        ("(" * 60 + "1" + ")" * 60 + " > 0", "nested more than 50 deep"),
        ("1 > " + "1 + " * 1000 + "1", "at most 2,000 characters"),
        ("`` > 3", "at character 1"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(formula, words):
    with pytest.raises(ArgumentError) as caught:
        Relation(formula)
    assert words in str(caught.value)


NUMBERS = st.integers(0, 1000).map(str) | st.floats(0.001, 1000).map(lambda x: f"{x:.3f}")
TERMS = st.recursive(
    NUMBERS,
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*"), inner).map(" ".join)
        | inner.map(lambda x: f"({x})")
        | inner.map(lambda x: f"-({x})")
    ),
    max_leaves=12,
)


@settings(max_examples=200)
@given(text=TERMS)
def test_terms_count_as_python_does(text):
    left, sign, right = read_relation(f"{text} == 0")
    estimate = left.estimate(Context(PROFILE))
    assert sign == "=="
    assert right.estimate(Context(PROFILE)).value == 0
    assert estimate.value == pytest.approx(eval(text), rel=1e-12)  # noqa: S307 - numbers of our own
    assert estimate.exact


@settings(max_examples=200)
@given(text=st.text(alphabet="abs um()+-*/<>=.,`0123e", max_size=30))
def test_no_text_makes_the_reader_panic(text):
    try:
        relation = Relation(text)
    except ArgumentError:
        return
    assert relation.check(Context(PROFILE)).outcome in ("passed", "failed", "unknown")


def test_intervals_hold_what_they_promise():
    """Over many samples, what is unknown covers the truth, and passes and failures are right."""
    random_ = random.Random(3)
    values = [random_.gauss(0, 1) for _ in range(60_000)]
    profile = tg.log({"x": values, "id": [str(n) for n in range(60_000)]})
    true = sorted(values)[29_999]
    result = Relation(f"median(x) == {true!r}").check(Context(profile))
    assert result.outcome == "unknown"
    assert result.uncertain
    assert Relation("median(x) < 1").check(Context(profile)).outcome == "passed"
    assert Relation("distinct(id) * 2 > records()").check(Context(profile)).outcome == "passed"
    assert Relation("distinct(id) == records()").check(Context(profile)).outcome == "unknown"
