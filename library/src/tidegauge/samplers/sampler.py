"""What all samplers have in common: they are values that say which records to keep. The kernel chooses."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from tidegauge.errors import ArgumentError, FormatError
from tidegauge.expressions import Expression

KINDS: dict[str, type[Sampler]] = {}
"""The samplers by the names of their kinds."""


@dataclass(frozen=True)
class Sampler(ABC):
    """Which records to keep: a value, which holds no records itself. See its subclasses.

    Example:
        >>> from tidegauge.samplers import Reservoir, Sampler
        >>> isinstance(Reservoir(100), Sampler)
        True
    """

    kind: ClassVar[str]

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        KINDS[cls.kind] = cls

    @abstractmethod
    def settings(self) -> dict[str, object]:
        """Return the settings, as the kernel knows them."""

    def to_json(self) -> str:
        """Return kind and settings as the JSON that the kernel and sample files have."""
        return json.dumps({"kind": self.kind, **self.settings()})

    @classmethod
    @abstractmethod
    def from_settings(cls, settings: dict[str, Any]) -> Sampler:
        """Make a sampler of what `settings` gives."""


def sampler_of(text: str) -> Sampler:
    """Make the sampler that a JSON text means.

    Raises:
        FormatError: Its kind is not known.
    """
    settings = json.loads(text)
    kind = settings.pop("kind")
    if kind not in KINDS:
        raise FormatError(f"there is no sampler of kind {kind!r} here; kinds are {', '.join(sorted(KINDS))}")
    return KINDS[kind].from_settings(settings)


def checked_size(size: object) -> int:
    """Return a size that is one.

    Raises:
        ArgumentError: It is not a whole number of records, at least one.
    """
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise ArgumentError(f"size={size!r}: give the number of records to keep, such as 100")
    return size


def checked_expression(value: object, argument: str) -> str:
    """Return the text of an expression.

    Raises:
        ArgumentError: It is neither an expression nor the text of one.
    """
    if not isinstance(value, Expression | str):
        raise ArgumentError(
            f"{argument}= takes an expression such as col('fare') or its text, not {type(value).__name__}"
        )
    return str(value) if isinstance(value, Expression) else str(Expression(value))
