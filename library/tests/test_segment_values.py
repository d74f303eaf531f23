"""The text that a value is known by as a segment, whatever type it came as."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

import tidegauge as tg


def keys(profiles: tg.ProfileSet) -> list[tuple[str | None, int]]:
    return [(profile.segment[profiles.partitions[0][0]], profile.records) for profile in profiles[1:]]


def test_a_whole_number_is_of_one_segment_whatever_a_null_made_of_its_column():
    profiler = tg.Profiler(segments=["customer"])
    profiler.log(pd.DataFrame({"customer": [1, 2]}))
    profiler.log(pd.DataFrame({"customer": [1, None]}))
    profiler.log(pa.table({"customer": pa.array([1], pa.decimal128(5, 2))}))
    profiler.log([{"customer": 1.0}])
    found = profiler.profile()
    assert keys(found) == [(None, 1), ("1", 4), ("2", 1)]
    assert found.select({"customer": 1})[0] == found.select({"customer": 1.0})[0]


def test_single_precision_is_written_in_its_own_digits():
    found = tg.log({"x": np.array([0.1, 0.1, 2.0], dtype="f4")}, segments=["x"])
    assert keys(found) == [("0.1", 2), ("2", 1)]
    assert found.select({"x": np.float32(0.1)})[0].records == found.select({"x": 0.1})[0].records == 2
