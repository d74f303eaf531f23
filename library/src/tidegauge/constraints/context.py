"""Context: what a constraint is judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.errors import ArgumentError, MissingColumnError
from tidegauge.profile import Profile
from tidegauge.profile_set import ProfileSet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tidegauge.column import ColumnProfile
    from tidegauge.drift import DriftReport


class CannotJudgeError(Exception):
    """Raised inside a constraint that cannot be judged; becomes the outcome ``unknown``, with its message."""


class Context:
    """What a constraint is judged by: the profile, and what else it may ask for.

    Args:
        profile: The profile under judgement.
        reference: A profile, or a history of them, to compare with.
        now: The moment that ages are counted from; the end of the profile's window when None.
        conditions: What the suite means by the names of conditions: their expressions as text.

    Example:
        >>> import tidegauge as tg
        >>> context = Context(tg.log({"fare": [5.0]}))
        >>> context.column("fare").mean
        5.0
    """

    __slots__ = ("_drift", "_merged", "conditions", "history", "now", "profile", "reference")

    def __init__(
        self,
        profile: Profile,
        reference: Profile | ProfileSet | None = None,
        *,
        now: datetime | None = None,
        conditions: Mapping[str, str] | None = None,
    ) -> None:
        if not isinstance(profile, Profile):
            raise ArgumentError(
                f"a suite checks a Profile, not {type(profile).__name__}; "
                + (
                    "check_windows() checks each profile of a set"
                    if isinstance(profile, ProfileSet)
                    else "make one with tidegauge.log(data)"
                )
            )
        if reference is not None and not isinstance(reference, Profile | ProfileSet):
            raise ArgumentError(
                f"a reference is a Profile or a ProfileSet, not {type(reference).__name__}; "
                "make one with tidegauge.log(data)"
            )
        self.profile = profile
        self.reference = reference
        self.history = reference if isinstance(reference, ProfileSet) else None
        self._merged: list[Context] = []  # one at most; shared by the windows of a set
        self.now = now
        self.conditions = dict(conditions or ())
        self._drift: dict[tuple[str, ...] | None, DriftReport] = {}

    def column(self, name: str) -> ColumnProfile:
        """Return the profile of a column that has records.

        Raises:
            CannotJudgeError: There is no such column, or nothing was logged.
        """
        self.require_records()
        try:
            return self.profile[name]
        except MissingColumnError as error:
            raise CannotJudgeError(str(error)) from None

    def require_records(self) -> None:
        """Refuse to judge the profile of nothing.

        Raises:
            CannotJudgeError: The profile has no records.
        """
        if not self.profile.records:
            raise CannotJudgeError("the profile has no records")

    def of_reference(self) -> Context:
        """Return the same with the reference in the profile's place.

        Raises:
            CannotJudgeError: There is no reference.
        """
        given = self._required_reference()
        if not self._merged:
            self._merged.append(Context(given if isinstance(given, Profile) else given.merge()))
        return self._merged[0]

    def _required_reference(self) -> Profile | ProfileSet:
        if self.reference is None:
            raise CannotJudgeError("it compares with a reference, and none was given")
        return self.reference

    def of_window(self, profile: Profile) -> Context:
        """Return the same with another profile, against the same reference."""
        other = Context(profile, self.reference, now=self.now, conditions=self.conditions)
        other._merged = self._merged  # a history is merged once for all windows
        return other

    def drift(self, columns: tuple[str, ...] | None = None) -> DriftReport:
        """Compare the profile with the reference, once for all constraints about the same columns.

        Args:
            columns: The columns to compare; all when None.

        Raises:
            CannotJudgeError: There is no reference.
        """
        if columns not in self._drift:
            reference = self._required_reference()
            from tidegauge.drift import compare

            self._drift[columns] = compare(self.profile, reference, columns=columns)
        return self._drift[columns]
