from __future__ import annotations

import math

import numpy as np
import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError

RANDOM = np.random.default_rng(11)
RANKS = [0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0]


@pytest.mark.parametrize("size", [1, 2, 3, 10, 500])
def test_small_columns_are_exact(size):
    values = np.round(RANDOM.normal(size=size), 1)
    found = tg.log({"x": values})["x"]
    assert found.quantiles.exact
    assert found.quantiles.rank_error == 0
    assert found.quantile(RANKS) == np.quantile(values, RANKS, method="inverted_cdf").tolist()
    assert found.cdf([-0.3, 0.0, 99.0]) == [float(np.mean(values <= point)) for point in (-0.3, 0.0, 99.0)]


@pytest.mark.parametrize("name", ["sorted", "shuffled", "tied"])
def test_large_columns_are_within_the_stated_error(name):
    values = np.arange(300_000.0)
    if name == "shuffled":
        RANDOM.shuffle(values)
    if name == "tied":
        values = np.floor(RANDOM.lognormal(3, 1, size=300_000))
    found = tg.log({"x": values})["x"]
    assert 0 < found.quantiles.rank_error < 0.01
    ordered = np.sort(values)
    for rank, value in zip(RANKS, found.quantile(RANKS), strict=True):
        below, through = np.searchsorted(ordered, value, "left"), np.searchsorted(ordered, value, "right")
        assert (
            below / 300_000 - found.quantiles.rank_error
            <= rank
            <= through / 300_000 + found.quantiles.rank_error
        )
    for point in np.quantile(values, [0.1, 0.5, 0.9]):
        assert found.cdf(point) == pytest.approx(np.mean(values <= point), abs=found.quantiles.rank_error)


def test_extremes_are_exact_always(wide_range):
    assert wide_range["fare"].quantile([0, 1]) == [wide_range["fare"].min, wide_range["fare"].max]


def test_quantiles_of_integers_are_integers(wide_range):
    assert wide_range["seats"].quantile([0, 1]) == [1, 6]
    assert all(type(value) is int for value in wide_range["seats"].quantile(RANKS))
    assert wide_range["seats"].median in (3, 4)


def test_one_rank_gives_a_value_and_several_a_list():
    found = tg.log({"x": [1.0, 2.0]})["x"]
    assert found.quantile(0) == 1.0
    assert found.quantile(1) == 2.0
    assert found.quantile((0.5,)) == [1.0]
    assert found.quantile(np.array([0.5, 1.0])) == [1.0, 2.0]
    assert found.quantile(np.float64(0.5)) == 1.0
    assert found.quantile([]) == []


@pytest.mark.parametrize("rank", [-0.01, 1.01, 95, math.nan])
def test_rank_that_is_no_share(rank):
    with pytest.raises(ArgumentError, match=r"for 95 % give 0\.95"):
        tg.log({"x": [1.0]})["x"].quantile(rank)


@pytest.mark.parametrize("bins", [1, 2, 7, 30, [-1.0, 0.0, 0.5, 3.0], [5.0, 6.0]])
@pytest.mark.parametrize("size", [1, 2, 400])
def test_histogram_of_a_small_column_is_that_of_numpy(bins, size):
    values = np.round(RANDOM.normal(size=size), 1)
    counts, edges = np.histogram(values, bins)
    found = tg.log({"x": values})["x"].histogram(bins)
    assert found.counts == tuple(counts)
    assert found.edges == pytest.approx(tuple(edges))


def test_histogram_of_integers_and_of_one_value():
    values = np.array([1, 2, 2, 6])
    assert tg.log({"x": values})["x"].histogram(5).counts == tuple(np.histogram(values, 5)[0])
    one = tg.log({"x": [5.0, 5.0]})["x"].histogram(2)
    assert one == ((4.5, 5.0, 5.5), (0, 2))
    huge = tg.log({"x": [1e300, 1e300]})["x"].histogram(4)
    assert sum(huge.counts) == 2


def test_histogram_of_a_large_column_adds_up_and_is_near(wide_range):
    histogram = wide_range["fare"].histogram(bins=30)
    assert len(histogram.counts) == 30
    assert len(histogram.edges) == 31
    assert sum(histogram.counts) == 100_000
    assert histogram.edges[0] == wide_range["fare"].min
    assert histogram.edges[-1] == wide_range["fare"].max
    median = wide_range["fare"].median
    halves = wide_range["fare"].histogram([0.0, median, 1e9])
    assert halves.counts[0] == pytest.approx(50_000, abs=1_500)


def test_histogram_over_the_whole_range_of_doubles():
    top = np.finfo(float).max
    found = tg.log({"x": [-top, 0.0, top]})["x"].histogram(3)
    assert found.counts == (1, 1, 1)
    assert all(map(math.isfinite, found.edges))


@pytest.mark.parametrize("bins", [0, -1, 10**9, [1.0], [], [2.0, 1.0], [1.0, 1.0], [0.0, math.nan]])
def test_bins_that_are_none(bins):
    with pytest.raises(ArgumentError, match="histogram"):
        tg.log({"x": [1.0]})["x"].histogram(bins)


def test_merged_sketches_stay_within_the_stated_error():
    values = RANDOM.normal(size=200_000)
    merged = tg.merge(tg.log({"x": part}) for part in np.array_split(values, 64))["x"]
    ordered = np.sort(values)
    assert merged.quantiles.n == 200_000
    for rank in (0.05, 0.5, 0.95):
        true = np.searchsorted(ordered, merged.quantile(rank), "right") / 200_000
        assert true == pytest.approx(rank, abs=merged.quantiles.rank_error)


def test_apache_datasketches_opens_the_bytes():
    datasketches = pytest.importorskip("datasketches")
    values = RANDOM.normal(size=50_000)
    column = tg.log({"x": values})["x"]
    sketch = datasketches.kll_doubles_sketch.deserialize(column._column.values.quantiles_bytes())
    assert sketch.n == 50_000
    assert sketch.get_quantiles([0.1, 0.5, 0.9], inclusive=True) == pytest.approx(
        column.quantile([0.1, 0.5, 0.9])
    )


@pytest.mark.parametrize("ranks", ["a", ["x"], [None], None])
def test_ranks_that_are_no_numbers(ranks):
    fare = tg.log({"fare": [1.0, 2.0]})["fare"]
    with pytest.raises(tg.errors.ArgumentError, match="a share from 0 to 1"):
        fare.quantile(ranks)


@pytest.mark.parametrize("bins", [1.5, "ten", None])
def test_bins_that_are_neither_a_number_nor_edges(bins):
    fare = tg.log({"fare": [1.0, 2.0]})["fare"]
    with pytest.raises(tg.errors.ArgumentError, match="a list of edges"):
        fare.histogram(bins)
