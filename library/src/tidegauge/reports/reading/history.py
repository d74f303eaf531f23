"""From a profile set to the facts of its report over time."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from tidegauge.column import kernel_column
from tidegauge.display.reading import conditions_over, shown_of, windows_of
from tidegauge.reports.facts.history import (
    FAN_RANKS,
    ColumnHistory,
    ConditionHistory,
    HistoryFacts,
    Steps,
    TopRows,
)
from tidegauge.reports.reading.heat import heat_of, steps_a_cell
from tidegauge.reports.reading.profile import read_profile
from tidegauge.reports.reading.segments import read_segments
from tidegauge.reports.reading.shapes import TAIL_RANKS, kernel_lengths, kernel_numbers
from tidegauge.reports.reading.steps import steps_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tidegauge._kernel import KernelNumbers
    from tidegauge.column import ColumnProfile
    from tidegauge.metrics.conditions import Condition
    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet

_RANKS = (*FAN_RANKS, *TAIL_RANKS)
_TOP = 8
_MOST_ITEMS = 64
_MOSTLY_OTHERS = 0.9


def read_history(profiles: ProfileSet) -> HistoryFacts:
    """Read all that the report of a profile set shows.

    Args:
        profiles: The profile set.

    Raises:
        ArgumentError: It holds several datasets.

    Example:
        >>> import tidegauge as tg
        >>> days = tg.log({"t": ["2013-02-07", "2013-02-08"], "x": [1, 5]}, timestamp="t", window="1d")
        >>> read_history(days).columns[1].fan[1]
        (5.0, 5.0, 5.0, 5.0, 5.0)
    """
    heading = windows_of(profiles).heading
    segments = read_segments(profiles)
    profiles = shown_of(profiles)
    if segments and not any(profiles.windows):
        whole = read_profile(profiles.merge())
        return HistoryFacts(heading, Steps((0,), ()), (), segments=segments, whole=whole)
    steps, placed = steps_of(profiles)
    present = [set() if profile is None else set(profile.columns) for profile in placed]
    gathered = [
        _gather(
            name,
            [
                profile[name] if profile is not None and name in known else None
                for profile, known in zip(placed, present, strict=True)
            ],
        )
        for name in profiles.columns
    ]
    each = steps_a_cell(sum(any(one.numbers) for one in gathered), len(steps))
    columns = [_read_column(one, position, each) for position, one in enumerate(gathered, 1)]
    conditions = _read_conditions(conditions_over(profiles), placed)
    return HistoryFacts(heading, steps, tuple(columns), conditions, segments=segments)


def _read_conditions(
    over_all: Mapping[str, Condition], placed: Sequence[Profile | None]
) -> tuple[ConditionHistory, ...]:
    counted = [
        {(one.name, one.expression): one for one in profile.conditions.values()}
        if profile is not None
        else {}
        for profile in placed
    ]
    return tuple(
        ConditionHistory(
            key, whole, tuple(map(_failing, (at.get((whole.name, whole.expression)) for at in counted)))
        )
        for key, whole in over_all.items()
    )


def _failing(one: Condition | None) -> float | None:
    """The share that failed of the records of which it is known."""
    known = 0 if one is None else one.passed + one.failed
    return one.failed / known if one is not None and known else None


class _Gathered(NamedTuple):
    """One column, step by step, and its numbers where they are of the kind that most of them are."""

    name: str
    cells: list[ColumnProfile | None]
    type: str
    kind: str
    numbers: list[KernelNumbers | None]


def _gather(name: str, cells: list[ColumnProfile | None]) -> _Gathered:
    types = [cell.type for cell in cells if cell is not None and cell.type != "null"]
    main = max(set(types), key=types.count, default="null")
    numbers = [None if cell is None else kernel_numbers(cell) for cell in cells]
    kinds = [number.kind for number in numbers if number is not None]
    kind = max(set(kinds), key=kinds.count, default="number")
    same = [number if number is not None and number.kind == kind else None for number in numbers]
    return _Gathered(name, cells, main, kind, same)


def _read_column(one: _Gathered, position: int, each: int) -> ColumnHistory:
    cells, drawn = one.cells, one.numbers
    known = [number for number in drawn if number is not None]
    read = [None if number is None else number.quantile(_RANKS) for number in drawn]
    fan = tuple(None if step is None else tuple(step[: len(FAN_RANKS)]) for step in read)
    tails = [(step[-2], step[-1]) for step in read if step is not None]
    top = None if known else _top(cells)
    return ColumnHistory(
        one.name,
        one.type,
        one.kind,
        tuple(None if cell is None else _null_rate(cell) for cell in cells),
        tuple(None if cell is None else _distinct(cell) for cell in cells),
        fan=fan if known else (),
        lengths=_lengths(cells) if not known and top is None else (),
        heat=heat_of(drawn, tails, each, whole=one.type == "integer"),
        top=top,
        constant=_constant(cells, known),
        advances=_advances(fan),
        exact=all(number.quantiles_exact for number in known),
        position=position,
    )


def _lengths(cells: Sequence[ColumnProfile | None]) -> tuple[tuple[float, ...] | None, ...]:
    drawn = [None if cell is None else kernel_lengths(cell) for cell in cells]
    if not any(drawn):
        return ()
    return tuple(None if number is None else tuple(number.quantile(FAN_RANKS)) for number in drawn)


def _null_rate(cell: ColumnProfile) -> float | None:
    counts = kernel_column(cell).counts
    return counts["nulls"] / counts["records"] if counts["records"] else None


def _distinct(cell: ColumnProfile) -> float | None:
    sketch = kernel_column(cell).cardinality
    return None if sketch is None else float(round(sketch.estimate))


def _constant(cells: Sequence[ColumnProfile | None], known: Sequence[KernelNumbers]) -> str | None:
    """The one value of all windows, as text; None when there are several or none."""
    if known:
        low, high = min(number.min for number in known), max(number.max for number in known)
        if low != high or known[0].min_exact != known[0].max_exact:
            return None
    texts: set[str | None] = set()
    for cell in cells:
        if cell is not None and cell.counts.present:
            texts.add(_only_item(cell))
            if None in texts or len(texts) > 1:
                return None
    return texts.pop() if texts else None


def _only_item(cell: ColumnProfile) -> str | None:
    items = kernel_column(cell).frequent_items
    if items is None or not items.exact or len(items.items) != 1:
        return None
    return items.items[0][0]


def _advances(fan: Sequence[tuple[float, ...] | None]) -> bool:
    """Tell whether each window's values lie beyond those of the window before, as timestamps do."""
    known = [step for step in fan if step is not None]
    if len(known) < 3:
        return False
    beyond = sum(1 for before, after in pairwise(known) if after[0] >= before[-1])
    return beyond >= 0.95 * (len(known) - 1) and known[-1][2] > known[0][2]


def _top(cells: Sequence[ColumnProfile | None]) -> TopRows | None:
    """Follow the values that are the most frequent over all windows."""
    counted = [None if cell is None else kernel_column(cell).frequent_items for cell in cells]
    lists = [None if items is None or not items.total else items.items[:_MOST_ITEMS] for items in counted]
    totals: dict[str, int] = {}
    for items in lists:
        for text, low, high in items or ():
            totals[text] = totals.get(text, 0) + low + high
    names = sorted(totals, key=lambda text: (-totals[text], text))[:_TOP]
    if not names or all(totals[name] <= 2 for name in names):
        return None
    columns: list[list[float | None]] = [[] for _ in names]
    others: list[float | None] = []
    for items, sketch in zip(lists, counted, strict=True):
        if items is None or sketch is None:
            shares: list[float | None] = [None] * len(names)
            others.append(None)
        else:
            halves = {text: (low + high) / 2 / sketch.total for text, low, high in items}
            shares = [halves.get(name, 0.0) for name in names]
            others.append(max(0.0, 1.0 - sum(share or 0.0 for share in shares)))
        for row, share in zip(columns, shares, strict=True):
            row.append(share)
    if all(share is None or share > _MOSTLY_OTHERS for share in others):
        return None
    exact = all(sketch is None or sketch.exact for sketch in counted)
    return TopRows(tuple(names), tuple(map(tuple, columns)), tuple(others), exact=exact)
