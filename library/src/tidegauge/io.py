"""Reading profiles back, and merging any number of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.errors import ArgumentError
from tidegauge.profile import Profile, all_profiles, merge_profiles
from tidegauge.segments import once

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidegauge.paths import PathLike
    from tidegauge.profile_set import ProfileSet
    from tidegauge.segments import Chosen
    from tidegauge.windows import When


def read(
    path: PathLike | Iterable[PathLike],
    *,
    dataset: str | None = None,
    since: When | None = None,
    until: When | None = None,
    segment: Chosen | None = None,
    skip_damaged: bool = False,
) -> Profile | ProfileSet:
    """Read profiles from files and URLs: those you ask for, touching as few others as possible.

    Args:
        path: A file; a folder, searched recursively for ``*.parquet``; a pattern; a URL (``file://``,
            ``s3://``, ``gs://``, ``az://``, ``abfss://``, ``memory://``: a folder or a file; ``http://``,
            ``https://``: a file); or several of these.
        dataset: Only profiles of this dataset.
        since: Only profiles whose window ends after this time: a date, a datetime (without a zone it is UTC)
            or ISO 8601 text.
        until: Only profiles whose window begins before this time. With ``since`` or ``until``, profiles
            without a window are left out.
        segment: Only profiles of this segment, such as ``{"carrier": "UA"}``, or of all records, ``{}``; see
            `ProfileSet.select`.
        skip_damaged: Whether to skip damaged files, with a `DamagedFileWarning` that names them.

    Returns:
        A Profile if there is only one, without window or segment, else a ProfileSet. If you need to be sure
        of the type, call `tidegauge.readers.read`, which always returns a set.

    Raises:
        MissingFileError: There is no such file.
        ReaderError: A store or server could not be read.
        FormatError: A file is not a profile file, is damaged, or was written by a newer major version.
        ArgumentError: The URL or a filter is invalid.

    Example:
        >>> import tempfile, tidegauge as tg
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     tg.log({"fare": [5.0]}, "taxi").write(folder + "/taxi.parquet")
        ...     tg.read(folder + "/taxi.parquet").dataset
        'taxi'
    """
    from tidegauge.readers.reading import fetch_all, report_skipped
    from tidegauge.readers.selection import selection

    wanted = selection(dataset, since=since, until=until, segment=segment)
    found = fetch_all(path, wanted, skip_damaged=skip_damaged)
    report_skipped(found.skipped)
    profiles = wanted.chosen(found.profiles)
    if len(profiles) == 1 and profiles[0].window is None and not profiles[0].segment:
        return profiles[0]
    return profiles


def merge(*profiles: Profile | Iterable[Profile | ProfileSet]) -> Profile:
    """Merge profiles of parts of one dataset into the profile of the whole.

    Args:
        profiles: Profiles, profile sets, or other iterables of both; at least one profile in all.

    Returns:
        One profile; its window, if all have one, reaches from the first start to the last end. Every record
        counts once: if there are profiles of all records, segments are left out.

    Raises:
        MergeError: The profiles are of different datasets, or of several partitions without a profile of all
            records.
        ArgumentError: There is none, or something is not a profile.

    Example:
        >>> import tidegauge as tg
        >>> tg.merge(tg.log({"x": [1, 2]}), tg.log({"x": [3]})).records
        3
    """
    found = list(all_profiles("merge", profiles))
    if not found:
        raise ArgumentError("merge() needs at least one profile")
    return merge_profiles(once(found))
