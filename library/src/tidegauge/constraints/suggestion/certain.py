"""Constraints that need no bound: types, sets of values, and the ranges that a calendar gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, Any

from tidegauge.constraints.bounded import is_rounded
from tidegauge.constraints.suggestion import faults
from tidegauge.constraints.suggestion.faults import Fault
from tidegauge.constraints.suggestion.readings import Key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tidegauge.column import ColumnProfile
    from tidegauge.constraints.dates import DatePart
    from tidegauge.metrics.scale import Value
    from tidegauge.profile import Profile

LISTED = frozenset({"string", "boolean", "integer"})
"""Types of columns that may hold a few values again and again."""
_MOST_VALUES = 30
_LEAST_WINDOWS_OF_VALUE = 0.25
_LEAST_SHARE = 0.01
_LEAST_COUNT = 10
_MOST_WATCHED = 40
_LEAST_OUTSIDE = 0.01
_FEW_OUTSIDE = 3.0
_MOST_OUTSIDE = 0.25
_MAGNITUDE = 10.0
_MOST_CODES = 24
_MOST_DISTINCT_TEXTS = 1000
_FLAG = frozenset({0, 1})


@dataclass(frozen=True, slots=True)
class Certain:
    """Something that was so in every window of the history.

    Attributes:
        kind: ``type``, ``value set``, ``date part``, ``part of date`` or ``magnitude``.
        column: The column's name.
        argument: The type; the values, with the share that may be others; the part of a date, alone or with
            the column of times that it is of; the greatest mean.
        reason: Why it is expected, in words.
        shows: The faults that it would show.
    """

    kind: str
    column: str
    argument: Any
    reason: str
    shows: frozenset[Fault]

    @property
    def key(self) -> Key:
        """What tells it from other things learnt of the column."""
        return Key(self.column, self.kind)


def find_type(name: str, profiles: Sequence[Profile]) -> Certain | None:
    """Find the type that a column had in every window; None when there was more than one, or nothing."""
    types = {profile[name].type for profile in profiles if name in profile}
    empty = any(not profile[name].counts.present for profile in profiles if name in profile)
    if len(types) != 1 or empty:
        return None
    (found,) = types
    if found in {"null", "mixed", "other"}:
        return None
    reason = f"its values were of this type in {_all(len(profiles))}"
    return Certain("type", name, found, reason, frozenset({Fault(faults.TYPE, name)}))


def find_value_set(name: str, profiles: Sequence[Profile], merged: ColumnProfile) -> Certain | None:
    """Find the values of a column that has a few, all of which come again and again.

    Values that came in few windows only are a sign that more are to come; then there is no set.
    """
    if merged.type not in {"string", "integer"} or "frequent_items" not in merged.metrics:
        return None
    items = merged.frequent_items
    if items.hashed or is_rounded(merged) or not items.exact or not 1 <= len(items) <= _MOST_VALUES:
        return None
    seen: dict[object, int] = {}
    for profile in profiles:
        column = profile[name]
        if "frequent_items" not in column.metrics or not column.frequent_items.exact:
            return None
        for item in column.frequent_items:
            seen[item.value] = seen.get(item.value, 0) + 1
    if any(map(_is_cut, seen)):
        return None
    flag = merged.type == "integer" and seen.keys() == _FLAG
    if len(profiles) > 1:
        settled = flag or min(seen.values()) >= max(2, _LEAST_WINDOWS_OF_VALUE * len(profiles))
    else:
        settled = all(item.lower >= max(_LEAST_COUNT, _LEAST_SHARE * items.total) for item in items)
    if not settled:
        return None
    values = tuple(sorted(seen, key=lambda value: (isinstance(value, str), value)))
    shows = frozenset(Fault(kind, name) for kind in _shown_by_set(values))
    reason = f"no other value occurred in {_all(len(profiles))}, and each of these in many of them"
    if len(profiles) == 1:
        reason = f"no other value occurred in {items.total:,}"
    elif flag:
        reason = f"no other value occurred in {_all(len(profiles))}: it is a flag"
    fewest = min(profile[name].counts.present for profile in profiles)
    # One odd value will come some day and is no fault; truncation or a change of unit alters all values.
    outside = min(max(_LEAST_OUTSIDE, round(_FEW_OUTSIDE / fewest, 2)), _MOST_OUTSIDE)
    return Certain("value set", name, (values, outside), reason, shows)


def _shown_by_set(values: tuple[object, ...]) -> Iterator[str]:
    yield faults.TYPE
    if any(isinstance(value, str) and len(value) > 1 for value in values):
        yield faults.TRUNCATION
    numbers = [value for value in values if isinstance(value, int)]
    if any(number and number * faults.UNIT_FACTOR not in numbers for number in numbers):
        yield faults.UNIT


def find_magnitude(name: str, means: Sequence[float]) -> Certain | None:
    """Bound the order of magnitude of a column whose values are not bounded otherwise."""
    most = max(abs(mean) for mean in means)
    if not most > 0.0 or not isfinite(most):
        return None
    limit = float(f"{_MAGNITUDE * most:.1e}")
    shown = abs(means[-1]) * faults.UNIT_FACTOR > limit
    shows = frozenset({Fault(faults.UNIT, name)}) if shown else frozenset()
    reason = "its values go with time or tell the window; this bounds no more than their order of magnitude"
    return Certain("magnitude", name, limit, reason, shows)


def date_range(name: str, part: DatePart, seen: Sequence[float]) -> Certain:
    """Take the range of a part of a date."""
    beyond = min(abs(value) for value in seen) * faults.UNIT_FACTOR > part.high
    shows = frozenset({Fault(faults.UNIT, name)}) if beyond else frozenset()
    reason = f"it is the {part.name} of the window, whose calendar goes from {part.low} to {part.high}"
    return Certain("date part", name, part, reason, shows)


def part_of(name: str, part: DatePart, of: str) -> Certain:
    """Take that a column holds a part of the date of the times in another column."""
    kinds = (faults.UNIT, faults.SHIFT_UP, faults.SHIFT_DOWN)
    reason = f"it goes from the {part.name} of the first {of} to that of the last in all windows"
    return Certain("part of date", name, (part, of), reason, frozenset(Fault(kind, name) for kind in kinds))


def doubt(values: Certain, part: DatePart) -> Certain:
    """Say of a constant that it might be a part of the date, which did not change in the history."""
    said = f"the {part.name} of the windows was the same: if it is that part of the calendar, strike this out"
    return replace(values, reason=f"{values.reason}; {said}")


def watched_values(merged: Profile) -> dict[str, tuple[Value, ...]]:
    """List the values of each column that are common enough to be missed."""
    found = {}
    for column in merged:
        if column.type not in LISTED or "frequent_items" not in column.metrics:
            continue
        most = _MOST_CODES if column.type == "integer" else _MOST_DISTINCT_TEXTS
        if "cardinality" not in column.metrics or not 2 <= column.cardinality.estimate <= most:
            continue
        items = column.frequent_items
        if items.hashed or is_rounded(column):
            continue  # names and rounded values are no values that a constraint could be about
        common = [item for item in items.top(_MOST_WATCHED) if item.lower >= _LEAST_SHARE * items.total]
        found[column.name] = tuple(item.value for item in common if not _is_cut(item.value))
    return found


def _is_cut(value: object) -> bool:
    """Whether a text may be the beginning of a longer one, which frequent items do not keep whole."""
    return isinstance(value, str) and value.endswith("…")


def _all(windows: int) -> str:
    return f"all {windows} windows" if windows > 1 else "the profile"
