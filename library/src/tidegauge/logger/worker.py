"""The thread behind a logger: takes out what was gathered, keeps it safe, closes windows."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from tidegauge.errors import TidegaugeError
from tidegauge.logger.adoption import adopt_neighbours, id_of
from tidegauge.logger.delivery import Delivery
from tidegauge.logger.gate import Gate
from tidegauge.logger.open_windows import OpenWindows, Span
from tidegauge.logger.outbox import Waiting, encoded, file_name
from tidegauge.logger.state_folder import StateFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidegauge._kernel import Collector, KernelProfile
    from tidegauge.logger.open_windows import OpenPiece
    from tidegauge.writers import Writer

EXIT_SECONDS = 5.0
"""How long the end of a process waits for the writers."""

NEIGHBOURS_SECONDS = 30.0
"""How often a logger looks for those that have died."""

GRACE_MICROSECONDS = 5_000_000
"""How long a window by timestamps stays open after its end: records come a little after they happened."""


_lost: list[Collector] = []
"""Collectors that a fork left half way through something: never looked into again, not even to free them."""


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
    """

    dataset: str
    writers: tuple[Writer, ...]
    checkpoint: str | None
    checkpoint_seconds: float
    lateness: int
    clock: Callable[[], float]
    by_timestamp: bool
    calls_back: bool


@dataclass(slots=True)
class Request:
    """A round that somebody waits for, and whether it brought everything to disk."""

    close_all: bool = False
    stop: bool = False
    saved: bool = False
    done: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True)
class Tally:
    """What a worker has counted."""

    late: int = 0
    early: int = 0
    recovered: int = 0
    damaged: int = 0
    checkpoint_error: str | None = None
    internal_error: str | None = None


class Worker:
    """All that a logger does where the host does not wait.

    Only its thread touches windows and folders. Others leave a word in its mailbox, which takes no time.

    Args:
        collect: Makes the kernel's state, which the host adds to.
        wishes: What to do.
    """

    def __init__(self, collect: Callable[[], Collector], wishes: Wishes) -> None:
        self._collect = collect
        self.collector = collect()
        self.wishes = wishes
        self._reset()
        self._look_at_clock()

    def _reset(self) -> None:
        self._mailbox: SimpleQueue[Request | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._stopped = False
        self._abandoned = False
        self._windows = OpenWindows()
        self._folder: StateFolder | None = None
        self._unsent: list[OpenPiece] = []
        self._in_memory: list[tuple[OpenPiece, list[Waiting]]] = []
        self._looked_around = -NEIGHBOURS_SECONDS
        self._adoption_error: str | None = None
        self._troubles: list[str] = []
        self.gate = Gate()
        self.tally = Tally()
        self.open_now: tuple[tuple[Span | None, str, int], ...] = ()
        self.deliveries = tuple(
            Delivery(writer, f"{position} {writer!r}"[:100], self._set_aside)
            for position, writer in enumerate(self.wishes.writers)
        )

    def _look_at_clock(self) -> None:
        self._gathered = self._now()
        self._window = self._current(self._gathered)
        self._set_horizon(self._gathered)

    # What others call

    def start(self) -> None:
        """Start the thread if it does not run."""
        with self._starting:
            if self._thread is not None or self._stopped:
                return
            thread = threading.Thread(target=self._run, name=f"tidegauge-{self.wishes.dataset}", daemon=True)
            try:
                for delivery in self.deliveries:
                    delivery.start()
                thread.start()
            except RuntimeError as error:  # at the interpreter's end, or where the system has no more threads
                self.tally.internal_error = f"the logger's thread cannot be started: {error}"
                return
            self._thread = thread

    def wake(self) -> None:
        """Say that there is work; called by the kernel in the host's thread."""
        if self._thread is None:
            self.start()
        self._mailbox.put(None)

    def flush(self, timeout: float) -> bool:
        """Close every window, and wait until the writers have tried everything; whether all is delivered."""
        deadline = time.monotonic() + timeout
        request = Request(close_all=True)
        if not self._ask(request, timeout):
            return False
        since = [delivery.hurry() for delivery in self.deliveries]
        settled = [
            delivery.settled(round_, deadline - time.monotonic())
            for delivery, round_ in zip(self.deliveries, since, strict=True)
        ]
        return all(settled) and not self._unsent

    def round(self, timeout: float = 60.0) -> bool:
        """Do now what is done every `checkpoint_seconds`; whether it was done in time."""
        return self._ask(Request(), timeout)

    def save(self, timeout: float) -> bool:
        """Bring what has come in to disk now; whether it is there."""
        request = Request()
        return self._ask(request, timeout) and request.saved

    def abandon(self) -> None:
        """Deliver what is there, and end by itself: nobody has the logger any more."""
        self._abandoned = True
        self.collector.close()
        if self._thread is not None:
            self._mailbox.put(Request(close_all=True))

    def stop(self, timeout: float) -> bool:
        """Take nothing more in, flush, end all threads, let go of the folder; whether all was delivered."""
        deadline = time.monotonic() + timeout
        self.collector.close()
        if self._stopped:
            return self.has_delivered()
        done = self.flush(timeout)
        self._stopped = True
        if self._thread is not None:
            request = Request(stop=True)
            self._mailbox.put(request)
            request.done.wait(max(deadline - time.monotonic(), 0.1))
        for delivery in self.deliveries:
            delivery.stop()
        for delivery in self.deliveries:
            delivery.join(deadline - time.monotonic())
        self._leave()
        return done

    def has_delivered(self) -> bool:
        """Return whether nothing waits."""
        return not self._unsent and not any(delivery.is_waiting() for delivery in self.deliveries)

    def _leave(self) -> None:
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.leave()

    # Forks, and the end of the process

    def before_fork(self, timeout: float) -> None:
        """Wait until no batch is half logged, and no record.

        Where the kernel calls functions of the user's nobody knows how long they take, or whether they wait
        for this very thread; then the child may have to begin with a collector of its own.
        """
        end = time.monotonic() + timeout
        self.gate.shut(timeout)
        while True:
            if not self.wishes.calls_back:
                with suppress(TidegaugeError):
                    _ = self.collector.records  # has its lock when nobody else has
            # Nobody holds the kernel's lock without the interpreter now, but some may be about to get both.
            if not self.collector.is_awaited or time.monotonic() >= end:
                return
            time.sleep(0.0005)

    def after_fork_in_parent(self) -> None:
        """Go on."""
        self.gate.open()

    def after_fork_in_child(self) -> None:
        """Begin anew: what the parent had gathered is the parent's."""
        if self._folder is not None:
            self._folder.release()
        stopped = self._stopped or self._abandoned
        self._reset()
        self._stopped = stopped
        try:
            self.collector.forget()
        except TidegaugeError:  # another thread had it at the fork, and will never let go of it here
            _lost.append(self.collector)
            self.collector = self._collect()
            if stopped:
                self.collector.close()
        self._look_at_clock()

    def finish(self) -> None:
        """Bring everything to where it belongs: the process ends."""
        self.stop(EXIT_SECONDS)

    def _ask(self, request: Request, timeout: float) -> bool:
        self.start()
        if self._thread is None:
            if not self._stopped:
                self._round(request)
            return True
        self._mailbox.put(request)
        return request.done.wait(timeout)

    # The thread

    def _run(self) -> None:
        seconds = self.wishes.checkpoint_seconds
        next_round = time.monotonic()
        while True:
            try:
                request = self._mailbox.get(timeout=max(next_round - time.monotonic(), 0.0))
            except Empty:
                request = Request()
            if request is None:
                next_round = min(next_round, time.monotonic() + seconds)
                continue
            if request.stop:
                request.done.set()
                return
            began = time.monotonic()
            idle = self._round(request)
            request.done.set()
            if self._abandoned and not self._holds_anything():
                self._end()
                return
            # From beginning to beginning: a slow disk must not add to what a crash may lose. Yet with rest.
            ended = time.monotonic()
            rested = ended + 0.1 * (ended - began)
            next_round = max(began + (NEIGHBOURS_SECONDS if idle else seconds), rested)

    def _round(self, request: Request) -> bool:
        """Do what is to be done every second or so; return whether nothing is left to do."""
        self._troubles.clear()
        try:
            taken = self._gather()
            self._tend_folder()
            self._save()
            self._close(close_all=request.close_all)
            request.saved = self._folder is not None and not self._troubles
        except BaseException as error:  # noqa: BLE001 - the thread must live on, and the error is told
            self.tally.internal_error = f"{type(error).__name__}: {error}"
            taken = True
        self.tally.checkpoint_error = self._troubles[-1] if self._troubles else self._adoption_error
        self.open_now = tuple((piece.span, piece.id, piece.records) for piece in self._windows)
        busy = taken or self._windows or self._unsent or self._abandoned
        return not (busy or self.tally.checkpoint_error)

    def _holds_anything(self) -> bool:
        return bool(self.collector.records or self._windows) or not self.has_delivered()

    def _end(self) -> None:
        self._stopped = True
        for delivery in self.deliveries:
            delivery.stop()
        self._leave()

    def _now(self) -> int:
        return int(self.wishes.clock() * 1e6)

    def _current(self, now: int) -> Span:
        span = self.collector.window_of(now)
        if span is None:
            raise AssertionError("a logger has windows")
        return span

    def _grace(self) -> int:
        return GRACE_MICROSECONDS if self.wishes.by_timestamp else 0

    def _latest_end(self, now: int) -> int:
        """When the last window ends that takes records in: clocks of other machines may be a little ahead."""
        return self._current(self._current(now)[1] + self.wishes.lateness)[1]

    def _set_horizon(self, now: int) -> None:
        if self.wishes.by_timestamp:
            earliest = self._current(now - GRACE_MICROSECONDS - self.wishes.lateness)[0]
            latest = self._current(self._latest_end(now) - 1)[0]
            self.collector.set_horizon(earliest, latest, now)

    def _gather(self) -> bool:
        """Take out what came since the last round."""
        now = self._now()
        current = self._current(now)
        # The number of segments is limited for each window, not for all the months that a service runs.
        profiles = self.collector.take(forget_segments=current != self._window)
        self._window = current
        self._set_horizon(now)
        for profile in profiles:
            self.tally.late += profile.late_records
            self.tally.early += profile.early_records
        before = min(self._gathered, now) - self._grace()
        self._windows.add(profiles, before=before, current_end=current[1])
        self._gathered = now
        return bool(profiles)

    def _tend_folder(self) -> None:
        """Make the folder, or make it again where it was removed; look for the dead now and then."""
        if self.wishes.checkpoint is None:
            return
        try:
            if self._folder is not None and not self._folder.is_there():
                self._folder.release()
                self._folder = None
                for piece in self._windows:
                    piece.forget_saving()
            if self._folder is None:
                self._folder = StateFolder(self.wishes.checkpoint, self.wishes.dataset)
            for position, delivery in enumerate(self.deliveries):
                if not delivery.save(self._folder.outbox(position)):
                    self._troubles.append(f"what waits cannot be written to {self._folder.outbox(position)}")
            self._forget_parts()
            if time.monotonic() - self._looked_around >= NEIGHBOURS_SECONDS:
                self._looked_around = time.monotonic()
                self._adopt(self._folder)
        except (OSError, TidegaugeError) as error:
            self._troubles.append(f"{type(error).__name__}: {error}")

    def _adopt(self, folder: StateFolder) -> None:
        adopted = adopt_neighbours(folder, len(self.deliveries), self.collector.finished)
        self._adoption_error = adopted.error
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
            for piece in self._windows:
                self._folder.save(piece)
        except (OSError, TidegaugeError) as error:
            self._troubles.append(f"{type(error).__name__}: {error}")

    def _close(self, *, close_all: bool) -> None:
        """Close the windows that are over, and put them where they wait for the writers."""
        if close_all:
            closed = self._windows.close_all()
        else:
            now = self._now()
            closed = self._windows.close(now=now - self._grace(), latest_end=self._latest_end(now))
        self._unsent += closed
        while self._unsent:
            self._send(self._unsent[0])
            self._unsent.pop(0)

    def _send(self, piece: OpenPiece) -> None:
        profiles = self.collector.finished(piece.whole())
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
