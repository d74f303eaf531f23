"""Records by their weight, so that sums over any part of them can be estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from tidegauge.samplers.sampler import Sampler, checked_expression, checked_size

if TYPE_CHECKING:
    from tidegauge.expressions import Expression


@dataclass(frozen=True)
class Weighted(Sampler):
    """Keep records with a chance that grows with their weight: where the money is.

    VarOpt (Cohen, Duffield, Kaplan, Lund & Thorup, 2011): the heaviest records are all kept, the others with
    a chance proportional to their weight, and `Samples.estimate` of the weight of any part of the records is
    unbiased, with the least average variance that a sample of this size can have.

    Records whose weight is null, zero, negative or not finite are never kept; `Samples.eligible` says how
    many records have a weight.

    Args:
        weight: The weight: an expression, such as ``col("fare")``, or its text.
        size: How many records to keep.

    Example:
        >>> import tidegauge as tg
        >>> rides = {"city": ["Oslo", "Rome"] * 500, "fare": [1.0, 3.0] * 500}
        >>> samples = tg.samplers.sample(rides, tg.samplers.Weighted("fare", 100))
        >>> round(samples.estimate().value)
        2000
    """

    kind: ClassVar[str] = "weighted"

    weight: str | Expression
    size: int = 100

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", checked_expression(self.weight, "weight"))
        checked_size(self.size)

    def settings(self) -> dict[str, object]:
        """Return the settings, as the kernel knows them."""
        return {"weight": str(self.weight), "size": self.size}

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> Weighted:
        """Make a sampler of what `settings` gives."""
        return cls(**settings)
