"""Writers that fail, hang or refuse: the host notices none of it, and each set arrives."""

from __future__ import annotations

import sys
import threading
import time
from itertools import pairwise

from library.tests.logger.support import NOON, Switch, eventually, files
from tidegauge.errors import PermanentWriterError, WriterError
from tidegauge.logger import delivery, outbox
from tidegauge.logger.worker import Request


def test_a_writer_that_was_down_for_an_hour_gets_everything_in_order_and_once(make, clock, tmp_path):
    switch, other = Switch(broken=True), Switch()
    logger = make(window="1m", writers=[switch, other], clock=clock, checkpoint=tmp_path)
    for minute in range(60):
        clock.seconds = NOON + 60 * minute + 30
        for n in range(3):
            logger.record({"minute": minute, "n": n})
        logger._worker.round()
    assert eventually(lambda: len(other.received) == 59)
    assert logger.status().writers[0].waiting == 59
    assert len(files(tmp_path)) == 60
    switch.broken = False
    assert logger.flush()
    starts = [p.window.start.timestamp() for p in switch.profiles]
    assert starts == [NOON + 60 * minute for minute in range(60)]
    assert [p.records for p in switch.profiles] == [3] * 60
    assert len(set(switch.ids)) == 60
    assert switch.ids == other.ids
    assert files(tmp_path) == []


def test_a_writer_that_hangs_stops_neither_checkpoints_nor_other_writers(make, clock, tmp_path):
    release, other = threading.Event(), Switch()
    logger = make(
        window="1m", writers=[lambda *_: release.wait(), other], clock=clock, checkpoint=tmp_path / "state"
    )
    for _ in range(3):
        logger.record({"n": 1})
        clock.seconds += 60
        logger._worker.round()
    assert eventually(lambda: len(other.received) == 3)
    logger.record({"n": 1})
    logger._worker.round()
    assert len(list(tmp_path.rglob("open/*/*.parquet"))) == 1
    assert not logger.flush(timeout=0.3)
    status = logger.status().writers[0]
    assert status.waiting == 4
    assert status.busy_seconds > 0
    release.set()
    assert logger.flush()


def test_failures_are_tried_again_after_longer_and_longer(make, monkeypatch):
    monkeypatch.setattr(delivery, "FIRST_PAUSE_SECONDS", 0.001)
    attempts = []

    def write(profiles, name):
        attempts.append(time.monotonic())
        if len(attempts) < 8:
            raise TimeoutError("slow")

    logger = make(writers=write)
    logger.record({"n": 1})
    logger._worker._ask(Request(close_all=True), 5.0)
    assert eventually(lambda: logger.status().delivered)
    assert logger.status().failed_attempts == 7
    pauses = [after - before for before, after in pairwise(attempts)]
    assert pauses[6] > pauses[0]


def test_a_set_that_is_refused_for_good_is_set_aside_at_once(make, clock, tmp_path):
    received = []

    def write(profiles, name):
        if profiles[0]["n"].max == 0:
            raise PermanentWriterError("no such dataset")
        received.append(profiles[0]["n"].max)

    logger = make(window="1m", writers=write, clock=clock, checkpoint=tmp_path)
    for n in range(3):
        logger.record({"n": n})
        clock.seconds += 60
        logger._worker.round()
    assert logger.flush()
    status = logger.status()
    assert (received, status.rejected, status.failed_attempts) == ([1, 2], 1, 1)
    assert [path.parent.name for path in files(tmp_path)] == ["rejected"]


def test_a_writer_that_wants_to_end_the_program_is_tried_again(make, monkeypatch, tmp_path):
    monkeypatch.setattr(delivery, "FIRST_PAUSE_SECONDS", 0.001)
    attempts = []

    def write(profiles, name):
        attempts.append(name)
        if len(attempts) < 3:
            sys.exit("no configuration")

    logger = make(writers=write, checkpoint=tmp_path)
    logger.record({"n": 1})
    logger._worker._ask(Request(close_all=True), 5.0)
    assert eventually(lambda: logger.status().delivered)
    assert len(attempts) == 3
    assert logger.status().failed_attempts == 2


def test_a_receiver_that_asks_for_a_pause_gets_it(make, monkeypatch):
    monkeypatch.setattr(delivery, "FIRST_PAUSE_SECONDS", 0.001)
    attempts = []

    def write(profiles, name):
        attempts.append(time.monotonic())
        if len(attempts) == 1:
            raise WriterError("too many requests", retry_after_seconds=0.3)

    logger = make(writers=write)
    logger.record({"n": 1})
    logger._worker._ask(Request(close_all=True), 5.0)
    assert eventually(lambda: logger.status().delivered)
    assert attempts[1] - attempts[0] >= 0.3


def test_a_set_that_is_never_taken_does_not_stop_the_others_for_ever(make, clock, monkeypatch):
    monkeypatch.setattr(delivery, "FIRST_PAUSE_SECONDS", 0.0001)
    monkeypatch.setattr(delivery, "LONGEST_PAUSE_SECONDS", 0.0001)
    received = []

    def write(profiles, name):
        if profiles[0]["n"].max == 0:
            raise ValueError("not this one")
        received.append(profiles[0]["n"].max)

    logger = make(window="1m", writers=write, clock=clock)
    for n in range(4):
        logger.record({"n": n})
        clock.seconds += 60
        logger._worker.round()
    assert eventually(lambda: received == [1, 2, 3])
    assert logger.status().waiting == 1
    assert logger.status().writers[0].failed_attempts >= delivery._STUBBORN


def test_without_a_checkpoint_what_waits_in_memory_is_bounded(make, clock, monkeypatch):
    monkeypatch.setattr(outbox, "MEMORY_BYTES", 50_000)
    switch = Switch(broken=True)
    logger = make(window="1m", writers=switch, clock=clock)
    for n in range(30):
        logger.record({"n": n})
        clock.seconds += 60
        logger._worker.round()
    status = logger.status()
    assert status.dropped > 0
    assert status.dropped + status.waiting == 30
    switch.broken = False
    assert logger.flush()
    kept = [p["n"].max for p in switch.profiles]
    assert kept == list(range(status.dropped, 30)), "the oldest are given up"
