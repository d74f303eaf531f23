"""Keeping false discoveries rare over many tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values such that those below q hold at most the share q of false discoveries.

    Source: Benjamini & Hochberg (1995), "Controlling the false discovery rate", JRSS B 57.

    Args:
        p_values: One a test, each 0 to 1.

    Returns:
        The adjusted p-values, in the same order, each 0 to 1.

    Example:
        >>> benjamini_hochberg([0.01, 0.04, 0.5])
        [0.03, 0.06, 0.5]
    """
    count = len(p_values)
    adjusted = [1.0] * count
    least = 1.0
    for place, index in enumerate(sorted(range(count), key=p_values.__getitem__, reverse=True)):
        least = min(least, p_values[index] * count / (count - place))
        adjusted[index] = least
    return adjusted
