"""Faults put into raw data, window by window, as pipelines make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = {
    "nulls": "5 % → 30 % nulls",
    "unit": "unit × 100",
    "truncated": "texts cut to half",
    "shifted": "mean shifted by 1 σ",
    "type": "type changed",
    "duplicated": "rows duplicated",
    "lost": "category lost",
    "frozen": "column frozen",
}
"""Each kind of fault, in words."""
USUAL_NULLS = 0.10
LEAST_TIMES = 10
MOST_CODES = 24


@dataclass(frozen=True)
class Spoilt:
    """Data with one fault in every window that it applies to.

    Attributes:
        kind: The kind of fault.
        column: The column that has it; None for the whole table.
        frame: The data.
        windows: The windows that have it.
    """

    kind: str
    column: str | None
    frame: pd.DataFrame
    windows: frozenset[object]


def spoil(
    later: pd.DataFrame, history: pd.DataFrame, windows: pd.Series, past: pd.Series, timestamp: str
) -> Iterator[Spoilt]:
    """Put each fault into each column it applies to, one at a time.

    Args:
        later: The data to be spoilt.
        history: The data before, which tells what is usual.
        windows: The window of each row of `later`.
        past: The window of each row of `history`.
        timestamp: The column that tells the time: it is left alone.
    """
    every = frozenset(windows.unique())
    yield Spoilt("duplicated", None, pd.concat([later, later]).sort_index(kind="stable"), every)
    for name in later.columns:
        if name == timestamp:
            continue
        yield from _spoil_any(later, history, windows, name)
        if pd.api.types.is_numeric_dtype(later[name]) and not pd.api.types.is_bool_dtype(later[name]):
            yield from _spoil_numbers(later, windows, name)
        if _is_text(later[name]):
            yield from _spoil_texts(later, name, every)
        yield from _lose(later, history, windows, past, name)


def _spoil_any(later: pd.DataFrame, history: pd.DataFrame, windows: pd.Series, name: str) -> Iterator[Spoilt]:
    every = frozenset(windows.unique())
    column = later[name]
    if history[name].isna().mean() <= USUAL_NULLS:
        rng = np.random.default_rng(len(name))
        yield Spoilt("nulls", name, _with(later, name, column.mask(rng.random(len(later)) < 0.30)), every)
    distinct = column.groupby(windows).nunique()
    varied = frozenset(distinct.index[distinct > 1])
    if varied:
        first = column.groupby(windows).transform("first")
        yield Spoilt("frozen", name, _with(later, name, first.astype(column.dtype)), varied)
    if not pd.api.types.is_datetime64_any_dtype(column):
        there = column.groupby(windows).count()
        yield Spoilt("type", name, _with(later, name, _retyped(column)), frozenset(there.index[there > 0]))


def _retyped(column: pd.Series) -> pd.Series:
    if _is_text(column):
        codes = pd.Series(pd.factorize(column)[0], index=column.index, dtype="int64[pyarrow]")
        return codes.mask(column.isna())
    return column.astype("object").map(str, na_action="ignore").astype("str")


def _spoil_numbers(later: pd.DataFrame, windows: pd.Series, name: str) -> Iterator[Spoilt]:
    column = later[name].astype("float64[pyarrow]")
    whole = pd.api.types.is_integer_dtype(later[name])
    some = (column.fillna(0.0) != 0.0).groupby(windows).any()
    larger = (later[name] * 100) if whole else column * 100.0
    yield Spoilt("unit", name, _with(later, name, larger), frozenset(some.index[some]))
    spread = column.groupby(windows).std()
    spread = spread[spread > 0.0]
    if len(spread):
        # Up in one window, down in the next.
        signs = pd.Series(np.where(np.arange(len(spread)) % 2, -1.0, 1.0), index=spread.index)
        moved = column + windows.map(spread * signs).fillna(0.0).to_numpy()
        if whole:
            # Whole numbers stay whole, and are rounded at random, so that the mean moves by just as much:
            # a fault of value, not of type.
            chance = np.random.default_rng(len(name)).random(len(moved))
            moved = (moved + chance).map(np.floor, na_action="ignore").astype(later[name].dtype)
        yield Spoilt("shifted", name, _with(later, name, moved), frozenset(spread.index))


def _spoil_texts(later: pd.DataFrame, name: str, every: frozenset[object]) -> Iterator[Spoilt]:
    lengths = later[name].str.len()
    if lengths.median() >= 2:
        cut = later[name].astype("object").map(lambda text: text[: (len(text) + 1) // 2], na_action="ignore")
        yield Spoilt("truncated", name, _with(later, name, cut.astype("str")), every)


def _lose(
    later: pd.DataFrame, history: pd.DataFrame, windows: pd.Series, past: pd.Series, name: str
) -> Iterator[Spoilt]:
    """Lose each value that every window of the history has, the usual one ten times; one at a time."""
    column = later[name]
    codes = pd.api.types.is_integer_dtype(column) and history[name].nunique() <= MOST_CODES
    if not (codes or _is_text(column) or pd.api.types.is_bool_dtype(column)):
        return
    if history[name].nunique() < 2:
        return
    counts = pd.crosstab(past, history[name])
    for value in counts.columns[(counts.min() > 0) & (counts.median() >= LEAST_TIMES)]:
        there = (column == value).fillna(value=False)
        kept = there.groupby(windows).agg(["any", "all"])
        lost = frozenset(kept.index[kept["any"] & ~kept["all"]])
        if lost:
            yield Spoilt("lost", f"{name}={value}", later[~there], lost)


def _is_text(column: pd.Series) -> bool:
    return pd.api.types.is_string_dtype(column) and not pd.api.types.is_numeric_dtype(column)


def _with(frame: pd.DataFrame, name: str, column: pd.Series) -> pd.DataFrame:
    return frame.assign(**{name: column})
