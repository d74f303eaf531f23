"""Taking over what a process left behind that has died: every file under the id that it was given there."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tidegauge import _kernel
from tidegauge.errors import TidegaugeError
from tidegauge.logger.file_lock import FileLock
from tidegauge.logger.outbox import file_name
from tidegauge.logger.state_folder import link, write_durably
from tidegauge.metrics.known import merged_alike

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidegauge._kernel import KernelProfile
    from tidegauge.logger.state_folder import StateFolder

    Finish = Callable[[list[KernelProfile]], list[KernelProfile]]

_PART = re.compile(r"([0-9]+)-([0-9]+)\.parquet")
_WAITING = re.compile(r"[^_]+_([0-9a-f]{32})\.parquet")


@dataclass(slots=True)
class Adopted:
    """What was taken over.

    Attributes:
        waiting: Writer (its position) and path of each file that waits for delivery now.
        damaged: How many files were set aside.
        error: What stood in the way of taking something over, which stays where it is; None as it should be.
    """

    waiting: list[tuple[int, str]] = field(default_factory=list)
    damaged: int = 0
    error: str | None = None


def adopt_neighbours(folder: StateFolder, writers: int, finish: Finish) -> Adopted:
    """Take over the folders of all loggers of the dataset whose processes have died.

    It may be broken off at any moment and begun again, here or elsewhere: nothing is lost, and nothing gets
    another id. What stands in the way of one does not stop the others.

    Args:
        folder: The folder of the living logger, which then owns everything.
        writers: How many writers it has. What waited for a writer beyond them goes to the last.
        finish: Makes profiles of windows that were open such as may be given out.

    Returns:
        What was taken over, and what could not be.
    """
    adopted = Adopted()
    for neighbour in folder.neighbours():
        try:
            _adopt(folder, neighbour, writers, adopted, finish)
        except (OSError, TidegaugeError) as error:
            adopted.error = f"{neighbour} cannot be taken over: {type(error).__name__}: {error}"
    return adopted


def _adopt(folder: StateFolder, neighbour: str, writers: int, adopted: Adopted, finish: Finish) -> None:
    lock = FileLock.take(os.path.join(neighbour, "lock"))
    if lock is None:
        return
    try:
        try:
            _close_windows(folder, neighbour, writers, adopted, finish)
        finally:  # what waited is in the way of nothing
            _move_waiting(folder, neighbour, writers, adopted)
        shutil.rmtree(neighbour, ignore_errors=True)
    finally:
        lock.release()


def _close_windows(
    folder: StateFolder, neighbour: str, writers: int, adopted: Adopted, finish: Finish
) -> None:
    """Put the windows that were open into the outbox of the dead."""
    outboxes = [os.path.join(neighbour, "outbox", str(writer)) for writer in range(writers)]
    for piece in _listed(os.path.join(neighbour, "open")):
        waiting = _waiting_under(os.path.join(neighbour, "outbox"), piece)
        parts = os.path.join(neighbour, "open", piece)
        if waiting is None:
            profiles = finish(_read_parts(folder, parts, adopted))
            if profiles:
                os.makedirs(outboxes[0], exist_ok=True)
                waiting = os.path.join(outboxes[0], file_name(profiles, piece))
                write_durably(profiles, waiting)
        if waiting is not None:
            for outbox in outboxes:
                target = os.path.join(outbox, os.path.basename(waiting))
                if target != waiting:
                    os.makedirs(outbox, exist_ok=True)
                    link(waiting, target)
        shutil.rmtree(parts, ignore_errors=True)


def _read_parts(folder: StateFolder, path: str, adopted: Adopted) -> list[KernelProfile]:
    """Read the parts of a window, each round once: what was merged may still stand beside its parts."""
    ranges = sorted(
        ((int(match[1]), int(match[2])) for name in _listed(path) if (match := _PART.fullmatch(name))),
        key=lambda pair: (pair[0], -pair[1]),
    )
    profiles: list[KernelProfile] = []
    reached = -1
    for first, last in ranges:
        if last <= reached:
            continue
        read = _read(folder, os.path.join(path, f"{first}-{last}.parquet"), adopted)
        if read is not None:
            reached = last
            profiles += read
    return merged_alike(profiles)


def _read(folder: StateFolder, path: str, adopted: Adopted) -> list[KernelProfile] | None:
    try:
        return _kernel.read_files([path])[0]
    except TidegaugeError:
        folder.set_aside(path)
        adopted.damaged += 1
        return None


def _move_waiting(folder: StateFolder, neighbour: str, writers: int, adopted: Adopted) -> None:
    """Move what waits from the outbox of the dead to that of the living."""
    source = os.path.join(neighbour, "outbox")
    for number in _listed(source):
        writer = min(int(number), writers - 1) if number.isdecimal() else 0
        target = folder.outbox(writer)
        os.makedirs(target, exist_ok=True)
        for name in _listed(os.path.join(source, number)):
            if not _WAITING.fullmatch(name):
                continue  # a file that never was finished
            path = os.path.join(target, name)
            os.replace(os.path.join(source, number, name), path)
            adopted.waiting.append((writer, path))


def _waiting_under(outbox: str, piece: str) -> str | None:
    for number in _listed(outbox):
        for name in _listed(os.path.join(outbox, number)):
            match = _WAITING.fullmatch(name)
            if match and match[1] == piece:
                return os.path.join(outbox, number, name)
    return None


def _listed(path: str) -> list[str]:
    with suppress(FileNotFoundError, NotADirectoryError):
        return sorted(os.listdir(path))
    return []


def id_of(path: str) -> str:
    """Return the id under which a file that waits is delivered."""
    match = _WAITING.fullmatch(os.path.basename(path))
    return match[1] if match else ""
