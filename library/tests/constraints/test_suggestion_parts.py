"""The parts of suggesting: quantiles, limits, the calendar, choice."""

import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from scipy import stats

import tidegauge as tg
from tidegauge.constraints.suggestion import calendar, limits
from tidegauge.constraints.suggestion.apart import find_apart
from tidegauge.constraints.suggestion.candidates import follow, make_candidate
from tidegauge.constraints.suggestion.faults import Fault
from tidegauge.constraints.suggestion.readings import Key, read_window
from tidegauge.constraints.suggestion.student import student_quantile
from tidegauge.constraints.suggestion.tracks import Track


def track_of(values, errors=None, key=None, spread=0.0):
    errors = errors or [0.0] * len(values)
    return Track(key or Key("x", "mean"), tuple(values), tuple(errors), {}, logarithmic=False, spread=spread)


@pytest.mark.parametrize("freedom", [1, 2, 3, 3.7, 5, 13, 29, 218, 10_000])
@pytest.mark.parametrize("tail", [0.2, 0.025, 1e-3, 1e-5, 1e-7])
def test_quantiles_of_student_are_those_of_scipy(freedom, tail):
    assert student_quantile(tail, freedom) == pytest.approx(stats.t.isf(tail, freedom), rel=1e-4)


def test_limits_of_normal_windows_hold_what_they_promise():
    rng = random.Random(1)
    tail, outside, count = 0.005, 0, 4000
    for _ in range(count):
        values = [rng.gauss(0, 1) for _ in range(20)]
        found = limits.observe(track_of(values), [0] * 20).limits(tail=tail)
        outside += found.outside(rng.gauss(0, 1))
    assert outside / count <= 2 * tail


def test_limits_are_not_needlessly_wide():
    rng = random.Random(2)
    values = [rng.gauss(0, 1) for _ in range(200)]
    found = limits.observe(track_of(values), [0] * 200).limits(tail=1e-3)
    assert 3.0 < found.high < 5.5
    assert -5.5 < found.low < -3.0


def test_smaller_tails_and_heavier_windows_go_farther():
    rng = random.Random(3)
    normal = track_of([rng.gauss(0, 1) for _ in range(100)])
    near = limits.observe(normal, [0] * 100).limits(tail=0.01)
    far = limits.observe(normal, [0] * 100).limits(tail=0.0001)
    assert far.high > near.high
    heavy = track_of([*normal.values[:-2], 8.0, 9.0])
    assert limits.observe(heavy, [0] * 100).limits(tail=0.01).high > 1.25 * 9.0 - 1.0


def test_a_level_that_wanders_is_given_room():
    steady = [math.sin(index * 2.4) for index in range(60)]
    stepped = [value + (3.0 if index >= 30 else 0.0) for index, value in enumerate(steady)]
    assert limits.find_wandering(steady) < 0.3
    assert limits.find_wandering(stepped) == pytest.approx(3.0, abs=0.3)


def test_a_small_window_among_large_ones_has_a_larger_error():
    values = [0.1 * (-1) ** index for index in range(30)]
    even = limits.observe(track_of(values, [0.1] * 30), [0] * 30).limits(tail=0.001)
    uneven = limits.observe(track_of(values, [0.1] * 29 + [0.5]), [0] * 30).limits(tail=0.001)
    assert uneven.high > even.high + 0.5


def test_seasons_give_limits_that_hold_in_all_of_them():
    seasons = [index % 7 for index in range(70)]
    rng = random.Random(4)
    values = [(10.0 if season == 6 else 0.0) + rng.gauss(0, 0.1) for season in seasons]
    track = track_of(values)
    assert calendar.is_seasonal(track, seasons)
    found = limits.observe(track, seasons).limits(tail=0.001)
    assert -1.5 < found.low < 0.0
    assert 10.0 < found.high < 11.5
    plain = track_of([rng.gauss(0, 1) for _ in range(70)])
    assert not calendar.is_seasonal(plain, seasons)


def test_bounds_leave_what_does_not_matter():
    track = track_of([5.0] * 30, spread=2.0)
    found = make_candidate(follow(track, [0] * 30), tail=0.001)
    assert (found.low, found.high) == (4.0, 6.0)
    assert found.tight == 0


@pytest.mark.parametrize(
    ("values", "expected"),
    [(range(20), True), (range(20, 0, -1), True), ([1, 2, 3], False), ([4] * 30, False)],
)
def test_what_rises_is_recognised(values, expected):
    assert calendar.is_rising([float(value) for value in values]) is expected


def test_chance_does_not_rise():
    rng = random.Random(5)
    assert not any(calendar.is_rising([rng.random() for _ in range(12)]) for _ in range(300))


def days(count, values):
    start = datetime(2024, 1, 25, tzinfo=UTC)
    rows = [
        {"at": start + timedelta(days=day), "x": value}
        for day in range(count)
        for value in values(start + timedelta(days=day), day)
    ]
    return list(tg.log(rows, timestamp="at", window="1d"))


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("month", lambda at: at.month),
        ("day of the month", lambda at: at.day),
        ("day of the week, counted from 0", lambda at: at.weekday()),
        ("day of the year", lambda at: at.timetuple().tm_yday),
        ("year", lambda at: at.year),
    ],
)
def test_parts_of_dates_are_recognised(part, value):
    profiles = days(20, lambda at, _: [value(at)] * 3)
    means = [float(p["x"].mean) for p in profiles]
    assert calendar.find_date_part(means, profiles, name=part if part == "year" else "x").name == part
    assert (calendar.find_date_part(means, profiles) is None) == (part == "year")


def test_other_columns_are_no_parts_of_dates():
    profiles = days(20, lambda _, day: [day * 3 + 100] * 3)
    assert calendar.find_date_part([float(p["x"].mean) for p in profiles], profiles) is None


def test_a_constant_is_not_taken_for_what_every_window_begins_with():
    profiles = days(20, lambda *_: [0] * 3)
    assert calendar.find_date_part([0.0] * 20, profiles) is None
    weeks = list(
        tg.log([{"at": f"2024-0{month}-15", "x": 0} for month in (1, 2, 3)], timestamp="at", window="1w")
    )
    assert calendar.find_date_part([0.0] * 3, weeks) is None


def test_running_numbers_are_recognised():
    counting = days(5, lambda _, day: range(day * 30, day * 30 + 30))
    higher = days(5, lambda _, day: [day * 50 + k * 10 for k in range(3)])
    mixed = days(5, lambda _, day: [(day * 7919 + k * 104729) % 1000 for k in range(30)])
    assert calendar.is_running_number([profile["x"] for profile in counting])
    assert calendar.is_running_number([profile["x"] for profile in higher])
    assert not calendar.is_running_number([profile["x"] for profile in mixed])


def test_a_window_that_is_odd_everywhere_stands_apart():
    rng = random.Random(6)
    tracks = []
    for name in "abcde":
        values = [rng.gauss(0, 1) for _ in range(120)]
        values[40] = 30.0
        tracks.append(track_of(values, key=Key(name, "mean")))
    tracks[0] = track_of([*tracks[0].values[:-1], 50.0], key=Key("a", "mean"))

    def season(track):
        return [0] * len(track.values)

    assert find_apart(tracks, season, most=1) == (40,)
    assert find_apart(tracks, season, most=3) == (40,)
    assert find_apart(tracks, season, most=0) == ()


def test_readings_know_what_faults_make_of_them():
    profile = tg.log({"x": [1.0, 2.0, 3.0, 4.0, None], "s": ["abcd", "ab", "abcd", "ab", "ab"]})
    readings = read_window(profile, {"s": ("ab",)})
    mean = readings[Key("x", "mean")]
    assert mean.value == 2.5
    assert mean.faulted[Fault("unit", "x")] == 250.0
    assert mean.faulted[Fault("shift up", "x")] == pytest.approx(2.5 + stats.tstd([1, 2, 3, 4]))
    assert readings[Key("x", "null rate")].faulted[Fault("nulls", "x")] == pytest.approx(0.2 + 0.25 * 0.8)
    assert readings[Key("s", "share", "ab")].value == 0.6
    assert readings[Key("x", "distinct rate")].faulted[Fault("duplicates", None)] == 0.5
    assert readings[Key("s", "length mean")].faulted[Fault("truncation", "s")] == pytest.approx(1.65)
    assert readings[Key(None, "records")].faulted[Fault("duplicates", None)] == 10.0
