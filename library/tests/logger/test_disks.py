"""Checkpoints on disks that are full, removed or shared: the host notices none of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tidegauge as tg
from library.tests.logger.support import Folder, Switch, eventually, files
from tidegauge.logger import outbox


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
