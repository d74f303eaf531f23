"""Counts of what happened in a cell, and what they say about rates."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from scipy import stats

if TYPE_CHECKING:
    from benchmarks.calibration.cells import Cell

LEVEL, STRICT_LEVEL = 0.05, 0.01
PROMISED_POWER = 0.95


class Outcome(NamedTuple):
    """What one comparison said: p-values by aspect, the test of the distribution, and the verdict."""

    p_values: dict[str, float]
    test: str
    verdict: str


@dataclass
class Tally:
    """What the repetitions of one cell gave, so far."""

    repetitions: int = 0
    evidence: int = 0
    strict_evidence: int = 0
    null_rate_evidence: int = 0
    missing: int = 0
    exact: int = 0
    both: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    tests: Counter[str] = field(default_factory=Counter)

    def count(self, cell: Cell, outcome: Outcome, *, exact: bool = False) -> None:
        """Add one repetition."""
        p_value = outcome.p_values.get(cell.aspect, math.nan)
        rejected = p_value <= LEVEL
        self.repetitions += 1
        self.evidence += rejected
        self.strict_evidence += p_value <= STRICT_LEVEL
        self.null_rate_evidence += outcome.p_values.get("nulls", 1.0) <= LEVEL
        self.missing += math.isnan(p_value)
        self.exact += exact
        self.both += exact and rejected
        self.verdicts[outcome.verdict] += 1
        self.tests[outcome.test] += 1

    def add(self, other: Tally) -> None:
        """Add what another process counted."""
        for name in (
            "repetitions",
            "evidence",
            "strict_evidence",
            "null_rate_evidence",
            "missing",
            "exact",
            "both",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.verdicts.update(other.verdicts)
        self.tests.update(other.tests)


def line(repetitions: int) -> float:
    """Return 5 % and two standard errors: what the rate of false alarms may be."""
    return LEVEL + 2 * standard_error(LEVEL, repetitions)


def standard_error(rate: float, repetitions: int) -> float:
    """Return the standard error of a rate."""
    return math.sqrt(rate * (1 - rate) / repetitions)


def chance_beyond(repetitions: int, level: float = LEVEL) -> float:
    """Return how likely a test with exactly that level is beyond the line."""
    bound = level + 2 * standard_error(level, repetitions)
    return float(stats.binom.sf(math.floor(bound * repetitions + 1e-9), repetitions, level))


def power_ratio(ours: float, exact: float, both: float, n: int) -> tuple[float, float]:
    """Return our power over that of the exact test, and its standard error, paired (delta method).

    For the error alone half a count is added to each cell of the table of the two verdicts: few repetitions
    that happen to agree are no certainty.

    Args:
        ours: Share of repetitions that ours rejects.
        exact: Share that the exact test rejects.
        both: Share that both reject.
        n: Repetitions.
    """
    if not exact:
        return math.nan, math.nan
    counts = n * both, n * (ours - both), n * (exact - both), n * (1 - ours - exact + both)
    total = n + 2.0
    x11, x10, x01, _ = ((count + 0.5) / total for count in counts)
    x, y = x11 + x10, x11 + x01
    ratio = x / y
    variance = x * (1 - x) - 2 * ratio * (x11 - x * y) + ratio**2 * y * (1 - y)
    return ours / exact, math.sqrt(max(variance, 0.0) / n) / y


def null_row(cell: Cell, tally: Tally) -> dict[str, Any]:
    """Return a cell of false alarms as it is kept."""
    n = tally.repetitions
    rates = {"evidence": tally.evidence / n, "verdict": tally.verdicts["drift"] / n}
    if cell.population.shape == "nulls":
        rates["null_rate_evidence"] = tally.null_rate_evidence / n
    return {
        **_place(cell, tally),
        **rates,
        "evidence_at_1_percent": tally.strict_evidence / n,
        "standard_error": standard_error(LEVEL, n),
        "line": line(n),
        "met": max(rates.values()) <= line(n),
    }


def power_row(cell: Cell, tally: Tally) -> dict[str, Any]:
    """Return a cell of power as it is kept."""
    n = tally.repetitions
    ratio, error = power_ratio(tally.evidence / n, tally.exact / n, tally.both / n, n)
    return {
        **_place(cell, tally),
        "change": cell.change.name,
        "aspect": cell.aspect,
        "exact_power": tally.exact / n,
        "power": tally.evidence / n,
        "both": tally.both / n,
        "standard_error": standard_error(tally.evidence / n, n),
        "ratio": None if math.isnan(ratio) else ratio,
        "ratio_standard_error": None if math.isnan(ratio) else error,
        "promised": cell.promised,
        "met": None if math.isnan(ratio) else ratio >= PROMISED_POWER - 2 * error,
    }


def _place(cell: Cell, tally: Tally) -> dict[str, Any]:
    return {
        "cell": cell.name,
        "kind": cell.kind,
        "population": cell.population.name,
        "reference": cell.reference,
        "current": cell.current,
        "shards": list(cell.shards),
        "repetitions": tally.repetitions,
        "missing": tally.missing,
        "verdicts": dict(tally.verdicts),
        "tests": dict(tally.tests),
    }
