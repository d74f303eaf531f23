"""What is wanted of the inputs: which profiles are read, and which of their segments are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tidegauge.errors import ArgumentError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet


class Wanted(NamedTuple):
    """Which profiles are read, and what is looked at of their segments."""

    segment: Mapping[str, str | None] | None = None
    keep_segments: bool = False
    since: str | None = None
    until: str | None = None
    skip_damaged: bool = False
    by: Sequence[str] | None = None
    """What ``--by-segment`` said: columns, or none of them for the segments that there are."""

    @property
    def partition(self) -> list[str] | None:
        """The columns that data is segmented by."""
        if self.segment is not None:
            return list(self.segment)
        if self.by is not None and not self.by:
            raise ArgumentError(
                "--by-segment needs columns where data is profiled, such as: --by-segment carrier"
            )
        return None if self.by is None else list(self.by)

    def chosen(self, profiles: Profile | ProfileSet, places: Sequence[str]) -> Profile | ProfileSet:
        """Choose the segment, or all records, unless segments are kept; `places` is for errors."""
        if self.by is not None:
            return by_segment(profiles, self.by, places)
        return profiles if self.keep_segments and self.segment is None else chosen(profiles, self.segment)

    def passed_over(self, profiles: Profile | ProfileSet) -> str | None:
        """Say which segments there are that nobody asked for; None where all is looked at, or was chosen."""
        is_asked = self.segment is not None or self.by is not None or self.keep_segments
        return None if is_asked else segments_beside(profiles)


def wanted(options: Namespace, *, keep_segments: bool = False) -> Wanted:
    """Return what the options of `tidegauge.cli.arguments.add_selection` say.

    Args:
        options: Those of the command.
        keep_segments: Whether all segments are kept when none is chosen.
    """
    segment, by = (getattr(options, name, None) for name in ("segment", "by_segment"))  # not in every command
    if segment is not None and by is not None:
        raise ArgumentError("--segment looks at one segment and --by-segment at each; give one of them")
    return Wanted(segment, keep_segments, options.since, options.until, options.skip_damaged, by)


def wanted_of_reference(options: Namespace) -> Wanted:
    """Return which profiles of a reference are read: the same segments, at whatever time."""
    return wanted(options)._replace(since=None, until=None, skip_damaged=False)


def chosen(profiles: Profile | ProfileSet, segment: Mapping[str, str | None] | None) -> Profile | ProfileSet:
    """Choose one segment, or without one all records.

    Args:
        profiles: What was read or logged.
        segment: Columns and values, as in `ProfileSet.select`.

    Returns:
        A Profile where there is only one, without a window; else a set without segments beside each other.

    Raises:
        MissingSegmentError: There is no such segment.
        ArgumentError: Several partitions have these columns.
        MergeError: There are several partitions and no profile of all records.
    """
    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet

    given = ProfileSet([profiles]) if isinstance(profiles, Profile) else profiles
    if segment is not None:
        found = _named(given.select(segment).totals(), segment)
    elif isinstance(profiles, Profile) or not given.partitions:
        return profiles
    else:
        found = given.totals()
    return found[0] if len(found) == 1 and found[0].window is None else found


def segments_beside(profiles: Profile | ProfileSet) -> str | None:
    """Say which segments there are beside all records, and how one is chosen; None where there are none."""
    from tidegauge.display.phrases import counted
    from tidegauge.profile import Profile

    if isinstance(profiles, Profile) or not profiles.partitions:
        return None
    parts = [
        f"{counted(len(profiles.select(columns).segments()), 'segment')} by {', '.join(columns)}"
        for columns in profiles.partitions
    ]
    names = ",".join(f"{name}=VALUE" for name in profiles.partitions[0])
    return f"all records are looked at; there are {', '.join(parts)}: --segment {names} chooses one"


def _named(profiles: ProfileSet, segment: Mapping[str, str | None]) -> ProfileSet:
    """Keep the name of a segment that is several of a finer partition, merged."""
    from tidegauge.profile import Profile, kernel_of
    from tidegauge.profile_set import ProfileSet

    pairs = list(segment.items())
    return ProfileSet(
        profile if profile.segment else Profile(kernel_of(profile).replace(segment=pairs))
        for profile in profiles
    )


def by_segment(profiles: Profile | ProfileSet, columns: Sequence[str], places: Sequence[str]) -> ProfileSet:
    """Choose the profiles of all records and those of segments.

    Args:
        profiles: What was read or logged.
        columns: The columns that the segments are by; all segments when empty.
        places: Where they were read.

    Raises:
        ArgumentError: There are no segments.
        MissingSegmentError: There are none by these columns.
    """
    from tidegauge.profile_set import ProfileSet

    if not isinstance(profiles, ProfileSet) or not profiles.partitions:
        if not profiles.records:
            raise ArgumentError(
                f"--by-segment: {', '.join(places)}: there are no records, and so no segments"
            )
        raise ArgumentError(
            f"--by-segment: {', '.join(places)}: the profiles have no segments; make them with: "
            "tidegauge profile --segment COLUMN"
        )
    return ProfileSet([*profiles.select({}), *profiles.select(columns)]) if columns else profiles
