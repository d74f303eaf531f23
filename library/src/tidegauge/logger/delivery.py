"""Delivering to one writer, in a thread of its own: a writer that is dead or hangs stops nobody else."""

from __future__ import annotations

import random
import threading
import time
from bisect import insort
from contextlib import suppress
from typing import TYPE_CHECKING

from tidegauge.errors import FormatError, MissingFileError, PermanentWriterError, WriterError
from tidegauge.logger.outbox import MEMORY_BYTES, Waiting
from tidegauge.logger.state_folder import CORRUPT, REJECTED
from tidegauge.logger.status import WriterStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tidegauge.profile_set import ProfileSet
    from tidegauge.writers import Writer

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
LONGEST_ASKED_SECONDS = 3_600.0
"""How long a receiver is left alone at most that asks for it."""

_STUBBORN = 20
"""After so many failures of one set the next is tried too: it may be the set that fails, not the writer."""


class Delivery:
    """What waits for a writer, in order of windows, and the thread that hands it over.

    Args:
        writer: Takes the profile sets.
        name: What it is called in `WriterStatus`.
        set_aside: Is called with a file that is damaged.
    """

    def __init__(self, writer: Writer, name: str, set_aside: Callable[[str, str], None]) -> None:
        self._writer = writer
        self._name = name
        self._set_aside = set_aside
        self._changed = threading.Condition(threading.Lock())
        self._waiting: list[Waiting] = []
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
        """Start the thread, if it does not run."""
        if self._thread is None or not self._thread.is_alive():
            self._stopping = False
            thread = threading.Thread(target=self._run, name=f"tidegauge-{self._name}", daemon=True)
            thread.start()
            self._thread = thread

    def add(self, items: Iterable[Waiting]) -> None:
        """Add profile sets. Those in memory are given up from the oldest on when they are too many."""
        with self._changed:
            for item in items:
                insort(self._waiting, item, key=_name)
            held = sum(len(item.data) for item in self._waiting if item.data is not None)
            for item in [item for item in self._waiting if item.data is not None]:
                if held <= MEMORY_BYTES:
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

    def _try_next_of(self, item: Waiting) -> bool:
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

    def _try(self, item: Waiting) -> bool:
        try:
            profiles = item.read()
        except (MissingFileError, FormatError) as error:
            self._give_up(item, error)
            return True
        except BaseException as error:  # noqa: BLE001 - no error may end the thread
            self._fail(error)
            return False
        return self._write(item, profiles)

    def _write(self, item: Waiting, profiles: ProfileSet) -> bool:
        with self._changed:
            self._busy_since = time.monotonic()
        try:
            self._writer.write(profiles, id=item.id)
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

    def _finish(self, item: Waiting) -> None:
        """Take off what is done with; the file goes first, so that nothing is sent again without need."""
        item.remove()
        with self._changed:
            with suppress(ValueError):
                self._waiting.remove(item)
            self._changed.notify_all()

    def _give_up(self, item: Waiting, error: Exception) -> None:
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


def _name(item: Waiting) -> str:
    return item.name
