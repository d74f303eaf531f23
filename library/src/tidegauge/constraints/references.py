"""References: what each profile of a set is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegauge.constraints.result import CannotJudgeError
from tidegauge.errors import ArgumentError
from tidegauge.profile import Profile
from tidegauge.profile_set import ProfileSet
from tidegauge.segments import by_segment, key_of, value_label

if TYPE_CHECKING:
    from tidegauge.segments import Key


class References:
    """What profiles are compared with: a segment with the same one of the reference, all records with all.

    Args:
        given: A profile, a history of them, or None.
        is_chosen: Whether a single profile was chosen for the profile under judgement, and is taken as it is.

    Example:
        >>> import tidegauge as tg
        >>> rides = tg.log({"city": ["Oslo", "Rome", "Oslo"]}, segments=["city"])
        >>> References(rides).of(rides[1]).records
        2
        >>> References(rides).of(tg.log({"city": ["Bern"]}, segments=["city"])[1])
        Traceback (most recent call last):
        tidegauge.constraints...CannotJudgeError: the reference has no segment city=Bern to compare with
    """

    __slots__ = ("_groups", "_is_chosen", "_merged", "_totals", "given")

    def __init__(self, given: Profile | ProfileSet | None, *, is_chosen: bool = False) -> None:
        if given is not None and not isinstance(given, Profile | ProfileSet):
            raise ArgumentError(
                f"a reference is a Profile or a ProfileSet, not {type(given).__name__}; "
                "make one with tidegauge.log(data)"
            )
        self.given = given
        self._is_chosen = is_chosen
        self._groups: dict[Key, list[Profile]] | None = None
        self._totals: ProfileSet | None = None
        self._merged: dict[Key, Profile] = {}

    def of(self, profile: Profile) -> Profile | ProfileSet:
        """Return what a profile is compared with.

        Raises:
            CannotJudgeError: There is no reference, or it does not have the profile's segment.
            MergeError: There are segments of several partitions, and no profile of all records.
        """
        given = self.given
        if given is None:
            raise CannotJudgeError("it compares with a reference, and none was given")
        if isinstance(given, Profile):
            if profile.segment and not self._is_chosen and key_of(given) != key_of(profile):
                raise CannotJudgeError(
                    f"the reference is of {_named(given)}, and not of {_named(profile)} to compare with"
                )
            return given
        if not given.partitions and not profile.segment:
            return given
        same = self._same(given, profile)
        return same[0] if len(same) == 1 and same[0].window is None else same

    def _same(self, given: ProfileSet, profile: Profile) -> ProfileSet:
        """The profiles of the same segment, grouped once for all profiles."""
        if not profile.segment:
            self._totals = given.totals() if self._totals is None else self._totals
            return self._totals
        if self._groups is None:
            self._groups = by_segment(given)
        same = self._groups.get(key_of(profile))
        if same is None:
            raise CannotJudgeError(f"the reference has no {_named(profile)} to compare with")
        return ProfileSet(same)

    def for_drift(self, profile: Profile) -> Profile | ProfileSet:
        """Return the same for a verdict on drift: of segments that have few windows, these merged."""
        found = self.of(profile)
        if isinstance(self.given, ProfileSet) and self.given.partitions and isinstance(found, ProfileSet):
            from tidegauge.drift.history import history_or_merged

            return history_or_merged(found)
        return found

    def merged(self, profile: Profile) -> Profile:
        """Return the same, all windows merged: once for all profiles of a segment."""
        key = key_of(profile)
        if key not in self._merged:
            found = self.of(profile)
            self._merged[key] = found if isinstance(found, Profile) else found.merge()
        return self._merged[key]


def _named(profile: Profile) -> str:
    """Name a profile's segment."""
    if not profile.segment:
        return "all records"
    pairs = (f"{name}={value_label(value)}" for name, value in profile.segment.items())
    return f"segment {', '.join(pairs)}"
