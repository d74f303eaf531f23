"""Pictures: what is drawn is where it should be, whatever the values."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegauge.reports.charts import (
    axis,
    calendar,
    canvas,
    gap,
    histogram,
    interval,
    over_time,
    pairs,
    rail,
    ticks,
)

DAY = 86_400_000_000
number = st.floats(allow_nan=False, allow_infinity=False)
share = st.none() | st.floats(0, 1)


def points_of(commands: str) -> list[tuple[float, float]]:
    """Follow ``M x y l dx dy …`` and return the absolute points."""
    numbers = [float(each) for each in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", commands)]
    steps = list(zip(numbers[::2], numbers[1::2], strict=True))
    points = [steps[0]]
    for x, y in steps[1:]:
        points.append((points[-1][0] + x, points[-1][1] + y))
    return points


@given(st.lists(st.tuples(st.floats(-999, 999), st.floats(-999, 999)), min_size=1, max_size=60))
def test_lines_go_through_their_points(points):
    drawn = points_of(canvas.polyline(points))
    assert len(drawn) == len(points)
    for (x, y), (to_x, to_y) in zip(drawn, points, strict=True):
        assert math.isclose(x, to_x, abs_tol=0.011)
        assert math.isclose(y, to_y, abs_tol=0.011)


@given(st.floats(-1e6, 1e6))
def test_coordinates_keep_two_decimals(value):
    assert math.isclose(float(canvas.short(value)), value, abs_tol=0.0051)


@given(number, number, st.sampled_from(["number", "duration"]), st.integers(2, 9))
def test_marks_lie_on_the_axis_in_order(one, other, kind, most):
    low, high = sorted((one, other))
    found = ticks.ticks(low, high, kind, most=most)
    span = high - low
    for before, after in pairwise(found):
        assert before.value < after.value
    for mark in found:
        assert low - 1e-6 * span <= mark.value <= high + 1e-6 * span
    assert len(found) <= 2 * most + 1


@given(st.integers(-60_000_000_000, 250_000_000_000), st.integers(2, 10**11), st.integers(2, 13))
def test_times_have_round_marks(start, seconds, most):
    low, high = start * 1e6, (start + seconds) * 1e6
    for before, after in pairwise(ticks.ticks(low, high, "timestamp", most=most)):
        assert low <= before.value < after.value <= high


def test_marks_of_times_are_starts_of_months_days_and_hours():
    year = [mark.label for mark in ticks.ticks(15706 * DAY, 16071 * DAY, "timestamp", most=13)]
    assert year == [
        "2013",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
        "2014",
    ]
    week = [mark.label for mark in ticks.ticks(15706 * DAY, 15713 * DAY, "timestamp", most=8)]
    assert week == ["1 Jan", "2 Jan", "3 Jan", "4 Jan", "5 Jan", "6 Jan", "7 Jan", "8 Jan"]
    hours = [mark.label for mark in ticks.ticks(0, DAY, "timestamp", most=5)]
    assert hours == ["1 Jan", "06:00", "12:00", "18:00", "2 Jan"]
    assert [mark.label for mark in ticks.ticks(0, DAY, "time", most=3)] == ["00:00", "12:00", "00:00"]


def test_nothing_is_told_without_decimals_among_tiny_numbers():
    assert [mark.label for mark in ticks.ticks(-2e-7, 2e-7, "number", most=3)] == ["-2e-7", "0", "2e-7"]


def test_marks_have_as_many_decimals_as_they_need():
    assert [mark.label for mark in ticks.ticks(0.0, 0.02, "number", most=3)] == ["0.00", "0.01", "0.02"]
    assert [mark.label for mark in ticks.ticks(-2e6, 2e6, "number", most=4)] == [
        "−2M",
        "−1M",
        "0",
        "1M",
        "2M",
    ]


def test_words_under_a_picture_fit():
    for count in (12, 20, 46):
        marks = axis.fitting(0.0, 123_456.0, "number", room=count)
        assert sum(len(mark.label) + 3 for mark in marks) <= count


@given(st.lists(st.floats(0, 1e308), max_size=60))
def test_bars_of_any_heights(heights):
    drawn = histogram.bars(heights, "heights")
    assert drawn.count("M") == sum(1 for height in heights if height > 0) + 1
    assert "nan" not in drawn
    assert "inf" not in drawn


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=60))
def test_two_distributions_have_one_scale(shares):
    now, was = [one for one, _ in shares], [other for _, other in shares]
    drawn = histogram.overlay(now, was, "two")
    tops = [float(each) for each in re.findall(r"V(-?[\d.]+)", drawn)]
    assert min(tops, default=0.0) >= 0
    assert max(tops, default=100.0) <= 100


@given(st.lists(st.none() | st.lists(number, min_size=5, max_size=5).map(sorted), max_size=40))
def test_fans_of_any_values(steps):
    known = [step for step in steps if step is not None]
    low = min((step[0] for step in known), default=0.0)
    high = max((step[-1] for step in known), default=0.0)
    drawn = over_time.fan([None if step is None else tuple(step) for step in steps], low, high, "fan")
    assert "nan" not in drawn
    runs = len(list(over_time.runs(steps)))
    middle = re.search(r'class="mid" d="([^"]*)"', drawn)
    assert (middle[1].count("M") if middle else 0) == runs


def test_a_fan_goes_through_its_quantiles():
    quantiles = [
        (0.0, 25.0, 50.0, 75.0, 100.0),
        (10.0, 20.0, 60.0, 61.0, 90.0),
        (10.0, 20.0, 70.0, 61.0, 80.0),
    ]
    drawn = over_time.fan(quantiles, 0.0, 100.0, "fan")
    middle = re.search(r'class="mid" d="([^"]*)"', drawn)[1]
    assert middle == "M.5 80l2-32"
    outer = re.search(r'class="outer" d="([^"]*)"', drawn)[1]
    there, back = outer.removesuffix("z").split("V144l")
    assert points_of(there) == [(0.5, 0), (2.5, 32)]
    assert points_of(f"M2.5 144l{back}") == [(2.5, 144), (1.5, 144), (0.5, 160)]


@given(st.lists(st.integers(0, 160), min_size=2, max_size=60))
def test_lines_over_time_reach_every_height(heights):
    drawn = over_time.line([160.0 - height for height in heights], 0.0, 160.0, "line")
    points = points_of(re.search(r'class="soft-line" d="([^"]*)"', drawn)[1])
    for (x, y), (to_x, to_y) in pairwise(points):
        for place in range(int(x), int(to_x) + 1):
            assert math.isclose(heights[place], y + (to_y - y) * (place + 0.5 - x) / (to_x - x))
    assert (points[0][0], points[-1][0]) == (0.5, len(heights) - 0.5)


def test_wide_cells_end_where_their_steps_do():
    drawn = over_time.cells([[1.0, None, 1.0, 0.5]], 1.0, 9, "cells", ends=(3, 4, 6, 7), style="heat")
    assert 'viewBox="0 0 7 1"' in drawn
    assert 'class="s8" d="M0 .5h3m1 0h2"' in drawn
    assert 'd="M6 .5h1"' in drawn


@given(st.lists(st.lists(share, min_size=7, max_size=7), min_size=1, max_size=6))
def test_cells_cover_just_what_there_is(rows):
    drawn = over_time.cells(rows, 1.0, 9, "cells", style="heat")
    covered = {}
    for style, commands in re.findall(r'class="s(\d)" d="([^"]*)"', drawn):
        x, y = 0, 0.0
        for move, across, down, length in re.findall(r"([Mm])(-?\d+) (\d*(?:\.5)?)h(\d+)", commands):
            x, y = (int(across), float(down)) if move == "M" else (x + int(across), y + float(down))
            for step in range(x, x + int(length)):
                place = (step, int(y - 0.5))
                assert place not in covered
                covered[place] = int(style)
            x += int(length)
    for number_, row in enumerate(reversed(rows)):
        for step, each in enumerate(row):
            assert covered.get((step, number_), -1) == over_time.level(each, 1.0, 9)


@given(st.floats(0, 1), st.floats(0, 1))
def test_levels_grow_with_the_share(one, other):
    small, great = sorted((one, other))
    assert over_time.level(small, 1.0, 9) <= over_time.level(great, 1.0, 9) <= 8


def test_bars_that_are_not_zero_can_be_seen():
    drawn = over_time.bars([0.0, 1e-9, 0.5, 1.0], 1.0, "bars", style="low", fill="bar")
    assert 'd="M0 100V100h1V99h1V50h1V0h1V100z"' in drawn


def test_a_missing_step_breaks_lines_and_bars():
    values = [1.0, 2.0, None, 3.0]
    assert over_time.line(values, 1.0, 3.0, "line").count("M") == 2
    assert over_time.bars(values, 3.0, "bars", style="low", fill="bar").count("M") == 3
    assert over_time.area(values, 3.0, "area").count("M") == 3


@given(st.lists(number, min_size=7, max_size=7).map(sorted), number, number)
def test_rails_stay_in_the_picture(quantiles, one, other):
    low, high = sorted((one, other))
    drawn = rail.rail(quantiles, low, high)
    for x in re.findall(r"M(-?[\d.]+)", drawn):
        assert 0 <= float(x) <= 1000


@given(number, number, number, st.booleans())
def test_effects_of_any_size(value, low, high, alarm):
    drawn = interval.effect(value, low, high, "effect", alarm=alarm)
    assert "nan" not in drawn
    for x in re.findall(r"[MH](-?[\d.]+)", drawn):
        assert 0 <= float(x) <= 1000


def test_an_effect_beyond_the_picture_ends_in_an_arrow():
    assert "l14 5-14 5" in interval.effect(50.0, 40.0, 60.0, "far", alarm=True)
    assert "l14 5-14 5" not in interval.effect(5.0, 4.0, 6.0, "near", alarm=True)
    assert "alarm-dot" in interval.effect(2.0, math.nan, math.nan, "no interval", alarm=True)


@given(st.none() | number, number, number, st.none() | number, st.none() | number)
def test_bounds_of_any_values(value, one, other, least, most):
    ends = (min(one, other), max(one, other)) if value is None else (value, value)
    drawn = interval.bounds(value, ends, (least, most), "bounds", bad=True)
    assert bool(drawn) == (least is not None or most is not None) or not drawn
    assert "nan" not in drawn
    assert "inf" not in drawn


def test_a_value_stands_right_of_a_bound_that_it_exceeds():
    drawn = interval.bounds(0.5, (0.5, 0.5), (None, 0.1), "too much", bad=True)
    bound = re.search(r'class="bound" d="M([\d.]+)', drawn)
    value = re.search(r'class="alarm-dot" d="M([\d.]+)', drawn)
    assert float(bound[1]) < float(value[1])


def test_the_widest_gap_is_marked():
    drawn = gap.gap([0.0, 5.0, 10.0], [0.0, -0.3, 0.1], 1, (0.0, 10.0), "gap")
    assert re.search(r'class="alarm-dot" d="M500 93h0"', drawn)


def test_pairs_share_one_scale():
    drawn = pairs.pair(0.4, 0.1, 0.4, "pair")
    assert 'class="dot" d="M970 9h0"' in drawn
    assert 'class="was-dot" d="M242.5 9h0"' in drawn


def test_days_stand_in_their_week_and_weekday():
    monday = 4 * DAY
    drawn, weeks = calendar.days([calendar.Cell(monday, 0), calendar.Cell(monday + 13 * DAY, -1)], "days")
    assert weeks == 2
    assert 'class="e0 cell-day" d="M.08 .08' in drawn
    assert 'class="usual" d="M1.35 6.35' in drawn


def test_labels_are_escaped():
    assert 'aria-label="a &lt;b&gt; &quot;c&quot;␛"' in canvas.picture(
        "", 'a <b> "c"\x1b', width=1, height=1, style="x"
    )


@pytest.mark.parametrize("values", [[], [None], [None, None]])
def test_nothing_is_no_line(values):
    assert "<path" not in over_time.line(values, 0.0, 1.0, "nothing")
