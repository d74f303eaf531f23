# ruff: noqa: S301 - our own pickles

from __future__ import annotations

import inspect
import pickle
import re

import pytest

import tidegauge as tg
from tidegauge import errors

CLASSES = [
    value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, Exception)
]


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_every_error_is_in_the_tree_and_its_drawing(error):
    assert issubclass(error, errors.TidegaugeError)
    assert error.__name__ in (errors.__doc__ or "")
    assert error.__name__ in errors.__all__


@pytest.mark.parametrize(
    "error", [e for e in CLASSES if e is not errors.TidegaugeError], ids=lambda e: e.__name__
)
def test_every_error_is_the_built_in_that_its_drawing_says(error):
    line = next(line for line in (errors.__doc__ or "").splitlines() if f" {error.__name__} " in f"{line} ")
    built_in = line.split("(")[1].split(")")[0]
    assert built_in in [base.__name__ for base in error.__mro__]


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_message_shows_as_it_was_given_and_survives_pickling(error):
    raised = error("there is no 'x'; give 'y'")
    assert str(raised) == "there is no 'x'; give 'y'"
    assert str(pickle.loads(pickle.dumps(raised))) == str(raised)


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("fair", ["fare", "tip"], "; did you mean 'fare'?"),
        ("FARE", ["tip", "fare"], "; did you mean 'fare'?"),
        ("x", ["fare"], "; there are: 'fare'"),
        ("x", [], "; there are none"),
        ("x", [f"column_{i}" for i in range(12)], " and 2 more"),
    ],
)
def test_nearest_names_what_is_near(name, known, expected):
    assert errors.nearest(name, known).endswith(expected)


HALF = "a\ud800"


@pytest.mark.parametrize(
    "given",
    [
        {"dataset": HALF},
        {"tags": {HALF: "x"}},
        {"tags": {"x": HALF}},
        {"segments": [HALF]},
        {"timestamp": HALF},
        {"conditions": {HALF: "a > 0"}},
        {"conditions": {"x": HALF}},
        {"derived": {HALF: "a"}},
    ],
)
def test_half_a_character_in_an_argument_is_told(given):
    said = re.escape(r"'a\ud800' holds half a character")
    with pytest.raises(errors.ArgumentError, match=said):
        tg.log({"a": [1]}, **given)
    with pytest.raises(errors.ArgumentError, match=said):
        tg.Logger(**{"dataset": "rides", "writers": lambda *_: None, **given})


def test_half_a_character_in_a_name_is_replaced_from_wherever_the_name_comes():
    names = {tg.log(data).columns for data in ({HALF: [1]}, [{HALF: 1}], {HALF: 1})}
    assert names == {("a\ufffd\ufffd\ufffd",)}
    with pytest.raises(errors.MissingColumnError, match="did you mean 'a'"):
        tg.log({"a": [1]})[HALF]
    with pytest.raises(errors.ArgumentError, match="half a character"):
        tg.log({"a": [1]}).replace(tags={"x": HALF})
