"""Drawing of real profiles, through the real kernel."""

import random
import re
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal

import pytest

import tidegauge as tg
from tidegauge.display.cells import width
from tidegauge.display.histogram import even_edges
from tidegauge.display.html import column_html, profile_html, profile_set_html
from tidegauge.display.reading import read_column
from tidegauge.display.terminal import column_text, profile_set_text, profile_text, series_text

EVERY_TYPE = [
    {
        "flag": row % 3 == 0,
        "whole": row * 7 - 50,
        "huge": 2**63 + row,
        "fare": row / 4,
        "money": Decimal(row) / 100,
        "city": ["Oslo", "Rome", "東京"][row % 3],
        "bytes": bytes([row]),
        "day": date(2013, 1, 1) + timedelta(days=row),
        "moment": datetime(2013, 1, 1, tzinfo=UTC) + timedelta(hours=row),
        "clock": clock(row % 24, row % 60),
        "span": timedelta(minutes=row),
        "list": list(range(row % 5)),
        "nested": {"x": row, "y": {"z": str(row)}},
        "odd": object(),
        "mixed": row if row % 2 else str(row),
        "nothing": None,
        "": row,
        "料金🚕": row,
        "\x1b[2J<script>": "\x1b[31m</td>",
    }
    for row in range(100)
]


@pytest.fixture(scope="module")
def every_type():
    return tg.log(EVERY_TYPE, "everything")


@pytest.fixture(scope="module")
def flights():
    chance = random.Random(2013)
    rows = 5_000
    return tg.log(
        {
            "flight": list(range(rows)),
            "delay": [chance.gammavariate(1.5, 20) - 10 for _ in range(rows)],
            "carrier": [chance.choice(["UA", "B6", "EV", "UA"]) for _ in range(rows)],
            "day": [f"2013-02-{1 + row * 28 // rows:02d}" for row in range(rows)],
            "dep_time": [
                None if 1250 <= row < 1400 and row % 2 else float(row % 2400) for row in range(rows)
            ],
        },
        "flights",
        timestamp="day",
        window="1d",
    )


def test_every_type_is_drawn(every_type):
    text = profile_text(every_type, cells=120)
    assert all(width(line) <= 120 for line in text.splitlines())
    for column in every_type:
        card = column_text(column, cells=80)
        assert all(width(line) <= 80 for line in card.splitlines()), column.name
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", card)
        html = column_html(column)
        assert "<script" not in html
        assert "\x1b" not in html
    assert "<script" not in profile_html(every_type)


def test_repr_and_html_are_what_is_drawn(every_type):
    assert repr(every_type) == profile_text(every_type)
    assert repr(every_type["fare"]) == column_text(every_type["fare"])
    assert every_type._repr_html_() == profile_html(every_type)
    assert every_type["fare"]._repr_html_() == column_html(every_type["fare"])


def test_exact_text_of_a_small_profile():
    profile = tg.log({"fare": [5.0, 7.5, None, 40.25], "city": ["Oslo", "Rome", "Oslo", "Oslo"]}, "trips")
    lines = profile_text(profile, cells=80).splitlines()
    assert lines[0].startswith("trips · 4 records · 2 columns · profiled ")
    assert lines[1:] == [
        "",
        "column  type        nulls  distinct  min  median    max",
        "fare    fractional    25%         3    5     7.5  40.25  ▇  ▄",
        "city    string         0%         2  Oslo 75%, Rome 25%  ▇▂",
    ]


def test_values_of_each_kind_read_as_they_are(every_type):
    text = profile_text(every_type, cells=140)
    assert "2013-01-01 … 2013-04-10" in text
    assert "2013-01-01 … 2013-01-05 03:00" in text
    assert "00:00 … 23:" in text
    assert re.search(r"^span +duration .* 0 .* 1\.65h", text, re.MULTILINE)
    assert re.search(r"^nothing +null +100% .* all null", text, re.MULTILINE)


def test_exact_integers_keep_all_their_digits(every_type):
    assert str(2**63 + 99) in column_text(every_type["huge"], cells=80)


@pytest.mark.parametrize("data", [{}, [], {"a": []}, {"a": [None, None]}])
def test_profiles_of_nearly_nothing(data):
    profile = tg.log(data)
    assert "records" in profile_text(profile, cells=80)
    assert "tidegauge" in profile_html(profile)
    for column in profile:
        assert column.name in column_text(column, cells=80)
        assert "<div" in column_html(column)


@pytest.mark.parametrize(
    "values",
    [
        [float("nan")] * 3,
        [float("inf"), float("-inf"), 1.0],
        [1.7e308, -1.7e308, 0.0],
        [5e-324, 0.0],
        [1e16, 1e16 + 2],
        [-(2**63), 2**63 - 1],
        [0.1 + 0.2, 0.3],
        [True, False, True],
        [datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999)],
        [date(1, 1, 1), date(9999, 12, 31)],
        [clock(0, 0), clock(23, 59, 59, 999999)],
        [timedelta(microseconds=1), timedelta(days=100_000)],
        ["", " ", "\x00", "a" * 100_000],
        [b"", b"\xff\x00"],
        [[], [None], [1, 2]],
    ],
)
def test_extreme_values_are_drawn(values):
    profile = tg.log([{"x": value} for value in values])
    for column in profile:
        text = column_text(column, cells=80)
        assert all(width(line) <= 80 for line in text.splitlines())
        assert len(column_html(column)) < 30_000
    assert len(profile_html(profile)) < 30_000
    assert all(width(line) <= 80 for line in profile_text(profile, cells=80).splitlines())


def test_a_long_tail_is_counted_not_drawn():
    values = [float(n % 100) for n in range(10_000)] + [1e9]
    bins = read_column(tg.log({"x": values})["x"]).values.bins
    assert bins.last <= 100
    assert bins.above >= 1
    assert sum(bins.counts) + bins.below + bins.above == pytest.approx(10_001)
    assert "above" in column_text(tg.log({"x": values})["x"], cells=80)


def test_whole_numbers_have_a_bin_each():
    bins = read_column(tg.log({"month": [1, 2, 2, 12]})["month"]).values.bins
    assert (bins.first, bins.last) == (1, 12)
    assert bins.counts == (1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)


@pytest.mark.parametrize(("least", "greatest"), [(0, 99), (1, 31), (-50, 643), (0, 10**15), (7, 7)])
def test_bins_of_whole_numbers_are_all_full(least, greatest):
    edges, halved = even_edges(least, greatest, 48, whole=True)
    step = edges[1] - edges[0]
    assert halved
    assert len(edges) <= 49
    assert edges[0] < least < edges[1]
    assert edges[-2] < greatest < edges[-1]
    assert edges[-1] - 0.5 - greatest <= 0.1 * step


def test_of_ten_thousand_columns_some_are_drawn():
    profile = tg.log([{f"c{n}": n for n in range(10_000)}])
    text, html = profile_text(profile, cells=80), profile_html(profile)
    assert text.splitlines()[-1] == "… 9,960 more columns"
    assert "… 9,900 more columns" in html
    assert len(html) < 300_000


def test_a_set_shows_the_bad_days(flights):
    text = profile_set_text(flights, cells=100, max_windows=6)
    assert text.startswith("flights · 28 windows · 2013-02-01 → 2013-03-01 · 5,000 records · 5 columns")
    line = next(line for line in text.splitlines() if line.startswith("dep_time"))
    assert re.search(r"\d\d(\.\d)?% 02-0[89]", line)
    assert "… 22 more windows" in text
    assert all(width(line) <= 100 for line in text.splitlines())
    html = profile_set_html(flights)
    assert "28 windows" in html
    assert repr(flights) == profile_set_text(flights)
    assert flights._repr_html_() == html
    assert "dep_time" in series_text(flights, "dep_time", cells=80)


def test_columns_that_come_and_go_over_time():
    rows = [{"day": f"2013-02-{n:02d}", ("old" if n < 10 else "new"): n} for n in range(1, 20)]
    text = profile_set_text(tg.log(rows, timestamp="day", window="1d"), cells=100)
    assert "old" in text
    assert "new" in text
    assert "·" in text.splitlines()[-1]


@pytest.mark.parametrize(
    ("segments", "window", "total"),
    [
        (None, "1d", True),
        (["city"], None, True),
        (["city"], "1d", True),
        (["city"], None, False),
        (["city"], "1d", False),
    ],
)
def test_conditions_of_a_set_are_those_of_all_its_records(segments, window, total):
    rows = [{"day": f"2013-02-0{n % 3 + 1}", "city": "ab"[n % 2], "fare": n % 5} for n in range(30)]
    profiles = tg.log(
        rows,
        timestamp="day",
        window=window,
        segments=segments,
        total=total,
        conditions={"dear": tg.col("fare") > 2, "<b>": "fare is null"},
    )
    text, html = profile_set_text(profiles, cells=80), profile_set_html(profiles)
    assert re.search(r"^dear +40% +18 failed +fare > 2$", text, re.MULTILINE)
    assert re.search(r"dear.*40%.*&lt;b&gt;", html, re.DOTALL)
    assert "<b></th" not in html


def test_an_empty_set():
    empty = tg.ProfileSet([])
    assert profile_set_text(empty, cells=80) == "unnamed dataset · 0 windows · 0 records · 0 columns"
    assert "0 windows" in profile_set_html(empty)


def test_html_of_fifty_columns_is_small():
    chance = random.Random(1)
    data = {f"column_{n}": [chance.gauss(0, 1) for _ in range(500)] for n in range(50)}
    assert len(profile_html(tg.log(data)).encode()) < 200_000


def test_estimates_are_marked_when_a_column_is_large():
    column = tg.log({"x": [float(n) for n in range(200_000)]})["x"]
    text = column_text(column, cells=80)
    assert "≈" in next(line for line in text.splitlines() if line.startswith("distinct"))
    assert "quantiles are estimates" in text
