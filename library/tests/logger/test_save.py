"""`Logger.save`: who was told that records are on disk finds them there."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys

import pytest

import tidegauge as tg
from library.tests.logger.support import Folder, files

KILLED = """
import os, signal, sys
import tidegauge as tg

logger = tg.Logger(
    "rides",
    window="1d",
    writers=lambda profiles, id: None,
    checkpoint=sys.argv[1],
    checkpoint_seconds=3600,
    derived={"twice": tg.derive(lambda n: [2 * value for value in n.to_pylist()], ["n"])},
)
for n in range(700):
    logger.record({"n": n})
assert logger.save(), logger.status()
assert logger.status().delivered == 0
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_what_was_saved_outlives_a_kill_also_records_that_wait_for_a_function(tmp_path):
    command = [sys.executable, "-W", "error", "-c", KILLED, str(tmp_path / "state")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")
    folder = Folder(tmp_path / "out")
    with tg.Logger("rides", writers=folder, checkpoint=tmp_path / "state") as logger:
        assert logger.flush(60.0)
    merged = folder.merged()
    assert (merged.records, merged["n"].max, merged["twice"].max) == (700, 699, 1398)


def test_saving_closes_no_window_and_doubles_nothing(make, clock, switch, tmp_path):
    logger = make(window="1h", writers=switch, checkpoint=tmp_path, clock=clock)
    for n in range(10):
        logger.record({"n": n})
        assert logger.save()
    assert (switch.received, len(logger.status().open_windows)) == ([], 1)
    assert logger.flush()
    assert [profile.records for profile in switch.profiles] == [10]


def test_without_a_checkpoint_nothing_is_saved(make, switch):
    logger = make(writers=switch)
    logger.record({"n": 1})
    assert not logger.save()
    assert logger.flush()


def test_a_closed_logger_saves_nothing(make, switch, tmp_path):
    logger = make(writers=switch, checkpoint=tmp_path)
    logger.record({"n": 1})
    assert logger.close()
    assert not logger.save()


def test_a_checkpoint_that_cannot_be_written_is_not_said_to_be_saved(make, clock, switch, tmp_path):
    state = tmp_path / "state"
    logger = make(writers=switch, checkpoint=state, clock=clock)
    logger.record({"n": 1})
    assert logger.save()
    shutil.rmtree(state)
    state.write_text("a file where the folder was")
    logger.record({"n": 2})
    assert not logger.save()
    assert logger.status().checkpoint_error
    state.unlink()
    assert logger.save()
    assert len(files(state)) == 1
    assert logger.flush()
    assert sum(profile.records for profile in switch.profiles) == 2


def test_a_part_that_cannot_be_written_is_told_at_once(make, clock, switch, tmp_path):
    logger = make(writers=switch, checkpoint=tmp_path, clock=clock)
    logger.record({"n": 1})
    assert logger.save()
    (room,) = tmp_path.glob("rides/*/open")
    shutil.rmtree(room)
    room.write_text("a file where the folder was")
    logger.record({"n": 2})
    assert not logger.save()
    room.unlink()
    assert logger.save()
    assert logger.flush()
    assert sum(profile.records for profile in switch.profiles) == 2
