"""Records that fail a condition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from tidegauge.errors import ArgumentError
from tidegauge.samplers.sampler import Sampler, checked_expression, checked_size

if TYPE_CHECKING:
    from tidegauge.expressions import Expression


@dataclass(frozen=True)
class Failing(Sampler):
    """Keep records for which a condition is false, each with the same chance.

    Args:
        condition: The condition, in the language of conditions: an expression, such as ``col("fare") > 0``,
            or its text.
        size: How many records to keep. `Samples.eligible` says how many failed.
        unknown: Whether to keep also those that cannot be judged, because a value is null or of another type.

    Example:
        >>> import tidegauge as tg
        >>> rides = {"fare": [5.0, -1.0, None]}
        >>> tg.samplers.sample(rides, tg.samplers.Failing(tg.col("fare") > 0, 10)).rows()
        [{'fare': -1.0}]
        >>> tg.samplers.sample(rides, tg.samplers.Failing("fare > 0", 10, unknown=True)).rows()
        [{'fare': -1.0}, {'fare': None}]
    """

    kind: ClassVar[str] = "failing"

    condition: str | Expression
    size: int = 100
    unknown: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "condition", checked_expression(self.condition, "condition"))
        checked_size(self.size)
        if not isinstance(self.unknown, bool):
            raise ArgumentError(f"unknown={self.unknown!r}: give True or False")

    def settings(self) -> dict[str, object]:
        """Return the settings, as the kernel knows them."""
        return {"condition": str(self.condition), "size": self.size, "unknown": self.unknown}

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> Failing:
        """Make a sampler of what `settings` gives."""
        return cls(**settings)
