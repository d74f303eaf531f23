"""assert_passes: what it takes, and what it says."""

from __future__ import annotations

import datetime as dt
import textwrap

import pytest

import tidegauge as tg
from tidegauge.constraints import ConditionRate, Freshness, NoDrift, NullRate, Range, Suite
from tidegauge.errors import ArgumentError, SuiteError, UnsupportedDataError
from tidegauge.testing import ConstraintWarning, assert_passes

TRIPS = {"fare": [5.0, 7.5, None, 40.0], "city": ["Oslo", "Rome", "Oslo", "Rome"]}
GOOD = Suite([NullRate("fare", at_most=0.3), Range("fare", at_least=0)])
BAD = Suite(
    [
        NullRate("fare", at_most=0.05, reason="trips are paid"),
        Range("fare", at_least=0),
        Range("tip", at_least=0, name="tips"),
    ],
    name="trips",
)


def complaint(*arguments, **keywords):
    with pytest.raises(AssertionError) as caught:
        assert_passes(*arguments, **keywords)
    return str(caught.value)


def test_the_complaint_says_what_was_expected_and_observed():
    expected = """\
        trips: 2 of 3 constraints did not pass (4 records)

        ✗ null rate of fare
            expected  at most 5%
            observed  25%
            why       the null rate of fare is 25%, expected at most 5%
            because   trips are paid

        ? tips: values of tip
            expected  at least 0
            observed  nothing that could be judged
            why       the profile has no column 'tip'; there are: 'fare', 'city'"""
    assert complaint(TRIPS, BAD) == textwrap.dedent(expected)
    assert "1 of 3 constraints did not pass" in complaint(TRIPS, BAD, allow_unknown=True)


def test_data_of_any_kind():
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    for data in (TRIPS, tg.log(TRIPS), pd.DataFrame(TRIPS), pl.DataFrame(TRIPS), pa.table(TRIPS)):
        assert_passes(data, GOOD)
        assert "null rate of fare" in complaint(data, BAD)
    with pytest.raises(UnsupportedDataError):
        assert_passes(3, GOOD)


def test_suites_of_any_form(tmp_path):
    path = tmp_path / "suite.yaml"
    GOOD.write(path)
    for suite in (GOOD, path, str(path), list(GOOD), GOOD[0]):
        assert_passes(TRIPS, suite)
    path.write_text("constraints:\n- null: {column: fare}")
    with pytest.raises(SuiteError, match=r"suite\.yaml:2"):
        assert_passes(TRIPS, path)


def test_a_suite_of_nothing_asserts_nothing():
    with pytest.raises(ArgumentError, match="nothing would be asserted"):
        assert_passes(TRIPS, [])


def test_every_window_must_pass():
    data = {"day": ["2013-02-07", "2013-02-08", "2013-02-09"], "fare": [1.0, None, None]}
    days = tg.log(data, timestamp="day", window="1d")
    text = complaint(days, GOOD)
    assert "2013-02-08" in text
    assert "2013-02-09" in text
    assert "2013-02-07" not in text
    assert "the profile set is empty" in complaint(tg.ProfileSet([]), GOOD)


def test_warnings_are_told_and_fail_nothing():
    suite = Suite([NullRate("fare", at_most=0.05, severity="warn"), NullRate("city", at_most=0)])
    with pytest.warns(ConstraintWarning, match="null rate of fare at most 5%: the null rate of fare is 25%"):
        assert_passes(TRIPS, suite)


def test_a_reference_and_a_moment():
    rows = {"fare": [float(n) for n in range(20_000)]}
    assert_passes(rows, NoDrift(), reference=tg.log(rows))
    assert_passes(rows, NoDrift(), reference=rows)
    moved = {"fare": [float(n + 9000) for n in range(20_000)]}
    assert "fare has drifted" in complaint(moved, NoDrift(), reference=rows)
    now = dt.datetime(2013, 2, 8, 12, tzinfo=dt.UTC)
    times = {"at": [dt.datetime(2013, 2, 8, 9)]}
    assert_passes(times, Freshness("at", at_most="4h"), now=now)
    assert "observed  3h" in complaint(times, Freshness("at", at_most="2h"), now=now)


def test_conditions_of_the_suite_are_counted():
    suite = Suite([ConditionRate("dear", at_most=0.1)], conditions={"dear": "fare > 30"})
    assert "share of records where dear" in complaint(TRIPS, suite)
    assert_passes(TRIPS, Suite([ConditionRate("dear", at_most=0.5)], conditions=suite.conditions))


def test_a_condition_over_a_column_that_is_gone_is_no_error_of_its_own():
    conditions = {"known": "city is not null", "tipped": "tip > 0"}
    suite = Suite(
        [ConditionRate("known", at_least=1.0), ConditionRate("tipped", at_least=0.5)], conditions=conditions
    )
    text = complaint(TRIPS, suite)
    assert "1 of 2 constraints did not pass" in text
    assert "the profile has no column 'tip'" in text
    with pytest.raises(ArgumentError, match="tip"):
        assert_passes(iter([_table()]), suite)


def _table():
    import pyarrow as pa

    return pa.table(TRIPS)


def test_pytest_shows_the_line_of_the_test(pytester_like, tmp_path):
    (tmp_path / "test_trips.py").write_text(
        "from tidegauge.constraints import NullRate\nfrom tidegauge.testing import assert_passes\n\n\n"
        "def test_trips():\n    assert_passes({'fare': [None, 1.0]}, NullRate('fare', at_most=0))\n"
    )
    text = pytester_like(tmp_path)
    assert ">       assert_passes(" in text or ">   assert_passes(" in text
    assert "E           expected  at most 0%" in text or "expected  at most 0%" in text
    assert "complaints.append" not in text


@pytest.fixture
def pytester_like():
    """Run pytest in a folder as a process of its own; returns what it printed."""
    import subprocess
    import sys

    def run(folder):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--color=no", "."]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 1, done.stdout
        return done.stdout

    return run
