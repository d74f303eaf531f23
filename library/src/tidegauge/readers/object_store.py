"""A reader of object stores: lists what may be wanted, and fetches many objects at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tidegauge import _kernel
from tidegauge.errors import FormatError, MissingFileError, ReaderError
from tidegauge.locations.layout import date_may_hold, is_dataset_folder, may_be_of
from tidegauge.locations.object_store import open_store
from tidegauge.locations.url import parse_url
from tidegauge.paths import PROFILE_SUFFIXES
from tidegauge.readers.reader import Found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tidegauge._kernel import KernelProfile
    from tidegauge.locations.object_store import ObjectStore
    from tidegauge.readers.selection import Selection

# Many requests can wait for the network at once; decoding takes turns on the cores.
_THREADS = 16


def fetch(targets: Sequence[str], wanted: Selection, *, skip_damaged: bool) -> Found:
    """Read what is wanted below URLs, or the objects that they name.

    Example:
        >>> import tidegauge as tg
        >>> tg.writers.open_writer("memory://fetched").write(tg.log({"x": [1]}, "taxi"), id="0" * 32)
        >>> from tidegauge.readers.selection import Selection
        >>> len(fetch(["memory://fetched/"], Selection(dataset="taxi"), skip_damaged=False).profiles)
        1
    """
    found = Found([], [])
    for target in targets:
        part = _fetch(target, wanted, skip_damaged=skip_damaged)
        found.profiles.extend(part.profiles)
        found.skipped.extend(part.skipped)
    return found


def _fetch(target: str, wanted: Selection, *, skip_damaged: bool) -> Found:
    folder, _, last = target.rpartition("/")
    is_file = last.lower().endswith(PROFILE_SUFFIXES)
    place = open_store(parse_url(folder if is_file else target))
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="tidegauge-reader")
    try:
        keys = [last] if is_file else _wanted_keys(place, wanted, pool)
        return _gather(keys, lambda key: _load(place, key, wanted), pool, skip_damaged=skip_damaged)
    except FileNotFoundError as error:
        raise MissingFileError(str(error)) from error
    except OSError as error:
        raise error if isinstance(error, ReaderError) else ReaderError(f"cannot read {error}") from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _load(place: ObjectStore, key: str, wanted: Selection) -> list[KernelProfile]:
    data = place.get(key)
    try:
        return _kernel.decode(data, **wanted.filters)
    except FormatError as error:
        raise FormatError(f"{place.name.rstrip('/')}/{key}: {error}") from None


def _gather(
    keys: Iterable[str],
    load: Callable[[str], list[KernelProfile]],
    pool: ThreadPoolExecutor,
    *,
    skip_damaged: bool,
) -> Found:
    found = Found([], [])

    def tried(key: str) -> list[KernelProfile] | FormatError | FileNotFoundError:
        try:
            return load(key)
        except (FormatError, FileNotFoundError) as error:  # removed since it was listed
            if not skip_damaged:
                raise
            return error

    for result in pool.map(tried, keys):
        if isinstance(result, list):
            found.profiles.extend(result)
        else:
            found.skipped.append(str(result))
    return found


def _wanted_keys(place: ObjectStore, wanted: Selection, pool: ThreadPoolExecutor) -> list[str]:
    """The keys of all files that may hold what is wanted, sorted."""
    if wanted.takes_all_names:
        keys = [key for key in place.listed() if _is_profile_file(key)]
        is_empty = not keys
    else:
        keys, is_empty = _walk(place, wanted, pool)
    if is_empty:
        raise MissingFileError(
            f"{place.name!r} has no file to read; "
            f"looked for names that end with {', '.join(PROFILE_SUFFIXES)}"
        )
    return sorted(key for key in keys if wanted.wants(key))


def _walk(place: ObjectStore, wanted: Selection, pool: ThreadPoolExecutor) -> tuple[list[str], bool]:
    """List folder by folder, without those that cannot hold what is wanted, and tell if nothing was there."""
    found: list[str] = []
    is_empty = True
    level = [""]
    while level:
        below: list[str] = []
        for parent, listing in zip(level, pool.map(place.folder, level), strict=True):
            files = [key for key in listing.files if _is_profile_file(key)]
            folders = [name for name in listing.folders if not name.startswith((".", "_"))]
            found += files
            if folders and not files and is_dataset_folder(folders):
                is_empty = False
                if parent and not may_be_of(parent.rpartition("/")[2], wanted.dataset):
                    continue
                folders = [name for name in folders if date_may_hold(name, wanted.since, wanted.until)]
            below += [f"{parent}/{name}" if parent else name for name in folders]
        level = below
    return found, is_empty and not found


def _is_profile_file(key: str) -> bool:
    names = key.split("/")
    return names[-1].lower().endswith(PROFILE_SUFFIXES) and not any(
        name.startswith((".", "_")) for name in names
    )
