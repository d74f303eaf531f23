"""The kernel's tests against SciPy's, and against counting every possibility."""

import itertools
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import tidegauge as tg
from tidegauge import _kernel
from tidegauge.drift.multiplicity import benjamini_hochberg


def column(values):
    return tg.log({"x": values})["x"]._column


def ks(a, b):
    p_value, method, (distance, where, signed, scale), _ = _kernel.compare_numbers(column(a), column(b))
    return p_value, method, distance, where, signed, scale


@pytest.mark.parametrize(
    ("n", "m"), [(1, 1), (3, 5), (20, 30), (50, 50), (50, 500), (200, 300), (1000, 1000)]
)
def test_untied_samples_have_the_exact_p_value(n, m):
    rng = np.random.default_rng(n + m)
    for shift in (0.0, 0.2, 0.6):
        a, b = rng.normal(shift, 1, n), rng.normal(0, 1, m)
        p_value, method, distance, *_ = ks(a, b)
        expected = stats.ks_2samp(a, b, method="exact")
        assert distance == pytest.approx(expected.statistic, rel=1e-12)
        if method == "exact":
            assert p_value == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-12)
        else:
            assert p_value == pytest.approx(expected.pvalue, rel=0.1, abs=1e-6)


def by_counting(a, b):
    """The share of all ways of dealing the pooled values out whose distance is at least the observed one."""
    pooled = sorted([*a, *b])

    def distance(chosen):
        first = [pooled[at] for at in chosen]
        second = [pooled[at] for at in range(len(pooled)) if at not in set(chosen)]
        return max(
            abs(sum(v <= x for v in first) / len(first) - sum(v <= x for v in second) / len(second))
            for x in pooled
        )

    observed = max(abs(sum(v <= x for v in a) / len(a) - sum(v <= x for v in b) / len(b)) for x in pooled)
    deals = [distance(chosen) for chosen in itertools.combinations(range(len(pooled)), len(a))]
    return sum(deal >= observed - 1e-9 for deal in deals) / len(deals)


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=6),
    st.lists(st.integers(0, 3), min_size=1, max_size=6),
)
@settings(max_examples=60)
def test_tied_samples_have_the_permutation_p_value(a, b):
    p_value, method, *_ = ks(a, b)
    if method == "exact":
        assert p_value == pytest.approx(by_counting(a, b), abs=1e-9)


@pytest.mark.parametrize("levels", [2, 3, 6, 20])
def test_many_tied_values_follow_the_permutation_distribution(levels):
    """The bridge on tied points against random deals."""
    rng = np.random.default_rng(levels)
    pooled = rng.integers(0, levels, 24_000)
    n = 12_000
    shares = np.bincount(pooled, minlength=levels)
    deals = rng.multivariate_hypergeometric(shares, n, 4000)
    distances = np.abs(np.cumsum(deals, 1) / n - np.cumsum(shares - deals, 1) / n).max(1)
    for rank in (0.5, 0.9, 0.95, 0.99):
        chosen = deals[np.argsort(distances)[int(rank * 4000)]]
        a = np.repeat(np.arange(levels), chosen)
        b = np.repeat(np.arange(levels), shares - chosen)
        p_value, method, distance, *_ = ks(a, b)
        share = np.mean(distances >= distance - 1e-12)
        assert p_value == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / 4000) + 0.006), method


def test_steps_shorter_than_the_grid_of_the_bridge():
    """Two great atoms among sketched values: the points of the sketch lie close to the atoms."""
    rng = np.random.default_rng(8)

    def draw(n):
        u = rng.random(n)
        return np.where(u < 0.4, 1.0, np.where(u < 0.76, 2.0, rng.normal(size=n)))

    for _ in range(12):
        a, b = draw(3000), draw(30_000)
        sketched, method, distance, *_ = ks(a, b)
        counted = ks(np.round(a, 2), np.round(b, 2))
        assert method == counted[1] == "tied"
        if abs(distance - counted[2]) < 5e-4:
            assert sketched == pytest.approx(counted[0], abs=0.03, rel=0.3)


def test_the_limit_distribution_serves_large_samples():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=4000) + 0.04, rng.normal(size=5000)
    p_value, method, distance, *_ = ks(a, b)
    assert method == "asymptotic"
    # The sketches' distance, with what they add taken into account, near SciPy's from all values.
    expected = stats.ks_2samp(a, b)
    assert distance == pytest.approx(expected.statistic, abs=0.004)
    assert p_value == pytest.approx(expected.pvalue, rel=0.5, abs=0.02)


@pytest.mark.parametrize(
    "table",
    [
        ((3, 7), (9, 1)),
        ((0, 5), (5, 0)),
        ((1, 49), (30, 920)),
        ((500, 500), (540, 460)),
        ((12, 4988), (40, 9960)),
    ],
)
def test_two_categories_are_tested_by_fisher(table):
    p_value, method, *_ = _kernel.compare_counts(list(zip(*table, strict=True)))
    assert method == "exact"
    assert p_value == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-6)


def test_dense_counts_are_tested_by_chi_square():
    table = np.array([[120, 80, 90, 60, 50], [100, 90, 95, 70, 30]])
    p_value, method, statistic, categories, sizes, *_ = _kernel.compare_counts(
        [tuple(c) for c in table.T.tolist()]
    )
    expected = stats.chi2_contingency(table, correction=False)
    assert (method, categories, sizes) == ("chi_square", 5, (400, 385))
    assert statistic == pytest.approx(expected.statistic, rel=1e-12)
    assert p_value == pytest.approx(expected.pvalue, rel=1e-9)


@pytest.mark.parametrize(("categories", "n", "m"), [(50, 60, 60), (200, 3000, 3000), (30, 40, 4000)])
def test_sparse_counts_are_tested_by_permutation(categories, n, m):
    """p-values against the share of random deals, for tables of small counts."""
    rng = np.random.default_rng(categories)
    weights = 1 / np.arange(1, categories + 1)
    pooled = rng.multinomial(n + m, weights / weights.sum())
    deals = rng.multivariate_hypergeometric(pooled, n, 3000)
    expected = pooled * n / (n + m)
    # In larger samples a rare value does not weigh more than one that is expected once.
    floor = 1 if min(n, m) > 1000 else 1e-9
    scores = ((deals - expected) ** 2 / np.maximum(expected, floor)).sum(1)
    for rank in (0.5, 0.9, 0.96):
        deal = deals[np.argsort(scores)[int(rank * 3000)]]
        p_value, method, *_ = _kernel.compare_counts(
            list(zip(deal.tolist(), (pooled - deal).tolist(), strict=True))
        )
        assert method == "permutation"
        # Where there is no evidence, few deals are made.
        assert p_value == pytest.approx(1 - rank, abs=(0.25 if rank > 0.5 else 0.5) * (1 - rank) + 0.012)


def test_nothing_to_compare_is_none():
    assert _kernel.compare_counts([]) is None
    assert _kernel.compare_counts([(0, 4)]) is None
    assert _kernel.compare_numbers(column([1.0]), column([None, None])) is None


def test_one_category_is_no_evidence():
    assert _kernel.compare_counts([(4, 5)])[0] == 1.0


def test_what_moved_has_chance_taken_off():
    same = [(100 + d, 100 - d) for d in (3, -4, 2, -1, 0, 5, -5)]
    moved, low, high = _kernel.compare_counts(same)[5]
    assert moved == low == 0.0
    assert high < 0.1
    moved, low, high = _kernel.compare_counts([(5000, 3000), (3000, 5000), (2000, 2000)])[5]
    assert moved == pytest.approx(0.2, abs=0.01)
    assert 0.18 < low < 0.2 < high < 0.22


@pytest.mark.parametrize(
    ("categories", "truth", "n", "m"), [(50, 0.2, 500, 5000), (50, 0.15, 1000, 10_000), (3, 0.1, 800, 800)]
)
def test_the_interval_of_what_moved_holds_the_truth(categories, truth, n, m):
    """Mass that moves from one half of the categories to the other, all alike."""
    rng = np.random.default_rng(categories)
    shares = np.full(categories, 1 / categories)
    moved = shares.copy()
    moved[: categories // 2] -= truth / (categories // 2)
    moved[-(categories // 2) :] += truth / (categories // 2)
    held, values = 0, []
    for _ in range(150):
        counts = rng.multinomial(n, moved).tolist(), rng.multinomial(m, shares).tolist()
        value, low, high = _kernel.compare_counts(list(zip(*counts, strict=True)))[5]
        held += low <= truth <= high
        values.append(value)
    assert held >= 135
    assert np.mean(values) == pytest.approx(truth, rel=0.15)


def test_values_that_one_sketch_cannot_list_make_no_difference():
    """Texts nearly all of which are different, in samples of unlike sizes."""
    rng = np.random.default_rng(5)
    texts = [f"{x:016x}" for x in rng.integers(0, 2**60, 50_000)]
    for n, m in ((50, 5000), (500, 5000), (200, 20_000), (5000, 500)):
        found = _kernel.compare_items(column(texts[:n]), column(texts[n : n + m]))
        assert found is None or found[0] > 0.01
    zipf = [f"v{x % 5000}" for x in rng.zipf(1.2, 60_000)]
    below = [
        _kernel.compare_items(column(zipf[at : at + 100]), column(zipf[20_000:40_000]))[0]
        for at in range(0, 6000, 100)
    ]
    assert sum(p <= 0.05 for p in below) <= 8


@given(st.lists(st.floats(1e-12, 1.0), min_size=1, max_size=40))
def test_adjusted_p_values_are_scipys(p_values):
    assert benjamini_hochberg(p_values) == pytest.approx(stats.false_discovery_control(p_values), rel=1e-12)


def test_bounded_counts_never_make_a_difference():
    """Beyond the sketch, of the counts that are possible those that differ least are compared."""
    generator = random.Random(3)
    many = [f"v{min(int(generator.expovariate(0.002)), 9000)}" for _ in range(60_000)]
    generator.shuffle(many)
    one, other = column(many[:30_000]), column(many[30_000:])
    assert not one.frequent_items.exact
    p_value, *_ = _kernel.compare_items(one, other)
    assert p_value > 0.01
    pairs = _kernel.item_pairs(one, other)
    assert sum(pair[1] for pair in pairs) <= 30_000
    assert [pair for pair in pairs if pair[0] is None]
