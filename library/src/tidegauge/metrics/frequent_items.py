"""The metric `frequent_items`: which values are the most common, from a Misra-Gries sketch.

Misra & Gries (1982), "Finding repeated elements"; Anderson et al. (2017), "A High-Performance
Algorithm for Identifying Frequent Items in Data Streams", in the form of Apache DataSketches.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from tidegauge.errors import ArgumentError
from tidegauge.metrics.stated import Stated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tidegauge._kernel import KernelFrequentItems
    from tidegauge.metrics.scale import Value


class FrequentItem(NamedTuple):
    """One common value and how often it occurs."""

    value: Value
    """As the column holds it; for a string longer than 128 bytes, the beginning and ``…``."""
    estimate: int
    """How often it occurs, estimated from above as Apache DataSketches does: equal to `upper`."""
    lower: int
    """It occurs at least as often as this."""
    upper: int
    """It occurs at most as often as this."""


class FrequentItems:
    """The most common values of a column.

    The bounds are certain, not statistical. A value that is missing here occurs at most `error` times.

    Example:
        >>> import tidegauge as tg
        >>> items = tg.log({"city": ["Rome", "Oslo", "Rome"]})["city"].frequent_items
        >>> items.top(1)
        [FrequentItem(value='Rome', estimate=2, lower=2, upper=2)]
    """

    __slots__ = ("_sketch", "_stated", "_value")

    def __init__(self, sketch: KernelFrequentItems, column_type: str, stated: Stated | None = None) -> None:
        self._sketch = sketch
        self._stated = stated or Stated()
        self._value = _VALUES.get(column_type, str)

    def top(self, most: int = 10) -> list[FrequentItem]:
        """List the most common values, the most common first.

        Args:
            most: The greatest number to list.

        Returns:
            The items; ties are ordered by their text.

        Raises:
            ArgumentError: `most` is negative.
        """
        if most < 0:
            raise ArgumentError(f"top() needs how many items to list, 0 or more, not {most}")
        return [self._item(*entry) for entry in self._sketch.items[:most]]

    def _item(self, text: str, lower: int, upper: int) -> FrequentItem:
        # The schema lists no value rarer than `min_count`, so a listed one occurs at least so often.
        return FrequentItem(self._value(text), upper, max(lower, self.min_count), upper)

    @property
    def error(self) -> int:
        """The greatest count that any value may have beyond its lower bound; 0 when exact."""
        return self._sketch.error

    @property
    def total(self) -> int:
        """How many values have been counted."""
        return self._sketch.total

    @property
    def exact(self) -> bool:
        """Whether every distinct value is here with its true count."""
        return self._sketch.exact

    @property
    def hashed(self) -> bool:
        """Whether names made with a key, such as ``#a129ca6149be45e5``, stand for the values."""
        return self._stated.hashed

    @property
    def min_count(self) -> int:
        """The fewest times that a listed value occurred, if the schema lists no rarer ones; else 1."""
        return self._stated.min_count

    def __len__(self) -> int:
        """Return how many values the sketch has kept."""
        return len(self._sketch.items)

    def __iter__(self) -> Iterator[FrequentItem]:
        """Iterate over all values kept, the most common first."""
        return (self._item(*entry) for entry in self._sketch.items)

    def to_bytes(self) -> bytes:
        """Return the sketch in the serial form of Apache DataSketches (items are strings)."""
        return self._sketch.to_bytes()

    def __repr__(self) -> str:
        """Show the three most common values."""
        shown = ", ".join(f"{item.value!r}: {item.estimate}" for item in self.top(3))
        return f"FrequentItems({shown}{', …' if len(self) > 3 else ''})"


def _integer(text: str) -> Value:
    return _or_text(int, text)


def _fractional(text: str) -> Value:
    return _or_text(float, text)


def _date(text: str) -> Value:
    return _or_text(date.fromisoformat, text)


def _boolean(text: str) -> Value:
    return {"true": True, "false": False}.get(text, text)


def _or_text(parse: Callable[[str], Value], text: str) -> Value:
    """A column's type is that of most of its values: an item that is of another stays text."""
    try:
        return parse(text)
    except ValueError:
        return text


_VALUES: dict[str, Callable[[str], Value]] = {
    "boolean": _boolean,
    "integer": _integer,
    "fractional": _fractional,
    "date": _date,
}
