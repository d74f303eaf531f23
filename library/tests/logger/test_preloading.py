"""Processes that make a logger and leave the logging to their children, as with gunicorn --preload."""

from __future__ import annotations

import os

import pytest

import tidegauge as tg
from library.tests.logger.support import Folder, Switch, eventually
from library.tests.logger.test_processes import run
from tidegauge.logger import worker

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

ALONE = """
def threads():
    system = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
    return [thread.name for thread in threading.enumerate()], system


def is_alone():
    # A thread that is over for Python, joined as well, is there for the system a moment longer.
    end = time.monotonic() + 30
    while threads() != alone and time.monotonic() < end:
        time.sleep(0.001)
    return threads() == alone
"""


@pytest.fixture
def left_by_the_dead(tmp_path):
    """One record that waits in the checkpoint for whoever comes next."""
    logger = tg.Logger("rides", writers=Switch(broken=True), checkpoint=tmp_path / "state")
    logger.record({"dead": 1})
    assert not logger.close(timeout=5.0)
    return tmp_path


@forks
def test_a_parent_that_only_forks_has_no_threads_and_speaks_to_no_store(left_by_the_dead):
    code = (
        ALONE
        + """
from tidegauge.locations import object_store

alone = threads()
logger = tg.Logger("rides", writers="memory://preloaded", checkpoint=checkpoint)
assert threads() != alone, "or the test tests nothing"
for child in range(3):
    process = os.fork()
    if process == 0:
        assert threads() == alone, threads()
        for n in range(10):
            logger.record({f"child {child}": n})
        assert logger.close(), logger.status()
        assert logger.status().recovered == (child == 0), logger.status()
        found = tg.read("memory://preloaded", dataset="rides")
        assert found.records == (11 if child == 0 else 10), found
        os._exit(0)
    assert is_alone(), threads()
    assert os.waitpid(process, 0)[1] == 0
assert not object_store._used_in
assert logger.status().is_well, logger.status()
"""
    )
    run(code, left_by_the_dead)


@forks
def test_a_parent_that_logs_after_it_forked_loses_nothing(left_by_the_dead):
    code = """
logger = make()
process = os.fork()
if process == 0:
    os._exit(0)
os.waitpid(process, 0)
logger.record({"parent": 1})
end = time.monotonic() + 30
while not (logger.status().recovered and logger.status().open_windows) and time.monotonic() < end:
    time.sleep(0.01)
assert logger.status().open_windows[0].records == 1, logger.status()
assert logger.close(), logger.status()
"""
    run(code, left_by_the_dead)
    merged = Folder(left_by_the_dead / "out").merged()
    assert (merged["parent"].counts.records, merged["dead"].counts.records) == (1, 1)


@forks
def test_a_first_record_in_the_moment_of_a_fork_does_not_wait_for_a_second(tmp_path):
    code = """
import random
for turn in range(40):
    logger = make(checkpoint_seconds=0.01)
    thread = threading.Thread(target=lambda: (time.sleep(random.random() / 500), logger.record({"n": 1})))
    thread.start()
    time.sleep(random.random() / 500)
    process = os.fork()
    if process == 0:
        os._exit(0)
    os.waitpid(process, 0)
    thread.join()
    end = time.monotonic() + 30
    while not logger.status().open_windows and time.monotonic() < end:
        time.sleep(0.002)
    assert logger.status().open_windows, logger.status()
    assert logger.close(), logger.status()
"""
    run(code, tmp_path)
    assert Folder(tmp_path / "out").records() == 40


def test_a_logger_that_nobody_ever_uses_recovers_what_the_dead_have_left(left_by_the_dead, monkeypatch):
    monkeypatch.setattr(worker, "FIRST_ROUND_SECONDS", 0.05)
    switch = Switch()
    logger = tg.Logger("rides", writers=switch, checkpoint=left_by_the_dead / "state")
    assert eventually(lambda: switch.received)
    assert logger.status().recovered == 1
    assert logger.close()


def test_a_writer_that_has_nothing_to_do_has_no_thread(make, switch):
    logger = make(writers=[switch, Switch()])
    assert all(delivery._thread is None for delivery in logger._worker.rounds.deliveries)
    logger.record({"n": 1})
    assert logger.flush()
    assert len(switch.received) == 1
