"""Every error that Tidegauge raises on purpose, in one tree.

::

    TidegaugeError(Exception)
    ├── ArgumentError         (ValueError)         an argument is invalid
    ├── UnsupportedDataError  (TypeError)          data of a kind that cannot be logged
    ├── DataError             (ValueError)         data of a suitable kind that is broken
    ├── FormatError           (ValueError)         bytes that are not a readable profile
    ├── MergeError            (ValueError)         profiles that do not belong together
    ├── SuiteError            (ValueError)         a suite of constraints that cannot be read
    ├── MissingFileError      (FileNotFoundError)  a file or folder is not there
    ├── MissingColumnError    (KeyError)           a profile has no such column
    ├── MissingSegmentError   (KeyError)           a profile set has no such segment
    ├── MissingWindowError    (KeyError)           a profile set has no such window
    ├── MissingMetricError    (AttributeError)     a column has no such metric
    ├── MissingLibraryError   (ImportError)        an optional library is not installed
    ├── ReaderError           (OSError)            profiles could not be fetched: try again later
    └── WriterError           (OSError)            profiles could not be delivered: try again later
        └── PermanentWriterError  (OSError)        they never can be: the receiver refuses them

Each inherits from the built-in exception that fits, so that code which knows nothing about Tidegauge can
catch it too. Each message says what was given, what was expected and how to fix it. The kernel raises these
same classes.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "ArgumentError",
    "DataError",
    "FormatError",
    "MergeError",
    "MissingColumnError",
    "MissingFileError",
    "MissingLibraryError",
    "MissingMetricError",
    "MissingSegmentError",
    "MissingWindowError",
    "PermanentWriterError",
    "ReaderError",
    "SuiteError",
    "TidegaugeError",
    "UnsupportedDataError",
    "WriterError",
]


class TidegaugeError(Exception):
    """The base class of all Tidegauge errors: catch this to catch them all."""

    def __str__(self) -> str:
        """Return the message itself: a ``KeyError`` would show its representation."""
        return " ".join(str(part) for part in self.args)


class ArgumentError(TidegaugeError, ValueError):
    """An argument has an invalid value."""


class UnsupportedDataError(TidegaugeError, TypeError):
    """The data is of a kind that Tidegauge cannot log."""


class DataError(TidegaugeError, ValueError):
    """Data of a kind that can be logged is broken: uneven rows, duplicate columns, a truncated file."""


class FormatError(TidegaugeError, ValueError):
    """Bytes are not a profile, are damaged, or were written by a newer major version."""


class MergeError(TidegaugeError, ValueError):
    """Profiles do not belong together, and merging them would give a false result."""


class SuiteError(TidegaugeError, ValueError):
    """A suite of constraints is wrong: the message names file, line, constraint and field."""


class MissingFileError(TidegaugeError, FileNotFoundError):
    """A file or a folder does not exist, or a pattern matches none."""


class MissingColumnError(TidegaugeError, KeyError):
    """A profile has no column of that name."""


class MissingSegmentError(TidegaugeError, KeyError):
    """A profile set has no segment of these columns, or none with these values."""


class MissingWindowError(TidegaugeError, KeyError):
    """A profile set has no window at that time."""


class MissingMetricError(TidegaugeError, AttributeError):
    """A column does not have that metric: its type has no such metric, or the schema left it out."""


class MissingLibraryError(TidegaugeError, ImportError):
    """Something needs a library that is not installed."""


class ReaderError(TidegaugeError, OSError):
    """Profiles could not be fetched: a store or a server did not answer, or refused."""


class WriterError(TidegaugeError, OSError):
    """Profiles could not be delivered, but may be later: either nothing or all of it has arrived.

    Args:
        message: What happened.
        retry_after_seconds: How long the receiver asked to be left alone, in seconds, if it did.
    """

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class PermanentWriterError(WriterError):
    """The receiver refuses these profiles for good: delivering them again is of no use."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which known names are close to a wrong one, as the end of an error message.

    Args:
        name: The name that was given.
        known: The names that exist.

    Returns:
        ``"; did you mean 'fare'?"``, or the first ten known names, or that there are none.

    Example:
        >>> nearest("fair", ["fare", "tip"])
        "; did you mean 'fare'?"
    """
    import difflib

    names = list(known)
    if not names:
        return "; there are none"
    folded = {other.casefold(): other for other in reversed(names)}
    close = difflib.get_close_matches(name.casefold(), folded, n=3, cutoff=0.6)
    if close:
        return "; did you mean " + " or ".join(repr(folded[match]) for match in close) + "?"
    shown = ", ".join(repr(other) for other in names[:10])
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return f"; there are: {shown}{more}"


@contextmanager
def whole_characters() -> Iterator[None]:
    r"""Refuse text that no file can hold, anywhere in the arguments.

    Raises:
        ArgumentError: In place of the UnicodeEncodeError; it says which text.

    Example:
        >>> with whole_characters():
        ...     "a\ud800".encode()
        Traceback (most recent call last):
        tidegauge.errors.ArgumentError: 'a\ud800' holds half a character (a lone surrogate); take it out
    """
    try:
        yield
    except UnicodeEncodeError as error:
        raise ArgumentError(
            f"{error.object!r} holds half a character (a lone surrogate); take it out"
        ) from None
