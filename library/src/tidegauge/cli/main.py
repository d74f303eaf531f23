"""The command ``tidegauge``: find the command that is meant, run it, and turn what happens into an exit code.

| exit code | means                                                        |
|-----------|--------------------------------------------------------------|
| 0         | done; what was checked passed                                |
| 1         | what was checked did not pass                                |
| 2         | could not: the reason is on standard error                   |
| 130       | interrupted with Ctrl-C; no output file was begun or changed |
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tidegauge import __version__
from tidegauge.cli import check, compare, merge, profile, report, show, suggest
from tidegauge.cli.arguments import Parser
from tidegauge.cli.output import close_quietly, complain, open_closed_streams, tolerant
from tidegauge.cli.wording import in_options
from tidegauge.errors import TidegaugeError

if TYPE_CHECKING:
    from collections.abc import Sequence

DONE = 0
COULD_NOT = 2
INTERRUPTED = 130

_EXAMPLES = """\
examples:
  tidegauge profile flights.csv.gz
  tidegauge profile lake/2013/ -o flights.parquet --timestamp time_hour --window 1d
  tidegauge show flights.parquet
  tidegauge merge monday.parquet tuesday.parquet -o week.parquet
  tidegauge compare today.parquet training.parquet --fail-on drift
  tidegauge check trips.csv suite.yaml
  tidegauge report flights.parquet -o flights.html
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: The arguments, without the program's name; those of the process when None.

    Returns:
        The exit code; see the module.

    Example:
        >>> main(["show", "nothing.parquet"])
        2
    """
    open_closed_streams()
    tolerant(sys.stdout)
    tolerant(sys.stderr)
    try:
        options = _parser().parse_args(argv)
        debug = bool(options.debug)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else COULD_NOT
    code = DONE
    try:
        code = options.run(options) or DONE
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads our output has had enough of it: that is no failure of ours.
        close_quietly(sys.stdout)
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except TidegaugeError as error:
        return _could_not(in_options(error, options), debug=debug)
    except OSError as error:
        return _could_not(str(error) or type(error).__name__, debug=debug)
    except Exception as error:  # noqa: BLE001 - a person at a terminal gets a sentence, and --debug the traceback
        reason = f"unexpected {type(error).__name__}: {error}; this is a defect of tidegauge"
        return _could_not(f"{reason} (--debug shows where)", debug=debug)
    return code


def _could_not(reason: str, *, debug: bool) -> int:
    if debug:
        import traceback

        traceback.print_exc()
    complain(reason)
    return COULD_NOT


def _parser() -> Parser:
    parser = Parser(
        prog="tidegauge",
        description="Small, mergeable profiles of your data, made where the data is.",
        epilog=_EXAMPLES,
    )
    parser.add_argument("--version", action="version", version=f"tidegauge {__version__}")
    parser.set_defaults(debug=False)
    commands = parser.add_subparsers(dest="command", metavar="command", required=True, title="commands")
    for command in (profile, show, merge, compare, check, suggest, report):
        command.add_to(commands)
    return parser
