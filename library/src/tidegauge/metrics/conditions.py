"""The profile metric `conditions`: for how many records an expression was true."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Condition:
    """For how many records a condition was true, false, or neither.

    It is unknown for a record when something it needs is null or has an unsuitable type.

    Example:
        >>> import tidegauge as tg
        >>> profile = tg.log({"fare": [5.0, -1.0, None]}, conditions={"positive": tg.col("fare") > 0})
        >>> profile.conditions["positive"]
        Condition(name='positive', expression='fare > 0', passed=1, failed=1, unknown=1, reason=None)
    """

    name: str
    expression: str
    """The text of the expression, as `tidegauge.parse_expression` reads it."""
    passed: int
    failed: int
    unknown: int
    reason: str | None = field(default=None, compare=False)
    """Why some are unknown, if not only because of nulls: an unsuitable type, a missing column."""

    @property
    def records(self) -> int:
        """Records that were evaluated; fewer than the profile's if only some parts had the condition."""
        return self.passed + self.failed + self.unknown

    @property
    def pass_rate(self) -> float:
        """The share that passed, out of the records for which it is known, 0 to 1; NaN if there are none."""
        known = self.passed + self.failed
        return self.passed / known if known else float("nan")

    def to_dict(self) -> dict[str, str | int | None]:
        """Return it as a plain dict that ``json.dumps`` accepts."""
        return {
            "expression": self.expression,
            "passed": self.passed,
            "failed": self.failed,
            "unknown": self.unknown,
            "reason": self.reason,
        }


Counted = tuple[str, str, tuple[int, int, int], str | None]


def conditions_of(counted: Iterable[Counted]) -> Mapping[str, Condition]:
    """Read the conditions of a profile as the kernel returns them."""
    return by_key([Condition(name, text, *counts, reason) for name, text, counts, reason in counted])


def by_key(found: Sequence[Condition]) -> Mapping[str, Condition]:
    """Index conditions by name, and those that share a name by their expressions too."""
    often = Counter(condition.name for condition in found)

    def key(condition: Condition) -> str:
        if often[condition.name] == 1:
            return condition.name
        return f"{condition.name} [{condition.expression}]"

    return MappingProxyType({key(condition): condition for condition in found})
