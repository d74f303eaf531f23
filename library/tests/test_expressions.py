"""Expressions: built in Python, read from text, and meaning what a plain reading of them means."""

from __future__ import annotations

import copy
import datetime as dt
import math
import operator
import pickle
import re
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tidegauge as tg
from tidegauge import col

x = col("x")


@pytest.mark.parametrize(
    ("built", "text"),
    [
        (x == 1, "x == 1"),
        (x != 'a\n"å\\', 'x != "a\\n\\"å\\\\"'),
        (x > 1, "x > 1"),
        (x <= -1.5, "x <= -1.5"),
        (x >= Decimal(10), "x >= 10.0"),
        (x > Decimal("0.10"), "x > 0.10"),
        (x == True, "x == true"),  # noqa: E712
        (x == np.int8(3), "x == 3"),
        (x == np.float64(0.5), "x == 0.5"),
        (x == np.bool_(False), "x == false"),  # noqa: FBT003
        (x < 1e-30, "x < 1e-30"),
        (x < dt.date(2024, 3, 1), 'x < "2024-03-01"'),
        (x < dt.datetime(2024, 3, 1, 10, tzinfo=dt.UTC), 'x < "2024-03-01T10:00:00+00:00"'),
        (x < dt.time(10, 30), 'x < "10:30:00"'),
        (x - col("y") < dt.timedelta(minutes=1.5), "x - y < 90.0"),
        ((x > 0) & (x < 9) & ~x.is_null(), "x > 0 and x < 9 and x is not null"),
        ((x > 0) | ((x < 9) & col("y")), "x > 0 or x < 9 and y"),
        (((x > 0) | (x < 9)) & col("y"), "(x > 0 or x < 9) and y"),
        (True & (x > 0) | False, "true and x > 0 or false"),
        (~(x == 1), "not x == 1"),
        (~x.is_in([1, 2]), "x not in [1, 2]"),
        (x.is_in({"a"}), 'x in ["a"]'),
        (x.between(0, x * 2), "x between 0 and x * 2"),
        (2 - x * (3 + x) / 4 % 5 > -x, "2 - x * (3 + x) / 4 % 5 > -x"),
        (1 / x + 7 % x == abs(x), "1 / x + 7 % x == abs(x)"),
        (x.matches(r"^\d+$"), 'x matches "^\\\\d+$"'),
        (x.starts_with("a") | x.ends_with("b") | x.contains(col("y")),
         'starts_with(x, "a") or ends_with(x, "b") or contains(x, y)'),
        (x.is_nan() | ~x.is_finite(), "is_nan(x) or not is_finite(x)"),
        (x.is_not_null(), "x is not null"),
        (x.length() > 1, "length(x) > 1"),
        (col("trip distance") > 1, "`trip distance` > 1"),
        (col("a`b") > 1, "`a``b` > 1"),
        (col("") > 1, "`` > 1"),
        (col("not") > 1, "`not` > 1"),
        (col("a.b.c") > 1, "a.b.c > 1"),
    ],
)  # fmt: skip
def test_what_is_built_has_its_text(built, text):
    assert str(built) == text
    assert str(tg.parse_expression(text)) == text
    assert built.same_as(tg.parse_expression(text))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: bool(x > 0), "& | ~ in place of and, or, not"),
        (lambda: 0 < x < 9, "& | ~ in place of and, or, not"),
        (lambda: x > 0 and x < 9, "& | ~"),
        (lambda: not x, "& | ~"),
        (lambda: x in [col("y"), 5], "& | ~"),
        (lambda: x == None, "is_null"),  # noqa: E711
        (lambda: x.is_in([1, None]), "is_null"),
        (lambda: x.is_in([]), "at least one"),
        (lambda: x.is_in("abc"), "list of values"),
        (lambda: x.is_in(5), "list of values"),
        (lambda: x.is_in([1, "a"]), "one kind"),
        (lambda: x > math.nan, "is_nan"),  # noqa: PLW0177
        (lambda: x < float("inf"), "is_finite"),
        (lambda: x == [1], "cannot hold a list"),
        (lambda: x == b"a", "cannot hold a bytes"),
        (lambda: x == object(), "cannot hold a object"),
        (lambda: x == "\ud800", "surrogate"),
        (lambda: x.matches("("), "unclosed group"),
        (lambda: x.matches("(?=a)"), "look-ahead"),
        (lambda: x.matches(5), "as text"),
        (lambda: x + "a", "takes numbers, not a text"),
        (lambda: (x > 1) + 1, "takes numbers"),
        (lambda: ~(x + 1), "not joins"),
        (lambda: list(x), "is no collection"),
        (lambda: 1 in x, "is no collection"),
        (lambda: col(5), "name of a column"),
        (lambda: tg.parse_expression(5), "expression is text"),
        (lambda: tg.parse_expression("x = 1"), "write == in place of ="),
        (lambda: tg.parse_expression("(" * 100_000), "levels deep"),
    ],
)
def test_what_cannot_be_meant_is_refused(make, message):
    with pytest.raises(tg.errors.ArgumentError, match=re.escape(message)):
        make()


def test_it_is_a_value():
    condition = (x > 0) & col("y").is_null()
    assert pickle.loads(pickle.dumps(condition)).same_as(condition)  # noqa: S301
    assert copy.deepcopy(condition).same_as(condition)
    assert repr(condition) == "Expression('x > 0 and y is null')"
    assert hash(condition) == hash(tg.parse_expression("(x>0) and (y is null)"))
    assert condition.columns == ("x", "y")
    assert condition.is_condition
    assert not (x + 1).is_condition
    assert not condition.same_as("x > 0 and y is null")


def test_long_chains_can_be_built():
    condition = x == 0
    for number in range(1, 300):
        condition |= x == number
    profile = tg.log({"x": [5, 299, 300]}, conditions={"c": condition})
    assert profile.conditions["c"].passed == 2


# ---- against a plain reading in Python

NUMBERS = st.one_of(
    st.none(),
    st.integers(-5, 5),
    st.sampled_from([2**53, 2**53 + 1, 2**63 - 1, -(2**63)]),
    st.sampled_from([0.0, -0.0, 0.5, -2.5, 3.0, float(2**53), 1e300, math.inf, -math.inf, math.nan]),
)
TEXTS = st.one_of(st.none(), st.sampled_from(["", "a", "b", "ab", "Å", "a b"]))
TRUTHS = st.sampled_from([None, True, False])
RECORDS = st.fixed_dictionaries({"x": NUMBERS, "y": NUMBERS, "s": TEXTS, "b": TRUTHS})

COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def divided(left, right):
    return None if right == 0 else float(left) / float(right)


def remainder(left, right):
    if right == 0:
        return None
    if isinstance(left, int) and isinstance(right, int):
        return left % right
    left, right = float(left), float(right)
    if math.isinf(left) or math.isnan(left) or math.isnan(right):
        return math.nan
    return left % right


def doubles(operate):
    """Whole numbers exactly, the rest as doubles: Python does not overflow to infinity by itself."""

    def calculate(left, right):
        if isinstance(left, int) and isinstance(right, int):
            result = operate(left, right)
            return result if abs(result) < 2**127 else float(result)
        with np.errstate(all="ignore"):
            return float(operate(np.float64(left), np.float64(right)))

    return calculate


CALCULATE = {
    "+": doubles(operator.add),
    "-": doubles(operator.sub),
    "*": doubles(operator.mul),
    "/": divided,
    "%": remainder,
}


class Meaning:
    """An expression and what it means: a function of a record that may give None."""

    def __init__(self, expression, value):
        self.expression = expression
        self.value = value


def strict(function, *parts):
    """A function of values that gives None for None."""

    def value(record):
        values = [part.value(record) for part in parts]
        return None if None in values else function(*values)

    return value


def constant(value):
    return Meaning(value, lambda _: value)


def numbers():
    columns = st.sampled_from(["x", "y"]).map(lambda name: Meaning(col(name), lambda record: record[name]))
    values = st.one_of(st.integers(-3, 3), st.sampled_from([2**53 + 1, 0.5, -2.5])).map(constant)

    def longer(inner):
        signs = st.sampled_from(sorted(CALCULATE))

        def join(parts):
            left, sign, right = parts
            if not isinstance(left.expression, tg.Expression) and not isinstance(
                right.expression, tg.Expression
            ):
                return left
            joined = {
                "+": operator.add,
                "-": operator.sub,
                "*": operator.mul,
                "/": operator.truediv,
                "%": operator.mod,
            }
            return Meaning(
                joined[sign](left.expression, right.expression), strict(CALCULATE[sign], left, right)
            )

        return st.tuples(inner, signs, inner).map(join)

    return st.recursive(columns | values, longer, max_leaves=3)


def predicates():
    def compare(parts):
        left, sign, right = parts
        if not isinstance(left.expression, tg.Expression):
            left = Meaning(col("x"), lambda record: record["x"])
        return Meaning(COMPARE[sign](left.expression, right.expression), strict(COMPARE[sign], left, right))

    text = Meaning(col("s"), lambda record: record["s"])
    words = st.sampled_from(["", "a", "ab", "Å"])
    return st.one_of(
        st.tuples(numbers(), st.sampled_from(sorted(COMPARE)), numbers()).map(compare),
        words.map(lambda word: Meaning(text.expression < word, strict(lambda s: s < word, text))),
        words.map(lambda word: Meaning(text.expression.contains(word), strict(lambda s: word in s, text))),
        st.lists(words, min_size=1).map(
            lambda found: Meaning(text.expression.is_in(found), strict(lambda s: s in found, text))
        ),
        st.just(Meaning(text.expression.matches("^a+"), strict(lambda s: s.startswith("a"), text))),
        st.just(Meaning(text.expression.length() > 1, strict(lambda s: len(s) > 1, text))),
        st.just(Meaning(col("b"), lambda record: record["b"])),
        st.sampled_from(["x", "s", "b"]).map(
            lambda name: Meaning(col(name).is_null(), lambda record: record[name] is None)
        ),
    )


def negated(part):
    return Meaning(~part.expression, strict(operator.not_, part))


def joined(parts):
    left, both, right = parts

    def value(record):
        values = (left.value(record), right.value(record))
        if (not both) in values:
            return not both
        return None if None in values else both

    if both:
        return Meaning(left.expression & right.expression, value)
    return Meaning(left.expression | right.expression, value)


CONDITIONS = st.recursive(
    predicates(),
    lambda inner: inner.map(negated) | st.tuples(inner, st.booleans(), inner).map(joined),
    max_leaves=4,
)


def counted(profile):
    condition = profile.conditions["c"]
    assert condition.reason is None
    return [condition.passed, condition.failed, condition.unknown]


@given(CONDITIONS, st.lists(RECORDS, min_size=1, max_size=12))
@settings(max_examples=250)
def test_records_count_as_a_plain_reading_does(condition, records):
    outcomes = [condition.value(record) for record in records]
    expected = [outcomes.count(outcome) for outcome in (True, False, None)]
    assert counted(tg.log(records, conditions={"c": condition.expression})) == expected
    columns = {name: [record[name] for record in records] for name in ("x", "y", "s", "b")}
    assert counted(tg.log(columns, conditions={"c": str(condition.expression)})) == expected


@given(CONDITIONS, st.lists(RECORDS, min_size=1, max_size=40), st.booleans())
@settings(max_examples=250)
def test_arrow_counts_as_a_plain_reading_does(condition, records, whole):
    kind = int if whole else float
    typed = [
        {
            **r,
            **{name: None if r[name] is None or not fits(r[name], kind) else kind(r[name]) for name in "xy"},
        }
        for r in records
    ]
    outcomes = [condition.value(record) for record in typed]
    expected = [outcomes.count(outcome) for outcome in (True, False, None)]
    number = pa.int64() if whole else pa.float64()
    schema = pa.schema([("x", number), ("y", number), ("s", pa.string()), ("b", pa.bool_())])
    table = pa.Table.from_pylist(typed, schema)
    assert counted(tg.log(table, conditions={"c": condition.expression})) == expected
    coded = table.set_column(2, "s", table["s"].dictionary_encode())
    assert counted(tg.log(coded, conditions={"c": condition.expression})) == expected


def fits(value, kind):
    return kind is float or (math.isfinite(value) and abs(value) < 2**63 and float(value).is_integer())


@given(st.text(max_size=60))
@settings(max_examples=500)
def test_no_text_makes_the_parser_fail_otherwise(text):
    try:
        expression = tg.parse_expression(text)
    except tg.errors.ArgumentError:
        return
    assert tg.parse_expression(str(expression)).same_as(expression)


@given(st.text(max_size=20), st.text(max_size=20))
@settings(max_examples=200)
def test_any_name_and_any_text_can_be_written(name, text):
    expression = col(name) == text
    assert expression.columns == (name,)
    profile = tg.log([{name: text}, {name: text + "x"}], conditions={"c": expression})
    assert counted(profile) == [1, 1, 0]
