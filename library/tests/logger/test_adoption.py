"""What the dead have left is taken over, by the next logger and by those that live."""

from __future__ import annotations

import os
import shutil
import time

import pytest

import tidegauge as tg
from library.tests.logger.support import Switch, eventually, files
from tidegauge.logger.state_folder import LOCK, LOCKLESS_SECONDS


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
    survivor._worker.rounds.looked_around = float("-inf")
    survivor._worker.round()
    assert survivor.status().recovered == 0, "what lives is let alone"
    dead.close()
    survivor._worker.rounds.looked_around = float("-inf")
    survivor._worker.round()
    assert survivor.status().recovered == 1
    assert survivor.flush()
    assert sum(p.records for p in living.profiles) == 2


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
    second._worker.rounds.looked_around = float("-inf")
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
    second._worker.rounds.looked_around = float("-inf")
    second._worker.round()
    assert (second.status().set_aside, second.status().checkpoint_error) == (1, None)


def leave_one(state):
    """One record that waits, in the folder of a logger that has ended."""
    dead = tg.Logger("rides", writers=Switch(broken=True), checkpoint=state)
    dead.record({"dead": 1})
    assert not dead.close(timeout=5.0)
    (folder,) = [path for path in (state / "rides").iterdir() if path.is_dir()]
    return folder


def age(folder, seconds):
    then = time.time() - seconds
    os.utime(folder, (then, then))


@pytest.mark.parametrize(("seconds", "recovered"), [(LOCKLESS_SECONDS + 10, 1), (LOCKLESS_SECONDS - 100, 0)])
def test_a_folder_without_a_lock_is_taken_over_when_it_is_old(make, switch, tmp_path, seconds, recovered):
    folder = leave_one(tmp_path)
    (folder / LOCK).unlink()
    age(folder, seconds)
    logger = make(writers=switch, checkpoint=tmp_path)
    assert logger.flush()
    assert logger.status().recovered == len(switch.received) == recovered
    assert logger.status().checkpoint_error is None
    assert folder.exists() != bool(recovered)


def test_what_is_no_folder_of_a_logger_is_let_alone_however_old(make, switch, tmp_path):
    mine = tmp_path / "rides" / "my backup"
    shutil.copytree(leave_one(tmp_path / "other"), mine)
    (mine / LOCK).unlink()
    age(mine, 1e7)
    logger = make(writers=switch, checkpoint=tmp_path)
    assert logger.flush()
    assert logger.status().recovered == 0
    assert len(files(mine)) == 1


def test_an_owner_whose_lock_was_removed_makes_it_again_before_it_is_taken_for_dead(make, clock, tmp_path):
    living, other = Switch(), Switch()
    owner = make(window="1d", writers=living, clock=clock, checkpoint=tmp_path)
    owner.record({"n": 1})
    owner._worker.round()
    (folder,) = (tmp_path / "rides").iterdir()
    (folder / LOCK).unlink()
    age(folder, 1e7)
    owner._worker.round()
    age(folder, 1e7)  # old as it looks, its owner holds the lock
    neighbour = make(writers=other, clock=clock, checkpoint=tmp_path)
    assert neighbour.flush()
    assert (neighbour.status().recovered, other.received) == (0, [])
    assert len(files(folder)) == 1
    assert owner.flush()
    assert [profile.records for profile in living.profiles] == [1]


def test_of_several_heirs_one_inherits(tmp_path):
    folder = leave_one(tmp_path)
    (folder / LOCK).unlink()
    age(folder, 1e7)
    switch = Switch()
    heirs = [tg.Logger("rides", writers=switch, checkpoint=tmp_path) for _ in range(4)]
    for heir in heirs:
        heir._worker._mailbox.put(None)
    assert eventually(lambda: switch.received)
    assert all(heir.close() for heir in heirs)
    assert sum(heir.status().recovered for heir in heirs) == len(switch.received) == 1
