"""A writer that is a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.errors import ArgumentError, WriterError
from tidegauge.writers.writer import check_delivery

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidegauge.profile_set import ProfileSet


_WAITED_FOR = (
    "nobody would wait for it: a writer is called in a thread of its own and must have delivered when it "
    "returns; give a plain function, such as one that calls asyncio.run()"
)


class FunctionWriter:
    """Delivers profiles to a function of yours.

    Args:
        function: Called with the set and the id of the delivery. Its result is ignored; an exception means
            that the set was not delivered. It decides what a repeated id means.

    Raises:
        ArgumentError: The function does not take two arguments, or is a coroutine or generator function, for
            which a call alone does nothing.

    Example:
        >>> import tidegauge as tg
        >>> kept = {}
        >>> writer = FunctionWriter(lambda profiles, id: kept.update({id: profiles}))
        >>> writer.write(tg.ProfileSet([tg.log({"x": [1]}, "taxi")]), id="0" * 32)
        >>> kept["0" * 32].records
        1
    """

    def __init__(self, function: Callable[[ProfileSet, str], object]) -> None:
        self._function = function
        check_delivers(function, self._name())
        _check_arguments(function, self._name())

    def write(self, profiles: ProfileSet, *, id: str) -> None:  # noqa: A002 - the protocol's word
        """Call the function; see `Writer.write`."""
        checked = check_delivery(profiles, id)
        try:
            given = self._function(checked, id)
        except WriterError:
            raise
        except Exception as error:  # what a function of the user's may raise nobody knows
            raise WriterError(f"{self._name()} raised {type(error).__name__}: {error}") from error
        if hasattr(given, "__await__"):
            if close := getattr(given, "close", None):
                close()  # or Python warns that nobody waited for it
            raise WriterError(f"{self._name()} gave a {type(given).__name__}, and {_WAITED_FOR}")

    def _name(self) -> str:
        return str(getattr(self._function, "__qualname__", None) or repr(self._function))

    def __repr__(self) -> str:
        return f"FunctionWriter({self._name()})"


def check_delivers(function: object, name: str) -> None:
    """Refuse anything that does nothing when called: all would seem delivered, and nothing would be.

    Raises:
        ArgumentError: It is a coroutine or generator function, or an object that behaves as one when called.
    """
    from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction

    for called in (function, getattr(function, "__call__", None)):  # noqa: B004 - the method, not whether it is
        if iscoroutinefunction(called) or isasyncgenfunction(called) or isgeneratorfunction(called):
            kind = "generator" if isgeneratorfunction(called) else "coroutine"
            raise ArgumentError(f"{name}() is a {kind} function, and {_WAITED_FOR}")


def check_method(write: Callable[..., object], name: str) -> None:
    """Find out whether ``write(profiles, id=…)`` of a writer delivers.

    Raises:
        ArgumentError: It cannot be called this way, or does nothing when it is.
    """
    from inspect import signature

    check_delivers(write, f"{name}.write")
    try:
        arguments = signature(write)
    except (TypeError, ValueError):
        return
    try:
        arguments.bind(None, id="")
    except TypeError:
        raise ArgumentError(
            f"{name}.write is called as write(profiles, id=…), and {name}.write{arguments} cannot be; write "
            "for example: def write(self, profiles, *, id)"
        ) from None


def _check_arguments(function: Callable[..., object], name: str) -> None:
    """Find out now, and not when the first window is over, that a function cannot be called."""
    from inspect import signature

    try:
        arguments = signature(function)
    except (TypeError, ValueError):  # of some that are not written in Python nothing is known
        return
    try:
        arguments.bind(None, "")
    except TypeError:
        raise ArgumentError(
            f"a writer that is a function is called with a profile set and an id, and {name}{arguments} does "
            "not take these two; write for example: lambda profiles, id: kept.append(profiles)"
        ) from None
