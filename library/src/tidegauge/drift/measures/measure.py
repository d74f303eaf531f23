"""What a measure is: a distance between the same column of two profiles, with a name and a source."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import fsum, inf
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from tidegauge.drift.measures.bins import DEFAULT_BINS, check_bins
from tidegauge.drift.measures.pair import Pair
from tidegauge.errors import ArgumentError, MissingMetricError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tidegauge.column import ColumnProfile
    from tidegauge.drift.measures.pair import Distances
    from tidegauge.drift.measures.shares import Shares

    Part: TypeAlias = Callable[[float, float], float]

Kind: TypeAlias = Literal["ordered", "both"]
"""``ordered``: for numbers and times; ``both``: for these, in bins, and for everything counted by value."""


@dataclass(frozen=True, slots=True)
class Measure(ABC):
    """A distance between a column of one profile and the same column of another, from the profiles alone.

    A measure says how far apart two columns are, never whether that is chance: most grow when there are fewer
    records, even without any change. `tidegauge.compare` judges that.
    """

    name: ClassVar[str]
    """The name to ask for it by."""
    title: ClassVar[str]
    """What people call it."""
    formula: ClassVar[str]
    """In plain text. F and G are the distribution functions of current and reference, p and q the shares of
    a cell, n and m the numbers of values, N = n + m, a and b the counts of a cell, B the number of cells."""
    direction: ClassVar[str] = "larger is farther"
    kind: ClassVar[Kind]
    """Which columns it is for."""
    symmetric: ClassVar[bool]
    """Whether current and reference may be swapped; bins, though, are those of the reference."""
    bounds: ClassVar[tuple[float, float]]
    """The least and the greatest value that it can have."""
    unit: ClassVar[str]
    """What it is counted in."""
    source: ClassVar[str]
    """Who published it, and where."""

    def applies(self, current: ColumnProfile, reference: ColumnProfile) -> bool:
        """Tell whether `compute` has an answer for these two columns."""
        try:
            self._look(Pair(current, reference))
        except (ArgumentError, MissingMetricError):
            return False
        return True

    def compute(self, current: ColumnProfile, reference: ColumnProfile) -> float:
        """Measure how far a column is from its reference.

        Args:
            current: The column as it is.
            reference: The same column of the profile to compare with.

        Returns:
            The distance, in `unit`, within `bounds`; never NaN.

        Raises:
            ArgumentError: The columns cannot be compared: one is empty, or they hold different things.
            MissingMetricError: A profile does not keep what the measure needs.
        """
        return self.of(Pair(current, reference))

    def interval(self, current: ColumnProfile, reference: ColumnProfile) -> tuple[float, float]:
        """Bound what `compute` would give if the sketches kept every value.

        For binned and counted columns: in the same bins, or for the same values and "all others".
        Sampling error is no part of it. Raises what `compute` raises.

        Returns:
            Two bounds; equal when the sketches are exact. Those that come from counts of values are
            certain; those from quantiles hold with 99 % confidence for each of the two sketches.
        """
        return self.interval_of(Pair(current, reference))

    @abstractmethod
    def of(self, pair: Pair) -> float:
        """Measure a pair; like `compute`, but several measures can share what one pair has worked out."""

    @abstractmethod
    def interval_of(self, pair: Pair) -> tuple[float, float]:
        """Bound a pair's exact value; like `interval`."""

    @abstractmethod
    def _look(self, pair: Pair) -> object:
        """Take what the measure needs from a pair, or raise."""


def check_smoothing(smoothing: object) -> None:
    """Refuse a count that cannot be added."""
    if not (isinstance(smoothing, int | float) and 0 <= smoothing < inf):
        raise ArgumentError(f"smoothing is a count of 0 or more, not {smoothing!r}; half a count is usual")


@dataclass(frozen=True, slots=True)
class OrderedMeasure(Measure):
    """A measure of numbers and times, between the distribution functions of two quantile sketches."""

    kind: ClassVar[Kind] = "ordered"

    def of(self, pair: Pair) -> float:
        """Measure a pair."""
        return self._value(pair.distances())

    def interval_of(self, pair: Pair) -> tuple[float, float]:
        """Bound a pair's exact value."""
        found = pair.distances()
        value = self._value(found)
        if not any(found.errors):
            return value, value
        low, high = self._around(found)
        return max(low, self.bounds[0]), min(high, self.bounds[1])

    def _look(self, pair: Pair) -> object:
        return pair.numbers()

    @abstractmethod
    def _value(self, distances: Distances) -> float:
        """Pick the value."""

    @abstractmethod
    def _around(self, distances: Distances) -> tuple[float, float]:
        """Bound the value, when the sketches are not exact."""


@dataclass(frozen=True, slots=True)
class ShareMeasure(Measure):
    """A measure of how records are spread over cells: counted values, or bins of numbers.

    Subclasses give the part of one cell, which is never negative, 0 for p = q, and convex in (p, q)
    together. So the greatest part within bounds of p and q is at a corner of them, the least at p = q
    or at the nearest corner, and the bounds of the counts become bounds of the measure.
    """

    kind: ClassVar[Kind] = "both"
    bins: int = DEFAULT_BINS
    """Into how many bins numbers and times are cut, at quantiles of the reference."""

    def __post_init__(self) -> None:
        """Check the options."""
        check_bins(self.bins)

    def of(self, pair: Pair) -> float:
        """Measure a pair."""
        return self.of_shares(pair.shares(self.bins))

    def of_shares(self, shares: Shares) -> float:
        """Measure counts that have been brought together already."""
        ready = self._prepare(shares)
        parts = map(self._part_of(ready), ready.current.shares, ready.reference.shares)
        return self._finish(self._gather(list(parts)), shares)

    def interval_of(self, pair: Pair) -> tuple[float, float]:
        """Bound a pair's exact value."""
        shares = pair.shares(self.bins)
        value = self.of_shares(shares)
        if shares.exact:
            return value, value
        low, high = self._extremes(self._prepare(shares))
        return min(value, self._finish(low, shares)), max(value, self._finish(high, shares))

    def _extremes(self, shares: Shares) -> tuple[float, float]:
        part = self._part_of(shares)
        least, most = [0.0], [0.0]
        for (p_low, p_high), (q_low, q_high) in zip(
            shares.current.bounds, shares.reference.bounds, strict=True
        ):
            most.append(max(part(p, q) for p in (p_low, p_high) for q in (q_low, q_high)))
            if p_low > q_high:
                least.append(part(p_low, q_high))
            elif q_low > p_high:
                least.append(part(p_high, q_low))
        return self._gather(least), self._gather(most)

    def _finish(self, gathered: float, shares: Shares) -> float:
        low, high = self.bounds
        return min(max(self._whole(gathered) - self._bias(shares), low), high)

    def _look(self, pair: Pair) -> object:
        return pair.shares(self.bins)

    def _prepare(self, shares: Shares) -> Shares:
        """Change the counts before they are measured; most measures do not."""
        return shares

    @abstractmethod
    def _part_of(self, shares: Shares) -> Part:
        """Give the function that is the part of one cell."""

    def _gather(self, parts: Sequence[float]) -> float:
        """Bring the parts of all cells together, with a result that does not depend on their order."""
        return fsum(parts)

    def _whole(self, gathered: float) -> float:
        """Turn the parts, brought together, into the measure."""
        return gathered

    def _bias(self, shares: Shares) -> float:  # noqa: ARG002 - most measures are left as they are
        """Give what is taken off at the end."""
        return 0.0


@dataclass(frozen=True, slots=True)
class CellMeasure(ShareMeasure):
    """A share measure whose part of a cell depends on the two shares alone, not on the sizes."""

    @abstractmethod
    def _part(self, p: float, q: float) -> float:
        """Give the part of one cell."""

    def _part_of(self, shares: Shares) -> Part:  # noqa: ARG002 - it does not depend on them
        return self._part
