"""The two sides of a comparison: what is judged, and what it is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.cli.inputs import Logging, Source, found_in, tell_of_segments
from tidegauge.cli.wanted import wanted, wanted_of_reference

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence
    from typing import Any

    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet


def read_sides(
    current: Sequence[str],
    reference: Sequence[str],
    options: Namespace,
    *,
    conditions: Mapping[str, Any] | None = None,
    windows_of_reference: bool = True,
) -> tuple[Profile | ProfileSet, Profile | ProfileSet]:
    """Read or log both sides; options that say how data is profiled are meant for those that are data.

    Args:
        current: What is judged: files, folders, patterns or URLs.
        reference: What it is compared with.
        options: Those of the command.
        conditions: For data: what to count, by name.
        windows_of_reference: Whether a reference that is data is profiled by windows, as the current data is.

    Raises:
        ArgumentError: Neither side is data, and an option says how data is profiled.
    """
    logging = Logging.of(options)
    sources = Source.of(current), Source.of(reference)
    if not any(source.is_data for source in sources):
        logging.refuse_beside(sources[0].files[0])
    whole = logging if windows_of_reference else logging._replace(timestamp=None, window=None, timezone=None)
    wishes = wanted(options), wanted_of_reference(options)
    found = [
        found_in(source, each, wish, conditions=conditions)
        for source, each, wish in zip(sources, (logging, whole), wishes, strict=True)
    ]
    tell_of_segments(found, wishes[0])
    now, then = (
        wish.chosen(each, source.files) for wish, each, source in zip(wishes, found, sources, strict=True)
    )
    return now, then


def one_profile(current: Profile | ProfileSet) -> Profile:
    """Return what is judged as one profile: its windows merged."""
    from tidegauge.profile import Profile

    return current if isinstance(current, Profile) else current.merge()


def one_or_history(reference: Profile | ProfileSet, *, merged: bool) -> Profile | ProfileSet:
    """Return a reference as its windows, from which is learnt what is usual, or as one profile.

    Args:
        reference: What was read or logged, without segments beside each other.
        merged: Whether windows are merged; they are, too, where they are too few to learn from.
    """
    from tidegauge.drift.history import LEAST_WINDOWS
    from tidegauge.profile import Profile

    if isinstance(reference, Profile):
        return reference
    windows = sum(window is not None for window in reference.windows)
    return reference.merge() if merged or windows < LEAST_WINDOWS else reference
