"""Making constraints and suites of plain values, saying exactly what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import TYPE_CHECKING, Any, TypeAlias

from tidegauge.constraints.constraint import constraint_types, specification
from tidegauge.constraints.fields import MisfitError, shown
from tidegauge.errors import ArgumentError, SuiteError, nearest

if TYPE_CHECKING:
    from tidegauge.constraints.constraint import Constraint

Where: TypeAlias = Callable[[str | None], str]
"""Tells the place of a field, or with None of the whole constraint: ``suite.yaml:12``."""


def constraint_of(plain: object, where: Where = lambda _: "") -> Constraint:
    """Make a constraint of a dict with its name as the only key.

    Args:
        plain: Such as ``{"null_rate": {"column": "fare", "at_most": 0.05}}``.
        where: Tells the place of each field, for messages.

    Raises:
        SuiteError: It is not of that form; the message names the place, the constraint and the field.
    """
    if not isinstance(plain, Mapping) or len(plain) != 1:
        raise SuiteError(
            f"{_at(where(None))}{shown(plain)} is no constraint; "
            "expected one name with its fields, such as: null_rate: {column: fare, at_most: 0.05}"
        )
    ((key, given),) = plain.items()
    known = constraint_types()
    if key not in known:
        raise SuiteError(f"{_at(where(None))}there is no constraint {key!r}{nearest(str(key), known)}")
    if not isinstance(given, Mapping):
        required = [name for name, _, default in specification(known[key]) if default is MISSING]
        example = f"{key}: {{{', '.join(f'{name}: …' for name in required)}}}"
        raise SuiteError(f"{_at(where(None))}{key}: {shown(given)} is no mapping of fields; write {example}")
    return _made(known[key], given, where)


def _made(made: type[Constraint], given: Mapping[Any, Any], where: Where) -> Constraint:
    rules = {name: (kind, default) for name, kind, default in specification(made)}
    for name in given:
        if name not in rules:
            hint = nearest(str(name), rules)
            if hint.startswith("; did"):
                hint += f" Its fields are: {', '.join(rules)}"
            raise SuiteError(f"{_at(where(str(name)))}{made.key}: it has no field {name!r}{hint}")
    values: dict[str, Any] = {}
    for name, (kind, default) in rules.items():
        if name not in given:
            if default is MISSING:
                raise SuiteError(
                    f"{_at(where(None))}{made.key}: the field {name!r} is missing; expected {kind.expected}"
                )
            continue
        try:
            values[name] = None if given[name] is None and default is None else kind.accept(given[name])
        except MisfitError as error:
            raise SuiteError(f"{_at(where(name))}{made.key}: {name}: {error}") from None
    try:
        return made(**values)
    except ArgumentError as error:
        message = str(error).removeprefix(f"{made.__name__}: ")
        raise SuiteError(f"{_at(where(None))}{made.key}: {message}") from None


def _at(place: str) -> str:
    return f"{place}: " if place else ""
