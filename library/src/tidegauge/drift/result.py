"""What a comparison found, as values: of one aspect, of one column, of a whole dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from tidegauge.drawn import Drawn
from tidegauge.errors import MissingColumnError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidegauge.column import ColumnProfile
    from tidegauge.drift.correlations import CorrelationDrift
    from tidegauge.drift.options import Options
    from tidegauge.profile import Profile
    from tidegauge.profile_set import ProfileSet

Verdict: TypeAlias = Literal["drift", "stable", "not enough data"]
Aspect: TypeAlias = Literal["distribution", "nulls", "special", "types", "lengths"]
Kind: TypeAlias = Literal["numeric", "temporal", "boolean", "categorical", "text", "other"]


class Effect(NamedTuple):
    """How large a change is."""

    measure: str
    """``ks``, ``total_variation``, ``share`` (a difference of shares) or another measure's name."""
    value: float
    """The change, as well as it can be told apart from chance."""
    low: float
    """Lower end of its 95 % interval; NaN where none is known."""
    high: float
    """Upper end."""
    matters: float
    """The smallest change that matters."""


class Mover(NamedTuple):
    """One value whose share has changed."""

    value: str
    """As text; ``…`` stands for all values that are not listed."""
    current: float
    """Its share in the current profile, 0 to 1."""
    reference: float
    """Its share in the reference, 0 to 1."""


class Background(NamedTuple):
    """What a history says about one distance."""

    windows: int
    """How many windows the null was learnt from."""
    typical: float
    """The median distance of these windows from each other."""
    seasonal: bool
    """Whether each was compared only with windows of its own season."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Evidence, effect and power for one aspect of one column."""

    aspect: Aspect
    """What was compared: ``distribution nulls special types lengths``; special are NaN and infinities."""
    test: str
    """Which test, in words."""
    p_value: float
    """The probability of so great a difference if nothing has changed."""
    adjusted: float
    """The p-value after Benjamini and Hochberg, over all findings of the comparison."""
    effect: Effect
    detectable: float
    """The smallest effect that these sizes would have shown (in four of five cases)."""
    verdict: Verdict
    background: Background | None = None
    """What the history says; None when there is no history."""
    seen: bool = True
    """Whether a change that matters would have been seen."""


class SchemaChanges(NamedTuple):
    """Which columns have appeared, vanished or changed in kind."""

    added: tuple[str, ...]
    """Columns that only the current profile has."""
    removed: tuple[str, ...]
    """Columns that only the reference has."""
    retyped: tuple[tuple[str, str, str], ...]
    """Columns of another type: name, type in the reference, type in the current profile."""

    def __bool__(self) -> bool:
        """Return whether anything changed."""
        return bool(self.added or self.removed or self.retyped)


@dataclass(frozen=True, eq=False)
class ColumnDrift(Drawn):
    """How one column has changed.

    Example:
        >>> import tidegauge as tg
        >>> before, after = tg.log({"fare": range(1000)}), tg.log({"fare": range(500, 1500)})
        >>> fare = tg.compare(after, before)["fare"]
        >>> fare.verdict, fare.effect.measure, fare.effect.value
        ('drift', 'ks', 0.5)
    """

    name: str
    kind: Kind
    """``numeric temporal boolean categorical text other``."""
    verdict: Verdict
    why: str
    """One sentence that says what changed, or what could not be seen."""
    findings: tuple[Finding, ...]
    """One for each aspect that can be compared; may be empty."""
    current: ColumnProfile
    reference: ColumnProfile

    @property
    def main(self) -> Finding | None:
        """The finding that decided: the strongest that drifts, else the first."""
        drifted = [finding for finding in self.findings if finding.verdict == "drift"]
        if drifted:
            return max(drifted, key=lambda finding: finding.effect.value / finding.effect.matters)
        return self.findings[0] if self.findings else None

    @property
    def effect(self) -> Effect | None:
        """The effect of the main finding; None when nothing could be compared."""
        return self.main.effect if self.main else None

    @property
    def p_value(self) -> float:
        """The adjusted p-value of the main finding; 1.0 when nothing could be compared."""
        return self.main.adjusted if self.main else 1.0

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """The change in familiar units, each with a 95 % interval.

        For numbers: distance of the distributions (``ks``), how far values moved on average
        (``wasserstein``) and the shift of the median, both in standard deviations of the reference,
        and the ratio of spread. For everything else, the main effect.
        """
        from tidegauge.drift.effects import effects_of

        return effects_of(self)

    @cached_property
    def measures(self) -> Mapping[str, float]:
        """Every classical measure that applies, by name; see `tidegauge.drift.measures`."""
        from tidegauge.drift import measures

        return measures.compute_all(self.current, self.reference)

    @cached_property
    def movers(self) -> tuple[Mover, ...]:
        """The values whose shares changed most, at most ten; empty if values are not counted."""
        from tidegauge.drift.effects import movers_of

        return movers_of(self)

    @property
    def excess(self) -> float:
        """How far the main effect lies beyond the usual, in units of the smallest change that matters."""
        main = self.main
        if main is None:
            return 0.0
        usual = main.background.typical if main.background else 0.0
        return max(0.0, main.effect.value - usual) / (main.effect.matters - usual)

    @property
    def importance(self) -> tuple[int, float]:
        """A sort key that puts first what a person should see first."""
        return ({"drift": 0, "not enough data": 1, "stable": 2}[self.verdict], -self.excess)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dicts and lists that ``json.dumps`` accepts."""
        from tidegauge.drift.plain import column_dict

        return column_dict(self)

    def __repr__(self) -> str:
        """Show the name, the verdict and why."""
        return f"{self.name}: {self.verdict}. {self.why}"


@dataclass(frozen=True, eq=False)
class DriftReport(Drawn, Mapping[str, ColumnDrift]):
    """Whether a dataset has changed, column by column.

    A mapping from column to `ColumnDrift`, most important first. You get one from `tidegauge.compare`.

    Example:
        >>> import tidegauge as tg
        >>> before = tg.log({"fare": range(1000), "city": ["Oslo", "Rome"] * 500})
        >>> after = tg.log({"fare": range(500, 1500), "city": ["Rome", "Oslo"] * 500})
        >>> report = tg.compare(after, before)
        >>> report.verdict, report.drifted, report["city"].verdict
        ('drift', ('fare',), 'stable')
    """

    current: Profile
    reference: Profile
    """What it was compared with; for a history, all its windows merged."""
    history: ProfileSet | None
    """The windows that the null was learnt from, when a profile set was given."""
    columns: Mapping[str, ColumnDrift]
    schema: SchemaChanges
    """Changes of the columns themselves, which are not drift."""
    verdict: Verdict
    why: str
    """One sentence on the overall result."""
    false_discovery_rate: float
    """The share of false ones among the reported drifts that was allowed."""
    options: Options = field(repr=False)
    """What the comparison was told."""
    _order: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        order = sorted(self.columns, key=lambda name: self.columns[name].importance)
        object.__setattr__(self, "_order", tuple(order))

    @property
    def dataset(self) -> str | None:
        """The name of the dataset."""
        return self.current.dataset or self.reference.dataset

    @property
    def drifted(self) -> tuple[str, ...]:
        """The names of the columns that drift, the largest effect first."""
        return tuple(name for name in self if self.columns[name].verdict == "drift")

    @cached_property
    def correlations(self) -> tuple[CorrelationDrift, ...]:
        """How the correlation of each pair of numeric columns has changed, the greatest change first.

        Correlations are judged among themselves, apart from the columns, and do not count in the verdict.
        Empty if a profile keeps no correlation.

        Example:
            >>> import tidegauge as tg
            >>> x = [n * 37 % 101 for n in range(2000)]
            >>> before, after = tg.log({"x": x, "y": x}), tg.log({"x": x, "y": [n * n % 97 for n in x]})
            >>> change = tg.compare(after, before).correlations[0]
            >>> change.verdict, change.why
            ('drift', 'The correlation went from 1.00 to -0.07 (p < 0.0001).')
        """
        from tidegauge.drift.correlations import compare_correlations

        return compare_correlations(self.current, self.reference, self.history, self.options)

    @property
    def strangeness(self) -> float:
        """How strange the dataset is as a whole: the sum of the excess of all columns that drift."""
        return sum(self.columns[name].excess for name in self.drifted)

    def __getitem__(self, column: str) -> ColumnDrift:
        """Return how a column has changed.

        Raises:
            MissingColumnError: It was not compared.
        """
        try:
            return self.columns[column]
        except KeyError:
            raise MissingColumnError(
                f"column {column!r} was not compared{nearest(str(column), self.columns)}; "
                "only columns that both profiles have are"
            ) from None

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the columns, most important first."""
        return iter(self._order)

    def __len__(self) -> int:
        """Return how many columns were compared."""
        return len(self.columns)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dicts and lists that ``json.dumps`` accepts; NaN is None."""
        from tidegauge.drift.plain import report_dict

        return report_dict(self)

    def __repr__(self) -> str:
        """Draw it for a terminal."""
        from tidegauge.display.drift_text import drift_text

        return drift_text(self)
