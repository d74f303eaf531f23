"""The part of a checkpoint directory that one logger of one process owns, and that outlives it.

::

    <checkpoint>/<dataset>/corrupt/                      files that were damaged, set aside
                          /rejected/                     sets that a writer refused for good, set aside
    <checkpoint>/<dataset>/<instance>/lock               held while the owner lives
                                     /open/<id>/0-7.parquet          rounds 0 to 7 of a window that is open
                                     /outbox/<writer>/<start>_<id>.parquet   what waits for a writer

A file has its name only when it is whole and on disk. A window that closes is in the outbox before its parts
are removed from ``open``; its id is the same in both, and was given to it when it was opened.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from tidegauge import _kernel
from tidegauge.errors import TidegaugeError
from tidegauge.logger.file_lock import FileLock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tidegauge._kernel import KernelProfile
    from tidegauge.logger.open_windows import OpenPiece, Part

_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_ .")
_LONGEST = 120
_INSTANCE = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9]+-[0-9a-f]{8}")
LOCK = "lock"
CORRUPT = "corrupt"
REJECTED = "rejected"
LOCKLESS_SECONDS = 600.0
"""For how long a folder has been without its lock at least when it has no owner."""


def folder_name(dataset: str) -> str:
    """Return a dataset's name as that of a folder; different names stay different.

    Example:
        >>> folder_name("rides/Oslo")
        'rides%2FOslo'
    """
    bytes_ = dataset.encode("utf-8", "surrogatepass")
    name = "".join(chr(byte) if chr(byte) in _SAFE else f"%{byte:02X}" for byte in bytes_)
    if name.startswith(".") or name != name.rstrip(" ."):
        name = name.replace(".", "%2E").replace(" ", "%20")
    if len(name) <= _LONGEST:
        return name
    import hashlib

    return f"{name[: _LONGEST - 17]}-{hashlib.sha256(bytes_).hexdigest()[:16]}"


class StateFolder:
    """The folder of one logger, which it makes and locks.

    Args:
        checkpoint: The directory given by the user.
        dataset: The dataset's name.

    Raises:
        OSError: The folder cannot be made.
    """

    def __init__(self, checkpoint: str, dataset: str) -> None:
        self.home = os.path.join(checkpoint, folder_name(dataset))
        stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
        self.instance = f"{stamp}-{os.getpid()}-{os.urandom(4).hex()}"
        self.path = os.path.join(self.home, self.instance)
        self._process = os.getpid()
        self._lock = self._make()

    def _make(self) -> FileLock:
        """Make the folder with a lock in it that is held; before that nobody can see it."""
        hidden = os.path.join(self.home, f".{self.instance}")
        os.makedirs(hidden, exist_ok=True)
        lock = FileLock.take(os.path.join(hidden, LOCK), create=True)
        if lock is None:
            raise OSError(f"cannot lock {hidden!r}: the file system knows no locks")
        try:
            os.rename(hidden, self.path)
        except OSError:
            lock.release()
            raise
        lock.path = os.path.join(self.path, LOCK)
        return lock

    def is_there(self) -> bool:
        """Return whether the folder is still there, with its lock; a lock that was removed is made again."""
        if self._lock.is_there():
            return True
        lock = None
        with suppress(OSError):
            lock = FileLock.take(os.path.join(self.path, LOCK), create=True)
        if lock is None:
            return False
        self._lock.release()
        self._lock = lock
        return True

    def release(self) -> None:
        """Let the lock go, so that another logger may take over what is left."""
        self._lock.release()

    def leave(self) -> None:
        """Let the lock go, and remove the folder if nothing in it waits; that of a parent is let alone."""
        rooms = [os.path.join(self.path, room) for room in ("open", "outbox")]
        holds = any(files for room in rooms for _, _, files in os.walk(room))
        if os.getpid() == self._process and not holds:
            shutil.rmtree(self.path, ignore_errors=True)
            with suppress(OSError):
                os.rmdir(self.home)
        self._lock.release()

    # Windows that are open

    def save(self, piece: OpenPiece) -> None:
        """Write what the checkpoint has not of a window.

        Raises:
            OSError: A file cannot be written.
            TidegaugeError: The same, said by the kernel.
        """
        folder = os.path.join(self.path, "open", piece.id)
        for part in piece.parts:
            if not part.saved:
                os.makedirs(folder, exist_ok=True)
                write_durably(part.profiles, os.path.join(folder, part.name))
                part.saved = True
                _remove_parts(folder, part)

    def forget(self, piece: OpenPiece) -> None:
        """Remove what the checkpoint has of a window that is in the outbox by now."""
        shutil.rmtree(os.path.join(self.path, "open", piece.id), ignore_errors=True)

    # What waits

    def outbox(self, writer: int) -> str:
        """Return the folder of what waits for a writer."""
        return os.path.join(self.path, "outbox", str(writer))

    def put(self, profiles: Sequence[KernelProfile], name: str, writers: int) -> list[str]:
        """Write a profile set for each of so many writers.

        Returns:
            The files, in the order of the writers.

        Raises:
            OSError: A file cannot be written; then there is none.
            TidegaugeError: The same, said by the kernel.
        """
        paths = [os.path.join(self.outbox(writer), name) for writer in range(writers)]
        for path in paths:
            os.makedirs(os.path.dirname(path), exist_ok=True)
        try:
            write_durably(profiles, paths[0])
            for path in paths[1:]:
                link(paths[0], path)
        except BaseException:
            for path in paths:
                with suppress(OSError):
                    os.unlink(path)
            raise
        return paths

    def set_aside(self, path: str, where: str = CORRUPT) -> None:
        """Put a file that is of no use where it is out of the way and can be looked at."""
        aside = os.path.join(self.home, where)
        os.makedirs(aside, exist_ok=True)
        name = os.path.relpath(path, self.home).replace(os.sep, "_")
        os.replace(path, os.path.join(aside, name))

    def neighbours(self) -> Iterator[str]:
        """List the folders of other loggers of the dataset, living or dead."""
        with suppress(OSError):
            for entry in sorted(os.listdir(self.home)):
                path = os.path.join(self.home, entry)
                named = not entry.startswith(".") and entry not in (CORRUPT, REJECTED, self.instance)
                if named and os.path.isdir(path):
                    yield path


def lock_of(folder: str) -> FileLock | None:
    """Lock the folder of a logger that has died.

    Its lock file may be gone: cleaners of temporary files remove empty ones, copies leave them out. A living
    owner makes it again in its next round, which alters the folder's time; so where it has been missing for
    long there is no owner.

    Args:
        folder: The folder.

    Returns:
        The lock; None when the owner lives, when nobody can tell yet, or when it is no folder of a logger.

    Raises:
        OSError: The lock cannot be opened or made.
    """
    path = os.path.join(folder, LOCK)
    if not os.path.lexists(path):
        # A folder with another name is somebody's own, and is left alone.
        named = _INSTANCE.fullmatch(os.path.basename(folder))
        if not named or time.time() - os.stat(folder).st_mtime < LOCKLESS_SECONDS:
            return None
        return FileLock.take(path, create=True)
    return FileLock.take(path)


def _remove_parts(folder: str, part: Part) -> None:
    """Remove files whose contents are in a greater one by now."""
    while part.replaces:
        with suppress(OSError):
            os.unlink(os.path.join(folder, part.replaces[-1]))
        part.replaces.pop()


def write_durably(profiles: Sequence[KernelProfile], path: str) -> None:
    """Write a profile file that has its name only when it is whole and on disk.

    Raises:
        OSError: The file cannot be written.
        TidegaugeError: The same, said by the kernel.
    """
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name}.tmp")
    try:
        _kernel.write_file(profiles, temporary)
        sync(temporary)
        os.replace(temporary, path)
    except (OSError, TidegaugeError):
        with suppress(OSError):
            os.unlink(temporary)
        raise
    sync(folder)


def sync(path: str) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    if os.name == "nt" and os.path.isdir(path):
        return
    descriptor = os.open(path, os.O_RDWR if os.path.isfile(path) else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def link(source: str, target: str) -> None:
    """Give a file a second name, or a copy where the file system knows no second names."""
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except OSError:
        temporary = f"{target}.tmp"
        shutil.copyfile(source, temporary)
        os.replace(temporary, target)
    sync(os.path.dirname(target))
