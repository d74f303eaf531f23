"""Colours: text can be read in both themes, scales are even, and good differs from bad to every eye."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from tidegauge.reports.pages import palette

TEXT = ("ink", "soft", "sea", "ember", "gold")
GROUND = ("paper", "wash")
THEMES = (palette.LIGHT, palette.DARK)
# Machado, Oliveira & Fernandes (2009): what red, green and blue become, on linear light.
BLINDNESS = {
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def linear(colour):
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def oklab(rgb):
    red, green, blue = (max(0.0, part) for part in rgb)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def seen(rgb, matrix):
    return [sum(weight * part for weight, part in zip(row, rgb, strict=True)) for row in matrix]


def apart(one, other):
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read(theme):
    for text, ground in product(TEXT, GROUND):
        assert palette.contrast(theme[text], theme[ground]) >= 4.5, (text, ground)


@pytest.mark.parametrize("theme", THEMES)
def test_shapes_can_be_seen(theme):
    for shape in ("sea", "wave", "grey", "ember"):
        assert palette.contrast(theme[shape], theme["paper"]) >= 3.0, shape


@pytest.mark.parametrize(
    "scale", [palette.SEA_LIGHT, palette.SEA_DARK, palette.EMBER_LIGHT, palette.EMBER_DARK]
)
def test_scales_are_even(scale):
    lightness = [oklab(linear(colour))[0] for colour in scale]
    steps = [abs(after - before) for before, after in pairwise(lightness)]
    assert lightness in (sorted(lightness), sorted(lightness, reverse=True))
    assert max(steps) < 1.35 * min(steps)


@pytest.mark.parametrize(
    "scale", [palette.SEA_LIGHT, palette.SEA_DARK, palette.EMBER_LIGHT, palette.EMBER_DARK]
)
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_scales_are_even_to_every_eye(scale, blindness):
    lightness = [oklab(seen(linear(colour), BLINDNESS[blindness]))[0] for colour in scale]
    steps = [after - before for before, after in pairwise(lightness)]
    assert all(step > 0.02 for step in steps) or all(step < -0.02 for step in steps)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_good_and_bad_differ_to_every_eye(theme, blindness):
    sea, ember = (oklab(seen(linear(theme[name]), BLINDNESS[blindness])) for name in ("sea", "ember"))
    assert apart(sea, ember) > 0.1


def test_both_themes_have_the_same_names():
    assert set(palette.LIGHT) == set(palette.DARK)
    light, dark = palette.variables(dark=False), palette.variables(dark=True)
    assert [pair.split(":")[0] for pair in light.split(";")] == [
        pair.split(":")[0] for pair in dark.split(";")
    ]
