"""Tables and cards for the terminal."""

import io
import re

import pytest

import tidegauge as tg
from tidegauge.display.cells import width
from tidegauge.display.colour import Paint, wants_colour
from tidegauge.display.column_card import column_card
from tidegauge.display.columns_table import columns_table, rebinned
from tidegauge.display.facts import Bins, Column, Heading
from tidegauge.display.phrases import heading_parts
from tidegauge.display.reading import segment_rows
from tidegauge.display.terminal import profile_lines
from tidegauge.display.windows_table import series_table, windows_table
from tidegauge.metrics.conditions import Condition

PLAIN = Paint(on=False)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_table_of_80_cells(sample):
    assert columns_table(sample.COLUMNS, 80, PLAIN) == [
        "column            type        nulls    distinct   min  median   max",
        "year              integer        0%           1  2013    2013  2013     ▇",
        "dep_delay         fractional   2.5%    ≈527 ±3%   -43     ≈-2  1301     ▅▇▁▁▁▁▁▁",
        "carrier           string         0%          16  UA 17.4%, B6 16.2%     ▇▇▆▆▄▃",
        "tailnum           string       0.7%  ≈4,040 ±3%  N725MQ ≈0.1%           ▇▆",
        "time_hour         timestamp      0%  ≈6,940 ±3%  2013-01-01…2014-01-01  ▇▇",
        "''                null         100%           –  all null",
        "<script>␛[2J料…   string        50%           –  ␛[31m<b>& 100%         ▇",
    ]


def test_table_of_140_cells_says_more(sample):
    lines = columns_table(sample.COLUMNS, 140, PLAIN)
    assert lines[0].split() == ["column", "type", "nulls", "distinct", "min", "median", "max", "mean", "sd"]
    assert "12.64  40.21" in lines[2]
    assert "EV 16.1%, DL 14.3%, AA 9.7%, MQ 7.8%" in lines[3]
    assert "2013-01-01 10:00 … 2014-01-01 03:59" in lines[5]


@pytest.mark.parametrize("cells", [20, 30, 40, 59, 60, 71, 72, 80, 100, 110, 140, 300])
def test_no_line_is_longer_than_the_terminal(sample, cells):
    lines = profile_lines(sample.HEADING, sample.COLUMNS, cells=cells).splitlines()
    lines += series_table(sample.WINDOWS, sample.SERIES, cells, PLAIN)
    lines += windows_table(sample.WINDOWS, sample.SERIES, cells, PLAIN, 4)
    for column in sample.COLUMNS:
        lines += column_card(column, cells, PLAIN)
    assert [line for line in lines if width(line) > cells] == []


def test_nothing_of_the_data_controls_the_terminal(sample):
    for column in sample.COLUMNS:
        assert not CONTROL.search("\n".join(column_card(column, 80, PLAIN)))
    assert not CONTROL.search(profile_lines(sample.HEADING, sample.COLUMNS, cells=80))


def test_header_says_whose_when_and_how_much(sample):
    first = profile_lines(sample.HEADING, sample.COLUMNS, cells=140).splitlines()[0]
    assert first == (
        "flights · 2013-01-01 → 2014-01-01 · 336,776 records · 19 columns · profiled 2026-11-22 05:16 UTC"
    )
    assert heading_parts(Heading(None, 1, 1, segment=(("city", None), ("paid", "true")))) == [
        "city=null",
        "paid=true",
        "1 record",
        "1 column",
    ]


def test_what_is_left_out_is_counted(sample):
    assert "… 12 more columns" in profile_lines(sample.HEADING, sample.COLUMNS, cells=80)


def test_a_profile_without_columns_has_its_header_only():
    assert profile_lines(Heading(None, 0, 0), [], cells=80) == "unnamed dataset · 0 records · 0 columns"


def test_remarks_tell_what_has_no_place_in_the_table(sample):
    mixed = Column("code", "mixed", 10, 0, counts={"empty_strings": 2}, types={"string": 7, "integer": 3})
    text = profile_lines(Heading("d", 10, 2), [mixed, sample.DELAY], cells=80)
    assert "code: 2 empty; types: string 70%, integer 30%" in text
    assert "dep_delay: 3 NaN" in text


def test_card_of_a_number_column(sample):
    card = column_card(sample.DELAY, 80, PLAIN)
    assert card[0] == "dep_delay · fractional (double) · role target"
    assert "nulls      8,255 (2.5%)" in card
    assert "distinct   ≈527 ±3%" in card
    assert "  mean 12.6391   sd 40.2101   skewness 4.8" in card
    assert "  min   1%  5%  25%  50%  75%  95%  99%   max" in card
    assert "  -43  -12  -9   -5   -2   11   88  191  1301" in card
    assert "  quantiles are estimates: rank ±0.26% at 99%" in card
    assert "  not drawn: <0.1% below, 3.3% above" in card


def test_card_of_a_text_column(sample):
    card = column_card(sample.CARRIER, 60, PLAIN)
    assert card[card.index("top values") + 1] == "  UA  58,665  17.4%  " + "█" * 39
    estimated = column_card(sample.TAILNUM, 80, PLAIN)
    assert any(line.startswith("  N725MQ  310 to 575  ≈0.1%") for line in estimated)


def test_series_show_the_bad_day(sample):
    lines = series_table(sample.WINDOWS, sample.SERIES, 80, PLAIN)
    assert "least 700 (1970-01-03), most 930 (1970-01-02)" in lines[1]
    assert "52% 01-03" in lines[4]
    assert "median 900…1402" in lines[4]


def test_windows_are_listed_from_both_ends(sample):
    lines = windows_table(sample.WINDOWS, sample.SERIES, 80, PLAIN, 4)
    assert [line[:10] for line in lines[1:]] == [
        "1970-01-01",
        "1970-01-02",
        "… 1 more w",
        "1970-01-04",
        "1970-01-05",
    ]


def test_rebinning_loses_nothing():
    bins = Bins(tuple(range(32)), tuple(float(n) for n in range(31)))
    for cells in (1, 7, 8, 30, 31, 99):
        assert sum(rebinned(bins, cells)) == pytest.approx(sum(bins.counts))
        assert len(rebinned(bins, cells)) == min(cells, 31)


def test_colour_is_for_terminals_only(sample, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_colour(Terminal())
    assert not wants_colour(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(Terminal())
    assert "\x1b[" in profile_lines(sample.HEADING, sample.COLUMNS, cells=80, colour=True)


def test_colour_changes_no_width(sample):
    coloured = profile_lines(sample.HEADING, sample.COLUMNS, cells=80, colour=True)
    plain = profile_lines(sample.HEADING, sample.COLUMNS, cells=80)
    stripped = re.sub(r"\x1b\[[0-9]*m", "", coloured)
    assert [line.rstrip() for line in stripped.splitlines()] == plain.splitlines()


@pytest.mark.parametrize("cells", [20, 40, 80, 200])
def test_conditions_are_a_line_each(sample, cells):
    conditions = [
        Condition("positive", "dep_delay > 0", 120_000, 208_521, 8_255),
        Condition("a very long name " * 5, "x \x1b > 1", 0, 0, 3, "no column"),
        Condition("done", "true", 5, 0, 0),
    ]
    lines = profile_lines(sample.HEADING, sample.COLUMNS, conditions, cells=cells).splitlines()
    assert all(width(line) <= cells for line in lines)
    drawn = lines[-3:]
    assert drawn[0].startswith("positive")
    assert "\x1b" not in drawn[1]
    if cells == 80:
        assert re.fullmatch(r"positive +36\.5% +208,521 failed +8,255 unknown +dep_delay > 0", drawn[0]), (
            drawn[0]
        )
        assert re.fullmatch(r"done +100%.* true", drawn[2]), drawn[2]


def test_conditions_that_are_left_out_are_counted(sample):
    conditions = [Condition(f"c{number}", "x", 1, 0, 0) for number in range(25)]
    text = profile_lines(sample.HEADING, sample.COLUMNS, conditions, cells=80)
    assert text.endswith("… 5 more conditions")


def test_segments_that_look_alike_keep_their_own_nulls():
    data = {
        "city": ["(other)"] * 4 + [None] * 3 + ["null"] * 2 + ["Rome"],
        "fare": [1, 2, 3, 4, None, 1, 2, None, None, None],
    }
    rows = segment_rows(tg.log(data, segments=["city"], max_segments=3), 10)["city"]
    assert [(row.label, row.nulls and row.nulls[1]) for row in rows] == [
        ("'(other)'", None), ("null", pytest.approx(1 / 3)), ("'null'", 1.0), ("(other)", 1.0),
    ]  # fmt: skip
