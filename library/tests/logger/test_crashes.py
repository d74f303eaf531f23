"""`kill -9`, again and again, while records are logged, windows close and files are written."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tidegauge as tg
from library.tests.logger.support import Folder, files

VICTIM = Path(__file__).with_name("victim.py")


def start(checkpoint: Path, output: Path, run: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(VICTIM), str(checkpoint), str(output), str(run)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kill(victim: subprocess.Popen[str]) -> int:
    """Kill it; return how many records it knew to be safe."""
    victim.send_signal(signal.SIGKILL)
    output, errors = victim.communicate()
    assert victim.returncode == -signal.SIGKILL, errors
    safe = [int(line.split()[1]) for line in output.splitlines() if line.startswith("safe ")]
    return safe[-1] if safe else 0


def recover(checkpoint: Path, output: Path) -> tg.LoggerStatus:
    """Start as a service does that was killed, log nothing, and end in peace."""
    folder = Folder(output)
    logger = tg.Logger("rides", writers=folder, checkpoint=checkpoint)
    assert logger.flush(60.0)
    assert logger.close()
    return logger.status()


def check(output: Path, safe: dict[int, int]) -> None:
    """Each run counted from 0 without a gap or a repetition, at least to what it knew to be safe."""
    merged = Folder(output).merged()
    for run, known in safe.items():
        column = f"run {run}"
        if column not in merged:
            assert known == 0, run
            continue
        found = merged[column]
        count = found.counts.records
        assert (found.min, found.max) == (0, count - 1), (run, "something is lost or doubled")
        assert count >= known, (run, "what was safe is lost")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
@pytest.mark.parametrize("seed", range(4))
def test_nothing_that_was_safe_is_lost_and_nothing_is_doubled(tmp_path, seed):
    dice = random.Random(seed)
    checkpoint, output = tmp_path / "checkpoint", tmp_path / "output"
    output.mkdir()
    safe = {}
    for run in range(8):
        victim = start(checkpoint, output, run)
        victim.stdout.readline()
        time.sleep(dice.uniform(0, 0.6) if dice.random() < 0.7 else 0)
        # What was read of its output is told by the next lines, or is of no account.
        safe[run] = kill(victim)
        for file in [*files(checkpoint), *files(output)]:
            if not file.name.startswith("."):
                tg.ProfileSet.read(file)
    status = recover(checkpoint, output)
    assert status.set_aside == 0
    check(output, safe)
    assert files(checkpoint) == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_several_processes_share_a_directory_and_are_killed(tmp_path):
    checkpoint, output = tmp_path / "checkpoint", tmp_path / "output"
    output.mkdir()
    safe = {}
    for generation in range(2):
        victims = {run: start(checkpoint, output, run) for run in range(generation * 3, generation * 3 + 3)}
        for victim in victims.values():
            victim.stdout.readline()
        time.sleep(0.3)
        for run, victim in victims.items():
            safe[run] = kill(victim)
    recover(checkpoint, output)
    check(output, safe)
    assert files(checkpoint) == []


def test_ids_given_before_a_crash_are_those_delivered_after_it(tmp_path):
    checkpoint, output = tmp_path / "checkpoint", tmp_path / "output"
    output.mkdir()
    victim = start(checkpoint, output, 0)
    victim.stdout.readline()
    kill(victim)
    opened = {path.parent.name for path in checkpoint.rglob("open/*/*.parquet")}
    waiting = {path.stem.split("_")[1] for path in checkpoint.rglob("outbox/*/*.parquet")}
    before = {path.stem for path in output.glob("*.parquet")}
    recover(checkpoint, output)
    assert {path.stem for path in output.glob("*.parquet")} == opened | waiting | before


def test_files_begun_and_not_finished_are_passed_over(tmp_path):
    checkpoint, output = tmp_path / "checkpoint", tmp_path / "output"
    output.mkdir()
    victim = start(checkpoint, output, 0)
    victim.stdout.readline()
    safe = {0: kill(victim)}
    for folder in [path.parent for path in files(checkpoint)]:
        (folder / ".0-99.parquet.tmp").write_bytes(os.urandom(100))
    assert recover(checkpoint, output).set_aside == 0
    check(output, safe)
    assert not any(path.is_file() for path in checkpoint.rglob("*"))
