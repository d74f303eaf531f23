"""A reader of one profile file from a web server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge import _kernel
from tidegauge.errors import FormatError, MissingFileError, ReaderError
from tidegauge.locations.connection import Connection
from tidegauge.readers.reader import Found

if TYPE_CHECKING:
    from tidegauge.readers.selection import Selection

MOST_BYTES = 1 << 30
SECONDS = 60.0


def fetch(target: str, wanted: Selection, *, skip_damaged: bool) -> Found:
    """Get the file that a URL names, and read what is wanted of it.

    Example:
        >>> from tidegauge.readers.selection import Selection
        >>> fetch("http://127.0.0.1:1/days.parquet", Selection(), skip_damaged=False)
        Traceback (most recent call last):
        tidegauge.errors.ReaderError: cannot read http://127.0.0.1:1/days.parquet: ...
    """
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
    try:
        return Found(_kernel.decode(answer.data, **wanted.filters), [])
    except FormatError as error:
        message = f"{connection.url}: {error}"
        if skip_damaged:
            return Found([], [message])
        raise FormatError(message) from None
