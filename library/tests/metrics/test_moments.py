"""Against exact computation with NumPy in extended precision, and against pandas."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import tidegauge as tg

RANDOM = np.random.default_rng(7)
SAMPLES = {
    "normal": RANDOM.normal(size=100_000),
    "lognormal": RANDOM.lognormal(3, 1.5, size=100_000),
    "far": 1e9 + RANDOM.normal(size=100_000),
    "tiny": RANDOM.normal(size=10_000) * 1e-150,
    "uniform": RANDOM.uniform(-1, 1, size=65_537),
    "few": np.array([1.0, 2.0, 3.0, 10.0]),
    "three": np.array([1.0, 2.0, 4.0]),
    "two": np.array([1.0, 2.0]),
    "spiky": np.r_[np.zeros(9_999), 1e6],
}


def exact(values):
    """Mean and the sums of powers of deviations in extended precision."""
    wide = values.astype(np.longdouble)
    deviations = wide - wide.mean()
    return wide.mean(), *(np.sum(deviations**power) for power in (2, 3, 4))


@pytest.mark.parametrize("name", SAMPLES)
def test_mean_and_variance_to_nine_digits(name):
    values = SAMPLES[name]
    mean, m2, _, _ = exact(values)
    found = tg.log({"x": values})["x"].moments
    assert found.n == len(values)
    assert found.mean == pytest.approx(float(mean), rel=1e-12, abs=1e-15 * float(np.abs(values).max()))
    assert found.variance == pytest.approx(float(m2 / (len(values) - 1)), rel=1e-9)
    assert found.stddev == pytest.approx(math.sqrt(float(m2 / (len(values) - 1))), rel=1e-9)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "tiny"])
def test_skewness_and_kurtosis_are_those_of_pandas(name):
    series = pd.Series(SAMPLES[name])
    found = tg.log({"x": series})["x"]
    assert found.skewness == pytest.approx(series.skew(), rel=1e-5, abs=1e-7, nan_ok=True)
    assert found.kurtosis == pytest.approx(series.kurt(), rel=1e-5, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("parts", [2, 7, 64])
def test_merged_moments_are_those_of_the_whole(parts):
    values = SAMPLES["far"]
    merged = tg.merge(tg.log({"x": part}) for part in np.array_split(values, parts))["x"]
    _, m2, m3, m4 = exact(values)
    n = len(values)
    # The means of parts of 1e9 + noise are rounded to doubles: 1e-7 of the noise.
    assert merged.variance == pytest.approx(float(m2 / (n - 1)), rel=1e-8)
    assert merged.skewness == pytest.approx(float(math.sqrt(n) * m3 / m2**1.5), abs=1e-6)
    assert merged.kurtosis == pytest.approx(float(n * m4 / m2**2 - 3), abs=2e-4)


def test_too_few_values_or_no_spread():
    one = tg.log({"x": [5.0]})["x"]
    assert one.mean == 5
    for name in ("stddev", "variance", "skewness", "kurtosis"):
        assert math.isnan(getattr(one, name))
    same = tg.log({"x": [5.0] * 10})["x"]
    assert (same.stddev, same.variance) == (0, 0)
    assert math.isnan(same.skewness)
    assert math.isnan(same.kurtosis)


def test_standard_errors_hold_in_repetition():
    """The spread of estimates over 400 samples is what one sample says it is."""
    samples = RANDOM.normal(10, 3, size=(400, 500))
    found = [tg.log({"x": sample})["x"].moments for sample in samples]
    for name in ("mean", "stddev", "skewness", "kurtosis"):
        spread = np.std([getattr(moments, name) for moments in found], ddof=1)
        said = np.median([getattr(moments.standard_errors, name) for moments in found])
        assert said == pytest.approx(spread, rel=0.15), name


def test_integers_beyond_the_doubles():
    found = tg.log({"x": [2**62, 2**62 + 2, 2**62 + 4]})["x"]
    assert found.mean == pytest.approx(2**62)
    assert (found.min, found.max) == (2**62, 2**62 + 4)
