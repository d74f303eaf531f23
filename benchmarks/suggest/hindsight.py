"""What could be seen at all: bounds drawn with the later windows known, on the raw data.

A fault may leave a window that looks like any other: a week that is cloudless by fault like one that was by
nature. So every number of a column that a person might think of is bounded as tightly as a promise of 1 %
allows, in hindsight: by all the windows without a fault, those to be judged included. What lies within all of
these bounds no suite can be asked to see. It is more than any suite can do: it knows the future, and each of
its numbers spends the whole of the promise by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.suggest.spoiling import Spoilt

RANKS = (0.05, 0.25, 0.5, 0.75, 0.95)
PROMISE = 0.01
MOST_VALUES = 24
MOST_PARTNERS = 3


@dataclass
class Hindsight:
    """Numbers of all windows without a fault.

    Attributes:
        clean: The data, of all windows.
        windows: The window of each row.
    """

    clean: pd.DataFrame
    windows: pd.Series
    _known: dict[str, pd.DataFrame] = field(default_factory=dict)
    _means: pd.DataFrame | None = None

    def sees(self, spoilt: Spoilt, windows: pd.Series) -> set[object]:
        """Find the windows in which a fault shows in at least one number.

        Args:
            spoilt: The data with the fault.
            windows: The window of each of its rows.
        """
        if spoilt.kind == "type":
            return set(spoilt.windows)
        column = spoilt.column or str(self.clean.columns[0])
        name, _, value = column.partition("=") if spoilt.kind == "lost" else (column, "", None)
        values = self._values(name, value)
        if name not in self._known or value is not None:
            self._known[name] = _numbers(self.clean[name], self.windows, values)
        before = self._known[name]
        after = _numbers(spoilt.frame[name], windows, values)
        # Each is a fault of one window: the window before it has none, nor have other columns.
        earlier = before.shift(1).reindex(after.index)
        seen = _beyond(after, before) | _beyond(after - earlier, before - before.shift(1))
        if "mean" in before:
            seen |= self._beside_others(name, after["mean"])
        return set(seen.index[seen]) & set(spoilt.windows)

    def _values(self, name: str, value: str | None) -> list[str]:
        texts = self.clean[name].astype("str")
        if value is not None:
            return [value]
        return list(texts[self.clean[name].notna()].value_counts().index[:MOST_VALUES])

    def _beside_others(self, name: str, after: pd.Series) -> pd.Series:
        """Where the mean lies beyond what those of up to three other columns say."""
        if self._means is None:
            numbers = {
                each: _floats(self.clean[each])
                for each in self.clean.columns
                if pd.api.types.is_numeric_dtype(self.clean[each])
            }
            self._means = pd.DataFrame(numbers).groupby(self.windows).mean().ffill().bfill()
        means = self._means
        own, others = means[name], means.drop(columns=name)
        chosen: list[str] = []
        rest, fitted = own - own.mean(), pd.Series(own.mean(), index=own.index)
        for _ in range(min(MOST_PARTNERS, len(others.columns))):
            left = others.drop(columns=chosen)
            best = left.corrwith(rest).abs().fillna(0.0).idxmax()
            chosen.append(best)
            known = np.column_stack([np.ones(len(own)), others[chosen].to_numpy()])
            factors = np.linalg.lstsq(known, own.to_numpy(), rcond=None)[0]
            fitted = pd.Series(known @ factors, index=own.index)
            rest = own - fitted
        moved = (after - fitted.reindex(after.index)).to_frame("rest")
        return _beyond(moved, rest.to_frame("rest"))


def _beyond(after: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """Which windows have a number beyond those of the windows without a fault, but for the promise."""
    seen = pd.Series(data=False, index=after.index)
    for number in after.columns.intersection(before.columns):
        known = np.sort(before[number].dropna().to_numpy(dtype=float))
        if not len(known):
            continue
        beyond = int(PROMISE / 2.0 * len(known))
        low, high = known[beyond], known[-1 - beyond]
        slack = 1e-9 * max(abs(low), abs(high))
        values = after[number].to_numpy(dtype=float, na_value=np.nan)
        seen |= (values < low - slack) | (values > high + slack)
    return seen


def _numbers(column: pd.Series, windows: pd.Series, values: Iterable[str]) -> pd.DataFrame:
    """The numbers of one column in each window."""
    groups = column.groupby(windows)
    sizes = groups.size()
    present = groups.count()
    found = {
        "records": sizes,
        "null rate": 1.0 - present / sizes,
        "distinct": groups.nunique(),
        "distinct rate": groups.nunique() / present.where(present > 0),
    }
    if pd.api.types.is_numeric_dtype(column):
        found |= _of_numbers(_floats(column), windows, "")
    elif not pd.api.types.is_datetime64_any_dtype(column):
        found |= _of_numbers(_floats(column.astype("string").str.len()), windows, "length ")
    if pd.api.types.is_float_dtype(column):
        # That 0.83 is no more among them tells a fault of digits, not of what they measure.
        return pd.DataFrame(found)
    texts = column.astype("str").where(column.notna())
    some = present.where(present > 0)
    found["top share"] = texts.groupby(windows).value_counts().groupby(level=0).max() / some
    for value in values:
        found[f"share of {value}"] = (texts == value).groupby(windows).sum() / some
    return pd.DataFrame(found)


def _floats(column: pd.Series) -> pd.Series:
    return pd.Series(column.astype("Float64").to_numpy(dtype=float, na_value=np.nan), index=column.index)


def _of_numbers(column: pd.Series, windows: pd.Series, what: str) -> dict[str, pd.Series]:
    groups = column.groupby(windows)
    found = {"min": groups.min(), "max": groups.max(), "mean": groups.mean(), "stddev": groups.std()}
    found |= {f"quantile {rank}": groups.quantile(rank) for rank in RANKS}
    return {f"{what}{name}": values for name, values in found.items()}
