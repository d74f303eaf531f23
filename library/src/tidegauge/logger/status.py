"""What a logger says about itself: frozen values, as of its last round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tidegauge.profile import Window


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A window that still takes in records.

    Attributes:
        window: The stretch of time; None for records without a time.
        id: The id under which it will be delivered.
        records: How many records it has, as of the last round.
    """

    window: Window | None
    id: str
    records: int


@dataclass(frozen=True, slots=True)
class WriterStatus:
    """How one writer is doing.

    Attributes:
        name: The writer's name.
        waiting: How many profile sets are waiting for it.
        delivered: How many it has taken.
        failed_attempts: How often it failed.
        last_error: What it said the last time it failed; None once it has taken a set again.
        busy_seconds: How long it has been working on its present set; None when it has none.
    """

    name: str
    waiting: int
    delivered: int
    failed_attempts: int
    last_error: str | None
    busy_seconds: float | None


@dataclass(frozen=True, slots=True)
class SamplesStatus:
    """How the writing of samples to a folder is going.

    Attributes:
        folder: The folder.
        waiting: How many files are waiting in memory to be written.
        written: How many were written. The file of the open window is rewritten now and then.
        dropped: How many were given up because too much was waiting.
        last_error: What went wrong the last time; None while all is well.
    """

    folder: str
    waiting: int
    written: int
    dropped: int
    last_error: str | None


@dataclass(frozen=True, slots=True)
class LoggerStatus:
    """What a `tidegauge.Logger` holds, what it is waiting for, and what it could not do.

    Attributes:
        dataset: The dataset's name.
        open_windows: Windows that still take in records, as of the last round.
        fresh_records: Records logged since the last round: what a crash may lose.
        writers: How each writer is doing.
        late_records: Records that were only counted, because their windows were over.
        early_records: The same, for windows too far in the future.
        refused: Records and batches that could not be logged.
        last_refusal: What was wrong with the last of them; None if there were none.
        recovered: Profile sets taken over from processes that have died.
        set_aside: Damaged files of the checkpoint, now in the folder ``corrupt``.
        rejected: Profile sets that a writer refused for good; their files are in the folder ``rejected``.
        dropped: Profile sets given up, because too many were waiting in memory or somebody removed their
            files.
        checkpoint_error: What went wrong with the checkpoint the last time; None while all is well.
        internal_error: An error in Tidegauge itself, worth a bug report; normally None.
        derived_errors: How often functions of derived columns raised, by column; those batches got nulls.
        samples: How the writing of samples is going; None when they are not written.

    Example:
        >>> import tidegauge as tg
        >>> logger = tg.Logger("rides", writers=lambda profiles, id: None)
        >>> logger.record({"fare": 7.5})
        >>> logger.close()
        True
        >>> logger.status().delivered
        1
    """

    dataset: str
    open_windows: tuple[OpenWindow, ...]
    fresh_records: int
    writers: tuple[WriterStatus, ...]
    late_records: int
    early_records: int
    refused: int
    last_refusal: str | None
    recovered: int
    set_aside: int
    rejected: int
    dropped: int
    checkpoint_error: str | None
    internal_error: str | None
    derived_errors: Mapping[str, int]
    samples: SamplesStatus | None

    @property
    def waiting(self) -> int:
        """How many profile sets are waiting, for all writers together."""
        return sum(writer.waiting for writer in self.writers)

    @property
    def delivered(self) -> int:
        """How many profile sets were delivered, by all writers together."""
        return sum(writer.delivered for writer in self.writers)

    @property
    def failed_attempts(self) -> int:
        """How often a writer failed."""
        return sum(writer.failed_attempts for writer in self.writers)

    @property
    def is_well(self) -> bool:
        """Whether nothing is failing at the moment: no writer, checkpoint, samples, nor Tidegauge itself."""
        failing = any(writer.last_error for writer in self.writers)
        unwritten = self.samples is not None and self.samples.last_error
        return not (failing or self.checkpoint_error or unwritten or self.internal_error)
