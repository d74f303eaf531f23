"""The segments of a set in reports: which come first, and that every form of report lists them."""

from __future__ import annotations

import json
import random

import tidegauge as tg
from tidegauge.reports.reading.segments import read_segments


def rides(*, window: str | None = None) -> tg.ProfileSet:
    """Rides of five cities: the fares of one are higher, another gives none half of the time."""
    random.seed(1)
    rows = []
    for number in range(4_000):
        city = ["Oslo", "Rome", "Bern", "Lima", None][number % 5]
        fare: float | None = random.gauss(30 if city == "Rome" else 10, 3)
        if city == "Lima" and number % 2:
            fare = None
        rows.append({"city": city, "fare": fare, "day": f"2013-02-0{1 + number % 4}"})
    if window is None:
        return tg.log(rows, "rides", segments=["city"])
    return tg.log(rows, "rides", segments=["city"], timestamp="day", window=window)


def test_what_differs_most_comes_first():
    for profiles in (rides(), rides(window="1d")):
        (partition,) = read_segments(profiles)
        assert (partition.columns, partition.count) == (("city",), 5)
        first, second, *others = partition.segments
        assert first.values == (("city", "Rome"),)
        assert first.unlike is not None
        assert first.unlike.column == "fare"
        assert first.unlike.how.startswith("median 30")
        assert second.values == (("city", "Lima"),)
        assert second.nulls == ("fare", 0.5)
        assert second.unlike is not None
        assert second.unlike.how == "nulls 50.0% against 10.0%"
        assert len(others) == 3


def test_segments_of_one_kind_are_not_told_apart():
    random.seed(2)
    data = {"key": [number % 20 for number in range(20_000)], "x": [random.random() for _ in range(20_000)]}
    (partition,) = read_segments(tg.log(data, segments=["key"]))
    # At 1 % there may be one or two.
    assert sum(segment.unlike is not None for segment in partition.segments) <= 2


def test_a_set_of_one_segment_is_no_set_of_segments():
    assert read_segments(rides().select({"city": "Oslo"})) == ()
    page = tg.report(rides(window="1d").select({"city": "Oslo"})).html()
    assert "Segments by" not in page
    assert "city = Oslo" in page


def test_every_form_lists_them():
    for profiles in (rides(), rides(window="1d")):
        document = tg.report(profiles)
        page = document.html()
        assert page.count("<h2>Segments by city") == 1
        assert page.index("Rome</th>") < page.index("Oslo</th>")
        assert "null</th>" in page
        assert "## Segments by city" in document.markdown()
        plain = json.loads(document.json())
        assert plain["segments"]["city"][0]["differs_most"]["column"] == "fare"
        assert "5 segments by city" in document.text(cells=100)


def test_the_page_of_compared_windows_has_them_too():
    random.seed(3)
    rows = [
        {"city": city, "fare": random.gauss(30 if city == "Rome" else 10, 3), "day": f"2013-02-{day:02}"}
        for day in range(1, 13)
        for city in ("Oslo", "Rome") * 50
    ]
    profiles = tg.log(rows, "rides", segments=["city"], timestamp="day", window="1d")
    series = tg.compare_windows(profiles, least_history=8)
    assert series.profiles == profiles
    assert len(series) == 4
    assert [report.current.segment for report in series] == [{}] * 4
    document = tg.report(series)
    page = document.html()
    assert page.index("Strangest windows") < page.index("<h2>Segments by city")
    listed = json.loads(document.json())["segments"]["city"]
    assert {one["values"]["city"]: one["records"] for one in listed} == {"Oslo": 600, "Rome": 600}
    assert "Segments by" not in tg.compare_windows(profiles.totals(), least_history=8).html()


def test_without_windows_the_columns_of_all_records_are_drawn():
    page = tg.report(rides(), title="Rides").html()
    assert "Rides" in page
    assert 'id="columns"' in page


def test_on_narrow_screens_rows_are_stacked_and_say_what_is_what():
    page = tg.report(rides()).html()
    assert '<table aria-label="segments by city" class="stack segments">' in page
    narrow = page.partition("@media screen and (max-width:760px)")[2].partition("@media")[0]
    for said in ("records ", "share ", "most nulls: ", "differs most in "):
        assert f'content:"{said}"' in narrow


def test_hostile_values_are_escaped():
    data = {"<b>key</b>": ["<script>", "x|y"], "n": [1, 2]}
    document = tg.report(tg.log(data, segments=["<b>key</b>"]))
    assert "<script>" not in document.html().split("</style>")[1]
    assert "<b>key" not in document.html()
    assert "x\\|y" in document.markdown()


def test_partitions_without_a_total_are_drawn():
    data = {"a": ["x", "y"], "b": [1, 2], "n": [1, 2]}
    profiles = tg.log(data, segments=[["a"], ["b"]], total=False)
    assert "2 segments by a · 2 segments by b · 2 records" in repr(profiles)
    assert "Segments by b" in tg.report(profiles).html()
    assert "2 segments by a" in profiles._repr_html_()
