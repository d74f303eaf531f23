"""Beyond what sketches keep, values lie within the error that is stated, and intervals hold the truth."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy import stats

import tidegauge as tg
from tidegauge.drift import measures
from tidegauge.drift.measures.pair import Pair
from tidegauge.drift.measures.shares import OTHERS, Shares, certain, of_items
from tidegauge.errors import MissingMetricError

SIZE = 100_000
RANDOM = np.random.default_rng(23)
DATA = {
    "no change": (RANDOM.normal(size=SIZE), RANDOM.normal(size=SIZE)),
    "shifted": (RANDOM.normal(0.1, 1, size=SIZE), RANDOM.normal(size=SIZE)),
    "long tail": (RANDOM.lognormal(0.05, 1, size=SIZE), RANDOM.lognormal(size=SIZE)),
    "a small side": (RANDOM.normal(0.2, 1, size=700), RANDOM.normal(size=SIZE)),
    "rounded": (RANDOM.normal(0.1, 1, size=SIZE).round(3), RANDOM.normal(size=SIZE).round(3)),
    "integers": (RANDOM.poisson(205, size=SIZE), RANDOM.poisson(200, size=SIZE)),
}
ORDERED = {
    "ks": lambda now, then: stats.ks_2samp(now, then, method="asymp").statistic,
    "wasserstein": stats.wasserstein_distance,
    "energy": stats.energy_distance,
    "cramer_von_mises": lambda now, then: (
        stats.cramervonmises_2samp(now, then, method="asymptotic").statistic
    ),
}
SHARES = [measure for measure in measures.all() if measure.kind == "both"]
by_name = pytest.mark.parametrize("measure", SHARES, ids=lambda measure: measure.name)


def column(values, shards=1) -> tg.ColumnProfile:
    return tg.merge(tg.log({"x": part}) for part in np.array_split(values, shards))["x"]


@pytest.fixture(scope="module", params=[1, 16], ids=["one pass", "16 shards"])
def columns(request):
    return {name: tuple(column(side, request.param) for side in both) for name, both in DATA.items()}


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("name", ORDERED)
def test_ordered_measures_are_within_their_intervals(name, data, columns):
    measure = measures.get(name)
    now, then = columns[data]
    truth, value = ORDERED[name](*DATA[data]), measure.compute(now, then)
    low, high = measure.interval(now, then)
    if data == "integers":  # so few that the frequent items know them all
        assert not then.quantiles.exact
        assert low == value == high == pytest.approx(truth, rel=1e-9)
        return
    assert low <= value <= high
    assert low <= truth <= high
    assert low < high


@pytest.mark.parametrize("data", DATA)
def test_errors_as_they_are_stated(data, columns):
    now, then = columns[data]
    raw = DATA[data]
    error = now.quantiles.rank_error + then.quantiles.rank_error
    assert 0 < error < 0.006
    apart = {name: abs(measures.get(name).compute(now, then) - ORDERED[name](*raw)) for name in ORDERED}
    assert apart["ks"] <= error
    ranges = [
        (side.quantiles.rank_error, float(np.ptp(values)))
        for side, values in zip((now, then), raw, strict=True)
    ]
    assert apart["wasserstein"] <= sum(rank * width for rank, width in ranges)
    assert apart["energy"] <= sum(rank * (2 * width) ** 0.5 for rank, width in ranges)
    if data in {"no change", "shifted", "long tail", "a small side"}:
        size = 1 / (1 / len(raw[0]) + 1 / len(raw[1]))
        ks = ORDERED["ks"](*raw)
        assert apart["cramer_von_mises"] <= size * error * (6 * ks + 5 * error)


@pytest.mark.parametrize("data", ["shifted", "long tail", "rounded", "integers"])
def test_they_are_usually_far_nearer_than_stated(data, columns):
    now, then = columns[data]
    for name in ("ks", "wasserstein", "energy"):
        truth = ORDERED[name](*DATA[data])
        assert measures.get(name).compute(now, then) == pytest.approx(truth, rel=0.12)


def in_the_same_bins(then, raw):
    """Count raw values between the quantiles that the sketch of the reference gives."""
    cuts = sorted({value for value in then.quantile([i / 10 for i in range(1, 10)]) if value < then.max})
    return Shares(
        tuple(map(str, range(len(cuts) + 1))),
        *(
            certain(np.bincount(np.searchsorted(cuts, side, "left"), minlength=len(cuts) + 1).tolist())
            for side in raw
        ),
    )


@by_name
@pytest.mark.parametrize("data", DATA)
def test_binned_measures_are_within_their_intervals(measure, data, columns):
    now, then = columns[data]
    truth = measure.of_shares(in_the_same_bins(then, DATA[data]))
    low, high = measure.interval(now, then)
    assert low <= measure.compute(now, then) <= high
    assert low <= truth <= high
    assert low < high


@by_name
def test_bins_have_the_counts_that_are_stated(measure, columns):
    now, then = columns["shifted"]
    found = Pair(now, then).shares(measure.bins)
    truth = in_the_same_bins(then, DATA["shifted"])
    for side, raw in ((found.current, truth.current), (found.reference, truth.reference)):
        assert sum(side.counts) == side.n == SIZE
        for count, low, high, true in zip(side.counts, side.least, side.most, raw.counts, strict=True):
            assert low <= count <= high
            assert low <= true <= high
            assert high - low <= 4 * 0.003 * SIZE


def zipf(kinds, power, size):
    p = np.arange(1, kinds + 1) ** -float(power)
    return [f"v{value}" for value in RANDOM.choice(kinds, size, p=p / p.sum())]


ITEMS = {
    "no change": (zipf(5000, 1.1, SIZE), zipf(5000, 1.1, SIZE)),
    "steeper": (zipf(5000, 1.3, SIZE), zipf(5000, 1.1, SIZE)),
    "a small side": (zipf(5000, 1.2, 800), zipf(5000, 1.1, SIZE)),
    "one value lost": ([v for v in zipf(5000, 1.1, SIZE) if v != "v3"], zipf(5000, 1.1, SIZE)),
}


def same_cells(found, raw):
    """Count raw values in the cells that were found."""
    sides = []
    for values in raw:
        counted = Counter(values)
        known = [counted[label] for label in found.labels if label != OTHERS]
        sides.append(certain((*known, len(values) - sum(known))))
    return Shares(found.labels, *sides)


@pytest.mark.parametrize("shards", [1, 16])
@pytest.mark.parametrize("data", ITEMS)
def test_counted_values_are_within_the_intervals(data, shards):
    raw = ITEMS[data]
    now, then = (column(side, shards) for side in raw)
    assert not then.frequent_items.exact
    found = of_items(now, then)
    assert found.labels[-1] == OTHERS
    truth = same_cells(found, raw)
    for side, true in ((found.current, truth.current), (found.reference, truth.reference)):
        assert sum(side.counts) == pytest.approx(side.n, abs=len(side.counts))
        bounds = zip(side.least, side.counts, side.most, true.counts, strict=True)
        assert all(low <= count <= high and low <= exact <= high for low, count, high, exact in bounds)
    for measure in SHARES:
        low, high = measure.interval(now, then)
        value = measure.compute(now, then)
        assert low <= value <= high, measure.name
        assert low < high, measure.name
        if measure.name in {"psi", "kullback_leibler"}:
            continue  # whether counts are smoothed depends on what may be empty: tested in bins
        assert low <= measure.of_shares(truth) <= high, measure.name


def test_what_sketches_lose_makes_no_change():
    """The same 1,500 values, evenly: shares are unknown but for their bounds, and these overlap."""
    values = [f"v{i % 1500}" for i in range(SIZE)] + ["often"] * 20_000
    now, then = column(values), column(np.random.default_rng(41).permutation(values))
    assert not now.frequent_items.exact
    assert measures.get("total_variation").compute(now, then) < 0.005


def test_a_lost_value_is_seen_in_large_data():
    now, then = (column(side) for side in ITEMS["one value lost"])
    share = Counter(ITEMS["one value lost"][1])["v3"] / SIZE
    assert measures.get("l_infinity").compute(now, then) == pytest.approx(share, abs=0.005)


def test_no_known_share_is_an_error_and_no_zero():
    now, then = column([f"a{i}" for i in range(SIZE)]), column([f"b{i}" for i in range(SIZE)])
    for measure in SHARES:
        assert not measure.applies(now, then)
        with pytest.raises(MissingMetricError, match="know the share of none of them; compare its lengths"):
            measure.compute(now, then)


def test_smoothed_measures_hold_their_intervals_when_a_cell_may_be_empty(columns):
    _, then = columns["shifted"]
    tail = column(DATA["shifted"][0] + 6.0)
    for name in ("psi", "kullback_leibler"):
        measure = measures.get(name)
        low, high = measure.interval(tail, then)
        assert low <= measure.compute(tail, then) <= high
        raw = in_the_same_bins(then, (DATA["shifted"][0] + 6.0, DATA["shifted"][1]))
        assert low <= measure.of_shares(raw) <= high


def test_a_shift_of_twice_the_rank_error_is_seen(columns):
    now, then = columns["shifted"]
    low, _ = measures.get("ks").interval(now, then)
    assert low > 0.02


@pytest.mark.parametrize(("size", "small"), [(400_000, 300), (200_000, 2_000)])
def test_weights_of_sketches_are_no_ties(size, small):
    """A sketch keeps one value for many; taken for ties these would make T many times what it is."""
    random = np.random.default_rng(31)
    now, then = random.normal(size=small), random.normal(size=size)
    truth = stats.cramervonmises_2samp(now, then, method="asymptotic").statistic
    assert truth < 0.5
    for one, other in ((now, then), (then, now)):
        measure = measures.get("cramer_von_mises")
        assert measure.compute(column(one), column(other)) == pytest.approx(truth, abs=0.1)
        low, high = measure.interval(column(one), column(other))
        assert low <= truth <= high


def test_real_ties_count_as_in_scipy():
    random = np.random.default_rng(37)
    now, then = random.integers(0, 40, 300), random.integers(0, 40, 200_000)
    truth = stats.cramervonmises_2samp(now, then, method="asymptotic").statistic
    assert truth > 100
    measure = measures.get("cramer_von_mises")
    columns = column(now), column(then)
    assert measure.compute(*columns) == pytest.approx(truth, rel=1e-9)
    assert measure.interval(*columns) == pytest.approx((truth, truth), rel=1e-9)
    # Durations have no frequent items: their ties are known as far as the sketch knows them.
    spans = [column(side.astype("timedelta64[s]")) for side in (now, then)]
    assert measure.compute(*spans) == pytest.approx(truth, rel=0.05)
    low, high = measure.interval(*spans)
    assert low <= truth <= high
    assert low < high


def test_one_side_may_be_exact():
    """The reference has few values and many records; the current column has many values."""
    random = np.random.default_rng(43)
    now, then = random.normal(20, 9, size=50_000), random.integers(0, 40, 100_000)
    columns = column(now), column(then)
    for name, expected in ORDERED.items():
        low, high = measures.get(name).interval(*columns)
        truth = expected(now, then)
        assert low <= truth <= high
        assert measures.get(name).compute(*columns) == pytest.approx(truth, rel=0.02)
    ks, (low, high) = (getattr(measures.get("ks"), what)(*columns) for what in ("compute", "interval"))
    assert high - low == pytest.approx(2 * columns[0].quantiles.rank_error)
    assert low < ks < high
