"""Numbers written for people."""

import math

import pytest

from tidegauge.display import numbers


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (2013.0, "2013"),
        (10000.0, "10,000"),
        (-43.0, "-43"),
        (12.639070, "12.64"),
        (0.5, "0.5"),
        (9.99996, "10"),
        (99999.6, "100,000"),
        (0.001234, "0.001234"),
        (1e-300, "1e-300"),
        (1.7976931348623157e308, "1.798e308"),
        (9223372036854775807.0, "9.223e18"),
        (math.inf, "∞"),
        (-math.inf, "-∞"),
        (math.nan, "–"),
    ],
)
def test_number(value, expected):
    assert numbers.number(value) == expected


@pytest.mark.parametrize("cells", range(3, 14))
@pytest.mark.parametrize(
    "value", [0.0, 1.5, -1.5, 123456.789, -123456.789, 1e-7, -3.3333e-5, 9.2e18, -9.2e18, 0.999999, 1e300]
)
def test_a_fitted_number_fits_and_is_near(value, cells):
    shown = numbers.fitted(value, cells)
    assert len(shown) <= cells
    if shown != "…":
        for unit, size in (("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12)):
            shown = shown.replace(unit, f"e{math.log10(size):.0f}")
        assert float(shown.replace(",", "")) == pytest.approx(value, rel=0.5)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 5, "0%"),
        (5, 5, "100%"),
        (1, 10**9, "<0.1%"),
        (10**9 - 1, 10**9, ">99.9%"),
        (1, 3, "33.3%"),
        (0, 0, "–"),
    ],
)
def test_share_is_0_and_100_percent_only_when_exact(part, whole, expected):
    assert numbers.share(part, whole) == expected


def test_estimates_are_marked_and_exact_counts_are_not():
    assert numbers.estimate(4043, 4043, 4043, exact=True) == "4,043"
    assert numbers.estimate(4043.2, 3912, 4178, exact=False) == "≈4,040 ±3%"
    assert numbers.estimate(123456789, 1.2e8, 1.27e8, exact=False) == "≈123M ±3%"
    assert numbers.estimate(100.0, 100.0, 100.01, exact=False) == "≈100"
    assert numbers.estimate(5000.0, 4990.0, 5010.0, exact=False) == "≈5,000 ±0.2%"


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (0.0, "timestamp", "1970-01-01"),
        (-1.0, "timestamp", "1969-12-31 23:59"),
        (-25567.0, "date", "1900-01-01"),
        (-719162.0, "date", "0001-01-01"),
        (1e18, "timestamp", "1e18"),
        (3_600e6, "time", "01:00"),
        (3_661e6, "time", "01:01:01"),
        (5_400e6, "duration", "1.5h"),
        (-5_400e6, "duration", "-1.5h"),
        (math.nan, "timestamp", "–"),
    ],
)
def test_times(value, kind, expected):
    assert numbers.moment(value, kind) == expected
