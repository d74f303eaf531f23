"""Parsing arguments: messages of one or two lines, and the readings that several commands share."""

from __future__ import annotations

import argparse
import csv
import os
from typing import NoReturn

from tidegauge.errors import ArgumentError
from tidegauge.windows import window_text

STANDARD_INPUT = "-"
"""What stands for standard input among files."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are short and point to the help."""

    def __init__(self, **settings: object) -> None:
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        settings.setdefault("allow_abbrev", False)
        super().__init__(**settings)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, where the help is, and leave with exit code 2."""
        self.exit(2, f"{self.prog}: {message}\nsee: {self.prog} --help\n")


Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it


def add_command(commands: Commands[Parser], name: str, summary: str, examples: str) -> Parser:
    """Add a command with what all commands have.

    Args:
        commands: Where to add it.
        name: Its name.
        summary: One line, for the list of commands and for its own help.
        examples: Examples for its help, one a line.
    """
    indented = "".join(f"  {line}\n" for line in examples.strip().splitlines())
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=f"examples:\n{indented}",
    )
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    return parser


def names(text: str) -> list[str]:
    """Read names separated by commas; a name with a comma stands in double quotes.

    Example:
        >>> names('fare,tip,"a,b"')
        ['fare', 'tip', 'a,b']
    """
    found = next(csv.reader([text]), [])
    if not found:
        raise argparse.ArgumentTypeError("expected names separated by commas, such as: fare,tip")
    return found


def tag(text: str) -> tuple[str, str]:
    """Read a tag.

    Example:
        >>> tag("team=pricing")
        ('team', 'pricing')
    """
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is no tag; expected KEY=VALUE, such as: team=pricing")
    return key, value


def named_expression(text: str) -> tuple[str, str]:
    """Read a condition, or a column that is derived.

    Example:
        >>> named_expression("fare_positive=fare > 0")
        ('fare_positive', 'fare > 0')
    """
    name, equals, expression = text.partition("=")
    if not name.strip() or not equals or expression.startswith("=") or name.endswith(("<", ">", "!")):
        raise argparse.ArgumentTypeError(
            f"{text!r} has no name; expected NAME=EXPRESSION, such as: fare_positive='fare > 0'"
        )
    return name.strip(), expression.strip()


def segment(text: str) -> dict[str, str | None]:
    """Read the columns and values of a segment; ``null`` is a null, ``'null'`` the text, as they are printed.

    Example:
        >>> segment("carrier=UA,origin=null"), segment("origin='null'")
        ({'carrier': 'UA', 'origin': None}, {'origin': 'null'})
    """
    pairs = [part.partition("=") for part in next(csv.reader([text]), [])]
    if not pairs or not all(name and equals for name, equals, _ in pairs):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no segment; expected COLUMN=VALUE, with commas between several, such as: carrier=UA"
        )
    return {name: _value(value) for name, _, value in pairs}


def _value(text: str) -> str | None:
    from tidegauge.segments import value_label

    inner = text[1:-1]
    return None if text == "null" else inner if text != inner and value_label(inner) == text else text


class _Once(argparse.Action):
    """Stores a value, and refuses a second one, which would be taken in place of the first."""

    def __call__(
        self, _parser: object, namespace: argparse.Namespace, values: object, _: object = None
    ) -> None:
        """Store the value of an option."""
        if getattr(namespace, self.dest) is not None:
            raise argparse.ArgumentError(
                self, "was given twice; name all columns of a segment at once: A=1,B=2"
            )
        setattr(namespace, self.dest, values)


def columns_of_segments(text: str) -> list[str]:
    """Read the columns that segments are by.

    Example:
        >>> columns_of_segments("carrier,origin")
        ['carrier', 'origin']
    """
    if os.path.exists(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is a file, and was taken for columns; give --by-segment after the files, or with the "
            "columns that segments are by, such as: --by-segment carrier"
        )
    return names(text)


def limit(text: str) -> int:
    """Read a whole number of 1 or more.

    Example:
        >>> limit("500")
        500
    """
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of 1 or more")
    return int(text)


def window(text: str) -> str:
    """Read the length of a window.

    Example:
        >>> window("1d")
        '1d'
    """
    try:
        return window_text(text)
    except ArgumentError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no length of time; expected a number and s, m, h, d, w or mo, such as: 1d"
        ) from None


def add_windows(group: argparse._ActionsContainer) -> None:
    """Add the options that make one profile for each window.

    Args:
        group: The parser of the command, or a group of its options.
    """
    group.add_argument("--timestamp", metavar="COLUMN", help="column that tells when a record happened")
    group.add_argument(
        "--window",
        type=window,
        metavar="LENGTH",
        help="one profile for each window of this length: 30s, 5m, 1h, 1d, 1w, 1mo; needs --timestamp",
    )
    group.add_argument(
        "--timezone",
        metavar="PLACE",
        help="where days, weeks and months begin, such as Europe/Oslo; else in UTC; needs --window",
    )


def add_input_format(group: argparse._ActionsContainer) -> None:
    """Add ``--input-format``."""
    group.add_argument(
        "--input-format",
        choices=("parquet", "csv", "ndjson", "arrow"),
        help="format of the files; by name and content",
    )


def add_selection(parser: Parser, *, with_dataset: bool) -> None:
    """Add the options that say which profiles are read.

    Args:
        parser: The parser of the command.
        with_dataset: Whether ``--dataset`` is added: commands that profile data have it already.
    """
    group = parser.add_argument_group("which profiles are read")
    if with_dataset:
        group.add_argument("--dataset", metavar="NAME", help="those of this dataset")
    group.add_argument("--since", metavar="WHEN", help="those whose window ends after then: 2013-02-08")
    group.add_argument("--until", metavar="WHEN", help="those whose window starts before then")
    group.add_argument(
        "--skip-damaged", action="store_true", help="pass over files that are damaged, and name them"
    )


def add_segment(parser: Parser) -> None:
    """Add ``--segment COLUMN=VALUE``, which chooses one."""
    parser.add_argument(
        "--segment",
        type=segment,
        action=_Once,
        metavar="COLUMN=VALUE",
        help="only the records with this value, as in carrier=UA or carrier=UA,origin=JFK; null is null; "
        "without it all records",
    )


def add_by_segment(parser: Parser, what: str) -> None:
    """Add ``--by-segment [COLUMN]``, which looks at each.

    Args:
        parser: The parser of the command.
        what: What it does, for its help.
    """
    parser.add_argument(
        "--by-segment",
        type=columns_of_segments,
        nargs="?",
        const=[],
        metavar="A,B",
        help=f"{what}; data needs the columns that segments are by, as in carrier or origin,dest, and so do "
        "profiles with segments of several kinds",
    )


def add_format(parser: Parser, default: str | None = "table") -> None:
    """Add ``--format``."""
    parser.add_argument(
        "--format",
        choices=("table", "json"),
        default=default,
        help="how to print it: for people or for programs",
    )
