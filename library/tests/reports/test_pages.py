"""HTML reports: whole, well-formed, passive, accessible, escaped, small; one file that loads nothing."""

from __future__ import annotations

import datetime as dt
import json
import random
import re

import numpy as np
import pytest

import tidegauge as tg
from tidegauge.constraints import NullRate, Suite
from tidegauge.reports.pages.sheet import style_sheet

KINDS = (
    "profile",
    "profile set",
    "comparison",
    "column comparison",
    "drift series",
    "comparison of segments",
    "constraints",
    "suggestion",
)


@pytest.fixture(params=KINDS)
def value(request, every):
    return every[request.param]


def check(page):
    """What holds for every page and every fragment."""
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "img", "object", "base", "form"}
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", each) for each in ids)
    for tag, attributes in page.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "srcdoc", "action")
        ]
        if "href" in attributes:
            assert attributes["href"].startswith("#"), tag
    for picture in page.all("svg"):
        assert picture.get("role") == "img"
        assert len(picture.get("aria-label") or "") > 3
    assert all("nan" not in (path["d"] or "") for path in page.all("path"))
    assert all(title.get("scope") in ("col", "row") for title in page.all("th"))
    assert all(table.get("aria-label") for table in page.all("table"))


def test_a_report_is_one_passive_page(value, parse):
    html = tg.report(value).html()
    assert html.startswith("<!doctype html>")
    page = parse(html)
    check(page)
    targets = {attributes["href"][1:] for attributes in page.all("a") if "href" in attributes}
    assert targets <= {attributes.get("id") for _, attributes in page.tags}
    assert [tag for tag, _ in page.tags].count("title") == 1
    assert not re.search(r"https?:|//|@import|url\(|src=", re.sub(r"&#x27;|&quot;", "", html))


def test_a_notebook_shows_a_scoped_fragment(value, parse):
    html = tg.report(value)._repr_html_()
    assert html.startswith('<div class="tgr cell"><style>')
    page = parse(html)
    check(page)
    targets = {attributes["href"][1:] for attributes in page.all("a")} - {None}
    names = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    assert all(re.fullmatch(r"t[0-9a-f]{8}-.+", name) for name in names)
    assert {name for name in targets if not name.endswith("-top")} <= names


def test_values_show_themselves_by_the_same_fragment(every):
    for name in KINDS[2:]:
        assert every[name]._repr_html_() == tg.report(every[name])._repr_html_()


def test_the_page_says_what_it_is_of(value):
    report = tg.report(value, title="Friday <& co>")
    html = report.html()
    assert "<title>Friday &lt;&amp; co&gt;</title>" in html
    assert report.title == "Friday <& co>"


def test_text_of_the_data_is_shown_and_never_run(mischief, hostile, parse):
    other = tg.log({name: [1, 2, 2] for name in mischief.columns}, hostile)
    text = tg.log({name: ["a", "b"] * 300 for name in mischief.columns}, hostile)
    more = tg.log({name: ["b", "c"] * 300 for name in mischief.columns}, hostile)
    suite = Suite([NullRate(hostile, at_most=0.1, name=hostile, reason=hostile)], name=hostile)
    values = [
        mischief,
        tg.compare(mischief, other),
        tg.compare(text, more),
        tg.compare(text, more)[hostile],
        suite.check(mischief),
    ]
    for each in values:
        for html in (tg.report(each).html(), tg.report(each, title=hostile[:100])._repr_html_()):
            page = parse(html)
            check(page)
            assert not set(html) & {"\x1b", "\u202e"}
            assert "alert(1)</b>" not in html
            assert len(html) < 200_000
            assert any("alert(1)" in part for part in page.text)


def test_hostile_names_over_time(hostile, parse):
    data = {"t": [f"2026-01-{day:02}" for day in range(1, 9)], hostile: ["a", hostile] * 4, "": [1, 2] * 4}
    html = tg.report(tg.log(data, hostile, timestamp="t", window="1d")).html()
    check(parse(html))
    assert not set(html) & {"\x1b", "\u202e"}


def test_a_notebook_shows_no_more_than_a_few_cards():
    fragment = tg.report(tg.compare(wide(30, 1, 0.0), wide(30, 2, 1.0)))._repr_html_()
    assert fragment.count("<article") == 6


def wide(columns: int, seed: int, shift: float) -> tg.Profile:
    random_ = random.Random(seed)
    data: dict[str, list] = {}
    for number in range(columns):
        if number % 3:
            data[f"column_{number}"] = [random_.gauss(shift, 1) for _ in range(3000)]
        else:
            data[f"column_{number}"] = [
                f"value {random_.randrange(20 + int(9 * shift))}" for _ in range(3000)
            ]
    return tg.log(data, "wide")


def test_fifty_columns_take_less_than_a_megabyte():
    one, other = wide(50, 1, 0.0), wide(50, 2, 1.0)
    changes = tg.compare(one, other)
    assert len(changes.drifted) == 50
    assert len(tg.report(one).html().encode()) < 500_000
    assert len(tg.report(changes).html().encode()) < 1_000_000


def test_a_year_of_days_of_fifty_columns_takes_less_than_a_megabyte():
    generator = np.random.default_rng(5)
    count = 366 * 60
    start = dt.datetime(2026, 1, 1)
    data: dict[str, object] = {"t": [start + dt.timedelta(minutes=24 * number) for number in range(count)]}
    for number in range(45):
        data[f"n{number}"] = generator.normal(size=count)
    for number in range(5):
        data[f"c{number}"] = [str(each) for each in generator.integers(0, 10, count)]
    days = tg.log(data, "year", timestamp="t", window="1d")
    assert len(days) == 366
    assert len(tg.report(days).html().encode()) < 1_000_000


def test_a_page_of_very_many_columns_says_what_it_leaves_out(parse):
    one = tg.log({f"c{number}": [number, 2, 3] for number in range(1100)})
    assert "… and 600 columns more" in tg.report(one).html()
    html = tg.report(tg.compare(one, one)).html()
    assert "… and 100 columns more" in html
    check(parse(html))
    days = tg.log(
        {"t": ["2026-01-01", "2026-01-02"], **{f"c{number}": [1, 2] for number in range(200)}},
        timestamp="t",
        window="1d",
    )
    assert "… and 51 columns more" in tg.report(days).html()
    assert tg.report(days).json().count('"null_rate"') == 201


def test_nothing_depends_on_the_time_of_drawing(profile):
    assert tg.report(profile).html() == tg.report(profile).html()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"a": []},
        {"a": [None, None]},
        {"a": [1]},
        {"a": [float("inf"), float("nan")]},
        {"a": [1e308, -1e308, 5.0]},
        {"a": [5e-324, 0.0]},
        {"a": [2**63 - 1, -(2**63)]},
        {"a": [[1, 2], [], None]},
        {"a": [1, "x", True, None]},
    ],
)
def test_any_column_can_be_drawn(data, parse):
    profile = tg.log(data, "odd")
    check(parse(tg.report(profile).html()))
    if data:
        check(parse(tg.report(tg.compare(profile, profile)).html()))


def test_every_rule_is_scoped():
    sheet = style_sheet().removeprefix("<style>").removesuffix("</style>")
    assert sheet.count("{") == sheet.count("}")
    assert "url(" not in sheet
    assert "@import" not in sheet
    plain = re.sub(r"@page\{.*$", "", sheet)
    plain = re.sub(r"@(?:media|container)[^{]*\{((?:[^{}]*\{[^{}]*\})*)\}", r"\1", plain)
    for rule in re.findall(r"([^{}]*)\{[^{}]*\}", plain):
        for selector in re.sub(r"\([^)]*\)", "", rule).split(","):
            assert ".tgr" in selector, selector
    for needed in (
        "prefers-color-scheme:dark",
        "@media print",
        "@media screen and (max-width:760px)",
        "screen and (min-width:1500px)",
    ):
        assert needed in sheet


def test_on_paper_headers_repeat_and_details_are_open():
    paper = style_sheet().partition("@media print{")[2]
    assert "table-header-group" in paper
    assert "details::details-content" in paper
    assert "--paper:#ffffff" in paper


def test_colours_come_from_the_palette_only(value):
    html = tg.report(value).html()
    body = html.partition("<body")[2]
    assert not re.search(r"#[0-9a-fA-F]{6}\b|rgb\(|hsl\(", body)


def test_windows_that_are_not_listed_are_told():
    first = dt.datetime(2024, 1, 1)
    generator = random.Random(1)
    rows = [
        {"at": first + dt.timedelta(hours=hour), "x": generator.gauss(0, 1)}
        for hour in range(130)
        for _ in range(8)
    ]
    series = tg.compare_windows(tg.log(rows, timestamp="at", window="1h"))
    page = tg.report(series).html()
    listed = page.partition("Strangest windows")[2].partition("not listed here")[0].count('<th scope="row"')
    judged = len(series.ranking())
    assert listed == 100 < judged
    assert f"… {judged - listed} windows, the least strange, not listed here" in page
    assert len(json.loads(tg.report(series).json())["ranking"]) == judged


def test_the_page_of_compared_segments(segments, parse):
    html = segments.html()
    page = parse(html)
    assert segments.verdict == "drift"
    headings = [html.index(f"<h2>{name}<") for name in ("Segments", "Shares of segments")]
    headings += [html.index(f"<h2>Segments that {word}<") for word in ("appeared", "vanished")]
    assert headings == sorted(headings)
    cards = page.all("article")
    assert len(cards) == sum(min(6, len(report.drifted)) for report in segments.drifted) > 0
    first = segments.ranking()[0].current.segment["city"] or "null"
    assert f'<a href="#s1">{first}</a>' in html
    assert f'<section id="s1"><h2>{first}<' in html
    assert "Turin</th>" in html
    assert "Bern</th>" in html


def test_a_page_of_segments_draws_a_few_in_full_and_says_how_many_it_leaves_out(parse):
    random_ = random.Random(1)
    sides = [
        tg.log(
            [
                {"key": key, **{f"c{number}": random_.gauss(moved, 1) for number in range(8)}}
                for key in range(15)
                for _ in range(60)
            ],
            segments=["key"],
        )
        for moved in (5, 0)
    ]
    drift = tg.compare_segments(*sides)
    assert len(drift.drifted) == 15
    html = drift.html()
    assert len(parse(html).all("article")) == 60
    assert html.count("… and 2 changed columns more") == 10
    assert "… and 5 changed segments more" in html
    cell = drift._repr_html_()
    assert len(parse(cell).all("article")) == 6
    assert "… and 14 changed segments more" in cell


def test_segments_of_hostile_names_do_no_harm(parse, hostile):
    sides = [
        tg.log(
            {hostile: [hostile, "", None, "x" * 9999] * 50, "x": [moved] * 200}, hostile, segments=[hostile]
        )
        for moved in (5, 0)
    ]
    drift = tg.compare_segments(*sides)
    for html in (drift.html(), drift._repr_html_()):
        page = parse(html)
        check(page)
        assert "\x1b" not in html
        assert "\u202e" not in html
    assert "<script>" not in drift.markdown()
    assert len(drift.drifted) == 4


def test_long_names_break_between_words_and_stay_whole_in_titles():
    name = "temperature_of_the_outer_air"
    html = tg.report(tg.log({name: [1, 2, 3], "x": [1, 2, 3]})).html()
    assert "<h3>temperature_<wbr>of_<wbr>the_<wbr>outer_<wbr>air</h3>" in html
    assert f'title="{name}"' in html


@pytest.mark.parametrize(("scale", "turned"), [(1.0, False), (1e6, True)])
def test_both_sides_stand_under_each_other_where_their_numbers_are_long(scale, turned, parse):
    random_ = random.Random(8)
    sides = [{"x": [scale * random_.gauss(mean, 0.5) for _ in range(900)]} for mean in (-1.2, -4.3)]
    page = parse(tg.report(tg.compare(*map(tg.log, sides))).html())
    tables = [each for each in page.all("table") if each["aria-label"] == "both sides"]
    assert [each["class"] for each in tables] == ["sides turned" if turned else "sides"]


def test_records_that_are_as_many_in_each_window_are_told_once():
    days = [{"t": f"2026-01-{day:02}", "x": day} for day in range(1, 9) for _ in range(3)]
    assert "records by window: 3 in each" in tg.report(tg.log(days, timestamp="t", window="1d")).html()
