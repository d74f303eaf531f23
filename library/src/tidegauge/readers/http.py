"""A reader of one profile file from a web server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge import _kernel
from tidegauge.errors import FormatError, MissingFileError, ReaderError
from tidegauge.locations.connection import Connection
from tidegauge.readers.reader import Found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.readers.selection import Selection

MOST_BYTES = 1 << 30
SECONDS = 60.0


def fetch(targets: Sequence[str], wanted: Selection, *, skip_damaged: bool) -> Found:
    """Get the files that URLs name, and read what is wanted of them.

    Example:
        >>> from tidegauge.readers.selection import Selection
        >>> fetch(["http://127.0.0.1:1/days.parquet"], Selection(), skip_damaged=False)
        Traceback (most recent call last):
        tidegauge.errors.ReaderError: cannot read http://127.0.0.1:1/days.parquet: ...
    """
    found = Found([], [])
    for target in targets:
        data, name = _get(target)
        try:
            found.profiles.extend(_kernel.decode(data, **wanted.filters))
        except FormatError as error:
            message = f"{name}: {error}"
            if not skip_damaged:
                raise FormatError(message) from None
            found.skipped.append(message)
    return found


def _get(target: str) -> tuple[bytes, str]:
    connection = Connection(target, path="/", timeout_seconds=SECONDS)
    try:
        answer = connection.ask("GET", None, headers={}, most_bytes=MOST_BYTES)
    except OSError as error:
        raise ReaderError(f"cannot read {connection.url}: {error}") from error
    finally:
        connection.close()
    if answer.status in {404, 410}:
        raise MissingFileError(f"{connection.url} answered {answer}: there is no such file; mend the URL")
    if answer.status != 200:
        to = f"; give the URL {answer.location!r} itself" if 300 <= answer.status < 400 else ""
        raise ReaderError(f"{connection.url} answered {answer}{to}")
    if not answer.is_whole:
        raise ReaderError(
            f"{connection.url} is larger than {MOST_BYTES >> 20} MB; fetch it and read the file"
        )
    return answer.data, connection.url
