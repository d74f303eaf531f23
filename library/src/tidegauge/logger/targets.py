"""Where profiles go: whatever is given as a writer, as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from tidegauge.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidegauge.profile_set import ProfileSet


@runtime_checkable
class Writer(Protocol):
    """Delivers profile sets somewhere."""

    def write(self, profiles: ProfileSet, *, id: str) -> None:  # noqa: A002 - the word
        """Deliver one set; the same id twice must leave one."""


class CallableWriter:
    """A function as a writer."""

    def __init__(self, function: Callable[[ProfileSet, str], object]) -> None:
        self._function = function

    def write(self, profiles: ProfileSet, *, id: str) -> None:  # noqa: A002 - the word
        """Call the function."""
        self._function(profiles, id)

    def __repr__(self) -> str:
        """Show the function's name."""
        return getattr(self._function, "__qualname__", repr(self._function))


def open_writer(target: object) -> Writer:
    """Return what was given as a writer."""
    if isinstance(target, Writer):
        return target
    if callable(target):
        return CallableWriter(target)
    raise ArgumentError(f"writers= takes functions and writers, not {type(target).__name__}")
