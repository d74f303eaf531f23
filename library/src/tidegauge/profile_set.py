"""ProfileSet: profiles of several windows, in order of time, as one immutable value."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from operator import attrgetter
from typing import TYPE_CHECKING, Any, overload

from tidegauge import _kernel, table
from tidegauge.errors import ArgumentError, MissingColumnError, MissingWindowError, nearest
from tidegauge.paths import PathLike, write_whole
from tidegauge.profile import Profile, Window, kernel_of, merge_profiles, read_kernel_profiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from tidegauge.column import ColumnProfile

When = str | date | datetime


class ProfileSet(Sequence[Profile]):
    """Profiles of several windows of time, in one value and one file.

    A sequence in order of time; a profile without a window, of the records whose timestamp is null,
    comes first. You get one from `tidegauge.log` with ``window=``.

    Args:
        profiles: Profiles in any order; there may be several of one window.

    Example:
        >>> import tidegauge as tg
        >>> data = {"day": ["2013-02-07T10:00", "2013-02-08T11:00"], "delay": [3.0, None]}
        >>> days = tg.log(data, timestamp="day", window="1d")
        >>> len(days), days["2013-02-08"]["delay"].null_rate
        (2, 1.0)
    """

    __slots__ = ("_profiles",)

    def __init__(self, profiles: Iterable[Profile]) -> None:
        items = list(profiles)
        for item in items:
            kernel_of(item)
        self._profiles = tuple(sorted(items, key=_order))

    # A sequence

    def __len__(self) -> int:
        """Return how many profiles there are."""
        return len(self._profiles)

    def __iter__(self) -> Iterator[Profile]:
        """Go through the profiles in order of time."""
        return iter(self._profiles)

    @overload
    def __getitem__(self, index: int | When) -> Profile: ...
    @overload
    def __getitem__(self, index: slice) -> ProfileSet: ...
    def __getitem__(self, index: int | slice | When) -> Profile | ProfileSet:
        """Return one profile, by position or by a time in its window, or a part of the set.

        Args:
            index: A position, a slice of positions, or a time: a date, a datetime (without a zone
                it is taken as UTC) or the ISO 8601 text of one. Should the windows of several
                profiles hold that time, they come merged.

        Raises:
            MissingWindowError: No window holds that time.
        """
        if isinstance(index, slice):
            return ProfileSet(self._profiles[index])
        if isinstance(index, str | date):
            return self._at(index)
        return self._profiles[index]

    def _at(self, when: When) -> Profile:
        moment = _moment(when)
        found = [profile for profile in self if (w := profile.window) and w.start <= moment < w.end]
        if found:
            return found[0] if len(found) == 1 else merge_profiles(found)
        windows = [profile.window for profile in self if profile.window]
        if not windows:
            raise MissingWindowError(
                f"no window holds {when!r}: the set has no windows; log with timestamp= and window="
            )
        raise MissingWindowError(
            f"no window holds {when!r}; they reach from {windows[0].start.isoformat()} "
            f"to {max(window.end for window in windows).isoformat()}, with gaps where there is no data"
        )

    # What it is of

    @property
    def dataset(self) -> str | None:
        """The name of the dataset; None when it has none or the profiles are of several."""
        names = {profile.dataset for profile in self}
        return names.pop() if len(names) == 1 else None

    @property
    def windows(self) -> tuple[Window | None, ...]:
        """The window of each profile, in order; None for one without."""
        return tuple(profile.window for profile in self)

    @property
    def records(self) -> int:
        """How many records were logged, of all profiles together."""
        return sum(profile.records for profile in self)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns of all profiles, in the order in which they first come."""
        return tuple(dict.fromkeys(name for profile in self for name in profile.columns))

    def series(
        self, column: str, metric: str | Callable[[ColumnProfile], Any] = "null_rate"
    ) -> list[tuple[datetime | None, Any]]:
        """Follow one metric of one column through time.

        Args:
            column: The column's name.
            metric: What to follow: the name of an attribute of `ColumnProfile`, also with dots as in
                ``"cardinality.estimate"``, or a function of a column's profile.

        Returns:
            For each profile its window's start and the metric's value, None where the column or the
            metric is missing.

        Raises:
            MissingColumnError: No profile has the column.

        Example:
            >>> import tidegauge as tg
            >>> days = tg.log({"t": ["2013-02-08"], "x": [None]}, timestamp="t", window="1d")
            >>> [(start.day, rate) for start, rate in days.series("x", "null_rate")]
            [(8, 1.0)]
        """
        if column not in self.columns:
            raise MissingColumnError(
                f"no profile of the set has a column {column!r}{nearest(column, self.columns)}"
            )
        value = attrgetter(metric) if isinstance(metric, str) else metric
        return [(p.window.start if p.window else None, _value_of(p, column, value)) for p in self]

    # Making others

    def merge(self) -> Profile:
        """Merge all profiles of the set into one; of an empty set that is the profile of nothing.

        Raises:
            MergeError: They are of different datasets.
        """
        return merge_profiles(self)

    def merge_windows(self, *others: Iterable[Profile]) -> ProfileSet:
        """Merge with other sets window by window: as if twenty machines had logged into one set.

        Args:
            others: Sets, or other iterables of profiles.

        Returns:
            A set with one profile for each dataset, segment and window.
        """
        groups: dict[object, list[Profile]] = {}
        for profiles in (self, *others):
            for profile in profiles:
                kernel = kernel_of(profile)
                key = (profile.dataset, kernel.window_start, kernel.window_end, tuple(kernel.segment))
                groups.setdefault(key, []).append(profile)
        return ProfileSet(g[0] if len(g) == 1 else merge_profiles(g) for g in groups.values())

    # To bytes and files

    def to_bytes(self) -> bytes:
        """Return the set as the bytes of a profile file (Parquet)."""
        return _kernel.encode([kernel_of(profile) for profile in self])

    @classmethod
    def from_bytes(cls, data: bytes) -> ProfileSet:
        """Make a set of the bytes of a profile file.

        Raises:
            FormatError: The bytes are no profile file, or are damaged.
        """
        return cls(map(Profile, _kernel.decode(bytes(data))))

    def write(self, path: PathLike) -> None:
        """Write all profiles into one file, whole or not at all; see `Profile.write`."""
        write_whole(path, lambda temporary: _kernel.write_file([kernel_of(p) for p in self], temporary))

    @classmethod
    def read(cls, *paths: PathLike) -> ProfileSet:
        """Read all profiles of files, folders (searched for ``*.parquet``) and patterns.

        Raises:
            MissingFileError: There is no such file.
            FormatError: A file is no profile file, or is damaged.
        """
        return cls(map(Profile, read_kernel_profiles(paths)))

    # To tables

    def summary(self) -> table.Summary:
        """Return the small table of all windows together; see `Profile.summary`."""
        return self.merge().summary()

    def rows(self) -> list[table.Row]:
        """Return a flat dict for each profile and column; see `Profile.rows`."""
        return [row for profile in self for row in profile.rows()]

    def to_arrow(self) -> pa.Table:
        """Return a pyarrow table with a row for each profile and column; needs pyarrow."""
        return table.to_arrow(self.rows())

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas frame with a row for each profile and column; needs pandas."""
        return table.to_pandas(self.rows())

    def to_polars(self) -> pl.DataFrame:
        """Return a polars frame with a row for each profile and column; needs polars."""
        return table.to_polars(self.rows())

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dicts and lists; see `Profile.to_dict`."""
        return {"profiles": [profile.to_dict() for profile in self]}

    # As a value

    def __eq__(self, other: object) -> bool:
        """Return whether all profiles are equal, in order."""
        return self._profiles == other._profiles if isinstance(other, ProfileSet) else NotImplemented

    def __hash__(self) -> int:
        """Hash by the profiles."""
        return hash(self._profiles)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by way of bytes."""
        return ProfileSet.from_bytes, (self.to_bytes(),)

    def __copy__(self) -> ProfileSet:
        """Return itself: it does not change."""
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> ProfileSet:
        """Return itself: it does not change."""
        return self

    def __repr__(self) -> str:
        """Draw the set for a terminal."""
        from tidegauge.display.terminal import profile_set_text

        return profile_set_text(self)

    def _repr_html_(self) -> str:
        from tidegauge.display.html import profile_set_html

        return profile_set_html(self)


def _order(profile: Profile) -> tuple[float, str, list[tuple[str, str]]]:
    """By time, then dataset, then segment; a null is a text that sorts first."""
    start = kernel_of(profile).window_start
    segment = [(name, value or "") for name, value in profile.segment.items()]
    return (-math.inf if start is None else start, profile.dataset or "", segment)


def _moment(when: When) -> datetime:
    if isinstance(when, str):
        try:
            when = datetime.fromisoformat(when)
        except ValueError:
            raise ArgumentError(
                f"{when!r} is no time: a set is indexed by position or by ISO 8601 time, such as "
                "'2013-02-08' or '2013-02-08T14:00'; a column comes from one of its profiles"
            ) from None
    if not isinstance(when, datetime):
        when = datetime.combine(when, time())
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when


def _value_of(profile: Profile, column: str, value: Callable[[ColumnProfile], Any]) -> Any:
    if column not in profile:
        return None
    try:
        return value(profile[column])
    except AttributeError as error:
        if type(error) is AttributeError:
            raise ArgumentError(f"a column's profile has no such metric: {error}") from None
        return None
