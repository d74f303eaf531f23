"""Forks and the interpreter's end: one registration for all loggers."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import weakref
from typing import Protocol

_FORK_SECONDS = 1.0
"""How long a fork waits at most for a batch that another thread is logging."""


class Forkable(Protocol):
    """What must know of forks."""

    def before_fork(self, timeout: float) -> None:
        """Come to rest."""

    def after_fork_in_parent(self) -> None:
        """Go on."""

    def after_fork_in_child(self) -> None:
        """Begin anew."""

    def finish(self) -> None:
        """Bring what is there to where it belongs: the process ends."""


_known: weakref.WeakSet[Forkable] = weakref.WeakSet()
_registering = threading.Lock()
_registered = {"forks": False, "exit": False, "multiprocessing": False}


def remember(forkable: Forkable) -> None:
    """Tell something of all forks from now on, as long as it lives."""
    with _registering:
        _known.add(forkable)
        if not _registered["exit"]:
            _registered["exit"] = True
            atexit.register(_finish)
        _register_multiprocessing()
        if not _registered["forks"] and hasattr(os, "register_at_fork"):
            _registered["forks"] = True
            os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)


def _before() -> None:
    _register_multiprocessing()
    for forkable in list(_known):
        forkable.before_fork(_FORK_SECONDS)


def _in_parent() -> None:
    for forkable in list(_known):
        forkable.after_fork_in_parent()


def _in_child() -> None:
    for forkable in list(_known):
        forkable.after_fork_in_child()


def _register_multiprocessing() -> None:
    """Children of multiprocessing end without `atexit`, but with finalizers of their own."""
    util = sys.modules.get("multiprocessing.util")
    if util is not None and not _registered["multiprocessing"]:
        _registered["multiprocessing"] = True
        util.register_after_fork(_key, _in_multiprocessing_child)
        process = sys.modules.get("multiprocessing.process")
        if process is not None and process.parent_process() is not None:
            _in_multiprocessing_child(_key)


class _Key:
    """Something to register by, that lives as long as this module."""


_key = _Key()


def _in_multiprocessing_child(_: _Key) -> None:
    sys.modules["multiprocessing.util"].Finalize(None, _finish, exitpriority=0)


def _finish() -> None:
    for forkable in list(_known):
        forkable.finish()
