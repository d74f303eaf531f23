"""What all constraints have in common: every one runs through these by itself.

A constraint needs an entry in `CASES`, with what passes, fails and cannot be judged on the data below.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import math
import pickle
import pkgutil
import random
from decimal import Decimal

import pytest

import tidegauge as tg
from tidegauge import constraints as c
from tidegauge.constraints import families
from tidegauge.constraints.constraint import specification

UTC = dt.UTC
DATA = {
    "whole": [3, -1, 0, 7, 7, 2, 9, 4],
    "part": [0.5, 2.25, 0.0, 1e3, 0.5, 4.0, 3.5, 9.0],
    "holes": [1.0, None, 3.0, None, 5.0, 6.0, 7.0, 8.0],
    "odd": [1.0, math.inf, 2.0, 3.0, 4.0, 5.0, 6.0, -math.inf],
    "text": ["Oslo", "Rome", "Oslo", "", "Bern", "Oslo", "Rome", "Oslo"],
    "flag": [True, True, True, False, None, True, True, True],
    "day": [dt.date(2013, 2, 1) + dt.timedelta(days=n) for n in range(8)],
    "when": [dt.datetime(2013, 2, 8, hour) for hour in range(8)],
    "span": [dt.timedelta(minutes=n) for n in range(8)],
    "price": [Decimal(n) / 10 for n in range(1, 9)],
    "total": [3.5, 1.25, 0.0, 1007.0, 7.5, 6.0, 12.5, 13.0],
    "nothing": [None] * 8,
    "same": [1.0] * 8,
    "calendar": [2] * 8,
}
CONDITIONS = {"positive": "whole > 0", "known": "holes > 0", "never": "nothing > 0"}
MANY = 60_000
NOW = dt.datetime(2013, 2, 8, 8, tzinfo=UTC)

# Of each constraint: those that pass, those that fail, those that cannot be judged.
CASES = {
    c.RequiredColumns: ([["text", "day"]], [["text", "dya"]], []),
    c.ExactColumns: (
        [list(DATA), {"columns": list(DATA), "ordered": True}, list(reversed(DATA))],
        [["text"], [*DATA, "more"], {"columns": [*list(DATA)[1:], "whole"], "ordered": True}],
        [],
    ),
    c.ColumnOrder: ([["whole", "text", "day"]], [["day", "text"]], [["day", "dya"]]),
    c.ColumnType: (
        [("whole", "integer"), ("part", ["integer", "fractional"]), ("nothing", "null")],
        [("whole", "string"), ("when", ["date", "time"])],
        [("nothing", "string"), ("whol", "integer")],
    ),
    c.ColumnCount: ([{"at_least": 3, "at_most": 14}], [{"at_most": 3}], []),
    c.TypeRate: (
        [("whole", "integer", {"at_least": 1})],
        [("whole", "integer", {"at_most": 0.5}), ("text", "integer", {"at_least": 0.1})],
        [("nothing", "integer", {"at_least": 0})],
    ),
    c.PartOfDate: (
        [
            ("calendar", {"part": "month", "of": "day"}),
            ("calendar", {"part": "day of the month", "of": "day"}),
        ],
        [
            ("whole", {"part": "day of the month", "of": "day"}),
            ("calendar", {"part": "year", "of": "when"}),
        ],
        [
            ("text", {"part": "month", "of": "day"}),
            ("calendar", {"part": "month", "of": "whole"}),
            ("calendar", {"part": "month", "of": "nothing"}),
            ("span", {"part": "month", "of": "day"}),
        ],
    ),
    c.NullRate: ([("holes", {"at_most": 0.25})], [("holes", {"at_most": 0.24})], []),
    c.NullCount: ([("holes", {"at_least": 2, "at_most": 2})], [("holes", {"at_most": 1})], []),
    c.PresenceRate: ([("holes", {"at_least": 1})], [("holes", {"at_most": 0.5})], []),
    c.Range: (
        [
            ("whole", {"at_least": -1, "at_most": 9}),
            ("part", {"at_least": 0, "below": 1000.5}),
            ("day", {"at_least": "2013-02-01", "below": dt.date(2013, 2, 9)}),
            ("when", {"at_least": dt.datetime(2013, 2, 8)}),
            ("span", {"at_most": "7m"}),
            ("price", {"at_least": 0.1, "at_most": 0.8}),
            ("holes", {"above": 0}),
        ],
        [
            ("whole", {"above": -1}),
            ("part", {"at_most": 999}),
            ("odd", {"at_least": 0}),
            ("odd", {"at_most": 100}),
            ("when", {"at_most": "2013-02-08T06:59:59Z"}),
            ("span", {"below": "7m"}),
            ("price", {"above": 0.1}),
        ],
        [
            ("text", {"at_least": 0}),
            ("nothing", {"at_least": 0}),
            ("when", {"at_least": 0}),
            ("whole", {"at_least": "2013-02-08"}),
            ("flag", {"at_least": 0}),
        ],
    ),
    c.Finite: (["whole", "holes", "when"], ["odd"], ["text", "nothing"]),
    c.NanRate: ([("whole", {"at_most": 0})], [("odd", {"at_least": 0.1})], [("text", {"at_most": 0})]),
    c.InfiniteRate: (
        [("odd", {"at_most": 0.25})],
        [("odd", {"at_most": 0.2})],
        [("text", {"at_most": 1})],
    ),
    c.ZeroRate: (
        [("whole", {"at_most": 0.125}), ("price", {"at_most": 0})],
        [("whole", {"at_most": 0})],
        [("text", {"at_most": 1}), ("when", {"at_most": 1}), ("span", {"at_most": 1})],
    ),
    c.NegativeRate: (
        [("part", {"at_most": 0})],
        [("whole", {"at_most": 0}), ("odd", {"at_most": 0})],
        [("text", {"at_most": 1}), ("day", {"at_most": 1})],
    ),
    c.TrueRate: (
        [("flag", {"at_least": 0.8})],
        [("flag", {"at_least": 0.9})],
        [("whole", {"at_least": 0}), ("nothing", {"at_least": 0})],
    ),
    c.EmptyStringRate: (
        [("text", {"at_most": 0.125})],
        [("text", {"at_most": 0.1})],
        [("whole", {"at_most": 1}), ("nothing", {"at_most": 1})],
    ),
    c.LengthRange: (
        [("text", {"at_least": 0, "at_most": 4})],
        [("text", {"at_least": 1}), ("text", {"at_most": 3})],
        [("whole", {"at_least": 0}), ("nothing", {"at_least": 0})],
    ),
    c.MeanLength: (
        [("text", {"at_most": 3.5})],
        [("text", {"at_least": 4})],
        [("whole", {"at_most": 100}), ("nothing", {"at_most": 100})],
    ),
    c.ValueSet: (
        [
            ("text", ["Oslo", "Rome", "Bern", ""]),
            ("text", ["Oslo", "Rome"], {"at_most_outside": 0.25}),
            ("flag", [True, False]),
            ("whole", [-1, 0, 2, 3, 4, 7, 9]),
            ("price", [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]),
            ("day", [f"2013-02-0{n}" for n in range(1, 9)]),
        ],
        [("text", ["Oslo", "Rome"]), ("flag", [1, 0]), ("whole", ["3", "7"]), ("price", [0.1])],
        [("when", ["2013-02-08"]), ("nothing", ["a"]), ("many", ["a"])],
    ),
    c.RequiredValues: (
        [("text", ["Oslo", "Bern"]), ("whole", [7, 9])],
        [("text", ["Oslo", "Lima"]), ("flag", [1])],
        [("when", ["2013-02-08"]), ("nothing", ["a"]), ("many", ["user-1"])],
    ),
    c.ValueRate: (
        [("text", "Oslo", {"at_least": 0.5}), ("text", "Lima", {"at_most": 0})],
        [("text", "Oslo", {"at_most": 0.4}), ("whole", 7, {"at_least": 0.5})],
        [("when", "x", {"at_most": 1}), ("nothing", "a", {"at_most": 1}), ("many", "a", {"at_most": 0})],
    ),
    c.ConditionRate: (
        [("positive", {"at_least": 0.75}), ("known", {"at_least": 1.0})],
        [("positive", {"at_least": 0.9})],
        [("positiv", {"at_least": 0}), ("never", {"at_least": 0})],
    ),
    c.DistinctCount: (
        [("text", {"at_least": 4, "at_most": 4}), ("many", {"at_least": 50_000})],
        [("text", {"at_most": 3}), ("many", {"at_most": 50_000})],
        [("nothing", {"at_most": 1}), ("many", {"at_most": 59_900})],
    ),
    c.DistinctRate: (
        [("text", {"at_least": 0.5}), ("many", {"at_least": 0.9})],
        [("text", {"at_least": 0.6}), ("many", {"at_most": 0.9})],
        [("nothing", {"at_least": 0}), ("many", {"at_least": 0.999})],
    ),
    c.Unique: (["total", "day"], ["whole", "text", "few"], ["nothing", "many", "lists"]),
    c.Min: (
        [("whole", {"at_most": -1}), ("when", {"at_least": "2013-02-08"})],
        [("whole", {"at_least": 0}), ("price", {"at_least": 0.2})],
        [("text", {"at_least": 0}), ("nothing", {"at_least": 0}), ("when", {"at_least": 3})],
    ),
    c.Max: (
        [("whole", {"at_most": 9}), ("odd", {"at_most": 6})],
        [("whole", {"at_most": 8}), ("day", {"at_most": "2013-02-07"})],
        [("text", {"at_most": 0}), ("nothing", {"at_most": 0})],
    ),
    c.Mean: (
        [("whole", {"at_least": 3, "at_most": 4}), ("when", {"at_most": "2013-02-08T03:30"})],
        [("whole", {"at_most": 3}), ("span", {"at_most": "3m"})],
        [
            ("text", {"at_most": 0}),
            ("nothing", {"at_most": 0}),
            ("whole", {"at_most": 3.9, "confidence": 0.95}),
        ],
    ),
    c.Stddev: (
        [("whole", {"at_most": 4}), ("when", {"at_most": "3h"})],
        [("whole", {"at_most": 3}), ("when", {"at_most": "1h"})],
        [
            ("text", {"at_most": 0}),
            ("nothing", {"at_most": 9}),
            ("whole", {"at_most": 4, "confidence": 0.95}),
        ],
    ),
    c.Median: (
        [("whole", {"at_least": 3, "at_most": 3}), ("normal", {"at_most": 0.1})],
        [("whole", {"at_most": 2}), ("normal", {"at_least": 0.1})],
        [("text", {"at_most": 0}), ("nothing", {"at_most": 9}), ("normal", {"at_most": 0.0})],
    ),
    c.Quantile: (
        [("whole", 1.0, {"at_most": 9}), ("normal", 0.9, {"at_most": 1.4})],
        [("whole", 0.9, {"at_most": 7}), ("normal", 0.9, {"at_most": 1.1})],
        [("text", 0.5, {"at_most": 0}), ("normal", 0.9, {"at_most": 1.2816})],
    ),
    c.Skewness: (
        [("part", {"at_least": 2})],
        [("part", {"at_most": 2})],
        [("text", {"at_most": 2}), ("same", {"at_most": 2}), ("part", {"at_most": 2, "confidence": 0.99})],
    ),
    c.Kurtosis: (
        [("part", {"at_least": 2})],
        [("part", {"at_most": 2})],
        [("text", {"at_most": 2}), ("same", {"at_most": 2})],
    ),
    c.Sum: (
        [("whole", {"at_least": 31, "at_most": 31}), ("span", {"at_most": "28m"})],
        [("whole", {"at_most": 30}), ("span", {"at_most": "27m"})],
        [("odd", {"at_least": 0}), ("when", {"at_least": "2013-01-01"}), ("text", {"at_least": 0})],
    ),
    c.Records: ([{"at_least": 8}], [{"at_least": 9}, {"at_most": 7, "at_least": 1}], []),
    c.Freshness: (
        [("when", {"at_most": "2h", "at_least": "0s"})],
        [("when", {"at_most": "30m"}), ("day", {"at_least": "10h"})],
        [("text", {"at_most": "2h"}), ("nothing", {"at_most": "2h"}), ("span", {"at_most": "2h"})],
    ),
    c.Drift: (
        [
            ("whole", {"measure": "ks", "at_most": 0.2}),
            ("text", {"measure": "total_variation", "at_most": 0.1}),
        ],
        [("part", {"measure": "ks", "at_most": 0.2})],
        [("gone", {"measure": "ks", "at_most": 1}), ("text", {"measure": "ks", "at_most": 1})],
    ),
    c.NoDrift: ([["normal"]], [["moved"]], [["whole"], ["gone"]]),
    c.Correlation: (
        [
            ("part", "total", {"at_least": 0.99}),
            ("whole", "holes", {"at_least": 0, "at_most": 0.5}),
            ("normal", "moved", {"at_least": 0.9, "confidence": 0.99}),
        ],
        [
            ("part", "total", {"at_most": 0.9}),
            ("whole", "price", {"at_least": 0.9}),
            ("normal", "few", {"at_least": 0.1, "confidence": 0.99}),
        ],
        [
            ("whole", "text", {"at_least": 0}),
            ("whole", "nothing", {"at_least": 0}),
            ("whole", "same", {"at_least": 0}),
            ("whole", "when", {"at_least": 0}),
            ("whole", "whol", {"at_least": 0}),
            ("whole", "price", {"at_least": 0.8, "confidence": 0.95}),
        ],
    ),
    c.Relation: (
        [
            "sum(total) == sum(whole) + sum(part)",
            "min(when) <= max(when)",
            "records() >= 0.5 * reference.records()",
            "max(when) - min(when) == 7 * 3600",
        ],
        ["sum(total) < sum(whole)", "null_rate(holes) == null_rate(whole)", "max(day) <= min(day)"],
        ["sum(text) > 0", "sum(whole) / sum(whole_) > 0", "max(when) > 3", "median(normal) > mean(normal) "],
    ),
}


PLACES = {"passed": 0, "failed": 1, "unknown": 2}
ALL = [
    pytest.param(kind, spec, outcome, id=f"{kind.key}-{outcome}-{number}")
    for kind, groups in CASES.items()
    for outcome, place in PLACES.items()
    for number, spec in enumerate(groups[place])
]
KINDS = [pytest.param(kind, id=key) for key, kind in c.constraint_types().items()]


def make(kind, spec):
    """Make a constraint of a case: one argument, or several with a dict of keywords at the end."""
    parts = spec if isinstance(spec, tuple) else (spec,)
    keywords = parts[-1] if isinstance(parts[-1], dict) else {}
    return kind(*(part for part in parts if not isinstance(part, dict)), **keywords)


def of_kind(kind):
    return [make(kind, spec) for group in CASES[kind] for spec in group]


def large_data(shift=0.0):
    random_ = random.Random(7)
    normal = [random_.gauss(0, 1) for _ in range(MANY)]
    return {
        "many": [f"user-{n}" for n in range(MANY)],
        "normal": normal,
        "moved": [value + shift for value in normal],
        "few": [n % 10 for n in range(MANY)],
        "lists": [["a", "b"]] * MANY,
    }


@pytest.fixture(scope="module")
def contexts():
    """What constraints are judged by: a small profile that is exact, and a large one that is not."""
    changed = DATA | {"part": [value + 100 for value in DATA["part"]]}
    small = c.Context(tg.log(DATA, conditions=CONDITIONS), tg.log(changed), now=NOW)
    large = c.Context(tg.log(large_data(shift=1.0)), tg.log(large_data()), now=NOW)
    return small, large


def context_of(constraint, contexts):
    small, large = contexts
    return large if set(constraint.reads) & set(large.profile.columns) else small


def test_every_constraint_has_cases():
    assert set(CASES) == set(c.constraint_types().values())
    for kind, (passing, failing, unknown) in CASES.items():
        assert passing, kind
        assert failing, kind
        assert unknown or kind.family in ("presence", "completeness", "volume"), kind


def test_every_family_is_imported_and_public():
    modules = {module.name for module in pkgutil.iter_modules(families.__path__)}
    assert modules == {kind.family for kind in c.constraint_types().values()}
    for kind in c.constraint_types().values():
        assert getattr(c, kind.__name__) is kind
        assert kind.__name__ in c.__all__


@pytest.mark.parametrize(("kind", "spec", "outcome"), ALL)
def test_outcome(kind, spec, outcome, contexts):
    constraint = make(kind, spec)
    result = constraint.check(context_of(constraint, contexts))
    assert result.outcome == outcome, result.why
    assert result.constraint is constraint
    assert result.why.strip()
    assert result.expected == constraint.expected or constraint.expected in result.expected
    assert not result.uncertain or result.outcome == "unknown"
    json.dumps(result.to_dict(), allow_nan=False)


@pytest.mark.parametrize(("kind", "spec", "outcome"), [case for case in ALL if case.values[2] == "failed"])
def test_what_failed_is_shown(kind, spec, outcome, contexts):
    constraint = make(kind, spec)
    result = constraint.check(context_of(constraint, contexts))
    assert result.observed is not None
    assert result.observed_text


@pytest.mark.parametrize("kind", KINDS)
def test_an_estimate_lies_in_its_interval(kind, contexts):
    for constraint in of_kind(kind):
        result = constraint.check(context_of(constraint, contexts))
        if result.interval is not None:
            low, high = result.interval
            assert low <= result.observed <= high
            assert low < high


@pytest.mark.parametrize("kind", KINDS)
def test_file_pickle_and_repr_give_the_same_back(kind):
    for constraint in of_kind(kind):
        for severity, name, reason in (("fail", None, None), ("warn", "a: b # c", "it's {so} [2]")):
            fields = {each: getattr(constraint, each) for each, _, _ in specification(kind)}
            given = kind(**fields | {"severity": severity, "name": name, "reason": reason})
            suite = c.Suite([given], name="no", conditions={"yes": "fare > 0"})
            assert c.Suite.from_yaml(suite.to_yaml()) == suite
            assert c.Suite.from_plain(json.loads(json.dumps(suite.to_plain()))) == suite
            assert kind.from_plain(given.to_plain()) == given
            assert pickle.loads(pickle.dumps(given)) == given  # noqa: S301 - our own
            assert hash(pickle.loads(pickle.dumps(given))) == hash(given)  # noqa: S301 - our own
            assert copy.deepcopy(given) == given
            assert eval(repr(given), vars(c).copy()) == given  # noqa: S307 - our own


@pytest.mark.parametrize("kind", KINDS)
def test_values(kind):
    made = of_kind(kind)
    assert len(set(made)) == len({repr(each) for each in made})
    for constraint in made:
        assert constraint.severity == "fail"
        assert constraint.label == f"{constraint.subject} {constraint.expected}"
        with pytest.raises(AttributeError):
            constraint.severity = "warn"


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_column_is_named_with_the_nearest(kind, contexts):
    small, _ = contexts
    for constraint in of_kind(kind):
        fields = {each: getattr(constraint, each) for each, _, _ in specification(kind)}
        if "column" not in fields:
            continue
        result = kind(**fields | {"column": "wholee"}).check(small)
        assert result.outcome == "unknown"
        assert "'wholee'; did you mean 'whole'" in result.why


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_was_logged_is_not_passed(kind):
    nothing = c.Context(tg.log([]))
    for constraint in of_kind(kind):
        outcome = constraint.check(nothing).outcome
        assert outcome == "failed" if kind is c.Records else "unknown", constraint


@pytest.mark.parametrize("kind", KINDS)
def test_columns_without_records_are_not_passed(kind):
    import pyarrow as pa

    types = {"whole": pa.int64(), "part": pa.float64(), "text": pa.string(), "when": pa.timestamp("us")}
    empty = pa.table({name: pa.array([], types.get(name, pa.float64())) for name in DATA})
    context = c.Context(tg.log(empty))
    for constraint in of_kind(kind):
        if kind.family not in ("presence", "volume"):
            assert constraint.check(context).outcome == "unknown", constraint


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "values",
    [
        [None, None],
        [math.nan, math.inf, -math.inf, None],
        [math.nan],
        [True, False, None],
        [{"a": 1}, {"a": None}, None],
        [[1, 2], [], None],
        [b"\xff", b"", None],
        [1, "one", 2.5, None, True],
        [dt.time(1), dt.time(23)],
        [10**18, -(10**18), 2**63 - 1],
        [1e308, -1e308, 5e-324],
        ["\x00\x1b[31m\u202e", "x" * 5000, ""],
        [dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31)],
        [Decimal("1e-20"), Decimal("12345678901234567890.1")],
    ],
)
def test_hostile_columns_give_an_answer(kind, values):
    """Whatever a column holds, there is a result that can be shown; nothing is raised."""
    profile = tg.log([{"x": value} for value in values])
    context = c.Context(profile, profile, now=NOW)
    for constraint in of_kind(kind):
        fields = {each: getattr(constraint, each) for each, _, _ in specification(kind)}
        changes = {"column": "x"} if "column" in fields else {"columns": ["x"]} if "columns" in fields else {}
        result = kind(**fields | changes).check(context)
        assert result.outcome in ("passed", "failed", "unknown")
        json.dumps(result.to_dict(), allow_nan=False)
        assert repr(c.SuiteResult((result,)))


@pytest.mark.parametrize("kind", KINDS)
def test_parts_that_are_merged_give_what_the_whole_gives(kind, contexts):
    small, _ = contexts
    half = {name: values[:4] for name, values in DATA.items()}
    rest = {name: values[4:] for name, values in DATA.items()}
    parts = [tg.log(part, conditions=CONDITIONS) for part in (rest, half)]
    merged = c.Context(tg.merge(*parts), small.reference, now=NOW)
    for constraint in of_kind(kind):
        whole, sum_ = constraint.check(small), constraint.check(merged)
        assert sum_.outcome == whole.outcome, constraint
        if isinstance(whole.observed, float):
            assert sum_.observed == pytest.approx(whole.observed, rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_field_says_what_is_right(kind):
    from tidegauge.errors import ArgumentError

    constraint = of_kind(kind)[0]
    fields = {each: getattr(constraint, each) for each, _, _ in specification(kind)}
    for name, kind_, _ in specification(kind):
        with pytest.raises(ArgumentError, match=f"{kind.__name__}: {name}=.* is not "):
            kind(**fields | {name: object()})
        assert kind_.expected
    with pytest.raises(TypeError):
        kind(**fields | {"colour": "red"})
