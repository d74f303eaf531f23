"""Cells of numbers and times: the values when they are few, else bins at quantiles of the reference."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING

from tidegauge.column import kernel_column
from tidegauge.drift.measures.shares import OTHERS, Shares, Side, certain, pack
from tidegauge.errors import ArgumentError
from tidegauge.metrics.scale import Scale

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tidegauge._kernel import KernelNumbers
    from tidegauge.column import ColumnProfile

DEFAULT_BINS = 10
MOST_BINS = 1000
MOST_ATOMS = 32
LEAST_TIES = 5
"""How often a value occurs, on average, in a column that is taken to be discrete."""

_NOT_FINITE = 3  # NaN and two infinities: frequent items list them, but they are in no bin
_PROBES = [index / (2 * MOST_ATOMS) for index in range(2 * MOST_ATOMS + 1)]
_FIRST_DAY = date(1970, 1, 1).toordinal()


def of_numbers(current: ColumnProfile, reference: ColumnProfile, *, bins: int = DEFAULT_BINS) -> Shares:
    """Count the finite values of two columns of numbers or times in the same cells.

    If the reference has at most 32 different values, each five times on average (or only one), each of
    them is a cell, and all values that the reference does not have are one more. Else the cells are
    bins, each open below and closed above, cut at the quantiles i / bins of the reference; equal
    cuts are one, and the outer bins have no end. Both depend on the two profiles alone.

    A count is off by at most twice the `rank_error` of its quantile sketch, times n; by nothing
    while the sketch is exact, or where the cells are values and the frequent items are exact.

    Example:
        >>> import tidegauge as tg
        >>> now, then = tg.log({"x": [1.0, 9.0]}), tg.log({"x": [1.0, 2.0, 3.0, 4.0]})
        >>> of_numbers(now["x"], then["x"], bins=2).labels
        ('up to 2.0', 'above 2.0')
    """
    check_bins(bins)
    now, then = values_of(current), values_of(reference)
    scale = Scale(then.kind, whole=reference.type == "integer")

    def write(number: float) -> str:
        return str(scale.value(number))

    found = None
    # More distinct quantiles than that mean more values than that: cheap to see, and the usual case.
    if len(set(then.quantile(_PROBES))) <= MOST_ATOMS:
        found = _in_values(current, reference, write)
        if found is None:
            found = _in_points(now, then, write)
    return _in_bins(now, then, bins=bins, write=write) if found is None else found


def check_bins(bins: object) -> None:
    """Refuse an invalid number of bins."""
    if not (isinstance(bins, int) and 2 <= bins <= MOST_BINS):
        raise ArgumentError(f"a measure has from 2 to {MOST_BINS:,} bins, not {bins!r}; 10 is usual")


def values_of(column: ColumnProfile) -> KernelNumbers:
    """Return the numbers of a column that is known to have some."""
    numbers = kernel_column(column).values
    assert numbers is not None, "a pair checks its columns"  # noqa: S101
    return numbers


def _is_discrete(different: int, n: int) -> bool:
    return different == 1 or (different <= MOST_ATOMS and n >= LEAST_TIES * different)


def _in_values(
    current: ColumnProfile, reference: ColumnProfile, write: Callable[[float], str]
) -> Shares | None:
    """Count the values of a discrete reference, and all others, by frequent items that know every value."""
    then = _known_values(reference, MOST_ATOMS + _NOT_FINITE)
    if then is None or not _is_discrete(len(then), sum(then.values())):
        return None
    now = _known_values(current)
    if now is None:
        return None
    atoms = sorted(then)
    sides = []
    for known in (now, then):
        found = [known.get(atom, 0) for atom in atoms]
        sides.append(certain((*found, sum(known.values()) - sum(found))))
    return pack([*map(write, atoms), OTHERS], sides[0], sides[1])


def _known_values(column: ColumnProfile, most: int | None = None) -> dict[float, int] | None:
    """Count every finite value, if the frequent items are exact and hold all the numbers of the column."""
    sketch = kernel_column(column).frequent_items
    if sketch is None or not sketch.exact:
        return None
    items = sketch.items
    if most is not None and len(items) > most:
        return None
    parse = _day if column.type == "date" else float
    known: dict[float, int] = {}
    for text, count, _ in items:
        try:
            number = parse(text)
        except ValueError:  # a date that Python has not
            continue
        if isfinite(number):
            known[number] = known.get(number, 0) + count
    return known if sum(known.values()) == values_of(column).n else None


def _day(text: str) -> float:
    return float(date.fromisoformat(text).toordinal() - _FIRST_DAY)


def _in_points(now: KernelNumbers, then: KernelNumbers, write: Callable[[float], str]) -> Shares | None:
    """Count the values of a discrete reference, and all others, by the quantile sketches."""
    atoms = _different(then.points()[0])
    if not _is_discrete(len(atoms), then.n):
        return None
    return pack([*map(write, atoms), OTHERS], _at_points(now, atoms), _at_points(then, atoms))


def _different(ascending: list[float]) -> list[float]:
    """List the different numbers of an ascending list, no more than it takes to know that they are many."""
    found: list[float] = []
    at = 0
    while at < len(ascending) and len(found) <= MOST_ATOMS:
        found.append(ascending[at])
        at = bisect_right(ascending, ascending[at], lo=at)
    return found


def _at_points(numbers: KernelNumbers, atoms: list[float]) -> Side:
    points, weights = numbers.points()
    found = [sum(weights[bisect_left(points, atom) : bisect_right(points, atom)]) for atom in atoms]
    errors = [2.0 * numbers.rank_error * numbers.n] * len(found)
    return _within((*found, numbers.n - sum(found)), (*errors, sum(errors)), numbers.n)


def _in_bins(now: KernelNumbers, then: KernelNumbers, *, bins: int, write: Callable[[float], str]) -> Shares:
    """Count values between quantiles of the reference."""
    cuts = sorted(set(then.quantile([index / bins for index in range(1, bins)])))
    # Above its greatest value the reference has nothing: a cut there would make an empty bin.
    edges = [cut for cut in cuts if cut < then.max]
    names = [write(edge) for edge in edges]
    inner = [f"{low} to {high}" for low, high in pairwise(names)]
    labels = [f"up to {names[0]}", *inner, f"above {names[-1]}"] if names else ["all"]
    return pack(labels, _between(now, edges), _between(then, edges))


def _between(numbers: KernelNumbers, edges: list[float]) -> Side:
    n = numbers.n
    below = [0, *(round(share * n) for share in numbers.rank(edges)), n]
    error = numbers.rank_error * n
    errors = [error * ((index > 0) + (index < len(edges))) for index in range(len(edges) + 1)]
    return _within(tuple(high - low for low, high in pairwise(below)), errors, n)


def _within(counts: tuple[int, ...], errors: Sequence[float], n: int) -> Side:
    least = tuple(max(count - error, 0) for count, error in zip(counts, errors, strict=True))
    most = tuple(min(count + error, n) for count, error in zip(counts, errors, strict=True))
    return Side(counts, least, most, n)
