"""Two columns to be measured against each other: whether they can be, and what several measures share."""

from __future__ import annotations

from math import inf, isnan
from typing import TYPE_CHECKING, NamedTuple

from tidegauge import _kernel
from tidegauge.column import ColumnProfile, kernel_column
from tidegauge.drift.alike import alike_in_items, alike_in_numbers, why_apart
from tidegauge.drift.measures import bins as bins_
from tidegauge.drift.measures import shares as shares_
from tidegauge.errors import ArgumentError, MissingMetricError
from tidegauge.metrics.scale import Scale

if TYPE_CHECKING:
    from tidegauge._kernel import KernelNumbers
    from tidegauge.drift.measures.shares import Shares

_FAMILIES = {
    "integer": "numbers",
    "fractional": "numbers",
    "decimal": "numbers",
    "mixed": "values of mixed types",
    "boolean": "booleans",
    "string": "strings",
    "date": "dates",
    "timestamp": "timestamps",
    "time": "times of day",
    "duration": "durations",
    "binary": "binaries",
    "list": "lists",
    "struct": "structs",
}
_ORDERED = {"numbers", "dates", "timestamps", "times of day", "durations"}


class Distances(NamedTuple):
    """What one walk over the values of two quantile sketches, in order, gives."""

    ks: float
    wasserstein: float
    energy: float
    cramer_von_mises: float
    seconds: float
    """How many seconds a unit of the values is; 1 for plain numbers."""
    current: KernelNumbers
    """Whose distances these are: their sizes and ranges bound those of the distances."""
    reference: KernelNumbers
    errors: tuple[float, float]
    """The rank error of each; 0 where the sketch is exact, or the frequent items are in its place."""


class Pair:
    """The same column of two profiles; what was worked out for one measure is there for the next.

    Args:
        current: The column as it is.
        reference: The same column of the profile to compare with.

    Raises:
        ArgumentError: One of them is no column of a profile, has no values, or holds other things.

    Example:
        >>> import tidegauge as tg
        >>> pair = Pair(tg.log({"x": [1, 2]})["x"], tg.log({"x": [1, 1]})["x"])
        >>> pair.distances().ks, pair.shares().current.shares
        (0.5, (0.5, 0.5))
    """

    __slots__ = ("_distances", "_family", "_shares", "current", "reference")

    def __init__(self, current: ColumnProfile, reference: ColumnProfile) -> None:
        self.current = current
        self.reference = reference
        self._family = _common_family(current, reference)
        self._distances: Distances | None = None
        self._shares: dict[int, Shares] = {}

    def numbers(self) -> tuple[KernelNumbers, KernelNumbers]:
        """Return the numbers of both columns.

        Raises:
            ArgumentError: They hold no numbers or times, or no finite ones.
            MissingMetricError: Their quantiles were not kept.
        """
        if self._family not in _ORDERED:
            raise ArgumentError(
                f"column {self.current.name!r} holds {self._family}: this measure is for numbers and "
                "times; 'jensen_shannon' and 'total_variation' are for all that can be counted"
            )
        both = _numbers(self.current, "current"), _numbers(self.reference, "reference")
        self._require(alike=alike_in_numbers(self.current, self.reference))
        return both

    def distances(self) -> Distances:
        """Return the distances between the distribution functions of numbers or times.

        Raises:
            ArgumentError: They hold no numbers or times, or no finite ones.
            MissingMetricError: Their quantiles were not kept.
        """
        if self._distances is None:
            self._distances = _distances(*self.numbers())
        return self._distances

    def shares(self, bins: int = bins_.DEFAULT_BINS) -> Shares:
        """Return how the values of both columns are spread over the same cells.

        Args:
            bins: Into how many bins numbers and times are cut.

        Raises:
            ArgumentError: They hold no finite numbers, or nothing that is counted one by one.
            MissingMetricError: The metric that is needed was not kept, or knows too little.
        """
        found = self._shares.get(bins)
        if found is None:
            found = self._shares[bins] = self._find_shares(bins)
        return found

    def _require(self, *, alike: bool) -> None:
        if not alike:
            why = why_apart(self.current, self.reference)
            raise ArgumentError(
                f"column {self.current.name!r} was made private in two ways, so there is no distance: {why}"
            )

    def _find_shares(self, bins: int) -> Shares:
        if self._family == "booleans":
            return shares_.of_booleans(self.current, self.reference)
        if self._family in _ORDERED:
            self.numbers()
            return bins_.of_numbers(self.current, self.reference, bins=bins)
        shares = shares_.of_items(self.current, self.reference)
        self._require(alike=alike_in_items(self.current, self.reference))
        return shares


def _common_family(current: ColumnProfile, reference: ColumnProfile) -> str:
    for column, side in ((current, "current"), (reference, "reference")):
        if not isinstance(column, ColumnProfile):
            raise ArgumentError(
                f"a measure compares columns of profiles, as profile['fare'] gives them; the {side} one "
                f"is of type {type(column).__name__}"
            )
        if not column.counts.present:
            what = f"all its {column.nulls:,} values are null" if column.nulls else "it has no records"
            raise ArgumentError(
                f"column {column.name!r} of the {side} profile is empty ({what}): a measure needs at "
                "least one value on each side"
            )
    now, then = (_FAMILIES.get(column.type, f"{column.type} values") for column in (current, reference))
    mixed = _FAMILIES["mixed"]
    if now != then and mixed not in (now, then):
        raise ArgumentError(
            f"column {current.name!r} holds {now} now and {then} in the reference: a change of type is no "
            "distance; tidegauge.compare reports it as a change of schema"
        )
    return now if now == then else mixed


def _numbers(column: ColumnProfile, side: str) -> KernelNumbers:
    numbers = kernel_column(column).values
    if numbers is None or not numbers.has_quantiles:
        kept = ", ".join(column.metrics)
        raise MissingMetricError(
            f"column {column.name!r} of the {side} profile has no quantiles, which this measure needs: the "
            f"schema left them out; kept: {kept}"
        )
    if not numbers.n:
        raise ArgumentError(
            f"column {column.name!r} of the {side} profile has no finite values: a measure needs at least "
            "one on each side"
        )
    return numbers


def _distances(now: KernelNumbers, then: KernelNumbers) -> Distances:
    found = _kernel.distances(now, then)
    assert found is not None, "both have values"  # noqa: S101
    ks, wasserstein, energy = found["ks"], found["wasserstein"], found["energy"]
    if isnan(wasserstein):
        # Two neighbours are further apart than a double can tell.
        wasserstein = energy = inf if ks else 0.0
    errors = (0.0, 0.0) if found["exact"] else (_rank_error(now), _rank_error(then))
    seconds = Scale(then.kind).seconds
    return Distances(ks, wasserstein, energy, found["cramer_von_mises"], seconds, now, then, errors)


def _rank_error(numbers: KernelNumbers) -> float:
    """Ask the kernel, which takes the frequent items where these know every value of a larger column."""
    alone = _kernel.distances(numbers, numbers)
    return 0.0 if alone is not None and alone["exact"] else numbers.rank_error
