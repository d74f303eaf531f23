"""Samples: the records that a sampler kept, as a value."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from tidegauge import _kernel
from tidegauge.errors import ArgumentError, FormatError, MergeError, MissingLibraryError
from tidegauge.paths import PathLike, expand_paths, write_whole
from tidegauge.samplers.sampler import checked_expression, sampler_of

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from tidegauge.expressions import Expression
    from tidegauge.samplers.sampler import Sampler


class SampleEstimate(NamedTuple):
    """What a sample says about all records, and how far off that may be.

    Example:
        >>> import tidegauge as tg
        >>> samples = tg.samplers.sample({"fare": [5.0, 7.5]}, tg.samplers.Reservoir(10))
        >>> samples.estimate("fare > 6")
        SampleEstimate(value=1.0, standard_error=0.0)
    """

    value: float
    standard_error: float


class Stratum(NamedTuple):
    """A stratum of a `Stratified` sample; `values` is None for all strata beyond the limit together.

    In a `Rare` sample, a value and the most records that may have it.

    Example:
        >>> import tidegauge as tg
        >>> tg.samplers.sample({"city": ["Oslo"]}, tg.samplers.Stratified("city", 5)).strata
        (Stratum(values=('Oslo',), seen=1, kept=1),)
    """

    values: tuple[str | None, ...] | None
    seen: int
    kept: int


class Samples:
    """Records that a sampler kept: rows in order of arrival, and out of how many they were chosen.

    An immutable value that can be pickled, merged and written. It exports Arrow, so that pyarrow, polars,
    DuckDB and pandas accept it directly.

    Columns have plain types: dictionary-encoded columns have the type of their values. A column with values
    of several types gets a type that holds them all exactly, or else is text, with nested values as JSON.

    Example:
        >>> import tidegauge as tg
        >>> samples = tg.samplers.sample({"fare": [5.0, 7.5, None]}, tg.samplers.Reservoir(10))
        >>> samples.rows()
        [{'fare': 5.0}, {'fare': 7.5}, {'fare': None}]
        >>> samples
        Samples(Reservoir(size=10): 3 of 3 records, 1 column)
    """

    __slots__ = ("_kernel",)

    def __init__(self, kernel: _kernel.KernelSample) -> None:
        if not isinstance(kernel, _kernel.KernelSample):
            raise ArgumentError(
                "Samples are not made by calling the class: use tidegauge.samplers.sample(data, sampler), "
                "a Sampling or Samples.read(path)"
            )
        self._kernel = kernel

    # What it is of

    @property
    def sampler(self) -> Sampler:
        """The sampler that chose the records."""
        return sampler_of(self._kernel.sampler)

    @property
    def seen(self) -> int:
        """How many records the sampler saw."""
        return self._kernel.seen

    @property
    def eligible(self) -> int:
        """How many of them could be chosen: those that failed the condition, or had a weight or a value."""
        return self._kernel.eligible

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in the order of the data."""
        return tuple(self._kernel.columns)

    @property
    def weights(self) -> tuple[float, ...] | None:
        """How many records, or how much weight, each record stands for.

        None for `Outliers` and `Rare`, which do not choose by chance: their records say nothing about others.
        """
        weights = self._kernel.weights
        return None if weights is None else tuple(weights)

    @property
    def places(self) -> tuple[int, ...]:
        """The position of each record among those that were seen, counted from 0."""
        return tuple(self._kernel.orders)

    @property
    def strata(self) -> tuple[Stratum, ...]:
        """The strata of a `Stratified` sample, the values of a `Rare` one; empty for others."""
        kept = Counter(self._kernel.item_groups)
        groups = enumerate(self._kernel.groups)
        return tuple(
            Stratum(None if values is None else tuple(values), seen, kept[number])
            for number, (values, seen) in groups
        )

    def __len__(self) -> int:
        """Return how many records were kept."""
        return len(self._kernel)

    # What it says

    def estimate(self, condition: Expression | str | None = None) -> SampleEstimate:
        """Estimate for how many of the records a condition is true.

        From a `Weighted` sample, estimate how much they weigh; from a `Failing` one, for how many of those
        that failed. The estimate is unbiased, whatever the condition.

        Args:
            condition: An expression, such as ``col("city") == "Oslo"``, or its text; all records when None.

        Returns:
            The estimate and its standard error, which is 0 when all records were kept.

        Raises:
            ArgumentError: The records were not chosen by chance, or the condition is invalid or names a
                column that the sample does not have.

        Example:
            >>> import tidegauge as tg
            >>> rides = {"fare": range(1000)}
            >>> samples = tg.samplers.sample(rides, tg.samplers.Reservoir(200), seed=7)
            >>> estimate = samples.estimate("fare < 250")
            >>> abs(estimate.value - 250) < 4 * estimate.standard_error
            True
        """
        text = None if condition is None else checked_expression(condition, "condition")
        value, error = self._kernel.estimate(text)
        return SampleEstimate(value + 0.0, error)  # the sum of nothing is -0.0

    # Its records

    def rows(self) -> list[dict[str, Any]]:
        """Return the records as dicts of Python values, in order of arrival."""
        return self._kernel.rows()

    def to_arrow(self) -> pa.Table:
        """Return the records as a pyarrow table.

        Raises:
            MissingLibraryError: pyarrow is not installed.
        """
        try:
            import pyarrow
        except ImportError as error:
            raise _missing("to_arrow", "pyarrow") from error
        return pyarrow.table(self)

    def to_polars(self) -> pl.DataFrame:
        """Return the records as a polars data frame.

        Raises:
            MissingLibraryError: polars is not installed.
        """
        try:
            import polars
        except ImportError as error:
            raise _missing("to_polars", "polars") from error
        return polars.DataFrame(self)

    def to_pandas(self) -> pd.DataFrame:
        """Return the records as a pandas data frame.

        Raises:
            MissingLibraryError: pandas is not installed.
        """
        try:
            import pandas
        except ImportError as error:
            raise _missing("to_pandas", "pandas") from error
        try:
            return self.to_arrow().to_pandas()
        except MissingLibraryError:
            return pandas.DataFrame(self.rows(), columns=list(self.columns))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Export the records through the Arrow PyCapsule interface."""
        return self._kernel.__arrow_c_stream__(requested_schema)

    # Together, and elsewhere

    def merge(self, *others: Samples) -> Samples:
        """Return the sample of all the records that this one and others were drawn from.

        Args:
            others: Samples of the same sampler, of other records.

        Raises:
            MergeError: The samplers differ, or two samples were drawn with the same random numbers.

        Example:
            >>> import tidegauge as tg
            >>> sampler = tg.samplers.Reservoir(10)
            >>> parts = [tg.samplers.sample({"ride": range(500)}, sampler) for _ in range(2)]
            >>> merged = parts[0].merge(parts[1])
            >>> len(merged), merged.seen
            (10, 1000)
        """
        for other in others:
            if not isinstance(other, Samples):
                raise MergeError(f"Samples merge with Samples, not with {type(other).__name__}")
        return Samples(_kernel.merge_samples([part._kernel for part in (self, *others)]))  # noqa: SLF001

    def to_bytes(self) -> bytes:
        """Return the bytes of a sample file (Parquet)."""
        return self._kernel.encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Samples:
        """Make samples from the bytes that `to_bytes` returned, or that a file holds.

        Raises:
            FormatError: The bytes are not samples, or are damaged.
        """
        return cls(_kernel.decode_sample(bytes(data)))

    def write(self, path: PathLike) -> None:
        """Write a sample file, completely or not at all: Parquet that any reader can read.

        Beside the records' columns it has a column ``_sample`` with what is known about each record: its
        ``weight``, and what merging needs. Records with ``_sample.spare`` are there for merging only: they
        may turn out to be outliers of the whole.

        Args:
            path: Where to write it; by custom the name ends in ``.parquet``. An existing file is replaced.

        Raises:
            MissingFileError: The folder does not exist.
        """
        data = self.to_bytes()

        def write(temporary: str) -> None:
            with open(temporary, "wb") as file:
                file.write(data)

        write_whole(path, write)

    @classmethod
    def read(cls, path: PathLike) -> Samples:
        """Read a sample file; several, from a folder or a pattern, are merged.

        Raises:
            MissingFileError: There is no such file.
            FormatError: A file holds no samples, or is damaged.
            MergeError: There are several that do not merge.
        """
        parts = [cls._read(file) for file in expand_paths(path, (".parquet",))]
        return parts[0] if len(parts) == 1 else parts[0].merge(*parts[1:])

    @classmethod
    def _read(cls, path: str) -> Samples:
        with open(path, "rb") as file:
            data = file.read()
        try:
            return cls.from_bytes(data)
        except FormatError as error:
            raise FormatError(f"{path}: {error}") from None

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle via bytes."""
        return Samples.from_bytes, (self.to_bytes(),)

    def __eq__(self, other: object) -> bool:
        """Return whether another one has the same records, chosen in the same way."""
        return isinstance(other, Samples) and self.to_bytes() == other.to_bytes()

    def __hash__(self) -> int:
        return hash(self.to_bytes())

    def __repr__(self) -> str:
        """Show the sampler and how many records it kept."""
        from tidegauge.samplers.drawing import samples_text

        return samples_text(self)

    def _repr_html_(self) -> str:
        from tidegauge.samplers.drawing import samples_html

        return samples_html(self)


def _missing(method: str, library: str) -> MissingLibraryError:
    return MissingLibraryError(f"{method}() needs {library}, which is not installed; pip install {library}")
