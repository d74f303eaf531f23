"""The page of the reference says of every measure what the measure says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidegauge.drift import measures

PAGE = Path(__file__).resolve().parents[4] / "docs/reference/drift-measures.md"


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    """The name of each section, and its text with every line break as a blank."""
    parts = PAGE.read_text(encoding="utf-8").split("\n### `")[1:]
    return {part.partition("`")[0]: " ".join(part.partition("\n## ")[0].split()) for part in parts}


def test_there_is_a_section_for_every_measure_in_order(sections):
    assert list(sections) == [measure.name for measure in measures.all()]


@pytest.mark.parametrize("measure", measures.all(), ids=lambda measure: measure.name)
def test_a_section_says_what_the_measure_is(measure, sections):
    text = sections[measure.name]
    assert f"**{measure.title}:** {measure.formula} :::" in text
    assert f"::: {type(measure).__module__}.{type(measure).__name__} " in text
    assert f"Unit: {measure.unit}. Source: {measure.source}." in text


@pytest.mark.parametrize("measure", measures.all(), ids=lambda measure: measure.name)
def test_the_table_says_what_the_measure_is(measure):
    low, high = (f"{bound:g}".replace("inf", "∞") for bound in measure.bounds)
    cells = (
        f"[`{measure.name}`](#{measure.name})",
        "ordered" if measure.kind == "ordered" else "counted",
        f"{low} … {high}",
        "yes" if measure.symmetric else "no",
        measure.unit,
    )
    assert f"| {' | '.join(cells)} |" in PAGE.read_text(encoding="utf-8")
