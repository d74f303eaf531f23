"""ProfileSet: profiles of several windows and segments, in order of time, as one immutable value."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, overload

from tidegauge import _kernel, table
from tidegauge.errors import ArgumentError, MissingColumnError, MissingWindowError, nearest
from tidegauge.longer_windows import in_one_window, in_windows_of
from tidegauge.paths import PathLike, write_whole
from tidegauge.profile import Profile, Window, all_profiles, kernel_of, merge_profiles, read_kernel_profiles
from tidegauge.segments import (
    Chosen,
    Segment,
    chosen,
    counted,
    keyed,
    once,
    partitions_in,
    records_once,
    stretch_of,
)
from tidegauge.windows import moment_of, stretch, window_text
from tidegauge.windows.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from tidegauge._kernel import KernelProfile
    from tidegauge.column import ColumnProfile
    from tidegauge.windows import When


class ProfileSet(Sequence[Profile]):
    """Profiles of several windows of time and segments, in one value and one file.

    A sequence in order of time; profiles without a window, of records whose timestamp is null, come first.
    Within a window the profile of all records comes before those of segments. You get a set from
    `tidegauge.log` with ``window=`` or ``segments=``. Whatever you ask of the set as a whole (`records`,
    `merge`, a time in brackets) counts every record once, however many segments it is in.

    Args:
        profiles: Profiles in any order; several may be of one window.

    Example:
        >>> import tidegauge as tg
        >>> data = {"day": ["2013-02-07T10:00", "2013-02-08T11:00"], "delay": [3.0, None]}
        >>> days = tg.log(data, timestamp="day", window="1d")
        >>> len(days), days["2013-02-08"]["delay"].null_rate
        (2, 1.0)
    """

    __slots__ = ("_kernels", "_wrapped")

    def __init__(self, profiles: Iterable[Profile]) -> None:
        items = list(profiles)
        for item in items:
            kernel_of(item)
        self._kernels: tuple[KernelProfile, ...] = ()
        self._wrapped: tuple[Profile, ...] | None = tuple(sorted(items, key=_order))

    @classmethod
    def of_kernels(cls, kernels: Iterable[KernelProfile]) -> ProfileSet:
        """Make a set of what the kernel returned, which is already in order."""
        made = cls.__new__(cls)
        made._kernels, made._wrapped = tuple(kernels), None  # noqa: SLF001 - without sorting
        return made

    @property
    def _profiles(self) -> tuple[Profile, ...]:
        # Making ten thousand objects sets off garbage collections over all others, so it waits until asked.
        # `_kernels` is read first: another thread may be emptying it, and sets `_wrapped` before it does.
        kernels = self._kernels
        wrapped = self._wrapped
        if wrapped is None:
            self._wrapped = wrapped = tuple(map(Profile, kernels))
            self._kernels = ()
        return wrapped

    # A sequence

    def __len__(self) -> int:
        """Return how many profiles there are."""
        return len(self._profiles)

    def __iter__(self) -> Iterator[Profile]:
        """Iterate over the profiles in order of time."""
        return iter(self._profiles)

    @overload
    def __getitem__(self, index: int | When) -> Profile: ...
    @overload
    def __getitem__(self, index: slice) -> ProfileSet: ...
    def __getitem__(self, index: int | slice | When) -> Profile | ProfileSet:
        """Return one profile, by position or by a time in its window, or part of the set.

        Args:
            index: A position, a slice of positions, or a time: a date, a datetime (without a zone
                it is taken as UTC) or the ISO 8601 text of one. A time gives the profile of all records; if
                the windows of several profiles hold that time, these are merged. To get the profile of a
                segment, select it first: ``set.select({"carrier": "UA"})["2013-02-08"]``.

        Raises:
            MissingWindowError: No window holds that time.
            MergeError: There are segments of several partitions, and no profile of all records.
            ArgumentError: It is text that is not a time, or columns and values, which belong in `select`.
        """
        if isinstance(index, slice):
            return ProfileSet(self._profiles[index])
        if isinstance(index, str | date):
            return self._at(index)
        if isinstance(index, Mapping):
            raise ArgumentError(
                f"a set is indexed by position or by time; select({index!r}) gives the profiles of a "
                f"segment, and select({index!r})[0] the first"
            )
        return self._profiles[index]

    def _at(self, when: When) -> Profile:
        at = moment_of(when)
        if at is None:
            raise ArgumentError(
                f"{when!r} is no time: a set is indexed by position or by ISO 8601 time, such as "
                "'2013-02-08' or '2013-02-08T14:00'; a column comes from one of its profiles"
            )
        found = [profile for profile in self if (w := profile.window) and w.start <= at < w.end]
        if found:
            return merge_profiles(once(found))
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
        """The name of the dataset; None when it has none, or the profiles are of several datasets."""
        names = {profile.dataset for profile in self}
        return names.pop() if len(names) == 1 else None

    @property
    def windows(self) -> tuple[Window | None, ...]:
        """The window of each profile, in order; None for a profile without one."""
        return tuple(profile.window for profile in self)

    @property
    def records(self) -> int:
        """How many records were logged; each counts once, however many segments hold it.

        Raises:
            MergeError: There are segments of several partitions with different numbers of records, and no
                profile of all records.
        """
        return records_once(self._profiles)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns of all profiles, in order of first appearance."""
        return tuple(dict.fromkeys(name for profile in self for name in profile.columns))

    # Segments

    @property
    def partitions(self) -> tuple[tuple[str, ...], ...]:
        """The columns whose values group the records, for each partition; empty without segments."""
        return tuple(partitions_in(self))

    def segments(self) -> list[Segment]:
        """List the segments with their records, all windows together: by partition, the largest first.

        Example:
            >>> import tidegauge as tg
            >>> rides = tg.log({"city": ["Oslo", None, "Oslo"]}, segments=["city"])
            >>> [(segment.values["city"], segment.records) for segment in rides.segments()]
            [('Oslo', 2), (None, 1)]
        """
        return counted(self._profiles)

    def totals(self) -> ProfileSet:
        """Return the set without segments: for each dataset and window, one profile of all its records.

        This is what reports, comparisons and the command line look at unless they are given a segment.

        Returns:
            The profiles of all records if there are any, else the segments of the only partition merged; for
            a set without segments, the set itself.

        Raises:
            MergeError: There are segments of several partitions, and no profile of all records.

        Example:
            >>> import tidegauge as tg
            >>> rides = tg.log({"city": ["Oslo", "Rome"]}, segments=["city"], total=False)
            >>> len(rides), len(rides.totals()), rides.totals()[0].records
            (2, 1, 2)
        """
        if not self.partitions:
            return self
        groups: dict[object, list[Profile]] = {}
        for profile in once(self._profiles):
            groups.setdefault(stretch_of(profile), []).append(profile)
        return ProfileSet(group[0] if len(group) == 1 else merge_profiles(group) for group in groups.values())

    def select(
        self, segment: Chosen | None = None, *, since: When | None = None, until: When | None = None
    ) -> ProfileSet:
        """Choose profiles, by segment and by time.

        Args:
            segment: Columns and values, such as ``{"carrier": "UA"}``: the segments with these values, in the
                partition by exactly these columns, or else in the only one that has them among others. None
                is null, and other values are written as in `Profile.segment` (``True`` as ``"true"``). ``{}``
                chooses the profiles of all records; the columns of a partition, such as ``["carrier"]``,
                choose all its segments, including the one for all others.
            since: Only windows that end after this time: a date, a datetime, or the ISO 8601 text of one.
            until: Only windows that begin before this time. With `since` or `until`, profiles without a
                window are left out.

        Returns:
            A set of the chosen profiles; empty if there is nothing in that time.

        Raises:
            MissingSegmentError: No partition is by these columns, or no segment has these values.
            ArgumentError: Several partitions have these columns among others; or `since` or `until` is not a
                time, or there is no time between them.

        Example:
            >>> import tidegauge as tg
            >>> data = {"city": ["Oslo", "Rome", "Oslo"], "paid": [True, True, False]}
            >>> rides = tg.log(data, segments=[["city"], ["city", "paid"]])
            >>> rides.select({"city": "Oslo"})[0].records
            2
            >>> [profile.segment for profile in rides.select({"city": "Oslo", "paid": True})]
            [{'city': 'Oslo', 'paid': 'true'}]
            >>> rides.select({})[0].records
            3
        """
        kept = list(self._profiles) if segment is None else chosen(self._profiles, segment)
        first, last = stretch(since, until)
        if first is not None:
            kept = [p for p in kept if (end := kernel_of(p).window_end) is not None and end > first]
        if last is not None:
            kept = [p for p in kept if (start := kernel_of(p).window_start) is not None and start < last]
        return ProfileSet(kept)

    def series(
        self, column: str, metric: str | Callable[[ColumnProfile], Any] = "null_rate"
    ) -> list[tuple[datetime | None, Any]]:
        """Follow one metric of one column over time.

        For a set with segments this is the metric of all records; to follow a segment, select it first:
        ``set.select({"carrier": "UA"}).series("delay")``.

        Args:
            column: The column's name.
            metric: What to follow: the name of an attribute of `ColumnProfile`, which may be dotted as in
                ``"cardinality.estimate"``, or a function of a column's profile.

        Returns:
            For each profile of `totals`, its window's start and the metric's value; None where the column or
            the metric is missing.

        Raises:
            MissingColumnError: No profile has the column.
            MergeError: There are segments of several partitions, and no profile of all records.

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
        return [(p.window.start if p.window else None, _value_of(p, column, value)) for p in self.totals()]

    # Making others

    def merge(self) -> Profile:
        """Merge the set into one profile of all its records; an empty set gives the profile of nothing.

        Every record counts once: if there are profiles of all records, segments are left out.

        Raises:
            MergeError: The profiles are of different datasets; or there are segments of several partitions
                and no profile of all records, so that each record would count several times.

        Example:
            >>> import tidegauge as tg
            >>> rides = tg.log({"city": ["Oslo", "Rome"], "fare": [5, 7]}, segments=["city"])
            >>> len(rides), rides.merge().records, rides.select(["city"]).merge().records
            (3, 2, 2)
        """
        return merge_profiles(once(self._profiles))

    def merge_windows(self, *others: Profile | Iterable[Profile | ProfileSet]) -> ProfileSet:
        """Merge with other sets window by window: as if twenty machines had logged into one set.

        Args:
            others: Sets, profiles, or other iterables of both.

        Returns:
            A set with one profile for each dataset, segment and window.
        """
        groups: dict[object, list[Profile]] = {}
        for profile in all_profiles("merge_windows", (self, *others)):
            kernel = kernel_of(profile)
            key = (stretch_of(profile), tuple(kernel.segment), kernel.is_other_segment)
            groups.setdefault(key, []).append(profile)
        return ProfileSet(g[0] if len(g) == 1 else merge_profiles(g) for g in groups.values())

    def rollup(self, window: str | timedelta, *, timezone: str | None = None) -> ProfileSet:
        """Merge windows into longer ones, such as hours into days, each segment separately.

        Args:
            window: The length of the longer windows, as in `tidegauge.log`; they begin at its multiples in
                UTC. Profiles without a window stay as they are.
            timezone: The time zone at whose midnight days, weeks and months begin, such as ``"Europe/Oslo"``.

        Returns:
            A set with one profile for each dataset, segment and longer window.

        Raises:
            ArgumentError: A window of the set extends past the end of a longer one.

        Example:
            >>> import tidegauge as tg
            >>> data = {"at": ["2013-02-08T10:00", "2013-02-08T11:00"], "delay": [3.0, None]}
            >>> hours = tg.log(data, timestamp="at", window="1h")
            >>> len(hours), [day.records for day in hours.rollup("1d")]
            (2, [2])
        """
        longer = in_windows_of(self, window_text(window), zone_of(timezone))
        return ProfileSet(longer).merge_windows()

    def merge_by_segment(self) -> ProfileSet:
        """Merge all windows into one, each segment separately.

        That window reaches from the start of the first to the end of the last. Profiles without a window stay
        apart, as in `rollup`.

        Returns:
            A set with one profile for each dataset and segment.

        Example:
            >>> import tidegauge as tg
            >>> data = {"day": ["2013-02-07", "2013-02-08"], "city": ["Oslo", "Rome"]}
            >>> days = tg.log(data, timestamp="day", window="1d", segments=["city"])
            >>> len(days), [(p.segment.get("city"), p.records) for p in days.merge_by_segment()]
            (4, [(None, 2), ('Oslo', 1), ('Rome', 1)])
        """
        return ProfileSet(in_one_window(self)).merge_windows()

    # To bytes and files

    def to_bytes(self) -> bytes:
        """Return the set as the bytes of a profile file (Parquet)."""
        return _kernel.encode([kernel_of(profile) for profile in self])

    @classmethod
    def from_bytes(cls, data: bytes) -> ProfileSet:
        """Make a set from the bytes of a profile file.

        Raises:
            FormatError: The bytes are not a profile file, or are damaged.
        """
        return cls(map(Profile, _kernel.decode(bytes(data))))

    def write(self, path: PathLike) -> None:
        """Write all profiles into one file, completely or not at all; see `Profile.write`."""
        write_whole(path, lambda temporary: _kernel.write_file([kernel_of(p) for p in self], temporary))

    @classmethod
    def read(cls, *paths: PathLike) -> ProfileSet:
        """Read all profiles of files, folders (searched for ``*.parquet``) and patterns.

        Raises:
            MissingFileError: There is no such file.
            FormatError: A file is not a profile file, or is damaged.
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
        """Return a pandas data frame with a row for each profile and column; needs pandas."""
        return table.to_pandas(self.rows())

    def to_polars(self) -> pl.DataFrame:
        """Return a polars data frame with a row for each profile and column; needs polars."""
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
        """Pickle via bytes."""
        return ProfileSet.from_bytes, (self.to_bytes(),)

    def __copy__(self) -> ProfileSet:
        """Return itself: it is immutable."""
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> ProfileSet:
        """Return itself: it is immutable."""
        return self

    def __repr__(self) -> str:
        """Draw the set for a terminal."""
        from tidegauge.display.terminal import profile_set_text

        return profile_set_text(self)

    def _repr_html_(self) -> str:
        from tidegauge.display.html import profile_set_html

        return profile_set_html(self)


def _order(profile: Profile) -> tuple[float, str, object]:
    """By time, then dataset, then segment."""
    kernel = kernel_of(profile)
    start = kernel.window_start
    return (-math.inf if start is None else start, kernel.dataset or "", keyed(profile))


def _value_of(profile: Profile, column: str, value: Callable[[ColumnProfile], Any]) -> Any:
    if column not in profile:
        return None
    try:
        return value(profile[column])
    except AttributeError as error:
        if type(error) is AttributeError:
            raise ArgumentError(f"a column's profile has no such metric: {error}") from None
        return None
