"""Profile sets that wait for a writer: on disk, or in memory where there is no disk for them."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tidegauge import _kernel
from tidegauge.profile import Profile
from tidegauge.profile_set import ProfileSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge._kernel import KernelProfile

MEMORY_BYTES = 256 * 1024 * 1024
"""How much may wait in memory for one writer; beyond it the oldest are given up."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253_402_300_799_000_000
_EARLIEST = -62_135_596_800_000_000


@dataclass(slots=True, eq=False)
class Waiting:
    """A profile set that waits for one writer.

    Attributes:
        name: The name of its file; names sort by window.
        id: Under which id it is delivered.
        path: Where it is on disk.
        data: What it is, where it is not on disk.
        done: Whether it is delivered or given up.
    """

    name: str
    id: str
    path: str | None = None
    data: bytes | None = None
    done: bool = False

    def read(self) -> ProfileSet:
        """Return the profiles.

        Raises:
            MissingFileError: Somebody has removed the file.
            FormatError: The file is damaged.
        """
        data = self.data  # looked at once, and first: `save` may move it to disk meanwhile
        kernels = _kernel.read_files([self.path or ""])[0] if data is None else _kernel.decode(data)
        return ProfileSet(map(Profile, kernels))

    def save(self, folder: str) -> bool:
        """Put on disk what is in memory only, if that is possible."""
        if self.data is None:
            return False
        path = os.path.join(folder, self.name)
        try:
            os.makedirs(folder, exist_ok=True)
            temporary = os.path.join(folder, f".{self.name}.tmp")
            with open(temporary, "wb") as file:
                file.write(self.data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except OSError:
            return False
        self.path = path
        self.data = None  # last: who reads meanwhile finds it in one of the two
        return True

    def remove(self) -> None:
        """Remove the file of what has been delivered or given up."""
        self.done = True
        if self.path is not None:
            with suppress(OSError):
                os.unlink(self.path)


def file_name(profiles: Sequence[KernelProfile], id: str) -> str:  # noqa: A002 - the word
    """Return the name under which a profile set waits: when its window starts, then its id."""
    starts = [profile.window_start for profile in profiles if profile.window_start is not None]
    if not starts:
        return f"00000000T000000Z_{id}.parquet"
    start = _EPOCH + timedelta(microseconds=max(_EARLIEST, min(starts[0], _LATEST)))
    return f"{start.year:04d}{start:%m%dT%H%M%SZ}_{id}.parquet"


def encoded(profiles: Sequence[KernelProfile], name: str, id: str, writers: int) -> list[Waiting]:  # noqa: A002
    """Return what waits for each of so many writers, in memory, where they share one copy."""
    data = _kernel.encode(profiles)
    return [Waiting(name, id, data=data) for _ in range(writers)]
