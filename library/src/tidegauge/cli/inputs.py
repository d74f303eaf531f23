"""What commands take in: profile files are read, data files are profiled on the fly."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from tidegauge.cli import arguments
from tidegauge.cli.arguments import STANDARD_INPUT
from tidegauge.cli.output import remark
from tidegauge.cli.progress import Progress
from tidegauge.errors import ArgumentError, FormatError
from tidegauge.locations.url import is_url
from tidegauge.paths import expand_paths

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from tidegauge.cli.wanted import Wanted
    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet
    from tidegauge.profiler import Profiler

_MARK = b"tidegauge.format_version"
_EVERY_SEGMENT = 100_000
_PARQUET = b"PAR1"
_TAIL = 8  # the length of the footer as 4 bytes, then PAR1


class Logging(NamedTuple):
    """How data files are profiled."""

    timestamp: str | None = None
    window: str | None = None
    timezone: str | None = None
    input_format: str | None = None
    dataset: str | None = None
    """The dataset's name; of profiles, those of this dataset are read."""

    @classmethod
    def of(cls, options: Namespace) -> Logging:
        """Return what the options of `add_logging` say.

        Raises:
            ArgumentError: Some of them do not go together.
        """
        found = cls(*(getattr(options, name) for name in cls._fields))
        if found.window and not found.timestamp:
            raise ArgumentError(
                "--window needs --timestamp COLUMN, the column that tells when a record happened"
            )
        if found.timezone and not found.window:
            raise ArgumentError("--timezone says where windows begin, and there are none; give --window, too")
        return found

    def refuse_beside(self, profiles: str) -> None:
        """Refuse what says how data is profiled where there is none.

        Args:
            profiles: A file that holds profiles.

        Raises:
            ArgumentError: There is such an option.
        """
        for name in ("timestamp", "window", "timezone", "input_format"):
            if getattr(self, name) is not None:
                raise ArgumentError(
                    f"--{name.replace('_', '-')} says how data is profiled, and {profiles!r} holds profiles "
                    "already"
                )


def add_logging(parser: arguments.Parser) -> None:
    """Add the options that say how data files are profiled, and which profiles are read."""
    group = parser.add_argument_group("how data files are profiled")
    arguments.add_windows(group)
    group.add_argument(
        "--dataset", metavar="NAME", help="name of the dataset; of profiles, those of this dataset are read"
    )
    arguments.add_input_format(group)
    arguments.add_selection(parser, with_dataset=False)


class Source(NamedTuple):
    """The files that are meant, each once, and those of them that hold profiles, as URLs do."""

    files: list[str]
    profiles: list[str]

    @property
    def is_data(self) -> bool:
        """Whether it is data, which is profiled."""
        return not self.profiles

    @classmethod
    def of(cls, paths: Iterable[str]) -> Source:
        """Find the files and look what they hold.

        Args:
            paths: Files, folders or patterns; URLs, which hold profiles; ``-`` is data from standard input.

        Raises:
            ArgumentError: Some hold profiles and some data.
            MissingFileError: There is no such file.
        """
        given = list(paths)
        urls = [path for path in given if is_url(path)]
        local = [path for path in given if not is_url(path)]
        found = [
            file for path in local for file in ([path] if path == STANDARD_INPUT else expand_paths(path))
        ]
        files = list(dict.fromkeys(found))
        profiles = [file for file in files if file != STANDARD_INPUT and is_profile_file(file)]
        source = cls(files + urls, profiles + urls)
        if 0 < len(source.profiles) < len(source.files):
            data = next(file for file in files if file not in profiles)
            raise ArgumentError(
                f"{source.profiles[0]!r} holds profiles and {data!r} holds data; give the one or the other"
            )
        return source


def read_profiles(places: Sequence[str], wanted: Wanted, *, dataset: str | None = None) -> ProfileSet:
    """Read profile files from files, folders, patterns and URLs; tell of files that were passed over.

    Args:
        places: Where they are.
        wanted: Which of them; all their segments are read.
        dataset: Only profiles of this dataset.

    Raises:
        ArgumentError: There are profiles, and none is wanted.
        MissingFileError: There is no such file.
        FormatError: A file holds no profiles, or is damaged.
    """
    import warnings

    from tidegauge.readers import read

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            profiles = read(
                places,
                dataset=dataset,
                since=wanted.since,
                until=wanted.until,
                skip_damaged=wanted.skip_damaged,
            )
        except FormatError as error:
            raise _of_data(places, error) from None
    for each in told:
        remark(str(each.message))
    asked = {"--dataset": dataset, "--since": wanted.since, "--until": wanted.until}
    if not len(profiles) and any(asked.values()):
        named = " ".join(f"{option} {value}" for option, value in asked.items() if value)
        raise ArgumentError(f"none of the profiles in {', '.join(places)} is selected by {named}")
    return profiles


def _of_data(places: Sequence[str], error: FormatError) -> FormatError:
    """Return an error that says what to do with data, where a place is a file that is not even Parquet."""
    for place in places:
        if os.path.isfile(place):
            with open(place, "rb") as file:
                begins = file.read(len(_PARQUET))
            if begins != _PARQUET:
                return FormatError(
                    f"{place!r} holds no profiles; if it is data, profile it with: tidegauge profile {place}"
                )
    return error


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
        if tail[4:] != _PARQUET or length > size - _TAIL:
            return False
        file.seek(size - _TAIL - length)
        return _MARK in file.read(length)


def read_or_log(
    paths: Iterable[str],
    logging: Logging,
    wanted: Wanted,
    *,
    conditions: Mapping[str, Any] | None = None,
) -> Profile | ProfileSet:
    """Read profile files, or profile data files, whichever the paths name; tell of segments passed over.

    Args:
        paths: Files, folders or patterns; URLs, which hold profiles; ``-`` is data from standard input.
        logging: For data: how it is profiled. For profiles: of which dataset.
        wanted: Which profiles, and what of their segments.
        conditions: For data: what to count, by name.

    Returns:
        What `tidegauge.read` or `tidegauge.log` gives, without segments beside each other.

    Raises:
        ArgumentError: Some files hold profiles and some data, or options for data come with profiles.
        MissingFileError: There is no such file.
    """
    source = Source.of(paths)
    if not source.is_data:
        logging.refuse_beside(source.files[0])
    found = found_in(source, logging, wanted, conditions=conditions)
    tell_of_segments([found], wanted)
    return wanted.chosen(found, source.files)


def found_in(
    source: Source, logging: Logging, wanted: Wanted, *, conditions: Mapping[str, Any] | None = None
) -> Profile | ProfileSet:
    """Read or log as `read_or_log` does, with all segments."""
    if not source.is_data:
        return one_or_set(read_profiles(source.files, wanted, dataset=logging.dataset))
    files = source.files
    _refuse_selection(files, wanted)
    from tidegauge.profiler import Profiler
    from tidegauge.segments import MAX_SEGMENTS

    def log(some: Mapping[str, Any]) -> Profile | ProfileSet:
        make: Any = Profiler  # which overload fits is known at run time only
        profiler = make(
            logging.dataset,
            timestamp=logging.timestamp,
            window=logging.window,
            timezone=logging.timezone,
            conditions=some or None,
            segments=wanted.partition,
            max_segments=MAX_SEGMENTS if wanted.segment is None else _EVERY_SEGMENT,
        )
        log_files(profiler, files, logging.input_format)
        result: Profile | ProfileSet = profiler.profile()
        return result

    if not conditions or STANDARD_INPUT in files:
        return log(conditions or {})
    from tidegauge.constraints.counting import log_with

    found: Profile | ProfileSet = log_with(conditions, log)
    return found


def tell_of_segments(inputs: Iterable[Profile | ProfileSet], wanted: Wanted) -> None:
    """Tell once that there are segments nobody asked for, where any of the inputs has some."""
    told = next(filter(None, map(wanted.passed_over, inputs)), None)
    if told is not None:
        remark(told)


def _refuse_selection(files: Sequence[str], wanted: Wanted) -> None:
    """Refuse what says which profiles are read, where data is read."""
    for name in ("since", "until", "skip_damaged"):
        if getattr(wanted, name):
            raise ArgumentError(
                f"--{name.replace('_', '-')} says which profiles are read, and {files[0]!r} holds data"
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
