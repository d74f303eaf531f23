"""What a logger does every second or so: takes out what came in, keeps it safe, closes windows."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tidegauge.errors import TidegaugeError
from tidegauge.logger import outbox
from tidegauge.logger.adoption import adopt_neighbours, id_of
from tidegauge.logger.delivery import Delivery
from tidegauge.logger.open_windows import OpenWindows, Span
from tidegauge.logger.outbox import Waiting, encoded, file_name
from tidegauge.logger.sample_keeping import SampleKeeping
from tidegauge.logger.state_folder import StateFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidegauge._kernel import Collector, KernelProfile
    from tidegauge.logger.open_windows import OpenPiece
    from tidegauge.logger.sample_keeping import SampleWish
    from tidegauge.writers import Writer

NEIGHBOURS_SECONDS = 30.0
"""How often a logger looks for those that have died."""

GRACE_MICROSECONDS = 5_000_000
"""How long a window by timestamps stays open after its end: records come a little after they happened."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a logger was asked to do, checked.

    Attributes:
        dataset: The dataset's name.
        writers: Where profiles go.
        checkpoint: The directory for what must survive; None to keep everything in memory.
        checkpoint_seconds: How long after it came in a record is on disk, at most.
        lateness: How long after its end a window takes records in, in microseconds.
        clock: Gives the seconds since the epoch.
        by_timestamp: Whether records tell when they happened.
        calls_back: Whether the kernel calls functions or metrics of the user's.
        samples: What is sampled, and where samples are written; None where they are not.
    """

    dataset: str
    writers: tuple[Writer, ...]
    checkpoint: str | None
    checkpoint_seconds: float
    lateness: int
    clock: Callable[[], float]
    by_timestamp: bool
    calls_back: bool
    samples: SampleWish | None = None


@dataclass(slots=True)
class Tally:
    """What the rounds have counted."""

    late: int = 0
    early: int = 0
    recovered: int = 0
    damaged: int = 0
    checkpoint_error: str | None = None
    internal_error: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a round did.

    Attributes:
        idle: Whether nothing is left to do until somebody logs.
        saved: Whether everything that came in is on disk.
    """

    idle: bool
    saved: bool


class Rounds:
    """Everything between the kernel's collector and the writers, in one process; only one thread comes here.

    Args:
        collector: The kernel's state, which the host adds to.
        wishes: What to do.
    """

    def __init__(self, collector: Collector, wishes: Wishes) -> None:
        self._collector = collector
        self._wishes = wishes
        self.windows = OpenWindows()
        self._folder: StateFolder | None = None
        self._unsent: list[OpenPiece] = []
        self._in_memory: list[tuple[OpenPiece, list[Waiting]]] = []
        self.looked_around = float("-inf")
        self._adoption_error: str | None = None
        self._troubles: list[str] = []
        self.tally = Tally()
        self.is_untouched = True
        """Whether there never was anything to do, of this process or a dead one."""
        self.open_now: tuple[tuple[Span | None, str, int], ...] = ()
        self.deliveries = tuple(
            Delivery(
                writer,
                f"{position} {writer!r}"[:100],
                memory_bytes=outbox.MEMORY_BYTES,
                set_aside=self._set_aside,
            )
            for position, writer in enumerate(wishes.writers)
        )
        self.samples = None if wishes.samples is None else SampleKeeping(wishes.samples, wishes.dataset)
        self._gathered = self._now()
        self._window = self._current(self._gathered)
        self._set_horizon(self._gathered)

    def run(self, *, close_all: bool) -> Done:
        """Do what is to be done every second or so.

        Args:
            close_all: Close also the windows that are not over.
        """
        self._troubles.clear()
        taken, saved = True, False
        try:
            taken = self._gather(close_all=close_all)
            self._tend_folder()
            self._save()
            self._close(close_all=close_all)
            saved = self._folder is not None and not self._troubles
            for delivery in self.threads:
                delivery.start()
        except BaseException as error:  # noqa: BLE001 - the thread must live on, and the error is told
            self.tally.internal_error = f"{type(error).__name__}: {error}"
            taken = True
        self.tally.checkpoint_error = self._troubles[-1] if self._troubles else self._adoption_error
        self._tell_what_is_open()
        busy = taken or self.windows or self._unsent or self.tally.checkpoint_error
        return Done(idle=not busy, saved=saved)

    @property
    def threads(self) -> tuple[Delivery[Any], ...]:
        """What has threads: a delivery for each writer, and that of the samples."""
        return self.deliveries if self.samples is None else (*self.deliveries, self.samples.delivery)

    @property
    def unsent(self) -> bool:
        """Whether a window is closed and could not even be put where it waits."""
        return bool(self._unsent)

    def has_delivered(self) -> bool:
        """Return whether nothing waits."""
        return not self._unsent and not any(delivery.is_waiting() for delivery in self.deliveries)

    def holds_anything(self) -> bool:
        """Return whether anything is open or waits."""
        waits = self._unsent or any(delivery.is_waiting() for delivery in self.threads)
        return bool(self._collector.records or self.windows or waits)

    def leave(self) -> None:
        """Let go of the folder, and remove it if nothing in it waits."""
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.leave()

    def release(self) -> None:
        """Let go of the folder in a child, where it is that of the parent."""
        if self._folder is not None:
            self._folder.release()

    # Time

    def _now(self) -> int:
        return int(self._wishes.clock() * 1e6)

    def _current(self, now: int) -> Span:
        span = self._collector.window_of(now)
        if span is None:
            raise AssertionError("a logger has windows")
        return span

    def _grace(self) -> int:
        return GRACE_MICROSECONDS if self._wishes.by_timestamp else 0

    def _latest_end(self, now: int) -> int:
        """When the last window ends that takes records in: clocks of other machines may be a little ahead."""
        return self._current(self._current(now)[1] + self._wishes.lateness)[1]

    def _set_horizon(self, now: int) -> None:
        if self._wishes.by_timestamp:
            earliest = self._current(now - GRACE_MICROSECONDS - self._wishes.lateness)[0]
            latest = self._current(self._latest_end(now) - 1)[0]
            self._collector.set_horizon(earliest, latest, now)

    # What a round is made of

    def _gather(self, *, close_all: bool) -> bool:
        """Take out what came since the last round."""
        now = self._now()
        current = self._current(now)
        # The number of segments is limited for each window, not for all the months that a service runs.
        profiles = self._collector.take(forget_segments=current != self._window)
        if self.samples is not None:
            self.samples.tend(self._window, is_over=close_all or current != self._window)
        self._window = current
        self._set_horizon(now)
        for profile in profiles:
            self.tally.late += profile.late_records
            self.tally.early += profile.early_records
        before = min(self._gathered, now) - self._grace()
        self.windows.add(profiles, before=before, current_end=current[1])
        self._gathered = now
        self.is_untouched &= not profiles
        return bool(profiles)

    def _tend_folder(self) -> None:
        """Make the folder, or make it again where it was removed; look for the dead now and then."""
        if self._wishes.checkpoint is None:
            return
        try:
            if self._folder is not None and not self._folder.is_there():
                self._folder.release()
                self._folder = None
                for piece in self.windows:
                    piece.forget_saving()
            if self._folder is None:
                self._folder = StateFolder(self._wishes.checkpoint, self._wishes.dataset)
            for position, delivery in enumerate(self.deliveries):
                if not delivery.save(self._folder.outbox(position)):
                    self._troubles.append(f"what waits cannot be written to {self._folder.outbox(position)}")
            self._forget_parts()
            if time.monotonic() - self.looked_around >= NEIGHBOURS_SECONDS:
                self.looked_around = time.monotonic()
                self._adopt(self._folder)
        except (OSError, TidegaugeError) as error:
            self._troubles.append(f"{type(error).__name__}: {error}")

    def _adopt(self, folder: StateFolder) -> None:
        adopted = adopt_neighbours(folder, len(self.deliveries), self._collector.finished)
        self._adoption_error = adopted.error
        self.is_untouched &= not adopted.waiting
        self.tally.recovered += len(adopted.waiting)
        self.tally.damaged += adopted.damaged
        for position, delivery in enumerate(self.deliveries):
            mine = [path for writer, path in adopted.waiting if writer == position]
            delivery.add(Waiting(_name_of(path), id_of(path), path=path) for path in mine)

    def _save(self) -> None:
        """Bring to disk what came in, window by window."""
        if self._folder is None:
            return
        try:
            for piece in self.windows:
                self._folder.save(piece)
        except (OSError, TidegaugeError) as error:
            self._troubles.append(f"{type(error).__name__}: {error}")

    def _close(self, *, close_all: bool) -> None:
        """Close the windows that are over, and put them where they wait for the writers."""
        if close_all:
            closed = self.windows.close_all()
        else:
            now = self._now()
            closed = self.windows.close(now=now - self._grace(), latest_end=self._latest_end(now))
        self._unsent += closed
        self._tell_what_is_open()  # before a writer can tell that it is not
        while self._unsent:
            self._send(self._unsent[0])
            self._unsent.pop(0)

    def _tell_what_is_open(self) -> None:
        self.open_now = tuple((piece.span, piece.id, piece.records) for piece in self.windows)

    def _send(self, piece: OpenPiece) -> None:
        profiles = self._collector.finished(piece.whole())
        name = file_name(profiles, piece.id)
        items = self._put(profiles, name, piece.id) or encoded(profiles, name, piece.id, len(self.deliveries))
        self._in_memory.append((piece, items))
        self._forget_parts()
        for delivery, item in zip(self.deliveries, items, strict=True):
            delivery.add([item])

    def _forget_parts(self) -> None:
        """Remove what the checkpoint has of closed windows, as soon as nothing of them is in memory alone."""
        still = []
        for piece, items in self._in_memory:
            if any(item.data is not None and not item.done for item in items):
                still.append((piece, items))
            elif self._folder is not None:
                self._folder.forget(piece)
        self._in_memory = still

    def _put(self, profiles: list[KernelProfile], name: str, id: str) -> list[Waiting]:  # noqa: A002 - the word
        """Put a profile set on disk for each writer; nothing, when that is not possible."""
        if self._folder is None:
            return []
        try:
            paths = self._folder.put(profiles, name, len(self.deliveries))
        except (OSError, TidegaugeError) as error:
            self._troubles.append(f"{type(error).__name__}: {error}")
            return []
        return [Waiting(name, id, path=path) for path in paths]

    def _set_aside(self, path: str, where: str) -> None:
        folder = self._folder
        if folder is not None:
            with suppress(OSError):
                folder.set_aside(path, where)


def _name_of(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]
