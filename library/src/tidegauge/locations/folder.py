"""Writing files into a folder so that they are whole, and on the disk, before anybody is told so."""

from __future__ import annotations

import os
from contextlib import suppress


def put(root: str, name: str, data: bytes) -> None:
    """Write a file that appears whole or not at all, and is on the disk when this returns.

    Folders below the root are made. The root is not: should it vanish (a disk that is no longer mounted),
    nothing must be written to where it was.

    Args:
        root: The folder of everything.
        name: The file's name relative to it, with ``/`` between folders.
        data: What is in it.

    Raises:
        OSError: It cannot be written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as root:
        ...     put(root, "taxi/2026-11-28/a.txt", b"hello")
        ...     os.listdir(root + "/taxi/2026-11-28")
        ['a.txt']
    """
    if not os.path.isdir(root):
        raise OSError(f"the folder {root!r} is no longer there; mount or make it")
    path = os.path.join(root, *name.split("/"))
    folder = os.path.dirname(path)
    is_new = not os.path.isdir(folder)
    os.makedirs(folder, exist_ok=True)
    temporary = os.path.join(folder, f".{os.path.basename(path)}.{os.getpid()}.{os.urandom(4).hex()}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        with suppress(OSError):
            os.unlink(temporary)
    _sync_folder(folder)
    if is_new:
        _sync_folder(os.path.dirname(folder))
        _sync_folder(root)


def _sync_folder(folder: str) -> None:
    """Make the names in a folder last; where folders cannot be opened, such as on Windows, they do."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
