"""Samples of a logger's windows: taken when a window is over, and written apart from profiles."""

from __future__ import annotations

import time
import uuid
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tidegauge.errors import ArgumentError
from tidegauge.locations.layout import sample_file_name
from tidegauge.logger.delivery import Delivery
from tidegauge.logger.status import SamplesStatus
from tidegauge.profile import window_of_span

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    from tidegauge.logger.open_windows import Span
    from tidegauge.samplers.folder import SampleFolder
    from tidegauge.samplers.samples import Samples
    from tidegauge.samplers.sampling import Sampling

    class Owner(Protocol):
        """Whoever takes out what a sampling keeps."""

        @property
        def is_over(self) -> bool:
            """Whether it takes nothing any more."""


MEMORY_BYTES = 64 * 1024 * 1024
"""How much may wait in memory for the folder; beyond it the oldest samples are given up."""

SAVE_SECONDS = 10.0
"""How often the samples of the window that is open are written: what a crash may lose."""


class SampleWish(NamedTuple):
    """What is sampled, and where samples go."""

    sampling: Sampling
    folder: SampleFolder


@dataclass(slots=True, eq=False)
class WaitingFile:
    """A file of samples that waits to be written; see `delivery.Item`.

    It is in memory only: a checkpoint is not told raw records.
    """

    name: str
    id: str
    data: bytes | None
    path: str | None = None
    done: bool = False

    def read(self) -> tuple[str, bytes]:
        """Return name and contents."""
        return self.name, self.data or b""

    def save(self, folder: str) -> bool:  # noqa: ARG002 - there is no such thing
        """Leave it in memory."""
        return False

    def remove(self) -> None:
        """Note that it is written, or given up."""
        self.done = True


class SampleKeeping:
    """What takes samples out of a sampling, window by window, and the thread that writes them.

    Args:
        wish: What is sampled, and where samples go.
        dataset: The dataset's name.
    """

    def __init__(self, wish: SampleWish, dataset: str) -> None:
        self._sampling, self._folder = wish
        self._dataset = dataset
        self.delivery: Delivery[tuple[str, bytes]] = Delivery(
            self._folder, "samples", memory_bytes=MEMORY_BYTES, set_aside=_ignore
        )
        self._error: str | None = None
        self._start()

    def _start(self) -> None:
        self._id = uuid.uuid4().hex
        self._saved = 0
        self._saved_at = time.monotonic()

    def tend(self, window: Span, *, is_over: bool) -> None:
        """Take out what was kept when a window is over; write what there is now and then before that.

        Whatever is wrong is told, and hurts nobody.

        Args:
            window: The window in which the records came.
            is_over: Whether what comes from now on belongs to another one.
        """
        try:
            self._tend(window, is_over=is_over)
        except BaseException as error:  # noqa: BLE001 - profiles must not be hurt
            self._error = f"{type(error).__name__}: {error}"

    def _tend(self, window: Span, *, is_over: bool) -> None:
        seen = self._sampling.seen
        if is_over:
            if seen:
                self._put(window, self._sampling.take())
                self._start()
        elif seen != self._saved and time.monotonic() - self._saved_at >= SAVE_SECONDS:
            self._put(window, dict(self._sampling))
            self._saved, self._saved_at = seen, time.monotonic()

    def _put(self, window: Span, samples: Mapping[str, Samples]) -> None:
        bounds = window_of_span(*window)
        files = [
            WaitingFile(sample_file_name(self._dataset, bounds, self._id, name), self._id, kept.to_bytes())
            for name, kept in samples.items()
        ]
        self.delivery.add(files)
        self._error = None

    def status(self) -> SamplesStatus:
        """Return how it goes."""
        delivery = self.delivery.status()
        return SamplesStatus(
            folder=self._folder.root,
            waiting=delivery.waiting,
            written=delivery.delivered,
            dropped=self.delivery.dropped,
            last_error=self._error or delivery.last_error or self._folder.trouble,
        )


def _ignore(path: str, where: str) -> None:
    """Nothing that waits here is on disk, so nothing is ever set aside."""


_owners: weakref.WeakKeyDictionary[Sampling, weakref.ref[Owner]] = weakref.WeakKeyDictionary()


def claim(sampling: Sampling, owner: Owner) -> None:
    """Note who takes out what a sampling keeps.

    Raises:
        ArgumentError: Somebody else does already; each would get some of the other's records.
    """
    other = _owners.get(sampling)
    holder = None if other is None else other()
    if holder is not None and holder is not owner and not holder.is_over:
        raise ArgumentError(
            "samplers= is a Sampling whose samples another Logger writes to a folder; give each Logger with "
            "samples= a Sampling of its own"
        )
    _owners[sampling] = weakref.ref(owner)
