from __future__ import annotations

import random
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError, DataError, MissingFileError, UnsupportedDataError


def test_records_batches_and_files_add_up(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,x\n2,y\n")
    profiler = tg.Profiler("d", tags={"k": "v"})
    profiler.record({"a": 1, "b": "x"})
    assert profiler.log({"a": [1, 2], "b": ["x", None]}) == 2
    assert profiler.log_file(str(tmp_path / "a.csv")) == 2
    assert profiler.log(tmp_path) == 2
    assert profiler.records == 7
    profile = profiler.profile()
    assert (profile.dataset, profile.tags, profile.records) == ("d", {"k": "v"}, 7)
    assert profile["a"].mean == pytest.approx(10 / 7)
    assert profile["b"].nulls == 1
    assert repr(profiler) == "Profiler(dataset='d', records=7)"


def test_profile_is_a_value_and_logging_goes_on():
    profiler = tg.Profiler()
    profiler.record({"a": 1})
    first = profiler.profile()
    profiler.record({"a": 3})
    assert (first.records, first["a"].mean) == (1, 1)
    assert (profiler.profile().records, profiler.profile()["a"].mean) == (2, 2)


def test_profiler_of_nothing():
    profile = tg.Profiler("d").profile()
    assert (profile.records, len(profile), profile.columns) == (0, 0, ())
    assert len(tg.Profiler(timestamp="t", window="1d").profile()) == 0


def test_records_one_by_one_equal_a_batch(records):
    profiler = tg.Profiler()
    for record in records:
        profiler.record(record)
    assert profiler.profile() == tg.log(records)


def test_nested_records():
    profiler = tg.Profiler()
    profiler.record({"user": {"name": "Ada", "tags": ["x", "y"]}, "n": 1})
    profiler.record({"user": {"name": None, "tags": []}, "n": None})
    profiler.record({"user": None})
    profile = profiler.profile()
    assert profile["user.name"].counts.nulls >= 1
    assert profile["user.tags"].lengths.max == 2
    assert profile["user.tags[]"].frequent_items.top(1)[0].value == "x"
    assert profile["n"].records == 2


def test_type_that_changes_half_way():
    profiler = tg.Profiler()
    for value in (None, 1, 2.5, "three", None):
        profiler.record({"x": value})
    column = profiler.profile()["x"]
    assert (column.nulls, column.type) == (2, "mixed")
    assert (column.types.integer, column.types.fractional, column.types.string) == (1, 1, 1)


@pytest.mark.parametrize("record", [1, "a", None, [("a", 1)], {"a": 1}.items()])
def test_record_that_is_none(record):
    profiler = tg.Profiler()
    with pytest.raises((TypeError, ValueError)):
        profiler.record(record)


def test_columns_may_come_in_another_order_and_go():
    profiler = tg.Profiler()
    profiler.log({"a": [1], "b": ["x"]})
    profiler.log({"b": ["y"], "a": [2]})
    profiler.log({"c": [True]})
    profile = profiler.profile()
    assert profile.columns == ("a", "b", "c")
    assert profile["a"].max == 2
    assert (profile["a"].records, profile["c"].records, profile.records) == (2, 1, 3)


def test_broken_batch_leaves_the_profiler_usable():
    profiler = tg.Profiler()
    profiler.log({"a": [1]})
    with pytest.raises(DataError):
        profiler.log({"a": [1, 2], "b": [1]})
    with pytest.raises(UnsupportedDataError):
        profiler.log(3)
    profiler.log({"a": [3]})
    assert profiler.profile()["a"].mean == 2
    assert profiler.records == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"dataset": 3}, "dataset= takes text"),
        ({"timestamp": ["t"], "window": "1d"}, "timestamp= takes text"),
        ({"tags": {"a": 1}}, "give 'a': '1'"),
        ({"tags": "a"}, "tags= takes a dict"),
        ({"timestamp": "t", "schema": tg.Schema(roles={"u": "timestamp"})}, "give it once"),
    ],
)
def test_arguments_that_cannot_be_meant(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        tg.Profiler(**arguments)


def test_log_file_reports_progress_and_takes_a_format(tmp_path):
    path = tmp_path / "rows"
    path.write_text("a\n" + "\n".join(map(str, range(50_000))))
    steps = []
    assert (
        tg.Profiler().log_file(
            str(path), format="csv", progress=lambda done, total: steps.append((done, total))
        )
        == 50_000
    )
    assert steps
    assert steps == sorted(steps)
    assert steps[-1][0] <= path.stat().st_size == steps[-1][1]
    with pytest.raises(ValueError, match="format"):
        tg.Profiler().log_file(str(path), format="orc")
    with pytest.raises(MissingFileError):
        tg.Profiler().log_file(str(tmp_path / "nothing.csv"))


def test_progress_that_raises_stops_the_work(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("a\n" + "\n".join(map(str, range(500_000))))

    def progress(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tg.Profiler().log_file(str(path), progress=progress)


def test_many_threads_lose_nothing():
    np = pytest.importorskip("numpy")
    profiler = tg.Profiler(timestamp="t", window="1d")
    failures = []

    def work(number):
        try:
            for i in range(300):
                profiler.record({"t": f"2013-02-{number + 1:02}", "x": i, "who": f"thread-{number}"})
                if i % 50 == 0:
                    profiler.log({"t": ["2013-03-01"] * 10, "x": np.arange(10.0), "who": ["batch"] * 10})
                    profiler.profile()
        except BaseException as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    profiles = profiler.profile()
    assert profiler.records == 8 * (300 + 60)
    assert [profile.records for profile in profiles] == [300] * 8 + [480]
    assert profiles["2013-02-03"]["who"].frequent_items.top(5)[0].value == "thread-2"


INTERRUPTED = """
    import sys, time
    import tidegauge as tg
    {setup}
    print("ready", flush=True)
    try:
        {work}
    except KeyboardInterrupt:
        print("interrupted")
    else:
        print("finished")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
@pytest.mark.parametrize("kind", ["records", "batches", "file"])
def test_ctrl_c_in_the_middle(kind, tmp_path):
    path = tmp_path / "long.csv"
    setup, work = {
        "records": ("", "tg.log({'a': i} for i in iter(int, 1))"),
        "batches": ("batch = {'a': list(range(1000))}", "tg.log(batch for _ in iter(int, 1))"),
        "file": ("", f"[tg.log({str(path)!r}) for _ in range(200)]"),
    }[kind]
    if kind == "file":
        row = ",".join(str(random.random()) for _ in range(20)) + "\n"
        path.write_text(",".join(f"c{i}" for i in range(20)) + "\n" + row * 50_000)
    code = textwrap.dedent(INTERRUPTED).format(setup=setup, work=work)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    assert rest == "interrupted\n"
    assert process.returncode == 0
