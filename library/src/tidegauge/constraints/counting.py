"""Logging data for a suite: its conditions are counted as far as the data has their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from tidegauge.errors import ArgumentError
from tidegauge.expressions import parse_expression

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet

    Log: TypeAlias = Callable[[Mapping[str, str]], Profile | ProfileSet]


def log_with(conditions: Mapping[str, str], log: Log) -> Any:
    """Log data with conditions, leaving out those over columns that the data lacks.

    To log a table with a condition over a column that it does not have is an error, as most often the
    name is misspelt. When a suite is checked, it is to be unknown instead.

    Args:
        conditions: The expressions of conditions, by name.
        log: Logs the data with some conditions; may be called several times.

    Returns:
        What `log` gave.

    Raises:
        ArgumentError: The data cannot be logged for another reason.

    Example:
        >>> import tidegauge as tg
        >>> profile = log_with({"dear": "fair > 100"}, lambda some: tg.log({"fare": [5.0]}, conditions=some))
        >>> profile.records, dict(profile.conditions)
        (1, {})
    """
    try:
        return log(conditions)
    except ArgumentError:
        if not conditions:
            raise
        plain = log({})
        known = {
            name: text
            for name, text in conditions.items()
            if all(column in plain.columns for column in parse_expression(text).columns)
        }
        if len(known) == len(conditions):
            raise
        return log(known) if known else plain
