"""A writer that is a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.errors import ArgumentError, WriterError
from tidegauge.writers.writer import check_delivery

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidegauge.profile_set import ProfileSet


class FunctionWriter:
    """Delivers profiles to a function of yours.

    Args:
        function: Called with the set and the id of the delivery. What it returns is passed over; what it
            raises means that the set was not delivered. It decides what a repeated id means.

    Raises:
        ArgumentError: The function does not take two arguments.

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
        _check_arguments(function, self._name())

    def write(self, profiles: ProfileSet, *, id: str) -> None:  # noqa: A002 - the protocol's word
        """Call the function; see `Writer.write`."""
        checked = check_delivery(profiles, id)
        try:
            self._function(checked, id)
        except WriterError:
            raise
        except Exception as error:  # what a function of the user's may raise nobody knows
            raise WriterError(f"{self._name()} raised {type(error).__name__}: {error}") from error

    def _name(self) -> str:
        return str(getattr(self._function, "__qualname__", None) or repr(self._function))

    def __repr__(self) -> str:
        return f"FunctionWriter({self._name()})"


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
