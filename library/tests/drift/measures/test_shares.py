"""Counts of the same cells in two columns."""

from __future__ import annotations

import pytest

import tidegauge as tg
from tidegauge.drift import measures
from tidegauge.drift.measures.pair import Pair
from tidegauge.drift.measures.shares import OTHERS, Shares, Side, certain, pack


def column(values) -> tg.ColumnProfile:
    return tg.log({"x": values})["x"]


def test_values_are_matched_by_name():
    found = Pair(column(["a", "b", "b"]), column(["c", "b"])).shares()
    counts = {
        label: both
        for label, *both in zip(found.labels, found.current.counts, found.reference.counts, strict=True)
    }
    assert counts == {"a": [1, 0], "b": [2, 1], "c": [0, 1]}
    assert found.exact


def test_a_value_called_all_others_is_a_value():
    found = Pair(column([OTHERS, "b"]), column([OTHERS])).shares()
    assert set(found.labels) == {OTHERS, "b"}
    assert measures.get("total_variation").compute(column([OTHERS, "b"]), column([OTHERS])) == 0.5


def test_long_strings_are_counted_by_their_beginning():
    now, then = ["z" * 200 + str(i) for i in range(10)] + ["a"] * 10, ["z" * 200] * 5 + ["a"] * 15
    found = Pair(column(now), column(then)).shares()
    assert found.exact
    assert measures.get("total_variation").compute(column(now), column(then)) == 0.25


def test_booleans_are_false_and_true():
    found = Pair(column([True, False, True]), column([True, None])).shares()
    assert found == Shares(("false", "true"), certain([1, 2]), certain([0, 1]))
    assert Pair(column([True]), column([True])).shares().labels == ("true",)


def test_cells_that_are_empty_on_both_sides_are_left_out():
    found = pack("abc", certain([1, 0, 2]), certain([0, 0, 3]))
    assert found == Shares(("a", "c"), certain([1, 2]), certain([0, 3]))
    unsure = Side((0, 1), (0, 1), (2, 1), 1)
    assert pack("ab", unsure, certain([0, 1])).labels == ("a", "b")


def test_what_was_worked_out_is_kept():
    pair = Pair(column([1.0, 2.0, 3.0]), column([1.0, 5.0, 9.0]))
    assert pair.shares() is pair.shares()
    assert pair.shares(5) is not pair.shares()
    assert pair.distances() is pair.distances()


@pytest.mark.parametrize("name", [measure.name for measure in measures.all() if measure.kind == "both"])
def test_bounds_of_counts_become_bounds_of_the_measure(name):
    """Every choice of counts within the bounds gives a value within the interval, and the bounds are near."""
    measure = measures.get(name)
    least, most = (10, 30, 40), (20, 40, 50)
    current = Side((15, 35, 45), least, most, 95)
    reference = certain([30, 30, 35])
    low, high = measure._extremes(Shares(("a", "b", "c"), current, reference))
    low, high = (measure._finish(each, Shares(("a", "b", "c"), current, reference)) for each in (low, high))
    seen = []
    for a in range(10, 21):
        for b in range(30, 41):
            c = 95 - a - b
            if 40 <= c <= 50:
                seen.append(measure.of_shares(Shares(("a", "b", "c"), certain([a, b, c]), reference)))
    assert len(seen) > 20
    assert low <= min(seen) + 1e-12
    assert max(seen) <= high + 1e-12
    assert high < 3 * max(seen) + 0.1
