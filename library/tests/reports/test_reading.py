"""What reports show is what the profiles say: held against the raw data."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError
from tidegauge.reports.facts.history import FAN_RANKS
from tidegauge.reports.reading import steps
from tidegauge.reports.reading.changes import overlay_of, read_changes
from tidegauge.reports.reading.checks import read_checks
from tidegauge.reports.reading.heat import heat_of
from tidegauge.reports.reading.history import read_history
from tidegauge.reports.reading.profile import read_profile
from tidegauge.reports.reading.series import read_series
from tidegauge.reports.reading.shapes import TAIL_RANKS, kernel_numbers

START = dt.datetime(2026, 1, 1)


def column(facts, name):
    return next(each for each in facts.columns if each.name == name)


def test_an_overlay_counts_both_sides_in_the_same_bins():
    generator = np.random.default_rng(1)
    now, was = generator.normal(1, 1, 700), generator.normal(0, 1, 900)
    overlay = overlay_of(tg.log({"x": now})["x"], tg.log({"x": was})["x"])
    for shares, values in ((overlay.now, now), (overlay.was, was)):
        counts, _ = np.histogram(values, overlay.edges)
        assert np.allclose(shares, counts / len(values))


def test_the_gap_is_that_of_the_distribution_functions():
    generator = np.random.default_rng(2)
    now, was = generator.normal(0.5, 1, 400), generator.normal(0, 1, 500)
    overlay = overlay_of(tg.log({"x": now})["x"], tg.log({"x": was})["x"])
    for point, gap in zip(overlay.points, overlay.gaps, strict=True):
        assert gap == pytest.approx(np.mean(now <= point) - np.mean(was <= point))
    every = np.concatenate([now, was])
    true = max(abs(np.mean(now <= each) - np.mean(was <= each)) for each in every)
    assert abs(overlay.gaps[overlay.widest]) == pytest.approx(true, abs=0.03)


def test_whole_numbers_are_not_split():
    overlay = overlay_of(tg.log({"x": [1, 2, 2, 3]})["x"], tg.log({"x": [2, 3, 3, 3]})["x"])
    assert overlay.edges == (0.5, 1.5, 2.5, 3.5)
    assert overlay.now == (0.25, 0.5, 0.25)
    assert overlay.was == (0.0, 0.25, 0.75)


def test_texts_are_laid_over_by_length_unless_all_values_are_known():
    many = [f"{number}" * (number % 5 + 1) for number in range(3000)]
    assert overlay_of(tg.log({"x": many})["x"], tg.log({"x": many})["x"]).of_lengths
    assert overlay_of(tg.log({"x": ["a", "b"]})["x"], tg.log({"x": ["a"]})["x"]) is None


def test_numbers_and_times_have_no_common_axis():
    assert overlay_of(tg.log({"x": [1, 2]})["x"], tg.log({"x": [START, START]})["x"]) is None


def test_the_values_of_both_sides_are_listed(changes):
    facts = read_changes(changes)
    values = {one.text: one for one in column(facts, "city").values}
    assert set(values) == {"Oslo", "Rome", "Bern", "Reykjavík"}
    assert sum(one.now for one in values.values()) == pytest.approx(1)
    assert values["Reykjavík"].now > 0.3
    assert values["Reykjavík"].was < 0.15


def test_schema_changes_come_with_types(changes):
    facts = read_changes(changes)
    assert (facts.added, facts.removed) == ((("tip", "fractional"),), (("tax", "fractional"),))


def test_columns_that_drift_are_read_in_full_and_others_are_not(changes):
    for each in read_changes(changes).columns:
        assert (each.now is not None) == (each.verdict == "drift")


def test_a_fan_holds_the_quantiles_of_each_day(days):
    facts = read_history(days)
    fan = column(facts, "delay").fan
    day = days["2026-01-05"]
    assert fan[4] == tuple(day["delay"].quantile(FAN_RANKS))


def test_heat_adds_up_to_what_is_drawn(days):
    facts = read_history(days)
    heat = column(facts, "delay").heat
    for step in range(len(facts.steps)):
        shares = [row[step] for row in heat.rows]
        if facts.steps.records[step] is None:
            assert shares == [None] * len(shares)
        else:
            assert 0.9 < sum(shares) <= 1.0 + 1e-9


def test_cells_of_several_steps_hold_all_their_values_and_no_gap():
    generator = np.random.default_rng(4)
    values = [generator.normal(day, 1, 20 + 30 * day) for day in range(8)]
    drawn = [
        None if day == 4 else kernel_numbers(tg.log({"x": each})["x"]) for day, each in enumerate(values)
    ]
    tails = [tuple(number.quantile(TAIL_RANKS)) for number in drawn if number is not None]
    found = heat_of(drawn, tails, 3, whole=False)
    assert (found.ends, found.steps_each) == ((3, 4, 5, 6, 8), 3)
    assert [row[2] for row in found.rows] == [None] * len(found.rows)
    for cell, days in ((0, (0, 1, 2)), (1, (3,)), (3, (5,)), (4, (6, 7))):
        pooled = np.concatenate([values[day] for day in days])
        counts, _ = np.histogram(pooled, found.edges)
        assert [row[cell] for row in found.rows] == pytest.approx(list(counts / len(pooled)))


def test_pages_of_many_columns_say_how_many_windows_a_cell_has(parse):
    generator = np.random.default_rng(5)
    times = [START + dt.timedelta(hours=12 * half) for half in range(260)]
    data = {"t": times, **{f"x{number}": generator.normal(size=260) for number in range(60)}}
    days = tg.log(data, timestamp="t", window="1d")
    page = parse(tg.report(days).html())
    heats = [each for each in page.all("svg") if each["class"] == "heat cells"]
    assert len(heats) == 60
    assert all(each["viewbox"].startswith("0 0 130 ") for each in heats)
    assert all(" over time, 2 windows a cell: " in each["aria-label"] for each in heats)
    assert sum(text.endswith(" of values, 2 windows a cell") for text in page.text) == 60
    few = tg.ProfileSet([*days][:100])
    assert "a cell" not in tg.report(few).html()


def test_missing_days_are_gaps_and_records_without_time_are_told(days):
    found = read_history(days).steps
    assert len(found) == 40
    assert found.records[20] is None
    assert found.untimed == 1
    assert found.times[1] - found.times[0] == 86_400_000_000


def test_shares_of_values_by_day(days):
    top = column(read_history(days), "carrier").top
    assert set(top.names) == {"UA", "B6", "EV"}
    assert top.rows[top.names.index("EV")][30] == 0.0
    assert all(total == pytest.approx(1) for total in map(sum, zip(*[r[:20] for r in top.rows], strict=True)))


def test_texts_without_frequent_values_show_their_lengths(parse):
    words = [
        f"{'x' * (3 + number % 5 + 4 * (day > 1))}{day}-{number:03}"
        for day in range(4)
        for number in range(90)
    ]
    times = [START + dt.timedelta(days=day) for day in range(4) for _ in range(90)]
    same = [f"{number:08}" for number in range(len(words))]
    city = ["Oslo", "Rome"] * (len(words) // 2)
    days = tg.log({"t": times, "id": words, "same": same, "city": city}, timestamp="t", window="1d")
    facts = read_history(days)
    ids = column(facts, "id").lengths
    for day in range(4):
        lengths = sorted(map(len, words[90 * day : 90 * day + 90]))
        assert ids[day] == tuple(float(lengths[int(np.ceil(rank * 90)) - 1]) for rank in FAN_RANKS)
    assert column(facts, "same").lengths == ((8.0,) * 5,) * 4
    assert column(facts, "city").lengths == ()
    page = parse(tg.report(days).html())
    labels = [each["aria-label"] for each in page.all("svg")]
    assert "quantiles of lengths of id over time, 5 to 95 %: 8 to 16" in labels
    assert "lengths of same over time: nearly all 8" in labels
    assert page.text.count("lengths") == 1
    plain = json.loads(tg.report(days).json())["columns"]
    assert plain["id"]["length_quantiles"]["0.5"] == [step[2] for step in ids]
    assert "length_quantiles" not in plain["city"]


def test_what_never_changes_and_what_moves_on_is_not_drawn(days):
    facts = read_history(days)
    assert column(facts, "year").constant == "2026"
    assert column(facts, "at").advances
    assert [each.name for each in facts.columns if each.quiet] == ["at", "year"]


def test_very_many_windows_are_merged_by_neighbours():
    times = [START + dt.timedelta(hours=hour) for hour in range(1000)]
    hours = tg.log({"t": times, "x": range(1000)}, timestamp="t", window="1h")
    facts = read_history(hours)
    assert facts.steps.windows_each == 3
    assert len(facts.steps) == 334
    assert facts.steps.records[:2] == (3, 3)
    assert sum(count for count in facts.steps.records if count) == 1000
    assert column(facts, "x").fan[1] == (3.0, 3.0, 4.0, 5.0, 5.0)


def test_windows_of_several_lengths_stand_side_by_side():
    times = [START + dt.timedelta(days=31 * month) for month in range(6)]
    months = tg.log({"t": times}, timestamp="t", window="1mo")
    found, placed = steps.steps_of(months)
    assert len(found) == len(months) == len(placed)


def test_parts_of_one_window_are_merged():
    one = tg.log({"t": [START], "x": [1]}, "d", timestamp="t", window="1d")
    both = tg.ProfileSet([*one, *tg.log({"t": [START], "x": [3]}, "d", timestamp="t", window="1d")])
    assert read_history(both).steps.records == (2,)


def test_several_datasets_have_no_common_report():
    one = tg.log({"t": [START]}, "a", timestamp="t", window="1d")
    with pytest.raises(ArgumentError, match="and several datasets"):
        tg.report(tg.ProfileSet([*one, *tg.log({"t": [START]}, "b", timestamp="t", window="1d")])).html()


def test_the_ranking_finds_the_strange_day(series):
    facts = read_series(series)
    assert facts.judged
    first = facts.ranking[0]
    assert first.label == "2026-01-31"
    assert first.step == 30
    assert {name for name, _ in first.drifted} >= {"delay", "carrier"}
    assert first.score == pytest.approx(sum(times for _, times in first.drifted))
    assert facts.ranking[0].score >= facts.ranking[1].score


def test_a_profile_is_read_in_the_order_of_its_columns(profile):
    facts = read_profile(profile)
    assert tuple(each.name for each in facts.columns) == profile.columns
    assert facts.nulls == sum(each.nulls for each in profile)


def test_conditions_are_read_and_drawn_with_their_counts(parse):
    data = {"fare": [*range(-50, 150), None]}
    profile = tg.log(data, conditions={"<positive>": tg.col("fare") > 0, "odd": tg.col("fare") > "x"})
    positive, odd = read_profile(profile).conditions
    assert (positive.name, positive.expression) == ("<positive>", "fare > 0")
    assert (positive.passed, positive.failed, positive.unknown, positive.records) == (149, 51, 1, 201)
    assert (odd.unknown, bool(odd.reason)) == (201, True)
    page = parse(tg.report(profile).html())
    assert {"<positive>", "fare > 0", "74.1%", odd.reason} <= set(page.text)
    assert "| \\<positive\\> |" in tg.report(profile).markdown()


def test_conditions_are_followed_over_time(parse):
    rows = [{"day": f"2013-02-0{day}", "fare": n - day} for day in (1, 2, 4) for n in range(10)]
    conditions = {"<positive>": tg.col("fare") > 0, "there": "fare is not null"}
    days = tg.log(rows, timestamp="day", window="1d", conditions=conditions)
    other = tg.log(rows[:10], timestamp="day", window="1d", conditions={"there": "fare > -9"})
    days = tg.ProfileSet([*days, *other])
    positive, there, same = read_history(days).conditions
    assert positive.failing == (0.2, 0.3, None, 0.5)
    assert (positive.whole.passed, positive.whole.failed) == (20, 10)
    assert (there.key, same.key) == ("there [fare is not null]", "there [fare > -9]")
    assert same.failing == (0.0, None, None, None)
    page = parse(tg.report(days).html())
    assert {"<positive>", "66.7%", "≤ 50% failed"} <= set(page.text)
    assert "≤ 50% |" in tg.report(days).markdown()
    plain = json.loads(tg.report(days).json())["conditions"]
    assert list(plain) == ["<positive>", there.key, same.key]
    assert plain["<positive>"]["fail_rate"] == [0.2, 0.3, None, 0.5]


def test_results_come_with_what_is_drawn_of_them(checked):
    found = {one.subject: one for one in read_checks(checked).checks}
    rate = found["null rate of city"]
    assert (rate.limits, rate.outcome) == ((None, 0.1), "failed")
    assert rate.ends == (rate.value, rate.value)
    span = found["values of seats"]
    assert (span.value, span.ends, span.word) == (None, (1.0, 6.0), "warning")
    assert found["null rate of ctiy"].value is None
