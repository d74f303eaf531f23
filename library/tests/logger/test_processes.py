"""Forks, several processes, and the end of the interpreter."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from library.tests.logger.support import Folder, files

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

HEAD = """
import os, sys, threading, time
from pathlib import Path
import tidegauge as tg

checkpoint, output = Path(sys.argv[1]) / "state", Path(sys.argv[1]) / "out"
output.mkdir(exist_ok=True)

def write(profiles, id):
    profiles.write(output / f"{id}.parquet")

def make(**wishes):
    wishes = {"checkpoint": checkpoint, "checkpoint_seconds": 0.05, **wishes}
    return tg.Logger("rides", writers=write, **wishes)
"""


def run(code, folder, *, check=True, seconds=120):
    """Run a script in a process of its own; it gets a folder for everything."""
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", HEAD + code, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds)
    if check:
        assert (done.returncode, done.stderr) == (0, ""), done
    return done


def test_after_a_fork_parent_and_child_each_log_for_themselves(tmp_path):
    code = """
logger = make()
record = logger.record          # as a service may keep it
for n in range(1000):
    record({"parent": n})
children = []
for child in range(3):
    process = os.fork()
    if process == 0:
        for n in range(1000):
            record({f"child {child}": n})
        assert logger.flush(), logger.status()
        os._exit(0)
    children.append(process)
    record({"parent": 1000 + child})
for process in children:
    assert os.waitpid(process, 0)[1] == 0
assert logger.close(), logger.status()
"""
    run(code, tmp_path)
    merged = Folder(tmp_path / "out").merged()
    assert merged.records == 4003
    assert (merged["parent"].counts.records, merged["parent"].max) == (1003, 1002)
    for child in range(3):
        assert merged[f"child {child}"].counts.records == 1000
    assert files(tmp_path / "state") == []


def test_a_child_that_is_killed_leaves_its_records_to_the_parent(tmp_path):
    code = """
import signal
from tidegauge.logger import rounds
rounds.NEIGHBOURS_SECONDS = 0.1
logger = make()
logger.record({"parent": 1})
logger._worker.round()
reader, writer = os.pipe()
process = os.fork()
if process == 0:
    for n in range(100):
        logger.record({"child": n})
    logger._worker.round()
    os.write(writer, b"safe")
    time.sleep(1000)
os.read(reader, 4)
os.kill(process, signal.SIGKILL)
os.waitpid(process, 0)
end = time.monotonic() + 30
while not logger.status().recovered and time.monotonic() < end:
    time.sleep(0.02)
assert logger.close(), logger.status()
"""
    run(code, tmp_path)
    merged = Folder(tmp_path / "out").merged()
    assert (merged["child"].counts.records, merged["parent"].counts.records) == (100, 1)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_of_multiprocessing_lose_and_double_nothing(tmp_path, method):
    code = """
import multiprocessing

def work(number):
    for n in range(5000):
        LOGGER.record({"process": number, f"n{number}": n})

METHOD = "%s"
if METHOD != "fork" or __name__ == "__main__":
    LOGGER = make()

if __name__ == "__main__":
    context = multiprocessing.get_context(METHOD)
    processes = [context.Process(target=work, args=(number,)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0, process.exitcode
    LOGGER.close()
"""
    script = tmp_path / "script.py"
    script.write_text(HEAD + code % method)
    command = [sys.executable, "-W", "ignore::DeprecationWarning", str(script), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    merged = Folder(tmp_path / "out").merged()
    assert merged.records == 20_000
    for number in range(4):
        assert merged[f"n{number}"].counts.records == 5000
        assert merged[f"n{number}"].max == 4999
    assert files(tmp_path / "state") == []


def test_a_fork_while_other_threads_log_does_no_harm(tmp_path):
    code = """
from tidegauge.logger import forks
forks._FORK_SECONDS = 60.0
logger = make()
stop = threading.Event()
counts = [0, 0, 0]

def records():
    while not stop.is_set():
        logger.record({"thread": 1})
        counts[0] += 1

def batches():
    columns = {"thread": list(range(20_000))}
    while not stop.is_set():
        counts[1] += logger.log(columns)

threads = [threading.Thread(target=records), threading.Thread(target=batches)]
for thread in threads:
    thread.start()
children = []
for child in range(10):
    time.sleep(0.05)
    process = os.fork()
    if process == 0:
        logger.record({"child": child})
        logger.log({"child": [child]})
        done = logger.flush(60)
        os._exit(0 if done and not logger.status().refused else 1)
    children.append(process)
codes = [os.waitpid(process, 0)[1] for process in children]
stop.set()
for thread in threads:
    thread.join()
assert codes == [0] * 10, codes
assert logger.close(60), logger.status()
print(counts[0] + counts[1])
"""
    done = run(code, tmp_path)
    merged = Folder(tmp_path / "out").merged()
    assert merged["child"].counts.records == 20
    assert merged["thread"].counts.records == int(done.stdout)


@pytest.mark.parametrize("wish", ["derived={'two': tg.derive(slow, ['n'])}", "metrics=[Slow()]", "tags={}"])
def test_a_fork_while_the_kernel_calls_functions_leaves_a_logger_that_works(tmp_path, wish):
    code = f"""
def slow(column):
    time.sleep(0.005)                       # other threads may run, and fork
    return column

class Slow:
    name, version, types = "test.slow", 1, None
    def zero(self): return 0
    def update(self, state, column): time.sleep(0.005); return state + 1
    def merge(self, a, b): return a + b
    def to_bytes(self, state): return b"%d" % state
    def from_bytes(self, data, version): return int(data)
    def summary(self, state): return {{"calls": state}}

logger = make({wish})
record, stop, logged = logger.record, threading.Event(), []

def records():
    count = 0
    while not stop.is_set():
        record({{"n": count}})
        count += 1
    logged.append(count)

threads = [threading.Thread(target=records) for _ in range(2)]
for thread in threads:
    thread.start()
children = []
for child in range(6):
    time.sleep(0.05)
    process = os.fork()
    if process == 0:
        for n in range(100):
            record({{"n": n, "child": n}})
        done = logger.close(60)
        os._exit(0 if done and not logger.status().refused else 1)
    children.append(process)
codes = [os.waitpid(process, 0)[1] for process in children]
stop.set()
for thread in threads:
    thread.join()
assert codes == [0] * 6, codes
assert logger.close(60), logger.status()
print(sum(logged))
"""
    done = run(code, tmp_path)
    merged = Folder(tmp_path / "out").merged()
    assert merged["child"].counts.records == 600
    assert merged.records == int(done.stdout) + 600


@pytest.mark.parametrize("how", ["return", "sys.exit(3)", "raise RuntimeError('end')"])
def test_the_end_of_a_process_delivers_what_is_there(tmp_path, how):
    code = f"""
logger = make(window="1d", checkpoint_seconds=3600)
kept = [logger]
logger.record({{"n": 1}})
logger.log({{"n": [1, 2]}})
{"" if how == "return" else how}
"""
    done = run(code, tmp_path, check=False)
    assert done.returncode == {"return": 0, "sys.exit(3)": 3}.get(how, 1), done.stderr
    assert Folder(tmp_path / "out").records() == 3
    assert files(tmp_path / "state") == []


def test_a_writer_that_hangs_does_not_keep_a_process_alive(tmp_path):
    code = """
from tidegauge.logger import worker
worker.EXIT_SECONDS = 0.3
logger = tg.Logger("rides", writers=lambda *_: threading.Event().wait(), checkpoint=checkpoint)
logger.record({"n": 1})
"""
    run(code, tmp_path, seconds=60)
    assert len(files(tmp_path / "state")) == 1, "it waits for the next process"


@pytest.mark.parametrize("kind", ["records", "batches", "arrow"])
def test_threads_that_log_while_the_interpreter_ends_do_not_crash_it(tmp_path, kind):
    code = f"""
import numpy, polars  # here: importing them is not what is tested, and must be over when the end comes
logger = make(window="1s", checkpoint_seconds=0.01)
KIND = {kind!r}
columns = {{"n": numpy.arange(200_000)}}
frame = polars.DataFrame(columns)

def work():
    while True:
        if KIND == "records":
            logger.record({{"n": 1, "text": "a"}})
        elif KIND == "batches":
            logger.log(columns)
        else:
            logger.log(frame)

for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.4)
"""
    for _ in range(3):
        done = run(code, tmp_path, check=False, seconds=100)
        assert done.returncode == 0, done
        assert "panicked" not in done.stderr
    for file in files(tmp_path):
        Folder(file.parent).merged()


@pytest.mark.parametrize("end", ["", "logger.close(); derived.close()"])
def test_objects_that_log_when_the_interpreter_destroys_them_do_no_harm(tmp_path, end):
    code = f"""
import builtins, numpy, pandas
logger, derived = make(), make(derived={{"m": tg.derive(lambda n: n, "n")}})
frame, objects = pandas.DataFrame({{"n": [1, 2]}}), {{"n": numpy.array([1, "two"], object)}}

class Last:
    def __del__(self):
        for each in (logger, derived):
            each.record({{"n": 1, "text": "a"}})
            for batch in (frame, objects, [{{"n": 1}}]):
                assert each.log(batch) == 0
        print("destroyed", flush=True)

builtins.last = Last()  # goes when all modules have gone
{end}
"""
    done = run(code, tmp_path)
    assert done.stdout == "destroyed\n", done


def test_a_logger_used_at_exit_does_no_harm(tmp_path):
    code = """
import atexit
def last():
    logger = make()
    logger.record({"n": 1})
    print(logger.close(), logger.status().internal_error)
atexit.register(last)
other = make()
atexit.register(other.record, {"n": 2})
"""
    run(code, tmp_path)


def test_a_child_that_python_knows_nothing_of_lets_the_folder_of_its_parent_alone(tmp_path):
    code = """
import ctypes
from tidegauge.logger import worker
logger = make(checkpoint_seconds=3600)
logger.record({"n": 1})
logger._worker.round()
process = ctypes.CDLL(None).fork()
if process == 0:
    worker.EXIT_SECONDS = 0.2
    sys.exit()
os.waitpid(process, 0)
assert len(list(checkpoint.rglob("open/*/*.parquet"))) == 1
assert logger.close(), logger.status()
"""
    run(code, tmp_path)
    assert Folder(tmp_path / "out").records() == 1
