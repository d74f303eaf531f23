"""Segments are compared with the same segment of the reference, and with nothing else."""

import random

import pytest

import tidegauge as tg
from tidegauge.constraints import Drift, Mean, NoDrift, Records, Relation, Suite
from tidegauge.errors import ArgumentError
from tidegauge.testing import assert_passes

SUITE = Suite(
    [
        NoDrift(),
        Drift("fare", measure="ks", at_most=0.3),
        Records(at_most_change=0.5),
        Mean("fare", at_most_change=0.2),
        Relation("mean(fare) < 2 * reference.mean(fare)"),
    ]
)
LEVELS = {"Oslo": 10, "Rome": 40, None: 90}


def rides(seed, *, cities=tuple(LEVELS), each=900, **options):
    generator = random.Random(seed)
    rows = [
        {"city": city, "fare": generator.gauss(LEVELS.get(city, 60), 3), "day": f"2024-01-{1 + n % 12:02}"}
        for city in cities
        for n in range(each)
    ]
    return tg.log(rows, "rides", segments=["city"], schema=tg.Schema(only=["city", "fare"]), **options)


def outcomes(results):
    return {result.segment: {each.outcome for each in result.results} for result in results}


def test_each_segment_has_its_own_reference():
    """Against all records every city would have drifted, and each mean would be far off."""
    assert outcomes(SUITE.check_windows(rides(1), rides(2))) == {
        (): {"passed"},
        (("city", "Oslo"),): {"passed"},
        (("city", "Rome"),): {"passed"},
        (("city", None),): {"passed"},
    }
    oslo = rides(1).select({"city": "Oslo"})[0]
    assert SUITE.check(oslo, rides(2)).outcome == "passed"
    assert_passes(rides(1), SUITE, reference=rides(2))


def test_a_segment_that_the_reference_does_not_have_cannot_be_judged():
    then = rides(2, cities=["Oslo", "Rome"])
    for results in (
        SUITE.check_windows(rides(1).select({"city": None}), then),
        [SUITE.check(rides(1).select({"city": None})[0], then)],
    ):
        (result,) = results
        assert {each.outcome for each in result.results} == {"unknown"}
        assert all(
            "the reference has no segment city=null to compare with" in each.why for each in result.results
        )


def test_a_reference_of_other_records_is_no_reference_of_a_segment():
    whole = tg.log({"fare": [10.0] * 900})
    (result,) = SUITE.check_windows(rides(1).select({"city": "Oslo"}), whole)
    assert {each.outcome for each in result.results} == {"unknown"}
    assert "the reference is of all records, and not of segment city=Oslo" in result.results[0].why
    (result,) = SUITE.check_windows(rides(1).select({"city": "Oslo"}), tg.ProfileSet([whole]))
    assert "the reference has no segment city=Oslo" in result.results[0].why
    # One profile that was chosen for another is taken as it is.
    oslo, rome = (rides(1).select({"city": city})[0] for city in ("Oslo", "Rome"))
    assert SUITE.check(oslo, rome).results[0].outcome == "failed"
    with pytest.raises(AssertionError, match="fare has drifted"):
        assert_passes(oslo, NoDrift(), reference=rome)
    assert SUITE.check_windows(rides(1).select({"city": "Oslo"}), oslo)[0].outcome == "passed"


def test_a_reference_without_totals_has_one_of_all_records():
    assert outcomes(SUITE.check_windows(rides(1), rides(2, total=False)))[()] == {"passed"}


def test_few_windows_of_a_segment_are_merged_and_many_are_a_history():
    windows = {"timestamp": "day", "window": "1d"}
    days = rides(2, each=2400, **windows)
    now = rides(1)
    for count in (5, 12):
        past = tg.ProfileSet(p for p in days if p.window.start.day <= count)
        (result,) = Suite([NoDrift(), Records(at_most=10**6, at_most_change=0.9)]).check_windows(
            now.select({"city": "Oslo"}), past
        )
        assert result.results[0].outcome == "passed", result
        # A change of a count is one from the mean of the windows, 200 a day.
        assert result.results[1].bounds == (pytest.approx(20), pytest.approx(380))


def test_what_a_segment_is_by_is_not_judged():
    """A column that is null for all records of a segment could never be told to be as it was."""
    few = rides(1, each=700).select({"city": None})
    assert Suite([NoDrift()]).check_windows(few, rides(2, each=700))[0].outcome == "passed"
    only = tg.log({"city": ["Oslo", "Rome"] * 900}, segments=["city"])
    result = Suite([NoDrift()]).check_windows(only.select(["city"]), only)[0]
    assert result.outcome == "passed"


def test_a_wrong_reference_is_told_before_anything_is_checked():
    with pytest.raises(ArgumentError, match="a reference is a Profile or a ProfileSet, not dict"):
        SUITE.check_windows([], {"fare": [1]})
