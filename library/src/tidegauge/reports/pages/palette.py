"""The colours of reports, for light and for dark pages, and on paper.

Scales are even in lightness (OKLCH, about one tenth a step) and of one family of hues each, so that they
read the same to every eye and in print. Current is blue-green, reference grey, what is wrong orange: a
pair that all common forms of colour blindness keep apart. No fact is told by colour alone.
"""

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "paper": "#ffffff",
    "wash": "#f4f7f8",
    "ink": "#11242d",
    "soft": "#506169",
    "rule": "#dbe3e7",
    "sea": "#00798e",
    "wave": "#3f99ad",
    "pale": "#b9dde3",
    "grey": "#7b8b93",
    "mist": "#d6dee2",
    "ember": "#ab4400",
    "blush": "#fbeee4",
    "gold": "#836412",
}
"""Names to colours: text is ``ink soft sea ember gold`` on ``paper wash``; the others are for shapes."""

DARK: Mapping[str, str] = {
    "paper": "#0f171c",
    "wash": "#172127",
    "ink": "#e0eaed",
    "soft": "#9daeb6",
    "rule": "#28363e",
    "sea": "#60c8dd",
    "wave": "#3fa0b5",
    "pale": "#1d4f5c",
    "grey": "#84959d",
    "mist": "#2e3d45",
    "ember": "#f99e65",
    "blush": "#2b201a",
    "gold": "#e8c270",
}

SEA_LIGHT = (
    "#e3f4f6", "#b5e1e8", "#8bccdb", "#66b5cc", "#469ebb", "#2b86a8", "#196f92", "#125779", "#12415e",
)  # fmt: skip
"""How much, from little to much, on a light page."""

SEA_DARK = (
    "#1c2c37", "#184155", "#11566f", "#0d6d87", "#1c849c", "#379aae", "#58b0bd", "#7ec5cb", "#a8d8d9",
)  # fmt: skip
"""The same on a dark page: from dark to light, so that much stands out there too."""

EMBER_LIGHT = ("#f8edd8", "#f0cd9c", "#e7ab6a", "#da8843", "#c7672a", "#ae4a21", "#8f3222")
"""How strange, from a little to very, on a light page."""

EMBER_DARK = ("#46271f", "#73361a", "#9b4c0c", "#bd6a07", "#d78d2b", "#ebb35d", "#fada99")
"""The same on a dark page."""

POSITIVE = (1, 2, 3, 6, 8)
"""The steps of the sea scale for correlations above zero, from weak to strong."""

NEGATIVE = (0, 1, 2, 5, 6)
"""The steps of the ember scale for those below zero, as light as those of the same strength above."""

SEA_STEPS = len(SEA_LIGHT)
EMBER_STEPS = len(EMBER_LIGHT)


def variables(*, dark: bool) -> str:
    """Write the palette as CSS variables.

    Example:
        >>> variables(dark=False).startswith("--paper:#ffffff;")
        True
    """
    names = DARK if dark else LIGHT
    sea, ember = (SEA_DARK, EMBER_DARK) if dark else (SEA_LIGHT, EMBER_LIGHT)
    pairs = [*names.items()]
    pairs += [(f"s{step}", colour) for step, colour in enumerate(sea)]
    pairs += [(f"e{step}", colour) for step, colour in enumerate(ember)]
    return "".join(f"--{name}:{colour};" for name, colour in pairs)


def contrast(one: str, other: str) -> float:
    """Tell how well two colours can be told apart, 1 to 21, by WCAG 2.2.

    Example:
        >>> contrast("#ffffff", "#000000")
        21.0
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
