"""The cells of numbers and times."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import tidegauge as tg
from tidegauge.drift.measures.bins import of_numbers
from tidegauge.drift.measures.shares import OTHERS


def cells(now, then, **options):
    found = of_numbers(tg.log({"x": now})["x"], tg.log({"x": then})["x"], **options)
    return dict(
        zip(found.labels, zip(found.current.counts, found.reference.counts, strict=True), strict=True)
    )


def test_quantiles_of_the_reference_cut():
    assert cells([0, 2, 3, 99], range(1, 9), bins=4) == {
        "up to 2": (2, 2),
        "2 to 4": (1, 2),
        "4 to 6": (0, 2),
        "above 6": (1, 2),
    }


def test_equal_cuts_are_one_and_no_bin_of_the_reference_is_empty():
    then = [0.0] * 40 + [float(i) for i in range(1, 61)]
    found = cells([0.0, 70.0], then)
    assert found["up to 0.0"] == (1, 40)
    assert len(found) == 7
    assert all(reference for _, reference in found.values())
    assert found["above 50.0"] == (1, 10)


def test_a_discrete_reference_is_counted_by_value():
    assert cells([1, 2, 3, 7], [1] * 5 + [3] * 5) == {"1": (1, 5), "3": (1, 5), OTHERS: (2, 0)}
    assert cells([1], [1] * 5 + [3] * 5) == {"1": (1, 5), "3": (0, 5)}
    assert cells([2.0, 8.0], [5.0, 5.0]) == {"5.0": (0, 2), OTHERS: (2, 0)}


@pytest.mark.parametrize("count", [32, 33])
def test_from_33_values_on_there_are_bins(count):
    found = cells([0], [i % count for i in range(count * 6)])
    assert len(found) == (32 if count == 32 else 10)


def test_values_that_hardly_recur_are_binned():
    assert "up to 0.0" not in cells([1.0], [float(i % 20) for i in range(100)], bins=5)
    assert "up to 3.0" in cells([1.0], [float(i % 20) for i in range(99)], bins=5)


def test_times_are_shown_as_times():
    start = dt.datetime(2013, 2, 8)
    found = cells([start], [start + dt.timedelta(hours=i) for i in range(10)], bins=2)
    assert list(found) == ["up to 2013-02-08 04:00:00", "above 2013-02-08 04:00:00"]
    assert cells([start.date()], [start.date()] * 3) == {"2013-02-08": (1, 3)}


@pytest.mark.parametrize("kind", ["integers", "floats", "dates", "durations"])
def test_a_large_discrete_column(kind):
    make = {
        "integers": int,
        "floats": lambda x: x + 0.1,
        "dates": lambda x: dt.date(2013, 2, 8) + dt.timedelta(days=x),
        "durations": lambda x: dt.timedelta(seconds=x),
    }[kind]
    now, then = np.random.default_rng(3).integers(0, 6, size=(2, 50_000)).tolist()
    columns = [tg.log({"x": [make(x) for x in side]})["x"] for side in (now, then)]
    found = of_numbers(*columns)
    # Durations have no frequent items: their quantile sketch counts, and may have missed a value.
    assert found.exact == (kind != "durations")
    assert len(found.labels) == (6 if found.exact else 7)
    assert sum(count > 0 for count in found.current.counts) == 6
    truth = np.bincount(now, minlength=len(found.labels))
    slack = zip(found.current.least, found.current.most, truth, strict=True)
    assert all(low <= exact <= high for low, high, exact in slack)
    assert sum(found.current.counts) == 50_000


def test_a_current_column_that_the_items_do_not_know_is_counted_by_the_sketch():
    """The reference is discrete, the current column is not; both are counted in the same way."""
    random = np.random.default_rng(4)
    now, then = random.normal(size=20_000), random.integers(0, 3, size=20_000).astype(float)
    found = of_numbers(tg.log({"x": [*now, 1.0, 1.0]})["x"], tg.log({"x": then})["x"])
    assert found.labels == ("0.0", "1.0", "2.0", OTHERS)
    assert found.current.counts[-1] > 19_000
    assert found.reference.counts[-1] == 0
    assert sum(found.reference.counts) == 20_000


def test_dates_that_python_has_not():
    """Arrow's dates go on after the year 9999: Python has no such text; they count all the same."""
    pyarrow = pytest.importorskip("pyarrow")
    now, then = [3_000_000, 10, 10], [3_000_000] * 5 + [10] * 5
    columns = [
        tg.log(pyarrow.table({"x": pyarrow.array(side, pyarrow.int32()).cast(pyarrow.date32())}))["x"]
        for side in (now, then)
    ]
    found = of_numbers(*columns)
    assert found.labels == ("1970-01-11", "3000000.0")
    assert found.current.counts == (2, 1)
