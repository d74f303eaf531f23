"""Locks on files, which the system lets go when their process dies, however it dies."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """A lock that is held.

    Args:
        descriptor: The open file that is locked.
        path: Its name.
    """

    def __init__(self, descriptor: int, path: str) -> None:
        self._descriptor = descriptor
        self.path = path

    @classmethod
    def take(cls, path: str, *, create: bool = False) -> FileLock | None:
        """Lock a file, if nobody has.

        Args:
            path: The file.
            create: Make it if it is not there.

        Returns:
            The lock; None when another process has it, or when there is no such file.

        Raises:
            OSError: The file cannot be made or opened.
        """
        try:
            descriptor = os.open(path, os.O_RDWR | (os.O_CREAT if create else 0), 0o644)
        except FileNotFoundError:
            if create:
                raise
            return None
        try:
            _try_lock(descriptor)
        except OSError:
            os.close(descriptor)
            return None
        lock = cls(descriptor, path)
        if not lock.is_there():  # whoever had it before has removed it in the meantime
            lock.release()
            return None
        return lock

    def is_there(self) -> bool:
        """Return whether the file that is locked still has its name."""
        try:
            there, held = os.stat(self.path), os.fstat(self._descriptor)
        except OSError:
            return False
        return (there.st_dev, there.st_ino) == (held.st_dev, held.st_ino)

    def release(self) -> None:
        """Let it go; in a child that was forked off, only its copy: the parent keeps the lock."""
        with suppress(OSError):
            os.close(self._descriptor)
