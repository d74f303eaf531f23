"""``tidegauge profile``: make a profile of files."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from typing import TYPE_CHECKING

from tidegauge.cli import arguments
from tidegauge.cli.arguments import STANDARD_INPUT
from tidegauge.cli.inputs import Logging, log_files
from tidegauge.cli.output import check_output, print_profiles, remark
from tidegauge.errors import ArgumentError, MissingColumnError, MissingFileError
from tidegauge.paths import expand_paths

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence
    from typing import Any

    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet
    from tidegauge.schema import Schema

_EXAMPLES = """
tidegauge profile flights.csv.gz
tidegauge profile lake/2013/ 'lake/2014/*.parquet' -o flights.parquet --dataset flights
tidegauge profile flights.parquet --timestamp time_hour --window 1d -o days.parquet
tidegauge profile flights.parquet --segment carrier --segment origin,dest -o segments.parquet
tidegauge profile trips.csv --condition 'paid=fare > 0' --condition 'known=city is not null'
tidegauge profile flights.parquet --derive 'speed=distance / air_time * 60' --segment carrier
tidegauge profile users.parquet --schema private.json --key-file privacy.key -o out.parquet
zcat events.ndjson.gz | tidegauge profile - --input-format ndjson --format json
"""


def add_to(commands: arguments.Commands[arguments.Parser]) -> None:
    """Add the command and its arguments."""
    parser = arguments.add_command(commands, "profile", "make a profile of data files", _EXAMPLES)
    parser.set_defaults(run=run)
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="FILE",
        help="files, folders or patterns, all profiled together; - is standard input",
    )
    parser.add_argument("-o", "--output", metavar="OUT", help="write the profile to this file (Parquet)")
    parser.add_argument("--dataset", metavar="NAME", help="name of the dataset")
    _add_grouping(parser)
    parser.add_argument(
        "--columns", type=arguments.names, action="extend", metavar="A,B,C", help="profile these columns only"
    )
    parser.add_argument(
        "--schema",
        metavar="FILE",
        help="JSON with roles, metrics and privacy of columns, as Schema.to_dict() gives it",
    )
    parser.add_argument(
        "--key-file", metavar="FILE", help="file with the key for what the schema hashes; 16 bytes or more"
    )
    parser.add_argument(
        "--tag",
        type=arguments.tag,
        action="append",
        metavar="KEY=VALUE",
        help="a tag to keep with the profile",
    )
    parser.add_argument(
        "--condition",
        type=arguments.named_expression,
        action="append",
        metavar="NAME=EXPR",
        help="count of how many records this is true, as in 'paid=fare > 0 and paid'; may be repeated",
    )
    parser.add_argument(
        "--derive",
        type=arguments.named_expression,
        action="append",
        metavar="NAME=EXPR",
        help="profile this as one more column, as in 'speed=distance / hours'; may be repeated",
    )
    arguments.add_input_format(parser)
    arguments.add_format(parser, default=None)
    parser.add_argument("--all", action="store_true", help="print all columns, however many there are")


def _add_grouping(parser: arguments.Parser) -> None:
    """Add what makes several profiles: windows and segments."""
    arguments.add_windows(parser)
    parser.add_argument(
        "--segment",
        type=arguments.names,
        action="append",
        metavar="A,B",
        help="also one profile for each value of this column, or for the values of several together; "
        "given again, a partition more",
    )
    parser.add_argument(
        "--max-segments",
        type=arguments.limit,
        metavar="N",
        help="segments of a partition at most, 1000 by default; further ones are profiled together",
    )
    parser.add_argument(
        "--no-total", action="store_true", help="profile segments only, and not all records beside them"
    )


def run(options: Namespace) -> None:
    """Profile the files; write the profile, print it, or both.

    Raises:
        TidegaugeError: Something given cannot be meant so, is not there, or is broken.
    """
    logging = Logging.of(options)
    if not options.segment and (options.no_total or options.max_segments):
        option = "--no-total" if options.no_total else "--max-segments"
        raise ArgumentError(f"{option} goes with --segment COLUMN, which says how records are grouped")
    begun = time.monotonic()
    files = input_files(options.inputs, options.output)
    if options.output is not None:
        check_output(options.output, files)
    profile = _profile_of(files, logging, options)
    _check_columns(options.columns or (), profile)
    if options.output:
        profile.write(options.output)
        remark(
            f"wrote {options.output}: {_size_of(profile, options.output)} in {time.monotonic() - begun:.1f} s"
        )
    if options.format or not options.output:
        print_profiles(profile, options.format or "table", every_column=options.all)


def input_files(inputs: Iterable[str], output: str | None) -> list[str]:
    """List the files that are meant, each once.

    Args:
        inputs: Files, folders, patterns, or ``-``.
        output: The output file: when it lies in a folder that is profiled, it is no input.

    Raises:
        MissingFileError: There is no such file.
        ArgumentError: There is nothing but the output itself.
    """
    files: list[str] = []
    for given in inputs:
        if given == STANDARD_INPUT:
            files.append(given)
            continue
        found = expand_paths(given)
        if output and found != [given]:
            found = [file for file in found if os.path.realpath(file) != os.path.realpath(output)]
        files += found
    if not files:
        raise ArgumentError(f"there is nothing to profile but the output {output!r} itself; give other files")
    return list(dict.fromkeys(files))


def _profile_of(files: Sequence[str], logging: Logging, options: Namespace) -> Profile | ProfileSet:
    from tidegauge.profiler import Profiler
    from tidegauge.segments import MAX_SEGMENTS

    profiler: Profiler[Any] = Profiler(
        logging.dataset,
        timestamp=logging.timestamp,
        window=logging.window,
        timezone=logging.timezone,
        tags=dict(options.tag or ()),
        schema=_schema_of(options),
        conditions=_by_name("--condition", options.condition),
        derived=_by_name("--derive", options.derive),
        segments=options.segment,
        max_segments=options.max_segments or MAX_SEGMENTS,
        total=not options.no_total,
    )
    log_files(profiler, files, logging.input_format)
    profile: Profile | ProfileSet = profiler.profile()
    return profile


def _by_name(option: str, given: Iterable[tuple[str, str]] | None) -> dict[str, str] | None:
    pairs = list(given or ())
    twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if twice:
        raise ArgumentError(f"{option}: two are called {twice[0]!r}; give each a name of its own")
    return dict(pairs) or None


def _schema_of(options: Namespace) -> Schema | None:
    from tidegauge.schema import Schema

    if options.schema is None:
        if options.key_file is not None:
            raise ArgumentError("--key-file is for what a schema hashes; give --schema too")
        return Schema(only=options.columns) if options.columns else None
    key = None if options.key_file is None else _read(options.key_file).rstrip(b"\r\n")
    try:
        data = json.loads(_read(options.schema))
    except ValueError as error:
        raise ArgumentError(f"--schema: {options.schema} is no JSON: {error}") from None
    if not isinstance(data, dict):
        raise ArgumentError(f'--schema: {options.schema} holds no JSON object such as {{"columns": {{}}}}')
    if options.columns:
        data["only"] = options.columns
    return Schema.from_dict(data, key=key)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise MissingFileError(f"cannot read {path}: {error.strerror}") from None


def _check_columns(wanted: Iterable[str], profile: Profile | ProfileSet) -> None:
    for name in wanted:
        if not any(
            column == name or column.startswith((f"{name}.", f"{name}[]")) for column in profile.columns
        ):
            raise MissingColumnError(
                f"--columns: the data has no column {name!r}; without --columns all of them are shown"
            )


def _size_of(profile: Profile | ProfileSet, output: str) -> str:
    from tidegauge.display import numbers, phrases
    from tidegauge.profile_set import ProfileSet

    parts = []
    if isinstance(profile, ProfileSet):
        windows = len({window for window in profile.windows if window})
        parts += [phrases.counted(windows, "window")] if windows or not profile.partitions else []
        parts += [phrases.counted(len(profile.segments()), "segment")] if profile.partitions else []
    parts.append(phrases.counted(profile.records, "record"))
    parts.append(phrases.counted(len(profile.columns), "column"))
    parts.append(numbers.data_size(os.path.getsize(output)))
    return ", ".join(parts)
