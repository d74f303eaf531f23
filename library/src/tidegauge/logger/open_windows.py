"""Windows that still take records in: what was gathered of each, in few parts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tidegauge.metrics.known import merged_alike

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tidegauge._kernel import KernelProfile

Span = tuple[int, int]
"""Start and end of a window in microseconds since the epoch."""

_FULL = 4_000
"""From about so many records on, the sketches of a profile grow no more."""


@dataclass(slots=True)
class Part:
    """What some rounds in a row gathered of one window.

    Attributes:
        first: The first round, counted from 0 for each window.
        last: The last one.
        profiles: One for each segment.
        saved: Whether the checkpoint has it.
        replaces: Names of saved parts that this one was merged of.
    """

    first: int
    last: int
    profiles: list[KernelProfile]
    saved: bool = False
    replaces: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.first}-{self.last}.parquet"

    def weight(self) -> int:
        """About how large the part is; profiles are bounded, whatever they hold."""
        return sum(min(profile.records, _FULL) + 1 for profile in self.profiles)

    def merged(self, other: Part) -> Part:
        """Return both as one; the other came after it."""
        gone = [part.name for part in (self, other) if part.saved]
        return Part(
            self.first,
            other.last,
            merged_alike(self.profiles + other.profiles),
            replaces=[*self.replaces, *other.replaces, *gone],
        )


class OpenPiece:
    """A window while it is open, with the id under which it will be delivered.

    Of one window there may be several pieces one after the other: records that come after it was closed open
    it again, under another id.

    Args:
        span: The window; None for records without a time.
        due: When it is to be closed, in microseconds since the epoch.
    """

    def __init__(self, span: Span | None, due: int) -> None:
        self.id = uuid.uuid4().hex
        self.span = span
        self.due = due
        self.parts: list[Part] = []
        self._rounds = 0

    @property
    def records(self) -> int:
        """How many records it has, of which segment ever."""
        return sum(total_records(part.profiles) for part in self.parts)

    def add(self, profiles: list[KernelProfile]) -> None:
        """Add what a round gathered.

        Parts are merged while the one before is not much greater: few stay, with little said twice on disk,
        whether much comes in or little.
        """
        self.parts.append(Part(self._rounds, self._rounds, profiles))
        self._rounds += 1
        while len(self.parts) > 1 and self.parts[-2].weight() <= 2 * self.parts[-1].weight():
            last = self.parts.pop()
            self.parts.append(self.parts.pop().merged(last))

    def whole(self) -> list[KernelProfile]:
        """Return the profiles of all that was gathered, one for each segment."""
        every = [profile for part in self.parts for profile in part.profiles]
        return every if len(self.parts) == 1 else merged_alike(every)

    def forget_saving(self) -> None:
        """Let every part be saved anew: the checkpoint is not there any more."""
        for part in self.parts:
            part.saved = False
            part.replaces = []


class OpenWindows:
    """The pieces that are open, by window."""

    def __init__(self) -> None:
        self._pieces: dict[Span | None, OpenPiece] = {}

    def __iter__(self) -> Iterator[OpenPiece]:
        """Go through the pieces in order of time; that of records without a time comes first."""
        return iter(sorted(self._pieces.values(), key=lambda piece: piece.span or (-(2**63), 0)))

    def __bool__(self) -> bool:
        """Return whether any is open."""
        return bool(self._pieces)

    def add(self, profiles: Iterable[KernelProfile], *, before: int, current_end: int) -> None:
        """Add what was gathered since the last round.

        Args:
            profiles: Profiles of any windows and segments.
            before: A time, about that of the last round: a window that was over by then is opened again.
            current_end: When the window that is open now ends. What was opened again, or has no time,
                is closed then.
        """
        groups: dict[Span | None, list[KernelProfile]] = {}
        for profile in profiles:
            groups.setdefault(span_of(profile), []).append(profile)
        for span, group in groups.items():
            piece = self._pieces.get(span)
            if piece is None:
                was_over = span is None or span[1] <= before
                piece = OpenPiece(span, current_end if span is None or was_over else span[1])
                self._pieces[span] = piece
            piece.add(group)

    def close(self, *, now: int, latest_end: int) -> list[OpenPiece]:
        """Close what is due, and what the clock will not reach for long, since it was set back.

        Args:
            now: The time.
            latest_end: When the last window ends that takes records in.

        Returns:
            The pieces that were closed, in order of time.
        """
        done = [piece for piece in self if piece.due <= now or piece.due > latest_end]
        for piece in done:
            del self._pieces[piece.span]
        return done

    def close_all(self) -> list[OpenPiece]:
        """Close everything."""
        done = list(self)
        self._pieces.clear()
        return done


def span_of(profile: KernelProfile) -> Span | None:
    """Return the window of a profile as numbers."""
    start, end = profile.window_start, profile.window_end
    return None if start is None or end is None else (start, end)


def total_records(profiles: Iterable[KernelProfile]) -> int:
    """Count the records of one window: each is in one profile of each way of grouping."""
    counts: dict[tuple[str, ...], int] = {}
    for profile in profiles:
        columns = tuple(name for name, _ in profile.segment)
        counts[columns] = counts.get(columns, 0) + profile.records
    return max(counts.values(), default=0)
