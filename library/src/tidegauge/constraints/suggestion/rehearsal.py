"""What a suite would have done: a suite made from the first windows judges those that came after."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import TYPE_CHECKING

from tidegauge.constraints.suggestion.certain import watched_values
from tidegauge.constraints.suggestion.readings import Key, read_window

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tidegauge.constraints.suggestion.candidates import Candidate
    from tidegauge.constraints.suggestion.faults import Fault
    from tidegauge.constraints.suggestion.fitting import Fit
    from tidegauge.constraints.suggestion.readings import Reading
    from tidegauge.profile import Profile

_DIFFERENCE = " difference"


def rehearse(fit: Fit, merged: Profile, later: Iterable[Profile]) -> tuple[Counter[str], Counter[str]]:
    """Put each fault into each later window, as far as it is known what it does to the numbers.

    Args:
        fit: What was learnt from earlier windows.
        merged: Those windows, merged.
        later: The windows to spoil.

    Returns:
        By the kind of fault: how often it was tried, and how often it would have shown.
    """
    tried: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    watched = watched_values(merged)
    certain = {fault for one in fit.certain for fault in one.shows}
    by_fault: dict[Fault, list[Candidate]] = {}
    for candidate in fit.candidates:
        for fault in candidate.track.faulted:
            by_fault.setdefault(fault, []).append(candidate)
    for profile in later:
        readings = read_window(profile, watched)
        possible = {fault for reading in readings.values() for fault in reading.faulted} | {
            fault for fault in certain if fault.column in profile
        }
        for fault in possible & fit.shown.keys():
            tried[fault.kind] += 1
            shown[fault.kind] += fault in certain or any(
                _shows(candidate, readings, fault) for candidate in by_fault.get(fault, ())
            )
    return tried, shown


def _shows(candidate: Candidate, readings: Mapping[Key, Reading], fault: Fault) -> bool:
    column, metric, argument = candidate.key
    terms = candidate.track.terms
    if terms:
        metric, argument = metric.removesuffix(_DIFFERENCE), None
    reading = readings.get(Key(column, metric, argument))
    others = [readings.get(Key(name, metric)) for name, _ in terms]
    if reading is None or None in others:
        return False
    if metric == "share":
        left = reading.size * (1.0 - reading.value)
        return fault in reading.faulted and left >= candidate.among
    value = reading.faulted.get(fault, reading.value)
    value -= sum(
        factor * other.faulted.get(fault, other.value)
        for (_, factor), other in zip(terms, others, strict=True)
        if other
    )
    if candidate.track.logarithmic:
        value = log(value) if value > 0.0 else -1e9
    return candidate.fails(value)
