"""Samples of a logger: each window's own, in a folder, whatever becomes of disk and process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest

import tidegauge as tg
from library.tests.logger.support import NOON, Switch, eventually, files
from library.tests.logger.test_processes import run
from tidegauge.errors import ArgumentError, FormatError
from tidegauge.logger import sample_keeping
from tidegauge.samplers import Failing, Reservoir, Samples, Sampling, folder, read_samples

HUGE = 1_000_000


def keep_all():
    return Sampling({"any": Reservoir(HUGE)})


def test_each_window_has_its_own_samples_named_like_its_profiles(make, clock, tmp_path):
    sampling = Sampling({"any": Reservoir(5), "bad": Failing("n < 8", 100)})
    samples, profiles = tmp_path / "samples", tmp_path / "profiles"
    logger = make(window="5m", writers=profiles, clock=clock, samplers=sampling, samples=samples)
    for window in range(3):
        logger.log([{"window": window, "n": n} for n in range(10)])
        logger._worker.round()
        clock.seconds += 300
        logger._worker.round()
        assert sampling.seen == 0, "it begins anew"
    assert logger.flush()
    assert len(files(samples)) == 6
    windows = {path.name[:33] for path in files(profiles)}
    assert windows == {path.name[:33] for path in files(samples)}
    assert {path.parent.relative_to(samples).as_posix() for path in files(samples)} == {"rides/2026-06-01"}
    for path in files(samples):
        part = Samples.read(path)
        assert (part.seen, len({row["window"] for row in part.rows()})) == (10, 1)
    whole = read_samples(samples)
    assert (whole["bad"].seen, whole["bad"].eligible, len(whole["any"])) == (30, 6, 5)
    status = logger.status().samples
    assert (status.folder, status.waiting, status.written, status.dropped) == (str(samples), 0, 6, 0)
    assert logger.status().is_well


def test_a_window_without_records_leaves_no_file_and_one_that_goes_on_after_a_flush_two(
    make, clock, switch, tmp_path
):
    logger = make(window="5m", writers=switch, clock=clock, samplers=keep_all(), samples=tmp_path)
    logger.record({"n": 1})
    assert logger.flush()
    logger.record({"n": 2})
    assert logger.flush()
    clock.seconds += 300
    logger._worker.round()
    clock.seconds += 300
    assert logger.flush()
    assert len(files(tmp_path)) == 2
    assert read_samples(tmp_path)["any"].seen == 2


def test_samples_are_those_of_the_window_in_which_records_came(make, clock, switch, tmp_path):
    logger = make(
        window="5m", timestamp="at", writers=switch, clock=clock, samplers=keep_all(), samples=tmp_path
    )
    logger.record({"at": "2026-06-01T11:30:00", "n": 1})
    logger.record({"at": None, "n": 2})
    clock.seconds += 300
    logger._worker.round()
    assert eventually(lambda: files(tmp_path))
    (path,) = files(tmp_path)
    assert path.name.startswith("20260601T120000Z_20260601T120500Z_")
    assert [row["n"] for row in Samples.read(path).rows()] == [1, 2]


def test_the_samples_of_the_open_window_are_written_now_and_then_to_one_file(
    make, clock, switch, tmp_path, monkeypatch
):
    monkeypatch.setattr(sample_keeping, "SAVE_SECONDS", 0.0)
    logger = make(window="5m", writers=switch, clock=clock, samplers=keep_all(), samples=tmp_path)
    for n in range(3):
        logger.record({"n": n})
        logger._worker.round()
        assert eventually(lambda seen=n + 1: files(tmp_path) and read_samples(tmp_path)["any"].seen == seen)
        logger._worker.round()
    assert eventually(lambda: logger.status().samples.written == 3)
    logger._worker.round()
    assert (logger.status().samples.waiting, logger.status().samples.written) == (0, 3), "not without need"
    assert logger.flush()
    assert len(files(tmp_path)) == 1


def test_nothing_but_the_folder_gets_samples(make, tmp_path):
    received = Switch()
    logger = make(
        writers=[received, tmp_path / "profiles"],
        checkpoint=tmp_path / "state",
        samplers=keep_all(),
        samples=tmp_path / "samples",
    )
    logger.record({"n": 1})
    logger._worker.round()
    for place in ("state", "profiles", "samples"):
        for path in files(tmp_path / place):
            with pytest.raises(FormatError):
                Samples.read(path)
    assert logger.flush()
    assert [path.relative_to(tmp_path).parts[0] for path in files(tmp_path)] == ["profiles", "samples"]
    assert Samples.read(files(tmp_path / "samples")[0]).rows() == [{"n": 1}]


def test_old_files_are_removed(make, clock, switch, tmp_path, monkeypatch):
    monkeypatch.setattr("tidegauge.samplers.folder.LOOK_SECONDS", 0.0)
    logger = make(
        window="1h",
        writers=switch,
        clock=clock,
        samplers=keep_all(),
        samples=tmp_path,
        samples_keep=timedelta(hours=3),
    )
    for n in range(10):
        logger.record({"n": n})
        clock.seconds += 3600
        logger._worker.round()
    assert eventually(lambda: logger.status().samples.written == 10)
    assert eventually(lambda: len(files(tmp_path)) == 3)
    assert {row["n"] for row in read_samples(tmp_path)["any"].rows()} == {7, 8, 9}


@pytest.mark.parametrize("obstacle", ["a file in the way", "a folder that vanished"])
def test_a_folder_that_cannot_be_written_is_told_and_hurts_nobody(make, clock, switch, tmp_path, obstacle):
    samples = tmp_path / "samples"
    logger = make(window="5m", writers=switch, clock=clock, samplers=keep_all(), samples=samples)
    logger.record({"n": 0})
    assert logger.flush()
    if obstacle == "a file in the way":
        shutil.rmtree(samples / "rides")
        (samples / "rides").write_text("no folder")
    else:
        shutil.rmtree(samples)
    for n in range(1, 4):
        logger.record({"n": n})
        clock.seconds += 300
        logger._worker.round()
    assert eventually(lambda: logger.status().samples.last_error)
    assert eventually(lambda: len(switch.received) == 4), "profiles go their way"
    status = logger.status()
    assert (status.samples.waiting, status.is_well) == (3, False)
    assert logger.flush(), "which is about profiles"
    if obstacle == "a file in the way":
        (samples / "rides").unlink()
    else:
        samples.mkdir()
    assert logger.flush()
    assert eventually(lambda: not logger.status().samples.waiting)
    assert {row["n"] for row in read_samples(samples)["any"].rows()} == {1, 2, 3}
    assert len(files(samples)) == 3, "each window's own"
    assert logger.status().is_well


def test_what_waits_for_the_folder_is_bounded_and_the_oldest_is_given_up(
    make, clock, switch, tmp_path, monkeypatch
):
    monkeypatch.setattr(sample_keeping, "MEMORY_BYTES", 20_000)
    (tmp_path / "file").write_text("no folder")
    samples = tmp_path / "file" / "samples"
    logger = make(window="5m", writers=switch, clock=clock, samplers=keep_all(), samples=samples)
    for n in range(40):
        logger.record({"n": n})
        clock.seconds += 300
        logger._worker.round()
    status = logger.status().samples
    assert status.dropped > 0
    assert status.waiting + status.dropped == 40
    (tmp_path / "file").unlink()
    logger.flush()
    assert eventually(lambda: not logger.status().samples.waiting)
    kept = {row["n"] for row in read_samples(samples)["any"].rows()}
    assert kept == set(range(status.dropped, 40))


def test_a_folder_that_hangs_stops_neither_profiles_nor_checkpoints(
    make, clock, switch, tmp_path, monkeypatch
):
    release = threading.Event()
    put = folder.put
    monkeypatch.setattr(folder, "put", lambda *args: release.wait(60) and put(*args))
    logger = make(
        window="5m",
        writers=switch,
        clock=clock,
        checkpoint=tmp_path / "state",
        samplers=keep_all(),
        samples=tmp_path / "samples",
    )
    for n in range(3):
        logger.record({"n": n})
        clock.seconds += 300
        logger._worker.round()
    assert eventually(lambda: len(switch.received) == 3)
    logger.record({"n": 3})
    logger._worker.round()
    assert len(list(tmp_path.rglob("open/*/*.parquet"))) == 1
    assert logger.flush(timeout=0.3)
    release.set()
    assert eventually(lambda: not logger.status().samples.waiting)
    assert read_samples(tmp_path / "samples")["any"].seen == 4


FULL = """
import resource, sys
import tidegauge as tg
from tidegauge.samplers import Reservoir, Sampling, read_samples

received = []
logger = tg.Logger("rides", writers=lambda p, id: received.append(p.records), samples=sys.argv[1],
                   samplers=Sampling({"any": Reservoir(100)}))
logger.record({"n": 1})
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
assert logger.flush() and received == [1], received
status = logger.status().samples
assert status.last_error and "arge" in status.last_error and status.waiting == 1, status
logger.record({"n": 2})
assert logger.flush() and received == [1, 1], received
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
assert logger.close()
assert logger.status().samples.last_error is None, logger.status()
assert read_samples(sys.argv[1])["any"].seen == 2
print("done")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on files")
def test_a_disk_without_room_is_told_and_recovered_from(tmp_path):
    command = [sys.executable, "-c", FULL, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout.strip(), done.returncode) == ("done", 0), done.stderr
    assert not list(tmp_path.rglob("*.tmp"))


def test_threads_that_log_while_windows_close_find_each_record_once(tmp_path, switch):
    logger = tg.Logger(
        "rides",
        window="1s",
        writers=switch,
        samplers=keep_all(),
        samples=tmp_path,
        checkpoint_seconds=0.01,
    )

    def work(part):
        for n in range(3_000):
            logger.record({"n": part * 3_000 + n})
            if n % 100 == 0:
                time.sleep(0.08)

    threads = [threading.Thread(target=work, args=(part,)) for part in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert logger.close()
    assert len(files(tmp_path)) > 1
    samples = read_samples(tmp_path)["any"]
    assert samples.seen == 9_000
    assert sorted(row["n"] for row in samples.rows()) == list(range(9_000))


SAMPLED = """
from tidegauge.logger import sample_keeping
from tidegauge.samplers import Reservoir, Sampling, read_samples
sampling = Sampling({"any": Reservoir(1_000_000)})
samples = Path(sys.argv[1]) / "samples"
logger = make(samplers=sampling, samples=samples)
"""
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@needs_fork
def test_after_forks_each_process_writes_its_own_records(tmp_path):
    code = (
        SAMPLED
        + """
for n in range(100):
    logger.record({"who": "parent", "n": n})
children = []
for child in range(3):
    process = os.fork()
    if process == 0:
        for n in range(100):
            logger.record({"who": f"child {child}", "n": n})
        assert logger.close(), logger.status()
        os._exit(0)
    children.append(process)
codes = [os.waitpid(process, 0)[1] for process in children]
assert codes == [0, 0, 0], codes
logger.record({"who": "parent", "n": 100})
assert logger.close(), logger.status()
"""
    )
    run(code, tmp_path)
    rows = read_samples(tmp_path / "samples")["any"].rows()
    assert len(rows) == len({(row["who"], row["n"]) for row in rows}) == 401
    assert len(files(tmp_path / "samples")) == 4


@needs_fork
def test_a_sampling_whose_logger_is_closed_goes_through_a_fork_as_it_is(tmp_path):
    code = (
        SAMPLED
        + """
assert logger.close()
sampling.record({"n": 1})
process = os.fork()
if process == 0:
    os._exit(0 if sampling.seen == 1 else 1)
assert os.waitpid(process, 0)[1] == 0
"""
    )
    run(code, tmp_path)


@needs_fork
def test_kill_9_costs_what_came_since_the_last_writing(tmp_path):
    code = (
        SAMPLED
        + """
import signal
sample_keeping.SAVE_SECONDS = 0.05
process = os.fork()
if process == 0:
    for n in range(1000):
        logger.record({"n": n})
    time.sleep(1000)
end = time.monotonic() + 30
while time.monotonic() < end:
    time.sleep(0.02)
    if (samples / "rides").is_dir() and sum(s.seen for s in read_samples(samples).values()) == 1000:
        break
os.kill(process, signal.SIGKILL)
os.waitpid(process, 0)
logger.record({"n": 1000})
assert logger.close(), logger.status()
"""
    )
    run(code, tmp_path)
    rows = read_samples(tmp_path / "samples")["any"].rows()
    assert sorted(row["n"] for row in rows) == list(range(1001))


def test_the_end_of_a_process_writes_what_is_there(tmp_path):
    run(SAMPLED + "logger.record({'n': 1})", tmp_path)
    assert read_samples(tmp_path / "samples")["any"].rows() == [{"n": 1}]


def test_a_sampling_belongs_to_one_logger_while_it_lives(make, switch, tmp_path):
    sampling = keep_all()
    first = make(writers=switch, samplers=sampling, samples=tmp_path)
    with pytest.raises(ArgumentError, match="a Sampling of its own"):
        tg.Logger("trips", writers=switch, samplers=sampling, samples=tmp_path)
    first.close()
    second = tg.Logger("trips", writers=switch, samplers=sampling, samples=tmp_path)
    second.record({"n": 1})
    assert second.close()
    assert read_samples(tmp_path, dataset="trips")["any"].seen == 1


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        (
            {"samples": "s3://bucket/samples"},
            r"='s3://.*the scheme 's3' is not known here.*raw records",
        ),
        ({"samples": "https://host"}, "the scheme 'https' is not known here; known are a path or file://"),
        ({"samples": "x://y"}, "the scheme 'x' is not known here"),
        ({"samples": "s3:/bucket"}, "the scheme 's3' is not known here"),
        ({"samples": 5}, "samples=5 is no path"),
        ({"samples": ""}, "is no path"),
        ({"samplers": None}, "say by samplers="),
        ({"samplers": 5}, "Sampling"),
        ({"samplers": Sampling({"any": Reservoir(1)}, seed=5)}, "without seed="),
        ({"samplers": Sampling({"": Reservoir(1)})}, "short name"),
        ({"samplers": Sampling({"x" * 200: Reservoir(1)})}, "short name"),
        ({"samplers": Sampling({"a": Reservoir(1), "A": Reservoir(1)})}, "capitals"),
        ({"samples_keep": "long"}, "samples_keep='long' is no length of time"),
        ({"samples_keep": "0s"}, "no time at all"),
        ({"writers": "here/samples"}, "apart from profiles"),
        ({"writers": [print, "here"]}, "apart from profiles"),
        ({"checkpoint": "here/samples"}, "a folder of its own"),
    ],
)
def test_arguments_that_cannot_be_meant_so_raise_at_once(wishes, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ArgumentError, match=message):
        tg.Logger(
            "rides", **{"writers": Switch(), "samplers": keep_all(), "samples": "here/samples", **wishes}
        )


def test_a_file_in_place_of_the_folder_is_told_at_once(tmp_path):
    (tmp_path / "samples").write_text("mine")
    with pytest.raises(ArgumentError, match="is a file"):
        tg.Logger("rides", writers=print, samplers=keep_all(), samples=tmp_path / "samples")


def test_a_folder_as_url(make, clock, switch, tmp_path):
    logger = make(writers=switch, clock=clock, samplers=keep_all(), samples=(tmp_path / "a b").as_uri())
    logger.record({"n": 1})
    assert logger.flush()
    assert read_samples((tmp_path / "a b").as_uri())["any"].seen == 1
    (path,) = files(tmp_path / "a b")
    assert path.name.startswith(time.strftime("%Y%m%dT%H%M%SZ_", time.gmtime(NOON)))
