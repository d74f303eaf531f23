"""The metric `types`: how many values of each type were seen."""

from __future__ import annotations

from typing import NamedTuple


class Types(NamedTuple):
    """How many values of each type a column had; more than one is non-zero if types were mixed.

    Nulls have no type.

    Example:
        >>> Types(integer=5, string=2).seen
        ('integer', 'string')
    """

    boolean: int = 0
    integer: int = 0
    fractional: int = 0
    string: int = 0
    binary: int = 0
    temporal: int = 0
    list: int = 0
    struct: int = 0
    other: int = 0

    @property
    def seen(self) -> tuple[str, ...]:
        """The types of which there is at least one value."""
        return tuple(name for name, count in zip(self._fields, self, strict=True) if count)
