"""A reader of local files, folders and patterns."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tidegauge import _kernel
from tidegauge.errors import MissingFileError
from tidegauge.locations.layout import date_may_hold, is_dataset_folder, may_be_of
from tidegauge.locations.url import file_path, is_url, parse_url
from tidegauge.paths import PROFILE_SUFFIXES, expand_paths
from tidegauge.readers.reader import Found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.readers.selection import Selection

# How many files go into one call of the kernel: Ctrl-C is heard only between calls.
_AT_ONCE = 1000


def fetch(targets: Sequence[str], wanted: Selection, *, skip_damaged: bool) -> Found:
    """Read what is wanted of files, folders and patterns.

    Example:
        >>> from tidegauge.readers.selection import Selection
        >>> fetch(["nowhere.parquet"], Selection(), skip_damaged=False)
        Traceback (most recent call last):
        tidegauge.errors.MissingFileError: there is no file 'nowhere.parquet' ...
    """
    files = [file for target in targets for file in _files_of(target, wanted) if wanted.wants(file)]
    found = Found([], [])
    for start in range(0, len(files), _AT_ONCE):
        profiles, skipped = _kernel.read_files(
            files[start : start + _AT_ONCE], skip_damaged=skip_damaged, **wanted.filters
        )
        found.profiles.extend(profiles)
        found.skipped.extend(skipped)
    return found


def _files_of(target: str, wanted: Selection) -> list[str]:
    path = file_path(parse_url(target)) if is_url(target) else target
    return _files_below(path, wanted) if os.path.isdir(path) else expand_paths(path, PROFILE_SUFFIXES)


def _files_below(root: str, wanted: Selection) -> list[str]:
    """All profile files below a folder, sorted, without the folders that cannot hold what is wanted."""
    found: list[str] = []
    is_empty = True
    for parent, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        names = [n for n in files if not n.startswith((".", "_")) and n.lower().endswith(PROFILE_SUFFIXES)]
        if folders and not names and is_dataset_folder(folders):
            is_empty = False
            if parent != root and not may_be_of(os.path.basename(parent), wanted.dataset):
                folders[:] = []
            folders[:] = [n for n in folders if date_may_hold(n, wanted.since, wanted.until)]
        found.extend(os.path.join(parent, name) for name in names)
    if not found and is_empty:
        raise MissingFileError(
            f"the folder {root!r} has no file to read; "
            f"looked for names that end with {', '.join(PROFILE_SUFFIXES)}"
        )
    return sorted(found)
