"""What a logger is given, checked: whatever is wrong is told when it is made, and not months later."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tidegauge.errors import ArgumentError
from tidegauge.locations.layout import sample_file_name
from tidegauge.locations.url import local_path
from tidegauge.logger.sample_keeping import SampleWish
from tidegauge.profile import window_of_span
from tidegauge.samplers.folder import STAY_HERE, SampleFolder
from tidegauge.samplers.sampling import Sampling, is_seeded, kernel_of
from tidegauge.windows import microseconds_of
from tidegauge.writers import Writer, open_writer
from tidegauge.writers.directory import DirectoryWriter

if TYPE_CHECKING:
    from datetime import timedelta

    from tidegauge.logger.rounds import Wishes
    from tidegauge.profile_set import ProfileSet

Target = Writer | Callable[["ProfileSet", str], object] | str | os.PathLike[str]

LOCKED = "a checkpoint is locked, and must not need a network"
"""Why no object store takes a checkpoint."""

_LONGEST_FILE_NAME = 200
_LONGEST_WAIT = 1e8
"""Three years: what is longer, as infinity, the system may not know how to wait."""


def opened(writers: Target | Iterable[Target]) -> tuple[Writer, ...]:
    """Open the writers."""
    one = isinstance(writers, str | bytes | Mapping) or hasattr(writers, "write")
    several = isinstance(writers, Iterable) and not one
    try:
        found = tuple(map(open_writer, writers if several else [writers]))  # type: ignore[arg-type]
    except ArgumentError as error:
        raise ArgumentError(f"writers=: {error}") from None
    if not found:
        raise ArgumentError("writers= is empty: say where profiles go, such as writers=function")
    return found


def given(window: str | timedelta | None) -> str | timedelta:
    """Return a window that there is."""
    if window is None:
        raise ArgumentError("a Logger works by windows; give window= a length of time such as '5m' or '1h'")
    return window


def checked_dataset(dataset: object) -> str:
    """Return a name that is one."""
    if isinstance(dataset, str) and dataset:
        return dataset
    raise ArgumentError(f"dataset={dataset!r} is no name; give a text such as 'rides'")


def checked_seconds(seconds: object) -> float:
    """Return how old a checkpoint may be."""
    if isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0.01 <= seconds <= 3_600:
        return float(seconds)
    raise ArgumentError(f"checkpoint_seconds={seconds!r} must be a number from 0.01 to 3600")


def checked_clock(clock: object) -> Callable[[], float]:
    """Return a clock that can be asked."""
    if not callable(clock):
        raise ArgumentError(f"clock={clock!r} is no function; give one such as time.time")
    return clock


def checked_timeout(timeout: object) -> float:
    """Return how many seconds to wait."""
    if isinstance(timeout, int | float) and not isinstance(timeout, bool) and timeout == timeout:
        return float(min(max(timeout, 0.0), _LONGEST_WAIT))
    raise ArgumentError(f"timeout={timeout!r}; expected how many seconds to wait at most, such as 10.0")


def folder(argument: str, value: object, reason: str) -> str | None:
    """Return the path of a folder of this machine, or None.

    Args:
        argument: What it was given as.
        value: What was given.
        reason: Why it must be here.
    """
    if value is None:
        return None
    try:
        text = os.fspath(value)  # type: ignore[call-overload]
    except TypeError:
        text = None
    if not isinstance(text, str) or not text:
        raise ArgumentError(f"{argument}={value!r} is no path; give that of a directory, or None")
    return os.path.abspath(local_path(text, argument=argument, reason=reason))


def _checked_sampling(dataset: str, samplers: Sampling | None) -> Sampling:
    """Return a sampling whose samples can be told apart in a folder, and merged."""
    if samplers is None:
        raise ArgumentError("samples= says where samples go; say by samplers=Sampling({…}) which there are")
    kernel_of(samplers)  # which refuses what is no sampling
    if is_seeded(samplers):
        raise ArgumentError(
            "samples= needs a Sampling without seed=: the samples of processes with one seed do not merge"
        )
    # Names of samplers become parts of names of files.
    names = list(samplers)
    for name in names:
        file = os.path.basename(sample_file_name(dataset, window_of_span(0, 1), "0" * 32, name))
        if not name or len(file) > _LONGEST_FILE_NAME:
            raise ArgumentError(
                f"samples= makes files named after the samplers; call {name!r} by a short name such as 'bad'"
            )
    if len({name.casefold() for name in names}) < len(names):
        raise ArgumentError(
            f"samples= makes files named after the samplers, {', '.join(names)}; some differ only in "
            "capitals, which not all file systems tell apart"
        )
    return samplers


def _check_apart(root: str, writers: tuple[Writer, ...], checkpoint: str | None) -> None:
    """Who reads profiles reads all files of a folder, and must not come upon samples."""
    own = os.path.realpath(root)
    if os.path.exists(own) and not os.path.isdir(own):
        raise ArgumentError(f"samples={root!r} is a file; give the path of a folder")
    for writer in writers:
        if isinstance(writer, DirectoryWriter):
            theirs = os.path.realpath(writer.folder)
            if own == theirs or own.startswith(os.path.join(theirs, "")):
                raise ArgumentError(
                    f"samples={root!r} is the folder of a writer, or in it; give a folder apart from "
                    "profiles, such as 'samples'"
                )
    if checkpoint is not None and own == os.path.realpath(checkpoint):
        raise ArgumentError(
            f"samples={root!r} is the checkpoint, too; give a folder of its own, such as 'samples'"
        )


def with_samples(wishes: Wishes, samplers: Sampling | None, *, samples: object, keep: object) -> Wishes:
    """Add to what a logger was asked to do where samples go.

    Args:
        wishes: The rest.
        samplers: What samples come from.
        samples: The folder; None for nowhere.
        keep: How long they are kept there.
    """
    root = folder("samples", samples, STAY_HERE)
    seconds = None if keep is None else microseconds_of("samples_keep", keep) / 1e6
    if seconds == 0:
        raise ArgumentError("samples_keep= is no time at all; give one such as '30d', or None for ever")
    if root is None:
        return wishes
    sampling = _checked_sampling(wishes.dataset, samplers)
    _check_apart(root, wishes.writers, wishes.checkpoint)
    place = SampleFolder(root, wishes.dataset, keep_seconds=seconds, clock=wishes.clock)
    return replace(wishes, samples=SampleWish(sampling, place))
