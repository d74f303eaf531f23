"""Correlations in reports: the map, its colours, what has changed."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

import tidegauge as tg
from tidegauge.reports.charts.heat_map import DEEP, EDGES, heat_map, step
from tidegauge.reports.pages import palette


def table(columns, rows=400, seed=0):
    random = np.random.default_rng(seed)
    common = random.normal(size=rows)
    return {f"c{n}": common * (n % 4 - 1) + random.normal(size=rows) for n in range(columns)}


@pytest.mark.parametrize("columns", [2, 10, 11, 20, 21, 64])
def test_a_map_has_a_square_for_every_pair(columns):
    names = [f"column_{n}" for n in range(columns)]
    random = np.random.default_rng(columns)
    matrix = np.corrcoef(random.normal(size=(columns, 30))).tolist()
    drawn = ElementTree.fromstring(heat_map(names, matrix))  # noqa: S314 - our own
    paths = [each.get("d") for each in drawn if each.tag == "path"]
    assert sum(path.count("M") for path in paths) == columns * (columns - 1) // 2
    texts = [each.text for each in drawn if each.tag == "text"]
    assert texts[:columns] == names
    assert len(texts) == columns + (columns * (columns - 1) // 2 if columns <= 20 else 0)


def test_colours_grow_deeper_with_strength():
    assert [step(edge) for edge in EDGES] == ["p1", "p2", "p3", "p4", "p5"]
    assert [step(-edge) for edge in EDGES] == ["m1", "m2", "m3", "m4", "m5"]
    assert (step(0.09), step(math.nan)) == ("zero", "none")


@pytest.mark.parametrize("dark", [False, True])
def test_numbers_can_be_read_on_every_colour(dark):
    names = palette.DARK if dark else palette.LIGHT
    sea, ember = (palette.SEA_DARK, palette.EMBER_DARK) if dark else (palette.SEA_LIGHT, palette.EMBER_LIGHT)
    for scale, places in ((sea, palette.POSITIVE), (ember, palette.NEGATIVE)):
        for deep, place in enumerate(places, 1):
            text = names["paper"] if deep >= DEEP else names["ink"]
            assert palette.contrast(text, scale[place]) >= 4.5, (deep, place)


def test_names_from_the_data_cannot_break_out():
    name = '<script>"x'
    page = tg.report(tg.log({name: [1, 2, 3, 5], "y": [3, 2, 1, 1]})).html()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_shows_the_map_and_the_closest_pairs():
    page = tg.report(tg.log(table(6), "made")).html()
    assert 'id="correlation"' in page
    assert re.search(r"c3 – c\d", page)
    assert "No two columns go together" not in page
    alone = tg.report(tg.log({"x": [1, 2, 3]})).html()
    assert 'id="correlation"' not in alone
    bare = tg.report(tg.log(table(3), schema=tg.Schema(correlation=False))).html()
    assert 'id="correlation"' not in bare


def test_what_goes_together_by_chance_is_said_not_to():
    random = np.random.default_rng(3)
    page = tg.report(tg.log({"x": random.normal(size=30), "y": random.normal(size=30)})).html()
    assert "No two columns go together for certain." in page


def test_markdown_json_and_text_have_it_too():
    profile = tg.log(table(4), "made")
    report = tg.report(profile)
    assert "## Correlation" in report.markdown()
    assert '"correlation"' in report.json()
    assert "c2 – c3" in report.text(cells=80)
    assert max(map(len, report.text(cells=40).splitlines())) <= 40


def test_changes_are_shown_in_the_report_of_a_comparison():
    now, then = table(4), table(4, seed=1)
    now["c3"] = np.random.default_rng(9).normal(size=400)
    report = tg.report(tg.compare(tg.log(now), tg.log(then)))
    assert 'id="correlations"' in report.html()
    assert "Of 6 pairs of columns the correlation changed in" in report.html()
    assert "## Changed correlations" in report.markdown()
    assert "correlations that changed" in report.text(cells=80)
