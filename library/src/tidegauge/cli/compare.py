"""``tidegauge compare``: tell whether data has changed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

from tidegauge.cli import arguments, inputs
from tidegauge.cli.output import check_output, close_quietly, remark, text_cells
from tidegauge.cli.sides import one_or_history, one_profile, read_sides
from tidegauge.errors import ArgumentError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable
    from typing import Any

    from tidegauge.drift import DriftReport, SegmentDrift
    from tidegauge.profile_set import ProfileSet

    Answer = DriftReport | SegmentDrift

_EXAMPLES = """
tidegauge compare today.csv training.parquet
tidegauge compare today.profile.parquet last-week.profile.parquet --html changes.html
tidegauge compare today.csv days.profile.parquet --fail-on drift --fail-on schema
tidegauge compare today.csv training.parquet --threshold ks=0.2 --threshold null_rate=0.01
tidegauge compare today.csv training.parquet --by-segment carrier --html segments.html
"""
_EXIT_CODES = "exit code: 0 compared, 1 found what --fail-on names, 2 could not run"
_FAILURES: dict[str, Callable[[Answer], bool]] = {
    "drift": lambda answer: answer.verdict == "drift",
    "schema": lambda answer: any(report.schema for report in _reports(answer)),
    "unclear": lambda answer: answer.verdict == "not enough data",
    "segments": lambda answer: bool(getattr(answer, "appeared", ()) or getattr(answer, "vanished", ())),
}


def add_to(commands: arguments.Commands[arguments.Parser]) -> None:
    """Add the command and its arguments."""
    parser = arguments.add_command(commands, "compare", "tell whether data has changed", _EXAMPLES)
    parser.epilog = f"{parser.epilog}\n{_EXIT_CODES}\n"
    parser.set_defaults(run=run)
    parser.add_argument(
        "current",
        metavar="CURRENT",
        help="what is judged: a profile file, or data, which is profiled; several windows are merged",
    )
    parser.add_argument(
        "reference",
        metavar="REFERENCE",
        help="what it is compared with; of a file of 8 windows or more it is learnt what is usual",
    )
    parser.add_argument("--html", metavar="OUT", help="also write a report to this file")
    parser.add_argument(
        "--format", choices=("text", "json", "markdown"), default="text", help="how to print the answer"
    )
    parser.add_argument(
        "--fail-on",
        action="append",
        choices=tuple(_FAILURES),
        default=[],
        help="exit with 1 on drift, on changes of the schema, when there is too little data to tell, or with "
        "--by-segment on segments that appeared or vanished; may be given again",
    )
    parser.add_argument(
        "--column", action="append", metavar="NAME", help="compare only this column; may be given again"
    )
    parser.add_argument(
        "--threshold",
        action="append",
        metavar="NAME=NUMBER",
        help="the smallest change that matters, of a column or a measure, such as fare=0.2 or null_rate=0.01",
    )
    parser.add_argument(
        "--measure",
        action="append",
        metavar="[COLUMN=]NAME",
        help="state the effect in this measure, such as psi, for all columns or for one",
    )
    parser.add_argument(
        "--false-discovery-rate",
        type=float,
        default=0.05,
        metavar="SHARE",
        help="share of false ones among drifts that is acceptable",
    )
    parser.add_argument(
        "--season",
        choices=("auto", "weekday", "hour", "none"),
        default="auto",
        help="what past windows are matched by",
    )
    parser.add_argument(
        "--merged", action="store_true", help="merge the windows of the reference into one profile"
    )
    arguments.add_segment(parser)
    arguments.add_by_segment(parser, "tell which segments have changed, all of them judged together")
    inputs.add_logging(parser)


def run(options: Namespace) -> int:
    """Compare, print the answer, and tell by the exit code whether it is one of `--fail-on`.

    Raises:
        TidegaugeError: A file is not there or broken, or the options do not go together.
    """
    if options.html is not None:
        check_output(options.html, [options.current, options.reference])
    if "segments" in options.fail_on and options.by_segment is None:
        raise ArgumentError("--fail-on segments goes with --by-segment, which compares segments")
    answer = _compared(options)
    if options.html is not None:
        answer.html(options.html)
        remark(f"wrote {options.html}")
    try:
        sys.stdout.write(_text(answer, options.format))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough; the exit code is still the answer.
        close_quietly(sys.stdout)
    return int(any(_FAILURES[name](answer) for name in options.fail_on))


def _compared(options: Namespace) -> Answer:
    from tidegauge.drift import compare, compare_segments

    measures, thresholds = _measures(options.measure), _thresholds(options.threshold)
    told: dict[str, Any] = {
        "columns": options.column,
        "measures": measures,
        "thresholds": thresholds,
        "false_discovery_rate": options.false_discovery_rate,
        "season": options.season,
    }
    current, reference = read_sides([options.current], [options.reference], options)
    if options.by_segment is None:
        return compare(one_profile(current), one_or_history(reference, merged=options.merged), **told)
    now, then = cast("ProfileSet", current), cast("ProfileSet", reference)  # as there are segments
    then = then.merge_by_segment() if options.merged else then
    return compare_segments(now, then, by=options.by_segment or None, **told)


def _reports(answer: Answer) -> Iterable[DriftReport]:
    from tidegauge.drift import DriftReport

    return [answer] if isinstance(answer, DriftReport) else answer


def _thresholds(given: list[str] | None) -> dict[str, float] | None:
    if given is None:
        return None
    found = {}
    for text in given:
        name, equals, number = text.rpartition("=")
        try:
            found[name] = float(number)
        except ValueError:
            equals = ""
        if not (name and equals):
            raise ArgumentError(f"--threshold {text!r} is no NAME=NUMBER, such as ks=0.2 or fare=0.3")
    return found


def _measures(given: list[str] | None) -> str | dict[str, str] | None:
    if given is None:
        return None
    if len(given) == 1 and "=" not in given[0]:
        return given[0]
    pairs = [text.rpartition("=") for text in given]
    for column, _, measure in pairs:
        if not column:
            raise ArgumentError(
                f"--measure {measure!r} is for all columns and stands alone; with several give COLUMN=NAME"
            )
    return {column: measure for column, _, measure in pairs}


def _text(answer: Answer, form: str) -> str:
    if form == "json":
        return answer.json() + "\n"
    if form == "markdown":
        return answer.markdown()
    from tidegauge.display.colour import wants_colour
    from tidegauge.display.drift_text import drift_text, segments_text
    from tidegauge.drift import DriftReport

    cells, colour = text_cells(), wants_colour(sys.stdout)
    if isinstance(answer, DriftReport):
        return drift_text(answer, cells=cells, colour=colour) + "\n"
    return segments_text(answer, cells=cells, colour=colour) + "\n"
