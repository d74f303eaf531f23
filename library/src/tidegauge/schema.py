"""Schema: what the columns are, and which metrics to keep of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tidegauge.errors import ArgumentError, nearest

ROLES = ("timestamp", "prediction", "score", "target", "id")
"""What a column can be; most are none of these."""

METRICS = ("moments", "quantiles", "cardinality", "frequent_items")
"""The metrics that one can choose; `counts` and `types` are always kept."""

_ALWAYS = ("counts", "types")


class Schema:
    """What the columns are and which metrics are kept of them: an immutable value.

    Everything is optional: without a schema all metrics of every column are kept.

    Args:
        roles: Column → one of ``timestamp prediction score target id``.
        metrics: Column → names of the metrics to keep of it, out of ``moments quantiles cardinality
            frequent_items``; an empty list leaves `counts` and `types`, which are always kept.
        default_metrics: The metrics of all other columns; all when None.
        only: The columns to profile; all when None. Others are passed over, save that the timestamp
            column still tells the window.
        correlation: Which numeric columns are correlated with each other, see `Profile.correlation`:
            True for all however many (the work grows with the square of their number), False for none,
            or the names of some. By default all, where a profile has at most 64 of them.

    Raises:
        ArgumentError: A role or metric does not exist, or the parts contradict one another.

    Example:
        >>> schema = Schema(roles={"predicted": "prediction"}, metrics={"user": ["cardinality"]})
        >>> schema.role("predicted"), schema.metrics("user"), schema.metrics("fare")
        ('prediction', ('cardinality',), ('moments', 'quantiles', 'cardinality', 'frequent_items'))
    """

    __slots__ = ("_correlation", "_default", "_metrics", "_only", "_roles")

    def __init__(
        self,
        *,
        roles: Mapping[str, str] | None = None,
        metrics: Mapping[str, Collection[str]] | None = None,
        default_metrics: Collection[str] | None = None,
        only: Collection[str] | None = None,
        correlation: bool | Collection[str] | None = None,
    ) -> None:
        self._roles = _checked_roles(roles)
        self._metrics = {
            name: _checked_metrics(chosen, f"metrics[{name!r}]")
            for name, chosen in _mapping(metrics, "metrics").items()
        }
        self._default = (
            METRICS if default_metrics is None else _checked_metrics(default_metrics, "default_metrics")
        )
        self._correlation = _checked_correlation(correlation)
        self._only = None if only is None else tuple(dict.fromkeys(_names(only, "only")))
        if self._only is not None:
            self._check_only(self._only)

    def _check_only(self, only: tuple[str, ...]) -> None:
        if not only:
            raise ArgumentError("only=[] leaves no column to profile; give None for all columns")
        for name in {**self._metrics, **self._roles}:
            if name not in only and self._roles.get(name) != "timestamp":
                raise ArgumentError(
                    f"column {name!r} has a role or metrics, but only={list(only)} leaves it out; add it"
                )

    @property
    def roles(self) -> dict[str, str]:
        """Column → role, as a dict of your own."""
        return dict(self._roles)

    @property
    def only(self) -> tuple[str, ...] | None:
        """The columns to profile; None for all."""
        return self._only

    @property
    def correlation(self) -> bool | tuple[str, ...] | None:
        """Which numeric columns are correlated: all (True), none (False), these, or all when few (None)."""
        return self._correlation

    @property
    def timestamp(self) -> str | None:
        """The column with the role `timestamp`, if there is one."""
        return next((name for name, role in self._roles.items() if role == "timestamp"), None)

    def role(self, column: str) -> str | None:
        """Return a column's role, None when it has none."""
        return self._roles.get(column)

    def metrics(self, column: str) -> tuple[str, ...]:
        """Return the metrics to keep of a column, besides `counts` and `types`."""
        return self._metrics.get(column, self._default)

    def to_dict(self) -> dict[str, Any]:
        """Return the schema as plain values, as the kernel and JSON take them."""
        columns: dict[str, dict[str, object]] = {}
        for name in {**self._roles, **self._metrics}:
            chosen = self._metrics.get(name)
            columns[name] = {
                "role": self._roles.get(name),
                "metrics": None if chosen is None else list(chosen),
            }
        only = None if self._only is None else list(self._only)
        correlated = self._correlation
        return {
            "version": 1,
            "metrics": list(self._default),
            "only": only,
            "columns": columns,
            "correlation": list(correlated) if isinstance(correlated, tuple) else correlated,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Schema:
        """Make a schema of what `to_dict` gave.

        Raises:
            ArgumentError: It is not of that form, or of a newer version.
        """
        if data.get("version", 1) != 1:
            raise ArgumentError(
                f"a schema's dict has the version 1, as Schema.to_dict() writes it; got {data!r:.100}"
            )
        columns = _mapping(data.get("columns"), "columns")
        return cls(
            roles={name: entry["role"] for name, entry in columns.items() if entry.get("role") is not None},
            metrics={
                name: entry["metrics"] for name, entry in columns.items() if entry.get("metrics") is not None
            },
            default_metrics=data.get("metrics"),
            only=data.get("only"),
            correlation=data.get("correlation"),
        )

    def _identity(self) -> tuple[object, ...]:
        only = None if self._only is None else frozenset(self._only)
        chosen = frozenset((name, frozenset(names)) for name, names in self._metrics.items())
        correlated = (
            frozenset(self._correlation) if isinstance(self._correlation, tuple) else self._correlation
        )
        return frozenset(self._roles.items()), chosen, frozenset(self._default), only, correlated

    def __eq__(self, other: object) -> bool:
        """Return whether both say the same."""
        return self._identity() == other._identity() if isinstance(other, Schema) else NotImplemented

    def __hash__(self) -> int:
        """Hash by what it says."""
        return hash(self._identity())

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle as plain values."""
        return Schema.from_dict, (self.to_dict(),)

    def __repr__(self) -> str:
        """Show what was chosen."""
        parts = {
            "roles": self._roles,
            "metrics": {name: list(chosen) for name, chosen in self._metrics.items()},
            "default_metrics": None if self._default == METRICS else list(self._default),
            "only": self._only and list(self._only),
        }
        shown = {name: part for name, part in parts.items() if part}
        if self._correlation is not None:
            chosen = self._correlation
            shown["correlation"] = list(chosen) if isinstance(chosen, tuple) else chosen
        return f"Schema({', '.join(f'{name}={part!r}' for name, part in shown.items())})"


def _mapping(given: Mapping[str, Any] | None, argument: str) -> Mapping[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise ArgumentError(f"{argument} is a dict with columns' names as keys, not {type(given).__name__}")
    _names(given, argument)
    return given


def _names(given: Collection[str], argument: str) -> list[str]:
    if isinstance(given, str) or not isinstance(given, Collection):
        raise ArgumentError(f"{argument} takes several names; for one give [{given!r}]")
    for name in given:
        if not isinstance(name, str):
            raise ArgumentError(f"{argument} takes names as text; {name!r} is of type {type(name).__name__}")
    return list(given)


def _checked_correlation(
    given: bool | Collection[str] | None,  # noqa: FBT001 - what the argument may be
) -> bool | tuple[str, ...] | None:
    if given is None or isinstance(given, bool):
        return given
    names = tuple(dict.fromkeys(_names(given, "correlation")))
    if len(names) < 2:
        raise ArgumentError(
            f"correlation={list(names)} names {len(names)} columns, and a correlation is of two; "
            "give more, or False for none"
        )
    return names


def _checked_roles(given: Mapping[str, str] | None) -> dict[str, str]:
    roles = dict(_mapping(given, "roles"))
    for column, role in roles.items():
        if role not in ROLES:
            raise ArgumentError(f"column {column!r} cannot have the role {role!r}{nearest(str(role), ROLES)}")
    stamps = [column for column, role in roles.items() if role == "timestamp"]
    if len(stamps) > 1:
        raise ArgumentError(f"one column can have the role 'timestamp', not {len(stamps)}: {stamps}")
    return roles


def _checked_metrics(given: Collection[str], argument: str) -> tuple[str, ...]:
    names = _names(given, argument)
    for name in names:
        if name not in METRICS + _ALWAYS:
            raise ArgumentError(f"{argument} names {name!r}, which is no metric{nearest(name, METRICS)}")
    return tuple(metric for metric in METRICS if metric in names)
