# ruff: noqa: S301 - our own pickles

from __future__ import annotations

import inspect
import pickle

import pytest

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
