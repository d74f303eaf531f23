"""Errors of the library in the words of the command line: options in place of Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping

    from tidegauge.errors import Meant, TidegaugeError

    Values = tuple[str, ...]

_OF_THE_KERNEL = "segments="
"""How the kernel, whose messages are plain text, begins those about the columns of segments."""


def _segment(columns: Values, options: Namespace) -> str:
    """How the command that runs chooses a segment, or says what segments are by."""
    if getattr(options, "by_segment", None) is not None:
        return "--by-segment " + ",".join(columns)
    return "--segment " + ",".join(f"{column}=VALUE" for column in columns)


OPTIONS: Mapping[Meant, Callable[[Values, Namespace], str]] = {
    "columns": lambda _, __: "--column",
    "false_discovery_rate": lambda _, __: "--false-discovery-rate",
    "largest segment count": lambda _, options: (
        "--max-segments" if options.command == "profile" else "the --max-segments they were profiled with"
    ),
    "measure": lambda values, _: f"--measure {values[0]}",
    "measures": lambda _, __: "--measure",
    "measures by column": lambda _, __: "say for which columns: --measure COLUMN=NAME",
    "null of a segment": lambda values, _: f"--segment {values[0]}=null",
    "one dataset": lambda values, _: f"--dataset {values[0]}",
    "one partition": _segment,
    "partitions in common": lambda _, __: "profile both by the same: tidegauge profile --segment COLUMN",
    "records of a batch": lambda _, __: "--records",
    "reference merged": lambda _, __: "--merged",
    "segment": lambda _, __: "--segment",
    "segments by": lambda values, _: "--by-segment " + ",".join(values),
    "shorter history": lambda _, __: "",
    "since": lambda values, _: f"--since {values[0]}",
    "threshold of a column": lambda values, _: f"--threshold {values[0]}=NUMBER",
    "thresholds": lambda _, __: "--threshold",
    "timestamp": lambda values, _: f"--timestamp {values[0]}",
    "timezone": lambda values, _: f"--timezone {values[0]}",
    "until": lambda values, _: f"--until {values[0]}",
    "with segments": lambda values, _: "tidegauge profile --segment " + ",".join(values),
    "with windows": lambda _, __: "make them with: tidegauge profile --timestamp COLUMN --window LENGTH",
}
"""What each piece of Python in a message is on the command line; no words leave it out."""


def in_options(error: TidegaugeError, options: Namespace) -> str:
    """Return the message of an error in the words of the command line.

    Args:
        error: What happened.
        options: Those of the command that runs.

    Example:
        >>> from argparse import Namespace
        >>> from tidegauge.errors import ArgumentError, InPython
        >>> error = ArgumentError("ask for it:", InPython("measures='psi'", "measure", ("psi",)))
        >>> in_options(error, Namespace(command="compare"))
        'ask for it: --measure psi'
    """
    message = error.said(lambda piece: OPTIONS[piece.meant](piece.values, options))
    is_by = getattr(options, "by_segment", None) is not None
    if message.startswith(_OF_THE_KERNEL):
        option = "--by-segment" if is_by else "--segment"
        message = f"{option} {message.removeprefix(_OF_THE_KERNEL).lstrip()}"
    return message or type(error).__name__
