"""The text that a value is known by as a segment, whatever type it came as."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

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


@pytest.mark.parametrize("number", [np.float16(0.1), np.float16(7), np.float32(1e22), np.float32(3.4e38)])
def test_a_number_of_few_digits_chooses_the_segment_that_it_made(number):
    assert tg.log({"x": np.array([number])}, segments=["x"]).select({"x": number})[0].records == 1


@pytest.mark.parametrize("text", ["-0.0", "0E+3", "NaN", "sNaN", "Infinity", "-Infinity", "1E+3"])
def test_a_decimal_chooses_the_segment_that_it_made(text):
    number = Decimal(text)
    assert tg.log([{"x": number}], segments=["x"]).select({"x": number})[0].records == 1


def test_a_long_double_chooses_the_segment_of_the_nearest_number():
    found = tg.log({"x": [0.5, 2.0]}, segments=["x"])
    assert found.select({"x": np.longdouble(0.5)})[0].records == 1
