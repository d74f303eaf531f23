"""``tidegauge merge``: merge profile files into one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tidegauge.cli import arguments, inputs
from tidegauge.cli.output import print_profiles, remark
from tidegauge.cli.wanted import wanted
from tidegauge.errors import MergeError
from tidegauge.paths import PROFILE_SUFFIXES

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from tidegauge.profile_set import ProfileSet

_EXAMPLES = """
tidegauge merge monday.parquet tuesday.parquet -o week.parquet
tidegauge merge machines/*.parquet -o all.parquet
tidegauge merge days.parquet --into-one -o year.parquet
tidegauge merge s3://bucket/profiles --dataset taxi --since 2026-11-01 -o november.parquet
"""


def add_to(commands: arguments.Commands[arguments.Parser]) -> None:
    """Add the command and its arguments."""
    parser = arguments.add_command(commands, "merge", "merge profile files, window by window", _EXAMPLES)
    parser.set_defaults(run=run)
    parser.add_argument("files", nargs="+", metavar="FILE", help="profile files, folders, patterns or URLs")
    parser.add_argument(
        "-o", "--output", metavar="OUT", required=True, help="write the merged profiles to this file"
    )
    parser.add_argument("--into-one", action="store_true", help="merge all windows into one profile")
    arguments.add_selection(parser, with_dataset=True)
    arguments.add_format(parser, default=None)


def run(options: Namespace) -> None:
    """Read the files, merge what is of one window, and write the result.

    Raises:
        TidegaugeError: A file is not there or is no profile file, or the profiles do not belong together.
    """
    from tidegauge.display import numbers, phrases
    from tidegauge.profile_set import ProfileSet

    profiles = inputs.read_profiles(options.files, wanted(options), dataset=options.dataset)
    _check_datasets(profiles)
    merged = ProfileSet([profiles.merge()]) if options.into_one else profiles.merge_windows()
    result = merged[0] if len(merged) == 1 else merged
    result.write(options.output)
    counts = (phrases.counted(len(profiles), "profile"), phrases.counted(len(merged), "profile"))
    size = numbers.data_size(os.path.getsize(options.output))
    remark(f"wrote {options.output}: {counts[0]} merged into {counts[1]}, {size}")
    if found := _found_again(options.output, options.files):
        remark(f"{options.output} is in {found}, which was read: read together again, records count twice")
    if options.format:
        print_profiles(result, options.format)


def _found_again(output: str, places: Sequence[str]) -> str | None:
    """Return the folder among those that were read in which the output is a file more to read."""
    written = os.path.realpath(output)
    for place in places if written.endswith(PROFILE_SUFFIXES) else ():
        if os.path.isdir(place) and written.startswith(os.path.join(os.path.realpath(place), "")):
            return place
    return None


def _check_datasets(profiles: ProfileSet) -> None:
    from tidegauge.display.cells import name_of

    datasets = list(dict.fromkeys(profile.dataset for profile in profiles))
    if len(datasets) > 1:
        first, second = ("no name" if name is None else name_of(name) for name in datasets[:2])
        more = ", …" if len(datasets) > 2 else ""
        raise MergeError(
            f"the profiles are of {len(datasets)} datasets ({first}, {second}{more}), which do not merge; "
            "merge those of each by themselves, with --dataset"
        )
