"""Quoted texts: written as they are, and nothing in them controls what shows them."""

from __future__ import annotations

import ast
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tidegauge as tg
from tidegauge.constraints import ColumnOrder, Suite, ValueSet
from tidegauge.quoting import quoted

ASTRONAUT = "👩\u200d🚀"
PERSIAN = "می\u200cخواهم"


@pytest.mark.parametrize("text", ["", "Oslo", "it's", '"', "'\"", "\\d", "a\nb", "料金", "naïve"])
def test_what_repr_shows_well_is_quoted_as_repr_does(text):
    assert quoted(text) == repr(text)


@pytest.mark.parametrize("text", [ASTRONAUT, PERSIAN, "\U0001fae8", "\ue000"])
def test_signs_of_writing_stay_as_they_are(text):
    assert quoted(text) == f"'{text}'"


@given(st.text())
def test_nothing_controls_and_the_text_can_be_read_back(text):
    shown = quoted(text)
    assert ast.literal_eval(shown) == text
    for character in shown:
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.category(character) != "Cf" or character in "\u200c\u200d"


def test_escapes_and_quotes_go_together():
    assert quoted("\u202e'\"") == "'\\u202e\\'\"'"


def test_reasons_show_values_as_they_are():
    was, now = ([value] * 500 + ["a"] * 500 for value in ("b", ASTRONAUT))
    assert f"'{ASTRONAUT}' 0 % → 50 %" in tg.compare(tg.log({"x": now}), tg.log({"x": was}))["x"].why
    profile = tg.log({"x": now, PERSIAN: was})
    listed = Suite([ValueSet("x", ["a"]), ColumnOrder([PERSIAN, "x"])]).check(profile)
    assert [shown in one.why for one, shown in zip(listed.results, (ASTRONAUT, PERSIAN), strict=True)] == [
        True,
        True,
    ]
    assert PERSIAN in tg.report(listed).html()
