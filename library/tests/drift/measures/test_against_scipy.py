"""While sketches are exact every measure is what SciPy, or its formula, gives for the raw values."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial import distance

import tidegauge as tg
from tidegauge.drift import measures

close = {"rel": 1e-9, "abs": 1e-12}
thorough = settings(max_examples=60)

ORDERED = {
    "ks": lambda now, then: stats.ks_2samp(now, then, method="asymp").statistic,
    "wasserstein": stats.wasserstein_distance,
    "energy": stats.energy_distance,
    "cramer_von_mises": lambda now, then: max(
        stats.cramervonmises_2samp(now, then, method="asymptotic").statistic, 0
    ),
}


def smoothed(now, then, *, empty):
    return (now + 0.5, then + 0.5) if empty.any() else (now, then)


def kullback_leibler(now, then):
    return stats.entropy(*smoothed(now, then, empty=(then == 0) & (now > 0)))


def stability(now, then):
    p, q = (side / side.sum() for side in smoothed(now, then, empty=(now == 0) | (then == 0)))
    plain = float(np.sum((p - q) * np.log(p / q)))
    return max(0.0, plain - (len(now) - 1) * (1 / now.sum() + 1 / then.sum()))


def table(now, then, kind=None):
    if len(now) == 1:
        return 0.0
    return stats.chi2_contingency([now, then], correction=False, lambda_=kind).statistic


OF_COUNTS = {
    "chi_square": table,
    "g_test": lambda now, then: table(now, then, "log-likelihood"),
    "hellinger": lambda now, then: (
        np.linalg.norm(np.sqrt(now / now.sum()) - np.sqrt(then / then.sum())) / np.sqrt(2)
    ),
    "jensen_shannon": lambda now, then: np.nan_to_num(distance.jensenshannon(now, then, base=2)),
    "kullback_leibler": kullback_leibler,
    "l_infinity": lambda now, then: distance.chebyshev(now / now.sum(), then / then.sum()),
    "psi": stability,
    "total_variation": lambda now, then: distance.cityblock(now / now.sum(), then / then.sum()) / 2,
}


def test_every_measure_has_something_to_be_compared_with():
    assert {measure.name for measure in measures.all()} == {*ORDERED, *OF_COUNTS}


def column(values) -> tg.ColumnProfile:
    return tg.log({"x": values})["x"]


def counts_of_items(now, then):
    both = sorted({*now, *then})
    return tuple(np.array([Counter(side)[item] for item in both], float) for side in (now, then))


def counts_in_cells(now, then):
    """Written anew from what the documentation says of the cells."""
    now, then = np.sort(np.asarray(now, float)), np.sort(np.asarray(then, float))
    values = np.unique(then)
    if len(values) == 1 or (len(values) <= 32 and len(then) >= 5 * len(values)):
        cells = [[float((side == value).sum()) for value in values] for side in (now, then)]
        cells[0].append(len(now) - sum(cells[0]))
        cells[1].append(0.0)
    else:
        cuts = np.unique(np.quantile(then, np.arange(1, 10) / 10, method="inverted_cdf"))
        cuts = cuts[cuts < then[-1]]
        cells = [
            np.bincount(np.searchsorted(cuts, side, "left"), minlength=len(cuts) + 1) for side in (now, then)
        ]
    both = np.array(cells, float)
    return both[:, both.sum(axis=0) > 0]


tied = st.lists(st.integers(-20, 20).map(lambda x: x / 4), min_size=2, max_size=120)
untied = st.lists(st.floats(-1e6, 1e6, width=32), min_size=2, max_size=120)
few_values = st.lists(st.sampled_from([0.0, 1.0, 2.5, -3.0]), min_size=2, max_size=120)
numbers = st.one_of(
    st.tuples(tied, tied),
    st.tuples(untied, untied),
    st.tuples(few_values, few_values),
    st.tuples(tied, few_values),
)


@pytest.mark.parametrize("name", ORDERED)
@thorough
@given(numbers)
def test_ordered_measures_of_numbers(name, both):
    now, then = both
    expected = ORDERED[name](now, then)
    # What SciPy gives is a difference of two numbers that can be larger by the size of the samples.
    assert measures.get(name).compute(column(now), column(then)) == pytest.approx(
        expected, rel=1e-9, abs=1e-11 * (len(now) + len(then))
    )


@pytest.mark.parametrize("name", OF_COUNTS)
@thorough
@given(numbers)
def test_share_measures_of_numbers(name, both):
    now, then = both
    expected = OF_COUNTS[name](*counts_in_cells(now, then))
    # Roots make rounding in the last place of shares as large as 1e-8 near zero.
    small = 3e-8 if name in {"jensen_shannon", "hellinger"} else 1e-11
    assert measures.get(name).compute(column(now), column(then)) == pytest.approx(
        expected, rel=1e-9, abs=small
    )


texts = st.lists(st.text("abcdé ", max_size=1), min_size=1, max_size=150)
flags = st.lists(st.booleans(), min_size=1, max_size=50)


@pytest.mark.parametrize("name", OF_COUNTS)
@thorough
@given(st.one_of(st.tuples(texts, texts), st.tuples(flags, flags)))
def test_share_measures_of_counted_values(name, both):
    expected = OF_COUNTS[name](*counts_of_items(*both))
    small = 3e-8 if name in {"jensen_shannon", "hellinger"} else 1e-11
    assert measures.get(name).compute(*map(column, both)) == pytest.approx(expected, rel=1e-9, abs=small)


@pytest.mark.parametrize("name", ORDERED)
def test_a_thousand_values_are_still_exact(name):
    random = np.random.default_rng(5)
    now, then = random.normal(size=1000), random.normal(0.1, 1, size=1000)
    assert measures.get(name).compute(column(now), column(then)) == pytest.approx(
        ORDERED[name](now, then), **close
    )


@pytest.mark.parametrize("name", OF_COUNTS)
def test_many_values_are_still_exact(name):
    random = np.random.default_rng(6)
    now, then = random.zipf(1.4, size=(2, 5000)) % 700
    now, then = [[f"v{value}" for value in side] for side in (now, then)]
    expected = OF_COUNTS[name](*counts_of_items(now, then))
    assert measures.get(name).compute(column(now), column(then)) == pytest.approx(expected, **close)


@pytest.mark.parametrize("name", OF_COUNTS)
def test_few_numbers_are_exact_at_any_size(name):
    random = np.random.default_rng(7)
    now, then = random.integers(0, 7, 60_000), random.integers(1, 7, 100_000)
    columns = column(now), column(then)
    assert not columns[1].quantiles.exact
    value = measures.get(name).compute(*columns)
    assert value == pytest.approx(OF_COUNTS[name](*counts_in_cells(now, then)), **close)
    assert measures.get(name).interval(*columns) == (value, value)


def test_booleans_are_exact_at_any_size_without_frequent_items():
    schema = tg.Schema(metrics={"x": ["counts"]})
    now, then = ([True] * 50_000 + [False] * 30_000), ([True, False] * 40_000)
    columns = [tg.log({"x": values}, schema=schema)["x"] for values in (now, then)]
    assert measures.get("total_variation").compute(*columns) == pytest.approx(0.125)


@pytest.mark.parametrize(
    ("unit", "seconds"), [(dt.timedelta(days=1), 86_400), (dt.timedelta(milliseconds=1), 1e-3)]
)
def test_times_are_measured_in_seconds(unit, seconds):
    start = dt.datetime(2013, 2, 8)
    random = np.random.default_rng(8)
    now, then = random.integers(0, 500, size=(2, 200)).tolist()
    expected = stats.wasserstein_distance(now, then) * seconds
    energy = stats.energy_distance(now, then) * seconds**0.5
    for make in (lambda x: start + x * unit, lambda x: x * unit):
        columns = [column([make(value) for value in side]) for side in (now, then)]
        assert measures.get("wasserstein").compute(*columns) == pytest.approx(expected, **close)
        assert measures.get("energy").compute(*columns) == pytest.approx(energy, **close)
    if seconds == 86_400:
        dates = [column([start.date() + value * unit for value in side]) for side in (now, then)]
        assert measures.get("wasserstein").compute(*dates) == pytest.approx(expected, **close)
        assert measures.get("energy").compute(*dates) == pytest.approx(energy, **close)


def test_units_of_wasserstein_and_energy():
    random = np.random.default_rng(9)
    now, then = random.normal(size=200), random.normal(1, 2, size=300)
    for name, power in (("wasserstein", 1), ("energy", 0.5)):
        measure = measures.get(name)
        plain = measure.compute(column(now), column(then))
        assert measure.compute(column(now * 100), column(then * 100)) == pytest.approx(plain * 100**power)
        assert measure.compute(column(now + 100), column(then + 100)) == pytest.approx(plain)
    assert measures.get("wasserstein").compute(column(now + 3), column(now)) == pytest.approx(3)


def test_without_smoothing_an_empty_cell_is_infinite_as_in_scipy():
    now, then = column(["a", "b"]), column(["a", "a"])
    for name in ("kullback_leibler", "psi"):
        assert measures.get(name, smoothing=0).compute(now, then) == float("inf")
        assert 0 < measures.get(name, smoothing=0.5).compute(column(["a"] * 50), column(["b"] * 50)) < 50
    assert stats.entropy([1, 1], [2, 0]) == float("inf")
    assert measures.get("kullback_leibler").compute(then, now) == pytest.approx(np.log(2))


def test_more_smoothing_is_nearer():
    now, then = column(["a"] * 20 + ["b"] * 5), column(["a"] * 20)
    for name in ("kullback_leibler", "psi"):
        few, many = (measures.get(name, smoothing=each).compute(now, then) for each in (0.5, 5))
        assert few > many


def test_the_bias_that_psi_takes_off_is_what_samples_show():
    from tidegauge.drift.measures.shares import Shares, certain

    random = np.random.default_rng(10)
    plain = measures.get("psi", remove_bias=False)
    p = np.array([0.05, 0.1, 0.1, 0.15, 0.2, 0.4])
    labels = tuple("abcdef")
    found = [
        plain.of_shares(Shares(labels, *(certain(random.multinomial(n, p).tolist()) for n in (400, 900))))
        for _ in range(2000)
    ]
    assert np.mean(found) == pytest.approx(5 * (1 / 400 + 1 / 900), rel=0.06)
