"""How a column's values spread, step by step: which steps share a cell, and how much lies in each bin."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from tidegauge.reports.facts.history import Heat
from tidegauge.reports.reading.shapes import cuts_of, edges_between, shares_between

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tidegauge._kernel import KernelNumbers

_BINS = 22
_MOST_CELLS = 5_000
_FEWEST_CELLS = 60


def steps_a_cell(columns: int, steps: int) -> int:
    """Choose how many neighbouring steps a cell shows, so that a page of many columns stays small.

    Args:
        columns: How many columns are drawn so.
        steps: How many steps each has.

    Example:
        >>> steps_a_cell(50, 90), steps_a_cell(50, 365), steps_a_cell(1000, 365)
        (1, 4, 6)
    """
    wanted = -(-columns * steps // _MOST_CELLS)
    return max(1, min(wanted, steps // _FEWEST_CELLS))


def heat_of(
    drawn: Sequence[KernelNumbers | None],
    tails: Sequence[tuple[float, float]],
    each: int,
    *,
    whole: bool,
) -> Heat | None:
    """Read how the values of each step spread over bins that all steps share.

    Args:
        drawn: The numbers of each step, None where there are none.
        tails: The 1 and 99 % quantiles of those that there are.
        each: How many neighbouring steps a cell shows; their values count alike.
        whole: Whether all values are whole numbers.

    Returns:
        What is drawn; None when the values have no room to spread.
    """
    known = [number for number in drawn if number is not None]
    found = edges_between(known, tails, _BINS, whole=whole) if known else None
    if found is None or len(found[0]) < 3:
        return None
    edges, halved = found
    cuts = cuts_of(edges)
    ends, cells = [], []
    for end, numbers in _stretches(drawn, each):
        ends.append(end)
        cells.append(_shares(numbers, cuts) if numbers else [None] * (len(cuts) - 1))
    return Heat(edges, tuple(zip(*cells, strict=True)), tuple(ends), steps_each=each, whole=halved)


def _stretches(drawn: Sequence[KernelNumbers | None], each: int) -> Iterator[tuple[int, list[KernelNumbers]]]:
    """Cut time into cells: where each ends, and the numbers in it; no cell covers a gap."""
    for start in range(0, len(drawn), each):
        end = start
        for there, stretch in groupby(drawn[start : start + each], key=lambda number: number is not None):
            steps = list(stretch)
            end += len(steps)
            yield end, [number for number in steps if number is not None] if there else []


def _shares(numbers: Sequence[KernelNumbers], cuts: Sequence[float]) -> Sequence[float]:
    if len(numbers) == 1:
        return shares_between(numbers[0], cuts)
    counts = [number.n for number in numbers]
    ranks = [number.rank(cuts) for number in numbers]
    if len(set(counts)) > 1:
        total = sum(counts) / len(counts)
        ranks = [[rank * count / total for rank in each] for each, count in zip(ranks, counts, strict=True)]
    below = [sum(at) / len(ranks) for at in zip(*ranks, strict=True)]
    return [max(0.0, upper - lower) for lower, upper in pairwise(below)]
