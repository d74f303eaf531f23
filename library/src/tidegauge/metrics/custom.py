"""Metrics of your own: what one must be able to do, and what a profile keeps for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tidegauge.errors import ArgumentError, MissingMetricError, nearest

if TYPE_CHECKING:
    from tidegauge._kernel import KernelArray

State = TypeVar("State")

TYPES = (
    "boolean",
    "integer",
    "fractional",
    "decimal",
    "string",
    "binary",
    "date",
    "timestamp",
    "time",
    "duration",
    "list",
    "struct",
    "other",
)
"""The types of values that a metric may ask for, as in `ColumnProfile.type`."""

_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", re.ASCII)
_METHODS = ("zero", "update", "merge", "to_bytes", "from_bytes", "summary")
_MOST_VERSIONS = 1 << 31


class Metric(Protocol[State]):
    """A metric of your own: any object with these attributes and methods; no base class is needed.

    It folds columns into a *state*, which is whatever you like. While data is logged `update` is called once
    for each batch and column, never for each value; a profile keeps the bytes of the state. What cannot be
    merged is not a metric: the states of two parts, merged, must be the state of the whole, in whatever order
    the data came. `tidegauge.testing.check_metric` checks this.

    A state should hold what its `summary` needs and no more, since everything in it is written to files; its
    size must not grow with the number of records.

    A metric that raises does not make logging fail: the column keeps its other metrics, and the batch is
    counted in `ColumnProfile.metric_errors`.

    Example:
        >>> import struct, tidegauge as tg
        >>> class Total:
        ...     name, version, types = "acme.total", 1, ("integer", "fractional")
        ...     def zero(self):
        ...         return 0.0
        ...     def update(self, state, column):
        ...         return state + sum(value for value in column.to_pylist() if value is not None)
        ...     def merge(self, a, b):
        ...         return a + b
        ...     def to_bytes(self, state):
        ...         return struct.pack("<d", state)
        ...     def from_bytes(self, data, version):
        ...         return struct.unpack("<d", data)[0]
        ...     def summary(self, state):
        ...         return {"total": state}
        >>> profile = tg.log({"fare": [5.0, 7.5, None]}, metrics={"fare": [Total()]})
        >>> profile["fare"].metric("acme.total")
        {'total': 12.5}
    """

    @property
    def name(self) -> str:
        """Its name, with a dot between whose it is and what it is, such as ``acme.entropy``."""
        ...

    @property
    def version(self) -> int:
        """The version of its bytes, starting at 1; raise it when `to_bytes` changes."""
        ...

    @property
    def types(self) -> Collection[str] | None:
        """The types of values that it accepts, out of those of `ColumnProfile.type`; None for all.

        Values of other types are skipped. Nulls belong to every type.
        """
        ...

    def zero(self) -> State:
        """Return the state of no data: merging it with any other changes nothing."""
        ...

    def update(self, state: State, column: KernelArray) -> State:
        """Return the state with a batch of values added.

        Args:
            state: The state so far; it may be changed and returned.
            column: The values. ``pyarrow.array(column)``, ``polars.Series(column)`` and
                ``numpy.asarray(column)`` convert them; ``column.to_pylist()`` needs no library. Text has the
                type ``large_string``, never a dictionary type; a batch of nothing but nulls may have the type
                ``null``.
        """
        ...

    def merge(self, a: State, b: State) -> State:
        """Return the state of two parts of the data; `a` may be changed, `b` must not be."""
        ...

    def to_bytes(self, state: State) -> bytes:
        """Return the state as bytes."""
        ...

    def from_bytes(self, data: bytes, version: int) -> State:
        """Return the state from which `to_bytes` made these bytes.

        Args:
            data: The bytes. They come from files, which may be damaged: raise ValueError if so.
            version: The `version` of the metric that wrote them, at most your own; 0 for files that do not
                state it.
        """
        ...

    def summary(self, state: State) -> dict[str, Any]:
        """Return what people will read: names and plain values that JSON can hold."""
        ...


Metrics = Mapping[str, "Metric[Any] | Iterable[Metric[Any]]"] | Iterable["Metric[Any]"]
"""What `metrics=` accepts."""


class CustomMetric:
    """What a profile keeps for one of your own metrics and one column: an immutable value.

    Example:
        >>> import tidegauge as tg
        >>> tg.log({"fare": [5.0]})["fare"].custom_metrics
        {}
    """

    __slots__ = ("_metric", "_name", "_parts", "_told")

    def __init__(
        self,
        name: str,
        kept: tuple[list[tuple[int, bytes]], tuple[int, int, str | None]],
        metric: Metric[Any] | None,
    ) -> None:
        self._name = name
        self._parts, self._told = kept
        self._metric = metric

    @property
    def name(self) -> str:
        """The metric's name."""
        return self._name

    @property
    def records(self) -> int:
        """Records that the metric has seen.

        Fewer than the column's if the metric failed, if values had a type that it does not accept, or if only
        some of the merged profiles had it.
        """
        return self._told[0]

    @property
    def errors(self) -> int:
        """How often the metric raised an exception: the number of batches that it has missed."""
        return self._told[1]

    @property
    def reason(self) -> str | None:
        """The class of one of these exceptions; its text is not kept, since it may reveal data."""
        return self._told[2]

    @property
    def parts(self) -> tuple[tuple[int, bytes], ...]:
        """Versions and bytes of its states: one, or several that are yet to be merged."""
        return tuple(self._parts)

    @property
    def known(self) -> bool:
        """Whether the metric is registered here, so that its summary can be read."""
        return self._metric is not None

    def summary(self) -> dict[str, Any]:
        """Return what the metric says about the column.

        Raises:
            MissingMetricError: The metric is not registered here, or failed every time.
        """
        if self._metric is None:
            raise MissingMetricError(
                f"the profile keeps {self._name}, but nothing here knows that metric; "
                "install the package that brings it, or give it to tidegauge.register_metric"
            )
        if not self._parts or (self.errors and not self.records):
            times = "once" if self.errors == 1 else f"{self.errors} times"
            raise MissingMetricError(f"{self._name} has failed {times} and kept nothing ({self.reason})")
        return self._metric.summary(state_of(self._metric, self._parts))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values; the summary is None where it cannot be read."""
        try:
            summary = self.summary() if self.known else None
        except Exception:  # noqa: BLE001 - users' code, which may raise anything: the rest is told all the same
            summary = None
        return {"records": self.records, "errors": self.errors, "reason": self.reason, "summary": summary}

    def __repr__(self) -> str:
        """Show the counts."""
        return f"CustomMetric({self._name!r}, records={self.records}, errors={self.errors})"


def state_of(metric: Metric[State], parts: Iterable[tuple[int, bytes]]) -> State:
    """Return the single state of parts that were kept side by side.

    Raises:
        MissingMetricError: One was written by a newer version of the metric.
    """
    state = metric.zero()
    for version, data in parts:
        if version > metric.version:
            raise MissingMetricError(
                f"{metric.name} was written by version {version} of the metric; "
                f"this is version {metric.version}: update the package that brings it"
            )
        state = metric.merge(state, metric.from_bytes(data, version))
    return state


def wanted_metrics(given: Any) -> list[tuple[str | None, Metric[Any]]]:
    """Check what was given as ``metrics=``; return columns (None for all that fit) and metrics.

    Raises:
        ArgumentError: It is neither a list of metrics nor a dict from columns to metrics.
    """
    if not isinstance(given, Mapping):
        return [(None, metric) for metric in _several(given, "metrics=")]
    wanted: list[tuple[str | None, Metric[Any]]] = []
    for column, metrics in given.items():
        if not isinstance(column, str):
            raise ArgumentError(f"metrics= takes columns' names as text, not {column!r}")
        wanted += [(column, metric) for metric in _several(metrics, f"metrics[{column!r}]")]
    return wanted


def _several(given: Any, where: str) -> list[Metric[Any]]:
    if hasattr(given, "zero"):
        given = [given]
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ArgumentError(f"{where} takes metrics, such as [Entropy()], not {type(given).__name__}")
    metrics = [checked_metric(metric) for metric in given]
    names = [metric.name for metric in metrics]
    for name in names:
        if names.count(name) > 1:
            raise ArgumentError(f"{where} holds two metrics called {name!r}; give each a name of its own")
    return metrics


def checked_metric(metric: Any) -> Metric[Any]:
    """Return a metric, if it has everything that a metric needs.

    Raises:
        ArgumentError: It does not; the message says what is missing.
    """
    kind = type(metric).__name__
    if isinstance(metric, type):
        raise ArgumentError(f"{metric.__name__} is a class; give an object of it: {metric.__name__}()")
    missing = [name for name in ("name", "version", "types") if not hasattr(metric, name)]
    missing += [name for name in _METHODS if not callable(getattr(metric, name, None))]
    if missing:
        raise ArgumentError(f"{kind} is no metric: it has no {', '.join(missing)}; see tidegauge.Metric")
    if not isinstance(metric.name, str) or not _NAME.fullmatch(metric.name):
        raise ArgumentError(
            "a metric's name says whose it is and what it is, with a dot, such as 'acme.entropy'; "
            f"got {metric.name!r}"
        )
    version = metric.version
    if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version < _MOST_VERSIONS:
        raise ArgumentError(f"{metric.name}: version is a whole number from 1, not {version!r}")
    _check_types(metric.name, metric.types)
    checked: Metric[Any] = metric
    return checked


def _check_types(name: str, types: Any) -> None:
    if types is None:
        return
    if isinstance(types, str) or not isinstance(types, Collection):
        raise ArgumentError(f"{name}: types takes several names, such as ('integer', 'fractional'), or None")
    for each in types:
        if each not in TYPES:
            raise ArgumentError(f"{name}: {each!r} is no type of values{nearest(str(each), TYPES)}")
