"""Reading profiles back, and merging any number of them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tidegauge.errors import ArgumentError
from tidegauge.profile import Profile, merge_profiles, read_kernel_profiles
from tidegauge.profile_set import ProfileSet
from tidegauge.segments import once

if TYPE_CHECKING:
    from tidegauge.paths import PathLike


def read(path: PathLike | Iterable[PathLike]) -> Profile | ProfileSet:
    """Read profile files.

    Args:
        path: A file; a folder, searched through and through for ``*.parquet``; a pattern; or several
            of these.

    Returns:
        A Profile when there is only one, without window or segment, else a ProfileSet. Where the kind must
        be certain call `Profile.read` or `ProfileSet.read`.

    Raises:
        MissingFileError: There is no such file.
        FormatError: A file is no profile file, is damaged, or was written by a newer major version.

    Example:
        >>> import tempfile, tidegauge as tg
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     tg.log({"fare": [5.0]}, "taxi").write(folder + "/taxi.parquet")
        ...     tg.read(folder + "/taxi.parquet").dataset
        'taxi'
    """
    paths = [path] if isinstance(path, str | os.PathLike) else list(path)
    profiles = [Profile(kernel) for kernel in read_kernel_profiles(paths)]
    if len(profiles) == 1 and profiles[0].window is None and not profiles[0].segment:
        return profiles[0]
    return ProfileSet(profiles)


def merge(*profiles: Profile | Iterable[Profile]) -> Profile:
    """Merge profiles of parts of one dataset into the profile of the whole.

    Args:
        profiles: Profiles, profile sets, or other iterables of profiles; at least one profile in all.

    Returns:
        One profile; its window, if all have one, reaches from the first start to the last end. Every record
        goes in once: where there are profiles of all records, segments are left out.

    Raises:
        MergeError: The profiles are of different datasets, or of several partitions without a profile of all
            records.
        ArgumentError: There is none, or something else than a profile.

    Example:
        >>> import tidegauge as tg
        >>> tg.merge(tg.log({"x": [1, 2]}), tg.log({"x": [3]})).records
        3
    """
    found: list[Profile] = []
    for item in profiles:
        if isinstance(item, Profile):
            found.append(item)
        else:
            found.extend(_profiles_of(item))
    if not found:
        raise ArgumentError("merge() needs at least one profile")
    return merge_profiles(once(found))


def _profiles_of(item: object) -> Iterable[Profile]:
    if isinstance(item, Iterable) and not isinstance(item, str | bytes):
        return item
    raise ArgumentError(
        f"merge() takes profiles, profile sets and iterables of these, not {type(item).__name__}"
    )
