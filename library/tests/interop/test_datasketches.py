"""Our sketches in the `datasketches` package, and its sketches in ours."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

import tidegauge as tg
from tidegauge.errors import FormatError

ds = pytest.importorskip("datasketches")
pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

SIZES = [1, 2, 700, 1024, 1025, 30_000, 900_000]
RANKS = [0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999]


def doubles(size):
    return np.random.default_rng(size).lognormal(2, 1, size)


def words(size):
    random_ = random.Random(size)
    return [f"wörd {int(random_.paretovariate(0.7)) % 50_000}" for _ in range(size)]


def rows(profile, path):
    """The rows of a profile's file, by column, as anybody reads them."""
    profile.write(path)
    return {row["column"]: row for row in pq.read_table(path).to_pylist()}


def check_kll(theirs, ours):
    assert theirs.n == ours.n
    assert theirs.k == 1024
    assert [theirs.get_min_value(), theirs.get_max_value()] == ours.quantile([0.0, 1.0])
    assert [theirs.get_quantile(rank, inclusive=True) for rank in RANKS] == ours.quantile(RANKS)
    points = ours.quantile(RANKS)
    assert [theirs.get_rank(point, inclusive=True) for point in points] == pytest.approx(ours.cdf(points))
    assert theirs.is_estimation_mode() is not ours.exact
    if not ours.exact:
        assert theirs.normalized_rank_error(as_pmf=False) <= ours.rank_error * (1 + 1e-9)


@pytest.mark.parametrize("size", SIZES)
def test_their_kll_opens_ours(size, tmp_path):
    profile = tg.log({"x": doubles(size)})
    theirs = ds.kll_doubles_sketch.deserialize(rows(profile, tmp_path / "p.parquet")["x"]["quantiles"])
    check_kll(theirs, profile["x"].quantiles)
    assert (
        profile["x"]._column.values.quantiles_bytes()
        == pq.read_table(tmp_path / "p.parquet")["quantiles"][0].as_py()
    )


def test_their_kll_goes_on_with_ours():
    values = doubles(60_000)
    profile = tg.log({"x": values[:40_000]})
    theirs = ds.kll_doubles_sketch.deserialize(profile["x"]._column.values.quantiles_bytes())
    other = ds.kll_doubles_sketch(1024)
    other.update(values[50_000:])
    for value in values[40_000:50_000]:
        theirs.update(value)
    theirs.merge(other)
    assert theirs.n == 60_000
    median = theirs.get_quantile(0.5)
    assert abs(np.mean(values <= median) - 0.5) < 0.00272


@pytest.mark.parametrize("size", SIZES)
def test_their_hll_opens_ours(size, tmp_path):
    profile = tg.log(
        {"i": np.arange(size), "t": [f"é{number}" for number in range(size)], "f": doubles(size)}
    )
    for row in rows(profile, tmp_path / "p.parquet").values():
        theirs = ds.hll_sketch.deserialize(row["cardinality"])
        assert theirs.lg_config_k == 12
        twins = [ds.hll_sketch(12, ds.tgt_hll_type.HLL_8) for _ in range(2)]
        values = {
            "i": range(size),
            "t": [f"é{number}" for number in range(size)],
            "f": doubles(size).tolist(),
        }
        for value in values[row["column"]]:
            for twin in twins:
                twin.update(value)
        # A sketch that was merged estimates as ours do: without regard to the order of values.
        union = ds.hll_union(12)
        for twin in twins:
            union.update(twin)
        assert theirs.get_estimate() == pytest.approx(union.get_estimate())
        column = profile[row["column"]]
        if column.cardinality.exact:
            assert column.cardinality.estimate == size
        else:
            assert column.cardinality.estimate == pytest.approx(theirs.get_estimate())
            assert column.cardinality._sketch.interval(2) == pytest.approx(
                (theirs.get_lower_bound(2), theirs.get_upper_bound(2))
            )


def test_one_union_of_theirs_takes_many_profiles_of_ours():
    parts = [tg.log({"x": np.arange(start, start + 5_000)}) for start in range(0, 20_000, 2_500)]
    union = ds.hll_union(12)
    for part in parts:
        union.update(ds.hll_sketch.deserialize(part["x"].cardinality.to_bytes()))
    assert union.get_estimate() == pytest.approx(tg.merge(parts)["x"].cardinality.estimate)


@pytest.mark.parametrize("size", SIZES[:-1])
def test_their_frequent_items_open_ours(size, tmp_path):
    values = words(size)
    profile = tg.log({"x": values})
    theirs = ds.frequent_strings_sketch.deserialize(
        rows(profile, tmp_path / "p.parquet")["x"]["frequent_items"]
    )
    ours = profile["x"].frequent_items
    assert theirs.total_weight == ours.total == size
    assert theirs.num_active_items == len(ours)
    for item in ours.top(1000):
        assert theirs.get_lower_bound(item.value) == item.lower
        assert theirs.get_upper_bound(item.value) == item.upper
    for value, count in Counter(values).items():
        assert theirs.get_lower_bound(value) <= count <= theirs.get_upper_bound(value)


def test_empty_sketches_open():
    column = tg.log({"x": np.array([], dtype=float), "t": pa.array([], pa.string())})
    assert ds.kll_doubles_sketch.deserialize(column["x"]._column.values.quantiles_bytes()).is_empty()
    assert ds.hll_sketch.deserialize(column["x"].cardinality.to_bytes()).is_empty()
    assert ds.frequent_strings_sketch.deserialize(column["t"].frequent_items.to_bytes()).is_empty()
    nothing_is_frequent = tg.log({"t": [f"v{number}" for number in range(100_000)]})["t"].frequent_items
    assert ds.frequent_strings_sketch.deserialize(nothing_is_frequent.to_bytes()).get_upper_bound("v1") >= 1


def replaced(profile, path, name, field, value):
    """The table of a profile's file with one cell replaced."""
    profile.write(path)
    table = pq.read_table(path)
    cells = [
        value if column == name else cell
        for column, cell in zip(table["column"].to_pylist(), table[field].to_pylist(), strict=True)
    ]
    at = table.schema.get_field_index(field)
    return table.set_column(at, table.schema.field(field), pa.array(cells, table.schema.field(field).type))


@pytest.mark.parametrize("size", SIZES)
def test_our_reader_opens_their_kll(size, tmp_path, rewritten):
    values = doubles(size)
    theirs = ds.kll_doubles_sketch(1024)
    theirs.update(values)
    table = replaced(tg.log({"x": values}), tmp_path / "p.parquet", "x", "quantiles", theirs.serialize())
    check_kll(theirs, tg.read(rewritten(table))["x"].quantiles)


@pytest.mark.parametrize("kind", ["HLL_4", "HLL_6", "HLL_8"])
@pytest.mark.parametrize("lg_k", [12, 14])
def test_our_reader_opens_their_hll(lg_k, kind, tmp_path, rewritten):
    for size in (2_000, 50_000):
        theirs = ds.hll_sketch(lg_k, getattr(ds.tgt_hll_type, kind))
        for number in range(size):
            theirs.update(number)
        profile = tg.log({"x": np.arange(size)})
        for data in (theirs.serialize_compact(), theirs.serialize_updatable()):
            table = replaced(profile, tmp_path / "p.parquet", "x", "cardinality", data)
            found = tg.read(rewritten(table))["x"].cardinality.estimate
            assert found == pytest.approx(profile["x"].cardinality.estimate)


@pytest.mark.parametrize("size", [1, 5, 300])
def test_our_reader_opens_their_small_hll(size, tmp_path, rewritten):
    for form in ("serialize_compact", "serialize_updatable"):
        theirs = ds.hll_sketch(12, ds.tgt_hll_type.HLL_4)
        for number in range(size):
            theirs.update(number)
        # Enough records that the distinct count is not known from frequent items.
        table = replaced(
            tg.log({"x": np.arange(5_000)}),
            tmp_path / "p.parquet",
            "x",
            "cardinality",
            getattr(theirs, form)(),
        )
        assert tg.read(rewritten(table))["x"].cardinality.estimate == pytest.approx(size, abs=0.5)


@pytest.mark.parametrize("lg_map", [10, 12])
@pytest.mark.parametrize("size", [1, 700, 30_000])
def test_our_reader_opens_their_frequent_items(size, lg_map, tmp_path, rewritten):
    values = words(size)
    theirs = ds.frequent_strings_sketch(lg_map)
    for value in values:
        theirs.update(value)
    table = replaced(tg.log({"x": values}), tmp_path / "p.parquet", "x", "frequent_items", theirs.serialize())
    ours = tg.read(rewritten(table))["x"].frequent_items
    counts = Counter(values)
    assert ours.total == size
    for item in ours.top(1000):
        assert item.lower <= counts[item.value] <= item.upper
        if lg_map == 10:
            assert (item.lower, item.upper) == (
                theirs.get_lower_bound(item.value),
                theirs.get_upper_bound(item.value),
            )


def test_a_sketch_of_another_k_is_refused_with_the_row_and_the_field(tmp_path, rewritten):
    theirs = ds.kll_doubles_sketch(200)
    theirs.update(doubles(500))
    table = replaced(
        tg.log({"y": [1] * 500, "x": doubles(500)}),
        tmp_path / "p.parquet",
        "x",
        "quantiles",
        theirs.serialize(),
    )
    with pytest.raises(FormatError, match=r"row 1, column \"x\", field quantiles: .*k = 200"):
        tg.read(rewritten(table))


def test_a_small_sketch_has_the_very_bytes_of_theirs():
    theirs = ds.kll_doubles_sketch(1024)
    theirs.update(7.5)
    ours, their = tg.log({"x": [7.5]})["x"]._column.values.quantiles_bytes(), theirs.serialize()
    # But for the flag that says level 0 is sorted, which one value always is.
    assert (ours[:3], ours[3] & ~2, ours[4:]) == (their[:3], their[3] & ~2, their[4:])
    for size in (0, 1, 5, 7):
        sketch = ds.hll_sketch(12, ds.tgt_hll_type.HLL_8)
        for number in range(size):
            sketch.update(number)
        ours, their = tg.log({"x": np.arange(size)})["x"].cardinality.to_bytes(), sketch.serialize_compact()
        assert ours[:8] == their[:8]
        assert sorted(ours[8:]) == sorted(their[8:])


def test_a_file_rewritten_without_its_checksum_is_refused(tmp_path):
    tg.log({"x": [1.0]}).write(tmp_path / "p.parquet")
    pq.write_table(pq.read_table(tmp_path / "p.parquet"), tmp_path / "q.parquet")
    with pytest.raises(FormatError):
        tg.read(tmp_path / "q.parquet")
