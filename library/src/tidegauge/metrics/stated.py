"""What a profile states about a column's privacy, read from the text that it keeps."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor, inf, isfinite, log10, ulp
from typing import NamedTuple

_DAY = 86_400.0
_WHOLE = 2.0**52
_AS_THEY_ARE = "none"


class Stated(NamedTuple):
    """What was done to keep single values from being read.

    Example:
        >>> stated = read_statement("items=hashed:3f9a min_count=10 rounded=step:0.5")
        >>> stated.hashed, stated.min_count, stated.margin(7.5, "number")
        (True, 10, 0.25)
    """

    items: str = "kept"
    """``kept``, ``off``, or ``hashed:`` and the key's id."""
    min_count: int = 1
    cardinality: str = "kept"
    numbers: str = "kept"
    lengths: str = "kept"
    rounded: tuple[str, ...] = ()
    """Each way in which parts were rounded, ``none`` among others for parts that were not."""

    @property
    def hashed(self) -> bool:
        """Whether the frequent items are names made with a key."""
        return self.items.startswith("hashed:")

    @property
    def key_id(self) -> str:
        """The id of the key that items were hashed with; empty when they were not."""
        return self.items.partition(":")[2]

    def margin(self, number: float, kind: str, *, whole: bool = False) -> float:
        """Bound how far a value may lie from the rounded one.

        Args:
            number: The rounded value, in the unit of its kind: microseconds of times, days of dates.
            kind: What it measures, such as ``number`` or ``timestamp``.
            whole: Whether it stands for whole numbers.
        """
        if not self.rounded or not isfinite(number):
            return 0.0
        return max(_margin(way, number, kind, whole=whole) for way in self.rounded)


def _margin(way: str, number: float, kind: str, *, whole: bool) -> float:
    form, _, text = way.partition(":")
    if form == _AS_THEY_ARE:
        return 0.0
    size = _size_of(text)
    if form not in ("digits", "step", "span") or size is None:
        return inf  # a way of a newer version
    if form == "digits" and number:
        half = 0.5 * float(10.0 ** (floor(log10(abs(number))) - size + 1))
    elif form == "digits":
        half = 0.0
    else:
        half = _step_of(form, size, kind, whole=whole) / 2
    # Where a number is large beside the step, the resolution of doubles adds to the error.
    return half if abs(number) < _WHOLE * min(half, 1.0) else half + ulp(number)


def _size_of(text: str) -> float | None:
    try:
        size = float(text.removesuffix("s"))
    except ValueError:
        return None
    return size if 0.0 < size < inf else None


def _step_of(form: str, size: float, kind: str, *, whole: bool) -> float:
    if kind == "number":
        return max(ceil(size), 1) if whole else size
    if kind == "date":
        return max(ceil(size / _DAY if form == "span" else size), 1)
    return max(ceil(size * 1e6), 1)


@lru_cache(maxsize=1000)
def read_statement(text: str) -> Stated:
    """Read the text that a profile keeps; words of a newer version are ignored."""
    known = dict(word.partition("=")[::2] for word in text.split())
    return Stated(
        known.get("items", "kept"),
        int(known.get("min_count", "1")),
        known.get("cardinality", "kept"),
        known.get("numbers", "kept"),
        known.get("lengths", "kept"),
        tuple(way for way in known.get("rounded", "").split(",") if way),
    )
