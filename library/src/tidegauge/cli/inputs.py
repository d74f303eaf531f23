"""What commands take in: profile files are read, data files are profiled on the fly."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tidegauge.cli.progress import Progress
from tidegauge.errors import ArgumentError
from tidegauge.paths import check_writable, expand_paths

if TYPE_CHECKING:
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
    group.add_argument("--dataset", metavar="NAME", help="name of the dataset")
    group.add_argument(
        "--input-format",
        choices=("parquet", "csv", "ndjson", "arrow"),
        help="format of the files; by name and content",
    )


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
    segment: Mapping[str, str | None] | None = None,
    keep_segments: bool = False,
) -> Profile | ProfileSet:
    """Read profile files, or profile data files, whichever the paths name.

    Args:
        paths: Files, folders or patterns; ``-`` is data from standard input.
        timestamp: For data: the column that tells when a record happened.
        window: For data: the length of windows.
        dataset: For data: the dataset's name.
        input_format: For data: the format of the files.
        conditions: For data: what to count, by name.
        segment: Choose the records with these values; None for all records.
        keep_segments: Without `segment`, keep those that there are.

    Returns:
        What `tidegauge.read` or `tidegauge.log` gives, without segments beside each other.

    Raises:
        ArgumentError: Some files hold profiles and some data, or options for data come with profiles.
        MissingFileError: There is no such file.
    """
    whole = keep_segments and segment is None

    def choose(found: Profile | ProfileSet) -> Profile | ProfileSet:
        return found if whole else chosen(found, segment)

    files = [file for path in paths for file in ([path] if path == STANDARD_INPUT else expand_paths(path))]
    files = list(dict.fromkeys(files))
    profiles = [file for file in files if file != STANDARD_INPUT and is_profile_file(file)]
    if not profiles:
        from tidegauge.profiler import Profiler

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
                segments=None if segment is None else list(segment),
                max_segments=_EVERY_SEGMENT,
            )
            log_files(profiler, files, input_format)
            result: Profile | ProfileSet = profiler.profile()
            return result

        if not conditions or STANDARD_INPUT in files:
            return choose(log(conditions or {}))
        from tidegauge.constraints.counting import log_with

        found: Profile | ProfileSet = log_with(conditions, log)
        return choose(found)
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
    from tidegauge.io import read

    return choose(read(profiles))


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
        found = given.select(segment).totals()
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
    files = (file for path in given if path != STANDARD_INPUT for file in expand_paths(path))
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
