"""``tidegauge show``: print what profile files hold."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tidegauge.cli import arguments, inputs
from tidegauge.cli.output import print_json, print_profiles
from tidegauge.cli.wanted import wanted
from tidegauge.display.colour import wants_colour
from tidegauge.errors import ArgumentError

if TYPE_CHECKING:
    from argparse import Namespace

    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet

_EXAMPLES = """
tidegauge show flights.parquet
tidegauge show flights.parquet --column dep_delay
tidegauge show days.parquet --window 2013-02-08
tidegauge show days.parquet --segment carrier=UA
tidegauge show days.parquet --merged --format json
tidegauge show s3://bucket/profiles --dataset flights --since 2013-02-01 --until 2013-03-01
"""


def add_to(commands: arguments.Commands[arguments.Parser]) -> None:
    """Add the command and its arguments."""
    parser = arguments.add_command(commands, "show", "print what profile files hold", _EXAMPLES)
    parser.set_defaults(run=run)
    parser.add_argument("files", nargs="+", metavar="FILE", help="profile files, folders, patterns or URLs")
    parser.add_argument("--column", metavar="NAME", help="one column in full, with its histogram")
    parser.add_argument(
        "--window", metavar="WHEN", help="the window that holds this time, such as 2013-02-08"
    )
    parser.add_argument("--merged", action="store_true", help="all windows merged into one profile")
    parser.add_argument("--all", action="store_true", help="print all columns, however many there are")
    arguments.add_segment(parser)
    arguments.add_selection(parser, with_dataset=True)
    arguments.add_format(parser)


def run(options: Namespace) -> None:
    """Read the files and print them.

    Raises:
        TidegaugeError: A file is not there, is no profile file, or has no such column or window.
    """
    from tidegauge.profile_set import ProfileSet

    profiles = inputs.read_wanted(options.files, wanted(options, keep_segments=True), dataset=options.dataset)
    if options.window is not None:
        if not isinstance(profiles, ProfileSet):
            raise ArgumentError("--window: the file holds one profile without windows; leave --window out")
        profiles = profiles[options.window]
    if options.merged and isinstance(profiles, ProfileSet):
        profiles = profiles.merge()
    if options.column is None:
        print_profiles(profiles, options.format, every_column=options.all)
    else:
        _print_column(profiles, options.column, options.format)


def _print_column(profiles: Profile | ProfileSet, name: str, form: str) -> None:
    from tidegauge.display import terminal
    from tidegauge.profile_set import ProfileSet
    from tidegauge.table import column_dict

    whole = profiles.merge() if isinstance(profiles, ProfileSet) else profiles
    windowed = isinstance(profiles, ProfileSet) and any(profiles.windows)
    column = whole[name]
    if form == "json":
        print_json({"dataset": whole.dataset, "column": name, **column_dict(column)})
        return
    colour = wants_colour(sys.stdout)
    lines = [terminal.column_text(column, colour=colour)]
    if isinstance(profiles, ProfileSet) and windowed:
        lines += ["", terminal.series_text(profiles, name, colour=colour)]
    sys.stdout.write("\n".join(lines) + "\n")
