"""What goes out: to standard output, to standard error, and to files, which are not those that are read."""

from __future__ import annotations

import codecs
import json
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from tidegauge.cli.arguments import STANDARD_INPUT
from tidegauge.display.cells import clean
from tidegauge.display.colour import wants_colour
from tidegauge.errors import ArgumentError
from tidegauge.locations.url import is_url
from tidegauge.paths import check_writable, expand_paths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet

_PLAINLY = "tidegauge.plainly"
_PLAIN_SIGNS = str.maketrans("✓✗◆●○·→×≈≤≥±−–…⋯▁▂▃▄▅▆▇█▏▎▍▌▋▊▉", "+x*=-->x~<>~--....:-=+##.|||###")
_LISTED_WINDOWS = 20
_UNSEEN_CELLS = 200
_ALL = 1 << 30


def open_closed_streams() -> None:
    """Give a process that was started with closed standard streams (``>&-``) some that lead nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - kept to the end


def tolerant(stream: TextIO) -> None:
    """Let a stream write what its encoding lacks in plain signs: a sparkline must not end in an error."""
    codecs.register_error(_PLAINLY, _plainly)
    with suppress(AttributeError, ValueError):
        stream.reconfigure(errors=_PLAINLY)  # type: ignore[attr-defined]


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """Write what cannot be encoded; a question mark is the sign of what is unknown, and of nothing else."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return text.translate(_PLAIN_SIGNS).encode("ascii", "replace").decode("ascii"), error.end


def close_quietly(stream: TextIO) -> None:
    """Point a broken stream at nothing, so that the interpreter can flush it when it leaves."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)


def complain(reason: str) -> None:
    """Write one line to standard error."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"tidegauge: {'; '.join(clean(line) for line in reason.splitlines())}\n")


def remark(text: str) -> None:
    """Write a line to standard error that is no complaint: what was done."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{clean(text)}\n")


def text_cells() -> int | None:
    """Return the width to draw text for: None for the own one of a terminal, and wide for a file or a log."""
    try:
        seen = sys.stdout.isatty() or bool(os.environ.get("COLUMNS"))
    except ValueError:  # it is closed
        seen = False
    return None if seen else _UNSEEN_CELLS


def print_json(document: object) -> None:
    """Print a document as JSON; it must not hold NaN or infinities."""
    json.dump(document, sys.stdout, ensure_ascii=False, allow_nan=False, indent=2)
    sys.stdout.write("\n")


def print_profiles(profiles: Profile | ProfileSet, form: str, *, every_column: bool = False) -> None:
    """Print a profile or a profile set.

    Args:
        profiles: What to print.
        form: ``table`` or ``json``. The keys of the JSON document are those of `Profile.to_dict` and
            `ProfileSet.to_dict`.
        every_column: Draw all columns, however many there are.
    """
    if form == "json":
        print_json(profiles.to_dict())
        return
    from tidegauge.display import terminal
    from tidegauge.profile import Profile

    colour = wants_colour(sys.stdout)
    columns = _ALL if every_column else terminal.MAX_COLUMNS
    if isinstance(profiles, Profile):
        text = terminal.profile_text(profiles, colour=colour, max_columns=columns)
    else:
        text = terminal.profile_set_text(
            profiles, colour=colour, max_columns=columns, max_windows=_LISTED_WINDOWS
        )
    sys.stdout.write(text + "\n")


def check_output(output: str, given: Iterable[str]) -> None:
    """Find out before the work, not after it, that an output cannot be written or would replace an input.

    Args:
        output: The file that is to be written.
        given: What is read: files, folders or patterns; ``-`` is standard input.

    Raises:
        ArgumentError: Its folder does not exist, it is a folder or a device, or it is one of the inputs.
        MissingFileError: An input does not exist.

    Example:
        >>> check_output(__file__, [__file__])
        Traceback (most recent call last):
        tidegauge.errors.ArgumentError: the output ... is one of the inputs, and would replace it; ...
    """
    check_writable(output)
    folder = os.path.dirname(output) or "."
    if not os.path.isdir(folder):
        raise ArgumentError(f"cannot write {output!r}: the folder {folder!r} does not exist; make it first")
    if not os.path.exists(output):
        return
    local = (path for path in given if path != STANDARD_INPUT and not is_url(path))
    files = (file for path in local for file in expand_paths(path))
    if any(os.path.samefile(file, output) for file in files):
        raise ArgumentError(
            f"the output {output!r} is one of the inputs, and would replace it; give another name"
        )
