"""Evidence from a history: how far a window lies from those before it, against how far they lie apart."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any

from tidegauge import _kernel
from tidegauge.column import kernel_column
from tidegauge.drift.alike import alike_in_items, alike_in_numbers
from tidegauge.drift.evidence import KS_975, KS_UP, Evidence, count_rows
from tidegauge.drift.result import Background, Effect
from tidegauge.errors import ArgumentError, InPython
from tidegauge.profile import merge_profiles
from tidegauge.profile_set import ProfileSet
from tidegauge.windows import INTO_THE_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from tidegauge._kernel import KernelColumn, WindowTable
    from tidegauge.drift.options import Options
    from tidegauge.drift.result import Aspect, Kind
    from tidegauge.profile import Profile, Window

    Season = str | Callable[[Window], Hashable]

LEAST_WINDOWS = 8
"""Fewer past windows than this say nothing of what is normal."""
_SEASONS = ("auto", "weekday", "hour", "none")
_MEDIAN = 0.8275736
_RANK = {"nulls": "null_rate", "special": "special_rate", "types": "type_share"}


def windows_of(history: ProfileSet) -> ProfileSet:
    """The windows to learn from: those that have a time, if any has one.

    Raises:
        ArgumentError: They are too few.
    """
    # Records without a time belong to no window. Where no profile has a window, each counts as one.
    dated = ProfileSet(profile for profile in history if profile.window is not None)
    windows = dated or history
    if len(windows) < LEAST_WINDOWS:
        raise ArgumentError(
            f"a history needs {LEAST_WINDOWS} windows to show what is normal, and this has "
            f"{len(windows)}; give more, or merge them into one reference:",
            InPython("reference.merge()", "reference merged"),
        )
    return windows


def history_or_merged(profiles: Sequence[Profile]) -> ProfileSet | Profile:
    """The windows to learn from where they are enough, else all profiles merged.

    Args:
        profiles: Those of one segment, or of all records.
    """
    windows = [profile for profile in profiles if profile.window is not None] or profiles
    if len(windows) >= LEAST_WINDOWS:
        return ProfileSet(windows)
    return profiles[0] if len(profiles) == 1 else merge_profiles(profiles)


class History:
    """Windows in order of time, their seasons, and tables of what is compared, each made once."""

    def __init__(self, profiles: Sequence[Profile], season: Season) -> None:
        self.profiles = profiles
        self.seasons = seasons_of([profile.window for profile in profiles], season)
        self._columns: dict[str, list[KernelColumn | None]] = {}
        self._tables: dict[tuple[str, str], WindowTable | None] = {}
        self._rises: dict[str, list[bool]] = {}

    def column(self, name: str) -> list[KernelColumn | None]:
        """One column in all windows; None where it is missing."""
        if name not in self._columns:
            self._columns[name] = [
                kernel_column(profile[name]) if name in profile else None for profile in self.profiles
            ]
        return self._columns[name]

    def is_ordered(self, name: str, at: int) -> bool:
        """Whether a column's values in a window are numbers or times."""
        column = self.column(name)[at]
        return column is not None and column.values is not None and column.type != "boolean"

    def goes_on(self, name: str, at: int) -> bool:
        """Whether a column went on with time before a window, as months, years and serial numbers do.

        It has when no window held a value below one of the window before, and it did move: new values are
        then what one expects.
        """
        if name not in self._rises:
            self._rises[name] = list(_rises(self.column(name)))
        return self._rises[name][at]

    def table(self, name: str, aspect: str, make: Callable[[], WindowTable | None]) -> WindowTable | None:
        """The table of one aspect of one column."""
        key = (name, aspect)
        if key not in self._tables:
            self._tables[key] = make()
        return self._tables[key]


def _rises(columns: Sequence[KernelColumn | None]) -> Iterator[bool]:
    """For each window whether those before it went on and on."""
    highest, lowest = -inf, inf
    steady, moved = True, False
    for column in columns:
        yield steady and moved
        numbers = column.values if column is not None else None
        if numbers is None or not numbers.n:
            continue
        steady = steady and numbers.min >= highest
        moved = moved or numbers.max > highest > -inf or numbers.min > lowest
        highest, lowest = numbers.max, numbers.min


def seasons_of(windows: Sequence[Window | None], season: Season) -> list[int]:
    """Number the seasons of windows."""
    check_season(season)
    of_window = season if callable(season) else partial(_key, season=season)
    keys = [of_window(window) if window else None for window in windows]
    try:
        numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    except TypeError as error:
        raise ArgumentError(
            f"season= gives something that is no key ({error}); give a text, a number or a tuple of such"
        ) from None
    return [numbers[key] for key in keys]


def check_season(season: object) -> None:
    """Refuse what names no season.

    Raises:
        ArgumentError: It is neither a season's name nor a function.
    """
    if not callable(season) and season not in _SEASONS:
        raise ArgumentError(
            f"season= is 'auto', 'weekday', 'hour', 'none' or a function of a window, not {season!r}"
        )


def _key(window: Window, season: str) -> Hashable:
    length = window.end - window.start
    if season == "auto":
        season = (
            "hour" if length <= timedelta(hours=6) else "weekday" if length <= timedelta(hours=30) else "none"
        )
    if season == "none":
        return 0
    # Not the start of the window: it may be an hour early or late where clocks change.
    if season == "weekday":
        is_day = timedelta(hours=22) <= length <= timedelta(hours=26)
        return (window.start + (INTO_THE_DAY if is_day else length / 2)).weekday()
    return (window.start + length / 2).hour


def evidence_of(past: History, at: int, name: str, kind: Kind, options: Options) -> list[Evidence]:
    """Compare every aspect of one column in one window with the windows before it."""
    columns = past.column(name)
    current = columns[at]
    if current is None:
        return []
    found = []
    same_numbers = _alike(columns, current, alike_in_numbers)
    same_items = _alike(columns, current, alike_in_items)
    if current.role not in {"timestamp", "id"} and not past.goes_on(name, at):
        if kind in {"numeric", "temporal"}:
            found.append(_judged(past, at, (name, "distribution"), _numbers(same_numbers), options))
        elif kind in {"categorical", "boolean", "text"}:
            found.append(_judged(past, at, (name, "distribution"), _items(same_items), options))
        if kind == "text" or (kind == "other" and current.lengths):
            found.append(_judged(past, at, (name, "lengths"), _numbers(columns, lengths=True), options))
    aspects: tuple[Aspect, ...] = ("nulls", "special", "types")
    for aspect in aspects:
        make = partial(_counts, columns, aspect)
        found.append(_judged(past, at, (name, aspect), make, options))
    return [one for one in found if one is not None]


def _alike(
    columns: list[KernelColumn | None],
    current: KernelColumn,
    alike: Callable[[KernelColumn, KernelColumn], bool],
) -> list[KernelColumn | None]:
    """The column in the windows where it was made private in the same way; None in others."""
    return [column if column is not None and alike(current, column) else None for column in columns]


def _numbers(columns: list[KernelColumn | None], *, lengths: bool = False) -> Callable[[], WindowTable]:
    return lambda: _kernel.WindowTable.of_numbers(columns, lengths=lengths)


def _items(columns: list[KernelColumn | None]) -> Callable[[], WindowTable]:
    return lambda: _kernel.WindowTable.of_items(columns)


def _counts(columns: list[KernelColumn | None], aspect: Aspect) -> WindowTable | None:
    rows: list[list[float] | None] = []
    occurs = False
    for column in columns:
        row = None if column is None else count_rows(column, column).get(aspect)
        occurs = occurs or row is not None
        rows.append(None if row is None else [float(count) for count in row[0]])
    if not occurs:
        return None
    width = max(len(row) for row in rows if row)
    for place, column in enumerate(columns):
        if column is not None and rows[place] is None and aspect != "types":
            # Nothing special in this window: all records are in the last place.
            rows[place] = [0.0] * (width - 1) + [float(column.counts["records"])]
        elif column is not None and rows[place] is None:
            rows[place] = [float(count) for count in column.types.values()]
    return _kernel.WindowTable.of_counts(rows)


def _judged(
    past: History,
    at: int,
    key: tuple[str, Aspect],
    make: Callable[[], WindowTable | None],
    options: Options,
) -> Evidence | None:
    name, aspect = key
    table = past.table(name, aspect, make)
    ordered = aspect == "lengths" or (aspect == "distribution" and past.is_ordered(name, at))
    measure = _RANK.get(aspect, "ks" if ordered else "total_variation")
    return table and learnt(table, at, past.seasons, aspect, (measure, options.matters(name, measure)))


def learnt(
    table: WindowTable, at: int, seasons: Sequence[int], aspect: Aspect, measured: tuple[str, float]
) -> Evidence | None:
    """Judge one window of a table by those before it.

    Args:
        table: What is compared, in all windows.
        at: Which window is judged.
        seasons: The seasons of all windows.
        aspect: What of a column it is.
        measured: The measure of the distances, and the smallest change of it that matters.
    """
    found: Any = table.judge(at, range(at), seasons)
    if found is None:
        return None
    p_value, (distance, typical, chance, unusual), windows, seasonal = found
    if windows < LEAST_WINDOWS or (distance == 0.0 and typical == 0.0 and aspect in _RANK):
        return None
    scale = chance / _MEDIAN
    # Windows lie apart without any change; what matters is what goes beyond that.
    matters = typical + measured[1]
    low, high = max(0.0, distance - KS_975 * scale), min(1.0, distance + KS_UP * scale)
    return Evidence(
        aspect,
        "distance from past windows, against their distances from one another",
        p_value,
        Effect(measured[0], distance, low, high, matters),
        min(1.0, unusual),
        unusual <= matters,
        Background(windows, typical, seasonal),
    )
