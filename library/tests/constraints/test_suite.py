"""Suites and their results: as values, as sentences, as JSON, Markdown and JUnit XML."""

from __future__ import annotations

import copy
import json
import pickle
import re
import xml.etree.ElementTree as ET

import pytest

import tidegauge as tg
from tidegauge.constraints import (
    ConditionRate,
    Constraint,
    Context,
    Mean,
    NoDrift,
    NullRate,
    Range,
    Records,
    RequiredColumns,
    Suite,
    SuiteResult,
    ValueSet,
    constraint,
)
from tidegauge.display.cells import width
from tidegauge.display.suite_text import suite_text, suites_text
from tidegauge.errors import ArgumentError
from tidegauge.reports.junit import junit
from tidegauge.reports.suite_markdown import suites_markdown

PASSES = NullRate("city", at_most=0.0)
FAILS = NullRate("fare", at_most=0.1)
UNKNOWN = Range("far", at_least=0)
WARNS = Range("fare", at_most=30, severity="warn", reason="dearer trips are looked at")
LONE = "\ud800"
HOSTILE = "<b>\x00\x1b[31m|`]]>&\"'\ufffe\u202e\n"


@pytest.fixture
def profile():
    return tg.log({"fare": [5.0, None, 40.0], "city": ["Oslo", "Rome", "Oslo"]}, "taxi")


@pytest.fixture
def days():
    data = {"day": ["2013-02-07", "2013-02-07", "2013-02-08", None], "fare": [1.0, 2.0, None, 3.0]}
    return tg.log(data, "taxi", timestamp="day", window="1d")


@pytest.mark.parametrize(
    ("constraints", "outcome"),
    [
        ([], "passed"),
        ([PASSES], "passed"),
        ([PASSES, WARNS], "passed"),
        ([PASSES, UNKNOWN], "unknown"),
        ([UNKNOWN, FAILS], "failed"),
        ([PASSES, FAILS, WARNS], "failed"),
        ([NullRate("far", at_most=0, severity="warn")], "passed"),
    ],
)
def test_the_outcome_is_the_worst_of_those_that_count(constraints, outcome, profile):
    result = Suite(constraints).check(profile)
    assert result.outcome == outcome
    assert bool(result) == (outcome == "passed")


def test_results_are_sorted_into_what_they_are(profile):
    result = Suite([PASSES, WARNS, UNKNOWN, FAILS]).check(profile)
    assert [each.constraint for each in result.results] == [PASSES, WARNS, UNKNOWN, FAILS]
    groups = (result.failed, result.unknown, result.warnings, result.passed)
    assert [[each.constraint for each in group] for group in groups] == [
        [FAILS],
        [UNKNOWN],
        [WARNS],
        [PASSES],
    ]
    assert [each.constraint for each in result.ranked()] == [FAILS, UNKNOWN, WARNS, PASSES]
    assert (result.dataset, result.records, result.window) == ("taxi", 3, None)


def test_a_suite_is_a_sequence_and_a_value():
    suite = Suite([PASSES, FAILS], name="taxi", conditions={"a": "fare > 0"})
    assert len(suite) == 2
    assert suite[1] == FAILS
    assert suite[:1] == Suite([PASSES], name="taxi", conditions={"a": "fare > 0"})
    assert FAILS in suite
    assert suite != Suite([FAILS, PASSES], name="taxi", conditions={"a": "fare > 0"})
    assert len({suite, Suite(suite.constraints, name="taxi", conditions={"a": "fare > 0"})}) == 1
    assert pickle.loads(pickle.dumps(suite)) == suite  # noqa: S301 - our own
    assert copy.deepcopy(suite) == suite
    assert eval(repr(suite), {"Suite": Suite, "NullRate": NullRate}) == suite  # noqa: S307 - our own
    suite.conditions["b"] = "no"
    assert suite.conditions == {"a": "fare > 0"}
    with pytest.raises(AttributeError):
        suite.name = "other"


def test_suites_add_up():
    one = Suite([PASSES], name="one", conditions={"a": "fare > 0"})
    other = Suite([FAILS], name="other", conditions={"b": "fare > 1"})
    both = one + other
    assert (both.name, both.constraints) == ("one", (PASSES, FAILS))
    assert both.conditions == {"a": "fare > 0", "b": "fare > 1"}
    assert (one + Suite([FAILS])).constraints == (PASSES, FAILS)
    assert (both + Suite([PASSES, WARNS])).constraints == (PASSES, FAILS, WARNS)
    with pytest.raises(ArgumentError, match="both suites have a condition 'a'"):
        one + Suite([], conditions={"a": "fare > 9"})
    with pytest.raises(ArgumentError, match="two constraints have the name 'x'"):
        Suite([NullRate("a", at_most=0, name="x")]) + Suite([NullRate("b", at_most=0, name="x")])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Suite(PASSES), "a suite takes several constraints, not NullRate"),
        (lambda: Suite(["null_rate"]), "a suite holds constraints, not str"),
        (
            lambda: Suite([PASSES, FAILS, NullRate("city", at_most=0)]),
            "the constraint NullRate('city', at_most=0.0) is there twice; leave one of them out",
        ),
        (lambda: Suite([], name=3), "a suite's name is a text"),
        (lambda: Suite([], conditions=["fare > 0"]), "conditions= takes a dict"),
        (lambda: Suite([], conditions={1: "fare > 0"}), "conditions have names of text"),
        (lambda: Suite([], conditions={"": "fare > 0"}), "a condition has the name ''"),
        (lambda: Suite([], conditions={"a": "fare >"}), "fare >"),
        (lambda: Suite([], conditions={"a": 3}), "must be an expression"),
        (lambda: Suite([]).check({"fare": [1]}), "a suite checks a Profile, not dict; make one with tide"),
        (lambda: Suite([]).check(tg.ProfileSet([])), "check_windows"),
        (
            lambda: Suite([]).check(tg.log([]), {"fare": [1]}),
            "a reference is a Profile or a ProfileSet",
        ),
    ],
)
def test_wrong_arguments_say_what_is_right(make, words):
    with pytest.raises(ArgumentError, match=re.escape(words)):
        make()


def test_windows_are_checked_one_by_one(days):
    results = Suite([NullRate("fare", at_most=0.1)]).check_windows(days)
    assert [result.outcome for result in results] == ["passed", "passed", "failed"]
    assert [result.window and result.window.start.day for result in results] == [None, 7, 8]
    text = suites_text(results)
    assert text.endswith("2 of 3 windows passed")
    assert "✗ failed · 1 failed · taxi · 2013-02-08 · 1 record" in text
    assert "# suite: 2 of 3 windows passed" in suites_markdown(results)
    tree = ET.fromstring(junit(results))  # noqa: S314 - our own
    assert [each.get("name") for each in tree] == ["taxi", "taxi 2013-02-07", "taxi 2013-02-08"]
    assert [each.get("timestamp") for each in tree] == [None, "2013-02-07T00:00:00", "2013-02-08T00:00:00"]


def test_a_history_is_a_reference(days, profile):
    result = Suite([Records(at_most_change=0.5)]).check(days[1], days).results[0]
    assert result.outcome == "passed"
    assert result.bounds == (pytest.approx(4 / 3 * 0.5), pytest.approx(4 / 3 * 1.5))
    result = Suite([Records(at_most_change=0.5)]).check(profile, tg.ProfileSet([])).results[0]
    assert result.outcome == "unknown"


def test_a_change_is_counted_from_the_reference(profile):
    dearer = tg.log({"fare": [10.0, 80.0]})
    suite = Suite([Mean("fare", at_most_change=0.5), Mean("fare", at_least=30, at_most_change=0.5)])
    first, second = suite.check(profile, dearer).results
    assert (first.outcome, first.bounds, first.expected) == (
        "passed",
        (22.5, 67.5),
        "within 50% of the reference, which is from 22.5 to 67.5",
    )
    assert (second.outcome, second.bounds) == ("failed", (30, 67.5))
    missing = suite.check(profile, tg.log({"city": ["Oslo"]})).results[0]
    assert (missing.outcome, missing.why[:16]) == ("unknown", "in the reference")
    alone = suite.check(profile).results[0]
    assert (alone.outcome, alone.why) == ("unknown", "it compares with a reference, and none was given")


def test_the_outcome_never_contradicts_what_is_shown():
    """A rate just above a bound is not shown as the bound itself."""
    profile = tg.log({"x": [None] + [1.0] * 1998})
    result = Suite([NullRate("x", at_most=0.0005)]).check(profile).results[0]
    assert result.outcome == "failed"
    assert result.observed_text == "0.05003%"
    assert Suite([NullRate("x", at_most=1 / 1999)]).check(profile)


def test_text_puts_what_needs_attention_first(profile):
    text = repr(Suite([PASSES, WARNS, UNKNOWN, FAILS], name="taxi").check(profile))
    assert text.splitlines() == [
        "taxi · ✗ failed · 1 failed, 1 unknown, 1 warning, 1 passed · taxi · 3 records",
        "",
        "✗ null rate of fare at most 10%  33.33%",
        "  the null rate of fare is 33.33%, expected at most 10%",
        "? values of far at least 0",
        "  the profile has no column 'far'; did you mean 'fare'?",
        "✗ values of fare at most 30      5 to 40  (warning)",
        "  the values of fare reach up to 40, expected at most 30",
        "  because: dearer trips are looked at",
        "✓ null rate of city at most 0%   0%",
    ]


@pytest.mark.parametrize("cells", [20, 33, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(profile, cells):
    wide = tg.log({"料金" * 30: [1.0, None], "x" * 300: [1, 2], "far away": ["a", "b"]}, "データ" * 40)
    suite = Suite(
        [NullRate(name, at_most=0, reason="because of 料金 and of words " * 9) for name in wide.columns]
        + [WARNS, UNKNOWN, ValueSet("far away", ["c" * 400])],
        name="名" * 100,
    )
    for result in (suite.check(wide), suite.check(profile)):
        for text in (suite_text(result, cells=cells), suites_text([result, result], cells=cells)):
            assert max(map(width, text.splitlines())) <= cells
        plain, painted = suite_text(result, cells=cells), suite_text(result, cells=cells, colour=True)
        assert re.sub("\x1b\\[[0-9;]*m", "", painted) == plain
        assert painted != plain


def test_json_says_everything(profile):
    result = Suite([PASSES, FAILS], name="taxi").check(profile)
    document = json.loads(result.json())
    assert document == result.to_dict()
    assert (document["suite"], document["outcome"], document["records"]) == ("taxi", "failed", 3)
    assert document["counts"] == {"passed": 1, "failed": 1, "unknown": 0, "warnings": 0}
    failed = document["results"][1]
    assert failed["constraint"] == {"null_rate": {"column": "fare", "at_most": 0.1}}
    assert (failed["outcome"], failed["bounds"]) == ("failed", [None, 0.1])


def test_html_is_one_page_and_a_notebook_shows_a_part_of_it(profile, tmp_path):
    result = Suite([PASSES, UNKNOWN, NullRate("<i>", at_most=0)], name="<b>taxi").check(profile)
    page = result.html(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page
    assert page.startswith("<!doctype html>")
    for text in (page, result._repr_html_()):
        assert "null rate of city" in text
        assert "&lt;i&gt;" in text
        assert "<i>" not in text
        assert "<b>taxi" not in text


def test_markdown_is_a_table(profile):
    text = Suite([PASSES, UNKNOWN, WARNS], name="taxi").check(profile).markdown()
    assert text.startswith("# taxi: ? unknown\n")
    assert "- ✗ **values of fare at most 30** (warning): the values of fare reach up to 40" in text
    assert "| ✓ | null rate of city at most 0% | 0% | at most 0% | fail |" in text


def test_junit_is_what_readers_of_it_expect(profile):
    alike = NullRate("city", at_most=0, reason="called as another")
    result = Suite([PASSES, FAILS, UNKNOWN, WARNS, alike], name="taxi").check(profile)
    tree = ET.fromstring(result.junit())  # noqa: S314 - our own
    assert tree.tag == "testsuites"
    (suite,) = tree
    for element in (tree, suite):
        counts = [element.get(each) for each in ("tests", "failures", "errors", "skipped")]
        assert counts == ["5", "1", "1", "1"]
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    assert len(cases) == 5
    assert len(cases["null rate of city at most 0%"]) == 0
    failure = cases["null rate of fare at most 10%"].find("failure")
    assert failure.get("message") == "the null rate of fare is 33.33%, expected at most 10%"
    assert "observed: 33.33%" in failure.text
    assert "did you mean 'fare'" in cases["values of far at least 0"].find("error").get("message")
    assert cases["values of fare at most 30"].find("skipped").get("message").startswith("warning: ")
    assert {case.get("classname") for case in cases.values()} == {"taxi.completeness", "taxi.validity"}
    lenient = ET.fromstring(junit([result], allow_unknown=True))  # noqa: S314 - our own
    assert (lenient.get("errors"), lenient.get("skipped")) == ("0", "2")


def test_hostile_names_are_shown_and_not_obeyed():
    profile = tg.log({HOSTILE: [1.0, None, HOSTILE], "x": [1, 2, 3]}, HOSTILE)
    suite = Suite(
        [
            NullRate(HOSTILE, at_most=0, reason=HOSTILE + LONE, name=HOSTILE + LONE),
            ValueSet(HOSTILE, [HOSTILE[::-1]]),
            RequiredColumns([HOSTILE + "2"]),
            Range(HOSTILE, at_most=3),
        ],
        name=HOSTILE,
    )
    result = suite.check(profile)
    assert result.outcome == "failed"
    ET.fromstring(result.junit().encode())  # noqa: S314 - our own
    for text in (repr(result), result.markdown(), result.junit()):
        text.encode()
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e\ud800]", text)
    assert "\ufffe" not in result.junit()
    assert "<b>" not in result.markdown()
    json.dumps(result.to_dict(), allow_nan=False).encode()
    assert Suite.from_yaml(suite.to_yaml()) == suite


def test_a_result_is_a_value(profile):
    result = Suite([PASSES, FAILS], name="taxi").check(profile)
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own
    assert hash(result.results[0].constraint) == hash(PASSES)
    with pytest.raises(AttributeError):
        result.records = 0


def test_a_column_that_is_gone_or_of_another_type_leaves_drift_unknown():
    rows = {"x": [float(n) for n in range(5000)], "y": [1] * 5000}
    before = tg.log(rows)
    suite = Suite([NoDrift()])
    assert suite.check(before, before)
    gone = suite.check(tg.log({"x": rows["x"]}), before).results[0]
    assert (gone.outcome, "y: the profile does not have it any more" in gone.why) == ("unknown", True)
    assert Suite([NoDrift(["x"])]).check(tg.log({"x": rows["x"]}), before)
    retyped = suite.check(tg.log({"x": [str(value) for value in rows["x"]], "y": rows["y"]}), before).results[
        0
    ]
    assert (retyped.outcome, "x: It was" in retyped.why) == ("unknown", True)
    moved = suite.check(tg.log({"x": [value + 4000 for value in rows["x"]], "y": rows["y"]}), before).results[
        0
    ]
    assert (moved.outcome, moved.observed, moved.why[:15]) == ("failed", ("x",), "x has drifted: ")


def test_a_condition_that_was_counted_is_judged():
    suite = Suite([ConditionRate("positive", at_least=0.9)], conditions={"positive": "fare > 0"})
    data = {"fare": [1.0, -1.0, None, 2.0]}
    result = suite.check(tg.log(data, conditions=suite.conditions)).results[0]
    assert (result.outcome, result.observed) == ("failed", 2 / 3)
    assert result.why.endswith(
        "(fare > 0); it failed in 1 record; it is null in 1 record, which do not count"
    )


def test_a_condition_that_could_not_be_judged_does_not_pass():
    suite = Suite([ConditionRate("positive", at_least=0.7)], conditions={"positive": tg.col("fare") > 0})
    data = [{"fare": value} for value in (1.0, 2.0, "three", 4.0)]
    result = suite.check(tg.log(data, conditions=suite.conditions)).results[0]
    assert (result.outcome, result.observed, result.interval) == ("passed", 1.0, (0.75, 1.0))
    assert "in 1 record it cannot be judged: fare > 0: a text cannot be compared with a number" in result.why
    strict = Suite([ConditionRate("positive", at_least=0.9)], conditions=suite.conditions)
    result = strict.check(tg.log(data, conditions=suite.conditions)).results[0]
    assert (result.outcome, result.uncertain) == ("unknown", True)
    nothing = strict.check(tg.log({"fare": ["a", "b"]}, conditions=suite.conditions)).results[0]
    assert (nothing.outcome, nothing.uncertain) == ("unknown", False)
    assert "cannot be compared with a number" in nothing.why


def test_a_part_that_was_not_asked_leaves_the_answer_open():
    suite = Suite([ConditionRate("positive", at_least=1.0)], conditions={"positive": "fare > 0"})
    asked = tg.log({"fare": [1.0, 2.0]}, conditions=suite.conditions)
    assert suite.check(asked)
    result = suite.check(asked.merge(tg.log({"fare": [-1.0]}))).results[0]
    assert result.outcome == "unknown"
    assert result.why.endswith("; of 1 record it was not asked")


def test_a_condition_must_mean_what_the_suite_means():
    counted = tg.log({"fare": [1.0, 2.0]}, conditions={"dear": "fare > 10"})
    same = Suite([ConditionRate("dear", at_most=0)], conditions={"dear": "fare  >  10"})
    assert same.conditions == {"dear": "fare > 10"}
    assert same.check(counted)
    other = Suite([ConditionRate("dear", at_most=0)], conditions={"dear": "fare > 100"})
    result = other.check(counted).results[0]
    assert result.outcome == "unknown"
    assert "the suite means 'fare > 100', and the profile has counted 'fare > 10'" in result.why
    assert Suite([ConditionRate("dear", at_most=0)]).check(counted)


def test_a_constraint_of_ones_own_is_one_class(profile):
    from tidegauge.constraints import constraint as module
    from tidegauge.constraints.constraint import _TYPES

    @constraint
    class NamedAfterCity(Constraint):
        """The dataset is called so."""

        @property
        def subject(self):
            return "name of the dataset"

        @property
        def expected(self):
            return "'taxi'"

        def _judge(self, context):
            name = context.profile.dataset
            return self._result(passed=name == "taxi", observed=name, text=repr(name))

    try:
        suite = Suite([NamedAfterCity(severity="warn")])
        assert suite.check(profile)
        assert "named_after_city: {severity: warn}" in suite.to_yaml()
        assert Suite.from_yaml(suite.to_yaml()) == suite
        with pytest.raises(ArgumentError, match="there are two constraints 'null_rate'"):
            module(type("NullRate", (Constraint,), {"__annotations__": {}}))
    finally:
        _TYPES.pop("named_after_city", None)


def test_checking_does_not_change_what_it_reads(profile):
    before = profile.to_bytes()
    Context(profile)
    Suite([PASSES, FAILS, UNKNOWN, WARNS]).check(profile, profile)
    assert profile.to_bytes() == before
    assert isinstance(SuiteResult(()), SuiteResult)
    assert repr(SuiteResult(())) == "✓ passed · no constraints · 0 records"


def test_several_missing_columns_are_named_without_guesses_that_mislead():
    profile = tg.log({"fare": [1.0], "s": ["a"]})
    (result,) = Suite([RequiredColumns(["pickup", "fare", "tip"])]).check(profile).results
    assert result.why == "there is no column 'pickup' or 'tip'"


def test_windows_are_several_profiles():
    with pytest.raises(ArgumentError, match=r"several profiles; for one there is check\(\)"):
        Suite([Records(at_least=1)]).check_windows(tg.log({"x": [1]}))
