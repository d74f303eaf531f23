"""HTML for the notebook: well-formed, escaped, small, without scripts."""

import re
from html.parser import HTMLParser

import pytest

import tidegauge as tg
from tidegauge.display import svg
from tidegauge.display.facts import Bins, Column, Distinct, Heading, Item, Numbers
from tidegauge.display.html import columns_html, profile_set_html
from tidegauge.display.html_column import column_card_html
from tidegauge.display.style import style_sheet
from tidegauge.metrics.conditions import Condition

HOSTILE = "</b><script>alert(1)</script>\"'&\x1b[2J\u202e"


class Balanced(HTMLParser):
    """Fails on tags that do not close in order, and on anything active."""

    VOID = frozenset({"br", "circle", "path"})

    def __init__(self):
        super().__init__()
        self.open = []
        self.seen = set()

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        assert not [name for name, _ in attributes if name.startswith("on") or name in ("href", "src")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag, attributes):
        self.seen.add(tag)


def parsed(html):
    parser = Balanced()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    assert not parser.seen & {"script", "link", "iframe", "img", "object"}
    return parser


def test_everything_is_balanced_and_passive(sample):
    parsed(columns_html(sample.HEADING, sample.COLUMNS))
    for column in sample.COLUMNS:
        parsed(column_card_html(column))


def test_windows_are_balanced_and_escaped():
    rows = [{"day": f"2024-01-{day:02}", HOSTILE: None if day == 3 else day} for day in range(1, 9)]
    html = profile_set_html(tg.log(rows, HOSTILE, timestamp="day", window="1d"))
    parsed(html)
    assert "records by window" in html
    assert html.count("alert(1)") >= 2
    assert "\x1b" not in html
    assert "\u202e" not in html


def test_text_of_the_data_is_escaped_everywhere():
    numbers = Numbers("number", 5, 1.0, 2.0, quantiles=(1.0,) * 7, bins=Bins((1.0, 2.0), (5.0,)))
    items = (Item(HOSTILE, 5, 5),)
    columns = [
        Column(HOSTILE, "string", 5, 0, role=HOSTILE, arrow_type=HOSTILE, items=items),
        Column(HOSTILE, "integer", 5, 0, values=numbers),
    ]
    heading = Heading(HOSTILE, 5, 1, segment=((HOSTILE, HOSTILE),))
    for html in (columns_html(heading, columns), *map(column_card_html, columns)):
        parsed(html)
        assert "<script>" not in html
        assert "\x1b" not in html
        assert "\u202e" not in html


def test_fifty_columns_are_small():
    bins = Bins(tuple(map(float, range(49))), tuple(float(n * n % 97) for n in range(48)))
    numbers = Numbers("number", 10**6, 0.1, 99.9, mean=12.3, deviation=4.5, quantiles=(1.5,) * 7, bins=bins)
    distinct = Distinct(1234.0, 1200.0, 1260.0, exact=False)
    columns = [
        Column(f"column_{n}", "fractional", 10**6, n, distinct=distinct, values=numbers) for n in range(50)
    ]
    html = columns_html(Heading("wide", 10**6, 50), columns)
    assert len(html.encode()) < 120_000


def test_ten_megabytes_of_text_do_not_get_into_the_page():
    column = Column("x" * 10**7, "string", 2, 0, items=(Item("y" * 10**7, 2, 2),))
    assert len(columns_html(Heading(None, 2, 1), [column])) < 20_000


def test_estimates_are_marked(sample):
    html = columns_html(sample.HEADING, sample.COLUMNS)
    assert "≈527 ±3%" in html
    assert "≈-2" in html
    assert ">16<" in html


def test_a_profile_without_columns(sample):
    html = columns_html(Heading(None, 0, 0), [])
    parsed(html)
    assert "<table" not in html
    assert "unnamed dataset" in html


def test_every_style_is_scoped_and_both_themes_are_there():
    sheet = style_sheet().removeprefix("<style>").removesuffix("</style>")
    assert sheet.count("{") == sheet.count("}")
    plain = re.sub(r"@media\(prefers-color-scheme:dark\)\{(.*?\})\}", r"\1", sheet)
    for rule in plain.split("}")[:-1]:
        for selector in rule.split("{")[0].split(","):
            assert ".tidegauge" in selector, selector
    assert "prefers-color-scheme:dark" in sheet
    assert "url(" not in sheet
    assert "@import" not in sheet


@pytest.mark.parametrize("counts", [[], [0.0], [1.0], [0.0, 5.0, 1e-9], [1e300, 1.0]])
def test_histograms_of_any_counts(counts):
    drawn = svg.histogram(counts, "a & b")
    parsed(drawn)
    assert "a &amp; b" in drawn
    assert "nan" not in drawn


@pytest.mark.parametrize("values", [[], [None], [1.0], [1.0, None, 2.0, 2.0], [0.0] * 1000, [3.0] * 3])
def test_lines_of_any_series(values):
    for style in ("line", "area"):
        drawn = svg.over_time(values, "series", style=style)
        parsed(drawn)
        assert "nan" not in drawn


def test_conditions_are_escaped_and_counted(sample):
    conditions = [
        Condition(HOSTILE, f"`{HOSTILE}` > 1", 1, 2, 3, HOSTILE),
        *(Condition(f"c{number}", "x", 1, 0, 0) for number in range(120)),
    ]
    html = columns_html(sample.HEADING, sample.COLUMNS, conditions)
    parsed(html)
    assert "\x1b" not in html
    assert "… 21 more conditions" in html
    assert "33.3%" in html
    assert "conditions" not in columns_html(sample.HEADING, sample.COLUMNS)


def test_a_set_with_segments_lists_them():
    cities = [HOSTILE, "Oslo", "Oslo", None]
    data = {"city": cities * 30, "fare": [1, None, 2, 3] * 30, "day": ["2013-02-07", "2013-02-08"] * 60}
    for options in ({}, {"timestamp": "day", "window": "1d"}):
        profiles = tg.log(data, "rides", segments=[["city"], ["city", "day"]], **options)
        html = profiles._repr_html_()
        parsed(html)
        assert "<script>" not in html
        assert html.index("segments by city</h4>") < html.index("segments by city, day</h4>")
        table = html.partition("segments by city</h4>")[2].partition("</table>")[0]
        assert table.index(">Oslo<") < table.index(">null<")
        assert '<td class="n">60</td><td class="n">50%</td><td>fare 50%</td>' in table
        assert ("over time" in html) is bool(options)
        one = profiles.select({"city": "Oslo"})
        assert "segments by" not in one._repr_html_()


def test_of_many_segments_the_largest_are_listed():
    profiles = tg.log({"key": [n for n in range(60) for _ in range(n + 1)]}, segments=["key"])
    html = profiles._repr_html_()
    assert "… 40 more segments" in html
    assert ">59<" in html
    assert ">39<" not in html
