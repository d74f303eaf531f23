"""The long tail of a column: records with a rare value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tidegauge.errors import ArgumentError
from tidegauge.samplers.sampler import Sampler, checked_size

_SMALLEST, _LARGEST = 0.0005, 0.5


@dataclass(frozen=True)
class Rare(Sampler):
    """Keep records with a value that few others have: misspelt categories, new ones, the long tail.

    A value is rare if certainly no more than a given share of the records have it: counts come from a sketch,
    which is exact up to 1,024 values of a column and errs towards *frequent* beyond. A record is judged when
    it arrives, by what was seen until then, and again when the samples are read, by everything that was seen.
    The first record with a value always counts as rare when it arrives. Nulls are not rare values.

    Args:
        column: The column.
        size: How many records to keep.
        share: The greatest share of the records that a rare value may have, from 0.0005 to 0.5.

    Example:
        >>> import tidegauge as tg
        >>> rides = {"city": ["Oslo"] * 500 + ["Osol"] + ["Rome"] * 500}
        >>> tg.samplers.sample(rides, tg.samplers.Rare("city", 10, share=0.01)).rows()
        [{'city': 'Osol'}]
    """

    kind: ClassVar[str] = "rare"

    column: str
    size: int = 100
    share: float = 0.001

    def __post_init__(self) -> None:
        if not isinstance(self.column, str):
            raise ArgumentError(f"column={self.column!r}: give the name of a column")
        checked_size(self.size)
        share: Any = self.share
        number = isinstance(share, int | float) and not isinstance(share, bool)
        if not number or not _SMALLEST <= share <= _LARGEST:
            raise ArgumentError(
                f"share={share!r}: give a share of the records from {_SMALLEST} to {_LARGEST}; "
                "of rarer values no sketch can tell"
            )

    def settings(self) -> dict[str, object]:
        """Return the settings, as the kernel knows them."""
        return {"column": self.column, "size": self.size, "share": self.share}

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> Rare:
        """Make a sampler of what `settings` gives."""
        return cls(**settings)
