"""What a reader is: a module with a function ``fetch``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegauge._kernel import KernelProfile
    from tidegauge.readers.selection import Selection


class Found(NamedTuple):
    """What was read, and why files were passed over."""

    profiles: list[KernelProfile]
    skipped: list[str]


class Fetch(Protocol):
    """How a member reads what is wanted of paths or URLs of its kind."""

    def __call__(self, targets: Sequence[str], wanted: Selection, *, skip_damaged: bool) -> Found:
        """Read."""
        ...
