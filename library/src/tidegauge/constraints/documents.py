"""Making a suite of a whole document: of plain values, or of a file whose lines are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from tidegauge.constraints.building import constraint_of
from tidegauge.constraints.fields import shown
from tidegauge.constraints.suite import VERSION, Suite, check_condition
from tidegauge.errors import ArgumentError, SuiteError, nearest
from tidegauge.expressions import parse_expression

if TYPE_CHECKING:
    from tidegauge.constraints.constraint import Constraint

Place: TypeAlias = Callable[[tuple[str | int, ...]], str]
"""Tells where in the document a path of keys and positions leads: ``suite.yaml:12``."""

_KEYS = ("version", "name", "conditions", "constraints")
_EXAMPLE = "constraints: [{null_rate: {column: fare, at_most: 0.05}}]"


def _path_text(path: tuple[str | int, ...]) -> str:
    """Write a path when there are no lines: ``constraints[2].null_rate``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".") or "the suite"


def suite_of(plain: object, place: Place = _path_text) -> Suite:
    """Make a suite of a document.

    Args:
        plain: Plain values, as a YAML or JSON file holds them.
        place: Tells where a part of the document stands, for messages.

    Raises:
        SuiteError: It is not of the form of a suite; the message names the place.
    """
    if not isinstance(plain, Mapping):
        given = "an empty document" if plain is None else shown(plain)
        raise SuiteError(f"{place(())}: {given} is no suite; a suite looks so: {_EXAMPLE}")
    for key in plain:
        if key not in _KEYS:
            raise SuiteError(f"{place((key,))}: a suite has no {key!r}{nearest(str(key), _KEYS)}")
    version = plain.get("version", VERSION)
    if version != VERSION or isinstance(version, bool):
        raise SuiteError(
            f"{place(('version',))}: version: {shown(version)} is not {VERSION}, "
            "the only version that this release knows; a newer suite needs a newer release"
        )
    name = plain.get("name")
    if name is not None and not isinstance(name, str):
        raise SuiteError(f"{place(('name',))}: name: {shown(name)} is not a text; put it in quotes")
    conditions = _conditions(plain.get("conditions"), place)
    return Suite(_constraints(plain, place), name=name, conditions=conditions)


def _constraints(plain: Mapping[str, Any], place: Place) -> list[Constraint]:
    if not isinstance(plain.get("constraints"), list):
        given = shown(plain["constraints"]) if "constraints" in plain else "nothing"
        raise SuiteError(
            f"{place(('constraints',))}: constraints: {given} is no list; a suite looks so: {_EXAMPLE}"
        )
    made: list[Constraint] = []
    places: dict[str, str] = {}
    known: dict[Constraint, str] = {}
    for index, entry in enumerate(plain["constraints"]):
        key = next(iter(entry), "") if isinstance(entry, Mapping) else ""

        def where(field: str | None, index: int = index, key: str = key) -> str:
            return place(("constraints", index) if field is None else ("constraints", index, key, field))

        each = constraint_of(entry, where)
        if each.name is not None:
            if each.name in places:
                raise SuiteError(
                    f"{where('name')}: {key}: name: {each.name!r} is also the name of the constraint "
                    f"at {places[each.name]}; a name stands once in a suite"
                )
            places[each.name] = where("name")
        if each in known:
            raise SuiteError(
                f"{where(None)}: {key}: it says the same as the constraint at {known[each]}; leave one out"
            )
        known[each] = where(None)
        made.append(each)
    return made


def _conditions(given: object, place: Place) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise SuiteError(
            f"{place(('conditions',))}: conditions: {shown(given)} is no mapping of names to expressions, "
            "such as: fare_positive: fare > 0"
        )
    for name, text in given.items():
        where = f"{place(('conditions', name))}: conditions"
        if not isinstance(name, str) or not name:
            raise SuiteError(f"{where}: {shown(name)} is no name; put it in quotes")
        if not isinstance(text, str):
            raise SuiteError(f"{where}: {name}: {shown(text)} is no expression; write one, such as: fare > 0")
        _parse(text, f"{where}: {name}")
    return dict(given)


def _parse(text: str, where: str) -> None:
    """Read an expression now: a mistake in it shall be told with its line."""
    try:
        check_condition(parse_expression(text))
    except ArgumentError as error:
        raise SuiteError(f"{where}: {error}") from None
