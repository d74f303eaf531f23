"""Metrics of users' own: logged, windowed, merged, written, read."""

from __future__ import annotations

import logging
import math
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

import tidegauge as tg
from library.tests.own_metrics import Broken, Entropy, FirstDigits
from tidegauge import _kernel
from tidegauge.metrics import known

CITIES = ["Oslo", "Rome", None, "Oslo", "Lima", "Oslo", "Rome", "Oslo"]
FARES = [12.5, 7.0, None, 130.0, 1.5, -9.0, float("nan"), 0.0]
WANTED = {"city": [Entropy()], "fare": [FirstDigits()]}
COUNTS = [3, 0, 0, 0, 0, 0, 1, 0, 1]


def data():
    return {"city": CITIES, "fare": FARES}


def records():
    return [dict(zip(data(), row, strict=True)) for row in zip(*data().values(), strict=True)]


def check(profile, times=1):
    assert profile["city"].metric("acme.entropy") == {"bits": 1.3787834934861753, "values": 7 * times}
    assert profile["fare"].metric("acme.finance.first_digits")["counts"] == [
        times * count for count in COUNTS
    ]
    assert not profile["city"].metric_errors
    for column in (profile["city"], profile["fare"]):
        (kept,) = column.custom_metrics.values()
        assert (kept.records, kept.errors, len(kept.parts)) == (column.records, 0, 1)


@pytest.mark.parametrize("kind", ["columns", "pandas", "polars", "arrow", "numpy", "records", "iterator"])
def test_every_kind_of_data_is_shown_to_metrics(kind):
    if kind == "pandas":
        given = pytest.importorskip("pandas").DataFrame(data()).astype({"city": "category"})
    elif kind == "polars":
        given = pytest.importorskip("polars").DataFrame(data())
    elif kind == "arrow":
        given = pa.table({"city": pa.array(CITIES).dictionary_encode(), "fare": FARES})
    elif kind == "numpy":
        numpy = pytest.importorskip("numpy")
        given = {"city": numpy.array(CITIES, dtype=object), "fare": pa.array(FARES)}
    else:
        given = {"columns": data(), "records": records(), "iterator": iter(records())}[kind]
    check(tg.log(given, metrics=WANTED))


@pytest.mark.parametrize("suffix", ["parquet", "csv", "ndjson", "arrow"])
def test_files_are_shown_to_metrics(tmp_path, suffix):
    path = str(tmp_path / f"trips.{suffix}")
    table = pa.table(
        {"city": CITIES, "fare": [None if fare is None or math.isnan(fare) else fare for fare in FARES]}
    )
    if suffix == "parquet":
        pa.parquet.write_table(table, path, row_group_size=3)
    elif suffix == "csv":
        pa.csv.write_csv(table, path)
    elif suffix == "arrow":
        with pa.ipc.new_file(path, table.schema) as file:
            file.write_table(table, 3)
    else:
        pytest.importorskip("polars").from_arrow(table).write_ndjson(path)
    check(tg.log(path, metrics=WANTED))


def test_many_rows_are_shown_in_few_batches():
    class Counting(FirstDigits):
        name = "acme.counting"
        batches = 0

        def update(self, state, column):
            Counting.batches += 1
            return super().update(state, column)

    numbers = [float(number) for number in range(1, 300_000)]
    profile = tg.log(pa.table({"x": numbers}), metrics=[Counting()])
    assert sum(profile["x"].metric("acme.counting")["counts"]) == len(numbers)
    assert Counting.batches <= 4

    Counting.batches = 0
    profile = tg.log([{"x": number} for number in numbers[:20_000]], metrics=[Counting()])
    assert sum(profile["x"].metric("acme.counting")["counts"]) == 20_000
    assert Counting.batches <= 6


def test_a_list_is_for_all_columns_that_fit():
    profile = tg.log({**data(), "none": [None] * 8, "flag": [True] * 8}, metrics=[Entropy(), FirstDigits()])
    kept = {column.name: list(column.custom_metrics) for column in profile}
    assert kept == {
        "city": ["acme.entropy"],
        "fare": ["acme.finance.first_digits"],
        "none": [],
        "flag": ["acme.entropy"],
    }
    assert profile["city"].metrics[-1] == "acme.entropy"


def test_nulls_that_come_before_the_first_value_count():
    profiler = tg.Profiler(metrics=[Entropy()])
    profiler.log({"city": [None, None]})
    assert not profiler.profile()["city"].custom_metrics
    profiler.log({"city": ["Oslo"]})
    assert profiler.profile()["city"].custom_metrics["acme.entropy"].records == 3


def test_values_of_other_types_are_passed_over():
    profile = tg.log([{"x": "Oslo"}, {"x": 7}, {"x": None}], metrics={"x": [FirstDigits()]})
    kept = profile["x"].custom_metrics["acme.finance.first_digits"]
    assert kept.summary()["counts"] == [0, 0, 0, 0, 0, 0, 1, 0, 0]
    assert kept.records < profile["x"].records
    assert not kept.errors


@pytest.mark.parametrize(
    "values",
    [
        [1, None, 2],
        [1 << 70, 2, None],
        [True, False, None],
        ["a", None],
        [b"a", None],
        [Decimal("1.50"), Decimal(2)],
        [date(2013, 2, 8), None],
        [datetime(2013, 2, 8, 12), None],
        [time(12, 30)],
        [timedelta(hours=1)],
    ],
)
def test_records_come_as_arrays_of_their_own_types(values):
    seen = []

    class Seen(FirstDigits):
        name, types = "acme.seen", None

        def update(self, state, column):
            seen.extend(column.to_pylist())
            return state

    tg.log([{"x": value} for value in values], metrics=[Seen()])
    assert len(seen) == len(values)
    assert all(value in values for value in seen)


def test_arrays_go_to_any_library():
    pandas, polars, numpy = map(pytest.importorskip, ["pandas", "polars", "numpy"])
    found = {}

    class Libraries(FirstDigits):
        name = "acme.libraries"

        def update(self, state, column):
            found["pyarrow"] = pa.array(column).to_pylist()
            found["polars"] = polars.Series(column).to_list()
            found["numpy"] = numpy.asarray(column)
            found["pandas"] = pandas.Series(numpy.asarray(column, dtype="float64"))
            found["told"] = (len(column), column.null_count, column.type)
            return state

    tg.log({"x": pa.array([1.5, None, 2.5])}, metrics=[Libraries()])
    assert found["pyarrow"] == found["polars"] == [1.5, None, 2.5]
    assert found["numpy"].dtype == "float64"
    assert numpy.isnan(found["numpy"]).tolist() == [False, True, False]
    assert found["pandas"].sum() == 4.0
    assert found["told"] == (3, 1, "Float64")
    texts = _kernel.KernelArray(pa.array(["a", None, "a"]).dictionary_encode())
    assert texts.type == "LargeUtf8"
    assert numpy.asarray(texts).tolist() == ["a", None, "a"]
    assert numpy.asarray(_kernel.KernelArray([1, 2])).dtype == "int64"
    assert texts.slice(1, 99).to_pylist() == [None, "a"]


def test_each_window_has_its_own():
    days = ["2013-02-07T10:00", "2013-02-08T11:00"] * 4
    profiles = tg.log({**data(), "day": days}, timestamp="day", window="1d", metrics=WANTED)
    first, second = (profile["city"].metric("acme.entropy") for profile in profiles)
    assert (first["values"], second["values"]) == (3, 4)
    check(profiles.merge())


def test_merging_makes_one_state_and_files_keep_it():
    profile = tg.log(data(), metrics=WANTED)
    merged = tg.merge(*[profile] * 20)
    check(merged, 20)
    read = tg.Profile.from_bytes(merged.to_bytes())
    assert read == merged
    check(read, 20)
    assert len(merged.to_bytes()) < 1.1 * len(profile.to_bytes())


def unknown(monkeypatch):
    monkeypatch.setattr(known, "_known", {})


def test_an_unknown_metric_survives_reading_merging_and_writing(monkeypatch):
    parts = [tg.log(part, metrics=WANTED) for part in (data(), {"city": ["Oslo"], "fare": [3.0]}, data())]
    expected = tg.merge(*parts)["city"].metric("acme.entropy")
    files = [part.to_bytes() for part in parts]
    unknown(monkeypatch)
    a, b, c = map(tg.Profile.from_bytes, files)
    merged = a.merge(b).merge(c)
    for other in (b.merge(c.merge(a)), tg.merge(c, a, b)):
        for name in ("city", "fare"):
            mine, theirs = merged[name].custom_metrics, other[name].custom_metrics
            assert [each.parts for each in mine.values()] == [each.parts for each in theirs.values()]
    merged = tg.Profile.from_bytes(merged.to_bytes())
    kept = merged["city"].custom_metrics["acme.entropy"]
    assert (kept.known, len(kept.parts), kept.records) == (False, 3, 17)
    with pytest.raises(tg.errors.MissingMetricError, match="install the package"):
        merged["city"].metric("acme.entropy")
    assert merged["city"].metric(Entropy()) == expected
    # Whoever knows it again makes one state of them.
    tg.register_metric(Entropy())
    assert merged["city"].metric("acme.entropy") == expected
    assert len(merged.merge(a)["city"].custom_metrics["acme.entropy"].parts) == 1


def test_parts_of_which_some_lack_the_metric_merge_to_what_was_seen():
    merged = tg.merge(tg.log(data(), metrics=WANTED), tg.log(data()))
    kept = merged["city"].custom_metrics["acme.entropy"]
    assert (kept.records, merged["city"].records) == (8, 16)
    assert kept.summary()["values"] == 7


@pytest.mark.parametrize("method", ["zero", "update", "to_bytes"])
def test_a_metric_that_raises_costs_the_column_nothing_else(method, caplog):
    profile = tg.log(data(), metrics=[Broken(method), FirstDigits()])
    assert profile["fare"].metric("acme.finance.first_digits")["counts"] == COUNTS
    assert profile["fare"].mean == tg.log(data())["fare"].mean or math.isnan(profile["fare"].mean)
    kept = profile["fare"].custom_metrics["acme.broken"]
    assert (kept.records, kept.reason) == (0, "ValueError")
    assert profile["fare"].metric_errors == {"acme.broken": kept.errors}
    assert kept.errors >= 1
    with pytest.raises(tg.errors.MissingMetricError, match="failed"):
        profile["fare"].metric("acme.broken")
    # The exception is told once, where the data is; its text is not in the profile.
    assert "secret 4711" in caplog.text
    assert len(caplog.records) == 1
    assert b"4711" not in profile.to_bytes()
    assert tg.Profile.from_bytes(profile.to_bytes())["fare"].metric_errors == profile["fare"].metric_errors


def test_a_batch_that_fails_is_left_out_and_counted(caplog):
    profiler = tg.Profiler(metrics={"x": [Broken("update", only_batch=2)]})
    for number in (1, 2, 3):
        profiler.log(pa.table({"x": [number, number]}))
    kept = profiler.profile()["x"].custom_metrics["acme.broken"]
    assert kept.summary()["counts"] == [2, 0, 2, 0, 0, 0, 0, 0, 0]
    assert (kept.records, kept.errors) == (4, 1)
    assert profiler.profile()["x"].records == 6
    assert "counted in the profile" in caplog.text
    merged = profiler.profile().merge(profiler.profile())
    assert merged["x"].metric_errors == {"acme.broken": 2}


def test_a_state_that_cannot_be_read_is_kept_as_it_is(caplog):
    profile = tg.log(data(), metrics={"fare": [FirstDigits()]})
    tg.register_metric(Broken("from_bytes"))
    odd = tg.log(data(), metrics={"fare": [Broken("from_bytes")]})
    merged = odd.merge(odd)
    assert len(merged["fare"].custom_metrics["acme.broken"].parts) == 2
    assert "kept apart" in caplog.text
    with pytest.raises(ValueError, match="4711"):
        merged["fare"].metric("acme.broken")
    check_counts = profile.merge(profile)["fare"].metric("acme.finance.first_digits")["counts"]
    assert check_counts == [2 * count for count in COUNTS]


@pytest.mark.parametrize("method", ["from_bytes", "summary"])
def test_what_a_metric_cannot_tell_stops_nothing_else_from_being_told(method):
    profile = tg.log(data(), metrics={"fare": [Broken(method)]})
    told = profile.to_dict()["columns"]["fare"]
    assert told["custom"]["acme.broken"]["summary"] is None
    assert told["custom"]["acme.broken"]["records"] == told["counts"]["records"]
    assert "acme.broken" in repr(profile["fare"])
    with pytest.raises(ValueError, match="4711"):
        profile["fare"].metric("acme.broken")


def test_a_metric_that_wants_to_end_the_program_cannot_by_merging(caplog):
    class Ending(FirstDigits):
        name = "acme.ending"

        def merge(self, a, b):
            sys.exit(3)

    profile = tg.log(data(), metrics={"fare": [Ending()]})
    merged = tg.merge(profile, profile)
    assert len(merged["fare"].custom_metrics["acme.ending"].parts) == 2
    assert "kept apart" in caplog.text


def test_versions():
    old = FirstDigits()
    old.version = 1
    old.to_bytes = lambda state: FirstDigits().to_bytes(state)[:64]
    before = tg.log({"fare": [1.0, 9.0]}, metrics={"fare": [old]})
    after = tg.log({"fare": [9.0]}, metrics={"fare": [FirstDigits()]})
    merged = before.merge(after)
    assert merged["fare"].metric("acme.finance.first_digits")["counts"] == [1, 0, 0, 0, 0, 0, 0, 0, 1]
    with pytest.raises(tg.errors.MissingMetricError, match="version 2 of the metric; this is version 1"):
        after["fare"].metric(old)
    tg.register_metric(FirstDigits())


def test_equality_and_pickles_regard_metrics():
    import pickle

    with_metric, without = tg.log(data(), metrics=WANTED), tg.log(data())
    assert with_metric != without
    assert pickle.loads(pickle.dumps(with_metric)) == with_metric  # noqa: S301
    assert with_metric.to_dict()["columns"]["city"]["custom"]["acme.entropy"]["summary"]["values"] == 7
    assert "custom" not in without.to_dict()["columns"]["city"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("entropy", "takes metrics"),
        ([Entropy], "is a class"),
        ([object()], "no name, version, types, zero"),
        ({1: [Entropy()]}, "as text"),
        ({"city": 7}, "not int"),
        ([Entropy(), Entropy()], "two metrics called"),
        ([type("Named", (Entropy,), {"name": "entropy"})()], "with a dot"),
        ([type("Versioned", (Entropy,), {"version": 0})()], "from 1"),
        ([type("Typed", (Entropy,), {"types": ("text",)})()], "'text' is no type"),
        ([type("Typed", (Entropy,), {"types": "string"})()], "several names"),
    ],
)
def test_what_is_no_metric_is_refused(given, message):
    with pytest.raises(tg.errors.ArgumentError, match=message):
        tg.log(data(), metrics=given)


def test_a_metric_that_is_not_kept():
    with pytest.raises(tg.errors.MissingMetricError, match=r"did you mean 'acme\.entropy'"):
        tg.log(data(), metrics=WANTED)["city"].metric("acme.entropie")


def test_packages_bring_metrics_by_entry_points(tmp_path):
    """A real distribution, as pip would leave it, in a folder of its own and a process of its own."""
    (tmp_path / "acme_metrics.py").write_text(
        "from library.tests.own_metrics import Entropy, FirstDigits\ndigits = FirstDigits()\n"
    )
    info = tmp_path / "acme_metrics-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-metrics\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[tidegauge.metrics]\nacme.entropy = acme_metrics:Entropy\n"
        "acme.finance.first_digits = acme_metrics:digits\nacme.gone = acme_metrics:gone\n"
    )
    profile = tg.log(
        data(), metrics={**WANTED, "city": [Entropy(), type("Gone", (Entropy,), {"name": "acme.gone"})()]}
    )
    files = [tmp_path / f"{name}.parquet" for name in ("a", "b")]
    for file in files:
        profile.write(file)
    code = f"""
import sys
sys.path[:0] = [{str(tmp_path)!r}, {str(Path(__file__).parents[3])!r}]
import tidegauge as tg
assert "importlib.metadata" not in sys.modules
merged = tg.merge(tg.read({str(tmp_path)!r} + "/*.parquet"))
kept = merged["city"].custom_metrics
print(merged["city"].metric("acme.entropy")["values"], len(kept["acme.entropy"].parts))
print(sum(merged["fare"].metric("acme.finance.first_digits")["counts"]))
print(kept["acme.gone"].known, len(kept["acme.gone"].parts))
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["14", "1", "10", "False", "2"]
    assert "cannot be loaded" in done.stderr


def test_threads_share_a_profiler():
    from concurrent.futures import ThreadPoolExecutor

    profiler = tg.Profiler(metrics=WANTED)
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda number: profiler.log(data()) if number % 2 else profiler.log(records()), range(40)
            )
        )
    check(profiler.profile(), 40)


def test_a_metric_may_log_elsewhere():
    inner = tg.Profiler()

    class Nested(Entropy):
        name = "acme.nested"

        def update(self, state, column):
            inner.record({"rows": len(column)})
            return super().update(state, column)

    tg.log(data(), metrics=[Nested()])
    assert inner.records == 1


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level(logging.WARNING, logger="tidegauge")


def test_a_metric_that_logs_to_its_own_profiler_is_told_so(caplog):
    class Recursive(Entropy):
        name = "acme.recursive"

        def update(self, state, column):
            profiler.record({"city": "Oslo"})
            return state

    profiler = tg.Profiler(metrics=[Recursive()])
    profiler.log(pa.table({"city": CITIES * 50_000}))
    assert profiler.profile()["city"].custom_metrics["acme.recursive"].reason == "ArgumentError"
    assert "would wait for itself" in caplog.text


def test_metrics_are_drawn(monkeypatch):
    profile = tg.merge(tg.log(data(), metrics=WANTED), tg.log(data()))
    drawn = repr(profile["city"])
    assert "acme.entropy\n  bits 1.37878 · values 7 · has seen 8 of 16 records" in drawn
    assert "bits 1.37878" in profile["city"]._repr_html_()
    unknown(monkeypatch)
    assert "cannot be read here" in repr(profile["city"])
    assert "acme.entropy" not in repr(tg.log(data())["city"])


def test_columns_that_are_private_are_left_to_those_that_name_them():
    schema = tg.Schema(privacy={"city": tg.Privacy(items="off")})
    profile = tg.log(data(), schema=schema, metrics=[Entropy(), FirstDigits()])
    assert not profile["city"].custom_metrics
    assert list(profile["fare"].custom_metrics) == ["acme.finance.first_digits"]
    assert list(tg.log(data(), schema=schema, metrics=WANTED)["city"].custom_metrics) == ["acme.entropy"]
