"""Statistics: mean, spread, quantiles and shape of a column's values.

Only finite values count. Quantiles come with their sketch's error. Whether another sample from the same
source would pass too is a different question, asked by ``confidence``: the interval is then the one that
holds the truth behind the sample.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, ClassVar

from tidegauge.constraints import fields, wording
from tidegauge.constraints.bounded import Bounded, coarsely, error_of_rounding, numbers_of, require_unrounded
from tidegauge.constraints.constraint import constraint
from tidegauge.constraints.context import CannotJudgeError
from tidegauge.constraints.estimate import Estimate, exactly
from tidegauge.constraints.families.validity import comparable
from tidegauge.constraints.units import EXACT, PLAIN, SPAN, Moment, Unit
from tidegauge.quoting import quoted

if TYPE_CHECKING:
    from tidegauge.column import ColumnProfile
    from tidegauge.constraints.context import Context
    from tidegauge.metrics.numbers import Numbers


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Statistic(Bounded):
    """A bounded statistic of a column's values.

    Attributes:
        confidence: Judge by the interval that holds the truth behind the sample with this
            confidence; without it, by what was logged alone.
    """

    _: KW_ONLY
    at_least: Any = field(default=None, metadata=fields.VALUE)
    at_most: Any = field(default=None, metadata=fields.VALUE)
    confidence: float | None = field(default=None, metadata=fields.CONFIDENCE)

    def _deviations(self) -> float:
        """How many standard errors the interval reaches to either side; 0 when it was not asked for."""
        return 0.0 if self.confidence is None else NormalDist().inv_cdf((1 + self.confidence) / 2)

    def _sampled(self, estimate: Estimate, error: float) -> Estimate:
        """Widen an estimate by its sampling error, if that was asked for."""
        if self.confidence is None:
            return estimate
        if error != error:
            raise CannotJudgeError("there are too few values to tell the sampling error")
        margin = self._deviations() * error
        return estimate._replace(low=estimate.low - margin, high=estimate.high + margin)


def _values_of(context: Context, name: str) -> tuple[ColumnProfile, Numbers, Unit]:
    column = context.column(name)
    values, unit = numbers_of(column)
    if not values.n:
        raise CannotJudgeError(f"column {quoted(name)} has no finite values")
    return column, values, unit


@constraint
class Min(Bounded):
    """The smallest finite value of a column; it is exact.

    Attributes:
        column: The column's name.

    Example:
        >>> Min("fare", at_most=3).label
        'smallest value of fare at most 3'
    """

    noun: ClassVar[str] = "smallest value"
    column: str = field(metadata=fields.COLUMN)
    _: KW_ONLY
    at_least: Any = field(default=None, metadata=fields.VALUE)
    at_most: Any = field(default=None, metadata=fields.VALUE)

    def measure(self, context: Context) -> Estimate:
        """Find the value."""
        return _extreme(context, self.column, "min")


@constraint
class Max(Bounded):
    """The largest finite value of a column; it is exact.

    Attributes:
        column: The column's name.

    Example:
        >>> Max("delay", at_least=0).label
        'greatest value of delay at least 0'
    """

    noun: ClassVar[str] = "greatest value"
    column: str = field(metadata=fields.COLUMN)
    _: KW_ONLY
    at_least: Any = field(default=None, metadata=fields.VALUE)
    at_most: Any = field(default=None, metadata=fields.VALUE)

    def measure(self, context: Context) -> Estimate:
        """Find the value."""
        return _extreme(context, self.column, "max")


def _extreme(context: Context, name: str, which: str) -> Estimate:
    column, values, unit = _values_of(context, name)
    if column.type == "decimal":
        unit = EXACT
    return coarsely(exactly(comparable(getattr(values, which), unit), unit), column)


@constraint
class Mean(Statistic):
    """The mean of a column's values.

    Attributes:
        column: The column's name.

    Example:
        >>> Mean("fare", at_least=10, at_most=15).label
        'mean of fare from 10 to 15'
    """

    noun: ClassVar[str] = "mean"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the mean."""
        column, values, unit = _values_of(context, self.column)
        if isinstance(unit, Moment):
            unit = Moment(unit.scale, averaged=True)
        moments = values.moments
        estimate = _within(comparable(moments.mean, unit), error_of_rounding(column), unit)
        return self._sampled(estimate, _in_unit(moments.standard_errors.mean, unit))


def _in_unit(spread: Any, unit: Unit) -> float:
    """Turn a spread into the unit's own numbers: a timedelta into microseconds or days."""
    if spread is None:
        return float("nan")
    if not isinstance(unit, Moment):
        return float(spread)
    seconds = float(spread.total_seconds())
    return seconds / 86_400 if unit.scale.kind == "date" else seconds * 1e6


@constraint
class Stddev(Statistic):
    """The standard deviation of a column's values; for times it is a length of time.

    Attributes:
        column: The column's name.

    Example:
        >>> Stddev("fare", at_most=12).label
        'standard deviation of fare at most 12'
    """

    noun: ClassVar[str] = "standard deviation"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the standard deviation."""
        column, values, unit = _values_of(context, self.column)
        moments = values.moments
        spread, error = moments.stddev, moments.standard_errors.stddev
        # If no value moves by more than this, neither does the standard deviation.
        reach = error_of_rounding(column) * sqrt(values.n / max(values.n - 1, 1))
        if isinstance(unit, Moment):
            spread, error = _seconds(spread), _seconds(error)
            reach *= 86_400 if unit.scale.kind == "date" else 1e-6
            return self._sampled(_within(spread, reach, SPAN), float("nan") if error is None else error)
        return self._sampled(_within(spread, reach, PLAIN), error)


def _seconds(span: Any) -> float | None:
    return None if span is None else float(span.total_seconds())


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Shape(Statistic):
    """A statistic that has no unit."""

    _: KW_ONLY
    at_least: float | None = field(default=None, metadata=fields.NUMBER)
    at_most: float | None = field(default=None, metadata=fields.NUMBER)


@constraint
class Skewness(Shape):
    """The skewness of a column's values; the sampling error is that of normally distributed ones.

    Attributes:
        column: The column's name.

    Example:
        >>> Skewness("fare", at_most=3).label
        'skewness of fare at most 3'
    """

    noun: ClassVar[str] = "skewness"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the skewness."""
        column, values, _ = _values_of(context, self.column)
        require_unrounded(column, "their shape")
        moments = values.moments
        return self._sampled(exactly(moments.skewness), moments.standard_errors.skewness)


@constraint
class Kurtosis(Shape):
    """The excess kurtosis of a column's values; the sampling error is that of normally distributed ones.

    Attributes:
        column: The column's name.

    Example:
        >>> Kurtosis("fare", at_most=10).label
        'kurtosis of fare at most 10'
    """

    noun: ClassVar[str] = "kurtosis"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the kurtosis."""
        column, values, _ = _values_of(context, self.column)
        require_unrounded(column, "their shape")
        moments = values.moments
        return self._sampled(exactly(moments.kurtosis), moments.standard_errors.kurtosis)


@constraint
class Median(Statistic):
    """The median of a column's values.

    Attributes:
        column: The column's name.

    Example:
        >>> Median("fare", at_most=12).label
        'median of fare at most 12'
    """

    noun: ClassVar[str] = "median"
    column: str = field(metadata=fields.COLUMN)

    def measure(self, context: Context) -> Estimate:
        """Find the median, with the sketch's interval at 99 %."""
        return _quantile(context, self.column, 0.5, self._deviations())


@constraint
class Quantile(Statistic):
    """A quantile of a column's values.

    Attributes:
        column: The column's name.
        rank: The share of values that lie at or below it.

    Example:
        >>> Quantile("fare", 0.95, at_most=40).label
        '95% quantile of fare at most 40'
    """

    column: str = field(metadata=fields.COLUMN)
    rank: float = field(metadata=fields.RANK)

    @property
    def subject(self) -> str:
        """What is bounded, in words."""
        return f"{wording.share(self.rank)} quantile of {self.column}"

    def measure(self, context: Context) -> Estimate:
        """Find the quantile, with the sketch's interval at 99 %."""
        return _quantile(context, self.column, self.rank, self._deviations())


def _quantile(context: Context, name: str, rank: float, deviations: float) -> Estimate:
    """Find a quantile between those of the ranks that the sketch's and the sample's error reach to."""
    column, values, unit = _values_of(context, name)
    quantiles = values.quantiles
    error = quantiles.rank_error if 0 < rank < 1 else 0.0
    error += deviations * sqrt(rank * (1 - rank) / quantiles.n)
    ranks = [max(rank - error, 0.0), rank, min(rank + error, 1.0)]
    low, value, high = (comparable(each, unit) for each in quantiles.quantile(ranks))
    return coarsely(Estimate(value, low, high, unit), column)


@constraint
class Sum(Bounded):
    """The sum of a column's values: numbers or lengths of time.

    Attributes:
        column: The column's name.

    Example:
        >>> Sum("passengers", at_least=1000).label
        'sum of passengers at least 1,000'
    """

    noun: ClassVar[str] = "sum"
    column: str = field(metadata=fields.COLUMN)
    _: KW_ONLY
    at_least: Any = field(default=None, metadata=fields.VALUE)
    at_most: Any = field(default=None, metadata=fields.VALUE)

    def measure(self, context: Context) -> Estimate:
        """Find the sum: exact for whole numbers below 2⁵², to a double's precision for others."""
        return total_of(context, self.column)


def total_of(context: Context, name: str) -> Estimate:
    """Sum a column.

    Raises:
        CannotJudgeError: Its values cannot be added, or some are not finite.
    """
    column, values, unit = _values_of(context, name)
    if column.counts.present > values.n:
        raise CannotJudgeError(f"column {quoted(name)} has values that are not finite, and so has no sum")
    if isinstance(unit, Moment):
        if unit.scale.kind != "duration":
            raise CannotJudgeError(f"column {quoted(name)} holds {column.type} values, which cannot be added")
        error = error_of_rounding(column) / 1e6 * values.n
        return _within(values.moments.mean.total_seconds() * values.n, error, SPAN)
    total = values.moments.mean * values.n
    if column.type == "integer" and abs(total) < 2.0**52:
        total = round(total)
    return _within(total, error_of_rounding(column) * values.n, PLAIN)


def _within(number: Any, error: float, unit: Unit) -> Estimate:
    """Take a number for certain, or as far as rounding lets it be known."""
    estimate = exactly(number, unit)
    return estimate._replace(low=number - error, high=number + error) if error else estimate
