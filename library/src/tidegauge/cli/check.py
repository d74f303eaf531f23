"""``tidegauge check``: check profiles, or data, against a suite of constraints."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tidegauge.cli import arguments, inputs
from tidegauge.cli.output import check_output, close_quietly, print_json, remark, text_cells
from tidegauge.cli.sides import read_sides
from tidegauge.cli.wanted import wanted
from tidegauge.errors import ArgumentError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from datetime import datetime

    from tidegauge.constraints import Suite, SuiteResult
    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet

_EXAMPLES = """
tidegauge check trips.csv suite.yaml
tidegauge check days.profile.parquet suite.yaml --reference year.profile.parquet
tidegauge check trips.parquet suite.yaml --timestamp time --window 1d --junit results.xml
tidegauge check segments.parquet suite.yaml --by-segment --reference last-week.parquet
tidegauge check trips.csv suite.yaml --format markdown >> $GITHUB_STEP_SUMMARY
"""
_EXIT_CODES = "exit code: 0 passed, 1 failed or could not be judged, 2 could not run"
PASSED = 0
FAILED = 1


def add_to(commands: arguments.Commands[arguments.Parser]) -> None:
    """Add the command and its arguments."""
    parser = arguments.add_command(
        commands, "check", "check profiles or data against a suite of constraints", _EXAMPLES
    )
    parser.epilog = f"{parser.epilog}\n{_EXIT_CODES}\n"
    parser.set_defaults(run=run)
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="profile files or URLs, or data files, which are profiled; - is standard input",
    )
    parser.add_argument("suite", metavar="SUITE", help="the suite, a YAML file")
    parser.add_argument(
        "--reference", metavar="FILE", action="append", help="profile file or data file to compare with"
    )
    parser.add_argument("--merged", action="store_true", help="check all windows merged into one profile")
    parser.add_argument(
        "--format",
        choices=("text", "json", "markdown", "junit"),
        default="text",
        help="how to print the results",
    )
    parser.add_argument("--junit", metavar="OUT", help="also write the results to this file as JUnit XML")
    parser.add_argument(
        "--allow-unknown", action="store_true", help="exit with 0 although some could not be judged"
    )
    parser.add_argument(
        "--now", metavar="WHEN", help="moment that ages are counted from, such as 2013-02-08T12:00Z, or: now"
    )
    arguments.add_segment(parser)
    arguments.add_by_segment(
        parser, "check all records and each segment by itself, against the same segment of the reference"
    )
    inputs.add_logging(parser)


def run(options: Namespace) -> int:
    """Check, print the results, and tell by the exit code whether all passed.

    Raises:
        TidegaugeError: A file is not there or broken, or the suite says what cannot be meant.
    """
    from tidegauge.constraints import Suite
    from tidegauge.constraints.yaml_reading import SUITE_SUFFIXES
    from tidegauge.paths import expand_paths

    suite = Suite.read(options.suite)
    if not len(suite):
        raise ArgumentError(
            f"{options.suite}: the suite has no constraints, so that nothing would be checked"
        )
    if options.junit is not None:
        suites = expand_paths(options.suite, SUITE_SUFFIXES)
        check_output(options.junit, [*options.files, *(options.reference or ()), *suites])
    now = _moment(options.now)
    profiles, reference = _read(options, suite)
    results = suite.check_windows(_checked(profiles, options), reference, now=now)
    outcomes = {result.outcome for result in results}
    allowed = {"passed", "unknown"} if options.allow_unknown else {"passed"}
    if options.junit is not None:
        _write_junit(results, options)
    try:
        _print(results, options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough; the exit code is still the answer.
        close_quietly(sys.stdout)
    return PASSED if outcomes <= allowed else FAILED


def _read(options: Namespace, suite: Suite) -> tuple[Profile | ProfileSet, Profile | ProfileSet | None]:
    if options.reference is None:
        logging, wishes = inputs.Logging.of(options), wanted(options)
        return inputs.read_or_log(options.files, logging, wishes, conditions=suite.conditions), None
    return read_sides(
        options.files,
        options.reference,
        options,
        conditions=suite.conditions,
        windows_of_reference=False,
    )


def _checked(found: Profile | ProfileSet, options: Namespace) -> Sequence[Profile]:
    from tidegauge.profile import Profile

    if isinstance(found, Profile):
        return [found]
    if not len(found):
        raise ArgumentError("there is no window to check: no records were found")
    if not options.merged:
        return found
    return [found.merge()] if options.by_segment is None else found.merge_by_segment()


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    from datetime import UTC, datetime

    from tidegauge.windows import moment_of

    if text == "now":
        return datetime.now(UTC)
    moment = moment_of(text)
    if moment is None:
        raise ArgumentError(
            f"--now {text!r} is no time; expected ISO 8601, such as 2013-02-08T12:00Z, or: now"
        )
    return moment


def _write_junit(results: Sequence[SuiteResult], options: Namespace) -> None:
    from tidegauge.paths import write_text
    from tidegauge.reports.junit import junit

    write_text(options.junit, junit(results, allow_unknown=options.allow_unknown))
    remark(f"wrote {options.junit}")


def _print(results: Sequence[SuiteResult], options: Namespace) -> None:
    from tidegauge.display.colour import wants_colour

    if options.format == "json":
        documents = [result.to_dict() for result in results]
        print_json(documents[0] if len(documents) == 1 else {"windows": documents})
        return
    sys.stdout.write(_text(results, options.format, options, colour=wants_colour(sys.stdout)))


def _text(results: Sequence[SuiteResult], form: str, options: Namespace, *, colour: bool) -> str:
    if form == "junit":
        from tidegauge.reports.junit import junit

        return junit(results, allow_unknown=options.allow_unknown)
    if form == "markdown":
        from tidegauge.reports.suite_markdown import suite_markdown, suites_markdown

        return suite_markdown(results[0]) if len(results) == 1 else suites_markdown(results)
    from tidegauge.display.suite_text import suite_text, suites_text

    cells = text_cells()
    if len(results) == 1:
        return suite_text(results[0], cells=cells, colour=colour) + "\n"
    return suites_text(results, cells=cells, colour=colour) + "\n"
