"""Each record with the same chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tidegauge.samplers.sampler import Sampler, checked_size


@dataclass(frozen=True)
class Reservoir(Sampler):
    """Keep records at random, each with the same chance: what the data looks like.

    Each record has a random number, and those with the smallest are kept, so samples merge exactly. Once the
    sample is full, records that are not kept cost nothing: how many to skip until the next one is drawn in
    one go.

    Args:
        size: How many records to keep. If there are fewer, all are kept.

    Example:
        >>> import tidegauge as tg
        >>> samples = tg.samplers.sample({"ride": range(1_000_000)}, tg.samplers.Reservoir(100))
        >>> len(samples), samples.seen
        (100, 1000000)
    """

    kind: ClassVar[str] = "reservoir"

    size: int = 100

    def __post_init__(self) -> None:
        checked_size(self.size)

    def settings(self) -> dict[str, object]:
        """Return the settings, as the kernel knows them."""
        return {"size": self.size}

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> Reservoir:
        """Make a sampler of what `settings` gives."""
        return cls(**settings)
