"""check_metric lets good metrics through, and names the law that a bad one breaks."""

from __future__ import annotations

import pytest

from library.tests.own_metrics import Entropy, FirstDigits
from tidegauge.errors import ArgumentError
from tidegauge.testing import check_metric

WORDS = [["a", "b", None, "a"], ["c"] * 7, [None, None], [], [True, False, None]]
NUMBERS = [[1, 2, None, 30], [0.5, -7.25, float("inf")], list(range(1000))]


def test_good_metrics_pass():
    check_metric(Entropy(), WORDS)
    check_metric(FirstDigits(), NUMBERS)


def test_arrays_of_any_library():
    pa, np, pl = map(pytest.importorskip, ["pyarrow", "numpy", "polars"])
    check_metric(Entropy(), [pa.array(["a", "b", "a"]).dictionary_encode(), pl.Series(["a", None])])
    check_metric(FirstDigits(), [np.arange(50.0), pl.Series([1, 2]), pa.array([1, None])])


class Mean(FirstDigits):
    """Forgets how many values it is the mean of."""

    def zero(self):
        return (0.0, 0)

    def update(self, state, column):
        values = [value for value in column.to_pylist() if value is not None]
        total, count = state
        return (total + sum(values), count + len(values))

    def merge(self, a, b):
        return (a[0] + b[0], a[1] + b[1])

    def to_bytes(self, state):
        return repr(state).encode()

    def from_bytes(self, data, version):
        total, count = data.decode().strip("()").split(",")
        return (float(total), int(count))

    def summary(self, state):
        return {"mean": state[0] / state[1] if state[1] else None}


def forget_the_count(metric, data, version):
    """The same mean, of one value."""
    mean = Mean.summary(metric, Mean.from_bytes(metric, data, version))["mean"]
    return (0.0, 0) if mean is None else (mean, 1)


def square_the_length(metric, state, column):
    return (state[0] + len(column) ** 2, 1) if len(column) else state


def start_anew(metric, state, column):
    return Mean.update(metric, metric.zero(), column)


def broken(**methods):
    return type("Bad", (Mean,), methods)()


@pytest.mark.parametrize(
    ("metric", "law"),
    [
        (broken(name="mean"), "with a dot"),
        (broken(merge=lambda self, a, b: b), "no data changes the state"),
        (broken(to_bytes=lambda self, state: "text"), "gives str, not bytes"),
        (broken(from_bytes=lambda self, data, version: (1.0, 1)), "comes back from its bytes"),
        (broken(zero=lambda self: (1.0, 1)), "state of no data"),
        (broken(summary=lambda self, state: [state]), "no dict"),
        (broken(summary=lambda self, state: {"mean": {state}}), "JSON cannot"),
        (broken(from_bytes=forget_the_count), "cannot be continued"),
        (broken(update=square_the_length), "cannot be|are not"),
        (broken(update=start_anew), "an empty batch changes the state|cannot be"),
    ],
)
def test_bad_metrics_are_told_which_law_they_break(metric, law):
    with pytest.raises(AssertionError, match=law):
        check_metric(metric, [[1, 2, 4], [3, 9]])


def test_a_merge_that_changes_its_second_argument():
    class Greedy(Entropy):
        def merge(self, a, b):
            b.update({key: count + b.get(key, 0) for key, count in a.items()})
            return b

    with pytest.raises(AssertionError, match=r"merge\(a, b\) changes b"):
        check_metric(Greedy(), [["a"], ["b"]])


def test_the_message_shows_what_was_found():
    with pytest.raises(AssertionError) as caught:
        check_metric(broken(merge=lambda self, a, b: b), [[2, 4]])
    assert str(caught.value).splitlines()[1:] == [
        "    expected  {'mean': 3.0}",
        "    observed  {'mean': None}",
    ]


def test_nothing_to_check_with():
    with pytest.raises(ArgumentError, match="at least one array"):
        check_metric(Entropy(), [[], []])


def test_tolerance():
    noisy = broken(summary=lambda self, state: {"mean": 1 + id(state) % 7 * 1e-12})
    check_metric(noisy, [[1.0]])


@pytest.mark.parametrize("values", [[1, 2, 3], ["ab"], [None]])
def test_values_in_place_of_arrays(values):
    with pytest.raises(ArgumentError, match="takes arrays, such as"):
        check_metric(Entropy(), values)
