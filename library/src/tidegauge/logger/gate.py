"""A gate that batches pass through, so that a fork can wait until none is half logged."""

from __future__ import annotations

import threading


class Gate:
    """Any number may be inside at a time; while it is shut, those who come wait.

    Example:
        >>> gate = Gate()
        >>> with gate:
        ...     pass
    """

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        self._inside = 0
        self._shut = 0

    def __enter__(self) -> None:
        """Go in, after the fork if there is one just now."""
        with self._changed:
            self._changed.wait_for(lambda: not self._shut)
            self._inside += 1

    def __exit__(self, *error: object) -> None:
        """Go out."""
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()

    def shut(self, timeout: float) -> bool:
        """Let nobody in, and wait for those inside; return whether all have left in time."""
        with self._changed:
            self._shut += 1
            return self._changed.wait_for(lambda: not self._inside, timeout)

    def open(self) -> None:
        """Let those in who wait."""
        with self._changed:
            self._shut -= 1
            self._changed.notify_all()
