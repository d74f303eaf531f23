"""Delivering to one writer, in a thread of its own: a writer that is dead or hangs stops nobody else."""

from __future__ import annotations

import random
import threading
import time
from bisect import insort
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from tidegauge.errors import FormatError, MissingFileError, PermanentWriterError, WriterError
from tidegauge.logger.state_folder import CORRUPT, REJECTED
from tidegauge.logger.status import WriterStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

What = TypeVar("What")
What_co = TypeVar("What_co", covariant=True)
What_contra = TypeVar("What_contra", contravariant=True)

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
LONGEST_ASKED_SECONDS = 3_600.0
"""How long a receiver is left alone at most that asks for it."""

_STUBBORN = 20
"""After so many failures of one set the next is tried too: it may be the set that fails, not the writer."""


class Item(Protocol[What_co]):
    """What waits: on disk, at a path, or in memory, as data."""

    name: str
    id: str
    path: str | None
    data: bytes | None
    done: bool

    def read(self) -> What_co:
        """Return what is to be handed over."""

    def save(self, folder: str) -> bool:
        """Put on disk what is in memory only, if that is possible."""

    def remove(self) -> None:
        """Remove the file of what has been delivered or given up."""


class Receiver(Protocol[What_contra]):
    """Who takes it: a writer, for one."""

    def write(self, what: What_contra, /, *, id: str) -> None:  # noqa: A002 - the word
        """Take it, or raise."""


class Delivery(Generic[What]):
    """What waits for a writer, in order of windows, and the thread that hands it over.

    Args:
        writer: Takes the profile sets.
        name: What it is called in `WriterStatus`.
        memory_bytes: How much may wait in memory; beyond it the oldest are given up.
        set_aside: Called with a file that is damaged or was refused, and with the folder for such files.
    """

    def __init__(
        self,
        writer: Receiver[What],
        name: str,
        *,
        memory_bytes: int,
        set_aside: Callable[[str, str], None],
    ) -> None:
        self._writer = writer
        self._name = name
        self._memory_bytes = memory_bytes
        self._set_aside = set_aside
        self._changed = threading.Condition(threading.Lock())
        self._waiting: list[Item[What]] = []
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._urgent = False
        self._delivered = 0
        self._failed = 0
        self._failures_in_a_row = 0
        self._rounds = 0
        self._last_error: str | None = None
        self._asked_seconds = 0.0
        self._busy_since: float | None = None
        self.dropped = 0
        self.damaged = 0
        self.rejected = 0

    def start(self) -> None:
        """Start the thread, if something waits and it does not run: without need a process has none.

        Raises:
            RuntimeError: There can be no more threads.
        """
        if not self._waiting or self._stopping:
            return
        if self._thread is None or not self._thread.is_alive():
            thread = threading.Thread(target=self._run, name=f"tidegauge-{self._name}", daemon=True)
            thread.start()
            self._thread = thread

    def add(self, items: Iterable[Item[What]]) -> None:
        """Add items. Those in memory are given up from the oldest on when they are too many.

        One that waits under the same name is an older state of the same, and makes room.
        """
        with self._changed:
            for item in items:
                for older in [other for other in self._waiting if other.name == item.name]:
                    older.done = True
                    self._waiting.remove(older)
                insort(self._waiting, item, key=_name)
            held = sum(len(item.data) for item in self._waiting if item.data is not None)
            for item in [item for item in self._waiting if item.data is not None]:
                if held <= self._memory_bytes:
                    break
                held -= len(item.data or b"")
                self._waiting.remove(item)
                item.done = True
                self.dropped += 1
            self._changed.notify_all()

    def save(self, folder: str) -> bool:
        """Put on disk what waits in memory, as far as that is possible; whether everything is there."""
        with self._changed:
            inside = [item for item in self._waiting if item.data is not None]
        for item in inside:
            saved = item.save(folder)
            with self._changed:
                delivered = item not in self._waiting
            if saved and delivered:
                item.remove()
            if not saved and not delivered:
                return False
        return True

    def hurry(self) -> int:
        """Try at once, however long ago the writer failed.

        Returns:
            What to give to `settled`.
        """
        with self._changed:
            self._urgent = True
            self._changed.notify_all()
            return self._rounds

    def settled(self, since: int, timeout: float) -> bool:
        """Wait until everything is delivered, or the writer has failed since.

        Args:
            since: What `hurry` returned.
            timeout: How many seconds to wait at most.

        Returns:
            Whether everything is delivered.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting or self._rounds > since, max(timeout, 0.0))
            return not self._waiting

    def stop(self) -> None:
        """Let the thread end after what it has in its hands."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end; return whether it did."""
        thread = self._thread
        if thread is None or thread is threading.current_thread():
            return True
        with suppress(RuntimeError):
            thread.join(max(timeout, 0.0))
        return not thread.is_alive()

    def is_waiting(self) -> bool:
        """Return whether anything waits."""
        return bool(self._waiting)

    def status(self) -> WriterStatus:
        """Return how the writer does."""
        with self._changed:
            since = self._busy_since
            return WriterStatus(
                name=self._name,
                waiting=len(self._waiting),
                delivered=self._delivered,
                failed_attempts=self._failed,
                last_error=self._last_error,
                busy_seconds=None if since is None else time.monotonic() - since,
            )

    # The thread

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping or self._waiting)
                if self._stopping:
                    return
                item = self._waiting[0]
            if not self._try(item) and not self._try_next_of(item):
                self._pause()

    def _try_next_of(self, item: Item[What]) -> bool:
        """Try the set behind one that failed again and again: it may be the set that is not liked."""
        with self._changed:
            behind = self._waiting[1:2] if self._waiting[:1] == [item] else []
        return bool(behind) and self._failures_in_a_row >= _STUBBORN and self._try(behind[0])

    def _pause(self) -> None:
        """Wait, longer after each failure, and not in step with others that have failed too."""
        exponent = min(self._failures_in_a_row - 1, 10)
        seconds = min(FIRST_PAUSE_SECONDS * 2**exponent, LONGEST_PAUSE_SECONDS)
        seconds *= 0.5 + random.random()  # noqa: S311 - no secret
        seconds = max(seconds, min(self._asked_seconds, LONGEST_ASKED_SECONDS))
        with self._changed:
            self._rounds += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._stopping or self._urgent, seconds)
            self._urgent = False

    def _try(self, item: Item[What]) -> bool:
        try:
            what = item.read()
        except (MissingFileError, FormatError) as error:
            self._give_up(item, error)
            return True
        except BaseException as error:  # noqa: BLE001 - no error may end the thread
            self._fail(error)
            return False
        return self._write(item, what)

    def _write(self, item: Item[What], what: What) -> bool:
        with self._changed:
            self._busy_since = time.monotonic()
        try:
            self._writer.write(what, id=item.id)
        except PermanentWriterError as error:
            self._fail(error)
            self._give_up(item, error)
            return True
        except BaseException as error:  # noqa: BLE001 - anybody's code: not even sys.exit() may end the thread
            self._fail(error)
            return False
        with self._changed:
            self._busy_since = None
            self._failures_in_a_row = 0
            self._last_error = None
            self._delivered += 1
        self._finish(item)
        return True

    def _finish(self, item: Item[What]) -> None:
        """Take off what is done with; the file goes first, so that nothing is sent again without need."""
        item.remove()
        with self._changed:
            with suppress(ValueError):
                self._waiting.remove(item)
            self._changed.notify_all()

    def _give_up(self, item: Item[What], error: Exception) -> None:
        """Do without a set that is damaged, gone or refused for good; its file is kept to be looked at."""
        if item.path is None or isinstance(error, MissingFileError):
            self.dropped += 1
        elif isinstance(error, FormatError):
            self._set_aside(item.path, CORRUPT)
            self.damaged += 1
        else:
            self._set_aside(item.path, REJECTED)
            self.rejected += 1
        self._finish(item)

    def _fail(self, error: BaseException) -> None:
        with self._changed:
            self._busy_since = None
            self._failed += 1
            self._failures_in_a_row += 1
            self._last_error = f"{type(error).__name__}: {error}"
            asked = error.retry_after_seconds if isinstance(error, WriterError) else None
            self._asked_seconds = asked or 0.0


def _name(item: Item[object]) -> str:
    return item.name
