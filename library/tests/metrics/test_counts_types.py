from __future__ import annotations

import math

from tidegauge.metrics.counts import Counts
from tidegauge.metrics.types import Types


def test_counts():
    counts = Counts(records=8, nulls=2)
    assert counts.present == 6
    assert counts.null_rate == 0.25
    assert math.isnan(Counts().null_rate)


def test_types():
    assert Types(string=1, boolean=2).seen == ("boolean", "string")
    assert Types().seen == ()
