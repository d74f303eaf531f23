"""How things are measured: alternating rounds, whole processes, peak memory."""

from __future__ import annotations

import gc
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

Rounds = dict[str, list[float]]


def alternate(functions: Mapping[str, Callable[[], object]], rounds: int) -> Rounds:
    """Time functions in turn, round by round, so that a drift of the machine's speed hits all alike.

    Each runs once before, untimed.

    Args:
        functions: What to time, by name.
        rounds: How often each one runs; the order turns from round to round.

    Returns:
        Seconds of each round, by name.
    """
    names = list(functions)
    seconds: Rounds = {name: [] for name in names}
    for name in names:
        functions[name]()
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            seconds[name].append(timed(functions[name]))
    return seconds


def timed(function: Callable[[], object]) -> float:
    """Seconds that one call takes, with the garbage collector at rest."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        function()
        return time.perf_counter() - start
    finally:
        gc.enable()


def per_call(function: Callable[[], object], calls: int) -> float:
    """Median seconds of one call among many."""
    clock = time.perf_counter_ns
    spent = []
    for _ in range(calls):
        start = clock()
        function()
        spent.append(clock() - start)
    spent.sort()
    return spent[len(spent) // 2] / 1e9


@dataclass(frozen=True)
class Process:
    """What a whole process cost."""

    seconds: float
    peak_mb: float
    output: str


def process(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Process:
    """Run a command to its end.

    The peak is the kernel's count of the child's resident memory (`ru_maxrss`). It starts from the
    parent's own size, so a caller must stay small: cases that use this import no data library.

    Raises:
        RuntimeError: The command failed.
    """
    environ = {**os.environ, **(environment or {})}
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=output, stderr=errors, cwd=ROOT, env=environ)
        _, status, usage = os.wait4(child.pid, 0)  # tells this child's own use of resources
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        text = output.read()
        if child.returncode:
            raise RuntimeError(f"{' '.join(command)} failed ({child.returncode}):\n{text}{errors.read()}")
    return Process(seconds, usage.ru_maxrss / 1024, text)


def ask(python: Path, script: str, *arguments: str) -> dict[str, list[float]]:
    """Run one of the scripts of `benchmarks/peers/` and read the JSON object that it prints last."""
    command = [str(python), str(HERE / "peers" / script), *arguments]
    lines = process(command).output.splitlines()
    answer: dict[str, list[float]] = json.loads(lines[-1])
    return answer


def resident_mb() -> float:
    """Memory of this process that is resident now."""
    return _status("VmRSS")


def reset_peak() -> None:
    """Let the high-water mark of this process start anew from what is resident now."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> float:
    """The most that was resident since `reset_peak`."""
    return _status("VmHWM")


def _status(field: str) -> float:
    match = re.search(rf"^{field}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    if match is None:
        raise RuntimeError(f"/proc/self/status has no {field}: memory is measured on Linux only")
    return int(match[1]) / 1024


def python() -> str:
    """The interpreter that runs this."""
    return sys.executable
