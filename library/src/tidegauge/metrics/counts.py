"""The metric `counts`: how many values there are, and how many of them are special."""

from __future__ import annotations

from typing import NamedTuple


class Counts(NamedTuple):
    """How many values a column has, and how many of them are special.

    Nulls are counted only in `records` and `nulls`.

    Example:
        >>> Counts(records=4, nulls=1).null_rate
        0.25
    """

    records: int = 0
    """Records in which the column was present, null or not."""
    nulls: int = 0
    nans: int = 0
    """Floating-point NaN that does not stand for null (as it does in pandas)."""
    positive_infinities: int = 0
    negative_infinities: int = 0
    zeros: int = 0
    negatives: int = 0
    trues: int = 0
    empty_strings: int = 0

    @property
    def present(self) -> int:
        """Values that are not null."""
        return self.records - self.nulls

    @property
    def null_rate(self) -> float:
        """The share of records that are null, 0 to 1; NaN when there are no records."""
        return self.nulls / self.records if self.records else float("nan")
