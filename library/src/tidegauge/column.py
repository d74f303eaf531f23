"""ColumnProfile: what a profile knows about one column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from tidegauge import _kernel
from tidegauge.errors import MissingMetricError, nearest
from tidegauge.metrics.cardinality import Cardinality
from tidegauge.metrics.counts import Counts
from tidegauge.metrics.custom import CustomMetric
from tidegauge.metrics.frequent_items import FrequentItems
from tidegauge.metrics.numbers import Numbers
from tidegauge.metrics.scale import Scale
from tidegauge.metrics.stated import Stated, read_statement
from tidegauge.metrics.types import Types

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tidegauge._kernel import KernelColumn, KernelNumbers, KernelProfile
    from tidegauge.metrics.custom import Metric
    from tidegauge.metrics.moments import Moments
    from tidegauge.metrics.quantiles import Histogram, Quantiles
    from tidegauge.metrics.scale import Value


class ColumnProfile:
    """What a profile knows about one column: an immutable value.

    You get one from a profile, by the column's name. Numbers and times have mean, extremes, quantiles and so
    on directly (``column.mean``); strings, binaries and lists have those of their `lengths`.

    Example:
        >>> import tidegauge as tg
        >>> fare = tg.log({"fare": [5.0, 7.5, None, 40.0]})["fare"]
        >>> fare.null_rate, fare.mean, fare.quantile([0.5, 1.0])
        (0.25, 17.5, [7.5, 40.0])
    """

    __slots__ = ("_column", "_content", "_profile")

    def __init__(self, profile: KernelProfile, column: KernelColumn) -> None:
        self._profile = profile
        self._column = column
        self._content: tuple[object, ...] | None = None

    @property
    def name(self) -> str:
        """The column's name; ``parent.child`` for a nested field, ``parent[]`` for the elements of a list."""
        return self._column.name

    @property
    def type(self) -> str:
        """The type of its values.

        One of ``null boolean integer fractional decimal string binary date timestamp time duration
        list struct other mixed``.
        """
        return self._column.type

    @property
    def arrow_type(self) -> str:
        """The Arrow type of the data that was logged, as text."""
        return self._column.arrow_type

    @property
    def role(self) -> str | None:
        """What the column is: ``timestamp prediction score target id``, or None for any other."""
        return self._column.role

    @property
    def position(self) -> int:
        """The column's position in the data, counted from 0."""
        return self._column.position

    @property
    def privacy(self) -> str | None:
        """What was done to keep single values from being read, as the file states it; None when nothing was.

        Words such as ``items=hashed:3f9a1c2b4d5e min_count=10 cardinality=off rounded=step:10``,
        see `Privacy`; hashed metrics state the id of the key.
        """
        return self._column.privacy or None

    @property
    def records(self) -> int:
        """Records in which the column was present, null or not."""
        return self.counts.records

    @property
    def nulls(self) -> int:
        """Records in which it was null."""
        return self.counts.nulls

    @property
    def null_rate(self) -> float:
        """The share of records in which it was null, 0 to 1; NaN when there are no records."""
        return self.counts.null_rate

    @property
    def counts(self) -> Counts:
        """How many values there are, and how many are special: NaN, zeros, empty strings and so on."""
        counts = self._column.counts
        return Counts(**{name: counts[name] for name in Counts._fields})

    @property
    def types(self) -> Types:
        """How many values of each type were seen."""
        types = self._column.types
        return Types(**{name: types[name] for name in Types._fields})

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of the metrics kept for this column; your own come last.

        For strings and lists, ``moments`` and ``quantiles`` are those of their lengths.
        """
        numbers = self._column.values or self._column.lengths
        kept = {
            "counts": True,
            "types": True,
            "moments": numbers is not None and numbers.has_moments,
            "quantiles": numbers is not None and numbers.has_quantiles,
            "cardinality": self._column.cardinality is not None,
            "frequent_items": self._column.frequent_items is not None,
        }
        return (*(name for name, there in kept.items() if there), *self._column.extensions)

    @property
    def values(self) -> Numbers | None:
        """Moments, extremes and quantiles of the values; None for columns without numbers or times."""
        numbers = self._column.values
        if numbers is None:
            return None
        scale = Scale(
            numbers.kind,
            whole=self.type == "integer",
            decimal=self.type == "decimal",
            zoned=_has_zone(self.arrow_type),
        )
        return Numbers(numbers, scale, f"column {self.name!r}", extremes=self._stated.numbers == "kept")

    @property
    def lengths(self) -> Numbers:
        """The same for lengths: characters of strings, bytes of binaries, elements of lists.

        Raises:
            MissingMetricError: Nothing in the column has a length.
        """
        numbers = self._column.lengths
        if numbers is None:
            raise MissingMetricError(self._why_missing("lengths", "strings, binaries and lists have them"))
        return Numbers(numbers, Scale("number", whole=True), f"the lengths of column {self.name!r}")

    def _numbers(self, metric: str) -> Numbers:
        values = self.values
        if values is None:
            raise MissingMetricError(self._why_missing(metric, "numbers and times have it"))
        return values

    @property
    def _stated(self) -> Stated:
        return read_statement(self._column.privacy)

    def _why_missing(self, metric: str, who_has: str) -> str:
        name = self.name
        if self.records and not self.counts.present:
            return f"column {name!r} has no {metric}: all its values are null"
        if metric != "lengths" and self._column.lengths is not None:
            things = {"string": "strings", "binary": "binaries", "list": "lists"}.get(
                self.type, f"{self.type} values"
            )
            lengths = "string lengths" if self.type == "string" else "lengths"
            return (
                f"column {name!r} holds {things}: it has no {metric}; "
                f"profile[{name!r}].lengths has those of the {lengths}"
            )
        return self._why_left_out(metric, who_has)

    @property
    def moments(self) -> Moments:
        """Mean, variance, skewness, kurtosis and their standard errors."""
        return self._numbers("moments").moments

    @property
    def quantiles(self) -> Quantiles:
        """Quantiles, distribution function and histogram."""
        return self._numbers("quantiles").quantiles

    @property
    def min(self) -> Value:
        """The smallest finite value, exact; None when there is none."""
        return self._numbers("min").min

    @property
    def max(self) -> Value:
        """The largest finite value, exact; None when there is none."""
        return self._numbers("max").max

    @property
    def mean(self) -> Value:
        """The mean of the finite values; see `Moments.mean`."""
        return self._numbers("mean").mean

    @property
    def stddev(self) -> Value:
        """The sample standard deviation; see `Moments.stddev`."""
        return self._numbers("stddev").stddev

    @property
    def variance(self) -> float:
        """The sample variance; see `Moments.variance`."""
        return self._numbers("variance").variance

    @property
    def skewness(self) -> float:
        """The bias-corrected skewness; see `Moments.skewness`."""
        return self._numbers("skewness").skewness

    @property
    def kurtosis(self) -> float:
        """The bias-corrected excess kurtosis; see `Moments.kurtosis`."""
        return self._numbers("kurtosis").kurtosis

    @property
    def median(self) -> Value:
        """The 0.5 quantile."""
        return self._numbers("median").median

    @overload
    def quantile(self, ranks: float) -> Value: ...
    @overload
    def quantile(self, ranks: Iterable[float]) -> list[Value]: ...
    def quantile(self, ranks: float | Iterable[float]) -> Value | list[Value]:
        """Find the values below or at which given shares of all values lie.

        Args:
            ranks: One share or several, each from 0 (the smallest value) to 1 (the largest).

        Returns:
            A value that occurs in the data, or a list of them; see `Quantiles.quantile`.

        Raises:
            MissingMetricError: The column has no quantiles.
            ArgumentError: A share is not between 0 and 1.
        """
        return self._numbers("quantiles").quantile(ranks)

    def cdf(self, points: Value | Iterable[Value]) -> Value:
        """Estimate the share of values that are less than or equal to a value; see `Quantiles.cdf`."""
        return self._numbers("quantiles").cdf(points)

    def histogram(self, bins: int | Iterable[Value] = 30) -> Histogram:
        """Count values in bins; see `Quantiles.histogram`."""
        return self._numbers("histogram").histogram(bins)

    @property
    def cardinality(self) -> Cardinality:
        """How many distinct values there are.

        Raises:
            MissingMetricError: It is not kept for this column.
        """
        sketch = self._column.cardinality
        if sketch is None:
            raise MissingMetricError(self._why_left_out("cardinality", "all scalar columns have it"))
        return Cardinality(sketch)

    @property
    def frequent_items(self) -> FrequentItems:
        """The most common values.

        Raises:
            MissingMetricError: They are not kept for this column.
        """
        sketch = self._column.frequent_items
        if sketch is None:
            raise MissingMetricError(
                self._why_left_out("frequent_items", "strings, booleans, numbers and dates have them")
            )
        return FrequentItems(sketch, self.type, self._stated)

    @property
    def custom_metrics(self) -> Mapping[str, CustomMetric]:
        """The values of your own metrics, by name; see `tidegauge.Metric`."""
        from tidegauge.metrics.known import known_metric

        kept = self._column.extensions.items()
        return {name: CustomMetric(name, each, known_metric(name)) for name, each in kept}

    def metric(self, metric: str | Metric[Any]) -> dict[str, Any]:
        """Return what one of your own metrics says about the column.

        Args:
            metric: Its name, such as ``"acme.entropy"``, or the metric itself.

        Raises:
            MissingMetricError: It is not kept for this column, is not registered here, or failed every time.
        """
        from tidegauge.metrics.known import known_metric

        name = metric if isinstance(metric, str) else metric.name
        kept = self._column.extensions
        if name not in kept:
            raise MissingMetricError(f"column {self.name!r} has no metric {name!r}{nearest(name, kept)}")
        known = known_metric(name) if isinstance(metric, str) else metric
        return CustomMetric(name, kept[name], known).summary()

    @property
    def metric_errors(self) -> dict[str, int]:
        """How often your own metrics raised exceptions, by name; those that never did are left out.

        The first exception is reported to the logger ``tidegauge`` of Python's `logging`.
        """
        kept = self.custom_metrics.values()
        return {each.name: each.errors for each in kept if each.errors}

    def _why_left_out(self, metric: str, who_has: str) -> str:
        kept = ", ".join(self.metrics)
        if self.privacy:
            return (
                f"column {self.name!r} ({self.type}) has no {metric}: the schema keeps it private "
                f"({self.privacy}); kept: {kept}"
            )
        return (
            f"column {self.name!r} ({self.type}) has no {metric}: {who_has}, "
            f"unless the schema leaves it out; kept: {kept}"
        )

    def __eq__(self, other: object) -> bool:
        """Return whether name, type, role and all metrics are the same; the Arrow type may differ."""
        if not isinstance(other, ColumnProfile):
            return NotImplemented
        return self._identity() == other._identity()

    def __hash__(self) -> int:
        """Hash by what is compared."""
        return hash(self._identity())

    def _identity(self) -> tuple[object, ...]:
        if self._content is None:
            column = self._column
            cardinality, items = column.cardinality, column.frequent_items
            self._content = (
                column.name,
                column.type,
                column.role,
                column.privacy,
                tuple(sorted(column.counts.items())),
                tuple(sorted(column.types.items())),
                _identity_of_numbers(column.values),
                _identity_of_numbers(column.lengths, exact=False),
                cardinality and cardinality.to_bytes(),
                items and (tuple(items.items), items.error, items.total),
                tuple(
                    (name, tuple(parts), told) for name, (parts, told) in sorted(column.extensions.items())
                ),
            )
        return self._content

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle via the profile's bytes."""
        return _restore_column, (_kernel.encode([self._profile]), self.name)

    def __repr__(self) -> str:
        """Draw the column for a terminal."""
        from tidegauge.display.terminal import column_text

        return column_text(self)

    def _repr_html_(self) -> str:
        from tidegauge.display.html import column_html

        return column_html(self)


def kernel_column(column: ColumnProfile) -> KernelColumn:
    """Return the kernel's value of a column."""
    return column._column  # noqa: SLF001 - the one door to it


def stated_of(column: ColumnProfile | KernelColumn) -> Stated:
    """Return what a profile states about a column's privacy."""
    return read_statement(column.privacy or "")


def _has_zone(arrow_type: str) -> bool:
    """Whether an Arrow type's text, or one of several, has a time zone, as ``timestamp[us, UTC]`` has."""
    return any(part.lower().startswith("timestamp") and "," in part for part in arrow_type.split(" | "))


def _identity_of_numbers(numbers: KernelNumbers | None, *, exact: bool = True) -> tuple[object, ...] | None:
    """What two columns' numbers have in common when they are the same; NaN as text equals itself.

    Lengths are small, and files do not keep their extremes as text too: these do not count.
    """
    if numbers is None:
        return None
    floats = (numbers.mean, numbers.m2, numbers.m3, numbers.m4, numbers.min, numbers.max)
    sketch = numbers.quantiles_bytes() if numbers.has_quantiles else None
    extremes = (numbers.min_exact, numbers.max_exact) if exact else None
    return (numbers.kind, numbers.n, *map(repr, floats), extremes, sketch)


def _restore_column(data: bytes, name: str) -> ColumnProfile:
    profile = _kernel.decode(data)[0]
    column = profile.column(name)
    if column is None:
        raise MissingMetricError(f"the pickled profile has no column {name!r}")
    return ColumnProfile(profile, column)
