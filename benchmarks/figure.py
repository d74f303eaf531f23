"""One line of a benchmark's answer: our figure, a peer's, their ratio, the target."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence


Better = Literal["peer / ours", "ours / peer"]


@dataclass(frozen=True)
class Target:
    """A bound on the ratio or on our own figure.

    Attributes:
        of: `ratio` or `ours`.
        sense: Which side of the bound is good.
        bound: The bound, in the figure's unit, or a plain number for a ratio.
        aim: True for what is hoped for rather than promised.
    """

    of: Literal["ratio", "ours"]
    sense: Literal["at least", "at most"]
    bound: float
    aim: bool = False

    def met(self, value: float) -> bool:
        """Tell whether a value satisfies the target."""
        return value >= self.bound if self.sense == "at least" else value <= self.bound

    def text(self, unit: str) -> str:
        """The target in words; the unit is that of the figure."""
        sign = "≥" if self.sense == "at least" else "≤"
        bound = f"{self.bound:g} x" if self.of == "ratio" else readable(self.bound, unit)
        return f"{'aim ' if self.aim else ''}{sign} {bound}"


@dataclass(frozen=True)
class Figure:
    """One measured quantity.

    Attributes:
        what: What was measured, in words.
        unit: Unit of both lists.
        ours: One value for each round.
        peer: Who was measured beside us, or None.
        theirs: The peer's value for each round; a single value serves all rounds.
        target: What was promised, or None when the figure is for information.
        better: `peer / ours` tells how many times less we take, `ours / peer` how many times more.
        note: A remark for the reader.
    """

    what: str
    unit: str
    ours: Sequence[float]
    peer: str | None = None
    theirs: Sequence[float] = field(default=())
    target: Target | None = None
    better: Better = "peer / ours"
    note: str = ""

    def ratios(self) -> list[float]:
        """The ratio of each round, paired, since the machine's speed drifts between rounds."""
        theirs = list(self.theirs)
        if not theirs:
            return []
        if len(theirs) != len(self.ours):
            theirs = [statistics.median(theirs)] * len(self.ours)
        pairs = zip(self.ours, theirs, strict=True)
        if self.better == "peer / ours":
            return [peer / ours if ours else float("inf") for ours, peer in pairs]
        return [ours / peer if peer else float("inf") for ours, peer in pairs]

    def ratio(self) -> float | None:
        """The median of the paired ratios."""
        ratios = self.ratios()
        return statistics.median(ratios) if ratios else None

    def met(self) -> bool | None:
        """Whether the target is met; None without a target."""
        if self.target is None:
            return None
        judged = self.ratio() if self.target.of == "ratio" else statistics.median(self.ours)
        return None if judged is None else self.target.met(judged)

    def to_dict(self) -> dict[str, object]:
        """The figure as it is kept in a results file."""
        return {
            "what": self.what,
            "unit": self.unit,
            "ours": spread(self.ours),
            "peer": self.peer,
            "theirs": spread(self.theirs),
            "ratio": {"of": self.better, **spread(self.ratios())} if self.theirs else None,
            "target": self.target.text(self.unit) if self.target else None,
            "met": self.met(),
            "note": self.note or None,
        }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, least and greatest of the rounds."""
    if not values:
        return {}
    return {
        "median": statistics.median(values),
        "min": min(values),
        "max": max(values),
        "rounds": len(values),
    }


def readable(value: float, unit: str) -> str:
    """Write a value with its unit, scaled for people."""
    if unit != "s":
        return (f"{value:,.0f} {unit}" if abs(value) >= 10_000 else f"{value:.4g} {unit}").rstrip()
    for scale, name in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if abs(value) >= scale:
            return f"{value / scale:.3g} {name}"
    return f"{value / 1e-9:.3g} ns"
