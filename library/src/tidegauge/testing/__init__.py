"""For tests: assert that data passes a suite, and that a metric of your own obeys the laws of metrics."""

from tidegauge.testing.metric_laws import check_metric
from tidegauge.testing.suites import ConstraintWarning, assert_passes

__all__ = ["ConstraintWarning", "assert_passes", "check_metric"]
