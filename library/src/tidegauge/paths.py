"""Names of files: which ones a path, a folder or a pattern means, and writing one whole or not at all."""

# os.path, not pathlib: pathlib alone would take a tenth of the time that importing tidegauge may take.

from __future__ import annotations

import glob
import os
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from tidegauge.errors import ArgumentError, MissingFileError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

PathLike: TypeAlias = str | os.PathLike[str]

DATA_SUFFIXES = (
    ".parquet",
    ".pq",
    ".csv",
    ".csv.gz",
    ".tsv",
    ".tsv.gz",
    ".ndjson",
    ".ndjson.gz",
    ".jsonl",
    ".jsonl.gz",
    ".arrow",
    ".arrows",
    ".feather",
    ".ipc",
)
"""What a file's name must end with to be taken from a folder; a file named by itself may end as it likes."""

PROFILE_SUFFIXES = (".parquet",)
"""The same for files of profiles."""


def expand_paths(path: PathLike, suffixes: tuple[str, ...] = DATA_SUFFIXES) -> list[str]:
    """List the files that a path means.

    Args:
        path: A file; a folder, searched through and through for names with one of the suffixes
            (names that begin with ``.`` or ``_`` are left out, as Spark and Hive do); or a pattern
            with ``*``, ``?``, ``[…]`` or ``**``.
        suffixes: Endings, in small letters, that files of a folder must have.

    Returns:
        The files' paths, sorted, at least one.

    Raises:
        MissingFileError: There is no such file, or no file in the folder, or none matches.
        ArgumentError: The path is a URL.

    Example:
        >>> expand_paths(__file__) == [__file__]
        True
    """
    text = os.fspath(path)
    if "://" in text:
        raise ArgumentError(
            f"{text!r} is a URL, and data is read from local files only; open it with a library that "
            "speaks the protocol (pyarrow.dataset, polars.scan_parquet, duckdb) and log what that gives; "
            "profiles are read from URLs by tidegauge.read"
        )
    if os.path.isdir(text):
        return _files_of_folder(text, suffixes)
    if os.path.exists(text):
        return [text]
    if glob.has_magic(text):
        matches = sorted(match for match in glob.glob(text, recursive=True) if os.path.isfile(match))
        if matches:
            return matches
        raise MissingFileError(f"no file matches the pattern {text!r} (from {os.getcwd()!r})")
    raise MissingFileError(_missing_message(text))


def _files_of_folder(folder: str, suffixes: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "_"))]
        found.extend(
            os.path.join(parent, name)
            for name in files
            if not name.startswith((".", "_")) and name.lower().endswith(suffixes)
        )
    if not found:
        raise MissingFileError(
            f"the folder {folder!r} has no file to read; looked for names that end with {', '.join(suffixes)}"
        )
    return sorted(found)


def _missing_message(path: str) -> str:
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        return f"there is no file {path!r}: the folder {folder!r} does not exist"
    hint = ""
    with suppress(OSError):
        names = sorted(os.listdir(folder))
        hint = nearest(os.path.basename(path), names)
    if not hint.startswith("; did"):
        hint = f" (from {os.getcwd()!r})"
    return f"there is no file {path!r}{hint}"


def check_writable(path: str) -> None:
    """Refuse what no file can be written to, or what writing would destroy: a device is not replaced.

    Raises:
        ArgumentError: The path is empty, a URL, or that of a folder or a device.
    """
    if not path:
        raise ArgumentError("cannot write '': give the name of a file")
    if "://" in path:
        raise ArgumentError(
            f"cannot write {path!r}: it is a URL, and files are written to this machine only; give a path, "
            "or deliver profiles by tidegauge.writers.open_writer(URL)"
        )
    if os.path.isdir(path):
        raise ArgumentError(f"cannot write {path!r}: it is a folder; give the name of a file in it")
    if os.path.exists(path) and not os.path.isfile(path):
        raise ArgumentError(f"cannot write {path!r}: it is a device or a pipe; give the name of a file")


def write_whole(path: PathLike, write: Callable[[str], None]) -> None:
    """Write a file whole or not at all: to a temporary neighbour that then takes the name.

    A reader never sees half a file, and when writing fails an older file of that name stays as it was.

    Where the path is a symbolic link, the file that it points to is written and the link stays.

    Args:
        path: Where the file shall be.
        write: Writes the file to the path that it is given.

    Raises:
        MissingFileError: The folder does not exist.
        ArgumentError: The path is empty, a URL, or that of a folder or a device.
    """
    text = os.fspath(path)
    check_writable(text)
    if os.path.islink(text):
        text = os.path.realpath(text)
    folder = os.path.dirname(text) or "."
    if not os.path.isdir(folder):
        raise MissingFileError(f"cannot write {text!r}: the folder {folder!r} does not exist; make it first")
    temporary = os.path.join(
        folder, f".{os.path.basename(text)[:100]}.{os.getpid()}.{os.urandom(4).hex()}.tmp"
    )
    try:
        write(temporary)
        os.replace(temporary, text)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)


def write_text(path: PathLike, text: str) -> None:
    """Write a text as UTF-8, whole or not at all; see `write_whole`."""

    def write(temporary: str) -> None:
        with open(temporary, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)

    write_whole(path, write)
