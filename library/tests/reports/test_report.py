"""`report` and `Report`: what it takes, and the forms other than HTML."""

from __future__ import annotations

import json
import re

import pytest

import tidegauge as tg
from tidegauge.display.cells import width
from tidegauge.errors import ArgumentError, MissingFileError
from tidegauge.reports.prose.markdown import plain


def test_every_kind_has_every_form(every):
    for name, value in every.items():
        report = tg.report(value)
        document = json.loads(report.json())
        assert list(document)[:2] == ["report", "title"]
        assert document["report"] == name
        assert document["title"] == report.title
        assert report.markdown().startswith("# ")
        assert report.markdown().endswith("\n")
        assert report.text()
        assert repr(report) == report.text()


def test_json_holds_what_the_value_says_of_itself(profile, changes, checked):
    for value in (profile, changes, checked):
        document = json.loads(tg.report(value).json())
        assert json.loads(json.dumps(value.to_dict())).items() <= document.items()


def test_json_of_windows_holds_what_is_drawn(days, series):
    document = json.loads(tg.report(days).json())
    delay = document["columns"]["delay"]
    assert len(document["starts"]) == len(delay["null_rate"]) == len(delay["quantiles"]["0.5"]) == 40
    assert document["starts"][1] == "2026-01-02T00:00:00+00:00"
    assert document["records_without_time"] == 1
    ranked = json.loads(tg.report(series).json())["ranking"]
    assert ranked[0]["start"] == "2026-01-31T00:00:00+00:00"
    assert "delay" in ranked[0]["drifted"]


def test_html_goes_to_a_file_too(profile, tmp_path):
    path = tmp_path / "trips.html"
    html = tg.report(profile).html(path)
    assert path.read_text(encoding="utf-8") == html
    with pytest.raises(MissingFileError):
        tg.report(profile).html(tmp_path / "no" / "trips.html")


@pytest.mark.parametrize("value", [None, 3, {"a": [1]}, [1]])
def test_other_values_have_no_report(value):
    with pytest.raises(ArgumentError, match="there is no report of"):
        tg.report(value)


@pytest.mark.parametrize("title", [3, b"x", "x" * 401])
def test_a_title_is_a_short_text(profile, title):
    with pytest.raises(ArgumentError, match="a title is a text"):
        tg.report(profile, title=title)


def test_the_title_is_the_datasets_name_unless_given(profile):
    assert tg.report(profile).title == "trips"
    assert tg.report(tg.log({"a": [1]})).title == "unnamed dataset"
    assert tg.report(profile, title="").title == ""


def tables(markdown):
    for block in markdown.split("\n\n"):
        if block.startswith("|"):
            yield [re.split(r"(?<!\\)\|", line)[1:-1] for line in block.strip().splitlines()]


def test_markdown_tables_are_even_whatever_the_names(every, mischief):
    values = [*every.values(), mischief, tg.compare(mischief, mischief)]
    for value in values:
        found = list(tables(tg.report(value).markdown()))
        assert found
        for rows in found:
            assert len({len(row) for row in rows}) == 1
            assert all(set(cell.strip()) <= {"-", ":"} for cell in rows[1])


def test_markdown_is_never_markup_of_the_data(mischief):
    text = tg.report(mischief).markdown()
    assert "<script>" not in text.replace("\\<script\\>", "")
    assert "\x1b" not in text
    assert plain("see http://evil.example/ *now*") == "see http\\://evil.example/ \\*now\\*"


def test_text_keeps_to_the_width_of_the_terminal(every):
    for name in ("profile", "profile set", "comparison", "drift series"):
        for cells in (40, 80, 140):
            lines = tg.report(every[name]).text(cells=cells).splitlines()
            assert max(map(width, lines)) <= cells, (name, cells)


def test_text_has_colour_only_when_asked(every):
    for value in every.values():
        assert "\x1b[" not in tg.report(value).text()
    assert "\x1b[" in tg.report(every["comparison"]).text(colour=True)


def test_text_of_a_comparison_says_the_verdict_and_why(changes):
    text = tg.report(changes).text(cells=120)
    assert text.splitlines()[0] == "trips"
    assert text.splitlines()[1].startswith("◆ ")
    for name in changes.drifted:
        assert name in text
    assert "added: tip" in text
    assert "removed: tax" in text


def test_text_of_a_series_begins_with_the_strangest(series):
    lines = tg.report(series).text(cells=100).splitlines()
    assert lines[3].startswith("◆ 2026-01-31")
