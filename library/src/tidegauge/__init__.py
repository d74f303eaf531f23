"""Tidegauge: small, mergeable profiles of your data, made where the data is.

>>> import tidegauge as tg
>>> profile = tg.log({"fare": [5.0, 7.5, None]}, "taxi")
>>> profile["fare"].null_rate
0.3333333333333333
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tidegauge import errors
from tidegauge._kernel import FORMAT_VERSION, __version__
from tidegauge.column import ColumnProfile
from tidegauge.derived import Derivation, derive
from tidegauge.expressions import Expression, col, parse_expression
from tidegauge.io import merge, read
from tidegauge.log import log
from tidegauge.metrics.custom import CustomMetric, Metric
from tidegauge.metrics.known import register_metric
from tidegauge.privacy import Privacy
from tidegauge.profile import Profile, Window
from tidegauge.profile_set import ProfileSet
from tidegauge.profiler import Profiler
from tidegauge.schema import Schema
from tidegauge.segments import Segment

if TYPE_CHECKING:
    from tidegauge import constraints, drift, logger, readers, samplers, testing, writers
    from tidegauge.correlation import Correlation
    from tidegauge.drift.compare import compare
    from tidegauge.drift.correlations import CorrelationDrift
    from tidegauge.drift.result import ColumnDrift, DriftReport
    from tidegauge.drift.segment_drift import SegmentDrift, SegmentMix
    from tidegauge.drift.segments import compare_segments
    from tidegauge.drift.series import DriftSeries, compare_windows
    from tidegauge.logger import Logger, LoggerStatus
    from tidegauge.metrics.conditions import Condition
    from tidegauge.reports.report import Report, report

__all__ = [
    "FORMAT_VERSION",
    "ColumnDrift",
    "ColumnProfile",
    "Condition",
    "Correlation",
    "CorrelationDrift",
    "CustomMetric",
    "Derivation",
    "DriftReport",
    "DriftSeries",
    "Expression",
    "Logger",
    "LoggerStatus",
    "Metric",
    "Privacy",
    "Profile",
    "ProfileSet",
    "Profiler",
    "Report",
    "Schema",
    "Segment",
    "SegmentDrift",
    "SegmentMix",
    "Window",
    "__version__",
    "col",
    "compare",
    "compare_segments",
    "compare_windows",
    "constraints",
    "derive",
    "drift",
    "errors",
    "log",
    "logger",
    "merge",
    "parse_expression",
    "read",
    "readers",
    "register_metric",
    "report",
    "samplers",
    "testing",
    "writers",
]

# What a service that only logs does not need is imported when it is first asked for.
_LATER = {
    "ColumnDrift": "tidegauge.drift",
    "Condition": "tidegauge.metrics.conditions",
    "Correlation": "tidegauge.correlation",
    "CorrelationDrift": "tidegauge.drift",
    "DriftReport": "tidegauge.drift",
    "DriftSeries": "tidegauge.drift",
    "Logger": "tidegauge.logger",
    "LoggerStatus": "tidegauge.logger",
    "Report": "tidegauge.reports",
    "SegmentDrift": "tidegauge.drift",
    "SegmentMix": "tidegauge.drift",
    "compare": "tidegauge.drift",
    "compare_segments": "tidegauge.drift",
    "compare_windows": "tidegauge.drift",
    "constraints": "",
    "drift": "",
    "logger": "",
    "readers": "",
    "report": "tidegauge.reports",
    "samplers": "",
    "testing": "",
    "writers": "",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'tidegauge' has no attribute {name!r}")
    from importlib import import_module

    home = _LATER[name]
    value = getattr(import_module(home), name) if home else import_module(f"tidegauge.{name}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
