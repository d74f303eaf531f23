"""From correlations to the facts of their reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.errors import MissingMetricError
from tidegauge.reports.facts.correlation import CorrelationChange, CorrelationFacts, PairFacts

if TYPE_CHECKING:
    from tidegauge.correlation import Pair
    from tidegauge.drift.correlations import CorrelationDrift
    from tidegauge.profile import Profile

MOST_PAIRS = 20
"""Pairs that a report lists at most."""


def read_correlation(profile: Profile) -> CorrelationFacts | None:
    """Read the correlations of a profile; None where it keeps none, or has less than two numeric columns.

    Example:
        >>> import tidegauge as tg
        >>> read_correlation(tg.log({"x": range(9), "y": range(9, 0, -1)})).strongest[0].r
        -1.0
    """
    try:
        correlation = profile.correlation()
    except MissingMetricError:
        return None
    if not correlation:
        return None
    strongest = tuple(one for one in map(_pair, correlation.strongest(MOST_PAIRS)) if one.is_certain)
    return CorrelationFacts(correlation.columns, correlation.matrix, strongest, len(correlation))


def _pair(pair: Pair) -> PairFacts:
    return PairFacts(pair.x, pair.y, pair.r, *pair.interval(), pair.n)


def read_correlation_change(change: CorrelationDrift) -> CorrelationChange:
    """Read the comparison of one correlation."""
    return CorrelationChange(
        *change.columns,
        change.verdict,
        change.why,
        change.current,
        change.reference,
        change.effect.low,
        change.effect.high,
        change.detectable,
        change.adjusted,
    )
