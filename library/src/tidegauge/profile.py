"""Profile: the metrics of one dataset, one segment and one window, as an immutable value."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from tidegauge import _kernel, table
from tidegauge.column import ColumnProfile
from tidegauge.errors import (
    ArgumentError,
    FormatError,
    MissingColumnError,
    MissingMetricError,
    nearest,
    whole_characters,
)
from tidegauge.paths import PROFILE_SUFFIXES, PathLike, expand_paths, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from tidegauge._kernel import KernelColumn, KernelProfile
    from tidegauge.correlation import Correlation
    from tidegauge.metrics.conditions import Condition

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


class Window(NamedTuple):
    """The stretch of time that a profile covers, half-open: from `start` up to, and without, `end`.

    A moment before the year 1 or after 9999, which no datetime can hold, is shown as the nearest one that
    can.

    Example:
        >>> import tidegauge as tg
        >>> days = tg.log({"at": ["2013-02-08T10:00"]}, timestamp="at", window="1d")
        >>> str(days[0].window.end - days[0].window.start)
        '1 day, 0:00:00'
    """

    start: datetime
    end: datetime


class Profile:
    """What a dataset looked like: the metrics of its columns, a few kilobytes, and never the data.

    A profile is a value: it never changes, two with the same metrics are equal, and it can be pickled and
    merged. You get one from `tidegauge.log`, `tidegauge.read` or `Profiler.profile`.

    Example:
        >>> import tidegauge as tg
        >>> profile = tg.log({"fare": [5.0, 7.5, None], "city": ["Oslo", "Rome", "Oslo"]}, "taxi")
        >>> profile.dataset, profile.records, profile.columns
        ('taxi', 3, ('fare', 'city'))
        >>> profile["fare"].max, "tip" in profile
        (7.5, False)
    """

    __slots__ = ("_columns", "_kernel", "_names")

    def __init__(self, kernel: KernelProfile) -> None:
        if not isinstance(kernel, _kernel.KernelProfile):
            raise ArgumentError(
                "a Profile is not made by calling the class: use tidegauge.log(data), "
                "tidegauge.read(path) or Profile.from_bytes(data)"
            )
        self._kernel = kernel
        self._names: tuple[str, ...] | None = None
        self._columns: dict[str, ColumnProfile] = {}

    # What it is of

    @property
    def dataset(self) -> str | None:
        """The name of the dataset, if it has one."""
        return self._kernel.dataset

    @property
    def window(self) -> Window | None:
        """The stretch of time covered, as aware datetimes in UTC; None when the data was not windowed."""
        start, end = self._kernel.window_start, self._kernel.window_end
        if start is None or end is None:
            return None
        return window_of_span(start, end)

    @property
    def segment(self) -> dict[str, str | None]:
        """The columns and values that select its records; empty for all records."""
        return dict(self._kernel.segment)

    @property
    def is_other_segment(self) -> bool:
        """Whether it covers the records of all segments beyond ``max_segments``, shown as ``(other)``."""
        return self._kernel.is_other_segment

    @property
    def records(self) -> int:
        """How many records were logged."""
        return self._kernel.records

    @property
    def created(self) -> datetime:
        """When the profile was made, in UTC; for a merged one, as the kernel's merge decides."""
        return _moment(self._kernel.created)

    @property
    def tags(self) -> dict[str, str]:
        """Names and values that were given to the profile, as a new dict."""
        return dict(self._kernel.tags)

    @property
    def writer(self) -> str:
        """Which library made it, and which version."""
        return self._kernel.writer

    @property
    def late_records(self) -> int:
        """How many records came too late for their own windows while this one was open; see `Logger`.

        They were only counted here, and not taken in anywhere.
        """
        return self._kernel.late_records

    @property
    def early_records(self) -> int:
        """How many records belonged to windows too far in the future; likewise only counted."""
        return self._kernel.early_records

    @property
    def conditions(self) -> Mapping[str, Condition]:
        """What was counted for the conditions given to `tidegauge.log`, by name.

        If merged parts used one name for different conditions, each appears as ``name [expression]``.

        Example:
            >>> import tidegauge as tg
            >>> profile = tg.log({"fare": [5.0, 7.5, -1]}, conditions={"positive": tg.col("fare") > 0})
            >>> profile.conditions["positive"].failed
            1
        """
        from tidegauge.metrics.conditions import conditions_of

        return conditions_of(self._kernel.conditions)

    # Its columns

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in the order of the data."""
        if self._names is None:
            self._names = tuple(self._kernel.column_names)
        return self._names

    def __getitem__(self, name: str) -> ColumnProfile:
        """Return what is known about one column; a name that is not text is converted to text.

        Raises:
            MissingColumnError: There is no such column; the message names the closest match.
        """
        text = str(name)
        known = self._columns.get(text)
        if known is not None:
            return known
        try:
            column = self._kernel.column(text)
        except UnicodeEncodeError:  # half a character: no column has such a name
            column = None
        if column is None:
            raise MissingColumnError(f"the profile has no column {name!r}{nearest(text, self.columns)}")
        return self._columns.setdefault(text, ColumnProfile(self._kernel, column))

    def __iter__(self) -> Iterator[ColumnProfile]:
        """Iterate over the columns, in the order of the data."""
        return (self[name] for name in self.columns)

    def __len__(self) -> int:
        """Return how many columns there are."""
        return len(self.columns)

    def __bool__(self) -> bool:
        """Return True: a profile without columns is a profile too."""
        return True

    def __contains__(self, name: object) -> bool:
        """Return whether there is a column of that name."""
        return name in self.columns

    def correlation(self) -> Correlation:
        """Return Pearson's correlation of each pair of numeric columns.

        It is taken over the records in which both columns have a finite value. Numbers inside lists take no
        part.

        Returns:
            The correlations; none if fewer than two columns have numbers.

        Raises:
            MissingMetricError: It was not kept: there were more than 64 numeric columns, the schema left it
                out, or the profile was written before the format had it.

        Example:
            >>> import tidegauge as tg
            >>> profile = tg.log({"fare": [5, 7, 9, 12], "tip": [1, 1, 2, 3]})
            >>> round(profile.correlation().pair("fare", "tip").r, 3)
            0.962
        """
        from tidegauge.correlation import FEW, Correlation, kurtosis_of

        found = self._kernel.correlation
        columns = [(name, self._kernel.column(name)) for name in (found[0] if found else self.columns)]
        if found is None:
            numeric = [name for name, column in columns if column and _has_numbers(column)]
            if len(numeric) > 1:
                reasons = "of a segment it is kept only when the schema asks for it"
                if not self._kernel.segment:
                    reasons = (
                        f"there were more than {FEW}, or the schema left it out, or a merged part lacked it"
                    )
                raise MissingMetricError(
                    f"the profile keeps no correlation of its {len(numeric)} numeric columns: {reasons}; "
                    "to keep it, log with schema=tg.Schema(correlation=True)"
                )
            found = ([], [], [])
        return Correlation(found, kurtosis_of(columns))

    # Making others

    def merge(self, *others: Profile) -> Profile:
        """Merge this profile with others of the same dataset: as if their data had been logged together.

        Args:
            others: Profiles of parts of the dataset that do not overlap.

        Returns:
            The profile of them all; its window, if all have one, reaches from the first start to the last
            end.

        Raises:
            MergeError: The profiles are of different datasets, or their sketches do not fit together.

        Example:
            >>> import tidegauge as tg
            >>> tg.log({"x": [1, 2]}).merge(tg.log({"x": [3]}))["x"].mean
            2.0
        """
        return merge_profiles([self, *others])

    @whole_characters()
    def replace(self, *, dataset: str | None = None, tags: Mapping[str, str] | None = None) -> Profile:
        """Return a copy with another dataset name or other tags; None leaves them as they are."""
        return Profile(self._kernel.replace(dataset=dataset, tags=tags))

    # To bytes and files

    def to_bytes(self) -> bytes:
        """Return the profile as the bytes of a profile file (Parquet)."""
        return _kernel.encode([self._kernel])

    @classmethod
    def from_bytes(cls, data: bytes) -> Profile:
        """Make a profile from the bytes that `to_bytes` returned, or that a file holds.

        Raises:
            FormatError: The bytes are not a profile, are damaged, or hold several profiles.
        """
        return cls._only(_kernel.decode(bytes(data)), "the bytes")

    def write(self, path: PathLike) -> None:
        """Write a profile file, completely or not at all.

        Args:
            path: Where to write it; by custom the name ends in ``.parquet``. An existing file is replaced.

        Raises:
            MissingFileError: The folder does not exist.
        """
        write_whole(path, lambda temporary: _kernel.write_file([self._kernel], temporary))

    @classmethod
    def read(cls, path: PathLike) -> Profile:
        """Read a file that holds one profile.

        Raises:
            MissingFileError: There is no such file.
            FormatError: It is not a profile file, is damaged, or holds several profiles.
        """
        return cls._only(read_kernel_profiles([path]), repr(str(path)))

    @classmethod
    def _only(cls, kernels: list[KernelProfile], where: str) -> Profile:
        if len(kernels) != 1:
            raise FormatError(
                f"{where} must hold one profile, but {len(kernels)} are there; "
                "use ProfileSet in place of Profile"
            )
        return cls(kernels[0])

    # To tables

    def summary(self) -> table.Summary:
        """Return a small table that prints well, with a row for each column."""
        return table.Summary(self)

    def rows(self) -> list[table.Row]:
        """Return a flat dict for each column, with the fields of `tidegauge.table.FIELDS`."""
        return table.profile_rows(self.dataset, self.window, self)

    def to_arrow(self) -> pa.Table:
        """Return a pyarrow table with a row for each column; needs pyarrow."""
        return table.to_arrow(self.rows())

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas data frame with a row for each column; needs pandas."""
        return table.to_pandas(self.rows())

    def to_polars(self) -> pl.DataFrame:
        """Return a polars data frame with a row for each column; needs polars."""
        return table.to_polars(self.rows())

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dicts and lists that ``json.dumps`` accepts.

        Times are ISO 8601 text, durations seconds, decimals text; NaN and infinities are None.
        """
        window = self.window
        return {
            "dataset": self.dataset,
            "window": window and {"start": window.start.isoformat(), "end": window.end.isoformat()},
            "segment": self.segment,
            "is_other_segment": self.is_other_segment,
            "records": self.records,
            "late_records": self.late_records,
            "early_records": self.early_records,
            "created": self.created.isoformat(),
            "tags": self.tags,
            "columns": {column.name: table.column_dict(column) for column in self},
            "conditions": {name: condition.to_dict() for name, condition in self.conditions.items()},
            "correlation": self.correlation().to_dict() if self._kernel.correlation else None,
        }

    # As a value

    def __eq__(self, other: object) -> bool:
        """Return whether dataset, window, segment, tags and all metrics are the same.

        When they were made does not count, nor do the order and the Arrow types of the columns: the same
        values as int32 or int64, in pandas, polars or Arrow, have equal profiles.
        """
        if not isinstance(other, Profile):
            return NotImplemented
        return self._identity() == other._identity() and all(column == other[column.name] for column in self)

    def __hash__(self) -> int:
        """Hash by what the profile describes, without the metrics."""
        return hash(self._identity())

    def _identity(self) -> tuple[object, ...]:
        from tidegauge.correlation import identity_of

        tags = frozenset(self.tags.items())
        return (
            self.dataset,
            self._kernel.window_start,
            self._kernel.window_end,
            tuple(self._kernel.segment),
            self._kernel.is_other_segment,
            (self.records, self.late_records, self.early_records),
            tags,
            frozenset(self.columns),
            frozenset(self.conditions.values()),
            identity_of(self._kernel.correlation),
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle via bytes."""
        return Profile.from_bytes, (self.to_bytes(),)

    def __copy__(self) -> Profile:
        """Return itself: it is immutable."""
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Profile:
        """Return itself: it is immutable."""
        return self

    def __repr__(self) -> str:
        """Draw the profile for a terminal."""
        from tidegauge.display.terminal import profile_text

        return profile_text(self)

    def _repr_html_(self) -> str:
        from tidegauge.display.html import profile_html

        return profile_html(self)


def _has_numbers(column: KernelColumn) -> bool:
    counts, types = column.counts, column.types
    special = counts["nans"] + counts["positive_infinities"] + counts["negative_infinities"]
    return "[]" not in column.name and types["integer"] + types["fractional"] > special


def merge_profiles(profiles: Iterable[Profile]) -> Profile:
    """Merge one or more profiles into one."""
    from tidegauge.metrics.known import folded

    return Profile(folded(_kernel.merge([kernel_of(profile) for profile in profiles])))


def all_profiles(caller: str, given: Iterable[object]) -> Iterator[Profile]:
    """Return what was given to be merged (profiles, sets, and iterables of these) as a list of sets.

    Args:
        caller: The function that was given it, for the message.
        given: What was given.

    Raises:
        ArgumentError: Something is none of these.
    """
    for item in given:
        if isinstance(item, Profile):
            yield item
        elif isinstance(item, Iterable) and not isinstance(item, str | bytes):
            yield from all_profiles(caller, item)
        else:
            raise ArgumentError(
                f"{caller}() takes profiles, profile sets and iterables of these, not {type(item).__name__}"
            )


def kernel_of(profile: Profile) -> KernelProfile:
    """Return the kernel's value of a profile.

    Raises:
        ArgumentError: It is not a profile.
    """
    if not isinstance(profile, Profile):
        raise ArgumentError(
            f"expected a Profile, not {type(profile).__name__}; make one with tidegauge.log(data)"
        )
    return profile._kernel  # noqa: SLF001 - the one door to it


def read_kernel_profiles(paths: Iterable[PathLike]) -> list[KernelProfile]:
    """Read all profiles of files, folders and patterns, in the order of the files' names."""
    files = [file for path in paths for file in expand_paths(path, PROFILE_SUFFIXES)]
    return _kernel.read_files(files)[0]


def window_of_span(start: int, end: int) -> Window:
    """Return the window between two times in microseconds since the epoch."""
    return Window(_moment(start), _moment(end))


def _moment(microseconds: int) -> datetime:
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return _LAST if microseconds > 0 else _FIRST
