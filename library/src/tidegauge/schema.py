"""Schema: what the columns are, and which of their metrics to keep."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from tidegauge.errors import ArgumentError, nearest
from tidegauge.privacy import Privacy, privacy_of

ROLES = ("timestamp", "prediction", "score", "target", "id")
"""What a column can be; most are none of these."""

METRICS = ("moments", "quantiles", "cardinality", "frequent_items")
"""The metrics that one can choose; `counts` and `types` are always kept."""

_ALWAYS = ("counts", "types")


class Schema:
    """What the columns are and which of their metrics are kept: an immutable value.

    Everything is optional: without a schema, all metrics of every column are kept.

    Args:
        roles: Column → one of ``timestamp prediction score target id``.
        metrics: Column → names of the metrics to keep for it, out of ``moments quantiles cardinality
            frequent_items``; an empty list leaves only `counts` and `types`, which are always kept.
        default_metrics: The metrics to keep for all other columns; every metric when None.
        only: The columns to profile; all when None. Others are skipped, except that the timestamp column
            still determines the window.
        correlation: Which numeric columns are correlated with each other, see `Profile.correlation`:
            True for all, however many there are (the work grows with the square of their number), False for
            none, or the names of some. By default all, if a profile has at most 64 of them.
        privacy: Column → which of its values may be read from a profile: a `Privacy`, or ``"off"`` for a
            column that is not profiled at all, or ``"kept"``. What is nested in a column is as private as the
            column, unless it is named itself (``"user.city"``, ``"tags[]"``).
        default_privacy: The same, for all other columns.

    Raises:
        ArgumentError: A role or metric does not exist, or the arguments contradict one another.

    Example:
        >>> schema = Schema(roles={"predicted": "prediction"}, metrics={"user": ["cardinality"]})
        >>> schema.role("predicted"), schema.metrics("user"), schema.metrics("fare")
        ('prediction', ('cardinality',), ('moments', 'quantiles', 'cardinality', 'frequent_items'))
    """

    __slots__ = ("_correlation", "_default", "_default_privacy", "_metrics", "_only", "_privacy", "_roles")

    def __init__(
        self,
        *,
        roles: Mapping[str, str] | None = None,
        metrics: Mapping[str, Collection[str]] | None = None,
        default_metrics: Collection[str] | None = None,
        only: Collection[str] | None = None,
        privacy: Mapping[str, Privacy | str] | None = None,
        default_privacy: Privacy | str | None = None,
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
        self._privacy = {
            name: privacy_of(given, f"privacy[{name!r}]")
            for name, given in _mapping(privacy, "privacy").items()
        }
        self._default_privacy = (
            Privacy() if default_privacy is None else privacy_of(default_privacy, "default_privacy")
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
        """Column → role, as a new dict."""
        return dict(self._roles)

    @property
    def only(self) -> tuple[str, ...] | None:
        """The columns to profile; None for all."""
        return self._only

    @property
    def correlation(self) -> bool | tuple[str, ...] | None:
        """Which numeric columns are correlated: all (True), none (False), these, or all if few (None)."""
        return self._correlation

    @property
    def timestamp(self) -> str | None:
        """The column with the role `timestamp`, if there is one."""
        return next((name for name, role in self._roles.items() if role == "timestamp"), None)

    def role(self, column: str) -> str | None:
        """Return a column's role; None when it has none."""
        return self._roles.get(column)

    def metrics(self, column: str) -> tuple[str, ...]:
        """Return the metrics to keep for a column, besides `counts` and `types`."""
        return self._metrics.get(column, self._default)

    def privacy(self, column: str) -> Privacy:
        """Return which of a column's values may be read: its own rule, its parent's, or the default."""
        around = column
        while around:
            if around in self._privacy:
                return self._privacy[around]
            around = around[:-2] if around.endswith("[]") else around.rpartition(".")[0]
        return self._default_privacy

    def to_dict(self) -> dict[str, Any]:
        """Return the schema as plain values that JSON can hold; keys of `Privacy` appear as their ids only.

        Its version is 2 where something is private, so that an older library cannot overlook it.
        """
        columns: dict[str, dict[str, object]] = {}
        for name in {**self._roles, **self._metrics, **self._privacy}:
            chosen = self._metrics.get(name)
            columns[name] = {
                "role": self._roles.get(name),
                "metrics": None if chosen is None else list(chosen),
            }
            if name in self._privacy:
                columns[name]["privacy"] = self._privacy[name].to_dict()
        only = None if self._only is None else list(self._only)
        plain = {"version": 1, "metrics": list(self._default), "only": only, "columns": columns}
        correlated = self._correlation
        plain["correlation"] = list(correlated) if isinstance(correlated, tuple) else correlated
        if self._privacy or self._default_privacy != Privacy():
            plain |= {"version": 2, "privacy": self._default_privacy.to_dict()}
        return plain

    def _crossing(self) -> dict[str, Any]:
        """What the kernel takes: with the secrets that are made of keys."""
        plain = self.to_dict()
        if "privacy" in plain:
            plain["privacy"] = self._default_privacy._crossing()  # noqa: SLF001 - a secret has no other door
        for name, privacy in self._privacy.items():
            plain["columns"][name]["privacy"] = privacy._crossing()  # noqa: SLF001 - as above
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, key: bytes | None = None) -> Schema:
        """Make a schema from what `to_dict` returned.

        Args:
            data: The plain values; anything missing takes its default.
            key: The key, if values are hashed.

        Raises:
            ArgumentError: It is not of that form, or has a newer version, or the key is not the right one.
        """
        if data.get("version", 1) not in (1, 2):
            raise ArgumentError(
                f"a schema's dict has the version 1 or 2, as Schema.to_dict() writes it; got {data!r:.100}"
            )
        default = data.get("privacy")
        columns = _mapping(data.get("columns"), "columns")
        return cls(
            roles={name: entry["role"] for name, entry in columns.items() if entry.get("role") is not None},
            privacy={
                name: Privacy.from_dict(entry["privacy"], key=key)
                for name, entry in columns.items()
                if entry.get("privacy") is not None
            },
            default_privacy=None if default is None else Privacy.from_dict(default, key=key),
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
        private = frozenset(self._privacy.items()), self._default_privacy
        return frozenset(self._roles.items()), chosen, frozenset(self._default), only, private, correlated

    def __eq__(self, other: object) -> bool:
        """Return whether both mean the same."""
        return self._identity() == other._identity() if isinstance(other, Schema) else NotImplemented

    def __hash__(self) -> int:
        """Hash by its content."""
        return hash(self._identity())

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle as plain values together with the keys, which other processes need."""
        made = partial(
            Schema,
            roles=self._roles,
            metrics=self._metrics,
            default_metrics=self._default,
            only=self._only,
            privacy=self._privacy,
            default_privacy=self._default_privacy,
            correlation=self._correlation,
        )
        return made, ()

    def __repr__(self) -> str:
        """Show what was chosen."""
        parts = {
            "roles": self._roles,
            "metrics": {name: list(chosen) for name, chosen in self._metrics.items()},
            "default_metrics": None if self._default == METRICS else list(self._default),
            "only": self._only and list(self._only),
            "privacy": self._privacy,
            "default_privacy": None if self._default_privacy == Privacy() else self._default_privacy,
        }
        shown = {name: part for name, part in parts.items() if part}
        if self._correlation is not None:
            chosen = self._correlation
            shown["correlation"] = list(chosen) if isinstance(chosen, tuple) else chosen
        return f"Schema({', '.join(f'{name}={part!r}' for name, part in shown.items())})"


def kernel_schema(schema: Schema) -> dict[str, Any]:
    """Return what the kernel takes of a schema: with the secrets that are made of its keys."""
    return schema._crossing()  # noqa: SLF001 - the one door to it


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
