"""What measures are called: as titles in tables, and in the middle of a sentence."""

from __future__ import annotations

from functools import cache

_TITLES = {
    "wasserstein_sd": "average move, in sd",
    "median_shift_sd": "shift of the median, in sd",
    "spread_ratio": "ratio of spread",
    "null_rate": "change of the null rate",
    "special_rate": "change of the share",
    "type_share": "change of the share",
}
_IN_WORDS = {
    "energy": "energy distance",
    "psi": "population stability index",
    "total_variation": "total variation distance",
}
_VOWELS = ("a", "e", "i", "o", "u", "L∞")


@cache
def measure_title(name: str) -> str:
    """Name a measure by its title.

    Args:
        name: As `Effect.measure` has it.

    Example:
        >>> measure_title("ks"), measure_title("null_rate")
        ('Kolmogorov–Smirnov distance', 'change of the null rate')
    """
    from tidegauge.drift import measures

    if name in _TITLES:
        return _TITLES[name]
    titles = {measure.name: measure.title for measure in measures.all()}
    return titles.get(name, name.replace("_", " "))


def in_words(name: str) -> str:
    """Name a measure as it is named within a sentence.

    Args:
        name: As `Effect.measure` has it.

    Example:
        >>> in_words("total_variation"), in_words("wasserstein"), in_words("ks")
        ('total variation distance', 'Wasserstein-1 distance', 'Kolmogorov–Smirnov distance')
    """
    return _IN_WORDS.get(name) or measure_title(name).split(", or ")[0]


def one_in_words(name: str) -> str:
    """Name a measure within a sentence, with its article.

    Example:
        >>> one_in_words("ks"), one_in_words("l_infinity")
        ('a Kolmogorov–Smirnov distance', 'an L∞ distance')
    """
    words = in_words(name)
    return f"{'an' if words.startswith(_VOWELS) else 'a'} {words}"
