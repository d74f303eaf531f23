"""``read``: profiles from files, folders, object stores and servers, filtered where they are."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

from tidegauge.errors import ArgumentError
from tidegauge.locations.url import MODULES, is_url, parse_url
from tidegauge.readers.reader import Found
from tidegauge.readers.selection import selection

if TYPE_CHECKING:
    from tidegauge.paths import PathLike
    from tidegauge.profile_set import ProfileSet
    from tidegauge.readers.reader import Fetch
    from tidegauge.readers.selection import Selection
    from tidegauge.segments import Chosen
    from tidegauge.windows import When


class DamagedFileWarning(UserWarning):
    """Files were skipped, as ``skip_damaged`` allows: they are damaged or could not be read."""


def read(
    url: PathLike | Iterable[PathLike],
    *,
    dataset: str | None = None,
    since: When | None = None,
    until: When | None = None,
    segment: Chosen | None = None,
    skip_damaged: bool = False,
) -> ProfileSet:
    """Read profiles: those you ask for, touching as few others as possible.

    Files in the layout of writers are ruled out by their names, others by the windows in their footers. The
    rest are read on all cores.

    Args:
        url: A file; a folder, searched recursively for ``*.parquet``; a pattern; a URL (``file://``,
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
        The profiles; an empty set if there are files but none has what you ask for. If several machines wrote
        profiles of one window, ``.merge_windows()`` merges these.

    Raises:
        MissingFileError: There is no such file, or no profile file in the folder.
        ReaderError: A store or server could not be read.
        FormatError: A file is not a profile file, or is damaged.
        ArgumentError: The URL or a filter is invalid.

    Example:
        >>> import tempfile
        >>> import tidegauge as tg
        >>> trips = {"at": ["2026-11-27T10:00", "2026-11-28T11:00"], "fare": [5.0, 7.5]}
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     tg.log(trips, "taxi", timestamp="at", window="1d").write(folder + "/days.parquet")
        ...     len(tg.readers.read(folder, dataset="taxi", since="2026-11-28"))
        1
    """
    wanted = selection(dataset, since=since, until=until, segment=segment)
    found = fetch_all(url, wanted, skip_damaged=skip_damaged)
    report_skipped(found.skipped)
    return wanted.chosen(found.profiles)


def fetch_all(url: PathLike | Iterable[PathLike], wanted: Selection, *, skip_damaged: bool) -> Found:
    """Read what is wanted of one place or several, each by the module that knows its kind."""
    if not isinstance(url, str | os.PathLike | Iterable):
        raise ArgumentError(f"{url!r} is no place to read from; give the path of a file or folder, or a URL")
    targets = [url] if isinstance(url, str | os.PathLike) else list(url)
    by_kind: dict[str, list[str]] = {}
    for target in targets:
        text = os.fspath(target)
        scheme = parse_url(text).scheme if is_url(text) else "file"
        by_kind.setdefault(MODULES[scheme], []).append(text)
    found = Found([], [])
    for kind, texts in by_kind.items():
        fetch: Fetch = import_module(f"tidegauge.readers.{kind}").fetch
        part = fetch(texts, wanted, skip_damaged=skip_damaged)
        found.profiles.extend(part.profiles)
        found.skipped.extend(part.skipped)
    return found


def report_skipped(skipped: list[str]) -> None:
    """Warn of files that were passed over, at the line that called the caller."""
    if not skipped:
        return
    shown = "; ".join(skipped[:5])
    more = f"; and {len(skipped) - 5} more" if len(skipped) > 5 else ""
    files = "1 file was" if len(skipped) == 1 else f"{len(skipped)} files were"
    warnings.warn(f"{files} passed over: {shown}{more}", DamagedFileWarning, stacklevel=3)
