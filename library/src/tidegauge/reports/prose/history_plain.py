"""What is drawn of a profile set over time, as plain values for JSON."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tidegauge.reports.facts.history import FAN_RANKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge.reports.facts.history import ColumnHistory, HistoryFacts, Strange
    from tidegauge.reports.facts.segments import SegmentFacts

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def history_dict(facts: HistoryFacts) -> dict[str, Any]:
    """Return everything that is drawn as plain dicts and lists.

    Args:
        facts: What is drawn.
    """
    heading, steps = facts.heading, facts.steps
    document: dict[str, Any] = {
        "dataset": heading.dataset,
        "windows": heading.windows,
        "records": heading.records,
        "windows_each": steps.windows_each,
        "starts": [_when(start) for start in steps.times[:-1]] if len(steps) else [],
        "end": _when(steps.times[-1]) if len(steps) else None,
        "records_by_step": list(steps.records),
        "records_without_time": steps.untimed,
        "columns": {column.name: _column(column) for column in facts.columns},
    }
    if facts.conditions:
        document["conditions"] = {
            one.key: one.whole.to_dict() | {"fail_rate": list(one.failing)} for one in facts.conditions
        }
    if facts.segments:
        document["segments"] = {
            ", ".join(partition.columns): [_segment(one) for one in partition.segments]
            for partition in facts.segments
        }
    if facts.judged:
        document["ranking"] = [_strange(one) for one in facts.ranking]
    return document


def _column(column: ColumnHistory) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "type": column.type,
        "null_rate": [_finite(rate) for rate in column.nulls],
        "distinct": list(column.distinct),
    }
    if column.fan:
        plain["kind"] = column.kind
        plain["quantiles"] = _quantiles(column.fan)
    if column.lengths:
        plain["length_quantiles"] = _quantiles(column.lengths)
    if column.top is not None:
        plain["shares"] = dict(zip(column.top.names, map(list, column.top.rows), strict=True))
    if column.constant is not None:
        plain["constant"] = column.constant
    return plain


def _quantiles(fan: Sequence[tuple[float, ...] | None]) -> dict[str, list[float | None]]:
    return {
        f"{rank:g}": [None if step is None else _finite(step[place]) for step in fan]
        for place, rank in enumerate(FAN_RANKS)
    }


def _segment(one: SegmentFacts) -> dict[str, Any]:
    return {
        "values": dict(one.values),
        "records": one.records,
        "share": one.share,
        "is_other": one.is_other,
        "most_nulls": one.nulls and {"column": one.nulls[0], "null_rate": one.nulls[1]},
        "differs_most": one.unlike and {"column": one.unlike.column, "how": one.unlike.how},
    }


def _strange(one: Strange) -> dict[str, Any]:
    return {
        "start": _when(one.start),
        "end": _when(one.end),
        "verdict": one.verdict,
        "why": one.why,
        "records": one.records,
        "columns": one.columns,
        "drifted": {name: _finite(times) for name, times in one.drifted},
    }


def _when(microseconds: int | None) -> str | None:
    if microseconds is None:
        return None
    try:
        return (_EPOCH + timedelta(microseconds=microseconds)).isoformat()
    except OverflowError:
        return None


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
