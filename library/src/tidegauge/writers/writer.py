"""What a writer is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from tidegauge.errors import ArgumentError
from tidegauge.profile import Profile
from tidegauge.profile_set import ProfileSet

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID = re.compile(r"[0-9a-f]{32}")


@runtime_checkable
class Writer(Protocol):
    """Whatever delivers profiles: anything with this one method.

    Example:
        >>> import uuid
        >>> import tidegauge as tg
        >>> class Shelf:
        ...     def __init__(self):
        ...         self.kept = {}
        ...
        ...     def write(self, profiles, *, id):
        ...         self.kept[id] = profiles
        >>> shelf = Shelf()
        >>> shelf.write(tg.ProfileSet([tg.log({"x": [1]}, "taxi")]), id=uuid.uuid4().hex)
        >>> isinstance(shelf, Writer), len(shelf.kept)
        (True, 1)
    """

    def write(self, profiles: ProfileSet, *, id: str) -> None:  # noqa: A002 - the protocol's word
        """Deliver a set, and return once it is safely stored at the target.

        May be called from a different thread than the one that opened the writer, by one at a time.

        Args:
            profiles: Profiles of one dataset; usually those of one window, the total and all segments.
            id: 32 hexadecimal digits, as from ``uuid.uuid4().hex``. A set delivered twice under one id is
                stored once.

        Raises:
            WriterError: It could not be delivered now; retry later with the same id.
            PermanentWriterError: It can never be delivered; retrying is of no use.
        """
        ...


def check_delivery(profiles: ProfileSet | Profile, delivery: str) -> ProfileSet:
    """Check what a writer was given.

    Args:
        profiles: The set; a single profile counts as a set of one.
        delivery: The id.

    Returns:
        The set.

    Raises:
        ArgumentError: It is not a set, is empty or of several datasets, or the id is invalid.

    Example:
        >>> import tidegauge as tg
        >>> len(check_delivery(tg.log({"x": [1]}), "0" * 32))
        1
    """
    if isinstance(profiles, Profile):
        profiles = ProfileSet([profiles])
    if not isinstance(profiles, ProfileSet):
        raise ArgumentError(f"a writer takes a ProfileSet, not {type(profiles).__name__}")
    if not _ID.fullmatch(str(delivery)):
        raise ArgumentError(
            f"the id {delivery!r} is none: expected 32 hexadecimal digits, as of uuid.uuid4().hex"
        )
    if not len(profiles):
        raise ArgumentError("the profile set is empty: there is nothing to deliver")
    datasets = list(dict.fromkeys(profile.dataset for profile in profiles))
    if len(datasets) > 1:
        raise ArgumentError(
            f"the profiles are of several datasets ({datasets[0]!r}, {datasets[1]!r}); deliver those of "
            f"each by themselves"
        )
    return profiles


def files_of(profiles: ProfileSet, delivery: str) -> Iterator[tuple[str, ProfileSet]]:
    """Split a set into the files of the layout: each window is one.

    Returns:
        Names relative to the root, each with the contents of its file.

    Example:
        >>> import tidegauge as tg
        >>> days = tg.log({"t": ["2026-11-28"], "x": [1]}, "taxi", timestamp="t", window="1d")
        >>> [name[:15] for name, _ in files_of(days, "0" * 32)]
        ['taxi/2026-11-28']
    """
    from tidegauge.locations.layout import file_name

    by_window: dict[object, list[Profile]] = {}
    for profile in profiles:
        by_window.setdefault(profile.window, []).append(profile)
    for group in by_window.values():
        yield file_name(group[0].dataset, group[0].window, delivery), ProfileSet(group)
