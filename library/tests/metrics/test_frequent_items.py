from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError
from tidegauge.metrics.frequent_items import FrequentItem


def test_small_columns_are_exact():
    words = list("abacab")
    found = tg.log({"x": [*words, None]})["x"].frequent_items
    assert found.top(10) == [
        FrequentItem("a", 3, 3, 3),
        FrequentItem("b", 2, 2, 2),
        FrequentItem("c", 1, 1, 1),
    ]
    assert found.top(1) == [FrequentItem("a", 3, 3, 3)]
    assert found.top(0) == []
    assert (found.exact, found.error, found.total, len(found)) == (True, 0, 6, 3)
    assert list(found) == found.top()
    with pytest.raises(ArgumentError):
        found.top(-1)


@pytest.mark.parametrize(
    ("values", "value"),
    [
        ([7, 7, -1], 7),
        ([True, False, True], True),
        ([dt.date(1969, 7, 20)] * 2, dt.date(1969, 7, 20)),
        (["7", "7", "8"], "7"),
        (["", "", "a"], ""),
        (["nul\0", "nul\0"], "nul\0"),
        ([2**63 - 1, 2**63 - 1], 2**63 - 1),
    ],
)
def test_values_are_as_the_column_holds_them(values, value):
    found = tg.log({"x": values})["x"].frequent_items.top(1)[0].value
    assert found == value
    assert type(found) is type(value)


def test_long_strings_are_cut_and_marked():
    item = tg.log({"x": ["é" * 100_000] * 3})["x"].frequent_items.top(1)[0]
    assert item.value.endswith("…")
    assert item.value[:20] == "é" * 20
    assert len(item.value.encode()) <= 140
    assert item.lower == 3


def test_bounds_are_never_violated():
    values = np.random.default_rng(5).zipf(1.3, size=200_000)
    texts = [f"item-{value}" for value in values]
    truth = Counter(texts)
    found = tg.log({"x": texts})["x"].frequent_items
    assert not found.exact
    assert found.total == 200_000
    for item in found:
        assert item.lower <= truth[item.value] <= item.upper == item.estimate
    kept = {item.value for item in found}
    assert all(count <= found.error for text, count in truth.items() if text not in kept)
    assert found.top(1)[0].value == truth.most_common(1)[0][0]


def test_repr():
    assert repr(tg.log({"x": list("aab")})["x"].frequent_items) == "FrequentItems('a': 2, 'b': 1)"
