"""The laws that a metric must keep, so that its profiles can be merged."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from tidegauge._kernel import KernelArray
from tidegauge.errors import ArgumentError
from tidegauge.frames.columns import column_of
from tidegauge.metrics.custom import checked_metric

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidegauge.metrics.custom import Metric

_SHOWN = 300
"""Characters of a value that are shown."""


def check_metric(metric: Metric[Any], arrays: Iterable[Any], *, tolerance: float = 1e-9) -> None:
    """Assert that a metric obeys the laws without which its profiles cannot be merged.

    These are: the state of no data changes nothing; merging is commutative and associative; the states of the
    parts, merged, are the state of the whole, wherever it is cut; the order of batches does not matter; a
    state survives the round trip through bytes; a summary is made of plain values; batches that are empty or
    all null raise no error.

    Args:
        metric: The metric.
        arrays: Columns of the kind that it accepts, from any library, or lists; give several typical ones:
            with nulls, with few values, with many.
        tolerance: How much two numbers of a summary that should be equal may differ, as a share of the larger
            of them, or of 1.

    Raises:
        AssertionError: A law is broken; the message says which, for which array, and what was found.

    Example:
        >>> from tidegauge.testing import check_metric
        >>> class Last:
        ...     name, version, types = "acme.last", 1, ("integer",)
        ...     def zero(self):
        ...         return 0
        ...     def update(self, state, column):
        ...         return ([state] + [value for value in column.to_pylist() if value is not None])[-1]
        ...     def merge(self, a, b):
        ...         return b
        ...     def to_bytes(self, state):
        ...         return str(state).encode()
        ...     def from_bytes(self, data, version):
        ...         return int(data)
        ...     def summary(self, state):
        ...         return {"last": state}
        >>> check_metric(Last(), [[1, 2, 3]])
        Traceback (most recent call last):
        ...
        AssertionError: acme.last: merging with the state of no data changes the state (array 0)
            expected  {'last': 3}
            observed  {'last': 0}
    """
    __tracebackhide__ = True  # pytest shows the caller's line
    laws = _Laws(_checked(metric), tolerance)
    given = list(arrays)
    for array in given:
        if isinstance(array, int | float | str | bytes | None):
            raise ArgumentError(
                f"check_metric() takes arrays, such as [[1, 2, None], [3]]; {array!r} is a single value"
            )
    columns = [KernelArray(column_of(array)) for array in given]
    if not any(map(len, columns)):
        raise ArgumentError("check_metric() needs at least one array with a value in it")
    laws.check_no_data()
    for number, column in enumerate(columns):
        place = f"array {number}"
        laws.check_zero(column, place)
        laws.check_bytes(column, place)
        laws.check_empty(column, place)
        laws.check_parts(column, place)
    pairs = list(enumerate(columns))
    for (one, a), (other, b) in combinations([*pairs, pairs[0]], 2):
        laws.check_order(a, b, f"arrays {one} and {other}")
    thrice = (columns * 3)[:3]
    laws.check_association(thrice, "the first three arrays")


def _checked(metric: Any) -> Metric[Any]:
    try:
        return checked_metric(metric)
    except ArgumentError as error:
        raise AssertionError(str(error)) from None


class _Laws:
    """One metric under test. States are made anew for each law: a metric may change those it is given."""

    def __init__(self, metric: Metric[Any], tolerance: float) -> None:
        self._metric = metric
        self._tolerance = tolerance

    def _state(self, *columns: KernelArray) -> Any:
        state = self._metric.zero()
        for column in columns:
            state = self._metric.update(state, column)
        return state

    def _assert_same(self, observed: Any, expected: Any, law: str, place: str) -> None:
        """Compare two states by their summaries."""
        found, wanted = self._metric.summary(observed), self._metric.summary(expected)
        if not _alike(found, wanted, self._tolerance):
            raise AssertionError(
                f"{self._metric.name}: {law} ({place})\n"
                f"    expected  {_shown(wanted)}\n    observed  {_shown(found)}"
            )

    def check_no_data(self) -> None:
        zero = self._metric.zero()
        self._check_summary(zero, "no data")
        merged = self._metric.merge(self._metric.zero(), self._metric.zero())
        self._assert_same(
            merged, zero, "two states of no data, merged, are not the state of no data", "no data"
        )

    def _check_summary(self, state: Any, place: str) -> None:
        summary = self._metric.summary(state)
        name = self._metric.name
        if type(summary) is not dict or not all(type(key) is str for key in summary):
            raise AssertionError(
                f"{name}: summary() gives no dict with texts as keys ({place}): {_shown(summary)}"
            )
        try:
            json.dumps(summary)
        except (TypeError, ValueError) as error:
            raise AssertionError(f"{name}: summary() holds what JSON cannot ({place}): {error}") from None

    def check_zero(self, column: KernelArray, place: str) -> None:
        metric, expected = self._metric, self._state(column)
        self._check_summary(expected, place)
        law = "merging with the state of no data changes the state"
        self._assert_same(metric.merge(self._state(column), metric.zero()), expected, law, place)
        self._assert_same(metric.merge(metric.zero(), self._state(column)), expected, law, place)

    def check_bytes(self, column: KernelArray, place: str) -> None:
        metric, state = self._metric, self._state(column)
        data = metric.to_bytes(state)
        if type(data) is not bytes:
            raise AssertionError(
                f"{metric.name}: to_bytes() gives {type(data).__name__}, not bytes ({place})"
            )
        again = metric.from_bytes(data, metric.version)
        self._assert_same(again, state, "a state is another one when it comes back from its bytes", place)
        # It must also be good for more than its summary: a mean needs to know of how many values it is one.
        more = column.slice(0, (len(column) + 1) // 2)
        law = "a state that came back from its bytes cannot be continued like the original"
        self._assert_same(metric.update(again, more), self._state(column, more), law, place)
        law = "a state that came back from its bytes cannot be merged like the original"
        merged = metric.merge(metric.from_bytes(data, metric.version), self._state(more))
        self._assert_same(merged, self._state(column, more), law, place)
        zero = metric.from_bytes(metric.to_bytes(metric.zero()), metric.version)
        self._assert_same(
            zero, metric.zero(), "the state of no data does not come back from its bytes", place
        )

    def check_empty(self, column: KernelArray, place: str) -> None:
        empty = column.slice(0, 0)
        self._assert_same(
            self._state(column, empty), self._state(column), "an empty batch changes the state", place
        )
        law = "an empty batch alone is not the state of no data"
        self._assert_same(self._state(empty), self._metric.zero(), law, place)
        nulls = KernelArray([None, None])
        law = "a batch of nulls before and behind the values does not give the same"
        self._assert_same(self._state(nulls, column), self._state(column, nulls), law, place)

    def check_parts(self, column: KernelArray, place: str) -> None:
        whole = self._state(column)
        for cut in sorted(
            {1, len(column) // 3, len(column) // 2, len(column) - 1} & set(range(1, len(column)))
        ):
            first, second = column.slice(0, cut), column.slice(cut, len(column))
            where = f"{place}, cut at {cut}"
            self._assert_same(
                self._metric.merge(self._state(first), self._state(second)),
                whole,
                "the states of two parts, merged, are not the state of the whole",
                where,
            )
            law = "two batches, one after the other, are not the same as both in one"
            self._assert_same(self._state(first, second), whole, law, where)

    def check_order(self, a: KernelArray, b: KernelArray, place: str) -> None:
        metric = self._metric
        second = self._state(b)
        merged = metric.merge(self._state(a), second)
        self._assert_same(second, self._state(b), "merge(a, b) changes b", place)
        law = "merge(a, b) is not merge(b, a)"
        self._assert_same(metric.merge(self._state(b), self._state(a)), merged, law, place)
        self._assert_same(
            self._state(a, b), self._state(b, a), "the order of batches makes a difference", place
        )
        law = "merged states are not the state of both batches"
        self._assert_same(merged, self._state(a, b), law, place)

    def check_association(self, columns: Sequence[KernelArray], place: str) -> None:
        metric = self._metric
        a, b, c = (self._state(column) for column in columns)
        left = metric.merge(metric.merge(a, b), c)
        a, b, c = (self._state(column) for column in columns)
        right = metric.merge(a, metric.merge(b, c))
        self._assert_same(left, right, "merge(merge(a, b), c) is not merge(a, merge(b, c))", place)


def _alike(found: Any, wanted: Any, tolerance: float) -> bool:
    if isinstance(wanted, Mapping):
        same = isinstance(found, Mapping) and found.keys() == wanted.keys()
        return same and all(_alike(found[key], each, tolerance) for key, each in wanted.items())
    if isinstance(wanted, list | tuple):
        same = isinstance(found, list | tuple) and len(found) == len(wanted)
        return same and all(_alike(a, b, tolerance) for a, b in zip(found, wanted, strict=True))
    if isinstance(wanted, float) or isinstance(found, float):
        return _near(found, wanted, tolerance)
    return type(found) is type(wanted) and bool(found == wanted)


def _near(found: Any, wanted: Any, tolerance: float) -> bool:
    if isinstance(found, bool) or isinstance(wanted, bool):
        return False
    if not isinstance(found, int | float) or not isinstance(wanted, int | float):
        return False
    if math.isnan(found) or math.isnan(wanted):
        return math.isnan(found) and math.isnan(wanted)
    if math.isinf(found) or math.isinf(wanted):
        return found == wanted
    return abs(found - wanted) <= tolerance * max(1.0, abs(found), abs(wanted))


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
