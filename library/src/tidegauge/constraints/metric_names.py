"""The metrics that a relation may name, each with how it is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.constraints.estimate import Estimate, exactly
from tidegauge.constraints.families import completeness, statistics, uniqueness, validity
from tidegauge.constraints.families.statistics import total_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidegauge.constraints.bounded import Bounded
    from tidegauge.constraints.context import Context
    from tidegauge.constraints.metric_terms import Metric

_COLUMN_METRICS: dict[str, type[Bounded]] = {
    "distinct": uniqueness.DistinctCount,
    "distinct_rate": uniqueness.DistinctRate,
    "kurtosis": statistics.Kurtosis,
    "max": statistics.Max,
    "mean": statistics.Mean,
    "mean_length": validity.MeanLength,
    "median": statistics.Median,
    "min": statistics.Min,
    "null_rate": completeness.NullRate,
    "nulls": completeness.NullCount,
    "skewness": statistics.Skewness,
    "stddev": statistics.Stddev,
    "true_rate": validity.TrueRate,
}


def _by(bounded: Callable[..., Bounded]) -> Metric:
    """Find a metric as the constraint that bounds it does."""

    def find(context: Context, column: str | None, rank: float | None) -> Estimate:  # noqa: ARG001
        return bounded(column, at_least=0).measure(context)

    return find


def _records(context: Context, column: str | None, rank: float | None) -> Estimate:  # noqa: ARG001
    return exactly(context.profile.records if column is None else context.column(column).records)


def _quantile(context: Context, column: str | None, rank: float | None) -> Estimate:
    return statistics.Quantile(column or "", 0.5 if rank is None else rank, at_least=0).measure(context)


def _sum(context: Context, column: str | None, rank: float | None) -> Estimate:  # noqa: ARG001
    return total_of(context, column or "")


def _values(context: Context, column: str | None, rank: float | None) -> Estimate:  # noqa: ARG001
    return exactly(context.column(column or "").counts.present)


METRICS: dict[str, Metric] = {
    **{name: _by(bounded) for name, bounded in _COLUMN_METRICS.items()},
    "quantile": _quantile,
    "records": _records,
    "sum": _sum,
    "values": _values,
}

TAKES: dict[str, str] = {
    name: {"records": "profile", "quantile": "rank"}.get(name, "column") for name in METRICS
}
"""What each metric takes: nothing, a column, or a column and a rank."""
