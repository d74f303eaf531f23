"""Writers that fail or hang, disks that are full, files that are damaged: the host notices none of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

import tidegauge as tg
from library.tests.logger.support import NOON, Folder, Switch, eventually, files
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


def test_what_waits_on_disk_survives_the_process_with_its_ids(make, clock, tmp_path):
    broken = Switch(broken=True)
    first = make(window="1m", writers=[broken, Switch()], clock=clock, checkpoint=tmp_path)
    for _ in range(5):
        clock.seconds += 60
        first.record({"n": 1})
        first._worker.round()
    assert not first.close()
    waiting = {path.stem.split("_")[1] for path in files(tmp_path)}
    assert len(waiting) == 5
    mended, other = Switch(), Switch()
    second = make(window="1m", writers=[mended, other], clock=clock, checkpoint=tmp_path)
    assert second.flush()
    assert (set(mended.ids), other.ids) == (waiting, [])
    assert second.status().recovered == 5
    starts = [p.window.start for p in mended.profiles]
    assert starts == sorted(starts)
    assert files(tmp_path) == []


def test_what_waited_for_a_writer_that_is_no_more_goes_to_the_last(make, tmp_path):
    first = make(writers=[Switch(), Switch(broken=True)], checkpoint=tmp_path)
    first.record({"n": 1})
    assert not first.close()
    only = Switch()
    second = make(writers=only, checkpoint=tmp_path)
    assert second.flush()
    assert len(only.ids) == 1


def test_a_living_logger_takes_over_from_the_dead(make, clock, tmp_path):
    living = Switch()
    survivor = make(window="1m", writers=living, clock=clock, checkpoint=tmp_path)
    dead = make(window="1m", writers=Switch(broken=True), clock=clock, checkpoint=tmp_path)
    dead.record({"n": 1})
    survivor.record({"n": 2})
    survivor._worker._looked_around = float("-inf")
    survivor._worker.round()
    assert survivor.status().recovered == 0, "what lives is let alone"
    dead.close()
    survivor._worker._looked_around = float("-inf")
    survivor._worker.round()
    assert survivor.status().recovered == 1
    assert survivor.flush()
    assert sum(p.records for p in living.profiles) == 2


def test_datasets_share_a_directory_and_nothing_else(make, tmp_path):
    names = ["rides", "rides/Oslo", "rides%2FOslo", "..", " ", "日本", "x" * 300, "x" * 299 + "y"]
    for name in names:
        logger = tg.Logger(name, writers=Switch(broken=True), checkpoint=tmp_path)
        logger.record({"name": name})
        logger.close()
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == len(names)
    for name in names:
        switch = Switch()
        logger = tg.Logger(name, writers=switch, checkpoint=tmp_path)
        assert logger.flush()
        assert logger.close()
        assert [p.dataset for p in switch.profiles] == [name]
    assert list(tmp_path.iterdir()) == []


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
    start = time.monotonic()
    assert not logger.flush(timeout=0.3)
    assert time.monotonic() - start < 20
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
    monkeypatch.setattr(delivery, "MEMORY_BYTES", 50_000)
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


def test_a_checkpoint_that_cannot_be_written_is_told_and_tried_again(make, clock, tmp_path, switch):
    (tmp_path / "file").write_text("no folder")
    logger = make(window="1m", writers=switch, clock=clock, checkpoint=tmp_path / "file" / "state")
    for _ in range(3):
        logger.record({"n": 1})
        logger._worker.round()
        clock.seconds += 60
    logger._worker.round()
    assert "NotADirectoryError" in logger.status().checkpoint_error
    assert eventually(lambda: len(switch.received) == 3)
    switch.broken = True
    logger.record({"n": 1})
    clock.seconds += 60
    logger._worker.round()
    (tmp_path / "file").unlink()
    logger.record({"n": 1})
    logger._worker.round()
    assert logger.status().checkpoint_error is None
    assert len(list(tmp_path.rglob("outbox/0/*.parquet"))) == 1, "what waited in memory is on disk"
    assert len(list(tmp_path.rglob("open/*/*.parquet"))) == 1
    switch.broken = False
    assert logger.flush()
    assert sum(p.records for p in switch.profiles) == 5


def test_a_directory_that_is_removed_is_made_again(make, clock, tmp_path, switch):
    state = tmp_path / "state"
    logger = make(window="1m", writers=switch, clock=clock, checkpoint=state)
    logger.record({"n": 1})
    logger._worker.round()
    shutil.rmtree(state)
    logger.record({"n": 2})
    logger._worker.round()
    logger._worker.round()
    assert logger.status().checkpoint_error is None
    (part,) = files(state)
    assert tg.Profile.read(part).records == 2, "all of the window is there again"
    assert logger.flush()
    assert sum(p.records for p in switch.profiles) == 2


def test_what_waits_and_is_removed_by_somebody_is_counted(make, clock, tmp_path):
    switch = Switch(broken=True)
    logger = make(window="1m", writers=switch, clock=clock, checkpoint=tmp_path)
    for _ in range(3):
        logger.record({"n": 1})
        clock.seconds += 60
        logger._worker.round()
    assert eventually(lambda: logger.status().failed_attempts)
    waiting = files(tmp_path)
    waiting[1].unlink()
    switch.broken = False
    assert logger.flush()
    status = logger.status()
    assert (status.dropped, status.delivered) == (1, 2)


def test_what_is_no_folder_of_a_logger_stops_nobody_from_taking_over_the_others(make, tmp_path):
    first = make(writers=Switch(broken=True), checkpoint=tmp_path)
    first.record({"n": 1})
    first.close()
    (tmp_path / "rides" / "0 file").write_text("somebody's")
    (tmp_path / "rides" / "0 odd" / "lock").mkdir(parents=True)
    switch = Switch()
    second = make(writers=switch, checkpoint=tmp_path)
    assert second.flush()
    assert len(switch.received) == 1
    second._worker.round()
    assert "0 odd cannot be taken over" in second.status().checkpoint_error
    assert not second.status().is_well
    shutil.rmtree(tmp_path / "rides" / "0 odd")
    second._worker._looked_around = float("-inf")
    second._worker.round()
    assert second.status().checkpoint_error is None


def test_a_part_that_cannot_be_set_aside_keeps_back_nothing_else(make, clock, tmp_path):
    first = make(window="1m", writers=Switch(broken=True), clock=clock, checkpoint=tmp_path / "state")
    for _ in range(3):
        first.record({"n": 1})
        first._worker.round()
        clock.seconds += 60
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / "state", copy)
    (part,) = copy.rglob("open/*/*.parquet")
    part.write_bytes(b"broken")
    (copy / "rides" / "corrupt").write_text("no folder")
    switch = Switch()
    second = make(writers=switch, checkpoint=copy)
    assert second.flush()
    assert len(switch.received) == 2
    assert "cannot be taken over" in second.status().checkpoint_error
    (copy / "rides" / "corrupt").unlink()
    second._worker._looked_around = float("-inf")
    second._worker.round()
    assert (second.status().set_aside, second.status().checkpoint_error) == (1, None)


@pytest.mark.parametrize("damage", ["cut", "altered", "empty", "other"])
def test_damaged_files_are_set_aside_and_never_fatal(make, clock, tmp_path, damage):
    first = make(window="1m", writers=Switch(broken=True), clock=clock, checkpoint=tmp_path)
    for _ in range(3):
        first.record({"n": 1})
        clock.seconds += 60
        first._worker.round()
    first.close()
    victim = files(tmp_path)[1]
    whole = victim.read_bytes()
    victim.write_bytes(
        {
            "cut": whole[:-20],
            "altered": whole[:100] + b"?" + whole[101:],
            "empty": b"",
            "other": b"PAR1 and nothing else PAR1",
        }[damage]
    )
    switch = Switch()
    second = make(window="1m", writers=switch, clock=clock, checkpoint=tmp_path)
    assert second.flush()
    status = second.status()
    assert (len(switch.received), status.set_aside) == (2, 1)
    assert [path.parent.name for path in files(tmp_path)] == ["corrupt"]
    third = make(writers=switch, checkpoint=tmp_path)
    assert third.flush()
    assert third.status().set_aside == 0


def test_a_damaged_part_of_an_open_window_costs_that_part_alone(make, clock, tmp_path):
    first = make(window="1d", writers=Switch(), clock=clock, checkpoint=tmp_path)
    first.log({"n": list(range(1000))})
    first._worker.round()
    first.record({"n": 1})
    first._worker.round()
    parts = files(tmp_path)
    assert len(parts) == 2
    copy = tmp_path / "copy"
    shutil.copytree(parts[0].parents[2], copy / "rides" / "20260101T000000-1-00000000")
    files(copy)[1].write_bytes(b"broken")
    switch = Switch()
    second = make(writers=switch, checkpoint=copy)
    assert second.flush()
    assert sum(p.records for p in switch.profiles) == 1000
    assert second.status().set_aside == 1


def test_a_part_that_was_merged_is_not_counted_beside_what_it_was_merged_of(make, clock, tmp_path):
    """As after a crash between writing the merged part and removing the others."""
    first = make(window="1d", writers=Switch(), clock=clock, checkpoint=tmp_path)
    kept = tmp_path / "kept"
    kept.mkdir()
    for n in range(6):
        first.log({"n": [n]})
        first._worker.round()
        for part in files(tmp_path / "rides"):
            shutil.copy(part, kept / part.name)
    (piece,) = list((tmp_path / "rides").glob("*/open/*"))
    for part in kept.iterdir():
        shutil.copy(part, piece / part.name)
    assert len(files(piece)) > 2
    copy = tmp_path / "copy" / "rides" / "dead"
    copy.parent.mkdir(parents=True)
    shutil.copytree(piece.parents[1], copy)
    switch = Switch()
    second = make(writers=switch, checkpoint=tmp_path / "copy")
    assert second.flush()
    assert sum(p.records for p in switch.profiles) == 6


FULL = """
import resource, sys
import tidegauge as tg

received = []
logger = tg.Logger("rides", writers=lambda p, id: received.append(p.records), checkpoint=sys.argv[1],
                   checkpoint_seconds=3600)
logger._worker.round()
logger.record({"n": 1})
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
logger._worker.round()
error = logger.status().checkpoint_error
assert error and "arge" in error, error
assert logger.flush() and received == [1], received
logger.record({"n": 2})
logger._worker.round()
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
logger._worker.round()
assert logger.status().checkpoint_error is None, logger.status()
assert logger.close() and received == [1, 1]
print("done")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on files")
def test_a_disk_without_room_is_told_and_recovered_from(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("done", 0), done.stderr
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


def test_memory_that_waits_is_saved_when_it_can_be(tmp_path):
    profiles = tg.log({"n": [1]}, "rides")
    (item,) = outbox.encoded([profiles._kernel], "name.parquet", "0" * 32, 1)
    assert item.read()[0] == profiles
    assert item.save(str(tmp_path / "outbox"))
    assert item.data is None
    assert item.read()[0] == profiles
    assert not item.save(str(tmp_path / "outbox"))
    item.remove()
    assert files(tmp_path) == []


def test_what_is_moved_to_disk_while_it_is_read_is_not_taken_for_damaged(tmp_path):
    profile = tg.log({"n": [1]}, "rides")

    class Moving(outbox.Waiting):
        @property
        def path(self):
            """Is looked at; at this moment the logger's own thread moves the set to disk."""
            seen, self.__dict__["on disk"] = self.__dict__.get("on disk"), str(tmp_path / "a.parquet")
            if seen is None and self.data is not None:
                profile.write(tmp_path / "a.parquet")
                self.data = None
            return seen

        @path.setter
        def path(self, path):
            pass

    (item,) = outbox.encoded([profile._kernel], "name.parquet", "0" * 32, 1)
    assert Moving(item.name, item.id, data=item.data).read()[0] == profile


def test_a_window_that_closes_while_the_disk_is_full_stays_in_the_checkpoint(make, clock, tmp_path):
    broken = Switch(broken=True)
    first = make(window="1m", writers=broken, clock=clock, checkpoint=tmp_path / "state")
    first.record({"n": 1})
    first._worker.round()
    (instance,) = [path for path in (tmp_path / "state" / "rides").iterdir() if path.is_dir()]
    (instance / "outbox").write_text("no room here")
    clock.seconds += 60
    for _ in range(2):
        first._worker.round()
        assert "outbox" in first.status().checkpoint_error
    assert first.status().waiting == 1
    shutil.copytree(tmp_path / "state", tmp_path / "copy")  # as it would be found after a kill -9
    (tmp_path / "copy" / "rides" / instance.name / "outbox").unlink()
    switch = Switch()
    second = make(writers=switch, clock=clock, checkpoint=tmp_path / "copy")
    assert second.flush()
    (instance / "outbox").unlink()
    first._worker.round()
    (waiting,) = files(tmp_path / "state")
    assert "outbox" in waiting.parts, "once it is there, it is there once"
    broken.broken = False
    assert first.flush()
    assert (switch.ids, [p.records for p in switch.profiles]) == (broken.ids, [1])
    assert files(tmp_path) == []


def test_a_folder_writer_and_a_logger_may_share_a_directory(make, tmp_path):
    folder = Folder(tmp_path / "out")
    logger = make(writers=folder, checkpoint=Path(tmp_path))
    logger.record({"n": 1})
    assert logger.flush()
    assert folder.records() == 1
