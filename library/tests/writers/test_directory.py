from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError, WriterError
from tidegauge.writers import open_writer

ID = "0123456789abcdef" * 2


@pytest.fixture
def day():
    return tg.log({"at": ["2026-11-28T13:40"], "fare": [5.0]}, "taxi", timestamp="at", window="1d")


def files_of(folder):
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file())


def test_layout(tmp_path, day):
    writer = open_writer(tmp_path)
    writer.write(day, id=ID)
    writer.write(tg.ProfileSet([tg.log({"x": [1]}, "taxi")]), id=ID)
    assert files_of(tmp_path) == [
        f"taxi/2026-11-28/20261128T000000Z_20261129T000000Z_{ID}.parquet",
        f"taxi/undated/{ID}.parquet",
    ]


def test_the_folder_is_made(tmp_path, day):
    open_writer(tmp_path / "a" / "b").write(day, id=ID)
    assert len(files_of(tmp_path / "a" / "b" / "taxi")) == 1


def test_relative_paths_stay_where_they_were(tmp_path, day, monkeypatch):
    monkeypatch.chdir(tmp_path)
    writer = open_writer("here")
    monkeypatch.chdir("/")
    writer.write(day, id=ID)
    assert len(files_of(tmp_path / "here")) == 1


def test_a_file_in_place_of_the_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ArgumentError, match="expected a folder"):
        open_writer(tmp_path / "file")
    with pytest.raises(ArgumentError, match="give a path"):
        open_writer("")


def test_a_folder_that_vanished_is_not_made_anew(tmp_path, day):
    writer = open_writer(tmp_path / "disk")
    shutil.rmtree(tmp_path / "disk")
    with pytest.raises(WriterError, match="no longer there; mount or make it"):
        writer.write(day, id=ID)
    assert not (tmp_path / "disk").exists()
    (tmp_path / "disk").mkdir()
    writer.write(day, id=ID)
    assert tg.read(tmp_path / "disk") == day


FULL = """
import resource, signal, sys
import tidegauge as tg
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
day = tg.log({"at": ["2026-11-28"], "x": [1]}, "taxi", timestamp="at", window="1d")
writer = tg.writers.open_writer(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    writer.write(day, id=sys.argv[2])
except tg.errors.WriterError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of processes are POSIX's")
def test_a_full_disk_leaves_nothing(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path), ID],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "cannot write" in done.stdout
    assert "File too large" in done.stdout
    assert files_of(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path, day):
    writer = open_writer(tmp_path / "locked")
    (tmp_path / "locked").chmod(0o500)
    with pytest.raises(WriterError, match="Permission denied"):
        writer.write(day, id=ID)


WRITING = """
import sys, uuid
import tidegauge as tg
data = {"at": ["2026-11-28"], **{f"c{i}": [1.5] for i in range(50)}}
day = tg.log(data, "taxi", timestamp="at", window="1d")
writer = tg.writers.open_writer(sys.argv[1])
print("ready", flush=True)
while True:
    writer.write(day, id=uuid.uuid4().hex)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
def test_killed_while_writing_every_file_is_whole(tmp_path):
    for number in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITING, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout.readline() == "ready\n"
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.02 + 0.03 * number)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
    found = tg.readers.read(tmp_path)
    names = [name for name in files_of(tmp_path) if not Path(name).name.startswith(".")]
    assert len(found) == len(names) > 0
    assert {profile.records for profile in found} == {1}


def test_twice_under_one_id_is_one_file(tmp_path, day):
    writer = open_writer(tmp_path)
    for _ in range(2):
        writer.write(day, id=ID)
    assert len(files_of(tmp_path)) == 1


def test_from_the_checkout_of_another_process(tmp_path, day):
    ids = [uuid.uuid4().hex for _ in range(3)]
    for each in ids:
        open_writer(tmp_path).write(day, id=each)
    assert tg.read(tmp_path).merge_windows().records == 3
