"""The layout of folders: where a set of profiles lies, so that a reader knows from names what to open.

``<dataset>/<date>/<start>_<end>_<id>.parquet``: the date is that of the window's start and the times are like
``20261128T134000Z``, all in UTC. Without a window: ``<dataset>/undated/<id>.parquet``. One file holds one
dataset and one window.

Files of samples are named alike, ``<start>_<end>_<id>_<sampler>.parquet``, in a folder of their own.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Iterable

UNDATED = "undated"
_LONGEST = 120
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNDATED_FILE = re.compile(r"[0-9a-f]{32}\.parquet")
_FILE = re.compile(r"(\d{8}T\d{6}Z)_(\d{8}T\d{6}Z)_[0-9a-f]{32}(?:_([A-Za-z0-9_.%-]+))?\.parquet")


def file_name(dataset: str | None, window: tuple[datetime, datetime] | None, delivery: str) -> str:
    """Name the file of one dataset and window, relative to the root.

    Args:
        dataset: The dataset's name; None when it has none.
        window: Start and end, aware.
        delivery: The id of the delivery.

    Example:
        >>> day = datetime(2026, 11, 28, tzinfo=UTC)
        >>> file_name("taxi", (day, day + timedelta(days=1)), "0" * 32)
        'taxi/2026-11-28/20261128T000000Z_20261129T000000Z_00000000000000000000000000000000.parquet'
    """
    folder = dataset_folder(dataset)
    if window is None:
        return f"{folder}/{UNDATED}/{delivery}.parquet"
    start = window[0].astimezone(UTC)
    end = _whole_second_after(window[1].astimezone(UTC))
    return f"{folder}/{start.isoformat()[:10]}/{_compact(start)}_{_compact(end)}_{delivery}.parquet"


def sample_file_name(dataset: str, window: tuple[datetime, datetime], delivery: str, sampler: str) -> str:
    """Name the file of what one sampler kept in one window, relative to the root.

    Args:
        dataset: The dataset's name.
        window: Start and end, aware.
        delivery: An id that no other process has.
        sampler: The sampler's name.

    Example:
        >>> day = datetime(2026, 11, 28, tzinfo=UTC)
        >>> sample_file_name("taxi", (day, day + timedelta(days=1)), "0" * 32, "far out")[16:]
        '20261128T000000Z_20261129T000000Z_00000000000000000000000000000000_far%20out.parquet'
    """
    return f"{file_name(dataset, window, delivery).removesuffix('.parquet')}_{_escaped(sampler)}.parquet"


class SampleFileName(NamedTuple):
    """What the name of a file of samples tells: the end of the window in microseconds since 1970."""

    end: int
    sampler: str


def read_sample_file_name(name: str) -> SampleFileName | None:
    """Read the name of a file of samples, without its folder; None when it is another one.

    Example:
        >>> name = "19700102T000000Z_19700103T000000Z_" + "0" * 32 + "_far%20out.parquet"
        >>> read_sample_file_name(name)
        SampleFileName(end=172800000000, sampler='far out')
    """
    found = _FILE.fullmatch(name)
    end = _microseconds(found[2]) if found and found[3] else None
    return None if found is None or end is None else SampleFileName(end, unquote(found[3]))


def _compact(moment: datetime) -> str:
    # Not strftime: on some systems it writes the year 1 as 1.
    return moment.isoformat()[:19].replace("-", "").replace(":", "") + "Z"


def _whole_second_after(moment: datetime) -> datetime:
    if moment.microsecond == 0:
        return moment
    floor = moment.replace(microsecond=0)
    try:
        return floor + timedelta(seconds=1)
    except OverflowError:  # the last second of the year 9999
        return floor


def dataset_folder(dataset: str | None) -> str:
    """Name the folder of a dataset, as any file system and object store takes it.

    Letters, digits, ``-`` and ``_``, and inside a name ``.``, stand for themselves, everything else as ``%``
    and its bytes in UTF-8; a name that would be too long is cut and ends in a hash.

    Example:
        >>> dataset_folder("taxi"), dataset_folder("eu/taxi v1.2"), dataset_folder(None)
        ('taxi', 'eu%2Ftaxi%20v1.2', 'unnamed')
    """
    if not dataset:
        return "unnamed"
    name = _escaped(dataset)
    if name[0] in "._":  # such folders are left out when a folder is searched
        name = f"%{ord(name[0]):02X}{name[1:]}"
    if name[-1] == ".":
        name = f"{name[:-1]}%2E"
    if len(name) > _LONGEST:
        from hashlib import sha256

        name = f"{name[:_LONGEST]}~{sha256(dataset.encode('utf-8', 'backslashreplace')).hexdigest()[:16]}"
    return name


def _escaped(text: str) -> str:
    return quote(text, safe="", errors="backslashreplace").replace("~", "%7E")


def may_hold(path: str, since: int | None, until: int | None) -> bool:
    """Tell by its name whether a file may hold a window that reaches into a stretch of time.

    Args:
        path: The path of a file; names that are not of the layout may hold anything.
        since: The first moment, in microseconds since 1970.
        until: The first moment after.

    Example:
        >>> day = 24 * 3600 * 10**6
        >>> name = "taxi/1970-01-02/19700102T000000Z_19700103T000000Z_" + "0" * 32 + ".parquet"
        >>> may_hold(name, day, None), may_hold(name, None, day), may_hold("mine.parquet", None, day)
        (True, False, True)
    """
    if since is None and until is None:
        return True
    folder, _, name = path.replace("\\", "/").rpartition("/")
    if folder.rpartition("/")[2] == UNDATED and _UNDATED_FILE.fullmatch(name):
        return False
    found = _FILE.fullmatch(name)
    start, end = (_microseconds(found[1]), _microseconds(found[2])) if found else (None, None)
    if start is None or end is None:
        return True
    # The last second of the year 9999 stands for what reaches beyond.
    return (until is None or start < until) and (since is None or end > since or end >= _END)


_END = (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)


def _microseconds(text: str) -> int | None:
    try:
        moment = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return (moment - _EPOCH) // timedelta(microseconds=1)


def date_may_hold(name: str, since: int | None, until: int | None) -> bool:
    """Tell by the name of a folder of one date whether a window in it may reach into a stretch of time.

    The date is that of the window's start; how long the window is nobody knows.

    Example:
        >>> day = 24 * 3600 * 10**6
        >>> date_may_hold("1970-01-02", None, day), date_may_hold("1970-01-02", 5 * day, None)
        (False, True)
    """
    if name == UNDATED:
        return since is None and until is None
    start = _microseconds(name.replace("-", "") + "T000000Z")
    return start is None or until is None or start < until


def is_dataset_folder(folders: Iterable[str]) -> bool:
    """Tell by the folders in it whether a folder is that of a dataset: all are dates or ``undated``.

    Example:
        >>> is_dataset_folder(["2026-11-27", "2026-11-28", "undated"]), is_dataset_folder(["2026"])
        (True, False)
    """
    names = list(folders)
    return bool(names) and all(name == UNDATED or _DATE.fullmatch(name) for name in names)


def may_be_of(folder: str, dataset: str | None) -> bool:
    """Tell by its name whether the folder of a dataset may be that of the one that is wanted.

    Example:
        >>> may_be_of("taxi", "taxi"), may_be_of("flights", "taxi"), may_be_of("flights", None)
        (True, False, True)
    """
    return dataset is None or folder == dataset_folder(dataset)
