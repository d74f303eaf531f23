"""The most extreme values of a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from tidegauge.errors import ArgumentError
from tidegauge.samplers.sampler import Sampler, checked_expression, checked_size

if TYPE_CHECKING:
    from tidegauge.expressions import Expression


@dataclass(frozen=True)
class Outliers(Sampler):
    """Keep the records with the most extreme values, provided that they lie beyond two quantiles.

    The quantiles are those of all the values seen so far, from the sampler's own sketch, and records are
    judged by them when the samples are read. So early and late records are judged alike, in whatever order
    they came. Each side gets half of the room, or more if the other needs less; among equal values, chance
    decides.

    Args:
        value: The value, a number or a time: an expression, such as ``col("fare")``, or its text.
        size: How many records to keep.
        low: A value below this quantile is extreme; 0 for never.
        high: A value above this quantile is extreme; 1 for never.

    Example:
        >>> import tidegauge as tg
        >>> rides = {"fare": [*range(1000), -500, 9999]}
        >>> [row["fare"] for row in tg.samplers.sample(rides, tg.samplers.Outliers("fare", 4)).rows()]
        [0, 999, -500, 9999]
    """

    kind: ClassVar[str] = "outliers"

    value: str | Expression
    size: int = 100
    low: float = 0.01
    high: float = 0.99

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", checked_expression(self.value, "value"))
        checked_size(self.size)
        for name in ("low", "high"):
            quantile = getattr(self, name)
            if isinstance(quantile, bool) or not isinstance(quantile, int | float):
                raise ArgumentError(f"{name}={quantile!r}: give a quantile from 0 to 1")
            object.__setattr__(self, name, float(quantile))
        if not 0 <= self.low < self.high <= 1:
            raise ArgumentError(f"low={self.low}, high={self.high}: give quantiles with 0 ≤ low < high ≤ 1")
        if self.low == 0 and self.high == 1:
            raise ArgumentError(
                "low=0, high=1: no value is beyond them; give a low above 0 or a high below 1"
            )

    def settings(self) -> dict[str, object]:
        """Return the settings, as the kernel knows them."""
        return {"value": str(self.value), "size": self.size, "low": self.low, "high": self.high}

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> Outliers:
        """Make a sampler of what `settings` gives."""
        return cls(**settings)
