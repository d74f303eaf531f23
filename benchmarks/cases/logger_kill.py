"""`kill -9` of a service that logs, again and again: what is lost, what is doubled, what cannot be read."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import tidegauge as tg
from benchmarks.figure import Figure, Target
from benchmarks.measure import HERE

LOST_SECONDS = 1.0


def run(*, quick: bool) -> list[Figure]:
    """Kill, restart, and in the end compare what arrived with what had been logged, run by run."""
    kills = 20 if quick else 200
    dice = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        checkpoint, output = Path(folder) / "checkpoint", Path(folder) / "output"
        output.mkdir()
        logged: dict[int, list[tuple[float, int]]] = {}
        unreadable = 0
        for number in range(kills):
            logged[number] = _one(checkpoint, output, number, dice.uniform(0.0, 2.5))
            unreadable += _unreadable(checkpoint, output)
        logger = tg.Logger("rides", writers=_Files(output), checkpoint=checkpoint)
        logger.flush(120.0)
        logger.close()
        unreadable += logger.status().set_aside
        files = [tg.ProfileSet.read(path) for path in output.glob("*.parquet")]
    total = tg.ProfileSet([p for profiles in files for p in profiles if not p.segment]).merge()
    broken = sum(_has_gaps(total, number) for number in logged)
    seconds = [_lost_seconds(total, number, lines) for number, lines in logged.items()]
    return [
        Figure("kills", "", [float(kills)]),
        Figure("files that cannot be read", "", [float(unreadable)], target=Target("ours", "at most", 0.0)),
        Figure("runs with a gap or a repetition", "", [float(broken)], target=Target("ours", "at most", 0.0)),
        Figure(
            "lost before a kill, longest",
            "s",
            [max(seconds)],
            target=Target("ours", "at most", LOST_SECONDS + 0.5),
            note="a checkpoint each second, and the time to write it",
        ),
        Figure("lost before a kill, median", "s", [sorted(seconds)[len(seconds) // 2]]),
    ]


class _Files:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, profiles: tg.ProfileSet, *, id: str) -> None:  # noqa: A002 - the word
        """Write one file for each id."""
        profiles.write(self.folder / f"{id}.parquet")


def _one(checkpoint: Path, output: Path, number: int, seconds: float) -> list[tuple[float, int]]:
    """Start the service, kill it, and return what it said, up to the kill."""
    script = HERE / "processes" / "killed_logger.py"
    command = [sys.executable, str(script), str(checkpoint), str(output), str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        if service.stdout is None:
            raise RuntimeError("no output to read")
        first = service.stdout.readline()
        time.sleep(seconds)
        killed = time.monotonic()
        service.send_signal(signal.SIGKILL)
        rest = service.stdout.read()
    lines = [line.split() for line in (first + rest).splitlines()]
    pairs = [(float(line[0]), int(line[1])) for line in lines if len(line) == 2]
    return [(0.0, 0), *((at, count) for at, count in pairs if at <= killed), (killed, pairs[-1][1])]


def _unreadable(*folders: Path) -> int:
    count = 0
    for folder in folders:
        for path in folder.rglob("*.parquet"):
            if not path.name.startswith("."):
                try:
                    tg.ProfileSet.read(path)
                except tg.errors.TidegaugeError:
                    count += 1
    return count


def _counted(total: tg.Profile, number: int) -> int:
    name = f"run {number}"
    return total[name].counts.records if name in total else 0


def _has_gaps(total: tg.Profile, number: int) -> bool:
    count = _counted(total, number)
    if not count:
        return False
    column = total[f"run {number}"]
    return (column.min, column.max) != (0, count - 1)


def _lost_seconds(total: tg.Profile, number: int, lines: list[tuple[float, int]]) -> float:
    """How long before the kill the last record that arrived had been logged."""
    count = _counted(total, number)
    killed = lines[-1][0]
    later = [at for at, logged in lines[1:-1] if logged > count]
    return killed - min(later) if later else 0.0
