"""Quantiles of Student's t, for prediction from few windows."""

from __future__ import annotations

from math import exp, pi, sqrt, tan
from statistics import NormalDist

_NORMAL = NormalDist()


def student_quantile(tail: float, freedom: float) -> float:
    """Find the value that Student's t exceeds with a given, small probability.

    By Hill (1970), "Algorithm 396: Student's t-quantiles", Communications of the ACM 13; six digits
    and more for two or more degrees of freedom, which need not be a whole number.

    Args:
        tail: Probability beyond the value, on one side; above 0 and below 0.5.
        freedom: Degrees of freedom, 1 or more.

    Returns:
        The quantile, positive.

    Example:
        >>> round(student_quantile(0.025, 10), 4), round(student_quantile(0.001, 4), 3)
        (2.2281, 7.173)
    """
    both = 2.0 * tail
    if freedom <= 1.0:
        return 1.0 / tan(both * pi / 2.0)
    if freedom == 2.0:
        return sqrt(2.0 / (both * (2.0 - both)) - 2.0)
    a = 1.0 / (freedom - 0.5)
    b = 48.0 / (a * a)
    c = ((20700.0 * a / b - 98.0) * a - 16.0) * a + 96.36
    d = ((94.5 / (b + c) - 3.0) / b + 1.0) * sqrt(a * pi / 2.0) * freedom
    y = (d * both) ** (2.0 / freedom)
    y = _near(both, freedom, (a, b, c, d)) if y > 0.05 + a else _far(y, freedom, d)
    return sqrt(freedom * y)


def _near(both: float, freedom: float, terms: tuple[float, float, float, float]) -> float:
    """Expand about the normal quantile, where the tail is not far out."""
    a, b, c, d = terms
    x = _NORMAL.inv_cdf(both / 2.0)
    y = x * x
    if freedom < 5.0:
        c += 0.3 * (freedom - 4.5) * (x + 0.6)
    c += (((0.05 * d * x - 5.0) * x - 7.0) * x - 2.0) * x + b
    y = (((((0.4 * y + 6.3) * y + 36.0) * y + 94.5) / c - y - 3.0) / b + 1.0) * x
    y = a * y * y
    return exp(y) - 1.0 if y > 0.002 else 0.5 * y * y + y


def _far(y: float, freedom: float, d: float) -> float:
    """Expand about the power law of the far tail."""
    inner = ((freedom + 6.0) / (freedom * y) - 0.089 * d - 0.822) * (freedom + 2.0) * 3.0
    return ((1.0 / inner + 0.5 / (freedom + 4.0)) * y - 1.0) * (freedom + 1.0) / (freedom + 2.0) + 1.0 / y
