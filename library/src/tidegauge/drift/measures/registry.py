"""All measures, found in the modules of this package."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from tidegauge.drift.measures.pair import Pair
from tidegauge.errors import ArgumentError, MissingMetricError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidegauge.column import ColumnProfile
    from tidegauge.drift.measures.measure import Measure


@cache
def _found() -> dict[str, Measure]:
    """Look through the room, once."""
    package = __name__.rpartition(".")[0]
    places = import_module(package).__path__
    modules = (import_module(f"{package}.{module.name}") for module in iter_modules(places))
    found = [module.MEASURE for module in modules if hasattr(module, "MEASURE")]
    return {measure.name: measure for measure in sorted(found, key=lambda measure: measure.name)}


def all() -> tuple[Measure, ...]:  # noqa: A001 - read as measures.all()
    """List every measure, in the order of the names.

    Example:
        >>> from tidegauge.drift import measures
        >>> [measure.name for measure in measures.all()][:3]
        ['chi_square', 'cramer_von_mises', 'energy']
    """
    return tuple(_found().values())


def get(name: str, **options: Any) -> Measure:
    """Find a measure by its name.

    Args:
        name: The name, such as ``psi``.
        **options: Options of the measure to change, such as ``bins=20``, ``smoothing=0`` or
            ``remove_bias=False``.

    Raises:
        ArgumentError: There is no such measure, it has no such option, or the option is invalid.

    Example:
        >>> from tidegauge.drift import measures
        >>> measures.get("psi").unit, measures.get("psi", bins=20).bins
        ('nats', 20)
    """
    measure = _found().get(name)
    if measure is None:
        raise ArgumentError(f"there is no measure {name!r}{nearest(str(name), _found())}")
    known = [field.name for field in fields(measure)]
    for option in options:
        if option not in known:
            raise ArgumentError(f"the measure {name!r} has no option {option!r}{nearest(option, known)}")
    return replace(measure, **options)


def compute_all(
    current: ColumnProfile, reference: ColumnProfile, *, names: Iterable[str] | None = None
) -> dict[str, float]:
    """Compute every measure that applies to two columns; what they have in common is worked out once.

    Args:
        current: The column as it is.
        reference: The same column of the profile to compare with.
        names: The measures to compute; None for all.

    Returns:
        Name → value, in the order of the names; empty when no measure applies.

    Raises:
        ArgumentError: A name is not that of a measure.

    Example:
        >>> import tidegauge as tg
        >>> now, then = tg.log({"x": ["a", "b"]}), tg.log({"x": ["a", "a"]})
        >>> compute_all(now["x"], then["x"], names=["ks", "l_infinity", "total_variation"])
        {'l_infinity': 0.5, 'total_variation': 0.5}
    """
    wanted = (
        all() if names is None else [get(name) for name in ((names,) if isinstance(names, str) else names)]
    )
    found: dict[str, float] = {}
    try:
        pair = Pair(current, reference)
    except ArgumentError:
        return found
    for measure in wanted:
        try:
            found[measure.name] = measure.of(pair)
        except (ArgumentError, MissingMetricError):
            continue
    return found
