"""A writer to a directory, one that breaks, a clock to turn by hand."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import tidegauge as tg

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

NOON = 1_780_315_200.0  # 2026-06-01T12:00:00Z


class Folder:
    """Writes each profile set into a file named by its id, whole or not at all."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def write(self, profiles: tg.ProfileSet, *, id: str) -> None:  # noqa: A002
        self.path.mkdir(parents=True, exist_ok=True)
        profiles.write(self.path / f"{id}.parquet")

    def sets(self) -> list[tg.ProfileSet]:
        return [tg.ProfileSet.read(path) for path in sorted(self.path.glob("*.parquet"))]

    def records(self) -> int:
        return sum(profiles.records for profiles in self.sets())

    def merged(self) -> tg.Profile:
        return tg.ProfileSet([profile for profiles in self.sets() for profile in profiles]).merge()


class Clock:
    """Shows what it was set to."""

    def __init__(self, seconds: float = NOON) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds


class Switch:
    """A writer in memory that can be broken and mended."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken
        self.received: list[tuple[str, tg.ProfileSet]] = []

    def write(self, profiles: tg.ProfileSet, *, id: str) -> None:  # noqa: A002
        if self.broken:
            raise ConnectionError("nobody is there")
        self.received.append((id, profiles))

    @property
    def ids(self) -> list[str]:
        return [name for name, _ in self.received]

    @property
    def profiles(self) -> list[tg.Profile]:
        return [profile for _, profiles in self.received for profile in profiles]


def eventually(fact: Callable[[], object], seconds: float = 20.0) -> bool:
    """Wait until something is so, for long at most."""
    end = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def files(path: Path) -> list[Path]:
    """List the profile files under a folder."""
    return sorted(file for file in Path(path).rglob("*.parquet") if file.is_file())
