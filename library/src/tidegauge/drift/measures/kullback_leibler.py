"""The Kullback–Leibler divergence."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log
from typing import TYPE_CHECKING, ClassVar

from tidegauge.drift.measures.measure import CellMeasure, check_smoothing

if TYPE_CHECKING:
    from tidegauge.drift.measures.shares import Shares


@dataclass(frozen=True, slots=True)
class KullbackLeibler(CellMeasure):
    """The divergence of current from reference: the cost of coding the one by the other, in nats.

    A cell that only the current profile has would make it infinite. If there is one, or may be one,
    `smoothing` is added to the count of every cell on both sides: half a count, after Jeffreys, as
    Krichevsky & Trofimov (1981) use it. Without such a cell nothing is added, and the value is that of
    `scipy.stats.entropy`; with ``smoothing=0`` it always is, infinity included.

    Example:
        >>> import tidegauge as tg
        >>> from tidegauge.drift import measures
        >>> now, then = tg.log({"x": ["a", "a"]}), tg.log({"x": ["a", "b"]})
        >>> round(measures.get("kullback_leibler").compute(now["x"], then["x"]), 4)
        0.6931
    """

    name: ClassVar[str] = "kullback_leibler"
    title: ClassVar[str] = "Kullback–Leibler divergence, or relative entropy"
    formula: ClassVar[str] = "Σ p·ln(p/q)"
    symmetric: ClassVar[bool] = False
    bounds: ClassVar[tuple[float, float]] = (0.0, inf)
    unit: ClassVar[str] = "nats"
    source: ClassVar[str] = (
        "Kullback & Leibler (1951), On information and sufficiency, Annals of Mathematical Statistics 22; "
        "smoothing: Krichevsky & Trofimov (1981), The performance of universal encoding, IEEE Transactions "
        "on Information Theory 27"
    )

    smoothing: float = 0.5
    """Added to every count when a cell of the reference is empty; 0 for never."""

    def __post_init__(self) -> None:
        """Check the options."""
        CellMeasure.__post_init__(self)
        check_smoothing(self.smoothing)

    def _prepare(self, shares: Shares) -> Shares:
        cells = zip(shares.current.most, shares.reference.least, strict=True)
        empty = any(most > 0 and not least for most, least in cells)
        return shares.add(self.smoothing) if empty else shares

    def _part(self, p: float, q: float) -> float:
        if not q:
            return inf if p else 0.0
        # The shares add up to 1 on both sides, so − p + q changes nothing but makes every part positive.
        return max(p * log(p / q) - p + q, 0.0) if p else q


MEASURE = KullbackLeibler()
