"""Samples in a folder: a file for each sampler, window and process, and reading them back merged."""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tidegauge.errors import ArgumentError, FormatError, MergeError, MissingFileError, nearest
from tidegauge.locations.folder import put
from tidegauge.locations.layout import (
    dataset_folder,
    date_may_hold,
    is_dataset_folder,
    may_hold,
    read_sample_file_name,
)
from tidegauge.locations.url import local_path
from tidegauge.samplers.samples import Samples
from tidegauge.windows import stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tidegauge.paths import PathLike
    from tidegauge.windows import When

STAY_HERE = "samples are raw records, which leave it only where you send them yourself"
"""Why no object store and no server takes samples."""

LOOK_SECONDS = 3_600.0
"""How often files that are too old are looked for."""

_TEMPORARY = re.compile(r"\..*\.tmp")
_AT_ONCE = 200


class SampleFolder:
    """Where a logger writes samples to, and removes old ones from.

    Args:
        root: The folder. It is made by the first `write`, and not again should it vanish.
        dataset: The dataset's name.
        keep_seconds: How long after the end of its window a file is kept; None for ever.
        clock: Gives the seconds since the epoch.
    """

    def __init__(
        self, root: str, dataset: str, *, keep_seconds: float | None, clock: Callable[[], float]
    ) -> None:
        self.root = root
        self._home = os.path.join(root, dataset_folder(dataset))
        self._keep_seconds = keep_seconds
        self._clock = clock
        self._is_made = False
        self._looked = float("-inf")
        self.trouble: str | None = None
        """What stood in the way of removing old files the last time; None as it should be."""

    def write(self, file: tuple[str, bytes], /, *, id: str) -> None:  # noqa: A002, ARG002 - as writers have it
        """Write a file, named relative to the root; and now and then remove what is too old.

        Raises:
            OSError: It cannot be written.
        """
        if not self._is_made:
            os.makedirs(self.root, exist_ok=True)
            self._is_made = True
        put(self.root, *file)
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            self._looked = time.monotonic()
            try:
                self.remove_old()
            except OSError as error:  # no reason to write the same file again
                self.trouble = f"old samples cannot be removed: {error}"
            else:
                self.trouble = None

    def remove_old(self) -> None:
        """Remove files of samples of windows that ended too long ago, and nothing else.

        Raises:
            OSError: One cannot be removed.
        """
        if self._keep_seconds is None:
            return
        oldest = int((self._clock() - self._keep_seconds) * 1e6)
        for date in _dates(self._home):
            if not date_may_hold(date, None, oldest):
                continue
            folder = os.path.join(self._home, date)
            for name in _names(folder):
                if _is_over(folder, name, oldest):
                    with suppress(FileNotFoundError):  # another process was faster
                        os.unlink(os.path.join(folder, name))
            with suppress(OSError):  # not empty
                os.rmdir(folder)

    def __repr__(self) -> str:
        return f"SampleFolder({self.root!r})"


def _is_over(folder: str, name: str, oldest: int) -> bool:
    known = read_sample_file_name(name)
    if known is not None:
        return known.end <= oldest
    if _TEMPORARY.fullmatch(name):  # of a process that died while it wrote
        with suppress(OSError):
            return os.stat(os.path.join(folder, name)).st_mtime * 1e6 < oldest
    return False


def read_samples(
    folder: PathLike, *, dataset: str | None = None, since: When | None = None, until: When | None = None
) -> dict[str, Samples]:
    """Read the samples that loggers have written into a folder, those of all windows and processes merged.

    Args:
        folder: The folder that `tidegauge.Logger` was given as ``samples=``.
        dataset: The dataset; may be left out if the folder has only one.
        since: Only samples of windows that end after this time: a date, a datetime (without a zone it is UTC)
            or ISO 8601 text.
        until: Only samples of windows that begin before this time.

    Returns:
        Name of the sampler → samples of all the records in these windows. Samplers without a file in that
        time are absent.

    Raises:
        MissingFileError: There is no such folder, or no such dataset in it.
        ArgumentError: There are several datasets, the folder is a URL, or a time is invalid.
        MergeError: A sampler was changed in that time: samples of different samplers do not merge.
        FormatError: A file is damaged.

    Example:
        >>> import tempfile
        >>> import tidegauge as tg
        >>> sampling = tg.samplers.Sampling({"dear": tg.samplers.Failing("fare < 100", 10)})
        >>> with tempfile.TemporaryDirectory() as home:
        ...     with tg.Logger(
        ...         "rides", writers=home + "/profiles", samplers=sampling, samples=home + "/samples"
        ...     ) as logger:
        ...         logger.record({"fare": 7.5})
        ...         logger.record({"fare": 750.0})
        ...     tg.samplers.read_samples(home + "/samples")["dear"].rows()
        [{'fare': 750.0}]
    """
    root = local_path(os.fspath(folder), argument="folder", reason=STAY_HERE)
    first, last = stretch(since, until)
    parts: dict[str, list[str]] = {}
    for path in _files(_home(root, dataset), first, last):
        known = read_sample_file_name(os.path.basename(path))
        if known is not None:
            parts.setdefault(known.sampler, []).append(path)
    merged = {name: _merged(name, paths) for name, paths in sorted(parts.items())}
    return {name: samples for name, samples in merged.items() if samples is not None}


def _home(root: str, dataset: str | None) -> str:
    if not os.path.isdir(root):
        raise MissingFileError(f"there is no folder {root!r} (from {os.getcwd()!r})")
    if dataset is not None:
        home = os.path.join(root, dataset_folder(dataset))
        if not os.path.isdir(home):
            known = [unquote(name) for name in _datasets(root)]
            raise MissingFileError(f"{root!r} has no samples of {dataset!r}{nearest(dataset, known)}")
        return home
    found = _datasets(root)
    if not found:
        raise MissingFileError(f"{root!r} has no samples; expected the folder that a Logger has as samples=")
    if len(found) > 1:
        names = ", ".join(repr(unquote(name)) for name in found[:10])
        raise ArgumentError(
            f"{root!r} has samples of several datasets, {names}; give dataset= as one of these"
        )
    return os.path.join(root, found[0])


def _datasets(root: str) -> list[str]:
    return [name for name in _names(root) if _dates(os.path.join(root, name))]


def _files(home: str, since: int | None, until: int | None) -> Iterator[str]:
    """Files that may be wanted, in order of time."""
    for date in _dates(home):
        if date_may_hold(date, since, until):
            for name in _names(os.path.join(home, date)):
                if may_hold(name, since, until):
                    yield os.path.join(home, date, name)


def _dates(home: str) -> list[str]:
    return [name for name in _names(home) if is_dataset_folder([name])]


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _merged(name: str, paths: list[str]) -> Samples | None:
    """Merge files, some at a time: there may be very many. None when all have been removed meanwhile."""
    whole: Samples | None = None
    for start in range(0, len(paths), _AT_ONCE):
        parts = [whole] if whole is not None else []
        for path in paths[start : start + _AT_ONCE]:
            part = _read(path)
            if part is None:
                continue
            if parts and part.sampler != parts[0].sampler:
                raise MergeError(
                    f"the sampler {name!r} was changed: it is {parts[0].sampler!r} before, and "
                    f"{part.sampler!r} in {path!r}; their samples do not merge; give since= or until="
                )
            parts.append(part)
        if parts:
            whole = parts[0] if len(parts) == 1 else parts[0].merge(*parts[1:])
    return whole


def _read(path: str) -> Samples | None:
    """Read a file; None when it has been removed meanwhile, for its age."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return None
    try:
        return Samples.from_bytes(data)
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from None
