"""The classical measures of how far apart two columns are, each by its name.

Every module of this package that has a `MEASURE` is one: a new file is found without being listed anywhere.
"""

from tidegauge.drift.measures.measure import Kind, Measure, OrderedMeasure, ShareMeasure
from tidegauge.drift.measures.pair import Pair
from tidegauge.drift.measures.registry import all, compute_all, get  # noqa: A004 - measures.all()

__all__ = ["Kind", "Measure", "OrderedMeasure", "Pair", "ShareMeasure", "all", "compute_all", "get"]
