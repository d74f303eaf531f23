"""Histories: what is normal is learnt from past windows."""

import datetime as dt
import random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

import tidegauge as tg
from tidegauge.drift.history import seasons_of
from tidegauge.errors import ArgumentError
from tidegauge.reports.charts import calendar

START = dt.date(2024, 1, 1)


def days(count, make, seed=1, per_day=200):
    """Profiles of days; `make` turns the day's number and a generator into a record."""
    generator = random.Random(seed)
    rows = [
        {"day": (START + dt.timedelta(days=day)).isoformat(), **make(day, generator)}
        for day in range(count)
        for _ in range(per_day)
    ]
    return tg.log(rows, timestamp="day", window="1d")


def wandering(day, generator):
    """The mean differs from day to day by more than chance."""
    return {"x": generator.gauss(random.Random(day).gauss(0, 0.4), 1)}


PLACES = ["UTC", "Europe/Oslo", "America/New_York", "America/Adak", "Pacific/Auckland", "Pacific/Chatham"]


@pytest.mark.parametrize("place", PLACES)
def test_weekdays_are_those_of_the_place_also_when_clocks_change(place):
    zone = ZoneInfo(place)
    first = dt.datetime(2026, 1, 1, 12, tzinfo=zone)
    noons = [first.replace(tzinfo=None) + dt.timedelta(days=day) for day in range(365)]
    moments = [noon.replace(tzinfo=zone).astimezone(dt.UTC) for noon in noons]
    windows = tg.log({"at": moments, "x": range(365)}, timestamp="at", window="1d", timezone=place).windows
    seasons = seasons_of(windows, "auto")
    assert len(windows) == 365
    assert [seasons[day] for day in range(365)] == [day % 7 for day in range(365)]
    assert [calendar.day_of(_microseconds(window.start)) for window in windows] == list(
        range((first.date() - dt.date(1970, 1, 1)).days, (first.date() - dt.date(1970, 1, 1)).days + 365)
    )


def _microseconds(moment):
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


def test_days_that_always_differ_are_no_drift():
    windows = days(40, wandering)
    alone = [tg.compare(windows[day], windows[:day].merge(), thresholds=0.05) for day in range(20, 40)]
    assert sum(report.verdict == "drift" for report in alone) > 10
    learnt = [tg.compare(windows[day], windows[:day], thresholds=0.05) for day in range(20, 40)]
    assert sum(report.verdict == "drift" for report in learnt) <= 3
    history = learnt[-1]
    assert history.history is not None
    assert history["x"].main.background.windows == 39


def test_a_day_unlike_all_others_is_drift():
    windows = days(30, wandering)
    strange = tg.log({"x": [random.Random(5).gauss(4, 1) for _ in range(200)]})
    report = tg.compare(strange, windows)
    assert report.drifted == ("x",)
    assert "usually" in report["x"].why


def test_a_strange_day_in_the_history_does_not_hide_the_next():
    windows = days(30, lambda day, g: {"x": g.gauss(5 if day == 12 else 0, 1)})
    strange = tg.log({"x": [random.Random(5).gauss(4, 1) for _ in range(200)]})
    assert tg.compare(strange, windows).drifted == ("x",)


def test_seasons_are_matched():
    """Weekends are unlike weekdays: a weekday that looks like a weekend is strange, a weekend is not."""
    weekly = days(
        57, lambda day, g: {"x": g.gauss(4 if (START + dt.timedelta(days=day)).weekday() >= 5 else 0, 1)}
    )
    sunday, monday = weekly[55], weekly[56]
    assert (sunday.window.start.weekday(), monday.window.start.weekday()) == (6, 0)
    report = tg.compare(sunday, weekly[:55])
    assert report["x"].verdict != "drift"
    assert report["x"].main.background.seasonal
    odd = tg.log(
        [{"day": "2024-02-26", "x": random.Random(i).gauss(4, 1)} for i in range(200)],
        timestamp="day",
        window="1d",
    )[0]
    assert tg.compare(odd, weekly[:56]).drifted == ("x",)
    assert not tg.compare(odd, weekly[:56], season="none").drifted


def test_seasons_by_a_function():
    weekly = days(29, lambda day, g: {"x": g.gauss(6 * (day % 2), 1)})
    by_parity = tg.compare(weekly[28], weekly[:28], season=lambda window: window.start.toordinal() % 2)
    assert by_parity["x"].main.background.seasonal


def test_categories_and_nulls_have_histories_too():
    def record(day, generator):
        lost = 0.6 if day == 30 else 0.05
        return {
            "c": generator.choice("aab" if day != 30 else "abb"),
            "n": None if generator.random() < lost else 1.0,
        }

    windows = days(31, record)
    report = tg.compare(windows[30], windows[:30])
    assert set(report.drifted) == {"c", "n"}
    assert report["n"].main.aspect == "nulls"
    quiet = tg.compare(windows[29], windows[:29])
    assert not quiet.drifted


def test_columns_that_go_on_are_no_drift():
    windows = days(70, lambda day, g: {"month": 1 + day // 25, "serial": day * 1000 + g.randrange(1000)})
    series = tg.compare_windows(windows)
    assert {name for report in series[15:] for name in report.drifted} == set()


def test_a_series_judges_each_window_by_those_before():
    windows = days(40, lambda day, g: {"x": g.gauss(3 if day == 33 else 0, 1)})
    series = tg.compare_windows(windows)
    assert len(series) == 26
    assert [report.current.window.start.day for report in series.drifted] == [3]
    first = series.ranking()[0]
    assert first.current == windows[33]
    assert len(first.history) == 33
    alone = tg.compare(windows[33], windows[:33])
    # The points at which windows are held against each other differ a little.
    assert alone["x"].effect.value == pytest.approx(first["x"].effect.value, abs=0.02)
    assert max(alone["x"].main.p_value, first["x"].main.p_value) < 1e-6
    assert isinstance(series[2:5], tg.DriftSeries)
    assert repr(series)


def test_a_series_takes_what_compare_takes():
    windows = days(
        40, lambda day, g: {"x": g.gauss(3 if day == 33 else 0, 1), "y": g.gauss(2 if day % 7 else 0, 1)}
    )
    assert tg.compare_windows(windows, columns=["x"]).drifted
    assert not tg.compare_windows(windows, columns=["x"], thresholds={"x": 0.99}).drifted
    assert not tg.compare_windows(windows, columns=["x"], false_discovery_rate=1e-30).drifted
    assert {tuple(report) for report in tg.compare_windows(windows, columns=["y"])} == {("y",)}

    def p_values(season):
        return [report["y"].main.p_value for report in tg.compare_windows(windows, season=season)]

    assert p_values("weekday") == p_values(lambda window: window.start.weekday()) != p_values("none")


def test_false_alarms_of_a_history_of_chance_alone():
    """Windows of one distribution, and windows that wander: p-values below 5 % in about 5 % of the cases."""
    for make in (lambda day, g: {"x": g.gauss(0, 1)}, wandering):
        series = tg.compare_windows(days(214, make, seed=7, per_day=60))
        below = sum(report["x"].main.p_value <= 0.05 for report in series)
        assert below <= 22, below  # 200 windows: 10 expected


def test_windows_of_few_records_are_judged_by_their_size():
    windows = days(30, lambda day, g: {"x": g.gauss(0, 1)})
    generator = random.Random(8)
    alarms = 0
    for _ in range(40):
        few = tg.log({"x": [generator.gauss(0, 1) for _ in range(12)]})
        column = tg.compare(few, windows)["x"]
        assert column.main.detectable > 0.3
        alarms += column.verdict == "drift"
    assert alarms <= 6  # 2 expected


def test_bad_histories():
    windows = days(30, wandering, per_day=3)
    with pytest.raises(ArgumentError, match=r"needs 8 windows .* this has 5"):
        tg.compare(windows[5], windows[:5])
    with pytest.raises(ArgumentError, match="season="):
        tg.compare(windows[20], windows[:20], season="month")
    with pytest.raises(ArgumentError, match="too few"):
        tg.compare_windows(windows[:10])
    with pytest.raises(ArgumentError, match="least_history"):
        tg.compare_windows(windows, least_history=3)
    with pytest.raises(ArgumentError, match="ProfileSet"):
        tg.compare_windows(windows[0])


def test_a_column_missing_from_some_windows():
    def record(day, generator):
        return {"x": generator.gauss(0, 1)} | ({"late": generator.gauss(0, 1)} if day >= 10 else {})

    windows = days(30, record)
    report = tg.compare(windows[29], windows[:29])
    assert report["late"].main.background.windows == 19
    gone = tg.compare(tg.log({"x": [0.1] * 50}), windows)
    assert gone.schema.removed == ("late",) or "late" in gone.schema.removed


def test_records_without_a_time_are_not_part_of_a_history():
    windows = days(20, wandering)
    undated = tg.log({"x": [1000.0] * 5000})
    report = tg.compare(windows[19], tg.ProfileSet([*windows[:19], undated]))
    assert report.reference.records == 19 * 200
    assert len(report.history) == 19
    assert report["x"].verdict != "drift"


def test_other_measures_are_not_for_histories():
    windows = days(20, wandering, per_day=5)
    with pytest.raises(ArgumentError, match=r"measures= .* reference\.merge\(\)"):
        tg.compare(windows[19], windows[:19], measures="psi", thresholds=0.1)
    with pytest.raises(ArgumentError, match="season="):
        tg.compare(windows[19], tg.ProfileSet([tg.log({"x": [1.0]})] * 9), season="month")


def test_where_nothing_would_stand_out_that_is_said():
    """Windows that hold one value each lie as far apart as windows can."""
    windows = days(30, lambda day, g: {"x": float(random.Random(day).randrange(10_000))})
    column = tg.compare(windows[29], windows[:29])["x"]
    assert column.verdict == "not enough data"
    assert "nothing would stand out" in column.why


def test_a_season_must_be_a_key():
    days = tg.log([{"d": f"2024-01-{day:02}", "x": day} for day in range(1, 11)], timestamp="d", window="1d")
    with pytest.raises(ArgumentError, match=r"season= gives something that is no key .*'list'"):
        tg.compare(days[-1], tg.ProfileSet(days[:-1]), season=lambda window: [window])


def test_a_history_may_be_as_long_as_a_number_of_numpys_says():
    days = tg.log([{"d": f"2024-01-{day:02}", "x": 1} for day in range(1, 11)], timestamp="d", window="1d")
    assert len(tg.compare_windows(days, least_history=np.int64(8))) == 2
