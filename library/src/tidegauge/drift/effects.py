"""The change of one column in units that people know."""

from __future__ import annotations

from math import exp, hypot, inf, isfinite, log, nan, sqrt
from typing import TYPE_CHECKING

from tidegauge import _kernel
from tidegauge.column import kernel_column
from tidegauge.drift.alike import alike_in_items, alike_in_numbers
from tidegauge.drift.evidence import Z_975
from tidegauge.drift.result import Effect, Mover

if TYPE_CHECKING:
    from tidegauge._kernel import KernelNumbers
    from tidegauge.drift.result import ColumnDrift

_MOST_MOVERS = 10


def effects_of(column: ColumnDrift) -> tuple[Effect, ...]:
    """List the effects of a column, the main one first."""
    main = column.effect
    found = [main] if main else []
    current, reference = kernel_column(column.current), kernel_column(column.reference)
    now, then = current.values, reference.values
    numeric = column.kind in {"numeric", "temporal"} and alike_in_numbers(current, reference)
    if numeric and now and then and now.n and then.n:
        compared = _kernel.compare_numbers(current, reference)
        spread = _stddev(then)
        if compared is not None and spread > 0 and isfinite(spread):
            found.append(_wasserstein(compared[3], spread))
            found.append(_median_shift(now, then, spread))
        ratio = _spread_ratio(now, then)
        if ratio:
            found.append(ratio)
    return tuple(found)


def _stddev(numbers: KernelNumbers) -> float:
    return sqrt(numbers.m2 / (numbers.n - 1)) if numbers.n > 1 and numbers.m2 > 0 else 0.0


def _wasserstein(row: tuple[float, float, float], spread: float) -> Effect:
    distance, error, by_chance = (number / spread for number in row)
    low = max(0.0, distance - by_chance - Z_975 * error)
    return Effect("wasserstein_sd", distance, low, distance + Z_975 * error, nan)


def _median_shift(now: KernelNumbers, then: KernelNumbers, spread: float) -> Effect:
    """The shift of the median, with an interval from order statistics that holds for any distribution."""
    values, ends = [], []
    for numbers in (now, then):
        reach = Z_975 * 0.5 / sqrt(numbers.n) + numbers.rank_error
        low, middle, high = numbers.quantile([max(0.0, 0.5 - reach), 0.5, min(1.0, 0.5 + reach)])
        values.append(middle)
        ends.append((middle - low, high - middle))
    shift = values[0] - values[1]
    low = shift - hypot(ends[0][0], ends[1][1])
    high = shift + hypot(ends[0][1], ends[1][0])
    return Effect("median_shift_sd", shift / spread, low / spread, high / spread, nan)


def _spread_ratio(now: KernelNumbers, then: KernelNumbers) -> Effect | None:
    """The ratio of standard deviations; its logarithm has the variance (kurtosis − 1) / 4n."""
    first, second = _stddev(now), _stddev(then)
    if not (first > 0 and second > 0 and isfinite(first) and isfinite(second)):
        return None
    variance = 0.0
    for numbers in (now, then):
        kurtosis = numbers.n * (numbers.m4 / numbers.m2) / numbers.m2
        variance += max(0.0, kurtosis - 1) / (4 * numbers.n)
    if not isfinite(variance):
        return Effect("spread_ratio", first / second, 0.0, inf, nan)
    middle, reach = log(first / second), Z_975 * sqrt(variance)
    return Effect("spread_ratio", first / second, exp(middle - reach), exp(min(700.0, middle + reach)), nan)


def movers_of(column: ColumnDrift) -> tuple[Mover, ...]:
    """List the values whose shares changed most."""
    if column.kind not in {"categorical", "boolean", "text"}:
        return ()
    if not alike_in_items(column.current, column.reference):
        return ()
    pairs = _kernel.item_pairs(kernel_column(column.current), kernel_column(column.reference)) or []
    n, m = sum(pair[1] for pair in pairs), sum(pair[2] for pair in pairs)
    if not n or not m:
        return ()
    movers = [Mover("…" if item is None else item, a / n, b / m) for item, a, b in pairs]
    movers.sort(key=lambda mover: (-round(abs(mover.current - mover.reference), 12), mover.value))
    return tuple(mover for mover in movers[:_MOST_MOVERS] if mover.current != mover.reference)
