"""What commands take in: profile files are read, data files are profiled on the fly."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from tidegauge.cli.output import remark
from tidegauge.cli.progress import Progress
from tidegauge.errors import ArgumentError
from tidegauge.locations.url import is_url
from tidegauge.paths import check_writable, expand_paths

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from tidegauge.cli.arguments import Parser
    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet
    from tidegauge.profiler import Profiler

STANDARD_INPUT = "-"
_MARK = b"tidegauge.format_version"
_EVERY_SEGMENT = 100_000
_TAIL = 8  # the length of the footer as 4 bytes, then PAR1


def add_logging(parser: Parser) -> None:
    """Add the options that say how data files are profiled."""
    group = parser.add_argument_group("how data files are profiled")
    group.add_argument("--timestamp", metavar="COLUMN", help="column that tells when a record happened")
    from tidegauge.cli import arguments

    group.add_argument(
        "--window",
        type=arguments.window,
        metavar="LENGTH",
        help="one profile for each window of this length, such as 1d; needs --timestamp",
    )
    group.add_argument(
        "--dataset", metavar="NAME", help="name of the dataset; of profiles, those of this dataset are read"
    )
    group.add_argument(
        "--input-format",
        choices=("parquet", "csv", "ndjson", "arrow"),
        help="format of the files; by name and content",
    )
    arguments.add_selection(parser, with_dataset=False)


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


def read_profiles(places: Sequence[str], wanted: Wanted, *, dataset: str | None = None) -> ProfileSet:
    """Read profile files from files, folders, patterns and URLs; tell of files that were passed over.

    Args:
        places: Where they are.
        wanted: Which of them; all their segments are read.
        dataset: Only profiles of this dataset.

    Raises:
        ArgumentError: There are profiles, and none is wanted.
        MissingFileError: There is no such file.
    """
    import warnings

    from tidegauge.readers import read

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        profiles = read(
            places, dataset=dataset, since=wanted.since, until=wanted.until, skip_damaged=wanted.skip_damaged
        )
    for each in told:
        remark(str(each.message))
    asked = {"--dataset": dataset, "--since": wanted.since, "--until": wanted.until}
    if not len(profiles) and any(asked.values()):
        named = " ".join(f"{option} {value}" for option, value in asked.items() if value)
        raise ArgumentError(f"none of the profiles in {', '.join(places)} is selected by {named}")
    return profiles


def read_wanted(places: Sequence[str], wanted: Wanted, *, dataset: str | None = None) -> Profile | ProfileSet:
    """Read profile files as `read_profiles` does, and choose among their segments."""
    return wanted.chosen(one_or_set(read_profiles(places, wanted, dataset=dataset)), places)


def one_or_set(profiles: ProfileSet) -> Profile | ProfileSet:
    """Return the profile itself where there is only one, of all records and without a window."""
    is_one = len(profiles) == 1 and profiles[0].window is None and not profiles[0].segment
    return profiles[0] if is_one else profiles


def is_profile_file(path: str) -> bool:
    """Tell whether a file holds profiles: a Parquet file whose footer says so.

    Args:
        path: A file.

    Example:
        >>> is_profile_file(__file__)
        False
    """
    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        if size < 2 * _TAIL:
            return False
        file.seek(size - _TAIL)
        tail = file.read(_TAIL)
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != b"PAR1" or length > size - _TAIL:
            return False
        file.seek(size - _TAIL - length)
        return _MARK in file.read(length)


def read_or_log(
    paths: Iterable[str],
    *,
    timestamp: str | None = None,
    window: str | None = None,
    dataset: str | None = None,
    input_format: str | None = None,
    conditions: Mapping[str, Any] | None = None,
    wanted: Wanted | None = None,
) -> Profile | ProfileSet:
    """Read profile files, or profile data files, whichever the paths name.

    Args:
        paths: Files, folders or patterns; URLs, which hold profiles; ``-`` is data from standard input.
        timestamp: For data: the column that tells when a record happened.
        window: For data: the length of windows.
        dataset: For data: the dataset's name. For profiles: only those of this dataset.
        input_format: For data: the format of the files.
        conditions: For data: what to count, by name.
        wanted: Which profiles, and what of their segments; without it the profiles of all records.

    Returns:
        What `tidegauge.read` or `tidegauge.log` gives, without segments beside each other.

    Raises:
        ArgumentError: Some files hold profiles and some data, or options for data come with profiles.
        MissingFileError: There is no such file.
    """
    wanted = wanted or Wanted()
    files, profiles = _told_apart(list(paths))
    if not profiles:
        _refuse_selection(files, wanted)
        from tidegauge.profiler import Profiler
        from tidegauge.segments import MAX_SEGMENTS

        partition = wanted.partition
        if window and not timestamp:
            raise ArgumentError(
                "--window needs --timestamp COLUMN, the column that tells when a record happened"
            )

        def log(some: Mapping[str, Any]) -> Profile | ProfileSet:
            make: Any = Profiler  # which overload fits is known at run time only
            profiler = make(
                dataset,
                timestamp=timestamp,
                window=window,
                conditions=some or None,
                segments=partition,
                max_segments=MAX_SEGMENTS if wanted.segment is None else _EVERY_SEGMENT,
            )
            log_files(profiler, files, input_format)
            result: Profile | ProfileSet = profiler.profile()
            return result

        if not conditions or STANDARD_INPUT in files:
            return wanted.chosen(log(conditions or {}), files)
        from tidegauge.constraints.counting import log_with

        found: Profile | ProfileSet = log_with(conditions, log)
        return wanted.chosen(found, files)
    if len(profiles) < len(files):
        data = next(file for file in files if file not in profiles)
        raise ArgumentError(
            f"{profiles[0]!r} holds profiles and {data!r} holds data; give the one or the other"
        )
    for option, value in (("--timestamp", timestamp), ("--window", window), ("--input-format", input_format)):
        if value is not None:
            raise ArgumentError(
                f"{option} says how data is profiled, and {profiles[0]!r} holds profiles already"
            )
    return read_wanted(profiles, wanted, dataset=dataset)


def _told_apart(given: Sequence[str]) -> tuple[list[str], list[str]]:
    """List the files that are meant, each once, and those of them that hold profiles, as URLs do."""
    urls = [path for path in given if is_url(path)]
    local = [path for path in given if not is_url(path)]
    files = [file for path in local for file in ([path] if path == STANDARD_INPUT else expand_paths(path))]
    files = list(dict.fromkeys(files))
    profiles = [file for file in files if file != STANDARD_INPUT and is_profile_file(file)]
    return files + urls, profiles + urls


def _refuse_selection(files: Sequence[str], wanted: Wanted) -> None:
    """Refuse what says which profiles are read, where data is read."""
    for name in ("since", "until", "skip_damaged"):
        if getattr(wanted, name):
            raise ArgumentError(
                f"--{name.replace('_', '-')} says which profiles are read, and {files[0]!r} holds data"
            )


def chosen(profiles: Profile | ProfileSet, segment: Mapping[str, str | None] | None) -> Profile | ProfileSet:
    """Choose one segment, or without one all records; then say which segments there are.

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
        from tidegauge.cli.output import remark
        from tidegauge.display.phrases import counted

        parts = [
            f"{counted(len(given.select(columns).segments()), 'segment')} by {', '.join(columns)}"
            for columns in given.partitions
        ]
        names = ",".join(f"{name}=VALUE" for name in given.partitions[0])
        remark(f"all records are looked at; there are {', '.join(parts)}: --segment {names} chooses one")
    return found[0] if len(found) == 1 and found[0].window is None else found


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


def check_output(output: str, given: Iterable[str]) -> None:
    """Find out before the work, not after it, that an output cannot be written or would replace an input.

    Args:
        output: The file that is to be written.
        given: What is read: files, folders or patterns; ``-`` is standard input.

    Raises:
        ArgumentError: Its folder does not exist, it is a folder or a device, or it is one of the inputs.
        MissingFileError: An input does not exist.

    Example:
        >>> check_output(__file__, [__file__])
        Traceback (most recent call last):
        tidegauge.errors.ArgumentError: the output ... is one of the inputs, and would replace it; ...
    """
    check_writable(output)
    folder = os.path.dirname(output) or "."
    if not os.path.isdir(folder):
        raise ArgumentError(f"cannot write {output!r}: the folder {folder!r} does not exist; make it first")
    if not os.path.exists(output):
        return
    local = (path for path in given if path != STANDARD_INPUT and not is_url(path))
    files = (file for path in local for file in expand_paths(path))
    if any(os.path.samefile(file, output) for file in files):
        raise ArgumentError(
            f"the output {output!r} is one of the inputs, and would replace it; give another name"
        )


def log_files(profiler: Profiler[Any], files: Sequence[str], input_format: str | None) -> None:
    """Profile files one after the other, drawing progress.

    Args:
        profiler: Where they are logged.
        files: Files; ``-`` is standard input.
        input_format: Their format; by name and content when None.
    """
    sizes = [0 if file == STANDARD_INPUT else os.path.getsize(file) for file in files]
    with Progress(0 if STANDARD_INPUT in files else sum(sizes)) as progress:
        for file, size in zip(files, sizes, strict=True):
            progress.begin("standard input" if file == STANDARD_INPUT else os.path.basename(file))
            profiler.log_file(file, format=input_format, progress=progress.callback())
            progress.end(size)
