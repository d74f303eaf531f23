"""The population stability index."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log
from typing import TYPE_CHECKING, ClassVar

from tidegauge.drift.measures.measure import CellMeasure, check_smoothing

if TYPE_CHECKING:
    from tidegauge.drift.measures.shares import Shares


@dataclass(frozen=True, slots=True)
class Psi(CellMeasure):
    """The population stability index, without its bias: the divergence both ways added, in nats.

    Samples differ without any change, by (B − 1)·(1/n + 1/m) on average (Yurdakul & Naranjo 2020): this is
    subtracted, and negative results become 0. With ``remove_bias=False`` it is left in, as other tools do.
    The rules of thumb 0.1 and 0.25 are for large samples, where it hardly matters.

    A cell that is empty on one side would make the index infinite. If there is one, or may be one,
    `smoothing` is added to the count of every cell on both sides (see `KullbackLeibler`).

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.drift import measures
        >>> now, then = tg.log({"x": ["a"] * 80 + ["b"] * 20}), tg.log({"x": ["a"] * 50 + ["b"] * 50})
        >>> round(measures.get("psi").compute(now["x"], then["x"]), 4)
        0.3959
        >>> round(measures.get("psi", remove_bias=False).compute(now["x"], then["x"]), 4)
        0.4159
    """

    name: ClassVar[str] = "psi"
    title: ClassVar[str] = "Population stability index (PSI)"
    formula: ClassVar[str] = "max(0, Σ (p − q)·ln(p/q) − (B − 1)·(1/n + 1/m))"
    symmetric: ClassVar[bool] = True
    bounds: ClassVar[tuple[float, float]] = (0.0, inf)
    unit: ClassVar[str] = "nats"
    source: ClassVar[str] = (
        "Lewis (1994), An Introduction to Credit Scoring; its bias: Yurdakul & Naranjo (2020), Statistical "
        "properties of the population stability index, Journal of Risk Model Validation 14"
    )

    smoothing: float = 0.5
    """Added to every count when a cell is empty on one side; 0 for never."""
    remove_bias: bool = True
    """Whether to take off what is expected without any change."""

    def __post_init__(self) -> None:
        """Check the options."""
        CellMeasure.__post_init__(self)
        check_smoothing(self.smoothing)

    def _prepare(self, shares: Shares) -> Shares:
        empty = not (all(shares.current.least) and all(shares.reference.least))
        return shares.add(self.smoothing) if empty else shares

    def _part(self, p: float, q: float) -> float:
        if p and q:
            return (p - q) * log(p / q)
        return 0.0 if p == q else inf

    def _bias(self, shares: Shares) -> float:
        if not self.remove_bias:
            return 0.0
        now, then = shares.current, shares.reference
        cells = sum(1 for one, other in zip(now.counts, then.counts, strict=True) if one or other)
        return (cells - 1) * (1 / now.n + 1 / then.n)


MEASURE = Psi()
