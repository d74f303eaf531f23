"""Which profiles are wanted: told to the names of files, to the kernel, and to nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from tidegauge.errors import ArgumentError
from tidegauge.locations.layout import may_hold

if TYPE_CHECKING:
    from collections.abc import Sequence

When = str | date | datetime

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Filters(TypedDict):
    """The filters as the kernel takes them."""

    dataset: str | None
    since: int | None
    until: int | None
    segment: Sequence[tuple[str, str | None]] | None


class Selection(NamedTuple):
    """What a profile must be of: dataset, start of the window in microseconds since 1970, segment.

    None is any.

    Example:
        >>> selection("taxi", since="1970-01-02")
        Selection(dataset='taxi', since=86400000000, until=None, segment=None)
    """

    dataset: str | None = None
    since: int | None = None
    until: int | None = None
    segment: tuple[tuple[str, str | None], ...] | None = None

    @property
    def filters(self) -> Filters:
        """The same for the kernel."""
        return Filters(dataset=self.dataset, since=self.since, until=self.until, segment=self.segment)

    @property
    def takes_all_names(self) -> bool:
        """Whether the names of files tell nothing of what is wanted."""
        return self.dataset is None and self.since is None and self.until is None

    def wants(self, path: str) -> bool:
        """Tell by its name whether a file may hold what is wanted."""
        return may_hold(path, self.since, self.until)


def selection(
    dataset: str | None = None,
    *,
    since: When | None = None,
    until: When | None = None,
    segment: Mapping[str, str | None] | None = None,
) -> Selection:
    """Check what is wanted.

    Raises:
        ArgumentError: A time is none, the stretch of time is empty, or an argument is of a wrong type.
    """
    if dataset is not None and not isinstance(dataset, str):
        raise ArgumentError(f"dataset={dataset!r}: expected a name")
    first, last = _microseconds("since", since), _microseconds("until", until)
    if first is not None and last is not None and first >= last:
        raise ArgumentError(f"since={since!r} is not before until={until!r}: no window starts in between")
    return Selection(dataset, first, last, None if segment is None else _pairs(segment))


def _microseconds(name: str, when: When | None) -> int | None:
    if when is None:
        return None
    if isinstance(when, str):
        try:
            when = datetime.fromisoformat(when)
        except ValueError:
            when = None
    if not isinstance(when, date):
        raise ArgumentError(
            f"{name} is no time; expected a date, a datetime or ISO 8601 text such as '2013-02-08' or "
            f"'2013-02-08T14:00'"
        )
    moment = when if isinstance(when, datetime) else datetime.combine(when, time())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _pairs(segment: Mapping[str, str | None]) -> tuple[tuple[str, str | None], ...]:
    if not isinstance(segment, Mapping):
        raise ArgumentError(f"segment={segment!r}: expected columns and values, such as {{'carrier': 'UA'}}")
    return tuple((str(name), None if value is None else str(value)) for name, value in segment.items())
