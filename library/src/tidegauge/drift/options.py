"""What a comparison may be told: which measure, how much of it matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from numbers import Real
from types import MappingProxyType
from typing import TYPE_CHECKING

from tidegauge.drift import measures as all_measures
from tidegauge.errors import ArgumentError, InPython, nearest

if TYPE_CHECKING:
    from collections.abc import Collection

    from tidegauge.drift.measures import Measure

MATTERS: Mapping[str, float] = MappingProxyType(
    {
        "ks": 0.1,
        "total_variation": 0.1,
        "null_rate": 0.05,
        "special_rate": 0.05,
        "type_share": 0.01,
        "jensen_shannon": 0.1,
        "hellinger": 0.1,
        "psi": 0.1,
        "l_infinity": 0.1,
        "kullback_leibler": 0.1,
        "correlation": 0.1,
    }
)
"""The smallest change that matters, by measure, unless another is given.

0.1 of ``ks`` or ``total_variation``: one value of ten has changed place; a shift of the mean by a
quarter of a standard deviation. Measures that are counted in the column's own unit, or that grow with
the number of values, have no such default: they need one to be given.
"""


_USUAL = ("ks", "total_variation", "null_rate", "special_rate", "type_share", "correlation")
"""What effects are stated in unless another measure is asked for; all are shares, at most 1."""


@dataclass(frozen=True, slots=True)
class Options:
    """The arguments of `tidegauge.compare`, checked."""

    false_discovery_rate: float = 0.05
    columns: tuple[str, ...] | None = None
    _measures: Mapping[str, Measure] = field(default_factory=dict)
    _measure: Measure | None = None
    _thresholds: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        known: Collection[str],
        *,
        columns: Iterable[str] | None,
        measures: str | Mapping[str, str] | None,
        thresholds: float | Mapping[str, float] | None,
        false_discovery_rate: float,
    ) -> Options:
        """Check the arguments of a comparison of these columns."""
        rate: object = false_discovery_rate
        if not isinstance(rate, Real) or not 0.0 < float(rate) < 1.0:
            raise ArgumentError(
                InPython("false_discovery_rate", "false_discovery_rate"),
                f"is a share between 0 and 1, such as 0.05, not {false_discovery_rate!r}",
            )
        by_column, everywhere = _measures_of(known, measures)
        limits = _thresholds_of(known, thresholds)
        used = {*_USUAL, *(measure.name for measure in (*by_column.values(), everywhere) if measure)}
        for name in limits:
            if name and name not in known and name not in used:
                raise ArgumentError(
                    InPython("thresholds=", "thresholds"),
                    f"is given for {name!r}, in which no effect is stated; ask for it:",
                    InPython(f"measures={name!r}", "measure", (name,)),
                )
        return cls(
            float(false_discovery_rate),
            None if columns is None else _columns_of(known, columns),
            by_column,
            everywhere,
            limits,
        )

    def chosen(self, columns: Iterable[str]) -> list[str]:
        """Those of some columns that are compared, in their order."""
        return [name for name in columns if self.columns is None or name in self.columns]

    def measure_of(self, column: str) -> Measure | None:
        """The measure that was asked for; None for the usual one."""
        return self._measures.get(column, self._measure)

    def matters(self, column: str, measure: str) -> float:
        """The smallest change that matters."""
        thresholds = self._thresholds
        given = thresholds.get(column, thresholds.get(measure, thresholds.get("")))
        if given is None or (measure.endswith(("_rate", "_share")) and measure not in thresholds):
            given = MATTERS.get(measure)
        if given is None:
            raise ArgumentError(
                f"what matters of the measure {measure!r} depends on the data of column {column!r}; "
                "give a threshold:",
                InPython(f"thresholds={{{column!r}: …}}", "threshold of a column", (column,)),
            )
        return given

    def matters_of(self, measure: str) -> float:
        """The smallest change that matters of what is no column's."""
        return self._thresholds.get(measure, MATTERS[measure])


def _columns_of(known: Collection[str], columns: Iterable[str]) -> tuple[str, ...]:
    given: object = columns
    if isinstance(given, bytes) or not isinstance(given, Iterable):
        raise ArgumentError(f"columns= takes names of columns, as in ['fare'], not {type(columns).__name__}")
    wanted: tuple[object, ...] = (columns,) if isinstance(columns, str) else tuple(columns)
    if not wanted:
        raise ArgumentError("columns= names no column; leave it out to compare all")
    for name in wanted:
        if not isinstance(name, str) or name not in known:
            raise ArgumentError(
                InPython("columns=", "columns"),
                f"names {name!r}, which neither profile has{nearest(str(name), known)}",
            )
    return tuple(str(name) for name in wanted)


def _measures_of(
    known: Collection[str], given: str | Mapping[str, str] | None
) -> tuple[dict[str, Measure], Measure | None]:
    if given is None:
        return {}, None
    if isinstance(given, str):
        return {}, all_measures.get(given)
    if not isinstance(given, Mapping):
        raise ArgumentError(
            f"measures= is a measure's name or a dict from columns to names, not {type(given).__name__}"
        )
    for column, name in given.items():
        if column not in known:
            raise ArgumentError(
                InPython("measures=", "measures"), f"names a column {column!r}{nearest(str(column), known)}"
            )
        if not isinstance(name, str):
            raise ArgumentError(f"the measure of {column!r} is a name such as 'psi', not {name!r}")
    return {column: all_measures.get(name) for column, name in given.items()}, None


def _thresholds_of(known: Collection[str], given: float | Mapping[str, float] | None) -> dict[str, float]:
    if given is None:
        return {}
    pairs = dict(given) if isinstance(given, Mapping) else {"": given}
    names = sorted({*MATTERS, *(measure.name for measure in all_measures.all())})
    for name, threshold in pairs.items():
        if name and name not in known and name not in names:
            hint = nearest(str(name), [*known, *names])
            raise ArgumentError(
                InPython("thresholds=", "thresholds"),
                f"names {name!r}, which is neither a column nor a measure{hint}",
            )
        number: object = threshold
        if isinstance(number, bool) or not isinstance(number, Real) or not float(number) > 0.0:
            where = f" of {name!r}" if name else ""
            raise ArgumentError(f"the threshold{where} is a number above 0, not {threshold!r}")
        if name in _USUAL and float(number) > 1.0:
            raise ArgumentError(f"the threshold of {name!r} is a share, at most 1, not {threshold!r}")
    return {name: float(threshold) for name, threshold in pairs.items()}
