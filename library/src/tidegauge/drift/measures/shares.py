"""How the values of two columns are spread over the same cells, with bounds.

Cells are counted values here; `tidegauge.drift.measures.bins` makes cells of numbers and times.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from tidegauge import _kernel
from tidegauge.column import kernel_column
from tidegauge.errors import MissingMetricError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tidegauge._kernel import KernelFrequentItems
    from tidegauge.column import ColumnProfile

OTHERS = "all others"


@dataclass(frozen=True)
class Side:
    """The counts of one column in all cells: estimated, at least, and at most.

    Example:
        >>> side = certain([3, 1])
        >>> side.shares, side.n, side.exact
        ((0.75, 0.25), 4, True)
    """

    counts: tuple[float, ...]
    least: tuple[float, ...]
    most: tuple[float, ...]
    n: float
    """How many values the column has: known without error."""

    @cached_property
    def shares(self) -> tuple[float, ...]:
        """The estimated share of each cell; they add up to 1."""
        total = sum(self.counts)
        return tuple(count / total for count in self.counts)

    @property
    def bounds(self) -> tuple[tuple[float, float], ...]:
        """The least and the greatest share of each cell."""
        n = self.n
        return tuple((low / n, high / n) for low, high in zip(self.least, self.most, strict=True))

    @property
    def exact(self) -> bool:
        """Whether all counts are known without error."""
        return self.least == self.most

    def add(self, each: float) -> Side:
        """Add the same count to every cell."""
        counts, least, most = (
            tuple(count + each for count in some) for some in (self.counts, self.least, self.most)
        )
        return Side(counts, least, most, self.n + each * len(counts))

    def only(self, which: Sequence[bool]) -> Side:
        """Leave out some cells, which are empty."""
        counts, least, most = (tuple(compress(some, which)) for some in (self.counts, self.least, self.most))
        return Side(counts, least, most, self.n)


def certain(counts: Iterable[int]) -> Side:
    """Make a side of counts that are known without error."""
    known = tuple(counts)
    return Side(known, known, known, sum(known))


class Shares(NamedTuple):
    """Two columns over the same cells; no cell is empty in both.

    Example:
        >>> import tidegauge as tg
        >>> now, then = tg.log({"city": ["Oslo", "Rome"]}), tg.log({"city": ["Oslo", "Oslo"]})
        >>> shares = of_items(now["city"], then["city"])
        >>> shares.labels, shares.current.shares, shares.reference.shares
        (('Oslo', 'Rome'), (0.5, 0.5), (1.0, 0.0))
    """

    labels: tuple[str, ...]
    """What each cell holds: a value, a bin such as ``(2.0, 5.0]``, or all others."""
    current: Side
    reference: Side

    @property
    def exact(self) -> bool:
        """Whether all counts are known without error."""
        return self.current.exact and self.reference.exact

    def add(self, each: float) -> Shares:
        """Add the same count to every cell on both sides."""
        return Shares(self.labels, self.current.add(each), self.reference.add(each))


def of_items(current: ColumnProfile, reference: ColumnProfile) -> Shares:
    """Bring the frequent items of two columns together.

    While both sketches are exact there is a cell for every value. After that there is one for every
    value that, in one of the profiles, was surely counted more than twice the sketch's `error`; the rest is
    "all others". Each count lies between the sketch's bounds, `error` apart; of the counts
    that the bounds allow, those are taken whose shares differ least. So what the sketches have lost can hide
    a change, and never makes one; the share of a cell is off by at most `error` / `total`, that of all
    others by the sum of these.

    Raises:
        MissingMetricError: Frequent items were not kept, or of no value of a column, such as one of times;
            or there are so many different values that the share of none is known.
    """
    sketches = _items(current), _items(reference)
    pairs = _kernel.item_pairs(kernel_column(current), kernel_column(reference)) or []
    known = [item for item, _, _ in pairs if item is not None]
    if not known:
        raise MissingMetricError(
            f"column {current.name!r} has so many different values that the frequent items know the share "
            "of none of them; compare its lengths or its cardinality in place of its values"
        )
    now, then = tuple(count for _, count, _ in pairs), tuple(count for _, _, count in pairs)
    if not sketches[0].error and not sketches[1].error:
        labels = (*known, OTHERS)[: len(pairs)]
        return Shares(labels, certain(now), certain(then))
    return pack((*known, OTHERS), _bounded(sketches[0], known, now), _bounded(sketches[1], known, then))


def of_booleans(current: ColumnProfile, reference: ColumnProfile) -> Shares:
    """Bring two boolean columns together; their counts are exact at any size."""
    return pack(["false", "true"], _flags(current), _flags(reference))


def pack(labels: Sequence[str], current: Side, reference: Side) -> Shares:
    """Make shares of two sides, without the cells that are surely empty in both."""
    there = [bool(one or other) for one, other in zip(current.most, reference.most, strict=True)]
    if all(there):
        return Shares(tuple(labels), current, reference)
    now, then = current.only(there), reference.only(there)
    return Shares(tuple(compress(labels, there)), now, then)


def _items(column: ColumnProfile) -> KernelFrequentItems:
    sketch = kernel_column(column).frequent_items
    if sketch is None:
        raise MissingMetricError(
            f"column {column.name!r} ({column.type}) has no frequent_items, which this measure needs: "
            "strings, booleans, numbers and dates have them, unless the schema leaves them out"
        )
    if not sketch.total:
        raise MissingMetricError(
            f"column {column.name!r} ({column.type}) has no value that its frequent items count, and this "
            "measure compares counts; compare its types in place of its values"
        )
    return sketch


def _bounded(sketch: KernelFrequentItems, known: list[str], counts: tuple[int, ...]) -> Side:
    """Add the bounds of the counts; that of all others is last, if there are any."""
    listed = {text: (low, high) for text, low, high in sketch.items}
    bounds = [listed.get(text, (0, sketch.error)) for text in known]
    least, most = [low for low, _ in bounds], [min(high, sketch.total) for _, high in bounds]
    rest = (max(sketch.total - sum(most), 0), sketch.total - sum(least))
    others = (counts[-1] if len(counts) > len(known) else 0,)
    return Side((*counts[: len(known)], *others), (*least, rest[0]), (*most, rest[1]), sketch.total)


def _flags(column: ColumnProfile) -> Side:
    counts = column.counts
    return certain((counts.present - counts.trues, counts.trues))
