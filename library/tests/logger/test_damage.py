"""Files of a checkpoint that are damaged, or that a crash left half moved."""

from __future__ import annotations

import shutil

import pytest

import tidegauge as tg
from library.tests.logger.support import Switch, files
from tidegauge.logger import outbox


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
