"""``tidegauge report``: write a document about profiles, or about what has changed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tidegauge.cli import arguments, inputs
from tidegauge.cli.output import check_output, remark
from tidegauge.cli.sides import one_or_history, one_profile, read_sides
from tidegauge.cli.wanted import wanted
from tidegauge.errors import ArgumentError

if TYPE_CHECKING:
    from argparse import Namespace

    from tidegauge.drift import DriftReport, DriftSeries
    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet
    from tidegauge.reports import Report

_EXAMPLES = """
tidegauge report flights.csv -o flights.html
tidegauge report days.profile.parquet -o year.html --title 'A year of flights'
tidegauge report today.profile.parquet --reference days.profile.parquet -o changes.html
tidegauge report flights.csv --format markdown >> $GITHUB_STEP_SUMMARY
"""
_SUFFIXES = {".html": "html", ".htm": "html", ".md": "markdown", ".json": "json", ".txt": "text"}


def add_to(commands: arguments.Commands[arguments.Parser]) -> None:
    """Add the command and its arguments."""
    parser = arguments.add_command(commands, "report", "write a document about profiles or data", _EXAMPLES)
    parser.set_defaults(run=run)
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="profile files or URLs, or data files, which are profiled; - is standard input",
    )
    parser.add_argument("-o", "--output", metavar="OUT", help="write to this file, else to standard output")
    parser.add_argument(
        "--format",
        choices=("html", "markdown", "json", "text"),
        help="kind of document; by the name of the output (.html, .md, .json, .txt), and text for a terminal",
    )
    parser.add_argument("--title", metavar="TEXT", help="what stands at the head; the dataset's name")
    parser.add_argument(
        "--reference",
        metavar="FILE",
        action="append",
        help="compare with this profile file or data file; of 8 windows or more it is learnt what is usual",
    )
    parser.add_argument(
        "--merged",
        action="store_true",
        help="all windows merged into one profile; with --reference those of the reference, too",
    )
    parser.add_argument(
        "--drift", action="store_true", help="judge each window by the windows before it, and rank them"
    )
    arguments.add_segment(parser)
    inputs.add_logging(parser)


def run(options: Namespace) -> None:
    """Read or profile the files, and write the document.

    Raises:
        TidegaugeError: A file is not there or broken, or the options do not go together.
    """
    form = _form(options)
    if options.output is not None:
        check_output(options.output, [*options.files, *(options.reference or ())])
    if options.drift and options.reference:
        raise ArgumentError("--drift judges windows by each other and --reference by others; give one")
    document = _report(options)
    text = _text(document, form, options)
    if options.output is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    from tidegauge.display.numbers import data_size
    from tidegauge.paths import write_text

    write_text(options.output, text if text.endswith("\n") else text + "\n")
    remark(f"wrote {options.output}: {data_size(len(text.encode()))}")


def _form(options: Namespace) -> str:
    if options.format is not None:
        return str(options.format)
    if options.output is None:
        return "text"
    name = options.output.lower()
    form = next((form for suffix, form in _SUFFIXES.items() if name.endswith(suffix)), None)
    if form is None:
        raise ArgumentError(
            f"the name {options.output!r} does not tell the kind of document: end it with "
            f"{', '.join(_SUFFIXES)}, or give --format html, markdown, json or text"
        )
    return form


def _report(options: Namespace) -> Report:
    from tidegauge.profile import Profile
    from tidegauge.reports import report

    if options.reference:
        return report(_changes(options), title=options.title)
    keep_segments = not (options.merged or options.drift)
    found = inputs.read_or_log(
        options.files, inputs.Logging.of(options), wanted(options, keep_segments=keep_segments)
    )
    if options.merged and not isinstance(found, Profile):
        found = found.merge()
    return report(_series(found) if options.drift else found, title=options.title)


def _series(value: Profile | ProfileSet) -> DriftSeries:
    from tidegauge.drift import compare_windows
    from tidegauge.profile_set import ProfileSet

    if not isinstance(value, ProfileSet):
        raise ArgumentError(
            "--drift needs profiles of several windows; give --timestamp COLUMN and --window LENGTH, "
            "and leave --merged out"
        )
    return compare_windows(value)


def _changes(options: Namespace) -> DriftReport:
    from tidegauge.drift import compare

    current, reference = read_sides(options.files, options.reference, options)
    return compare(one_profile(current), one_or_history(reference, merged=options.merged))


def _text(document: Report, form: str, options: Namespace) -> str:
    if form == "html":
        return document.html()
    if form == "markdown":
        return document.markdown()
    if form == "json":
        return document.json()
    from tidegauge.display.colour import wants_colour

    return document.text(colour=options.output is None and wants_colour(sys.stdout))
