"""One number followed over the windows of a history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, inf, log, sqrt
from typing import TYPE_CHECKING, TypeAlias

from tidegauge.constraints.suggestion.readings import Key, read_window

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tidegauge.constraints.suggestion.faults import Fault
    from tidegauge.constraints.suggestion.readings import Reading
    from tidegauge.metrics.scale import Value
    from tidegauge.profile import Profile

Terms: TypeAlias = tuple[tuple[str, float], ...]
"""Columns, each with the factor that it is multiplied by."""

RATIOS = frozenset({"records", "distinct count", "stddev", "length mean", "share"})
"""Numbers that vary by factors rather than by amounts; they are judged by their logarithms."""


@dataclass(frozen=True, slots=True)
class Track:
    """One number in every window, in order of time.

    Attributes:
        key: Which number it is.
        values: One a window; logarithms when `logarithmic`.
        errors: The standard errors of the values.
        faulted: For each fault, what the values would be.
        logarithmic: Whether values are logarithms.
        blur: How far from a value, at most, a bound must lie for a check to be sure.
        spread: Typical standard deviation of the values of the records, when these are numbers.
        sizes: Of a share, how many values there were in each window.
        terms: Of a distance, the columns whose multiples were taken away, each with its factor.
        edges: Between what the number lies by what the column is, not by how it varied.
    """

    key: Key
    values: tuple[float, ...]
    errors: tuple[float, ...]
    faulted: Mapping[Fault, tuple[float, ...]]
    logarithmic: bool
    blur: float = 0.0
    spread: float = 0.0
    sizes: tuple[int, ...] = ()
    terms: Terms = ()
    edges: tuple[float, float] = (-inf, inf)

    def number(self, value: float) -> float:
        """Turn a value of the track back into the number itself."""
        return exp(value) if self.logarithmic else value

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers themselves."""
        return tuple(map(self.number, self.values))

    def resized(self, growth: float) -> Track:
        """Return the track of a single window with the error that predicts one of another size.

        Args:
            growth: How many times fewer records the other has.
        """
        factor = sqrt((1.0 + growth) / 2.0)
        return replace(self, errors=tuple(error * factor for error in self.errors))

    def without(self, *indices: int) -> Track:
        """Return the track as if some windows had never been seen."""

        def less(values: tuple[float, ...]) -> tuple[float, ...]:
            return tuple(value for index, value in enumerate(values) if index not in indices)

        return replace(
            self,
            values=less(self.values),
            errors=less(self.errors),
            faulted={fault: less(values) for fault, values in self.faulted.items()},
            sizes=tuple(size for index, size in enumerate(self.sizes) if index not in indices),
        )


def make_tracks(profiles: Sequence[Profile], watched: Mapping[str, tuple[Value, ...]]) -> dict[Key, Track]:
    """Follow every number that all the profiles have.

    A number that is missing in some windows would leave a constraint on it without an answer there,
    so it is not followed.

    Args:
        profiles: The profiles of the windows, in order of time; at least one.
        watched: The values of each column whose share is followed.
    """
    windows = [read_window(profile, watched) for profile in profiles]
    common = [key for key in windows[0] if all(key in window for window in windows)]
    return {key: _track(key, [window[key] for window in windows], windows) for key in common}


def _track(key: Key, readings: list[Reading], windows: list[dict[Key, Reading]]) -> Track:
    logarithmic = key.metric in RATIOS and all(reading.value > 0.0 for reading in readings)
    known = set(readings[0].faulted).union(*(reading.faulted for reading in readings))
    values = [reading.value for reading in readings]
    errors = [reading.error for reading in readings]
    blurs = [reading.blur for reading in readings]
    faulted = {
        fault: [reading.faulted.get(fault, reading.value) for reading in readings]
        for fault in sorted(known, key=str)
    }
    if logarithmic:
        errors = [error / value for error, value in zip(errors, values, strict=True)]
        blurs = [blur / value for blur, value in zip(blurs, values, strict=True)]
        values = [log(value) for value in values]
        faulted = {fault: [_log(value) for value in after] for fault, after in faulted.items()}
    spread = 0.0
    if key.metric in {"mean", "quantile"}:
        spreads = sorted(window[Key(key.column, "stddev")].value for window in windows)
        spread = spreads[len(spreads) // 2]
    return Track(
        key,
        tuple(values),
        tuple(errors),
        {fault: tuple(after) for fault, after in faulted.items()},
        logarithmic,
        max(blurs),
        spread,
        tuple(reading.size for reading in readings) if key.metric == "share" else (),
    )


def _log(value: float) -> float:
    return log(value) if value > 0.0 else -1e9
