"""``tidegauge suggest``: suggest a suite of constraints from past windows, or from one profile."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tidegauge.cli import arguments, inputs
from tidegauge.cli.output import check_output, print_json, remark
from tidegauge.cli.wanted import wanted

if TYPE_CHECKING:
    from argparse import Namespace

_EXAMPLES = """
tidegauge suggest days.profile.parquet -o suite.yaml
tidegauge suggest trips.parquet --timestamp time --window 1d -o suite.yaml
tidegauge suggest days.profile.parquet --false-positive-rate 0.001
"""
DEFAULT_RATE = 0.01


def add_to(commands: arguments.Commands[arguments.Parser]) -> None:
    """Add the command and its arguments."""
    parser = arguments.add_command(
        commands,
        "suggest",
        "suggest a suite of constraints from past windows, and test it on them",
        _EXAMPLES,
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="profile files, or data files, which are profiled; - is standard input",
    )
    parser.add_argument("-o", "--output", metavar="SUITE", help="write the suite to this file (YAML)")
    parser.add_argument(
        "--false-positive-rate",
        type=_rate,
        default=DEFAULT_RATE,
        metavar="SHARE",
        help="share of windows, at most, that may fail without a fault (default 0.01)",
    )
    parser.add_argument(
        "--records",
        type=arguments.limit,
        metavar="N",
        help="from one profile: records that a batch will have",
    )
    parser.add_argument("--name", metavar="NAME", help="name of the suite")
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="how to print the suggestion: for people or for programs",
    )
    arguments.add_segment(parser)
    inputs.add_logging(parser)


def run(options: Namespace) -> None:
    """Suggest; write the suite, and print what it would have done.

    Raises:
        TidegaugeError: A file is not there or broken, or there is nothing to learn from.
    """
    from tidegauge.constraints.suggestion.suggest import suggest
    from tidegauge.display.colour import wants_colour
    from tidegauge.reports.suggestion_text import suggestion_text

    if options.output is not None:
        check_output(options.output, options.files)
    profiles = inputs.read_or_log(options.files, inputs.Logging.of(options), wanted(options))
    found = suggest(
        profiles,
        false_positive_rate=options.false_positive_rate,
        records=options.records,
        name=options.name,
    )
    if options.output is not None:
        found.suite.write(options.output)
        remark(f"wrote {options.output}: {len(found.suite)} constraints")
    if options.format == "json":
        print_json(found.to_dict())
        return
    text = suggestion_text(found, colour=wants_colour(sys.stdout), every=options.output is None)
    sys.stdout.write(text + "\n")


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0.0 < rate < 0.5:
        raise argparse.ArgumentTypeError(f"{text!r} is no share between 0 and 0.5; for 1 % give 0.01")
    return rate
