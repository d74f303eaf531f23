"""Sampling: samplers at work, and what they have kept so far."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tidegauge import _kernel
from tidegauge.errors import ArgumentError, nearest
from tidegauge.frames.feed import feed
from tidegauge.samplers.sampler import Sampler
from tidegauge.samplers.samples import Samples

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_SEED = 2**64 - 1

_unseeded: weakref.WeakSet[Sampling] = weakref.WeakSet()


class Sampling(Mapping[str, Samples]):
    """Samplers at work: takes in records, keeps those that its samplers choose, and hands them out.

    Hand it to `tidegauge.log` or `tidegauge.Profiler` as ``samplers=``, once or several times, or log to it
    directly. It is a mapping from the name of a sampler to what that has kept so far.

    A profile never holds records. Those that are kept stay in this process until you write them.

    All methods may be called from any thread. Memory is bounded by the sizes of the samples and the width of
    a record. The samplers share rows: a record that two of them keep is held once.

    Args:
        samplers: Name → sampler.
        columns: The columns to keep of each record; all when None, including those that a schema leaves out
            of the profile. Samplers may decide by columns that are not kept.
        seed: The same seed gives the same samples of the same records in the same order. None draws a random
            seed, which samples need if they are to be merged: each must have its own.

    Raises:
        ArgumentError: There is no sampler, or an argument is invalid.

    Example:
        >>> import tidegauge as tg
        >>> sampling = tg.samplers.Sampling({"any": tg.samplers.Reservoir(2)}, columns=["fare"], seed=1)
        >>> profile = tg.log({"fare": [5.0, 7.5], "name": ["Ada", "Bob"]}, samplers=sampling)
        >>> sampling["any"].rows()
        [{'fare': 5.0}, {'fare': 7.5}]
    """

    def __init__(
        self,
        samplers: Mapping[str, Sampler],
        *,
        columns: Sequence[str] | None = None,
        seed: int | None = None,
    ) -> None:
        self._samplers = _checked_samplers(samplers)
        names = _checked_columns(columns)
        self._kernel = _kernel.KernelSampling(
            [(name, sampler.to_json()) for name, sampler in self._samplers.items()],
            columns=names,
            seed=_checked_seed(seed),
        )
        if seed is None:
            _unseeded.add(self)
        # A collector that profiles nothing: whatever can be logged can be sampled.
        self._collector = _kernel.Collector(schema={"only": []}, samplers=self._kernel)

    @property
    def samplers(self) -> dict[str, Sampler]:
        """The samplers by name, as a new dict."""
        return dict(self._samplers)

    @property
    def seen(self) -> int:
        """How many records have been seen so far."""
        return self._kernel.seen

    def log(self, data: Any, *, columns: Sequence[str] | None = None) -> int:
        """Take in data of any kind that `tidegauge.log` accepts, without profiling it.

        Args:
            data: The data.
            columns: Names for the columns of a NumPy array.

        Returns:
            The number of records taken in.

        Raises:
            UnsupportedDataError: The data is of a kind that cannot be logged.
            DataError: The data is broken.
            ArgumentError: The data lacks a column that a sampler decides by.
        """
        return feed(self._collector, data, columns)

    def record(self, record: Mapping[str, object]) -> None:
        """Take in one record: a dict from columns to values, which may be nested."""
        self._collector.record(record)

    def take(self) -> dict[str, Samples]:
        """Return what has been kept, by name, and start over."""
        return {name: Samples(sample) for name, sample in self._kernel.take()}

    def __getitem__(self, name: str) -> Samples:
        """Return what one sampler has kept so far; later records do not change it.

        Raises:
            KeyError: There is no such sampler.
        """
        for own, sample in self._kernel.samples():
            if own == name:
                return Samples(sample)
        raise KeyError(f"there is no sampler {name!r}{nearest(str(name), self._samplers)}")

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._samplers)

    def __len__(self) -> int:
        """Return how many samplers there are."""
        return len(self._samplers)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __repr__(self) -> str:
        """Show the samplers and how much has been seen."""
        return f"Sampling({self._samplers!r}, seen={self.seen})"


def sample(
    data: Any, sampler: Sampler, *, columns: Sequence[str] | None = None, seed: int | None = None
) -> Samples:
    """Sample data that is complete, without profiling it.

    Args:
        data: Whatever `tidegauge.log` accepts.
        sampler: Which records to keep.
        columns: The columns to keep of each record; all when None.
        seed: See `Sampling`.

    Raises:
        UnsupportedDataError: The data is of a kind that cannot be logged.
        DataError: The data is broken.
        ArgumentError: The data lacks a column that the sampler decides by, or an argument is invalid.

    Example:
        >>> import tidegauge as tg
        >>> tg.samplers.sample([{"fare": 5.0}, {"fare": None}], tg.samplers.Reservoir(10)).rows()
        [{'fare': 5.0}, {'fare': None}]
    """
    if not isinstance(sampler, Sampler):
        raise ArgumentError(f"sample() takes a sampler such as Reservoir(100), not {type(sampler).__name__}")
    sampling = Sampling({sampler.kind: sampler}, columns=columns, seed=seed)
    sampling.log(data)
    return sampling[sampler.kind]


def kernel_of(sampling: object) -> _kernel.KernelSampling:
    """Return the kernel's value of a sampling.

    Raises:
        ArgumentError: It is not a sampling.
    """
    if not isinstance(sampling, Sampling):
        raise ArgumentError(
            f"samplers= takes a Sampling, from which the samples are read, not {type(sampling).__name__}: "
            "sampling = tidegauge.samplers.Sampling({'any': tidegauge.samplers.Reservoir(100)})"
        )
    return sampling._kernel  # noqa: SLF001 - the door for the profiler


def is_seeded(sampling: Sampling) -> bool:
    """Return whether a sampling was given its seed, so that others may make the same choices."""
    return sampling not in _unseeded


def begin_anew(sampling: Sampling) -> bool:
    """Forget in a child what the parent had kept.

    Returns:
        Whether that was possible: not when another thread had the samplers at the fork.
    """
    free = sampling._kernel.reseed(_checked_seed(None))  # noqa: SLF001 - its own module
    if free:
        sampling.take()
    return free


def _checked_samplers(samplers: Any) -> dict[str, Sampler]:
    if not isinstance(samplers, Mapping):
        raise ArgumentError(
            f"a Sampling takes a dict from names to samplers, not {type(samplers).__name__}; "
            "as in {'any': Reservoir(100)}"
        )
    for name, sampler in samplers.items():
        if not isinstance(name, str):
            raise ArgumentError(f"samplers have names of text, not {name!r}")
        if not isinstance(sampler, Sampler):
            raise ArgumentError(
                f"sampler {name!r} must be one such as Reservoir(100), not {type(sampler).__name__}"
            )
    return dict(samplers)


def _checked_columns(columns: Any) -> list[str] | None:
    if columns is None:
        return None
    if isinstance(columns, str):
        raise ArgumentError(f"columns= takes a list of names; for one give [{columns!r}]")
    names = list(columns)
    for name in names:
        if not isinstance(name, str):
            raise ArgumentError(f"columns= takes a list of names, not of {type(name).__name__}")
    return names


def _checked_seed(seed: Any) -> int:
    if seed is None:
        return int.from_bytes(os.urandom(8), "little")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= _MOST_SEED:
        raise ArgumentError(f"seed={seed!r}: give a whole number from 0 to 2**64 - 1, or None")
    return seed


def _reseed() -> None:
    """Draw new seeds: a child must not make the choices of its parent once more."""
    for sampling in list(_unseeded):
        sampling._kernel.reseed(_checked_seed(None))  # noqa: SLF001 - its own module


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reseed)
