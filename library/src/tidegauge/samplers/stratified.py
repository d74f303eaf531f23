"""The same number of records from each stratum, so that small ones are represented too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from tidegauge.errors import ArgumentError
from tidegauge.samplers.sampler import Sampler, checked_size


@dataclass(frozen=True)
class Stratified(Sampler):
    """Keep records of each stratum: of each combination of the values of some columns.

    Args:
        columns: The column, or columns, whose values define a stratum; null counts as a value.
        size: How many records to keep from each.
        strata: How many strata to tell apart: the first to appear. All others count as one, the stratum
            without values.

    Example:
        >>> import tidegauge as tg
        >>> rides = {"city": ["Oslo"] * 1000 + ["Rome"] * 2, "fare": range(1002)}
        >>> samples = tg.samplers.sample(rides, tg.samplers.Stratified("city", 5))
        >>> [(stratum.values, stratum.seen, stratum.kept) for stratum in samples.strata]
        [(('Oslo',), 1000, 5), (('Rome',), 2, 2)]
    """

    kind: ClassVar[str] = "stratified"

    columns: str | tuple[str, ...]
    size: int = 10
    strata: int = 100

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", _checked_names(self.columns))
        checked_size(self.size)
        strata: Any = self.strata
        if isinstance(strata, bool) or not isinstance(strata, int) or strata < 1:
            raise ArgumentError(f"strata={strata!r}: give how many strata to tell apart, such as 100")

    def settings(self) -> dict[str, object]:
        """Return the settings, as the kernel knows them."""
        return {"columns": list(self.columns), "size": self.size, "strata": self.strata}

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> Stratified:
        """Make a sampler of what `settings` gives."""
        return cls(tuple(settings["columns"]), settings["size"], settings["strata"])


def _checked_names(columns: Any) -> tuple[str, ...]:
    names = (columns,) if isinstance(columns, str) else columns
    if isinstance(names, Iterable):
        names = tuple(names)
        if names and all(isinstance(name, str) for name in names):
            return names
    raise ArgumentError(f"columns={columns!r}: give the name of a column, or a list of names")
