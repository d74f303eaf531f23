"""Evidence, effect and power for each aspect of two columns."""

from __future__ import annotations

from math import nan, sqrt
from typing import TYPE_CHECKING, NamedTuple

from tidegauge import _kernel
from tidegauge.drift.alike import alike_in_items, alike_in_numbers
from tidegauge.drift.result import Effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge._kernel import KernelColumn, _Counts, _Ordered
    from tidegauge.drift.options import Options
    from tidegauge.drift.result import Aspect, Background, Kind

# Quantiles of the Kolmogorov distribution, for 95 % and 97.5 %; half its largest standard deviation
# times the normal quantiles of 97.5 % and 80 %.
KS_95, KS_975 = 1.3581, 1.4802
KS_UP, KS_POWER = 0.98, 0.42
# The normal quantiles of 97.5 % and 80 %.
Z_975, Z_80 = 1.959964, 0.841621

_TESTS = {
    "exact": "two-sample Kolmogorov–Smirnov, exact given the ties",
    "tied": "two-sample Kolmogorov–Smirnov, on tied values",
    "asymptotic": "two-sample Kolmogorov–Smirnov",
}
_COUNT_TESTS = {
    "exact": "Fisher's exact test",
    "permutation": "χ² of homogeneity, by permutation",
    "chi_square": "χ² of homogeneity",
}


class Evidence(NamedTuple):
    """What a finding is made of before all findings are judged together."""

    aspect: Aspect
    test: str
    p_value: float
    effect: Effect
    detectable: float
    seen: bool
    """Whether a change that matters would have been seen."""
    background: Background | None = None


class Pair(NamedTuple):
    """One column of both profiles."""

    current: KernelColumn
    reference: KernelColumn
    kind: Kind

    @property
    def is_apart(self) -> bool:
        """Whether values are new every time by their nature, as times and identifiers are."""
        roles = {self.current.role, self.reference.role}
        return bool(roles & {"timestamp", "id"}) or goes_on(self.current, self.reference)

    @property
    def jobs(self) -> tuple[KernelColumn, KernelColumn, bool, bool, bool]:
        """Which tests are wanted: of the values as numbers, of the lengths, of the items."""
        current, reference, kind = self
        if self.is_apart:
            return (current, reference, False, False, False)
        numbers = kind in {"numeric", "temporal"} and alike_in_numbers(current, reference)
        items = kind in {"categorical", "text"} and alike_in_items(current, reference)
        lengths = kind == "text" or (kind == "other" and bool(current.lengths and reference.lengths))
        return (current, reference, numbers, lengths, items)


def goes_on(current: KernelColumn, reference: KernelColumn) -> bool:
    """Whether all moments of one column come after all of the other."""
    now, then = current.values, reference.values
    if {current.type, reference.type} - {"timestamp", "date"} or not (now and then and now.n and then.n):
        return False
    return now.min >= then.max and now.max > then.max


def _booleans(column: KernelColumn) -> tuple[int, int]:
    """How many are true, and how many false."""
    counts = column.counts
    return counts["trues"], counts["records"] - counts["nulls"] - counts["trues"]


def evidence_of(pairs: Sequence[Pair], options: Options) -> list[list[Evidence]]:
    """Compare every aspect of columns that both profiles have."""
    tested = _kernel.compare_columns([pair.jobs for pair in pairs])
    found = []
    for pair, (values, lengths, items) in zip(pairs, tested, strict=True):
        name = pair.current.name
        # Where no value of a text is frequent enough to stand for itself there is nothing to compare.
        telling = items if pair.kind != "text" or (items and items[3] > 1) else None
        column: list[Evidence | None] = [
            values and _numbers(name, "distribution", values, options),
            telling and items_moved(name, telling, options),
            lengths and _numbers(name, "lengths", lengths, options),
        ]
        if pair.kind == "boolean" and not pair.is_apart:
            counted = _kernel.compare_counts(list(zip(*map(_booleans, pair[:2]), strict=True)))
            column.append(counted and items_moved(name, counted, options))
        rows = count_rows(pair.current, pair.reference)
        column += [_shares(name, aspect, both, options) for aspect, both in rows.items()]
        found.append([one for one in column if one])
    return found


def _numbers(name: str, aspect: Aspect, row: _Ordered, options: Options) -> Evidence:
    """What the test of two distribution functions says."""
    p_value, method, (distance, _, _, scale), _ = row
    matters = options.matters(name, "ks")
    low, high = max(0.0, distance - KS_975 * scale), min(1.0, distance + KS_UP * scale)
    detectable = min(1.0, (KS_95 + KS_POWER) * scale)
    effect = Effect("ks", distance, low, high, matters)
    return Evidence(aspect, _TESTS[method], p_value, effect, detectable, detectable <= matters)


def items_moved(name: str, row: _Counts, options: Options) -> Evidence:
    """Return what the test of the shares of values says."""
    p_value, method, _, categories, (n, m), (moved, low, high), others = row
    matters = options.matters(name, "total_variation")
    # What changed among values that neither sketch lists cannot be seen.
    hidden = min(others)
    effect = Effect("total_variation", moved, low, min(1.0, high + hidden), matters)
    detectable = max(detectable_share(n, m, categories), hidden)
    test = _COUNT_TESTS[method]
    return Evidence("distribution", test, p_value, effect, detectable, detectable <= matters)


def count_rows(current: KernelColumn, reference: KernelColumn) -> dict[Aspect, tuple[list[int], list[int]]]:
    """The counts that every column has: nulls, special numbers, types; only those where something occurs."""
    rows: dict[Aspect, tuple[list[int], list[int]]] = {}
    counts = current.counts, reference.counts
    if any(side["nulls"] for side in counts):
        now, then = ([side["nulls"], side["records"] - side["nulls"]] for side in counts)
        rows["nulls"] = now, then
    if any(side[name] for side in counts for name in _SPECIAL):
        now, then = (_special(side) for side in counts)
        rows["special"] = now, then
    if "mixed" in (current.type, reference.type):
        types = [list(column.types.values()) for column in (current, reference)]
        if all(map(any, types)):
            rows["types"] = (types[0], types[1])
    return rows


_SPECIAL = ("nans", "positive_infinities", "negative_infinities")


def _special(counts: dict[str, int]) -> list[int]:
    """How many values are special, and how many are not."""
    found = [counts[name] for name in _SPECIAL]
    return [*found, counts["records"] - counts["nulls"] - sum(found)]


_NAMES: dict[Aspect, str] = {"nulls": "null_rate", "special": "special_rate", "types": "type_share"}


def _shares(
    name: str, aspect: Aspect, rows: tuple[Sequence[int], Sequence[int]], options: Options
) -> Evidence | None:
    """Compare shares of records that are counted exactly."""
    found = _kernel.compare_counts(list(zip(*rows, strict=True)))
    if found is None:
        return None
    p_value, method, _, categories, (n, m), (moved, low, high), _ = found
    measure = _NAMES[aspect]
    matters = options.matters(name, measure)
    if len(rows[0]) == 2:
        moved, low, high = _newcombe(rows[0][0], n, rows[1][0], m)
    effect = Effect(measure, moved, low, high, matters)
    rest = rows[0][-1] + rows[1][-1] if aspect != "types" else max(map(sum, zip(*rows, strict=True)))
    detectable = _detectable_rate(1.0 - rest / (n + m), n, m, matters)
    if categories > 2:
        detectable = min(detectable, detectable_share(n, m, categories))
    return Evidence(aspect, _COUNT_TESTS[method], p_value, effect, detectable, detectable <= matters)


def _wilson(count: int, n: int) -> tuple[float, float]:
    """Wilson's interval of a share."""
    square = Z_975**2
    share = count / n
    middle = (share + square / (2 * n)) / (1 + square / n)
    reach = Z_975 * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return middle - reach, middle + reach


def _newcombe(k: int, n: int, other: int, m: int) -> tuple[float, float, float]:
    """The absolute difference of two shares and its interval.

    Source: Newcombe (1998), "Interval estimation for the difference between independent proportions",
    Statistics in Medicine 17, method 10.
    """
    p, q = k / n, other / m
    if p < q:
        (k, n, p), (other, m, q) = (other, m, q), (k, n, p)
    (low_p, high_p), (low_q, high_q) = _wilson(k, n), _wilson(other, m)
    low = p - q - sqrt((p - low_p) ** 2 + (high_q - q) ** 2)
    high = p - q + sqrt((high_p - p) ** 2 + (q - low_q) ** 2)
    return p - q, max(0.0, low), min(1.0, high)


def _detectable_rate(rate: float, n: int, m: int, matters: float) -> float:
    """The difference of two shares that would be seen in four of five cases."""
    share = min(0.5, rate + matters / 2)
    return min(1.0, (Z_975 + Z_80) * sqrt(share * (1 - share) * (1 / n + 1 / m)))


def detectable_share(n: int, m: int, categories: int) -> float:
    """The total variation that χ² would show in four of five cases, however it is spread.

    By Cauchy and Schwarz a share τ that moves makes χ² at least 4 τ² n m / (n + m); the power for a
    given noncentrality is taken from the normal approximation of the noncentral χ².
    """
    degrees = max(1, categories - 1)
    # Wilson & Hilferty (1931).
    limit = degrees * (1 - 2 / (9 * degrees) + 1.644854 * sqrt(2 / (9 * degrees))) ** 3
    # limit = degrees + λ − 0.84 √(2 (degrees + 2 λ)), solved for λ.
    gap = limit - degrees
    b = 2 * gap + 4 * Z_80**2
    noncentrality = (b + sqrt(max(0.0, b * b - 4 * (gap * gap - 2 * Z_80**2 * degrees)))) / 2
    return min(1.0, sqrt(noncentrality * (1 / n + 1 / m)) / 2)


def with_measure(evidence: Evidence, value: float, measure: str, matters: float) -> Evidence:
    """Put another measure's value in the place of the effect; its interval and its power are not known."""
    return evidence._replace(effect=Effect(measure, value, nan, nan, matters), detectable=nan)
