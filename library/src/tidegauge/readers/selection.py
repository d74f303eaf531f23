"""Which profiles are wanted: told to the names of files, to the kernel, and to nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from tidegauge.errors import ArgumentError
from tidegauge.locations.layout import may_hold
from tidegauge.profile import Profile
from tidegauge.profile_set import ProfileSet
from tidegauge.segments import segment_text
from tidegauge.windows import stretch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tidegauge._kernel import KernelProfile
    from tidegauge.segments import Chosen
    from tidegauge.windows import When


class Filters(TypedDict):
    """The filters as the kernel takes them."""

    dataset: str | None
    since: int | None
    until: int | None
    segment: Sequence[tuple[str, str | None]] | None


class Selection(NamedTuple):
    """What a profile must be of: dataset, a stretch of time in microseconds since 1970, segment.

    None is any.

    Example:
        >>> selection("taxi", since="1970-01-02")
        Selection(dataset='taxi', since=86400000000, until=None, segment=None)
    """

    dataset: str | None = None
    since: int | None = None
    until: int | None = None
    segment: Chosen | None = None

    @property
    def filters(self) -> Filters:
        """The same for the kernel, which lets through every segment that has the values."""
        pairs = None
        if isinstance(self.segment, Mapping):
            pairs = [(str(name), segment_text(value)) for name, value in self.segment.items()]
        return Filters(dataset=self.dataset, since=self.since, until=self.until, segment=pairs)

    @property
    def takes_all_names(self) -> bool:
        """Whether the names of files tell nothing of what is wanted."""
        return self.dataset is None and self.since is None and self.until is None

    def wants(self, path: str) -> bool:
        """Tell by its name whether a file may hold what is wanted."""
        return may_hold(path, self.since, self.until)

    def chosen(self, kernels: Iterable[KernelProfile]) -> ProfileSet:
        """Make a set of what the kernel let through, and choose the segment that is meant.

        Raises:
            ArgumentError: Several partitions have the columns of the segment.
        """
        profiles = ProfileSet(map(Profile, kernels))
        return profiles if self.segment is None or not len(profiles) else profiles.select(self.segment)


def selection(
    dataset: str | None = None,
    *,
    since: When | None = None,
    until: When | None = None,
    segment: Chosen | None = None,
) -> Selection:
    """Check what is wanted.

    Raises:
        ArgumentError: A time is none, the stretch of time is empty, or an argument is of a wrong type.
    """
    if dataset is not None and not isinstance(dataset, str):
        raise ArgumentError(f"dataset={dataset!r}: expected a name")
    first, last = stretch(since, until)
    return Selection(dataset, first, last, segment)
