"""Correlation: which numeric columns of a profile vary together, and how closely."""

from __future__ import annotations

from math import atanh, isnan, nan, sqrt, tanh
from typing import TYPE_CHECKING, Any, NamedTuple

from tidegauge.errors import ArgumentError, MissingColumnError, nearest
from tidegauge.table import needs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd
    import pyarrow as pa

FEW = 64
"""Numeric columns up to which they are correlated unasked."""

NORMAL_KURTOSIS = 3.0
_SHOWN = 10

Kernel = tuple[list[str], list[int], list[tuple[int, float, float]]]
"""As the kernel gives it: columns, values of each, and rows, correlation and covariance of each pair."""


class Pair(NamedTuple):
    """Pearson's correlation of two columns, over the records in which both have a finite value.

    Example:
        >>> import tidegauge as tg
        >>> pair = tg.log({"x": [1, 2, 3, 4], "y": [2, 1, 4, 3]}).correlation().pair("x", "y")
        >>> pair.n, round(pair.r, 3)
        (4, 0.6)
    """

    x: str
    """The first column."""
    y: str
    """The second column."""
    n: int
    """Records in which both have a finite value."""
    r: float
    """Pearson's correlation, -1 to 1; NaN when a column does not vary there."""
    covariance: float
    """Their covariance, as of a sample."""
    inflation: float = 1.0
    """How many times the variance of Fisher's z may be that of normal values; see `interval`."""

    @property
    def effective_n(self) -> float:
        """How many records of normally distributed values would tell as much."""
        return self.n / self.inflation

    @property
    def standard_error(self) -> float:
        """The standard error of Fisher's z = artanh(r); NaN for too few records."""
        return 1.0 / sqrt(self.effective_n - 3.0) if self.effective_n > 3.0 else nan

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return the bounds between which the correlation lies, if the records are a sample.

        By Fisher's z (Fisher 1921, "On the probable error of a coefficient of correlation", Metron 1),
        whose variance is 1 / (n - 3) for normally distributed values. Long tails make it larger: it is the
        variance of (u² - v²) / 2, of the standardised sum and difference of both columns, and so (k - 1) / 2
        times as large when these have the kurtosis k and independent squares, less when their squares go
        together. That factor is used, with the larger kurtosis of the two columns: the interval is too wide
        rather than too narrow.

        Args:
            confidence: The confidence of the interval, above 0 and below 1.

        Returns:
            The lower and upper end; -1 and 1 when there are too few records to tell.

        Raises:
            ArgumentError: The confidence is not between 0 and 1.

        Example:
            >>> import tidegauge as tg
            >>> x = range(100)
            >>> pair = tg.log({"x": x, "y": [n + 30 * (n % 3) for n in x]}).correlation().pair("x", "y")
            >>> [round(end, 2) for end in pair.interval()]
            [0.67, 0.83]
        """
        from statistics import NormalDist

        if not 0.0 < confidence < 1.0:
            raise ArgumentError(f"a confidence is between 0 and 1, not {confidence!r}; for 95 % give 0.95")
        if isnan(self.r) or isnan(self.standard_error):
            return -1.0, 1.0
        if abs(self.r) >= 1.0:
            return self.r, self.r
        reach = NormalDist().inv_cdf((1.0 + confidence) / 2.0) * self.standard_error
        return tanh(atanh(self.r) - reach), tanh(atanh(self.r) + reach)


class Correlation:
    """Which numeric columns of a profile vary together: Pearson's correlation of each pair.

    An immutable value. Each correlation is taken over the records in which both columns have a finite value,
    as in pandas' ``DataFrame.corr``; merged profiles give that of all their records.

    Example:
        >>> import tidegauge as tg
        >>> correlation = tg.log({"x": [1, 2, 3, 4], "y": [2, 1, 4, 3], "z": [4, 3, 2, 1]}).correlation()
        >>> correlation.columns, correlation.pair("x", "z").r
        (('x', 'y', 'z'), -1.0)
        >>> [round(r, 2) for r in correlation.matrix[1]]
        [0.6, 1.0, -0.6]
    """

    __slots__ = ("_kernel", "_kurtosis", "_places")

    def __init__(self, kernel: Kernel, kurtosis: Mapping[str, float]) -> None:
        self._kernel = kernel
        self._kurtosis = dict(kurtosis)
        self._places = {name: place for place, name in enumerate(kernel[0])}

    @property
    def columns(self) -> tuple[str, ...]:
        """The numeric columns that have finite values, in the order of the data."""
        return tuple(self._kernel[0])

    @property
    def matrix(self) -> tuple[tuple[float, ...], ...]:
        """The correlations, a row for each column; 1.0 on the diagonal, NaN where a column does not vary."""
        size = range(len(self.columns))
        return tuple(tuple(self._at(row, column)[1] for column in size) for row in size)

    @property
    def counts(self) -> tuple[tuple[int, ...], ...]:
        """How many records each correlation is based on; on the diagonal, the finite values of a column."""
        size = range(len(self.columns))
        return tuple(tuple(self._at(row, column)[0] for column in size) for row in size)

    def _at(self, row: int, column: int) -> tuple[int, float, float]:
        if row == column:
            return self._kernel[1][row], 1.0, nan
        low, high = sorted((row, column))
        return self._kernel[2][high * (high - 1) // 2 + low]

    def pair(self, x: str, y: str) -> Pair:
        """Return the correlation of two columns.

        Raises:
            MissingColumnError: One is not among the correlated columns.

        Example:
            >>> import tidegauge as tg
            >>> tg.log({"x": [1, 2, 4], "y": [1, 2, None]}).correlation().pair("x", "y").n
            2
        """
        for name in (x, y):
            if name not in self._places:
                raise MissingColumnError(
                    f"column {name!r} is not among those that are correlated, which are numeric and have "
                    f"finite values{nearest(str(name), self._places)}"
                )
        if x == y:
            raise MissingColumnError(f"a pair is of two columns; {x!r} was given twice")
        return self._pair(self._places[x], self._places[y])

    def _pair(self, x: int, y: int) -> Pair:
        names = self._kernel[0]
        inflation = inflation_of(self._kurtosis.get(names[x], nan), self._kurtosis.get(names[y], nan))
        return Pair(names[x], names[y], *self._at(x, y), inflation)

    def __iter__(self) -> Iterator[Pair]:
        """Iterate over all pairs, row by row above the diagonal."""
        size = len(self.columns)
        return (self._pair(x, y) for x in range(size) for y in range(x + 1, size))

    def __len__(self) -> int:
        """Return how many pairs there are."""
        return len(self._kernel[2])

    def __bool__(self) -> bool:
        """Return whether there are any pairs."""
        return bool(self._kernel[2])

    def strongest(self, most: int = _SHOWN) -> tuple[Pair, ...]:
        """Return the most closely correlated pairs, whatever the sign; unknown ones are left out.

        Example:
            >>> import tidegauge as tg
            >>> correlation = tg.log({"x": [1, 2, 3, 4], "y": [2, 1, 4, 3], "z": [4, 3, 2, 1]}).correlation()
            >>> [(pair.x, pair.y) for pair in correlation.strongest(1)]
            [('x', 'z')]
        """
        if most < 0:
            raise ArgumentError(f"most={most!r}; expected how many pairs to return, such as 10")
        known = (pair for pair in self if not isnan(pair.r))
        return tuple(sorted(known, key=lambda pair: -abs(pair.r))[:most])

    def rows(self) -> list[dict[str, Any]]:
        """Return a flat dict for each pair, as `to_arrow` has them.

        Example:
            >>> import tidegauge as tg
            >>> row = tg.log({"x": [1, 2, 3, 4], "y": [2, 1, 4, 3]}).correlation().rows()[0]
            >>> sorted(row)
            ['covariance', 'high', 'low', 'n', 'r', 'x', 'y']
        """
        return [_row(pair) for pair in self]

    def to_pandas(self) -> pd.DataFrame:
        """Return the matrix as a pandas data frame with the columns' names on both axes; needs pandas."""
        try:
            import pandas as pd
        except ImportError as error:
            raise needs("pandas", "to_pandas") from error
        return pd.DataFrame(
            self.matrix, index=list(self.columns), columns=list(self.columns), dtype="float64"
        )

    def to_arrow(self) -> pa.Table:
        """Return a pyarrow table with a row for each pair, with its interval at 95 %; needs pyarrow."""
        try:
            import pyarrow as pa
        except ImportError as error:
            raise needs("pyarrow", "to_arrow") from error
        types = {"x": pa.string(), "y": pa.string(), "n": pa.int64()}
        fields = [
            (name, types.get(name, pa.float64())) for name in (*types, "r", "covariance", "low", "high")
        ]
        return pa.Table.from_pylist(self.rows(), schema=pa.schema(fields))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain lists that ``json.dumps`` accepts; unknown values are None."""
        rows = [[None if isnan(r) else r for r in row] for row in self.matrix]
        return {"columns": list(self.columns), "matrix": rows, "counts": [list(row) for row in self.counts]}

    def __eq__(self, other: object) -> bool:
        """Return whether columns, counts and correlations are the same."""
        return self._identity() == other._identity() if isinstance(other, Correlation) else NotImplemented

    def __hash__(self) -> int:
        """Hash by what is compared."""
        return hash(self._identity())

    def _identity(self) -> tuple[object, ...] | None:
        return identity_of(self._kernel)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle as plain values."""
        return Correlation, (self._kernel, self._kurtosis)

    def __repr__(self) -> str:
        """Show the strongest correlations."""
        found = self.strongest(3)
        shown = ", ".join(f"{pair.x!r} and {pair.y!r} {pair.r:.3g}" for pair in found)
        columns, pairs = ("" if count == 1 else "s" for count in (len(self.columns), len(self)))
        head = f"{len(self.columns)} column{columns}, {len(self)} pair{pairs}"
        return f"<Correlation of {head}{f', strongest: {shown}' if shown else ''}>"


def inflation_of(*kurtosis: float) -> float:
    """Tell how many times the variance of Fisher's z may be that of normal values; see `Pair.interval`.

    Args:
        kurtosis: Fourth central moments over squared variances, 3 for a normal distribution, as which NaN
            counts.

    Example:
        >>> inflation_of(3.0, 9.0), inflation_of(1.8, 3.0)
        (4.0, 1.0)
    """
    largest = max((each for each in kurtosis if not isnan(each)), default=NORMAL_KURTOSIS)
    return max(1.0, (largest - 1.0) / 2.0)


def identity_of(kernel: Kernel | None) -> tuple[object, ...] | None:
    """What two profiles' correlations have in common when they are the same, in whatever order."""
    if kernel is None:
        return None
    names, counts, pairs = kernel
    singles = frozenset(zip(names, counts, strict=True))
    places = ((x, y) for y in range(1, len(names)) for x in range(y))
    told = (
        (*sorted((names[x], names[y])), n, repr(r), repr(covariance))
        for (x, y), (n, r, covariance) in zip(places, pairs, strict=True)
    )
    return singles, tuple(sorted(told))


def kurtosis_of(columns: Iterable[tuple[str, Any]]) -> dict[str, float]:
    """Read the kurtosis of columns of numbers, where their moments are known."""
    found = {}
    for name, column in columns:
        values = column and column.values
        if values and values.has_moments and values.kind == "number" and values.m2 > 0:
            # One by one: the square of a sum of squares may be beyond the range of doubles.
            found[name] = values.n * (values.m4 / values.m2) / values.m2
    return found


def _row(pair: Pair) -> dict[str, Any]:
    low, high = pair.interval()
    known = {"x": pair.x, "y": pair.y, "n": pair.n, "r": pair.r, "covariance": pair.covariance}
    return {**known, "low": low, "high": high}
