"""The thread behind a logger, which makes the rounds, and what others ask of it."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from tidegauge.errors import TidegaugeError
from tidegauge.logger import rounds
from tidegauge.logger.gate import Gate
from tidegauge.logger.rounds import Rounds
from tidegauge.samplers.sampling import begin_anew

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidegauge._kernel import Collector
    from tidegauge.logger.rounds import Wishes

EXIT_SECONDS = 5.0
"""How long the end of a process waits for the writers."""

FIRST_ROUND_SECONDS = 60.0
"""After how long a logger that nobody has used looks for what the dead have left.

It must not be at once: a process that is about to fork its workers would speak to an object store, which no
library for these survives. Whoever logs, flushes, saves or closes does not wait for it.
"""

_lost: list[Collector] = []
"""Collectors that a fork left half way through something: never looked into again, not even to free them.

They are kept for ever on purpose: their destructor would walk through what a thread was changing that is not
there any more. A process has one at most for each logger and fork that it descends from.
"""


@dataclass(slots=True)
class Request:
    """A word to the thread that somebody waits for.

    Attributes:
        close_all: Close also the windows that are not over.
        stop: End.
        rest: End if there never was anything to do; a word of work starts another thread.
        saved: The answer: whether everything that came in is on disk.
        done: Set when it is answered.
    """

    close_all: bool = False
    stop: bool = False
    rest: bool = False
    saved: bool = False
    done: threading.Event = field(default_factory=threading.Event)


class Worker:
    """All that a logger does where the host does not wait.

    Only its thread makes rounds. Others leave a word in its mailbox, which takes no time.

    Args:
        collect: Makes the kernel's state, which the host adds to.
        wishes: What to do.
    """

    def __init__(self, collect: Callable[[], Collector], wishes: Wishes) -> None:
        self._collect = collect
        self.collector = collect()
        self.wishes = wishes
        self._stopped = False
        self.at_end: Callable[[], Callable[[], None] | None] | None = None
        """Gives what the logger does when the process ends; nothing, when there is no logger any more."""
        self._begin()

    def _begin(self) -> None:
        self._mailbox: SimpleQueue[Request | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._abandoned = False
        self._was_woken = False
        self.gate = Gate()
        self.rounds = Rounds(self.collector, self.wishes)

    # What others call

    def start(self) -> bool:
        """Start the thread if it does not run; return whether it does."""
        with self._starting:
            if self._thread is not None:
                return True
            if self._stopped:
                return False
            thread = threading.Thread(target=self._run, name=f"tidegauge-{self.wishes.dataset}", daemon=True)
            try:
                thread.start()
            except RuntimeError as error:  # at the interpreter's end, or where the system has no more threads
                self.rounds.tally.internal_error = f"the logger's thread cannot be started: {error}"
                return False
            self._thread = thread
            return True

    def wake(self) -> None:
        """Say that there is work; called by the kernel in the host's thread."""
        self._mailbox.put(None)  # first: a thread that goes to rest looks into its mailbox last
        if self._thread is None:
            self.start()

    def flush(self, timeout: float) -> bool:
        """Close every window, and wait until the writers have tried everything; whether all is delivered."""
        deadline = time.monotonic() + timeout
        if not self._ask(Request(close_all=True), timeout):
            return False
        threads = self.rounds.threads
        since = [delivery.hurry() for delivery in threads]
        settled = [
            delivery.settled(round_, deadline - time.monotonic())
            for delivery, round_ in zip(threads, since, strict=True)
        ]
        return all(settled[: len(self.rounds.deliveries)]) and not self.rounds.unsent

    @property
    def is_over(self) -> bool:
        """Whether nothing is taken in any more."""
        return self._stopped or self._abandoned

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
        else:
            self.rounds.leave()

    def stop(self, timeout: float) -> bool:
        """Take nothing more in, flush, end all threads, let go of the folder; whether all was delivered."""
        deadline = time.monotonic() + timeout
        self.collector.close()
        if self._stopped:
            return self.rounds.has_delivered()
        done = self.flush(timeout)
        self._stopped = True
        if self._thread is not None:
            request = Request(stop=True)
            self._mailbox.put(request)
            request.done.wait(max(deadline - time.monotonic(), 0.1))
        for delivery in self.rounds.threads:
            delivery.stop()
        for delivery in self.rounds.threads:
            delivery.join(deadline - time.monotonic())
        self.rounds.leave()
        return done

    def _ask(self, request: Request, timeout: float) -> bool:
        self._mailbox.put(request)
        if self.start():
            return request.done.wait(timeout)
        if not self._stopped:
            self._answer(request)
        return True

    # Forks, and the end of the process

    def before_fork(self, timeout: float) -> None:
        """Wait until no batch is half logged, and no record.

        Where the kernel calls functions of the user's nobody knows how long they take, or whether they wait
        for this very thread; then the child may have to begin with a collector of its own.

        A thread that never had anything to do ends here: a process that only forks has none.
        """
        end = time.monotonic() + timeout
        self.gate.shut(timeout)
        self._rest(end)
        while True:
            if not self.wishes.calls_back:
                with suppress(TidegaugeError):
                    _ = self.collector.records  # has its lock when nobody else has
            # Nobody holds the kernel's lock without the interpreter now, but some may be about to get both.
            if not self.collector.is_awaited or time.monotonic() >= end:
                return
            time.sleep(0.0005)

    def _rest(self, end: float) -> None:
        thread = self._thread
        if thread is None or thread is threading.current_thread() or not self._may_rest():
            return
        request = Request(rest=True)
        self._mailbox.put(request)
        request.done.wait(max(end - time.monotonic(), 0.0))
        if self._thread is not thread:
            thread.join(max(end - time.monotonic(), 0.0))

    def after_fork_in_parent(self) -> None:
        """Go on."""
        self.gate.open()

    def after_fork_in_child(self) -> None:
        """Begin anew: what the parent had gathered is the parent's."""
        self.rounds.release()
        self._stopped = self._stopped or self._abandoned
        if self.wishes.samples is not None and not self._stopped:
            begin_anew(self.wishes.samples.sampling)
        try:
            self.collector.forget()
        except TidegaugeError:  # another thread had it at the fork, and will never let go of it here
            _lost.append(self.collector)
            self.collector = self._collect()
            if self._stopped:
                self.collector.close()
        self._begin()

    def finish(self) -> None:
        """Bring everything to where it belongs: the process ends."""
        self.stop(EXIT_SECONDS)
        end = None if self.at_end is None else self.at_end()
        if end is not None:
            end()

    # The thread

    def _run(self) -> None:
        seconds = self.wishes.checkpoint_seconds
        next_round = time.monotonic() + FIRST_ROUND_SECONDS
        while True:
            try:
                request = self._mailbox.get(timeout=max(next_round - time.monotonic(), 0.0))
            except Empty:
                request = Request()
            if request is None:
                self._was_woken = True
                next_round = min(next_round, time.monotonic() + seconds)
                continue
            if request.rest:
                if self._ends_to_rest(request):
                    return
                continue
            if request.stop:
                request.done.set()
                return
            began = time.monotonic()
            idle = self._answer(request)
            if self._abandoned and not self.rounds.holds_anything():
                self._end()
                return
            # Counted from the start of a round, so that a slow disk adds nothing to what a crash loses; but
            # never without a pause after its end.
            ended = time.monotonic()
            rested = ended + 0.1 * (ended - began)
            pause = rounds.NEIGHBOURS_SECONDS if idle and not self._abandoned else seconds
            next_round = max(began + pause, rested)

    def _answer(self, request: Request) -> bool:
        """Make a round; return whether nothing is left to do."""
        done = self.rounds.run(close_all=request.close_all)
        request.saved = done.saved
        request.done.set()
        return done.idle

    def _may_rest(self) -> bool:
        return not self._was_woken and self.rounds.is_untouched

    def _ends_to_rest(self, request: Request) -> bool:
        rests = self._may_rest()
        if rests:
            self._thread = None
            if not self._mailbox.empty():  # whoever left a word before has seen a thread
                self.start()
        request.done.set()
        return rests

    def _end(self) -> None:
        self._stopped = True
        for delivery in self.rounds.threads:
            delivery.stop()
        self.rounds.leave()
