from __future__ import annotations

import numpy as np
import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError


@pytest.mark.parametrize("distinct", [0, 1, 2, 30, 100])
def test_few_distinct_values_are_counted_exactly(distinct):
    found = tg.log({"x": [f"v{i % distinct}" for i in range(1000)] if distinct else []}).columns
    assert found == ("x",)
    values = [f"v{i % distinct}" for i in range(1000)] if distinct else ["a"][:0]
    column = tg.log({"x": [*values, None]})["x"]
    if distinct == 0:
        assert column.type == "null"
        return
    assert column.cardinality.estimate == distinct
    assert column.cardinality.exact
    assert column.cardinality.interval(0.95) == (distinct, distinct)


@pytest.mark.parametrize("distinct", [2_000, 20_000, 300_000])
def test_many_distinct_values_are_estimated_within_the_bounds(distinct):
    found = tg.log({"x": np.arange(distinct)})["x"].cardinality
    assert not found.exact
    assert found.estimate == pytest.approx(distinct, rel=0.06)
    lower, upper = found.interval(0.997)
    assert lower <= distinct <= upper


def test_bounds_widen_with_the_confidence(wide_range):
    found = wide_range["user"].cardinality
    widths = [upper - lower for lower, upper in map(found.interval, (0.1, 0.5, 0.68, 0.9, 0.95, 0.99, 0.999))]
    assert widths == sorted(widths)
    assert len(set(widths)) == 7
    one = found._sketch.interval(1)
    assert found.interval(0.6826894921370859) == pytest.approx(one)
    assert found.interval(0.9544997361036416) == pytest.approx(found._sketch.interval(2))
    for confidence in (0.5, 0.95, 0.999):
        lower, upper = found.interval(confidence)
        assert lower < found.estimate < upper


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5])
def test_confidence_that_is_none(confidence, small):
    with pytest.raises(ArgumentError, match="between 0 and 1"):
        small["city"].cardinality.interval(confidence)


def test_the_same_values_count_once_across_parts_and_types():
    parts = [np.arange(5_000, dtype=kind) for kind in ("i4", "i8", "u2", ">i8")]
    merged = tg.merge(tg.log({"x": part}) for part in parts)["x"].cardinality
    assert merged.estimate == tg.log({"x": parts[1]})["x"].cardinality.estimate


def test_apache_datasketches_opens_the_bytes(wide_range):
    datasketches = pytest.importorskip("datasketches")
    sketch = datasketches.hll_sketch.deserialize(wide_range["user"].cardinality.to_bytes())
    assert sketch.get_estimate() == pytest.approx(wide_range["user"].cardinality.estimate)


def test_repr(small, wide_range):
    assert repr(small["city"].cardinality) == "Cardinality(2, exact)"
    assert "95 % within" in repr(wide_range["user"].cardinality)
