"""What every sampler does, whatever it keeps."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError, FormatError, MergeError
from tidegauge.samplers import (
    Failing,
    Outliers,
    Rare,
    Reservoir,
    Sampler,
    Samples,
    Sampling,
    Stratified,
    Weighted,
    sample,
)
from tidegauge.samplers.sampler import KINDS, sampler_of

ROWS = 3_000
DATA = {
    "n": list(range(ROWS)),
    "fare": [(7 * n) % 100 + 0.5 for n in range(ROWS)],
    "city": [f"typo {n}" if n % 600 == 11 else ("Oslo", "Rome", None)[n % 3] for n in range(ROWS)],
}
SAMPLERS = [
    Reservoir(50),
    Stratified("city", 9, 20),
    Weighted("fare", 50),
    Outliers("n", 50),
    Rare("city", 50),
    Failing("fare > 20", 50),
]
EVERY = pytest.mark.parametrize("sampler", SAMPLERS, ids=lambda sampler: sampler.kind)


def test_every_kind_is_here():
    assert {sampler.kind for sampler in SAMPLERS} == set(KINDS)


@EVERY
def test_values_equal_their_settings(sampler):
    assert sampler_of(sampler.to_json()) == sampler
    assert pickle.loads(pickle.dumps(sampler)) == sampler  # noqa: S301 - our own
    assert eval(repr(sampler)) == sampler  # noqa: S307 - its own words
    assert hash(sampler) == hash(copy.copy(sampler))


@EVERY
@pytest.mark.parametrize("size", [0, -1, 1.5, True, "3", None, 10**9])
def test_sizes_that_make_no_sense(sampler, size):
    with pytest.raises(ArgumentError, match="size="):
        Sampling({"one": type(sampler).from_settings({**sampler.settings(), "size": size})})


@EVERY
def test_kept_records_are_those_of_the_data(sampler):
    samples = sample(DATA, sampler, seed=3)
    assert samples.sampler == sampler
    assert samples.seen == ROWS
    assert 0 < len(samples) <= ROWS
    assert list(samples.places) == sorted(set(samples.places))
    expected = [{name: values[place] for name, values in DATA.items()} for place in samples.places]
    assert samples.rows() == expected


@EVERY
def test_a_seed_decides(sampler):
    one, again = (sample(DATA, sampler, seed=3) for _ in range(2))
    assert one == again
    assert hash(one) == hash(again)
    if sampler.kind not in {"outliers", "rare"}:
        assert sample(DATA, sampler).places != sample(DATA, sampler).places


@EVERY
def test_bytes_and_pickles(sampler, tmp_path):
    samples = sample(DATA, sampler, seed=3)
    path = tmp_path / "kept.parquet"
    samples.write(path)
    pickled = pickle.loads(pickle.dumps(samples))  # noqa: S301 - our own
    for back in (Samples.from_bytes(samples.to_bytes()), pickled, Samples.read(path)):
        assert back == samples
        assert back.rows() == samples.rows()
        assert back.weights == samples.weights
        assert back.strata == samples.strata


@EVERY
def test_any_reader_reads_the_file(sampler, tmp_path):
    import duckdb

    samples = sample(DATA, sampler, seed=3)
    path = tmp_path / "kept.parquet"
    samples.write(path)
    table = pq.read_table(path)
    table = table.filter(pa.compute.invert(pa.compute.struct_field(table["_sample"], "spare")))
    assert table.drop_columns(["_sample"]).to_pylist() == samples.rows()
    weights = pa.compute.struct_field(table["_sample"], "weight").to_pylist()
    assert weights == (list(samples.weights) if samples.weights else [None] * len(samples))
    [(count, weight)] = duckdb.sql(
        f"select count(*), sum(_sample.weight) from '{path}' where not _sample.spare"
    ).fetchall()
    assert count == len(samples)
    assert weight is None or weight == pytest.approx(sum(samples.weights))


@EVERY
def test_a_row_more_or_less_of_nothing(sampler):
    none = sample({name: values[:0] for name, values in DATA.items()}, sampler)
    assert (len(none), none.seen, none.rows()) == (0, 0, [])
    assert Samples.from_bytes(none.to_bytes()) == none
    assert "0 of 0" in repr(none)


@EVERY
def test_parts_merge(sampler):
    cut = ROWS // 3
    parts = [
        sample({name: values[:cut] for name, values in DATA.items()}, sampler),
        sample({name: values[cut:] for name, values in DATA.items()}, sampler),
    ]
    merged = parts[0].merge(parts[1])
    whole = sample(DATA, sampler)
    assert (merged.seen, merged.eligible) == (ROWS, whole.eligible)
    assert merged.rows() == [
        {name: values[place] for name, values in DATA.items()} for place in merged.places
    ]
    assert len(merged) == len(whole)
    assert [stratum.seen for stratum in merged.strata] == [stratum.seen for stratum in whole.strata]
    if whole.weights is not None:
        assert sum(merged.weights) == pytest.approx(sum(whole.weights))
    assert parts[0].merge() == parts[0]


@EVERY
def test_a_sample_does_not_merge_with_itself(sampler):
    samples = sample(DATA, sampler)
    with pytest.raises(MergeError, match="same random numbers"):
        samples.merge(samples)
    with pytest.raises(MergeError, match="different samplers"):
        samples.merge(sample(DATA, Reservoir(51)))
    with pytest.raises(MergeError, match="not with dict"):
        samples.merge({})


@EVERY
def test_estimates_add_up_to_all(sampler):
    samples = sample(DATA, sampler)
    if samples.weights is None:
        with pytest.raises(ArgumentError, match="not chosen by chance"):
            samples.estimate()
        return
    everything = samples.estimate()
    truth = sum(DATA["fare"]) if sampler.kind == "weighted" else samples.eligible
    assert everything.value == pytest.approx(truth)
    part, rest = samples.estimate("n < 1000"), samples.estimate(tg.col("n") >= 1000)
    assert part.value + rest.value == pytest.approx(truth)
    assert part.standard_error > 0
    with pytest.raises(ArgumentError, match='no column "m"'):
        samples.estimate("m < 3")
    with pytest.raises(ArgumentError, match="compare it"):
        samples.estimate("n + 1")
    with pytest.raises(ArgumentError, match="n is true or false of no record: "):
        samples.estimate("n")


@EVERY
def test_threads_lose_nothing(sampler):
    parts = [{name: values[start::8] for name, values in DATA.items()} for start in range(8)]
    sampling = Sampling({"one": sampler})
    profiler = tg.Profiler(samplers=sampling)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(profiler.log, parts))
    assert sampling.seen == profiler.records == ROWS
    samples = sampling["one"]
    assert len(samples) == len(sample(DATA, sampler))
    assert all(row["fare"] == DATA["fare"][row["n"]] for row in samples.rows())


@EVERY
def test_files_that_are_none(sampler, tmp_path):
    data = sample(DATA, sampler).to_bytes()
    path = tmp_path / "bad.parquet"
    for broken in (b"", b"PAR1", data[:-30], data[:40] + data[80:]):
        path.write_bytes(broken)
        with pytest.raises(FormatError, match=r"bad\.parquet"):
            Samples.read(path)
    path.write_bytes(data)
    with pytest.raises(FormatError, match=r"holds records that were sampled; read it with .*Samples\.read"):
        tg.read(path)
    tg.log(DATA).write(path)
    with pytest.raises(FormatError, match=r"not written by Samples\.write"):
        Samples.read(path)


def test_a_sampler_is_no_record_keeper():
    assert all(isinstance(sampler, Sampler) for sampler in SAMPLERS)
    with pytest.raises(TypeError):
        Sampler()


def test_an_estimate_of_nothing_is_zero_without_a_sign():
    samples = tg.samplers.sample({"n": [1, 2]}, tg.samplers.Reservoir(5))
    assert repr(samples.estimate("n > 5").value) == "0.0"
