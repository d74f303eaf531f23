"""Context: what a constraint is judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.constraints.references import References
from tidegauge.constraints.result import CannotJudgeError
from tidegauge.errors import ArgumentError, MissingColumnError
from tidegauge.profile import Profile
from tidegauge.profile_set import ProfileSet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tidegauge.column import ColumnProfile
    from tidegauge.drift import DriftReport


__all__ = ["CannotJudgeError", "Context"]


class Context:
    """What a constraint is judged by: the profile, and what else it may ask for.

    Args:
        profile: The profile under judgement.
        reference: A profile, or a history of profiles, to compare with; in a set with segments, those of the
            same segment.
        now: The moment from which ages are counted; the end of the profile's window when None.
        conditions: What the suite means by the names of conditions: their expressions as text.

    Example:
        >>> import tidegauge as tg
        >>> context = Context(tg.log({"fare": [5.0]}))
        >>> context.column("fare").mean
        5.0
    """

    __slots__ = ("_drift", "_references", "conditions", "now", "profile")

    def __init__(
        self,
        profile: Profile,
        reference: Profile | ProfileSet | References | None = None,
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
        self.profile = profile
        if not isinstance(reference, References):
            reference = References(reference, is_chosen=True)
        self._references = reference
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

    @property
    def reference(self) -> Profile | ProfileSet | None:
        """The reference as it was given."""
        return self._references.given

    @property
    def history(self) -> ProfileSet | None:
        """The windows of the reference; None where it is a single profile, or there is none.

        Raises:
            CannotJudgeError: The reference does not have the profile's segment.
        """
        if self.reference is None:
            return None
        found = self._references.of(self.profile)
        return found if isinstance(found, ProfileSet) else None

    def of_reference(self) -> Context:
        """Return the same with the reference in the profile's place.

        Raises:
            CannotJudgeError: There is no reference, or it does not have the profile's segment.
        """
        return Context(self._references.merged(self.profile))

    def drift(self, columns: tuple[str, ...] | None = None) -> DriftReport:
        """Compare the profile with the reference, once for all constraints about the same columns.

        Args:
            columns: The columns to compare; when None all but those that the segment is by: they are the
                same for all of its records.

        Raises:
            CannotJudgeError: There is no reference, or it does not have the profile's segment.
        """
        if columns not in self._drift:
            reference = self._references.for_drift(self.profile)
            from tidegauge.drift import compare

            compared = self._columns_apart(reference) if columns is None else columns
            self._drift[columns] = compare(self.profile, reference, columns=compared)
        return self._drift[columns]

    def _columns_apart(self, reference: Profile | ProfileSet) -> tuple[str, ...] | None:
        """The columns that a segment is not by, where profile and reference are of one; None for all."""
        sides = self.profile, reference if isinstance(reference, Profile) else reference[0]
        if not self.profile.segment or sides[0].segment != sides[1].segment:
            return None
        known = dict.fromkeys((*self.profile.columns, *reference.columns))
        return tuple(name for name in known if name not in self.profile.segment) or None
