"""Text measured in cells, and made harmless."""

import unicodedata

import pytest

from tidegauge.display.cells import clean, cut, name_of, pad, width


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fare", 4),
        ("", 0),
        ("料金", 4),
        ("e\u0301te\u0301", 3),
        ("🚕 fare", 7),
        ("👩\u200d🚀", 2),
        ("می\u200cخواهم", 7),
        ("❤\ufe0f", 2),
        ("\uff21", 2),
        ("한국", 4),
        ("Ω≈ç", 3),
    ],
)
def test_width_counts_cells(text, expected):
    assert width(text) == expected


@pytest.mark.parametrize("cells", range(12))
@pytest.mark.parametrize("text", ["passenger_count", "料金料金料金", "a料b金c", "🚕🚕🚕🚕🚕", "e\u0301" * 20])
def test_cut_text_fits_and_padded_text_fills(text, cells):
    shown = cut(text, cells)
    assert width(shown) <= cells
    assert width(pad(shown, cells)) == cells
    assert width(pad(shown, cells, "right")) == cells


def test_cut_leaves_text_that_fits():
    assert cut("fare", 4) == "fare"
    assert cut("料金", 4) == "料金"
    assert cut("料金", 3) == "料…"


def test_every_control_and_format_character_is_neutralised():
    for code in [
        *range(0x20),
        0x7F,
        *range(0x80, 0xA0),
        0x200B,
        0x202E,
        0x2066,
        0xFEFF,
        0x2028,
        0x2029,
        0xD800,
    ]:
        shown = clean(f"a{chr(code)}b")
        assert len(shown) == 3
        assert unicodedata.category(shown[1]) not in ("Cc", "Cf", "Cs", "Zl", "Zp"), hex(code)


def test_escape_sequences_are_shown_not_obeyed():
    assert clean("\x1b]0;title\x07\x1b[2J") == "␛]0;title␇␛[2J"


def test_ten_megabytes_are_cut_before_anything_else():
    assert len(clean("x" * 10_000_000)) < 5_000


@pytest.mark.parametrize(("name", "shown"), [("", "''"), (" ", "' '"), ("a ", "'a '"), ("a b", "a b")])
def test_names_that_cannot_be_seen_are_quoted(name, shown):
    assert name_of(name) == shown
